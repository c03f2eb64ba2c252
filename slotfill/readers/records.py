"""JSON in files: an object or a list per line, or one document with a list of them."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

from slotfill.errors import DataError
from slotfill.readers.alignment import CharSpan, Marked
from slotfill.readers.lines import read_lines
from slotfill.readers.placed import Record, check_text
from slotfill.readers.reports import Report

LONG_NUMBER = "not JSON that can be read: a number has thousands of digits"
_DECODER = json.JSONDecoder()
_GAP = re.compile(r"[\s,]*")
_BYTE_ORDER_MARK = "\ufeff"
_TRIES = 20  # at cutting off a mistake


def records(path: Path, *, report: Report) -> Iterator[Record]:
    """The values of a file with one per line, or the items of a list, with their lines.

    What is not JSON is reported.
    """
    read = read_lines(path, report=report)
    if _is_document(read):
        text = "\n".join(line or "" for line in read)
        content = _decoded(text, path=path, report=report)
        items = content if isinstance(content, list) else [] if content is None else [content]
        yield from located(path, items, text=text, opening=r"\[")
        return
    for number, line in enumerate(read, start=1):
        if line is not None and line.strip():
            try:
                yield Record(json.loads(line), path, number)
            except json.JSONDecodeError as error:
                report(DataError(f"not JSON: {error.msg} at column {error.colno}", path=path, line=number))
            except ValueError:
                report(DataError(LONG_NUMBER, path=path, line=number))
            except RecursionError:
                report(DataError("not JSON: nested too deeply", path=path, line=number))


def document(path: Path, *, report: Report) -> tuple[str, Any]:
    """The text of a file that is one JSON document, and its content; None if it is reported as not JSON."""
    text = "\n".join(line or "" for line in read_lines(path, report=report))
    return text, _decoded(text, path=path, report=report)


def located(path: Path, items: Sequence[Any], *, text: str, opening: str) -> Iterator[Record]:
    """The items of a list in a document, with their lines where the list that `opening` matches has them all."""
    found = re.search(opening, text)
    places = list(_lines_of_items(text, found.end())) if found else []
    for number, item in enumerate(items, start=1):
        if len(places) == len(items):
            yield Record(item, path, places[number - 1])
        else:
            yield Record(item, f"{path}: example {number}")


def located_in(record: Record, items: Sequence[Any], *, path: Path, key: str, report: Report) -> Iterator[Record]:
    """The items of the list under a key of a record: in the record's line, or in those of a whole document."""
    if record.line is not None:
        yield from (Record(item, path, record.line) for item in items)
    else:
        text, _ = document(path, report=report)
        yield from located(path, items, text=text, opening=rf'"{key}"\s*:\s*\[')


def numbered(path: Path, items: Iterable[Any]) -> Iterator[Record]:
    """Items whose lines are not known."""
    for number, item in enumerate(items, start=1):
        yield Record(item, f"{path}: example {number}")


def _is_document(lines: Sequence[str | None]) -> bool:
    """Whether the lines are one JSON value together: a list of records in one line, or a value of several lines."""
    written = [line.strip() for line in lines if line is not None and line.strip()]
    if not written:
        return False
    first = _container(written[0])
    if first is not None:
        return len(written) == 1 and isinstance(first, list) and (not first or isinstance(first[0], list | dict))
    return written[0][-1] in "[{," or len(written) == 1 or _container(written[1]) is None


def _container(line: str) -> Any:
    """The list or object in a line, None if there is none."""
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):  # ValueError: not JSON, or a number of thousands of digits
        return None
    return value if isinstance(value, list | dict) else None


def _decoded(text: str, *, path: Path, report: Report) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        report(DataError(f"not JSON: {error.msg} at column {error.colno}", path=path, line=error.lineno))
    except ValueError:
        report(DataError(LONG_NUMBER, path=path))
    except RecursionError:
        report(DataError("not JSON: nested too deeply", path=path))
    return None


def _lines_of_items(text: str, position: int) -> Iterator[int]:
    """The line of each item of the list that begins at a position."""
    line, counted = 1, 0
    while True:
        gap = _GAP.match(text, position)
        position = gap.end() if gap else position
        try:
            _, end = _DECODER.raw_decode(text, position)
        except (ValueError, RecursionError):  # ValueError: not JSON, or a number of thousands of digits
            return
        line += text.count("\n", counted, position)
        counted = position
        yield line
        position = end


# --- what a file is --------------------------------------------------------------------------------


@lru_cache(maxsize=8)
def opening(head: str) -> Any:
    """The value that the beginning of a file holds, as far as it goes; None if it is not JSON.

    >>> opening('[{"text": "to Rome", "label": [[3, 7')
    [{'text': 'to Rome', 'label': [[3]]}]
    """
    text = head.lstrip(f"{_BYTE_ORDER_MARK} \t\r\n")
    if text[:1] not in ("{", "["):
        return None
    try:
        return _DECODER.raw_decode(text)[0]
    except RecursionError:
        return None
    except ValueError:
        pass
    for whole in islice(_closed(text), _TRIES):
        try:
            return json.loads(whole)
        except (ValueError, RecursionError):  # ValueError: not JSON, or a number of thousands of digits
            continue
    return None


@lru_cache(maxsize=8)
def first_records(head: str) -> list[Any]:
    r"""The first sentences of a file of records, of which the last may be cut; none if it is not JSON.

    >>> first_records('{"text": "to Rome"}\n{"text": "to')
    [{'text': 'to Rome'}, {}]
    """
    content = opening(head)
    if isinstance(content, list) and content and isinstance(content[0], list | dict):
        return content
    if content is None:
        return []
    return [content, *(opening(line) for line in head.split("\n")[1:50] if line[:1] in ("{", "["))]


def objects(head: str) -> list[dict[str, Any]]:
    """Those of the first sentences of a file that are objects."""
    return [record for record in first_records(head) if isinstance(record, dict)]


def _closed(text: str) -> Iterator[str]:
    """JSON that breaks off, or has a mistake, cut after a whole piece and closed: the longest first."""
    open_: _Open = None
    cuts: list[tuple[int, _Open]] = []
    for match in re.finditer(r'"(?:[^"\\]|\\.)*"?|[\[\]{},]', text, re.DOTALL):
        sign = match[0]
        if sign[0] == '"':
            continue
        if sign in "[{":
            open_ = ("]" if sign == "[" else "}", open_)
        elif sign in "]}" and open_ is not None:
            open_ = open_[1]
        cuts.append((match.start() if sign == "," else match.end(), open_))
    for end, still_open in reversed(cuts):
        yield text[:end] + "".join(_signs(still_open))


# What closes the innermost open bracket, and those around it: cuts share them, so that a thousand open ones cost no
# thousand copies.
_Open: TypeAlias = "tuple[str, _Open] | None"


def _signs(open_: "_Open") -> Iterator[str]:
    while open_ is not None:
        sign, open_ = open_
        yield sign


# --- fields ----------------------------------------------------------------------------------------

_Value = TypeVar("_Value", str, int, list[Any], dict[str, Any])
_KINDS = {str: "a string", int: "a whole number", list: "a list", dict: "an object"}


def field(record: Any, key: str, kind: type[_Value], *, place: str = "the object") -> _Value:
    """The value of a key; ValueError if it is missing or of another type (`true` is not a number)."""
    if not isinstance(record, dict):
        raise ValueError(f"{place} must be an object in braces, got {brief(record)}")
    if key not in record:
        raise ValueError(f'{place} has no "{key}", only {brief(list(record))}')
    value = record[key]
    if type(value) is not kind:
        raise ValueError(f'"{key}" of {place} must be {_KINDS[kind]}, got {brief(value)}')
    return value


def text_in(record: Any, key: str = "text", *, place: str = "the object") -> str:
    """The sentence in a record; ValueError as in `field`, and for half a surrogate pair."""
    check_text(text := field(record, key, str, place=place))
    return text


def intent_in(record: dict[str, Any], key: str = "intent") -> str | None:
    """The intent in a record, None if there is none; ValueError if it is not a string."""
    if record.get(key) in (None, ""):
        return None
    return field(record, key, str).strip() or None


def of_pieces(pieces: Iterable[tuple[str, str | None]], *, intent: str | None) -> Marked:
    """The sentence made of pieces of text, each with the name of its slot or None."""
    text, spans = "", []
    for number, (piece, name) in enumerate(pieces):
        start = len(text)
        text += piece
        if name is not None:
            spans.append(CharSpan(start, len(text), name, f"piece {number + 1}"))
    return Marked(text, None, spans, intent)


def words_in(record: dict[str, Any], key: str) -> list[str]:
    """The tokens in a record; ValueError if they are not strings."""
    words = field(record, key, list)
    if not all(isinstance(word, str) for word in words):
        raise ValueError(f'"{key}" must be strings, got {brief(words)}')
    return words


def span_in(
    entry: Any, *, place: str, name: str, keys: tuple[str, str] = ("start", "end"), last: bool = False
) -> CharSpan:
    """The span between the offsets under two keys; with `last`, the second is that of the last character."""
    start, end = (field(entry, key, int, place=place) for key in keys)
    return CharSpan(start, end + last, name, place)


def brief(value: object) -> str:
    """A JSON value for a message, shortened."""
    text = json.dumps(value, default=repr)
    return text if len(text) <= 40 else f"{text[:39]}…"
