"""`slotfill tag` for Typer, which reads the table of options from the function's signature."""

from inspect import Parameter, Signature
from typing import Annotated, Any, Literal

import typer

from slotfill.cli import tagging
from slotfill.cli.tagging import OPTIONS, Option


def tag(texts: list[str] | None, **options: Any) -> None:
    """Label sentences: one result for each line, in order, as soon as it can be had.

    An empty line gives an empty result. Bytes that are not UTF-8 are replaced by U+FFFD, with a
    warning that names the line.

        slotfill tag "arrive Taipei on November 2nd"

        slotfill tag --input queries.txt --format json | jq .slots
    """
    if problem := tagging.misuse(texts or [], options):
        raise typer.BadParameter(problem[1], param_hint=problem[0])
    tagging.run(texts or [], **options)


def _type(option: Option) -> Any:
    kind: Any = Literal[option.choices] if option.choices else option.kind
    info = typer.Option(*option.flags, help=option.help, min=option.low, max=option.high)
    return Annotated[kind | None if option.default is None else kind, info]


_TYPES: dict[str, Any] = {
    "texts": Annotated[
        list[str] | None,
        typer.Argument(
            metavar="TEXT",
            help="Sentences; after `--` they may begin with a dash. None, or `-`: standard input, one a line.",
        ),
    ],
    **{name: _type(option) for name, option in OPTIONS.items()},
}
_DEFAULTS = {"texts": None} | {name: option.default for name, option in OPTIONS.items()}
tag.__annotations__ = _TYPES
tag.__signature__ = Signature(  # type: ignore[attr-defined]
    [
        Parameter(name, Parameter.POSITIONAL_OR_KEYWORD, default=_DEFAULTS[name], annotation=type_)
        for name, type_ in _TYPES.items()
    ]
)
