"""Files of names, perhaps with synonyms: plain lists, and those in the files of Rasa, Snips and LUIS; gzipped or not.

dishes.txt              a line each: `lasagne: lasagna, lasagnes` (slotfill/lists.py)
nlu.yml, nlu.json ...   lookup tables and synonyms, lists of entities (slotfill/readers/synonyms.py)
"""

import os
from pathlib import Path
from typing import NamedTuple

from slotfill.errors import ConfigError, InputError
from slotfill.lists import is_header, listed

_OF_TOOLS = (".yml", ".yaml", ".json", ".md", ".markup")  # files that have lists beside sentences
_FOREIGN = (".csv", ".jsonl", ".ndjson", ".conll", ".parquet", ".toml", ".xlsx", ".xml", ".pdf", ".docx", ".zip")
_PLAIN = "a plain list has a name a line, perhaps with synonyms, such as lasagne: lasagna, lasagnes"


class Name(NamedTuple):
    """A value of a list; `place` is where the list has it."""

    value: str
    synonyms: tuple[str, ...]
    place: str


def read_list(file: object, *, name: str, entity: object = None, where: str, origin: str) -> list[Name]:
    """The values of a list in a file, in its order.

    `file` counts from the folder of the recipe `origin`. Of a file with the lists of several entities, it is that of
    `entity`, or of `name`. `where` begins messages. Raises ConfigError if there is no such list, or nothing in it, and
    MissingExtraError without PyYAML for YAML.
    """
    if not isinstance(file, str | os.PathLike):
        raise ConfigError(f"{where}: a file must be a path, got {file!r}")
    path = Path(Path(origin).parent if Path(origin).is_file() else "", file)
    _check_file(path, where=where)
    suffix = Path(path.name.removesuffix(".gz")).suffix.lower()
    if suffix in _FOREIGN:
        raise ConfigError(f"{where}: {path}: not a list: {_PLAIN}; Rasa's, Snips's and LUIS's files will do too")
    names = _of_tool(path, name, entity, where=where) if suffix in _OF_TOOLS else _plain(path, entity, where=where)
    if not names:
        raise ConfigError(f"{where}: {path}: the list is empty: {_PLAIN}")
    return names


def _check_file(path: Path, *, where: str) -> None:
    if path.is_dir():
        raise ConfigError(f"{where}: {path} is a folder: name a file")
    if not path.is_file():
        from difflib import get_close_matches

        there = [one.name for one in path.parent.iterdir() if one.is_file()] if path.parent.is_dir() else []
        near = get_close_matches(path.name, there, n=1)
        guess = f"; did you mean {near[0]}?" if near else ""
        raise ConfigError(f"{where}: no file {path}; a path counts from the folder of the recipe{guess}")


def _plain(path: Path, entity: object, *, where: str) -> list[Name]:
    if entity is not None:
        raise ConfigError(f"{where}: `entity` chooses a list of Rasa, Snips or LUIS, and {path} is a plain list")
    names = []
    for entry in listed(_text(path, where=where).split("\n")):
        place = f"{path}:{entry.line}"
        if is_header(entry):
            continue
        if not entry.value:
            raise ConfigError(f"{place}: no value before the colon: expected a line such as lasagne: lasagna, lasagnes")
        names.append(Name(entry.value, entry.synonyms, place))
    return names


def _text(path: Path, *, where: str) -> str:
    """The text of a file in UTF-8 or UTF-16; ConfigError, with the line, if it is neither."""
    from slotfill.readers.lines import read_bytes, utf16_of

    try:
        content = read_bytes(path)
    except InputError as error:
        raise ConfigError(f"{where}: {error}") from None
    coding = utf16_of(content)
    try:
        return content.decode(coding or "utf-8-sig").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ConfigError(
            f"{path}:{line}: not UTF-8: save the list as UTF-8, as by `iconv -f WINDOWS-1252 -t UTF-8 OLD > NEW`"
        ) from None


def _of_tool(path: Path, name: str, entity: object, *, where: str) -> list[Name]:
    """A list in the data of another tool: that of `entity`, or of `name`, or the only one."""
    from slotfill.readers.synonyms import ANY_SLOT, synonyms_of

    try:
        found = synonyms_of(path)
    except InputError as error:  # of no known format
        raise ConfigError(f"{where}: {error}") from None
    if not found:
        raise ConfigError(
            f"{where}: {path} has no list: expected lookup tables or synonyms of Rasa, entities of Snips, or lists "
            f"of LUIS; {_PLAIN}"
        )
    wanted = name if entity is None else entity
    others = [one for one in found if one != ANY_SLOT]
    key = wanted if wanted in found else others[0] if entity is None and len(others) == 1 else None
    if entity is None and not others:
        key = ANY_SLOT  # synonyms alone, which the file gives to no slot
    if not isinstance(key, str):
        named = ", ".join(others) or "no entity, only synonyms"
        option = f'{{ file = "{path.name}", entity = "{(others or [name])[0]}" }}'
        raise ConfigError(f"{where}: {path} has lists of {named}: none is {wanted!r}; choose one, as in {option}")
    return [Name(value, tuple(texts), f"{path}: {key or 'synonyms'}") for value, texts in found[key].items()]
