"""Parquet files with rows of tokens and tags, as the Hugging Face hub keeps them, read by pyarrow."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from slotfill.errors import DataError, MissingExtraError
from slotfill.readers.reports import Report
from slotfill.readers.rows import examples_of_rows
from slotfill.schema import Example


def is_it(head: str) -> bool:
    """Whether a file is Parquet."""
    return head.startswith("PAR1")


def read(path: Path, *, report: Report) -> Iterator[Example]:
    """The examples of one file. Raises MissingExtraError without pyarrow."""
    try:
        from pyarrow import ArrowInvalid, parquet
    except ImportError:
        raise MissingExtraError(f"reading {path}", extra="hub") from None
    try:
        table = parquet.read_table(path)
    except (ArrowInvalid, OSError) as error:
        report(DataError(f"not Parquet: {str(error).splitlines()[0]}", path=path))
        return iter(())
    names = names_of_classes((table.schema.metadata or {}).get(b"huggingface", b"{}"))
    return examples_of_rows(table.to_pylist(), names=names, place=str(path), report=report)


def names_of_classes(metadata: bytes) -> Mapping[str, Sequence[str]]:
    """What the numbers of each column stand for, as `datasets` writes it into a file."""
    try:
        features = json.loads(metadata)["info"]["features"]
    except (ValueError, KeyError, TypeError):
        return {}
    found = {column: _names(feature) for column, feature in features.items()}
    return {column: names for column, names in found.items() if names}


def _names(feature: Any) -> list[str] | None:
    """The names in a ClassLabel, or in a list of them."""
    if isinstance(feature, list):
        return _names(feature[0]) if feature else None
    if not isinstance(feature, dict):
        return None
    names = feature.get("names")
    return names if isinstance(names, list) else _names(feature.get("feature"))
