"""Find models and data sets by name: those that ship with slotfill, and those in the user's `models/` and `data/`.

By `os.path`, since importing `pathlib` takes longer than tagging a sentence.
"""

import os.path
from collections.abc import Callable, Iterator
from contextlib import suppress

_PACKAGE = os.path.dirname(os.path.abspath(__file__))


def _shipped_roots() -> Iterator[str]:
    """The folders that hold what ships: inside the package in a wheel, beside it in a source checkout."""
    yield os.path.join(_PACKAGE, "shipped")
    above = os.path.dirname(_PACKAGE)
    if os.path.isfile(os.path.join(above, "pyproject.toml")):  # otherwise it is site-packages
        yield above


# The names of models that mean what ships, whatever lies in the working folder: which model answers must not depend on
# where one is (docs/decisions/0039-strangers.md).
SHIPPED = frozenset(("travel", "travel-zh", "tiny-feedforward", "tiny-elman", "tiny-jordan", "tiny-lstm"))


def locate(kind: str, name: str, *, fits: Callable[[str], bool]) -> str | None:
    """The path of a data set (`kind="data"`) or a model (`kind="models"`), or None.

    A name with a slash is a path. A bare name is tried as a path, as `./<kind>/<name>`, and among what ships; that of a
    model that ships first among what ships. The first path that `fits` is returned; if none does, the first that
    exists, so that its reader can say what is wrong.
    """
    if name != os.path.basename(name) or name in ("", ".", ".."):
        return name if os.path.exists(name) else None
    own = [name, os.path.join(kind, name)]
    shipped = [os.path.join(root, kind, name) for root in _shipped_roots()]
    paths = [*shipped, *own] if kind == "models" and name in SHIPPED else [*own, *shipped]
    existing = filter(os.path.exists, paths)
    first = next(existing, None)
    return first if first is None or fits(first) else next(filter(fits, existing), first)


def passed_over(model: str, *, fits: Callable[[str], bool]) -> str | None:
    """The path of a model in the working folder that has the name of one that ships, which is taken; or None."""
    if model not in SHIPPED:
        return None
    taken = locate("models", model, fits=fits)
    own = (os.path.join(folder, model) for folder in (os.curdir, "models"))
    return next((path for path in own if fits(path) and taken and not os.path.samefile(path, taken)), None)


def names(kind: str, *, fits: Callable[[str], bool]) -> list[str]:
    """The bare names of all folders that `fits`, in `./<kind>` and among what ships, sorted.

    A model in `./models` that has the name of one that ships is there by its path. Folders that cannot be listed are
    left out.
    """
    found = set()
    for folder in (os.path.join(root, kind) for root in ("", *_shipped_roots())):
        with suppress(OSError):
            entries = [entry.name for entry in os.scandir(folder) if entry.is_dir()]
            found |= {name for name in entries if fits(os.path.join(folder, name))}
    if kind == "models":
        found |= {own for name in found if (own := passed_over(name, fits=fits)) and own.startswith("models")}
    return sorted(found)
