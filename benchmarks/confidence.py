"""Whether slots of confidence 0.5 are right once in two: right slots by kind and by how sure the shipped model is.

    python -m benchmarks.confidence ../shared/data [--write docs/accuracy.md]

DATA holds `atis` and `sgd`.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from benchmarks.documents import publish, table
from slotfill.evaluation import annotated, calibration_error
from slotfill.readers import load, split_of
from slotfill.schema import Example
from slotfill.slot_names import frame_part_of
from slotfill.tagger import Tagger
from slotfill.tags import spans_of

KINDS = ("place", "date", "time", "other")
RANGES = ((0.0, 0.5), (0.5, 0.7), (0.7, 0.9), (0.9, 1.0))  # of confidence


class Found(NamedTuple):
    """A slot that the model found."""

    kind: str
    confidence: float
    is_right: bool


def main(
    data: Path, write: Annotated[Path | None, typer.Option(help="Put the table into this document.")] = None
) -> None:
    tagger = Tagger.load()
    sets = {
        "ATIS test": split_of(load(data / "atis"), "test"),
        "SGD dev": split_of(load(data / "sgd"), "dev"),
        "test": split_of(load("data/travel"), "test"),
        "wild": split_of(load("data/travel"), "wild"),
    }
    found = {name: found_in(tagger, examples) for name, examples in sets.items()}
    publish("confidence", {"kinds": by_kind}, found, write)


def found_in(tagger: Tagger, examples: Sequence[Example]) -> list[Found]:
    """The slots that a tagger finds, each of which is right if its name and its exact span are."""
    found = []
    for example, annotation in zip(examples, annotated(tagger, examples), strict=True):
        gold = set(spans_of(example.tags))
        for span, slot in zip(spans_of(annotation.tags), annotation.slots, strict=True):
            found.append(Found(kind_of(span.name), slot.confidence, span in gold))
    return found


def kind_of(name: str) -> str:
    """`place`, `date`, `time`, or `other` for what is no part of a frame."""
    part = frame_part_of(name)
    return part.part if part else "other"


def by_kind(found: dict[str, list[Found]]) -> str:
    """A row for each kind of slot of each data set, and one for all of them."""
    titles = ("scored on", "slots", "found", "ECE", *(f"{low} to {high}" for low, high in RANGES))
    rows = []
    for name, slots in found.items():
        for kind in (*KINDS, "all"):
            chosen = [slot for slot in slots if kind in (slot.kind, "all")]
            error = calibration_error([slot.confidence for slot in chosen], [slot.is_right for slot in chosen])
            ranges = [right_of(chosen, *limits) for limits in RANGES]
            rows.append((name if kind == "place" else "", kind, f"{len(chosen):,}", f"{error:.3f}", *ranges))
    return table(titles, rows, words=(0, 1))


def right_of(slots: list[Found], low: float, high: float) -> str:
    """`12 of 25`: how many of the slots with a confidence from `low` to `high` are right."""
    chosen = [slot.is_right for slot in slots if low <= slot.confidence and (slot.confidence < high or high == 1)]
    return f"{sum(chosen):,} of {len(chosen):,}"


if __name__ == "__main__":
    typer.run(main)
