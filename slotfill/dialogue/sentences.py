"""The text of a turn, and the values of any of its slots."""

import re
from bisect import bisect_left
from collections.abc import Callable, Sequence
from itertools import groupby, pairwise
from typing import TypeAlias

from slotfill.dialogue.roles import SENTENCE_ENDS
from slotfill.dialogue.words import plain
from slotfill.resolvers.place_slots import place_kind
from slotfill.schema import Annotation, DateValue, Frame, Value
from slotfill.slot_names import PLACE_TYPES, role_of, type_of

Resolve: TypeAlias = Callable[[Annotation, DateValue | None], Frame]  # the frame of a trip that is not before a date
Placed: TypeAlias = tuple[str, str, Value]  # a leg, a kind, and the value

_MOST = 50  # sentences that are told apart
_AREAS = ("state", "country")
_ELSEWHERE = "elsewhere"  # the name of slots that do not count: their words are still no words of others
_ONWARD = re.compile(r"\b(?:then|after that|afterwards|next|from there|onwards?|continue|finally|later)\b")


class Sentences:
    """A text with its annotation; `words` are the text in plain letters, `frame` is that of all slots."""

    def __init__(self, annotation: Annotation, resolve: Resolve) -> None:
        self.annotation = joined(annotation)
        self.words = plain(annotation.text)
        self._resolve = resolve
        self.frame = resolve(self.annotation, None)
        # `The destination is Lima. I leave from Boston.` is one leg, unless there is a `then`
        whole = [*range(len(annotation.slots))]
        groups = self.by_sentence(whole) if self.frame.legs and not _ONWARD.search(self.words) else [whole]
        self._is_split = len(groups) > 1
        self.values = [one for group in groups for one in self.of(group)] if self._is_split else self._all()

    @property
    def legs(self) -> tuple[Frame, ...]:
        """The legs of the trip, if it has several."""
        return () if self._is_split else self.frame.legs

    def _all(self) -> list[Placed]:
        return [(name, kind, value) for name, leg in self.frame.items() for kind, value in leg.items()]

    def of(self, slots: Sequence[int], *, after: DateValue | None = None) -> list[Placed]:
        """The values of the slots with these numbers alone, of a trip that is not before the date `after`."""
        chosen = {*slots}
        others = [
            slot if n in chosen else slot.replace(name=_ELSEWHERE) for n, slot in enumerate(self.annotation.slots)
        ]
        frame = self._resolve(self.annotation.replace(slots=tuple(others)), after)
        return [(name, kind, value) for name, leg in frame.items() for kind, value in leg.items()]

    def by_sentence(self, slots: Sequence[int]) -> list[list[int]]:
        """The slots with these numbers, those of each sentence together."""
        ends = [found.start() for found in SENTENCE_ENDS.finditer(self.words)]
        if not 0 < len(ends) <= _MOST:  # nobody says that much in a turn
            return [[*slots]]
        starts = [slot.start for slot in self.annotation.slots]
        return [[*group] for _, group in groupby(slots, key=lambda n: bisect_left(ends, starts[n]))]


def joined(annotation: Annotation) -> Annotation:
    """The annotation in which the state or country right after a city has the role of the city: `Paris, France`.

    A tagger may be unsure of the role of a bare answer, and give its halves different ones.
    """
    slots = list(annotation.slots)
    for at, (first, second) in enumerate(pairwise(slots)):
        if type_of(second.name) not in PLACE_TYPES or place_kind(second.name) not in _AREAS:
            continue
        between = annotation.text[first.end : second.start].strip()
        if place_kind(first.name) == "city" and between in ("", ",") and first.end <= second.start:
            role = role_of(first.name)
            slots[at + 1] = second.replace(name=f"{role}.{type_of(second.name)}" if role else type_of(second.name))
    return annotation.replace(slots=tuple(slots)) if slots != [*annotation.slots] else annotation
