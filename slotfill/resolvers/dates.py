"""Dates of one role -> ISO dates, against a clock. docs/values.md has the rules and their reasons.

`date_phrases` finds the phrases and their pieces; here each is resolved by what pieces it has. Pieces that do not
fit together give no value.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from slotfill.resolvers.date_phrases import CALENDAR, DAY_NAMES, MONTH_NAMES, phrases_of
from slotfill.resolvers.reading import Reading, together

# Weeks, months or years from the one that is on. `next friday` is another matter: the first one after today.
_SHIFTS = {"this": 0, "next": 1, "following": 1, "coming": 1, "last": -1, "after next": 2}
_LONGEST_TRIP = 330  # days: a return a year after the departure is a slip of the tongue
_UNSAID = Reading(note="relative to a date that the sentence does not give")
_ODD = Reading(note="not understood")
_ONE_DAY = timedelta(1)


def resolve(
    words: tuple[str, ...],
    marks: tuple[str, ...],
    *,
    today: date,
    departure: tuple[date, bool] | None = None,
    order: str = "mdy",
) -> Reading:
    """What the dates of one role mean; `words` are in lower case, `marks` as in `reading`.

    `departure` is the first day on which the trip may begin, for a date that cannot be before it: nobody returns before
    leaving; and whether it is that day for sure, for only then others are counted from it.
    `order` (`mdy` or `dmy`) is that of dates such as 11/2.
    """
    readings: list[Reading] = []
    for phrase in phrases_of(words, marks):
        floor = departure and departure[0]
        since = floor if departure and departure[1] else None
        is_end = phrase.joint == "to" and bool(readings)
        if is_end and readings[-1].grain == "day" and readings[-1].value:
            floor = since = date.fromisoformat(readings[-1].value)
        try:
            reading = _Clock(today, since, floor, order).read(phrase.has)
        except (ValueError, OverflowError):
            reading = Reading(note="no such day")
        reading = reading._replace(relation=phrase.has.get("limit"), first=phrase.first, last=phrase.last)
        if is_end:
            readings[-1] = _range(readings[-1], reading)
        else:
            readings.append(reading)
    return together(readings) if readings else _ODD


def _range(start: Reading, end: Reading) -> Reading:
    days = [r.value for r in (start, end) if r.grain == "day" and r.value and not r.relation]
    if len(days) == 2 and not start.to and days[0] < days[1]:
        return start._replace(to=end.to or end.value, note=start.note or end.note, last=end.last)
    return Reading(note="a range without a beginning or an end", first=start.first, last=end.last)


def _day(day: date, note: str | None = None) -> Reading:
    return Reading(day.isoformat(), "day", note=note)


def _without(has: Mapping[str, Any], *keys: str) -> dict[str, Any]:
    return {key: value for key, value in has.items() if key not in keys}


class _Clock:
    """Resolves phrases by the pieces they have; ValueError or OverflowError for days that the calendar lacks."""

    def __init__(self, today: date, departure: date | None, floor: date | None, order: str) -> None:
        self.today = today
        self.departure = departure
        self.floor = floor  # no date is before it
        self.since = departure or today  # a date without a year is the first one from here on
        self.order = order

    def read(self, has: Mapping[str, Any]) -> Reading:
        """One phrase."""
        has = _without(has, "limit")
        reading = self._point(has)
        if self.floor and reading.value and "year" not in has:
            day = reading.value if reading.grain == "day" else reading.spelt[0][-10:]  # a week may have begun
            if day < self.floor.isoformat():
                return Reading(alternatives=reading.spelt, note="before the departure")
        return reading

    def _point(self, has: dict[str, Any]) -> Reading:
        if "unknown" in has:
            return Reading(note=f"not understood: {has['unknown']}")
        if "distance" in has or "count" in has:
            return self._distance(has)
        if "nth" in has:
            return self._nth(has)
        if "week on" in has:  # friday week, tomorrow week
            reading = self._point(_without(has, "week on")) if len(has) == 2 else _ODD
            return _day(date.fromisoformat(reading.value) + 7 * _ONE_DAY) if reading.value else reading
        if has.get("relative") == "same" and has.keys() - {"relative", "unit"}:  # the same date, june 17th
            has = _without(has, "relative", "unit")
        if "unit" in has and "relative" not in has:  # a date of the 9th, the month of june, the week of june 9th
            if has["unit"] == "week" and next(iter(has)) in ("weekday", "today"):
                return Reading(note="which week?")  # not `the week of friday the 5th`
            unit = has.pop("unit")
            reading = self._point(has) if has else _UNSAID
            if unit != "week" or reading.value is None:
                return reading
            if reading.grain != "day":
                return Reading(note="which week?")
            day = date.fromisoformat(reading.value)
            return Reading((day - day.weekday() * _ONE_DAY).isoformat(), "week")
        if "every" in has:
            reading = self._point({**_without(has, "every"), "weekday": has["every"]})
            return reading._replace(note=reading.note or f"every {DAY_NAMES[has['every']]}; this is the first")
        if "weekend" in has:
            return self._weekend(has)
        if "numeric" in has:
            return _checked(self._numeric(*has["numeric"]), has) if has.keys() <= {"numeric", "weekday"} else _ODD
        if "today" in has:
            return self._today(has)
        if "day" in has:
            return self._day_of_month(has)
        return self._weekday(has) if "weekday" in has else self._period(has)

    def _today(self, has: dict[str, Any]) -> Reading:
        """`tomorrow`, and `tomorrow the 5th`, where both must be the same day."""
        first = _day(self.today + has["today"] * _ONE_DAY)
        rest = _without(has, "today", "weekday")
        second = self._point(rest) if rest else first
        if second.value != first.value:
            return Reading(alternatives=(*first.spelt, *second.spelt), note="two different days")
        return _checked(first, has)

    # --- days of the calendar ---

    def _numeric(self, separator: str, parts: tuple[str, ...]) -> Reading:
        """`2026-11-02`, and what else is all numbers."""
        numbers = [int(part) for part in parts]
        if len(parts[0]) > 2:
            return _day(date(*numbers)) if len(parts) == 3 else _ODD
        year = self._year(numbers[2]) if len(parts) == 3 else None
        days = {
            "month/day": self._first_such(numbers[1], numbers[0], year),
            "day/month": self._first_such(numbers[0], numbers[1], year),
        }
        # with dots it is European, and there the day comes first
        wanted, other = ("month/day", "day/month")[:: -1 if separator == "." or self.order == "dmy" else 1]
        day, second = days[wanted], days[other]
        if day is None:
            return _day(second, f"read as {other}") if second else Reading(note="no such day")
        return _day(day, f"read as {wanted}; as {other} it is {second}" if second and second != day else None)

    def _year(self, number: int) -> int:
        """A year of two digits is the one nearest to the clock; ValueError for one of three."""
        if number >= 1000:
            return number
        if number >= 100:
            raise ValueError(number)
        now = self.today.year
        return min((now - now % 100 + number + shift for shift in (-100, 0, 100)), key=lambda year: abs(year - now))

    def _first_such(self, day: int, month: int, year: int | None, *, after: bool = False) -> date | None:
        """That day of that month in `year`, or else the first one from now on (or after); None if there is none."""
        start = self.since + after * _ONE_DAY
        for candidate in (year,) if year is not None else range(start.year, start.year + 9):
            try:
                found = date(candidate, month, day)
            except ValueError:  # February 29 waits for a leap year, February 30 never comes
                continue
            if year is not None or found >= start:
                return found
        return None

    def _day_of_month(self, has: dict[str, Any]) -> Reading:
        """A day of a month, of this or next month, or just the next such day."""
        day, month, relative, unit = has["day"], has.get("month"), has.get("relative"), has.get("unit")
        if has.keys() - {"day", "month", "year", "weekday", "relative", "unit"} or unit in ("week", "day", "fortnight"):
            return _ODD
        if relative is not None and relative not in _SHIFTS:
            return _UNSAID
        if relative == "last" and unit is None:
            return _ODD
        year = self._year(has["year"]) if "year" in has else None
        if unit == "year" and relative:
            year = self.today.year + _SHIFTS[relative]
        if month is not None:
            found = self._first_such(day, month, year, after=relative == "next" and unit is None)
            if found is None:
                return Reading(note=f"no {MONTH_NAMES[month - 1]} {day}" + (f" in {year}" if year else ""))
            if self.departure and year is None and (found - self.departure).days > _LONGEST_TRIP:
                return Reading(note="before the departure")
            return _checked(_day(found), has)
        if year is not None or not 1 <= day <= 31:
            return Reading(note="no such day")
        if relative:
            found = _first_of_month(self.today, _SHIFTS[relative]).replace(day=day)
            return _checked(_day(found, self._past(found)), has)
        return self._next_such_day(day, has.get("weekday"))

    def _next_such_day(self, day: int, weekday: int | None) -> Reading:
        """The next 31st, or the next 31st that is a Monday, within a year."""
        note = None
        for shift in range(13):
            try:
                found = _first_of_month(self.since, shift).replace(day=day)
            except ValueError:  # a month without a 31st
                continue
            if found >= self.since:
                if weekday is None or found.weekday() == weekday:
                    return _day(found, note)
                note = note or f"the next one, {found}, is a {DAY_NAMES[found.weekday()]}"
        return Reading(note=note)

    def _past(self, day: date) -> str | None:
        return "before the clock's day" if day < self.today else None

    # --- weekdays, weeks, months ---

    def _weekday(self, has: dict[str, Any]) -> Reading:
        """`friday`, `next friday`, `friday next week`."""
        weekday, relative, unit = has["weekday"], has.get("relative"), has.get("unit")
        if has.keys() - {"weekday", "relative", "unit"} or unit not in (None, "week"):
            return _ODD
        if unit and relative:
            found = self.today + (7 * _SHIFTS[relative] - self.today.weekday() + weekday) * _ONE_DAY
            return _day(found, self._past(found))
        if relative == "last":
            found = self.today - ((self.today.weekday() - weekday - 1) % 7 + 1) * _ONE_DAY
            return _day(found, self._past(found))
        since = self.since
        if relative is not None and relative != "following":  # the others look from today
            since = self.today
        if relative in ("next", "following", "coming", "after next"):
            since += _ONE_DAY
        days = (weekday - since.weekday()) % 7 + (7 if relative == "after next" else 0)
        found = since + days * _ONE_DAY
        if relative == "next" and found == self.departure:  # leave friday, return the next friday
            return _day(found + 7 * _ONE_DAY, "the one after the departure")
        return _day(found)

    def _nth(self, has: dict[str, Any]) -> Reading:
        """`the first monday of december`. Where `the first week` or `the first half` begins, nobody can say."""
        rest = _without(has, "nth", "weekday")
        month = self._period(rest) if "weekday" in has and "weekend" not in has else _ODD
        if month.grain != "month" or not month.value:
            return Reading(note="which days of the month?")
        first = date.fromisoformat(month.value)
        found = _nth_weekday(first, has["nth"], has["weekday"])
        if found < self.since and rest.keys() == {"month"}:
            found = _nth_weekday(first.replace(year=first.year + 1), has["nth"], has["weekday"])
        return _day(found, self._past(found))

    def _weekend(self, has: dict[str, Any]) -> Reading:
        """Saturday to Sunday: this weekend is the one that comes or is on, the next one is that of next week."""
        relative = has.get("relative", "this")
        if has.keys() & CALENDAR:  # the weekend of december 5
            base = self._point(_without(has, "weekend"))
            if base.value is None or base.grain != "day":
                return base if base.value is None else _ODD
            day = date.fromisoformat(base.value)
            if day.weekday() < 5:
                return Reading(note=f"{day} is a {DAY_NAMES[day.weekday()]}")
            return _weekend_from(day - (day.weekday() - 5) * _ONE_DAY, base.note)
        if has.keys() - {"weekend", "relative"} or relative not in _SHIFTS:
            return _ODD
        weeks = 0 if relative == "coming" else _SHIFTS[relative]
        saturday = self.today + (5 - self.today.weekday() + 7 * weeks) * _ONE_DAY
        return _weekend_from(saturday)

    def _period(self, has: dict[str, Any]) -> Reading:
        """A week, a month or a year: its first day."""
        month, relative, unit = has.get("month"), has.get("relative"), has.get("unit")
        year = self._year(has["year"]) if "year" in has else None
        if unit == "day" and has.keys() == {"relative", "unit"}:
            days = {"same": 0, "next": 1, "following": 1}.get(relative or "")
            if relative == "this":
                return _day(self.today)
            return _UNSAID if days is None or self.departure is None else _day(self.departure + days * _ONE_DAY)
        if has.keys() - {"month", "year", "relative", "unit"} or (relative and relative not in _SHIFTS):
            return _UNSAID if has.keys() <= {"relative", "unit"} else _ODD
        if month is not None and unit in (None, "year"):
            if unit and relative:
                year = self.today.year + _SHIFTS[relative]
            elif relative == "last" and year is None:
                year = self.today.year - (month >= self.today.month)
            elif year is None:
                # a month that has begun is not over, but the next one is another
                is_over = month <= self.since.month if relative == "next" else month < self.since.month
                year = self.since.year + is_over
            return Reading(date(year, month, 1).isoformat(), "month")
        if month is not None:
            return _ODD
        if year is not None:
            # `of this year 1991`: the number counts
            return Reading(date(year, 1, 1).isoformat(), "year") if unit in (None, "year") else _ODD
        if unit == "week" and relative:
            return Reading((self.today + (7 * _SHIFTS[relative] - self.today.weekday()) * _ONE_DAY).isoformat(), "week")
        if unit == "month" and relative:
            return Reading(_first_of_month(self.today, _SHIFTS[relative]).isoformat(), "month")
        if unit == "year" and relative:
            return Reading(date(self.today.year + _SHIFTS[relative], 1, 1).isoformat(), "year")
        return _ODD

    # --- distances ---

    def _distance(self, has: dict[str, Any]) -> Reading:
        """`in two weeks`, `two days from tomorrow`, `a week from friday`, `the next two days`, `three days later`."""
        if "distance" not in has:
            count, unit, relative = has["count"], has.get("unit"), has.get("relative")
            if unit is None or has.keys() - {"count", "unit", "relative", "in"} or count > 999:
                return _ODD
            if relative in ("next", "coming"):
                return _day(self.today)._replace(to=_moved(self.today, count, unit).isoformat())
            if relative or "in" not in has:
                return Reading(note="how long, not when")
            return _day(_moved(self.today, count, unit))
        count, unit, weekday = has["distance"]
        rest = _without(has, "distance", "later", "in")
        if "later" in has:
            base = _day(self.departure) if self.departure and not rest else _UNSAID
        else:
            base = self._point(rest) if rest else _UNSAID
        if base.value is None or base.grain != "day" or base.to:
            return base if base.value is None else _ODD
        start = date.fromisoformat(base.value)
        if weekday is None:
            return _day(_moved(start, count, unit or "day"))
        # two saturdays from now, the friday before december 5
        if unit == "weekend" and count < 0:  # its sunday is before
            return _weekend_from(_counted(start, count, 6) - _ONE_DAY, base.note)
        found = _counted(start, count, weekday)
        return _weekend_from(found, base.note) if unit == "weekend" else _day(found, base.note)


def _checked(reading: Reading, has: Mapping[str, Any]) -> Reading:
    """The reading if it falls on the weekday that was said; else none, with both days as alternatives."""
    weekday = has.get("weekday")
    if weekday is None or reading.value is None:
        return reading
    day = date.fromisoformat(reading.value)
    if day.weekday() == weekday:
        return reading
    away = (weekday - day.weekday() + 3) % 7 - 3  # the nearest one is at most three days away
    return Reading(
        alternatives=(reading.value, (day + away * _ONE_DAY).isoformat()),
        note=f"{reading.value} is a {DAY_NAMES[day.weekday()]}, not a {DAY_NAMES[weekday]}",
    )


def _weekend_from(saturday: date, note: str | None = None) -> Reading:
    return Reading(saturday.isoformat(), "day", to=(saturday + _ONE_DAY).isoformat(), note=note)


def _counted(start: date, count: int, weekday: int) -> date:
    """That weekday for the first, second ... time after the day `start`; a negative count is before it."""
    ahead, back = (weekday - start.weekday() - 1) % 7 + 1, (start.weekday() - weekday - 1) % 7 + 1
    return start + (ahead + 7 * (count - 1) if count > 0 else 7 * (count + 1) - back) * _ONE_DAY


def _nth_weekday(first: date, count: int, weekday: int) -> date:
    """The first, second ... such weekday of the month that begins on `first`; ValueError if it has none."""
    found = _counted(first - _ONE_DAY, count, weekday)
    if found.month != first.month:
        raise ValueError(count)
    return found


def _first_of_month(day: date, shift: int) -> date:
    """The first day of the month that is `shift` months away."""
    months = 12 * day.year + day.month - 1 + shift
    return date(months // 12, months % 12 + 1, 1)


def _moved(day: date, count: int, unit: str) -> date:
    """`count` units later; the 31st becomes the last day of a shorter month."""
    if unit in ("month", "year"):
        first = _first_of_month(day, count * (12 if unit == "year" else 1))
        last = _first_of_month(first, 1) - _ONE_DAY
        return first.replace(day=min(day.day, last.day))
    return day + count * {"day": 1, "week": 7, "fortnight": 14}[unit] * _ONE_DAY
