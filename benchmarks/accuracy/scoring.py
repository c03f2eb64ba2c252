"""Tags -> figures in percent, in the strict way and in the ways that flatter."""

from collections.abc import Sequence
from importlib import import_module
from typing import Any, NamedTuple

from slotfill.evaluation import score
from slotfill.schema import Example
from slotfill.tags import OUTSIDE, may_follow, spans_of

Tags = Sequence[Sequence[str]]


class Figures(NamedTuple):
    """What a table shows of one run."""

    f1: float  # strict IOB2
    slots: float  # sentences with every slot right
    intents: float | None  # None where nothing says the intent
    both: float | None  # sentences with every slot and the intent right


def figures(gold: Sequence[Example], tags: Tags, intents: Sequence[str | None] | None) -> Figures:
    """Of the predictions for a test split."""
    slots = [spans_of(e.tags) == spans_of(strict(own)) for e, own in zip(gold, tags, strict=True)]
    f1 = strict_f1([example.tags for example in gold], tags)
    if intents is None:
        return Figures(f1, mean(slots), None, None)
    right = [e.intent == intent for e, intent in zip(gold, intents, strict=True)]
    return Figures(f1, mean(slots), mean(right), mean(list(map(min, slots, right))))


def strict(tags: Sequence[str]) -> list[str]:
    """The tags without those that IOB2 does not allow where they stand: they begin no slot and go on with none."""
    kept = [OUTSIDE]
    for tag in tags:
        kept.append(tag if may_follow(kept[-1], tag) else OUTSIDE)
    return kept[1:]


def strict_f1(gold: Tags, tags: Tags) -> float:
    """What slotfill reports; seqeval calls it `mode="strict", scheme=IOB2`."""
    return 100 * score(gold, [strict(own) for own in tags]).micro.f1


def lenient_f1(gold: Tags, tags: Tags) -> float:
    """The default mode of seqeval, which does as conlleval does: an `I-` that continues nothing begins a slot."""
    metrics: Any = import_module("seqeval.metrics")
    return 100 * float(metrics.f1_score([list(t) for t in gold], [list(t) for t in tags]))


def token_accuracy(gold: Tags, tags: Tags) -> float:
    """Tokens with the right tag, `O` among them; the same as micro F1 over all tags."""
    return mean([g == t for row, own in zip(gold, tags, strict=True) for g, t in zip(row, own, strict=True)])


def token_f1(gold: Tags, tags: Tags) -> float:
    """F1 of each tag, `O` among them, weighted by how often it stands: the last line of scikit-learn's report."""
    metrics: Any = import_module("sklearn.metrics")
    flat = [[tag for row in rows for tag in row] for rows in (gold, tags)]
    return 100 * float(metrics.f1_score(*flat, average="weighted", zero_division=0.0))


def one_of_several(gold: Sequence[Example], intents: Sequence[str | None]) -> float:
    """Intents that are right if the first of them is one of those that the sentence has, joined by `+`."""
    pairs = [(e.intent, found) for e, found in zip(gold, intents, strict=True) if e.intent is not None]
    return mean([(found or "").split("+")[0] in wanted.split("+") for wanted, found in pairs])


def mean(values: Sequence[float]) -> float:
    """In percent; 0 of nothing."""
    return 100 * sum(values) / len(values) if values else 0.0
