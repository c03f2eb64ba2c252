"""Phrases in markup -> values; and a stand-in for the places, which have tests of their own."""

from datetime import datetime
from typing import TypeVar

from slotfill.readers.markup import parse as _parse
from slotfill.resolvers.frame import frame_of
from slotfill.schema import Annotation, DateValue, Frame, Slot, TimeValue
from slotfill.tags import char_span, spans_of

WEDNESDAY = datetime(2026, 11, 18, 9, 0)  # an ordinary day
LATE = datetime(2026, 11, 18, 23, 59)
FRIDAY = datetime(2026, 11, 20, 9, 0)
NEW_YEARS_EVE = datetime(2026, 12, 31, 9, 0)  # a Thursday
FEBRUARY_28 = datetime(2027, 2, 28, 9, 0)  # a Sunday; there is no 29th
LEAP_FEBRUARY_28 = datetime(2028, 2, 28, 9, 0)  # a Monday


def annotation_of(markup: str) -> Annotation:
    """What a tagger that finds just these slots would say."""
    example = _parse(markup)
    tokens = example.tokens
    spans = [(*char_span(tokens, s.start, s.end), s.name) for s in spans_of(example.tags)]
    slots = tuple(Slot(name, example.text[start:end], start, end, 1.0) for start, end, name in spans)
    return Annotation(example.text, tokens, example.tags, slots, None)


def frame(markup: str, *, clock: datetime = WEDNESDAY, date_order: str = "mdy") -> Frame:
    """The frame of one sentence in markup."""
    return frame_of(annotation_of(markup), clock=clock, date_order=date_order)


def departure(kind: str, markup: str, *, clock: datetime = WEDNESDAY, date_order: str = "mdy") -> DateValue | TimeValue:
    """The date or time of `on [november](month_name) [2nd](day_number)`: the slots need not say `depart_date.`."""
    for name in sorted(set(_names(markup))):
        if name != "or" and "." not in name:
            markup = markup.replace(f"]({name})", f"](depart_{kind}.{name})")
    leg = frame(markup, clock=clock, date_order=date_order).departure
    return known(leg.date) if kind == "date" else known(leg.time)


Known = TypeVar("Known")


def known(value: Known | None) -> Known:
    """A value that is there."""
    assert value is not None
    return value


def _names(markup: str) -> list[str]:
    return [piece.partition(")")[0] for piece in markup.split("](")[1:]]


def brief(value: DateValue | TimeValue | None) -> str:
    """`2027-11-02`, `14:00/17:00`, `before 18:30`, `2026-11-23 week`, `null`, `null 06:00 18:00`."""
    assert value is not None
    relation = f"{value.relation} " if value.relation else ""
    if value.value is None:
        return " ".join([f"{relation}null", *value.alternatives])
    others = "".join(f" | {other}" for other in value.alternatives)
    grain = f" {value.grain}" if value.grain not in ("day", "minute") else ""
    return f"{relation}{value.value}{'/' + value.to if value.to else ''}{grain}{others}"
