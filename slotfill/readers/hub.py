"""Data sets on the Hugging Face hub, or in a local folder of the same shape, read by `datasets`.

They must have the columns of the public copy of ATIS: `text` (tokens separated by white space), `slots` (their tags,
likewise) and optionally `intent`.
"""

import logging
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from slotfill.errors import DataError, InputError, MissingExtraError
from slotfill.readers.alignment import text_of
from slotfill.readers.layout import SPLITS
from slotfill.readers.lines import Report
from slotfill.readers.tagged import TaggedSentence, examples_of
from slotfill.schema import Dataset
from slotfill.tokenizers import is_unspaced

PREFIX = "hub:"

# The revisions behind our figures: data on the hub may change under its name.
_REVISIONS = {"tuetschek/atis": "d44649dde31b4c9d2104aac42a35ed83956e7dec"}


def load(source: str, *, report: Report) -> Dataset:
    """Read `hub:NAME`, `hub:NAME@REVISION` or `hub:FOLDER`.

    Raises MissingExtraError without `datasets`, InputError if it cannot be loaded or has other columns.
    """
    name, revision = _address(source.removeprefix(PREFIX))
    loaded = _fetch(name, revision=revision)
    splits = {}
    for their_name, rows in loaded.items():
        if their_name in SPLITS:
            place = f"{PREFIX}{name}/{their_name}"
            _check_columns(rows.column_names, place=place)
            examples = tuple(examples_of(_sentences(rows, place=place, report=report), report=report))
            if examples:
                splits[SPLITS[their_name]] = examples
            else:
                report(DataError("no usable sentence", path=place))
    if not splits:
        raise InputError(f"{PREFIX}{name}: no usable split: found {', '.join(loaded)}; expected train, dev or test")
    return Dataset(f"{PREFIX}{name}" + (f"@{revision}" if revision else ""), splits)


def _address(address: str) -> tuple[str, str | None]:
    """The name and the revision: the one given, or ours; a folder has none."""
    if address and Path(address).is_dir():
        return address, None
    name, _, revision = address.partition("@")
    if not re.fullmatch(r"[\w-][\w.-]*(/[\w-][\w.-]*)?", name):
        raise InputError(f"{PREFIX}{address}: expected hub:NAME, hub:NAME@REVISION or hub:FOLDER")
    return name, revision or _REVISIONS.get(name)


def _fetch(name: str, *, revision: str | None) -> Mapping[str, Any]:
    """The splits as `datasets` returns them."""
    try:
        import datasets
        from huggingface_hub.utils.tqdm import disable_progress_bars
    except ImportError:
        raise MissingExtraError(f"reading {PREFIX}{name}", extra="hub") from None
    if not sys.stderr.isatty():
        datasets.disable_progress_bars()
        disable_progress_bars()
    for library in ("datasets", "huggingface_hub"):  # hide their retries and hints: we report the outcome
        logging.getLogger(library).setLevel(logging.ERROR)
    try:
        loaded: Mapping[str, Any] = datasets.load_dataset(name, revision=revision)
    except Exception as error:  # a dozen kinds from three libraries, all the same to a user
        reason = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise InputError(f"{PREFIX}{name}: cannot be loaded: {reason}") from None
    return loaded


def _check_columns(columns: Iterable[str], *, place: str) -> None:
    if not {"text", "slots"} <= set(columns):
        raise InputError(f"{place}: found the columns {', '.join(columns)}; expected text, slots and optionally intent")


def _sentences(rows: Iterable[Mapping[str, object]], *, place: str, report: Report) -> Iterator[TaggedSentence]:
    for number, row in enumerate(rows, start=1):
        path = f"{place} row {number}"
        text, slots, intent = row["text"], row["slots"], row.get("intent")
        if isinstance(text, str) and isinstance(slots, str) and isinstance(intent, str | None):
            words = text.split()
            yield TaggedSentence(text_of(words) if is_unspaced(text) else text, words, slots.split(), intent, path)
        else:
            problem = f"expected strings, got text {text!r}, slots {slots!r}, intent {intent!r}"
            report(DataError(problem, path=path))
