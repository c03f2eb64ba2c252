"""Which files of a folder hold which split, and in which format."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple, Protocol

from slotfill.errors import InputError
from slotfill.readers import conll, jsonl, markup, seq_in_out, text
from slotfill.readers.lines import Report
from slotfill.schema import Example

# Common names of splits -> ours.
SPLITS = {
    "train": "train",
    "dev": "dev",
    "valid": "dev",
    "validation": "dev",
    "val": "dev",
    "test": "test",
    # further test splits of data/travel (data/README.md)
    "hostile": "hostile",
    "wild": "wild",
    "wild-dev": "wild-dev",
}

# The split of a single file whose name says nothing.
ALL = "all"

_SUFFIXES = {
    ".jsonl": "jsonl",
    ".conll": "conll",
    ".iob": "conll",
    ".iob2": "conll",
    ".bio": "conll",
    ".tsv": "conll",
    ".markup": "markup",
    ".txt": "text",
}
_ANYTHING = (".tsv", ".txt")  # suffixes that say nothing about a file
_PARALLEL = "seq.in"  # the format of a folder with parallel files


class _Read(Protocol):
    def __call__(self, path: Path, /, *, report: Report) -> Iterator[Example]: ...


_READERS: dict[str, _Read] = {
    "jsonl": jsonl.read,
    "conll": conll.read,
    "markup": markup.read,
    "text": text.read,
    _PARALLEL: seq_in_out.read,
}


class Part(NamedTuple):
    """One split and where it is: a file, or a folder with parallel files."""

    split: str
    path: Path
    format: str

    def read(self, *, report: Report) -> Iterator[Example]:
        """The examples of this split."""
        return _READERS[self.format](self.path, report=report)


def format_of(file: str | Path) -> str | None:
    """The format of a file by its suffix, or None."""
    return _SUFFIXES.get(Path(file).suffix.lower())


def parts_of(path: Path) -> list[Part]:
    """The splits in a file or a folder: those of `SPLITS` that it has, or only `all`.

    Raises InputError for anything but a data set, and for a folder that mixes formats or has a split twice.
    """
    if path.is_dir():
        return [Part(SPLITS.get(path.name.lower(), ALL), path, _PARALLEL)] if _is_parallel(path) else _parts_in(path)
    format_ = format_of(path)
    if format_ is None:
        raise InputError(f"{path}: unknown format: expected a file that ends in {', '.join(_SUFFIXES)}, or a folder")
    return [Part(SPLITS.get(path.stem.lower(), ALL), path, format_)]


def _parts_in(folder: Path) -> list[Part]:
    parts = found_in(folder)
    if not parts:
        entries = ", ".join(sorted(entry.name for entry in folder.iterdir())[:8]) or "nothing"
        expected = "train/, dev/, test/ with seq.in and seq.out, or files such as train.jsonl, dev.conll, test.markup"
        raise InputError(f"{folder}: no data set: found {entries}; expected {expected}")
    if len({part.format for part in parts}) > 1:
        names = ", ".join(part.path.name for part in parts)
        raise InputError(f"{folder}: several formats in one folder: found {names}; expected one")
    for first, second in pairwise(parts):
        if first.split == second.split:
            raise InputError(f"{folder}: {first.path.name} and {second.path.name} both hold the {first.split} split")
    return parts


def found_in(folder: Path) -> list[Part]:
    """The entries of a folder named after a split, in the order of `SPLITS`; InputError if it cannot be listed."""
    order = list(SPLITS.values())
    parts = []
    try:
        for entry in sorted(folder.iterdir()):
            stem, format_ = (entry.name, _PARALLEL) if _is_parallel(entry) else (entry.stem, format_of(entry))
            if format_ and stem.lower() in SPLITS:
                parts.append(Part(SPLITS[stem.lower()], entry, format_))
    except OSError as error:
        raise InputError(f"{folder}: cannot be listed: {error.strerror}") from None
    return sorted(parts, key=lambda part: order.index(part.split))


def data_files(path: str | Path) -> list[str]:
    """The files of a data set, as far as they are there; none if `path` is not a data set."""
    path = Path(path)
    if not path.exists() or not is_data(path):
        return []
    parts = [path] if path.is_file() or _is_parallel(path) else [part.path for part in found_in(path)]
    files = [
        file for part in parts for file in ([part / name for name in seq_in_out.FILES] if part.is_dir() else [part])
    ]
    return [str(file) for file in files if file.is_file()]


def is_data(path: str | Path) -> bool:
    """Say whether a path looks like a data set; `parts_of` may still refuse it."""
    path = Path(path)
    try:
        return bool(found_in(path)) or _is_parallel(path) if path.is_dir() else format_of(path) is not None
    except InputError:
        return False


def has_data(folder: str | Path) -> bool:
    """Say whether a folder is a data set, or may be meant as one.

    That is a folder with a file in a known format, whatever its name (except .tsv and .txt, which may be anything), or
    one that cannot be listed.
    """
    try:
        files = [entry for entry in Path(folder).iterdir() if entry.suffix.lower() not in _ANYTHING]
    except OSError:
        return True
    return is_data(folder) or any(format_of(file) for file in files)


def _is_parallel(path: Path) -> bool:
    return (path / "seq.in").is_file() or (path / "seq.out").is_file()
