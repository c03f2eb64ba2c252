"""The values that a person reads in a sentence, in one line: the clock, then the parts of the frame.

    2026-11-18T09:00; departure.place = Boston; departure.date = 2026-11-20; arrival.time = null

Places are given by `value`; ranges are ISO 8601 intervals; `null` means that a person cannot tell. A part that is not
there has no value. A slot of one's own is `other.guests = 4`.
"""

import re
from datetime import date

from slotfill.clock import clock_of
from slotfill.errors import InputError
from slotfill.readers.alignment import shown
from slotfill.schema import GoldValues

_OPEN = "open.place"
OWN = "other."  # before the name of a slot of one's own; these and open places may be there several times
PARTS = (*(f"{leg}.{part}" for leg in ("departure", "arrival", "return") for part in ("place", "date", "time")), _OPEN)
_NULL = "null"
_FORMS = {
    "place": (re.compile(r"[^;\s](?:[^;]*[^;\s])?"), "the name of a place, without a semicolon"),
    "date": (re.compile(r"\d{4}-\d\d-\d\d(?:/\d{4}-\d\d-\d\d)?", re.ASCII), "2026-12-01 or 2026-12-01/2026-12-31"),
    "time": (re.compile(r"{0}(?:/{0})?".format("(?:[01][0-9]|2[0-3]):[0-5][0-9]")), "14:00 or 14:00/17:00"),
}


def parse(line: str) -> GoldValues:
    """The values in one line; ValueError if it is malformed."""
    clock, *pieces = [piece.strip() for piece in line.split(";")]
    try:
        moment = clock_of(clock).replace(tzinfo=None)  # local time, whatever its offset
    except InputError as error:
        raise ValueError(f"the values: {error}") from None
    parts: list[tuple[str, str | None]] = []
    for piece in pieces:
        name, is_there, value = (side.strip() for side in piece.partition("="))
        if not is_there:
            raise ValueError(
                f"the values: expected a part and its value, as in departure.place = Boston; got {shown(piece)}"
            )
        parts.append((name, None if value == _NULL else value))
    check(values := GoldValues(moment, tuple(parts)))
    return values


def render(values: GoldValues) -> str:
    """The line from which `parse` makes these values."""
    clock = values.clock.isoformat(timespec="auto" if values.clock.second or values.clock.microsecond else "minutes")
    return "; ".join([clock, *(f"{part} = {_NULL if value is None else value}" for part, value in values.parts)])


def check(values: GoldValues) -> None:
    """Raise ValueError for a part that no frame has, one that is there twice, and a value that it cannot have."""
    names = [name for name, _ in values.parts]
    for name, value in values.parts:
        if name.startswith(OWN):
            _check_own(name, value)
            continue
        if name not in PARTS:
            expected = f"{', '.join(PARTS)}, or {OWN}NAME for a slot of one's own"
            raise ValueError(f"the values: {shown(name)} is no part of a frame: expected {expected}")
        if name != _OPEN and names.count(name) > 1:
            raise ValueError(f"the values: {name} is there twice")
        kind = name.rpartition(".")[2]
        pattern, form = _FORMS[kind]
        if value is not None and not (pattern.fullmatch(value) and value.isprintable() and _is_real(value, kind)):
            raise ValueError(f"the values: {name} is {shown(value)}: expected {form}, or {_NULL}")


def _check_own(name: str, value: str | None) -> None:
    """Raise ValueError for a name that is no slot's, and for a value that is not visible in one line."""
    if not re.fullmatch(r"[^\s;=]+", name.removeprefix(OWN)) or not name.isprintable():
        raise ValueError(f"the values: {shown(name)} is no slot: expected {OWN}NAME, without spaces, `;` and `=`")
    is_good = value is None or (value.isprintable() and _FORMS["place"][0].fullmatch(value) and value != _NULL)
    if not is_good:
        raise ValueError(
            f"the values: {name} is {shown(value or '')}: expected a value without a semicolon, or {_NULL}"
        )


def _is_real(value: str, kind: str) -> bool:
    """Whether the days of a date are in the calendar, and in order."""
    if kind != "date":
        return value != _NULL
    try:
        days = [date.fromisoformat(day) for day in value.split("/")]
    except ValueError:
        return False
    return days == sorted(days)
