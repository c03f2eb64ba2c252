"""What reading a data set has to say: problems, what was mended or left out, and notes."""

import warnings
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from slotfill.errors import DataError, DataWarning, InputError

ON_ERROR = ("stop", "skip", "fix")
_NAMED = 3  # sentences that are left out are named one by one, up to so many of them

# Called with each note: what reading has to say though it is no error.
Notes = Callable[[str], None]

# Called with each problem: it raises it, or notes it down so that reading continues.
Problems = Callable[[DataError], None]


class Report:
    """Readers call it with each faulty sentence, which they leave out if it returns; `note` takes what else there is.

    With `stop`, the first problem is raised; with `skip`, faulty sentences are left out and counted; with `fix`,
    readers mend what they can (`fixes`) and say so (`mended`), and the rest is left out. `tell` is called with each
    problem, which is then neither raised nor counted. `places` has where each sentence is that was read, as far as
    readers say it: `a.conll:3`.

    >>> report = Report("skip")
    >>> report(DataError("no tag", path="a.conll", line=3))
    >>> report.said()
    ['left out 1 sentence: a.conll:3: no tag']
    """

    def __init__(self, on_error: str = "stop", *, tell: Problems | None = None) -> None:
        """Raises InputError for another `on_error`."""
        if on_error not in ON_ERROR:
            raise InputError(f"on_error is {on_error!r}: expected {', '.join(ON_ERROR)}")
        self.on_error = on_error
        self.problems: list[DataError] = []
        self.places: list[str] = []
        self._tell = tell
        self._notes: dict[str, None] = {}
        self._mended: Counter[str] = Counter()
        self._first: dict[str, str] = {}  # where each kind of mending was first needed

    @classmethod
    def of(cls, report: "Report | Problems | None") -> "Report":
        """A Report as it is, one that passes each problem on to a function, or one that raises the first."""
        return report if isinstance(report, Report) else cls(tell=report)

    @property
    def fixes(self) -> bool:
        """Whether readers shall mend what can be mended; they say so by `mended`."""
        return self.on_error == "fix"

    def __call__(self, problem: DataError) -> None:
        """A sentence, or another piece, is faulty: leave it out if this returns."""
        self.problems.append(problem)
        if self._tell is not None:
            self._tell(problem)
        elif self.on_error == "stop":
            raise problem

    def is_empty(self, path: Path | str) -> None:
        """A split has no sentence left: nobody can go on."""
        problem = DataError("no usable sentence", path=path)
        if self._tell is not None or self.on_error == "stop":
            return self(problem)
        raise self.problems[0] if self.problems else problem

    def note(self, text: str) -> None:
        """Say something that is no fault of a sentence: what was not read, or how something was taken. Said once."""
        self._notes[text] = None

    def read(self, path: Path | str, line: int | None = None) -> None:
        """Note where the sentence is that is read next."""
        self.places.append(f"{path}:{line}" if line is not None else f"{path}")

    def mended(self, what: str, *, path: Path | str, line: int | None = None) -> None:
        """Say that a piece was mended; `what` is the kind of it, as in "blanks cut off a span", and is counted."""
        self._mended[what] += 1
        self._first.setdefault(what, f"{path}:{line}" if line is not None else f"{path}")

    def said(self) -> list[str]:
        """All notes: what was read how, then what was mended and what was left out, unless problems are told."""
        said = [*self._notes]
        for what, times in self._mended.items():
            said.append(f"mended: {what}: {times:,} time{'s' * (times > 1)}, first in {self._first[what]}")
        if self._tell is None and self.problems:
            count = len(self.problems)
            said.append(
                f"left out {count:,} sentence{'s' * (count > 1)}: " + "; ".join(map(str, self.problems[:_NAMED]))
            )
            said[-1] += f"; and {count - _NAMED:,} more, which `slotfill data check` lists" * (count > _NAMED)
        return said

    def pass_on(self, on_note: Notes | None) -> None:
        """Call `on_note` with each note; without it, they are warnings of the kind DataWarning."""
        for note in self.said():
            if on_note is None:
                warnings.warn(note, DataWarning, stacklevel=2)
            else:
                on_note(note)
