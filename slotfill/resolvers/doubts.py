"""Dates of one leg that the date of another leg makes doubtful: they may mean another day than the next one.

`leave on the 3rd, be there on march 5`: the 3rd of december, or of march? `leave by thursday, return on monday`: this
week's monday, or the one after? Nobody knows but the traveller, so that both are alternatives. Few sentences have two
legs with dates, and only these come here.
"""

from collections.abc import Callable, Sequence
from datetime import date

from slotfill.resolvers.calendar_days import ONE_DAY
from slotfill.resolvers.date_pieces import day_and_month
from slotfill.schema import DateValue, Frame, Slot
from slotfill.slot_names import type_of

_MONTH_UNSAID = "of which month?"
_WHICH = "the first one, or the one after the departure?"
_UNKNOWN = "counted from a departure that is not known"
_OPEN_END = ("before", "around")
_LONGEST_MONTH = 31  # days
_SIGNS = frozenset("/-.月")  # of a day with its month


def without_doubts(
    frame: Frame, slots: Sequence[Slot], *, today: date, read_return: Callable[[DateValue], DateValue | None]
) -> Frame:
    """The frame of a trip with null for doubtful dates; `read_return` reads the return again, after another date."""
    leaving, arriving, back = frame.departure.date, frame.arrival.date, frame.return_.date
    other = arriving or back
    if leaving is None or other is None:
        return frame
    if doubtful := _of_month(leaving, other, slots, today, is_before=other is back):
        frame = frame.replace(departure=frame.departure.replace(date=doubtful))
    elif arriving and (doubtful := _of_month(arriving, leaving, slots, today, is_before=False)):
        frame = frame.replace(arrival=frame.arrival.replace(date=doubtful))
    if back and (doubtful := _after(leaving, back, slots, read_return)):
        frame = frame.replace(return_=frame.return_.replace(date=doubtful))
    return frame


def _of_month(
    mine: DateValue, other: DateValue, slots: Sequence[Slot], today: date, *, is_before: bool
) -> DateValue | None:
    """`the 3rd` beside `march 5`, if it is not the one that is nearest, or the last one before a return."""
    if not (mine.value and other.value) or mine.grain != "day" or mine.to or other.grain != "day":
        return None
    if not _is_bare(mine, slots, ("day_number",)) or _is_bare(other, slots, ("day_number", "day_name")):
        return None
    if any(type_of(slots[n].name).endswith("relative") for n in other.slots):  # tomorrow, next monday
        return None
    day, anchor = date.fromisoformat(mine.value), date.fromisoformat(other.value)
    earlier, later = (_such_day(anchor, day.day, step) for step in (-1, 1))
    nearest = earlier if is_before or anchor - earlier <= later - anchor else later
    if nearest == day or nearest < today:
        return None
    both = sorted((day.isoformat(), nearest.isoformat()))
    return _null(mine, (both[0], both[1]), _MONTH_UNSAID)


def _is_bare(value: DateValue, slots: Sequence[Slot], types: Sequence[str]) -> bool:
    """Say whether the slots are only days without a month, or weekdays."""
    said = [slots[n] for n in value.slots]
    return all(type_of(slot.name) in types and _is_monthless(slot.text.lower()) for slot in said)


def _is_monthless(text: str) -> bool:
    """Not `3/12`, nor `dec3`, nor `3 december` in one slot; but `3号`."""
    return _SIGNS.isdisjoint(text) and day_and_month(text.replace(" ", "")) is None


def _such_day(anchor: date, number: int, step: int) -> date:
    """The nearest day with this number from `anchor` on, forwards or backwards."""
    day = anchor
    for _ in range(2 * _LONGEST_MONTH):
        if day.day == number:
            break
        day += step * ONE_DAY
    return day


def _after(
    leaving: DateValue, back: DateValue, slots: Sequence[Slot], read_return: Callable[[DateValue], DateValue | None]
) -> DateValue | None:
    """A return that may be before the departure, or counts from one that is not known."""
    if back.value is None or back.grain != "day":
        return None
    if leaving.value is None:
        is_ruled_out = (leaving.note or "").startswith("ruled out")
        is_counted = not leaving.alternatives and _is_bare(back, slots, ("day_number", "day_name")) and not is_ruled_out
        return _null(back, (back.value,), _UNKNOWN) if is_counted else None
    if leaving.relation not in _OPEN_END or back.value >= leaving.value:
        return None
    later = read_return(leaving.replace(relation=None))
    if later is None or later.value is None or later.value == back.value:
        return None
    return _null(back, (back.value, later.value), _WHICH)


def _null(value: DateValue, alternatives: tuple[str, ...], note: str) -> DateValue:
    note = f"{value.note}; {note}" if value.note else note
    return value.replace(value=None, grain=None, to=None, alternatives=alternatives, note=note)
