"""Dates of one role -> ISO dates, against a clock. docs/values.md has the rules and their reasons.

Three steps: words become pieces (a weekday, a month, `next` ...), pieces become phrases (`friday or the 3rd` are two),
and each phrase is resolved by what pieces it has. What does not fit together gives no value.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from slotfill.resolvers.numbers import number_at
from slotfill.resolvers.reading import BESIDE, FOREIGN, FREE, Reading, is_own, together

_DAYS = (
    "monday mon,tuesday tue tues,wednesday wed weds wensday wendsday,thursday thu thur thurs,friday fri,"
    "saturday sat saterday,sunday sun"
)
_MONTHS = (
    "january jan,february feb febuary,march mar,april apr,may,june jun,july jul,august aug,september sep sept,"
    "october oct,november nov,december dec"
)
_TODAYS = {
    -1: "yesterday",
    0: "today now tonight tonite 2nite 2night 2day",
    1: "tomorrow tomorow tommorow tommorrow tomorro tmrw tmr tmw 2morrow 2moro 2mrw",
}
_WORDS: dict[str, tuple[str, Any]] = {
    **{name: ("weekday", n) for n, names in enumerate(_DAYS.split(",")) for name in names.split()},
    **{name: ("month", n) for n, names in enumerate(_MONTHS.split(","), start=1) for name in names.split()},
    **{name: ("today", n) for n, names in _TODAYS.items() for name in names.split()},
    **{name: ("unit", name) for name in ("day", "week", "month", "year")},
    **{name: ("relative", name) for name in ("next", "this", "last", "same", "following", "coming")},
    **{name: ("limit", "before") for name in ("before", "by", "till")},
    **{name: ("joint", "or") for name in ("or", "and", "then", "/", "&")},
    **{name: ("joint", "to") for name in ("to", "through", "thru", "-", "–", "—")},
    "weekend": ("weekend", 0),
    "upcoming": ("relative", "coming"),
    "previous": ("relative", "last"),
    "date": ("unit", "day"),
    "fortnight": ("unit", "fortnight"),
    "after": ("limit", "after"),
    "until": ("limit", "before"),
    "from": ("from", 0),
    "later": ("later", 0),
    "not": ("no", 0),
    "no": ("no", 0),
    "in": ("in", 0),
    "a": ("one", 0),
    "an": ("one", 0),
}
# What may stand between the parts of a date and says nothing.
_GLUE = frozenset("of the on , . ( ) at than 's for".split())
_MONTH_NAMES = "January February March April May June July August September October November December".split()
_DAY_NAMES = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()

_SHIFTS = {"this": 0, "next": 1, "following": 1, "coming": 1, "last": -1, "after next": 2}
_UNSAID = "relative to a date that the sentence does not give"
_ONE_DAY = timedelta(1)


@dataclass(slots=True)
class _Phrase:
    """The pieces of one date; `joint` says what parts it from the one before: or, to (a range), new."""

    joint: str
    first: int
    last: int
    has: dict[str, Any] = field(default_factory=dict)


@lru_cache(maxsize=4096)
def resolve(
    words: tuple[str, ...], marks: tuple[str, ...], *, today: date, departure: date | None = None, order: str = "mdy"
) -> Reading:
    """What the dates of one role mean; `words` are in lower case, `marks` as in `reading`.

    `departure` is the day on which the trip begins, for a date that comes after it: nobody returns before leaving.
    `order` (`mdy` or `dmy`) is that of dates such as 11/2.
    """
    phrases = _phrases(words, marks)
    _borrow(phrases)
    readings: list[Reading] = []
    for phrase in phrases:
        after = departure
        if phrase.joint == "to" and readings and readings[-1].grain == "day" and readings[-1].value:
            after = date.fromisoformat(readings[-1].value)
        try:
            reading = _resolve(phrase.has, today=today, departure=after, order=order)
        except (ValueError, OverflowError):  # beyond the calendar
            reading = Reading(note="no such day")
        reading = reading._replace(relation=phrase.has.get("limit"), first=phrase.first, last=phrase.last)
        if phrase.joint == "to" and readings:
            readings[-1] = _range(readings[-1], reading)
        else:
            readings.append(reading)
    return together(readings) if readings else Reading(note="not understood")


def _range(start: Reading, end: Reading) -> Reading:
    whole = start.grain == end.grain == "day" and start.value and end.value and not start.to and not start.relation
    if whole and end.value and start.value and start.value < end.value:
        return start._replace(to=end.to or end.value, note=start.note or end.note, last=end.last)
    return Reading(note="a range without a beginning or an end", first=start.first, last=end.last)


# --- words -> phrases ------------------------------------------------------------------------------


def _phrases(words: Sequence[str], marks: Sequence[str]) -> list[_Phrase]:
    """Find the pieces, and begin a new phrase at `or`, after foreign words, and where a piece would be there twice."""
    phrases: list[_Phrase] = []
    joint = ""  # since the last piece
    broken = False
    at, end = _left(words, marks), _right(words, marks)
    while at < end:
        word, mark = words[at], marks[at]
        key, value, after = _piece(words, marks, at)
        begun = phrases[-1].has if phrases else {}
        if key == "joint" or (key == "limit" and word in ("until", "till") and begun and not broken):
            joint = joint or ("to" if value != "or" or _is_between(words, at) else "or")
        elif key == "break":
            broken = broken or mark != BESIDE
        elif key:
            if joint == "to" and broken:
                joint = "or"
            if not phrases or joint or not _fits(begun, key, value, broken=broken):
                phrases.append(_Phrase(joint or "or", at, at))
                begun = phrases[-1].has
            _add(begun, key, value)
            phrases[-1].last = after - 1
            joint, broken = "", False
        at = after
    return [phrase for phrase in phrases if phrase.has.keys() - {"one", "in", "no", "from"}]


def _piece(words: Sequence[str], marks: Sequence[str], at: int) -> tuple[str, Any, int]:
    """The piece that begins at a word, what it says, and where it ends; '' says nothing, `break` cannot be a date."""
    word, mark = words[at], marks[at]
    if mark in (FOREIGN, BESIDE):
        return "break", None, at + 1
    if is_own(mark):
        stop = at + 1
        while stop < len(marks) and marks[stop][:2] == "I-":
            stop += 1
        number = number_at(words, at, stop)
        if number:
            return _number(number.value, ordinal=number.ordinal, slot=mark[2:]) + (number.end,)
        if word[0].isdigit() and word not in _WORDS:
            parts = _numeric(word)
            return ("numeric", parts, at + 1) if parts else ("unknown", word, at + 1)
    elif word not in _WORDS and at + 1 < len(words) and words[at + 1].removesuffix("s") in _UNITS:
        number = number_at(words, at, at + 1)
        if number:
            return "count", number.value, at + 1
    stem = word.removesuffix("'s").removesuffix("'")
    found = _WORDS.get(stem)
    if found is None and stem.endswith("s"):
        found = _WORDS.get(stem[:-1])
        if found and found[0] == "weekday" and not word.endswith("'s"):
            return "every", found[1], at + 1
    if found:
        key, value = found
        if key == "one":
            is_count = at + 1 < len(words) and words[at + 1] in _UNITS
            return ("count", 1, at + 1) if is_count else ("", None, at + 1)
        if key == "today" and word in ("tonight", "tonite", "2nite", "2night"):
            key = "today"
        if word == "after" and at + 1 < len(words) and words[at + 1] == "next":
            return "relative", "after next", at + 2
        if not is_own(mark) and key in ("weekday", "month", "weekend"):
            return "break", None, at + 1
        return key, value, at + 1
    if word in _GLUE:
        return "", None, at + 1
    return ("unknown", word, at + 1) if is_own(mark) else ("break", None, at + 1)


_UNITS = frozenset(("day", "week", "month", "year", "fortnight"))


def _number(value: int, *, ordinal: bool, slot: str) -> tuple[str, Any]:
    if slot == "year" or (value >= 1000 and not ordinal):
        return "year", value
    return ("count", value) if slot == "date_relative" and not ordinal else ("day", value)


def _numeric(word: str) -> tuple[str, tuple[int, ...]] | None:
    """`11/2`, `2026-11-02`, `10.03.2026` as its separator and its numbers."""
    for separator in "/-.":
        parts = word.strip(separator).split(separator)
        if len(parts) > 1:
            if len(parts) <= 3 and all(len(p) <= 4 and p.isascii() and p.isdigit() for p in parts):
                return separator, tuple(map(int, parts)) + (len(parts[0]),)
            return None
    return None


def _fits(has: dict[str, Any], key: str, value: Any, *, broken: bool) -> bool:
    """Say whether a piece goes on with a phrase that has these pieces."""
    if "later" in has:
        return False
    if key in ("limit", "from") and _is_distance(has):
        return not broken
    if key == "limit":
        return "limit" not in has and not has.keys() - {"no", "in", "one", "from"}
    if key == "relative":
        return not broken and ("relative" not in has or has["relative"] in ("this", "following", "coming", value))
    if key == "unit":
        return not broken and ("unit" not in has or has["unit"] == value or "way" in has)
    if key in ("no", "in", "from", "later", "one"):
        return not broken
    if key == "count":
        return not broken and "count" not in has and not has.keys() & _POINTS
    if broken and not (has.keys() <= {"weekday", "limit"} or key == "weekday" or key in ("year", "month")):
        return False
    if key in has or (key in _POINTS and has.keys() & _POINTS and {key, *has} & {"today", "weekend", "numeric"}):
        # `tomorrow, friday` and `friday, 2026-12-05` say one thing twice
        return key not in has and not {key, *has} & {"weekend"} and (key == "weekday" or "weekday" in has)
    return not (key in ("weekday", "every") and ("weekday" in has or "every" in has))


_POINTS = frozenset(("weekday", "every", "weekend", "month", "day", "year", "today", "numeric"))


def _is_distance(has: dict[str, Any]) -> bool:
    """Say whether these pieces are `two weeks`, `the day`, `two saturdays`, to be counted from something."""
    if "way" in has or "relative" in has:
        return False
    return has.get("unit") == "day" or ("count" in has and ("unit" in has or "every" in has))


def _add(has: dict[str, Any], key: str, value: Any) -> None:
    if key == "limit" and _is_distance(has):
        has["way"] = 1 if value == "after" else -1
    elif key == "from":
        if _is_distance(has):
            has["way"] = 1
    elif key == "limit":
        has["limit"] = ("before" if value == "after" else "after") if has.pop("no", None) is not None else value
    elif key == "unit" and "way" in has:
        has["base unit"] = value
    else:
        has[key] = value


def _is_between(words: Sequence[str], at: int) -> bool:
    """Say whether the `and` at this word ends a `between ... and`."""
    return words[at] == "and" and "between" in words[max(0, at - 6) : at]


def _left(words: Sequence[str], marks: Sequence[str]) -> int:
    """Where the words before the first slot begin that bear on it: `not before`, `in`, `two weeks from`."""
    at = next((n for n, mark in enumerate(marks) if is_own(mark)), 0)
    while at > 0 and marks[at - 1] == FREE:
        word, following = words[at - 1], words[at]
        key = _WORDS.get(word.removesuffix("s"), _WORDS.get(word, ("", 0)))[0]
        counts = key == "unit" and following in ("from", "after", "before", "of", "later")
        number = following.removesuffix("s") in _UNITS and (key == "one" or number_at(words, at - 1, at))
        if not (key in ("relative", "limit", "from", "no", "in") or word in ("the", "of", "on", "between")):
            if not counts and not number:
                break
        at -= 1
    return at


def _right(words: Sequence[str], marks: Sequence[str]) -> int:
    """Where the words after the last slot end that bear on it: `week`, `of this month`, `days from now`."""
    end = next((n for n in range(len(marks), 0, -1) if is_own(marks[n - 1])), 0)
    kept = end
    while end < len(words) and marks[end] == FREE and end < kept + 4:
        word = words[end].removesuffix("s")
        if word in _UNITS or word == "date" or (word in ("now", "today", "tomorrow") and words[end - 1] == "from"):
            kept = end + 1
        elif word == "later" and words[end - 1].removesuffix("s") in _UNITS:
            kept = end + 1
        elif word not in ("of", "the", "in", "from", "this", "next", "two", "after", "following"):
            break
        end += 1
    return kept


def _borrow(phrases: Sequence[_Phrase]) -> None:
    """Give `the 27th or 28th of december` two Decembers, and `monday or tuesday next week` two weeks."""
    for this, other in [
        *zip(phrases[1:], phrases, strict=False),
        *reversed([*zip(phrases, phrases[1:], strict=False)]),
    ]:
        mine, theirs = this.has, other.has
        if mine.keys() <= {"day", "weekday", "limit"} and "day" in mine and "day" in theirs:
            keys: tuple[str, ...] = ("month", "year", "relative", "unit")
        elif mine.keys() == {"weekday"} and theirs.keys() <= {"weekday", "relative", "unit"}:
            keys = ("relative", "unit")
        else:
            continue
        mine.update({key: theirs[key] for key in keys if key in theirs})


# --- a phrase -> a date ----------------------------------------------------------------------------


def _resolve(has: dict[str, Any], *, today: date, departure: date | None, order: str) -> Reading:
    """Resolve one phrase; ValueError or OverflowError for days that the calendar does not have."""
    keys = has.keys() - {"limit", "no", "in", "one", "from", "joint"}
    if "unknown" in has:
        return Reading(note=f"not understood: {has['unknown']}")
    if "way" in has or "count" in has or "later" in has:
        return _distance(has, today=today, departure=departure, order=order)
    if has.get("relative") == "same" or (has.get("unit") == "day" and has.get("relative") != "this"):
        if keys - {"relative", "unit"}:
            if has.get("relative") == "same":
                return _resolve(
                    {k: has[k] for k in keys - {"relative", "unit"}}, today=today, departure=departure, order=order
                )
            return Reading(note="not understood")
        shift = {"next": 1, "following": 1, "same": 0, "": 0}.get(has.get("relative", ""))
        if departure is None or shift is None:
            return Reading(note=_UNSAID)
        return _day(departure + shift * _ONE_DAY)
    if "every" in has:
        reading = _resolve(
            {**{k: has[k] for k in keys - {"every"}}, "weekday": has["every"]},
            today=today,
            departure=departure,
            order=order,
        )
        return reading._replace(note=reading.note or f"every {_DAY_NAMES[has['every']]}: this is the first")
    if "numeric" in has:
        if keys - {"numeric", "weekday"}:
            return Reading(note="not understood")
        return _checked(_numeric_date(has["numeric"], since=departure or today, order=order), has)
    if "today" in has:
        if keys - {"today", "weekday"}:
            return _agreeing(has, today=today, departure=departure, order=order)
        return _checked(_day(today + has["today"] * _ONE_DAY), has)
    if "day" in has:
        return _of_month(has, keys, today=today, departure=departure)
    if "weekend" in has:
        return _weekend(has, keys, today=today)
    if "weekday" in has:
        return _weekday(has, keys, today=today, departure=departure)
    return _coarse(has, keys, today=today)


def _day(day: date, note: str | None = None) -> Reading:
    return Reading(day.isoformat(), "day", note=note)


def _checked(reading: Reading, has: dict[str, Any]) -> Reading:
    """The reading if it falls on the weekday that was said; else none, with both as alternatives."""
    weekday = has.get("weekday")
    if weekday is None or reading.value is None or reading.grain != "day":
        return reading
    day = date.fromisoformat(reading.value)
    if day.weekday() == weekday:
        return reading
    away = (weekday - day.weekday() + 3) % 7 - 3  # the nearest one is at most three days away
    return Reading(
        alternatives=(reading.value, (day + away * _ONE_DAY).isoformat()),
        note=f"{reading.value} is a {_DAY_NAMES[day.weekday()]}, not a {_DAY_NAMES[weekday]}",
    )


def _agreeing(has: dict[str, Any], *, today: date, departure: date | None, order: str) -> Reading:
    """`tomorrow the 5th`: both must be the same day."""
    first = today + has["today"] * _ONE_DAY
    rest = {key: value for key, value in has.items() if key not in ("today", "limit")}
    second = _resolve(rest, today=today, departure=departure, order=order)
    if second.value == first.isoformat():
        return second
    return Reading(alternatives=(first.isoformat(), *second.spelt), note="two different days")


def _numeric_date(numeric: tuple[str, tuple[int, ...]], *, since: date, order: str) -> Reading:
    """`2026-11-02` and what else is all numbers."""
    separator, (*numbers, first_length) = numeric
    if first_length == 4:
        return _day(date(*numbers)) if len(numbers) == 3 else Reading(note="not understood")
    first, second = numbers[:2]
    year = _year(numbers[2], since) if len(numbers) == 3 else None
    day_first = separator == "." or order == "dmy"  # dots are European, where the day comes first
    readings = {}
    for name, month, day in (("month/day", first, second), ("day/month", second, first)):
        found = _first_such(day, month, year, since)
        if found:
            readings[name] = found
    wanted, other = ("day/month", "month/day") if day_first else ("month/day", "day/month")
    if wanted in readings:
        ambiguous = other in readings and readings[other] != readings[wanted]
        return _day(readings[wanted], f"read as {wanted}; as {other} it is {readings[other]}" if ambiguous else None)
    if other in readings:
        return _day(readings[other], f"read as {other}: there is no such {wanted}")
    return Reading(note="no such day")


def _year(number: int, since: date) -> int:
    """A year of two digits is the one nearest to the clock."""
    if number >= 100:
        return number
    century = since.year - since.year % 100
    return min((century + number + shift for shift in (-100, 0, 100)), key=lambda year: abs(year - since.year))


def _first_such(day: int, month: int, year: int | None, since: date) -> date | None:
    """That day of that month in `year`, or else the first one from `since` on; None if there is none."""
    for candidate in (year,) if year is not None else range(since.year, since.year + 9):
        try:
            found = date(candidate, month, day)
        except ValueError:  # February 29 waits for a leap year; February 30 never comes
            continue
        if year is not None or found >= since:
            return found
    return None


def _of_month(has: dict[str, Any], keys: set[str], *, today: date, departure: date | None) -> Reading:
    """A day of a month, of this or next month, or just the next such day."""
    day, since = has["day"], departure or today
    if keys - {"day", "month", "year", "weekday", "relative", "unit"} or has.get("unit") in (
        "week",
        "day",
        "fortnight",
    ):
        return Reading(note="not understood")
    relative = has.get("relative")
    year = _year(has["year"], today) if "year" in has else None
    if has.get("unit") == "year":
        if relative not in _SHIFTS or "month" not in has:
            return Reading(note="not understood")
        year = today.year + _SHIFTS[relative]
    elif "month" in has:
        if relative not in (None, "this", "coming"):
            since = today + _ONE_DAY
    elif relative is not None:
        if relative not in _SHIFTS:
            return Reading(note=_UNSAID)
        found = _shifted_month(today, _SHIFTS[relative]).replace(day=day)
        return _checked(_day(found, "before the clock's day" if found < today else None), has)
    if "month" in has:
        first = _first_such(day, has["month"], year, since)
        if first is None:
            return Reading(note=f"there is no {_MONTH_NAMES[has['month'] - 1]} {day}" + (f" in {year}" if year else ""))
        if departure and year is None and (first - departure).days > _LONGEST_TRIP:
            return Reading(note="before the departure")
        return _checked(_day(first), has)
    if year is not None or not 1 <= day <= 31:
        return Reading(note="no such day")
    return _next_such_day(day, has.get("weekday"), since)


_LONGEST_TRIP = 330  # days: a return a year later is a slip of the tongue


def _next_such_day(day: int, weekday: int | None, since: date) -> Reading:
    """The next 31st, or the next 31st that is a Monday, within a year."""
    note = None
    for shift in range(13):
        try:
            found = _shifted_month(since, shift).replace(day=day)
        except ValueError:
            continue
        if found < since:
            continue
        if weekday is None or found.weekday() == weekday:
            return _day(found, note)
        note = note or f"the next one, {found}, is a {_DAY_NAMES[found.weekday()]}"
    return Reading(note=f"{note}, and no other within a year is a {_DAY_NAMES[weekday or 0]}")


def _shifted_month(day: date, shift: int) -> date:
    """The first day of the month that is `shift` months away."""
    months = 12 * day.year + day.month - 1 + shift
    return date(months // 12, months % 12 + 1, 1)


def _weekday(has: dict[str, Any], keys: set[str], *, today: date, departure: date | None) -> Reading:
    """`friday`, `next friday`, `friday next week`."""
    weekday, relative, unit = has["weekday"], has.get("relative"), has.get("unit")
    if keys - {"weekday", "relative", "unit"} or (unit is not None and (unit != "week" or relative not in _SHIFTS)):
        return Reading(note="not understood")
    if unit == "week":
        found = today + (7 * _SHIFTS[relative] - today.weekday() + weekday) * _ONE_DAY
        return _day(found, "before the clock's day" if found < today else None)
    since = departure or today
    if relative in ("following", "after next", "next", "coming"):
        since = (since if relative == "following" else today) + _ONE_DAY
    elif relative == "this":
        since = today
    elif relative == "last":
        return _day(today - ((today.weekday() - weekday - 1) % 7 + 1) * _ONE_DAY, "before the clock's day")
    ahead = (weekday - since.weekday()) % 7 + (7 if relative == "after next" else 0)
    return _day(since + ahead * _ONE_DAY)


def _weekend(has: dict[str, Any], keys: set[str], *, today: date) -> Reading:
    """Saturday to Sunday: this weekend is the one that comes or is on, the next one is that of next week."""
    relative = has.get("relative", "this")
    if keys - {"weekend", "relative"} or relative not in _SHIFTS:
        return Reading(note="not understood")
    shift = 0 if relative == "coming" else _SHIFTS[relative]
    saturday = today + (5 - today.weekday() + 7 * shift) * _ONE_DAY
    return Reading(saturday.isoformat(), "day", to=(saturday + _ONE_DAY).isoformat())


def _coarse(has: dict[str, Any], keys: set[str], *, today: date) -> Reading:
    """A week, a month or a year: its first day."""
    relative, unit = has.get("relative"), has.get("unit")
    if "month" in has and not keys - {"month", "year", "relative", "unit"} and unit in (None, "year"):
        month, year = has["month"], _year(has["year"], today) if "year" in has else None
        if unit == "year":
            year = today.year + _SHIFTS[relative] if relative in _SHIFTS else None
            if year is None:
                return Reading(note="not understood")
        elif year is None:
            # a month that is on is not over; `next` never means it
            passed = month <= today.month if relative in ("next", "following") else month < today.month
            year = today.year + passed
        return Reading(date(year, month, 1).isoformat(), "month")
    if unit is None or keys - {"relative", "unit", "year"}:
        year = _year(has["year"], today) if keys == {"year"} else None
        return Reading(date(year, 1, 1).isoformat(), "year") if year else Reading(note="not understood")
    if unit == "year" and "year" in has or relative not in _SHIFTS:
        return Reading(note="not understood")
    shift = _SHIFTS[relative]
    if unit == "week":
        return Reading((today + (7 * shift - today.weekday()) * _ONE_DAY).isoformat(), "week")
    if unit == "month":
        return Reading(_shifted_month(today, shift).isoformat(), "month")
    if unit == "year":
        return Reading(date(today.year + shift, 1, 1).isoformat(), "year")
    if unit == "day" and relative == "this":
        return _day(today)
    return Reading(note="not understood")


def _distance(has: dict[str, Any], *, today: date, departure: date | None, order: str) -> Reading:
    """`in two weeks`, `two days from tomorrow`, `a week from friday`, `the next two days`, `three days later`."""
    count, unit, relative = has.get("count", 1), has.get("unit"), has.get("relative")
    if "way" in has:
        used = {"count", "unit", "way", "base unit", "limit", "in", "no", "one", "from"}
        if unit is None:
            used.add("every")
        rest = {key: value for key, value in has.items() if key not in used}
        if "base unit" in has:
            rest["unit"] = has["base unit"]
        if not rest:
            return Reading(note=_UNSAID)
        base = _resolve(rest, today=today, departure=departure, order=order)
        if base.value is None or base.grain != "day" or base.to:
            return Reading(note=base.note or "not understood")
        start = date.fromisoformat(base.value)
        if unit is None:
            if has["way"] < 0 or count < 1:
                return Reading(note="not understood")
            return _day(start + ((has["every"] - start.weekday() - 1) % 7 + 1 + 7 * (count - 1)) * _ONE_DAY)
        return _day(_moved(start, has["way"] * count, unit))
    if unit is None or has.keys() & _POINTS:
        return Reading(note="not understood")
    if "later" in has:
        return _day(_moved(departure, count, unit)) if departure else Reading(note=_UNSAID)
    if relative in ("next", "coming", "following"):
        return Reading(today.isoformat(), "day", to=_moved(today, count, unit).isoformat())
    if relative is None and "in" in has:
        return _day(_moved(today, count, unit))
    return Reading(note="how long, not when")


def _moved(day: date, count: int, unit: str) -> date:
    """`count` units later; the 31st of a shorter month is its last day."""
    if unit in ("month", "year"):
        first = _shifted_month(day, count * (12 if unit == "year" else 1))
        last = _shifted_month(first, 1) - _ONE_DAY
        return first.replace(day=min(day.day, last.day))
    return day + count * {"day": 1, "week": 7, "fortnight": 14}[unit] * _ONE_DAY
