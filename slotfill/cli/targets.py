"""The one rule for everything that a command writes: nothing is lost unasked, and what is read never.

A file that is there is replaced only with `--overwrite`. The input, the data and the model of the same command are not
replaced even then, whether they are named by another path, a link or a hard link. By `os.path`, as in files.py.
"""

import os
from collections.abc import Iterable

from slotfill.cli.streams import STREAM
from slotfill.errors import InputError
from slotfill.locations import locate


def check_target(
    target: str | os.PathLike[str],
    *,
    overwrite: bool,
    inputs: Iterable[str | os.PathLike[str]] = (),
    data: Iterable[str | os.PathLike[str]] = (),
) -> None:
    """InputError if the file `target` must not be written.

    `inputs` are files that the command reads, and `data` are data sets by name or path. Pipes and devices may always be
    written to.
    """
    target = os.fspath(target)
    for path in inputs:
        if _is_same(target, os.fspath(path)):
            raise InputError(f"{target}: is what is read here: write to another file")
    for source in data:
        _check_data(target, os.fspath(source))
    folder = _model_around(target)
    if folder is not None:
        raise InputError(f"{target}: is inside the model {folder}: write to another folder")
    if os.path.isfile(target) and not overwrite:
        raise InputError(f"{target}: there is a file already: add --overwrite to replace it")


def _check_data(target: str, source: str) -> None:
    from slotfill.readers.layout import SPLITS, data_files, format_of, is_data

    path = locate("data", source, fits=is_data)
    if path is None:  # on the hub, or not there, which its reader will say
        return
    for file in data_files(path):
        if _is_same(target, file):
            raise InputError(f"{target}: is a file of the data set {source}, which is read here: write to another file")
    name, _ = os.path.splitext(os.path.basename(target))
    beside = os.path.realpath(os.path.dirname(target) or ".") == os.path.realpath(path)
    if beside and name.lower() in SPLITS and format_of(target) is not None and not os.path.exists(target):
        raise InputError(f"{target}: would become a split of the data set {source}: choose another name")


def _is_same(first: str, second: str) -> bool:
    if STREAM in (first, second) or not os.path.isfile(second):
        return False
    try:
        return os.path.samefile(first, second)
    except OSError:  # `first` is not there yet
        return os.path.realpath(first) == os.path.realpath(second)


def _model_around(target: str) -> str | None:
    """The folder of the model that a path lies in, or None."""
    from slotfill.bundle import is_bundle  # late: it imports numpy, which help must not wait for

    folder = os.path.dirname(os.path.realpath(target))
    while folder != os.path.dirname(folder):
        if is_bundle(folder):
            return folder
        folder = os.path.dirname(folder)
    return None
