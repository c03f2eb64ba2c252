"""The rules of a turn in their order. docs/dialogue.md states them."""

import re
from collections import Counter
from collections.abc import Sequence

from slotfill.dialogue.choices import name_open, undecided
from slotfill.dialogue.draft import Draft, Heard
from slotfill.dialogue.exchanges import exchanged
from slotfill.dialogue.mentions import Mention, Ruled
from slotfill.dialogue.moving import move
from slotfill.dialogue.parts import kind_of
from slotfill.dialogue.placing import place_values
from slotfill.dialogue.removals import Removal, dropped, holders, named_removals
from slotfill.dialogue.shifts import shift_in
from slotfill.dialogue.state import State
from slotfill.dialogue.whole_trip import from_there, note_others, one_way, same, several_legs, start_over, swap
from slotfill.dialogue.words import SAME, START_OVER, SWAP
from slotfill.schema import Value

_ANSWER = re.compile(r"\W*no (?:on |at |the |in )*")
_OWN_WORDS = (START_OVER, SWAP, SAME)  # a tagger may take `around` of `the other way around` for a time


def take_turn(state: State, heard: Heard) -> Draft:
    """What a turn makes of a state."""
    draft = Draft(state, heard)
    start_over(draft)
    swap(draft)
    from_there(draft)
    shift = shift_in(heard.text, heard.words)
    own = [found.span() for pattern in _OWN_WORDS if heard.mentions and (found := pattern.search(heard.words))]
    own += [(shift.words.start, shift.words.end)] if shift else []
    mentions = [one for one in heard.mentions if not any(one.words.start < b and a < one.words.end for a, b in own)]
    mentions, ruled = _without_dropped(draft, mentions)
    mentions, replaced = exchanged(mentions, heard.words)
    ruled += replaced
    one_way(draft, mentions)
    _remove(draft, named_removals(heard.text, heard.words, draft.itinerary))
    if shift is None:
        several_legs(draft)
    held = [(part, one) for one in ruled for part in holders(draft.itinerary, one)]
    place_values(draft, mentions, [part for part, _ in held])
    _remove(draft, [Removal(part, one.words) for part, one in held if part not in draft.taken])
    if shift is not None:
        move(draft, shift)
    elif not mentions:
        name_open(draft)
    same(draft)
    note_others(draft)
    draft.put_in_order()
    return draft


def accept(draft: Draft, offers: Sequence[tuple[str, Value]]) -> None:
    """Take what the system offers, where the turn itself says nothing else."""
    taken = frozenset(draft.taken)
    kinds = Counter(kind_of(part) for part, _ in offers)
    for part, value in offers:
        kind = kind_of(part)
        if part in taken or any(kind_of(one) == kind and _is_value(draft, one, value) for one in taken):
            continue
        is_alone = kinds[kind] == 1 and part in ("departure.time", "arrival.time")
        meant = _meant(draft, part, value) if is_alone else part
        draft.put(part if meant in taken else meant, value, (), "accepted")


def _meant(draft: Draft, part: str, value: Value) -> str:
    """The part of an offered time without words of a leg: the one said last if it has this time, or may have it.

    After `back around 5`, `at 5 pm?` is about the return.
    """
    known = draft.itinerary.get(part)
    last = [one.part for one in draft.before.last("time")[:1]]
    if any(_is_value(draft, one, value) for one in last):
        return last[0]
    others = [one for one in undecided(draft.itinerary, "time") if value.value in _readings(draft, one)]
    is_free = part == "departure.time" and (known is None or known.value is not None)
    return others[0] if len(others) == 1 and is_free else part


def _is_value(draft: Draft, part: str, value: Value) -> bool:
    known = draft.itinerary.get(part)
    return known is not None and known.value is not None and known.value == value.value


def _readings(draft: Draft, part: str) -> tuple[object, ...]:
    known = draft.itinerary.get(part)
    return () if known is None else known.alternatives


def _remove(draft: Draft, removals: list[Removal]) -> None:
    for one in sorted(removals, key=lambda removal: removal.part, reverse=True):  # the last stop first
        draft.remove(one.part, (one.words,), "removal")


def _without_dropped(draft: Draft, mentions: list[Mention]) -> tuple[list[Mention], list[Ruled]]:
    """The values without those that `skip` or `forget` takes away, which are ruled out as those after a `not`.

    `no Monday` of a trip that is not on a Monday is an answer: no, on Monday.
    """
    heard = draft.heard
    drops = [one for one in mentions if dropped(heard.words, one)]
    answers = [one for one in drops if _ANSWER.fullmatch(heard.words[: one.words.start])]
    drops = [one for one in drops if one not in answers or holders(draft.itinerary, Ruled(one.kind, one.words))]
    ruled = [*heard.ruled, *(Ruled(one.kind, one.words) for one in drops)]
    return [one for one in mentions if one not in drops], ruled
