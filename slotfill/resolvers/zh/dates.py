"""Chinese dates of one role -> the readings of `date_rules`, with rules for what Chinese has beside English.

    11月2号 2027-11-02    下周五 2026-11-27    大后天 2026-11-21    中秋 2027-09-15    5号到8号 2026-12-05/2026-12-08

`date_pieces` has the words. RULES come before those of `date_rules`; the days in their examples are on Wednesday,
18 November 2026.
"""

from datetime import date
from itertools import pairwise
from typing import Any

from slotfill.resolvers.calendar_days import ONE_DAY, add_units, day_of_week, nth_after
from slotfill.resolvers.date_phrases import DatePhrase, shared
from slotfill.resolvers.date_pieces import (
    COUNT,
    DAY,
    DISTANCE,
    IN,
    LIMIT,
    MONTH,
    NUMERIC,
    POINTS,
    RELATIVE,
    SATURDAY,
    TODAY,
    UNIT,
    UNKNOWN,
    WEEKDAY,
    WEEKEND,
    YEAR,
)
from slotfill.resolvers.date_rules import RULES as COMMON
from slotfill.resolvers.date_rules import DateContext, full_year, past
from slotfill.resolvers.dates import read
from slotfill.resolvers.grouping import OR, TO, fields_of
from slotfill.resolvers.reading import Reading
from slotfill.resolvers.rules import Rules
from slotfill.resolvers.zh.date_pieces import BREAK, HOLIDAY, JOINT, LOOSE, NOTHING, PREFIX, THIRD, Pieces, pieces_at
from slotfill.resolvers.zh.holidays import Holiday, InYear
from slotfill.resolvers.zh.window import Window


class ChineseDate(DatePhrase):
    """One date: its pieces."""

    holiday: Holiday | None = None
    third = 0  # of a month: the first, second or last ten days
    loose = None
    is_closed = False  # by a limit after it

    FIELDS = fields_of(" ".join([*DatePhrase.FIELDS.values(), "holiday third loose"]))


class ChineseContext(DateContext):
    """What dates are read against; in traditional characters, weeks may begin on Sunday."""

    is_traditional = False

    def part(self, phrase: DatePhrase) -> Reading:
        """The reading of some pieces of a phrase; ValueError or OverflowError if the calendar lacks the day."""
        return RULES.first_reading(phrase, self)


def resolve(
    window: Window,
    *,
    today: date,
    departure: tuple[date, bool] | None = None,
    order: str = "mdy",
    is_traditional: bool = False,
) -> Reading:
    """The meaning of the dates in a window; `first` and `last` of the reading are characters of it.

    `departure` and `order` are as in `dates.resolve`.
    """
    floor = departure and departure[0]
    sure = floor if departure and departure[1] else None
    context = ChineseContext(today, departure=sure, floor=floor, order=order)
    context.is_traditional = is_traditional
    return read(_phrases(window), context)


def is_understood(window: Window) -> bool:
    """Say whether each character of a window has a meaning in a date."""
    phrases = _phrases(window)
    return bool(phrases) and not any(phrase.kinds & UNKNOWN for phrase in phrases)


# --- phrases ---------------------------------------------------------------------------------------


def _phrases(window: Window) -> list[ChineseDate]:
    grouping = _Grouping(window)
    at = 0
    while at < len(window.text):
        piece = pieces_at(window, at)
        grouping.take(piece, at)
        at = piece.end
    found = [phrase for phrase in grouping.phrases if phrase.kinds]
    for before, phrase in pairwise(found):  # what is said before holds after it, and never the reverse
        month = MONTH | YEAR | RELATIVE | UNIT  # of `八月上旬或中旬`
        phrase.take(before, month if phrase.kinds == THIRD else shared(phrase, before))
    for phrase, following in pairwise(found):
        if phrase.is_out and following.joint == TO:
            following.joint = OR
    return [phrase for phrase in found if not phrase.is_out]


class _Grouping:
    """Pieces -> dates."""

    def __init__(self, window: Window) -> None:
        self.window = window
        self.phrases: list[ChineseDate] = []
        self.joint = ""
        self.is_broken = False
        self.prefix: tuple[str, int, bool] | None = None  # a limit before the next date, and where it begins

    def take(self, piece: Pieces, at: int) -> None:
        """Take a joint, a limit, a break, or a piece of a date, which counts only in or right beside a slot."""
        kind, value = piece.parts[0]
        is_own = self.window.is_own(at, piece.end)
        begun = self.phrases[-1] if self.phrases else None
        if kind == PREFIX:
            self.prefix = (value, at, is_own)
        elif kind == JOINT:
            self.joint = self.joint or (value if begun else "")
        elif kind == LIMIT and len(piece.parts) == 1:
            self._limit(begun, piece, is_own=is_own)
        elif kind == BREAK or (not is_own and kind != NOTHING and not self._is_beside(piece)):
            self.is_broken = True
            self.prefix = None
        elif kind != NOTHING:
            self._add(begun, piece, at)

    def _is_beside(self, piece: Pieces) -> bool:
        """Say whether a piece without a slot completes the date before it: `[11月]2号`, `[下]周五`, `[三]天后`."""
        begun = self.phrases[-1] if self.phrases else None
        if begun is None or self.is_broken or self.joint:
            return False
        if piece.kinds & DISTANCE:
            return True
        if piece.kinds & (UNKNOWN | TODAY | HOLIDAY | COUNT | YEAR):
            return False
        return not begun.kinds & (piece.kinds | TODAY | HOLIDAY | NUMERIC | COUNT)

    def _limit(self, begun: ChineseDate | None, piece: Pieces, *, is_own: bool) -> None:
        if begun is not None and not self.is_broken and not self.joint:
            if not begun.kinds & LIMIT:
                begun.put(LIMIT, piece.parts[0][1])
            begun.is_closed = True
            begun.last = piece.end - 1
        elif is_own:
            self.is_broken = True

    def _add(self, begun: ChineseDate | None, piece: Pieces, at: int) -> None:
        is_out = self.window.is_out(at, piece.end)
        if begun is None or self.joint or begun.is_out != is_out or not self._fits(begun, piece.kinds):
            start = at if self.prefix is None else self.prefix[1]
            begun = ChineseDate(OR if self.is_broken else self.joint or OR, start)
            begun.is_out = is_out
            self.phrases.append(begun)
        for kind, value in piece.parts:
            begun.put(kind, value)
        if self.prefix and not begun.kinds & LIMIT:
            begun.put(LIMIT, self.prefix[0])
        begun.last = piece.end - 1
        self.joint, self.is_broken, self.prefix = "", False, None

    def _fits(self, phrase: ChineseDate, kinds: int) -> bool:
        """Say whether a piece belongs to a phrase: no kind twice, and no two ways to say the day."""
        if self.prefix or phrase.is_closed or phrase.kinds & kinds:
            return False
        if self.is_broken and phrase.kinds & ~WEEKDAY and kinds & ~(WEEKDAY | MONTH | YEAR):
            return False
        every = phrase.kinds | kinds
        if every & NUMERIC and every & (MONTH | DAY | TODAY | HOLIDAY | RELATIVE):
            return False
        if every & HOLIDAY and every & (MONTH | DAY | TODAY | NUMERIC | WEEKEND):
            return False
        if every & COUNT and every & POINTS & ~WEEKDAY:
            return False
        return not (every & TODAY and every & (WEEKEND | RELATIVE))


# --- rules -----------------------------------------------------------------------------------------

RULES: Rules[Any, Any] = Rules()
rule = RULES.add

_WHICH_WEEK = "the first one, or that of the week after?"


@rule(HOLIDAY, YEAR | RELATIVE | UNIT | WEEKDAY)
def holiday(phrase: ChineseDate, context: ChineseContext) -> Reading | None:
    """`中秋`: 2027-09-15; `明年春节`: 2027-02-06; `國慶`: null, 1 or 10 October."""
    named = phrase.holiday
    if named is None or (phrase.unit not in ("", "year") and phrase.relative != "same"):
        return None
    year = full_year(phrase.year, context) if phrase.kinds & YEAR else None
    if phrase.unit == "year":
        shifts = {"this": 0, "next": 1, "after next": 2, "last": -1}
        year = context.today.year + shifts[phrase.relative]
    day = _of_holiday(named.in_year, year, context)
    if day is None:
        return Reading(note="a holiday by the moon of which the day is not known")
    if named.other and (context.is_traditional or not named.is_sure):
        other = _of_holiday(named.other, year, context)
        days = sorted({day, other or day})
        note = named.note if not named.is_sure else "another day in Taiwan than elsewhere"
        return Reading(alternatives=tuple([one.isoformat() for one in days]), note=note)
    if phrase.relative == "this" and day < context.today:  # 今年过年, said in November
        following = _of_holiday(named.in_year, None, context)
        days = sorted({day, following or day})
        return Reading(alternatives=tuple([one.isoformat() for one in days]), note="this year's, or the next one?")
    if phrase.kinds & WEEKDAY and day.weekday() != phrase.weekday:
        return Reading(alternatives=(day.isoformat(),), note="not on that weekday")
    return Reading(day.isoformat(), "day", note=past(day, context) or named.note)


def _of_holiday(in_year: InYear, year: int | None, context: ChineseContext) -> date | None:
    """The day of a holiday in a year, or the first one from now on."""
    if year is not None:
        days = in_year(year)
        return days[0] if len(days) == 1 else None
    days = [day for shift in range(3) for day in in_year(context.since.year + shift)]
    return next((day for day in days if day >= context.since), None)


@rule(COUNT | UNIT | IN)
def after_some_days(phrase: ChineseDate, context: ChineseContext) -> Reading | None:
    """`三天后`: 2026-11-21; after a departure, counted from it."""
    if phrase.count > 999:
        return None
    note = "counted from the departure" if context.departure else None
    return Reading(add_units(context.since, phrase.count, phrase.unit).isoformat(), "day", note=note)


@rule(THIRD, MONTH | RELATIVE | UNIT | YEAR)
def third_of_month(phrase: ChineseDate, context: ChineseContext) -> Reading | None:
    """`12月上旬`: 2026-12-01 to 2026-12-10."""
    whole = context.part(phrase.without(THIRD))
    if whole.grain != "month" or not whole.value:
        return None
    first = date.fromisoformat(whole.value)
    start = first.replace(day=1 + 10 * phrase.third)
    end = whole.spelt[0][-10:] if phrase.third == 2 else (start + 9 * ONE_DAY).isoformat()
    return Reading(start.isoformat(), "day", to=end)


@rule(WEEKDAY | RELATIVE | UNIT, LOOSE)
def weekday_of_week(phrase: ChineseDate, context: ChineseContext) -> Reading | None:
    """`下周五`: 2026-11-27; `下个周五`: null, 20 or 27 November; `这周一`: null, the day is over."""
    if phrase.unit != "week":
        return None
    shift = {"this": 0, "next": 1, "after next": 2, "last": -1}[phrase.relative]
    today, weekday = context.today, phrase.weekday
    by_monday = day_of_week(today, shift, weekday)
    by_sunday = day_of_week(today + ONE_DAY, shift, weekday) - 7 * ONE_DAY * (weekday == 6)
    if shift < 0:
        return Reading(by_monday.isoformat(), "day", note=past(by_monday, context))
    days = {by_monday}
    if shift == 0 and by_monday < today:
        days.add(by_monday + 7 * ONE_DAY)
    elif shift and phrase.kinds & LOOSE:
        days.add(nth_after(today, 1, weekday))
    elif shift and context.is_traditional:
        days.add(by_sunday)
    if context.floor:
        days = {day for day in days if day >= context.floor} or days
    if len(days) > 1:
        return Reading(alternatives=tuple([day.isoformat() for day in sorted(days)]), note=_WHICH_WEEK)
    note = None
    if shift and by_sunday != by_monday:
        note = f"weeks begin on Monday; if on Sunday, it is {by_sunday}"
    return Reading(days.pop().isoformat(), "day", note=note)


@rule(WEEKEND | RELATIVE, UNIT)
def weekend(phrase: ChineseDate, context: ChineseContext) -> Reading | None:
    """`下周末`, `下周的周末`: 2026-11-28 to 2026-11-29."""
    weeks = {"this": 0, "next": 1, "after next": 2, "last": -1}.get(phrase.relative)
    if weeks is None or phrase.unit not in ("", "week"):
        return None
    saturday = day_of_week(context.today, weeks, SATURDAY)
    return Reading(saturday.isoformat(), "day", to=(saturday + ONE_DAY).isoformat())


@rule(WEEKEND | RELATIVE | LOOSE)
def loose_weekend(phrase: ChineseDate, context: ChineseContext) -> Reading | None:
    """`下个周末`: null, 21 or 28 November."""
    return COMMON.first_reading(phrase.without(LOOSE), context)


RULES += COMMON
