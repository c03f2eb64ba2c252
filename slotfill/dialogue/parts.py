"""The parts of an itinerary by their paths: `departure.date`, `stops[0].place`."""

import re
from collections.abc import Iterable, Mapping

from slotfill.errors import InputError
from slotfill.schema import DateValue, Frame, Leg, Other, PlaceValue, TimeValue, Value

LEGS = ("departure", "arrival", "return")
FIXED = tuple(
    f"{leg}.{kind}" for leg in LEGS for kind in ("place", "date", "time") if (leg, kind) != ("return", "place")
)
FIRST_STOP = "stops[0].place"
ASKABLE = (*FIXED, FIRST_STOP)
MOST = 20  # stops, and open values
_STOP = re.compile(r"stops\[(\d{1,2})\]\.place")


def kind_of(part: str) -> str:
    """`date` for `departure.date`.

    >>> kind_of("stops[0].place")
    'place'
    """
    return part.rpartition(".")[2]


def leg_of(part: str) -> str:
    """`departure` for `departure.date`.

    >>> leg_of("stops[0].place")
    'stops[0]'
    """
    return part.rpartition(".")[0]


def asked_parts(asked: "str | Iterable[str] | None") -> tuple[str, ...]:
    """The parts that were asked for, in order; InputError, with those that are known, if one is none.

    >>> asked_parts("departure.date")
    ('departure.date',)
    """
    if asked is None:
        return ()
    parts = (asked,) if isinstance(asked, str) else tuple(asked)
    for part in parts:
        if part not in ASKABLE:
            raise InputError(f"unknown part in asked: {str(part)[:40]!r} (known: {', '.join(ASKABLE)})")
    return tuple(dict.fromkeys(parts))


class Itinerary:
    """An itinerary while a turn changes it: the value of each part by its path."""

    def __init__(self, frame: Frame) -> None:
        self.values: dict[str, Value] = {}
        for leg, whole in (("departure", frame.departure), ("arrival", frame.arrival), ("return", frame.return_)):
            self.values.update({f"{leg}.{kind}": value for kind, value in whole.items()})
        self.stops: list[PlaceValue] = [stop.place for stop in frame.stops if stop.place]
        self.open: list[Value] = [value for leg in frame.open for _, value in leg.items()]
        self.other: dict[str, Other] = dict(frame.other)
        self.legs: tuple[Frame, ...] = frame.legs

    def get(self, part: str) -> Value | None:
        """The value of a part; None if it has none."""
        if found := _STOP.fullmatch(part):
            at = int(found[1])
            return self.stops[at] if at < len(self.stops) else None
        return self.values.get(part)

    def put(self, part: str, value: Value | None) -> None:
        """Give a part a value, or with None take it away; a stop beyond the last is a new one."""
        if found := _STOP.fullmatch(part):
            at = int(found[1])
            self.stops[at : at + 1] = [value] if isinstance(value, PlaceValue) else []
        elif value is None:
            self.values.pop(part, None)
        else:
            self.values[part] = value
        if self.legs and leg_of(part) in ("departure", "arrival"):
            self._put_in_first_leg(part, value)

    def _put_in_first_leg(self, part: str, value: Value | None) -> None:
        """The departure and the arrival of a trip of several legs are those of its first leg."""
        first = self.legs[0]
        leg: Leg = getattr(first, leg_of(part)).replace(**{kind_of(part): value})
        self.legs = (first.replace(**{leg_of(part): leg}), *self.legs[1:])

    def parts(self, kind: str = "") -> list[str]:
        """The paths of the parts that have a value, of one kind or of all."""
        fixed = [part for part in FIXED if part in self.values]
        paths = [*fixed, *(f"stops[{n}].place" for n in range(len(self.stops)))]
        return [part for part in paths if not kind or kind_of(part) == kind]

    def frame(self) -> Frame:
        """The frame of the values."""
        return Frame(
            _leg(self.values, "departure"),
            _leg(self.values, "arrival"),
            _leg(self.values, "return"),
            tuple([Leg(place=stop) for stop in self.stops[:MOST]]),
            tuple([_open_leg(value) for value in self.open[-MOST:]]),
            self.other,
            self.legs,
        )


def _leg(values: Mapping[str, Value], name: str) -> Leg:
    place, day, time = (values.get(f"{name}.{kind}") for kind in ("place", "date", "time"))
    return Leg(
        place if isinstance(place, PlaceValue) else None,
        day if isinstance(day, DateValue) else None,
        time if isinstance(time, TimeValue) else None,
    )


def _open_leg(value: Value) -> Leg:
    if isinstance(value, PlaceValue):
        return Leg(place=value)
    return Leg(date=value) if isinstance(value, DateValue) else Leg(time=value)
