"""The slots of a whole sentence and a clock -> its frame."""

import re
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache, partial
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar, cast

from slotfill.resolvers.choosing import value_of
from slotfill.resolvers.context import LIMIT, OR, Sentence
from slotfill.resolvers.place_slots import phrases_of, place_of, stops_of, value_of_one
from slotfill.resolvers.reading import Reading, spelt, unread_note
from slotfill.schema import Annotation, DateValue, Frame, Leg, Other, OwnValue, PlaceValue, Slot, TimeValue
from slotfill.slot_names import frame_part_of, type_of

if TYPE_CHECKING:
    from slotfill.resolvers.own_slots import OwnSlots

DATE_ORDERS = ("mdy", "dmy")  # how 11/2 is read

# Dates that taggers take for times: `12-05-2026`, which the tokenizer splits, and the year of `in 2027`. Like days and
# months below, the pattern is compiled when the first text needs it.
_WRITTEN = r"(?ai)(?<![\w-])\d{1,2} ?- ?\d{1,2} ?- ?(?:\d\d)?\d\d(?![\w-])|(?<=\bin )(?:19|20)\d\d(?![\w:-]| h)"
_QUANTITIES = ("flight_number", "fare_amount")  # slots outside the legs whose plain digits are a number
_MOST_DIGITS = 15  # every reader of JSON keeps such a number exact
_HERE = "where the leg before ends"
_CLOCK = r"(?ai)\d{1,2}[:h]\d\d(?: ?[ap](?:\.?m\.?)?)?|\d{1,2} ?[ap](?:\.?m\.?)?|0\d{3}(?: ?hrs?)?"
_CLOCK_SIGNS = frozenset("0123456789:. aAhHmMpPrRsS")  # hardly a date has no others
_NOT_TONIGHT = "tonight, or of the other day?"
_UNCLEAR = "one of several places, or a trip of several legs?"
_TONIGHT = ("tonight", "tonite", "2night", "2nite")

# Short phrases come again and again. Long ones hardly ever do, and would fill the memory.
_SHORT = 16  # tokens


def _read_date(texts: tuple[str, ...], marks: tuple[str, ...], **known: Any) -> Reading:
    from slotfill.resolvers.dates import resolve  # late: a sentence without dates need not wait for their rules

    return resolve(texts, marks, **known)


def _read_time(texts: tuple[str, ...], marks: tuple[str, ...], **known: Any) -> Reading:
    from slotfill.resolvers.times import resolve  # late: a sentence without times need not wait for their rules

    return resolve(texts, marks, **known)


_cached_date: Callable[..., Reading] = lru_cache(maxsize=2048)(_read_date)
_cached_time: Callable[..., Reading] = lru_cache(maxsize=2048)(_read_time)

_Roles: TypeAlias = dict[str, dict[str, list[int]]]  # leg -> part of the leg -> numbers of its slots


def frame_of(
    annotation: Annotation,
    *,
    clock: datetime,
    date_order: str = "mdy",
    own: "OwnSlots | None" = None,
    after: DateValue | None = None,
) -> Frame:
    """The frame of one sentence, resolved at the local time `clock`; `date_order` is `mdy` or `dmy`, for 11/2.

    The slots that `own` has kinds for are in no leg; their values are in `other`. The trip is not before the date
    `after`, which is known from elsewhere.
    """
    order = _in_order(annotation.slots)
    if own is not None and (mine := [n for n in order if own.of(annotation.slots[n].name)]):
        rest = [n for n in order if own.of(annotation.slots[n].name) is None]
        frame = _frame_of(annotation, rest, clock=clock, date_order=date_order, after=after)
        return frame.replace(other={**frame.other, **_own_values(annotation, order, mine, own, clock, date_order)})
    return _frame_of(annotation, order, clock=clock, date_order=date_order, after=after)


def _own_values(
    annotation: Annotation, order: Sequence[int], mine: Sequence[int], own: "OwnSlots", clock: datetime, date_order: str
) -> Mapping[str, Other]:
    """The values of the slots with the numbers `mine`, which are of kinds of the model's own."""
    from slotfill.resolvers.own_slots import values_of

    renamed = own.renamed(annotation)
    sentence = Sentence(renamed, order, clock.year, part_of=own.part_of(annotation.slots))
    resolver = _Resolver(sentence, clock, date_order)

    def moments(parts: Mapping[str, Sequence[int]]) -> Leg:
        return resolver.leg(_leg_slots(sentence, parts), after=None)

    return values_of(sentence, annotation.slots, mine, own, moments=moments, clock=clock, date_order=date_order)


def _frame_of(
    annotation: Annotation, order: Sequence[int], *, clock: datetime, date_order: str, after: DateValue | None
) -> Frame:
    """The frame of the slots with the numbers `order`, which are in the order of the text."""
    roles, other = _roles_of(annotation.slots, order)
    if not roles:
        return Frame(other=other)
    if written := _written_dates(annotation, order):
        _give_to_dates(written, roles, annotation.slots)
    _give_to_times(roles, annotation.slots)
    sentence = Sentence(annotation, order, clock.year)
    if "round_trip" in other:
        _give_to_return(roles, other, sentence)
    resolver = _Resolver(sentence, clock, date_order)
    unclear: Sequence[str] = ()
    if _may_be_several(roles, annotation.slots):
        from slotfill.resolvers.legs import trip_of  # late: few sentences need it

        legs, unclear = trip_of(sentence, roles)
        if legs:
            return _of_several(resolver, legs, roles, other, after=after)
    frame = _trip(resolver, roles, other, after=after)
    return _without_unclear(frame, unclear) if unclear else frame


def _trip(resolver: "_Resolver", roles: _Roles, other: Mapping[str, Other], *, after: DateValue | None) -> Frame:
    """The frame of one trip, which is not before the date `after`."""
    sentence = resolver.sentence
    leaving = _leg_slots(sentence, roles.get("departure"))
    arriving = _leg_slots(sentence, roles.get("arrival"))
    departure = resolver.leg(leaving, after=after)
    # `be there friday, leave monday`: they leave on another trip
    is_same_trip = not (leaving.dates and arriving.dates) or arriving.dates[0] >= leaving.dates[0]
    back = _leg_slots(sentence, roles.get("return"))
    frame = Frame(
        departure,
        resolver.leg(arriving, after=(departure.date or after) if is_same_trip else after),
        resolver.leg(back, after=departure.date or after),
        _places_in_order(sentence, roles["stop"]) if "stop" in roles else (),
        _places_in_order(sentence, roles["open"]) if "open" in roles else (),
        other,
    )
    if not leaving.dates or not (arriving.dates or back.dates):
        return frame
    from slotfill.resolvers.doubts import without_doubts  # late: few sentences need it

    def read_return(since: DateValue) -> DateValue | None:
        return resolver.leg(back, after=since).date

    return without_doubts(frame, sentence.slots, today=resolver.today, read_return=read_return)


def _without_unclear(frame: Frame, roles: Sequence[str]) -> Frame:
    """The frame without the values of the places of which a role has several."""

    def leg(name: str, whole: Leg) -> Leg:
        place = whole.place
        if name not in roles or place is None or place.value is None or not place.alternatives:
            return whole
        null = place.replace(value=None, country=None, region=None, airports=())
        return whole.replace(place=_noted(null, _UNCLEAR))

    return frame.replace(departure=leg("departure", frame.departure), arrival=leg("arrival", frame.arrival))


def _may_be_several(roles: _Roles, slots: Sequence[Slot]) -> bool:
    """Whether there may be several legs: two places of one role, or a departure after an arrival."""
    leaving: Sequence[int] = roles.get("departure", {}).get("place", ())
    arriving: Sequence[int] = roles.get("arrival", {}).get("place", ())
    if len(leaving) > 1 or len(arriving) > 1:
        return True
    return bool(leaving and arriving) and slots[arriving[0]].start < slots[leaving[0]].start


def _of_several(
    resolver: "_Resolver",
    legs: Sequence[_Roles],
    roles: _Roles,
    other: Mapping[str, Other],
    *,
    after: DateValue | None,
) -> Frame:
    """The frame of a trip of several legs: the first of them, the return, the open places, and all legs."""
    frames: list[Frame] = []
    for leg in legs:
        frame = _trip(resolver, leg, {}, after=after)
        frames.append(_continued(frame, frames[-1]) if frames else frame)
        after = frame.arrival.date or frame.departure.date or after
    first = frames[0]
    note = f"of the first of {len(frames)} legs"
    return Frame(
        _with_note(first.departure, note),
        _with_note(first.arrival, note),
        _return_of(frames, roles.get("return", {})),
        first.stops,
        _places_in_order(resolver.sentence, roles["open"]) if "open" in roles else (),
        other,
        tuple(frames),
    )


def _continued(leg: Frame, before: Frame) -> Frame:
    """A leg that follows another; if the sentence does not say where it begins, it begins where the other ends."""
    here, place = before.arrival.place, leg.departure.place
    if place is None and here and leg.arrival.place:
        return leg.replace(departure=leg.departure.replace(place=here.replace(note=_HERE)))
    if place and here and place.text.lower() == here.text.lower():  # so that `LA` means the same place twice
        sure = max(place.confidence, here.confidence)
        same = here.replace(text=place.text, slots=place.slots, note=place.note, confidence=sure)
        return leg.replace(departure=leg.departure.replace(place=same))
    return leg


def _return_of(frames: Sequence[Frame], parts: Mapping[str, Sequence[int]]) -> Leg:
    """The return of a trip of several legs, which is the departure of one of them or their last return."""
    numbers = {n for of_part in parts.values() for n in of_part}
    for frame in reversed(frames):
        if frame.return_:
            return frame.return_
        day, time = frame.departure.date, frame.departure.time
        day = day if day and numbers.issuperset(day.slots) else None
        time = time if time and numbers.issuperset(time.slots) else None
        if day or time:
            return Leg(date=day, time=time)
    return _NO_LEG


def _with_note(leg: Leg, note: str) -> Leg:
    return Leg(_noted(leg.place, note), _noted(leg.date, note), _noted(leg.time, note))


def _noted(value: "_AnyValue | None", note: str) -> "_AnyValue | None":
    return value and value.replace(note=f"{value.note}; {note}" if value.note else note)


def _places_in_order(sentence: Sentence, parts: Mapping[str, Sequence[int]]) -> "tuple[Leg, ...]":
    """The stops or the open places, a leg each."""
    return tuple([Leg(place) for place in stops_of(sentence, parts["place"])])


def _in_order(slots: Sequence[Slot]) -> Sequence[int]:
    """The numbers of the slots in the order of the text, which is mostly the order that they have."""
    before = 0
    for slot in slots:
        if slot.start < before:
            return sorted(range(len(slots)), key=lambda n: slots[n].start)
        before = slot.start
    return range(len(slots))


# --- which slots belong together -------------------------------------------------------------------


def _roles_of(slots: Sequence[Slot], order: Sequence[int]) -> tuple[_Roles, dict[str, Other]]:
    """The numbers of the slots of each part of each leg, and the content of all other slots."""
    roles: _Roles = {}
    other: dict[str, Other] = {}
    for number in order:
        slot = slots[number]
        if place := frame_part_of(slot.name):
            leg, part = place
            parts = roles.get(leg)
            if parts is None:
                roles[leg] = {part: [number]}
            elif part in parts:
                parts[part].append(number)
            else:
                parts[part] = [number]
        elif slot.name != OR:
            _collect(other, slot)
    return roles, other


def _collect(other: dict[str, Other], slot: Slot) -> None:
    """Add a slot that belongs to no leg; several of one name become a list."""
    content = _content(slot)
    before = other.get(slot.name)
    if before is None:
        other[slot.name] = content
    elif isinstance(before, list):
        before.append(content)
    else:
        other[slot.name] = [before, content]


def _content(slot: Slot) -> str | int:
    """The text of a slot, or its number."""
    if slot.name in _QUANTITIES:
        plain = slot.text.replace(",", "")
        if plain.isascii() and plain.isdigit() and len(plain) <= _MOST_DIGITS:
            return int(plain)
    return slot.text


def _written_dates(annotation: Annotation, order: Sequence[int]) -> dict[int, str]:
    """The slots of written dates that the tagger took for times, each with the leg of its date's first slot."""
    slots, text = annotation.slots, annotation.text
    if not ("-" in text or "19" in text or "20" in text):  # the pattern takes longer than the rest of the frame
        return {}
    starts = [slots[n].start for n in order]
    found: dict[int, str] = {}
    for written in re.finditer(_WRITTEN, text):
        inside = order[bisect_left(starts, written.start()) : bisect_left(starts, written.end())]
        legs = [part.leg for n in inside if (part := frame_part_of(slots[n].name)) and part.part != "place"]
        if legs and len(legs) == len(inside) and all(slots[n].end <= written.end() for n in inside):
            found.update(dict.fromkeys(inside, legs[0]))
    return found


def _give_to_dates(written: Mapping[int, str], roles: _Roles, slots: Sequence[Slot]) -> None:
    """Move the slots of written dates to the date of their leg."""
    for leg, parts in roles.items():
        new = [n for n, its_leg in written.items() if its_leg == leg]
        kept = {part: [n for n in parts.get(part, ()) if n not in written] for part in ("date", "time")}
        parts["date"] = sorted(kept["date"] + new, key=lambda n: slots[n].start)
        parts["time"] = kept["time"]


def _give_to_times(roles: _Roles, slots: Sequence[Slot]) -> None:
    """Move what only a clock shows, `14:05` or `0930`, from the date of a leg to its time."""
    for parts in roles.values():
        dated = parts.get("date", ())
        if len(dated) < 2:
            continue
        timed = {n for n in dated if _CLOCK_SIGNS.issuperset(slots[n].text) and re.fullmatch(_CLOCK, slots[n].text)}
        if timed and len(timed) < len(dated):
            parts["date"] = [n for n in dated if n not in timed]
            parts["time"] = sorted([*parts.get("time", ()), *timed], key=lambda n: slots[n].start)


def _give_to_return(roles: _Roles, other: Mapping[str, Other], sentence: Sentence) -> None:
    """Move the second date of `round trip june 2nd to june 9th` to the return, if the tagger took both for one."""
    leaving, back = roles.get("departure", {}), roles.get("return", {})
    if "date" not in leaving or "date" in back:
        return
    from slotfill.resolvers.date_slots import is_round_trip, return_of  # late: few sentences need it

    if is_round_trip(other["round_trip"]) and (dated := return_of(sentence, leaving["date"])):
        leaving["date"] = [n for n in leaving["date"] if n not in dated]
        roles.setdefault("return", {})["date"] = dated


class _LegSlots:
    """The numbers of the slots of one leg, in the order of the text."""

    def __init__(self, places: Sequence[int], dates: Sequence[int], times: Sequence[int]) -> None:
        self.places, self.dates, self.times = places, dates, times


_NO_SLOTS = _LegSlots((), (), ())
_NO_LEG = Leg()


def _leg_slots(sentence: Sentence, parts: Mapping[str, Sequence[int]] | None) -> _LegSlots:
    """The slots of one leg, with the limit of a date (`no later than`) among its dates."""
    if parts is None:
        return _NO_SLOTS
    places, dated, timed = parts.get("place", ()), parts.get("date", ()), parts.get("time", ())
    if not (dated and timed):  # as mostly
        return _LegSlots(places, dated, timed)
    slots = sentence.slots
    if years := sentence.years_of(timed):
        dated, timed = sorted([*dated, *years], key=lambda n: slots[n].start), [n for n in timed if n not in years]
    if timed and type_of(slots[timed[-1]].name) == LIMIT and sentence.is_limit(timed, dated):
        first, second = (timed, dated) if slots[timed[0]].start < slots[dated[0]].start else (dated, timed)
        return _LegSlots(places, (*first, *second), ())
    return _LegSlots(places, dated, timed)


_DAY_AND_MONTH = r"(?a)(\d{1,2})/(\d{1,2})(?:/\d+)?"


def _written_order(sentence: Sentence) -> str | None:
    """The order of days and months that one of several dates tells: after `30/6`, `2/7` is in July. None: neither."""
    if sentence.text.count("/") < 2:
        return None
    found = [m for n in sentence.order if (m := re.fullmatch(_DAY_AND_MONTH, sentence.slots[n].text))]
    pairs = [(int(m[1]), int(m[2])) for m in found]
    orders = {"dmy" if first > 12 else "mdy" for first, second in pairs if (first > 12) != (second > 12)}
    return orders.pop() if len(orders) == 1 else None


# --- what they mean --------------------------------------------------------------------------------


class _Resolver:
    """Slots of one sentence -> values, by one clock and one order of dates."""

    def __init__(self, sentence: Sentence, clock: datetime, date_order: str) -> None:
        self.sentence = sentence
        self.clock = clock
        self.today = clock.date()
        self.date_order = _written_order(sentence) or date_order

    def _offset(self) -> str | None:
        """How far the clock is from UTC, if it tells: `+08:00`."""
        return self.clock.isoformat()[-6:] if self.clock.utcoffset() is not None else None

    def leg(self, numbers: _LegSlots, *, after: DateValue | None) -> Leg:
        """One leg of the trip, which is not before the date `after`."""
        if numbers is _NO_SLOTS:
            return _NO_LEG
        place = self._place(numbers.places) if numbers.places else None
        if not (numbers.dates or numbers.times):
            return Leg(place)
        day = self._date(numbers, after) if numbers.dates else None
        time = self._time(numbers, day)
        if (day or time) and (looks := self.sentence.language):
            return Leg(place, _unread(day, looks), _unread(time, looks))
        return Leg(place, day, time)

    def _place(self, numbers: Sequence[int]) -> PlaceValue:
        sentence = self.sentence
        if len(numbers) == 1 and not sentence.ruled.out:  # nearly always
            return value_of_one(sentence, numbers[0])
        return value_of(sentence.slots, numbers, partial(place_of, sentence), partial(phrases_of, sentence))

    def _date(self, numbers: _LegSlots, after: DateValue | None) -> DateValue:
        sentence = self.sentence
        since = None if after is None else _first_day(after)

        def read(dated: Sequence[int]) -> DateValue:
            if sentence.reads_chinese(dated):
                from slotfill.resolvers.zh import moments  # late: English does not need it

                return moments.date_of(
                    sentence,
                    dated,
                    beside=numbers.times,
                    today=self.today,
                    departure=since,
                    order=self.date_order,
                )
            texts, marks, offset = sentence.around(dated, beside=numbers.times)
            resolve = _cached_date if len(texts) <= _SHORT else _read_date
            reading = resolve(texts, marks, today=self.today, departure=since, order=self.date_order)
            return sentence.value(DateValue, dated, reading, offset)

        return value_of(sentence.slots, numbers.dates, read, sentence.phrases)

    def _time(self, numbers: _LegSlots, day: DateValue | None) -> TimeValue | None:
        sentence = self.sentence
        dated = () if day is None else day.slots
        if sentence.reads_chinese(numbers.times or dated):
            return self._chinese_time(numbers, day)
        tonight = [n for n in sentence.kept(dated) if sentence.slots[n].text.lower() in _TONIGHT]
        if not numbers.times:
            if not tonight:
                return None
            reading = _cached_time(("night",), ("B-period_of_day",))
            return sentence.value(TimeValue, tonight, reading, sentence.first_token(tonight[0]))
        from slotfill.resolvers.times import is_counted  # late, like all of times

        is_today = day is not None and day.value == self.today.isoformat()
        minutes = 60 * self.clock.hour + self.clock.minute

        def read(timed: Sequence[int]) -> TimeValue:
            texts, marks, offset = sentence.around(timed, beside=dated)
            resolve = _cached_time if len(texts) <= _SHORT else _read_time
            reading = resolve(
                texts,
                marks,
                is_night=bool(tonight),
                is_long=day is not None and day.grain not in (None, "day"),
                now=minutes if is_today else None,
                clock=minutes if (is_today or day is None) and is_counted(texts) else None,
            )
            value = sentence.value(TimeValue, timed, reading, offset)
            return value.replace(offset=self._offset()) if reading.is_counted else value

        value = value_of(sentence.slots, numbers.times, read, sentence.phrases)
        if tonight and day and day.alternatives and value.value and not value.alternatives:
            return self._of_the_other_day(value, tonight, dated)
        return value

    def _of_the_other_day(self, value: TimeValue, tonight: Sequence[int], dated: Sequence[int]) -> TimeValue:
        """`tonight or tomorrow morning`: the morning is not that of tonight."""
        slots = self.sentence.slots
        first = slots[value.slots[0]].start
        if slots[tonight[-1]].start > first or not any(
            slots[tonight[-1]].start < slots[n].start < first for n in dated
        ):
            return value
        night = _cached_time(("night",), ("B-period_of_day",))
        both = (*night.spelt, spelt(value.value or "", grain=None, to=value.to))
        return value.replace(value=None, grain=None, to=None, relation=None, alternatives=both, note=_NOT_TONIGHT)

    def _chinese_time(self, numbers: _LegSlots, day: DateValue | None) -> TimeValue | None:
        from slotfill.resolvers.zh import moments  # late: English does not need it

        sentence = self.sentence
        dated = () if day is None else day.slots
        if not numbers.times:
            return moments.time_of_date(sentence, sentence.kept(dated))
        is_near = day is None or day.value == self.today.isoformat()
        clock = 60 * self.clock.hour + self.clock.minute if is_near else None

        def read(timed: Sequence[int]) -> TimeValue:
            return moments.time_of(sentence, timed, beside=dated, clock=clock, offset=self._offset())

        return value_of(sentence.slots, numbers.times, read, sentence.phrases)


_Moment = TypeVar("_Moment", DateValue, TimeValue)


def _unread(value: _Moment | None, looks: str) -> _Moment | None:
    """A date or time of a language without rules: what the rules understand of it is not all that it says."""
    if value is None or (value.value is None and not value.alternatives):
        return value
    return type(value)(value.text, None, value.slots, note=unread_note(looks), confidence=value.confidence)


def _first_day(departure: DateValue) -> tuple[date, bool] | None:
    """The first day on which the trip may begin, and whether it surely begins then; None if it is unknown."""
    if departure.relation in ("before", "around"):
        return None
    days = [one[:10] for one in (departure.value, *departure.alternatives) if one]
    if not days or min(days).startswith(".."):  # an open interval
        return None
    is_sure = departure.grain == "day" and departure.value is not None
    is_one_day = not (departure.to or departure.relation or departure.alternatives)
    return date.fromisoformat(min(days)), is_sure and is_one_day


# --- doubtful slots --------------------------------------------------------------------------------

_AnyValue = TypeVar("_AnyValue", DateValue, TimeValue, PlaceValue)


def without(frame: Frame, slots: Sequence[Slot], kept: Sequence[int]) -> Frame:
    """The frame of a sentence in which only the slots with the numbers `kept` count.

    A value that lost all of its slots is left out. One that lost some is None: the rest of `12th of march` is no date.
    """
    return _numbered_anew(frame, slots, {number: new for new, number in enumerate(kept)})


def _numbered_anew(frame: Frame, slots: Sequence[Slot], numbers: Mapping[int, int]) -> Frame:
    """`without`, by the new number of each slot that is kept."""

    def leg(whole: Leg) -> Leg:
        return Leg(_rest(whole.place, numbers), _rest(whole.date, numbers), _rest(whole.time, numbers))

    stops, opened = (tuple(filter(None, map(leg, legs))) for legs in (frame.stops, frame.open))
    other = _other_without(frame, slots, numbers) if frame.other else {}
    legs = tuple([_numbered_anew(one, slots, numbers) for one in frame.legs])
    return Frame(leg(frame.departure), leg(frame.arrival), leg(frame.return_), stops, opened, other, legs)


def _other_without(frame: Frame, slots: Sequence[Slot], numbers: Mapping[int, int]) -> dict[str, Other]:
    """What is left of the slots that belong to no leg, and of their values."""
    valued = {n for _, value in frame.others() for n in value.slots}
    _, other = _roles_of(slots, [n for n in numbers if n not in valued])

    for name, values in groupby(frame.others(), key=itemgetter(0)):
        left = [one for _, value in values if (one := _rest(value, numbers)) is not None]
        if left:
            other[name] = left[0] if len(left) == 1 else [*left]
    return other


_NEEDS_ANOTHER = "it counts on a slot that is less sure than asked"
_Left = TypeVar("_Left", bound=OwnValue)


def _rest(value: _Left | None, numbers: Mapping[int, int]) -> _Left | None:
    """What is left of a value if only the slots with these numbers (old -> new) count."""
    if value is None:
        return None
    left = tuple([numbers[n] for n in value.slots if n in numbers])
    if not left:
        return None
    if len(left) == len(value.slots):
        return cast("_Left", value.replace(slots=left))
    null = {"value": None, "slots": left, "note": _NEEDS_ANOTHER, "confidence": value.confidence}
    return cast("_Left", value.replace(**{**value._optional, **null}))
