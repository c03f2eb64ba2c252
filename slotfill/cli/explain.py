"""`slotfill explain`: why a sentence was tagged as it was."""

import json
import os
import sys
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from slotfill.cli import console, options
from slotfill.cli.formats import legs, printable, style_of, value_text
from slotfill.cli.targets import check_target

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rich.table import Table

    from slotfill.explaining import Array, Explanation
    from slotfill.schema import Frame, Value


def explain(
    text: Annotated[str, typer.Argument(metavar="TEXT", help="One sentence.", show_default=False)],
    model: options.Model = "travel",
    style: options.TableOrJson = "table",
    now: options.Now = None,
    date_order: options.DateOrder = "mdy",
    plot: Annotated[
        Path | None,
        typer.Option("--plot", metavar="FILE", help="Draw the gates, token by unit, into this .png or .svg file."),
    ] = None,
    overwrite: options.Overwrite = False,
) -> None:
    """Show each token's slot and runner-up, the words that decided, and the gates.

    A word decides a slot if the slot's name changes when the word is left out.

        slotfill explain "arrive Taipei on November 2nd" --plot gates.png
    """
    from slotfill.explaining import explain as explained
    from slotfill.tagger import Tagger

    if plot is not None:
        check_target(plot, overwrite=overwrite)
    text = os.fsencode(text).decode(errors="replace")  # the shell may pass bytes that are not UTF-8
    explanation = explained(Tagger.load(model), text, now=now, date_order=date_order)
    if plot is not None:
        _draw(explanation, plot)
    if style == "json":
        json.dump(explanation.to_dict(), sys.stdout)
        sys.stdout.write("\n")
    else:
        _print(explanation)


def _draw(explanation: "Explanation", path: Path) -> None:
    from slotfill.fonts import advice, fonts_for
    from slotfill.plots import gate_maps, save

    tokens = [printable(token.text) for token in explanation.annotation.tokens]
    save(gate_maps(explanation.gates, tokens=tokens), path)
    console.notice(f"wrote {path}")
    lacking = fonts_for(tokens).lacking
    if lacking:
        console.notice(advice(lacking))


def _print(explanation: "Explanation") -> None:
    from slotfill.explaining import reasons

    out = console.stdout()
    if explanation.annotation.note:
        out.print(f"note: {explanation.annotation.note}", soft_wrap=True)
    rows = _tokens_table(explanation)
    if out.measure(rows, options=out.options.update(width=10 * out.width)).maximum > out.width:
        rows = _tokens_table(explanation, is_narrow=True)
    out.print(rows)
    if explanation.annotation.slots:
        out.print()
    is_whole = not out.is_terminal  # whole lines, for `grep`
    for line in reasons(explanation):
        out.print(printable(line), markup=False, soft_wrap=is_whole)
    for name, value in _values(explanation.annotation.frame):
        note = f" ({value.note})" if value.note else ""
        line = f"{name}: `{value.text}` is {value_text(value)}{note}"
        out.print(printable(line), markup=False, soft_wrap=is_whole)
    for cell, gates in explanation.gates.items():
        if gates:
            out.print()
            _print_gates(cell, gates, [printable(token.text) for token in explanation.annotation.tokens])


def _values(frame: "Frame") -> "Iterator[tuple[str, Value]]":
    """The values of a frame, or of its legs, with their names: `arrival date`, `leg 2, arrival date`."""
    if not frame.legs:
        yield from ((f"{leg} {part}", value) for leg, part, value in legs(frame))
    for number, one in enumerate(frame.legs, 1):
        yield from ((f"leg {number}, {leg} {part}", value) for leg, part, value in legs(one))


def _sure(probability: float) -> str:
    """Four digits, cut and not rounded, so that only what is certain is 1; `3e-07` for very little."""
    return f"{int(10_000 * probability) / 10_000:.4f}" if probability >= 0.0001 else f"{probability:.0e}"


def _tokens_table(explanation: "Explanation", *, is_narrow: bool = False) -> "Table":
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    rows = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for heading in ("token", "tag", "", "runner-up", ""):
        rows.add_column(heading, overflow="fold")
    for token, choice in zip(explanation.annotation.tokens, explanation.choices, strict=True):
        style = "dim" if choice.tag == "O" else style_of(choice.tag[2:])
        rows.add_row(
            Text(printable(token.text)),
            Text(_broken(choice.tag) if is_narrow else choice.tag, style=style),
            _sure(choice.confidence),
            Text(_broken(choice.second or "") if is_narrow else choice.second or "", style="dim"),
            _sure(choice.second_confidence) if choice.second else "",
        )
    return rows


def _broken(tag: str) -> str:
    """A tag in two lines, the second with the type: nobody can read `B-tol` and `oc.city_name`."""
    return tag.replace(".", ".\n  ")


_WIDEST = 80  # columns for four gates: rich would cut the bars in fewer, and it is better if the terminal wraps them
_SHADES = " ▁▂▃▄▅▆▇█"
_NAMES = {"i": "input", "f": "forget", "o": "output", "r": "reset", "z": "update", "c": "|cell|"}


def _print_gates(cell: str, gates: "Mapping[str, Array]", tokens: list[str]) -> None:
    """The gates' means over all units, and a bar for each tenth of the units, from the most shut to the most open."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    layer, direction = cell.split(".")
    out = console.stdout()
    out.width = max(out.width, _WIDEST)
    out.print(f"gates of layer {int(layer) + 1}, {direction}: mean, and tenths of the units from shut to open")
    rows = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
    rows.add_column("token", overflow="ellipsis", max_width=8, no_wrap=True)
    shown = [name for name in _NAMES if name in gates]
    for name in shown:
        rows.add_column(_NAMES[name], no_wrap=True, min_width=15)  # "0.52 " and ten bars
    for position, token in enumerate(tokens):
        cells = []
        for name in shown:
            units = gates[name][position]
            openness = abs(units).clip(0, 1) if name == "c" else units
            cells.append(Text.assemble(f"{openness.mean():.2f} ", (_bars(openness.tolist()), "cyan")))
        rows.add_row(token, *cells)
    out.print(rows)


def _bars(openness: list[float]) -> str:
    """Ten bars; the n-th is the mean of the n-th tenth of the units."""
    units = sorted(openness)
    bounds = [len(units) * n // 10 for n in range(11)]
    tenths = [units[start : max(end, start + 1)] for start, end in pairwise(bounds)]
    return "".join(_SHADES[min(8, int(sum(tenth) / len(tenth) * 9))] for tenth in tenths)
