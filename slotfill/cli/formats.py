"""An annotation as a person or a program wants to read it."""

import json
from collections.abc import Callable, Iterable
from typing import Any

from slotfill.schema import Annotation


def to_dict(annotation: Annotation) -> dict[str, Any]:
    """The keys of one JSON line, in the order of the contract."""
    intent = annotation.intent
    return {
        "text": annotation.text,
        "intent": None if intent is None else {"name": intent.name, "confidence": round(intent.confidence, 4)},
        "slots": [
            {"name": s.name, "text": s.text, "start": s.start, "end": s.end, "confidence": round(s.confidence, 4)}
            for s in annotation.slots
        ],
    }


def json_line(annotation: Annotation) -> str:
    """One line, whatever the text holds."""
    return json.dumps(to_dict(annotation), ensure_ascii=False).translate(_LINE_ENDS) + "\n"


# JSON need not escape these, but many a reader of lines breaks at them.
_LINE_ENDS = {ord(character): f"\\u{ord(character):04x}" for character in "\x85\u2028\u2029"}


def iob_block(annotation: Annotation) -> str:
    """A token and its tag a line, and an empty line after the sentence."""
    return "".join(f"{t.text}\t{tag}\n" for t, tag in zip(annotation.tokens, annotation.tags, strict=True)) + "\n"


def markup_line(annotation: Annotation) -> str:
    """`arrive [Taipei](toloc.city_name)`, as the markup reader reads it."""
    from slotfill.readers.markup import render

    spans = [(slot.start, slot.end, slot.name) for slot in annotation.slots]
    return render(annotation.text, spans, intent=annotation.intent.name if annotation.intent else None) + "\n"


def table(annotation: Annotation, *, colour: bool, width: int) -> str:
    """The sentence with its slots in colour, and a row a slot, for a terminal."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from slotfill.cli.console import NARROWEST

    sentence = Text(printable(annotation.text), style="bold")
    for slot in annotation.slots:
        sentence.stylize(style_of(slot.name), slot.start, slot.end)
    if annotation.intent is not None:
        sentence.append(f"   {annotation.intent.name} {annotation.intent.confidence:.2f}", style="not bold dim")
    console = Console(
        force_terminal=colour,
        no_color=not colour,
        width=max(width, NARROWEST),
        markup=False,
        emoji=False,
        highlight=False,
    )
    with console.capture() as capture:
        console.print(sentence, soft_wrap=True)
        if annotation.slots:
            rows = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False)
            for heading, side in (("slot", "left"), ("text", "left"), ("characters", "right"), ("confidence", "right")):
                rows.add_column(heading, justify=side, overflow="fold", no_wrap=side == "right")  # type: ignore[arg-type]
            for slot in annotation.slots:
                where = f"{slot.start}-{slot.end}"
                rows.add_row(
                    Text(slot.name, style=style_of(slot.name)), printable(slot.text), where, f"{slot.confidence:.2f}"
                )
            console.print(rows)
        elif annotation.tokens:
            console.print("no slots", style="dim")
        console.print()
    return capture.get()


FORMATS: dict[str, Callable[[Annotation], str]] = {"json": json_line, "iob": iob_block, "markup": markup_line}


def style_of(name: str) -> str:
    """Departure, arrival, return, stop-over and the rest, each in a colour of its own."""
    role = name.split(".", maxsplit=1)[0]
    for style, roles in _STYLES.items():
        if role in roles:
            return style
    return "magenta"


_STYLES = {
    "cyan": ("fromloc", "depart_date", "depart_time"),
    "green": ("toloc", "arrive_date", "arrive_time"),
    "yellow": ("return_date", "return_time"),
    "blue": ("stoploc",),
}


def printable(text: str) -> str:
    """The text, as long as before, without what would move the cursor or colour the terminal."""
    return "".join(
        character if character.isprintable() or character in _JOINERS else " " if character.isspace() else "�"
        for character in text
    )


_JOINERS = "\u200c\u200d"  # Persian, Hindi and many an emoji are written with them


def render_all(annotations: Iterable[Annotation], *, style: str, colour: bool, width: int) -> str:
    """The results of one batch as one string."""
    if style == "table":
        return "".join(table(annotation, colour=colour, width=width) for annotation in annotations)
    return "".join(map(FORMATS[style], annotations))
