"""Under which forms tokens share an entry of the vocabulary: a model keeps the folding that fits its data.

Every folding makes compatibility forms one (full-width letters, half-width kana), every digit a `0`, and every
apostrophe `'`; it changes no offset. `plain` (slotfill/tokenizer.py) is for English, and is that of models which do
not say theirs.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable
from functools import cache, lru_cache
from typing import TypeAlias

from slotfill.tokenizer import APOSTROPHES, LONG, fold, in_order

Fold: TypeAlias = Callable[[str], str]

PLAIN = "plain"
CASED = "cased"  # words are looked up without case, but their characters keep it
FOLDINGS = {
    PLAIN: "without case, accents and all other marks: Bán is ban",
    "accented": "without case: Bán is bán",
    "chinese": "without case, and traditional Chinese characters are the simplified ones: 臺 is 台",
    CASED: "words without case, but their characters with it: Nice is not nice",
}
# Variation selectors choose between pictures of one character.
SELECTORS = dict.fromkeys([*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)], "")
_DIGIT = re.compile(r"\d")
_CACHED = 1 << 16  # forms of words with other characters than those of ASCII


def folding_named(name: str) -> Fold:
    """What makes the form of a token, by a key of `FOLDINGS`; `auto`, before data has said which, is `plain`.

    KeyError for any other.

    >>> folding_named("plain")("Bán"), folding_named("chinese")("臺"), folding_named("cased")("Nice")
    ('ban', '台', 'Nice')
    """
    return _FOLDS[name]


def key_of(name: str) -> Fold | None:
    """What makes the entry of the vocabulary from a form, where it is not the form itself.

    >>> key = key_of("cased")
    >>> key("Nice"), key_of("plain")
    ('nice', None)
    """
    return accented if name == CASED else None


def entry_of(name: str) -> Fold:
    """What makes the entry of the vocabulary from a token.

    >>> entry_of("cased")("Nice"), entry_of("plain")("Bán")
    ('nice', 'ban')
    """
    return key_of(name) or folding_named(name)


def replaced_by(name: str) -> dict[int, str]:
    """What a folding puts in place of single characters, by code point, for `str.translate`.

    >>> replaced_by("plain")[ord("’")]
    "'"
    """
    if name in (PLAIN, "auto"):
        return APOSTROPHES
    if name != "chinese":
        return APOSTROPHES | SELECTORS
    from slotfill.hanzi import table as simplified_characters  # late: English does not need it

    return APOSTROPHES | SELECTORS | simplified_characters()


def accented(word: str) -> str:
    """The form without case; accents, tones, voicing marks and vowel signs stay, in decomposed form.

    >>> accented("BÁN") == accented("bán"), accented("ban") == accented("bán"), accented("パ") == accented("バ")
    (True, False, False)
    """
    if word.isascii():
        lower = word.lower()
        return lower if lower.isalpha() else _DIGIT.sub("0", lower)
    return _normal(word, "accented")


def cased(word: str) -> str:
    """The form with case.

    >>> cased("６:30PM")
    '0:00PM'
    """
    if word.isascii():
        return word if word.isalpha() else _DIGIT.sub("0", word)
    return _normal(word, CASED)


def chinese(word: str) -> str:
    """The form without case, in simplified characters.

    >>> chinese("臺灣"), chinese("Wi-Fi")
    ('台湾', 'wi-fi')
    """
    return accented(word) if word.isascii() else _normal(word, "chinese")


_FOLDS: dict[str, Fold] = {
    "auto": fold,
    PLAIN: fold,
    "accented": accented,
    "chinese": chinese,
    CASED: cased,
}


@lru_cache(maxsize=_CACHED)
def _normal(word: str, name: str) -> str:
    """Idempotent; a token of nothing but selectors is kept as it is, so that no form is empty."""
    table = _table(name)
    before, form = "", word if len(word) < LONG else in_order(word)
    while before != form:  # folding case can make characters that normalize further
        before = form
        if name != CASED:
            form = unicodedata.normalize("NFKC", form).casefold().replace("i\u0307", "i")  # İ
        form = unicodedata.normalize("NFKD", form).translate(table) or before
    return _DIGIT.sub("0", form)


@cache
def _table(name: str) -> dict[int, str]:
    return replaced_by(name)


# --- which folding fits ----------------------------------------------------------------------------

_FEW = 0.005  # the share of letters of other scripts that an English text may have
_HAN = 0.3  # of the letters of Chinese text, and of Japanese, which has kana too
_KANA = 0.02
_MARKED = 0.01  # of the words of a language that writes accents; English has fewer
_LOOSE = 0.25  # of the words that have accents somewhere, so many may be written without them elsewhere


def best_folding(words: Iterable[str]) -> str:
    """The folding for a train split with these tokens.

    `chinese` for Chinese; `accented` for other scripts than Latin, and where accents are written by rule: at least one
    word in a hundred has one, and few of these words are written without it elsewhere. Else `plain`: in English, `São
    Paulo` and `Sao Paulo` are the same.

    >>> best_folding(["fly", "to", "Zürich"] * 2 + ["fly", "to", "Zurich"])
    'plain'
    >>> best_folding(["bay", "từ", "Hà", "Nội"]), best_folding(["去", "台", "北"]), best_folding(["かき", "が", "好き"])
    ('accented', 'chinese', 'accented')
    """
    counts = Counter(words)
    letters: Counter[str] = Counter()
    marked: Counter[bool] = Counter()
    forms: dict[str, set[str]] = {}
    for word, count in counts.items():
        for sign in word if not word.isascii() else ():
            if sign.isalpha():
                letters[_kind(sign)] += count
        letters["latin"] += count * sum(map(str.isalpha, word)) if word.isascii() else 0
        if any(map(str.isalpha, word)):
            form = accented(word)
            marked[form != fold(word)] += count
            forms.setdefault(fold(word), set()).add(form)
    total = letters.total()
    if letters["han"] > _HAN * total and letters["kana"] < _KANA * total:
        return "chinese"
    if total - letters["latin"] > _FEW * total:
        return "accented"
    with_marks = [variants for plain, variants in forms.items() if variants != {plain}]
    loose = sum(len(variants) > 1 for variants in with_marks)
    tells = marked[True] >= _MARKED * marked.total() and loose <= _LOOSE * len(with_marks)
    return "accented" if tells and with_marks else PLAIN


_KINDS = (("\u0250", "latin"), ("\u1e00", "other"), ("\u1f00", "latin"), ("\u3040", "other"), ("\u3100", "kana"))


def _kind(sign: str) -> str:
    """The script of a letter, as far as it matters here."""
    if "\uff21" <= sign <= "\uff5a":  # full-width
        return "latin"
    if "\u3400" <= sign <= "\u9fff" or "\uf900" <= sign <= "\ufaff" or "\U00020000" <= sign <= "\U000323af":
        return "han"
    if "\uff66" <= sign <= "\uff9f":
        return "kana"
    return next((kind for end, kind in _KINDS if sign < end), "other")
