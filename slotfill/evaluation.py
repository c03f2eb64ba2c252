"""Strict scores: a slot counts only if its name and its exact span are right.

The figures are those of seqeval with `mode="strict", scheme=IOB2` (a test holds them equal), without its import, which
costs seconds.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from slotfill.readers import Data, read_all, split_of
from slotfill.schema import Annotation, Example
from slotfill.slot_names import FRAME_PARTS, role_of
from slotfill.tagger import Tagger
from slotfill.tags import TokenSpan, spans_of


@dataclass(frozen=True, slots=True)
class SpanScore:
    """Precision, recall and F1 of spans; `support` is how many there are in the gold data."""

    precision: float
    recall: float
    f1: float
    support: int

    @classmethod
    def of(cls, *, right: int, predicted: int, gold: int) -> "SpanScore":
        """From counts; what has nothing to divide by is 0, as in seqeval."""
        precision = right / predicted if predicted else 0.0
        recall = right / gold if gold else 0.0
        f1 = 2 * precision * recall / (precision + recall) if right else 0.0
        return cls(precision, recall, f1, gold)


@dataclass(frozen=True, slots=True)
class Confusion:
    """A kind of error: `gold` is None for a slot that should not be there, `predicted` None for a missed one.

    Where both have the same name, the span is wrong.
    """

    gold: str | None
    predicted: str | None
    count: int


@dataclass(frozen=True, slots=True)
class FrameScores:
    """How many parts of frames are right: the place, date or time of a role, taken whole."""

    micro: SpanScore
    accuracy: float  # sentences in which every part is right, those without any included
    per_part: Mapping[str, SpanScore]


@dataclass(frozen=True, slots=True)
class Bin:
    """Predicted slots of like confidence, from `low` to `high`: how sure they are on average, and how often right."""

    low: float
    high: float
    count: int
    confidence: float
    accuracy: float


@dataclass(frozen=True, slots=True)
class Scores:
    """What `slotfill eval` reports; all figures between 0 and 1."""

    sentences: int
    micro: SpanScore
    macro: SpanScore  # the plain mean over slot names
    sentence_accuracy: float  # sentences in which every slot is right
    intent_accuracy: float | None  # over the sentences that have an intent; None if none has, or the model no intents
    frames: FrameScores
    per_slot: Mapping[str, SpanScore]
    confusions: tuple[Confusion, ...]  # most frequent first
    calibration_error: float | None = None  # None where nothing says how sure the slots are
    calibration: tuple[Bin, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The JSON of `slotfill eval --format json`."""
        return {
            "sentences": self.sentences,
            "precision": self.micro.precision,
            "recall": self.micro.recall,
            "f1": self.micro.f1,
            "macro_f1": self.macro.f1,
            "sentence_accuracy": self.sentence_accuracy,
            "intent_accuracy": self.intent_accuracy,
            "frame_f1": self.frames.micro.f1 if self.frames.per_part else None,
            "frame_accuracy": self.frames.accuracy if self.frames.per_part else None,
            "calibration_error": self.calibration_error,
            "per_slot": {
                name: {"precision": s.precision, "recall": s.recall, "f1": s.f1, "support": s.support}
                for name, s in self.per_slot.items()
            },
            "confusions": [{"gold": c.gold, "predicted": c.predicted, "count": c.count} for c in self.confusions],
            "scheme": "IOB2",
            "mode": "strict",
        }


def evaluate(model: str | Path | Tagger = "travel", *, data: Data = "travel", split: str = "test") -> Scores:
    """Strict scores of a model on a split of data sets, as `slotfill eval` gives them.

        scores = slotfill.evaluate("travel", data="../atis", split="dev")
        print(scores.micro.f1, scores.per_slot["toloc.city_name"].recall)

    `model` is a Tagger, or a model's name or folder; `data` is anything that `read_data` takes, or several of them,
    pooled. Data that is not split, such as a list of examples, is scored whole. Raises BundleError for a model that is
    not there, InputError for data that is not there or has other splits only, and DataError for data with an error.
    """
    tagger = model if isinstance(model, Tagger) else Tagger.load(model)
    return scores_of(tagger, [example for dataset in read_all(data) for example in split_of(dataset, split)])


def scores_of(tagger: Tagger, examples: Sequence[Example]) -> Scores:
    """Strict scores of a tagger on examples, whose tokens it takes as they are."""
    return score_annotations(examples, annotated(tagger, examples), knows_intents=knows_intents(tagger))


def annotated(tagger: Tagger, examples: Sequence[Example]) -> list[Annotation]:
    """What a tagger makes of examples, by their own tokens; without frames."""
    return tagger.annotate([example.text for example in examples], [example.tokens for example in examples])


def knows_intents(tagger: Tagger) -> bool:
    """Say whether a tagger gives intents at all."""
    return len(tagger.vocabularies.intents) > 0


def score_annotations(
    examples: Sequence[Example], annotations: Sequence[Annotation], *, knows_intents: bool = True
) -> Scores:
    """Compare annotations with the examples that they are of, one to one (see `score`)."""
    return score(
        [example.tags for example in examples],
        [annotation.tags for annotation in annotations],
        gold_intents=[example.intent for example in examples],
        predicted_intents=[annotation.intent.name if annotation.intent else None for annotation in annotations],
        knows_intents=knows_intents,
        confidences=[[slot.confidence for slot in annotation.slots] for annotation in annotations],
    )


def score(
    gold: Sequence[Sequence[str]],
    predicted: Sequence[Sequence[str]],
    *,
    gold_intents: Sequence[str | None] = (),
    predicted_intents: Sequence[str | None] = (),
    knows_intents: bool = True,
    confidences: Sequence[Sequence[float]] = (),
) -> Scores:
    """Compare IOB2 tags sentence by sentence, and intents where the gold data has them and the model knows any.

    `confidences` are those of the predicted slots of each sentence, in order. ValueError if the sentences do not match
    one to one, token by token.
    """
    right: Counter[str] = Counter()
    found: Counter[str] = Counter()
    wanted: Counter[str] = Counter()
    confusions: Counter[tuple[str | None, str | None]] = Counter()
    whole = 0
    correct: list[bool] = []  # of the predicted spans, in order
    for gold_tags, predicted_tags in zip(gold, predicted, strict=True):
        if len(gold_tags) != len(predicted_tags):
            raise ValueError(f"{len(gold_tags)} gold tags against {len(predicted_tags)} predicted ones")
        gold_spans, predicted_spans = spans_of(gold_tags), spans_of(predicted_tags)
        wanted.update(span.name for span in gold_spans)
        found.update(span.name for span in predicted_spans)
        agreed = set(gold_spans) & set(predicted_spans)
        correct += [span in agreed for span in predicted_spans]
        right.update(span.name for span in agreed)
        whole += len(agreed) == len(gold_spans) == len(predicted_spans)
        confusions.update(
            (g.name if g else None, p.name if p else None) for g, p in mistakes(gold_tags, predicted_tags)
        )
    names = sorted(wanted | found)
    per_slot = {n: SpanScore.of(right=right[n], predicted=found[n], gold=wanted[n]) for n in names}
    if gold_intents and len(gold_intents) != len(gold):
        raise ValueError(f"{len(gold)} sentences against {len(gold_intents)} intents")
    sure = [c for of_one in confidences for c in of_one]
    judged = [(g, p) for g, p in zip(gold_intents, predicted_intents, strict=True) if g is not None and knows_intents]
    return Scores(
        sentences=len(gold),
        micro=SpanScore.of(right=right.total(), predicted=found.total(), gold=wanted.total()),
        macro=SpanScore(
            precision=_mean([s.precision for s in per_slot.values()]),
            recall=_mean([s.recall for s in per_slot.values()]),
            f1=_mean([s.f1 for s in per_slot.values()]),
            support=wanted.total(),
        ),
        sentence_accuracy=whole / len(gold) if gold else 0.0,
        intent_accuracy=_mean([float(g == p) for g, p in judged]) if judged else None,
        frames=score_frames(gold, predicted),
        per_slot=per_slot,
        confusions=tuple(
            Confusion(*pair, count)
            for pair, count in sorted(confusions.items(), key=lambda entry: (-entry[1], str(entry[0])))
        ),
        calibration_error=calibration_error(sure, correct) if confidences else None,
        calibration=calibration(sure, correct) if confidences else (),
    )


_BINS = 10


def calibration(confidences: Sequence[float], correct: Sequence[bool]) -> tuple[Bin, ...]:
    """Slots sorted by confidence into ten bins of equal width; those without a slot are left out.

    ValueError if there are not as many confidences as slots.
    """
    bins: list[list[tuple[float, bool]]] = [[] for _ in range(_BINS)]
    for confidence, right in zip(confidences, correct, strict=True):
        bins[min(int(confidence * _BINS), _BINS - 1)].append((confidence, right))
    return tuple(
        Bin(
            low=number / _BINS,
            high=(number + 1) / _BINS,
            count=len(entries),
            confidence=_mean([confidence for confidence, _ in entries]),
            accuracy=_mean([float(right) for _, right in entries]),
        )
        for number, entries in enumerate(bins)
        if entries
    )


def calibration_error(confidences: Sequence[float], correct: Sequence[bool]) -> float:
    """The expected calibration error (Naeini, Cooper & Hauskrecht 2015), between 0 and 1.

    The mean difference between how sure and how often right the slots of a bin are, by the bins' sizes. 0 if there is
    no slot. ValueError if there are not as many confidences as slots.
    """
    gaps = [one.count * abs(one.confidence - one.accuracy) for one in calibration(confidences, correct)]
    return sum(gaps) / len(correct) if correct else 0.0


def mistakes(
    gold_tags: Sequence[str], predicted_tags: Sequence[str]
) -> Iterator[tuple[TokenSpan | None, TokenSpan | None]]:
    """The wrong spans of a sentence: each of gold with the first predicted one that overlaps it, the rest alone."""
    gold, predicted = spans_of(gold_tags), spans_of(predicted_tags)
    left = [span for span in predicted if span not in gold]
    for span in gold:
        if span in predicted:
            continue
        overlapping = next((other for other in left if other.start < span.end and span.start < other.end), None)
        if overlapping:
            left.remove(overlapping)
        yield span, overlapping
    for other in left:
        yield None, other


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


# --- frames ----------------------------------------------------------------------------------------

# The roles whose frames are scored, and what the scores call them: all but stops.
_SCORED = {role: f"{leg} {part}" for role, (leg, part) in FRAME_PARTS.items() if leg != "stop"}
_SCORED |= {"fromloc": "from place", "toloc": "to place"}


def score_frames(gold: Sequence[Sequence[str]], predicted: Sequence[Sequence[str]]) -> FrameScores:
    """Compare IOB2 tags by the frames they give.

    A part (`departure date`) is one span a sentence: all tokens that its slots cover, however they are cut and
    typed within it. It is right if it covers exactly the same tokens. `Portland, Maine` as two city names is right,
    `Portland` without `Maine` is wrong. Stops and all other slots do not count.

    ValueError if the sentences do not match one to one, token by token.
    """
    right: Counter[str] = Counter()
    found: Counter[str] = Counter()
    wanted: Counter[str] = Counter()
    whole = 0
    for gold_tags, predicted_tags in zip(gold, predicted, strict=True):
        if len(gold_tags) != len(predicted_tags):
            raise ValueError(f"{len(gold_tags)} gold tags against {len(predicted_tags)} predicted ones")
        gold_parts, predicted_parts = _frame_parts(gold_tags), _frame_parts(predicted_tags)
        wanted.update(gold_parts.keys())
        found.update(predicted_parts.keys())
        right.update(part for part, tokens in gold_parts.items() if predicted_parts.get(part) == tokens)
        whole += gold_parts == predicted_parts
    return FrameScores(
        micro=SpanScore.of(right=right.total(), predicted=found.total(), gold=wanted.total()),
        accuracy=whole / len(gold) if gold else 0.0,
        per_part={
            part: SpanScore.of(right=right[part], predicted=found[part], gold=wanted[part])
            for part in _SCORED.values()
            if part in wanted or part in found
        },
    )


def _frame_parts(tags: Sequence[str]) -> dict[str, set[int]]:
    """The tokens of each part that a sentence has."""
    parts: dict[str, set[int]] = {}
    for position, tag in enumerate(tags):
        part = _SCORED.get(role_of(tag[2:]))
        if part:
            parts.setdefault(part, set()).add(position)
    return parts
