"""Of what kind the slots of a data set of one's own are, so that they have values: `[slots]` in a recipe.

    [slots]
    day = "date"                                     # a slot, or all slots of a role or type of this name
    guests = "number"
    "checkin.date" = "date"
    dish = { kind = "list", file = "dishes.txt" }    # lines of `value: synonym, synonym`
    area = { kind = "list", values = { terrace = ["outside", "patio"], bar = [] } }
    allergy = { kind = "list", values = { nuts = ["peanuts"] }, negated = true }

`recipe_tables.py` reads the section, `resolvers/own_slots.py` the values.
"""

import unicodedata
from collections.abc import Collection, Iterable, Sequence
from typing import Any, NamedTuple

from slotfill.errors import ConfigError

KINDS = ("date", "time", "datetime", "place", "number", "money", "duration", "list", "text")

Values = tuple[tuple[str, tuple[str, ...]], ...]


class SlotKind(NamedTuple):
    """The kind of the slots that `name` names; `values` are those of a list, each with its synonyms."""

    name: str
    kind: str
    values: Values = ()
    negated: bool = False  # the slot holds what a sentence rules out: `without [nuts](allergy)`

    def to_dict(self) -> dict[str, Any]:
        """As in a recipe, and in the config.json of a bundle."""
        more: dict[str, Any] = {"values": {value: list(others) for value, others in self.values}} if self.values else {}
        return {"kind": self.kind} | more | ({"negated": True} if self.negated else {})


# --- which kind a slot has -------------------------------------------------------------------------


class Own(NamedTuple):
    """The kind of one slot, and the name under which a frame has its value."""

    key: str
    kind: SlotKind


def own_of(name: str, kinds: Iterable[SlotKind]) -> Own | None:
    """The kind of the slot `name`: that of its whole name, or else of its type, or else of its role.

    >>> kinds = (SlotKind("city", "place"), SlotKind("checkin", "date"))
    >>> own_of("from.city", kinds).key, own_of("checkin.month", kinds).key, own_of("dish", kinds)
    ('from.city', 'checkin', None)
    """
    by_name = {kind.name: kind for kind in kinds}
    role, _, type_ = name.rpartition(".")
    for key, said in ((name, name), (name, type_), (role, role)):
        if said in by_name:
            return Own(key, by_name[said])
    return None


def check_names(kinds: Iterable[SlotKind], slots: Collection[str]) -> None:
    """Raise ConfigError for a kind that none of these slots has."""
    from difflib import get_close_matches

    known = {part for slot in slots for part in (slot, *slot.rpartition(".")[::2])} - {""}
    for kind in kinds:
        if kind.name not in known:
            near = get_close_matches(kind.name, known, n=1)
            guess = f"did you mean {near[0]}?" if near else f"the data have {_some(sorted(slots))}"
            raise ConfigError(f"[slots]: no sentence of the data has a slot {kind.name}: {guess}")


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:8]) + (f" and {len(names) - 8} more" if len(names) > 8 else "") if names else "no slot"


def spelt(text: str) -> str:
    """The form in which the values of a list are compared: no case, accents or signs.

    >>> spelt("Crème-Brûlée"), spelt("the  chef's  TABLE")
    ('creme brulee', 'the chefs table')
    """
    plain = unicodedata.normalize("NFKD", text.casefold())
    kept = [c for c in plain if not unicodedata.combining(c) and c not in "'’ʼ`´"]
    return " ".join("".join([c if c.isalnum() else " " for c in kept]).split())
