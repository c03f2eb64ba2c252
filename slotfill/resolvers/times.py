"""Times of one role -> 24-hour times and ranges. docs/values.md has the rules and their reasons.

`time_phrases` makes phrases of the tokens, `time_rules` reads each of them, and this module makes them one reading.
"""

from slotfill.resolvers.clock_times import is_half
from slotfill.resolvers.reading import Reading, together
from slotfill.resolvers.time_phrases import phrases_of
from slotfill.resolvers.time_rules import TimeContext
from slotfill.resolvers.time_words import LENGTHS


def resolve(
    texts: tuple[str, ...],
    marks: tuple[str, ...],
    *,
    is_night: bool = False,
    is_long: bool = False,
    now: int | None = None,
    clock: int | None = None,
) -> Reading:
    """The meaning of the times of one role; `texts` are its tokens in lower case, `marks` as in `reading`.

    `is_night`: the date is `tonight`. `is_long`: it is a week or more, so that `early` is no time of day. `now`, in
    minutes after midnight: the date is today, so that `later` has a meaning. `clock`: the date is today, or there is
    none, so that `in 3 hours` has one (see `is_counted`).
    """
    context = TimeContext(is_night=is_night, is_long=is_long, now=now, clock=clock)
    phrases = phrases_of(texts, marks)
    reading = together([context.read(phrase).of_tokens(phrase.first, phrase.last) for phrase in phrases])
    return _with_german(reading) if "half" in texts and is_half(texts) else reading


def _with_german(reading: Reading) -> Reading:
    """`half six` with a note that it is 5:30 where German is spoken."""
    if not reading.spelt:
        return reading
    halves = [one for one in reading.spelt if one.endswith(":30") and "/" not in one]
    earlier = sorted([f"{(int(one[:2]) - 1) % 24:02}:30" for one in halves])
    note = f"{' or '.join(earlier) or 'half an hour before that hour'} where German is spoken"
    return reading._replace(note=f"{reading.note} {note}" if reading.note else note)


def is_counted(texts: tuple[str, ...]) -> bool:
    """Say whether the tokens may be `in 3 hours`."""
    return any(text in LENGTHS for text in texts)
