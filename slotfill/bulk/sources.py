"""A source (a file, or a folder of files of one format) -> parts, which are fixed ranges of its rows.

Text and JSONL are read once, fast, to find the ends of lines; of Parquet only the footer is read; CSV is parsed.
"""

from collections.abc import Iterator
from itertools import islice
from typing import BinaryIO, NamedTuple

from slotfill.bulk import rows
from slotfill.bulk.rows import Columns, Row
from slotfill.bulk.storage import File, base_name, storage_of
from slotfill.errors import InputError

FORMATS = {".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv", ".txt": "text", ".parquet": "parquet"}
_LOOKED_AT = 100  # first lines of a JSONL file, one of which must have the text's key


class Part(NamedTuple):
    """`rows` rows of the file `path`, from the byte (in Parquet: the row) `start`; the first is number `first`."""

    number: int
    path: str
    start: int
    rows: int
    first: int


def files_of(source: str) -> tuple[list[File], str]:
    """The files of a source and their format; names that begin with `.` or `_` are left out of a folder.

    InputError if there is nothing that can be read.
    """
    try:
        files = storage_of(source).files(source)
    except OSError as error:
        raise InputError(f"{source}: cannot be read: {error.strerror or error}") from None
    if files and files[0].path.rstrip("/") != source.rstrip("/"):
        files = [file for file in files if not base_name(file.path).startswith((".", "_"))]
    if not files:
        raise InputError(f"{source}: no file in this folder")
    formats = {_format_of(file.path): file.path for file in files}
    if len(formats) > 1:
        raise InputError(f"{source}: expected files of one format, got {' and '.join(sorted(formats.values()))}")
    return files, next(iter(formats))


def _format_of(path: str) -> str:
    _, dot, suffix = base_name(path).rpartition(".")
    try:
        return FORMATS[dot + suffix.lower()]
    except KeyError:
        raise InputError(f"{path}: expected a name that ends in {', '.join(FORMATS)}") from None


def parts_of(files: list[File], style: str, columns: Columns, *, size: int) -> Iterator[Part]:
    """Parts of `size` rows, fewer at the end of each file; InputError if a file cannot be read or lacks a column."""
    number, first = 0, 1
    for file in files:
        try:
            for start, count in _ranges(file.path, style, columns, size=size):
                yield Part(number, file.path, start, count, first)
                number += 1
                first += count
        except (OSError, ValueError) as error:
            raise InputError(f"{file.path}: {getattr(error, 'strerror', None) or error}") from None


def _ranges(path: str, style: str, columns: Columns, *, size: int) -> Iterator[tuple[int, int]]:
    with storage_of(path).open(path) as stream:
        if style == "parquet":
            yield from rows.parquet_starts(stream, columns, every=size)
        elif style == "csv":
            names, _ = rows.csv_header(stream)
            for name in filter(None, columns):
                if name not in names:
                    raise ValueError(f"no column {name!r} in the header, only {', '.join(names)}")
            yield from rows.csv_starts(stream, every=size)
        else:
            if style == "jsonl":
                _check_key(stream, columns.text)
                stream.seek(0)
            yield from rows.line_starts(stream, every=size)


def _check_key(stream: BinaryIO, key: str) -> None:
    """ValueError if the first lines have other keys only."""
    seen = [keys for line in islice(stream, _LOOKED_AT) if (keys := rows.keys_of(line)) is not None]
    if seen and not any(key in keys for keys in seen):
        raise ValueError(f'no "{key}" in the first lines, only {", ".join(seen[0])}: see --column')


def read(part: Part, style: str, columns: Columns) -> Iterator[Row]:
    """The rows of a part; InputError if the file has changed since the parts were made."""
    try:
        with storage_of(part.path).open(part.path) as stream:
            start, count = part.start, part.rows
            if style == "parquet":
                found = rows.parquet_rows(stream, columns, start=start, count=count)
            elif style == "csv":
                found = rows.csv_rows(stream, columns, start=start, count=count)
            elif style == "jsonl":
                found = rows.jsonl_rows(stream, columns, start=start, count=count)
            else:
                found = rows.text_rows(stream, start=start, count=count)
            read_rows = 0
            for row in found:
                read_rows += 1
                yield row
    except (OSError, ValueError) as error:
        raise InputError(f"{part.path}: {getattr(error, 'strerror', None) or error}") from None
    if read_rows != part.rows:
        raise InputError(f"{part.path}: expected {part.rows} rows from {part.start}, got {read_rows}: it has changed")
