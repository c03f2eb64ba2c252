"""The rules of dates: the pieces of one phrase -> a day or days.

Each rule has an example with its value on Wednesday, 18 November 2026; docs/values.md has the reasons. The first rule
that has a reading wins. To add a phrase, add a rule here and rows to the table of its test.
"""

from __future__ import annotations  # not evaluated: 2 % of a start, with the other rules

from datetime import date
from typing import TYPE_CHECKING

from slotfill.resolvers.calendar_days import (
    ONE_DAY,
    add_units,
    day_of_week,
    first_of_month,
    first_weekday,
    next_such_days,
    nth_after,
    nth_of_month,
)
from slotfill.resolvers.date_phrases import DatePhrase
from slotfill.resolvers.date_pieces import (
    CALENDAR,
    COUNT,
    DAY,
    DAY_NAMES,
    DISTANCE,
    EDGE,
    EVERY,
    IN,
    LATER,
    LIMIT,
    MONTH,
    MONTH_NAMES,
    NTH,
    NUMERIC,
    POINTS,
    RELATIVE,
    SATURDAY,
    SOME,
    TODAY,
    UNIT,
    UNKNOWN,
    WEEK_ON,
    WEEKDAY,
    WEEKEND,
    YEAR,
)
from slotfill.resolvers.reading import NOT_UNDERSTOOD, Reading
from slotfill.resolvers.rules import ANYTHING, Rules

if TYPE_CHECKING:
    from typing import Self

# Weeks, months or years from the present one. `next friday` is different: the first one after today.
_SHIFTS = {"this": 0, "next": 1, "following": 1, "coming": 1, "last": -1, "after next": 2}
_LONGEST_TRIP = 330  # days: a return a year after the departure is a mistake
_MOST_UNITS = 999

# What of a period is meant; the value is the whole period.
_EDGE_NOTES = {"early": "beginning", "start": "beginning", "middle": "middle", "late": "end", "end": "end"}
_EDGE_NOTES |= {"first available": "first available day", "last available": "last available day"}

_UNSAID = Reading(note="relative to a date that the sentence does not give")
_WHICH_WEEK = Reading(note="which week?")
_NO_SUCH_DAY = Reading(note="no such day")
_TOO_EARLY = Reading(note="before the departure")
_WHICH_NEXT = "the first one, or that of the week after?"
_WHICH_YEAR = "this year or next year?"


class DateContext:
    """What dates are read against: the clock's day, the departure if it is one sure day, and the order of 11/2.

    No date may be before `floor`, the first day on which the trip may begin. A date without a year is the first one
    from `since` on.
    """

    def __init__(self, today: date, *, departure: date | None, floor: date | None, order: str) -> None:
        self.today = today
        self.departure = departure
        self.floor = floor
        self.since = departure or today
        self.order = order

    def starting(self, day: date) -> Self:
        """The same, but for a departure on a day."""
        return type(self)(self.today, departure=day, floor=day, order=self.order)

    def read(self, phrase: DatePhrase) -> Reading:
        """The reading of a whole phrase; without a value if the calendar lacks the day."""
        try:
            reading = self.part(phrase.without(LIMIT) if phrase.kinds & (LIMIT | EDGE) == LIMIT else phrase)
        except (ValueError, OverflowError):
            return _NO_SUCH_DAY
        if self.floor and reading.value and not phrase.kinds & YEAR:
            day = reading.value if reading.grain == "day" else reading.spelt[0][-10:]  # a week may have begun
            if day < self.floor.isoformat():
                return _TOO_EARLY._replace(alternatives=reading.spelt)
        return reading

    def part(self, phrase: DatePhrase) -> Reading:
        """The reading of some pieces of a phrase; ValueError or OverflowError if the calendar lacks the day."""
        return RULES.first_reading(phrase, self)


RULES: Rules[DatePhrase, DateContext] = Rules()
PERIODS: Rules[DatePhrase, DateContext] = Rules()  # weeks, months and years: the last of RULES
rule, period = RULES.add, PERIODS.add


@rule(UNKNOWN, ANYTHING)
def unknown_token(phrase: DatePhrase, _: DateContext) -> Reading | None:
    """`christmas`: null."""
    return Reading(note=f"not understood: {phrase.unknown}")


# --- distances -------------------------------------------------------------------------------------


@rule(DISTANCE | LATER, ANYTHING)
def days_later(phrase: DatePhrase, context: DateContext) -> Reading | None:
    """`two days later`: null; after `leave friday`, 2026-11-22."""
    if context.departure is None or phrase.kinds & ~(DISTANCE | LATER | IN):
        return _UNSAID
    return _at_distance(phrase, _day(context.departure))


@rule(DISTANCE, IN)
def distance_alone(_: DatePhrase, __: DateContext) -> Reading | None:
    """`the friday after`: null."""
    return _UNSAID


@rule(DISTANCE, ANYTHING)
def distance_from_a_day(phrase: DatePhrase, context: DateContext) -> Reading | None:
    """`two weeks from friday`: 2026-12-04; `the monday after december 10`: 2026-12-14."""
    return _at_distance(phrase, context.part(phrase.without(DISTANCE | IN)))


@rule(COUNT | UNIT | RELATIVE, IN)
def next_days(phrase: DatePhrase, context: DateContext) -> Reading | None:
    """`the next two days`: 2026-11-18 to 2026-11-20."""
    if phrase.count > _MOST_UNITS or phrase.relative not in ("next", "coming"):
        return None
    end = add_units(context.today, phrase.count, phrase.unit)
    return _day(context.today)._replace(to=end.isoformat())


@rule(COUNT | UNIT | IN)
def in_some_days(phrase: DatePhrase, context: DateContext) -> Reading | None:
    """`in two weeks`: 2026-12-02; after `leave january 5`, 2027-01-19."""
    if phrase.count > _MOST_UNITS:
        return None
    found = add_units(context.today, phrase.count, phrase.unit)
    if context.departure and found < context.departure:  # nobody returns before leaving
        return _day(add_units(context.departure, phrase.count, phrase.unit), "counted from the departure")
    return _day(found)


@rule(COUNT | UNIT | TODAY)
def a_week_tomorrow(phrase: DatePhrase, context: DateContext) -> Reading | None:
    """`a week tomorrow`: 2026-11-26."""
    if phrase.count > _MOST_UNITS or phrase.unit == "day":
        return None
    return _day(add_units(context.today + phrase.today * ONE_DAY, phrase.count, phrase.unit))


@rule(COUNT | UNIT, RELATIVE | IN)
def how_long(phrase: DatePhrase, _: DateContext) -> Reading | None:
    """`two weeks`: null."""
    return None if phrase.count > _MOST_UNITS else Reading(note="how long, not when")


# --- parts of a month, and pieces that modify a date -----------------------------------------------


@rule(EDGE, MONTH | YEAR | RELATIVE | UNIT | LIMIT)
def edge_of_period(phrase: DatePhrase, context: DateContext) -> Reading | None:
    """`mid december`: the month of 2026-12-01; `by the end of march`: before 2027-03-31."""
    whole = _period(phrase.without(EDGE | LIMIT), context)
    if whole.value is None or whole.grain == "day":
        return whole
    ends = {"start": whole.value, "end": whole.spelt[0][-10:]}
    ends |= {"first day": ends["start"], "last day": ends["end"]}
    is_day = phrase.edge in ends and (phrase.limit in ("before", "after") or phrase.edge.endswith("day"))
    if is_day and phrase.edge == "end" and whole.grain == "week":
        sunday = date.fromisoformat(ends["end"])
        return Reading(alternatives=((sunday - 2 * ONE_DAY).isoformat(), sunday.isoformat()), note="friday or sunday?")
    if is_day:
        return Reading(ends[phrase.edge], "day")
    if phrase.limit:
        return Reading(note=f"which days of the {whole.grain}?")
    return whole._replace(note=f"only its {_EDGE_NOTES[phrase.edge]}")


@rule(NTH | WEEKDAY, MONTH | YEAR | RELATIVE | UNIT)
def nth_weekday(phrase: DatePhrase, context: DateContext) -> Reading | None:
    """`the second monday of december`: 2026-12-14; `the last friday of the month`: 2026-11-27."""
    rest = phrase.without(NTH | WEEKDAY)
    month = _period(rest, context)
    if month.grain != "month" or not month.value:
        return None
    first = date.fromisoformat(month.value)
    found = nth_of_month(first, phrase.nth, phrase.weekday)
    if found >= context.since or rest.kinds & ~(MONTH | UNIT):
        return _day(found, past(found, context))
    if rest.kinds & MONTH:
        return _day(nth_of_month(first.replace(year=first.year + 1), phrase.nth, phrase.weekday))
    following = nth_of_month(first_of_month(first, 1), phrase.nth, phrase.weekday)
    return Reading(alternatives=(found.isoformat(), following.isoformat()), note="this month or next month?")


@rule(NTH, ANYTHING & ~COUNT)
def nth_of_something(_: DatePhrase, __: DateContext) -> Reading | None:
    """`the third week of december`: null."""
    return Reading(note="which days of the month?")


@rule(WEEKDAY | MONTH)
def which_weekday(phrase: DatePhrase, _: DateContext) -> Reading | None:
    """`a friday in june`: null."""
    return Reading(note=f"which {DAY_NAMES[phrase.weekday]} of the month?")


@rule(EVERY | MONTH)
def every_weekday_of_month(phrase: DatePhrase, context: DateContext) -> Reading | None:
    """`fridays in june`: 2027-06-04, the first."""
    month = date.fromisoformat(context.part(phrase.without(EVERY)).value or "")
    found = first_weekday(max(month, context.since), phrase.every)
    note = f"every {DAY_NAMES[phrase.every]}; this is the first"
    return _day(found, note) if found.month == month.month else Reading(note="no such day")


@rule(WEEK_ON, POINTS | RELATIVE | UNIT)
def a_week_on(phrase: DatePhrase, context: DateContext) -> Reading | None:
    """`friday week`: 2026-11-27; `friday fortnight`: 2026-12-04."""
    if len(phrase.order) != 2:
        return None
    reading = context.part(phrase.without(WEEK_ON))
    weeks = phrase.week_on * 7 * ONE_DAY
    return _day(date.fromisoformat(reading.value) + weeks) if reading.value else reading


@rule(RELATIVE, POINTS | UNIT)
def the_same_date(phrase: DatePhrase, context: DateContext) -> Reading | None:
    """`the same date, november 20th`: 2026-11-20."""
    if phrase.relative != "same" or not phrase.kinds & POINTS:
        return None
    return context.part(phrase.without(RELATIVE | UNIT))


@rule(UNIT)
def unit_alone(_: DatePhrase, __: DateContext) -> Reading | None:
    """`the day`: null."""
    return _UNSAID


@rule(UNIT, CALENDAR | WEEKDAY)
def week_from(phrase: DatePhrase, context: DateContext) -> Reading | None:
    """`the week beginning december 6`: 2026-12-06 to 2026-12-12."""
    if phrase.unit != "week from":
        return None
    reading = context.part(phrase.without(UNIT))
    if reading.value is None or reading.grain != "day":
        return reading._replace(value=None, grain=None, alternatives=(), note=reading.note or "which week?")
    first = date.fromisoformat(reading.value)
    if first.weekday() == 0:
        return reading._replace(grain="week")
    return reading._replace(to=(first + 6 * ONE_DAY).isoformat())


@rule(UNIT, POINTS)
def week_of(phrase: DatePhrase, context: DateContext) -> Reading | None:
    """`the week of november 18th`: the week of 2026-11-16."""
    if phrase.unit != "week":
        return None
    if phrase.first_piece() in (WEEKDAY, TODAY):  # not `the week of friday the 5th`
        return _WHICH_WEEK
    reading = context.part(phrase.without(UNIT))
    if reading.value is None:
        return reading._replace(alternatives=())
    if reading.grain != "day":
        return _WHICH_WEEK
    return Reading(day_of_week(date.fromisoformat(reading.value), 0, 0).isoformat(), "week")


@rule(UNIT | WEEKEND, RELATIVE)
def weekend_of_a_holiday(phrase: DatePhrase, _: DateContext) -> Reading | None:
    """`labor day weekend`, of which the tagger sees `day weekend`: null."""
    return NOT_UNDERSTOOD if phrase.unit == "day" else None


@rule(UNIT, POINTS)
def unit_of(phrase: DatePhrase, context: DateContext) -> Reading | None:
    """`the month of june`: the month of 2027-06-01."""
    return context.part(phrase.without(UNIT))


@rule(EVERY, RELATIVE | UNIT)
def every_weekday(phrase: DatePhrase, context: DateContext) -> Reading | None:
    """`tuesdays`: 2026-11-24, the first."""
    first = phrase.without(EVERY)
    first.put(WEEKDAY, phrase.every)
    reading = context.part(first)
    return reading._replace(note=reading.note or f"every {DAY_NAMES[phrase.every]}; this is the first")


# --- weekends --------------------------------------------------------------------------------------


@rule(WEEKEND, RELATIVE)
def weekend(phrase: DatePhrase, context: DateContext) -> Reading | None:
    """`this weekend`: 2026-11-21 to 2026-11-22; `next weekend`: null, that one or the next; on a Saturday the next."""
    weeks = 0 if phrase.relative == "coming" else _SHIFTS[phrase.relative or "this"]
    found = _weekend_from(day_of_week(context.today, weeks, SATURDAY))
    if phrase.relative not in ("next", "after next") or context.today.weekday() >= SATURDAY:
        return found
    before = _weekend_from(day_of_week(context.today, weeks - 1, SATURDAY))
    if context.floor and (before.value or "") <= context.floor.isoformat():
        return found
    return Reading(alternatives=(*before.spelt, *found.spelt), note=_WHICH_NEXT)


@rule(WEEKEND, CALENDAR | RELATIVE | UNIT)
def weekend_of(phrase: DatePhrase, context: DateContext) -> Reading | None:
    """`the weekend of december 5`: 2026-12-05 to 2026-12-06."""
    if not phrase.kinds & CALENDAR:
        return None
    base = context.part(phrase.without(WEEKEND))
    if base.value is None:
        return base._replace(alternatives=())
    if base.grain != "day":
        return NOT_UNDERSTOOD
    found = date.fromisoformat(base.value)
    if found.weekday() < SATURDAY:
        return Reading(note=f"{found} is a {DAY_NAMES[found.weekday()]}")
    return _weekend_from(day_of_week(found, 0, SATURDAY), base.note)


# --- days of the calendar --------------------------------------------------------------------------


@rule(NUMERIC, WEEKDAY)
def year_first(phrase: DatePhrase, _: DateContext) -> Reading | None:
    """`2027-11-02`: 2027-11-02."""
    numbers = phrase.numeric[1]
    if len(numbers[0]) <= 2:
        return None
    return _checked(_day(date(*map(int, numbers))), phrase) if len(numbers) == 3 else NOT_UNDERSTOOD


@rule(NUMERIC, WEEKDAY)
def month_and_day(phrase: DatePhrase, context: DateContext) -> Reading | None:
    """`11/2`: 2027-11-02 in the order month/day; `2.11`: 2027-11-02, where the day comes first."""
    separator, parts = phrase.numeric
    one, two = int(parts[0]), int(parts[1])
    year = full_year(int(parts[2]), context) if len(parts) == 3 else None
    found = {
        "month/day": _first_such(two, one, year, context),
        "day/month": _first_such(one, two, year, context),
    }
    # dots are European, where the day comes first
    is_day_first = separator == "." or context.order == "dmy"
    wanted, other = ("day/month", "month/day") if is_day_first else ("month/day", "day/month")
    first, second = found[wanted], found[other]
    is_open = separator != "." and bool(phrase.kinds & WEEKDAY)
    if is_open and first and second and first.weekday() != phrase.weekday == second.weekday():
        return _day(second, f"read as {other}; as {wanted} it is a {DAY_NAMES[first.weekday()]}")
    return _checked(_in_either_order(found[wanted], wanted, found[other], other), phrase)


@rule(TODAY, WEEKDAY)
def today(phrase: DatePhrase, context: DateContext) -> Reading | None:
    """`tomorrow`: 2026-11-19."""
    return _checked(_day(context.today + phrase.today * ONE_DAY), phrase)


@rule(TODAY, MONTH | DAY | YEAR | WEEKDAY | RELATIVE | UNIT)
def today_the_nth(phrase: DatePhrase, context: DateContext) -> Reading | None:
    """`tomorrow the 19th`: 2026-11-19; `tomorrow the 5th`: null, two different days."""
    first = _day(context.today + phrase.today * ONE_DAY)
    second = context.part(phrase.without(TODAY | WEEKDAY))
    if second.value != first.value:
        return Reading(alternatives=(*first.spelt, *second.spelt), note="two different days")
    return _checked(first, phrase)


def _is_in_month(phrase: DatePhrase) -> bool:
    """Not `the week of the 5th`, nor `last november 5th`."""
    return phrase.unit in ("", "month", "year") and (phrase.relative != "last" or bool(phrase.unit))


@rule(MONTH | DAY, YEAR | WEEKDAY | RELATIVE | UNIT)
def day_of_month(phrase: DatePhrase, context: DateContext) -> Reading | None:
    """`november 2nd`: 2027-11-02; `november 2 of next year`: 2027-11-02."""
    if not _is_in_month(phrase):
        return None
    is_next = phrase.relative == "next" and not phrase.unit
    year = _said_year(phrase, context)
    found = _first_such(phrase.day, phrase.month, year, context, is_after=is_next)
    if found is None:
        return Reading(note=f"no {MONTH_NAMES[phrase.month - 1]} {phrase.day}" + (f" in {year}" if year else ""))
    if context.departure and year is None and (found - context.departure).days > _LONGEST_TRIP:
        return _TOO_EARLY
    if is_next and found.year == context.today.year:
        return _this_year_or_next(_day(found), _day(found.replace(year=found.year + 1)))
    return _checked(_day(found), phrase)


@rule(DAY, YEAR | WEEKDAY | RELATIVE | UNIT)
def day_without_month(phrase: DatePhrase, _: DateContext) -> Reading | None:
    """`the 32nd`, `the 5th of 1991`: null."""
    if not _is_in_month(phrase):
        return NOT_UNDERSTOOD
    is_odd = phrase.kinds & YEAR or phrase.unit == "year" or not 1 <= phrase.day <= 31
    return _NO_SUCH_DAY if is_odd else None


@rule(DAY | RELATIVE, WEEKDAY | UNIT)
def day_of_this_month(phrase: DatePhrase, context: DateContext) -> Reading | None:
    """`the 10th of this month`: 2026-11-10; `the 1st of next month`: 2026-12-01."""
    found = first_of_month(context.today, _SHIFTS[phrase.relative]).replace(day=phrase.day)
    return _checked(_day(found, past(found, context)), phrase)


@rule(DAY, WEEKDAY)
def next_such_day(phrase: DatePhrase, context: DateContext) -> Reading | None:
    """`the 2nd`: 2026-12-02; `wednesday the 2nd`: 2026-12-02, within a year."""
    note = None
    for shift in range(13):
        try:
            found = first_of_month(context.since, shift).replace(day=phrase.day)
        except ValueError:  # a month without a 31st
            continue
        if found < context.since:
            continue
        if not phrase.kinds & WEEKDAY or found.weekday() == phrase.weekday:
            return _day(found, note)
        note = note or f"the next one, {found}, is a {DAY_NAMES[found.weekday()]}"
    return Reading(note=note)


# --- weekdays --------------------------------------------------------------------------------------


@rule(WEEKDAY | RELATIVE | UNIT)
def weekday_of_week(phrase: DatePhrase, context: DateContext) -> Reading | None:
    """`wednesday next week`: 2026-11-25."""
    if phrase.unit != "week":
        return None
    found = day_of_week(context.today, _SHIFTS[phrase.relative], phrase.weekday)
    return _day(found, past(found, context))


@rule(WEEKDAY | RELATIVE)
def last_weekday(phrase: DatePhrase, context: DateContext) -> Reading | None:
    """`last friday`: 2026-11-13."""
    if phrase.relative != "last":
        return None
    found = nth_after(context.today, -1, phrase.weekday)
    return _day(found, past(found, context))


@rule(WEEKDAY | RELATIVE)
def following_weekday(phrase: DatePhrase, context: DateContext) -> Reading | None:
    """`the following friday`: 2026-11-20; after `leave friday`, 2026-11-27."""
    return _day(nth_after(context.since, 1, phrase.weekday)) if phrase.relative == "following" else None


@rule(WEEKDAY | RELATIVE)
def next_weekday(phrase: DatePhrase, context: DateContext) -> Reading | None:
    """`next wednesday`: 2026-11-25; `next friday`: null, 2026-11-20 or 2026-11-27; `coming friday`: 2026-11-20.

    After `leave friday`, the next friday is the other one.
    """
    if phrase.relative == "coming":
        return _day(nth_after(context.today, 1, phrase.weekday))
    if phrase.relative not in ("next", "after next"):
        return None
    found = next_such_days(context.today, phrase.weekday)
    if phrase.relative == "after next":
        found = [day + 7 * ONE_DAY for day in found]
    later = [day for day in found if not context.floor or day > context.floor] or found[:1]
    if len(later) == 1:
        return _day(later[0], "the one after the departure" if context.departure in found else None)
    return Reading(alternatives=tuple([day.isoformat() for day in later]), note=_WHICH_NEXT)


@rule(WEEKDAY | RELATIVE)
def this_weekday(phrase: DatePhrase, context: DateContext) -> Reading | None:
    """`this wednesday`: 2026-11-18, whatever the departure."""
    return _day(first_weekday(context.today, phrase.weekday))


@rule(WEEKDAY | SOME)
def some_weekday(phrase: DatePhrase, context: DateContext) -> Reading | None:
    """`on a friday`: 2026-11-20, with a note."""
    day = first_weekday(context.since, phrase.weekday)
    return _day(day)._replace(note=f"any {DAY_NAMES[phrase.weekday]}; this is the first")


@rule(WEEKDAY)
def weekday(phrase: DatePhrase, context: DateContext) -> Reading | None:
    """`friday`: 2026-11-20."""
    return _day(first_weekday(context.since, phrase.weekday))


# --- weeks, months, years --------------------------------------------------------------------------


@period(RELATIVE | UNIT)
def relative_day(phrase: DatePhrase, context: DateContext) -> Reading | None:
    """`this day`: 2026-11-18; `the next day`, `the same day`: null, but counted from a departure."""
    if phrase.unit != "day":
        return None
    if phrase.relative == "this":
        return _day(context.today)
    days = {"same": 0, "next": 1, "following": 1}.get(phrase.relative)
    return _UNSAID if days is None or context.departure is None else _day(context.departure + days * ONE_DAY)


@period(RELATIVE, UNIT)
def the_same(phrase: DatePhrase, _: DateContext) -> Reading | None:
    """`the same`, `the same week`: null."""
    return _UNSAID if phrase.relative == "same" else None


@period(MONTH | RELATIVE | UNIT, YEAR)
def month_of_relative_year(phrase: DatePhrase, context: DateContext) -> Reading | None:
    """`december of this year`: the month of 2026-12-01."""
    if phrase.unit != "year":
        return None
    return _month(context.today.year + _SHIFTS[phrase.relative], phrase.month) if phrase.relative in _SHIFTS else None


@period(MONTH | YEAR, RELATIVE | UNIT)
def month_of_year(phrase: DatePhrase, context: DateContext) -> Reading | None:
    """`november 2026`: the month of 2026-11-01."""
    if phrase.unit not in ("", "year") or phrase.relative == "same":
        return None
    return _month(full_year(phrase.year, context), phrase.month)


@period(MONTH | RELATIVE)
def last_month_named(phrase: DatePhrase, context: DateContext) -> Reading | None:
    """`last november`: the month of 2025-11-01."""
    if phrase.relative != "last":
        return None
    return _month(context.today.year - (phrase.month >= context.today.month), phrase.month)


@period(MONTH | RELATIVE)
def next_month_named(phrase: DatePhrase, context: DateContext) -> Reading | None:
    """`next november`: the month of 2027-11-01; `next december`: null, that of 2026 or of 2027."""
    if phrase.relative != "next":
        return None
    found = _month(context.since.year + (phrase.month <= context.since.month), phrase.month)
    if phrase.month <= context.since.month:
        return found
    return _this_year_or_next(found, _month(context.since.year + 1, phrase.month))


@period(MONTH, RELATIVE | UNIT)
def month(phrase: DatePhrase, context: DateContext) -> Reading | None:
    """`in june`: the month of 2027-06-01; `in november`: the month of 2026-11-01, which is not over."""
    if phrase.unit not in ("", "year") or phrase.relative == "same":
        return None
    return _month(context.since.year + (phrase.month < context.since.month), phrase.month)


@period(YEAR, RELATIVE | UNIT)
def year(phrase: DatePhrase, context: DateContext) -> Reading | None:
    """`in 2027`: the year of 2027-01-01; of `this year 1991` the number counts."""
    if phrase.unit not in ("", "year"):
        return None
    return Reading(date(full_year(phrase.year, context), 1, 1).isoformat(), "year")


@period(RELATIVE | UNIT)
def relative_week(phrase: DatePhrase, context: DateContext) -> Reading | None:
    """`next week`: the week of 2026-11-23."""
    if phrase.unit != "week":
        return None
    return Reading(day_of_week(context.today, _SHIFTS[phrase.relative], 0).isoformat(), "week")


@period(RELATIVE | UNIT)
def relative_month(phrase: DatePhrase, context: DateContext) -> Reading | None:
    """`next month`: the month of 2026-12-01."""
    if phrase.unit != "month":
        return None
    return Reading(first_of_month(context.today, _SHIFTS[phrase.relative]).isoformat(), "month")


@period(RELATIVE | UNIT)
def relative_year(phrase: DatePhrase, context: DateContext) -> Reading | None:
    """`next year`: the year of 2027-01-01."""
    if phrase.unit != "year":
        return None
    return Reading(date(context.today.year + _SHIFTS[phrase.relative], 1, 1).isoformat(), "year")


RULES += PERIODS

# --- readings --------------------------------------------------------------------------------------


def _day(day: date, note: str | None = None) -> Reading:
    return Reading(day.isoformat(), "day", note=note)


def _month(year: int, month: int) -> Reading:
    return Reading(date(year, month, 1).isoformat(), "month")


def _weekend_from(saturday: date, note: str | None = None) -> Reading:
    return Reading(saturday.isoformat(), "day", to=(saturday + ONE_DAY).isoformat(), note=note)


def past(day: date, context: DateContext) -> str | None:
    """A note of a day that is over, or None."""
    return "before the clock's day" if day < context.today else None


def _in_either_order(day: date | None, order: str, other_day: date | None, other: str) -> Reading:
    """`11/2` in the wanted order, or in the other one if only that makes a date."""
    if day is None:
        return _day(other_day, f"read as {other}") if other_day else _NO_SUCH_DAY
    is_sure = other_day is None or other_day == day
    return _day(day, None if is_sure else f"read as {order}; as {other} it is {other_day}")


def _checked(reading: Reading, phrase: DatePhrase) -> Reading:
    """The reading if it falls on the weekday of the phrase; else none, with both days as alternatives."""
    if not phrase.kinds & WEEKDAY or reading.value is None:
        return reading
    day = date.fromisoformat(reading.value)
    if day.weekday() == phrase.weekday:
        return reading
    away = (phrase.weekday - day.weekday() + 3) % 7 - 3  # the nearest one is at most three days away
    return Reading(
        alternatives=(reading.value, (day + away * ONE_DAY).isoformat()),
        note=f"{reading.value} is a {DAY_NAMES[day.weekday()]}, not a {DAY_NAMES[phrase.weekday]}",
    )


def _this_year_or_next(this: Reading, following: Reading) -> Reading:
    return Reading(alternatives=(*this.spelt, *following.spelt), note=_WHICH_YEAR)


def _period(rest: DatePhrase, context: DateContext) -> Reading:
    """The week, month or year that some pieces mean; `the month` is this one."""
    if rest.kinds == UNIT:
        rest = rest.without(0)
        rest.put(RELATIVE, "this")
    return PERIODS.first_reading(rest, context)


def _at_distance(phrase: DatePhrase, base: Reading) -> Reading:
    """The day or the weekend at the distance of a phrase from a day; from either day, if it may be one or the other."""
    if base.value is None:
        days = [one for one in base.alternatives if len(one) == len("2026-11-18")]
        moved = [_at_distance(phrase, _day(date.fromisoformat(day))) for day in days]
        return base._replace(alternatives=tuple([one for reading in moved for one in reading.spelt]))
    if base.grain != "day" or base.to:
        return NOT_UNDERSTOOD
    start = date.fromisoformat(base.value)
    count, unit, weekday = phrase.distance
    if weekday is None:
        return _day(add_units(start, count, unit or "day"))
    if unit == "weekend":
        # before a day means that the whole weekend, with its sunday, is before it
        saturday = nth_after(start, count, 6) - ONE_DAY if count < 0 else nth_after(start, count, weekday)
        return _weekend_from(saturday, base.note)
    return _day(nth_after(start, count, weekday), base.note)


# --- the calendar ----------------------------------------------------------------------------------


def full_year(number: int, context: DateContext) -> int:
    """The year; one of two digits is the one nearest to the clock, and one of three a ValueError."""
    if number >= 1000:
        return number
    if number >= 100:
        raise ValueError(number)
    now = context.today.year
    return min((now - now % 100 + number + shift for shift in (-100, 0, 100)), key=lambda year: abs(year - now))


def _said_year(phrase: DatePhrase, context: DateContext) -> int | None:
    if phrase.unit == "year" and phrase.relative:
        return context.today.year + _SHIFTS[phrase.relative]
    return full_year(phrase.year, context) if phrase.kinds & YEAR else None


def _first_such(day: int, month: int, year: int | None, context: DateContext, *, is_after: bool = False) -> date | None:
    """That day of that month in `year`, or else the first one from now on (or after); None if there is none."""
    start = context.since + is_after * ONE_DAY
    for candidate in (year,) if year is not None else range(start.year, start.year + 9):
        try:
            found = date(candidate, month, day)
        except ValueError:  # February 29 waits for a leap year, February 30 never comes
            continue
        if year is not None or found >= start:
            return found
    return None
