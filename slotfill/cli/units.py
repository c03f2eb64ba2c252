"""The gates and states of cells in the terminal: a row for each unit, a column for each token."""

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from slotfill.cli import console
from slotfill.cli.formats import printable
from slotfill.inside import LETTERS, PARTS, Group, Strip, title_of

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

_WIDEST = 80  # columns for the parts of a cell, even in a narrower terminal, which wraps them
_WIDE_TOKENS = 12  # up to so many tokens, each has two columns
_SHARES = "▁▂▃▄▅▆▇█"  # of what lies between 0 and 1
_SIGNED = "▁▂▃▄▅▆▇"  # of what may be below 0, which stands in the middle
_LABEL = 6  # columns for what a unit is called


def print_groups(groups: Sequence[Group], *, units: int) -> None:
    """Print so many units of each cell, under a legend."""
    out = console.stdout()
    out.width = max(out.width, _WIDEST)
    if not groups:
        return
    _print_legend(out, groups, units=units)
    for group in groups:
        out.print()
        reads = ", read from the right" if group.cell.endswith("backward") else ""
        out.print(f"{title_of(group.cell)}{reads}", style="bold")
        for strip in group.strips:
            if strip.title:
                out.print(printable(strip.title), style="italic", soft_wrap=True)
            words = " ".join(f"{n}:{printable(token)}" for n, token in enumerate(strip.tokens, 1))
            out.print(words, style="dim", soft_wrap=not out.is_terminal)
            for key in ("h", "y"):
                _print_parts(out, strip, [part for part in strip.parts if (part == "y") == (key == "y")], units=units)


def _print_legend(out: "Console", groups: Sequence[Group], *, units: int) -> None:
    strips = [strip for group in groups for strip in group.strips]
    drawn = [part for part in PARTS if any(part in strip.parts for strip in strips)]
    chosen = "that differ most" if strips[0].is_ranked else "whose state moves most"
    out.print()
    out.print(f"units over time: a row a unit, a column a token; the {units} {chosen}")
    for lowest, scale in (
        (0, f"from 0 {_SHARES[0]} to 1 {_SHARES[-1]}"),
        (-1, f"from -1 {_SIGNED[0]} through 0 {_SIGNED[3]} to 1 {_SIGNED[-1]}"),
    ):
        named = [f"{LETTERS.get(part, part)} {PARTS[part].title}" for part in drawn if PARTS[part].low == lowest]
        if named:
            out.print(f"{', '.join(named)}: {scale}")
    if any(strip.is_difference for strip in strips):
        out.print(f"differences: {_SIGNED[3]} is none; their scale is twice as long")


def _print_parts(out: "Console", strip: Strip, parts: Sequence[str], *, units: int) -> None:
    """Print parts side by side, as many as fit."""
    from rich.text import Text

    tokens = len(strip.tokens)
    wide = 2 if tokens <= _WIDE_TOKENS else 1
    column = max([tokens * wide, *(len(LETTERS.get(part, part)) for part in parts)])
    every = max(1, (out.width - _LABEL + 2) // (column + 2))
    left = iter(parts)
    while some := list(islice(left, every)):
        chosen = strip.few(some[0], units)
        label = max([_LABEL, *(len(strip.label(some[0], unit)) + 2 for unit in chosen)])
        numbers = "".join(f"{n % 10}".ljust(wide) for n in range(1, tokens + 1)).ljust(column)
        heads = (LETTERS.get(part, part).ljust(column) for part in some)
        out.print(Text("unit".ljust(label) + "  ".join(heads)), soft_wrap=True)
        out.print(Text(" " * label + "  ".join([numbers] * len(some)), style="dim"), soft_wrap=True)
        for unit in chosen:
            bars = [_bars(strip, part, strip.parts[part][:, unit].tolist(), wide=wide) for part in some]
            line = Text(" " * (column - tokens * wide + 2)).join(bars)
            out.print(Text(strip.label(some[0], unit).ljust(label)) + line, soft_wrap=True)


def _bars(strip: Strip, part: str, values: Iterable[float], *, wide: int) -> "Text":
    """One unit of one part over time."""
    from rich.text import Text

    low, high = strip.scale(part)
    levels = _SIGNED if low < 0 else _SHARES
    bars = Text()
    for value in values:
        place = round((value - low) / (high - low) * (len(levels) - 1))
        style = "cyan" if low == 0 else "blue" if place < len(levels) // 2 else "yellow" if place > 3 else "dim"
        bars.append(levels[min(max(place, 0), len(levels) - 1)] * wide, style=style)
    return bars
