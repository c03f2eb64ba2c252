"""The rules of times: the pieces of one phrase -> a 24-hour time or a range.

Each rule has an example with its value; docs/values.md has the reasons. The first rule that has a reading wins. A clock
time keeps all its readings (6 is 06:00 and 18:00) until something in the sentence chooses one; if nothing does, there
is no value. To add a phrase, add a rule here and rows to the table of its test.
"""

from __future__ import annotations  # not evaluated: 2 % of a start, with the other rules

from slotfill.resolvers.reading import NO_RANGE, NOT_UNDERSTOOD, Reading
from slotfill.resolvers.rules import ANYTHING, Rules
from slotfill.resolvers.time_phrases import DAY, NIGHTS, PARTS, TimePhrase, said_with
from slotfill.resolvers.time_words import AHEAD, CLOCK, END, MODIFIER, NOT, PART, RELATION, START, UNKNOWN

# Hours of a modified part of the day, or of the whole day.
_MODIFIED = {
    ("early", "morning"): (5, 8),
    ("mid", "morning"): (8, 10),
    ("late", "morning"): (10, 12),
    ("early", "afternoon"): (12, 14),
    ("mid", "afternoon"): (14, 16),
    ("late", "afternoon"): (16, 18),
    ("early", "evening"): (18, 20),
    ("late", "evening"): (20, 22),
    ("early", "night"): (18, 20),
    ("late", "night"): (22, 26),
    ("early", "am"): (5, 8),
    ("early", ""): (5, 8),
    ("late", ""): (20, 24),
}


class TimeContext:
    """What times are read against: whether the date is tonight, whether it is longer than a day, and the clock.

    `now`, in minutes after midnight, is None unless the date is today; `clock` is None if it is another day.
    """

    def __init__(self, *, is_night: bool, is_long: bool, now: int | None, clock: int | None) -> None:
        self.clock = clock
        self.is_night = is_night
        self.is_long = is_long
        self.now = now

    def read(self, phrase: TimePhrase) -> Reading:
        """The reading of a whole phrase."""
        return RULES.first_reading(phrase, self)


RULES: Rules[TimePhrase, TimeContext] = Rules()
rule = RULES.add


@rule(UNKNOWN, ANYTHING)
def unknown_token(phrase: TimePhrase, _: TimeContext) -> Reading | None:
    """`asap`: null."""
    return Reading(note=f"not understood: {phrase.unknown}")


@rule(RELATION, ANYTHING)
def two_limits(phrase: TimePhrase, _: TimeContext) -> Reading | None:
    """`before or around noon`: null."""
    return Reading(note=f"both {' and '.join(phrase.relations)}") if len(phrase.relations) > 1 else None


# --- ranges ----------------------------------------------------------------------------------------


@rule(CLOCK | START, ANYTHING)
def range_without_end(_: TimePhrase, __: TimeContext) -> Reading | None:
    """`between 2 pm and`: null."""
    return NO_RANGE


@rule(CLOCK | END, ANYTHING)
def clock_range(phrase: TimePhrase, context: TimeContext) -> Reading | None:
    """`between 10 and 2 pm`: 10:00 to 14:00, the readings within half a day of each other."""
    part = phrase.part or ("night" if context.is_night else "")
    ends = said_with(part, phrase.end) if phrase.part or len(phrase.end) > 1 else phrase.end
    pairs = _spans(phrase.clock, ends)
    if len(pairs) > 1:
        pairs = _spans(said_with(part, phrase.clock), ends) or pairs
    if len(pairs) > 1:
        spelt = tuple(f"{hhmm(start)}/{hhmm(end)}" for start, end in pairs)
        return Reading(alternatives=spelt, note="morning or afternoon?")
    if not pairs:
        return NO_RANGE
    ((start, end),) = pairs
    return Reading(hhmm(start), "minute", to=hhmm(end), note=_after_midnight(phrase, start, context))


# --- clock times -----------------------------------------------------------------------------------


@rule(CLOCK, ANYTHING)
def clock_time(phrase: TimePhrase, context: TimeContext) -> Reading | None:
    """`6:30 pm`: 18:30; `6 in the evening`: 18:00; `before midnight`: before 00:00."""
    readings = phrase.chosen(is_night=context.is_night)
    if len(readings) != 1:
        return None
    if phrase.relation == "before" and readings == (0,):
        note: str | None = "at the end of the day"
    else:
        note = _after_midnight(phrase, readings[0], context)
    return Reading(hhmm(readings[0]), "minute", relation=phrase.relation, note=note)


@rule(CLOCK, ANYTHING)
def either_half(phrase: TimePhrase, context: TimeContext) -> Reading | None:
    """`6`: null, 06:00 or 18:00."""
    readings = phrase.chosen(is_night=context.is_night)
    if not readings:
        return None
    return Reading(relation=phrase.relation, alternatives=tuple(map(hhmm, readings)), note="morning or afternoon?")


@rule(CLOCK | PART, ANYTHING)
def contrary_part(phrase: TimePhrase, _: TimeContext) -> Reading | None:
    """`11 am in the evening`: null."""
    return Reading(note=f"not a time of the {phrase.part}") if phrase.clock else None


@rule(CLOCK, ANYTHING)
def no_such_time(_: TimePhrase, __: TimeContext) -> Reading | None:
    """`25:00`: null."""
    return Reading(note="no such time")


# --- counted from the clock ------------------------------------------------------------------------


@rule(AHEAD, RELATION | NOT)
def in_some_hours(phrase: TimePhrase, context: TimeContext) -> Reading | None:
    """`in 3 hours` at 9: 12:00; `within 2 hours` at 9: before 11:00; `in 30 hours`: null."""
    if context.clock is None:
        return Reading(note="counted from now, but on another day")
    time = context.clock + abs(phrase.ahead)
    if time >= 2 * DAY or abs(phrase.ahead) > DAY:
        return Reading(note="more than a day from now")
    note = "after midnight: on the next day" if time >= DAY else None
    relation = "before" if phrase.ahead < 0 else phrase.relation
    return Reading(hhmm(time), "minute", relation=relation, note=note, is_counted=True)


# --- parts of the day ------------------------------------------------------------------------------


@rule(MODIFIER, RELATION | NOT)
def later(phrase: TimePhrase, context: TimeContext) -> Reading | None:
    """`later`: null; `later today` at 9: after 09:00."""
    if phrase.modifier != "later":
        return None
    if context.now is None:
        return Reading(note="later than what?")
    return Reading(hhmm(context.now), "minute", relation="after", is_counted=True)


@rule(MODIFIER, RELATION | NOT)
def early_in_a_week(phrase: TimePhrase, context: TimeContext) -> Reading | None:
    """`early next week`: null."""
    return Reading(note=f"{phrase.modifier} in more than a day is no time of day") if context.is_long else None


@rule(MODIFIER, PART | RELATION | NOT)
def early(phrase: TimePhrase, _: TimeContext) -> Reading | None:
    """`early in the morning`: 05:00 to 08:00; `late`: 20:00 to 00:00; `mid`: null."""
    hours = _MODIFIED.get((phrase.modifier, phrase.part))
    if hours is None:
        return None if phrase.part else NOT_UNDERSTOOD
    return _hours(hours, phrase)


@rule(PART, MODIFIER | RELATION | NOT)
def part_of_day(phrase: TimePhrase, _: TimeContext) -> Reading | None:
    """`in the evening`: 18:00 to 22:00; `later in the evening` is the same."""
    return _hours(PARTS[phrase.part][0], phrase)


@rule(RELATION, NOT)
def limit_alone(_: TimePhrase, __: TimeContext) -> Reading | None:
    """`before`: null."""
    return Reading(note="a limit without a time")


# --- readings --------------------------------------------------------------------------------------


def _hours(hours: tuple[int, int], phrase: TimePhrase) -> Reading:
    start, end = (hhmm(60 * hour) for hour in hours)
    # `later in the evening` is not after it
    return Reading(start, "minute", to=end, relation=None if phrase.is_comparative else phrase.relation)


def _after_midnight(phrase: TimePhrase, time: int, context: TimeContext) -> str | None:
    """`friday night at 1 am` is on saturday."""
    is_next = (context.is_night or phrase.part in NIGHTS) and time < DAY // 2
    return "after midnight: on the next day" if is_next else None


def _spans(starts: tuple[int, ...], ends: tuple[int, ...]) -> list[tuple[int, int]]:
    """All pairs at most half a day apart; if each end has one reading, up to a day apart if they are in order."""
    is_sure = len(starts) == len(ends) == 1
    return [(s, e) for s in starts for e in ends if 0 < (e - s) % DAY <= DAY // 2 or (is_sure and s < e)]


def hhmm(minutes: int) -> str:
    """Minutes after midnight on the clock of 24 hours: `hhmm(870)` is 14:30."""
    return f"{minutes // 60 % 24:02}:{minutes % 60:02}"
