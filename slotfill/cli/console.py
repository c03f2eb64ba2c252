"""What every command shares in talking to a person: stderr for words, stdout for results."""

import sys

from rich.console import Console
from rich.markup import escape


def stderr() -> Console:
    """Notices, progress and errors go here, so that stdout holds nothing but results."""
    return Console(stderr=True, highlight=False, soft_wrap=True)


def stdout() -> Console:
    """Tables and coloured text for a person."""
    return Console(highlight=False)


def notice(message: str) -> None:
    """A line for the person that is no result."""
    stderr().print(escape(message), style="dim")


def warn(message: str) -> None:
    """Something is odd, and the work goes on."""
    stderr().print(f"[yellow]warning:[/] {escape(message)}")


def fail(message: str) -> None:
    """The one red line that an error ends with."""
    stderr().print(f"[bold red]error:[/] {escape(message)}")


def interactive() -> bool:
    """Say whether a person looks at stderr as the work goes on."""
    return sys.stderr.isatty()
