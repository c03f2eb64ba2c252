"""`slotfill tag`: texts in, slots out, line by line."""

import os
import shutil
import sys
from codecs import BOM_UTF8
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated, BinaryIO

import typer

from slotfill.cli import console
from slotfill.errors import InputError

# What is read at once. A pipe gives what it has, so that a trickle is answered line by line and a flood
# in batches, and memory does not grow with the input.
_BLOCK = 65_536
_LONGEST = 524_288  # bytes of a line that are still taken for a sentence: memory must end somewhere
_STREAM = Path("-")
_NAMED = 5  # bad lines that get a warning each; the rest is counted


class Format(StrEnum):
    """The shapes that results come in."""

    AUTO = "auto"
    TABLE = "table"
    JSON = "json"
    IOB = "iob"
    MARKUP = "markup"


def tag(
    texts: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="TEXT",
            help="Sentences; after `--` they may begin with a dash. None, or `-`: standard input, one a line.",
        ),
    ] = None,
    model: Annotated[str, typer.Option("--model", "-m", help="A model's name or folder.")] = "travel",
    source: Annotated[Path | None, typer.Option("--input", "-i", help="Read this file, one sentence a line.")] = None,
    target: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write to this file instead of standard output.")
    ] = None,
    style: Annotated[
        Format, typer.Option("--format", "-f", help="auto: a table on a terminal, JSON lines otherwise.")
    ] = Format.AUTO,
    min_confidence: Annotated[
        float, typer.Option("--min-confidence", min=0.0, max=1.0, help="Leave out slots that are less sure.")
    ] = 0.0,
) -> None:
    """Label sentences: one result for each line, in order, as soon as it can be had.

    An empty line gives an empty result. Bytes that are not UTF-8 are replaced by U+FFFD, with a
    warning that names the line.

        slotfill tag "arrive Taipei on November 2nd"

        slotfill tag --input queries.txt --format json | jq .slots
    """
    if texts and source is not None:
        raise typer.BadParameter("give sentences or --input, not both", param_hint="TEXT")
    # A mistake in the output's name must not cost the time of loading a model, and so on: cheap checks first.
    with _reading(texts or [], source) as batches, _writing(target) as write:
        from slotfill.cli.formats import render_all
        from slotfill.tagger import Tagger, without_doubtful

        on_terminal = target in (None, _STREAM) and sys.stdout.isatty()
        if style is Format.AUTO:
            style = Format.TABLE if on_terminal else Format.JSON
        colour = on_terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
        width = shutil.get_terminal_size().columns
        tagger = Tagger.load(model)
        for lines in batches:
            annotations = tagger.tag(lines)
            if min_confidence:
                annotations = [without_doubtful(a, confidence=min_confidence) for a in annotations]
            write(render_all(annotations, style=style, colour=colour, width=width).encode())


@contextmanager
def _reading(texts: list[str], source: Path | None) -> Iterator[Iterable[list[str]]]:
    """Batches of lines from the arguments, a file or standard input."""
    if texts and texts != ["-"]:
        if "-" in texts:
            raise typer.BadParameter("`-` stands alone: it means standard input", param_hint="TEXT")
        # The shell may pass bytes that are no UTF-8; Python keeps them as lone surrogates.
        decoded = _Lines(named="text")
        yield [decoded([os.fsencode(text) for text in texts])]
    elif source in (None, _STREAM):
        if sys.stdin is None:
            raise InputError("standard input is closed: give sentences or --input")
        if sys.stdin.isatty():
            console.notice("reading sentences from the terminal, one a line; Ctrl-D ends")
        yield _batches(sys.stdin.buffer)
    else:
        try:
            stream = source.open("rb")
        except OSError as error:
            raise InputError(f"{source}: cannot be read: {error.strerror}") from None
        with stream:
            yield _batches(stream)


def _batches(stream: BinaryIO) -> Iterator[list[str]]:
    """The lines that each read completes; the last one may lack its line end."""
    decoded = _Lines()
    pieces: list[bytes] = []  # of a line that is not complete yet
    while block := _read(stream):
        if not decoded.count and not pieces:
            block = block.removeprefix(BOM_UTF8)  # the file's signature, no part of its text
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
def _writing(target: Path | None) -> Iterator[Callable[[bytes], None]]:
    """A function that writes and flushes; a file appears whole or, after an error, not at all."""
    if target in (None, _STREAM):

        def to_stdout(data: bytes) -> None:
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()

        yield to_stdout
        return
    is_file = not target.exists() or target.is_file()
    whole = target.resolve()  # a link stays one
    fresh = whole.with_name(f".{whole.name}.{os.getpid()}") if is_file else target
    try:
        stream = fresh.open("wb")
    except OSError as error:
        raise InputError(f"{target}: cannot be written: {error.strerror}") from None

    def to_file(data: bytes) -> None:
        stream.write(data)

    try:
        with stream:
            yield to_file
        if is_file:
            if whole.exists():
                shutil.copymode(whole, fresh)
            fresh.replace(whole)
    finally:
        if is_file:
            fresh.unlink(missing_ok=True)
