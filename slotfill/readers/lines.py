"""Files <-> lines of UTF-8. A line ends at a line feed and nowhere else: a text may hold U+2028 and its like."""

import os
from collections.abc import Callable, Iterable
from pathlib import Path

from slotfill.errors import DataError, InputError

# What a reader does with each problem that it meets: raise it, or note it down and let the reader go on.
Report = Callable[[DataError], None]

_BYTE_ORDER_MARK = "\ufeff"


def read_lines(path: Path, *, report: Report) -> list[str | None]:
    """The lines of a file without their ends, the carriage return included.

    A line that is not UTF-8 is reported and stands as None, so that line N stays line N.
    Raises InputError for a file that cannot be read.
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


def write_lines(lines: Iterable[str], *, path: Path) -> None:
    """Write a file whole or not at all; missing folders are made.

    Raises InputError if it cannot be written.
    """
    text = "".join(f"{line}\n" for line in lines)
    if text.startswith(_BYTE_ORDER_MARK):
        text = _BYTE_ORDER_MARK + text  # the reader drops one
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            unfinished.write_bytes(text.encode())
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)
    except OSError as error:
        raise InputError(f"{path}: cannot be written: {error.strerror}") from None
