"""The state of a conversation as it comes from outside, in a file or a request -> the dialogue that goes on from it."""

from datetime import datetime

from slotfill.dialogue import Dialogue
from slotfill.dialogue.talk import Labels


def dialogue_of(
    tagger: Labels, context: object, *, now: datetime | str | None = None, date_order: str | None = None
) -> Dialogue:
    """The dialogue whose `to_dict` gave `context`; with None or {} a new one. InputError if it is anything else.

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
    dialogue = Dialogue.from_dict(tagger, context)
    if now is not None:
        dialogue.state = dialogue.state.replace(now=begun.state.now)
    if date_order is not None:
        dialogue.state = dialogue.state.replace(date_order=date_order)
    return dialogue
