"""`slotfill review`: sentence by sentence, a person accepts or mends what a model found."""

import os
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from slotfill.cli import completions, console, options
from slotfill.errors import InputError

if TYPE_CHECKING:
    from rich.console import Console

    from slotfill.cli.reviewing.keys import Keys
    from slotfill.reviewing.session import Session

OUTPUT_HELP = "The .jsonl or .markup file that decisions are added to. Default: NAME.reviewed.jsonl."
_ORDER_HELP = (
    "Which sentence comes first: the least certain, the least certain that is not about the same words again, or as in "
    "the file."
)


def order_option(panel: str | None = None) -> Any:
    """`--order`."""
    return typer.Option("--order", help=_ORDER_HELP, rich_help_panel=panel)


def split_option(panel: str | None = None) -> Any:
    """`--split`: of what is reviewed."""
    return typer.Option(
        "--split",
        help="The part of a data set that has several.",
        autocompletion=completions.splits,
        rich_help_panel=panel,
    )


Order = Literal["uncertain", "varied", "file"]


def review(
    source: Annotated[
        str,
        typer.Argument(
            metavar="FILE",
            help="Text, one sentence a line, or a data set in any format.",
            show_default=False,
            autocompletion=completions.data_sets,
        ),
    ],
    model: options.Model = "travel",
    target: Annotated[Path | None, options.output(OUTPUT_HELP)] = None,
    order: Annotated[Order, order_option()] = "uncertain",
    split: Annotated[str | None, split_option()] = None,
    on_error: options.OnError = "stop",
) -> None:
    """Accept or mend the labels of sentences, one key each, the least certain sentence first.

    What you decide is added to the output at once, as `train` reads it. Stop at any time: the same command goes on
    where it stopped, and with another model it asks the rest in another order. Sentences that have labels keep them
    until you change them; the model's stand beside them. ? shows all keys.

        slotfill review queries.txt --output corrected.jsonl

        slotfill train --data corrected.jsonl --output models/own
    """
    from slotfill.cli.reviewing.keys import keyboard

    target = checked_target(source, target)
    with keyboard() as keys:
        out = _screen()
        from slotfill.reviewing.session import begin
        from slotfill.tagger import Tagger

        with console.stderr().status("tagging the sentences"):
            tagger = Tagger.load(model)
            session = begin(
                source, target, tagger=tagger, order=order, split=split, on_error=on_error, on_note=console.note
            )
        try:
            _ask(session, keys, out, title=title_of(source, model, target))
        finally:
            session.close()
            _sum_up(session, target)


def checked_target(source: str, target: Path | None) -> Path:
    """The file to add decisions to; InputError if it is what is read, or lies in a model."""
    from slotfill.cli.targets import check_target

    if target is None:
        name = Path(source.removeprefix("hub:")).name
        target = Path(f"{Path(name.removesuffix('.gz')).stem}.reviewed.jsonl")
    check_target(target, overwrite=True, inputs=[source], data=[source])
    return target


def title_of(source: str, model: str, target: Path) -> str:
    """What is reviewed, in words."""
    return f"{source}, by {Path(model).name}, into {target}"


def _screen() -> "Console":
    """The terminal to draw on; InputError if it is none."""
    out = console.stdout()
    if not out.is_terminal or out.is_dumb_terminal:
        raise InputError(
            "a review draws on a terminal, and standard output is none that can be drawn on: "
            "slotfill serve --review FILE does the same in a browser"
        )
    return out


def _ask(session: "Session", keys: "Keys", out: "Console", *, title: str) -> None:
    """Ask until all is decided and seen, or the person quits."""
    from slotfill.cli.reviewing.dialogue import Dialogue
    from slotfill.cli.reviewing.drawing import screen

    dialogue = Dialogue(session)
    is_plain = not (sys.stdout.encoding or "").lower().startswith("utf")

    def draw() -> None:
        out.width, height = os.get_terminal_size(out.file.fileno())
        with out.capture() as drawn:
            out.print(screen(dialogue, title=title, width=out.width, height=height, is_plain=is_plain))
        # as one piece, from the top left corner, and with the rest of each line cleared: so it does not flicker
        lines = drawn.get().rstrip("\n").split("\n")[:height]
        out.file.write("\x1b[H" + "\x1b[K\n".join(lines) + "\x1b[K\x1b[J")
        out.file.flush()

    with out.screen(hide_cursor=True):
        while not dialogue.is_over:
            draw()
            dialogue.press(keys(draw))


def _sum_up(session: "Session", target: Path) -> None:
    """Say what has been decided, and what to do with it."""
    left = session.total - session.done
    rest = f"; {left:,} left, which the same command goes on with" if left else ""
    console.notice(f"{session.done:,} of {session.total:,} sentences decided{rest}")
    if session.done:
        data = shlex.quote(str(target))
        console.notice(f"they are in {target}: slotfill train --data {data} --output models/own")
