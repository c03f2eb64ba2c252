"""A sentence of the grammar -> an example as people type and speak it.

Only the surface changes: casing, punctuation, spaces, accents, spelling, typing errors, fillers. A change that would
make a slot begin or end within a token is dropped, so the labels stay exact.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from random import Random

from slotfill.errors import InputError
from slotfill.generator.engine import Piece, Sentence
from slotfill.generator.grammar import read_lexicon
from slotfill.schema import Example, Token
from slotfill.tags import TokenSpan, tags_of
from slotfill.tokenizer import tokenize

# How people write, by rough share in percent.
_CASES = {"sentence": 42, "names": 14, "lower": 33, "upper": 5, "title": 4, "shouted words": 2}
_KEEP_QUESTION_MARK = 0.6
_FULL_STOP = 0.35
_EXCLAMATION_MARK = 0.01
_RESPELL = 0.6  # of the words with another spelling, in a sentence that is respelled

_WORD = re.compile(r"(?<![\w'’])[^\W\d_][\w'’]*")
_LONG_WORD = re.compile(r"(?<![\w'’-])[^\W\d_]{4,}(?![\w'’-])")
_SENTENCE_START = re.compile(r"(^|[.?!] )([^\W\d_])")
_WITHOUT_ACCENT = str.maketrans(
    {"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ı": "i", "ß": "ss", "æ": "ae"}
)
# The keys around each key of a QWERTY keyboard.
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_NEIGHBOURS = {
    key: "".join(other[max(0, at - 1) : at + 2] for other in _ROWS[max(0, number - 1) : number + 2]).replace(key, "")
    for number, row in enumerate(_ROWS)
    for at, key in enumerate(row)
}


def roughen(sentence: Sentence, rng: Random) -> Example:
    """Draw a surface for a sentence, and tag it."""
    pieces = list(sentence.pieces)
    _end(pieces, rng)
    for share, change in _CHANGES:
        if rng.random() < share:
            changed = change(pieces, rng)
            if _spans(changed) is not None:
                pieces = changed
    (case,) = rng.choices(list(_CASES), cum_weights=list(accumulate(_CASES.values())))
    cased = [Piece(_cased(text, case, rng, first=not n), slot) for n, (text, slot) in enumerate(pieces)]
    return _example(pieces if _spans(cased) is None else cased, sentence.intent)


def _end(pieces: list[Piece], rng: Random) -> None:
    """Sometimes drop the question mark; sometimes end another sentence with a full stop."""
    last = pieces[-1]
    roll = rng.random()
    if last.slot is None and last.text.endswith("?"):
        if roll > _KEEP_QUESTION_MARK:
            pieces[-1] = Piece(last.text[:-1], None)
    elif last.text[-1].isalnum() and tokenize(f"{last.text}.")[-1].text == ".":  # not where it joins the token: `MT.`
        if roll < _FULL_STOP:
            pieces.append(Piece(".", None))
        elif roll < _FULL_STOP + _EXCLAMATION_MARK:
            pieces.append(Piece("!", None))


# --- changes, each for a share of the sentences ---------------------------------------------------


def _add_filler(pieces: list[Piece], rng: Random) -> list[Piece]:
    """Put one or two `uh`s before a word."""
    fillers = read_shipped("fillers")
    for _ in range(rng.choice((1, 1, 2))):
        pieces = _at_a_space(pieces, rng, lambda _: f"{_drawn(fillers, rng)['name']} ")
    return pieces


def _stammer(pieces: list[Piece], rng: Random) -> list[Piece]:
    """Repeat a word outside slots."""
    return _at_a_space(pieces, rng, lambda before: f"{before.split()[-1]} " if before.strip() else "")


def _respell(pieces: list[Piece], rng: Random) -> list[Piece]:
    """Write words as in a chat (`tmrw`) or with a common misspelling (`tommorow`)."""
    spellings = read_shipped("spellings")
    by_word: dict[str, list[dict[str, str]]] = {}
    for entry in spellings:
        by_word.setdefault(entry["name"].lower(), []).append(entry)
    word = re.compile(
        rf"(?i)(?<![\w'’-])(?:{'|'.join(sorted(map(re.escape, by_word), key=len, reverse=True))})(?![\w'’-])"
    )
    return [
        Piece(
            word.sub(
                lambda match: (
                    _drawn(by_word[match.group().lower()], rng)["typed"] if rng.random() < _RESPELL else match.group()
                ),
                text,
            ),
            slot,
        )
        for text, slot in pieces
    ]


def _slip(pieces: list[Piece], rng: Random) -> list[Piece]:
    """Drop, double, swap or mistype a letter in one or two words; in names as well."""
    pieces = list(pieces)
    for _ in range(rng.choice((1, 1, 1, 2))):
        words = [(number, match) for number, (text, _) in enumerate(pieces) for match in _LONG_WORD.finditer(text)]
        if not words:
            break
        number, match = rng.choice(words)
        word, at = match.group(), rng.randrange(1, len(match.group()) - 1)
        near = _NEIGHBOURS.get(word[at].lower(), word[at])
        wrong = rng.choice(
            [
                word[:at] + word[at + 1 :],
                word[:at] + word[at] + word[at:],
                word[:at] + word[at + 1] + word[at] + word[at + 2 :],
                word[:at] + rng.choice(near) + word[at + 1 :],
            ]
        )
        text, slot = pieces[number]
        pieces[number] = Piece(text[: match.start()] + wrong + text[match.end() :], slot)
    return pieces


def _lose_commas(pieces: list[Piece], _: Random) -> list[Piece]:
    kept = [Piece(text if slot else text.replace(",", ""), slot) for text, slot in pieces]
    return [piece for piece in kept if piece.text]


def _change_apostrophes(pieces: list[Piece], rng: Random) -> list[Piece]:
    """Curl them, or leave them out: `dont`, `Xian`."""
    sign = rng.choice(("’", ""))
    return [Piece(text.replace("'", sign), slot) for text, slot in pieces]


def _strip_accents(pieces: list[Piece], _: Random) -> list[Piece]:
    """Write as on a keyboard without accents: `Malmo`, `Lodz`."""
    return [Piece(text if text.isascii() else _plain(text), slot) for text, slot in pieces]


def _plain(text: str) -> str:
    parts = unicodedata.normalize("NFKD", text.translate(_WITHOUT_ACCENT))
    return "".join(part for part in parts if not unicodedata.combining(part))


def _change_space(pieces: list[Piece], rng: Random) -> list[Piece]:
    """Double a space, or drop those after commas and full stops."""
    if rng.random() < 0.5:
        return [Piece(text if slot else re.sub(r"(?<=[,.?!]) ", "", text), slot) for text, slot in pieces]
    return _at_a_space(pieces, rng, lambda _: " ")


def _end_oddly(pieces: list[Piece], rng: Random) -> list[Piece]:
    """End with several punctuation marks, or a smiley."""
    return [*pieces, Piece(rng.choice(("!!", "??", "...", " ...", " :)", " ;-)", "!!!", " ?")), None)]


_CHANGES: tuple[tuple[float, Callable[[list[Piece], Random], list[Piece]]], ...] = (
    (0.04, _add_filler),
    (0.015, _stammer),
    (0.06, _respell),
    (0.09, _slip),
    (0.10, _lose_commas),
    (0.40, _strip_accents),
    (0.08, _change_apostrophes),
    (0.02, _change_space),
    (0.02, _end_oddly),
)


def _at_a_space(pieces: list[Piece], rng: Random, made: Callable[[str], str]) -> list[Piece]:
    """Insert text after one of the spaces outside slots; `made` gets the text before it in its piece."""
    spaces = [
        (number, match.end())
        for number, (text, slot) in enumerate(pieces)
        if not slot
        for match in re.finditer(" ", text)
    ]
    if not spaces:
        return pieces
    number, at = rng.choice(spaces)
    text = pieces[number].text
    changed = Piece(text[:at] + made(text[:at]) + text[at:], None)
    return [*pieces[:number], changed, *pieces[number + 1 :]]


@lru_cache
def read_shipped(name: str) -> list[dict[str, str]]:
    """The entries of a lexicon in `surface/`."""
    return read_lexicon(Path(__file__).parent / "surface" / f"{name}.txt", of_cities=False).entries


def _drawn(entries: list[dict[str, str]], rng: Random) -> dict[str, str]:
    (entry,) = rng.choices(entries, [float(entry.get("weight", 1)) for entry in entries])
    return entry


# --- the surface and its tags ----------------------------------------------------------------------


def _cased(text: str, case: str, rng: Random, *, first: bool) -> str:
    if case == "lower":
        return text.lower()
    if case == "upper":
        return text.upper()
    if case == "title":
        return _WORD.sub(lambda match: match.group()[:1].upper() + match.group()[1:], text)
    if case == "shouted words":
        return _WORD.sub(lambda match: match.group().upper() if rng.random() < 0.2 else match.group(), text)
    if case == "sentence":
        return _SENTENCE_START.sub(
            lambda match: match[1] + match[2].upper() if match[1] or first else match.group(), text
        )
    return text


def _spans(pieces: list[Piece], tokens: Sequence[Token] | None = None) -> list[TokenSpan] | None:
    """The token spans of the slots; None if one of them is not made of whole tokens."""
    tokens = tokenize("".join(piece.text for piece in pieces)) if tokens is None else tokens
    first_at = {token.start: number for number, token in enumerate(tokens)}
    last_at = {token.end: number for number, token in enumerate(tokens)}
    spans = []
    start = 0
    for piece in pieces:
        end = start + len(piece.text)
        if piece.slot:
            if start not in first_at or end not in last_at:
                return None
            spans.append(TokenSpan(first_at[start], last_at[end] + 1, piece.slot))
        start = end
    return spans


def _example(pieces: list[Piece], intent: str) -> Example:
    """Join the pieces, and turn their slots into tags."""
    example = example_of(Sentence(pieces, intent), tokenize)
    if example is None:
        marked = "".join(f"[{piece.text}]" if piece.slot else piece.text for piece in pieces)
        raise InputError(f"a slot is not made of whole tokens in {marked!r}: mend the grammar")
    return example


def example_of(sentence: Sentence, tokenizer: Callable[[str], tuple[Token, ...]]) -> Example | None:
    """A sentence as it is, with tags; None if a slot is not made of whole tokens."""
    text = "".join(piece.text for piece in sentence.pieces)
    tokens = tokenizer(text)
    spans = _spans(sentence.pieces, tokens)
    return None if spans is None else Example(text, tokens, tags_of(spans, length=len(tokens)), sentence.intent)
