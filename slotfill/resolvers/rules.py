"""Rules: each reads one kind of phrase. Those of dates stand in `date_rules`, those of times in `time_rules`.

A rule says which pieces a phrase must have, and which it may have; it answers with a reading, or with None to leave the
phrase to the rules after it.
"""

from collections.abc import Callable, Sequence
from typing import Generic, NamedTuple, TypeVar

from slotfill.resolvers.grouping import Phrase
from slotfill.resolvers.reading import NOT_UNDERSTOOD, Reading

P = TypeVar("P", bound=Phrase)
C = TypeVar("C")  # what the phrase is read against: the clock and the like
ANYTHING = -1


class Rule(NamedTuple, Generic[P, C]):
    """Reads phrases that have all pieces of the kinds `needs`, and others only of the kinds `allows`."""

    needs: int
    allows: int
    read: Callable[[P, C], Reading | None]


def rule(needs: int, allows: int = 0) -> Callable[[Callable[[P, C], Reading | None]], Rule[P, C]]:
    """Make a rule of a function."""
    return lambda read: Rule(needs, needs | allows, read)


def first_reading(rules: Sequence[Rule[P, C]], phrase: P, context: C) -> Reading:
    """The reading of the first rule that has one for this phrase."""
    kinds = phrase.kinds
    for needs, allows, read in rules:
        if kinds & needs == needs and not kinds & ~allows:
            reading = read(phrase, context)
            if reading is not None:
                return reading
    return NOT_UNDERSTOOD
