"""The registry of formats: how each is read, recognised and written, and what is recognised but not read.

A format is a module of this folder with `read`, `is_it` and perhaps `lines`; it is in use once it is in FORMATS.
"""

import gzip
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple, Protocol

from slotfill.errors import InputError
from slotfill.readers import conll, jsonl, markup, sentence_lines, seq_in_out, tables, text, word_tag
from slotfill.readers.alignment import shown
from slotfill.readers.lines import HEAD, utf16_of
from slotfill.readers.reports import Report
from slotfill.schema import Example

_GZIPPED = b"\x1f\x8b"


class Read(Protocol):
    """Reads a file, or the folder of a split; each faulty sentence is reported and left out."""

    def __call__(self, path: Path, /, *, report: Report) -> Iterator[Example]:
        """The examples of one split."""


class Format(NamedTuple):
    """A format that is read. `lines` writes it; `by_suffix`: its reader says best what is wrong with such a file."""

    name: str  # as in `data convert --to`
    title: str  # for messages
    suffixes: tuple[str, ...]  # usual ones, best first
    read: Read
    is_it: Callable[[str], bool]  # says by the first characters of a file (the last line may be cut) if it is this one
    lines: Callable[[Iterable[Example]], Iterator[str]] | None = None
    by_suffix: bool = False
    is_folder: Callable[[Path], bool] | None = None  # says if a folder is one split in this format


class Recognised(NamedTuple):
    """A shape of files that is recognised and not read; `advice` says what to do."""

    title: str
    is_it: Callable[[str], bool]
    advice: str


def _never(head: str) -> bool:
    return False


# Most specific first: the first that fits by its content is taken.
FORMATS: tuple[Format, ...] = (
    Format("seq.in", "parallel files", (), seq_in_out.read, _never, is_folder=seq_in_out.is_folder),
    Format("jsonl", "JSON lines", (".jsonl", ".ndjson"), jsonl.read, jsonl.is_it, jsonl.lines, by_suffix=True),
    Format("csv", "tables with a header", (".csv",), tables.read, tables.is_it, tables.lines, by_suffix=True),
    Format("sentence-lines", "words, a tab and tags", (), sentence_lines.read, sentence_lines.is_it),
    Format("word-tag", "words with tags", (), word_tag.read, word_tag.is_it),
    Format(
        "conll",
        "columns",
        (".conll", ".iob", ".iob2", ".bio", ".bmes", ".bioes", ".conllu", ".tsv"),
        conll.read,
        conll.is_it,
        conll.lines,
        by_suffix=True,
    ),
    Format("markup", "markup", (".markup",), markup.read, markup.is_it, markup.lines, by_suffix=True),
    # any text would fit, and would have no slot: so its suffix must say it
    Format("text", "plain text", (".txt",), text.read, _never, by_suffix=True),
)

RECOGNISED: tuple[Recognised, ...] = ()


def format_of(path: Path) -> Format | None:
    """The format of a file by its content, whatever its name; else by its suffix, if its reader can say what is wrong.

    None for a folder that is not one split, and for what no format fits. InputError if the file cannot be read.
    """
    if path.is_dir():
        return next((one for one in FORMATS if one.is_folder is not None and one.is_folder(path)), None)
    head = head_of(path)
    fitting = next((one for one in FORMATS if one.is_it(head)), None)
    if fitting is not None or any(one.is_it(head) for one in RECOGNISED):
        return fitting
    suffix = suffix_of(path)
    return next((one for one in FORMATS if one.by_suffix and suffix in one.suffixes), None)


def suffix_format(path: Path) -> Format | None:
    """The format that a name has by its suffix alone, as for a file that is yet to be written."""
    suffix = suffix_of(path)
    return next((one for one in FORMATS if suffix in one.suffixes), None)


def suffix_of(path: Path) -> str:
    """The suffix of a file, without that of gzip: `.iob` of `test.iob.gz`."""
    return (path.with_suffix("") if path.suffix.lower() == ".gz" else path).suffix.lower()


def unknown(path: Path) -> InputError:
    """What to say of a file that no format fits."""
    head = head_of(path)
    known = next((one for one in RECOGNISED if one.is_it(head)), None)
    if known is not None:
        return InputError(f"{path}: this is {known.title}: {known.advice}")
    titles = ", ".join(dict.fromkeys(one.title for one in FORMATS))
    first = next((line for line in head.splitlines() if line.strip()), "")
    found = f"its first line is {shown(first)}" if first else "it is empty"
    return InputError(f"{path}: unknown format: expected {titles}, each described in docs/formats.md; {found}")


def head_of(path: Path) -> str:
    """The first characters of a file, which may be gzipped; bytes that are not UTF-8 are replaced.

    InputError if the file cannot be read.
    """
    try:
        with path.open("rb") as stream:
            start = stream.read(4 * HEAD)
        if start.startswith(_GZIPPED):
            with gzip.open(path) as unzipped:
                start = unzipped.read(4 * HEAD)
    except (OSError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(f"{path}: cannot be read: {reason}") from None
    coding = utf16_of(start) or "utf-8-sig"
    return start.decode(coding, errors="replace").replace("\r\n", "\n")[:HEAD]
