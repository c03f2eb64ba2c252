"""Lines of text in, bytes out: from arguments, a file or standard input, to a file or standard output."""

import os
import sys
from codecs import BOM_UTF8
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import BinaryIO

from slotfill.cli import console
from slotfill.errors import InputError

STREAM = "-"  # as the name of a file: standard input or output

# Bytes to read at once. A pipe returns what it has, so that a trickle is answered line by line and a flood in batches,
# and memory does not grow with the input.
_BLOCK = 65_536
_LONGEST = 524_288  # bytes of a line, to bound the memory
_NAMED = 5  # bad lines with a warning of their own; the others are counted


@contextmanager
def reading(texts: Sequence[str], source: str | None, *, tell_waits: bool = False) -> Iterator[Iterable[list[str]]]:
    """Batches of lines from the arguments, a file or standard input.

    With `tell_waits` an empty batch comes before a wait for more input.
    """
    if texts and list(texts) != [STREAM]:
        # The shell may pass bytes that are not UTF-8; Python keeps them as lone surrogates.
        decoded = _Lines(named="text")
        yield [decoded([os.fsencode(text) for text in texts])]
    elif source in (None, STREAM):
        if sys.stdin is None:
            raise InputError("standard input is closed: give sentences or --input")
        if sys.stdin.isatty():
            console.notice("reading sentences from the terminal, one a line; Ctrl-D ends")
        yield _batches(sys.stdin.buffer, tell_waits=tell_waits)
    else:
        try:
            stream = open(source, "rb")  # noqa: SIM115  # closed below
        except OSError as error:
            raise InputError(f"{source}: cannot be read: {error.strerror}") from None
        with stream:
            yield _batches(stream, tell_waits=tell_waits)


def _batches(stream: BinaryIO, *, tell_waits: bool) -> Iterator[list[str]]:
    """The lines that each read completes; the last one may lack its line end."""
    decoded = _Lines()
    pieces: list[bytes] = []  # of a line that is not complete yet
    while True:
        if tell_waits and not _has_more(stream):
            yield []
        block = _read(stream)
        if not block:
            break
        if not decoded.count and not pieces:
            block = block.removeprefix(BOM_UTF8)  # the file's signature, not part of its text
        head, newline, tail = block.rpartition(b"\n")
        if not newline:
            pieces.append(block)
            if sum(map(len, pieces)) > _LONGEST:
                raise InputError(f"line {decoded.count + 1}: more than {_LONGEST:,} bytes: expected a sentence a line")
            continue
        yield decoded(_without_ends(b"".join([*pieces, head])))
        pieces = [tail] if tail else []
    if pieces:
        yield decoded(_without_ends(b"".join(pieces)))
    decoded.sum_up()


def _without_ends(lines: bytes) -> list[bytes]:
    return [line.removesuffix(b"\r") for line in lines.split(b"\n")]


def _has_more(stream: BinaryIO) -> bool:
    """Say whether a read will return at once; False if that is unknown."""
    import select

    try:
        return bool(select.select([stream], [], [], 0)[0])
    except (OSError, ValueError):
        return False


def _read(stream: BinaryIO) -> bytes:
    try:
        return stream.read1(_BLOCK)  # type: ignore[attr-defined,no-any-return]  # every buffered stream has it
    except OSError as error:
        raise InputError(f"{getattr(stream, 'name', 'input')}: cannot be read: {error.strerror}") from None


class _Lines:
    """Bytes -> text, with a warning where they are not UTF-8."""

    def __init__(self, *, named: str = "line") -> None:
        self.named = named
        self.count = 0
        self.bad = 0

    def __call__(self, lines: list[bytes]) -> list[str]:
        return [self._text(line) for line in lines]

    def _text(self, line: bytes) -> str:
        self.count += 1
        try:
            return line.decode()
        except UnicodeDecodeError as error:
            self.bad += 1
            if self.bad <= _NAMED:
                console.warn(f"{self.named} {self.count}: not UTF-8 at byte {error.start + 1}: replaced by U+FFFD")
            return line.decode(errors="replace")

    def sum_up(self) -> None:
        if self.bad > _NAMED:
            console.warn(f"{self.bad} lines in all were not UTF-8")


@contextmanager
def writing(target: str | None) -> Iterator[Callable[[bytes], object]]:
    """A function that writes and flushes; after an error, no file appears."""
    if target is None or target == STREAM:

        def to_stdout(data: bytes) -> None:
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()

        yield to_stdout
        return
    from slotfill import files  # late: output to standard output need not wait for it

    with files.writing(target) as stream:
        yield stream.write
