"""Lines of text in, bytes out: from arguments, a file or standard input, to a file or standard output."""

import os
import sys
from codecs import BOM_UTF8
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import BinaryIO, cast

from slotfill.cli import console
from slotfill.errors import InputError

STREAM = "-"  # as the name of a file: standard input or output

# Bytes to read at once. A pipe returns what it has, so that a trickle is answered line by line and a flood in batches,
# and memory does not grow with the input.
_BLOCK = 65_536
_LONGEST = 524_288  # bytes of a line, to bound the memory
_LOOKED_AT = 4096  # bytes in which a binary file shows that it is one
_STRAY = 8  # NULs that a text may have by mistake
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
        _refuse_by_name(source)
        try:
            stream: BinaryIO = open(source, "rb")  # noqa: SIM115  # closed below
        except OSError as error:
            hint = f": type slotfill bulk {source} tagged" if os.path.isdir(source) else ""
            raise InputError(f"{source}: cannot be read: {error.strerror}{hint}") from None
        with stream:
            if source.lower().endswith(".gz"):
                from gzip import GzipFile

                stream = cast(BinaryIO, GzipFile(fileobj=stream))
            yield _batches(stream, tell_waits=tell_waits)


# The end of a file's name -> what such a file holds.
_TABLES = {".csv": "a table", ".jsonl": "JSON lines", ".ndjson": "JSON lines", ".parquet": "a table"}
_LABELLED = (".conll", ".iob", ".iob2", ".bio", ".markup")


def _refuse_by_name(source: str) -> None:
    """InputError for a file that does not hold a sentence a line, with the command that does it."""
    _, dot, suffix = os.path.basename(source).lower().rpartition(".")
    ending = dot + suffix
    if not os.path.isfile(source):
        return
    if ending in _TABLES:
        raise InputError(
            f"{source}: {_TABLES[ending]}, not a sentence a line: type "
            f"slotfill bulk {source} tagged --column NAME (the one with the text)"
        )
    if ending == ".tsv":
        raise InputError(f"{source}: a table, not a sentence a line: type cut -f1 {source} | slotfill tag")
    if ending in _LABELLED:
        raise InputError(f"{source}: has labels already: type slotfill eval --data {source} to score a model on it")


# The first bytes of a file -> what it is.
_MAGIC = {
    b"PK\x03\x04": "a ZIP archive, as .zip and .xlsx are: save its text as .txt or .csv",
    b"PAR1": "a Parquet file: slotfill bulk reads those that end in .parquet",
    b"\x1f\x8b": "compressed by gzip: give it a name that ends in .gz, or unpack it with gzip -dc",
    b"BZh": "compressed by bzip2: unpack it with bzip2 -dc",
    b"\xfd7zXZ": "compressed by xz: unpack it with xz -dc",
    b"(\xb5/\xfd": "compressed by zstd: unpack it with zstd -dc",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"%PDF": "a PDF document: save its text as .txt",
    b"\xff\xfe": "UTF-16: convert it with iconv -f UTF-16 -t UTF-8",
    b"\xfe\xff": "UTF-16: convert it with iconv -f UTF-16 -t UTF-8",
}


def _refuse_binary(block: bytes, name: str) -> None:
    """InputError if a stream does not begin as text does."""
    for magic, what in _MAGIC.items():
        if block.startswith(magic):
            raise InputError(f"{name}: expected text, a sentence a line, got {what}")
    head = block[:_LOOKED_AT]
    if head.count(b"\0") > max(_STRAY, len(head) // 100):
        raise InputError(f"{name}: expected text, a sentence a line, got a binary file")


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
            _refuse_binary(block, _name_of(stream))
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
    except (OSError, EOFError) as error:  # EOFError: a .gz file that was cut
        raise InputError(f"{_name_of(stream)}: cannot be read: {getattr(error, 'strerror', None) or error}") from None


def _name_of(stream: BinaryIO) -> str:
    name = getattr(stream, "name", None)
    return name if isinstance(name, str) and name != "<stdin>" else "standard input"


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
