"""The tokenizers that a model may have, by name: a model keeps the one that makes the tokens of its data.

`slotfill` (slotfill/tokenizer.py) is for text as travellers write it. All of them leave out white space, control
characters and invisible marks.
"""

import re
import unicodedata
from collections.abc import Callable
from functools import cache, partial
from typing import TypeAlias

from slotfill.schema import Token
from slotfill.tokenizer import PICTURES, VISIBLE, WORD, compiled, tokenize, tokens_of, whole_pattern

Tokenizer: TypeAlias = Callable[[str], tuple[Token, ...]]

# In the order in which they are tried on data (slotfill/tokenizer_fit.py).
TOKENIZERS = {
    "slotfill": "words, and what a traveller means as one: 6:30pm, o'clock, 11/2, Aix-en-Provence",
    "scripts": "the same, with each character of Chinese, Japanese, Thai, Lao, Khmer and Burmese by itself",
    "words": "runs of letters and digits, and each other sign by itself",
    "characters": "every character by itself",
    "whitespace": "what is between white space",
}
# Scripts without spaces between words: Han, kana, bopomofo, Thai, Lao, Burmese, Khmer.
_UNSPACED_RANGES = (
    r"\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3038-\u303b\u3040-\u30ff\u3100-\u312f\u31a0-\u31bf\u31f0-\u31ff"
    r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\u0e01-\u0e7f\u0e80-\u0eff\u1000-\u109f\ua9e0-\ua9ff"
    r"\uaa60-\uaa7f\u1780-\u17ff\u19e0-\u19ff\U0001aff0-\U0001b16f\U00020000-\U000323af"
)
_UNSPACED = f"[{_UNSPACED_RANGES}]"
_UNSPACED_CHARACTER = re.compile(_UNSPACED)
# What belongs to the character before it: accents, tone and voicing marks, vowel signs, joiners, variation selectors.
# Written out, since a list made by `unicodedata` takes longer than tagging a sentence; of the spaced scripts, marks are
# characters of words anyway.
_MARK = (
    r"[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\u302a-\u302f\u3099\u309a\ufe00-\ufe0f\ufe20-\ufe2f"
    r"\u200c\u200d\uff9e\uff9f\U000e0100-\U000e01ef"
    r"\u0e31\u0e33-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb3-\u0ebc\u0ec8-\u0ece"  # Thai, Lao
    r"\u102b-\u103e\u1056-\u1059\u105e-\u1060\u1062-\u1064\u1067-\u106d\u1071-\u1074\u1082-\u108d\u108f\u109a-\u109d"
    r"\ua9e5\uaa7b-\uaa7d\u17b4-\u17d3\u17dd]"  # Burmese, Khmer
)
_LETTERS = r"A-Za-z\xaa\xb5\xba\xc0-\xd6\xd8-\xf6\xf8-\u02af\u0370-\u052f\u1e00-\u1fff"  # Latin, Greek, Cyrillic
_STACKED = r"\u17d2[\u1780-\u17b3]|\u1039[\u1000-\u1021]"  # a consonant below another, in Khmer and Burmese


def is_unspaced(text: str) -> bool:
    """Whether a text has a character of a script that does not put spaces between words.

    >>> is_unspaced("去奥斯陆"), is_unspaced("to Oslo")
    (True, False)
    """
    return not text.isascii() and _UNSPACED_CHARACTER.search(text) is not None


def tokenizer_named(name: str) -> Tokenizer:
    """The tokenizer of this name, a key of `TOKENIZERS`; `auto`, before data has said which, is `slotfill`.

    KeyError for any other.

    >>> [token.text for token in tokenizer_named("scripts")("去奥斯陆 on 3 May")]
    ['去', '奥', '斯', '陆', 'on', '3', 'May']
    """
    if name in ("slotfill", "auto"):
        return tokenize
    return _scripts_tokens if name == "scripts" else partial(tokens_of, pattern_of(name))


def _scripts_tokens(text: str) -> tuple[Token, ...]:
    """The tokens of `scripts`, which are those of `slotfill` in ASCII text."""
    return tokenize(text) if text.isascii() else tokens_of(pattern_of("scripts"), text)


@cache
def pattern_of(name: str) -> re.Pattern[str]:
    """The pattern whose matches are the tokens; KeyError for an unknown name.

    >>> pattern_of("whitespace").findall("to Oslo.")
    ['to', 'Oslo.']
    """
    return _PATTERNS[name]()


def _scripts() -> re.Pattern[str]:
    # Where only Latin letters and their like matter, a small class does: the whole one takes 1 ms to compile.
    return compiled(
        f"{WORD[:-1]}{_UNSPACED_RANGES}]",
        f"{PICTURES} | {_UNSPACED}(?:{_STACKED}|{_MARK})*",
        VISIBLE,
        letter=f"[{_LETTERS}]",
        beside=f"[0-9_{_LETTERS}]",
        end=f"(?![0-9_{_LETTERS}])",
        signs=r":/.\uff1a\uff0f\uff0e",
        marks=f"{_MARK}*",
    )


def _words() -> re.Pattern[str]:
    return re.compile(rf"(?:(?!){PICTURES} | {WORD}+ | {VISIBLE}){_marks()}*", re.VERBOSE)


def _characters() -> re.Pattern[str]:
    return re.compile(rf"(?:(?!){PICTURES} | {VISIBLE}){_marks()}*", re.VERBOSE)


def _whitespace() -> re.Pattern[str]:
    return re.compile(rf"{VISIBLE}\S*")


_PATTERNS: dict[str, Callable[[], re.Pattern[str]]] = {
    "auto": whole_pattern,
    "slotfill": whole_pattern,
    "scripts": _scripts,
    "words": _words,
    "characters": _characters,
    "whitespace": _whitespace,
}


@cache
def _marks() -> str:
    """The class of what belongs to the character before it: combining characters (accents, vowel signs), joiners."""
    marks = [code for code in range(0x300, 0x20000) if unicodedata.category(chr(code))[0] == "M"]
    return "[" + "".join([rf"\U{code:08x}" for code in marks]) + r"\u200c\u200d\U000e0100-\U000e01ef]"
