"""Make the Chinese sentences to train on: `train.markup` and `dev.markup` beside this file (`make corpus-zh`).

The sentences are drawn from `grammar/` by slotfill's generator, which is written in simplified characters. Here they
get their surface: half of them in traditional characters, as Taiwan or Hong Kong writes them, with or without
punctuation, with slips of the input method. No sentence of the hand-written parts is among them, in either script.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from random import Random

from opencc import OpenCC

from slotfill.generator.engine import Piece, Sampler, Sentence
from slotfill.generator.noise import example_of
from slotfill.generator.templates import load_own
from slotfill.markup import render
from slotfill.tokenizers import tokenizer_named

HERE = Path(__file__).parent
PARTS = {"train": (24_000, 1), "dev": (1_000, 2)}  # sentences, seed
BY_HAND = ("test", "wild-dev", "twins", "outside")
SIMPLIFIED = OpenCC("t2s").convert
TAIWAN, HONG_KONG = OpenCC("s2tw").convert, OpenCC("s2hk").convert
CANTONESE = re.compile("[冇嘅喺嚟哋啱咩乜唔嗰]|仲有|听日")
_tokenize = tokenizer_named("scripts")

# What input methods confuse, and quick writers do not tell apart: outside slots, in a sentence of so many.
SLIPS = {"的": "得地", "得": "的", "在": "再", "那": "哪", "订": "定", "坐": "做", "飞": "非", "查": "察", "请": "清"}
SLIP, DROPPED, DOUBLED, SPACED = 0.03, 0.02, 0.015, 0.03
COMMAS = {" ": 0.16, ",": 0.1, "": 0.07, "、": 0.02}  # for a full-width comma, in a sentence of so many


def surface(pieces: list[Piece], rng: Random) -> list[Piece]:
    """The pieces as somebody types them, in one of the scripts."""
    pieces = _punctuated(_slipped(pieces, rng), rng)
    if rng.random() < 0.1:
        pieces = [Piece(text.lower(), slot) for text, slot in pieces]
    text = "".join(piece.text for piece in pieces)
    if rng.random() < (0.85 if CANTONESE.search(text) else 0.5):
        return _converted(pieces, _traditional(text, rng))
    return _converted(pieces, SIMPLIFIED(text))


def _traditional(text: str, rng: Random) -> str:
    written: str = (HONG_KONG if CANTONESE.search(text) or rng.random() < 0.25 else TAIWAN)(text)
    if rng.random() < 0.8:
        written = written.replace("臺", "台")
    if rng.random() < 0.4:
        written = written.replace("週", "周")
    return written


def _converted(pieces: list[Piece], text: str) -> list[Piece]:
    """The pieces with the characters of `text`, which has as many as they have."""
    if len(text) != sum(len(piece.text) for piece in pieces):
        return pieces
    converted, start = [], 0
    for piece in pieces:
        converted.append(Piece(text[start : start + len(piece.text)], piece.slot))
        start += len(piece.text)
    return converted


def _punctuated(pieces: list[Piece], rng: Random) -> list[Piece]:
    """With other signs for commas and colons, and often without one at the end."""
    roll, comma = rng.random(), "，"
    for sign, share in COMMAS.items():
        roll -= share
        if roll < 0:
            comma = sign
            break
    colon = rng.choice("：::")
    pieces = [
        piece if piece.slot else Piece(piece.text.replace("，", comma).replace("：", colon), None) for piece in pieces
    ]
    last = pieces[-1]
    if last.slot is None and last.text[-1:] in "？。！" and rng.random() < 0.4:
        pieces[-1] = Piece(last.text[:-1], None)
    elif rng.random() < 0.08:
        pieces.append(Piece(rng.choice("。。？!！…"), None))
    return [piece for piece in pieces if piece.text]


def _slipped(pieces: list[Piece], rng: Random) -> list[Piece]:
    """With a character outside slots mistyped, left out or doubled, or with a space beside a slot."""
    roll = rng.random()
    places = [(n, at) for n, piece in enumerate(pieces) if not piece.slot for at in range(len(piece.text))]
    if places and roll < SLIP:
        places = [(n, at) for n, at in places if pieces[n].text[at] in SLIPS]
        if places:
            n, at = rng.choice(places)
            return _with(pieces, n, at, rng.choice(SLIPS[pieces[n].text[at]]))
    elif places and roll < SLIP + DOUBLED:
        n, at = rng.choice(places)
        return _with(pieces, n, at, pieces[n].text[at] * 2)
    elif roll < SLIP + DOUBLED + SPACED:
        n = rng.randrange(len(pieces))
        return [*pieces[: n + 1], Piece(" ", None), *pieces[n + 1 :]] if n + 1 < len(pieces) else pieces
    return pieces


def _with(pieces: list[Piece], number: int, at: int, character: str) -> list[Piece]:
    text = pieces[number].text
    return [*pieces[:number], Piece(text[:at] + character + text[at + 1 :], None), *pieces[number + 1 :]]


def bare(text: str) -> str:
    """What two sentences have in common that differ in script, signs, spaces and case alone."""
    return re.sub(r"\W", "", SIMPLIFIED(text)).casefold()


def by_hand() -> set[str]:
    """The hand-written sentences, bare."""
    lines = [line for part in BY_HAND for line in (HERE / f"{part}.markup").read_text("utf-8").splitlines()]
    return {digitless(bare(re.sub(r"\]\([\w.]+\)", "", line.split("\t")[0]))) for line in lines}


def digitless(text: str) -> str:
    """The text with one digit for all: `波音777` is `波音787` to those who compare."""
    return re.sub(r"\d", "0", text)


def sentences(count: int, *, seed: int, without: set[str]) -> Iterator[str]:
    """`count` different lines of markup, none of them in `without`."""
    rng = Random(seed)  # noqa: S311  # sentences, not secrets
    sampler = Sampler(load_own(HERE / "grammar"), rng, unseen=False)
    seen: set[str] = set()
    while count:
        drawn = sampler.sentence()
        if not any(piece.text.strip() for piece in drawn.pieces):
            continue
        pieces = surface(drawn.pieces, rng)
        text = "".join(piece.text for piece in pieces)
        if (
            bare(text) in seen
            or digitless(bare(text)) in without
            or not bare(text)
            or example_of(Sentence(pieces, drawn.intent), _tokenize) is None
        ):
            continue
        seen.add(bare(text))
        count -= 1
        yield _line(pieces, drawn.intent)


def _line(pieces: list[Piece], intent: str) -> str:
    spans, start = [], 0
    for text, slot in pieces:
        if slot:
            spans.append((start, start + len(text), slot))
        start += len(text)
    whole = "".join(piece.text for piece in pieces)
    shift = len(whole) - len(whole.lstrip())  # a sentence begins and ends with a visible character
    return render(whole.strip(), [(a - shift, b - shift, name) for a, b, name in spans], intent=intent)


def main() -> None:
    """Write both parts; dev has no sentence of train."""
    without = by_hand()
    for part, (count, seed) in PARTS.items():
        lines = list(sentences(count, seed=seed, without=without))
        (HERE / f"{part}.markup").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        without |= {digitless(bare(re.sub(r"\]\([\w.]+\)", "", line.split("\t")[0]))) for line in lines}


if __name__ == "__main__":
    main()
