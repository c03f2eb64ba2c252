"""Text -> tokens with code-point offsets, and the folding under which tokens share a vocabulary entry.

The tokenizer splits at white space and around punctuation, but keeps together what a traveller means as one: `6:30pm`,
`o'clock`, `2026-11-02`, `11/2`, `Xi'an`, `Aix-en-Provence`, `a.m.`, `St.`. It splits at a hyphen only between codes of
three capitals: `LHR-JFK`. A possessive is a token by itself: `tomorrow` `'s`. It reads any Unicode text and never
changes it: `text[t.start:t.end] == t.text` for every token. Only white space, control characters and invisible marks
are in no token. A model may have another tokenizer (slotfill/tokenizers.py).
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache, partial
from itertools import groupby

from slotfill.schema import Token

# A word character is anything that is neither white space, control, punctuation nor symbol. Defined
# by exclusion, since `\w` lacks the combining marks that Hindi, Thai and decomposed accents need.
# The ranges are Unicode blocks: Latin-1 signs, general punctuation (but not the joiners U+200C/D),
# currency to dingbats, CJK and full-width punctuation, emoji.
WORD = (
    r"[^\s\x00-\x20!-/:-@\[-^`{-~\x7f-\xa9\xab\xac\xae-\xb1\xb4\xb6-\xb9\xbb-\xbf\xd7\xf7"
    r"\u2000-\u200b\u200e-\u206f\u20a0-\u20cf\u2190-\u2bff\u3000-\u303f"
    r"\ufe10-\ufe1f\ufe30-\ufe6f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65"
    r"\ufeff\ufff0-\uffff\U0001f000-\U0001faff]"
)
_EMOJI = r"[\u2190-\u2bff\U0001f000-\U0001faff]"
PICTURES = rf"""
    | [\U0001f1e6-\U0001f1ff]{{2}}                        # a flag
    | {_EMOJI}(?:[\ufe0f\U0001f3fb-\U0001f3ff]|\u200d{_EMOJI})*  # an emoji of one or more code points
"""
VISIBLE = r"[^\s\x00-\x20\x7f-\xa0\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]"

QUICK = r"[0-9A-Za-z]+(?![^\x20])"  # a word of ASCII before a space or the end

# After these, `'s` is a verb, which ATIS writes as one token with them; after others it is mostly a possessive.
_VERBAL = "what that it let who where there here how when why he she"
_CONTRACTED = "(?i:" + "|".join([rf"(?<=\b{word})" for word in _VERBAL.split()]) + ")"


def compiled(
    word: str,
    pictures: str,
    visible: str,
    *,
    letter: str = r"[^\W\d_]",
    beside: str = "",
    end: str = r"(?!\w)",
    signs: str = ":/.",
    marks: str = "",
) -> re.Pattern[str]:
    """The tokenizer's pattern, from those of a word's character, of emoji, and of any visible character.

    `letter` is one of an abbreviation, `end` what follows its last, `beside` what stands at the sides of an apostrophe
    (empty: a word's character); `signs` stand in times and dates, and `marks` may follow any token.
    """
    beside = beside or word
    return re.compile(
        rf"""(?:
          {QUICK}                            # nearly every word: all that follows would find the same end of it
        | \d{{4}}-\d{{1,2}}-\d{{1,2}}(?!\d)                  # an ISO date
        | (?:\d{{1,3}}(?:,\d{{3}})+(?!\d) | \d+) (?:[{signs}]\d+)*  # 1,000  6:30  11/2/2026  3.50 ...
          (?:[aApP]\.[mM]\.?{end} | {word}*)                  # ... with a suffix: pm, p.m., th, h30
          (?:-(?=[^\W\d]){word}+)*                           # 3-day
        | (?:[sS][tT][eE]? | [mMfF][tT])\.(?=\s*{beside})     # St. Louis
        {pictures}
        | {letter}\.{letter}{end} (?:\.{letter}{end})* \.?   # a.m.  U.S.A.  p.m
        | [A-Z]{{3}}(?: (?=(?<=[A-Z]{{3}}-[A-Z]{{3}})-[A-Z]{{3}})  # behind another code, which has looked ahead
            | (?=(?:-[A-Z]{{3}})+(?!-){end}))                  # LHR-JFK: each code by itself
        | {word}+ (?:(?=['’ʼ-]) (?:(?!['’ʼ][sS](?!{beside}|-)) | {_CONTRACTED})
            ['’ʼ-](?=[^\W\d]){word}+)*                       # o'clock  Aix-en-Provence  d'Ivoire  what's
        | (?<={beside})['’ʼ][sS](?!{beside}|-)               # tomorrow's: two tokens
        | {visible}                                          # any other visible character
        ){marks}""",
        re.VERBOSE,
    )


# For ASCII text: this one compiles in 2 ms, the full one in 6, which is 5 % of the time to tag a single sentence.
_ascii_pattern = cache(partial(compiled, "[0-9A-Za-z_]", "", "[!-~]"))
whole_pattern = cache(partial(compiled, WORD, PICTURES, VISIBLE))


def tokenize(text: str) -> tuple[Token, ...]:
    """Split a text into tokens, from left to right; an empty text has none."""
    if text.isascii():
        if text.replace(" ", "").isalnum():  # then `QUICK` would match every word, and needs no pattern
            return _placed(text.split(), text)
        return tokens_of(_ascii_pattern(), text)
    return tokens_of(whole_pattern(), text)


def tokens_of(pattern: re.Pattern[str], text: str) -> tuple[Token, ...]:
    """Every match of a pattern as a token, from left to right."""
    return _placed(pattern.findall(text), text)  # with `finditer`, a token would take half as long again


def _placed(words: Iterable[str], text: str) -> tuple[Token, ...]:
    tokens, end = [], 0
    for word in words:
        start = text.index(word, end)  # what is between tokens is invisible, so it holds no other such word
        end = start + len(word)
        tokens.append(Token(word, start, end))
    return tuple(tokens)


def fold(word: str) -> str:
    """The form under which a token is looked up: without case and accents, every digit a `0`.

    Idempotent. A token of nothing but accents is kept as it is, so that no form is empty.
    """
    if word.isascii():
        lower = word.lower()
        return lower if lower.isalpha() else _DIGIT.sub("0", lower)
    # Folding case can add accents (`İ`), and stripping accents can expose case: repeat until nothing changes.
    before, folded = "", word if len(word) < LONG else in_order(word)
    while before != folded:
        before = folded
        parts = unicodedata.normalize("NFKD", before.casefold())
        folded = "".join(c for c in parts if not unicodedata.combining(c)) or before
    return _DIGIT.sub("0", folded.translate(APOSTROPHES))


def in_order(word: str) -> str:
    """A long word with its accents in their canonical order, which takes `normalize` the square of their number."""
    marks = groupby(word.translate(_MARKS_IN_PARTS), key=lambda sign: unicodedata.combining(sign) > 0)
    return "".join(["".join(sorted(run, key=unicodedata.combining) if is_marked else run) for is_marked, run in marks])


LONG = 200  # code points
# The only characters that are made of nothing but accents, and yet are not one (`unicodedata.combining`).
_MARKS_IN_PARTS = {code: unicodedata.normalize("NFKD", chr(code)) for code in (0xF73, 0xF75, 0xF81, 0xFF9E, 0xFF9F)}
_DIGIT = re.compile(r"\d")
APOSTROPHES = str.maketrans({"’": "'", "ʼ": "'", "‘": "'"})
