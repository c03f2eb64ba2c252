"""Texts that are tokenized already: where their tokens are."""

from collections.abc import Iterable, Sequence
from itertools import zip_longest
from typing import TypeAlias

from slotfill.errors import InputError
from slotfill.readers.alignment import align, text_of
from slotfill.schema import Token
from slotfill.tokenizer import tokenize

GivenTokens: TypeAlias = Sequence[str | Token]  # of one text, in its order


def placed(
    texts: Iterable[str] | None, tokens: Iterable[GivenTokens | None]
) -> tuple[list[str], list[tuple[Token, ...] | None]]:
    """The texts, and their tokens with offsets; None stays None.

    Without `texts`, these are the tokens joined by spaces (and without, within a script that has none). InputError,
    with the number of the text from 0, for tokens that are not those of their text, or not strings.

    >>> placed(["d'Alger"], [["d'", "Alger"]])[1]
    [(Token(text="d'", start=0, end=2), Token(text='Alger', start=2, end=7))]
    """
    sentences: list[str] = []
    found: list[tuple[Token, ...] | None] = []
    if isinstance(tokens, str):
        raise InputError('expected a list of tokens for each text: write tokens=[["to", "Oslo"]]')
    none = object()
    for number, (text, given) in enumerate(zip_longest(texts or (), tokens, fillvalue=none)):
        if given is none or (text is none and texts is not None):
            raise InputError(f"expected tokens for each text: got {'fewer' if given is none else 'more'} than texts")
        words = _words(given, number=number)
        if text is none and words is None:
            raise InputError(f"neither a text nor tokens at {number}")
        sentence = text_of(words or ()) if text is none else text
        if not isinstance(sentence, str):
            raise InputError(f"expected texts: got {type(sentence).__name__} at {number}")
        sentences.append(sentence)
        try:
            found.append(None if words is None else tokens_in(sentence, words))
        except ValueError as error:
            raise InputError(f"the tokens at {number} are not those of the text: {error}") from None
    return sentences, found


def tokens_in(text: str, words: Sequence[str]) -> tuple[Token, ...]:
    """The tokens with their offsets; ValueError if the text has others.

    >>> tokens_in("to Oslo", ["to", "Oslo"])[1]
    Token(text='Oslo', start=3, end=7)
    """
    return align(text, words) if words or tokenize(text) else ()


def _words(given: object, *, number: int) -> list[str] | None:
    if given is None:
        return None
    if isinstance(given, str) or not isinstance(given, Iterable):
        raise InputError(f"expected a list of tokens, as strings: got {type(given).__name__} at {number}")
    words = [token.text if isinstance(token, Token) else token for token in given]
    for word in words:
        if not isinstance(word, str):
            raise InputError(f"expected tokens as strings: got {type(word).__name__} at {number}")
    return words
