"""Two models on the same sentences: what one has right that the other has wrong, and whether that is more than chance.

The difference in slot F1 is tested by the paired bootstrap, those in whole sentences and in intents by McNemar's exact
test; slotfill/significance.py says how, and after whom.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from slotfill.evaluation import intent_counts, sentence_counts, span_counts
from slotfill.intents import are_same
from slotfill.markup import render
from slotfill.schema import Annotation, Example
from slotfill.significance import DRAWS, Counts, Difference, f1, mcnemar, paired_bootstrap
from slotfill.tags import char_span, spans_of

# What may become of a sentence: of its slots, or of its intent alone.
IMPROVED, BROKE, OTHERWISE = "improved", "broke", "otherwise wrong"
INTENT_IMPROVED, INTENT_BROKE = "intent improved", "intent broke"
KINDS = (BROKE, IMPROVED, INTENT_BROKE, INTENT_IMPROVED, OTHERWISE)


class Answers(NamedTuple):
    """What a model makes of sentences; the examples have the tokens of the annotations, which differ by model."""

    examples: Sequence[Example]
    annotations: Sequence[Annotation]


class Change(NamedTuple):
    """A sentence that two models tag differently; `number` is its place in the data, from 1.

    `kind` is one of `KINDS`: whether its slots are right now (`improved`) or were (`broke`), or are wrong in another
    way (`otherwise wrong`); the same of its intent, where the slots of both are right, or the same.
    """

    number: int
    kind: str
    example: Example
    before: Annotation
    after: Annotation


class Paired(NamedTuple):
    """How often only one of two models is right, and McNemar's p; the shares are of the sentences that are judged."""

    before: float
    after: float
    improved: int
    broke: int
    p: float


@dataclass(frozen=True, slots=True)
class Against:
    """A model against another one, `before`.

    >>> from slotfill.tokenizer import tokenize
    >>> text, tags = "to Rome", ("O", "B-city")
    >>> example = Example(text, tokenize(text), tags)
    >>> right, wrong = [Annotation(text, example.tokens, own, (), None) for own in (tags, ("O", "O"))]
    >>> found = compare(Answers([example], [right]), Answers([example], [wrong]), name="old", knows_intents=False)
    >>> found.sentences.improved, found.changes[0].kind, found.f1.value
    (1, 'improved', 1.0)
    """

    name: str  # of the other model
    slot_f1: tuple[float, float]  # before and after
    f1: Difference
    sentences: Paired  # with every slot right
    intents: Paired | None  # None unless the data and both models have some
    changes: tuple[Change, ...]

    def count(self, kind: str) -> int:
        """How many sentences changed in this way."""
        return sum(change.kind == kind for change in self.changes)

    def to_dict(self) -> dict[str, Any]:
        """The part of the JSON of `slotfill eval --against`."""
        return {
            "model": self.name,
            "f1": {"before": self.slot_f1[0], "after": self.slot_f1[1], "difference": self.f1._asdict()},
            "sentences": self.sentences._asdict(),
            "intents": self.intents._asdict() if self.intents else None,
            "tests": {
                "f1": f"paired bootstrap over sentences, {DRAWS:,} draws",
                "sentences": "McNemar's exact test",
                "intents": "McNemar's exact test",
            },
            "changes": [
                {"number": one.number, "change": one.kind, "text": one.example.text, **lines_of(one)}
                for one in self.changes
            ],
        }


def compare(after: Answers, before: Answers, *, name: str, knows_intents: bool) -> Against:
    """Compare the answers of a model with those of another one, `name`, on the same sentences in the same order.

    `knows_intents` says whether both models do. ValueError if the sentences are not the same.
    """
    new, old = span_counts(*after), span_counts(*before)
    intents_after, intents_before = intent_counts(*after), intent_counts(*before)
    is_right = sentence_counts(new)[:, 0], sentence_counts(old)[:, 0]
    knows_intents = knows_intents and bool(intents_after.any())
    intents = _paired(intents_after, intents_before) if knows_intents else None
    return Against(
        name=name,
        slot_f1=(float(f1(old.sum(0)[None])[0]), float(f1(new.sum(0)[None])[0])),
        f1=paired_bootstrap(new, old, f1),
        sentences=_paired(sentence_counts(new), sentence_counts(old)),
        intents=intents,
        changes=tuple(_changes(after, before, right=is_right, knows_intents=knows_intents)),
    )


def _paired(after_S2: Counts, before_S2: Counts) -> Paired:
    judged = max(1, int(after_S2[:, 1].sum()))
    improved = int((after_S2[:, 0] > before_S2[:, 0]).sum())
    broke = int((after_S2[:, 0] < before_S2[:, 0]).sum())
    return Paired(
        before=int(before_S2[:, 0].sum()) / judged,
        after=int(after_S2[:, 0].sum()) / judged,
        improved=improved,
        broke=broke,
        p=mcnemar(improved=improved, broke=broke),
    )


def _changes(after: Answers, before: Answers, *, right: tuple[Counts, Counts], knows_intents: bool) -> Iterator[Change]:
    rows = zip(after.examples, before.annotations, after.annotations, *right, strict=True)
    for number, (example, old, new, is_right, was_right) in enumerate(rows, start=1):
        kind = _kind(example, old, new, is_right=bool(is_right), was_right=bool(was_right), intents=knows_intents)
        if kind is not None:
            yield Change(number, kind, example, old, new)


def _kind(
    example: Example, before: Annotation, after: Annotation, *, is_right: bool, was_right: bool, intents: bool
) -> str | None:
    """What became of a sentence; None if nothing that is judged did."""
    if is_right != was_right:
        return IMPROVED if is_right else BROKE
    if not is_right and _placed(before) != _placed(after):
        return OTHERWISE
    if intents and example.intent is not None:
        was, now = (one.intent is not None and are_same(example.intent, one.intent.name) for one in (before, after))
        if was != now:
            return INTENT_IMPROVED if now else INTENT_BROKE
    return None


def _placed(sentence: Example | Annotation) -> list[tuple[int, int, str]]:
    """The slots of a sentence by their characters, whatever its tokens."""
    return [(*char_span(sentence.tokens, start, end), name) for start, end, name in spans_of(sentence.tags)]


def lines_of(change: Change) -> dict[str, str]:
    """A changed sentence as markup: as it should be, as it was tagged before, and as it is now.

    >>> from slotfill.tokenizer import tokenize
    >>> example = Example("to Rome", tokenize("to Rome"), ("O", "B-city"))
    >>> missed = Annotation("to Rome", example.tokens, ("O", "O"), (), None)
    >>> lines_of(Change(1, "otherwise wrong", example, missed, missed))
    {'gold': 'to [Rome](city)', 'before': 'to Rome', 'after': 'to Rome'}
    """
    example, before, after = change.example, change.before, change.after
    judges = None not in (example.intent, before.intent, after.intent)
    return {
        "gold": as_markup(example, intent=example.intent if judges else None),
        "before": as_markup(before, intent=before.intent.name if before.intent and judges else None),
        "after": as_markup(after, intent=after.intent.name if after.intent and judges else None),
    }


def as_markup(sentence: Example | Annotation, *, intent: str | None) -> str:
    r"""A line of markup with the slots of the tags.

    >>> from slotfill.tokenizer import tokenize
    >>> as_markup(Example("to Rome", tokenize("to Rome"), ("O", "B-city")), intent="flight")
    'to [Rome](city)\\tflight'
    """
    return render(sentence.text, _placed(sentence), intent=intent)
