"""Of what kind the slots of a data set of one's own are, so that they have values: `[slots]` in a recipe.

    [slots]
    day = "date"                                     # a slot, or all slots of a role or type of this name
    guests = "number"
    "checkin.date" = "date"
    dish = { kind = "list", file = "dishes.txt" }    # lines of `value: synonym, synonym`
    area = { kind = "list", values = { terrace = ["outside", "patio"], bar = [] } }
    allergy = { kind = "list", values = { nuts = ["peanuts"] }, negated = true }

`resolvers/own_slots.py` reads the values.
"""

import os
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from slotfill.errors import ConfigError

KINDS = ("date", "time", "datetime", "place", "number", "money", "duration", "list", "text")
_OTHER_NAMES = {
    "day": "date",
    "city": "place",
    "location": "place",
    "address": "text",
    "string": "text",
    "free text": "text",
    "integer": "number",
    "int": "number",
    "float": "number",
    "price": "money",
    "amount": "money",
    "currency": "money",
    "enum": "list",
    "categorical": "list",
    "timestamp": "datetime",
    "date-time": "datetime",
    "date_time": "datetime",
    "timedelta": "duration",
}
_KEYS = ("kind", "values", "file", "negated")

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


# --- reading them ----------------------------------------------------------------------------------


def kinds_of(table: object, *, origin: str) -> tuple[SlotKind, ...]:
    """The kinds of a `[slots]` table, in its order; `origin` is the file, beside which files of lists are looked for.

    Raises ConfigError, which says what may be there.

    >>> kinds_of({"day": "date", "from": {"city": "place"}}, origin="recipe.toml")
    (SlotKind(name='day', kind='date', values=(), negated=False), SlotKind(name='from.city', kind='place', values=(), \
negated=False))
    """
    if not isinstance(table, Mapping):
        raise ConfigError(f'{origin}: `slots` is a section: write [slots] with lines such as day = "date" below it')
    found: dict[str, SlotKind] = {}
    for name, said in _flat(table, ""):
        if name in found:
            raise ConfigError(f"{origin}: `slots.{name}` is there twice")
        found[name] = _kind_of(name, said, origin=origin)
    return tuple(found.values())


def _flat(table: Mapping[str, object], prefix: str) -> Iterable[tuple[str, object]]:
    """The entries by whole name: TOML reads `from.city = "place"` as a table in a table."""
    for key, said in table.items():
        if isinstance(said, Mapping) and _is_role(said):
            yield from _flat(said, f"{prefix}{key}.")
        else:
            yield prefix + key, said


def _is_role(table: Mapping[str, object]) -> bool:
    """Whether a table has kinds of slots, and is not itself the kind of one."""
    entries = [isinstance(one, str) or (isinstance(one, Mapping) and "kind" in one) for one in table.values()]
    return bool(entries) and all(entries) and table.keys().isdisjoint(("kind", "values", "file"))


def _kind_of(name: str, said: object, *, origin: str) -> SlotKind:
    where = f"{origin}: `slots.{name}`"
    options: Mapping[str, Any] = {"kind": said} if isinstance(said, str) else said if isinstance(said, Mapping) else {}
    if "kind" not in options:
        raise ConfigError(f'{where}: expected a kind, as in {name} = "date"; kinds are {", ".join(KINDS)}')
    for key in options:
        if key not in _KEYS:
            raise ConfigError(f"{where}: unknown key {key!r}; expected {', '.join(_KEYS)}")
    kind = options["kind"]
    if kind not in KINDS:
        raise ConfigError(f"{where}: unknown kind {kind!r}{_guess(kind)}; kinds are {', '.join(KINDS)}")
    negated = options.get("negated", False)
    if type(negated) is not bool:
        raise ConfigError(f"{where}: `negated` must be true or false, got {negated!r}")
    if kind != "list":
        for key in ("values", "file"):
            if key in options:
                raise ConfigError(f'{where}: only a list has `{key}`, and this is a {kind}: write kind = "list"')
        return SlotKind(name, kind, negated=negated)
    return SlotKind(name, kind, _list_of(options, where=where, origin=origin), negated)


def _guess(kind: object) -> str:
    from difflib import get_close_matches

    text = str(kind).lower()
    near = [_OTHER_NAMES[text]] if text in _OTHER_NAMES else get_close_matches(text, KINDS, n=1)
    return f"; did you mean {near[0]}?" if near else ""


def _list_of(options: Mapping[str, Any], *, where: str, origin: str) -> Values:
    """The values of a list, from `values` or from a file; ConfigError if a synonym stands for two of them."""
    if ("values" in options) == ("file" in options):
        raise ConfigError(
            f'{where}: a list needs its values: either values = {{ terrace = ["outside"], bar = [] }}, '
            'or file = "values.txt" with lines of `value: synonym, synonym`'
        )
    if "file" in options:
        values = _of_file(options["file"], where=where, origin=origin)
    else:
        values = _of_table(options["values"], where=where)
    if not values:
        raise ConfigError(f"{where}: the list is empty")
    owners: dict[str, str] = {}
    for value, synonyms in values:
        for one in (value, *synonyms):
            owner = owners.setdefault(spelt(one), value)
            if not spelt(one):
                raise ConfigError(f"{where}: {one!r} of {value!r} has no letter or digit")
            if owner != value:
                raise ConfigError(f"{where}: {one!r} stands for both {owner!r} and {value!r}: leave it to one of them")
    return values


def _of_table(table: object, *, where: str) -> Values:
    if isinstance(table, list | tuple) and all(isinstance(value, str) for value in table):
        return tuple((value, ()) for value in table)
    if not isinstance(table, Mapping):
        raise ConfigError(f"{where}: `values` must be a list of strings, or a table of lists of synonyms")
    values = []
    for value, synonyms in table.items():
        synonyms = [synonyms] if isinstance(synonyms, str) else synonyms
        if not isinstance(synonyms, list | tuple) or not all(isinstance(one, str) for one in synonyms):
            raise ConfigError(f"{where}: the synonyms of {value!r} must be a list of strings, got {synonyms!r}")
        values.append((value, tuple(synonyms)))
    return tuple(values)


def _of_file(name: object, *, where: str, origin: str) -> Values:
    if not isinstance(name, str):
        raise ConfigError(f"{where}: `file` must be a path, got {name!r}")
    path = os.path.join(os.path.dirname(origin), name) if os.path.isfile(origin) else name
    try:
        with open(path, encoding="utf-8-sig") as file:
            lines = file.read().splitlines()
    except FileNotFoundError:
        raise ConfigError(f"{where}: no file {path}; a path counts from the folder of the recipe") from None
    except (OSError, ValueError) as error:  # ValueError: not UTF-8
        raise ConfigError(f"{where}: {path}: cannot be read: {error}") from None
    values: dict[str, tuple[str, ...]] = {}
    for number, line in enumerate(lines, 1):
        value, _, rest = line.partition(":")
        value = value.strip()
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if not value or value in values:
            problem = f"{value!r} is there twice" if value else "no value before the colon"
            raise ConfigError(f"{path}:{number}: {problem}: expected a line such as lasagne: lasagna, lasagnes")
        values[value] = tuple(one.strip() for one in rest.split(",") if one.strip())
    return tuple(values.items())


def spelt(text: str) -> str:
    """The form in which the values of a list are compared: no case, accents or signs.

    >>> spelt("Crème-Brûlée"), spelt("the  chef's  TABLE")
    ('creme brulee', 'the chefs table')
    """
    plain = unicodedata.normalize("NFKD", text.casefold())
    kept = [c for c in plain if not unicodedata.combining(c) and c not in "'’ʼ`´"]
    return " ".join("".join([c if c.isalnum() else " " for c in kept]).split())
