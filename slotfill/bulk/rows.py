"""Rows of the four formats: an id and a text each, or a problem. No row is ever left out.

In JSONL and Parquet, a text may be a list of its tokens.

A row of text or JSONL is a line, a row of CSV follows RFC 4180 (UTF-8, with a header). In these three a range of rows
begins at a byte; in Parquet it begins at a row.
"""

import csv
import json
from collections import deque
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

from slotfill.errors import MissingExtraError
from slotfill.schema import Token

if TYPE_CHECKING:
    import pyarrow.parquet

LONGEST_ROW = 1 << 20  # bytes of a line, with all its columns
LONGEST_TEXT = 100_000  # characters; the tagger needs up to half a kB of memory for each
_BOM = b"\xef\xbb\xbf"


class Row(NamedTuple):
    """One row of the source; either `text` is good, or `problem` says why it is not."""

    id: str | None
    text: str | None
    problem: str | None = None
    tokens: tuple[Token, ...] | None = None  # if the row has a list of them in place of a text


class Columns(NamedTuple):
    """The columns or keys of the text and the id; None if rows have no id."""

    text: str
    id: str | None


# --- lines -----------------------------------------------------------------------------------------


def line_starts(stream: BinaryIO, *, every: int) -> Iterator[tuple[int, int]]:
    """(first byte, number of lines) of each range of `every` lines; the last may have fewer."""
    import numpy as np

    head = stream.read(len(_BOM))
    start = len(head) if head == _BOM else 0
    stream.seek(start)
    position, lines, last = start, 0, b"\n"
    while block := stream.read(1 << 20):
        count = block.count(b"\n")
        if lines + count >= every:
            for end in (np.flatnonzero(np.frombuffer(block, dtype=np.uint8) == 10) + position + 1).tolist():
                lines += 1
                if lines == every:
                    yield start, lines
                    start, lines = end, 0
        else:
            lines += count
        position += len(block)
        last = block[-1:]
    if last != b"\n":
        lines += 1  # the last line lacks its end
    if lines:
        yield start, lines


def text_rows(stream: BinaryIO, *, start: int, count: int) -> Iterator[Row]:
    """Each line is a text."""
    for line, _ in islice(_lines(stream, start=start), count):
        yield _checked(None, _without_end(line)) if line is not None else _TOO_LONG


def jsonl_rows(stream: BinaryIO, columns: Columns, *, start: int, count: int) -> Iterator[Row]:
    """Each line is an object with the text under its key."""
    for line, _ in islice(_lines(stream, start=start), count):
        yield _object(_without_end(line), columns) if line is not None else _TOO_LONG


def keys_of(line: bytes) -> list[str] | None:
    """The keys of a JSON line; None if it is not an object."""
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return list(record) if isinstance(record, dict) else None


def _lines(stream: BinaryIO, *, start: int = 0) -> Iterator[tuple[bytes | None, int]]:
    """Lines with their ends, and their sizes in bytes; a line that is too long is None, and never in memory."""
    stream.seek(start)
    while line := stream.readline(LONGEST_ROW):
        size = len(line)
        if size < LONGEST_ROW or line.endswith(b"\n"):
            yield line, size
            continue
        while more := stream.readline(LONGEST_ROW):
            size += len(more)
            if more.endswith(b"\n"):
                break
        yield None, size


def _without_end(line: bytes) -> bytes:
    return line.removesuffix(b"\n").removesuffix(b"\r")


def _object(line: bytes, columns: Columns) -> Row:
    try:
        decoded = line.decode()
    except UnicodeDecodeError as error:
        return Row(None, line.decode(errors="replace"), _not_utf8(error))
    try:
        record = json.loads(decoded)
    except json.JSONDecodeError as error:
        return _bad(f"not JSON: {error.msg} at column {error.colno}")
    except (ValueError, RecursionError):  # a number of thousands of digits, a thousand brackets
        return _bad("not JSON that can be read: too long a number, or nested too deeply")
    if not isinstance(record, dict):
        return _bad(f"expected an object in braces, got {_brief(record)}")
    id_ = record.get(columns.id) if columns.id is not None else None
    if id_ is not None and not isinstance(id_, str):
        id_ = json.dumps(id_)
    if columns.text not in record:
        return Row(_sound(id_), None, f'no "{columns.text}", only {_brief(list(record))}')
    return _checked(_sound(id_), record[columns.text])


# --- CSV -------------------------------------------------------------------------------------------


def csv_header(stream: BinaryIO) -> tuple[list[str], int]:
    """The names in the first row, and the byte where the second begins; ValueError if there are none."""
    stream.seek(0)
    skip = len(_BOM) if stream.read(len(_BOM)) == _BOM else 0
    fields, size, problem = next(_csv(stream, start=skip), (None, 0, "no header: the file is empty"))
    if fields is None:
        raise ValueError(problem)
    return [field.decode(errors="replace") for field in fields], skip + size


def csv_starts(stream: BinaryIO, *, every: int) -> Iterator[tuple[int, int]]:
    """`line_starts` for CSV, without the header; every row is parsed, since a field may contain line ends."""
    start = position = csv_header(stream)[1]
    rows = 0
    for _, size, _ in _csv(stream, start=start):
        rows += 1
        position += size
        if rows == every:
            yield start, rows
            start, rows = position, 0
    if rows:
        yield start, rows


def csv_rows(stream: BinaryIO, columns: Columns, *, start: int, count: int) -> Iterator[Row]:
    """Each row has the text in its column; a row must have as many fields as the header."""
    names, _ = csv_header(stream)
    text_at = names.index(columns.text)
    id_at = names.index(columns.id) if columns.id is not None else None
    for fields, _, problem in islice(_csv(stream, start=start), count):
        if fields is None:
            yield _bad(problem)
            continue
        fields = fields or [b""]  # an empty line is an empty field
        if len(fields) != len(names):
            hint = ": is a comma not in quotes?" if len(fields) > len(names) else ""
            yield _bad(f"expected {len(names)} fields as in the header, got {len(fields)}{hint}")
        else:
            id_ = None if id_at is None else fields[id_at].decode(errors="replace")
            yield _checked(id_, fields[text_at])


def _csv(stream: BinaryIO, *, start: int) -> Iterator[tuple[list[bytes] | None, int, str]]:
    """The fields of each row (None if it does not parse), its size in bytes, and its problem.

    A row that does not parse ends with its first line: a quote that is never closed must not swallow the next rows.
    """
    unread = _lines(stream, start=start)
    again: deque[tuple[bytes | None, int]] = deque()
    taken: list[tuple[bytes | None, int]] = []
    size = 0  # of the taken lines

    def lines() -> Iterator[str]:
        nonlocal size
        while entry := again.popleft() if again else next(unread, None):
            taken.append(entry)
            size += entry[1]
            if entry[0] is None or size > LONGEST_ROW:
                raise csv.Error(f"a row of more than {LONGEST_ROW:,} bytes: is a quote not closed?")
            yield entry[0].decode("latin-1")  # every byte a character: each field is decoded later

    csv.field_size_limit(LONGEST_ROW)
    reader = csv.reader(lines(), strict=True)
    while True:
        taken.clear()
        size = 0
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            again.extendleft(reversed(taken[1:]))
            yield None, taken[0][1], f"not CSV: {error}"
            reader = csv.reader(lines(), strict=True)
        else:
            yield [field.encode("latin-1") for field in fields], size, ""


# --- Parquet ---------------------------------------------------------------------------------------


_TEXTS = ("string", "large_string", "binary", "large_binary", "null")  # types of Arrow that may hold text


def parquet_starts(stream: BinaryIO, columns: Columns, *, every: int) -> Iterator[tuple[int, int]]:
    """(first row, number of rows) of each range; ValueError if the file or its columns cannot be read."""
    file = _parquet(stream)
    import pyarrow as pa

    for name in filter(None, columns):
        if name not in file.schema_arrow.names:
            raise ValueError(f"no column {name!r}, only {', '.join(file.schema_arrow.names)}")
    kind = file.schema_arrow.field(columns.text).type
    value = kind.value_type if pa.types.is_dictionary(kind) else kind
    if str(value) not in _TEXTS and not (_is_list(pa, kind) and str(kind.value_type) in _TEXTS):
        raise ValueError(f"column {columns.text!r} holds {kind}, not text")
    rows = file.metadata.num_rows
    for start in range(0, rows, every):
        yield start, min(every, rows - start)


def _is_list(pa: Any, kind: Any) -> bool:
    return bool(pa.types.is_list(kind) or pa.types.is_large_list(kind))


def parquet_rows(stream: BinaryIO, columns: Columns, *, start: int, count: int) -> Iterator[Row]:
    """Each row has the text in its column."""
    file = _parquet(stream)
    import pyarrow as pa

    groups, skip = _groups(file, start=start, count=count)
    wanted = [name for name in columns if name is not None]
    for batch in file.iter_batches(batch_size=1000, row_groups=groups, columns=wanted, use_threads=False):
        here = batch.slice(skip, count)
        skip = max(0, skip - len(batch))
        count -= len(here)
        # as bytes: text columns may hold bytes that are not UTF-8, and one such row must not end the run
        texts = here.column(columns.text)
        if pa.types.is_dictionary(texts.type):
            texts = texts.dictionary_decode()
        texts = (texts if _is_list(pa, texts.type) else texts.cast(pa.large_binary())).to_pylist()
        ids = [None] * len(texts)
        if columns.id is not None:
            ids = here.column(columns.id).to_pylist()
        for id_, text in zip(ids, texts, strict=True):
            yield _checked(None if id_ is None else _sound(str(id_)), text)
        if not count:
            return


def _groups(file: "pyarrow.parquet.ParquetFile", *, start: int, count: int) -> tuple[list[int], int]:
    """The row groups that hold a range of rows, and how many rows of the first to skip."""
    groups, skip, before = [], start, 0
    for number in range(file.metadata.num_row_groups):
        size = file.metadata.row_group(number).num_rows
        if before + size <= start:
            skip -= size
        elif before < start + count:
            groups.append(number)
        before += size
    return groups, skip


def _parquet(stream: BinaryIO) -> "pyarrow.parquet.ParquetFile":
    try:
        import pyarrow as pa
        import pyarrow.parquet
    except ImportError:
        raise MissingExtraError("Parquet", extra="bulk") from None
    try:
        return pa.parquet.ParquetFile(stream, pre_buffer=False)
    except pa.ArrowInvalid as error:
        raise ValueError(f"not Parquet: {error}") from None


# --- all -------------------------------------------------------------------------------------------


def _checked(id_: str | None, text: object) -> Row:
    """A row with its text, or with a problem if it cannot be tagged or written."""
    if isinstance(text, bytes):
        try:
            text = text.decode()
        except UnicodeDecodeError as error:
            return Row(id_, error.object.decode(errors="replace"), _not_utf8(error))
    if isinstance(text, list) and text and all(isinstance(token, str) for token in text):
        return _tokenized(id_, text)
    if not isinstance(text, str):
        return Row(id_, None, f"expected text, got {_brief(text)}")
    if len(text) > LONGEST_TEXT:
        return Row(id_, None, f"a text of {len(text):,} characters: at most {LONGEST_TEXT:,} are tagged")
    if (sound := _sound(text)) != text:
        return Row(id_, sound, "half a surrogate pair in the text")
    return Row(id_, text)


def _tokenized(id_: str | None, words: list[str]) -> Row:
    """A row whose text is tokenized already."""
    from slotfill.given_tokens import tokens_in  # late: most rows have a text
    from slotfill.readers.alignment import text_of

    row = _checked(id_, text_of(words))
    if row.problem is not None or row.text is None:
        return row
    try:
        return row._replace(tokens=tokens_in(row.text, words))
    except ValueError as error:
        return row._replace(problem=str(error))


def _sound(text: str | None) -> str | None:
    """The text with U+FFFD for each half of a surrogate pair, which cannot be written."""
    return None if text is None else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _not_utf8(error: UnicodeDecodeError) -> str:
    return f"not UTF-8 at byte {error.start + 1}"


def _bad(problem: str) -> Row:
    return Row(None, None, problem)


def _brief(value: object) -> str:
    """A value for a message, cut after 40 characters."""
    text = json.dumps(value, default=str)
    return text if len(text) <= 40 else f"{text[:39]}…"


_TOO_LONG = _bad(f"a row of more than {LONGEST_ROW:,} bytes")
