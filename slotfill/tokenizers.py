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
_UNSPACED = (
    r"[\u3005-\u3007\u3040-\u30ff\u3100-\u312f\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    r"\uff66-\uff9f\u0e01-\u0e7f\u0e80-\u0eff\u1000-\u109f\u1780-\u17ff\U00020000-\U000323af]"
)
_UNSPACED_CHARACTER = re.compile(_UNSPACED)


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
    return tokenize if name in ("slotfill", "auto") else partial(tokens_of, pattern_of(name))


@cache
def pattern_of(name: str) -> re.Pattern[str]:
    """The pattern whose matches are the tokens; KeyError for an unknown name.

    >>> pattern_of("whitespace").findall("to Oslo.")
    ['to', 'Oslo.']
    """
    return _PATTERNS[name]()


def _scripts() -> re.Pattern[str]:
    return compiled(f"(?:(?!{_UNSPACED}){WORD})", f"{PICTURES} | {_UNSPACED}{_marks()}*", VISIBLE)


def _words() -> re.Pattern[str]:
    return re.compile(rf"(?!){PICTURES} | {WORD}+ | {VISIBLE}", re.VERBOSE)


def _characters() -> re.Pattern[str]:
    return re.compile(rf"(?!){PICTURES} | {VISIBLE}{_marks()}*", re.VERBOSE)


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
    """The class of combining characters: accents and vowel signs, which belong to the character before them."""
    marks = [code for code in range(0x300, 0x20000) if unicodedata.category(chr(code))[0] == "M"]
    return "[" + "".join([rf"\U{code:08x}" for code in marks]) + "]"
