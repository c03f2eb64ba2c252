"""The data and the results, and their form as dictionaries and JSON. Only the standard library.

A text becomes tokens; tokens with tags are an example; examples in splits are a data set. A tagger returns an
annotation: slots and an intent over a text, and a frame with the values of the slots.
All offsets are half-open and count Unicode code points: `text[start:end]` is the piece.

Results are structs (slotfill/structs.py), so that a new field breaks no unpacking and a slot never equals a bare tuple.
Tokens are not frozen, because they are made by the million. Data sets (`Example`, `Dataset`) are named tuples: readers
make them by the hundred thousand, and a named tuple takes half the time. `to_dict` and `to_json` define the JSON;
`slotfill/json_lines.py` writes the same faster.
"""

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, TypeAlias

from slotfill.intents import parts_of
from slotfill.structs import Struct, made

if TYPE_CHECKING:
    from datetime import datetime

# --- text and data ---------------------------------------------------------------------------------


# Not frozen: that would treble the cost of a token, and add 3 % to tagging in bulk.
class Token(Struct, frozen=False):
    """A piece of text with its character span.

    >>> Token("Taipei", 7, 13).text
    'Taipei'
    """

    text: str
    start: int
    end: int


class GoldValues(Struct):
    """The values that a person reads in a sentence at the local time `clock`: parts of the frame, each with its value.

    Places are given by `value`, ranges are ISO 8601 intervals, None means that a person cannot tell. A part that is not
    there has no value; only `open.place` may be there several times.

    >>> from datetime import datetime
    >>> values = GoldValues(datetime(2026, 11, 18, 9), (("departure.date", "2026-11-20"), ("arrival.time", None)))
    >>> dict(values.parts)["departure.date"]
    '2026-11-20'
    """

    clock: "datetime"
    parts: tuple[tuple[str, str | None], ...] = ()


class Example(NamedTuple):
    """A sentence of a data set: `tags` are IOB2, one for each token; `intent` is None if it has none.

    `values` are those that a person reads in it, if somebody has written them down.

    >>> Example("to Taipei", (Token("to", 0, 2), Token("Taipei", 3, 9)), ("O", "B-toloc.city_name")).tags
    ('O', 'B-toloc.city_name')
    """

    text: str
    tokens: tuple[Token, ...]
    tags: tuple[str, ...]
    intent: str | None = None
    values: GoldValues | None = None


class Dataset(NamedTuple):
    """Examples in named splits: `train`, `dev`, `test` and others, any of which may be absent.

    >>> Dataset("mine", {"train": (Example("hello", (Token("hello", 0, 5),), ("O",)),)}).splits["train"][0].text
    'hello'
    """

    name: str
    splits: Mapping[str, tuple[Example, ...]]


# --- slots -----------------------------------------------------------------------------------------


class Slot(Struct):
    """A named span of the text; `confidence` is between 0 and 1.

    >>> slot = Slot("toloc.city_name", "Taipei", 7, 13, 0.9988)
    >>> "arrive Taipei"[slot.start : slot.end]
    'Taipei'
    """

    name: str
    text: str
    start: int
    end: int
    confidence: float

    def to_dict(self) -> dict[str, Any]:
        """The JSON of one slot."""
        return {
            "name": self.name,
            "text": self.text,
            "start": self.start,
            "end": self.end,
            "confidence": round(self.confidence, 4),
        }


class Intent(Struct):
    """The purpose of the whole sentence; `confidence` is between 0 and 1.

    >>> Intent("flight", 0.99996).to_dict()
    {'name': 'flight', 'confidence': 1.0}
    """

    name: str
    confidence: float

    @property
    def names(self) -> tuple[str, ...]:
        """The intents of a set, or the only one.

        >>> Intent("flight#airfare", 0.9).names
        ('flight', 'airfare')
        """
        return parts_of(self.name)

    def to_dict(self) -> dict[str, Any]:
        """The JSON of an intent."""
        return {"name": self.name, "confidence": round(self.confidence, 4)}


# --- values ----------------------------------------------------------------------------------------
# In all of them `text` spans the slots and all other tokens that counted (`next week`, of which only `next` is a slot),
# `slots` are indices into the annotation's slots, and `value` is None if the text was not understood or has more than
# one reading. `confidence` is between 0 and 1: how likely it is that the value rests on the right slots.
# docs/values.md has the rules.


class _Moment(Struct):
    """The fields of a date and of a time."""

    kind: ClassVar[str]

    text: str
    value: str | None
    slots: tuple[int, ...]
    grain: str | None = None  # day, week, month or year; of a time minute
    to: str | None = None
    relation: str | None = None  # before, after, around
    offset: str | None = None  # from UTC, of a time that is counted from a clock with one: +08:00
    alternatives: tuple[str, ...] = ()  # all readings in order
    note: str | None = None  # why there is no value, or what else it might have been
    confidence: float = 1.0

    def to_dict(self) -> dict[str, Any]:
        """The JSON of one value: `text`, `kind`, `value`, `confidence`, then only what is known, `slots` last."""
        return _dict_of(
            self,
            grain=self.grain,
            to=self.to,
            relation=self.relation,
            offset=self.offset,
            alternatives=list(self.alternatives),
            note=self.note,
        )


class DateValue(_Moment):
    """A date, `YYYY-MM-DD`; `to` is the last day of a range.

    >>> DateValue("November 2nd", "2027-11-02", (1, 2), grain="day")
    DateValue(text='November 2nd', value='2027-11-02', slots=(1, 2), grain='day')
    """

    kind = "date"


class TimeValue(_Moment):
    """A time of day, `HH:MM`; a `to` that is not after `value` is on the next day.

    >>> TimeValue("at 6", None, (0,), alternatives=("06:00", "18:00")).alternatives
    ('06:00', '18:00')
    """

    kind = "time"


class Alternative(Struct):
    """A place that the sentence names too, or another place of the same name.

    >>> Alternative("city", "Portland", country="US", region="Maine", airports=("PWM",)).region
    'Maine'
    """

    kind: str  # city, airport, state, country, venue
    value: str
    country: str | None = None
    region: str | None = None
    airports: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The JSON of an alternative: `kind` and `value`, then only what is known."""
        known = {"country": self.country, "region": self.region, "airports": list(self.airports)}
        return {"kind": self.kind, "value": self.value} | _without_empty(known)


class PlaceValue(Struct):
    """A city, an airport, a state, a country or a venue; the value of an airport is its IATA code.

    >>> PlaceValue("Taipei", "city", "Taipei", (0,), country="TW", airports=("TPE", "TSA")).airports
    ('TPE', 'TSA')
    """

    text: str
    kind: str  # city, airport, state, country, venue
    value: str | None
    slots: tuple[int, ...]
    country: str | None = None  # ISO 3166-1, two letters
    region: str | None = None
    airports: tuple[str, ...] = ()  # IATA codes, the biggest first
    alternatives: tuple[Alternative, ...] = ()  # all that the sentence names, in order; empty if it is one
    homonyms: tuple[Alternative, ...] = ()  # other places of these names, the likeliest first
    corrected: bool = False  # a typo was corrected
    note: str | None = None  # why there is no value, or what was left out
    confidence: float = 1.0

    def to_dict(self) -> dict[str, Any]:
        """The JSON of one value: `text`, `kind`, `value`, `confidence`, then only what is known, `slots` last."""
        return _dict_of(
            self,
            country=self.country,
            region=self.region,
            airports=list(self.airports),
            alternatives=self._others(self.alternatives),
            homonyms=self._others(self.homonyms),
            corrected=self.corrected,
            note=self.note,
        )

    def _others(self, places: tuple[Alternative, ...]) -> list[dict[str, Any]]:
        kind = ("kind", self.kind)  # a place of the same kind does not repeat it
        return [dict(item for item in one.to_dict().items() if item != kind) for one in places]


class SlotValue(Struct):
    """A value of a slot of one's own that is no date, time or place (docs/own-slots.md has the kinds).

    `value` is a number of a number and of money, ISO 8601 of a duration (`P3D`) and of a date with a time, and one of
    the list of a list.

    >>> SlotValue("$80", "money", 80, (0,), currency="USD").to_dict()
    {'text': '$80', 'kind': 'money', 'value': 80, 'confidence': 1.0, 'currency': 'USD', 'slots': [0]}
    """

    text: str
    kind: str  # datetime, number, money, duration, list, text
    value: str | int | float | None
    slots: tuple[int, ...]
    currency: str | None = None  # ISO 4217
    grain: str | None = None  # of a datetime: minute or day
    to: str | int | float | None = None  # the end of a range
    relation: str | None = None  # before, after, around, at least, at most, more than, less than
    alternatives: tuple[str | int | float, ...] = ()  # all readings in order
    note: str | None = None  # why there is no value, or what else it might have been
    confidence: float = 1.0

    def to_dict(self) -> dict[str, Any]:
        """The JSON of one value: `text`, `kind`, `value`, `confidence`, then only what is known, `slots` last."""
        return _dict_of(
            self,
            currency=self.currency,
            grain=self.grain,
            to=self.to,
            relation=self.relation,
            alternatives=list(self.alternatives),
            note=self.note,
        )


Value: TypeAlias = DateValue | TimeValue | PlaceValue
OwnValue: TypeAlias = DateValue | TimeValue | PlaceValue | SlotValue
_One: TypeAlias = str | int | OwnValue
Other: TypeAlias = _One | list[_One]


def _dict_of(value: "_Moment | PlaceValue | SlotValue", **details: Any) -> dict[str, Any]:
    head: dict[str, Any] = {"text": value.text, "kind": value.kind, "value": value.value}
    head["confidence"] = round(value.confidence, 4)
    return head | _without_empty(details) | {"slots": list(value.slots)}


def _without_empty(details: Mapping[str, Any]) -> dict[str, Any]:
    return {key: content for key, content in details.items() if content}


def _other_dict(content: Other) -> Any:
    if isinstance(content, list):
        return [_other_dict(one) for one in content]
    return content if isinstance(content, str | int) else content.to_dict()


# --- frames ----------------------------------------------------------------------------------------


class Leg(Struct):
    """The departure, the arrival, the return, a stop or an open place; None for what the sentence does not say.

    An empty leg is false.

    >>> bool(Leg())
    False
    """

    place: PlaceValue | None = None
    date: DateValue | None = None
    time: TimeValue | None = None

    def __bool__(self) -> bool:
        return bool(self.place or self.date or self.time)

    def items(self) -> Iterator[tuple[str, Value]]:
        """The values that are there, each with its name: `place`, `date`, `time`."""
        if self.place:
            yield "place", self.place
        if self.date:
            yield "date", self.date
        if self.time:
            yield "time", self.time

    def to_dict(self) -> dict[str, Any]:
        """The JSON of a leg, with only the values that are there."""
        return {name: value.to_dict() for name, value in self.items()}


class Frame(Struct):
    """The values of a sentence.

    `open` has the places without a direction (`Denver please`). `other` has the text or number of each slot that
    belongs to nothing else, or its value if the model knows of what kind it is, or a list of them. `legs` is empty
    unless the trip has more than one (`Oslo to Rome, then on to Paris`): each is a frame with the departure, the
    arrival and the stops of that leg.

    >>> Frame(arrival=Leg(time=TimeValue("noon", "12:00", (0,)))).to_dict()
    {'arrival': {'time': {'text': 'noon', 'kind': 'time', 'value': '12:00', 'confidence': 1.0, 'slots': [0]}}}
    """

    departure: Leg = Leg()
    arrival: Leg = Leg()
    return_: Leg = Leg()
    stops: tuple[Leg, ...] = ()
    open: tuple[Leg, ...] = ()
    other: Mapping[str, Other] = made(default_factory=dict)
    legs: "tuple[Frame, ...]" = ()

    def items(self) -> Iterator[tuple[str, Leg]]:
        """What is there, by name: `departure`, `arrival` and `return` unless empty, each `stop`, each `open` place."""
        named = (("departure", self.departure), ("arrival", self.arrival), ("return", self.return_))
        yield from ((name, leg) for name, leg in named if leg)
        yield from (("stop", stop) for stop in self.stops)
        yield from (("open", leg) for leg in self.open)

    def others(self) -> Iterator[tuple[str, OwnValue]]:
        """Each value in `other` with its name; texts and numbers that are no values are left out."""
        for name, content in self.other.items():
            for one in content if isinstance(content, list) else [content]:
                if not isinstance(one, str | int):
                    yield name, one

    def to_dict(self) -> dict[str, Any]:
        """The JSON of the frame, with only the keys that have content."""
        frame: dict[str, Any] = {name: leg.to_dict() for name, leg in self.items() if name not in ("stop", "open")}
        if self.stops:
            frame["stops"] = [stop.to_dict() for stop in self.stops]
        if self.open:
            frame["open"] = [leg.to_dict() for leg in self.open]
        if self.other:
            frame["other"] = {name: _other_dict(content) for name, content in self.other.items()}
        if self.legs:
            frame["legs"] = [leg.to_dict() for leg in self.legs]
        return frame


# --- the whole -------------------------------------------------------------------------------------


class Annotation(Struct):
    """The result of tagging one text. `tags` are IOB2, one for each token; until it is resolved, `frame` is empty.

    `note` says why there are no slots: a language or a script that the model has not learnt.
    A notebook shows it as a coloured sentence.

    >>> tokens = (Token("to", 0, 2), Token("Taipei", 3, 9))
    >>> Annotation("to Taipei", tokens, ("O", "B-toloc"), (Slot("toloc", "Taipei", 3, 9, 0.9),), Intent("flight", 0.8))
    Annotation('to [Taipei](toloc)', intent='flight')
    """

    text: str
    tokens: tuple[Token, ...]
    tags: tuple[str, ...]
    slots: tuple[Slot, ...]
    intent: Intent | None
    frame: Frame = made(default_factory=Frame)  # one each: its `other` is a dictionary
    note: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """The JSON of one text: `text`, `intent`, `slots`, `frame`, and `note` if there is one."""
        found = {
            "text": self.text,
            "intent": None if self.intent is None else self.intent.to_dict(),
            "slots": [slot.to_dict() for slot in self.slots],
            "frame": self.frame.to_dict(),
        }
        return found | {"note": self.note} if self.note else found

    def to_json(self) -> str:
        """`to_dict` as one line of JSON, without a line end."""
        return one_line(self.to_dict())

    def __repr__(self) -> str:
        from slotfill.display import short

        intent = f", intent={self.intent.name!r}" if self.intent else ""
        return f"{type(self).__name__}({short(self.text, self._spans())}{intent})"

    def _repr_html_(self) -> str:
        """The sentence in colour, for a notebook."""
        from slotfill.display import html

        return html(self.text, self._spans(), intent=self.intent.name if self.intent else None)

    def _spans(self) -> list[tuple[int, int, str]]:
        return [(slot.start, slot.end, slot.name) for slot in self.slots]


def one_line(content: Any) -> str:
    """JSON in one line, even for readers that break lines at U+2028.

    >>> one_line({"text": "Zürich"})
    '{"text": "Zürich"}'
    """
    line = json.dumps(content, ensure_ascii=False)
    for sign, escaped in LINE_ENDS:
        line = line.replace(sign, escaped)
    return line


# JSON need not escape these, but many readers break lines at them.
LINE_ENDS = [(sign, f"\\u{ord(sign):04x}") for sign in "\x85\u2028\u2029"]
