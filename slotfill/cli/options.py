"""The options that several commands share: one flag, one type and one help text each.

Those of `slotfill tag` come from its table, which must not wait for Typer (slotfill/cli/tag.py).
"""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from slotfill.cli import completions
from slotfill.cli.tag import OPTIONS, RENAMED, VALUES
from slotfill.clock import clock_of
from slotfill.errors import InputError


def normalize(flag: str) -> str:
    """The current name of a flag, for click's `token_normalize_func`."""
    return RENAMED.get(flag, flag)


def _as_in_tag(name: str, **more: Any) -> Any:
    option = OPTIONS[name]
    more = {"metavar": option.metavar, "rich_help_panel": option.panel, **more}
    return typer.Option(*option.flags, help=option.help, min=option.low, max=option.high, **more)


def _clock(text: str) -> datetime:
    try:
        return clock_of(text)
    except InputError as error:
        raise typer.BadParameter(str(error), param_hint="--now") from None


def output(help_: str, *, metavar: str = "FILE", panel: str | None = None) -> Any:
    """`--output`: the file or folder to write."""
    return typer.Option("--output", "-o", help=help_, metavar=metavar, rich_help_panel=panel)


def format_(help_: str) -> Any:
    """`--format`: the format of the result."""
    return typer.Option("--format", "-f", help=help_)


MODEL_HELP = OPTIONS["model"].help
Model = Annotated[str, _as_in_tag("model", autocompletion=completions.models)]
ModelArgument = Annotated[
    str,
    typer.Argument(metavar="MODEL", help=MODEL_HELP, show_default=False, autocompletion=completions.models),
]
MinConfidence = Annotated[float, _as_in_tag("min_confidence")]
MinValueConfidence = Annotated[float, _as_in_tag("min_value_confidence")]
Now = Annotated[datetime | None, _as_in_tag("now", parser=_clock)]
DataNow = Annotated[
    datetime | None,
    typer.Option(
        "--now",
        parser=_clock,
        metavar="TIME",
        rich_help_panel=VALUES,
        help="The clock of sentences that name none, for the values of frames. Default: 2026-11-18T09:00.",
    ),
]
DateOrder = Annotated[Literal["mdy", "dmy"], _as_in_tag("date_order")]

_DATA = "A data set: name, path or hub:NAME; several are pooled. Default: {default}."


def _data(default: str) -> Any:
    return typer.Option(
        "--data", "-d", help=_DATA.format(default=default), metavar="DATA", autocompletion=completions.data_sets
    )


Data = Annotated[list[str] | None, _data("travel")]
DataOrRecipe = Annotated[list[str] | None, _data("those of --config, or travel")]
DataArgument = Annotated[
    str,
    typer.Argument(
        metavar="SOURCE",
        help="A data set: name, file, folder or hub:NAME.",
        show_default=False,
        autocompletion=completions.data_sets,
    ),
]
ConfigFile = Annotated[
    Path | None, typer.Option("--config", "-c", metavar="FILE", help="Read settings from a TOML file.")
]
Assignments = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        "-s",
        metavar="KEY=VALUE",
        help="One setting, such as training.epochs=5; may be repeated.",
        autocompletion=completions.settings,
    ),
]

Checkpoint = Annotated[
    Path | None,
    typer.Option(
        "--checkpoint",
        metavar="FOLDER",
        help="Keep the trainings of folds in this folder until all are done, and go on there after an interruption.",
    ),
]

OnError = Annotated[
    Literal["stop", "skip", "fix"],
    typer.Option(
        "--on-error",
        help="A faulty sentence: stop there, skip it, or fix what can be fixed and skip the rest; each is counted.",
    ),
]
TableOrJson = Annotated[Literal["table", "json"], format_("A table for people, or JSON.")]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace what is there.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress.")]
