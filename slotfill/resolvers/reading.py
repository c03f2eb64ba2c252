"""What a role means, and how several readings become one.

A mark tells which slot a token belongs to: `B-day_name`, `I-day_name` (one of the role that is being resolved, IOB2;
`b-day_name`, `i-day_name` if the sentence rules it out), `FREE` (none), `BESIDE` (a time of the same leg when dates are
resolved, and the reverse) or `FOREIGN` (any other).
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

FREE = ""
BESIDE = "|"
FOREIGN = "#"


def ruled_out(mark: str) -> str:
    """The mark of a token that the sentence rules out: `b-day_name`."""
    return mark[0].lower() + mark[1:]


def is_ruled_out(mark: str) -> bool:
    """Say whether a token of the role is ruled out."""
    return mark[:2] in ("b-", "i-")


class Reading(NamedTuple):
    """A date or time with the fields of a value; it was read from the tokens `first` to `last`, both included."""

    value: str | None = None
    grain: str | None = None
    to: str | None = None
    relation: str | None = None
    alternatives: tuple[str, ...] = ()
    note: str | None = None
    first: int = 0
    last: int = 0
    is_counted: bool = False  # from the clock: `in 3 hours`

    def of_tokens(self, first: int, last: int) -> "Reading":
        """The same, read from these tokens (`_replace` takes three times as long)."""
        return Reading(*self[:6], first, last, self.is_counted)

    @property
    def spelt(self) -> tuple[str, ...]:
        """Everything that it may mean, each as one string; a range is an ISO 8601 interval."""
        if self.value is None:
            return self.alternatives
        return (spelt(self.value, grain=self.grain, to=self.to),)


NOT_UNDERSTOOD = Reading(note="not understood")
NO_RANGE = Reading(note="a range without a beginning or an end")
APART_DAYS = "which of these days?"  # the note of days that are apart

_COARSE = {"week": 6, "month": 27, "year": 360}  # days that are in every week, month or year


def spelt(value: str, *, grain: str | None, to: str | None) -> str:
    """A value as one string; a range, and a week, month or year, is an ISO 8601 interval: `14:00/17:00`."""
    to = to or (_last_day(value, grain) if grain in _COARSE else None)
    return f"{value}/{to}" if to else value


def _last_day(value: str, grain: str | None) -> str:
    """The last day of the week, month or year that begins on the day `value`."""
    if grain == "year":
        return f"{value[:4]}-12-31"
    try:
        day = date.fromisoformat(value) + timedelta(_COARSE[grain or "week"])
        while grain == "month" and (day + timedelta(1)).day > 1:
            day += timedelta(1)
    except OverflowError:
        day = date.max
    return day.isoformat()


def together(readings: Sequence[Reading]) -> Reading:
    """One reading for a whole role: its value is that of the first, and all that differ are alternatives, in order."""
    if not readings:
        return NOT_UNDERSTOOD
    head = readings[0]
    if len(readings) == 1:
        return head
    first, last = min(r.first for r in readings), max(r.last for r in readings)
    different = [r for r in readings[1:] if _meaning(r) != _meaning(head)]
    if not different:
        return head._replace(first=first, last=last)
    alternatives = tuple(dict.fromkeys(_alternatives((head, *different))))
    if len(alternatives) == 1 and head.value is not None:
        alternatives = ()
    return head._replace(alternatives=alternatives, first=first, last=last)


def _meaning(reading: Reading) -> Reading:
    """The reading without its note and its tokens, to compare what it means."""
    return reading._replace(note=None, first=0, last=0, is_counted=False)


def _alternatives(readings: Sequence[Reading]) -> list[str]:
    """All readings as strings; if their relations differ, as open intervals: `16:00/..` is after four."""
    if len({reading.relation for reading in readings}) == 1:
        return [one for reading in readings for one in reading.spelt]
    return [_open(one, reading.relation) for reading in readings for one in reading.spelt]


def _open(one: str, relation: str | None) -> str:
    start, _, end = one.partition("/")
    return {"after": f"{start}/..", "before": f"../{end or start}"}.get(relation or "", one)


def unread_note(looks: str) -> str:
    """The note of a date or time of a language without rules, by what the sentence looks like.

    What English and Chinese rules understand of it is not all that it says.
    """
    return f"{looks}, whose dates and times are not read"
