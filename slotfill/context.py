"""The state of a conversation as it comes from outside, in a file or a request -> the dialogue that goes on from it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from slotfill.dialogue import Dialogue
from slotfill.dialogue.talk import Labels
from slotfill.errors import InputError


class UnfitContext(InputError):  # noqa: N818
    """A context is not the state of a conversation."""


def dialogue_of(
    tagger: Labels, context: object, *, now: datetime | str | None = None, date_order: str | None = None
) -> Dialogue:
    """The dialogue whose `to_dict` gave `context`; with None or {} a new one. UnfitContext if it is anything else.

    A clock or an order of dates that is given stays from then on; None leaves those of the conversation.

    >>> import slotfill
    >>> dialogue = dialogue_of(slotfill.load(), {}, now="2026-11-20T09:00")
    >>> dialogue.say("to Lima tomorrow").itinerary.departure.date.value
    '2026-11-21'
    >>> dialogue_of(slotfill.load(), dialogue.to_dict()).itinerary.arrival.place.value
    'Lima'
    """
    begun = Dialogue.begin(tagger, now=now, date_order=date_order or "mdy")
    if context is None or context == {}:
        return begun
    try:
        dialogue = Dialogue.from_dict(tagger, context)
    except InputError as error:
        raise UnfitContext(f"{error}; {{}} begins a conversation") from None
    except RecursionError:
        raise UnfitContext("not a state of a dialogue: it is nested too deeply; {} begins a conversation") from None
    if now is not None:
        dialogue.state = dialogue.state.replace(now=begun.state.now)
    if date_order is not None:
        dialogue.state = dialogue.state.replace(date_order=date_order)
    return dialogue


def next_turn(
    tagger: Labels,
    text: str,
    context: object,
    *,
    asked: str | Sequence[str] | None = None,
    heard: str | None = None,
    now: datetime | str | None = None,
    date_order: str | None = None,
) -> dict[str, Any]:
    """The JSON of a turn on a context, with the context after it: the keys of `Turn.to_dict`, and `context`.

    >>> import slotfill
    >>> turn = next_turn(slotfill.load(), "Denver", {}, asked="departure.place")
    >>> [change["part"] for change in turn["changes"]], turn["context"]["turns"]
    (['departure.place'], 1)
    """
    dialogue = dialogue_of(tagger, context, now=now, date_order=date_order)
    turn = dialogue.say(text, asked=asked, heard=heard)
    return turn.to_dict() | {"context": dialogue.to_dict()}
