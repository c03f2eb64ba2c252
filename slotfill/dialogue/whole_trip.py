"""What a turn says about the whole trip: start over, the other way round, one way, same dates."""

from slotfill.dialogue.changes import Change, Words
from slotfill.dialogue.draft import Draft
from slotfill.dialogue.mentions import Mention
from slotfill.dialogue.parts import MOST, Itinerary
from slotfill.dialogue.state import kept_leg, kept_other
from slotfill.dialogue.words import (
    FROM_THERE,
    NO_RETURN,
    ONE_WAY,
    ROUND_TRIP,
    SAME,
    START_OVER,
    SWAP,
    TRIP_KINDS,
    is_search,
    sentence_around,
)
from slotfill.schema import Frame, Other

_LONGEST_NAME = 100  # of a slot
_ONE_WAY, _ROUND_TRIP = "one way", "round trip"


def start_over(draft: Draft) -> None:
    """`start over`: a new trip, of which the rest of the turn may already tell."""
    found = START_OVER.search(draft.heard.words)
    if found is None:
        return
    words = (draft.cut(*found.span()),)
    for part in draft.itinerary.parts():
        draft.changes.append(Change(part, "remove", draft.itinerary.get(part), None, words, "start over"))
    _clear_open(draft, words)
    for name, content in draft.itinerary.other.items():
        draft.changes.append(Change(f"other.{name}", "remove", content, None, words, "start over"))
    draft.itinerary = Itinerary(Frame())
    draft.said = []


def _clear_open(draft: Draft, words: tuple[Words, ...]) -> None:
    for at, value in enumerate(draft.itinerary.open):
        part = f"open[{at}].{value.kind if value.kind in ('date', 'time') else 'place'}"
        draft.changes.append(Change(part, "remove", value, None, words, "start over"))
    draft.itinerary.open = []


def swap(draft: Draft) -> None:
    """`the other way round`: the departure is the arrival, and the reverse."""
    found = SWAP.search(draft.heard.words)
    if found is None:
        return
    words = (draft.cut(*found.span()),)
    start, end = draft.itinerary.get("departure.place"), draft.itinerary.get("arrival.place")
    for part, value in (("departure.place", end), ("arrival.place", start)):
        if value is not None:
            draft.put(part, value, words, "swap")
        else:
            draft.remove(part, words, "swap")
    draft.taken.clear()
    if start is None and end is None:
        draft.notes.append(f"{words[0].text}: no place is known yet")


def from_there(draft: Draft) -> None:
    """`from there`: the trip goes on where it ended so far."""
    found = FROM_THERE.search(draft.heard.words)
    arrival = draft.itinerary.get("arrival.place")
    if found is not None and arrival is not None:
        draft.put("departure.place", arrival, (draft.cut(*found.span()),), "same")


def one_way(draft: Draft, mentions: list[Mention]) -> None:
    """`one way then`: no return; a return in the same turn counts more.

    Whoever looks for one-way flights, perhaps for the price, has not given up the return.
    """
    if not TRIP_KINDS.search(draft.heard.words):
        return
    found = NO_RETURN.search(draft.heard.words) or ONE_WAY.search(draft.heard.words)
    if found is None or any(one.leg == "return" and one.is_named for one in mentions):
        return
    if found.re is ONE_WAY and is_search(sentence_around(draft.heard.words, *found.span())):
        return
    words = (draft.cut(*found.span()),)
    for part in ("return.date", "return.time"):
        draft.remove(part, words, "one way")


def several_legs(draft: Draft) -> None:
    """`Oslo to Rome, then on to Paris`: a new trip; the parts of its first leg are set by the values of the turn."""
    if draft.heard.sentences.legs:
        draft.itinerary.legs = tuple([kept_leg(leg) for leg in draft.heard.sentences.legs[:MOST]])


def same(draft: Draft) -> None:
    """`same dates`: what is known stays, and is said again."""
    kinds = {"d": "date", "t": "time", "h": "time", "p": "place", "c": "place", "r": "place"}
    for found in SAME.finditer(draft.heard.words):
        kind = kinds.get(found["what"][0], "") if not found["what"].startswith("trip") else ""
        words = (draft.cut(*found.span()),)
        leaving = draft.itinerary.get("departure.date")
        if found["what"] in ("day", "date") and "return.date" in draft.heard.asked and leaving is not None:
            draft.put("return.date", leaving, words, "same")
            continue
        for part in draft.itinerary.parts(kind):
            known = draft.itinerary.get(part)
            if part not in draft.taken and known is not None:
                draft.put(part, known, words, "same", "confirm")


def note_others(draft: Draft) -> None:
    """Carry over what belongs to no leg, the last word of each name."""
    for name, content in draft.heard.sentences.frame.other.items():
        found, known = kept_other(content), draft.itinerary.other.get(name)
        is_full = known is None and len(draft.itinerary.other) >= MOST
        if name == "round_trip" or found == known or len(name) > _LONGEST_NAME or is_full:
            continue
        slots = [slot for slot in draft.heard.sentences.annotation.slots if slot.name == name]
        words = tuple([Words(slot.text, slot.start, slot.end) for slot in slots])
        _put_other(draft, name, found, words, "said")
    _round_trip(draft)


def _put_other(draft: Draft, name: str, content: Other, words: tuple[Words, ...], rule: str) -> None:
    known = draft.itinerary.other.get(name)
    draft.itinerary.other[name] = content
    draft.changes.append(Change(f"other.{name}", "set" if known is None else "replace", known, content, words, rule))


def _round_trip(draft: Draft) -> None:
    """Whether the trip is one way, by the words: taggers miss some of them."""
    for pattern in (NO_RETURN, ONE_WAY, ROUND_TRIP) if TRIP_KINDS.search(draft.heard.words) else ():
        if found := pattern.search(draft.heard.words):
            kind = _ROUND_TRIP if pattern is ROUND_TRIP else _ONE_WAY
            if draft.itinerary.other.get("round_trip") != kind:
                _put_other(draft, "round_trip", kind, (draft.cut(*found.span()),), "one way")
            return
