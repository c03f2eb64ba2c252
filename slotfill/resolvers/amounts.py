"""Amounts in words and digits: `two`, `1,200`, `2.5`, `a dozen`, `one and a half`, `1.2 million`."""

import re
import unicodedata
from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

_TOKEN = re.compile(r"\d+(?:[.,'\u202f\u00a0]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)?|[^\w\s]", re.UNICODE)
DIGITS = re.compile(r"\d")
# A dash joins words (`twenty-five`, `two-hour`), but is a range between digits.
_HYPHEN = re.compile(r"(?<=[a-z])-(?=[a-z])")
_SPACED = re.compile(r"(?<=\d)[ \u00a0\u202f](?=\d{3}\b)(?<!\d{4}.)")


def words_in(text: str) -> tuple[str, ...]:
    """The words between blanks.

    >>> words_in("few several")
    ('few', 'several')
    """
    return tuple(text.split())


def tokens_of(text: str) -> list[str]:
    """The words, numbers and signs of a text in lower case; `1 200` is one number, `½` is `1/2` after a space."""
    text = re.sub(r"(\d?)([¼½¾⅓⅔])", lambda m: f"{m[1]} {unicodedata.normalize('NFKC', m[2])}", text)
    text = text.replace("⁄", "/").replace("–", "-").replace("—", "-").replace("−", "-").lower().strip()
    text = re.sub(r"(?<![\d.])\.(?=\d)", "0.", _SPACED.sub("", text))
    return _TOKEN.findall(_HYPHEN.sub(" ", text).rstrip(".,;!?"))


# --- plain numbers ---------------------------------------------------------------------------------

UNITS = {
    word: n
    for n, word in enumerate(
        words_in(
            "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
            "seventeen eighteen nineteen"
        )
    )
}
TENS = {w: 10 * n for n, w in enumerate(words_in("twenty thirty forty fifty sixty seventy eighty ninety"), 2)}
TENS["fourty"] = 40
_SCALES = {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9, "k": 1000, "grand": 1000}
_SHORT_SCALES = {"m": 10**6, "mn": 10**6, "mio": 10**6, "bn": 10**9}  # of money alone: elsewhere, `m` may be a metre
_GROUPS = {"dozen": 12, "dozens": 12, "score": 20}
_FRACTIONS = {"half": Fraction(1, 2), "quarter": Fraction(1, 4), "third": Fraction(1, 3)}
ARTICLES = ("a", "an")
_COUPLES = ("couple", "pair")


class Amount(NamedTuple):
    """A number that ends before the token `end`; `others` are its other readings: 1.200 is 1.2 or 1200."""

    value: Fraction
    end: int
    others: tuple[Fraction, ...] = ()


def amount_at(words: Sequence[str], at: int, *, is_money: bool = False) -> Amount | None:
    """The longest number that begins at a token, or None."""
    found = _digits_at(words, at, is_money=is_money) or _group_at(words, at) or _words_at(words, at)
    if found is None or found.others:
        return found
    return _with_fraction(words, found)


def _digits_at(words: Sequence[str], at: int, *, is_money: bool) -> Amount | None:
    """`27`, `1,200`, `2.5`, `1/2`, `1 1/2`, `2k`, `1.2 million`, `2 dozen`."""
    if at >= len(words) or not DIGITS.match(words[at]):
        return None
    readings = _written(words[at], is_money=is_money)
    if not readings:
        return None
    value, end = readings[0], at + 1
    if words[end : end + 1] == ["/"] and len(words) > end + 1 and words[end + 1].isdigit() and int(words[end + 1]):
        if words[at].isdigit() and int(words[at]) < int(words[end + 1]):
            return Amount(Fraction(int(words[at]), int(words[end + 1])), end + 2)
        return None
    scales = _SCALES | _SHORT_SCALES if is_money else _SCALES
    while end < len(words) and words[end] in scales:
        value, end = value * scales[words[end]], end + 1
        readings = readings[:1]
    if end < len(words) and words[end] in _GROUPS:
        value, end = value * _GROUPS[words[end]], end + 1
    return Amount(value, end, tuple(readings[1:]) and tuple(readings))


def _written(word: str, *, is_money: bool) -> list[Fraction]:
    """The readings of digits with signs: `1,200` is 1200, `1.5` and `1,5` are 1.5, `1.200` is 1.2 or 1200."""
    word = word.replace("'", "").replace("\u202f", "").replace("\u00a0", "")
    if re.fullmatch(r"\d{1,18}", word, re.ASCII):
        return [Fraction(word)]
    if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", word, re.ASCII):
        return [Fraction(word.replace(",", ""))]
    if re.fullmatch(r"\d{1,3}(\.\d{3})+,\d+|\d{1,3}(\.\d{3}){2,}", word, re.ASCII):
        return [Fraction(word.replace(".", "").replace(",", "."))]
    if re.fullmatch(r"\d{1,3}\.\d{3}", word, re.ASCII):
        thousands = Fraction(word.replace(".", ""))
        if word.startswith("0"):
            return [Fraction(word)]
        return [thousands] if is_money else [Fraction(word), thousands]
    if re.fullmatch(r"\d{1,18}[.,]\d{1,9}", word, re.ASCII):
        return [Fraction(word.replace(",", "."))]
    return []


def _group_at(words: Sequence[str], at: int) -> Amount | None:
    """`a dozen`, `half a dozen`, `two dozen`, `a couple of`, `a pair`."""
    start = at
    times = Fraction(1)
    if words[at : at + 1] == ["half"]:
        times, at = Fraction(1, 2), at + 1
    if words[at : at + 1] and words[at] in ARTICLES:
        at += 1
    if at >= len(words):
        return None
    if words[at] == "dozen":
        return Amount(12 * times, at + 1)
    if words[at] in _COUPLES and times == 1:
        return Amount(Fraction(2), at + 1 + (words[at + 1 : at + 2] == ["of"]))
    if times != 1 and at > start:
        return None
    number = _words_at(words, start)
    if number and number.end < len(words) and words[number.end] in _GROUPS and words[number.end] != "dozens":
        return Amount(number.value * _GROUPS[words[number.end]], number.end + 1)
    return None


def _words_at(words: Sequence[str], at: int) -> Amount | None:
    """`two`, `twenty five`, `one hundred and twenty`, `two thousand`, `a hundred`; None for `six thirty`."""
    if words[at : at + 1] and words[at] in ARTICLES and words[at + 1 : at + 2] and words[at + 1] in _SCALES:
        words = [*words[:at], "one", *words[at + 1 :]]
    total, current, end, least = 0, 0, at, 10**12
    room = 100  # what may follow: units after tens, anything below a hundred after it
    while end < len(words):
        word = words[end]
        if word == "and" and end > at and end + 1 < len(words) and (current >= 100 or (total and not current)):
            if words[end + 1] not in UNITS and words[end + 1] not in TENS:
                break
            end += 1
            continue
        if word in UNITS or word in TENS:
            value = UNITS.get(word, TENS.get(word, 0))
            if value >= room or (current and not value):
                return None
            current += value
            room = 10 if word in TENS else 0
        elif word == "hundred" and (0 < current < 10 or (10 < current < 100 and current % 10 and not total)):
            current, room = current * 100, 100
        elif word in _SCALES and word not in ("hundred", "k") and current and _SCALES[word] < least:
            least = _SCALES[word]
            total, current, room = total + current * least, 0, 100
        else:
            break
        end += 1
    return Amount(Fraction(total + current), end) if end > at else None


def _with_fraction(words: Sequence[str], whole: Amount) -> Amount:
    """`two and a half`, `1 1/2`, `two and three quarters`."""
    end = whole.end
    if whole.value.denominator != 1:
        return whole
    if words[end : end + 1] == ["and"]:
        at = end + 1
        count = 1
        if words[at : at + 1] and words[at] in ARTICLES:
            at += 1
        elif words[at : at + 1] in (["three"], ["two"], ["one"]):
            count, at = UNITS[words[at]], at + 1
        word = words[at] if at < len(words) else ""
        part = _FRACTIONS.get(word) or (_FRACTIONS.get(word.removesuffix("s")) if count > 1 else None)
        if part and count * part < 1:
            return Amount(whole.value + count * part, at + 1)
    rest = _slashed(words, end)
    return Amount(whole.value + rest, end + 3) if rest else whole


def _slashed(words: Sequence[str], at: int) -> Fraction | None:
    """The `1/2` of `1 1/2`."""
    if len(words) < at + 3 or words[at + 1] != "/" or not (words[at].isdigit() and words[at + 2].isdigit()):
        return None
    return Fraction(int(words[at]), int(words[at + 2])) if 0 < int(words[at]) < int(words[at + 2]) else None


def scalar(value: Fraction) -> int | float:
    """A whole number as one."""
    return int(value) if value.denominator == 1 else float(value)
