"""Positions in a text: strings become tokens with offsets, character spans become tags.

Problems are raised as ValueError, without a place: the reader adds the file and line.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate, chain, pairwise, zip_longest
from typing import NamedTuple

from slotfill.schema import Example, GoldValues, Token
from slotfill.tags import TokenSpan, tags_of
from slotfill.tokenizer import tokenize
from slotfill.tokenizers import Tokenizer, is_unspaced, tokenizer_named


class CharSpan(NamedTuple):
    """Characters `start` to `end` (half-open) carry the slot `name`; `place` names the span in messages."""

    start: int
    end: int
    name: str
    place: str


class Marked(NamedTuple):
    """A sentence with character spans; `words` are its tokens, if they are given."""

    text: str
    words: Sequence[str] | None
    spans: Sequence[CharSpan]
    intent: str | None = None
    values: GoldValues | None = None


def example_of(marked: Marked, *, tokenizer: Tokenizer) -> Example:
    """The example of a sentence, with its own tokens or else with those of the tokenizer; ValueError as in `align`."""
    tokens = align(marked.text, marked.words, tokenizer=tokenizer)
    tags = tags_of_spans(marked.spans, text=marked.text, tokens=tokens)
    return Example(marked.text, tokens, tags, marked.intent, marked.values)


def align(text: str, words: Sequence[str] | None = None, *, tokenizer: Tokenizer = tokenize) -> tuple[Token, ...]:
    """The tokens of a text: `words` in their order, or without them, those that the tokenizer makes.

    Only white space and invisible characters may be between tokens, so that there is only one alignment. Raises
    ValueError for the first token that is not there, has white space in it or nothing visible, and for no token.
    """
    tokens = tokenizer(text) if words is None else _find(text, words)
    if not tokens:
        raise ValueError("the sentence has no token")
    return tokens


def text_of(words: Iterable[str]) -> str:
    """The text of tokens that come without one: with spaces, but not within a script that has none.

    >>> text_of(["fly", "to", "Oslo"]), text_of(["去", "奥", "斯", "陆"])
    ('fly to Oslo', '去奥斯陆')
    """
    words = list(words)
    joined = " ".join(words)
    if not is_unspaced(joined):
        return joined
    gaps = ["" if is_unspaced(left[-1:]) and is_unspaced(right[:1]) else " " for left, right in pairwise(words)]
    return "".join(chain.from_iterable(zip_longest(words, gaps, fillvalue="")))


# Tried on the texts of a file with spans and without tokens: a span is cut out of a token, but not out of a word.
_CUTTING = ("slotfill", "scripts", "words")


def cutting(sentences: Iterable[tuple[str, Iterable[CharSpan]]]) -> Tokenizer:
    """The tokenizer for texts whose tokens are not given: the first at whose tokens most spans begin and end.

    So `[Alger](city)` may stand in `d'Alger`, and a city in Chinese text.
    """
    texts = [(text, [edge for span in spans for edge in (span.start, span.end)]) for text, spans in sentences]
    misses: dict[str, int] = {}
    for name in _CUTTING:
        misses[name] = sum(_is_off(tokenizer_named(name), *one) for one in texts)
        if not misses[name]:
            break
    return tokenizer_named(min(misses, key=misses.__getitem__))


def _is_off(tokenizer: Tokenizer, text: str, edges: Sequence[int]) -> bool:
    """Whether an edge is inside a token."""
    if not edges:
        return False
    edges = sorted(edges)
    for token in tokenizer(text):
        after = bisect_right(edges, token.start)
        if after < len(edges) and edges[after] < token.end:
            return True
    return False


def _find(text: str, words: Sequence[str]) -> tuple[Token, ...]:
    tokens = []
    end = 0
    for number, word in enumerate(words, start=1):
        if not word.isprintable() or not word or " " in word:
            check_word(word, number=number)
    if " ".join(words) == text:
        ends = accumulate([len(word) + 1 for word in words], initial=0)
        return tuple([Token(word, start, start + len(word)) for word, start in zip(words, ends, strict=False)])
    for number, word in enumerate(words, start=1):
        start = text.find(word, end)
        if start < 0 or not _is_gap(text[end:start]):
            raise ValueError(
                f"token {number} is {shown(word)}, but the text continues with {shown(text[end:].lstrip())}"
            )
        end = start + len(word)
        tokens.append(Token(word, start, end))
    if not _is_gap(text[end:]):
        raise ValueError(f"the tokens end before the text does: no token has {shown(text[end:].lstrip())}")
    return tuple(tokens)


def tags_of_spans(spans: Iterable[CharSpan], *, text: str, tokens: Sequence[Token]) -> tuple[str, ...]:
    """The IOB2 tags of these character spans.

    Raises ValueError for a span that is outside the text, begins or ends within a token, overlaps another, or has a
    name that cannot be written in every format.
    """
    starts = {token.start: position for position, token in enumerate(tokens)}
    ends = {token.end: position for position, token in enumerate(tokens, start=1)}
    result: list[TokenSpan] = []
    before: CharSpan | None = None
    for span in sorted(spans, key=lambda span: span.start):
        start, end, name, place = span
        if not is_slot_name(name):
            raise ValueError(f"{place}: {shown(name)} cannot name a slot: expected visible characters without a space")
        if not 0 <= start < end <= len(text):
            raise ValueError(
                f"{place} is {start} to {end}: expected 0 <= start < end <= {len(text)}, the text's length"
            )
        if text[start].isspace() or text[end - 1].isspace():
            verb = "begins" if text[start].isspace() else "ends"
            raise ValueError(f"{place} {shown(text[start:end])} {verb} with a blank, which --on-error fix cuts off")
        for offset, edges, verb in ((start, starts, "starts"), (end, ends, "ends")):
            if offset not in edges:
                piece = f"{place} {shown(text[start:end])} {verb} at character {offset}"
                raise ValueError(f"{piece}, {_off_edge(offset, tokens, verb=verb)}")
        if before and start < before.end:
            problem = f"{place} ({start} to {end}) overlaps {before.place} ({before.start} to {before.end})"
            raise ValueError(f"{problem}; --on-error fix keeps the longest")
        result.append(TokenSpan(starts[start], ends[end], name))
        before = span
    return tags_of(result, length=len(tokens))


def is_slot_name(name: str) -> bool:
    """Say whether every format can write this slot name: visible characters without a space."""
    return bool(name) and name.isprintable() and " " not in name


def check_intent(intent: str | None) -> None:
    """Raise ValueError for an intent that some format cannot write."""
    if intent is not None and not (intent and intent.isprintable() and intent == intent.strip()):
        raise ValueError(f"{shown(intent)} cannot name an intent: expected visible characters, no space at either end")


def shown(piece: str) -> str:
    """A piece of the user's text for a message: quoted, on one line, and shortened."""
    return ascii(piece)[:60] if not piece.isprintable() else f'"{piece if len(piece) <= 40 else piece[:39] + "…"}"'


def _is_gap(piece: str) -> bool:
    """Say whether a piece of text may be between tokens."""
    return piece in ("", " ") or not tokenize(piece)


def check_word(word: str, *, number: int) -> None:
    """Raise ValueError if this cannot be a token."""
    if any(character.isspace() for character in word):
        raise ValueError(f"token {number}, {shown(word)}, has white space in it")
    if not tokenize(word):
        raise ValueError(f"token {number}, {shown(word)}, has nothing visible in it")


def _off_edge(offset: int, tokens: Sequence[Token], *, verb: str) -> str:
    """Say what is at an offset where a token should start or end."""
    for token in tokens:
        if token.start < offset < token.end:
            return f"inside the token {shown(token.text)} ({token.start} to {token.end})"
    return f"where no token {verb}"
