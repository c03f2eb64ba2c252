"""Which part a value is for, if the sentence does not name it."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from slotfill.dialogue.mentions import Mention
from slotfill.dialogue.parts import Itinerary, kind_of
from slotfill.dialogue.removals import is_same
from slotfill.dialogue.state import Said
from slotfill.schema import PlaceValue

ENDS = ("departure.place", "arrival.place")


class Target(NamedTuple):
    """The part that a value is for, and by which rule; no part if it stays open, with the parts that it may be for."""

    part: str | None
    rule: str
    readings: tuple[str, ...] = ()


class Context(NamedTuple):
    """What decides about a value without a role, in one turn."""

    itinerary: Itinerary
    asked: Sequence[str]
    said: Sequence[Said]  # before this turn, the last one first
    taken: Collection[str]  # parts that this turn has said already
    ruled: Sequence[str]  # parts whose value this turn rules out
    is_correction: bool
    is_addition: bool
    is_alternative: bool
    is_bare: bool  # the turn says nothing but its values
    is_return_awaited: bool


def target_of(mention: Mention, context: Context, *, of_its_kind: int) -> Target:
    """The part of a value; `of_its_kind` values of its kind without a role are in the turn from this one on."""
    labelled = f"{mention.leg}.{mention.kind}"
    if mention.is_named:
        return Target("stops" if mention.leg == "stops" else labelled, "named")
    ruled = [part for part in context.ruled if kind_of(part) == mention.kind and part not in context.taken]
    if len(ruled) == 1:
        return Target(ruled[0], "correction")
    if target := _asked(mention, context, of_its_kind):
        return target
    if context.is_alternative and (last := _last(mention.kind, context)):
        return Target(last, "addition")
    if context.is_correction and (target := _corrected(mention, context)):
        return target
    if mention.leg != "open" and not context.is_bare and labelled not in context.taken:
        return Target("stops" if mention.leg == "stops" else labelled, "said")
    return _open(mention, context)


def _asked(mention: Mention, context: Context, of_its_kind: int) -> Target | None:
    """The part of this kind that was asked for; of several the one without a value, or in order if all are answered."""
    asked = [part for part in context.asked if kind_of(part) == mention.kind and part not in context.taken]
    if not asked:
        return None
    if mention.leg != "open" and f"{mention.leg}.{mention.kind}" in asked and not context.is_bare:
        return Target(f"{mention.leg}.{mention.kind}", "asked")
    if len(asked) == 1 or of_its_kind == len(asked):
        return Target(asked[0], "asked")
    unknown = [part for part in asked if context.itinerary.get(part) is None]
    if len(unknown) == 1:
        return Target(unknown[0], "asked")
    if mention.leg != "open" and not context.is_bare:
        return None
    if mention.kind != "place" and asked[0].startswith("departure"):
        return Target(asked[0], "asked")  # the first date of `when do you leave, and when are you back?`
    return Target(None, "open", tuple(asked))


def _last(kind: str, context: Context) -> str | None:
    return next(
        (one.part for one in context.said if kind_of(one.part) == kind and context.itinerary.get(one.part)), None
    )


def _corrected(mention: Mention, context: Context) -> Target | None:
    """The part that a correction is for: that of the same name, or the one said last."""
    if isinstance(mention.value, PlaceValue):
        named = [part for part in context.itinerary.parts("place") if _is_homonym(mention.value, context, part)]
        if len(named) == 1:
            return Target(named[0], "correction")
    said = [one for one in context.said if kind_of(one.part) == mention.kind and context.itinerary.get(one.part)]
    if not said or said[0].part in context.taken:
        return None
    first, others = said[0], said[1:]
    if first.part == "departure.place" and any(one == Said("arrival.place", first.turn) for one in others):
        return Target(None, "open", ENDS)  # to Lima from Boston; make it Quito
    return Target(first.part, "correction")


def _is_homonym(place: PlaceValue, context: Context, part: str) -> bool:
    """Say whether a place has the name of the one that is known: San Jose, Costa Rica, for San Jose."""
    return is_same(context.itinerary.get(part), place.text.partition(",")[0])


def _open(mention: Mention, context: Context) -> Target:
    """The only part of this kind without a value; if there are several or none, the value stays open."""
    itinerary = context.itinerary
    same = [part for part in itinerary.parts(mention.kind) if is_same(itinerary.get(part), mention.words.text)]
    if len(same) == 1 and same[0] not in context.taken:
        return Target(same[0], "same")
    if mention.kind == "place":
        unknown = [part for part in ENDS if itinerary.get(part) is None and part not in context.taken]
        if len(unknown) == 1:
            return Target(unknown[0], "only open part")
        if not unknown and context.is_addition:
            return Target("stops", "addition")
        return Target(None, "open", tuple(unknown) or ENDS)
    parts = [f"{leg}.{mention.kind}" for leg in ("departure", "return")]
    if itinerary.get(parts[0]) is None and parts[0] not in context.taken:
        return Target(parts[0], "only open part")
    if context.is_return_awaited and itinerary.get(parts[1]) is None and parts[1] not in context.taken:
        return Target(parts[1], "only open part")
    return Target(None, "open", tuple(parts))
