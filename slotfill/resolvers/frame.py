"""The slots of a whole sentence and a clock -> its frame."""

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from slotfill.resolvers import dates, times
from slotfill.resolvers.context import LIMIT, OR, Sentence
from slotfill.schema import Alternative, Annotation, Frame, Slot, Value
from slotfill.slot_names import frame_part_of, type_of

DATE_ORDERS = ("mdy", "dmy")  # how 11/2 is read

# What a tagger takes for times though it is a date: `12-05-2026`, which the tokenizer parts, and the year of `in 2027`.
_WRITTEN = re.compile(
    r"(?<![\w-])\d{1,2} ?- ?\d{1,2} ?- ?(?:\d\d)?\d\d(?![\w-])|(?<=\bin )(?:19|20)\d\d(?![\w:-]| h)",
    re.ASCII | re.IGNORECASE,
)
_QUANTITIES = ("flight_number", "fare_amount")  # other slots whose plain digits are a number
_TONIGHT = ("tonight", "tonite", "2night", "2nite")
_KEPT = 16  # words: answers to longer questions are not kept, since they come hardly twice and fill the memory


def frame_of(annotation: Annotation, *, clock: datetime, date_order: str = "mdy") -> Frame:
    """The frame of one sentence, resolved at the local time `clock`; `date_order` is `mdy` or `dmy`, for 11/2."""
    slots = annotation.slots
    roles: dict[str, dict[str, list[int]]] = {}  # of each leg and each of its parts, the slots
    other: dict[str, Any] = {}
    order = _in_order(slots)
    for number in order:
        slot = slots[number]
        if part := frame_part_of(slot.name):
            roles.setdefault(part[0], {}).setdefault(part[1], []).append(number)
        elif slot.name != OR:
            _collect(other, slot)
    if not roles:
        return Frame({}, {}, {}, (), other)
    text = annotation.text
    if "-" in text or "19" in text or "20" in text:
        _give_to_dates(annotation, order, roles)
    sentence = Sentence(annotation, order)
    today = clock.date()
    legs: dict[str, dict[str, Value]] = {"departure": {}, "arrival": {}, "return": {}}
    stops: tuple[Mapping[str, Value], ...] = ()
    for leg, values in legs.items():
        if leg not in roles:
            continue
        own = roles[leg]
        if "place" in own:
            values["place"] = _one_place(sentence, _places(sentence, own["place"]))
        dated: Sequence[int] = own.get("date", ())
        timed: Sequence[int] = own.get("time", ())
        if dated and timed and type_of(slots[timed[-1]].name) == LIMIT and sentence.is_limit(timed, dated):
            dated, timed = (*timed, *dated) if slots[timed[0]].start < slots[dated[0]].start else (*dated, *timed), ()
        if dated:
            since = _departure(legs["departure"]) if leg != "departure" else None
            if leg == "arrival" and since and dated[0] < roles["departure"]["date"][0]:
                since = None  # `be there friday, leave monday`: the leaving is another trip's
            words, marks, offset = sentence.around(dated, beside=timed)
            ask = dates.resolve if len(words) <= _KEPT else dates.resolve.__wrapped__
            day = ask(words, marks, today=today, departure=since, order=date_order)
            values["date"] = sentence.value("date", dated, day, offset)
        tonight = [n for n in dated if slots[n].text.lower() in _TONIGHT] if dated else ()
        if timed:
            words, marks, offset = sentence.around(timed, beside=dated)
            on = values.get("date")
            now = 60 * clock.hour + clock.minute if on and on.value == today.isoformat() else None
            is_long = on is not None and on.grain not in (None, "day")
            read = times.resolve if len(words) <= _KEPT else times.resolve.__wrapped__
            time = read(words, marks, is_night=bool(tonight), is_long=is_long, now=now)
            values["time"] = sentence.value("time", timed, time, offset)
        elif tonight:
            time = times.resolve(("night",), ("B-period_of_day",))
            values["time"] = sentence.value("time", tonight, time, sentence.first_word(tonight[0]))
    if "stop" in roles:
        stops = tuple({"place": _one_place(sentence, stop)} for stop in _stops(sentence, roles["stop"]["place"]))
    return Frame(legs["departure"], legs["arrival"], legs["return"], stops, other)


def _collect(other: dict[str, Any], slot: Slot) -> None:
    """Put a slot that is no part of a leg among the others; several of one name become a list."""
    plain = slot.text.replace(",", "")
    is_number = slot.name in _QUANTITIES and plain.isascii() and plain.isdigit() and len(plain) < 16
    content: Any = int(plain) if is_number else slot.text
    if slot.name not in other:
        other[slot.name] = content
    elif isinstance(other[slot.name], list):
        other[slot.name].append(content)
    else:
        other[slot.name] = [other[slot.name], content]


def _give_to_dates(annotation: Annotation, order: Sequence[int], roles: Mapping[str, dict[str, list[int]]]) -> None:
    """Give the slots of a written date, which are times to the tagger, to the date of the leg of the first."""
    slots = annotation.slots
    starts = [slots[n].start for n in order]
    given: dict[int, str] = {}  # slots and legs
    for written in _WRITTEN.finditer(annotation.text):
        inside = order[bisect_left(starts, written.start()) : bisect_left(starts, written.end())]
        parts = [frame_part_of(slots[n].name) or ("", "") for n in inside]
        is_whole = bool(inside) and all(slots[n].end <= written.end() for n in inside)
        if is_whole and all(kind in ("date", "time") for _, kind in parts):
            given.update(dict.fromkeys(inside, parts[0][0]))
    if given:
        for leg, own in roles.items():
            for kind in ("date", "time"):
                kept = [n for n in own.get(kind, ()) if n not in given]
                new = [n for n in order if given.get(n) == leg] if kind == "date" else []
                own[kind] = sorted(kept + new, key=lambda n: slots[n].start)


def _departure(leg: Mapping[str, Value]) -> tuple[date, bool] | None:
    """The first day on which the trip may begin, and whether it is that day for sure; None if it is not known."""
    day = leg.get("date")
    if day is None or day.relation in ("before", "around"):
        return None
    days = [str(one)[:10] for one in (day.value, *day.alternatives) if one]
    if not days or min(days).startswith(".."):
        return None
    is_sure = day.value is not None and day.grain == "day" and not (day.to or day.relation or day.alternatives)
    return date.fromisoformat(min(days)), is_sure


def _in_order(slots: Sequence[Slot]) -> Sequence[int]:
    """Their numbers in the order of the text, in which they mostly are already."""
    starts = [slot.start for slot in slots]
    if starts == sorted(starts):
        return range(len(slots))
    return sorted(range(len(slots)), key=starts.__getitem__)


# --- doubtful slots --------------------------------------------------------------------------------


def without(frame: Frame, slots: Sequence[Slot], kept: Sequence[int]) -> Frame:
    """The frame of a sentence of whose slots only those with the numbers `kept` are to count.

    What lost all of its slots is left out. What lost some is not known any more: the rest of `12th of march` is no
    date by itself.
    """
    places = {number: place for place, number in enumerate(kept)}

    def leg(values: Mapping[str, Value]) -> dict[str, Value]:
        found = {}
        for part, value in values.items():
            own = tuple([places[n] for n in value.slots if n in places])
            if len(own) == len(value.slots):
                found[part] = value._replace(slots=own)
            elif own:
                found[part] = Value(
                    value.text, value.kind, None, own, note="it counts on a slot that is less sure than asked"
                )
        return found

    other: dict[str, Any] = {}
    for slot in (slots[n] for n in kept):
        if not frame_part_of(slot.name) and slot.name != OR:
            _collect(other, slot)
    stops = tuple(stop for stop in map(leg, frame.stops) if stop)
    return Frame(leg(frame.departure), leg(frame.arrival), leg(frame.return_), stops, other)


# --- places ----------------------------------------------------------------------------------------

_FEW = 2  # places that may be one another: what more of them mean is not kept
# What may stand between the parts of one place: `Portland, Maine`, `Logan airport in Boston`, `Heathrow (LHR)`.
_WITHIN = frozenset((",", "(", ")", "/", "-", "in", "the", "at", "of", "airport", "international", "intl"))


def _places(sentence: Sentence, own: Sequence[int]) -> list[list[int]]:
    """Group the place slots of one role into places: a city with its state, country or airport is one."""
    if len(own) == 1:
        return [[*own]]
    groups: list[list[int]] = []
    types: set[str] = set()
    for number in own:
        kind = type_of(sentence.slots[number].name).removesuffix("_name")
        kind = "state" if kind == "state_code" else kind
        goes_on = groups and kind not in types and not (kind == "city" and types & {"state", "country"})
        if goes_on and all(word in _WITHIN for word in sentence.between(groups[-1][-1], number)):
            groups[-1].append(number)
            types.add(kind)
        else:
            groups.append([number])
            types = {kind}
    return groups


def _stops(sentence: Sentence, own: Sequence[int]) -> list[list[list[int]]]:
    """The stops, each with all the places that it may be: `via Dallas or Denver` is one stop, with `and` it is two."""
    stops: list[list[list[int]]] = []
    for place in _places(sentence, own):
        if stops and "or" in sentence.between(stops[-1][-1][-1], place[0]):
            stops[-1].append(place)
        else:
            stops.append([place])
    return stops


def _one_place(sentence: Sentence, groups: Sequence[Sequence[int]]) -> Value:
    """The first place as a value; with several, all are alternatives."""
    slots = sentence.slots
    own = tuple([n for group in groups for n in group])
    look_up = _meant if len(groups) <= _FEW else _meant.__wrapped__
    meant = look_up(tuple([tuple([(type_of(slots[n].name), slots[n].text) for n in group]) for group in groups]))
    text = sentence.text[slots[own[0]].start : max([slots[n].end for n in own])]
    return Value(text, meant.kind, meant.value, own, *meant[4:])


@lru_cache(maxsize=8192)
def _meant(groups: tuple[tuple[tuple[str, str], ...], ...]) -> Value:
    """What places that may be one another mean, each as `places.resolve` takes it: a value without text and slots."""
    from slotfill.resolvers.places import resolve  # only now: a sentence without places need not wait for it

    found = [resolve(group) for group in groups]
    first, alternatives = found[0], found[0].alternatives
    if len(found) > 1 and any(place[:5] != first[:5] for place in found):
        every = (one for place in found for one in (place, *place.alternatives) if one.value)
        alternatives = tuple({one[:5]: one for one in every}.values())
    return Value(
        "",
        first.kind,
        first.value,
        (),
        country=first.country,
        region=first.region,
        airports=first.airports,
        alternatives=tuple(
            [
                Alternative(one.kind if one.kind != first.kind else None, one.value, *one[2:5])
                for one in alternatives
                if one.value
            ]
        ),
        corrected=first.corrected,
    )
