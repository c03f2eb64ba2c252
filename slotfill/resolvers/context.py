"""The words around the slots of one role: which of them bear on its value."""

from bisect import bisect_left
from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import TypeVar

from slotfill.resolvers import date_phrases, numbers, times
from slotfill.resolvers.reading import BESIDE, FOREIGN, FREE, Reading
from slotfill.schema import Annotation, DateValue, Slot, TimeValue, Token
from slotfill.slot_names import type_of

_Moment = TypeVar("_Moment", DateValue, TimeValue)

LIMIT = "time_relative"  # before, after, around
OR = "or"  # a slot of ATIS that only joins others
# How far from its slots a role may read: enough for `two weeks from` and `of the next month`.
_AROUND = 7  # words


def _start(token: Token) -> int:
    return token.start


_VOCABULARY = date_phrases.VOCABULARY | times.VOCABULARY | numbers.VOCABULARY
_UNHEARD = "_"


def _lower(word: str) -> str:
    return word.lower().replace("’", "'")


@lru_cache(maxsize=8192)
def _heard(word: str) -> str:
    """A word beside the slots in lower case, or `_` for all words that say nothing of dates and times.

    So `leave boston at 6` and `leave denver at 6` are the same question, which is answered once.
    """
    lower = _lower(word)
    if not lower.isalpha() or _VOCABULARY & {lower, lower.removesuffix("s")}:
        return lower
    return _UNHEARD


@lru_cache(maxsize=1024)
def _marks(name: str) -> tuple[str, str]:
    """The marks of a slot's first word and of its others."""
    return f"B-{type_of(name)}", f"I-{type_of(name)}"


class Sentence:
    """The words of an annotation, and which slot each belongs to."""

    def __init__(self, annotation: Annotation, order: Sequence[int]) -> None:
        self.text = annotation.text
        self.slots: Sequence[Slot] = annotation.slots
        self.order = order  # their numbers in the order of the text
        self.tokens: Sequence[Token] = annotation.tokens
        self.owners: list[int] = []  # of each word its slot or -1; found when it is first asked for

    def words(self, first: int, last: int) -> list[str]:
        """From one word to another, which is left out, in lower case."""
        return [_lower(token.text) for token in self.tokens[first:last]]

    def _find_owners(self) -> None:
        starts = [token.start for token in self.tokens]
        self.owners = [-1] * len(starts)
        at = 0
        for number in self.order:
            slot = self.slots[number]
            at = bisect_left(starts, slot.start, at)
            while at < len(starts) and self.tokens[at].end <= slot.end:
                self.owners[at] = number
                at += 1

    def first_word(self, number: int) -> int:
        """The first word of a slot; if it has none of its own, the next one."""
        return bisect_left(self.tokens, self.slots[number].start, key=_start)

    def around(self, own: Collection[int], *, beside: Collection[int]) -> tuple[tuple[str, ...], tuple[str, ...], int]:
        """The words of these slots, between and around them, with marks as in `reading`; and where they begin."""
        if not self.owners:
            self._find_owners()
        if len(self.slots) > 50:  # among fewer a search is faster than a set
            own, beside = {*own}, {*beside}
        places = [n for n, owner in enumerate(self.owners) if owner in own]
        if not places:
            return (), (), 0
        start, end = self._nearest(places[0], places[-1] + 1)
        words, marks = [], []
        previous = -1
        for token, owner in zip(self.tokens[start:end], self.owners[start:end], strict=True):
            if owner in own:
                words.append(_lower(token.text))
                marks.append(_marks(self.slots[owner].name)[owner == previous])
            else:
                words.append(_heard(token.text))
                is_free = owner < 0 or self.slots[owner].name == OR
                marks.append(FREE if is_free else BESIDE if owner in beside else FOREIGN)
            previous = owner
        return tuple(words), tuple(marks), start

    def _nearest(self, first: int, end: int) -> tuple[int, int]:
        """How far the words around these may count: to one that cannot, which is no longer read."""
        tokens = self.tokens
        least, most = max(0, first - _AROUND), min(end + _AROUND, len(tokens))
        if "between" in self.text.lower():  # it counts from afar
            return least, most
        while first > least and _heard(tokens[first - 1].text) != _UNHEARD:
            first -= 1
            if self._is_foreign(first):  # only what is next to it may look at it
                break
        while end < most and _heard(tokens[end].text) != _UNHEARD:
            end += 1
            if self._is_foreign(end - 1):
                break
        return first, end

    def is_limit(self, timed: Sequence[int], dated: Sequence[int]) -> bool:
        """Say whether the times of a leg are only the limit of its date: `no later than december 5`."""
        words = [word for n in timed for word in _lower(self.slots[n].text).split()]
        if any(type_of(self.slots[n].name) != LIMIT for n in timed) or not date_phrases.VOCABULARY.issuperset(words):
            return False
        if self.slots[timed[-1]].end <= self.slots[dated[0]].start:
            return all(word in ("the", "on") for word in self.between(timed[-1], dated[0]))
        is_after = self.slots[dated[-1]].end <= self.slots[timed[0]].start
        return is_after and self.between(dated[-1], timed[0]) == ["or"]

    def _is_foreign(self, at: int) -> bool:
        """Say whether a word that is not ours belongs to another slot."""
        owner = self.owners[at]
        return owner >= 0 and self.slots[owner].name != OR

    def between(self, number: int, following: int) -> list[str]:
        """The words between two slots."""
        end, start = self.slots[number].end, self.slots[following].start
        first, last = (bisect_left(self.tokens, at, key=_start) for at in (end, start))
        return self.words(first, last)

    def value(self, kind: type[_Moment], own: Sequence[int], reading: Reading, offset: int) -> _Moment:
        """A reading as a value: its text holds all its slots and whatever other words it came from."""
        start, end = self.slots[own[0]].start, max([self.slots[n].end for n in own])
        if reading.last + offset < len(self.tokens) and reading.value:
            start = min(start, self.tokens[reading.first + offset].start)
            end = max(end, self.tokens[reading.last + offset].end)
        return kind(
            self.text[start:end],
            reading.value,
            tuple(own),
            grain=reading.grain,
            to=reading.to,
            relation=reading.relation,
            alternatives=reading.alternatives,
            note=reading.note,
        )
