"""Slots of a data set whose values are not read: what its kinds of slots lack, told before anybody relies on them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from slotfill.resolvers.frame import frame_of
from slotfill.resolvers.own_slots import OwnSlots
from slotfill.schema import Annotation, Example, Slot
from slotfill.slot_kinds import SlotKind
from slotfill.tags import char_span, spans_of

_CLOCK = datetime(2026, 11, 18, 9)  # a Wednesday; what is read depends on it for the fewest texts


class Unread(NamedTuple):
    """How many of the values of one name are None, and the commonest of their texts with the note that each has."""

    name: str
    values: int
    unread: int
    examples: Sequence[tuple[str, str]]

    def __str__(self) -> str:
        texts = "; ".join(f'"{text}" ({note})' for text, note in self.examples)
        return f"[slots] {self.name}: {self.unread} of {self.values} have no value: {texts}"


def unread_of(examples: Iterable[Example], kinds: Sequence[SlotKind]) -> list[Unread]:
    """What has no value among the slots of these examples, by name; the names that are read whole are left out."""
    own = OwnSlots(kinds)
    total: Counter[str] = Counter()
    missed: dict[str, Counter[tuple[str, str]]] = {}
    for example in examples:
        for name, value in frame_of(_annotation(example), clock=_CLOCK, own=own).others():
            total[name] += 1
            if value.value is None:
                missed.setdefault(name, Counter())[value.text, value.note or "one of several"] += 1
    return [
        Unread(name, total[name], texts.total(), [text for text, _ in texts.most_common(3)])
        for name, texts in missed.items()
    ]


def _annotation(example: Example) -> Annotation:
    """The slots that a person marked, as surely as can be."""
    spans = [(*char_span(example.tokens, start, end), name) for start, end, name in spans_of(example.tags)]
    slots = tuple([Slot(name, example.text[start:end], start, end, 1.0) for start, end, name in spans])
    return Annotation(example.text, example.tokens, example.tags, slots, None)
