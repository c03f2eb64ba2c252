"""What the folding does for slots: Japanese, German, Turkish, and Chinese in the other kind of characters.

    python -m benchmarks.foldings --shared ../shared/data --seeds 3

Trained on one part with default settings and scored on another: JMultiWOZ's taxi bookings (train, dev), xSID's
validation part (two thirds of it, the rest), and SMP (train, dev), whose dev is also written in traditional characters,
the commonest for each simplified one. Printed are the means of the slot F1, with the standard deviation over seeds.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import mean, stdev
from typing import Annotated

import typer

from benchmarks.documents import table
from slotfill import read_data, train
from slotfill.config import from_assignments
from slotfill.evaluation import scores_of
from slotfill.folding import replaced_by
from slotfill.schema import Dataset, Example

_FOLDINGS = ("plain", "accented", "chinese")


def main(shared: Annotated[Path, typer.Option()] = Path("../shared/data"), seeds: int = 3) -> None:
    """Print the table."""
    rows = []
    for name, (examples, tests) in _sets(shared).items():
        scores: dict[tuple[str, str], list[float]] = {}
        for folding in _FOLDINGS:
            for seed in range(1, seeds + 1):
                config = from_assignments([f"model.folding={folding}", f"training.seed={seed}"])
                trained = train(Dataset(name, {"train": tuple(examples)}), config=config)
                for title, test in tests.items():
                    scores.setdefault((title, folding), []).append(scores_of(trained.tagger, test).micro.f1)
        rows += [[title, *[_spelt(scores[title, folding]) for folding in _FOLDINGS]] for title in tests]
        for row in rows[-len(tests) :]:
            typer.echo(" | ".join(row), err=True)
    typer.echo(table(["slot F1", *_FOLDINGS], rows))


def _sets(shared: Path) -> Mapping[str, tuple[Sequence[Example], Mapping[str, Sequence[Example]]]]:
    """By name: what to train on, and what to score on by title."""
    found: dict[str, tuple[Sequence[Example], Mapping[str, Sequence[Example]]]] = {}
    chinese = [_all(shared / "zh" / f"smp_{part}.jsonl") for part in ("train", "dev")]
    traditional = {"Chinese: SMP": chinese[1], "the same in traditional characters": [*map(_traditional, chinese[1])]}
    found["zh"] = (chinese[0], traditional)
    for code, title in (("de", "German: xSID"), ("tr", "Turkish: xSID")):
        examples = _all(shared / "xsid" / f"{code}.jsonl")
        tests = {title: examples[::3]}
        found[code] = ([one for number, one in enumerate(examples) if number % 3], tests)
    japanese = [_all(shared / "ja" / f"jmultiwoz_taxi_{part}.jsonl") for part in ("train", "dev")]
    found["ja"] = (japanese[0], {"Japanese: taxi bookings": japanese[1]})
    return found


def _all(path: Path) -> list[Example]:
    return [example for part in read_data(str(path)).splits.values() for example in part]


_TRADITIONAL = {new: chr(old) for old, new in reversed(replaced_by("chinese").items()) if new and old > 0x4E00}


def _traditional(example: Example) -> Example:
    other = {ord(new): old for new, old in _TRADITIONAL.items()}
    tokens = tuple(token.replace(text=token.text.translate(other)) for token in example.tokens)
    return example._replace(text=example.text.translate(other), tokens=tokens)


def _spelt(scores: Sequence[float]) -> str:
    spread = f" ± {100 * stdev(scores):.1f}" if len(scores) > 1 else ""
    return f"{100 * mean(scores):.1f}{spread}"


if __name__ == "__main__":
    typer.run(main)
