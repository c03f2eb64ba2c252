"""The Typer application: every command, with its help and its usage errors."""

import sys
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from slotfill.cli import bulk, compare, console, data, explain, export, models, options, serve, tag, train
from slotfill.cli.eval import evaluate
from slotfill.errors import InputError


class _Commands(TyperGroup):
    """All commands, with the one error handler."""

    def make_context(self, *args: Any, **kwargs: Any) -> Any:  # where --help and --version print
        with console.errors_reported():
            return super().make_context(*args, **kwargs)

    def invoke(self, ctx: Any) -> Any:
        with console.errors_reported():
            return super().invoke(ctx)


app = typer.Typer(
    name="slotfill",
    cls=_Commands,
    help="Label the places and times of departure and arrival, and every other ATIS slot, in travel requests.\n\n"
    "Exit codes: 0 done, 1 an error that you can mend, 2 wrong usage, 130 interrupted.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"], "token_normalize_func": options.normalize},
)
app.command("train")(train.train)
app.command("eval")(evaluate)
app.command("tag")(tag.command())
app.command("explain")(explain.explain)
app.command("compare")(compare.compare)
app.command("export")(export.export)
app.command("serve")(serve.serve)
app.command("bulk")(bulk.bulk)
app.add_typer(data.app, name="data")
app.add_typer(models.app, name="models")


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
    """The options before the command."""
    if sys.stdout is None:  # `>&-`: results would silently vanish
        raise InputError("standard output is closed: send it to a file, or to /dev/null")
