"""Values that are less sure than asked become None, with what they would have been among their alternatives."""

from typing import TypeVar, cast

from slotfill.resolvers.reading import spelt
from slotfill.schema import Alternative, DateValue, Frame, Leg, Other, OwnValue, PlaceValue, SlotValue, TimeValue

AnyValue = TypeVar("AnyValue", bound=DateValue | TimeValue | PlaceValue)
_Moment = TypeVar("_Moment", DateValue, TimeValue)


def only_sure(frame: Frame, *, confidence: float) -> Frame:
    """The frame in which a value with less confidence than `confidence` is None."""

    def moment(value: _Moment | None) -> _Moment | None:
        return value if value is None or value.confidence >= confidence else _doubtful_moment(value, confidence)

    def leg(whole: Leg) -> Leg:
        place = whole.place
        if place is not None and place.confidence < confidence:
            place = _doubtful_place(place, confidence)
        return Leg(place, moment(whole.date), moment(whole.time))

    def own(content: Other) -> Other:
        if isinstance(content, list):
            return [one if isinstance(one, str | int) else _sure(one, confidence) for one in content]
        return content if isinstance(content, str | int) else _sure(content, confidence)

    return frame.replace(
        departure=leg(frame.departure),
        arrival=leg(frame.arrival),
        return_=leg(frame.return_),
        stops=tuple(map(leg, frame.stops)),
        open=tuple(map(leg, frame.open)),
        other={name: own(content) for name, content in frame.other.items()},
        legs=tuple([only_sure(one, confidence=confidence) for one in frame.legs]),
    )


def sure_value(value: AnyValue, *, confidence: float) -> AnyValue:
    """The value; None in it, with what it would have been in its alternatives, if it is less sure than `confidence`."""
    return cast("AnyValue", _sure(value, confidence))


def _doubtful_moment(value: _Moment, confidence: float) -> _Moment:
    """A date or time as None; its relation stays, as that of every other without a value."""
    if value.value is None:
        return value
    was = spelt(value.value, grain=value.grain, to=value.to)
    return value.replace(
        value=None,
        grain=None,
        to=None,
        alternatives=_with(was, value.alternatives),
        note=_note(value, confidence),
    )


def _sure(value: OwnValue, confidence: float) -> OwnValue:
    if value.confidence >= confidence:
        return value
    if isinstance(value, PlaceValue):
        return _doubtful_place(value, confidence)
    if isinstance(value, SlotValue):
        return _doubtful_own(value, confidence)
    if isinstance(value, DateValue):
        return _doubtful_moment(value, confidence)
    return _doubtful_moment(value, confidence)


def _doubtful_own(value: SlotValue, confidence: float) -> SlotValue:
    """A value as None, without what depends on it; its relation stays."""
    if value.value is None:
        return value
    return value.replace(
        value=None,
        to=None,
        grain=None,
        alternatives=_with(value.value if value.to is None else f"{value.value}/{value.to}", value.alternatives),
        note=_note(value, confidence),
    )


def _doubtful_place(place: PlaceValue, confidence: float) -> PlaceValue:
    """A place as None, without what depends on its value."""
    if place.value is None:
        return place
    was = Alternative(place.kind, place.value, place.country, place.region, place.airports)
    return place.replace(
        value=None,
        country=None,
        region=None,
        airports=(),
        alternatives=_with(was, place.alternatives),
        note=_note(place, confidence),
    )


_Any = TypeVar("_Any")


def _with(was: _Any, others: tuple[_Any, ...]) -> tuple[_Any, ...]:
    """What a value would have been, and its alternatives, which may have it already."""
    return others if was in others else (was, *others)


def _note(value: DateValue | TimeValue | PlaceValue | SlotValue, confidence: float) -> str:
    """`less sure (0.43) than asked (0.60)`, before the note that the value has; the two figures always differ."""
    sure, asked = round(100 * value.confidence, 6) // 1 / 100, -(-round(100 * confidence, 6) // 1) / 100
    why = f"less sure ({sure:.2f}) than asked ({asked:.2f})"
    return f"{why}; {value.note}" if value.note else why
