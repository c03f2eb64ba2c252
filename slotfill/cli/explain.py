"""`slotfill explain`: why a sentence was tagged as it was, and what another sentence or net makes of it."""

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from slotfill.cli import completions, console, options
from slotfill.cli.formats import legs, printable, style_of, value_text
from slotfill.cli.targets import check_target

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.table import Table

    from slotfill.contrast import Contrast
    from slotfill.explaining import Explanation
    from slotfill.inside import Group
    from slotfill.schema import Frame, Value


def explain(
    text: Annotated[str, typer.Argument(metavar="TEXT", help="One sentence.", show_default=False)],
    against: Annotated[
        str | None,
        typer.Option(
            "--against", metavar="TEXT", help="A second sentence, to be compared: which units tell them apart?"
        ),
    ] = None,
    model: Annotated[
        list[str] | None,
        typer.Option(
            "--model",
            "-m",
            metavar="NAME",
            help="A model's name or folder; given twice, the two are compared. Default: travel.",
            show_default=False,
            autocompletion=completions.models,
        ),
    ] = None,
    units: Annotated[int, typer.Option("--units", min=1, help="How many units of each cell the table shows.")] = 8,
    style: options.TableOrJson = "table",
    now: options.Now = None,
    date_order: options.DateOrder = "mdy",
    plot: Annotated[
        Path | None,
        typer.Option("--plot", metavar="FILE", help="Draw all units over time into this .png or .svg file."),
    ] = None,
    overwrite: options.Overwrite = False,
) -> None:
    """Show each token's slot and runner-up, the words that decided, and the gates and states of the net over time.

    A word decides a slot if the slot's name changes when the word is left out. A second sentence, or a second model,
    is shown side by side with the first, and two sentences also as their difference.

        slotfill explain "arrive Taipei on November 2nd" --plot gates.png

        slotfill explain "arrive Taipei on November 2nd" --against "leave Taipei on November 2nd"

        slotfill explain "arrive Taipei on November 2nd" --model tiny-elman --model tiny-lstm
    """
    models = model or ["travel"]
    if len(models) > 2:
        raise typer.BadParameter(f"two models can be compared, not {len(models)}", param_hint="--model")
    if len(models) == 2 and against is not None:
        raise typer.BadParameter("compares two sentences in one net: give one --model", param_hint="--against")
    if plot is not None:
        check_target(plot, overwrite=overwrite)
    # the shell may pass bytes that are not UTF-8
    texts = [os.fsencode(one).decode(errors="replace") for one in (text, against) if one is not None]
    found = _explained(texts, models, now=now, date_order=date_order)
    if plot is not None:
        _draw(found.groups(), plot)
    if style == "json":
        json.dump(found.to_dict(), sys.stdout)
        sys.stdout.write("\n")
    else:
        _print(found, units=units)


def _explained(texts: "Sequence[str]", models: "Sequence[str]", **settings: Any) -> "Explanation | Contrast":
    """One explanation, or two of two sentences or of two models."""
    from slotfill.contrast import Contrast, contrast
    from slotfill.explaining import explain as explained
    from slotfill.tagger import Tagger

    taggers = [Tagger.load(name) for name in models]
    if len(texts) == 2:
        return contrast(taggers[0], texts[0], texts[1], **settings)
    first, *more = (explained(tagger, texts[0], **settings) for tagger in taggers)
    return Contrast(first, more[0], (models[0], models[1]), is_one_net=False) if more else first


def _draw(groups: "Sequence[Group]", path: Path) -> None:
    from slotfill.fonts import advice, fonts_for
    from slotfill.plots import save, texts_of, unit_maps

    save(unit_maps(groups), path)
    console.notice(f"wrote {path}")
    lacking = fonts_for(texts_of(groups)).lacking
    if lacking:
        console.notice(advice(lacking))


def _print(found: "Explanation | Contrast", *, units: int) -> None:
    """What was found and why, and so many units of each cell."""
    from slotfill.cli.side_by_side import print_contrast
    from slotfill.cli.units import print_groups
    from slotfill.contrast import Contrast
    from slotfill.inside import WITHOUT_MEMORY

    if isinstance(found, Contrast):
        print_contrast(found)
        kinds = [found.first.cell, found.second.cell]
    else:
        _print_one(found)
        kinds = [found.cell]
    print_groups(found.groups(), units=units)
    if "feedforward" in kinds:
        console.stdout().print(f"\n{WITHOUT_MEMORY}", soft_wrap=True)


def _print_one(explanation: "Explanation") -> None:
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
