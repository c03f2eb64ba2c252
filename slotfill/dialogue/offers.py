"""What the system offers, once the user accepts it: `We have one at 6:10 am.`, `that works`."""

import re
from collections import Counter

from slotfill.dialogue.mentions import Mention
from slotfill.dialogue.parts import Itinerary
from slotfill.dialogue.roles import SENTENCE_ENDS
from slotfill.dialogue.targets import ENDS
from slotfill.dialogue.words import is_way_back, plain
from slotfill.schema import DateValue, PlaceValue, Value

_LONGEST = 400  # code points of an offer that are remembered
_TIME = re.compile(r"\d ?(?:am|pm|a\.m|p\.m|o'clock)|\d:\d\d|\b(?:noon|midnight)\b")
_BUYING = re.compile(r"\b(?:buy|purchase|book|reserve|tickets?|booking)\b")


def offer_in(heard: str) -> str | None:
    """The system's words if they offer a time, cut to what may be remembered; None if they do not.

    >>> offer_in("We have one at 6:10 am."), offer_in("Anything else?")
    ('We have one at 6:10 am.', None)
    """
    return heard[-_LONGEST:] if _TIME.search(plain(heard)) else None


def offers(mentions: list[Mention], words: str, itinerary: Itinerary, *, confidence: float) -> list[tuple[str, Value]]:
    """The parts that the values of an accepted offer change or confirm, each with its value; `words` are the system's.

    A value that is not sure, or of which there are several, does not count; neither does one that is known as that of
    another part (`for Friday, returning on Sunday`, if the tagger takes both for returns), nor when one may buy.
    """
    kinds = {(one.leg, one.kind, one.value.value) for one in mentions}
    count = Counter((leg, kind) for leg, kind, _ in kinds)
    found: list[tuple[str, Value]] = []
    for mention in mentions:
        part, value = f"{mention.leg}.{mention.kind}", mention.value
        if mention.leg == "open" and mention.kind == "place" and len(mentions) == 1:  # how about Faro?
            missing = [end for end in ENDS if itinerary.get(end) is None]
            if len(missing) == 1 and value.value and value.confidence >= confidence:
                found.append((missing[0], value))
            continue
        if mention.leg not in ("departure", "arrival", "return") or count[mention.leg, mention.kind] > 1:
            continue
        is_one = bool(value.value) != bool(value.alternatives)  # one time, or one that may be two: leaves at 10:21
        if not is_one or value.confidence < confidence or _is_of_sale(mention, words):
            continue
        if value.value is None and mention.kind != "time":
            continue
        if mention.kind == "place" and is_way_back(words, mention.words.start):  # and returns to Boston
            continue
        known = itinerary.get(part)
        if known is None or known.value != value.value:
            offered = {f"{leg}.{kind}" for leg, kind in count}
            others = [itinerary.get(other) for other in itinerary.parts(mention.kind) if other not in offered]
            if mention.kind != "time" and any(one is not None and one.value == value.value for one in others):
                continue
        if isinstance(value, PlaceValue) and isinstance(known, PlaceValue) and not _replaces(value, known):
            value = known
        found.append((part, value))
    return found


def _is_of_sale(mention: Mention, words: str) -> bool:
    """Say whether a date is that of the sale: `would you like to buy tickets today?`."""
    if not isinstance(mention.value, DateValue) or mention.words.text.lower() not in ("today", "now", "tonight"):
        return False
    first = max([found.end() for found in SENTENCE_ENDS.finditer(words, 0, mention.words.start)], default=0)
    return not mention.is_named and bool(_BUYING.search(words[first : mention.words.start]))


def _replaces(place: PlaceValue, known: PlaceValue) -> bool:
    """A city replaces another city; a station or an airport is where one leaves the city that is known."""
    return place.kind == "city" and known.kind == "city" and place.value != known.value
