"""Snips NLU's data sets in YAML: a document for each intent and entity, slots in brackets.

type: intent
name: flight
utterances:
- fly from [origin:city](Oslo) to [destination:city](Rome)
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from slotfill.readers.alignment import Marked
from slotfill.readers.brackets import Mark, marks_in
from slotfill.readers.placed import NOT_LABELS, Note, Record, examples_of_records
from slotfill.readers.records import of_pieces
from slotfill.readers.reports import Report
from slotfill.readers.yaml_nodes import compose, is_list, is_scalar, items_of, line_of_node, mapping_of
from slotfill.schema import Example

_HEAD = re.compile(r"^type:\s*(?:intent|entity)\s*$", re.MULTILINE)


def is_it(head: str) -> bool:
    """Whether a file begins as Snips's YAML."""
    return _HEAD.search(head) is not None


def read(path: Path, *, report: Report) -> Iterator[Example]:
    """The examples of one file. Raises MissingExtraError without PyYAML."""
    records: list[Record] = []
    for root in compose(path, report=report):
        fields = mapping_of(root)
        if is_list(fields.get("values")):
            report.note(f"Snips's lists of entities: {NOT_LABELS}")
        intent = fields["name"].value if is_scalar(fields.get("name")) else None
        records += [
            Record((intent, one.value), path, line_of_node(one))
            for one in items_of(fields.get("utterances"))
            if is_scalar(one)
        ]
    yield from examples_of_records(records, _parse, report=report)


def entities_in(line: str) -> list[tuple[str, str]]:
    """The slots of an utterance, each with its entity, which has the slot's name unless it is there."""
    named = [mark.text.partition(":") for mark in _slots(line)]
    return [(slot.strip(), entity.strip() or slot.strip()) for slot, _, entity in named]


def _slots(line: str) -> Iterator[Mark]:
    return (mark for mark in marks_in(line, signs="(") if mark.text[0] != ":")


def _parse(pair: tuple[Any, str], note: Note) -> Marked:
    intent, line = pair
    pieces: list[tuple[str, str | None]] = []
    end = 0
    for mark in _slots(line):
        pieces += [(line[end : mark.start], None), (mark.body, mark.text.partition(":")[0].strip())]
        end = mark.end
    return of_pieces([*pieces, (line[end:], None)], intent=intent)
