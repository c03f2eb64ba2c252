"""BRAT's folders: `.txt` files with the texts, `.ann` files beside them with the spans.

    T1  city 7 11   Oslo

A line of a text is a sentence; offsets count the characters of the whole file. Only lines with `T` are read.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from slotfill.errors import DataError, InputError
from slotfill.readers.alignment import CharSpan, Marked, shown
from slotfill.readers.placed import Note, Record, checked, examples_of_records
from slotfill.readers.reports import Report
from slotfill.schema import Example

_OFFSETS = r"\d{1,15} \d{1,15}"
_ENTITY = re.compile(rf"(?P<id>T\d+)\t(?P<name>\S+) (?P<offsets>{_OFFSETS}(?:;{_OFFSETS})*)(?:\t(?P<covered>.*))?")
_IN_HEAD = re.compile(r"^T\d+\t\S+ \d+ \d+(?:;\d+ \d+)*(?:\t|$)", re.MULTILINE)
_OTHERS = {
    "R": "relations",
    "E": "events",
    "A": "attributes",
    "M": "attributes",
    "N": "normalizations",
    "*": "relations",
}


_PIECES = "pieces"


class Span(NamedTuple):
    """A span of the whole text; `line` is its line in the `.ann` file."""

    start: int
    end: int
    name: str
    covered: str | None
    path: Path
    line: int


def is_folder(path: Path) -> bool:
    """Whether a folder has pairs of files of BRAT."""
    return any(file.with_suffix(".txt").is_file() for file in path.glob("*.ann"))


def is_it(head: str) -> bool:
    """Whether a file begins as an `.ann` file, which is nothing without its text."""
    return _IN_HEAD.search(head) is not None


def read(path: Path, *, report: Report) -> Iterator[Example]:
    """The examples of a folder, or of one `.ann` file and the text beside it."""
    files = (
        sorted(file for file in path.glob("*.ann") if file.with_suffix(".txt").is_file()) if path.is_dir() else [path]
    )
    if path.is_dir() and (alone := len(list(path.glob("*.ann"))) - len(files)):
        report.note(f".ann files without a .txt file beside them ({alone:,}) are not read")
    others: Counter[str] = Counter()
    records = [record for file in files for record in _records(file, others, report=report)]
    if pieces := others.pop(_PIECES, 0):
        report.note(f"spans in several pieces ({pieces:,}) are read from the first piece to the last")
    for title, count in others.items():
        report.note(f"BRAT's {title} ({count:,}) are not read")
    return examples_of_records(records, _parse, report=report)


def _records(path: Path, others: Counter[str], *, report: Report) -> Iterator[Record]:
    """The lines of one text with their spans."""
    file = path.with_suffix(".txt")
    text, marks = _text(file, report=report), _text(path, report=report)
    spans = list(_spans(marks, path, others, report=report))
    placed = sorted(spans, key=lambda span: span.start)  # those of one place stay in their order
    starts = [span.start for span in placed]
    start = 0
    for number, line in enumerate(text.split("\n"), start=1):
        end = start + len(line)
        inside = placed[bisect_left(starts, start) : bisect_left(starts, end)]
        if line.strip():
            yield Record((line, start, inside), file, number)
        start = end + 1
    for span in spans:
        if span.start >= len(text):
            report(
                DataError(
                    f"the span begins at {span.start}, but {file.name} ends at {len(text)}", path=path, line=span.line
                )
            )


def _text(path: Path, *, report: Report) -> str:
    """A file with its line ends as they are, since offsets count them."""
    try:
        return path.read_bytes().decode()
    except UnicodeDecodeError as error:
        report(DataError(f"not UTF-8: byte {error.start + 1} of the file; save the file as UTF-8", path=path))
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from None
    return ""


def _spans(marks: str, path: Path, others: Counter[str], *, report: Report) -> Iterator[Span]:
    for number, line in enumerate(marks.splitlines(), start=1):
        entity = _ENTITY.fullmatch(line)
        if entity is None:
            if line.startswith("T"):
                problem = f"expected a name, two offsets and the text, as in `T1\\tcity 7 11\\tOslo`; got {shown(line)}"
                report(DataError(problem, path=path, line=number))
            elif line[:1] in _OTHERS:
                others[_OTHERS[line[0]]] += 1
            continue
        pieces = [tuple(map(int, piece.split())) for piece in entity["offsets"].split(";")]
        if len(pieces) > 1:
            others[_PIECES] += 1
        covered = entity["covered"] if len(pieces) == 1 else None
        yield Span(pieces[0][0], pieces[-1][1], entity["name"], covered, path, number)


def _parse(content: tuple[str, int, Sequence[Span]], note: Note) -> Marked:
    line, start, spans = content
    found = []
    for span in spans:
        place = f"the span in {span.path.name}:{span.line}"
        if span.end > start + len(line):
            raise ValueError(f"{place} goes beyond the line: expected a sentence on one line")
        here = CharSpan(span.start - start, span.end - start, span.name, place)
        found.append(checked(line, here, covered=span.covered, note=note))
    return Marked(line.removesuffix("\r"), None, found)
