"""`slotfill models`: list models, and show a model's card."""

from pathlib import Path

import typer

from slotfill.cli import console, options
from slotfill.cli.commands import Command
from slotfill.errors import BundleError

app = typer.Typer(help="List models, and show a model's card.", no_args_is_help=True)


@app.command("list", cls=Command)
def list_() -> None:
    """List the models known by name: those that come with slotfill, and the folders in ./models.

    slotfill models list
    """
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    from slotfill.bundle import is_bundle, read
    from slotfill.catalogue import summarize
    from slotfill.locations import locate, names
    from slotfill.training.history import unfinished

    rows = Table("name", "net", "slots", "dev F1", box=SIMPLE_HEAD)
    rows.add_column("learnt from", overflow="fold")  # a long name is folded, not cut
    for name in names("models", fits=is_bundle):
        try:
            bundle = read(locate("models", name, fits=is_bundle) or name)
        except BundleError as error:
            console.warn(str(error))
            continue
        model = summarize(name, bundle)
        f1 = "" if model.dev_f1 is None else f"{model.dev_f1:.4f}"
        rows.add_row(name, model.net, str(len(model.slots)), f1, ", ".join(model.sources))
    for checkpoint in sorted(Path("models").glob("*.checkpoint")):
        if (begun := unfinished(checkpoint)) is not None:
            f1 = "" if begun.dev_f1 is None else f"{begun.dev_f1:.4f}"
            epochs = f"epoch {len(begun.history)} of {begun.epochs or '?'}"
            rows.add_row(f"{checkpoint.stem} (unfinished)", epochs, "", f1, ", ".join(begun.sources))
    console.print_table(rows)


@app.command(cls=Command)
def show(model: options.ModelArgument) -> None:
    """Print a model's card, and check that its folder is whole.

    slotfill models show travel
    """
    from slotfill.tagger import find_bundle

    console.say(find_bundle(model).card.rstrip())
