"""Dialogflow's sentences: a list in `INTENT_usersays_en.json`, `userSays` in an intent, or `trainingPhrases`.

    [{"data": [{"text": "fly to "}, {"text": "oslo", "alias": "city", "meta": "@sys.geo-city"}], "count": 0}]

The alias names the slot; the name of the file or of the intent is the intent. Of an exported agent, all intents of its
folder are read.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from slotfill.errors import DataError
from slotfill.readers.alignment import Marked
from slotfill.readers.placed import Note, Record, examples_of_records
from slotfill.readers.records import brief, document, field, located, numbered, objects, of_pieces, opening
from slotfill.readers.reports import Report
from slotfill.schema import Example

_FILE = re.compile(r"(?P<intent>.+)_usersays_[\w-]+\.json", re.IGNORECASE)
_PIECES = ("data", "parts")  # in exports, and in the API
_LISTS = ("userSays", "trainingPhrases")


def is_it(head: str) -> bool:
    """Whether a file begins as sentences of Dialogflow."""
    content = opening(head)
    if isinstance(content, dict):
        return any(key in content for key in _LISTS)
    return any(_is_piece(piece) for one in objects(head) for key in _PIECES for piece in _listed(one.get(key)))


def is_folder(path: Path) -> bool:
    """Whether a folder has the intents of an exported agent."""
    return any(_files(path))


def read(path: Path, *, report: Report) -> Iterator[Example]:
    """The examples of one file, or of all intents in a folder."""
    files = _files(path) if path.is_dir() else [path]
    records = (record for file in files for record in _records(file, report=report))
    return examples_of_records(records, _parse, report=report)


def _files(folder: Path) -> list[Path]:
    inside = folder / "intents" if (folder / "intents").is_dir() else folder
    return sorted(file for file in inside.glob("*.json") if _FILE.fullmatch(file.name))


def _is_piece(piece: Any) -> bool:
    return (
        isinstance(piece, dict)
        and "text" in piece
        and bool({"alias", "meta", "userDefined", "entityType"} & set(piece))
    )


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _records(path: Path, *, report: Report) -> Iterator[Record]:
    text, content = document(path, report=report)
    found = _FILE.fullmatch(path.name)
    intent = found["intent"] if found else None
    if isinstance(content, list):
        records = located(path, content, text=text, opening=r"\[")
    elif isinstance(content, dict):
        name = content.get("name") or content.get("displayName")
        intent = str(name) if name else intent
        records = numbered(path, [one for key in _LISTS for one in _listed(content.get(key))])
    else:
        if content is not None:
            report(DataError(f"expected a list of sentences or an intent; got {brief(content)}", path=path))
        return
    for record in records:
        yield record._replace(content=(intent, record.content))


def _parse(pair: tuple[str | None, Any], note: Note) -> Marked | None:
    intent, sentence = pair
    if isinstance(sentence, dict) and (sentence.get("isTemplate") or sentence.get("type") == "TEMPLATE"):
        note("sentences in template mode are left out, since they have no words for their slots")
        return None
    key = "parts" if isinstance(sentence, dict) and "parts" in sentence else "data"
    pieces = []
    for number, piece in enumerate(field(sentence, key, list)):
        text = field(piece, "text", str, place=f"{key}[{number}]")
        name = piece.get("alias") or piece.get("meta") or piece.get("entityType")
        is_slot = isinstance(name, str) and piece.get("meta") != "@sys.ignore"
        pieces.append((text, str(name).lstrip("@") if is_slot else None))
    return of_pieces(pieces, intent=intent)
