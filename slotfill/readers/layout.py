"""Which files of a folder hold which split, and in which format."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple, Protocol

from slotfill.errors import InputError
from slotfill.readers import conll, jsonl, markup, seq_in_out
from slotfill.readers.lines import Report
from slotfill.schema import Example

# What people call the splits -> what we call them.
SPLITS = {
    "train": "train",
    "dev": "dev",
    "valid": "dev",
    "validation": "dev",
    "val": "dev",
    "test": "test",
    "hostile": "hostile",  # a second test part: typos, speech, codes
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
}
_PARALLEL = "seq.in"  # the format of a folder with parallel files


class _Read(Protocol):
    def __call__(self, path: Path, /, *, report: Report) -> Iterator[Example]: ...


_READERS: dict[str, _Read] = {
    "jsonl": jsonl.read,
    "conll": conll.read,
    "markup": markup.read,
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


def format_of(file: Path) -> str | None:
    """The format that a file's suffix promises, or None."""
    return _SUFFIXES.get(file.suffix.lower())


def parts_of(path: Path) -> list[Part]:
    """The splits that a file or a folder holds: train, dev, test and hostile as far as there are, or `all`.

    Raises InputError for what is no data set, and for a folder that mixes formats or holds a split twice.
    """
    if not path.is_dir():
        format_ = format_of(path)
        if format_ is None:
            raise InputError(
                f"{path}: unknown format: expected a file that ends in {', '.join(_SUFFIXES)}, or a folder"
            )
        return [Part(SPLITS.get(path.stem.lower(), ALL), path, format_)]
    if _is_parallel(path):
        return [Part(SPLITS.get(path.name.lower(), ALL), path, _PARALLEL)]
    parts = found_in(path)
    if not parts:
        there = ", ".join(sorted(entry.name for entry in path.iterdir())[:8]) or "nothing"
        expected = "train/, dev/, test/ with seq.in and seq.out, or files such as train.jsonl, dev.conll, test.markup"
        raise InputError(f"{path}: no data set: found {there}; expected {expected}")
    if len({part.format for part in parts}) > 1:
        there = ", ".join(part.path.name for part in parts)
        raise InputError(f"{path}: several formats in one folder: found {there}; expected one")
    for first, second in pairwise(parts):
        if first.split == second.split:
            raise InputError(f"{path}: {first.path.name} and {second.path.name} both hold the {first.split} split")
    return parts


def found_in(folder: Path) -> list[Part]:
    """Whatever in a folder is named as a split, in the order of `SPLITS`; InputError if it cannot be listed."""
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


def is_data(path: str | Path) -> bool:
    """Say whether a file or folder looks like a data set (which `parts_of` may still refuse)."""
    path = Path(path)
    try:
        return bool(found_in(path)) or _is_parallel(path) if path.is_dir() else format_of(path) is not None
    except InputError:
        return False


def has_data(folder: str | Path) -> bool:
    """Say whether a folder is a data set, or may be meant for one.

    It has a file in a format of ours, whatever its name (but a .tsv may be any table), or cannot be looked into.
    """
    try:
        files = [entry for entry in Path(folder).iterdir() if entry.suffix.lower() != ".tsv"]
    except OSError:
        return True
    return is_data(folder) or any(format_of(file) for file in files)


def _is_parallel(path: Path) -> bool:
    return (path / "seq.in").is_file() or (path / "seq.out").is_file()
