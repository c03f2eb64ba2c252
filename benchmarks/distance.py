"""How far back the nets remember: the tables and pictures of docs/distance.md.

    python -m benchmarks.distance distance.json

Takes ten minutes of CPU on one thread. Each point goes into the file as soon as it is there: a run that was stopped
goes on. Two seeds, each with other sentences; the spread is the standard deviation over the seeds.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from benchmarks.measuring import described, machine, say
from slotfill.config import from_assignments
from slotfill.distance import BASE, Point, Row, Task, points, summarize
from slotfill.files import writing
from slotfill.plots import distance_curves, save

SEEDS = (1, 2)
PICTURES = Path(__file__).parent.parent / "docs" / "pictures"
_ALL = (0, 3, 5, 7, 10, 15, 20, 30, 100)
_NEAR = (0, 1, 2, 3, 5, 10, 30, 100)  # for the window, which has three words
_FEWER = (0, 5, 20)


class Part(NamedTuple):
    """One line of a picture: a net, what it is asked, and what it differs in."""

    name: str
    variant: str
    task: Task
    settings: tuple[str, ...] = ()


def _part(
    variant: str,
    distances: Sequence[int],
    *,
    up_to: int | None = None,
    verb_last: bool = False,
    bias: int | None = None,
) -> Part:
    settings = () if bias is None else (f"model.forget_bias={bias}",)
    name = variant if bias is None else f"{variant}, b_f = {bias}"
    return Part(name, variant, Task(tuple(distances), up_to, verb_last), settings)


PICTURED = {
    "distance-learnt": [
        _part("feedforward-window", _NEAR),
        _part("elman", _ALL),
        _part("jordan", _FEWER),
        _part("lstm", _ALL),
        _part("gru", _ALL),
    ],
    "distance-kept": [
        _part(net, (0, 1, 2, 3, 5, 10, 20, 30, 50, 100), up_to=3)
        for net in ("feedforward-window", "elman", "jordan", "lstm", "gru")
    ],
    "distance-last": [_part(net, (0, 5), verb_last=True) for net in ("elman", "elman-bi", "lstm", "lstm-bi")],
    "distance-both": [_part(net, (5, 10, 20)) for net in ("elman-bi", "lstm-bi", "gru-bi")],
    "distance-bias": [_part("lstm", (10, 20, 30), bias=bias) for bias in (0, 3)],
}
CAPTIONS = {  # of those that are drawn; the others are lines of a table
    "distance-learnt": "learnt from sentences with k words between",
    "distance-kept": "learnt from 0 to 3 words between",
}


def main(work: Annotated[Path, typer.Argument()]) -> None:
    """Measure what is not in the file yet, then draw and print all."""
    found: dict[str, list[dict[str, object]]] = json.loads(work.read_text()) if work.exists() else {}
    for key, part, task, seed in _pieces():
        if key not in found:
            base = from_assignments(part.settings, base=BASE)
            found[key] = [asdict(point) for point in points([part.variant], seeds=[seed], task=task, base=base)]
            with writing(work) as stream:
                stream.write(json.dumps(found, indent=1).encode())
            say(f"{key}: {[round(_point(one).slots, 3) for one in found[key]]}")
    print(described(machine(["torch", "numpy"])))
    for picture, parts in PICTURED.items():
        curves = {}
        for part in parts:
            rows = _rows(part, found)
            curves[part.name] = [(row.distance, row.slots, row.slots_spread) for row in rows]
            cells = [f"{row.distance}: {100 * row.slots:.0f} ± {100 * row.slots_spread:.0f}" for row in rows]
            print(f"{picture} | {part.name} | {' | '.join(cells)}")
        if picture in CAPTIONS:
            save(distance_curves(curves, caption=f"{CAPTIONS[picture]} (two seeds)"), PICTURES / f"{picture}.png")
    print(f"{sum(_seconds(found)):.0f} CPU-s in all")


def _pieces() -> Iterator[tuple[str, Part, Task, int]]:
    """Every training, with a key for what it is."""
    for seed in SEEDS:
        for picture, parts in PICTURED.items():
            for part in parts:
                for learnt, asked in part.task.trainings().items():
                    task = part.task if part.task.up_to is not None else part.task._replace(distances=asked)
                    yield f"{picture} {part.name} {seed} {learnt[-1]}", part, task, seed


def _rows(part: Part, found: dict[str, list[dict[str, object]]]) -> list[Row]:
    keys = [key for key, other, _, _ in _pieces() if other == part]
    return summarize([_point(one) for key in keys for one in found[key]])


def _point(stored: dict[str, object]) -> Point:
    return Point(**stored)  # type: ignore[arg-type]  # as asdict gave it


def _seconds(found: dict[str, list[dict[str, object]]]) -> Iterator[float]:
    for stored in found.values():
        yield _point(stored[0]).training_cpu_seconds


if __name__ == "__main__":
    typer.run(main)
