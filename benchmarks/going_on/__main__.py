"""The shipped model learns a new slot from 50 sentences: what it learns, and what it forgets.

    python -m benchmarks.going_on ../shared/data                 # on the test parts: about twelve CPU-minutes
    python -m benchmarks.going_on ../shared/data --part dev      # to choose settings by

DATA holds what the model learnt from. The sentences of a new slot come from the templates in this folder: `learn` has
those of the 50, `dev` and `test` have others, with values of which the 50 lack some. Each is drawn anew for every seed.

The second table is the other way round: the layers of the shipped model as a start for slots of another domain, from
a few sentences of SNIPS, beside a net that begins at random. No dev part is held out; both train for as many epochs.
"""

import statistics
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Annotated, Any

import typer

from benchmarks.documents import table
from benchmarks.measuring import described, machine, say
from slotfill.evaluation import scores_of
from slotfill.generator.templates import generate_own
from slotfill.readers import load, split_of
from slotfill.schema import Dataset, Example
from slotfill.tagger import Tagger
from slotfill.training.pipeline import train

HERE = Path(__file__).parent
SLOTS = ("seat", "pet")
SENTENCES = 50
LEARNT = (  # what the model learnt from, in DATA; and `travel`
    *("atis", "sgd", "multiwoz", "multiwoz/frames_train.jsonl", "multidogo", "msr_taxi"),
    *("snips", "raw/multidogo_airline_rest.txt", "wnut17/train.conll"),
)
FEW = (20, 50)  # sentences of SNIPS
Examples = Sequence[Example]


def main(
    data: Path,
    part: Annotated[str, typer.Option(help="dev or test.")] = "test",
    seeds: Annotated[list[int] | None, typer.Option("--seed")] = None,
    settings: Annotated[list[str] | None, typer.Option("--set", help="Of the first table.")] = None,
    only: Annotated[str, typer.Option(help="kept: the first table; started: the second.")] = "",
) -> None:
    chosen = seeds or [1, 2, 3]
    typer.echo(described(machine(("torch", "numpy"))) + f"; seeds {', '.join(map(str, chosen))}\n")
    if only != "started":
        titles = ("learnt", "rehearsed", *_OLD, "new slot", "CPU-s")
        typer.echo(table(titles, _kept(data, part, chosen, settings or []), words=(0, 1)))
    if only != "kept":
        columns = ("sentences of SNIPS", "start", "slot F1", "intents")
        typer.echo("\n" + table(columns, _started(data, part, chosen), words=(1,)))


_OLD = ("ATIS", "SGD", "travel")


def _old_parts(data: Path, part: str) -> dict[str, Examples]:
    """SGD has no test part here: half of its dev part is to choose by, the other half to test."""
    sgd = split_of(load(data / "sgd"), "dev")
    return {
        "ATIS": split_of(load(data / "atis"), part),
        "SGD": sgd[::2] if part == "dev" else sgd[1::2],
        "travel": split_of(load("travel"), part),
    }


def _kept(data: Path, part: str, seeds: Sequence[int], settings: list[str]) -> Iterator[tuple[str, ...]]:
    """A row for the model as it is, and for each slot and what was rehearsed."""
    old = _old_parts(data, part)
    before = {name: _f1(Tagger.load(), examples) for name, examples in old.items()}
    yield "", "", *(f"{before[name]:.2f}" for name in _OLD), "", ""
    rehearsals = {"all": [*(data / name for name in LEARNT), Path("travel")], "travel": [Path("travel")]}
    for name, rehearsed in rehearsals.items():
        for slot in SLOTS:
            drawn = seeds if name == "all" else seeds[:1]
            runs = [_run(slot, [str(one) for one in rehearsed], old, part, seed, settings) for seed in drawn]
            lost = [_spread([run[one] - before[one] for run in runs], signed=True) for one in _OLD]
            new = _spread([run["new"] for run in runs])
            yield slot, name, *lost, new, f"{statistics.mean(run['cpu'] for run in runs):.0f}"


def _run(
    slot: str, rehearsed: list[str], old: dict[str, Examples], part: str, seed: int, settings: list[str]
) -> dict[str, float]:
    began = time.process_time()
    learn = _drawn(slot, "learn", SENTENCES, seed)
    trained = train(Dataset(slot, {"train": learn}), start="travel", rehearse=rehearsed, config=_config(seed, settings))
    cpu = time.process_time() - began
    new = scores_of(trained.tagger, _drawn(slot, part, 200, seed + 100))
    result = {name: _f1(trained.tagger, examples) for name, examples in old.items()}
    result |= {"new": 100 * new.per_slot[slot].f1, "cpu": cpu}
    say(f"{slot} {seed}: {result}")
    return result


def _drawn(slot: str, part: str, count: int, seed: int) -> tuple[Example, ...]:
    return tuple(generate_own(HERE / slot / part, count, seed=seed, without=()))


def _started(data: Path, part: str, seeds: Sequence[int]) -> Iterator[tuple[str, ...]]:
    """A row for each number of sentences and each start."""
    snips = load(data / "snips")
    examples = split_of(snips, part)
    for count in FEW:
        for start in (None, "travel"):
            scores = []
            for seed in seeds:
                few = tuple(Random(seed).sample(split_of(snips, "train"), count))
                options: dict[str, Any] = {} if start is None else {"start": start, "rehearse": "none"}
                config = _config(seed, ["training.epochs=60", "training.batch_size=8", "training.patience=60"])
                trained = train(Dataset("few", {"train": few, "dev": few}), config=config, **options)
                scores.append(scores_of(trained.tagger, examples))
                say(f"{count} {start} {seed}: {scores[-1].micro.f1:.4f}")
            intents = [100 * (one.intent_accuracy or 0) for one in scores]
            yield str(count), start or "random", _spread([100 * one.micro.f1 for one in scores]), _spread(intents)


def _config(seed: int, settings: list[str]) -> dict[str, Any]:
    pairs = dict(one.removeprefix("training.").split("=") for one in settings)
    return {"training": {"seed": seed, **{name: _number(value) for name, value in pairs.items()}}}


def _number(text: str) -> float:
    return int(text) if text.isdigit() else float(text)


def _f1(tagger: Tagger, examples: Examples) -> float:
    return 100 * scores_of(tagger, examples).micro.f1


def _spread(values: Sequence[float], *, signed: bool = False) -> str:
    """Mean, and the lowest and highest."""
    form = "+.2f" if signed else ".1f"
    mean, low, high = (format(one, form) for one in (statistics.mean(values), min(values), max(values)))
    return f"{mean} ({low} … {high})"


if __name__ == "__main__":
    typer.run(main)
