"""Number texts to 9999 and ordinals: `twenty seventh`, `nineteen ninety one`, `2nd`, `six oh five`."""

from collections.abc import Sequence
from typing import NamedTuple

_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_ORDINALS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
    "fifteenth sixteenth seventeenth eighteenth nineteenth"
)
_CARDINAL = {
    **{word: n for n, word in enumerate(_SMALL.split())},
    **{word: 10 * n for n, word in enumerate(_TENS.split(), start=2)},
    "oh": 0,
    "o": 0,
    "fourty": 40,
}
_ORDINAL = {word: n for n, word in enumerate(_ORDINALS.split(), start=1)} | {"twentieth": 20, "thirtieth": 30}
_ZEROS = ("oh", "o", "zero")
_SUFFIXES = ("st", "nd", "rd", "th")
_LARGEST = 9999

# All tokens that number_at reads, except digits and hyphenated ones.
VOCABULARY = frozenset((*_CARDINAL, *_ORDINAL, "hundred", "thousand", "and"))


class Number(NamedTuple):
    """A number that ends before the token `end`; read as pairs, `six thirty` is 630."""

    value: int
    ordinal: bool
    end: int


def number_at(texts: Sequence[str], start: int, end: int) -> Number | None:
    """The longest number that begins at `start` and ends at or before `end`; tokens are in lower case."""
    word = texts[start]
    if word[:1] in "0123456789":
        return _digits(word, start)
    if "-" in word:
        return _hyphenated(word, start)
    head = _below_hundred(texts, start, end)
    if head is None or head.ordinal or head.end == end:
        return head
    if texts[head.end] in ("hundred", "thousand"):
        return _large(texts, head.value, head.end, end)
    return _pair(texts, head, end) or head


def _digits(word: str, at: int) -> Number | None:
    """`27`, `27th`, `0530`."""
    bare = word[:-2] if word[-2:] in _SUFFIXES else word
    return Number(int(bare), bare != word, at + 1) if _plain(bare) else None


def _hyphenated(word: str, at: int) -> Number | None:
    """`twenty-seventh`."""
    parts = word.split("-")
    whole = number_at(parts, 0, len(parts)) if all(parts) else None
    return Number(whole.value, whole.ordinal, at + 1) if whole and whole.end == len(parts) else None


def _pair(texts: Sequence[str], head: Number, end: int) -> Number | None:
    """`nineteen ninety one`, `six oh five`; None if the next tokens do not belong to it."""
    tail = _below_hundred(texts, head.end, end)
    if tail is None or tail.ordinal or not head.value:
        return None
    if tail.value >= 10:
        return Number(100 * head.value + tail.value, False, tail.end)
    if texts[head.end] in _ZEROS and tail.end < end:
        unit = _CARDINAL.get(texts[tail.end], 0)
        if 1 <= unit <= 9:
            return Number(100 * head.value + unit, False, tail.end + 1)
    return None


def _below_hundred(texts: Sequence[str], at: int, end: int) -> Number | None:
    """`seven`, `seventh`, `twenty`, `twenty seven`, `twenty seventh`."""
    word = texts[at]
    if word in _ORDINAL:
        return Number(_ORDINAL[word], True, at + 1)
    value = _CARDINAL.get(word)
    if value is None:
        return None
    if value >= 20 and at + 1 < end:
        unit = _ORDINAL.get(texts[at + 1], 99)
        if unit < 10:
            return Number(value + unit, True, at + 2)
        unit = _CARDINAL.get(texts[at + 1], 99)
        if 0 < unit < 10:
            return Number(value + unit, False, at + 2)
    return Number(value, False, at + 1)


def _large(texts: Sequence[str], value: int, at: int, end: int) -> Number | None:
    """`value` hundred or thousand and what follows; None above 9999."""
    if texts[at] == "hundred":
        return _up_to_largest(_with_rest(texts, 100 * value, at + 1, end))
    rest = _rest(texts, at + 1, end)
    if rest and rest.end < end and texts[rest.end] == "hundred":
        hundreds = _large(texts, rest.value, rest.end, end)
        return hundreds and _up_to_largest(Number(1000 * value + hundreds.value, False, hundreds.end))
    return _up_to_largest(_with_rest(texts, 1000 * value, at + 1, end))


def _with_rest(texts: Sequence[str], value: int, at: int, end: int) -> Number:
    """`value` and what follows it: two hundred `and five`."""
    rest = _rest(texts, at, end)
    return Number(value + rest.value, False, rest.end) if rest else Number(value, False, at)


def _rest(texts: Sequence[str], at: int, end: int) -> Number | None:
    after = at + (at < end and texts[at] == "and")
    rest = _below_hundred(texts, after, end) if after < end else None
    return None if rest is None or rest.ordinal else rest


def _up_to_largest(number: Number) -> Number | None:
    return number if number.value <= _LARGEST else None


def _plain(word: str) -> bool:
    return len(word) <= 4 and word.isascii() and word.isdigit()
