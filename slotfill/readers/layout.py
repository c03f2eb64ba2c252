"""Which files of a folder hold which split, and in which format."""

import re
from collections.abc import Iterator, Mapping
from functools import partial
from itertools import islice, pairwise
from pathlib import Path
from typing import NamedTuple

from slotfill.errors import InputError
from slotfill.readers import tables
from slotfill.readers.formats import FORMATS, Format, format_of, head_of, suffix_format, suffix_of, unknown
from slotfill.readers.reports import Report
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

_LOOKED_AT = 100  # files of a folder without splits, for one that can be named

# The split of a single file whose name says nothing.
ALL = "all"

# Parts of longer names, as in eng.testa, en.valid.conll, atis.train.w-intent.iob, en_ewt-ud-dev.iob2, engtrain.bio.
_PARTS = {
    **{name: split for name, split in SPLITS.items() if name not in ("hostile", "wild", "wild-dev")},
    "training": "train",
    "development": "dev",
    "validate": "dev",
    "testa": "dev",
    "testb": "test",
    "testing": "test",
}
_ENDING = re.compile(r"(train|valid|dev|test)$")
_TELLING = tuple(  # suffixes that say what a file is; .tsv and the like may be anything
    suffix for one in FORMATS if one.by_suffix for suffix in one.suffixes if suffix not in (".csv", ".tsv", ".txt")
)


class Part(NamedTuple):
    """One split and where it is: a file, or a folder with parallel files."""

    split: str
    path: Path
    format: Format

    def read(self, *, report: Report) -> Iterator[Example]:
        """The examples of this split."""
        return self.format.read(self.path, report=report)


def parts_of(path: Path) -> list[Part]:
    """The splits in a file or a folder: those of `SPLITS` that it has, or only `all`.

    Raises InputError for anything but a data set, and for a folder that mixes formats or has a split twice.
    """
    try:
        format_ = format_of(path)
        if format_ is not None:
            return [Part(_split_in(path) or ALL, path, format_)]
        if path.is_dir():
            return _parts_in(path)
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from None
    raise unknown(path)


def table_in(path: Path, columns: Mapping[str, str]) -> list[Part]:
    """The split in a file that is a table with these columns (see `tables.read`), whatever its suffix.

    Raises InputError for anything but a file.
    """
    if not path.is_file():
        raise InputError(f"{path}: columns are named for one CSV or TSV file")
    read = partial(tables.read, columns=columns)
    return [Part(_split_in(path) or ALL, path, next(one for one in FORMATS if one.name == "csv")._replace(read=read))]


def _parts_in(folder: Path) -> list[Part]:
    parts = found_in(folder)
    if not parts:
        entries = ", ".join(sorted(entry.name for entry in folder.iterdir())[:8]) or "nothing"
        expected = "train/, dev/, test/ with seq.in and seq.out, or files such as train.jsonl, dev.conll, test.markup"
        if readable := _readable_in(folder):
            expected = (
                f"names of splits, as in train.jsonl; {readable.path} can be read ({readable.format.title}): name it"
            )
        raise InputError(f"{folder}: no data set: found {entries}; expected {expected}")
    if len({part.format.name for part in parts}) > 1 and len({suffix_of(part.path) for part in parts}) > 1:
        names = ", ".join(f"{part.path.name} ({part.format.title})" for part in parts)
        raise InputError(f"{folder}: several formats in one folder: found {names}; expected one")
    for first, second in pairwise(parts):
        if first.split == second.split:
            raise InputError(f"{folder}: {first.path.name} and {second.path.name} both hold the {first.split} split")
    return parts


def _readable_in(folder: Path) -> Part | None:
    """A file in the folder, or in a folder in it, with labelled sentences, whatever its name."""
    entries = (entry for pattern in ("*", "*/*") for entry in sorted(folder.glob(pattern)))
    files = (entry for entry in entries if entry.is_file() and entry.name[0] != "." and not _is_foreign(entry))
    for file in islice(files, _LOOKED_AT):
        head = head_of(file)
        format_ = next((one for one in FORMATS if one.is_it(head)), None)
        if format_ is not None:
            return Part(ALL, file, format_)
    return None


def found_in(folder: Path) -> list[Part]:
    """The entries of a folder named after a split, in the order of `SPLITS`; InputError if it cannot be listed.

    Longer names, such as eng.train, count where no entry has the plain name of a split.
    """
    order = list(SPLITS.values())
    try:
        entries = sorted(entry for entry in folder.iterdir() if not entry.name.startswith("."))
    except OSError as error:
        raise InputError(f"{folder}: cannot be listed: {error.strerror}") from None
    for split_in in (_plain_split, _longer_split):
        parts = []
        for entry in entries:
            split = split_in(entry)
            format_ = format_of(entry) if split is not None and not _is_foreign(entry) else None
            if split is not None and format_ is not None:
                parts.append(Part(split, entry, format_))
        if parts:
            return sorted(parts, key=lambda part: order.index(part.split))
    return []


def _is_foreign(entry: Path) -> bool:
    """Whether the name alone tells that this is no data."""
    return entry.suffix.lower() in (".py", ".log", ".pdf", ".png", ".html")


def _split_in(path: Path) -> str | None:
    """The split in the name of a single file, which must be a part by itself: `eng.train`, not `my-train.jsonl`."""
    parts = path.name.lower().split(".")
    return _plain_split(path) or next((_PARTS[part] for part in parts if part in _PARTS), None)


def _plain_split(path: Path) -> str | None:
    name = path.name if path.is_dir() else path.name.removesuffix(".gz").rpartition(".")[0] or path.name
    return SPLITS.get(name.lower())


def _longer_split(path: Path) -> str | None:
    words = re.split(r"[^a-z]+", path.name.lower())
    known = next((_PARTS[word] for word in words if word in _PARTS), None)
    ending = next(filter(None, map(_ENDING.search, words)), None)
    return known or (SPLITS[ending[1]] if ending else None)


def data_files(path: str | Path) -> list[str]:
    """The files of a data set, as far as they are there; none if `path` is not a data set."""
    path = Path(path)
    if not path.exists() or not is_data(path):
        return []
    parts = [path] if path.is_file() else [part.path for part in found_in(path)] or [path]
    files = [file for part in parts for file in (sorted(part.rglob("*")) if part.is_dir() else [part])]
    return [str(file) for file in files if file.is_file()]


def is_data(path: str | Path) -> bool:
    """Say whether a path looks like a data set; `parts_of` may still refuse it."""
    path = Path(path)
    try:
        return format_of(path) is not None or (path.is_dir() and bool(found_in(path)))
    except (InputError, OSError):
        return False


def has_data(folder: str | Path) -> bool:
    """Say whether a folder is a data set, or may be meant as one.

    That is a folder with a file in a known format, whatever its name (except .csv, .tsv and .txt, which may be
    anything), or one that cannot be listed.
    """
    try:
        suffixes = [suffix_of(entry) for entry in Path(folder).iterdir()]
    except OSError:
        return True
    return is_data(folder) or any(suffix in _TELLING for suffix in suffixes)


def written_format(file: str | Path) -> Format | None:
    """The format in which a file of this name is written, by its suffix; None if there is none."""
    named = suffix_format(Path(file))
    return named if named is not None and (named.lines or named.content) else None
