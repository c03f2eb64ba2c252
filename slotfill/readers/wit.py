"""wit.ai's utterances.

    {"utterances": [{"text": "fly to oslo", "intent": "flight", "traits": [],
      "entities": [{"entity": "city:to", "start": 7, "end": 11, "body": "oslo", "entities": []}]}]}

The role behind a colon is put before the name: `to.city`. A list of such utterances by itself is read too, and the
older `expressions.json`, in which the intent is an entity.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from slotfill.readers.alignment import CharSpan, Marked
from slotfill.readers.placed import Note, Record, checked, examples_of_records, named
from slotfill.readers.records import field, intent_in, located_in, objects, opening, records, span_in, text_in
from slotfill.readers.reports import Report
from slotfill.schema import Example

_LISTS = ("utterances", "data")


def is_it(head: str) -> bool:
    """Whether a file begins as one of wit.ai."""
    content = opening(head)
    found = objects(head)
    if isinstance(content, dict):
        found = [*found, *(one for key in _LISTS for one in _listed(content.get(key)) if isinstance(one, dict))]
    return any(_is_utterance(one) for one in found)


def _is_utterance(record: dict[str, Any]) -> bool:
    entities = [one for one in _listed(record.get("entities")) if isinstance(one, dict)]
    return "text" in record and (
        "traits" in record or any("entity" in one and ("body" in one or one["entity"] == "intent") for one in entities)
    )


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def read(path: Path, *, report: Report) -> Iterator[Example]:
    """The examples of one file."""
    return examples_of_records(_records(path, report=report), _parse, report=report)


def _records(path: Path, *, report: Report) -> Iterator[Record]:
    for record in records(path, report=report):
        content = record.content
        key = next((key for key in _LISTS if isinstance(content, dict) and isinstance(content.get(key), list)), None)
        if key is None:
            yield record
        else:
            yield from located_in(record, content[key], path=path, key=key, report=report)


def _parse(record: Any, note: Note) -> Marked:
    text = text_in(record)
    intent, spans = intent_in(record), []
    entities = field(record, "entities", list) if record.get("entities") is not None else []
    for number, entity in enumerate(entities):
        place = f"entities[{number}]"
        name, _, role = field(entity, "entity", str, place=place).partition(":")
        if "start" not in entity:
            if name == "intent":
                intent = field(entity, "value", str, place=place).strip('"')
            else:
                note("entities without a place in the sentence are not read")
            continue
        spans.append(_span(entity, text, _name(name, role), place, note))
    if record.get("traits"):
        note("traits are not read")
    return Marked(text, None, spans, intent)


def _name(name: str, role: str) -> str:
    """`to.city` for the role `to`, and `city` for the role that each entity has, `city`."""
    return named(None if role == name.removeprefix("wit$") else role, name)


def _span(entity: Any, text: str, name: str, place: str, note: Note) -> CharSpan:
    if entity.get("entities"):
        note("entities within entities are not read")
    span = span_in(entity, place=place, name=name)
    return checked(text, span, covered=entity.get("body"), note=note)
