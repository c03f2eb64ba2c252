"""From a sentence of the grammar to an example as people type it: casing, end marks, typing slips.

Only the surface changes. Slips fall on words outside slots, so that no label becomes doubtful.
"""

import re
from itertools import accumulate
from random import Random

from slotfill.errors import InputError
from slotfill.generator.engine import Piece, Sentence
from slotfill.schema import Example
from slotfill.tags import TokenSpan, tags_of
from slotfill.tokenizer import tokenize

# How people type, by rough share: as in a letter, without a capital, like ATIS, as on a phone, shouting, a headline.
_CASES = {"sentence": 45, "names": 15, "lower": 30, "upper": 5, "title": 5}
_SLIPS = 0.04  # sentences with a slip
_KEEP_QUESTION_MARK = 0.6
_FULL_STOP = 0.35
_EXCLAMATION_MARK = 0.01

_WORD = re.compile(r"(?<![\w'’])[^\W\d_][\w'’]*")
_LONG_WORD = re.compile(r"[a-z]{4,}")
_SENTENCE_START = re.compile(r"(^|[.?!] )([^\W\d_])")


def roughen(sentence: Sentence, rng: Random) -> Example:
    """Give a sentence its surface and its tags."""
    pieces = list(sentence.pieces)
    _end(pieces, rng)
    if rng.random() < _SLIPS:
        _slip(pieces, rng)
    (case,) = rng.choices(list(_CASES), cum_weights=list(accumulate(_CASES.values())))
    return _example(
        [Piece(_cased(text, case, first=not n), slot) for n, (text, slot) in enumerate(pieces)], sentence.intent
    )


def _end(pieces: list[Piece], rng: Random) -> None:
    """Drop the question mark at times; end other sentences with a full stop at times."""
    last = pieces[-1]
    roll = rng.random()
    if last.slot is None and last.text.endswith("?"):
        if roll > _KEEP_QUESTION_MARK:
            pieces[-1] = Piece(last.text[:-1], None)
    elif tokenize(f"{last.text}.")[-1].text == ".":  # not after `a.m.`, nor where it would make one word: `MT.`
        if roll < _FULL_STOP:
            pieces.append(Piece(".", None))
        elif roll < _FULL_STOP + _EXCLAMATION_MARK:
            pieces.append(Piece("!", None))


def _slip(pieces: list[Piece], rng: Random) -> None:
    """Lose, double or swap letters in one word outside slots."""
    words = [
        (number, match) for number, (text, slot) in enumerate(pieces) if not slot for match in _LONG_WORD.finditer(text)
    ]
    if not words:
        return
    number, match = rng.choice(words)
    word, at = match.group(), rng.randrange(1, len(match.group()) - 1)
    wrong = rng.choice(
        [
            word[:at] + word[at + 1 :],
            word[:at] + word[at] + word[at:],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        ]
    )
    text = pieces[number].text
    pieces[number] = Piece(text[: match.start()] + wrong + text[match.end() :], None)


def _cased(text: str, case: str, *, first: bool) -> str:
    if case == "lower":
        return text.lower()
    if case == "upper":
        return text.upper()
    if case == "title":
        return _WORD.sub(lambda match: match.group()[:1].upper() + match.group()[1:], text)
    if case == "sentence":
        return _SENTENCE_START.sub(
            lambda match: match[1] + match[2].upper() if match[1] or first else match.group(), text
        )
    return text


def _example(pieces: list[Piece], intent: str) -> Example:
    """Join the pieces and turn their slots into tags."""
    text = "".join(piece.text for piece in pieces)
    tokens = tokenize(text)
    first_at = {token.start: number for number, token in enumerate(tokens)}
    last_at = {token.end: number for number, token in enumerate(tokens)}
    spans = []
    start = 0
    for piece in pieces:
        end = start + len(piece.text)
        if piece.slot:
            if start not in first_at or end not in last_at:
                raise InputError(f"{piece.text!r} is not made of whole tokens in {text!r}: mend the grammar")
            spans.append(TokenSpan(first_at[start], last_at[end] + 1, piece.slot))
        start = end
    return Example(text, tokens, tags_of(spans, length=len(tokens)), intent)
