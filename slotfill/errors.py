"""Every error that slotfill raises on purpose.

    SlotfillError               what went wrong, where, and what to do: one message for a person
    ├── InputError              the user's text, option or file cannot be used
    ├── DataError               a data set breaks its format; has the file and line
    ├── ConfigError             an unknown setting, a value out of range, or settings with which training diverges
    ├── BundleError             a model folder is missing, damaged, or not a slotfill model
    └── MissingExtraError       an optional package is not installed; the message names the extra to install

The command line catches `SlotfillError` in one place and prints it as one red line.
Anything else that escapes is a bug.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_CPU_TORCH = "https://download.pytorch.org/whl/cpu"


class SlotfillError(Exception):
    """The root of the tree: catch this to catch them all.

    >>> import slotfill
    >>> try:
    ...     slotfill.load("no-such-model")
    ... except slotfill.SlotfillError as error:
    ...     print(str(error).partition(" (")[0])
    no model 'no-such-model'
    """


class InputError(SlotfillError):
    """The user's text, option or file cannot be used.

    >>> import slotfill
    >>> slotfill.load().tag(["arrive Taipei"], date_order="ymd")
    Traceback (most recent call last):
    slotfill.errors.InputError: tag() takes date_order mdy or dmy: got 'ymd'
    """


class DataError(SlotfillError):
    """A data set breaks its format at `path`, line `line` (from 1; None: the whole file).

    >>> print(DataError("a sentence without tokens", path="train.markup", line=3))
    train.markup:3: a sentence without tokens
    """

    def __init__(self, problem: str, *, path: "Path | str", line: int | None = None) -> None:
        from pathlib import Path

        self.problem = problem
        self.path = Path(path)
        self.line = line
        place = f"{path}:{line}" if line is not None else f"{path}"
        super().__init__(f"{place}: {problem}")


class ConfigError(SlotfillError):
    """A configuration has an unknown setting, a value out of range, or settings with which training diverges.

    >>> issubclass(ConfigError, SlotfillError)
    True
    """


class BundleError(SlotfillError):
    """A model folder is missing, damaged, or not a slotfill model.

    >>> import slotfill
    >>> slotfill.load("README.md")
    Traceback (most recent call last):
    slotfill.errors.BundleError: README.md: a model is a folder
    """


class MissingExtraError(SlotfillError):
    """A feature needs a package that the base install leaves out.

    >>> print(MissingExtraError("serving", extra="serve"))
    serving needs packages that are not installed: run `pip install "slotfill[serve]"`

    For training it also names the small build of torch, since pip's choice brings gigabytes of CUDA on Linux.
    """

    def __init__(self, feature: str, *, extra: str) -> None:
        first = f"pip install torch --index-url {_CPU_TORCH} && " if extra == "train" else ""
        small = "; without the first command, pip brings gigabytes of CUDA on Linux" if first else ""
        super().__init__(
            f'{feature} needs packages that are not installed: run `{first}pip install "slotfill[{extra}]"`{small}'
        )
