"""Rasa's training data in JSON: `rasa_nlu_data` with `common_examples`, or a line for each of these.

{"text": "Fly to Oslo", "intent": "flight", "entities": [{"start": 7, "end": 11, "value": "Oslo", "entity": "city"}]}
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from slotfill.errors import DataError
from slotfill.readers.alignment import CharSpan, Marked
from slotfill.readers.placed import Note, Record, examples_of_records
from slotfill.readers.rasa import OTHER_VALUE, entity_of, note_others
from slotfill.readers.records import document, field, intent_in, located, objects, opening, records, span_in, text_in
from slotfill.readers.reports import Report
from slotfill.schema import Example

_ROOT = "rasa_nlu_data"
_LISTS = ("common_examples", "entity_examples", "intent_examples")  # the last two are older


def is_it(head: str) -> bool:
    """Whether a file begins as Rasa's JSON."""
    content = opening(head)
    if isinstance(content, dict) and _ROOT in content:
        return True
    lists = [record["entities"] for record in objects(head) if "text" in record and "entities" in record]
    entities = [entity for found in lists if isinstance(found, list) for entity in found]
    return bool(lists) and all(isinstance(entity, dict) and "entity" in entity for entity in entities[:1])


def read(path: Path, *, report: Report) -> Iterator[Example]:
    """The examples of one file."""
    return examples_of_records(_records(path, report=report), _parse, report=report)


def _records(path: Path, *, report: Report) -> Iterator[Record]:
    for record in records(path, report=report):
        if isinstance(record.content, dict) and _ROOT in record.content:
            yield from _of_root(path, record.content[_ROOT], report=report)
        else:
            yield record


def _of_root(path: Path, root: Any, *, report: Report) -> Iterator[Record]:
    """The examples under `rasa_nlu_data`."""
    if not isinstance(root, dict):
        report(DataError(f'expected an object under "{_ROOT}"', path=path))
        return
    text, _ = document(path, report=report)
    for key in _LISTS:
        items = root.get(key, [])
        if isinstance(items, list):
            yield from located(path, items, text=text, opening=rf'"{key}"\s*:\s*\[')
    others = [root.get(key) for key in ("entity_synonyms", "lookup_tables", "regex_features")]
    synonyms, lookups, regexes = (len(one) if isinstance(one, list) else 0 for one in others)
    note_others(synonyms=synonyms, lookups=lookups, regexes=regexes, report=report)


def _parse(record: Any, note: Note) -> Marked:
    text = text_in(record)
    entities = field(record, "entities", list) if record.get("entities") is not None else []
    return Marked(text, None, list(_spans(entities, text, note)), intent_in(record))


def _spans(entities: Iterable[Any], text: str, note: Note) -> Iterator[CharSpan]:
    for number, one in enumerate(entities):
        place = f"entities[{number}]"
        entity = entity_of(one, place=place, note=note)
        span = span_in(one, place=place, name=entity.slot)
        if entity.value not in (None, text[span.start : span.end]):
            note(OTHER_VALUE)
        yield span
