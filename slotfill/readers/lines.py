"""Files <-> lines of UTF-8. Only a line feed ends a line: a text may contain U+2028 and the like."""

import gzip
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from slotfill import files
from slotfill.errors import DataError, InputError
from slotfill.readers.alignment import Marked
from slotfill.readers.placed import Placed, Record, examples_of_placed
from slotfill.readers.reports import Report
from slotfill.schema import Example

_BYTE_ORDER_MARK = "\ufeff"
_GZIPPED = b"\x1f\x8b"


def read_lines(path: Path, *, report: Report) -> list[str | None]:
    """The lines of a file, without line feeds and carriage returns at their ends.

    A line that is not UTF-8 is reported, and None in the list, so that line N stays line N. Raises InputError if the
    file cannot be read.
    """
    raw_lines = read_bytes(path).split(b"\n")
    if not raw_lines[-1]:
        raw_lines.pop()
    lines: list[str | None] = []
    for number, raw in enumerate(raw_lines, start=1):
        try:
            line = raw.removesuffix(b"\r").decode()
        except UnicodeDecodeError as error:
            problem = (
                f"not UTF-8: byte {error.start + 1} of the line is 0x{raw[error.start]:02x}; save the file as UTF-8"
            )
            report(DataError(problem, path=path, line=number))
            lines.append(None)
        else:
            lines.append(line.removeprefix(_BYTE_ORDER_MARK) if number == 1 else line)
    return lines


def read_bytes(path: Path) -> bytes:
    """The content of a file, unzipped if it is gzipped. Raises InputError if it cannot be read."""
    try:
        content = path.read_bytes()
        return gzip.decompress(content) if content.startswith(_GZIPPED) else content
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(f"{path}: cannot be read: {getattr(error, 'strerror', None) or error}") from None


def parse_lines(path: Path, parse: Callable[[str], Example], *, report: Report) -> Iterator[Example]:
    """The examples of a file with one per line; blank lines are skipped, and a ValueError of `parse` is reported."""
    for number, line in enumerate(read_lines(path, report=report), start=1):
        if line is not None and line.strip():
            try:
                yield parse(line)
            except ValueError as error:
                report(DataError(str(error), path=path, line=number))


def parse_marked_lines(path: Path, parse: Callable[[str], Marked], *, report: Report) -> Iterator[Example]:
    """The examples of a file with one per line whose tokens may not be given; problems as in `parse_lines`.

    All lines together tell the tokenizer, and in what offsets are counted (see `placed.examples_of_placed`).
    """
    placed = []
    for number, line in enumerate(read_lines(path, report=report), start=1):
        if line is not None and line.strip():
            try:
                placed.append(Placed(parse(line), Record(line, path, number)))
            except ValueError as error:
                report(DataError(str(error), path=path, line=number))
    yield from examples_of_placed(placed, report=report)


def write_lines(lines_of: Mapping[Path, Iterable[str]]) -> None:
    """Write lines into files, all or none. Raises InputError."""
    files.write_files({path: _content(lines) for path, lines in lines_of.items()})


def _content(lines: Iterable[str]) -> bytes:
    text = "".join(f"{line}\n" for line in lines)
    return (_BYTE_ORDER_MARK * text.startswith(_BYTE_ORDER_MARK) + text).encode()  # since the reader drops one
