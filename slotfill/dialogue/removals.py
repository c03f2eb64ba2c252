"""What a turn takes away: `not Boston`, `drop the stop`, `forget the time`."""

import re
from datetime import date
from typing import NamedTuple

from slotfill.dialogue.changes import Words
from slotfill.dialogue.mentions import Mention, Ruled
from slotfill.dialogue.parts import Itinerary, kind_of
from slotfill.dialogue.words import plain
from slotfill.resolvers.date_pieces import DAY_NAMES
from slotfill.schema import DateValue, PlaceValue, TimeValue, Value

_VERB = (
    r"(?:please )?(?:drop|remove|cancel|delete|skip|forget(?: about)?|scrap|ditch|lose|without|no|never ?mind|"
    r"leave out|take out|get rid of|don't (?:want|need)|no need for|clear|strike|no longer (?:want|need)|ignore)"
)
_THE = r"(?:(?:the|my|that|this|a|an|any|all|of) ){0,3}"
_NOUNS = (
    (r"(?:stop|stops|stopover|stopovers|layover|layovers|connection|connections)", "stops"),
    (r"return time", "return.time"),
    (r"(?:return|return (?:flight|trip|ticket|leg|journey|date)|flight back|way back|trip back)", "return"),
    (r"(?:departure|departing|leaving) time", "departure.time"),
    (r"arrival time", "arrival.time"),
    (r"(?:departure|departing|leaving|travel) date", "departure.date"),
    (r"(?:departure|departing|starting) (?:city|place|airport)", "departure.place"),
    (r"(?:destination|arrival (?:city|place|airport))", "arrival.place"),
    (r"times?", "time"),
    (r"dates?", "date"),
)
_DROPS = tuple((re.compile(rf"(?<![\w'])(?<!don't ){_VERB} {_THE}{noun}(?![\w'])"), target) for noun, target in _NOUNS)
_DROPS_ANY = re.compile(rf"(?<![\w'])(?<!don't ){_VERB} ")
_DROPS_NEXT = re.compile(rf"(?<![\w'])(?<!don't ){_VERB} (?:(?:the|via|stop|going|flying|in|to|about|on|at) ){{0,3}}$")
_ANYTIME = re.compile(r"(?<![\w'])(?:any ?time(?: is fine| works)?|(?:the )?time does(?:n't| not) matter)(?![\w'])")


class Removal(NamedTuple):
    """A part that a turn takes away, and because of which words."""

    part: str
    words: Words


def named_removals(text: str, words: str, itinerary: Itinerary) -> list[Removal]:
    """The parts with a value that a turn takes away by name: `drop the stop`, `forget the return`."""
    found: dict[str, Removal] = {}
    for pattern, target in _DROPS if _DROPS_ANY.search(words) else ():
        match = pattern.search(words)
        if match is None or any(one.words.start <= match.start() < one.words.end for one in found.values()):
            continue
        said = Words(text[match.start() : match.end()], *match.span())
        for part in itinerary.parts():
            if part == target or part.startswith((f"{target}.", f"{target}[")) or kind_of(part) == target:
                found.setdefault(part, Removal(part, said))
    if match := _ANYTIME.search(words):
        said = Words(text[match.start() : match.end()], *match.span())
        found.update({part: Removal(part, said) for part in itinerary.parts("time") if part not in found})
    return list(found.values())


def dropped(words: str, mention: Mention) -> bool:
    """Say whether the words before a value take it away: `skip Chicago`, `forget Lima`."""
    return bool(_DROPS_NEXT.search(words[: mention.words.start][-60:]))


def holders(itinerary: Itinerary, ruled: Ruled) -> list[str]:
    """The parts whose value is the one that a turn rules out."""
    return [part for part in itinerary.parts(ruled.kind) if is_same(itinerary.get(part), ruled.words.text)]


def is_same(value: Value | None, said: str) -> bool:
    """Say whether a known value was said in these words, or names the same place."""
    if value is None:
        return False
    name = plain(said).strip(" .,!")
    if isinstance(value, DateValue | TimeValue):
        return _letters(name) == _letters(plain(value.text)) or _is_moment(value, name)
    names = {plain(value.text)}
    if isinstance(value, PlaceValue):
        names |= {plain(one) for one in (value.value, *value.airports) if one}
        names |= {plain(value.text).partition(",")[0].strip()}
    return name in names or _letters(name) in {_letters(one) for one in names}


def _is_moment(value: DateValue | TimeValue, name: str) -> bool:
    """Say whether a name is one of a known date or time: `the 4th`, `friday`, `9`."""
    if value.value is None:
        return False
    number = re.search(r"\d{1,2}", name)
    if isinstance(value, TimeValue):
        hour = int(value.value[:2])
        return number is not None and int(number[0]) in (hour, hour - 12)
    day = date.fromisoformat(value.value)
    weekday = DAY_NAMES[day.weekday()].lower()
    return weekday in name or (number is not None and int(number[0]) == day.day)


def _letters(text: str) -> str:
    return re.sub(r"\b(?:the|on|at|in)\b|\W", "", text)
