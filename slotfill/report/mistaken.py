"""The sentences with a wrong slot or intent, and what they look like on the page."""

import json
from collections.abc import Iterable, Iterator
from html import escape
from typing import NamedTuple

from slotfill.evaluation import mistakes
from slotfill.intents import are_same
from slotfill.report.markings import breakable
from slotfill.schema import Annotation, Example
from slotfill.tags import TokenSpan, char_span, spans_of

Pair = tuple[str | None, str | None]  # what should be, and what was found; None: nothing


class Wrong(NamedTuple):
    """A sentence with a wrong slot or intent; `number` is its place in the data, from 1."""

    number: int
    example: Example
    annotation: Annotation
    judges_intent: bool  # False if only one side has an intent, which is not an error

    @property
    def slots(self) -> tuple[Pair, ...]:
        """The names of each wrong slot."""
        pairs = mistakes(self.example.tags, self.annotation.tags)
        return tuple([(gold and gold.name, found and found.name) for gold, found in pairs])

    @property
    def intents(self) -> tuple[Pair, ...]:
        """The wrong intent, if it is wrong."""
        found = self.annotation.intent.name if self.annotation.intent else None
        is_right = are_same(self.example.intent, found)
        return ((self.example.intent, found),) if self.judges_intent and not is_right else ()


def wrong_ones(examples: Iterable[Example], annotations: Iterable[Annotation]) -> Iterator[Wrong]:
    """The sentences with a wrong slot or intent, in order."""
    for number, (example, annotation) in enumerate(zip(examples, annotations, strict=True), start=1):
        judges = annotation.intent is not None and example.intent is not None
        wrong = Wrong(number, example, annotation, judges)
        if wrong.slots or wrong.intents:
            yield wrong


def sentence(wrong: Wrong) -> str:
    """A list item: the sentence as it should be, and as it was tagged."""
    example, annotation = wrong.example, wrong.annotation
    gold = dict.fromkeys(spans_of(example.tags), "")
    found = {
        span: f" {slot.confidence:.2f}" for span, slot in zip(spans_of(annotation.tags), annotation.slots, strict=True)
    }
    should, tagged = _intents(wrong)
    return (
        f'<li data-slots="{_listed(wrong.slots)}" data-intents="{_listed(wrong.intents)}">'
        f"<span class=number>{wrong.number:,}</span>"
        f"<p><b>should be</b> {marked(example, gold, right=found)}{should}</p>"
        f"<p><b>tagged as</b> {marked(annotation, found, right=gold)}{tagged}</p></li>"
    )


def _listed(pairs: tuple[Pair, ...]) -> str:
    return escape(json.dumps(pairs))


def _intents(wrong: Wrong) -> tuple[str, str]:
    """The intents of both lines, where they are judged."""
    gold, found = wrong.example.intent, wrong.annotation.intent
    if not wrong.judges_intent or gold is None or found is None:
        return "", ""
    kind = "wrong" if wrong.intents else "right"
    said = (gold, f"{found.name} {found.confidence:.2f}")
    should, tagged = [f" <em class={kind}>{breakable(one)}</em>" for one in said]
    return should, tagged


def marked(sentence: Example | Annotation, spans: dict[TokenSpan, str], *, right: dict[TokenSpan, str]) -> str:
    """The text with its slots marked; those that are not in `right` are marked as wrong."""
    tokens, text = sentence.tokens, sentence.text
    pieces, done = [], 0
    for span, confidence in spans.items():
        start, end = char_span(tokens, span.start, span.end)
        kind = "right" if span in right else "wrong"
        pieces.append(
            f"{escape(text[done:start])}<mark class={kind}>{escape(text[start:end])}"
            f"<small>{breakable(span.name)}{confidence}</small></mark>"
        )
        done = end
    return f"<bdi>{''.join(pieces)}{escape(text[done:])}</bdi>"
