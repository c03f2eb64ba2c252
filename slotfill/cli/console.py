"""What every command shares in talking to a person: stderr for words, stdout for results."""

import sys

from rich.console import Console
from rich.text import Text

NARROWEST = 60  # columns of a table: in less, rich would cut figures; the terminal had better wrap the rows


class _Plain(Console):
    """Rich without its guesses: `[x]` and `:100:` in a path or a slot's name are shown as they are."""

    def __init__(self, *, stderr: bool) -> None:
        super().__init__(stderr=stderr, soft_wrap=stderr, markup=False, emoji=False, highlight=False)

    def on_broken_pipe(self) -> None:
        """Leave it to the one error handler, where rich would exit with 1."""
        raise  # the BrokenPipeError that rich has just caught


def stderr() -> Console:
    """Notices, progress and errors go here, so that stdout holds nothing but results."""
    return _Plain(stderr=True)


def stdout() -> Console:
    """Tables and coloured text for a person."""
    console = _Plain(stderr=False)
    console.width = max(console.width, NARROWEST)
    return console


def notice(message: str) -> None:
    """A line for the person that is no result."""
    stderr().print(message, style="dim")


def warn(message: str) -> None:
    """Something is odd, and the work goes on."""
    stderr().print(Text.assemble(("warning:", "yellow"), f" {message}"))


def fail(message: str) -> None:
    """The one red line that an error ends with."""
    stderr().print(Text.assemble(("error:", "bold red"), f" {message}"))


def interactive() -> bool:
    """Say whether a person looks at stderr as the work goes on."""
    return sys.stderr.isatty()
