"""Rows of a table, as the hub and Parquet files have them -> Examples, by whatever columns they have."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from slotfill.errors import InputError
from slotfill.readers import doccano, massive
from slotfill.readers.placed import Record, examples_of_records
from slotfill.readers.reports import Report
from slotfill.readers.tagged import examples_of
from slotfill.readers.token_rows import Columns, columns_of, sentences_of, unnamed
from slotfill.schema import Example

_LOOKED_AT = 100  # rows tell the columns: the first may be empty


def examples_of_rows(
    rows: Sequence[Mapping[str, Any]], *, names: Mapping[str, Sequence[str]], place: str, report: Report
) -> Iterator[Example]:
    """The examples of rows; `names` say what the numbers of a column stand for.

    Raises InputError for columns that are not known, and for tags that are numbers without names.
    """
    some = [dict(rows[number]) for number in range(min(len(rows), _LOOKED_AT))]
    columns = _columns(some, names)
    if columns is not None:
        if problem := unnamed(some, columns):
            raise InputError(f"{place}: {problem}")
        return examples_of(sentences_of(rows, columns, place=place, report=report), report=report)
    records = (Record(dict(row), f"{place} row {number}") for number, row in enumerate(rows, start=1))
    if any("annot_utt" in row for row in some):
        return examples_of_records(records, massive.parse, report=report)
    if any(doccano.fits(row) for row in some):
        return examples_of_records(records, doccano.parse, report=report)
    found = ", ".join(some[0]) if some else "no row"
    expected = "tokens and ner_tags, text and slots, or text and spans, and perhaps intent"
    raise InputError(f"{place}: found the columns {found}; expected {expected}")


def _columns(rows: Sequence[Mapping[str, Any]], names: Mapping[str, Sequence[str]]) -> Columns | None:
    return next(filter(None, (columns_of(row, names=names) for row in rows)), None)
