"""Days counted on the calendar. A weekday is 0 for Monday."""

from datetime import date, timedelta
from typing import NamedTuple

ONE_DAY = timedelta(1)


class Distance(NamedTuple):
    """How far from a day: so many units; or, with a weekday, so many of that weekday. Negative is before it."""

    number: int
    unit: str  # `weekend` with the weekday Saturday
    weekday: int | None


def day_of_week(day: date, shift: int, weekday: int) -> date:
    """That weekday of the week that is `shift` weeks after the week of `day`."""
    return day + (7 * shift + weekday - day.weekday()) * ONE_DAY


def first_weekday(start: date, weekday: int) -> date:
    """That weekday from the day `start` on."""
    return start + (weekday - start.weekday()) % 7 * ONE_DAY


def nth_after(start: date, count: int, weekday: int) -> date:
    """The first, second ... such weekday after the day `start`; with a negative count, before it."""
    ahead, back = (weekday - start.weekday() - 1) % 7 + 1, (start.weekday() - weekday - 1) % 7 + 1
    return start + (ahead + 7 * (count - 1) if count > 0 else 7 * (count + 1) - back) * ONE_DAY


def next_such_days(today: date, weekday: int) -> list[date]:
    """The days that `next friday` may be: the first after today, and that of next week.

    A week begins on Monday to some and on Sunday to others.
    """
    since_sunday = (today.weekday() + 1) % 7
    by_sunday = today + (7 - since_sunday + (weekday + 1) % 7) * ONE_DAY
    return sorted({nth_after(today, 1, weekday), day_of_week(today, 1, weekday), by_sunday})


def nth_of_month(first: date, count: int, weekday: int) -> date:
    """The first, second ... or last such weekday of the month that begins on `first`; ValueError if it has none."""
    if count < 0:
        return nth_after(first_of_month(first, 1), count, weekday)
    found = nth_after(first - ONE_DAY, count, weekday)
    if found.month != first.month:
        raise ValueError(count)
    return found


def first_of_month(day: date, shift: int) -> date:
    """The first day of the month that is `shift` months away."""
    months = 12 * day.year + day.month - 1 + shift
    return date(months // 12, months % 12 + 1, 1)


def add_units(day: date, count: int, unit: str) -> date:
    """`count` units later; the 31st becomes the last day of a shorter month."""
    if unit in ("month", "year"):
        first = first_of_month(day, count * (12 if unit == "year" else 1))
        last = first_of_month(first, 1) - ONE_DAY
        return first.replace(day=min(day.day, last.day))
    return day + count * {"day": 1, "week": 7, "fortnight": 14}[unit] * ONE_DAY
