"""The command line: parse, call, print. One module a command; every error ends here, in `main`."""

import os
import sys
from typing import Annotated

import typer

from slotfill.cli import console, data
from slotfill.errors import SlotfillError

app = typer.Typer(
    name="slotfill",
    help="Label the places and times of departure and arrival, and every other ATIS slot, in travel requests.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(data.app, name="data")


def _print_version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        typer.echo(f"slotfill {version('slotfill')}")
        raise typer.Exit


@app.callback()
def _options(
    _version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    pass


def main() -> None:
    """Run the command line; exit codes: 0 done, 1 an error to mend, 2 wrong usage, 130 interrupted."""
    try:
        app()
    except SlotfillError as error:
        console.fail(str(error))
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        # The reader of our output has gone (`| head`): nothing is left to do, and nothing to say. What the
        # interpreter still wants to flush at exit must not raise once more.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
