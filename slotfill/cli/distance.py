"""What `slotfill compare --distance` prints, writes and draws."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

import typer

from slotfill.cli import console
from slotfill.cli.progress import Bar
from slotfill.errors import ConfigError

if TYPE_CHECKING:
    from slotfill.config import Config
    from slotfill.distance import Point, Row, Task

_FARTHEST = 200  # words
_BAR = 20  # characters for all slots right


def task_of(distances: str | None, *, up_to: int | None, verb_last: bool) -> "Task":
    """The task that the options ask for; each distance once, the shortest first."""
    from slotfill.distance import DISTANCES, Task

    numbers = DISTANCES if distances is None else tuple(sorted({_distance(text) for text in distances.split(",")}))
    return Task(numbers, up_to, verb_last)


def _distance(text: str) -> int:
    try:
        number = int(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a number as in 0,5,20", param_hint="--distances") from None
    if not 0 <= number <= _FARTHEST:
        raise typer.BadParameter(f"{number} is not between 0 and {_FARTHEST}", param_hint="--distances")
    return number


def base() -> "Config":
    """What --config and --set change."""
    from slotfill.distance import BASE

    return BASE


def nets() -> Sequence[str]:
    """The nets by default."""
    from slotfill.distance import NETS

    return NETS


def measured(names: Sequence[str], seeds: Sequence[int], base: "Config", task: "Task") -> "Outcome":
    """Train and ask all nets, with a bar or a line for each. ConfigError for a recipe with data."""
    from slotfill import distance

    if base.data:
        raise ConfigError("the sentences of --distance are made on the spot: leave [[data]] out of the recipe")
    base = distance.settled(base, task)
    found: list[Point] = []
    total = distance.budget(names, seeds=seeds, task=task, base=base)
    with Bar(f"{len(names)} net{'s' * (len(names) > 1)}", total=total) as bar:
        for point in distance.points(names, seeds=seeds, task=task, base=base, on_batch=bar.advance):
            found.append(point)
            bar.say(
                f"{point.variant}, seed {point.seed}, {_counted(point.distance)}: {_percent(point.slots)} of the slots",
                detail=point.variant,
            )
    return Outcome(distance.summarize(found), found, task)


def _counted(words: int) -> str:
    return f"{words} word{'s' * (words != 1)}"


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


_HEADINGS = ("net", "words between", "slots right", "city", "date", "train CPU-s")


def _cells(row: "Row") -> tuple[str, ...]:
    spread = f" ± {100 * row.slots_spread:.0f}" if row.seeds > 1 else ""
    return (
        row.variant,
        str(row.distance),
        f"{100 * row.slots:.0f}{spread} %",
        _percent(row.city),
        _percent(row.date),
        f"{row.training_cpu_seconds:.1f}",
    )


class Outcome(NamedTuple):
    """How the nets do at each distance, in each format."""

    rows: "Sequence[Row]"
    found: "Sequence[Point]"  # of which the rows are means
    task: "Task"

    def print(self) -> None:
        """Print a line for each net and distance, with a bar, and the result in words."""
        from rich.box import SIMPLE_HEAD
        from rich.table import Table

        table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), show_edge=False)
        for heading in (*_HEADINGS[:3], "", *_HEADINGS[3:]):
            side: Literal["left", "right"] = "left" if heading in ("net", "") else "right"
            table.add_column(heading.replace(" ", "\n"), justify=side, no_wrap=True)
        before = ""
        for row in self.rows:
            name, distance, slots, *others = _cells(row)
            bar = "█" * round(_BAR * row.slots)
            table.add_row("" if name == before else name, distance, slots, bar.ljust(_BAR, "·"), *others)
            before = name
        console.stdout().print(f"{told(self.task)}\n")
        console.print_table(table)
        console.stdout().print(f"\n{in_words(self.rows)}")

    def markdown(self) -> str:
        """The table, between what was asked and the result in words."""
        lines = [_HEADINGS, ("---", *["---:"] * (len(_HEADINGS) - 1)), *map(_cells, self.rows)]
        table = "".join(f"| {' | '.join(line)} |\n" for line in lines)
        return f"{told(self.task)}\n\n{table}\n{in_words(self.rows)}\n"

    def json(self) -> str:
        """What was asked, the rows, and the points of which they are means."""
        points = [asdict(point) | {"slots": point.slots} for point in self.found]
        result = {**self.task._asdict(), "rows": [asdict(row) for row in self.rows], "points": points}
        return json.dumps(result, indent=2) + "\n"

    def draw(self, path: Path) -> None:
        """A curve for each net."""
        from slotfill.plots import distance_curves, save

        curves: dict[str, list[tuple[int, float, float]]] = {}
        for row in self.rows:
            curves.setdefault(row.variant, []).append((row.distance, row.slots, row.slots_spread))
        up_to = self.task.up_to
        learnt = "learnt at each distance" if up_to is None else f"learnt from 0 to {_counted(up_to)}"
        seeds = f"{self.rows[0].seeds} seed{'s' * (self.rows[0].seeds > 1)}"
        caption = f"{learnt}{', verb last' if self.task.verb_last else ''} ({seeds})"
        save(distance_curves(curves, caption=caption), path)
        console.notice(f"wrote {path}")


def told(task: "Task") -> str:
    """What the nets learnt from, and what they are asked."""
    if task.verb_last:
        order = "A city and a date, k words, and last the verb (arrive or leave), which alone tells the role of both."
    else:
        order = "The verb (arrive or leave), k words, a city and a date, whose role the verb alone tells."
    if task.up_to is None:
        learnt = "Each net learnt from 1,000 sentences with k words"
    else:
        learnt = f"Each net learnt from 1,000 sentences with 0 to {_counted(task.up_to)}"
    return f"{order} {learnt}, and is asked with other cities; who guesses the verb gets 50 %."


def in_words(rows: Sequence["Row"]) -> str:
    """How the nets do at the longest distance, how far each gets, and with how many seeds."""
    from slotfill.distance import LEARNT

    names = list(dict.fromkeys(row.variant for row in rows))
    last = max(row.distance for row in rows)
    at_last = sorted((row for row in rows if row.distance == last), key=lambda row: -row.slots)
    reached = {
        name: max((row.distance for row in rows if row.variant == name and row.learnt == row.seeds), default=None)
        for name in names
    }
    sure = [f"{name} {'none' if k is None else k}" for name, k in reached.items()]
    split = [
        f"{row.variant} at {row.distance} ({row.learnt} of {row.seeds})" for row in rows if 0 < row.learnt < row.seeds
    ]
    several = " with every seed" if rows[0].seeds > 1 else ""
    parts = [
        f"At {_counted(last)}: {', '.join(f'{row.variant} {_percent(row.slots)}' for row in at_last)}.",
        f"The longest distance of these with {_percent(LEARNT)} of the slots or more{several}: {', '.join(sure)}.",
    ]
    if split:
        parts.append(f"With some of the seeds: {', '.join(split)}.")
    if rows[0].seeds == 1:
        parts.append("Near its limit a net gets there with one seed and not with another: see --seeds 1,2,3.")
    return " ".join(parts)
