"""What dates and times share: words with their marks, what came out of them, and how several readings make one.

A mark says whose a word is: `B-day_name`, `I-day_name` (a slot of the role that is being resolved, IOB2), `FREE` (no
slot), `BESIDE` (a time beside the dates, or a date beside the times, of one leg of the trip) or `FOREIGN`.
"""

from collections.abc import Container, Sequence
from datetime import date, timedelta
from typing import NamedTuple

FREE = ""
BESIDE = "|"
FOREIGN = "#"


def is_own(mark: str) -> bool:
    """Say whether a word with this mark belongs to the role that is being resolved."""
    return len(mark) > 1


def joins(words: Sequence[str], marks: Sequence[str], at: int, *, glue: Container[str], is_range: bool) -> bool:
    """Say whether `or`, `and`, `to` at a word joins what is ours, not cities: `from boston to denver on friday`."""
    at += 1
    while at < len(words) and marks[at] == FREE and words[at] in glue:
        at += 1
    return at < len(words) and (is_own(marks[at]) if is_range else marks[at] != FOREIGN)


def ends_between(words: Sequence[str], marks: Sequence[str], at: int) -> bool:
    """Say whether the word is the `and` of `between 2 and 5`, not of `between boston and denver at 2 and 5`."""
    if words[at] == "and":
        for before in range(at - 1, max(-1, at - 9), -1):
            if words[before] == "between" or marks[before] == FOREIGN:
                return words[before] == "between"
    return False


class Reading(NamedTuple):
    """A date or time as `Value` has it; it came from the words `first` to `last`, both included."""

    value: str | None = None
    grain: str | None = None
    to: str | None = None
    relation: str | None = None
    alternatives: tuple[str, ...] = ()
    note: str | None = None
    first: int = 0
    last: int = 0

    @property
    def spelt(self) -> tuple[str, ...]:
        """All that it may mean, each as one string; a range is an ISO 8601 interval."""
        if self.value is None:
            return self.alternatives
        to = self.to or (_last_day(self.value, self.grain) if self.grain in _COARSE else None)
        return (f"{self.value}/{to}",) if to else (self.value,)


_COARSE = {"week": 6, "month": 27, "year": 360}  # days that are surely within


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
    """One reading of a whole role: the first has the value, all that differ are alternatives, in order.

    Where the relations differ, each alternative is written as an open interval: `16:00/..` is after four.
    """
    first, last = min(r.first for r in readings), max(r.last for r in readings)
    head = readings[0]
    others = [r for r in readings[1:] if r[:5] != head[:5]]
    if not others:
        return head._replace(first=first, last=last)
    everything = (head, *others)
    if len({r.relation for r in everything}) > 1:
        spelt = [_open(one, r.relation) for r in everything for one in r.spelt]
    else:
        spelt = [one for r in everything for one in r.spelt]
    alternatives = tuple(dict.fromkeys(spelt))
    return head._replace(
        alternatives=alternatives if len(alternatives) > 1 or head.value is None else (), first=first, last=last
    )


def _open(one: str, relation: str | None) -> str:
    start, _, end = one.partition("/")
    return {"after": f"{start}/..", "before": f"../{end or start}"}.get(relation or "", one)
