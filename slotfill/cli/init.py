"""`slotfill init`: a small project to start from, of a domain that is not travel."""

import shlex
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated

import typer

from slotfill.cli import console
from slotfill.errors import InputError

_TAGGED = "a table for four tomorrow at 7 pm"


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder of the new project.", show_default=False)],
) -> None:
    """Write a small project to start from: the orders and bookings of a restaurant.

    It has a recipe with the kinds of its slots, 20 sentences to train on, a few to choose and to test, and
    a README. The commands that are printed train it, score it and tag a sentence, in under a minute.

    slotfill init table
    """
    contents = dict(_contents(files("slotfill") / "project", ""))
    taken = [name for name in contents if (folder / name).exists()]
    if folder.exists() and not folder.is_dir():
        raise InputError(f"{folder}: is a file: choose another name for the project")
    if taken:
        raise InputError(f"{folder}: {', '.join(taken[:3])} is there already: choose another name for the project")
    from slotfill.files import write_files, write_folder

    if folder.exists():
        write_files({folder / name: data for name, data in contents.items()})
    else:
        write_folder(folder, contents)
    for name in contents:
        console.notice(f"wrote {folder / name}")
    typer.echo("next:")
    for command in commands(folder):
        typer.echo(f"  {command}")


def commands(folder: Path) -> list[str]:
    """The next commands: train, score, tag."""
    recipe, data, model = (shlex.quote(str(folder / name)) for name in ("recipe.toml", "data", "model"))
    return [
        f"slotfill train --config {recipe} --data {data} --output {model}",
        f"slotfill eval --model {model} --data {data}",
        f"slotfill tag --model {model} {shlex.quote(_TAGGED)}",
    ]


def _contents(folder: Traversable, prefix: str) -> list[tuple[str, bytes]]:
    """The files of the project that comes with slotfill, by their paths in it."""
    found: list[tuple[str, bytes]] = []
    for entry in sorted(folder.iterdir(), key=lambda entry: (entry.is_dir(), entry.name)):
        if entry.is_dir():
            found += _contents(entry, f"{prefix}{entry.name}/")
        else:
            found.append((prefix + entry.name, entry.read_bytes()))
    return found
