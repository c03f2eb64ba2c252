"""Where to get the data sets of our recipes: on the hub, or from a clone of a public repository."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from slotfill.errors import InputError
from slotfill.readers import hub, load, sgd
from slotfill.readers.reports import Problems
from slotfill.schema import Dataset


class Source(NamedTuple):
    """A public data set: its repository, its folder in it, its licence, and its address on the hub, if it has one."""

    repository: str
    folder: str
    licence: str
    hub: str | None = None


SOURCES: Mapping[str, Source] = MappingProxyType(
    {
        "atis": Source(
            "https://github.com/MiuLab/SlotGated-SLU",
            "data/atis",
            "none stated by the public copies (collected under LDC agreements)",
            hub=f"{hub.PREFIX}tuetschek/atis",
        ),
        "snips": Source("https://github.com/MiuLab/SlotGated-SLU", "data/snips", "CC0 1.0"),
        "sgd": Source(
            "https://github.com/google-research-datasets/dstc8-schema-guided-dialogue",
            ".",
            "CC BY-SA 4.0: to pass it on, changed or not, name the source and keep the licence",
        ),
    }
)


def read(name: str, clone: Path | None, *, report: Problems) -> tuple[Dataset, str]:
    """Read a data set of `SOURCES` from a clone, or without one, from the hub; also returns its origin in words.

    A clone may be the repository or the folder of the data. Raises InputError for an unknown name, for a data set that
    needs a clone, and for a folder of another shape; MissingExtraError without `datasets`.
    """
    source = SOURCES.get(name)
    if source is None:
        raise InputError(f"no public data set {name!r}: expected {', '.join(SOURCES)}")
    if clone is None:
        if source.hub is None:
            raise InputError(
                f"{name} is read from a clone: run `git clone {source.repository}`, then add --from and the clone"
            )
        dataset = hub.load(source.hub, report=report)
        return dataset, dataset.name
    if not clone.is_dir():
        raise InputError(f"{clone}: no such folder: expected a clone of {source.repository}")
    folder = clone / source.folder if (clone / source.folder).is_dir() else clone
    dataset = sgd.read(folder, report=report) if name == "sgd" else load(folder, report=report)
    return dataset, f"{clone}, taken for a clone of {source.repository}"
