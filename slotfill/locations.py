"""Where things are found by name: what comes with slotfill, and the user's own `models/` and `data/` folders.

By `os.path`, since the import of `pathlib` takes longer than tagging a sentence.
"""

import os.path
from collections.abc import Callable, Iterator

_PACKAGE = os.path.dirname(os.path.abspath(__file__))


def _shipped_roots() -> Iterator[str]:
    """A wheel carries what ships inside the package; a source checkout has it beside the package."""
    yield os.path.join(_PACKAGE, "shipped")
    above = os.path.dirname(_PACKAGE)
    if os.path.isfile(os.path.join(above, "pyproject.toml")):  # and not among whatever else is installed
        yield above


def locate(kind: str, name: str, *, fits: Callable[[str], bool]) -> str | None:
    """The path that `name` stands for, of a data set (`kind="data"`) or a model (`kind="models"`); None if none.

    Something written as a path is that path. A bare name is tried as a path, as `./<kind>/<name>`, and among what
    ships; the first that `fits` is taken, so that a folder which merely has the same name is not in the way, and if
    none does, the first that is there at all, whose reader will say what is wrong with it.
    """
    if name != os.path.basename(name) or name in ("", ".", ".."):  # no bare name
        return name if os.path.exists(name) else None
    places = (name, *(os.path.join(root, kind, name) for root in ("", *_shipped_roots())))
    there = filter(os.path.exists, places)
    first = next(there, None)
    return first if first is None or fits(first) else next(filter(fits, there), first)


def names(kind: str, *, fits: Callable[[str], bool]) -> list[str]:
    """The names that `locate` would find without a path, shipped and in `./<kind>`, of the folders that `fits`."""
    folders = filter(os.path.isdir, (os.path.join(root, kind) for root in ("", *_shipped_roots())))
    entries = (entry for folder in folders for entry in os.scandir(folder))
    return sorted({entry.name for entry in entries if entry.is_dir() and fits(entry.path)})
