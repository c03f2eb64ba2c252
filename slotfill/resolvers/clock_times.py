"""One time on the clock as it is said or written -> minutes after midnight, with all its readings.

`6 pm` has one reading, `6` has two: a part of the day, or the other end of a range, may choose one later.
RULES are tried in their order, and the first that knows the tokens answers.
"""

from collections.abc import Callable, Container, Sequence
from typing import NamedTuple, TypeAlias

from slotfill.resolvers.numbers import number_at
from slotfill.resolvers.time_words import HALVES, HOURS, NAMED

_PAST = ("past", "after")
_TO = ("to", "till", "til", "of", "before")
_O_CLOCK = ("o'clock", "oclock")


class Clock(NamedTuple):
    """A clock time that ends before the token `end`, with its `readings` in ascending order; without, no such time."""

    readings: tuple[int, ...]
    end: int


def clock_at(texts: Sequence[str], start: int, stop: int, end: int) -> Clock | None:
    """The clock time that begins at `start`; its slot ends at `stop`, but `pm` or `o'clock` may follow, up to `end`."""
    return _first(RULES, texts, start, stop, end)


def _first(rules: "Sequence[_Rule]", texts: Sequence[str], start: int, stop: int, end: int) -> Clock | None:
    for rule in rules:
        clock = rule(texts, start, stop, end)
        if clock is not None:
            return clock
    return None


def half_at(texts: Sequence[str], at: int, end: int) -> tuple[str, int] | None:
    """`am` or `pm` and where it ends, if it is spelt as two letters: `p m`, `a. m.`."""
    half = HALVES.get(texts[at])
    if half is None or len(texts[at]) > 1:
        return None
    at += 1
    at += at < end and texts[at] == "."
    if at >= end or texts[at] != "m":
        return None
    at += 1
    return half, at + (at < end and texts[at] == ".")


# --- the rules -------------------------------------------------------------------------------------


def named(texts: Sequence[str], start: int, stop: int, end: int) -> Clock | None:
    """`noon`: 12:00."""
    time = NAMED.get(texts[start])
    return None if time is None else Clock((time,), start + 1)


def half_past(texts: Sequence[str], start: int, stop: int, end: int) -> Clock | None:
    """`half past six pm`, `half six pm`: 18:30."""
    at = _after_article(texts, start, stop)
    if texts[at] != "half":
        return None
    return _from_hour(texts, at + 1, stop, end, 30, _PAST) or _half_an_hour_after(texts, at + 1, stop, end)


def is_half(texts: Sequence[str]) -> bool:
    """Whether there is a `half six`, which is 6:30 in London and 5:30 in Berlin."""
    return any(one == "half" and _is_hour(texts, at + 1, len(texts)) for at, one in enumerate(texts))


def _is_hour(texts: Sequence[str], at: int, stop: int) -> bool:
    number = number_at(texts, at, stop) if at < stop else None
    return number is not None and not number.ordinal and 1 <= number.value <= 12


def _half_an_hour_after(texts: Sequence[str], at: int, stop: int, end: int) -> Clock:
    """Half an hour after `six pm`."""
    hour = _first(_HOURS_ALONE, texts, at, stop, end) if _is_hour(texts, at, stop) else None
    if hour is None or any(reading % 60 for reading in hour.readings):
        return Clock((), stop)
    return Clock(tuple([reading + 30 for reading in hour.readings]), hour.end)


def quarter(texts: Sequence[str], start: int, stop: int, end: int) -> Clock | None:
    """`a quarter to five pm`: 16:45."""
    at = _after_article(texts, start, stop)
    if texts[at] != "quarter":
        return None
    return _from_hour(texts, at + 1, stop, end, 15, (*_PAST, *_TO)) or Clock((), stop)


def minutes(texts: Sequence[str], start: int, stop: int, end: int) -> Clock | None:
    """`ten past six pm`: 18:10, `10 minutes to 6 pm`: 17:50. No time: `5 to 7`, which may be a range."""
    at = _after_article(texts, start, stop)
    number = number_at(texts, at, stop)
    if number is None or number.ordinal or not 0 < number.value < 30:
        return None
    is_range = texts[at].isdigit()
    if is_range and number.value % 5 and number.end < stop and texts[number.end] in _TO:  # 8 to 10
        return None
    at = number.end
    if at < stop and texts[at] in ("minutes", "minute"):
        at, is_range = at + 1, False
    if is_range and at < stop and texts[at] in _TO:
        return Clock((), stop) if at + 1 < stop else None
    return _from_hour(texts, at, stop, end, number.value, (*_PAST, *_TO))


def in_digits(texts: Sequence[str], start: int, stop: int, end: int) -> Clock | None:
    """`6:30pm`, `1830`, `18h30`, `6 30 pm`: 18:30."""
    said = _digits(texts[start], start + 1) if texts[start][:1] in "0123456789" else None
    if said is None:
        return None
    if said.minute is None and said.end < stop and texts[said.end].isdigit() and len(texts[said.end]) == 2:
        said.minute, said.end = int(texts[said.end]), said.end + 1
    return _continued(said, texts, end)


def in_words(texts: Sequence[str], start: int, stop: int, end: int) -> Clock | None:
    """`six thirty pm`: 18:30, `oh six hundred`: 06:00, `twelve noon`: 12:00."""
    if texts[start][:1] in "0123456789":
        return None
    is_24 = texts[start] in ("oh", "o", "zero") and start + 1 < stop
    number = number_at(texts, start + is_24, stop)
    if number is None or number.ordinal:
        return None
    said = _Said(number.value, None, number.end)
    if number.value >= 100:
        said.hour, said.minute = divmod(number.value, 100)
    said.is_24 = is_24
    return _continued(said, texts, end)


_Rule: TypeAlias = Callable[[Sequence[str], int, int, int], Clock | None]
RULES: tuple[_Rule, ...] = (named, half_past, quarter, minutes, in_digits, in_words)
_HOURS_ALONE: tuple[_Rule, ...] = (named, in_digits, in_words)

# --- minutes from an hour --------------------------------------------------------------------------


def _after_article(texts: Sequence[str], start: int, stop: int) -> int:
    return start + (texts[start] in ("a", "an") and start + 1 < stop)


def _from_hour(
    texts: Sequence[str], at: int, stop: int, end: int, delta: int, directions: Container[str]
) -> Clock | None:
    """`past six` or `to six`, from the token `at` on; None if that is no direction with an hour."""
    if at + 1 >= stop or texts[at] not in directions:
        return None
    hour = _first(_HOURS_ALONE, texts, at + 1, stop, end)  # not `past half past half past ...`, without end
    if hour is None:
        return Clock((), at + 1)
    if texts[at] in _TO:
        delta = -delta
    return Clock(tuple(sorted((reading + delta) % 1440 for reading in hour.readings)), hour.end)


# --- an hour, its minute, and the half of the day --------------------------------------------------


class _Said:
    """A time that has been read up to the token `end`."""

    half = ""  # am or pm
    is_24 = False  # surely on the clock of 24 hours
    readings: tuple[int, ...] | None = None  # if a token decides them

    def __init__(self, hour: int, minute: int | None, end: int) -> None:
        self.hour, self.minute, self.end = hour, minute, end

    def takes(self, text: str) -> bool:
        """Take a token if it continues the time; say whether it does."""
        if text in _O_CLOCK:
            return True
        if len(text) > 1 and (half := HALVES.get(text.replace(".", ""))):
            self.take_half(half)
            return True
        if text in ("noon", "midnight") and self.hour == 12 and not self.minute:
            self.readings = (NAMED[text],)
            return True
        if text in HOURS:
            self._take_hours()
            return True
        return False

    def take_half(self, half: str) -> None:
        """Take `am` or `pm`."""
        if self.half not in ("", half):  # 5 am pm
            self.readings = ()
        self.half = half

    def _take_hours(self) -> None:
        if self.minute is None:  # nine hours are no time of day
            self.readings = ()
        else:
            self.is_24 = True


def _continued(said: _Said, texts: Sequence[str], end: int) -> Clock:
    """The time with the tokens that continue it: `pm`, `o'clock`, `hours`, `noon`."""
    while said.end < end and said.readings is None:
        if half := half_at(texts, said.end, end):
            said.take_half(half[0])
            said.end = half[1]
        elif said.takes(texts[said.end]):
            said.end += 1
        else:
            break
    readings = _readings(said) if said.readings is None else said.readings
    return Clock(readings, said.end)


def _readings(said: _Said) -> tuple[int, ...]:
    hour, minute = said.hour, said.minute or 0
    hours = {"am": range(13), "pm": range(1, 24)}.get(said.half, range(24))
    if minute > 59 or hour not in hours:
        return ()
    time = 60 * hour + minute
    if said.half and hour <= 12:
        return (time % 720 + 720 * (said.half == "pm"),)
    is_sure = said.half or said.is_24 or not 1 <= hour <= 12
    return (time,) if is_sure else (time % 720, time % 720 + 720)


def _digits(text: str, end: int) -> _Said | None:
    """The time that one token is, or None."""
    head = text[: _length(text)]
    rest = text[len(head) :]
    if len(head) > 4:
        return None
    said = _Said(0, None, end)
    said.is_24 = len(head) > 1 and head[0] == "0"
    if len(head) > 2:
        head, said.minute = head[:-2], int(head[-2:])
        if rest in ("h", "hr", *HOURS):
            said.is_24, rest = True, ""
    elif rest in ("h", "hrs"):
        said.is_24 = said.is_24 or rest == "h"
        rest = rest.removeprefix("h")
    elif rest[:1] in (":", ".", "h"):
        tail = rest[1 : 1 + _length(rest[1:])]
        if len(tail) != 2:
            return None
        said.minute, said.is_24, rest = int(tail), said.is_24 or rest[0] == "h", rest[3:].removeprefix(":00")
    said.hour, said.half = int(head), HALVES.get(rest.replace(".", ""), "")
    return said if said.half or not rest.replace(".", "") else None


def _length(text: str) -> int:
    """How many ASCII digits a token begins with."""
    return len(text) - len(text.lstrip("0123456789"))
