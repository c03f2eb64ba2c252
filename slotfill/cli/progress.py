"""The progress of long work: a bar on a terminal, plain lines in a log; all on stderr."""

import sys
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from slotfill.cli import console

if TYPE_CHECKING:
    from rich.console import RenderableType

_SILENCE = 30  # seconds without a line after which a log says how far the work is


def duration(seconds: float) -> str:
    """`90 seconds`, `2 minutes`."""
    return f"{seconds:.0f} seconds" if seconds < 100 else f"{seconds / 60:.0f} minutes"


class Bar:
    """How much of `total` is done; lines of a log appear above the bar, or by themselves where there is none."""

    def __init__(self, description: str, *, total: int, quiet: bool = False) -> None:
        from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

        class WithPicture(Progress):
            """A bar, and perhaps something above it that is drawn anew with it."""

            picture: "RenderableType | None" = None

            def get_renderables(self) -> "Iterator[RenderableType]":
                """What is drawn in place."""
                if self.picture is not None:
                    yield self.picture
                yield self.make_tasks_table(self.tasks)

        self.quiet = quiet
        self.description, self.total, self.done = description, total, 0
        self.began = self.said = time.monotonic()
        self.bar: WithPicture | None = None
        if console.interactive() and not quiet:
            self.bar = WithPicture(
                TextColumn("{task.description}"),
                BarColumn(bar_width=20),  # so that all fits 80 columns
                TextColumn("{task.percentage:>3.0f} %"),
                TimeRemainingColumn(),
                TextColumn("{task.fields[detail]}"),
                console=console.stderr(),
                transient=True,
            )
            self.task = self.bar.add_task(description, total=total, detail="")

    @property
    def live(self) -> bool:
        """Say whether there is a bar, not a log."""
        return self.bar is not None

    def __enter__(self) -> "Bar":
        if self.bar is not None:
            self.bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self.bar is not None:
            self.bar.stop()

    def advance(self, amount: int, *, detail: str | None = None) -> None:
        """Add to what is done, and set the text after the bar if there is a new `detail`."""
        self.done += amount
        if self.bar is None:
            self._log()
        else:
            self.bar.advance(self.task, amount)
            if detail is not None:
                self.bar.update(self.task, detail=detail)

    def describe(self, description: str, *, detail: str = "") -> None:
        """Set the texts before and after the bar."""
        self.description = description
        if self.bar is not None:
            self.bar.update(self.task, description=description, detail=detail)

    def say(self, line: str, *, description: str | None = None, detail: str = "") -> None:
        """Print a line that stays, and set the texts before and after the bar."""
        if self.quiet:
            return
        if description is not None:
            self.describe(description, detail=detail)
        if self.bar is None:
            sys.stderr.write(f"{line}\n")
            sys.stderr.flush()
            self.said = time.monotonic()
        else:
            self.bar.console.print(line, markup=False)

    def show(self, picture: "RenderableType") -> None:
        """Draw this above the bar, in place of what was there; where there is no bar, nothing."""
        if self.bar is not None:
            self.bar.picture = picture
            self.bar.refresh()

    def _log(self) -> None:
        """Print how far the work is, if nothing was printed for long."""
        now = time.monotonic()
        if self.quiet or now - self.said < _SILENCE or not self.done:
            return
        left = (now - self.began) * (self.total - self.done) / self.done
        self.say(f"{self.description}: {100 * self.done / self.total:.0f} % of all done, about {duration(left)} left")
