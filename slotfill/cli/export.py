"""`slotfill export`: a model for programs without slotfill."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from slotfill.cli import console, options
from slotfill.cli.targets import check_target
from slotfill.errors import BundleError
from slotfill.files import alone


def export(
    model: options.ModelArgument,
    to: Annotated[Literal["onnx"], typer.Option("--to", help="The format.", show_default=False)],
    target: Annotated[
        Path | None, options.output("A file that ends in .onnx. Default: the model's name, in this folder.")
    ] = None,
    overwrite: options.Overwrite = False,
) -> None:
    """Write a model for programs that run it without slotfill.

    The network goes into an .onnx file. A .json file beside it describes how a text becomes the input, and how slots
    are read from the output. Both are written only if onnxruntime computes the same scores as slotfill.

        slotfill export travel --to onnx
    """
    from slotfill.onnx.export import write
    from slotfill.tagger import find_bundle

    path = target or Path(f"{Path(model).resolve().name}.{to}")
    bundle = find_bundle(model)
    with alone(path):
        for file in (path, Path(f"{path}.json")):
            check_target(file, overwrite=True)  # `write` looks whether they are there
        try:
            difference = write(bundle, path, overwrite=overwrite)
        except BundleError as error:
            raise BundleError(f"{model}: {error}") from None
    console.notice(f"wrote {path} and {path}.json; in the check, no score was off by more than {difference:.0e}")
