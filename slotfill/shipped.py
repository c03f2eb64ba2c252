"""Where things are found by name: what comes with slotfill, and the user's own `models/` and `data/` folders."""

from pathlib import Path

_PACKAGE = Path(__file__).parent


def shipped(kind: str, name: str) -> Path | None:
    """The folder of a data set (`kind="data"`) or model (`kind="models"`) that comes with slotfill.

    A wheel carries them inside the package; a source checkout has them beside it.
    """
    for root in (_PACKAGE / "shipped", _PACKAGE.parent):
        if name and (root / kind / name).is_dir():
            return root / kind / name
    return None


def locate(kind: str, name: str) -> Path | None:
    """The path that `name` stands for: a path as it is, `./<kind>/<name>`, or a shipped one; None if there is none."""
    try:
        for path in (Path(name), Path(kind) / name):
            if name and path.exists():
                return path
        return shipped(kind, name)
    except OSError:  # no file system would take such a name
        return None


def names(kind: str) -> list[str]:
    """The names that `locate` would find without a path, shipped and in `./<kind>`."""
    roots = (_PACKAGE / "shipped" / kind, _PACKAGE.parent / kind, Path(kind))
    return sorted({path.name for root in roots if root.is_dir() for path in root.iterdir() if path.is_dir()})
