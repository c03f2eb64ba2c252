"""What passes between the floors: named tuples, which know no more than their own JSON; only the standard library.

A text becomes tokens; tokens with tags are an example; examples in splits are a data set.
What a tagger gives back is an annotation: slots and an intent over a text.
All offsets are half-open and count Unicode code points: `text[start:end]` is the piece meant.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple


class Token(NamedTuple):
    """A piece of text with its character span."""

    text: str
    start: int
    end: int


class Example(NamedTuple):
    """A sentence as a data set gives it: `tags` are IOB2, one for each token; no intent is None."""

    text: str
    tokens: tuple[Token, ...]
    tags: tuple[str, ...]
    intent: str | None = None


class Dataset(NamedTuple):
    """Named splits (`train`, `dev`, `test`, `hostile`; any may be absent) of examples."""

    name: str
    splits: Mapping[str, tuple[Example, ...]]


class Slot(NamedTuple):
    """A named span of the text; `confidence` is between 0 and 1."""

    name: str
    text: str
    start: int
    end: int
    confidence: float


class Intent(NamedTuple):
    """What the sentence as a whole asks for; `confidence` is between 0 and 1."""

    name: str
    confidence: float


class Annotation(NamedTuple):
    """What the tagger says of one text. `tags` are IOB2, one for each token."""

    text: str
    tokens: tuple[Token, ...]
    tags: tuple[str, ...]
    slots: tuple[Slot, ...]
    intent: Intent | None
    frame: "Frame | None" = None  # None: not resolved

    def to_dict(self) -> dict[str, Any]:
        """The JSON of one text, its keys in the order of the contract."""
        intent = self.intent
        found = {
            "text": self.text,
            "intent": None if intent is None else {"name": intent.name, "confidence": round(intent.confidence, 4)},
            "slots": [
                {"name": s.name, "text": s.text, "start": s.start, "end": s.end, "confidence": round(s.confidence, 4)}
                for s in self.slots
            ],
        }
        if self.frame is not None:
            found["frame"] = self.frame.to_dict()
        return found


class Alternative(NamedTuple):
    """Another place that the same words may mean."""

    kind: str | None  # only where it is not that of the value
    value: str
    country: str | None = None
    region: str | None = None
    airports: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Only what is known."""
        known = self._asdict() | {"airports": list(self.airports)}
        return {key: given for key, given in known.items() if given}


class Value(NamedTuple):
    """What some slots mean together: a date, a time or a place. What is not known is None or empty.

    `text` holds the slots and every other word that counted (`next week`, of which only `next` is a slot).
    Dates are `YYYY-MM-DD`, times `HH:MM`; `to` is the other end of a range, and a time `to` that is not after
    `value` is on the next day. docs/values.md has all the rules.
    """

    text: str
    kind: str  # date, time; city, airport, state, country
    value: str | None  # None: not understood, or more than one reading
    slots: tuple[int, ...]  # indices into the annotation's slots
    grain: str | None = None  # minute, day, week, month, year
    to: str | None = None
    relation: str | None = None  # before, after, around
    country: str | None = None  # ISO 3166-1, two letters
    region: str | None = None
    airports: tuple[str, ...] = ()  # IATA codes
    alternatives: tuple[str | Alternative, ...] = ()  # all readings in order
    corrected: bool = False  # a spelling slip was mended
    note: str | None = None  # why there is no value, or what else it might have been

    def to_dict(self) -> dict[str, Any]:
        """The JSON of one value: `text`, `kind`, `value`, then only what is known, `slots` last."""
        known = {
            "grain": self.grain,
            "to": self.to,
            "relation": self.relation,
            "country": self.country,
            "region": self.region,
            "airports": list(self.airports),
            "alternatives": [one if isinstance(one, str) else one.to_dict() for one in self.alternatives],
            "corrected": self.corrected,
            "note": self.note,
        }
        head: dict[str, Any] = {"text": self.text, "kind": self.kind, "value": self.value}
        return head | {key: given for key, given in known.items() if given} | {"slots": list(self.slots)}


class Frame(NamedTuple):
    """What a sentence asks for. Each leg has `place`, `date` and `time` as far as the sentence gives them."""

    departure: Mapping[str, Value]
    arrival: Mapping[str, Value]
    return_: Mapping[str, Value]
    stops: tuple[Mapping[str, Value], ...]
    other: Mapping[str, Any]  # name -> text or number, or a list of them

    def to_dict(self) -> dict[str, Any]:
        """The JSON of the frame, with only the keys that the sentence has."""
        legs = {"departure": self.departure, "arrival": self.arrival, "return": self.return_}
        frame: dict[str, Any] = {
            name: {part: value.to_dict() for part, value in leg.items()} for name, leg in legs.items() if leg
        }
        if self.stops:
            frame["stops"] = [{part: value.to_dict() for part, value in stop.items()} for stop in self.stops]
        if self.other:
            frame["other"] = dict(self.other)
        return frame
