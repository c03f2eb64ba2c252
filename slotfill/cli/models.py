"""`slotfill models`: which models there are, and what they are."""

import typer

from slotfill.cli import console, options
from slotfill.errors import BundleError

app = typer.Typer(help="List models and show what they are.", no_args_is_help=True)


@app.command("list")
def list_() -> None:
    """List the models that are known by name: those that come with slotfill, and the folders in ./models."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    from slotfill.bundle import is_bundle, read
    from slotfill.locations import locate, names

    rows = Table("name", "net", "slots", "dev F1", "learnt from", box=SIMPLE_HEAD)
    for name in names("models", fits=is_bundle):
        try:
            bundle = read(locate("models", name, fits=is_bundle) or name)
        except BundleError as error:
            console.warn(str(error))
            continue
        model, training = bundle.config.model, bundle.training
        slots = len({tag[2:] for tag in bundle.vocabularies.tags.items if tag != "O"})
        net = f"{'bi' if model.bidirectional else ''}{model.cell} {model.layers} x {model.hidden}"
        sources = ", ".join(part["source"] for part in training.get("data", ()))
        f1 = training.get("dev", {}).get("f1")
        rows.add_row(name, net, str(slots), "" if f1 is None else f"{f1:.4f}", sources)
    console.stdout().print(rows)


@app.command()
def show(model: options.ModelArgument) -> None:
    """Print a model's card, and check that its folder is whole."""
    from slotfill.tagger import find_bundle

    typer.echo(find_bundle(model, every_sum=True).card.rstrip())
