"""A folder that `Dataset.save_to_disk` of Hugging Face's `datasets` has made."""

from collections.abc import Iterator
from pathlib import Path

from slotfill.errors import DataError, MissingExtraError
from slotfill.readers.reports import Report
from slotfill.readers.rows import examples_of_rows
from slotfill.schema import Example


def is_folder(path: Path) -> bool:
    """Whether a folder is such a data set, or a split of one."""
    return (path / "state.json").is_file() and (path / "dataset_info.json").is_file()


def read(path: Path, *, report: Report) -> Iterator[Example]:
    """The examples of one split. Raises MissingExtraError without `datasets`."""
    from slotfill.readers.hub import class_names

    try:
        from datasets import Dataset
    except ImportError:
        raise MissingExtraError(f"reading {path}", extra="hub") from None
    try:
        rows = Dataset.load_from_disk(str(path))
    except Exception as error:  # of three libraries, all the same to a user
        reason = (str(error).strip() or type(error).__name__).splitlines()[0]
        report(DataError(f"cannot be loaded: {reason}", path=path))
        return iter(())
    return examples_of_rows(rows, names=class_names(rows.features), place=str(path), report=report)
