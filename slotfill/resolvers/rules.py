"""Rules: each reads one kind of phrase. `date_rules` has those of dates, `time_rules` those of times.

A rule names the kinds of pieces that a phrase must have, and those that it may have. It returns a reading, or None to
leave the phrase to the rules after it.
"""

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import TypeAlias, TypeVar

from slotfill.resolvers.grouping import Phrase
from slotfill.resolvers.reading import NOT_UNDERSTOOD, Reading

P = TypeVar("P", bound=Phrase)
C = TypeVar("C")  # what a phrase is read against: the clock and the like
Read: TypeAlias = Callable[[P, C], Reading | None]
ANYTHING = -1


# `needs`, `allows` and a function that reads phrases with all kinds of pieces in `needs` and none outside `allows`.
Rule: TypeAlias = tuple[int, int, Read[P, C]]


class Rules(list[Rule[P, C]]):
    """Rules in the order in which they are tried, which is the order in which they are defined."""

    def __init__(self, rules: Iterable[Rule[P, C]] = ()) -> None:
        super().__init__(rules)
        self._fitting = lru_cache(maxsize=512)(self._find_fitting)  # few phrases have kinds that no other had

    def add(self, needs: int, allows: int = 0) -> Callable[[Read[P, C]], Read[P, C]]:
        """Make a rule of the function below: `@RULES.add(MONTH | DAY, YEAR)`."""

        def add(read: "Read[P, C]") -> "Read[P, C]":  # in quotes: evaluated for each rule, it would take 1 ms in all
            self.append((needs, needs | allows, read))
            return read

        return add

    def first_reading(self, phrase: P, context: C) -> Reading:
        """The reading of the first rule that has one for this phrase."""
        for read in self._fitting(phrase.kinds):
            reading = read(phrase, context)
            if reading is not None:
                return reading
        return NOT_UNDERSTOOD

    def _find_fitting(self, kinds: int) -> list[Read[P, C]]:
        """The rules for phrases with these kinds of pieces."""
        return [read for needs, allows, read in self if kinds & needs == needs and not kinds & ~allows]
