"""Prodigy's JSON lines, as `db-out` writes them.

    {"text": "Fly to Oslo", "spans": [{"start": 7, "end": 11, "label": "CITY"}], "answer": "accept", "_input_hash": 1}

Tokens are objects. Only accepted lines count. The choice of `textcat` is the intent.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from slotfill.readers.alignment import Marked
from slotfill.readers.placed import Note, examples_of_records
from slotfill.readers.records import field, objects, records, span_in, text_in
from slotfill.readers.reports import Report
from slotfill.schema import Example

_OWN_KEYS = {"_input_hash", "_task_hash", "_session_id", "_view_id", "answer"}


def is_it(head: str) -> bool:
    """Whether a file begins as Prodigy's."""
    return any("text" in record and (_OWN_KEYS & set(record) or _has_tokens(record)) for record in objects(head))


def _has_tokens(record: dict[str, Any]) -> bool:
    tokens = record.get("tokens")
    return isinstance(tokens, list) and bool(tokens) and isinstance(tokens[0], dict) and "text" in tokens[0]


def read(path: Path, *, report: Report) -> Iterator[Example]:
    """The examples of the accepted lines."""
    return examples_of_records(records(path, report=report), _parse, report=report)


def _parse(record: Any, note: Note) -> Marked | None:
    text = text_in(record)
    answer = record.get("answer", "accept")
    if answer != "accept":
        note(f"lines with the answer `{answer}` are left out")
        return None
    if record.get("_view_id") == "ner":
        note("answers to one question at a time (ner.teach): other slots of the sentence are not labelled")
    words = None
    if record.get("tokens") is not None:
        tokens = field(record, "tokens", list)
        words = [
            token if isinstance(token, str) else field(token, "text", str, place=f"tokens[{number}]")
            for number, token in enumerate(tokens)
        ]
        words = [word for word in words if word.strip()]
    spans = [
        span_in(span, place=f"spans[{number}]", name=field(span, "label", str, place=f"spans[{number}]"))
        for number, span in enumerate(field(record, "spans", list) if record.get("spans") is not None else [])
    ]
    return Marked(text, words, spans, _choice(record, note))


def _choice(record: dict[str, Any], note: Note) -> str | None:
    """What was chosen, or the label that the answer is about."""
    chosen = record.get("accept")
    if isinstance(chosen, list) and chosen:
        if len(chosen) > 1:
            note("of several choices, the first is the intent")
        return str(chosen[0])
    label = record.get("label", record.get("intent"))
    return label.strip() or None if isinstance(label, str) else None
