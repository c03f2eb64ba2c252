"""A shift -> the parts that it moves."""

from datetime import date, timedelta

from slotfill.dialogue.draft import Draft
from slotfill.dialogue.parts import kind_of, leg_of
from slotfill.dialogue.shifts import Shift, shifted, shifted_parts
from slotfill.schema import DateValue, Value


def move(draft: Draft, shift: Shift) -> None:
    """Move what a shift names, or else what was asked or said last of its kind; a note says what is not known."""
    asked = [part for part in draft.heard.asked if kind_of(part) == shift.kind]
    is_return = shift.target == "return" or (not shift.target and asked == ["return.date"])
    if is_return and shift.kind == "date" and draft.itinerary.get("return.date") is None:
        _return_after(draft, shift)
        return
    parts = shifted_parts(shift, draft.itinerary, [*asked, *(one.part for one in reversed(draft.said))])
    if not parts:
        draft.notes.append(f"{shift.words.text}: no {shift.kind} is known to count from")
    for part in parts:
        known = draft.itinerary.get(part)
        if part not in draft.taken and known is not None:
            value, days = shifted(known, shift)
            draft.put(part, _not_before_departure(draft, part, value), (shift.words,), "shift", "shift")
            if days:
                _over_midnight(draft, part, days, shift)


def _return_after(draft: Draft, shift: Shift) -> None:
    """`back a week later`, without a return so far: counted from the departure."""
    departure = draft.itinerary.get("departure.date")
    if isinstance(departure, DateValue) and shift.ways == (1,):
        draft.put("return.date", shifted(departure, shift)[0], (shift.words,), "shift")
    else:
        draft.notes.append(f"{shift.words.text}: no date is known to count from")


def _not_before_departure(draft: Draft, part: str, value: Value) -> Value:
    """A return, without a value if it would be before the departure."""
    departure = draft.itinerary.get("departure.date")
    if part != "return.date" or not isinstance(value, DateValue) or not isinstance(departure, DateValue):
        return value
    if value.value and departure.value and value.value < departure.value:
        was = (value.value,)
        return value.replace(value=None, grain=None, to=None, alternatives=was, note="before the departure")
    return value


def _over_midnight(draft: Draft, part: str, days: int, shift: Shift) -> None:
    """Move the date of a time that is now on another day."""
    day = draft.itinerary.get(f"{leg_of(part)}.date")
    if isinstance(day, DateValue) and day.value and day.grain == "day":
        moved = date.fromisoformat(day.value) + timedelta(days)
        value = day.replace(text=shift.words.text, value=moved.isoformat(), alternatives=(), note=None)
        draft.put(f"{leg_of(part)}.date", value, (shift.words,), "shift", "shift")
    else:
        draft.notes.append(f"{shift.words.text}: over midnight")
