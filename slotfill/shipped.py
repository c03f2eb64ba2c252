"""Where things are found by name: what comes with slotfill, and the user's own `models/` and `data/` folders."""

from collections.abc import Callable, Iterator
from pathlib import Path

_PACKAGE = Path(__file__).parent


def _shipped_roots() -> Iterator[Path]:
    """A wheel carries what ships inside the package; a source checkout has it beside the package."""
    yield _PACKAGE / "shipped"
    if (_PACKAGE.parent / "pyproject.toml").is_file():  # and not among whatever else is installed
        yield _PACKAGE.parent


def locate(kind: str, name: str, *, fits: Callable[[Path], bool]) -> Path | None:
    """The path that `name` stands for, of a data set (`kind="data"`) or a model (`kind="models"`); None if none.

    Something written as a path is that path. A bare name is tried as a path, as `./<kind>/<name>`, and among what
    ships; the first that `fits` is taken, so that a folder which merely has the same name is not in the way, and if
    none does, the first that is there at all, whose reader will say what is wrong with it.
    """
    path = Path(name)
    try:
        if name != path.name or name in ("", ".."):  # no bare name
            return path if name and path.exists() else None
        there = [root for root in (path, *(r / kind / name for r in (Path(), *_shipped_roots()))) if root.exists()]
    except OSError:  # no file system would take such a name
        return None
    return next(filter(fits, there), there[0] if there else None)


def names(kind: str) -> list[str]:
    """The names that `locate` would find without a path, shipped and in `./<kind>`."""
    folders = [root / kind for root in (Path(), *_shipped_roots())]
    return sorted({path.name for folder in folders if folder.is_dir() for path in folder.iterdir() if path.is_dir()})
