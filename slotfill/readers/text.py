"""Plain text, one sentence per line, without slots or intents: what a tagger should find nothing in."""

from collections.abc import Iterator
from pathlib import Path

from slotfill.readers.alignment import align
from slotfill.readers.lines import parse_lines, read_lines
from slotfill.readers.reports import Report
from slotfill.schema import Example
from slotfill.tags import OUTSIDE


def read(path: Path, *, report: Report) -> Iterator[Example]:
    """The examples of one file, no token of which has a slot; blank lines are skipped, and tabs are noted."""
    lines = [line for line in read_lines(path, report=Report(tell=lambda _: None)) if line]
    if lines and sum("\t" in line for line in lines) > 0.5 * len(lines):
        report.note(f"{path}: in plain text, what follows a tab is read as words; sentence, tab, intent are .markup")
    return parse_lines(path, _parse, report=report)


def _parse(line: str) -> Example:
    tokens = align(line)
    return Example(line, tokens, (OUTSIDE,) * len(tokens), None)
