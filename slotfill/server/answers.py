"""The JSON of answers, as OpenAPI describes it. Nothing is built from these types: `json_lines` writes the JSON.

A key that may be absent is `NotRequired`; a key whose value may be null says so. A test holds real answers against
them.
"""

from typing import Annotated, Any, Literal, NotRequired

from pydantic import Field
from typing_extensions import TypedDict  # pydantic cannot use that of Python 3.11

from slotfill.server.limits import MAX_BODY

Confidence = Annotated[float, Field(ge=0, le=1, description="From 0 to 1: how likely it is right.")]
Start = Annotated[int, Field(ge=0, description="Where it begins in the text, in Unicode code points.")]
End = Annotated[int, Field(ge=0, description="Where it ends: the first code point after it.")]
Slots = Annotated[list[int], Field(description="Indices of the slots that the value was made from.")]
Note = Annotated[str, Field(description="Why there is no value, or what else it might have been.")]
Airports = Annotated[list[str], Field(description="IATA codes, the biggest airport first.")]
Country = Annotated[str, Field(description="ISO 3166-1, two letters.")]
PlaceKind = Literal["city", "airport", "state", "country", "venue"]


class Slot(TypedDict):
    """A named span of the text."""

    name: Annotated[str, Field(examples=["toloc.city_name"])]
    text: str
    start: Start
    end: End
    confidence: Confidence


class Intent(TypedDict):
    """What the sentence asks for."""

    name: Annotated[str, Field(examples=["flight"])]
    confidence: Confidence


class _Moment(TypedDict):
    text: str
    confidence: Confidence
    to: NotRequired[Annotated[str, Field(description="The end of a range.")]]
    relation: NotRequired[Literal["before", "after", "around"]]
    offset: NotRequired[
        Annotated[
            str, Field(description="From UTC, if `now` has one and the time counts from it.", examples=["+08:00"])
        ]
    ]
    alternatives: NotRequired[Annotated[list[str], Field(description="All readings, in the order of the text.")]]
    note: NotRequired[Note]
    slots: Slots


class DateValue(_Moment):
    """A day, or the first day of a range."""

    kind: Literal["date"]
    value: Annotated[str | None, Field(description="YYYY-MM-DD.", examples=["2027-11-02"])]
    grain: NotRequired[Literal["day", "week", "month", "year"]]


class TimeValue(_Moment):
    """A time of day, or the start of a range; a `to` that is not after `value` is on the next day."""

    kind: Literal["time"]
    value: Annotated[str | None, Field(description="HH:MM.", examples=["18:30"])]
    grain: NotRequired[Literal["minute"]]


class PlaceAlternative(TypedDict):
    """A place that the sentence names too, or another place of the same name."""

    kind: NotRequired[Annotated[PlaceKind, Field(description="Absent if it is that of the value.")]]
    value: str
    country: NotRequired[Country]
    region: NotRequired[str]
    airports: NotRequired[Airports]


class PlaceValue(TypedDict):
    """A city, an airport, a state, a country or a venue."""

    text: str
    kind: PlaceKind
    value: Annotated[str | None, Field(description="The name; of an airport its IATA code.", examples=["Taipei"])]
    confidence: Confidence
    country: NotRequired[Country]
    region: NotRequired[str]
    airports: NotRequired[Airports]
    alternatives: NotRequired[
        Annotated[
            list[PlaceAlternative], Field(description="All places that the sentence names, if there are several.")
        ]
    ]
    homonyms: NotRequired[
        Annotated[list[PlaceAlternative], Field(description="Other places of these names, the likeliest first.")]
    ]
    corrected: NotRequired[Annotated[Literal[True], Field(description="A typo in the name was corrected.")]]
    note: NotRequired[Note]
    slots: Slots


class Leg(TypedDict):
    """What the sentence says of one end of the trip."""

    place: NotRequired[PlaceValue]
    date: NotRequired[DateValue]
    time: NotRequired[TimeValue]


Frame = TypedDict(  # `return` cannot be written in a class
    "Frame",
    {
        "departure": NotRequired[Leg],
        "arrival": NotRequired[Leg],
        "return": NotRequired[Leg],
        "stops": NotRequired[list[Leg]],
        "open": NotRequired[Annotated[list[Leg], Field(description="Places without a direction.")]],
        "other": NotRequired[
            Annotated[dict[str, str | int | list[str | int]], Field(description="The slots that belong to no leg.")]
        ],
        "legs": NotRequired[
            Annotated[
                list["Frame"], Field(description="The legs, if the trip has several; the rest is then of the first.")
            ]
        ],
    },
)
Frame.__doc__ = "The values of a sentence: only the keys that it needs."


class Annotation(TypedDict):
    """One text, labelled."""

    text: str
    intent: Annotated[Intent | None, Field(description="Null for a text without words.")]
    slots: list[Slot]
    frame: Frame
    note: NotRequired[
        Annotated[
            str, Field(description="Why there are no slots: a language or a script that the model has not learnt.")
        ]
    ]


class Words(TypedDict):
    """Words of the text."""

    text: str
    start: Start
    end: End


Value = PlaceValue | DateValue | TimeValue
_Content = Value | dict[str, Any] | str | int | list[Any] | None
Part = Annotated[str, Field(description="The path of a part.", examples=["departure.date"])]
Change = TypedDict(  # `from` cannot be written in a class
    "Change",
    {
        "part": Part,
        "action": Literal["set", "replace", "shift", "remove", "confirm"],
        "from": Annotated[_Content, Field(description="Its value before; null if it had none.")],
        "to": Annotated[_Content, Field(description="Its value now; null if it has none.")],
        "because": Annotated[list[Words], Field(description="Empty where the system's words say it (`heard`).")],
        "rule": Annotated[str, Field(description="A rule of docs/dialogue.md.", examples=["named"])],
        "readings": NotRequired[Annotated[list[str], Field(description="The parts that an open value may be for.")]],
    },
)
Change.__doc__ = "What a turn did to one part of the itinerary."


class Turn(Annotation):
    """One text as the next turn of a conversation."""

    asked: Annotated[list[str], Field(description="The parts that the turn could answer, as given or as heard.")]
    changes: list[Change]
    notes: Annotated[list[str], Field(description="What could not be done.")]
    itinerary: Annotated[Frame, Field(description="The itinerary after the turn.")]
    context: Annotated[dict[str, Any], Field(description="To be sent with the next turn, as it came.")]


class Token(TypedDict):
    """A token with its tag and the runner-up."""

    text: str
    start: Start
    end: End
    tag: Annotated[str, Field(examples=["B-toloc.city_name"])]
    confidence: Confidence
    second: Annotated[str | None, Field(description="Null if there is only one tag.")]
    second_confidence: Confidence


class Influence(TypedDict):
    """What becomes of a slot's first token when one word is left out."""

    slot: Annotated[int, Field(description="The index of the slot.")]
    word: Annotated[int, Field(description="The index of the token that is left out.")]
    name: Annotated[str | None, Field(description="The slot that the token is then in; null if in none.")]
    confidence: Confidence
    drop: Annotated[float, Field(description="How much the probability of the original tag falls.")]


Inside = dict[str, dict[str, list[list[float]]]]


class Explanation(Annotation):
    """One text, labelled, and why."""

    intents: Annotated[list[Intent], Field(description="All intents, the likeliest first.")]
    tokens: list[Token]
    removed: Annotated[list[Influence], Field(description="With words removed.")]
    masked: Annotated[list[Influence], Field(description="With words replaced by the unknown word.")]
    cell: NotRequired[Annotated[str, Field(description="The kind of the cells.", examples=["lstm"])]]
    gates: NotRequired[
        Annotated[
            Inside,
            Field(
                description="By cell (`0.forward`) and gate or state (`i`, `c`, `h`): for each token one number a unit."
            ),
        ]
    ]
    units: NotRequired[
        Annotated[
            dict[str, dict[str, list[int]]],
            Field(description="By cell, the order in which units are shown: of h and the gates (`h`), and of y (`y`)."),
        ]
    ]
    outputs: NotRequired[
        Annotated[list[str], Field(description="The tags that the units of y stand for, in a Jordan net.")]
    ]
    reasons: Annotated[list[str], Field(description="For each slot, a sentence that says why.")]


class Contrast(TypedDict):
    """Two texts side by side."""

    first: Explanation
    second: Explanation
    pairs: Annotated[
        list[list[int | None]],
        Field(description="The tokens that stand for each other, in twos; null where a text has none."),
    ]
    difference: NotRequired[
        Annotated[
            Inside,
            Field(description="The first less the second for each pair of two tokens, with tanh(c) for c."),
        ]
    ]


class Model(TypedDict):
    """A model that is served."""

    name: Annotated[str, Field(description="What a request says as `model`.")]
    net: str
    slots: list[str]
    intents: list[str]
    dev_f1: Annotated[float | None, Field(description="Its slot F1 when it was trained; null if unknown.")]


class Health(TypedDict):
    """The server can tag."""

    status: Literal["ok"]


class Detail(TypedDict):
    """One thing that is wrong with a request."""

    where: Annotated[str, Field(description="The key, such as `texts.3`; empty: the request as a whole.")]
    what: str
    expected: Annotated[str | None, Field(description="What would be right; null where `what` says it.")]


class Error(TypedDict):
    """What is wrong, and what to do."""

    error: str
    details: NotRequired[Annotated[list[Detail], Field(description="With status 422: each thing that is wrong.")]]


_MEANINGS = {
    400: ("The JSON cannot be read", "the JSON cannot be read"),
    403: ("A page of another site asked", "pages of other sites may not ask this server"),
    408: ("The request did not arrive in time", "the request did not arrive within 10 s"),
    413: (f"The request is larger than {MAX_BODY:,} bytes", f"the request is larger than {MAX_BODY:,} bytes"),
    415: (
        "The content type is not application/json",
        "expected JSON: send the header `Content-Type: application/json`",
    ),
    421: (
        "The request uses a name of this server that it does not know",
        "this server does not answer to that name: start it with --allow-host NAME",
    ),
    422: ("The request is not as expected", "nwo: unknown key; did you mean `now`?"),
    500: ("A bug", "the server made a mistake: see its standard error"),
    503: (
        "Too many sentences are waiting: try again after the seconds in Retry-After",
        "20,000 sentences are waiting: try again in a moment",
    ),
    504: ("It took too long", "no answer within 10 s: send fewer or shorter texts, or try again later"),
}
POSTED = (400, 408, 413, 415, 421, 422, 500, 503, 504)  # what a POST may be answered with, beside 200
GOTTEN = (403, 421, 422, 500, 503, 504)
STATUS = (421, 500)


def documented(answer: Any, *statuses: int, example: Any = None) -> dict[int | str, dict[str, Any]]:
    """The responses of a path, for OpenAPI."""
    content = {} if example is None else {"content": {"application/json": {"example": example}}}
    answers: dict[int | str, dict[str, Any]] = {200: {"model": answer, "description": "Done", **content}}
    for status in statuses:
        description, message = _MEANINGS[status]
        error: dict[str, Any] = {"error": message}
        if status == 422:
            error["details"] = [{"where": "nwo", "what": "unknown key", "expected": "now"}]
        answers[status] = {
            "model": Error,
            "description": description,
            "content": {"application/json": {"example": error}},
        }
    return answers


TAGGED = {
    "text": "arrive Taipei on November 2nd",
    "intent": {"name": "flight", "confidence": 0.9996},
    "slots": [
        {"name": "toloc.city_name", "text": "Taipei", "start": 7, "end": 13, "confidence": 0.9988},
        {"name": "arrive_date.month_name", "text": "November", "start": 17, "end": 25, "confidence": 0.9992},
        {"name": "arrive_date.day_number", "text": "2nd", "start": 26, "end": 29, "confidence": 0.9993},
    ],
    "frame": {
        "arrival": {
            "place": {
                "text": "Taipei",
                "kind": "city",
                "value": "Taipei",
                "confidence": 0.9988,
                "country": "TW",
                "airports": ["TPE", "TSA"],
                "slots": [0],
            },
            "date": {
                "text": "November 2nd",
                "kind": "date",
                "value": "2027-11-02",
                "confidence": 0.9992,
                "grain": "day",
                "slots": [1, 2],
            },
        }
    },
}
EXPLAINED = TAGGED | {
    "intents": [{"name": "flight", "confidence": 0.9996}, {"name": "airfare", "confidence": 0.0002}],
    "tokens": [
        {
            "text": "arrive",
            "start": 0,
            "end": 6,
            "tag": "O",
            "confidence": 1.0,
            "second": "B-arrive_time.time",
            "second_confidence": 0.0,
        }
    ],
    "removed": [{"slot": 0, "word": 0, "name": "city_name", "confidence": 0.8, "drop": 0.99}],
    "masked": [{"slot": 0, "word": 0, "name": "fromloc.city_name", "confidence": 0.7, "drop": 0.99}],
    "cell": "lstm",
    "gates": {"0.forward": {"i": [[0.93, 0.08]], "f": [[0.11, 0.97]], "h": [[0.31, -0.02]]}},
    "units": {"0.forward": {"h": [1, 0]}},
    "reasons": ["`Taipei` is toloc.city_name (1.00) because of `arrive`"],
}
