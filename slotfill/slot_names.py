"""The halves of an ATIS slot name: `depart_date.day_name` has the role `depart_date` and the type `day_name`.

The last dot separates them; a name without a dot is a type without a role.
"""

from functools import lru_cache
from typing import NamedTuple


class FramePart(NamedTuple):
    """Where the slots of a role go in a frame."""

    leg: str  # departure, arrival, return, stop, open
    part: str  # place, date, time


VENUE = "place_name"  # an address, a venue, or a word for one: `12 winter street`, `the science museum`, `home`
# The types of places. Without a role they are open places: it is open what the traveller wants with them.
PLACE_TYPES = frozenset(
    ("city_name", "airport_code", "airport_name", "state_name", "state_code", "country_name", VENUE)
)
OPEN = FramePart("open", "place")
FRAME_PARTS: dict[str, FramePart] = {
    "fromloc": FramePart("departure", "place"),
    "depart_date": FramePart("departure", "date"),
    "depart_time": FramePart("departure", "time"),
    "toloc": FramePart("arrival", "place"),
    "arrive_date": FramePart("arrival", "date"),
    "arrive_time": FramePart("arrival", "time"),
    "return_date": FramePart("return", "date"),
    "return_time": FramePart("return", "time"),
    "stoploc": FramePart("stop", "place"),
}


def role_of(name: str) -> str:
    """`fromloc` for `fromloc.city_name`, and the empty string for `airline_name`."""
    return name.rpartition(".")[0]


@lru_cache(maxsize=1024)
def type_of(name: str) -> str:
    """`city_name` for `fromloc.city_name`."""
    return name.rpartition(".")[2]


@lru_cache(maxsize=1024)
def frame_part_of(name: str) -> FramePart | None:
    """The leg and the part that a slot of this name belongs to, or None."""
    role, _, kind = name.rpartition(".")
    if role:
        return FRAME_PARTS.get(role)
    return OPEN if kind in PLACE_TYPES else None
