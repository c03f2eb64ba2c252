"""How sure a value is, from how sure its slots are."""

from collections.abc import Iterable

from slotfill.schema import Slot


def confidence_of(slots: Iterable[Slot]) -> float:
    """The probability that a value of these slots rests on the right slots: that of the least sure one.

    (Whether all of them are right is less likely, but slots of one value are mostly right or wrong together.)
    """
    return min([slot.confidence for slot in slots])
