"""Files <-> lines of UTF-8. Only a line feed ends a line: a text may contain U+2028 and the like."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from slotfill import files
from slotfill.errors import DataError, InputError
from slotfill.readers.alignment import Marked, cutting, example_of
from slotfill.schema import Example

# Called with each problem: it raises it, or notes it down so that reading continues.
Report = Callable[[DataError], None]

_BYTE_ORDER_MARK = "\ufeff"


def read_lines(path: Path, *, report: Report) -> list[str | None]:
    """The lines of a file, without line feeds and carriage returns at their ends.

    A line that is not UTF-8 is reported, and None in the list, so that line N stays line N. Raises InputError if the
    file cannot be read.
    """
    try:
        raw_lines = path.read_bytes().split(b"\n")
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from None
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


def parse_lines(path: Path, parse: Callable[[str], Example], *, report: Report) -> Iterator[Example]:
    """The examples of a file with one per line; blank lines are skipped, and a ValueError of `parse` is reported."""
    for number, line in enumerate(read_lines(path, report=report), start=1):
        if line is not None and line.strip():
            try:
                yield parse(line)
            except ValueError as error:
                report(DataError(str(error), path=path, line=number))


def parse_marked_lines(path: Path, parse: Callable[[str], Marked | None], *, report: Report) -> Iterator[Example]:
    """The examples of a file with one per line whose tokens may not be given; problems as in `parse_lines`.

    All lines together tell the tokenizer (see `alignment.cutting`). Lines of which `parse` makes None are skipped.
    """
    marked: list[tuple[int, Marked]] = []
    for number, line in enumerate(read_lines(path, report=report), start=1):
        if line is not None and line.strip():
            try:
                if (one := parse(line)) is not None:
                    marked.append((number, one))
            except ValueError as error:
                report(DataError(str(error), path=path, line=number))
    tokenizer = cutting((one.text, one.spans) for _, one in marked if one.words is None)
    for number, one in marked:
        try:
            yield example_of(one, tokenizer=tokenizer)
        except ValueError as error:
            report(DataError(str(error), path=path, line=number))


def write_lines(lines_of: Mapping[Path, Iterable[str]]) -> None:
    """Write lines into files, all or none. Raises InputError."""
    files.write_files({path: _content(lines) for path, lines in lines_of.items()})


def _content(lines: Iterable[str]) -> bytes:
    text = "".join(f"{line}\n" for line in lines)
    return (_BYTE_ORDER_MARK * text.startswith(_BYTE_ORDER_MARK) + text).encode()  # since the reader drops one
