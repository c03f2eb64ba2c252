"""Find models and data sets by name: those that ship with slotfill, and those in the user's `models/` and `data/`.

By `os.path`, since importing `pathlib` takes longer than tagging a sentence.
"""

import os.path
from collections.abc import Callable, Iterator

_PACKAGE = os.path.dirname(os.path.abspath(__file__))


def _shipped_roots() -> Iterator[str]:
    """The folders that hold what ships: inside the package in a wheel, beside it in a source checkout."""
    yield os.path.join(_PACKAGE, "shipped")
    above = os.path.dirname(_PACKAGE)
    if os.path.isfile(os.path.join(above, "pyproject.toml")):  # otherwise it is site-packages
        yield above


def locate(kind: str, name: str, *, fits: Callable[[str], bool]) -> str | None:
    """The path of a data set (`kind="data"`) or a model (`kind="models"`), or None.

    A name with a slash is a path. A bare name is tried as a path, as `./<kind>/<name>`, and among what ships. The
    first path that `fits` is returned; if none does, the first that exists, so that its reader can say what is wrong.
    """
    if name != os.path.basename(name) or name in ("", ".", ".."):
        return name if os.path.exists(name) else None
    paths = (name, *(os.path.join(root, kind, name) for root in ("", *_shipped_roots())))
    existing = filter(os.path.exists, paths)
    first = next(existing, None)
    return first if first is None or fits(first) else next(filter(fits, existing), first)


def names(kind: str, *, fits: Callable[[str], bool]) -> list[str]:
    """The bare names of all folders that `fits`, in `./<kind>` and among what ships, sorted."""
    folders = filter(os.path.isdir, (os.path.join(root, kind) for root in ("", *_shipped_roots())))
    entries = (entry for folder in folders for entry in os.scandir(folder))
    return sorted({entry.name for entry in entries if entry.is_dir() and fits(entry.path)})
