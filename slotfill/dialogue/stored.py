"""The JSON of a stored frame -> the frame, checked: InputError says where it is wrong. The slots of values are gone."""

from collections.abc import Callable, Mapping
from datetime import date, time
from typing import Any, NoReturn, TypeVar

from slotfill.errors import InputError
from slotfill.schema import (
    Alternative,
    DateValue,
    Frame,
    Leg,
    Other,
    OwnValue,
    PlaceValue,
    SlotValue,
    TimeValue,
)

MOST_TEXT = 400  # code points of one text
MOST_ITEMS = 40  # of one list, and names in `other`
_LARGEST = 10**15
_PLACE_KINDS = ("city", "airport", "state", "country", "venue")
_OWN_KINDS = ("datetime", "number", "money", "duration", "list", "text")
_GRAINS = ("minute", "day", "week", "month", "year")
_RELATIONS = ("before", "after", "around", "at least", "at most", "more than", "less than")
_T = TypeVar("_T")


def refuse(where: str, expected: str, got: object) -> NoReturn:
    """Raise the InputError of a state that cannot be used."""
    raise InputError(f"not a state of a dialogue: {where}: expected {expected}, got {repr(got)[:60]}")


def mapping(data: object, where: str, known: tuple[str, ...]) -> Mapping[str, Any]:
    """A dictionary with only these keys."""
    if not isinstance(data, Mapping):
        refuse(where, "an object", data)
    for key in data:
        if key not in known:
            refuse(where, f"only {', '.join(known)}", key)
    return data


def items(data: object, where: str, read: Callable[[object, str], _T], *, most: int = MOST_ITEMS) -> tuple[_T, ...]:
    """A list of at most so many, each read by `read`."""
    if not isinstance(data, list | tuple) or len(data) > most:
        refuse(where, f"a list of at most {most}", data)
    return tuple([read(one, f"{where}[{n}]") for n, one in enumerate(data)])


def text(data: object, where: str) -> str:
    """A text that is not too long."""
    if not isinstance(data, str) or len(data) > MOST_TEXT:
        refuse(where, f"a text of at most {MOST_TEXT} characters", data)
    return data


def one_of(choices: tuple[str, ...]) -> Callable[[object, str], str]:
    """A reader of one of some words."""

    def read(data: object, where: str) -> str:
        if not isinstance(data, str) or data not in choices:
            refuse(where, " or ".join(choices), data)
        return data

    return read


def frame(data: object, where: str, *, is_leg: bool = False) -> Frame:
    """A frame; of a leg of a trip without legs of its own."""
    keys = ("departure", "arrival", "return", "stops", "open", "other") + (() if is_leg else ("legs",))
    found = mapping(data, where, keys)
    departure, arrival, return_ = (_leg(found.get(name, {}), f"{where}.{name}") for name in keys[:3])
    return Frame(
        departure,
        arrival,
        return_,
        items(found.get("stops", []), f"{where}.stops", _leg),
        items(found.get("open", []), f"{where}.open", _leg),
        _others(found.get("other", {}), f"{where}.other"),
        items(found.get("legs", []), f"{where}.legs", lambda one, at: frame(one, at, is_leg=True)),
    )


def _leg(data: object, where: str) -> Leg:
    found = mapping(data, where, ("place", "date", "time"))
    return Leg(
        _place(found["place"], f"{where}.place") if "place" in found else None,
        _date(found["date"], f"{where}.date") if "date" in found else None,
        _time(found["time"], f"{where}.time") if "time" in found else None,
    )


_MOMENT_KEYS = (
    "text",
    "kind",
    "value",
    "confidence",
    "grain",
    "to",
    "relation",
    "offset",
    "alternatives",
    "note",
    "slots",
)


def _date(data: object, where: str) -> DateValue:
    found = mapping(data, where, _MOMENT_KEYS)
    return DateValue(
        text(found.get("text"), f"{where}.text"),
        _maybe(found, "value", where, _day),
        (),
        grain=_maybe(found, "grain", where, one_of(_GRAINS)),
        to=_maybe(found, "to", where, _day),
        **_rest(found, where, "date"),
    )


def _time(data: object, where: str) -> TimeValue:
    found = mapping(data, where, _MOMENT_KEYS)
    return TimeValue(
        text(found.get("text"), f"{where}.text"),
        _maybe(found, "value", where, _clock),
        (),
        grain=_maybe(found, "grain", where, one_of(_GRAINS)),
        to=_maybe(found, "to", where, _clock),
        offset=_maybe(found, "offset", where, text),
        **_rest(found, where, "time"),
    )


def _rest(found: Mapping[str, Any], where: str, kind: str) -> dict[str, Any]:
    """What a date and a time share."""
    one_of((kind,))(found.get("kind", kind), f"{where}.kind")
    return {
        "relation": _maybe(found, "relation", where, one_of(_RELATIONS)),
        "alternatives": items(found.get("alternatives", []), f"{where}.alternatives", text),
        "note": _maybe(found, "note", where, text),
        "confidence": _confidence(found, where),
    }


_PLACE_KEYS = (
    "text",
    "kind",
    "value",
    "confidence",
    "country",
    "region",
    "airports",
    "alternatives",
    "homonyms",
    "corrected",
    "note",
    "slots",
)


def _place(data: object, where: str) -> PlaceValue:
    found = mapping(data, where, _PLACE_KEYS)
    kind = one_of(_PLACE_KINDS)(found.get("kind"), f"{where}.kind")

    def other(one: object, at: str) -> Alternative:
        keys = mapping(one, at, ("kind", "value", "country", "region", "airports"))
        return Alternative(
            one_of(_PLACE_KINDS)(keys.get("kind", kind), f"{at}.kind"),
            text(keys.get("value"), f"{at}.value"),
            **_area(keys, at),
        )

    return PlaceValue(
        text(found.get("text"), f"{where}.text"),
        kind,
        _maybe(found, "value", where, text),
        (),
        alternatives=items(found.get("alternatives", []), f"{where}.alternatives", other),
        homonyms=items(found.get("homonyms", []), f"{where}.homonyms", other),
        corrected=found.get("corrected") is True,
        note=_maybe(found, "note", where, text),
        confidence=_confidence(found, where),
        **_area(found, where),
    )


def _area(found: Mapping[str, Any], where: str) -> dict[str, Any]:
    return {
        "country": _maybe(found, "country", where, text),
        "region": _maybe(found, "region", where, text),
        "airports": items(found.get("airports", []), f"{where}.airports", text),
    }


_OWN_KEYS = (
    "text",
    "kind",
    "value",
    "confidence",
    "currency",
    "grain",
    "to",
    "relation",
    "alternatives",
    "note",
    "slots",
)


def _own(data: object, where: str) -> SlotValue:
    found = mapping(data, where, _OWN_KEYS)
    return SlotValue(
        text(found.get("text"), f"{where}.text"),
        one_of(_OWN_KINDS)(found.get("kind"), f"{where}.kind"),
        _maybe(found, "value", where, _scalar),
        (),
        currency=_maybe(found, "currency", where, text),
        grain=_maybe(found, "grain", where, one_of(_GRAINS)),
        to=_maybe(found, "to", where, _scalar),
        relation=_maybe(found, "relation", where, one_of(_RELATIONS)),
        alternatives=items(found.get("alternatives", []), f"{where}.alternatives", _scalar),
        note=_maybe(found, "note", where, text),
        confidence=_confidence(found, where),
    )


def _others(data: object, where: str) -> dict[str, Other]:
    if not isinstance(data, Mapping) or len(data) > MOST_ITEMS:
        refuse(where, f"an object of at most {MOST_ITEMS} names", data)
    found: dict[str, Other] = {}
    for name, content in data.items():
        at = f"{where}.{text(name, where)}"
        found[name] = [*items(content, at, _one)] if isinstance(content, list | tuple) else _one(content, at)
    return found


def _one(data: object, where: str) -> "str | int | OwnValue":
    if isinstance(data, str):
        return text(data, where)
    if isinstance(data, int) and not isinstance(data, bool) and abs(data) < _LARGEST:
        return data
    if not isinstance(data, Mapping):
        refuse(where, "a text, a number or a value", data)
    kind = data.get("kind")
    if kind == "date":
        return _date(data, where)
    if kind == "time":
        return _time(data, where)
    return _place(data, where) if kind in _PLACE_KINDS else _own(data, where)


def _scalar(data: object, where: str) -> str | int | float:
    if isinstance(data, str):
        return text(data, where)
    if isinstance(data, int | float) and not isinstance(data, bool) and abs(data) < _LARGEST:  # not NaN
        return data
    refuse(where, "a text or a number", data)


def _maybe(found: Mapping[str, Any], key: str, where: str, read: Callable[[object, str], _T]) -> _T | None:
    content = found.get(key)
    return None if content is None else read(content, f"{where}.{key}")


def _day(data: object, where: str) -> str:
    try:
        return date.fromisoformat(text(data, where)).isoformat()
    except ValueError:
        refuse(where, "a date such as 2026-11-20", data)


def _clock(data: object, where: str) -> str:
    try:
        return time.fromisoformat(text(data, where)).isoformat("minutes")
    except ValueError:
        if data == "24:00":
            return "24:00"
        refuse(where, "a time such as 18:05", data)


def _confidence(found: Mapping[str, Any], where: str) -> float:
    sure = found.get("confidence", 1.0)
    if not isinstance(sure, int | float) or isinstance(sure, bool) or not 0 <= sure <= 1:
        refuse(f"{where}.confidence", "a number from 0 to 1", sure)
    return float(sure)
