"""`slotfill explain`: why a sentence was tagged as it was."""

import json
import os
import sys
from enum import StrEnum
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from slotfill.cli import console
from slotfill.cli.formats import legs, printable, style_of, value_text
from slotfill.cli.tag import clock_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from slotfill.explaining import Array, Explanation


class Format(StrEnum):
    """The shapes that an explanation comes in."""

    TABLE = "table"
    JSON = "json"


def explain(
    text: Annotated[str, typer.Argument(metavar="TEXT", help="One sentence.", show_default=False)],
    model: Annotated[str, typer.Option("--model", "-m", help="A model's name or folder.")] = "travel",
    style: Annotated[Format, typer.Option("--format", "-f", help="How to print it.")] = Format.TABLE,
    now: Annotated[
        str | None, typer.Option("--now", help="The clock that `tomorrow` counts from, as 2026-11-20T09:00.")
    ] = None,
    plot: Annotated[
        Path | None, typer.Option("--plot", help="Draw the gates, token by unit, into this .png or .svg file.")
    ] = None,
) -> None:
    """Show each token's slot and runner-up, the words that decided, and the gates.

    A word decides a slot if the slot's name changes when the word is left out.

        slotfill explain "arrive Taipei on November 2nd" --plot gates.png
    """
    from slotfill.explaining import explain as explained
    from slotfill.tagger import Tagger

    clock = None if now is None else clock_of(now)
    if now is not None and clock is None:
        raise typer.BadParameter(f"{now!r} is no date and time such as 2026-11-20T09:00", param_hint="--now")
    explanation = explained(Tagger.load(model), os.fsencode(text).decode(errors="replace"), clock=clock)
    if plot is not None:
        from slotfill.plots import gate_maps, save

        save(gate_maps(explanation.gates, tokens=[printable(t.text) for t in explanation.annotation.tokens]), plot)
        console.notice(f"wrote {plot}")
    if style is Format.JSON:
        json.dump(explanation.to_dict(), sys.stdout)
        sys.stdout.write("\n")
    else:
        _print(explanation)


def _print(explanation: "Explanation") -> None:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    from slotfill.explaining import reasons

    out = console.stdout()
    tokens = explanation.annotation.tokens
    rows = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for heading in ("token", "tag", "", "runner-up", ""):
        rows.add_column(heading, overflow="fold")
    for token, choice in zip(tokens, explanation.choices, strict=True):
        style = "dim" if choice.tag == "O" else style_of(choice.tag[2:])
        rows.add_row(
            Text(printable(token.text)),
            Text(choice.tag, style=style),
            f"{choice.confidence:.2f}",
            Text(choice.second or "", style="dim"),
            f"{choice.second_confidence:.2f}" if choice.second else "",
        )
    out.print(rows)
    if explanation.annotation.slots:
        out.print()
    for line in reasons(explanation):
        out.print(printable(line), markup=False, soft_wrap=True)  # whole lines, for `grep`
    for leg, part, value in legs(explanation.annotation.frame):
        note = f" ({value.note})" if value.note else ""
        out.print(printable(f"{leg} {part}: `{value.text}` is {value_text(value)}{note}"), soft_wrap=True)
    for cell, arrays in explanation.gates.items():
        if arrays:
            out.print()
            _print_gates(cell, arrays, [printable(token.text) for token in tokens])


_WIDEST = 80  # columns of four gates: in less, rich would cut the bars; the terminal had better wrap them
_SHADES = " ▁▂▃▄▅▆▇█"
_NAMES = {"i": "input", "f": "forget", "o": "output", "r": "reset", "z": "update", "c": "|cell|"}


def _print_gates(cell: str, arrays: "Mapping[str, Array]", tokens: list[str]) -> None:
    """The gates' means over all units, and how many units each step of openness has."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    layer, direction = cell.split(".")
    out = console.stdout()
    out.width = max(out.width, _WIDEST)
    out.print(f"gates of layer {int(layer) + 1}, {direction}: mean, and tenths of the units from shut to open")
    rows = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
    rows.add_column("token", overflow="ellipsis", max_width=8, no_wrap=True)
    shown = [name for name in _NAMES if name in arrays]
    for name in shown:
        rows.add_column(_NAMES[name], no_wrap=True, min_width=15)  # "0.52 " and ten bars
    for position, token in enumerate(tokens):
        cells = []
        for name in shown:
            values = arrays[name][position]
            openness = abs(values).clip(0, 1) if name == "c" else values
            tenths = sorted(openness.tolist())
            # the n-th bar is the mean of the n-th tenth of the units
            bounds = [len(tenths) * n // 10 for n in range(11)]
            parts = [tenths[start : max(end, start + 1)] for start, end in pairwise(bounds)]
            means = [sum(part) / len(part) for part in parts]
            bars = "".join(_SHADES[min(8, int(mean * 9))] for mean in means)
            cells.append(Text.assemble(f"{openness.mean():.2f} ", (bars, "cyan")))
        rows.add_row(token, *cells)
    out.print(rows)
