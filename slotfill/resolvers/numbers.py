"""Number words to 9999 and ordinals: `twenty seventh`, `nineteen ninety one`, `2nd`, `six oh five`."""

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


# All words that number_at reads; digits and hyphens aside.
VOCABULARY = frozenset((*_CARDINAL, *_ORDINAL, "hundred", "thousand", "and"))


class Number(NamedTuple):
    """A number that ends before word `end`; spoken in pairs, `six thirty` is 630."""

    value: int
    ordinal: bool
    end: int


def number_at(words: Sequence[str], start: int, end: int) -> Number | None:
    """The longest number that begins at `start` and goes no further than `end`; words are in lower case."""
    word = words[start]
    if word[:1] in "0123456789":
        bare = word[:-2] if word[-2:] in ("st", "nd", "rd", "th") else word
        return Number(int(bare), bare != word, start + 1) if _plain(bare) else None
    if "-" in word:
        parts = word.split("-")
        whole = number_at(parts, 0, len(parts)) if all(parts) else None
        return Number(whole.value, whole.ordinal, start + 1) if whole and whole.end == len(parts) else None
    head = _below_hundred(words, start, end)
    if head is None or head.ordinal or head.end == end:
        return head
    value, _, at = head
    if words[at] in ("hundred", "thousand"):
        return _large(words, value, at, end)
    tail = _below_hundred(words, at, end)
    if tail is None or tail.ordinal or not value:
        return head
    if tail.value >= 10:
        return Number(100 * value + tail.value, False, tail.end)
    if words[at] in ("oh", "o", "zero") and tail.end < end:
        unit = _CARDINAL.get(words[tail.end], 0)
        if 1 <= unit <= 9:
            return Number(100 * value + unit, False, tail.end + 1)
    return head


def _below_hundred(words: Sequence[str], at: int, end: int) -> Number | None:
    word = words[at]
    if word in _ORDINAL:
        return Number(_ORDINAL[word], True, at + 1)
    value = _CARDINAL.get(word)
    if value is None:
        return None
    if value >= 20 and at + 1 < end:
        unit = _ORDINAL.get(words[at + 1], 99)
        if unit < 10:
            return Number(value + unit, True, at + 2)
        unit = _CARDINAL.get(words[at + 1], 99)
        if 0 < unit < 10:
            return Number(value + unit, False, at + 2)
    return Number(value, False, at + 1)


def _large(words: Sequence[str], value: int, at: int, end: int) -> Number | None:
    """`value` hundred or thousand and what follows; None above 9999."""
    for name, size in (("thousand", 1000), ("hundred", 100)):
        if at < end and words[at] == name:
            value *= size
            at += 1
            after = at + (at < end and words[at] == "and")
            tail = _below_hundred(words, after, end) if after < end else None
            if tail and not tail.ordinal:
                if tail.end < end and words[tail.end] == "hundred" and size == 1000:
                    return _above(value, _large(words, tail.value, tail.end, end))
                value, at = value + tail.value, tail.end
            break
    return Number(value, False, at) if value <= 9999 else None


def _above(thousands: int, rest: Number | None) -> Number | None:
    return rest and (Number(thousands + rest.value, False, rest.end) if thousands + rest.value <= 9999 else None)


def _plain(word: str) -> bool:
    return len(word) <= 4 and word.isascii() and word.isdigit()
