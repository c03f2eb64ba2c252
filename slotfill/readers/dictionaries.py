"""Rows of a table in memory (pandas, `datasets`, SQL) -> Examples: text and spans as in JSONL, or tokens and tags."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from slotfill.errors import DataError, InputError
from slotfill.readers import jsonl
from slotfill.readers.alignment import Marked, cutting, example_of, text_of
from slotfill.readers.reports import Report
from slotfill.readers.tagged import TaggedSentence, examples_of
from slotfill.schema import Example


def read_records(
    records: Iterable[Mapping[str, Any]], *, tag_names: Sequence[str] | None = None
) -> tuple[Example, ...]:
    """Make examples of dictionaries, such as the rows of a table.

    >>> import slotfill
    >>> rows = [{"text": "to Rome", "spans": [{"start": 3, "end": 7, "label": "city"}], "intent": "go"}]
    >>> slotfill.read_records(rows)[0].tags
    ('O', 'B-city')
    >>> rows = [{"tokens": ["to", "Rome"], "tags": [0, 1]}]
    >>> slotfill.read_records(rows, tag_names=["O", "B-city"])[0].text
    'to Rome'

    A row has either `text` and `spans`, as a line of JSONL has (a span may be a tuple `(start, end, label)` too), or
    `tokens` and `tags`, in any scheme that CoNLL files may have; tags that are numbers count into `tag_names`. `intent`
    may be there, and None or NaN if there is none. Other keys are ignored. All rows together tell the scheme, and the
    tokenizer where there are no tokens.

    Raises InputError for the first row that is malformed, by its number from 0.
    """
    rows = [_plain(row, number) for number, row in enumerate(records)]
    if not rows:
        raise InputError("read_records() got no row")
    if all("tags" in row for row in rows):
        return _of_tags(rows, tag_names)
    marked: list[Marked] = []
    for number, row in enumerate(rows):
        try:
            found = jsonl.marked_of(row)
            if found is None:
                raise ValueError("the text is empty")
            marked.append(found)
        except ValueError as error:
            raise InputError(f"row {number}: {error}{_hint(row)}") from None
    tokenizer = cutting((one.text, one.spans) for one in marked if one.words is None)
    examples = []
    for number, one in enumerate(marked):
        try:
            examples.append(example_of(one, tokenizer=tokenizer))
        except ValueError as error:
            raise InputError(f"row {number}: {error}") from None
    return tuple(examples)


def _of_tags(rows: Sequence[dict[str, Any]], names: Sequence[str] | None) -> tuple[Example, ...]:
    sentences = []
    for number, row in enumerate(rows):
        words, tags = row.get("tokens"), row["tags"]
        if not isinstance(words, list) or not isinstance(tags, list):
            raise InputError(f"row {number}: expected `tokens` and `tags` as lists, got {sorted(row)}")
        text = row["text"] if isinstance(row.get("text"), str) else text_of(map(str, words))
        named = [_name(tag, names, number) for tag in tags]
        sentences.append(
            TaggedSentence(text, [str(word) for word in words], named, row.get("intent"), Path("rows"), number)
        )

    try:
        return tuple(examples_of(sentences, report=Report()))
    except DataError as problem:
        raise InputError(f"row {problem.line}: {problem.problem}") from None


def _name(tag: object, names: Sequence[str] | None, number: int) -> str:
    if isinstance(tag, str):
        return tag
    if not isinstance(tag, int) or names is None or not 0 <= tag < len(names):
        known = (
            "pass tag_names, such as dataset.features['ner_tags'].feature.names"
            if names is None
            else "not among tag_names"
        )
        raise InputError(f"row {number}: the tag {tag!r}: {known}")
    return names[tag]


def _plain(row: Mapping[str, Any], number: int) -> dict[str, Any]:
    """A row with lists and numbers of Python's own in place of numpy's, and without NaN."""
    if not isinstance(row, Mapping):
        raise InputError(
            f"row {number}: expected a dictionary, got {type(row).__name__}: a table's are to_dict('records')"
        )
    plain = {str(key): _unwrapped(value) for key, value in row.items()}
    plain = {key: value for key, value in plain.items() if value is not None and value == value}
    if isinstance(plain.get("spans"), list):
        plain["spans"] = [
            dict(zip(("start", "end", "label"), span, strict=True))
            if isinstance(span, list) and len(span) == 3
            else span
            for span in plain["spans"]
        ]
    return plain


def _unwrapped(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _unwrapped(one) for key, one in value.items()}
    value = value.tolist() if hasattr(value, "tolist") else value
    return [_unwrapped(one) for one in value] if isinstance(value, list | tuple) else value


def _hint(row: Mapping[str, Any]) -> str:
    if {"text", "spans"} <= row.keys() or {"tokens", "tags"} <= row.keys():
        return ""
    return f"; a row has text and spans, or tokens and tags: rename the columns {', '.join(sorted(row))}"
