"""The Typer application: every command, with its help and its usage errors."""

import sys
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from slotfill.cli import (
    bulk,
    cell,
    chat,
    compare,
    console,
    data,
    explain,
    export,
    init,
    models,
    options,
    reshaping,
    review,
    serve,
    suspects,
    tag,
    train,
    vectors,
)
from slotfill.cli.commands import Command, Group, TagCommand, TrainCommand, usage_told
from slotfill.cli.eval import evaluate
from slotfill.errors import InputError


class _Commands(Group):
    """All commands, with the one error handler."""

    typed: Sequence[str] = ()

    def make_context(self, info_name: Any, args: list[str], *others: Any, **more: Any) -> Any:
        self.typed = list(args)  # parsing takes words away
        with console.errors_reported(), usage_told(self.typed):  # --help and --version print here
            return super().make_context(info_name, args, *others, **more)

    def invoke(self, ctx: Any) -> Any:
        with console.errors_reported(), usage_told(self.typed):
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
app.command("tag", cls=TagCommand)(tag.command())
app.command("train", cls=TrainCommand)(train.train)
app.command("eval", cls=Command)(evaluate)
app.command("explain", cls=Command)(explain.explain)
app.command("chat", cls=Command)(chat.chat)
app.command("review", cls=Command)(review.review)
app.command("bulk", cls=Command)(bulk.bulk)
app.command("serve", cls=Command)(serve.serve)
app.command("compare", cls=Command)(compare.compare)
app.command("cell", cls=Command)(cell.cell)
app.command("export", cls=Command)(export.export)
app.command("init", cls=Command)(init.init)
data.app.command("split", cls=Command)(reshaping.split)
data.app.command("merge", cls=Command)(reshaping.merge)
data.app.command("suspects", cls=Command)(suspects.suspects)
app.add_typer(data.app, name="data", cls=Group)
app.add_typer(models.app, name="models", cls=Group)
app.add_typer(vectors.app, name="vectors", cls=Group)


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
