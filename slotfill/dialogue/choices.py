"""`evening` after `at 6`, `the 27th` after `next friday`: which of the readings of a value that is open."""

import re

from slotfill.dialogue.changes import Change
from slotfill.dialogue.draft import Draft
from slotfill.dialogue.mentions import Mention
from slotfill.dialogue.parts import FIXED, Itinerary, kind_of
from slotfill.resolvers.time_phrases import said_with
from slotfill.resolvers.time_words import PART, WORDS
from slotfill.schema import DateValue, TimeValue, Value

_WORD = re.compile(r"[a-z.]+")
_CLOCK = len("18:00")
_DAY = re.compile(r"\d|\b(?:today|tomorrow)\b|(?:st|nd|rd|th)\b")  # more than a weekday, which both readings are


def chosen(draft: Draft, mention: Mention) -> tuple[str, Value] | None:
    """The part of which a value that names none chooses a reading, and that reading; None if it chooses none."""
    if mention.is_named or mention.kind == "place":
        return None
    asked = [part for part in draft.heard.asked if kind_of(part) == mention.kind]
    for part in _open_parts(draft, mention.kind):
        if part in draft.taken or (asked and part not in asked):
            continue
        known = draft.itinerary.get(part)
        if isinstance(known, DateValue | TimeValue) and (reading := _reading(known, mention)):
            return part, settled(known, reading)
    return None


def _open_parts(draft: Draft, kind: str) -> list[str]:
    """The parts of a kind that have readings and no value, the one said last first."""
    said = [one.part for one in draft.before.last(kind)]
    return sorted(undecided(draft.itinerary, kind), key=lambda part: said.index(part) if part in said else len(said))


def undecided(itinerary: Itinerary, kind: str) -> list[str]:
    """The parts of a kind that have several readings, and no value."""
    found = []
    for part in itinerary.parts(kind):
        value = itinerary.get(part)
        if value is not None and value.value is None and len(value.alternatives) > 1:
            found.append(part)
    return found


def settled(known: "DateValue | TimeValue", reading: str) -> Value:
    """An open value that has become one of its readings; a limit stays."""
    return known.replace(
        value=reading, to=None, grain="minute" if known.kind == "time" else "day", alternatives=(), note=None
    )


def _reading(known: "DateValue | TimeValue", mention: Mention) -> str | None:
    """The only reading that a value of a turn leaves."""
    value = mention.value
    words = mention.words.text.lower()
    if isinstance(value, TimeValue) and value.to and all(len(one) == _CLOCK for one in known.alternatives):
        parts = [WORDS[word][1] for word in _WORD.findall(words) if WORDS.get(word, (0, ""))[0] == PART]
        minutes = {60 * int(one[:2]) + int(one[3:]): one for one in known.alternatives}
        left = said_with(parts[0], tuple(minutes)) if len(parts) == 1 else ()
        return minutes[left[0]] if len(left) == 1 else None
    is_one = value.value in known.alternatives and not (isinstance(value, DateValue | TimeValue) and value.to)
    return value.value if is_one and (known.kind == "time" or _DAY.search(words)) else None


# A turn that says nothing but a leg: `the return I mean`, `my destination`.
_LEGS = {
    "return": re.compile(r"(?:return|inbound|way back|flight back|flight home)"),
    "departure": re.compile(r"(?:departure|outbound|origin|way out|flight out)"),
    "arrival": re.compile(r"(?:destination|arrival)"),
}
_AROUND_LEG = re.compile(
    r"\W*(?:(?:no|sorry|wait|oh|i|meant?|mean|it's|that's|it|is|was|for|as|the|my|please|flight|date|time|city)\b\W*)*"
)


def name_open(draft: Draft) -> None:
    """`the return I mean`: the part of the value that was left open last."""
    found = [(leg, match) for leg, pattern in _LEGS.items() if (match := pattern.search(draft.heard.words))]
    if len(found) != 1 or not draft.itinerary.open or draft.heard.mentions:
        return
    leg, match = found[0]
    rest = draft.heard.words[: match.start()] + " " + draft.heard.words[match.end() :]
    value = draft.itinerary.open[-1]
    kind = value.kind if value.kind in ("date", "time") else "place"
    part = f"{leg}.{kind}"
    if not _AROUND_LEG.fullmatch(rest) or part not in FIXED:
        return
    words = (draft.cut(*match.span()),)
    draft.changes.append(Change(f"open[{len(draft.itinerary.open) - 1}].{kind}", "remove", value, None, words, "named"))
    draft.itinerary.open = draft.itinerary.open[:-1]
    draft.put(part, value, words, "named")
