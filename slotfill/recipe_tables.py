"""The sections of a recipe that are tables of one's own names: `[slots]` (slotfill/slot_kinds.py) and `[gazetteers]`.

[gazetteers]
dish = "dishes.txt"                              # names that the tagger recognises: a line each
city = { file = "nlu.yml", entity = "town" }     # of a file that has several lists
area = ["terrace", "bar"]
"""

import os
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from slotfill.errors import ConfigError
from slotfill.list_files import Name, read_list
from slotfill.slot_kinds import KINDS, SlotKind, Values, spelt
from slotfill.tokenizer import tokenize

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
_KEYS = ("kind", "values", "file", "entity", "negated")


# --- [slots] ---------------------------------------------------------------------------------------


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
        for key in ("values", "file", "entity"):
            if key in options:
                raise ConfigError(f'{where}: only a list has `{key}`, and this is a {kind}: write kind = "list"')
        return SlotKind(name, kind, negated=negated)
    return SlotKind(name, kind, _list_of(name, options, where=where, origin=origin), negated)


def _guess(kind: object) -> str:
    from difflib import get_close_matches

    text = str(kind).lower()
    near = [_OTHER_NAMES[text]] if text in _OTHER_NAMES else get_close_matches(text, KINDS, n=1)
    return f"; did you mean {near[0]}?" if near else ""


def _list_of(name: str, options: Mapping[str, Any], *, where: str, origin: str) -> Values:
    """The values of a list, from `values` or from a file; ConfigError if a synonym stands for two of them."""
    if ("values" in options) == ("file" in options):
        raise ConfigError(
            f'{where}: a list needs its values: either values = {{ terrace = ["outside"], bar = [] }}, '
            'or file = "values.txt" with lines of `value: synonym, synonym`'
        )
    if "file" in options:
        values = _of_file(name, options, where=where, origin=origin)
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


def _of_file(name: str, options: Mapping[str, Any], *, where: str, origin: str) -> Values:
    values: dict[str, tuple[str, ...]] = {}
    for one in read_list(options["file"], name=name, entity=options.get("entity"), where=where, origin=origin):
        if one.value in values:
            raise ConfigError(
                f"{one.place}: {one.value!r} is there twice: expected a line such as lasagne: lasagna, lasagnes"
            )
        values[one.value] = one.synonyms
    return tuple(values.items())


# --- [gazetteers] ----------------------------------------------------------------------------------


class NameList(NamedTuple):
    """A gazetteer of one's own. That of a bundle has no `names` here: they are in its vocabularies.

    >>> NameList.of("dish", ["lasagne", "tiramisu"]).to_dict()
    {'size': 2, 'digest': '9d5e0b4f'}
    """

    name: str
    names: tuple[str, ...]
    size: int
    digest: str  # of the names in any order

    @classmethod
    def of(cls, name: str, names: Iterable[str]) -> "NameList":
        """The list of these names, each once."""
        from zlib import crc32

        once = tuple(dict.fromkeys(names))
        return cls(name, once, len(once), f"{crc32(chr(10).join(sorted(once)).encode(errors='surrogatepass')):08x}")

    def to_dict(self) -> dict[str, Any]:
        """As in the config.json of a bundle: what tells it from other lists."""
        return {"size": self.size, "digest": self.digest}


def gazetteers_of(table: object, *, origin: str) -> tuple[NameList, ...]:
    """The lists of a `[gazetteers]` table, in its order; `origin` as in `kinds_of`. Synonyms are names as well.

    Raises ConfigError, which says what may be there.

    >>> gazetteers_of({"area": ["terrace", "bar"]}, origin="recipe.toml")[0].names
    ('terrace', 'bar')
    """
    if not isinstance(table, Mapping):
        raise ConfigError(
            f'{origin}: `gazetteers` is a section: write [gazetteers] with lines such as dish = "dishes.txt" below it'
        )
    return tuple(_gazetteer_of(str(name), said, origin=origin) for name, said in table.items())


def _gazetteer_of(name: str, said: object, *, origin: str) -> NameList:
    where = f"{origin}: `gazetteers.{name}`"
    if isinstance(said, Mapping) and said.keys() == {"size", "digest"}:  # of a bundle
        return NameList(name, (), int(said["size"]), str(said["digest"]))
    if isinstance(said, list | tuple):
        found = [Name(one, (), where) for one in said if isinstance(one, str)]
        if len(found) < len(said) or not said:
            raise ConfigError(f'{where}: expected a list of names, such as ["terrace", "bar"], got {said!r}')
    else:
        found = _names_of_file(name, said, where=where, origin=origin)
    for one in found:
        for text in (one.value, *one.synonyms):
            if not tokenize(text):
                raise ConfigError(f"{one.place}: the name {text!r} has no token: leave it out")
    return NameList.of(name, (text for one in found for text in (one.value, *one.synonyms)))


def _names_of_file(name: str, said: object, *, where: str, origin: str) -> list[Name]:
    options: Mapping[str, Any] = {"file": said} if isinstance(said, str | os.PathLike) else {}
    if isinstance(said, Mapping):
        options = said
    for key in options:
        if key not in ("file", "entity"):
            raise ConfigError(f"{where}: unknown key {key!r}; expected file, entity")
    if "file" not in options:
        raise ConfigError(f'{where}: expected the path of a list, as in {name} = "{name}.txt", got {said!r}')
    return read_list(options["file"], name=name, entity=options.get("entity"), where=where, origin=origin)
