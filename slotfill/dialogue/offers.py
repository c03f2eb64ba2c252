"""What the system offers, once the user accepts it: `We have one at 6:10 am.`, `that works`."""

from slotfill.dialogue.mentions import Mention
from slotfill.dialogue.parts import Itinerary
from slotfill.schema import PlaceValue, Value


def accepted(mentions: "list[Mention]", itinerary: Itinerary, *, confidence: float) -> list[tuple[str, Value]]:
    """The parts that the values of an accepted offer change or confirm, each with its value.

    A value that is not sure, or of which there are several, does not count.
    """
    found: list[tuple[str, Value]] = []
    counts: dict[str, int] = {}
    for mention in mentions:
        counts[f"{mention.leg}.{mention.kind}"] = counts.get(f"{mention.leg}.{mention.kind}", 0) + 1
    for mention in mentions:
        part = f"{mention.leg}.{mention.kind}"
        value = mention.value
        if mention.leg not in ("departure", "arrival", "return") or counts[part] > 1:
            continue
        if value.value is None or value.alternatives or value.confidence < confidence:
            continue
        known = itinerary.get(part)
        if isinstance(value, PlaceValue) and isinstance(known, PlaceValue) and not _replaces(value, known):
            value = known
        found.append((part, value))
    return found


def _replaces(place: PlaceValue, known: PlaceValue) -> bool:
    """A city replaces another city; a station or an airport is where one leaves the city that is known."""
    return place.kind == "city" and known.kind == "city" and place.value != known.value
