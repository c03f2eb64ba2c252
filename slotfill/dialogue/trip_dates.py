"""Dates of a turn, read against the trip: `the 5th` is in its month, nobody returns before leaving."""

from collections.abc import Callable
from datetime import date, timedelta

from slotfill.dialogue.parts import Itinerary
from slotfill.resolvers.calendar_days import day_of_week, first_weekday
from slotfill.schema import DateValue

_WEEK = timedelta(7)


def in_trip(
    value: DateValue,
    part: str,
    itinerary: Itinerary,
    *,
    types: frozenset[str],
    today: date,
    read_after: Callable[[DateValue], DateValue | None],
) -> DateValue:
    """A date that a turn gives for a part; `types` are those of its slots.

    `read_after` reads the same slots as those of a trip that is not before a departure.
    """
    departure = day_of(itinerary.get("departure.date")) if part != "departure.date" else None
    own = day_of(itinerary.get(part))
    if own is None and part == "departure.date":
        own = day_of(itinerary.get("return.date"))
        if types != {"day_number"}:
            own = None
    floor = max(today, departure) if departure else today
    day = _plain_day(value)
    if day and own and types == {"day_number"}:
        near = _in_month(own, day.day)
        if near and near >= floor:
            return _moved(value, near)
    if day and own and types == {"day_name"}:
        return _weekday_near(value, own, day.weekday(), floor)
    known = itinerary.get("departure.date")
    if not departure or not isinstance(known, DateValue):
        return value
    found = read_after(known) or value
    if types == {"day_name"} and found.value == departure.isoformat():  # leave on a friday, back on friday
        readings = (found.value, (departure + _WEEK).isoformat())
        return found.replace(value=None, grain=None, alternatives=readings, note="the same day, or a week later?")
    return found


def day_of(value: object) -> date | None:
    """The day of a date that has one; None for a week, a range without a beginning, or none."""
    if isinstance(value, DateValue) and value.value and value.relation not in ("before", "around"):
        return date.fromisoformat(value.value)
    return None


def _plain_day(value: DateValue) -> date | None:
    is_plain = value.value and value.grain == "day" and not (value.to or value.alternatives)
    return date.fromisoformat(value.value) if is_plain and value.value else None


def _in_month(anchor: date, day: int) -> date | None:
    try:
        return anchor.replace(day=day)
    except ValueError:
        return None


def _moved(value: DateValue, day: date) -> DateValue:
    return value.replace(value=day.isoformat(), note=None)


def _weekday_near(value: DateValue, own: date, weekday: int, floor: date) -> DateValue:
    """`make it friday` of a day that is known: in its week, or after it; without a value if both may be meant."""
    in_week, after = day_of_week(own, 0, weekday), first_weekday(own, weekday)
    days = [day for day in dict.fromkeys((in_week, after)) if day >= floor]
    if len(days) == 1:
        return _moved(value, days[0])
    if not days:
        return _moved(value, first_weekday(floor, weekday))
    readings = tuple([day.isoformat() for day in days])
    return value.replace(value=None, grain=None, alternatives=readings, note=f"before or after {own}?")
