"""Which slots of a role's place, date or time count, so that one junk slot does not destroy a right value.

A tagger may find `june 5` and, further on, take the 11 of `seat 11` for a date as well. Slots that it is unsure of are
left out if the others do without them, and of phrases that have no value together the surer one counts. The note says
what was left out. A value that needs an unsure slot keeps it, and is as unsure.
"""

from collections.abc import Callable, Collection, Sequence
from typing import TypeVar

from slotfill.resolvers.confidence import confidence_of
from slotfill.resolvers.reading import APART_DAYS
from slotfill.schema import DateValue, PlaceValue, Slot, TimeValue
from slotfill.slot_names import type_of
from slotfill.thresholds import UNSURE_SLOT

_Value = TypeVar("_Value", DateValue, TimeValue, PlaceValue)
_Read = Callable[[Sequence[int]], _Value]
# Slots -> phrases: those that stand together, or that only `and`, `or`, `to` or a comma joins.
_Split = Callable[[Sequence[int]], list[list[int]]]

_SURER = 0.1  # a phrase that is surer by less is not the right one for that
_SPANS = ("week", "month", "year")
_AREAS = ("state", "country")
# Words that no tagger takes from somewhere else: the weekend `after` next.
_DIRECTIONS = ("before", "after", "next", "last", "following", "previous")
_WRITTEN = frozenset("/.-")  # signs in a day that has its month in it: 24/6


def value_of(slots: Sequence[Slot], numbers: Sequence[int], read: "_Read[_Value]", split: _Split) -> _Value:
    """The value that `read` gives for the slots with these numbers, without those that should not count."""
    whole = read(numbers)
    if len(numbers) == 1:
        return whole
    sure = [n for n in numbers if slots[n].confidence >= UNSURE_SLOT]
    value = whole
    if 0 < len(sure) < len(numbers):
        value = _without_unsure(slots, numbers, sure, whole, read, split)
    if value.value is None and value.note != APART_DAYS:
        value = _of_the_surest(slots, numbers, value, read, split)
    return value if value is whole else _noted(value, slots, numbers)


def _without_unsure(
    slots: Sequence[Slot],
    numbers: Sequence[int],
    sure: Sequence[int],
    whole: _Value,
    read: "_Read[_Value]",
    split: _Split,
) -> _Value:
    """The value without unsure slots: those of separate phrases, then those that spoil or change what the sure say."""
    is_sure = {*sure}
    value = whole
    near = [n for phrase in split(numbers) if not is_sure.isdisjoint(phrase) for n in phrase]
    if len(near) < len(numbers):
        rest = read(near)
        value = whole if rest.value is None else rest
        if len(near) == len(sure):
            return value
    if value.value is None and any(slots[n].text.lower() in _DIRECTIONS for n in near if n not in is_sure):
        return value
    alone = read(sure)
    if alone.value is None or alone.value == value.value or _loses_a_month(slots, near, is_sure):
        return value
    return alone if value.value is None or not _is_finer(value, alone) else value


def _loses_a_month(slots: Sequence[Slot], near: Sequence[int], sure: Collection[int]) -> bool:
    """Whether a day without a month would be left of `28 novmber`, which is no longer the same day."""
    months = {n in sure for n in near if type_of(slots[n].name) == "month_name"}
    days = [slots[n].text for n in sure if type_of(slots[n].name) == "day_number"]
    return months == {False} and any(_WRITTEN.isdisjoint(day) for day in days)


def _is_finer(whole: _Value, alone: _Value) -> bool:
    """Whether unsure slots make a value more exact, as `5` does `june`, `8 o'clock` the morning, and Logan Boston."""
    if isinstance(whole, PlaceValue) or isinstance(alone, PlaceValue):
        return alone.kind in _AREAS or (alone.kind == "city" and whole.kind in ("airport", "venue"))
    is_span = alone.to is not None or alone.grain in _SPANS
    return is_span and whole.to is None and whole.grain not in _SPANS


def _of_the_surest(
    slots: Sequence[Slot], numbers: Sequence[int], whole: _Value, read: "_Read[_Value]", split: _Split
) -> _Value:
    """The value of the surest of several phrases, if it is clearly surer than the others and has one."""
    phrases = split(numbers)
    if len(phrases) == 1:
        return whole
    sure = [confidence_of([slots[n] for n in phrase]) for phrase in phrases]
    first, second = sorted(sure, reverse=True)[:2]
    if first - second < _SURER:
        return whole
    value = read(phrases[sure.index(first)])
    return whole if value.value is None else value


def _noted(value: _Value, slots: Sequence[Slot], numbers: Sequence[int]) -> _Value:
    """The value with a note of the slots that it leaves out."""
    kept = {*value.slots}
    note = "left out: " + ", ".join([f'"{slots[n].text}"' for n in numbers if n not in kept])
    return value.replace(note=f"{value.note}; {note}" if value.note else note)
