"""Value substitution: copies of sentences with other values of the same slot type.

A copy keeps the other words and the slots of its original. The slot type is `city_name` in `fromloc.city_name`,
whatever the role. Neighbouring slots of one role (`june` + `seventh`, `portland` + `maine`) are replaced together, by
a combination that was seen together, so that they still agree.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import accumulate
from random import Random
from typing import NamedTuple

from slotfill.schema import Example, Token
from slotfill.slot_names import role_of, type_of
from slotfill.tags import TokenSpan, char_span, spans_of, tags_of
from slotfill.tokenizer import fold, tokenize
from slotfill.tokenizers import Tokenizer, tokenizer_named
from slotfill.training.vocabularies import SlotTexts, SlotTypes, shipped_values

Substitution = tuple[TokenSpan, str]  # a span of an example, and its new text

_SUBSTITUTED = 0.5  # the probability for each unit of a copy


class Pool(NamedTuple):
    """Slot texts to draw from, with running sums of their weights."""

    texts: Sequence[SlotTexts]
    cumulated: Sequence[float]

    @classmethod
    def of(cls, weights: Mapping[SlotTexts, float]) -> "Pool":
        """From slot texts and their weights."""
        return cls(list(weights), list(accumulate(weights.values())))

    def draw(self, rng: Random) -> SlotTexts:
        """One of them at random, by weight."""
        (texts,) = rng.choices(self.texts, cum_weights=self.cumulated)
        return texts


class Substituter:
    """Copies examples with other values: values of the same examples, all equally likely, or those of gazetteers."""

    def __init__(
        self,
        examples: Iterable[Example],
        *,
        tags: frozenset[str],
        tokenizer: str = "slotfill",
        gazetteers: float = 0.0,
        lists: Iterable[Sequence[str]] = (),
    ) -> None:
        """`tags` are those that a copy may have; `tokenizer` makes the tokens of new values.

        `gazetteers` is the probability that a new value is one of a gazetteer: of those of the `lists` that have most
        of the values of its type, or else a shipped one.
        """
        self._tags = tags
        self._tokenize = tokenizer_named(tokenizer)
        seen: dict[SlotTypes, dict[SlotTexts, float]] = {}
        for example in examples:
            for unit in units_of(example):
                for spans in dict.fromkeys([unit, *((span,) for span in unit)]):  # a set has no fixed order
                    texts = tuple(_text(example, span) for span in spans)
                    seen.setdefault(_types(spans), {})[texts] = 1.0
        self._seen = {types: Pool.of(weights) for types, weights in seen.items() if len(weights) > 1}
        self._listed = dict(_listed(seen, lists))
        self._gazetteers = gazetteers

    def copy(self, example: Example, rng: Random) -> Example:
        """The example with about half of its values replaced, as far as there are others."""
        substitutions: list[Substitution] = []
        for unit in units_of(example):
            if rng.random() < _SUBSTITUTED:
                drawn = list(self._draw(unit, rng))
                if all(map(self._fits, drawn)):
                    substitutions += drawn
        return substituted(example, substitutions, tokenizer=self._tokenize) if substitutions else example

    def _fits(self, substitution: Substitution) -> bool:
        """Say whether all tags of the new span are allowed: a text of several tokens needs an `I-` tag."""
        span, text = substitution
        tokens = len(self._tokenize(text))
        return tokens == 1 or (tokens > 1 and f"I-{span.name}" in self._tags)

    def _draw(self, unit: tuple[TokenSpan, ...], rng: Random) -> Iterator[Substitution]:
        types = _types(unit)
        listed, seen = self._listed.get(types) or _shipped(types), self._seen.get(types)
        if listed is not None and rng.random() < self._gazetteers:
            yield from zip(unit, listed.draw(rng), strict=True)
        elif seen is not None:
            yield from zip(unit, seen.draw(rng), strict=True)


def tags_in(examples: Iterable[Example]) -> frozenset[str]:
    """All tags of the examples."""
    return frozenset(tag for example in examples for tag in example.tags)


def units_of(example: Example) -> list[tuple[TokenSpan, ...]]:
    """The spans of an example; neighbours of one role, with at most a comma between them, form one unit."""
    units: list[tuple[TokenSpan, ...]] = []
    for span in spans_of(example.tags):
        if units and _belong_together(units[-1][-1], span, example):
            units[-1] = (*units[-1], span)
        else:
            units.append((span,))
    return units


def _belong_together(before: TokenSpan, span: TokenSpan, example: Example) -> bool:
    if role_of(before.name) != role_of(span.name) or before.name == span.name:
        return False
    return before.end == span.start or (before.end + 1 == span.start and example.tokens[before.end].text == ",")


def substituted(example: Example, substitutions: Iterable[Substitution], *, tokenizer: Tokenizer = tokenize) -> Example:
    """The example with other texts in some of its spans; each text must have at least one token."""
    new_texts = dict(substitutions)
    text, tokens, spans = "", list[Token](), list[TokenSpan]()
    end = position = 0  # how far the old text and the old tokens are copied

    def append(piece: str, piece_tokens: Iterable[Token], *, start: int) -> None:
        """Add text; the offsets of its tokens count from `start`."""
        nonlocal text
        shift = len(text) - start
        tokens.extend(Token(token.text, token.start + shift, token.end + shift) for token in piece_tokens)
        text += piece

    for span in spans_of(example.tags):
        start, stop = char_span(example.tokens, span.start, span.end)
        append(example.text[end:start], example.tokens[position : span.start], start=end)
        first = len(tokens)
        if span in new_texts:
            append(new_texts[span], tokenizer(new_texts[span]), start=0)
        else:
            append(example.text[start:stop], example.tokens[span.start : span.end], start=start)
        spans.append(TokenSpan(first, len(tokens), span.name))
        end, position = stop, span.end
    append(example.text[end:], example.tokens[position:], start=end)
    return Example(text, tuple(tokens), tags_of(spans, length=len(tokens)), example.intent)


def _text(example: Example, span: TokenSpan) -> str:
    start, end = char_span(example.tokens, span.start, span.end)
    return example.text[start:end]


def _types(spans: Iterable[TokenSpan]) -> SlotTypes:
    return tuple(type_of(span.name) for span in spans)


def _listed(
    seen: Mapping[SlotTypes, Iterable[SlotTexts]], lists: Iterable[Sequence[str]]
) -> Iterator[tuple[SlotTypes, Pool]]:
    """For each type of which at least half of the values seen are in a list: the names of such lists."""
    known = [({_folded(name) for name in names}, names) for names in lists]
    for types, texts in seen.items():
        values = {_folded(text) for text, *others in texts if not others}
        fitting = [names for folded, names in known if values and 2 * len(values & folded) >= len(values)]
        if fitting:
            yield types, Pool.of({(name,): 1.0 for names in fitting for name in names})


def _folded(name: str) -> str:
    return " ".join(map(fold, name.split()))


@cache
def _shipped(types: SlotTypes) -> Pool | None:
    """The shipped values of these types, or None."""
    weights = shipped_values(types)
    return Pool.of(weights) if weights else None
