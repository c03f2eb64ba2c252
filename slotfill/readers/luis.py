"""LUIS's applications and labelled utterances, and the projects of its successor, CLU.

    {"luis_schema_version": "7.0.0", "utterances": [{"text": "fly to oslo", "intent": "flight",
      "entities": [{"entity": "city", "role": "to", "startPos": 7, "endPos": 10}]}]}

`endPos` is the last character of an entity. CLU has `category`, `offset` and `length`. A role is put before the name:
`to.city`. Children of entities are not read.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from slotfill.readers.alignment import CharSpan, Marked
from slotfill.readers.placed import Note, Record, examples_of_records, named
from slotfill.readers.records import (
    field,
    intent_in,
    located_in,
    objects,
    opening,
    records,
    span_in,
    text_in,
)
from slotfill.readers.reports import Report
from slotfill.schema import Example

_KEYS = {"startPos", "endPos", "startCharIndex", "endCharIndex"}


def is_it(head: str) -> bool:
    """Whether a file begins as one of LUIS or CLU."""
    content = opening(head)
    if isinstance(content, dict) and ({"luis_schema_version", "projectFileVersion"} & set(content)):
        return True
    found = objects(head)
    if isinstance(content, dict) and isinstance(content.get("utterances"), list):
        found = [one for one in content["utterances"] if isinstance(one, dict)]
    return any(_is_utterance(one) for one in found)


def _is_utterance(record: dict[str, Any]) -> bool:
    entities = record.get("entities", record.get("entityLabels"))
    if not isinstance(entities, list):
        return False
    has_keys = any(isinstance(one, dict) and bool(_KEYS & set(one)) for one in entities)
    return has_keys or ("entityLabels" in record and "intentName" in record)


def read(path: Path, *, report: Report) -> Iterator[Example]:
    """The examples of one file."""
    return examples_of_records(_records(path, report=report), _parse, report=report)


def _records(path: Path, *, report: Report) -> Iterator[Record]:
    for record in records(path, report=report):
        content = record.content
        assets = content.get("assets") if isinstance(content, dict) else None
        inside = assets if isinstance(assets, dict) else content
        if isinstance(inside, dict) and isinstance(inside.get("utterances"), list):
            yield from located_in(record, inside["utterances"], path=path, key="utterances", report=report)
        else:
            yield record


def _parse(record: Any, note: Note) -> Marked:
    text = text_in(record)
    key = "entityLabels" if "entityLabels" in record else "entities"
    entities = field(record, key, list) if record.get(key) is not None else []
    spans = [_span(one, f"{key}[{number}]", note) for number, one in enumerate(entities)]
    return Marked(text, None, spans, intent_in(record, "intentName" if "intentName" in record else "intent"))


def _span(entity: Any, place: str, note: Note) -> CharSpan:
    if isinstance(entity, dict) and entity.get("children"):
        note("children of entities are not read")
    if isinstance(entity, dict) and "category" in entity:
        start, length = (field(entity, key, int, place=place) for key in ("offset", "length"))
        return CharSpan(start, start + length, field(entity, "category", str, place=place), place)
    if isinstance(entity, dict) and "entityName" in entity:
        name, keys = field(entity, "entityName", str, place=place), ("startCharIndex", "endCharIndex")
    else:
        name, keys = field(entity, "entity", str, place=place), ("startPos", "endPos")
    return span_in(entity, place=place, name=named(entity.get("role"), name), keys=keys, last=True)
