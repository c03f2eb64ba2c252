"""Gold and predicted slots over different tokens -> over the same, so that they can be compared token by token."""

from collections.abc import Sequence
from itertools import pairwise

from slotfill.schema import Annotation, Example, Token
from slotfill.tags import char_span, spans_of, tags_of


def on_common_tokens(example: Example, annotation: Annotation) -> tuple[Example, Annotation]:
    """The two over tokens that are cut wherever a token of either begins or ends; no slot changes its characters.

    >>> example = Example("d'Alger", (Token("d'", 0, 2), Token("Alger", 2, 7)), ("O", "B-city"))
    >>> found = Annotation("d'Alger", (Token("d'Alger", 0, 7),), ("B-city",), (), None)
    >>> [one.tags for one in on_common_tokens(example, found)]
    [('O', 'B-city'), ('B-city', 'I-city')]
    """
    if example.tokens == annotation.tokens:
        return example, annotation
    text = example.text
    edges = sorted({edge for token in (*example.tokens, *annotation.tokens) for edge in (token.start, token.end)})
    covered = {at for token in (*example.tokens, *annotation.tokens) for at in range(token.start, token.end)}
    tokens = [Token(text[start:end], start, end) for start, end in pairwise(edges) if start in covered]
    gold, predicted = (_moved(one.tokens, one.tags, tokens) for one in (example, annotation))
    return example._replace(tokens=tuple(tokens), tags=gold), annotation.replace(tokens=tuple(tokens), tags=predicted)


def _moved(old: Sequence[Token], tags: Sequence[str], new: Sequence[Token]) -> tuple[str, ...]:
    """The tags of the slots over other tokens, each of which is a part of an old one or outside of all."""
    starts = {token.start: n for n, token in enumerate(new)}
    ends = {token.end: n for n, token in enumerate(new, start=1)}
    spans = [(span, *char_span(old, span.start, span.end)) for span in spans_of(tags)]
    return tags_of([span._replace(start=starts[a], end=ends[b]) for span, a, b in spans], length=len(new))
