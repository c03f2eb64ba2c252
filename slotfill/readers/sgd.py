"""Schema-Guided Dialogues (Rastogi et al., AAAI 2020) -> single travel sentences with the slot names of ATIS.

The user turns about flights and buses are taken from `train/` and `dev/` of the public repository. SGD marks whole
phrases (`March 7th`), which are split here into the `month_name` and `day_number` of ATIS. Airlines and words such as
`around`, which SGD does not mark, are found by rule. A turn that cannot be labelled with certainty is left out.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from slotfill.errors import DataError, InputError
from slotfill.readers.alignment import CharSpan, shown, tags_of_spans
from slotfill.readers.reports import Problems
from slotfill.schema import Dataset, Example
from slotfill.tokenizer import tokenize

_SERVICES = ("Flights_", "Buses_")
_FULL_TO_EMPTY = 4  # sentences with slots per sentence without

# Slots of the services in train and dev -> the kind of their phrases, and their role in ATIS.
_ROLES = {
    "origin": ("place", "fromloc"),
    "origin_city": ("place", "fromloc"),
    "from_location": ("place", "fromloc"),
    "destination": ("place", "toloc"),
    "destination_city": ("place", "toloc"),
    "to_location": ("place", "toloc"),
    "departure_date": ("date", "depart"),
    "leaving_date": ("date", "depart"),
    "return_date": ("date", "return"),
    "departure_time": ("time", "depart"),
    "leaving_time": ("time", "depart"),
    "outbound_departure_time": ("time", "depart"),
    "inbound_departure_time": ("time", "return"),
}

_NUMBER = r"(?:\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
_AM_PM = r"\ ?[ap]\.?m\.?"
_DAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_MONTH = "january|february|march|april|may|june|july|august|september|october|november|december"
_PERIOD = "morning|afternoon|evening|night"
_TODAY = "today|tomorrow|(?:the )?day after tomorrow"
_REGIONS = """
    (?P<state_code>ca|wa|or|ga|az|bc|nsw|d\\.?c\\.?)
    | (?P<state_name>ontario)
    | (?P<country_name>france|england|uk|canada|india|kenya|australia)
"""


def _pattern(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE | re.VERBOSE)


_PLACE = _pattern(rf"(?P<airport_code>lax|sfo|atl) | (?P<city_name>[^,]+?) (?:(?:\s*,\s*|\s+)(?:{_REGIONS}))?")

# The pieces of a phrase, the longest first; those without a name are in no slot. {} is the role.
_PIECES = {
    "date": (
        ("{}_date.today_relative", _pattern(_TODAY.replace(" ", r"\ "))),
        ("{}_time.period_mod", _pattern("later")),
        ("{}_date.date_relative", _pattern("this|next")),
        ("{}_date.day_name", _pattern(_DAY)),
        ("{}_date.month_name", _pattern(_MONTH)),
        ("{}_date.year", _pattern(r"\d{4}")),
        ("{}_date.day_number", _pattern(r"\d{1,2}(?:st|nd|rd|th)?")),
        (None, _pattern("of|the|on|in|week|month|,")),
    ),
    "time": (
        ("{}_time.time", _pattern(rf"(?:half\ past|quarter\ (?:to|past))\ {_NUMBER}")),
        (
            "{}_time.time",
            _pattern(rf"\d{{1,2}}:\d\d(?:{_AM_PM})? | {_NUMBER}(?:\ o'clock|{_AM_PM})? | noon | midnight"),
        ),
        ("{}_time.period_of_day", _pattern(_PERIOD)),
        ("{}_time.time_relative", _pattern("around|about|by")),
        (None, _pattern("in|the|at|a|,")),
    ),
}
_TIME_RELATIVE = _pattern(r"\b(around|about|by)(?:\s+(?:a|the))?\s+$")  # just before a time
_AIRLINE = _pattern(
    r"\b(?:(?:united|american|delta|southwest|alaska)\ airlines?|british\ airways|air\ (?:canada|france))\b"
)
# A turn with such a word should have a slot, even where SGD marks none.
_TELLING = _pattern(rf"\b(?:\d+(?:st|nd|rd|th)|{_DAY}|{_PERIOD}|today|tomorrow|(?:this|next)\ (?:week|month))\b")


def read(folder: Path, *, report: Problems) -> Dataset:
    """Read train and dev of a clone of the public repository; a turn that is left out is reported.

    Raises InputError for a folder of another shape.
    """
    splits = {}
    for split in ("train", "dev"):
        files = sorted((folder / split).glob("dialogues_*.json"))
        if not files:
            raise InputError(f"{folder / split}: no dialogues: expected files such as dialogues_001.json, as in SGD")
        examples: dict[str, Example] = {}  # by text: people often say `Yes, please.`
        for file in files:
            for example in _examples(file, report=report):
                examples.setdefault(example.text, example)
        splits[split] = _thinned(list(examples.values()))
    return Dataset("sgd", splits)


def _thinned(examples: Sequence[Example]) -> tuple[Example, ...]:
    """All sentences with slots, and some without, evenly spaced."""
    empty = [position for position, example in enumerate(examples) if set(example.tags) == {"O"}]
    wanted = min(len(empty), (len(examples) - len(empty)) // _FULL_TO_EMPTY)
    left_out = set(empty) - {empty[number * len(empty) // wanted] for number in range(wanted)}
    return tuple(example for position, example in enumerate(examples) if position not in left_out)


def _examples(file: Path, *, report: Problems) -> Iterator[Example]:
    try:
        for place, turn in _user_turns(json.loads(file.read_bytes())):
            try:
                example = _example(turn)
            except ValueError as error:
                report(DataError(f"{place}: {error}", path=file))
            else:
                yield example
    except OSError as error:
        raise InputError(f"{file}: cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError):
        raise InputError(f"{file}: not JSON: is the clone complete?") from None
    except (AttributeError, KeyError, TypeError):
        expected = "a list of dialogues, whose turns have speaker, utterance and frames"
        raise InputError(f"{file}: not as SGD writes it: expected {expected}") from None


def _user_turns(dialogues: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The user's turns about flights and buses, each with its place for messages."""
    for dialogue in dialogues:
        for number, turn in enumerate(dialogue["turns"], start=1):
            if turn["speaker"] == "USER" and any(f["service"].startswith(_SERVICES) for f in turn["frames"]):
                yield f"dialogue {dialogue['dialogue_id']}, turn {number}", turn


def _example(turn: Mapping[str, Any]) -> Example:
    """The example of one user turn; ValueError says why it cannot be labelled."""
    text, tokens = turn["utterance"], tokenize(turn["utterance"])
    if not tokens:
        raise ValueError("the turn has no word")
    text.encode()  # ValueError for half a surrogate pair, which cannot be written to a file
    slots = {
        (slot["start"], slot["exclusive_end"], slot["slot"]) for frame in turn["frames"] for slot in frame["slots"]
    }
    spans = [span for slot in sorted(slots) for span in _spans(text, *slot)]
    if not spans and (telling := _TELLING.search(text)):
        raise ValueError(f"{shown(telling.group())} is in no slot")
    spans += [CharSpan(*found.span(), "airline_name", "the airline") for found in _AIRLINE.finditer(text)]
    return Example(text, tokens, tags_of_spans(spans, text=text, tokens=tokens))


def _spans(text: str, start: int, end: int, slot: str) -> Iterable[CharSpan]:
    """The slots of ATIS in one slot of SGD; ValueError if it has none."""
    if slot not in _ROLES:
        raise ValueError(f"ATIS has no name for the slot {slot}, here {shown(text[start:end])}")
    kind, role = _ROLES[slot]
    if kind == "place":
        place = _PLACE.fullmatch(text, start, end)
        if place is None:
            raise ValueError(f"{shown(text[start:end])} in {slot} is not a place with known parts")
        return [
            CharSpan(*place.span(part), f"{role}.{part}", slot) for part, value in place.groupdict().items() if value
        ]
    return _spans_of_pieces(text, start, end, slot)


def _spans_of_pieces(text: str, start: int, end: int, slot: str) -> Iterator[CharSpan]:
    """The slots in a date or a time, piece by piece."""
    kind, role = _ROLES[slot]
    if kind == "time" and (relative := _TIME_RELATIVE.search(text, 0, start)):
        yield CharSpan(*relative.span(1), f"{role}_time.time_relative", slot)
    while start < end:
        name, stop = _piece(text, start, end, kind)
        if stop == start:
            raise ValueError(f"{shown(text[start:end])} in {slot} is not known as part of a {kind}")
        if name is not None:
            yield CharSpan(start, stop, name.format(role), slot)
        start = stop + len(text[stop:end]) - len(text[stop:end].lstrip())


def _piece(text: str, start: int, end: int, kind: str) -> tuple[str | None, int]:
    """The name and the end of the piece at `start`; the end is `start` if there is none."""
    for name, pattern in _PIECES[kind]:
        found = pattern.match(text, start, end)
        if found and not text[found.end() : found.end() + 1].isalnum():
            return name, found.end()
    return None, start
