"""`slotfill export`: a model for programs elsewhere."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from slotfill.cli import console
from slotfill.errors import BundleError


class Target(StrEnum):
    """What a model can become."""

    ONNX = "onnx"


def export(
    model: Annotated[str, typer.Argument(metavar="MODEL", help="A model's name or folder.", show_default=False)],
    to: Annotated[Target, typer.Option("--to", help="The format.", show_default=False)],
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", help="The file, which ends in .onnx. Default: the model's name, here."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace what is there.")] = False,
) -> None:
    """Write a model for programs that run it elsewhere, without slotfill.

    The network goes into an .onnx file; a .json beside it says how a text becomes its input and how slots are
    read from its output. Both are written only if onnxruntime gives the scores that slotfill gives.

        slotfill export travel --to onnx
    """
    from slotfill.onnx.export import write
    from slotfill.tagger import find_bundle

    bundle = find_bundle(model)
    path = out or Path(f"{Path(model).resolve().name}.{to}")
    try:
        difference = write(bundle, path, overwrite=force)
    except BundleError as error:
        raise BundleError(f"{model}: {error}") from None
    console.notice(f"wrote {path} and {path}.json; in the check, no score was off by more than {difference:.0e}")
