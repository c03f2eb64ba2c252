"""The slots of a sentence and a clock -> the values of its frame. docs/values.md has the rules.

dates.py  times.py  places.py    the slots of one role -> a value
clocks.py  numbers.py            a time on the clock; number words
reading.py                       what dates and times share

A pure function of the annotation, the clock and the order of dates: it is right or says None, and never guesses.
"""

import re
from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from slotfill.resolvers import date_phrases, dates, numbers, times
from slotfill.resolvers.reading import BESIDE, FOREIGN, FREE, Reading
from slotfill.schema import Alternative, Annotation, Frame, Slot, Token, Value

DATE_ORDERS = ("mdy", "dmy")  # how 11/2 is read

_PARTS = {
    "fromloc": ("departure", "place"),
    "depart_date": ("departure", "date"),
    "depart_time": ("departure", "time"),
    "toloc": ("arrival", "place"),
    "arrive_date": ("arrival", "date"),
    "arrive_time": ("arrival", "time"),
    "return_date": ("return", "date"),
    "return_time": ("return", "time"),
    "stoploc": ("stop", "place"),
}
# What a tagger takes for times though it is a date: `12-05-2026`, which the tokenizer parts, and the year of `in 2027`.
_WRITTEN = re.compile(
    r"(?<![\w-])\d{1,2} ?- ?\d{1,2} ?- ?(?:\d\d)?\d\d(?![\w-])|(?<=\bin )(?:19|20)\d\d(?![\w:-]| h)",
    re.ASCII | re.IGNORECASE,
)
_LIMIT = "time_relative"  # before, after, around
_OR = "or"  # a slot of ATIS that only joins others
_QUANTITIES = ("flight_number", "fare_amount")  # other slots whose plain digits are a number
_TONIGHT = ("tonight", "tonite", "2night", "2nite")
# How far from its slots a role may read: enough for `two weeks from` and `of the next month`.
_AROUND = 7  # words
_KEPT = 16  # words: answers to longer questions are not kept, since they come hardly twice and fill the memory


def frame_of(annotation: Annotation, *, clock: datetime, date_order: str = "mdy") -> Frame:
    """The frame of one sentence, resolved at the local time `clock`; `date_order` is `mdy` or `dmy`, for 11/2."""
    slots = annotation.slots
    roles: dict[str, dict[str, list[int]]] = {}  # of each leg and each of its parts, the slots
    other: dict[str, Any] = {}
    order = _in_order(slots)
    for number in order:
        slot = slots[number]
        if part := _part(slot.name):
            roles.setdefault(part[0], {}).setdefault(part[1], []).append(number)
        elif slot.name != _OR:
            _collect(other, slot)
    if not roles:
        return Frame({}, {}, {}, (), other)
    text = annotation.text
    if "-" in text or "19" in text or "20" in text:
        _give_to_dates(annotation, order, roles)
    sentence = _Sentence(annotation, order)
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
        if dated and timed and _kind(slots[timed[-1]].name) == _LIMIT and sentence.is_limit(timed, dated):
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
        parts = [_part(slots[n].name) or ("", "") for n in inside]
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


def _start(token: Token) -> int:
    return token.start


_VOCABULARY = date_phrases.VOCABULARY | times.VOCABULARY | numbers.VOCABULARY
_UNHEARD = "_"


def _lower(word: str) -> str:
    return word.lower().replace("’", "'")


@lru_cache(maxsize=8192)
def _heard(word: str) -> str:
    """A word beside the slots in lower case, or `_` for all words that say nothing of dates and times.

    So `leave boston at 6` and `leave denver at 6` are the same question, which is answered once.
    """
    lower = _lower(word)
    if not lower.isalpha() or _VOCABULARY & {lower, lower.removesuffix("s")}:
        return lower
    return _UNHEARD


@lru_cache(maxsize=1024)
def _part(name: str) -> tuple[str, str] | None:
    """The leg and its part that a slot of this name belongs to; None if to none."""
    role, dot, _ = name.partition(".")
    return _PARTS.get(role) if dot else None


@lru_cache(maxsize=1024)
def _kind(name: str) -> str:
    """What a slot of this name holds, in whatever role: `city_name`."""
    return name.rpartition(".")[2]


@lru_cache(maxsize=1024)
def _marks(name: str) -> tuple[str, str]:
    """The marks of a slot's first word and of its others."""
    return f"B-{_kind(name)}", f"I-{_kind(name)}"


class _Sentence:
    """The words of an annotation, and which slot each belongs to."""

    def __init__(self, annotation: Annotation, order: Sequence[int]) -> None:
        self.text = annotation.text
        self.slots: Sequence[Slot] = annotation.slots
        self.order = order  # their numbers in the order of the text
        self.tokens: Sequence[Token] = annotation.tokens
        self.owners: list[int] = []  # of each word its slot or -1; found when it is first asked for

    def words(self, first: int, last: int) -> list[str]:
        """From one word to another, which is left out, in lower case."""
        return [_lower(token.text) for token in self.tokens[first:last]]

    def _find_owners(self) -> None:
        starts = [token.start for token in self.tokens]
        self.owners = [-1] * len(starts)
        at = 0
        for number in self.order:
            slot = self.slots[number]
            at = bisect_left(starts, slot.start, at)
            while at < len(starts) and self.tokens[at].end <= slot.end:
                self.owners[at] = number
                at += 1

    def first_word(self, number: int) -> int:
        """The first word of a slot; if it has none of its own, the next one."""
        return bisect_left(self.tokens, self.slots[number].start, key=_start)

    def around(self, own: Collection[int], *, beside: Collection[int]) -> tuple[tuple[str, ...], tuple[str, ...], int]:
        """The words of these slots, between and around them, with marks as in `reading`; and where they begin."""
        if not self.owners:
            self._find_owners()
        if len(self.slots) > 50:  # among fewer a search is faster than a set
            own, beside = {*own}, {*beside}
        places = [n for n, owner in enumerate(self.owners) if owner in own]
        if not places:
            return (), (), 0
        start, end = self._nearest(places[0], places[-1] + 1)
        words, marks = [], []
        previous = -1
        for token, owner in zip(self.tokens[start:end], self.owners[start:end], strict=True):
            if owner in own:
                words.append(_lower(token.text))
                marks.append(_marks(self.slots[owner].name)[owner == previous])
            else:
                words.append(_heard(token.text))
                is_free = owner < 0 or self.slots[owner].name == _OR
                marks.append(FREE if is_free else BESIDE if owner in beside else FOREIGN)
            previous = owner
        return tuple(words), tuple(marks), start

    def _nearest(self, first: int, end: int) -> tuple[int, int]:
        """How far the words around these may count: to one that cannot, which is no longer read."""
        tokens = self.tokens
        least, most = max(0, first - _AROUND), min(end + _AROUND, len(tokens))
        if "between" in self.text.lower():  # it counts from afar
            return least, most
        while first > least and _heard(tokens[first - 1].text) != _UNHEARD:
            first -= 1
            if self._is_foreign(first):  # only what is next to it may look at it
                break
        while end < most and _heard(tokens[end].text) != _UNHEARD:
            end += 1
            if self._is_foreign(end - 1):
                break
        return first, end

    def is_limit(self, timed: Sequence[int], dated: Sequence[int]) -> bool:
        """Say whether the times of a leg are only the limit of its date: `no later than december 5`."""
        words = [word for n in timed for word in _lower(self.slots[n].text).split()]
        if any(_kind(self.slots[n].name) != _LIMIT for n in timed) or not date_phrases.VOCABULARY.issuperset(words):
            return False
        if self.slots[timed[-1]].end <= self.slots[dated[0]].start:
            return all(word in ("the", "on") for word in self.between(timed[-1], dated[0]))
        is_after = self.slots[dated[-1]].end <= self.slots[timed[0]].start
        return is_after and self.between(dated[-1], timed[0]) == ["or"]

    def _is_foreign(self, at: int) -> bool:
        """Say whether a word that is not ours belongs to another slot."""
        owner = self.owners[at]
        return owner >= 0 and self.slots[owner].name != _OR

    def between(self, number: int, following: int) -> list[str]:
        """The words between two slots."""
        end, start = self.slots[number].end, self.slots[following].start
        first, last = (bisect_left(self.tokens, at, key=_start) for at in (end, start))
        return self.words(first, last)

    def value(self, kind: str, own: Sequence[int], reading: Reading, offset: int) -> Value:
        """A reading as a value: its text holds all its slots and whatever other words it came from."""
        start, end = self.slots[own[0]].start, max([self.slots[n].end for n in own])
        if reading.last + offset < len(self.tokens) and reading.value:
            start = min(start, self.tokens[reading.first + offset].start)
            end = max(end, self.tokens[reading.last + offset].end)
        return Value(
            self.text[start:end],
            kind,
            reading.value,
            tuple(own),
            grain=reading.grain,
            to=reading.to,
            relation=reading.relation,
            alternatives=reading.alternatives,
            note=reading.note,
        )


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
        if not _part(slot.name) and slot.name != _OR:
            _collect(other, slot)
    stops = tuple(stop for stop in map(leg, frame.stops) if stop)
    return Frame(leg(frame.departure), leg(frame.arrival), leg(frame.return_), stops, other)


# --- places ----------------------------------------------------------------------------------------

_FEW = 2  # places that may be one another: what more of them mean is not kept
# What may stand between the parts of one place: `Portland, Maine`, `Logan airport in Boston`, `Heathrow (LHR)`.
_WITHIN = frozenset((",", "(", ")", "/", "-", "in", "the", "at", "of", "airport", "international", "intl"))


def _places(sentence: _Sentence, own: Sequence[int]) -> list[list[int]]:
    """Group the place slots of one role into places: a city with its state, country or airport is one."""
    if len(own) == 1:
        return [[*own]]
    groups: list[list[int]] = []
    types: set[str] = set()
    for number in own:
        kind = _kind(sentence.slots[number].name).removesuffix("_name")
        kind = "state" if kind == "state_code" else kind
        goes_on = groups and kind not in types and not (kind == "city" and types & {"state", "country"})
        if goes_on and all(word in _WITHIN for word in sentence.between(groups[-1][-1], number)):
            groups[-1].append(number)
            types.add(kind)
        else:
            groups.append([number])
            types = {kind}
    return groups


def _stops(sentence: _Sentence, own: Sequence[int]) -> list[list[list[int]]]:
    """The stops, each with all the places that it may be: `via Dallas or Denver` is one stop, with `and` it is two."""
    stops: list[list[list[int]]] = []
    for place in _places(sentence, own):
        if stops and "or" in sentence.between(stops[-1][-1][-1], place[0]):
            stops[-1].append(place)
        else:
            stops.append([place])
    return stops


def _one_place(sentence: _Sentence, groups: Sequence[Sequence[int]]) -> Value:
    """The first place as a value; with several, all are alternatives."""
    slots = sentence.slots
    own = tuple([n for group in groups for n in group])
    look_up = _meant if len(groups) <= _FEW else _meant.__wrapped__
    meant = look_up(tuple([tuple([(_kind(slots[n].name), slots[n].text) for n in group]) for group in groups]))
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
