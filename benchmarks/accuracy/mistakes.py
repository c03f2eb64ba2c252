"""What kind of error each wrong span is, by rule: the first that fits.

The rules look at the train split alone, and nobody chooses anything by what they say: this is a look back.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from slotfill.evaluation import SpanScore
from slotfill.evaluation import mistakes as wrong_spans
from slotfill.schema import Example
from slotfill.slot_names import role_of, type_of
from slotfill.tags import OUTSIDE, TokenSpan, spans_of
from slotfill.tokenizer import fold

Tags = tuple[str, ...]

KINDS: Mapping[str, str] = {  # in the order in which they are tried; the first two are the data's
    "label": "the label is never seen in train",
    "convention": "the same words stand in train, never with this label and twice or more with the predicted one",
    "roleless": "the right span and type; gold has no role there, as in `city_name`, and the prediction has one",
    "border": "the right label on another span",
    "role": "the right span and type, another role",
    "type": "the right span, another type",
    "missed": "a slot that was not found",
    "invented": "a slot where there is none",
    "other": "another span and another label",
}
OF_THE_DATA = ("label", "convention")
_TWICE = 2


class Mistake(NamedTuple):
    """A wrong span: `gold` is None where there is none, `predicted` where none was found."""

    sentence: int  # from 0
    words: str  # those of both spans, with a neighbour on each side
    gold: TokenSpan | None
    predicted: TokenSpan | None
    kind: str
    as_gold: int  # how often train has these words with the labels of gold
    as_predicted: int  # ... with the predicted ones
    otherwise: int  # ... with others
    unknown: bool  # whether train lacks one of the words

    @property
    def labels(self) -> tuple[str, str]:
        """Of gold and of the prediction, with the number of words where the spans differ."""
        differ = self.gold and self.predicted and self.gold[:2] != self.predicted[:2]
        gold, predicted = (
            f"{span.name} ({span.end - span.start} words)" if span and differ else span.name if span else OUTSIDE
            for span in (self.gold, self.predicted)
        )
        return gold, predicted


class Train:
    """The train split, to be asked how it labels words."""

    def __init__(self, examples: Iterable[Example]) -> None:
        self.tags = {tag for example in examples for tag in example.tags}
        self.rows = [(["", *(fold(token.text) for token in e.tokens), ""], e.tags) for e in examples]
        self.places: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for number, (words, _) in enumerate(self.rows):
            for position, word in enumerate(words):
                self.places[word].append((number, position))

    def labels(self, words: Sequence[str], *, before: str | None = None, after: str | None = None) -> Counter[Tags]:
        """How often these words stand in train with which tags; if given, between these two words (`` is the end)."""
        counts: Counter[Tags] = Counter()
        for number, start in self.places.get(words[0], ()):
            row, tags = self.rows[number]
            end = start + len(words)
            around = before in (None, row[start - 1]) and after in (None, *row[end : end + 1])
            if row[start:end] == list(words) and around:
                counts[tags[start - 1 : end - 1]] += 1
        return counts


def classified(train: Sequence[Example], test: Sequence[Example], predicted: Sequence[Sequence[str]]) -> list[Mistake]:
    """Every wrong span of valid IOB2 tags for the test split."""
    known = Train(train)
    return [
        _classified(known, number, example, tags, pair)
        for number, (example, tags) in enumerate(zip(test, predicted, strict=True))
        for pair in wrong_spans(example.tags, tags)
    ]


def _classified(
    train: Train,
    number: int,
    example: Example,
    tags: Sequence[str],
    pair: tuple[TokenSpan | None, TokenSpan | None],
) -> Mistake:
    spans = [span for span in pair if span]
    start, end = min(span.start for span in spans), max(span.end for span in spans)
    words = ["", *(fold(token.text) for token in example.tokens), ""]
    own, wanted, found = words[start + 1 : end + 1], tuple(example.tags[start:end]), tuple(tags[start:end])
    kind = _kind(*pair)
    # what stands around decides, so the same neighbours count first
    counts = train.labels(own, before=words[start], after=words[end + 1])
    if kind not in ("role", "roleless") and not counts[wanted]:
        counts = train.labels(own)
    if not train.tags.issuperset(wanted):
        kind = "label"
    elif kind != "role" and not counts[wanted] and counts[found] >= _TWICE:  # which role, the whole sentence says
        kind = "convention"
    shown = " ".join(token.text for token in example.tokens[max(0, start - 1) : end + 1])
    otherwise = counts.total() - counts[wanted] - counts[found]
    unknown = any(word not in train.places for word in own)
    return Mistake(number, shown, *pair, kind, counts[wanted], counts[found], otherwise, unknown)


def _kind(gold: TokenSpan | None, predicted: TokenSpan | None) -> str:
    if gold is None:
        return "invented"
    if predicted is None:
        return "missed"
    if gold.name == predicted.name:
        return "border"
    if gold[:2] != predicted[:2]:
        return "other"
    if type_of(gold.name) != type_of(predicted.name):
        return "type"
    return "role" if role_of(gold.name) else "roleless"


def f1_without(
    mistakes: Sequence[Mistake], test: Sequence[Example], predicted: Sequence[Sequence[str]], *, kinds: Sequence[str]
) -> float:
    """Slot F1 in percent, were the mistakes of these kinds none."""
    wanted = sum(len(spans_of(example.tags)) for example in test)
    found = sum(len(spans_of(tags)) for tags in predicted)
    right = wanted - sum(mistake.gold is not None for mistake in mistakes if mistake.kind not in kinds)
    found += sum((m.gold is not None) - (m.predicted is not None) for m in mistakes if m.kind in kinds)
    return 100 * SpanScore.of(right=right, predicted=found, gold=wanted).f1
