"""Rows of text under headings, for a terminal.

Rich does this and more, but its import takes half as long as numpy's.
"""

import os
import sys
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from itertools import zip_longest

from slotfill.cli.console import NARROWEST

Paint = Callable[..., str]

_CODES = {"bold": 1, "dim": 2, "green": 32, "yellow": 33, "blue": 34, "magenta": 35, "cyan": 36}
_GAP = "   "
_NARROWEST_COLUMN = 8


def painter(*, colour: bool) -> Paint:
    """A function (text, *styles) -> text; without `colour` it returns the text as it is."""

    def paint(text: str, *styles: str) -> str:
        codes = ";".join(str(_CODES[style]) for style in styles)
        return f"\x1b[{codes}m{text}\x1b[0m" if colour and text else text

    return paint


def layout(
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    styles: Sequence[str],
    left: int,
    foldable: Sequence[int],
    paint: Paint,
    above: Mapping[int, Sequence[str]],
    below: Mapping[int, Sequence[str]],
) -> list[str]:
    """Lines in columns; the first `left` columns are aligned left, the others right.

    If the terminal is too narrow, the `foldable` columns are folded. `styles` are those of each row's first cell.
    `above` and `below` are lines of text between the rows, by the number of the row.
    """
    widths = [max(map(cells, column)) for column in zip(headings, *rows, strict=True)]
    room = max(_terminal(), NARROWEST) - len(_GAP) * (len(widths) - 1)
    while sum(widths) > room:
        widest = max(foldable, key=widths.__getitem__)
        others = max((widths[column] for column in foldable if column != widest), default=0)
        narrower = max(_NARROWEST_COLUMN, widths[widest] - max(1, min(sum(widths) - room, widths[widest] - others)))
        if narrower == widths[widest]:
            break  # the terminal wraps the rest
        widths[widest] = narrower

    def line(texts: Sequence[str], style: str = "") -> str:
        padded = [
            text + " " * (width - cells(text)) if column < left else " " * (width - cells(text)) + text
            for column, (text, width) in enumerate(zip(texts, widths, strict=True))
        ]
        if style:
            padded[0] = paint(texts[0], style) + padded[0][len(texts[0]) :]
        return _GAP.join(padded)

    rule = "─" * (sum(widths) + len(_GAP) * (len(widths) - 1))
    result = [paint(line(headings), "bold"), rule]
    full = max(_terminal(), NARROWEST) - len(_GAP)
    for number, (row, style) in enumerate(zip(rows, styles, strict=True)):
        result += [paint(piece, "bold") for text in above.get(number, ()) for piece in wrap(text, full)]
        wrapped = [wrap(cell, width) for cell, width in zip(row, widths, strict=True)]
        result += [line(texts, style) for texts in zip_longest(*wrapped, fillvalue="")]
        result += [_GAP + paint(piece, "dim") for text in below.get(number, ()) for piece in wrap(text, full)]
    return result


def cells(text: str) -> int:
    """The width of a text in columns: East Asian characters take two, marks and joiners none."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.category(c) in ("Mn", "Me", "Cf") else 1 + (unicodedata.east_asian_width(c) in "WF")
        for c in text
    )


def wrap(text: str, width: int) -> list[str]:
    """The text in pieces of at most `width` columns, cut at spaces if there are any."""
    pieces = []
    while cells(text) > width:
        end, taken = 0, 0
        while taken + cells(text[end]) <= width or end == 0:
            taken += cells(text[end])
            end += 1
        space = text.rfind(" ", 1, end + 1)
        pieces.append(text[: space if space > 0 else end])
        text = text[space + 1 if space > 0 else end :]
    return [*pieces, text]


def _terminal() -> int:
    """The columns of the terminal, or those of the variable COLUMNS."""
    columns = os.environ.get("COLUMNS", "")
    if columns.isdecimal() and int(columns):
        return int(columns)
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns
    except (OSError, ValueError):
        return 80
