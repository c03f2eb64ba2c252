"""Cells of a table that hold the spans of a sentence, as JSON or as Python writes it.

    text,spans
    fly to Oslo,"[{""start"": 7, ""end"": 11, ""label"": ""city""}]"

Lists such as `[7, 11, "city"]`, spaCy's `{"entities": [...]}` and Label Studio's `labels` are read too.
"""

import ast
import json
from typing import Any

from slotfill.readers import doccano


def spans_in(cell: str) -> list[Any] | None:
    """The spans in a cell, none for an empty list; None for anything else.

    >>> spans_in('[[7, 11, "city"]]'), spans_in("['O', 'B-city']")
    ([[7, 11, 'city']], None)
    """
    if cell[:1] not in ("[", "{", "("):
        return None
    content = _decoded(cell)
    if isinstance(content, dict):
        content = next((content[key] for key in ("entities", "spans") if key in content), None)
    if not isinstance(content, list):
        return None
    entries = [_plain(entry) for entry in content]
    return entries if all(map(doccano.is_span, entries)) else None


def _plain(entry: Any) -> Any:
    """A span with its first label; one in a tuple as a list."""
    if isinstance(entry, tuple):
        return list(entry)
    if isinstance(entry, dict) and isinstance(entry.get("labels"), list) and len(entry["labels"]) == 1:
        return {**entry, "label": entry["labels"][0]}
    return entry


def _decoded(cell: str) -> Any:
    try:
        return json.loads(cell)
    except (ValueError, RecursionError):
        pass
    try:
        return ast.literal_eval(cell)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return None
