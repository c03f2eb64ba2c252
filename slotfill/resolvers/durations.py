"""Durations: `two hours`, `3 nights`, `an hour and a half`, `1h30`."""

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from slotfill.resolvers.amounts import ARTICLES, Amount, amount_at
from slotfill.resolvers.quantities import NOT_UNDERSTOOD, Piece, Quantity, read

_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400, "week": 604800}
_LENGTHS: dict[str, str] = {
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), "second"),
    **dict.fromkeys(("min", "mins", "minute", "minutes"), "minute"),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), "hour"),
    **dict.fromkeys(("d", "day", "days", "night", "nights", "nite", "nites"), "day"),
    **dict.fromkeys(("w", "wk", "wks", "week", "weeks"), "week"),
    **dict.fromkeys(("fortnight", "fortnights"), "fortnight"),
    **dict.fromkeys(("mo", "mos", "month", "months"), "month"),
    **dict.fromkeys(("y", "yr", "yrs", "year", "years"), "year"),
}
_WHOLE = ("month", "year")  # not a number of seconds


class Length(NamedTuple):
    """A duration: whole months, and seconds for all that is shorter."""

    months: Fraction = Fraction(0)
    seconds: Fraction = Fraction(0)
    unit: str = ""  # the last one
    plain: Fraction = Fraction(0)  # how many of it


def duration_of(text: str) -> Quantity:
    """`two hours`, `3 nights`, `an hour and a half`, `1h30`: ISO 8601; a night is a day.

    >>> duration_of("3 nights").value, duration_of("an hour and a half").value
    ('P3D', 'PT1H30M')
    """
    return read(text, _duration, units=("min", "minimum"))


def _duration(words: Sequence[str], at: int) -> Piece:
    found = _length_at(words, at)
    if found is None:
        return _bare_start(words, at)
    length, end = found
    while end < len(words):
        start = end + (words[end] in ("and", ","))
        more = _length_at(words, start)
        if more is None or _rank(more[0].unit) >= _rank(length.unit):
            minutes = _bare_minutes(words, start, length)
            if minutes is None:
                break
            more = minutes
        length = Length(
            length.months + more[0].months, length.seconds + more[0].seconds, more[0].unit, length.plain * 0
        )
        end = more[1]
    return (Quantity(iso_of(length)) if iso_of(length) else NOT_UNDERSTOOD), end


def _rank(unit: str) -> int:
    return ("second", "minute", "hour", "day", "week", "fortnight", "month", "year").index(unit)


def _bare_minutes(words: Sequence[str], at: int, length: Length) -> tuple[Length, int] | None:
    """`1h30`, `two hours thirty`."""
    amount = amount_at(words, at)
    if length.unit != "hour" or amount is None or amount.end != len(words) or not 0 < amount.value < 60:
        return None
    return Length(seconds=60 * amount.value, unit="minute"), amount.end


def _bare_start(words: Sequence[str], at: int) -> Piece:
    """The `2` of `2-3 hours` and of `two or three nights`: the unit follows."""
    amount = amount_at(words, at)
    if amount is None or words[amount.end : amount.end + 1] not in (["to"], ["-"], ["or"]):
        return None
    end = amount_at(words, amount.end + 1)
    unit = _LENGTHS.get(words[end.end]) if end and end.end < len(words) else None
    if unit is None:
        return None
    iso = iso_of(length_of(amount.value, unit))
    return (Quantity(iso), amount.end) if iso else None


def _length_at(words: Sequence[str], at: int) -> tuple[Length, int] | None:
    """`two hours`, `an hour and a half`, `half an hour`, `three quarters of an hour`, `a year`."""
    part = _part_of_unit(words, at)
    if part is not None:
        return part
    start = at
    amount = amount_at(words, at)
    if amount is None and words[at : at + 1] and words[at] in (*ARTICLES, "one"):
        amount = Amount(Fraction(1), at + 1)
    if amount is None and words[at : at + 1] == ["fortnight"] and start == 0:
        amount = Amount(Fraction(1), at)
    if amount is None or amount.others or amount.end >= len(words):
        return None
    unit = _LENGTHS.get(words[amount.end])
    if words[amount.end] == "m" and at > 1:  # 1h 30m; alone, it may be a metre
        unit = "minute"
    if unit is None:
        return None
    value, end = amount.value, amount.end + 1
    if words[end : end + 3] == ["and", "a", "half"]:
        value, end = value + Fraction(1, 2), end + 3
    elif words[end : end + 3] == ["and", "a", "quarter"]:
        value, end = value + Fraction(1, 4), end + 3
    return length_of(value, unit), end


def _part_of_unit(words: Sequence[str], at: int) -> tuple[Length, int] | None:
    """`half an hour`, `a quarter of an hour`, `three quarters of an hour`, `half a day`."""
    part, end = Fraction(0), at
    if words[at : at + 1] == ["half"]:
        part, end = Fraction(1, 2), at + 1
    elif words[at : at + 2] == ["a", "half"]:
        part, end = Fraction(1, 2), at + 2
    elif words[at : at + 3] in (["a", "quarter", "of"], ["three", "quarters", "of"]):
        part, end = Fraction(1 if words[at] == "a" else 3, 4), at + 3
    if not part:
        return None
    end += words[end : end + 1] in (["a"], ["an"])
    unit = _LENGTHS.get(words[end]) if end < len(words) else None
    return (length_of(part, unit), end + 1) if unit else None


def length_of(value: Fraction, unit: str) -> Length:
    """So many seconds, minutes, hours, days, weeks, fortnights, months or years."""
    if unit == "fortnight":
        value, unit = 2 * value, "week"
    if unit in _WHOLE:
        return Length(months=value * (12 if unit == "year" else 1), unit=unit, plain=value)
    return Length(seconds=value * _SECONDS[unit], unit=unit, plain=value)


def iso_of(length: Length) -> str | None:
    """`P3D`, `PT1H30M`, `P2W`, `P1Y6M`; None for half a month. Weeks alone are weeks, and hours stay hours: `PT48H`."""
    if length.months.denominator != 1 or length.seconds.denominator != 1:
        return None
    if length.unit in ("minute", "hour", "week") and length.plain and length.plain.denominator == 1:
        count = length.plain.numerator
        return f"P{count}W" if length.unit == "week" else f"PT{count}{length.unit[0].upper()}"
    years, months = divmod(length.months.numerator, 12)
    if length.unit == "month" and length.plain:
        years, months = 0, length.months.numerator
    days, seconds = divmod(length.seconds.numerator, 86400)
    hours, rest = divmod(seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    dated = "".join(f"{n}{letter}" for n, letter in ((years, "Y"), (months, "M"), (days, "D")) if n)
    timed = "".join(f"{n}{letter}" for n, letter in ((hours, "H"), (minutes, "M"), (seconds, "S")) if n)
    return f"P{dated}{'T' if timed else ''}{timed}" if dated or timed else None
