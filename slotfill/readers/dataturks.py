"""Dataturks's JSON lines, which many courses on spaCy use.

    {"content": "Fly to Oslo", "annotation": [{"label": ["city"], "points": [{"start": 7, "end": 10, "text": "Oslo"}]}]}

The end is the last character.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from slotfill.readers.alignment import CharSpan, Marked
from slotfill.readers.placed import Note, checked, examples_of_records
from slotfill.readers.records import brief, field, objects, records, span_in, text_in
from slotfill.readers.reports import Report
from slotfill.schema import Example


def is_it(head: str) -> bool:
    """Whether a file begins as Dataturks's."""
    return any({"content", "annotation"} <= set(record) for record in objects(head))


def read(path: Path, *, report: Report) -> Iterator[Example]:
    """The examples of one file."""
    return examples_of_records(records(path, report=report), _parse, report=report)


def _parse(record: Any, note: Note) -> Marked:
    text = text_in(record, "content")
    entries = field(record, "annotation", list) if record.get("annotation") is not None else []
    return Marked(text, None, [span for n, entry in enumerate(entries) for span in _spans(entry, n, text, note)])


def _spans(entry: Any, number: int, text: str, note: Note) -> Iterator[CharSpan]:
    place = f"annotation[{number}]"
    labels = field(entry, "label", list, place=place) if isinstance(entry, dict) and entry.get("label") else []
    if not labels:
        note("spans without a label are not read")
        return
    if len(labels) > 1:
        note("of several labels of a span, the first is read")
    if not isinstance(labels[0], str):
        raise ValueError(f"the label of {place} must be a string, got {brief(labels[0])}")
    for point in field(entry, "points", list, place=place):
        span = span_in(point, place=place, name=labels[0], last=True)
        yield checked(text, span, covered=point.get("text"), note=note)
