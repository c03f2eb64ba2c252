"""The values of frames against those that a person reads: right, silently wrong or null, and how sure.

A value is silently wrong if it is given and is not what a person reads, be it that a person cannot tell, or that the
sentence has no such value. What a person reads is in the data (slotfill/readers/values.py), or else the frame of the
gold slots. Stops are not judged; slots of one's own are if the model knows their kinds, as the parts `other.NAME`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from slotfill.readers.values import OWN
from slotfill.resolvers.frame import frame_of
from slotfill.resolvers.own_slots import OwnSlots
from slotfill.resolvers.places import spell
from slotfill.resolvers.reading import spelt
from slotfill.schema import Annotation, Example, Frame, OwnValue, PlaceValue, Slot, SlotValue
from slotfill.slot_kinds import spelt as words_of
from slotfill.tags import char_span, spans_of

# The clock of data that names none. It does not move, so that scores are repeatable.
CLOCK = datetime(2026, 11, 18, 9)
THRESHOLDS = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)


@dataclass(frozen=True, slots=True)
class Risk:
    """What becomes of the values if those with less confidence than `threshold` are null."""

    threshold: float
    right: int
    wrong: int  # given, and not what a person reads
    null: int  # not given, though a person can tell
    tellable: int  # values that a person can tell
    coverage: float  # the share of them for which a value is given, right or wrong
    risk: float  # the share of wrong values among those that are given
    sentences_wrong: float  # the share of sentences with a wrong value


@dataclass(frozen=True, slots=True)
class ValueScores:
    """Scores of the values of frames: at the threshold in use, and at others."""

    sentences: int
    by_hand: int  # sentences whose values a person has written down; those of the others come from their gold slots
    now: Risk
    per_part: Mapping[str, Risk]  # by part of the frame: `departure.date`
    thresholds: tuple[Risk, ...]
    given: tuple[tuple[float, bool], ...]  # every value whatever the threshold: how sure it is, and whether it is right

    def to_dict(self) -> dict[str, Any]:
        """The JSON of these scores."""
        return {
            "sentences": self.sentences,
            "by_hand": self.by_hand,
            **asdict(self.now),
            "per_part": {part: asdict(risk) for part, risk in self.per_part.items()},
            "thresholds": [asdict(risk) for risk in self.thresholds],
        }


class Judged(NamedTuple):
    """A value that is given or that a person can tell, or both."""

    part: str
    is_tellable: bool
    confidence: float | None  # None: there is no value
    is_right: bool = False


def score_values(
    examples: Sequence[Example],
    annotations: Sequence[Annotation],
    *,
    clock: datetime,
    date_order: str,
    least: float,
    own: OwnSlots | None = None,
) -> ValueScores:
    """Judge the frames of annotations by their examples; values with less confidence than `least` are null.

    `clock` is that of examples without values; `own` has the kinds of slots of one's own (`Tagger.own`).
    """
    sentences = []
    for example, annotation in zip(examples, annotations, strict=True):
        moment = example.values.clock if example.values else clock
        frame = frame_of(annotation, clock=moment, date_order=date_order, own=own)
        if example.values:
            told = example.values.parts
        else:
            told = _told(frame_of(_gold(example), clock=moment, date_order=date_order, own=own))
        sentences.append(list(judge(frame, told)))
    parts = sorted({judged.part for sentence in sentences for judged in sentence})
    flat = [judged for sentence in sentences for judged in sentence if judged.confidence is not None]
    return ValueScores(
        sentences=len(sentences),
        by_hand=sum(example.values is not None for example in examples),
        now=_risk(sentences, least),
        per_part={part: _risk([[j for j in s if j.part == part] for s in sentences], least) for part in parts},
        thresholds=tuple(_risk(sentences, threshold) for threshold in THRESHOLDS),
        given=tuple((judged.confidence or 0.0, judged.is_right) for judged in flat),
    )


def judge(frame: Frame, expected: Sequence[tuple[str, str | None]]) -> Iterator[Judged]:
    """The values of a frame against the parts that a person reads; None is a value that a person cannot tell.

    Of several values of one part, those that agree belong together; a wrong one stands for one that is missed.
    """
    given: dict[str, list[tuple[str, float]]] = {}
    for part, value in _parts(frame):
        if text := _spelt(value):
            given.setdefault(part, []).append((_compared(part, text), value.confidence))
    told: dict[str, list[str]] = {}
    for part, text in expected:
        if text is not None:
            told.setdefault(part, []).append(_compared(part, text))
    for part in {**given, **told}:
        missed = told.get(part, [])
        wrong = []
        for text, confidence in given.get(part, ()):
            if text in missed:
                missed.remove(text)
                yield Judged(part, True, confidence, is_right=True)
            else:
                wrong.append(confidence)
        for number, confidence in enumerate(wrong):
            yield Judged(part, number < len(missed), confidence)
        for _ in missed[len(wrong) :]:
            yield Judged(part, True, None)


def _parts(frame: Frame) -> Iterator[tuple[str, OwnValue]]:
    """Every value that is judged, with its part: `departure.date`, `other.guests`."""
    for name, leg in frame.items():
        if name != "stop":
            yield from ((f"{name}.{part}", value) for part, value in leg.items())
    yield from ((OWN + name, value) for name, value in frame.others())


def _told(frame: Frame) -> tuple[tuple[str, str | None], ...]:
    """The values of a frame as a person would write them down."""
    return tuple([(part, _spelt(value)) for part, value in _parts(frame)])


def _spelt(value: OwnValue) -> str | None:
    """A value as a person writes it down: a range is an interval, and money has its currency."""
    if value.value is None:
        return None
    if isinstance(value, PlaceValue):
        return value.value
    if not isinstance(value, SlotValue):
        return spelt(value.value, grain=value.grain, to=value.to)
    text = f"{value.value}" if value.to is None else f"{value.value}/{value.to}"
    return " ".join(filter(None, (value.relation, text, value.currency)))


def _compared(part: str, text: str) -> str:
    """A value as it is compared: without case and accents if it is a name or of a slot of one's own; 12.50 is 12.5."""
    if part.endswith(".place"):
        return spell(text)
    if not part.startswith(OWN):
        return text
    pieces = [_number(piece) or words_of(piece) for piece in re.split(r"([\s/]+)", text)]
    return " ".join(filter(None, pieces))


def _number(piece: str) -> str | None:
    return f"{Decimal(piece).normalize():f}" if re.fullmatch(r"-?\d+(?:\.\d+)?", piece, re.ASCII) else None


def _gold(example: Example) -> Annotation:
    """What a tagger that is right and sure would say."""
    slots = []
    for start, end, name in spans_of(example.tags):
        first, last = char_span(example.tokens, start, end)
        slots.append(Slot(name, example.text[first:last], first, last, 1.0))
    return Annotation(example.text, example.tokens, example.tags, tuple(slots), None)


def _risk(sentences: Sequence[Sequence[Judged]], threshold: float) -> Risk:
    """Count what is right and wrong at a threshold."""
    right = wrong = answered = tellable = sentences_wrong = 0
    for sentence in sentences:
        given = [j for j in sentence if j.confidence is not None and j.confidence >= threshold]
        mistakes = sum(not judged.is_right for judged in given)
        right += len(given) - mistakes
        wrong += mistakes
        answered += sum(judged.is_tellable for judged in given)
        tellable += sum(judged.is_tellable for judged in sentence)
        sentences_wrong += mistakes > 0
    return Risk(
        threshold,
        right=right,
        wrong=wrong,
        null=tellable - answered,
        tellable=tellable,
        coverage=_share(answered, tellable),
        risk=_share(wrong, right + wrong),
        sentences_wrong=_share(sentences_wrong, len(sentences)),
    )


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
