"""Files <-> lines of UTF-8. Only a line feed ends a line: a text may contain U+2028 and the like."""

import gzip
import re
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from slotfill.errors import DataError, InputError
from slotfill.readers.alignment import Marked
from slotfill.readers.placed import Placed, Record, examples_of_placed
from slotfill.readers.reports import Report
from slotfill.schema import Example

HEAD = 32_768  # characters of a file by which its format is recognised
_BYTE_ORDER_MARK = "\ufeff"
_GZIPPED = b"\x1f\x8b"
_ICONV = "iconv -f {} -t UTF-8 OLD > NEW"
# Bytes that are not UTF-8, as `surrogateescape` reads them; and so many of them as few Western words have.
_BYTE = re.compile("[\udc80-\udcff]")
_FOREIGN = re.compile(r"[\udc80-\udcff]{3}|(?<!\S)[\udc80-\udcff]{2,}(?!\S)")


def read_lines(path: Path, *, report: Report) -> list[str | None]:
    """The lines of a file, without line feeds and carriage returns at their ends.

    A line that is not UTF-8 is reported, and None in the list, so that line N stays line N; with `fix`, it is read as
    Latin-1 where it may be that. Raises InputError if the file cannot be read.
    """
    content = read_bytes(path)
    if (coding := utf16_of(content)) is not None:
        whole = _from_utf16(content, coding, path=path, report=report)
        return [] if whole is None else [line.removesuffix("\r") for line in whole.removesuffix("\n").split("\n")]
    try:
        return _lines_of(content.decode())
    except UnicodeDecodeError:
        pass
    raw_lines = content.split(b"\n")
    if not raw_lines[-1]:
        raw_lines.pop()
    lines: list[str | None] = []
    for number, raw in enumerate(raw_lines, start=1):
        line = _decoded(raw.removesuffix(b"\r"), place="the line", path=path, line=number, report=report)
        lines.append(line.removeprefix(_BYTE_ORDER_MARK) if number == 1 and line is not None else line)
    return lines


def _lines_of(text: str) -> list[str | None]:
    lines: list[str | None] = [*text.removeprefix(_BYTE_ORDER_MARK).split("\n")]
    if not lines[-1]:
        lines.pop()
    return [line.removesuffix("\r") if line else line for line in lines] if "\r" in text else lines


def read_text(path: Path, *, report: Report) -> str | None:
    """The content of a file; None, and reported, if it is not UTF-8. Raises InputError if it cannot be read."""
    content = read_bytes(path)
    if (coding := utf16_of(content)) is not None:
        return _from_utf16(content, coding, path=path, report=report)
    text = _decoded(content, place="the file", path=path, line=None, report=report)
    return None if text is None else text.removeprefix(_BYTE_ORDER_MARK)


def _decoded(raw: bytes, *, place: str, path: Path, line: int | None, report: Report) -> str | None:
    """A line or a file as text; None, and reported, if it is not UTF-8 and cannot be mended."""
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        odd = error.start
    found = f"not UTF-8: byte {odd + 1} of {place} is 0x{raw[odd]:02x}"
    line = line if line is not None else raw.count(b"\n", 0, odd) + 1
    text = raw.decode(errors="surrogateescape")
    if _FOREIGN.search(text) is not None:
        report(DataError(f"{found}; find out its encoding, and save the file as UTF-8", path=path, line=line))
        return None
    if report.fixes:
        report.mended("what is not UTF-8 read as Latin-1 (Windows-1252)", path=path, line=line)
        return _BYTE.sub(lambda match: _latin(match[0].encode(errors="surrogateescape")), text)
    advice = f"`{_ICONV.format('WINDOWS-1252')}` or --on-error fix"
    letter = _latin(raw[odd : odd + 1])
    report(DataError(f'{found}, in Latin-1 "{letter}"; convert the file, by {advice}', path=path, line=line))
    return None


def _latin(byte: bytes) -> str:
    return byte.decode("cp1252", errors="replace")


def utf16_of(content: bytes) -> str | None:
    """The encoding of a file in UTF-16, with or without a byte order mark; None for others."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    start = content[:200]
    if len(start) > 3 and start[1::2].count(0) > 0.4 * len(start) and start[::2].count(0) < 3:
        return "utf-16-le"
    if len(start) > 3 and start[::2].count(0) > 0.4 * len(start) and start[1::2].count(0) < 3:
        return "utf-16-be"
    return None


def _from_utf16(content: bytes, coding: str, *, path: Path, report: Report) -> str | None:
    """The text of a file in UTF-16 if that is to be mended; else None, and reported."""
    if report.fixes:
        report.mended("a file in UTF-16 read as such", path=path)
        return content.decode(coding, errors="replace")
    advice = f"`{_ICONV.format('UTF-16')}` or --on-error fix"
    report(DataError(f"this is UTF-16, not UTF-8: convert the file, by {advice}", path=path))
    return None


def whole_lines(head: str) -> list[str]:
    """The lines at the beginning of a file, without one that may have been cut, and without blank ones."""
    lines = head.split("\n")
    if len(head) >= HEAD and len(lines) > 1:
        lines.pop()
    return [line for line in lines if line.strip()]


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
                example = parse(line)
            except ValueError as error:
                report(DataError(str(error), path=path, line=number))
            else:
                report.read(path, number)
                yield example


def parse_marked_lines(path: Path, parse: Callable[[str], Marked | None], *, report: Report) -> Iterator[Example]:
    """The examples of a file with one per line whose tokens may not be given; problems as in `parse_lines`.

    All lines together tell the tokenizer, and in what offsets are counted (see `placed.examples_of_placed`). Lines of
    which `parse` makes None are skipped.
    """
    placed = []
    for number, line in enumerate(read_lines(path, report=report), start=1):
        if line is not None and line.strip():
            try:
                if (marked := parse(line)) is not None:
                    placed.append(Placed(marked, Record(line, path, number)))
            except ValueError as error:
                report(DataError(str(error), path=path, line=number))
    yield from examples_of_placed(placed, report=report)


def content_of(lines: Iterable[str]) -> bytes:
    """The content of a file with these lines."""
    text = "".join(f"{line}\n" for line in lines)
    return (_BYTE_ORDER_MARK * text.startswith(_BYTE_ORDER_MARK) + text).encode()  # since the reader drops one
