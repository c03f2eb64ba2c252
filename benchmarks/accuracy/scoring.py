"""Tags -> scores in percent."""

from collections.abc import Sequence
from typing import NamedTuple

from slotfill.evaluation import score
from slotfill.schema import Example
from slotfill.tags import OUTSIDE, may_follow, spans_of


class Figures(NamedTuple):
    """What a table shows of one run."""

    f1: float  # seqeval calls it `mode="strict", scheme=IOB2`
    slots: float  # sentences with every slot right
    intents: float | None  # None if the system predicts no intent
    both: float | None  # sentences with every slot and the intent right


def figures(gold: Sequence[Example], tags: Sequence[Sequence[str]], intents: Sequence[str | None] | None) -> Figures:
    """Of the predictions for a test split."""
    slots = [spans_of(e.tags) == spans_of(strict(own)) for e, own in zip(gold, tags, strict=True)]
    f1 = 100 * score([example.tags for example in gold], list(map(strict, tags))).micro.f1
    if intents is None:
        return Figures(f1, _percent(slots), None, None)
    right = [e.intent == intent for e, intent in zip(gold, intents, strict=True)]
    return Figures(f1, _percent(slots), _percent(right), _percent(list(map(min, slots, right))))


def strict(tags: Sequence[str]) -> list[str]:
    """The tags, with O in place of each that IOB2 does not allow there: it neither begins nor continues a slot."""
    kept = [OUTSIDE]
    for tag in tags:
        kept.append(tag if may_follow(kept[-1], tag) else OUTSIDE)
    return kept[1:]


def _percent(values: Sequence[bool]) -> float:
    return 100 * sum(values) / len(values) if values else 0.0
