"""Rows with tokens and their tags, in columns as data sets of the Hugging Face hub name them.

    {"tokens": ["Fly", "to", "Oslo"], "ner_tags": ["O", "O", "B-city"], "intent": "flight"}

Tokens and tags are lists, or strings with spaces. Tags may be numbers where the file says what they stand for, as
Parquet files and the hub do (ClassLabel).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from slotfill.errors import DataError
from slotfill.readers.alignment import text_of
from slotfill.readers.placed import check_text
from slotfill.readers.records import brief, objects, records
from slotfill.readers.reports import Report
from slotfill.readers.tagged import TaggedSentence, examples_of
from slotfill.schema import Example
from slotfill.tokenizers import is_unspaced

TOKENS = ("tokens", "words", "token", "word", "text", "sentence", "utterance")
TAGS = ("ner_tags", "tags", "slots", "slot_labels", "slot_tags", "bio_tags", "iob_tags", "labels", "ner", "label")
INTENTS = ("intent", "intent_label", "intents")


class Columns(NamedTuple):
    """The columns of a data set, and what the numbers in them stand for."""

    tokens: str
    tags: str
    intent: str | None
    names: Mapping[str, Sequence[str]] = {}


def columns_of(row: Mapping[str, Any], *, names: Mapping[str, Sequence[str]] | None = None) -> Columns | None:
    """The columns of a row; None if it has none for tokens and tags."""
    tokens = next((key for key in TOKENS if _is_listing(row.get(key))), None)
    tags = next((key for key in TAGS if key != tokens and _is_listing(row.get(key))), None)
    if tokens is None or tags is None or not _match(row[tokens], row[tags]):
        return None
    return Columns(tokens, tags, next((key for key in INTENTS if key in row), None), names or {})


def is_it(head: str) -> bool:
    """Whether a file begins as JSON lines, or a list, of such rows."""
    return any(columns_of(record) is not None and _is_row(record) for record in objects(head))


def _is_row(record: dict[str, Any]) -> bool:
    columns = columns_of(record)
    return columns is not None and bool(record[columns.tags]) and "spans" not in record


def read(path: Path, *, report: Report) -> Iterator[Example]:
    """The examples of one file of rows in JSON."""
    found = list(records(path, report=report))
    rows = [one.content for one in found if isinstance(one.content, dict)]
    columns = next(filter(None, map(columns_of, rows)), None)
    if columns is not None and (problem := unnamed(rows, columns)):
        report(DataError(problem, path=path))
        return iter(())
    sentences = []
    for one in found:
        try:
            sentences.append(sentence_of(one.content, columns, path=one.path, line=one.line))
        except ValueError as error:
            report(one.error(str(error)))
    return examples_of(sentences, report=report)


def unnamed(rows: Iterable[Mapping[str, Any]], columns: Columns) -> str | None:
    """What is wrong with a column of tags that are all numbers, if nothing says what they stand for; else None."""
    tags = [tag for row in rows for tag in _items(row.get(columns.tags))]
    if columns.tags in columns.names or not tags or not all(type(tag) is int for tag in tags):
        return None
    told = "a Parquet file or hub:NAME does (ClassLabel)"
    return f'"{columns.tags}" are numbers, and the file does not say which slots they stand for: {told}'


def _items(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else []


def sentences_of(
    rows: Iterable[Mapping[str, Any]], columns: Columns, *, place: str, report: Report
) -> Iterator[TaggedSentence]:
    """The sentences of rows, which messages count from 1."""
    for number, row in enumerate(rows, start=1):
        path = f"{place} row {number}"
        try:
            yield sentence_of(row, columns, path=path)
        except ValueError as error:
            report(DataError(str(error), path=path))


def sentence_of(row: Any, columns: Columns | None, *, path: Path | str, line: int | None = None) -> TaggedSentence:
    """The sentence in a row; ValueError for one of another shape."""
    if not isinstance(row, Mapping) or columns is None:
        raise ValueError(f"expected an object with tokens and tags, got {brief(row)}")
    words, tags = _listed(row, columns.tokens), _listed(row, columns.tags)
    said = row[columns.tokens]
    text = said if isinstance(said, str) and not is_unspaced(said) else text_of(map(str, words))
    if not all(isinstance(word, str) for word in words):
        raise ValueError(f'"{columns.tokens}" must be strings, got {brief(words)}')
    check_text(text)
    names = columns.names.get(columns.tags)
    return TaggedSentence(
        text, words, [_named(tag, names, columns.tags) for tag in tags], _intent(row, columns), path, line
    )


def _intent(row: Mapping[str, Any], columns: Columns) -> str | None:
    intent = row.get(columns.intent) if columns.intent else None
    if columns.intent is None or intent is None or intent == "":
        return None
    names = columns.names.get(columns.intent)
    if type(intent) is int and names is not None:
        return _named(intent, names, columns.intent)
    if isinstance(intent, str | int):
        return str(intent)
    raise ValueError(f'"{columns.intent}" must be a string, got {brief(intent)}')


def _named(tag: Any, names: Sequence[str] | None, column: str) -> str:
    """The name of a tag, which may be a number."""
    if isinstance(tag, str):
        return tag
    if type(tag) is not int:
        raise ValueError(f'"{column}" must be strings, got {brief(tag)}')
    if names is None:
        raise ValueError(f'"{column}" has the number {tag}, and the file does not say which slot it stands for')
    if not 0 <= tag < len(names):
        raise ValueError(f'{tag} in "{column}" stands for nothing: expected 0 to {len(names) - 1}')
    return names[tag]


def _listed(row: Mapping[str, Any], key: str) -> list[Any]:
    value = row.get(key)
    if isinstance(value, str):
        return value.split()
    if isinstance(value, list | tuple):
        return list(value)
    raise ValueError(f'expected a list or a string under "{key}", got {brief(value)}')


def _is_listing(value: Any) -> bool:
    """Whether a value may be tokens or tags: a string, or a list of strings or numbers."""
    return isinstance(value, str) or (
        isinstance(value, list | tuple) and all(isinstance(one, str) or type(one) is int for one in value)
    )


def _match(tokens: Any, tags: Any) -> bool:
    """Whether tags look like those of tokens: two lists, or a string of tags."""
    if isinstance(tags, str):
        return isinstance(tokens, str) and all(tag == "O" or tag[1:2] == "-" for tag in tags.split())
    return not isinstance(tokens, str)
