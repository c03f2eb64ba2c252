"""The command line: parse, call, print. One module a command, and one place where every error ends."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from slotfill.cli import compare, console, data, evaluate, explain, export, models, tag, train
from slotfill.errors import InputError, SlotfillError


class _Commands(TyperGroup):
    """All commands, with the one error handler."""

    def make_context(self, *args: Any, **kwargs: Any) -> Any:  # where --help and --version print
        with _errors_told():
            return super().make_context(*args, **kwargs)

    def invoke(self, ctx: Any) -> Any:
        with _errors_told():
            result = super().invoke(ctx)
            sys.stdout.flush()  # now, while an error can still be told
            return result


@contextmanager
def _errors_told() -> Iterator[None]:
    try:
        yield
    except SlotfillError as error:
        console.fail(str(error))
        raise typer.Exit(1) from None
    except BrokenPipeError:  # who read our output has gone (`| head`): nothing is left to do or to say
        _forget_output()
        raise typer.Exit(0) from None
    except OSError as error:  # a full disk, a terminal that went away
        _forget_output()
        console.fail(f"{error.filename or 'output'}: {error.strerror or error}")
        raise typer.Exit(1) from None


def _forget_output() -> None:
    """Send what is still in the buffer nowhere, or Python would complain about it once more at exit."""
    if sys.stdout is not None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


app = typer.Typer(
    name="slotfill",
    cls=_Commands,
    help="Label the places and times of departure and arrival, and every other ATIS slot, in travel requests.\n\n"
    "Exit codes: 0 done, 1 an error that you can mend, 2 wrong usage, 130 interrupted.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("train")(train.train)
app.command("eval")(evaluate.evaluate)
app.command("tag")(tag.tag)
app.command("explain")(explain.explain)
app.command("compare")(compare.compare)
app.add_typer(data.app, name="data")
app.add_typer(models.app, name="models")
app.command("export")(export.export)


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
    """What stands before the command."""
    if sys.stdout is None:  # `>&-`: results would vanish, and seem to have been given
        raise InputError("standard output is closed: send it to a file, or to /dev/null")


def main() -> None:
    """Run the command line."""
    # Read by numpy when it is imported: for matrices of this size, a second BLAS thread costs more than it brings.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    if sys.stderr is None:
        sys.stderr = Path(os.devnull).open("w")  # noqa: SIM115  # as long as the process lasts
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a character that the encoding lacks must not be the end
            stream.reconfigure(errors="backslashreplace")
    app()
