"""The rules of a turn in their order: what it does to the itinerary. docs/dialogue.md states them."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from slotfill.dialogue.changes import Change, Words
from slotfill.dialogue.mentions import Mention, Ruled
from slotfill.dialogue.parts import MOST, Itinerary, kind_of, leg_of
from slotfill.dialogue.removals import Removal, dropped, holders, is_same, named_removals
from slotfill.dialogue.shifts import Shift, shift_in, shifted, shifted_parts
from slotfill.dialogue.state import Said, State, kept, kept_leg, kept_other
from slotfill.dialogue.targets import Context, Target, target_of
from slotfill.dialogue.trip_dates import in_trip
from slotfill.dialogue.words import (
    FROM_THERE,
    NO_RETURN,
    ONE_WAY,
    ROUND_TRIP,
    SAME,
    START_OVER,
    SWAP,
    cues_of,
    is_bare,
    is_detail,
    is_search,
    is_way_back,
    plain,
    sentence_around,
)
from slotfill.resolvers.abstention import sure_value
from slotfill.schema import Alternative, Annotation, DateValue, Frame, PlaceValue, TimeValue, Value
from slotfill.slot_names import type_of

_OWN_WORDS = (START_OVER, SWAP, SAME)  # a tagger may take `around` of `the other way around` for a time
_ONE_WAY, _ROUND_TRIP = "one way", "round trip"


class Heard(NamedTuple):
    """What a turn is read with."""

    annotation: Annotation
    frame: Frame  # of the annotation, with what is not sure
    mentions: list[Mention]
    ruled: list[Ruled]
    words: str  # the text in plain letters
    asked: tuple[str, ...]
    today: date
    confidence: float
    read_after: Callable[[DateValue, Sequence[int]], Frame]  # the frame of some slots, not before a departure


class TurnRules:
    """One turn while it changes an itinerary."""

    def __init__(self, state: State, heard: Heard) -> None:
        self.before = state
        self.heard = heard
        self.itinerary = Itinerary(state.itinerary)
        self.said = [*state.said]
        self.turn = state.turns + 1
        self.changes: list[Change] = []
        self.notes: list[str] = []
        self.taken: set[str] = set()
        self.cues = cues_of(heard.words)

    def read(self) -> None:
        """Apply all rules."""
        self._start_over()
        self._swap()
        self._from_there()
        shift = shift_in(self.heard.annotation.text, self.heard.words)
        taken = [(match.start(), match.end()) for pattern in _OWN_WORDS if (match := pattern.search(self.heard.words))]
        taken += [(shift.words.start, shift.words.end)] if shift else []
        mentions = [
            one for one in self.heard.mentions if not any(one.words.start < b and a < one.words.end for a, b in taken)
        ]
        mentions, ruled = self._without_dropped(mentions)
        self._one_way(mentions)
        self._removals()
        if self.heard.frame.legs and shift is None:
            self._several_legs()
        held = [(part, one) for one in ruled for part in holders(self.itinerary, one)]
        self._values(mentions, [part for part, _ in held])
        self._remove([Removal(part, one.words) for part, one in held if part not in self.taken])
        if shift is not None:
            self._shift(shift)
        self._same()
        self._others()
        self._in_order()

    def accept(self, offers: Sequence[tuple[str, Value]]) -> None:
        """Take what the system offers, where the turn itself says nothing else."""
        taken = frozenset(self.taken)
        for part, value in offers:
            if part not in taken:
                self.put(part, value, (), "accepted")

    def state(self) -> State:
        """The state after the turn."""
        return self.before.replace(itinerary=self.itinerary.frame(), said=tuple(self.said), turns=self.turn)

    # --- writing -----------------------------------------------------------------------------------

    def put(self, part: str, value: Value, words: tuple[Words, ...], rule: str, action: str = "") -> None:
        """Give a part a value, and note the change and that it was said."""
        value = kept(value)
        known = self.itinerary.get(part)
        action = action or ("set" if known is None else "confirm" if means(known) == means(value) else "replace")
        if action != "confirm":
            self.itinerary.put(part, value)
        else:
            value = known or value
        self.changes.append(Change(part, action, known, value, words, rule))
        self._note_said(part)

    def remove(self, part: str, words: tuple[Words, ...], rule: str) -> None:
        """Take the value of a part away."""
        known = self.itinerary.get(part)
        if known is not None:
            self.itinerary.put(part, None)
            self.changes.append(Change(part, "remove", known, None, words, rule))
            self.said = [one for one in self.said if one.part != part]

    def _note_said(self, part: str) -> None:
        self.taken.add(part)
        self.said = [one for one in self.said if one.part != part] + [Said(part, self.turn)]

    def _in_order(self) -> None:
        """Changes, and the parts that were said, in the order of their words."""
        at = {change.part: change.because[-1].start for change in self.changes if change.because}
        self.changes.sort(key=lambda change: change.because[-1].start if change.because else 0)
        self.said.sort(key=lambda one: (one.turn, at.get(one.part, 0)))

    def _cut(self, start: int, end: int) -> Words:
        return Words(self.heard.annotation.text[start:end], start, end)

    # --- the whole trip ----------------------------------------------------------------------------

    def _start_over(self) -> None:
        found = START_OVER.search(self.heard.words)
        if found is None:
            return
        words = (self._cut(*found.span()),)
        for part in self.itinerary.parts():
            self.changes.append(Change(part, "remove", self.itinerary.get(part), None, words, "start over"))
        self._clear_open(words)
        for name, content in self.itinerary.other.items():
            self.changes.append(Change(f"other.{name}", "remove", content, None, words, "start over"))
        self.itinerary = Itinerary(Frame())
        self.said = []

    def _clear_open(self, words: tuple[Words, ...]) -> None:
        for at, value in enumerate(self.itinerary.open):
            part = f"open[{at}].{value.kind if value.kind in ('date', 'time') else 'place'}"
            self.changes.append(Change(part, "remove", value, None, words, "start over"))
        self.itinerary.open = []

    def _swap(self) -> None:
        """`the other way round`: the departure is the arrival, and the reverse."""
        found = SWAP.search(self.heard.words)
        if found is None:
            return
        words = (self._cut(*found.span()),)
        start, end = self.itinerary.get("departure.place"), self.itinerary.get("arrival.place")
        for part, value in (("departure.place", end), ("arrival.place", start)):
            if value is not None:
                self.put(part, value, words, "swap")
            else:
                self.remove(part, words, "swap")
        self.taken.clear()
        if start is None and end is None:
            self.notes.append(f"{words[0].text}: no place is known yet")

    def _from_there(self) -> None:
        """`from there`: the trip goes on where it ended so far."""
        found = FROM_THERE.search(self.heard.words)
        arrival = self.itinerary.get("arrival.place")
        if found is not None and arrival is not None:
            self.put("departure.place", arrival, (self._cut(*found.span()),), "same")

    def _one_way(self, mentions: list[Mention]) -> None:
        """`one way then`: no return; a return in the same turn counts more.

        Whoever looks for one-way flights, perhaps for the price, has not given up the return.
        """
        found = NO_RETURN.search(self.heard.words) or ONE_WAY.search(self.heard.words)
        if found is None or any(one.leg == "return" and one.is_named for one in mentions):
            return
        if found.re is ONE_WAY and is_search(sentence_around(self.heard.words, *found.span())):
            return
        words = (self._cut(*found.span()),)
        for part in ("return.date", "return.time"):
            self.remove(part, words, "one way")

    def _removals(self) -> None:
        self._remove(named_removals(self.heard.annotation.text, self.heard.words, self.itinerary))

    def _remove(self, removals: list[Removal]) -> None:
        for one in sorted(removals, key=lambda removal: removal.part, reverse=True):  # the last stop first
            self.remove(one.part, (one.words,), "removal")

    def _without_dropped(self, mentions: list[Mention]) -> tuple[list[Mention], list[Ruled]]:
        """The values without those that `skip` or `forget` takes away, which are ruled out as those after a `not`."""
        drops = [one for one in mentions if dropped(self.heard.words, one)]
        ruled = [*self.heard.ruled, *(Ruled(one.kind, one.words) for one in drops)]
        return [one for one in mentions if one not in drops], ruled

    def _several_legs(self) -> None:
        """A trip of several legs is a new trip: the parts of its first leg are set by the values of the turn."""
        self.itinerary.legs = tuple([kept_leg(leg) for leg in self.heard.frame.legs[:MOST]])

    # --- values ------------------------------------------------------------------------------------

    def _values(self, mentions: list[Mention], ruled: list[str]) -> None:
        """Each value goes to its part; those that name theirs first, and a return after the departure."""
        text, words = self.heard.annotation.text, self.heard.words
        bare = is_bare(_rest_tokens(self.heard.annotation, [one.words for one in mentions], words))
        said = self.before.last("") if self.said else []
        order = sorted(mentions, key=lambda one: (not one.is_named, one.leg == "return" and one.kind == "date"))
        kind = str(self.itinerary.other.get("round_trip", ""))
        round_trip = bool(ROUND_TRIP.search(plain(kind)) or ROUND_TRIP.search(words))
        for at, mention in enumerate(order):
            cue = self._cue_before(mention, text)
            context = Context(
                self.itinerary,
                self.heard.asked,
                said,
                self.taken,
                ruled,
                is_correction=bool(self.cues.correction or (bare and self.cues.weak_correction)),
                is_addition=self.cues.addition is not None and cue,
                is_alternative=self.cues.alternative is not None and at == 0,
                is_bare=bare,
                is_return_awaited=round_trip or "return.date" in self.heard.asked,
            )
            rest = [one for one in order[at:] if one.kind == mention.kind and not one.is_named]
            target = self._way_back(mention) or target_of(mention, context, of_its_kind=len(rest))
            self._place(mention, target, context)

    def _way_back(self, mention: Mention) -> Target | None:
        """`returning from Lima`, `back to Boston`: the ends of a trip that is known, not new ones."""
        if mention.kind != "place" or mention.leg not in ("departure", "arrival"):
            return None
        if not is_way_back(self.heard.words, mention.words.start):
            return None
        known = self.itinerary.get("departure.place")
        other = "arrival.place" if mention.leg == "departure" else "departure.place"
        if is_same(self.itinerary.get(other), mention.words.text):
            return Target(other, "named")
        if mention.leg == "departure" and known is not None and self.itinerary.get(other) is None:
            return Target(other, "named")
        return None

    def _cue_before(self, mention: Mention, text: str) -> bool:
        found = self.cues.addition
        return found is not None and (found.end() <= mention.words.start or found.start() >= mention.words.end)

    def _place(self, mention: Mention, target: Target, context: Context) -> None:
        """Put a value where it belongs, if it is sure enough."""
        words = (mention.words,)
        value = mention.value
        if target.part is None:
            self._leave_open(mention, target)
            return
        if target.part == "stops":
            self._stop(mention, context, target)
            return
        if isinstance(value, DateValue):
            value = self._dated(value, mention, target.part)
            if target.part == "departure.date" and value.to and value.value and context.is_return_awaited:
                self._range(value, words)
                return
        known = self.itinerary.get(target.part)
        if self._is_only_asked_about(mention, known, value):
            self.notes.append(f"{mention.words.text}: only asked about")
            return
        if target.rule == "addition" and known is not None:
            self.put(target.part, _with_alternative(known, value), words, "addition", "replace")
            return
        if not self._is_sure(mention, target, is_bare_turn=context.is_bare):
            if known is not None or value.value is None:
                self.notes.append(f"not sure enough of {mention.words.text!r} for {target.part}")
                return
            value = sure_value(value, confidence=self.heard.confidence)
        self.put(target.part, value, words, target.rule)

    def _is_only_asked_about(self, mention: Mention, known: Value | None, value: Value) -> bool:
        """`when do I land in Quito?`, `does it arrive the next day?` of a trip that is known."""
        is_known = known is not None or (mention.kind != "place" and bool(self.itinerary.parts(mention.kind)))
        if not is_known or (known is not None and means(known) == means(value)):
            return False
        return is_detail(self.heard.words, mention.words.start, mention.words.end)

    def _range(self, value: DateValue, words: tuple[Words, ...]) -> None:
        """`the 7th to the 11th`, where the return is awaited too: both."""
        self.put("departure.date", value.replace(to=None), words, "asked")
        self.put("return.date", value.replace(value=value.to, to=None), words, "asked")

    def _is_sure(self, mention: Mention, target: Target, *, is_bare_turn: bool) -> bool:
        """A value is sure if its slots are; if it was asked for, any slot of its kind is the answer."""
        if target.rule == "same" or (target.rule == "asked" and is_bare_turn):
            return True
        is_awaited = target.rule in ("asked", "correction") or target.part in self.heard.asked
        limit = self.heard.confidence / (2 if is_awaited else 1)
        return mention.value.confidence >= limit

    def _leave_open(self, mention: Mention, target: Target) -> None:
        value = kept(sure_value(mention.value, confidence=self.heard.confidence / 2))
        if value in self.itinerary.open:
            return
        self.itinerary.open = [*self.itinerary.open, value][-MOST:]
        part = f"open[{len(self.itinerary.open) - 1}].{mention.kind}"
        self.changes.append(Change(part, "set", None, value, (mention.words,), "open", target.readings))

    def _stop(self, mention: Mention, context: Context, target: Target) -> None:
        """A stop is added after `and` or `also`, or beside one of the same turn; else it replaces those so far."""
        stops = self.itinerary.stops
        mine = [part for part in self.taken if part.startswith("stops[")]
        if mention.value.confidence < self.heard.confidence / 2 or len(stops) >= MOST:
            self.notes.append(f"not sure enough of {mention.words.text!r} for a stop")
            return
        if stops and not mine and not context.is_addition:
            for at in range(len(stops) - 1, 0, -1):
                self.remove(f"stops[{at}].place", (mention.words,), target.rule)
            self.put("stops[0].place", mention.value, (mention.words,), target.rule)
        else:
            self.put(f"stops[{len(stops)}].place", mention.value, (mention.words,), target.rule)

    def _dated(self, value: DateValue, mention: Mention, part: str) -> DateValue:
        """A date read against the trip."""
        heard = self.heard

        def read_after(departure: DateValue) -> DateValue | None:
            legs = [leg for _, leg in heard.read_after(departure, value.slots).items()]
            return next((leg.date for leg in legs if leg.date), None)

        types = frozenset([type_of(heard.annotation.slots[n].name) for n in value.slots])
        found = in_trip(value, part, self.itinerary, types=types, today=heard.today, read_after=read_after)
        return found.replace(confidence=value.confidence)

    # --- shifts and the rest -----------------------------------------------------------------------

    def _shift(self, shift: Shift) -> None:
        said = [one.part for one in reversed(self.said)]
        asked = [part for part in self.heard.asked if kind_of(part) == shift.kind]
        parts = shifted_parts(shift, self.itinerary, [*asked, *said])
        is_return = shift.target == "return" or (not shift.target and asked == ["return.date"])
        if is_return and shift.kind == "date" and self.itinerary.get("return.date") is None:
            return self._return_after(shift)
        if not parts:
            self.notes.append(f"{shift.words.text}: no {shift.kind} is known to count from")
        for part in parts:
            if part in self.taken:
                continue
            known = self.itinerary.get(part)
            if known is None:
                continue
            value, days = shifted(known, shift)
            self.put(part, self._not_before_departure(part, value), (shift.words,), "shift", "shift")
            if days:
                self._over_midnight(part, days, shift)
        return None

    def _return_after(self, shift: Shift) -> None:
        """`back a week later`, without a return so far: counted from the departure."""
        departure = self.itinerary.get("departure.date")
        if isinstance(departure, DateValue) and shift.ways == (1,):
            self.put("return.date", shifted(departure, shift)[0], (shift.words,), "shift")
        else:
            self.notes.append(f"{shift.words.text}: no date is known to count from")

    def _not_before_departure(self, part: str, value: Value) -> Value:
        departure = self.itinerary.get("departure.date")
        if part != "return.date" or not isinstance(value, DateValue) or not isinstance(departure, DateValue):
            return value
        if value.value and departure.value and value.value < departure.value:
            was = (value.value,)
            return value.replace(value=None, grain=None, to=None, alternatives=was, note="before the departure")
        return value

    def _over_midnight(self, part: str, days: int, shift: Shift) -> None:
        day = self.itinerary.get(f"{leg_of(part)}.date")
        if isinstance(day, DateValue) and day.value and day.grain == "day":
            moved = date.fromisoformat(day.value) + timedelta(days)
            value = day.replace(text=shift.words.text, value=moved.isoformat(), alternatives=(), note=None)
            self.put(f"{leg_of(part)}.date", value, (shift.words,), "shift", "shift")
        else:
            self.notes.append(f"{shift.words.text}: over midnight")

    def _same(self) -> None:
        """`same dates`: what is known stays, and is said again."""
        kinds = {"d": "date", "t": "time", "h": "time", "p": "place", "c": "place", "r": "place"}
        for found in SAME.finditer(self.heard.words):
            kind = kinds.get(found["what"][0], "") if not found["what"].startswith("trip") else ""
            words = (self._cut(*found.span()),)
            for part in self.itinerary.parts(kind):
                known = self.itinerary.get(part)
                if part not in self.taken and known is not None:
                    self.put(part, known, words, "same", "confirm")

    def _others(self) -> None:
        """What belongs to no leg is carried over, the last word of each name."""
        for name, content in self.heard.frame.other.items():
            found = kept_other(content)
            known = self.itinerary.other.get(name)
            if (
                name == "round_trip"
                or found == known
                or len(name) > 100
                or (known is None and len(self.itinerary.other) >= MOST)
            ):
                continue
            self.itinerary.other[name] = found
            words = tuple([Words(s.text, s.start, s.end) for s in self.heard.annotation.slots if s.name == name])
            self.changes.append(Change(f"other.{name}", "replace" if known else "set", known, found, words, "said"))
        self._round_trip()

    def _round_trip(self) -> None:
        """Whether the trip is one way, by the words: taggers miss some of them."""
        ways = [found for pattern in (NO_RETURN, ONE_WAY, ROUND_TRIP) if (found := pattern.search(self.heard.words))]
        if ways:
            is_back = ways[0].re is ROUND_TRIP
            known, new = self.itinerary.other.get("round_trip"), _ROUND_TRIP if is_back else _ONE_WAY
            if known != new:
                self.itinerary.other["round_trip"] = new
                words = (self._cut(*ways[0].span()),)
                self.changes.append(
                    Change("other.round_trip", "replace" if known else "set", known, new, words, "one way")
                )


def means(value: Value) -> tuple[object, ...]:
    """What a value means, whatever the words."""
    if isinstance(value, PlaceValue):
        return value.kind, value.value or value.text, value.country, value.region
    return value.value or value.text, value.to, value.relation, value.grain, value.alternatives


def _with_alternative(known: Value, value: Value) -> Value:
    """`or Denver`: the value so far with one more that may be meant instead."""
    if isinstance(known, PlaceValue) and isinstance(value, PlaceValue):
        first, second = (
            (
                Alternative(one.kind, one.value, one.country, one.region, one.airports)
                for one in (known, value)
                if one.value
            )
            if known.value and value.value
            else (None, None)
        )
        if first is None or second is None:
            return known
        return known.replace(alternatives=tuple(dict.fromkeys((*(known.alternatives or (first,)), second))))
    if isinstance(known, DateValue | TimeValue) and isinstance(value, DateValue | TimeValue) and value.value:
        own = known.alternatives or ((known.value,) if known.value else ())
        return known.replace(alternatives=tuple(dict.fromkeys((*own, value.value))))
    return known


def _rest_tokens(annotation: Annotation, values: list[Words], words: str) -> list[str]:
    """The tokens outside the values, in plain letters."""
    return [
        words[token.start : token.end]
        for token in annotation.tokens
        if not any(one.start <= token.start < one.end for one in values)
    ]
