"""Two explanations in one table of the terminal."""

from typing import TYPE_CHECKING

from slotfill.cli import console
from slotfill.cli.formats import printable, style_of

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text

    from slotfill.contrast import Contrast
    from slotfill.explaining import Explanation


def print_contrast(contrast: "Contrast") -> None:
    """Print both taggings side by side, and why each slot of the two was found."""
    from slotfill.explaining import reasons

    out = console.stdout()
    rows = _table(contrast)
    if out.measure(rows, options=out.options.update(width=10 * out.width)).maximum > out.width:
        rows = _table(contrast, is_narrow=True)
    out.print(rows)
    is_whole = not out.is_terminal  # whole lines, for `grep`
    for title, explanation in zip(contrast.titles, (contrast.first, contrast.second), strict=True):
        out.print()
        out.print(f"{printable(title)}:", style="italic", soft_wrap=True)
        if explanation.annotation.note:
            out.print(f"note: {explanation.annotation.note}", soft_wrap=True)
        for line in reasons(explanation):
            out.print(printable(line), soft_wrap=is_whole)


def _table(contrast: "Contrast", *, is_narrow: bool = False) -> "Table":
    """A pair of tokens a row; of two nets the token stands only once."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    rows = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
    first, second = contrast.first, contrast.second
    is_one_text = first.annotation.text == second.annotation.text
    heads = ["token", contrast.titles[0], "", "", contrast.titles[1], ""]
    if not is_one_text:
        heads = ["first", "tag", "", "", "second", "tag", ""]
    for heading in heads:
        rows.add_column(printable(heading), overflow="fold")
    for a, b in contrast.pairs:
        one, other = (_cells(e, n, is_narrow=is_narrow) for e, n in ((first, a), (second, b)))
        mark = Text("" if one[1].plain == other[1].plain else "≠", style="bold red")
        rows.add_row(*one, mark, *(other[1:] if is_one_text else other))
    return rows


def _cells(explanation: "Explanation", number: int | None, *, is_narrow: bool) -> "list[Text]":
    """Token, tag and confidence; nothing where a sentence has no such token."""
    from rich.text import Text

    if number is None:
        return [Text(), Text(), Text()]
    choice = explanation.choices[number]
    tag = choice.tag.replace(".", ".\n  ") if is_narrow else choice.tag
    return [
        Text(printable(explanation.annotation.tokens[number].text)),
        Text(tag, style="dim" if choice.tag == "O" else style_of(choice.tag[2:])),
        Text(f"{choice.confidence:.2f}"),
    ]
