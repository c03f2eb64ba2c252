from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from slotfill.common_tokens import on_common_tokens
from slotfill.schema import Annotation, Example, Token
from slotfill.tags import TokenSpan, char_span, spans_of, tags_of

TEXT = "d'Alger, 12"


@st.composite
def cuts(draw: st.DrawFn) -> tuple[tuple[Token, ...], tuple[str, ...]]:
    """Tokens of the text cut at random, without its blank, and some slots over them."""
    edges = [*sorted({0, 8, *draw(st.sets(st.integers(1, 7)))}), 9, *draw(st.sampled_from([[], [10]])), 11]
    pairs = [(a, b) for a, b in pairwise(edges) if (a, b) != (8, 9)]
    tokens = tuple(Token(TEXT[a:b], a, b) for a, b in pairs)
    start = draw(st.integers(0, len(tokens) - 1))
    end = draw(st.integers(start + 1, len(tokens)))
    return tokens, tags_of([TokenSpan(start, end, draw(st.sampled_from(["city", "x"])))], length=len(tokens))


def characters(tokens: tuple[Token, ...], tags: tuple[str, ...]) -> list[tuple[int, int, str]]:
    return [(*char_span(tokens, start, end), name) for start, end, name in spans_of(tags)]


@given(cuts(), cuts())
def test_slots_keep_their_characters(
    gold: tuple[tuple[Token, ...], tuple[str, ...]], found: tuple[tuple[Token, ...], tuple[str, ...]]
) -> None:
    example, annotation = on_common_tokens(Example(TEXT, *gold), Annotation(TEXT, *found, (), None))
    assert example.tokens == annotation.tokens
    assert all(token.text == TEXT[token.start : token.end] != " " for token in example.tokens)
    assert characters(example.tokens, example.tags) == characters(*gold)
    assert characters(annotation.tokens, annotation.tags) == characters(*found)
