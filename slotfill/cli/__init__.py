"""The command line: parse, call, print. One module a command, and one error handler.

app.py       every command, by Typer
fast/        plain `tag` commands, without importing Typer
console.py   messages, and the error handler
"""

import os
import sys
import warnings
from io import TextIOWrapper
from typing import Any

from slotfill.own_process import end_as_by_ctrl_c, rare_collections

_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
_show_warning = warnings.showwarning


def main() -> None:
    """Run the command line."""
    # Read when numpy is imported: for matrices of this size, a second BLAS thread costs more than it saves.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w")  # noqa: SIM115  # open until the process ends
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a character that the encoding lacks must not be an error
            stream.reconfigure(errors="backslashreplace")
    warnings.showwarning = _warn
    if sys.argv[1:2] == ["tag"]:  # first of all: importing its modules makes most objects of a single sentence
        rare_collections()
    from slotfill.cli.fast import arguments

    parsed = arguments.parse(sys.argv[1:])
    if parsed is None or sys.stdout is None or "_SLOTFILL_COMPLETE" in os.environ:
        from slotfill.cli.app import app

        end_as_by_ctrl_c()
        app(prog_name="slotfill")
        return
    from slotfill.cli.console import errors_reported
    from slotfill.cli.tag import run
    from slotfill.cli.which import say_which

    texts, options = parsed
    if options["target"] or options["context"] or options["jobs"] > 1:  # what only writes to standard output just ends
        end_as_by_ctrl_c()
    with errors_reported():
        say_which([options["model"]])
        run(texts, **options)


def _warn(
    message: Warning | str, category: type[Warning], filename: str, lineno: int, file: Any = None, line: Any = None
) -> None:
    """Slotfill's own warnings are a line for a person; others say where they come from."""
    if not filename.startswith(_PACKAGE):
        _show_warning(message, category, filename, lineno, file, line)
        return
    from slotfill.cli.console import warn

    warn(str(message))
