"""Messages on stderr, results on stdout, and the one error handler."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from slotfill.errors import SlotfillError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import Console, ConsoleOptions, RenderableType
    from rich.segment import Segment
    from rich.table import Table

NARROWEST = 60  # columns of a table: narrower ones would cut figures, so the terminal wraps the rows instead
_WIDE = 10_000  # columns
_LONGEST = 2_000  # characters of a warning or an error


@contextmanager
def errors_reported() -> Iterator[None]:
    """Turn every error into one red line and an exit code."""
    try:
        yield
        if sys.stdout is not None:
            sys.stdout.flush()  # now, while an error can still be reported
    except SlotfillError as error:
        fail(str(error))
        raise SystemExit(1) from None
    except BrokenPipeError:  # the reader has gone (`| head`)
        _forget_output()
        raise SystemExit(0) from None
    except OSError as error:  # a full disk, a terminal that went away
        _forget_output()
        fail(f"{error.filename or 'output'}: {error.strerror or error}")
        raise SystemExit(1) from None
    except KeyboardInterrupt:
        raise SystemExit(130) from None


def _forget_output() -> None:
    """Discard what is still in the buffer, or Python would complain again at exit."""
    if sys.stdout is not None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _plain(*, stderr: bool) -> "Console":
    """Rich without its guesses: `[x]` and `:100:` in a path or a slot's name are shown as they are.

    Names of files, columns and settings may come from strangers: what a terminal would obey is replaced in all of them.
    """
    from rich.console import Console

    from slotfill.cli.formats import printable_lines

    class Plain(Console):
        def render(self, renderable: "RenderableType", options: "ConsoleOptions | None" = None) -> "Iterable[Segment]":
            for segment in super().render(renderable, options):
                yield segment if segment.control else segment._replace(text=printable_lines(segment.text))

        def on_broken_pipe(self) -> None:
            """Leave it to the error handler; rich would exit with 1."""
            raise  # the BrokenPipeError that rich has just caught

    return Plain(stderr=stderr, soft_wrap=stderr, markup=False, emoji=False, highlight=False)


def stderr() -> "Console":
    """For notices, progress and errors, so that stdout holds nothing but results."""
    return _plain(stderr=True)


def stdout() -> "Console":
    """For tables and coloured text."""
    console = _plain(stderr=False)
    console.width = max(console.width, NARROWEST)
    return console


def print_table(table: "Table") -> None:
    """Print a table to stdout whole: where it is wider than the terminal, its lines are, and nothing is cut."""
    from rich.measure import Measurement

    console = stdout()
    wide = console.options.update(max_width=_WIDE)  # or what is measured would end at the terminal's edge
    for column in table.columns:
        if column.no_wrap:
            column.min_width = max(
                Measurement.get(console, wide, cell).maximum for cell in (column.header, *column.cells)
            )
    console.width = max(console.width, Measurement.get(console, wide, table).minimum)
    console.print(table)


def counted(number: int, noun: str) -> str:
    """`1 sentence`, `2,000 sentences`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def say(line: str = "") -> None:
    """Print a line of a result, without what a terminal would obey."""
    import typer

    from slotfill.cli.formats import printable_lines

    typer.echo(printable_lines(line))


def notice(message: str) -> None:
    """Print a line that is not a result."""
    stderr().print(message, style="dim")


def warn(message: str) -> None:
    """Print a warning; the work goes on."""
    from rich.text import Text

    stderr().print(Text.assemble(("warning:", "yellow"), f" {_shortened(message)}"))


def note(message: str) -> None:
    """Print what the user should know of how the input was taken."""
    notice(f"note: {message}")


def fail(message: str) -> None:
    """Print the one red line of an error; after a line feed, a command to type may follow."""
    from rich.text import Text

    stderr().print(Text.assemble(("error:", "bold red"), f" {_shortened(message)}"))


def _shortened(message: str) -> str:
    """The message with its beginning and its end, if a value in it is as long as a book."""
    return message if len(message) <= _LONGEST else f"{message[: _LONGEST - 300]} [...] {message[-300:]}"


def interactive() -> bool:
    """Say whether stderr is a terminal, where a person can watch."""
    return sys.stderr.isatty()
