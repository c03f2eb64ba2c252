"""One time on the clock as it is said or written -> minutes after midnight, with all its readings.

`6 pm` has one reading, `6` has two: who knows more (a part of the day, the other end of a range) chooses.
"""

from collections.abc import Sequence
from typing import NamedTuple

from slotfill.resolvers.numbers import number_at

_HALVES = {"am": "am", "a": "am", "pm": "pm", "p": "pm"}  # without their dots
_NAMED = {"noon": 720, "midday": 720, "noontime": 720, "midnight": 0}
_PAST = ("past", "after")
_TO = ("to", "till", "til", "of", "before")
_HOURS = ("hours", "hour", "hrs")
# All words that go on with a time after its slot.
VOCABULARY = frozenset((*_HALVES, *_NAMED, *_HOURS, "oclock"))


class Clock(NamedTuple):
    """A clock time that ends before word `end`; it may be any of `readings` (ascending; none: no such time)."""

    readings: tuple[int, ...]
    end: int


def clock_at(words: Sequence[str], start: int, stop: int, end: int) -> Clock | None:
    """The clock time that begins at `start`: its slot ends at `stop`, but `pm` or `o'clock` may follow up to `end`."""
    word = words[start]
    if word in _NAMED:
        return Clock((_NAMED[word],), start + 1)
    return _shifted(words, start, stop, end) or _plain(words, start, stop, end)


def _shifted(words: Sequence[str], start: int, stop: int, end: int) -> Clock | None:
    """`half past six`, `a quarter to five pm`, `ten past 6`."""
    at = start + (words[start] in ("a", "an") and start + 1 < stop)
    number = None
    if words[at] in ("quarter", "half"):
        minutes, at = (15 if words[at] == "quarter" else 30), at + 1
    else:
        number = number_at(words, at, stop)
        if number is None or number.ordinal or not 0 < number.value < 30:
            return None
        is_digits = words[at].isdigit()
        minutes, at = number.value, number.end
        if at < stop and words[at] in ("minutes", "minute"):
            at, is_digits = at + 1, False
        if is_digits and at < stop and words[at] in _TO:
            # `5 to 7` is 6:55 to one and a range to another
            return Clock((), stop) if at + 1 < stop else None
    if at + 1 >= stop or words[at] not in (*_PAST, *_TO) or (minutes == 30 and words[at] not in _PAST):
        # `half six` is 6:30 in London and 5:30 in Berlin
        return Clock((), stop) if number is None else None
    whole = clock_at(words, at + 1, stop, end)
    if whole is None:
        return Clock((), at + 1)
    delta = minutes if words[at] in _PAST else -minutes
    return Clock(tuple(sorted((reading + delta) % 1440 for reading in whole.readings)), whole.end)


def _plain(words: Sequence[str], start: int, stop: int, end: int) -> Clock | None:
    """`6`, `6:30pm`, `1030 am`, `six thirty`, `17h30`, `1200 hours`, `5 o'clock pm`, `12 noon`."""
    word = words[start]
    half = ""
    if word[:1] in "0123456789":
        digits = _digits(word)
        if digits is None:
            return None
        hour, minute, half, is_24 = digits
        is_long, at = word[2:3].isdigit(), start + 1
        if minute is None and at < stop and words[at].isdigit() and len(words[at]) == 2:  # 6 30 pm
            minute, at = int(words[at]), at + 1
    else:
        is_24 = word in ("oh", "o", "zero") and start + 1 < stop
        number = number_at(words, start + is_24, stop)
        if number is None or number.ordinal:
            return None
        is_long, at = number.value >= 100, number.end
        hour, minute = divmod(number.value, 100) if is_long else (number.value, None)
    while at < end:
        word = words[at]
        if word in ("o'clock", "oclock"):
            at += 1
        elif word.replace(".", "") in _HALVES and len(word) > 1:
            if half and half != _HALVES[word.replace(".", "")]:
                return Clock((), at + 1)
            half, at = _HALVES[word.replace(".", "")], at + 1
        elif word in ("noon", "midnight") and hour == 12 and not minute:
            return Clock((_NAMED[word],), at + 1)
        elif word in _HOURS:
            if not is_long:  # nine hours are no time of day
                return Clock((), at + 1)
            is_24, at = True, at + 1
        else:
            break
    return Clock(_readings(hour, minute or 0, half=half, is_24=is_24), at)


def _digits(word: str) -> tuple[int, int | None, str, bool] | None:
    """Hour, minute, am or pm, and whether it is surely of 24 hours; None if the word is no time."""
    head = word[: _length(word)]
    rest = word[len(head) :]
    minute: int | None = None
    is_24 = len(head) > 1 and head[0] == "0"
    if len(head) > 4:
        return None
    if len(head) > 2:
        head, minute = head[:-2], int(head[-2:])
    elif rest[:1] in (":", ".", "h") and rest not in ("h", "hrs"):
        tail = rest[1 : 1 + _length(rest[1:])]
        if len(tail) != 2:
            return None
        minute, is_24, rest = int(tail), is_24 or rest[0] == "h", rest[3:].removeprefix(":00")
    elif rest == "h":
        is_24, rest = True, ""
    half = rest.replace(".", "")
    if half and half not in _HALVES:
        return None
    return int(head), minute, _HALVES.get(half, ""), is_24


def _length(word: str) -> int:
    """How many ASCII digits a word begins with."""
    return len(word) - len(word.lstrip("0123456789"))


def _readings(hour: int, minute: int, *, half: str, is_24: bool) -> tuple[int, ...]:
    if minute > 59 or hour > 23 or (half == "am" and hour > 12) or (half == "pm" and hour == 0):
        return ()
    time = 60 * hour + minute
    if half and hour <= 12:
        return (time % 720 + 720 * (half == "pm"),)
    if half or is_24 or not 1 <= hour <= 12:
        return (time,)
    return (time % 720, time % 720 + 720)
