"""What a dialogue remembers between two turns, as plain data."""

from typing import Any, TypeVar

from slotfill.clock import clock_of
from slotfill.dialogue import stored
from slotfill.dialogue.parts import ASKABLE, kind_of
from slotfill.errors import InputError
from slotfill.resolvers.frame import DATE_ORDERS
from slotfill.schema import Frame, Leg, Other
from slotfill.structs import Struct, made

AnyStruct = TypeVar("AnyStruct", bound=Struct)

VERSION = 1
MOST_TURNS = 1_000_000


class Said(Struct):
    """When a part was last said: the number of the turn."""

    part: str
    turn: int


class State(Struct):
    """The itinerary so far, the parts in the order in which they were last said, and how the turns are read.

    >>> State().to_dict()
    {'version': 1, 'turns': 0, 'now': None, 'date_order': 'mdy', 'offer': None, 'itinerary': {}, 'said': []}
    """

    itinerary: Frame = made(default_factory=Frame)
    said: tuple[Said, ...] = ()  # each part once, the last one last
    turns: int = 0
    now: str | None = None  # the clock; None is the local time of each turn
    date_order: str = "mdy"
    offer: str | None = None  # the last words of the system that have a time, until the user accepts them

    def to_dict(self) -> dict[str, Any]:
        """The JSON of a state: `version`, `turns`, `now`, `date_order`, `offer`, `itinerary`, `said`."""
        return {
            "version": VERSION,
            "turns": self.turns,
            "now": self.now,
            "date_order": self.date_order,
            "offer": self.offer,
            "itinerary": self.itinerary.to_dict(),
            "said": [[one.part, one.turn] for one in self.said],
        }

    def last(self, kind: str) -> list[Said]:
        """The parts of one kind (all with an empty one), the last one first."""
        return [one for one in reversed(self.said) if not kind or kind_of(one.part) == kind]


def state_of(data: object) -> State:
    """The state of a dictionary that `State.to_dict` made; InputError says what is wrong with any other.

    >>> state_of({"version": 1, "turns": 0, "itinerary": {}, "said": []})
    State()
    """
    keys = ("version", "turns", "now", "date_order", "offer", "itinerary", "said")
    found = stored.mapping(data, "state", keys)
    if found.get("version") != VERSION:
        raise InputError(
            f"a state of version {str(found.get('version'))[:20]} cannot be read: this slotfill writes and reads "
            f"version {VERSION}; start a new dialogue"
        )
    now = found.get("now")
    if now is not None:
        clock_of(stored.text(now, "state.now"))
    return State(
        stored.frame(found.get("itinerary", {}), "state.itinerary"),
        stored.items(found.get("said", []), "state.said", _said),
        _number(found.get("turns", 0), "state.turns"),
        now,
        stored.one_of(DATE_ORDERS)(found.get("date_order", "mdy"), "state.date_order"),
        None if found.get("offer") is None else stored.text(found["offer"], "state.offer"),
    )


def _said(data: object, where: str) -> Said:
    if not isinstance(data, list | tuple) or len(data) != 2:
        stored.refuse(where, "a part and the number of a turn", data)
    part, turn = data
    if not isinstance(part, str) or (part not in ASKABLE and not _is_stop(part)):
        stored.refuse(where, f"one of {', '.join(ASKABLE)}", part)
    return Said(part, _number(turn, where))


def _is_stop(part: str) -> bool:
    return part.startswith("stops[") and part.endswith("].place") and part[6:-7].isdecimal() and len(part) < 16


def _number(data: object, where: str) -> int:
    if not isinstance(data, int) or isinstance(data, bool) or not 0 <= data <= MOST_TURNS:
        stored.refuse(where, f"a number from 0 to {MOST_TURNS}", data)
    return data


# --- what may be remembered ------------------------------------------------------------------------


def kept(value: AnyStruct) -> AnyStruct:
    """A value as its JSON keeps it: without the numbers of slots, which are those of one turn, and no longer than that.

    >>> from slotfill.schema import DateValue
    >>> kept(DateValue("friday", "2026-11-20", (3,), confidence=0.98765)).confidence
    0.9877
    """
    changes: dict[str, Any] = {}
    for name in value.__match_args__:
        content = getattr(value, name)
        if name == "slots":
            changes[name] = ()
        elif name == "confidence":
            changes[name] = round(content, 4)
        elif isinstance(content, str) and len(content) > stored.MOST_TEXT:
            changes[name] = content[: stored.MOST_TEXT - 1] + "…"
        elif isinstance(content, tuple) and content:
            changes[name] = tuple([_kept_one(one) for one in content[: stored.MOST_ITEMS]])
    return value.replace(**changes)


def kept_other(content: Other) -> Other:
    """The content of a slot outside the legs, as its JSON keeps it."""
    if isinstance(content, list):
        return [one for one in map(kept_other, content[: stored.MOST_ITEMS]) if not isinstance(one, list)]
    return content if isinstance(content, int) else _kept_one(content)


def kept_leg(frame: Frame) -> Frame:
    """One leg of a trip of several, as its JSON keeps it."""

    def leg(whole: Leg) -> Leg:
        place, day, time = whole.place, whole.date, whole.time
        return Leg(place and kept(place), day and kept(day), time and kept(time))

    stops = tuple(map(leg, frame.stops[: stored.MOST_ITEMS]))
    return Frame(leg(frame.departure), leg(frame.arrival), leg(frame.return_), stops)


def _kept_one(one: Any) -> Any:
    if isinstance(one, Struct):
        return kept(one)
    return one[: stored.MOST_TEXT - 1] + "…" if isinstance(one, str) and len(one) > stored.MOST_TEXT else one
