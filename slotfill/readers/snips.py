"""Snips NLU's data sets in JSON, and those of its benchmark: sentences in pieces, by intent.

{"language": "en", "entities": {}, "intents": {"flight": {"utterances": [
{"data": [{"text": "fly to "}, {"text": "oslo", "entity": "city", "slot_name": "arrival"}]}]}}}

{"flight": [{"data": [{"text": "fly to "}, {"text": "oslo", "entity": "arrival"}]}]}
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from slotfill.errors import DataError
from slotfill.readers.alignment import Marked
from slotfill.readers.placed import NOT_LABELS, Note, Record, examples_of_records
from slotfill.readers.records import document, field, numbered, of_pieces, opening
from slotfill.readers.reports import Report
from slotfill.schema import Example

_OF_ENTITIES = {"use_synonyms", "automatically_extensible"}


def is_it(head: str) -> bool:
    """Whether a file begins as one of Snips."""
    content = opening(head)
    if not isinstance(content, dict):
        return False
    entities = content.get("entities")
    if isinstance(entities, dict) and any(
        _OF_ENTITIES & set(one) for one in entities.values() if isinstance(one, dict)
    ):
        return True
    intents = content.get("intents")
    if isinstance(intents, dict):
        return any(isinstance(one, dict) and "utterances" in one for one in intents.values())
    return bool(content) and all(_is_benchmark(one) for one in content.values())


def _is_benchmark(utterances: Any) -> bool:
    if not isinstance(utterances, list) or not utterances:
        return False
    return all(isinstance(one, dict) and set(one) <= {"data"} for one in utterances)


def read(path: Path, *, report: Report) -> Iterator[Example]:
    """The examples of one file."""
    _, content = document(path, report=report)
    if content is None:
        return
    try:
        records = list(_records(path, content))
    except ValueError as error:
        report(DataError(str(error), path=path))
        return
    entities = content.get("entities")
    if isinstance(entities, dict) and any(one.get("data") for one in entities.values() if isinstance(one, dict)):
        report.note(f"Snips's lists of entities: {NOT_LABELS}")
    yield from examples_of_records(records, _parse, report=report)


def _records(path: Path, content: Any) -> Iterator[Record]:
    """The sentences with their intents; ValueError for another shape."""
    if not isinstance(content, dict):
        raise ValueError("expected an object with intents, as Snips has it")
    sentences: list[tuple[str, Any]] = []
    if isinstance(content.get("intents"), dict):
        for name, intent in content["intents"].items():
            sentences += [(name, one) for one in field(intent, "utterances", list, place=f"the intent {name}")]
    else:
        for name in content:
            sentences += [(name, one) for one in field(content, name, list)]
    yield from numbered(path, sentences)


def _parse(pair: tuple[str, Any], note: Note) -> Marked:
    intent, sentence = pair
    pieces = []
    for number, piece in enumerate(field(sentence, "data", list)):
        text = field(piece, "text", str, place=f"data[{number}]")
        name = piece.get("slot_name") or piece.get("entity")
        pieces.append((text, name if isinstance(name, str) else None))
    return of_pieces(pieces, intent=intent)
