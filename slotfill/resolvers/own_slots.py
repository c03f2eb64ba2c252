"""Slots of a data set of one's own -> their values, by the kinds that the model has for them (slotfill/slot_kinds.py).

Dates, times and places are read as those of a trip are; quantities.py has numbers, money.py and
durations.py the rest.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from difflib import get_close_matches
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from slotfill.resolvers import dates, times
from slotfill.resolvers.confidence import confidence_of
from slotfill.resolvers.context import Sentence
from slotfill.resolvers.durations import duration_of
from slotfill.resolvers.money import money_of
from slotfill.resolvers.place_slots import stops_of
from slotfill.resolvers.quantities import number_of, relation_beside
from slotfill.resolvers.reading import NOT_UNDERSTOOD, Reading, unread_note
from slotfill.schema import Annotation, Leg, Other, OwnValue, Slot, SlotValue, TimeValue
from slotfill.slot_kinds import Own, SlotKind, Values, own_of, spelt
from slotfill.slot_names import PLACE_TYPES, FramePart, role_of, type_of

THING = "thing"  # the part of what is no date, time or place: `no onions` rules it out, and corrects nothing

# Slots -> a leg with their dates and times, which are read side by side: `tonight at 8`.
Moments = Callable[[Mapping[str, Sequence[int]]], Leg]


class OwnSlots:
    """The kinds of all slots of one model, looked up by name."""

    def __init__(self, kinds: Sequence[SlotKind]) -> None:
        self.kinds = tuple(kinds)
        self._known: dict[str, Own | None] = {}

    def of(self, name: str) -> Own | None:
        """The kind of a slot, and the name under which a frame has its value; None for every other slot."""
        if name not in self._known:
            self._known[name] = own_of(name, self.kinds)
        return self._known[name]

    def part_of(self, slots: Sequence[Slot]) -> Callable[[str], FramePart | None]:
        """A function from the names that `renamed` gives to these slots to their parts in what a sentence rules out."""
        parts: dict[str, FramePart | None] = {}
        for slot in slots:
            if own := self.of(slot.name):
                part = own.kind.kind if own.kind.kind in ("date", "time", "place") else THING
                leg = _leg_of(own, slot) if part in ("date", "time") else own.key
                parts[_name(own, slot)] = None if own.kind.negated else FramePart(f"own {leg}", part)
        return parts.get

    def renamed(self, annotation: Annotation) -> Annotation:
        """The annotation with names from which the resolvers see what a slot is: `from.city_name` for `from.town`."""
        named = [(slot, self.of(slot.name)) for slot in annotation.slots]
        return annotation.replace(
            slots=tuple([slot.replace(name=_name(own, slot)) if own else slot for slot, own in named])
        )


def values_of(
    sentence: Sentence,
    slots: Sequence[Slot],
    numbers: Sequence[int],
    own: OwnSlots,
    *,
    moments: Moments,
    clock: datetime,
    date_order: str,
) -> dict[str, Other]:
    """The values of the slots with these numbers, by name; several of one name are a list.

    `sentence` has the slots as `renamed` names them, `slots` as the tagger did.
    """
    groups: dict[str, list[int]] = {}
    kinds: dict[str, Own] = {}
    for number in numbers:
        if found := own.of(slots[number].name):
            groups.setdefault(found.key, []).append(number)
            kinds[found.key] = found
    legs = {key: _leg_of(kinds[key], slots[group[0]]) for key, group in groups.items()}
    reader = _Reader(sentence, clock, date_order)
    values: dict[str, Other] = {}
    for key, group in groups.items():
        kind = kinds[key].kind
        if kind.kind in ("date", "time"):
            beside = [
                other
                for other in groups
                if legs[other] == legs[key] and {kinds[other].kind.kind, kind.kind} == {"date", "time"}
            ]
            parts = {kind.kind: group} | ({kinds[beside[0]].kind.kind: groups[beside[0]]} if len(beside) == 1 else {})
            leg = moments(parts)
            found_values: Sequence[OwnValue | None] = [leg.date if kind.kind == "date" else reader.ranged(leg.time)]
        elif kind.kind == "place":
            found_values = stops_of(sentence, group)
        elif key != slots[group[0]].name:  # a role whose slots are one value together
            found_values = [reader.value(kind, group)]
        else:
            found_values = _meant([reader.value(kind, [number]) for number in group], sentence)
            if kind.kind == "datetime" and any(value.value is None for value in found_values):  # [friday] at [7 pm]
                found_values = [reader.value(kind, group)]
        known = [value for value in found_values if value is not None]
        if known:
            values[key] = known[0] if len(known) == 1 else [*known]
    return values


def _meant(values: Sequence[SlotValue], sentence: Sentence) -> Sequence[SlotValue]:
    """The values without those that are ruled out, which the last of the others names in its note."""
    out = [n for value in values for n in value.slots if n in sentence.ruled.out]
    kept = [value for value in values if sentence.kept(value.slots)]
    if not out or not kept:
        return values
    note = sentence.note_of(out)
    return [*kept[:-1], kept[-1].replace(note=f"{kept[-1].note}; {note}" if kept[-1].note else note)]


def _name(own: Own, slot: Slot) -> str:
    """The name by which the resolvers know what a slot is."""
    kind = own.kind.kind
    if kind == "place":
        type_ = type_of(slot.name)
        names = (type_, f"{type_}_name")
        kind = next((name for name in names if name in PLACE_TYPES), "city_name")
    return f"{own.key}.{kind}"


def _leg_of(own: Own, slot: Slot) -> str:
    """What a date and a time share that belong together: the role of their slots."""
    return own.key if own.key != slot.name else role_of(slot.name)


class _Reader:
    """Slots of one sentence -> values, by one clock and one order of dates."""

    def __init__(self, sentence: Sentence, clock: datetime, date_order: str) -> None:
        self.sentence = sentence
        self.clock = clock
        self.date_order = date_order
        self.out = sentence.ruled.out

    def value(self, kind: SlotKind, numbers: Sequence[int]) -> SlotValue:
        """The value of slots that are no date, time or place."""
        sentence = self.sentence
        kept = sentence.kept(numbers)
        slots = [sentence.slots[n] for n in kept or numbers]
        blank = SlotValue(sentence.span(numbers), kind.kind, None, tuple(numbers), confidence=confidence_of(slots))
        if not kept:
            return blank.replace(note=sentence.note_of(numbers))
        text = sentence.span(kept)
        value = self._read(kind, blank, text, kept)
        if len(kept) < len(numbers):
            note = sentence.note_of(numbers)
            value = value.replace(note=f"{value.note}; {note}" if value.note else note)
        return value

    def ranged(self, value: TimeValue | None) -> TimeValue | None:
        """`from 7 to 9 pm` in one slot."""
        if value is None or value.value or value.alternatives or len(value.slots) > 1 or value.slots[0] in self.out:
            return value
        reading = self.time(self.words(value.slots), None)
        if not (reading.value and reading.to):
            return value
        return value.replace(value=reading.value, to=reading.to, grain=reading.grain, note=reading.note)

    def _read(self, kind: SlotKind, blank: SlotValue, text: str, numbers: Sequence[int]) -> SlotValue:
        if kind.kind == "text":
            return blank.replace(value=" ".join(text.split()))
        if kind.kind == "list":
            return _of_list(blank, text, kind.values)
        if kind.kind == "datetime":
            return self._datetime(blank, numbers)
        if self.sentence.reads_chinese(numbers):
            return self._chinese_quantity(kind, blank, text, numbers)
        read = {"number": number_of, "money": money_of, "duration": duration_of}
        value = blank.replace(**read[kind.kind](text)._asdict())
        if value.value is None or value.relation:
            return value
        before, after = self._beside(numbers)
        return value.replace(relation=relation_beside(before, after))

    def _chinese_quantity(self, kind: SlotKind, blank: SlotValue, text: str, numbers: Sequence[int]) -> SlotValue:
        from slotfill.hanzi import is_traditional
        from slotfill.resolvers.zh import quantities as zh  # late: English does not need it

        if kind.kind == "money":
            found = zh.money_of(text, traditional=is_traditional(self.sentence.text))
        else:
            found = zh.number_of(text) if kind.kind == "number" else zh.duration_of(text)
        value = blank.replace(**found._asdict())
        if value.value is None or value.relation:
            return value
        slots, whole = self.sentence.slots, self.sentence.text
        first, last = slots[numbers[0]].start, slots[numbers[-1]].end
        least = max([s.end for s in slots if s.end <= first], default=0)
        most = min([s.start for s in slots if s.start >= last], default=len(whole))
        return value.replace(relation=zh.relation_beside(whole[least:first], whole[last:most]))

    def _beside(self, numbers: Sequence[int]) -> tuple[list[str], list[str]]:
        """The words before and after some slots, up to another slot."""
        slots, tokens = self.sentence.slots, self.sentence.tokens
        first, last = slots[numbers[0]].start, slots[numbers[-1]].end
        least = max([s.end for s in slots if s.end <= first], default=0)
        most = min([s.start for s in slots if s.start >= last], default=len(self.sentence.text))
        before = [t.text.lower() for t in tokens if least <= t.start and t.end <= first]
        return before[-4:], [t.text.lower() for t in tokens if last <= t.start and t.end <= most][:3]

    # --- a date with a time ------------------------------------------------------------------------

    def _datetime(self, blank: SlotValue, numbers: Sequence[int]) -> SlotValue:
        """`tomorrow at 7 pm`, `friday`, `in two hours`; without a day there is no value."""
        if self.sentence.reads_chinese(numbers):
            return self._chinese_datetime(blank)
        if self.sentence.language is not None:
            return blank.replace(note=unread_note(self.sentence.language))
        words = self.words(numbers)
        unmarked = [*self._whole(words), *self._halves(words, is_marked=False)]  # `friday 3` is a day, or a time
        for readings in (_written(blank.text), self._halves(words, is_marked=True), unmarked):
            good = [one for one in readings if _is_read(one)]
            if good:
                return _as_value(blank, good)
        if words[:1] == ["this"] and _is_read(evening := self.time(words[1:], self._today())):
            return _as_value(blank, [_joined(self._today(), evening)])
        alone = self.time(words, None)
        if alone.value or alone.alternatives:
            return blank.replace(alternatives=alone.spelt, note="no day was said")
        return blank.replace(note="not understood")

    def _chinese_datetime(self, blank: SlotValue) -> SlotValue:
        """`明天晚上8点`, `下周五`, `三小时后`."""
        from slotfill.resolvers.zh import moments  # late: English does not need it

        text = "".join(blank.text.split())
        found = moments.day_and_time(text, clock=self.clock, order=self.date_order)
        if found:
            day, time = found
            return _as_value(blank, [day if time is None else _joined(day, time)])
        alone = moments.time_alone(text, clock=self.clock)
        if alone.is_counted and alone.value:
            is_tomorrow = alone.value <= self.clock.strftime("%H:%M")
            then = self.clock.date() + timedelta(is_tomorrow)
            return _as_value(blank, [_joined(Reading(then.isoformat(), "day"), alone._replace(note=None))])
        if alone.value or alone.alternatives:
            return blank.replace(alternatives=alone.spelt, note="no day was said")
        return blank.replace(note="not understood")

    def words(self, numbers: Sequence[int]) -> list[str]:
        """The tokens of these slots in lower case."""
        slots = [self.sentence.slots[n] for n in numbers]
        tokens = self.sentence.tokens
        return [t.text.lower().replace("’", "'") for t in tokens if any(s.start <= t.start < s.end for s in slots)]

    def _whole(self, words: Sequence[str]) -> list[Reading]:
        """A day alone, `tonight`, `now`, or what counts from now: `in two hours`."""
        if words == ["now"]:
            return [Reading(self.clock.strftime("%Y-%m-%dT%H:%M"), grain="minute")]
        day = Reading() if all(word.isdigit() for word in words) else self._day(words)
        if words == ["tonight"]:
            return [_joined(day, self.time(words, day))]
        counted = self.time(words, None)
        if counted.is_counted and counted.value:
            is_tomorrow = counted.value <= self.clock.strftime("%H:%M")
            then = self.clock.date() + timedelta(is_tomorrow)
            return [_joined(Reading(then.isoformat(), grain="day"), counted._replace(note=None))]
        return [day]

    def _today(self) -> Reading:
        return Reading(self.clock.date().isoformat(), grain="day")

    def _halves(self, words: Sequence[str], *, is_marked: bool) -> list[Reading]:
        """A day and a time in either order; a marked time is more than a number: `at 7`, `7 pm`, `7:30`."""
        found = []
        for at in range(1, len(words)):
            for dated, timed in ((words[:at], words[at:]), (words[at:], words[:at])):
                day_words, time_words = _bare(dated), _bare(timed)
                if "-" in (words[at - 1], words[at]) and any(w[-1:].isdigit() for w in words[max(at - 2, 0) : at]):
                    continue
                if (
                    not _may_be_day(day_words)
                    or _is_marked(timed) is not is_marked
                    or not self._may_be_time(time_words)
                ):
                    continue
                day = self._day(day_words)
                if _is_read(day) and _is_read(time := self.time(time_words, day)):
                    found.append(_joined(day, time, is_midnight="midnight" in time_words))
        return found

    def _may_be_time(self, words: Sequence[str]) -> bool:
        """Whether words may be a time beside a day: they have no year."""
        if not words or any(word in words for word in [str(self.clock.year + n) for n in range(-1, 4)]):
            return False
        return words[0] not in (*_TO, *_HALF_DAYS) and words[-1] not in (*_TO, *_LIMITS)

    def _day(self, words: Sequence[str]) -> Reading:
        return _cached_date(tuple(words), self.clock.date().isoformat(), self.date_order)

    def time(self, words: Sequence[str], day: Reading | None) -> Reading:
        """A time of the day `day`, or of no day; `from 7 to 9 pm` is one."""
        is_today = day is None or day.value == self.clock.date().isoformat()
        minutes = 60 * self.clock.hour + self.clock.minute if is_today else None
        is_night = (
            day is not None and day.value == self.clock.date().isoformat() and "tonight" in self.sentence.text.lower()
        )
        marks = _range_marks(words) or _marks(words, "time")
        return times.resolve(tuple(words), marks, is_night=is_night, now=minutes if day else None, clock=minutes)


def _written(text: str) -> list[Reading]:
    """`2026-12-24T19:30`."""
    if not re.fullmatch(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?", text, re.ASCII):
        return []
    try:
        return [Reading(datetime.fromisoformat(text).strftime("%Y-%m-%dT%H:%M"), "minute")]
    except ValueError:
        return [NOT_UNDERSTOOD]


def _as_value(blank: SlotValue, readings: Sequence[Reading]) -> SlotValue:
    """The one reading of several ways to read the words; all that differ are alternatives."""
    if len({(one.value, one.to, one.alternatives) for one in readings}) > 1:
        spelt_ = tuple(dict.fromkeys(each for one in readings for each in one.spelt))
        return blank.replace(alternatives=spelt_, note="one of several")
    best = readings[0]
    if best.value and best.alternatives:  # `monday or tuesday`
        return blank.replace(alternatives=best.alternatives, note="one of several")
    grain = best.grain if best.value else None
    relation, alternatives, note = best.relation, best.alternatives, best.note
    return blank.replace(
        value=best.value, grain=grain, to=best.to, relation=relation, alternatives=alternatives, note=note
    )


_TO = ("to", "-", "–", "until", "till", "and")
_LIMITS = ("at", "from", "between", "by", "before", "after", "around", "about", "until", "till", "since")
_HALF_DAYS = ("am", "pm", "a", "p", "m", "a.m.", "p.m.")


def _may_be_day(words: Sequence[str]) -> bool:
    """Whether words may be a day beside a time, which a number alone is not."""
    if not words or words[-1] in (*_TO, *_LIMITS) or words[0] in _TO:
        return False
    if all(word.isdigit() for word in words) or not {"at", "pm", "am"}.isdisjoint(words):
        return False
    return not any(word in ("from", "between") and after[:1].isdigit() for word, after in pairwise(words))


def _is_marked(words: Sequence[str]) -> bool:
    return words[0] in _LIMITS or not all(word.isdigit() or word in _BARE for word in words)


def _range_marks(words: Sequence[str]) -> tuple[str, ...] | None:
    """The marks of `from 7 to 9 pm`, `between 7 and 9 pm`, `7-9 pm`; None for anything else."""
    start = int(words[0] in ("from", "between")) if words else 0
    joints = [n for n, word in enumerate(words) if word in _TO and n > start]
    if len(joints) != 1 or joints[0] in (start, len(words) - 1):
        return None
    middle = joints[0]
    if words[middle] == "to" and not start and words[0] in ("quarter", "ten", "five", "twenty", "half", "a"):
        return None  # quarter to nine
    first, last = _marks(words[start:middle], "start_time"), _marks(words[middle + 1 :], "end_time")
    return ("",) * start + first + ("",) + last


def _marks(words: Sequence[str], kind: str) -> tuple[str, ...]:
    return tuple([f"{'I' if n else 'B'}-{kind}" for n in range(len(words))])


@lru_cache(maxsize=2048)
def _cached_date(words: tuple[str, ...], today: str, order: str) -> Reading:
    if not words:
        return Reading()
    return dates.resolve(words, _marks(words, "date"), today=datetime.fromisoformat(today).date(), order=order)


_BARE = ("at", "on", ",", "the", "-", "for")


def _bare(words: Sequence[str]) -> Sequence[str]:
    """The words of a half without those that only join it to the other."""
    while words and words[-1] in _BARE:
        words = words[:-1]
    while words and words[0] in _BARE:
        words = words[1:]
    return words


def _is_read(reading: Reading) -> bool:
    """Whether words have a meaning, or several; not if some of them have none."""
    return bool(reading.value or reading.alternatives) and not (reading.note or "").startswith("not understood")


def _joined(day: Reading, time: Reading, *, is_midnight: bool = False) -> Reading:
    """A day and a time: every reading of the one with every reading of the other."""
    if day.to or day.grain not in (None, "day") or day.relation:
        return Reading(note="a time, but no single day")
    days, hours = day.alternatives or day.spelt, time.alternatives or time.spelt
    note = time.note or day.note
    if is_midnight and day.value and time.value == "00:00" and not time.to:
        after = (datetime.fromisoformat(day.value) + timedelta(1)).date().isoformat()
        return Reading(
            alternatives=(f"{day.value}T00:00", f"{after}T00:00"), note="the midnight before that day, or after?"
        )
    if day.value and time.value and len(days) == len(hours) == 1:
        to = None
        if time.to:
            end = datetime.fromisoformat(f"{day.value}T{time.to}")
            to = (end + timedelta(time.to <= time.value)).strftime("%Y-%m-%dT%H:%M")
        return Reading(f"{day.value}T{time.value}", "minute", to, time.relation, note=note)
    spelt_ = [f"{one}T{other}" for one in days for other in hours if "/" not in one + other]
    return Reading(relation=time.relation, alternatives=tuple(spelt_), note=note or "one of several")


# --- lists -----------------------------------------------------------------------------------------

_ARTICLES = ("the", "a", "an", "some", "any")
_JOINTS = ("or", "and")
_SIGNS = frozenset(",/&+;")
_NEAR = 0.75  # of a typo to what was meant


@lru_cache(maxsize=256)
def _owners(values: Values) -> Mapping[str, str]:
    """Each value and synonym, as it is compared -> its value."""
    return {spelt(one): value for value, synonyms in values for one in (value, *synonyms)}


class _Found(NamedTuple):
    value: str | None
    several: tuple[str, ...] = ()


def _of_list(blank: SlotValue, text: str, values: Values) -> SlotValue:
    """One of the list; a typo is null, with what may have been meant among the alternatives."""
    owners = _owners(values)
    found = _look_up(spelt(text).split(), owners)
    if found.value is None and not found.several and not _SIGNS.isdisjoint(text):  # lasagne, tiramisu
        found = _look_up(spelt("".join([" or " if c in _SIGNS else c for c in text])).split(), owners)
    if found.value is not None:
        return blank.replace(value=found.value)
    if found.several:
        return blank.replace(alternatives=found.several, note="several of the list")
    near = dict.fromkeys(owners[one] for one in get_close_matches(spelt(text), owners, n=3, cutoff=_NEAR))
    return blank.replace(alternatives=tuple(near), note="not in the list")


def _look_up(words: Sequence[str], owners: Mapping[str, str]) -> _Found:
    whole = _one(words, owners)
    if whole is not None:
        return _Found(whole)
    joints = [n for n, word in enumerate(words) if word in _JOINTS]
    edges = [-1, *joints, len(words)]
    pieces = [_one(words[start + 1 : end], owners) for start, end in pairwise(edges)]
    known = tuple(dict.fromkeys(piece for piece in pieces if piece is not None))
    if not joints or None in pieces:
        return _Found(None)
    return _Found(known[0]) if len(known) == 1 else _Found(None, known)


def _one(words: Sequence[str], owners: Mapping[str, str]) -> str | None:
    """The value of a name, or of a name after an article."""
    name = " ".join(words)
    if name in owners:
        return owners[name]
    return owners.get(" ".join(words[1:])) if len(words) > 1 and words[0] in _ARTICLES else None
