"""A sentence a line, each word with its tag: `fly|O to|O Oslo|B-city`; a tab, or ` <=> `, and the intent may follow."""

import re
from collections.abc import Iterator
from pathlib import Path

from slotfill.errors import DataError
from slotfill.readers.alignment import shown, text_of
from slotfill.readers.lines import read_lines, whole_lines
from slotfill.readers.reports import Report
from slotfill.readers.seq_in_out import plain_intent
from slotfill.readers.tagged import TaggedSentence, examples_of
from slotfill.schema import Example
from slotfill.tags import LETTERS

_SEPARATORS = ("|", "###", "__", "/", ":", "\\", "_")
_TAG = rf"O|[{LETTERS}][-_]\S+"
_INTENT = re.compile(r"\t| <=> ")
_EDGES = ("BOS", "EOS")


def read(path: Path, *, report: Report) -> Iterator[Example]:
    """The examples of one file; blank lines are skipped."""
    return examples_of(_sentences(path, report=report), report=report)


def is_it(head: str) -> bool:
    """Whether all lines near the beginning of a file are words with tags, and some more than one."""
    return _separator_of(whole_lines(head)) is not None


def _sentences(path: Path, *, report: Report) -> Iterator[TaggedSentence]:
    lines = read_lines(path, report=report)
    separator = _separator_of([line for line in lines[:200] if line and line.strip()]) or "|"
    form = _form(separator)
    for number, line in enumerate(lines, start=1):
        if line is None or not line.strip():
            continue
        labelled, *rest = _INTENT.split(line, maxsplit=1)
        pairs = [form.fullmatch(item) or item for item in labelled.split()]
        odd = next((item for item in pairs if isinstance(item, str)), None)
        if odd is not None:
            problem = f"expected words with tags, as in Oslo{separator}B-city; got {shown(odd)}"
            report(DataError(problem, path=path, line=number))
            continue
        found = [(item[1], item[2]) for item in pairs if not isinstance(item, str)]
        kept = [pair for pair in found if pair[0] not in _EDGES]
        if len(kept) < len(found):
            report.note(f"{path}: BOS and EOS are no words, and are left out")
        words = [word for word, _ in kept]
        intent = plain_intent(rest[0].strip()) if rest and rest[0].strip() else None
        yield TaggedSentence(text_of(words), words, [tag for _, tag in kept], intent, path, number)


def _separator_of(lines: list[str]) -> str | None:
    """What is between words and tags in all these lines; None if they are not that."""
    rows = [_INTENT.split(line, maxsplit=1)[0].split() for line in lines]
    items = [item for row in rows for item in row]
    if not any(len(row) > 1 for row in rows):
        return None
    return next((sign for sign in _SEPARATORS if all(map(_form(sign).fullmatch, items))), None)


def _form(separator: str) -> re.Pattern[str]:
    """A word up to the first separator, and its tag behind the last; annotations, or a tag's own signs, between them.

    The first separator is settled for good, or else each would be tried with each that follows.
    """
    sign = re.escape(separator)
    whole = f"{sign}(?!{re.escape(separator[0])})" if len(separator) > 1 else sign
    return re.compile(rf"(?>(.+?){whole})(?:\S*{sign})?({_TAG})")
