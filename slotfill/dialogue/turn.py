"""The rules of a turn in their order. docs/dialogue.md states them."""

from collections.abc import Sequence

from slotfill.dialogue.draft import Draft, Heard
from slotfill.dialogue.exchanges import exchanged
from slotfill.dialogue.mentions import Mention, Ruled
from slotfill.dialogue.moving import move
from slotfill.dialogue.placing import place_values
from slotfill.dialogue.removals import Removal, dropped, holders, named_removals
from slotfill.dialogue.shifts import shift_in
from slotfill.dialogue.state import State
from slotfill.dialogue.whole_trip import from_there, note_others, one_way, same, several_legs, start_over, swap
from slotfill.dialogue.words import SAME, START_OVER, SWAP
from slotfill.schema import Value

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
    mentions, ruled = _without_dropped(heard, mentions)
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
    same(draft)
    note_others(draft)
    draft.put_in_order()
    return draft


def accept(draft: Draft, offers: Sequence[tuple[str, Value]]) -> None:
    """Take what the system offers, where the turn itself says nothing else."""
    taken = frozenset(draft.taken)
    for part, value in offers:
        if part not in taken:
            draft.put(part, value, (), "accepted")


def _remove(draft: Draft, removals: list[Removal]) -> None:
    for one in sorted(removals, key=lambda removal: removal.part, reverse=True):  # the last stop first
        draft.remove(one.part, (one.words,), "removal")


def _without_dropped(heard: Heard, mentions: list[Mention]) -> tuple[list[Mention], list[Ruled]]:
    """The values without those that `skip` or `forget` takes away, which are ruled out as those after a `not`."""
    drops = [one for one in mentions if dropped(heard.words, one)]
    ruled = [*heard.ruled, *(Ruled(one.kind, one.words) for one in drops)]
    return [one for one in mentions if one not in drops], ruled
