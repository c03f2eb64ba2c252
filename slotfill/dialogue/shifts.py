"""`a day earlier`, `the week after`, `push the return back by two days`: a value counted from the one so far."""

import re
from datetime import date
from typing import NamedTuple

from slotfill.dialogue.changes import Words
from slotfill.dialogue.parts import Itinerary
from slotfill.resolvers.calendar_days import add_units
from slotfill.resolvers.numbers import number_at
from slotfill.schema import DateValue, TimeValue, Value

_NUMBER = (
    r"an?|another|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fourteen|fifteen|twenty|thirty|"
    r"forty[- ]five|forty|sixty|ninety|a couple(?: of)?|half an?|\d{1,3}"
)
_UNIT = r"days?|nights?|weeks?|fortnights?|months?|years?|hours?|hrs?|minutes?|mins?"
_ANY_UNIT = re.compile(rf"\b(?:{_UNIT})\b")
_LENGTH = rf"(?P<count>{_NUMBER}) (?P<unit>{_UNIT})(?P<half> and a half)?"
_END = (
    r"(?=\s*(?:$|[.,!?;)]|(?:please|then|instead|thanks|too|as well|if|for|would|works?|is|from|to|and|with|but|maybe|"
    r"though|that|it)\b))"
)
_VERB = r"push|move|shift|put|bring|pull|delay|postpone|bump|slide|extend|change|make|bring|get|set"
_LATER, _EARLIER = ("later", "after", "on"), ("earlier", "sooner", "before", "early")

# `a day earlier`, `two hours later`, `a week before that`
_COUNTED = re.compile(
    rf"(?<![\w'])(?:(?:by|for) )?{_LENGTH}(?: too)? "
    rf"(?P<way>earlier|later|sooner|before(?: that| then)?|after(?: that| then)?)\b{_END}"
)
# `the day before`, `the week after`, `the next day`, `the following week`
_NEXT = re.compile(
    rf"(?<![\w'])the (?:"
    rf"(?P<unit>day|night|week|month|year|hour) (?P<way>before|after|earlier|later)(?: that| then)?\b{_END}|"
    rf"(?P<side>next|following|previous|preceding|prior) (?P<named>day|week|month|year)\b(?! (?:of|and)\b))"
)
# `push it back by two days`, `bring the return forward a day`, `delay the trip by a week`
_PUSHED = re.compile(
    rf"(?<![\w'])(?P<verb>{_VERB})\b(?P<target>(?: [a-z']+){{0,4}}?)"
    rf"(?: (?P<way>back|forwards?|up|out|ahead|earlier|later|on))?"
    rf"(?: by| for)? {_LENGTH}(?: (?P<way2>back|forwards?|up|out|ahead|earlier|later|sooner))?{_END}"
)
_SUGGESTS = re.compile(
    r"\b(?:(?:how|what) about|(?:can|could) (?:you|we|i)|would you|maybe|perhaps|please|anything|something)\b"
)
_TWO_WAYS = "earlier or later?"
_ALL = re.compile(r"\b(?:trip|everything|both|all|whole thing|dates|journey|flights|travel|holiday|vacation)\b")
_TARGETS = {
    "return": re.compile(
        r"^\W*(?:and )?back\b|\b(?:return(?:s|ing)?|back home|way back|flight (?:back|home)|inbound|"
        r"(?:com(?:e|ing)|go(?:ing)?|get(?:ting)?) (?:back|home))\b"
    ),
    "departure": re.compile(
        r"\b(?:leav\w+|depart\w*|outbound|flight out|fly(?:ing)? out|go(?:ing)?|start\w*|set(?:ting)? off)\b"
    ),
    "arrival": re.compile(r"\b(?:arriv\w+|land(?:ing)?|get(?:ting)? there)\b"),
}


class Shift(NamedTuple):
    """A shift of the values of one kind: so many units, negative if earlier; `ways` has both if it may be either."""

    words: Words
    amount: float
    unit: str  # day, week, month, year, hour, minute
    ways: tuple[int, ...]  # 1 later, -1 earlier
    target: str  # departure, return, arrival, all, or empty

    @property
    def kind(self) -> str:
        """`time` for hours and minutes, else `date`."""
        return "time" if self.unit in ("hour", "minute") else "date"


def shift_in(text: str, words: str) -> Shift | None:
    """The first shift of a turn; `words` is its text in plain letters.

    >>> shift_in("push it back by two days", "push it back by two days").count
    2
    """
    if not _ANY_UNIT.search(words):
        return None
    for pattern in (_PUSHED, _COUNTED, _NEXT):
        for found in pattern.finditer(words[:2000]):
            shift = _shift(text, words, found)
            if shift is not None:
                return shift
    return None


def _shift(text: str, words: str, found: re.Match[str]) -> Shift | None:
    first, last = _sentence(words, found)
    sentence = words[first:last]
    if sentence.endswith("?") and not _SUGGESTS.search(sentence):  # does it arrive the next day?
        return None
    groups = found.groupdict()
    unit = (groups.get("unit") or groups.get("named") or "").rstrip("s")
    unit = {"night": "day", "hr": "hour", "min": "minute", "fortnight": "week"}.get(unit, unit)
    count = _count(groups.get("count") or "a") * (2 if "fortnight" in found[0] else 1)
    if groups.get("half"):
        count += 0.5
    if count == 0 or (count % 1 and unit not in ("hour", "week")):
        return None
    ways = _ways(groups)
    if not ways:
        return None
    return Shift(
        Words(text[found.start() : found.end()], *found.span()), count, unit, ways, _target(words, found, first, last)
    )


def _count(said: str) -> float:
    if said.startswith("half"):
        return 0.5
    if said.startswith("a couple"):
        return 2
    if said in ("a", "an", "another"):
        return 1
    number = number_at(said.replace("-", " ").split(), 0, len(said.replace("-", " ").split()))
    return number.value if number else 0


def _ways(groups: "dict[str, str | None]") -> tuple[int, ...]:
    if side := groups.get("side"):
        return (1,) if side in ("next", "following") else (-1,)
    way = (groups.get("way2") or groups.get("way") or "").partition(" ")[0].rstrip("s")
    verb = groups.get("verb")
    if way in _EARLIER or way in _LATER:
        return (-1,) if way in _EARLIER else (1,)
    if verb in ("delay", "postpone", "extend"):
        return (1,)
    if verb == "push" and way in ("back", "out", ""):
        return (1,)
    if verb in ("bring", "pull", "move", "push", "bump") and way == "up":
        return (-1,)
    if verb in ("bring", "pull") and way in ("forward", "ahead"):
        return (-1,)
    if verb in ("put", "bump", "set") and way == "back":
        return (1,)
    if verb in ("push", "move", "shift", "put", "bring", "pull", "bump", "slide"):
        return (-1, 1) if way in ("back", "forward", "ahead", "out") or (verb in ("move", "shift", "slide")) else ()
    return ()


def _sentence(words: str, found: re.Match[str]) -> tuple[int, int]:
    """Where the sentence of a shift begins and ends, with its sign."""
    first = max([words.rfind(sign, 0, found.start()) for sign in ".!?;"]) + 1
    ends = [end + 1 for sign in ".!?;" if (end := words.find(sign, found.end())) >= 0]
    return first, min(ends, default=len(words))


def _target(words: str, found: re.Match[str], first: int, last: int) -> str:
    """The leg that a shift names in its sentence, `all` for the whole trip, or an empty string."""
    whole = words[first:last]
    if target := (found.groupdict().get("target") or "").strip():
        whole = target  # push the return back: not every `back` is the way back
    elif "verb" in found.groupdict():
        whole = words[first : found.start()] + words[found.end() : last]
    for leg, pattern in _TARGETS.items():
        if pattern.search(whole):
            return leg
    return "all" if _ALL.search(whole) else ""


def shifted_parts(shift: Shift, itinerary: Itinerary, said: "list[str]") -> list[str]:
    """The parts that a shift moves: those that it names, or else the one said last."""
    parts = itinerary.parts(shift.kind)
    if shift.target == "all":
        return parts
    if shift.target:
        return [part for part in parts if part == f"{shift.target}.{shift.kind}"]
    return next(([part] for part in said if part in parts), parts if len(parts) == 1 else [])


def shifted(value: Value, shift: Shift) -> tuple[Value, int]:
    """A date or time after a shift, and how many days a time has moved over midnight."""
    if isinstance(value, DateValue):
        return _shifted_date(value, shift), 0
    if isinstance(value, TimeValue):
        return _shifted_time(value, shift)
    return value, 0


def _shifted_date(value: DateValue, shift: Shift) -> DateValue:
    def moved(day: str, way: int) -> str:
        start, _, end = day.partition("/")
        return "/".join([_day(one, shift, way) if one else "" for one in ((start, end) if end else (start,))])

    text = shift.words.text
    readings = [one for one in (value.value, *value.alternatives) if one]
    try:
        found = list(dict.fromkeys(moved(day, way) for way in shift.ways for day in readings if ".." not in day))
        to = moved(value.to, shift.ways[0]) if value.to else None
    except (ValueError, OverflowError):
        found, to = [], None
    if len(shift.ways) == 1 and value.value and found:
        rest = tuple(found[1:]) and tuple(found)
        return value.replace(text=text, value=found[0], to=to, alternatives=rest, note=None)
    note = _TWO_WAYS if len(shift.ways) > 1 else value.note
    return value.replace(text=text, value=None, grain=None, to=None, alternatives=tuple(found), note=note)


def _day(day: str, shift: Shift, way: int) -> str:
    start = date.fromisoformat(day)
    if shift.amount % 1:  # a week and a half
        raise ValueError(shift.amount)
    return add_units(start, way * int(shift.amount), shift.unit).isoformat()


def _shifted_time(value: TimeValue, shift: Shift) -> tuple[TimeValue, int]:
    minutes = round(shift.amount * (60 if shift.unit == "hour" else 1))
    days: list[int] = []

    def moved(clock: str, way: int) -> str:
        total = int(clock[:2]) * 60 + int(clock[3:5]) + way * minutes
        days.append(total // 1440)
        return f"{total % 1440 // 60:02}:{total % 60:02}"

    text = shift.words.text
    if value.value and len(shift.ways) == 1:
        start = moved(value.value, shift.ways[0])
        to = moved(value.to, shift.ways[0]) if value.to else None
        return value.replace(text=text, value=start, to=to, alternatives=(), note=None), days[0]
    readings = [one for one in (value.value, *value.alternatives) if one and len(one) == len("18:00")]
    found = tuple(dict.fromkeys(moved(one, way) for way in shift.ways for one in readings))
    note = _TWO_WAYS if len(shift.ways) > 1 else value.note
    return value.replace(text=text, value=None, to=None, alternatives=found, note=note), 0
