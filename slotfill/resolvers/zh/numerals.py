"""Chinese numerals and digits -> numbers: `二十五`, `三千五`, `一百零五`, `廿三`, `3万5`, `1,200`, `五六百`.

Of its own: a library (cn2an 0.5.24) has to be told where a numeral ends, refuses `五六百`, and takes 0.4 s to import.
"""

import re
from fractions import Fraction
from typing import NamedTuple

_NAMES = ("零〇", "一壹", "二两贰", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖")
_DIGITS = {c: n for n, names in enumerate(_NAMES) for c in names}
_UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_TENS = {"廿": 20, "卅": 30, "卌": 40}
_BIG = {"万": 10**4, "亿": 10**8}
CHARACTERS = "".join([*_DIGITS, *_UNITS, *_TENS, *_BIG])

_RUN = re.compile(f"[{CHARACTERS}]+")
_ASCII = re.compile(r"\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d{1,15}(?:\.\d{1,9})?", re.ASCII)
_SCALE = re.compile("[百千]?万|[百千]?亿|[百千]")
_TAIL = re.compile(f"[{CHARACTERS}]+|\\d+", re.ASCII)


class Numeral(NamedTuple):
    """A number that ends before the character `end`; `high` is another one unless the numeral is exact: `五六百`."""

    low: Fraction
    high: Fraction
    end: int

    @property
    def exact(self) -> int | None:
        """The number, if it is a single whole one."""
        return int(self.low) if self.low == self.high and self.low.denominator == 1 else None


def numeral_at(text: str, at: int) -> Numeral | None:
    """The longest numeral that begins at a character of a plain text (see `hanzi.plain`), or None.

    >>> numeral_at("三千五", 0).exact, numeral_at("一百零五块", 0).exact, numeral_at("五六百", 0).high
    (3500, 105, Fraction(600, 1))
    """
    if digits := _ASCII.match(text, at):
        return _scaled(text, Fraction(digits.group().replace(",", "")), digits.end())
    run = _RUN.match(text, at)
    if run is None:
        return None
    for end in range(run.end(), at, -1):
        found = _value(text[at:end])
        if found:
            return Numeral(Fraction(found[0]), Fraction(found[1]), end)
    return None


def spelt_digits(text: str) -> int | None:
    """The number of digits that are read one by one: `二零二七`, `〇八`, `2027`; None if it has anything else.

    >>> spelt_digits("二〇二七"), spelt_digits("二十")
    (2027, None)
    """
    if text.isascii() and text.isdigit():
        return int(text)
    digits = [_DIGITS.get(c) for c in text]
    return int("".join(map(str, digits))) if digits and None not in digits else None


def _scaled(text: str, value: Fraction, end: int) -> Numeral:
    """`3万5`, `1.5万`, `2千5百`, `1万2千`."""
    scale = _SCALE.match(text, end)
    if scale is None:
        return Numeral(value, value, end)
    size = 1
    for c in scale.group():
        size *= _UNITS.get(c) or _BIG[c]
    value, end = value * size, scale.end()
    tail = _TAIL.match(text, end)
    if tail is None or value.denominator != 1:
        return Numeral(value, value, end)
    rest = numeral_at(text, end)
    if rest is None or rest.exact is None or rest.exact >= size:
        return Numeral(value, value, end)
    is_short = rest.end == end + 1 and rest.exact < 10  # 3万5 is 35,000
    value += rest.exact * size // 10 if is_short else rest.exact
    return Numeral(value, value, rest.end)


def _value(run: str) -> tuple[int, int] | None:
    """The number, or the two numbers, of a run of Chinese digits and units; None if it is none."""
    if all(c in _DIGITS for c in run):
        return _without_units(run)
    reader = _Reader()
    for c in run:
        if not reader.take(c):
            return None
    return reader.result()


def _without_units(run: str) -> tuple[int, int] | None:
    digits = [_DIGITS[c] for c in run]
    if len(digits) == 1:
        return digits[0], digits[0]
    if len(digits) == 2 and _are_about(digits):
        return digits[0], digits[1]
    if len(digits) == 2 and 0 not in digits:  # `三四` is three or four, `四三` nothing
        return None
    whole = int("".join(map(str, digits)))
    return (whole, whole) if len(digits) < 16 else None


def _are_about(digits: list[int]) -> bool:
    """Say whether two digits are `three or four`; `三五` is that too."""
    first, second = digits
    return first > 0 and (second == first + 1 or (first, second) == (3, 5))


class _Reader:
    """The number that the characters up to now make."""

    def __init__(self) -> None:
        self.total = [0, 0]  # the lower and the higher of two readings
        self.section = [0, 0]  # below the next 万 or 亿
        self.pending: list[int] = []  # digits before their unit
        self.last = 10**12  # the last unit
        self.zero = False
        self.big = 10**12

    def take(self, c: str) -> bool:
        """Take a character; say whether it may stand there."""
        if c in _DIGITS:
            return self._take_digit(_DIGITS[c])
        if c in _TENS:
            if self.pending or self.last <= 10:
                return False
            self._add(_TENS[c], _TENS[c])
            self.last = 10
            return True
        if c in _UNITS:
            return self._take_unit(_UNITS[c])
        return self._take_big(_BIG[c])

    def _take_digit(self, digit: int) -> bool:
        if not digit:
            if self.pending:
                return False
            self.zero = True
            return True
        self.pending.append(digit)
        return len(self.pending) < 2 or (len(self.pending) == 2 and _are_about(self.pending))

    def _take_unit(self, unit: int) -> bool:
        if unit >= self.last:
            return False
        if not self.pending:
            if unit != 10:
                return False
            self.pending = [1]
        self._add(self.pending[0] * unit, self.pending[-1] * unit)
        self.pending, self.last, self.zero = [], unit, False
        return True

    def _take_big(self, big: int) -> bool:
        if self.pending:
            self._add(self.pending[0], self.pending[-1])
        if not any(self.section) or big >= self.big:
            return False
        self.total = [t + s * big for t, s in zip(self.total, self.section, strict=True)]
        self.section, self.pending, self.zero = [0, 0], [], False
        self.last = self.big = big
        return True

    def _add(self, low: int, high: int) -> None:
        self.section = [self.section[0] + low, self.section[1] + high]

    def result(self) -> tuple[int, int] | None:
        """The number, of which `三千五` leaves out the last unit; None after a zero that nothing follows."""
        if self.zero and not self.pending:
            return None
        if self.pending:
            unit = self.last // 10 if self.last >= 100 and not self.zero and self.last < 10**12 else 1
            self._add(self.pending[0] * unit, self.pending[-1] * unit)
        low, high = (t + s for t, s in zip(self.total, self.section, strict=True))
        return low, high
