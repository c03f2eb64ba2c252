"""IBM Watson Assistant's workspaces in JSON.

{"intents": [{"intent": "flight", "examples": [
{"text": "fly to oslo", "mentions": [{"entity": "city", "location": [7, 11]}]}]}], "entities": []}
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from slotfill.errors import DataError
from slotfill.readers.alignment import CharSpan, Marked
from slotfill.readers.placed import Note, examples_of_records
from slotfill.readers.records import brief, document, field, numbered, opening, text_in
from slotfill.readers.reports import Report
from slotfill.schema import Example


def is_it(head: str) -> bool:
    """Whether a file begins as a workspace."""
    content = opening(head)
    intents = content.get("intents") if isinstance(content, dict) else None
    return isinstance(intents, list) and any(isinstance(one, dict) and "intent" in one for one in intents)


def read(path: Path, *, report: Report) -> Iterator[Example]:
    """The examples of one file."""
    _, content = document(path, report=report)
    examples: list[tuple[str, Any]] = []
    try:
        for number, one in enumerate(field(content, "intents", list)):
            place = f"intents[{number}]"
            intent = field(one, "intent", str, place=place)
            examples += [(intent, example) for example in field(one, "examples", list, place=place)]
    except ValueError as error:
        report(DataError(str(error), path=path))
    return examples_of_records(numbered(path, examples), _parse, report=report)


def _parse(pair: tuple[str, Any], note: Note) -> Marked:
    intent, example = pair
    text = text_in(example)
    mentions = field(example, "mentions", list) if example.get("mentions") is not None else []
    return Marked(text, None, [_span(one, f"mentions[{number}]") for number, one in enumerate(mentions)], intent)


def _span(mention: Any, place: str) -> CharSpan:
    name, location = field(mention, "entity", str, place=place), field(mention, "location", list, place=place)
    if len(location) != 2 or not all(type(offset) is int for offset in location):
        raise ValueError(f'"location" of {place} is {brief(location)}: expected two offsets')
    start, end = location
    return CharSpan(start, end, name, place)
