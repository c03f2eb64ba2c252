"""MASSIVE's JSON lines, in which brackets mark the slots.

{"utt": "fly to oslo", "annot_utt": "fly to [place : oslo]", "intent": "flight", "partition": "train"}
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from slotfill.readers.alignment import Marked, shown
from slotfill.readers.placed import Note, examples_of_records
from slotfill.readers.records import intent_in, objects, of_pieces, records, text_in
from slotfill.readers.reports import Report
from slotfill.schema import Example

_SLOT = re.compile(r"\[\s*(?P<name>[^\[\]:]+?)\s*:\s*(?P<text>[^\[\]]+?)\s*\]")


def is_it(head: str) -> bool:
    """Whether a file begins as MASSIVE's."""
    return any("annot_utt" in record for record in objects(head))


def read(path: Path, *, report: Report) -> Iterator[Example]:
    """The examples of one file, whatever their partition."""
    return examples_of_records(records(path, report=report), parse, report=report)


def parse(record: Any, note: Note) -> Marked:
    """The sentence in a record; ValueError if it is malformed."""
    marked = text_in(record, "annot_utt")
    partition = record.get("partition")
    if isinstance(partition, str):
        note(f"sentences of the partition {partition} are read together with the others of the file")
    pieces: list[tuple[str, str | None]] = []
    end = 0
    for match in _SLOT.finditer(marked):
        pieces += [(marked[end : match.start()], None), (match["text"], match["name"])]
        end = match.end()
    result = of_pieces([*pieces, (marked[end:], None)], intent=intent_in(record))
    if "[" in result.text and isinstance(record.get("utt"), str) and "[" not in record["utt"]:
        raise ValueError(f"brackets that do not match in {shown(marked)}: expected [place : oslo]")
    return result
