"""Dates of one role -> ISO dates, against a clock. docs/values.md has the rules and their reasons.

`date_phrases` makes phrases of the tokens, `date_rules` reads each of them, and this module makes them one reading.
"""

from collections.abc import Sequence
from datetime import date

from slotfill.resolvers.date_phrases import DatePhrase, phrases_of
from slotfill.resolvers.date_rules import DateContext
from slotfill.resolvers.grouping import APART, TO
from slotfill.resolvers.reading import APART_DAYS, NO_RANGE, Reading, together


def resolve(
    texts: tuple[str, ...],
    marks: tuple[str, ...],
    *,
    today: date,
    departure: tuple[date, bool] | None = None,
    order: str = "mdy",
) -> Reading:
    """The meaning of the dates of one role; `texts` are its tokens in lower case, `marks` as in `reading`.

    `departure` is the first day on which the trip may begin, and whether it surely begins then: nobody returns before
    leaving, and other dates are counted only from a sure day. `order` (`mdy` or `dmy`) is that of dates such as 11/2.
    """
    floor = departure and departure[0]
    context = DateContext(today, departure=floor if departure and departure[1] else None, floor=floor, order=order)
    return read(phrases_of(texts, marks), context)


def read(phrases: Sequence[DatePhrase], context: DateContext) -> Reading:
    """The meaning of the phrases of one role together."""
    readings: list[Reading] = []
    for phrase in phrases:
        if phrase.joint == TO and readings:
            start = readings[-1]
            readings[-1] = _range(start, _read(phrase, _from(start, context)))
        elif phrase.limit == "before" and readings and readings[-1].relation == "after":
            # after the 15th, before the 5th
            readings.append(_read(phrase, _from(readings[-1], context)))
        else:
            readings.append(_read(phrase, context))
    reading = together(readings)
    is_window = {phrase.limit for phrase in phrases} == {"after", "before"}  # after the 15th but before the 20th
    is_apart = any(phrase.joint == APART for phrase in phrases[1:]) and not is_window
    if reading.value and reading.alternatives and is_apart:
        return reading._replace(value=None, grain=None, to=None, note=APART_DAYS)
    return reading


def _read(phrase: DatePhrase, context: DateContext) -> Reading:
    reading = context.read(phrase)
    if reading.relation != phrase.limit:
        reading = reading._replace(relation=phrase.limit)
    return reading.of_tokens(phrase.first, phrase.last)


def _from(start: Reading, context: DateContext) -> DateContext:
    """The context for the end of a range, which is the first such day, month or year after the beginning."""
    if start.grain == "week" or not start.value:
        return context
    return context.starting(date.fromisoformat(start.value))


def _range(start: Reading, end: Reading) -> Reading:
    """`monday to friday`, `may to june`."""
    are_equal = start.grain == end.grain and not (start.relation or end.relation or start.to)
    if start.grain not in (None, "day") and (start.note or end.note):  # mid june to early july
        return NO_RANGE._replace(first=start.first, last=end.last)
    if are_equal and start.value and start.value < (end.value or ""):
        to = end.to or end.spelt[0][-10:]
        return start._replace(grain="day", to=to, note=start.note or end.note, last=end.last)
    unsure = next((one.note for one in (start, end) if one.alternatives and one.value is None), None)
    return NO_RANGE._replace(first=start.first, last=end.last, note=unsure or NO_RANGE.note)
