"""Strict scores: a slot counts only if its name and its exact span are right.

The figures are those of seqeval with `mode="strict", scheme=IOB2`, as a test checks, without seconds for its import.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from itertools import chain, islice
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import numpy as np

from slotfill.clock import now_of
from slotfill.common_tokens import on_common_tokens
from slotfill.data_checks import trained_on
from slotfill.errors import InputError
from slotfill.intents import are_same, parts_of
from slotfill.readers import Data, label_of, read_all, sources_of, split_of
from slotfill.readers.reports import Notes, Report
from slotfill.readers.values import OWN
from slotfill.schema import Annotation, Example
from slotfill.significance import Counts, Interval, accuracy, f1, interval, precision, recall
from slotfill.slot_names import FRAME_PARTS, role_of
from slotfill.tagger import Tagger, find_bundle
from slotfill.tags import TokenSpan, spans_of
from slotfill.thresholds import MIN_VALUE_CONFIDENCE
from slotfill.value_scores import CLOCK, ValueScores, score_values

if TYPE_CHECKING:
    from slotfill.resolvers.own_slots import OwnSlots

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class SpanScore:
    """Precision, recall and F1 of spans; `support` is how many there are in the gold data."""

    precision: float
    recall: float
    f1: float
    support: int

    @classmethod
    def of(cls, *, right: int, predicted: int, gold: int) -> "SpanScore":
        """From counts; a division by 0 gives 0, as in seqeval."""
        precision = right / predicted if predicted else 0.0
        recall = right / gold if gold else 0.0
        f1 = 2 * precision * recall / (precision + recall) if right else 0.0
        return cls(precision, recall, f1, gold)


@dataclass(frozen=True, slots=True)
class Confusion:
    """A kind of error: `gold` is None for a slot that should not be there, `predicted` None for a missed one.

    If both have the same name, the span is wrong.
    """

    gold: str | None
    predicted: str | None
    count: int


@dataclass(frozen=True, slots=True)
class FrameScores:
    """Scores of the parts of frames: the place, date or time of a role, taken whole."""

    micro: SpanScore
    accuracy: float  # the share of sentences in which every part is right, including those without any
    per_part: Mapping[str, SpanScore]


@dataclass(frozen=True, slots=True)
class Bin:
    """Predicted slots with a confidence from `low` to `high`: its mean, and the share that is right."""

    low: float
    high: float
    count: int
    confidence: float
    accuracy: float


@dataclass(frozen=True, slots=True)
class Scores:
    """The report of `slotfill eval`; all figures are between 0 and 1.

    >>> import slotfill
    >>> scores = slotfill.evaluate(data=[slotfill.parse_markup("arrive [Taipei](toloc.city_name)")])
    >>> scores.sentences, scores.to_dict()["f1"]
    (1, 1.0)
    """

    sentences: int
    micro: SpanScore
    macro: SpanScore  # the plain mean over slot names
    sentence_accuracy: float  # the share of sentences in which every slot is right
    intent_accuracy: float | None  # over the sentences with an intent; None if none has, or the model has no intents
    frames: FrameScores
    per_slot: Mapping[str, SpanScore]
    confusions: tuple[Confusion, ...]  # most frequent first
    calibration_error: float | None = None  # None without confidences
    calibration: tuple[Bin, ...] = ()
    calibration_by_source: Mapping[str, float] = field(
        default_factory=dict
    )  # its error, if there are several data sets
    values: ValueScores | None = None  # None if frames were not resolved, or nothing in the data is a part of one
    value_calibration_error: float | None = None
    per_intent: Mapping[str, SpanScore] = field(default_factory=dict)  # empty where intent_accuracy is None
    intent_confusions: tuple[Confusion, ...] = ()  # most frequent first
    intervals: Mapping[str, Interval] = field(default_factory=dict)  # 95 %, by the name in the JSON
    given: tuple[tuple[float, bool], ...] = ()  # every slot found: how sure it is, and whether it is right
    intent_f1: float | None = None  # of the single intents of sets (`flight#airfare`); None where there are no sets

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
            "intent_f1": self.intent_f1,
            "frame_f1": self.frames.micro.f1 if self.frames.per_part else None,
            "frame_accuracy": self.frames.accuracy if self.frames.per_part else None,
            "calibration_error": self.calibration_error,
            "calibration_by_source": dict(self.calibration_by_source),
            "values": self.values.to_dict() if self.values else None,
            "value_calibration_error": self.value_calibration_error,
            "per_slot": {name: asdict(one) for name, one in self.per_slot.items()},
            "confusions": [asdict(one) for one in self.confusions],
            "per_intent": {name: asdict(one) for name, one in self.per_intent.items()},
            "intent_confusions": [asdict(one) for one in self.intent_confusions],
            "intervals": {name: one._asdict() for name, one in self.intervals.items()},
            "scheme": "IOB2",
            "mode": "strict",
        }


def evaluate(
    model: str | Path | Tagger = "travel",
    *,
    data: Data = "travel",
    split: str = "test",
    on_error: str = "stop",
    on_note: Notes | None = None,
    from_text: bool = False,
    now: datetime | str | None = None,
    date_order: str = "mdy",
    min_value_confidence: float = MIN_VALUE_CONFIDENCE,
) -> Scores:
    """Strict scores of a model on a split of data sets, as `slotfill eval` reports them.

    >>> import slotfill
    >>> scores = slotfill.evaluate(data=[slotfill.parse_markup("arrive [Taipei](toloc.city_name)")])
    >>> scores.micro.f1, scores.per_slot["toloc.city_name"].recall
    (1.0, 1.0)

    `model` is a Tagger, or a model's name or folder; `data` is anything that `read_data` takes, or several of them,
    pooled. Data without splits, such as a list of examples, is scored whole. With `from_text`, the model makes the
    tokens itself, as it does when it tags; else it is given those of the data. The values of frames are judged at the
    clock that the data names (else at `now`, or at a fixed one), and values with less confidence than
    `min_value_confidence` count as None; `now` and `date_order` are those of `Tagger.tag`; `on_error` and `on_note` are
    those of `read_data`. Raises BundleError for a missing model, InputError for missing data, a missing split, or data
    with no slot that the model knows, and DataError for data with an error.
    """
    moment = now_of(now)
    tagger = model if isinstance(model, Tagger) else Tagger.load(model)
    report = Report()
    sources = sources_of(data)
    datasets = read_all(sources, on_error=on_error, on_note=on_note)
    named: list[tuple[str, Sequence[Example]]] = [
        (label_of(source), split_of(dataset, split)) for source, dataset in zip(sources, datasets, strict=True)
    ]
    training = {} if isinstance(model, Tagger) else find_bundle(model).training
    name = "the model" if isinstance(model, Tagger) else str(model)
    for oddity in oddities(tagger, named, training=training, name=name):
        report.note(oddity)
    report.pass_on(on_note)
    named, annotations = tagged(tagger, named, from_text=from_text)
    return score_sources(
        named,
        annotations,
        knows_intents=knows_intents(tagger),
        clock=moment,
        date_order=date_order,
        min_value_confidence=min_value_confidence,
        own=tagger.own,
    )


def oddities(
    tagger: Tagger, sources: Iterable[tuple[str, Sequence[Example]]], *, training: Mapping[str, Any], name: str
) -> Iterator[str]:
    """Yield a line for each data set on which scores say little of this model, which messages call `name`.

    That is one that the model was trained on (`training` is that of its bundle), one with no slot that the model knows,
    and one with values of slots of which the model knows no kind. InputError if it knows no slot of any of them.
    """
    ours = set(tagger.slots)
    sources = list(sources)
    strange = []
    for label, examples in sources:
        if trained_on(training, examples) is not None:
            yield f"{label}: {name} was trained on these very sentences: the scores say nothing about other ones"
        if unknown := _without_kind(examples, tagger):
            yield f"{label} has values of {some_of(unknown)}, and {name} has no such kinds of slots: they count as null"
        theirs = {span.name for example in examples for span in spans_of(example.tags)}
        if theirs and not theirs & ours:
            strange.append(f"{label} has {some_of(theirs)}")
    if not strange:
        return
    problem = f"{name} knows none of the slots of the data: {'; '.join(strange)}; the model has {some_of(ours)}"
    if len(strange) == len(sources):
        raise InputError(f"{problem}: score a model that was trained on such data, or rename the slots")
    yield problem


def _without_kind(examples: Iterable[Example], tagger: Tagger) -> set[str]:
    """The slots of one's own that the data has values of, and the model none."""
    parts = {part for example in examples if example.values for part, _ in example.values.parts}
    named = {part.removeprefix(OWN) for part in parts if part.startswith(OWN)}
    return {slot for slot in named if tagger.own is None or tagger.own.of(slot) is None}


def some_of(names: Collection[str]) -> str:
    """The first names in the order of the alphabet, and how many more there are.

    >>> some_of({"a", "b", "c", "d", "e"})
    'a, b, c and 2 more'
    """
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return ", ".join(sorted(names)[:3]) + more or "none"


def score_sources(
    sources: Sequence[tuple[str, Sequence[Example]]],
    annotations: Sequence[Annotation],
    *,
    knows_intents: bool,
    clock: datetime | None,
    date_order: str,
    min_value_confidence: float,
    own: "OwnSlots | None" = None,
) -> Scores:
    """All scores of annotations against data sets, each with its name; `annotations` are those of all of them.

    `own` has the kinds of slots of one's own (`Tagger.own`).
    """
    examples = [example for _, some in sources for example in some]
    scores = score_annotations(examples, annotations, knows_intents=knows_intents)
    values = score_values(
        examples, annotations, clock=clock or CLOCK, date_order=date_order, least=min_value_confidence, own=own
    )
    return replace(
        scores,
        calibration_by_source=_calibration_by_source(sources, annotations) if len(sources) > 1 else {},
        values=values if values.per_part else None,
        value_calibration_error=_value_calibration_error(values),
        intervals=intervals_of(examples, annotations, knows_intents=knows_intents),
    )


def intervals_of(
    examples: Sequence[Example], annotations: Sequence[Annotation], *, knows_intents: bool = True
) -> dict[str, Interval]:
    """The 95 % intervals of the scores, by their names in the JSON (slotfill/significance.py).

    >>> from slotfill.tokenizer import tokenize
    >>> example = Example("to Rome", tokenize("to Rome"), ("O", "B-city"))
    >>> found = Annotation(example.text, example.tokens, example.tags, (), None)
    >>> intervals_of([example], [found])["f1"]
    Interval(low=1.0, high=1.0)
    """
    spans_S3 = span_counts(examples, annotations)
    intervals = {
        name: interval(spans_S3, metric) for name, metric in (("precision", precision), ("recall", recall), ("f1", f1))
    }
    intervals["sentence_accuracy"] = interval(sentence_counts(spans_S3), accuracy)
    intents_S2 = intent_counts(examples, annotations) if knows_intents else np.zeros((0, 2), dtype=np.int64)
    if intents_S2.any():
        intervals["intent_accuracy"] = interval(intents_S2, accuracy)
    return intervals


def span_counts(examples: Sequence[Example], annotations: Sequence[Annotation]) -> Counts:
    """Of each sentence, how many slots are right, predicted and in the gold data, (S, 3).

    >>> example = Example("Rome", (), ("B-city",))
    >>> span_counts([example], [Annotation("Rome", (), ("O",), (), None)]).tolist()
    [[0, 0, 1]]
    """
    rows = []
    for example, annotation in zip(examples, annotations, strict=True):
        gold, predicted = set(spans_of(example.tags)), spans_of(annotation.tags)
        rows.append((sum(span in gold for span in predicted), len(predicted), len(gold)))
    return np.array(rows, dtype=np.int64).reshape(-1, 3)


def sentence_counts(spans_S3: Counts) -> Counts:
    """Of each sentence, whether every slot is right, and 1, (S, 2).

    >>> sentence_counts(np.array([[2, 2, 2], [2, 3, 2]])).tolist()
    [[1, 1], [0, 1]]
    """
    is_right_S = (spans_S3[:, :1] == spans_S3[:, 1:]).all(1)
    return np.stack([is_right_S, np.ones_like(is_right_S)], axis=1).astype(np.int64)


def intent_counts(examples: Sequence[Example], annotations: Sequence[Annotation]) -> Counts:
    """Of each sentence, whether its intent is right, and whether the gold data has one, (S, 2).

    >>> example = Example("hello", (), (), "greet")
    >>> intent_counts([example], [Annotation("hello", (), (), (), None)]).tolist()
    [[0, 1]]
    """
    rows = [
        (annotation.intent is not None and are_same(example.intent, annotation.intent.name), True)
        if example.intent is not None
        else (False, False)
        for example, annotation in zip(examples, annotations, strict=True)
    ]
    return np.array(rows, dtype=np.int64).reshape(-1, 2)


def _value_calibration_error(values: ValueScores) -> float | None:
    if not values.given:
        return None
    return calibration_error([sure for sure, _ in values.given], [is_right for _, is_right in values.given])


def _calibration_by_source(
    sources: Sequence[tuple[str, Sequence[Example]]], annotations: Sequence[Annotation]
) -> dict[str, float]:
    """The calibration error of the slots of each data set."""
    errors = {}
    rest = iter(annotations)
    for name, examples in sources:
        sure: list[float] = []
        correct: list[bool] = []
        for example, annotation in zip(examples, islice(rest, len(examples)), strict=True):
            gold = set(spans_of(example.tags))
            sure += [slot.confidence for slot in annotation.slots]
            correct += [span in gold for span in spans_of(annotation.tags)]
        errors[name] = calibration_error(sure, correct)
    return errors


def scores_of(tagger: Tagger, examples: Sequence[Example]) -> Scores:
    """Strict scores of a tagger on examples, with their tokens and without frames, which take time."""
    return score_annotations(examples, annotated(tagger, examples), knows_intents=knows_intents(tagger))


def tagged(
    tagger: Tagger, sources: Sequence[tuple[str, Sequence[Example]]], *, from_text: bool
) -> tuple[list[tuple[str, Sequence[Example]]], list[Annotation]]:
    """Data sets, each with its name, and the annotations of all of them, over the tokens that the data has.

    With `from_text`, the tokens are those that the tagger makes of the text, which is what a user gets; the examples
    then have new tokens too, at which the slots of both begin and end.
    """
    examples = [example for _, some in sources for example in some]
    if not from_text:
        return [*sources], annotated(tagger, examples)
    annotations = tagger.annotate([example.text for example in examples])
    pairs = iter([on_common_tokens(*pair) for pair in zip(examples, annotations, strict=True)])
    moved: list[tuple[str, Sequence[Example]]] = []
    found: list[Annotation] = []
    for name, some in sources:
        mine = [*islice(pairs, len(some))]
        moved.append((name, [example for example, _ in mine]))
        found += [annotation for _, annotation in mine]
    return moved, found


def annotated(tagger: Tagger, examples: Sequence[Example]) -> list[Annotation]:
    """The annotations of examples, with their tokens and without frames."""
    return tagger.annotate([example.text for example in examples], [example.tokens for example in examples])


def knows_intents(tagger: Tagger) -> bool:
    """Whether a tagger has any intents."""
    return len(tagger.vocabularies.intents) > 0


def score_annotations(
    examples: Sequence[Example], annotations: Sequence[Annotation], *, knows_intents: bool = True
) -> Scores:
    """Compare annotations with their examples, one to one (see `score`)."""
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
    """Compare IOB2 tags sentence by sentence, and intents if the gold data has them and the model knows any.

    `confidences` are those of the predicted slots of each sentence, in order. ValueError if the sentences do not match
    one to one, token by token.
    """
    counts = _Counts()
    confusions: Counter[tuple[str | None, str | None]] = Counter()
    correct: list[bool] = []  # of the predicted spans, in order
    for gold_tags, predicted_tags in _pairs(gold, predicted):
        gold_spans, predicted_spans = set(spans_of(gold_tags)), spans_of(predicted_tags)
        correct += [span in gold_spans for span in predicted_spans]
        counts.add(gold_spans, predicted_spans, name_of=lambda span: span.name)
        confusions.update((g and g.name, p and p.name) for g, p in mistakes(gold_tags, predicted_tags))
    if gold_intents and len(gold_intents) != len(gold):
        raise ValueError(f"{len(gold)} sentences against {len(gold_intents)} intents")
    intents = _IntentScores() if not knows_intents else _score_intents(gold_intents, predicted_intents)
    per_slot = counts.per_name()
    flat = list(chain.from_iterable(confidences))
    return Scores(
        sentences=len(gold),
        micro=counts.micro(),
        macro=_macro(per_slot.values()),
        sentence_accuracy=counts.accuracy(),
        intent_accuracy=intents.accuracy,
        frames=score_frames(gold, predicted),
        per_slot=per_slot,
        confusions=_most_frequent_first(confusions),
        calibration_error=calibration_error(flat, correct) if confidences else None,
        calibration=calibration(flat, correct) if confidences else (),
        per_intent=intents.per_name,
        intent_confusions=intents.confusions,
        given=tuple(zip(flat, correct, strict=True)) if confidences else (),
        intent_f1=intents.f1,
    )


def _pairs(
    gold: Sequence[Sequence[str]], predicted: Sequence[Sequence[str]]
) -> Iterator[tuple[Sequence[str], Sequence[str]]]:
    """The gold and predicted tags of each sentence; ValueError if their lengths differ."""
    for gold_tags, predicted_tags in zip(gold, predicted, strict=True):
        if len(gold_tags) != len(predicted_tags):
            raise ValueError(f"{len(gold_tags)} gold tags against {len(predicted_tags)} predicted ones")
        yield gold_tags, predicted_tags


class _Counts:
    """Counts by name of what is right, predicted and in the gold data, and of sentences."""

    def __init__(self) -> None:
        self.right: Counter[str] = Counter()
        self.predicted: Counter[str] = Counter()
        self.gold: Counter[str] = Counter()
        self.sentences = self.sentences_right = 0

    def add(self, gold: Collection[T], predicted: Collection[T], *, name_of: Callable[[T], str]) -> None:
        """Count one sentence."""
        agreed = [item for item in predicted if item in gold]
        self.gold.update(map(name_of, gold))
        self.predicted.update(map(name_of, predicted))
        self.right.update(map(name_of, agreed))
        self.sentences += 1
        self.sentences_right += len(agreed) == len(gold) == len(predicted)

    def micro(self) -> SpanScore:
        """Over all names together."""
        return SpanScore.of(right=self.right.total(), predicted=self.predicted.total(), gold=self.gold.total())

    def per_name(self) -> dict[str, SpanScore]:
        """For each name, sorted."""
        return {
            name: SpanScore.of(right=self.right[name], predicted=self.predicted[name], gold=self.gold[name])
            for name in sorted(self.gold | self.predicted)
        }

    def accuracy(self) -> float:
        """The share of sentences in which everything is right."""
        return self.sentences_right / self.sentences if self.sentences else 0.0


def _macro(scores: Collection[SpanScore]) -> SpanScore:
    """The plain mean of scores."""
    return SpanScore(
        precision=_mean([s.precision for s in scores]),
        recall=_mean([s.recall for s in scores]),
        f1=_mean([s.f1 for s in scores]),
        support=sum(s.support for s in scores),
    )


def _most_frequent_first(confusions: Counter[tuple[str | None, str | None]]) -> tuple[Confusion, ...]:
    ranked = sorted(confusions.items(), key=lambda entry: (-entry[1], str(entry[0])))
    return tuple(Confusion(*names, count) for names, count in ranked)


class _IntentScores(NamedTuple):
    accuracy: float | None = None
    per_name: Mapping[str, SpanScore] = MappingProxyType({})
    confusions: tuple[Confusion, ...] = ()
    f1: float | None = None


def _score_intents(gold: Sequence[str | None], predicted: Sequence[str | None]) -> _IntentScores:
    """Those of the sentences that have an intent in the gold data; sets count as wholes, and for F1 one by one."""
    counts, single = _Counts(), _Counts()
    confusions: Counter[tuple[str | None, str | None]] = Counter()
    for gold_intent, found in zip(gold, predicted, strict=True):
        if gold_intent is not None:
            single.add(parts_of(gold_intent), parts_of(found) if found is not None else (), name_of=str)
            if are_same(gold_intent, found):
                found = gold_intent  # `b#a` for `a#b`
            counts.add({gold_intent}, {found} - {None}, name_of=str)
            confusions[gold_intent, found] += gold_intent != found
    if not counts.sentences:
        return _IntentScores()
    f1 = single.micro().f1 if single.gold.total() > counts.gold.total() else None
    return _IntentScores(counts.accuracy(), counts.per_name(), _most_frequent_first(+confusions), f1)


_BINS = 10


def calibration(confidences: Sequence[float], correct: Sequence[bool]) -> tuple[Bin, ...]:
    """Sort slots by confidence into ten bins of equal width, without empty ones.

    ValueError unless there is a confidence for each slot.
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

    The mean difference between confidence and accuracy over all bins, weighted by their sizes; 0 without slots.
    ValueError unless there is a confidence for each slot.
    """
    gaps = [b.count * abs(b.confidence - b.accuracy) for b in calibration(confidences, correct)]
    return sum(gaps) / len(correct) if correct else 0.0


def mistakes(
    gold_tags: Sequence[str], predicted_tags: Sequence[str]
) -> Iterator[tuple[TokenSpan | None, TokenSpan | None]]:
    """The wrong spans of a sentence: each gold span with the first predicted one that overlaps it, the rest alone."""
    gold, predicted = spans_of(gold_tags), spans_of(predicted_tags)
    spurious = [span for span in predicted if span not in gold]
    for missed in [span for span in gold if span not in predicted]:
        overlapping = next((s for s in spurious if s.start < missed.end and missed.start < s.end), None)
        if overlapping:
            spurious.remove(overlapping)
        yield missed, overlapping
    for span in spurious:
        yield None, span


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


# --- frames ----------------------------------------------------------------------------------------

# The roles whose frames are scored, all but stops, and their names in the scores.
_SCORED = {role: f"{leg} {part}" for role, (leg, part) in FRAME_PARTS.items() if leg != "stop"}
_SCORED |= {"fromloc": "from place", "toloc": "to place"}


def score_frames(gold: Sequence[Sequence[str]], predicted: Sequence[Sequence[str]]) -> FrameScores:
    """Compare IOB2 tags by their frames.

    A part (`departure date`) is one span of a sentence: all tokens that its slots cover, whatever their borders and
    types. It is right if it covers exactly the same tokens. `Portland, Maine` as two city names is right, `Portland`
    without `Maine` is wrong. Stops and all other slots do not count.

    ValueError if the sentences do not match one to one, token by token.
    """
    counts = _Counts()
    for gold_tags, predicted_tags in _pairs(gold, predicted):
        parts = _frame_parts(gold_tags).items(), _frame_parts(predicted_tags).items()
        counts.add(*parts, name_of=lambda part: part[0])
    per_part = counts.per_name()
    return FrameScores(
        micro=counts.micro(),
        accuracy=counts.accuracy(),
        per_part={part: per_part[part] for part in _SCORED.values() if part in per_part},
    )


def _frame_parts(tags: Sequence[str]) -> dict[str, set[int]]:
    """The tokens of each part of a sentence."""
    parts: dict[str, set[int]] = {}
    for position, tag in enumerate(tags):
        part = _SCORED.get(role_of(tag[2:]))
        if part:
            parts.setdefault(part, set()).add(position)
    return parts
