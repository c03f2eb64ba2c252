"""What a turn did."""

from typing import Any

from slotfill.schema import Annotation, Frame, Other, Value
from slotfill.structs import Struct

ACTIONS = ("set", "replace", "shift", "remove", "confirm")
RULES = (
    "named",
    "asked",
    "choice",
    "said",
    "only open part",
    "open",
    "correction",
    "addition",
    "removal",
    "shift",
    "swap",
    "same",
    "one way",
    "start over",
    "accepted",
)


class Words(Struct):
    """Words of a text; `start` and `end` count code points.

    >>> Words("a day earlier", 17, 30).to_dict()
    {'text': 'a day earlier', 'start': 17, 'end': 30}
    """

    text: str
    start: int
    end: int

    def to_dict(self) -> dict[str, Any]:
        """The JSON of some words: `text`, `start`, `end`."""
        return {"text": self.text, "start": self.start, "end": self.end}


class Change(Struct):
    """What a turn did to one part of the itinerary, from what to what, because of which words, by which rule.

    `part` is a path such as `departure.date`, `stops[0].place`, `open[0].place` or `other.class_type`. `action` is one
    of `set`, `replace`, `shift`, `remove` and `confirm`; `rule` one of the rules of docs/dialogue.md. `readings` are
    the parts that an open value may be for. `because` is empty where the words are the system's (`heard`).

    >>> Change("return.date", "remove", None, None, (), "one way").to_dict()["action"]
    'remove'
    """

    part: str
    action: str
    before: "Value | Other | None"
    after: "Value | Other | None"
    because: tuple[Words, ...]
    rule: str
    readings: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The JSON of a change: `part`, `action`, `from`, `to`, `because`, `rule`, and `readings` if there are any."""
        found = {
            "part": self.part,
            "action": self.action,
            "from": _content(self.before),
            "to": _content(self.after),
            "because": [words.to_dict() for words in self.because],
            "rule": self.rule,
        }
        return found | {"readings": list(self.readings)} if self.readings else found


class Turn(Struct):
    """One turn: the annotation of its text, what it did, and the itinerary after it.

    `notes` say what could not be done: a shift of a date that is not known, a value that is not sure enough. `asked`
    are the parts that the turn could answer, as given or as read in the system's words.

    >>> import slotfill
    >>> dialogue = slotfill.load().dialogue(now="2026-11-20T09:00")
    >>> turn = dialogue.say("Boston to Lima on December 4th")
    >>> [(change.part, change.action) for change in turn.changes]
    [('departure.place', 'set'), ('arrival.place', 'set'), ('departure.date', 'set')]
    >>> turn = dialogue.say("a day earlier")
    >>> turn.itinerary.departure.date.value
    '2026-12-03'
    """

    annotation: Annotation
    changes: tuple[Change, ...]
    itinerary: Frame
    notes: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The JSON of a turn: the keys of the annotation, then `asked`, `changes`, `notes` and `itinerary`."""
        return self.annotation.to_dict() | {
            "asked": list(self.asked),
            "changes": [change.to_dict() for change in self.changes],
            "notes": list(self.notes),
            "itinerary": self.itinerary.to_dict(),
        }


def _content(value: Any) -> Any:
    if isinstance(value, list):
        return [_content(one) for one in value]
    return value if value is None or isinstance(value, str | int | float) else value.to_dict()
