"""An itinerary while a turn changes it, and what has been changed so far."""

from datetime import date
from typing import NamedTuple

from slotfill.dialogue.changes import Change, Words
from slotfill.dialogue.mentions import Mention, Ruled
from slotfill.dialogue.parts import Itinerary
from slotfill.dialogue.sentences import Sentences
from slotfill.dialogue.state import Said, State, kept
from slotfill.schema import PlaceValue, Value


class Heard(NamedTuple):
    """What a turn is read with."""

    sentences: Sentences
    mentions: list[Mention]
    ruled: list[Ruled]
    asked: tuple[str, ...]
    today: date
    confidence: float

    @property
    def words(self) -> str:
        """The text in plain letters."""
        return self.sentences.words

    @property
    def text(self) -> str:
        """The text as it came."""
        return self.sentences.annotation.text


class Draft:
    """The itinerary after some of a turn."""

    def __init__(self, state: State, heard: Heard) -> None:
        self.before = state
        self.heard = heard
        self.itinerary = Itinerary(state.itinerary)
        self.said = [*state.said]
        self.turn = state.turns + 1
        self.changes: list[Change] = []
        self.notes: list[str] = []
        self.taken: set[str] = set()  # the parts that this turn has said

    def state(self) -> State:
        """The state after the turn."""
        return self.before.replace(itinerary=self.itinerary.frame(), said=tuple(self.said), turns=self.turn)

    def put(self, part: str, value: Value, words: tuple[Words, ...], rule: str, action: str = "") -> None:
        """Give a part a value, and note the change and that it was said."""
        value = kept(value)
        known = self.itinerary.get(part)
        action = action or ("set" if known is None else "confirm" if means(known) == means(value) else "replace")
        if action != "confirm":
            self.itinerary.put(part, value)
        else:
            value = known or value
        self.changes.append(Change(part, action, known, value, words, rule))
        self._note_said(part)

    def remove(self, part: str, words: tuple[Words, ...], rule: str) -> None:
        """Take the value of a part away."""
        known = self.itinerary.get(part)
        if known is not None:
            self.itinerary.put(part, None)
            self.changes.append(Change(part, "remove", known, None, words, rule))
            self.said = [one for one in self.said if one.part != part]

    def _note_said(self, part: str) -> None:
        self.taken.add(part)
        self.said = [one for one in self.said if one.part != part] + [Said(part, self.turn)]

    def put_in_order(self) -> None:
        """Changes, and the parts that were said, in the order of their words."""
        at = {change.part: change.because[-1].start for change in self.changes if change.because}
        self.changes.sort(key=lambda change: change.because[-1].start if change.because else 0)
        self.said.sort(key=lambda one: (one.turn, at.get(one.part, 0)))

    def cut(self, start: int, end: int) -> Words:
        """The words of the turn from one place to another."""
        return Words(self.heard.text[start:end], start, end)


def means(value: Value) -> tuple[object, ...]:
    """What a value means, whatever the words."""
    if isinstance(value, PlaceValue):
        return value.kind, value.value or value.text, value.country, value.region
    return value.value or value.text, value.to, value.relation, value.grain, value.alternatives
