"""The halves of an ATIS slot name: `depart_date.day_name` has the role `depart_date` and the type `day_name`.

The last dot separates them; a name without a dot is a type without a role.
"""

from functools import lru_cache
from typing import NamedTuple


class FramePart(NamedTuple):
    """Where the slots of a role go in a frame."""

    leg: str  # departure, arrival, return, stop
    part: str  # place, date, time


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


def type_of(name: str) -> str:
    """`city_name` for `fromloc.city_name`."""
    return name.rpartition(".")[2]


@lru_cache(maxsize=1024)
def frame_part_of(name: str) -> FramePart | None:
    """The leg and the part that a slot of this name belongs to, or None."""
    return FRAME_PARTS.get(role_of(name))
