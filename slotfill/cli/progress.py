"""The progress of long work: a bar on a terminal, plain lines in a log; all on stderr."""

import sys

from slotfill.cli import console


class Bar:
    """How much of `total` is done; lines of a log appear above the bar."""

    def __init__(self, description: str, *, total: int, quiet: bool = False) -> None:
        from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

        self.quiet = quiet
        self.bar: Progress | None = None
        if console.interactive() and not quiet:
            self.bar = Progress(
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
        if self.bar is not None:
            self.bar.advance(self.task, amount)
            if detail is not None:
                self.bar.update(self.task, detail=detail)

    def say(self, line: str, *, description: str | None = None, detail: str = "") -> None:
        """Print a line that stays, and set the texts before and after the bar."""
        if self.quiet:
            return
        if self.bar is None:
            sys.stderr.write(f"{line}\n")
            sys.stderr.flush()
        else:
            self.bar.console.print(line, markup=False)
            self.bar.update(self.task, description=description, detail=detail)
