"""Data sets on the Hugging Face hub, or in a local folder of the same shape, read by `datasets`.

They have tokens and tags (token_rows.py), as the public copies of ATIS (`text`, `slots`, `intent`) and of CoNLL
(`tokens`, `ner_tags`) do, or texts and spans (doccano.py), or marked texts (massive.py).
"""

import logging
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from slotfill.errors import InputError, MissingExtraError
from slotfill.readers.layout import SPLITS
from slotfill.readers.reports import Problems, Report
from slotfill.readers.rows import examples_of_rows
from slotfill.schema import Dataset

PREFIX = "hub:"
Got = TypeVar("Got")

# The revisions behind our figures: data on the hub may change under its name.
_REVISIONS = {"tuetschek/atis": "d44649dde31b4c9d2104aac42a35ed83956e7dec"}


def load(source: str, *, report: Problems) -> Dataset:
    """Read `hub:NAME`, `hub:NAME@REVISION` or `hub:FOLDER`.

    Raises MissingExtraError without `datasets`, InputError if it cannot be loaded or has other columns.
    """
    report = Report.of(report)
    name, revision = _address(source.removeprefix(PREFIX))
    loaded = _fetch(name, revision=revision)
    splits = {}
    for their_name, rows in loaded.items():
        if their_name in SPLITS:
            place = f"{PREFIX}{name}/{their_name}"
            names = class_names(rows.features or {})
            examples = tuple(examples_of_rows(rows, names=names, place=place, report=report))
            if examples:
                splits[SPLITS[their_name]] = examples
            else:
                report.is_empty(place)
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

    def get() -> Mapping[str, Any]:
        import datasets

        if not sys.stderr.isatty():
            datasets.disable_progress_bars()
        loaded: Mapping[str, Any] = datasets.load_dataset(name, revision=revision)
        return loaded

    return _asked(get, f"{PREFIX}{name}")


def download(repository: str, file: str) -> Path:
    """A file of a repository on the hub, in the hub's cache on this machine.

    Raises MissingExtraError without the hub's library, InputError if the file cannot be fetched.
    """

    def get() -> Path:
        from huggingface_hub import hf_hub_download

        return Path(hf_hub_download(repository, file))

    return _asked(get, f"{PREFIX}{repository}/{file}")


def _asked(get: Callable[[], Got], what: str) -> Got:
    """What `get` gets, quietly: we report the outcome."""
    try:
        from huggingface_hub.utils.tqdm import disable_progress_bars

        if not sys.stderr.isatty():
            disable_progress_bars()
        for library in ("datasets", "huggingface_hub"):
            logging.getLogger(library).setLevel(logging.ERROR)
        return get()
    except ImportError:
        raise MissingExtraError(f"reading {what}", extra="hub") from None
    except Exception as error:  # a dozen kinds from three libraries, all the same to a user
        reason = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise InputError(f"{what}: cannot be loaded: {reason}") from None


def class_names(features: Mapping[str, Any]) -> dict[str, Sequence[str]]:
    """What the numbers in each column of a data set stand for (ClassLabel)."""
    found = {column: _names(feature) for column, feature in features.items()}
    return {column: names for column, names in found.items() if names}


def _names(feature: Any) -> Sequence[str] | None:
    """The names of a ClassLabel, or of those in a list."""
    while not hasattr(feature, "names") and (hasattr(feature, "feature") or isinstance(feature, list)):
        feature = feature[0] if isinstance(feature, list) else feature.feature
    return getattr(feature, "names", None)
