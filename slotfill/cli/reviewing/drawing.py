"""What is on the screen: the sentence with its slots, a row for each, and what the keys do."""

from collections.abc import Iterator, Sequence

from rich.console import Console, Group, RenderableType
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from slotfill.cli.formats import printable, style_of
from slotfill.cli.reviewing.dialogue import Dialogue
from slotfill.cli.reviewing.picker import Picker
from slotfill.reviewing.draft import Draft
from slotfill.reviewing.session import Session
from slotfill.tags import TokenSpan

_FRAME = 14  # lines that are not the picker's, nor those of slots
_LEAST = 3  # rows of a list, however low the screen is

_KEYS = (
    ("Enter", "accept"), ("Space", "skip"), ("u", "undo"), ("← →", "word"), ("Tab", "slot"), ("s", "name"),
    ("x", "remove"), ("i", "intent"), ("?", "help"), ("q", "quit"),
)  # fmt: skip
_PICKING = (("type", "a part of the name"), ("↑ ↓", "go to one"), ("Enter", "take it"), ("Esc", "back"))
_AT_END = (("u", "undo"), ("q", "quit"))
_HELP = (
    ("Enter, a", "accept: write the sentence with its labels as they stand, and go on"),
    ("Space", "skip: ask again when the review is started again, last"),
    ("u, Backspace", "undo: take the last decision back, and decide again"),
    ("← →, Home, End", "choose a word"),
    ("Shift with ← →, < >", "choose several words"),
    ("Tab, Shift-Tab, 1-9", "choose a slot"),
    ("s", "say which slot the chosen words are; its name may be a new one"),
    ("x, Delete", "remove the chosen slot"),
    ("i", "say what the intent of the sentence is"),
    ("o", "other labels: those of the model in place of the file's, and back"),
    ("r", "labels as they were at first"),
    ("q, Ctrl-D, Ctrl-C", "quit: every decision is on the disk already"),
)


def screen(dialogue: Dialogue, *, title: str, width: int, height: int, is_plain: bool) -> RenderableType:
    """The whole screen of so many columns and lines; `is_plain`: signs beyond ASCII cannot be shown."""
    session = dialogue.session
    parts: list[RenderableType] = [_head(session, title, width=width), Text()]
    if dialogue.shows_help:
        parts += [_help(), Text(), Text("any key goes back", style="dim")]
    elif dialogue.item is None:
        parts += [Text(_end_of(session), style="bold"), Text(), _keys(_AT_END, is_plain=is_plain)]
    else:
        lines = _around_chosen(sentence(dialogue, is_plain=is_plain), width=width, most=height - _FRAME - 1)
        parts += [*lines, Text()]
        if dialogue.picker is not None:
            parts += [_picker(dialogue.picker, rows=max(_LEAST, height - _FRAME)), Text()]
        else:
            rows = max(_LEAST, height - _FRAME - len(lines) + 1)  # one line of the sentence is in the frame
            parts += [_slots(dialogue, rows=rows), Text(), _below(dialogue), Text()]
        parts.append(_keys(_KEYS if dialogue.picker is None else _PICKING, is_plain=is_plain))
    if dialogue.message:
        parts.append(Text(printable(dialogue.message), style="yellow"))
    return Group(*parts)


def _head(session: Session, title: str, *, width: int) -> RenderableType:
    """What is reviewed, cut where there is no room for it, and how far the review is."""
    counted = f"{session.done:,} of {session.total:,}"
    if session.skipped:
        counted += f", {session.skipped:,} skipped"
    row = Text(printable(title), style="dim", no_wrap=True)
    row.truncate(max(0, width - len(counted) - 1), overflow="ellipsis", pad=True)
    row.append(f" {counted}")
    return Group(row, ProgressBar(total=max(1, session.total), completed=session.done, complete_style="green"))


def _end_of(session: Session) -> str:
    if session.skipped:
        return f"Every sentence is decided but {session.skipped:,} that you skipped: start again to see them."
    return "Every sentence is decided."


# --- the sentence ----------------------------------------------------------------------------------

_SMALL = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def sentence(dialogue: Dialogue, *, is_plain: bool) -> Text:
    """The text with its slots in colour, each with its number, and what is chosen in reverse."""
    draft, chosen = dialogue.draft, dialogue.selection
    text = printable(draft.text)
    shown = Text(overflow="fold")
    end = 0
    for number, token in enumerate(draft.tokens):
        slot = draft.slot_at(number)
        is_chosen = chosen.start <= number < chosen.end
        goes_on = slot is not None and slot.start < number
        both = is_chosen and chosen.start < number
        shown.append(text[end : token.start], _style(slot if goes_on else None, is_chosen=both))
        shown.append(text[token.start : token.end], _style(slot, is_chosen=is_chosen))
        if slot is not None and slot.end == number + 1:
            count = str(draft.slots.index(slot) + 1)
            shown.append(f"[{count}]" if is_plain else count.translate(_SMALL), style_of(slot.name))
        end = token.end
    shown.append(text[end:])
    return shown


def _around_chosen(text: Text, *, width: int, most: int) -> list[Text]:
    """The lines of a sentence, or of a long one those around what is chosen, with `…` for what is above and below."""
    lines = [*text.wrap(Console(width=width), width, overflow="fold")]
    most = max(_LEAST, most)
    if len(lines) <= most:
        return lines
    at = next(n for n, line in enumerate(lines) if any("reverse" in str(span.style) for span in line.spans))
    first = min(max(0, at - most // 2), len(lines) - most)
    shown = lines[first : first + most]
    if first:
        shown[0] = Text("…", style="dim")
    if first + most < len(lines):
        shown[-1] = Text("…", style="dim")
    return shown


def _style(slot: TokenSpan | None, *, is_chosen: bool) -> str:
    styles = ["bold"]
    if slot is not None:
        styles += [style_of(slot.name), "underline"]
    if is_chosen:
        styles.append("reverse")
    return " ".join(styles)


# --- the slots -------------------------------------------------------------------------------------


def _slots(dialogue: Dialogue, *, rows: int) -> RenderableType:
    """A row for each slot, then one for each token that may be one; of more than `rows`, those around the chosen."""
    from rich.box import SIMPLE_HEAD

    found = [*_rows_of_slots(dialogue), *_rows_of_tokens(dialogue)]
    if not found:
        return Text("no slots", style="dim")
    at = sum(slot.start < dialogue.selection.start for slot in dialogue.draft.slots)
    first = min(max(0, at - rows // 2), max(0, len(found) - rows))
    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
    table.add_column("")
    table.add_column("slot", overflow="fold")
    table.add_column("text", overflow="fold")
    table.add_column("sure", justify="right", no_wrap=True)
    table.add_column("or", overflow="fold")
    for cells in found[first : first + rows]:
        table.add_row(*cells)
    above, below = first, len(found) - first - rows
    hidden = [f"{above} above"] * (above > 0) + [f"{below} below"] * (below > 0)
    return Group(table, Text(f"{' and '.join(hidden)}: Tab goes on", style="dim")) if hidden else table


def _rows_of_slots(dialogue: Dialogue) -> Iterator[tuple[Text, ...]]:
    draft = dialogue.draft
    for number, slot in enumerate(draft.slots, 1):
        other = dialogue.guesses.instead(slot)
        is_chosen = (slot.start, slot.end) == (dialogue.selection.start, dialogue.selection.end)
        yield (
            Text(str(number), style="reverse" if is_chosen else ""),
            Text(slot.name, style=style_of(slot.name)),
            Text(_text_of(draft, slot.start, slot.end)),
            Text(f"{dialogue.guesses.sure(slot):.2f}"),
            Text(f"{other.name or 'no slot'} {other.probability:.2f}" if other else "", style="dim"),
        )


def _rows_of_tokens(dialogue: Dialogue) -> Iterator[tuple[Text, ...]]:
    for token, maybe in dialogue.guesses.missed(dialogue.draft):
        word = _text_of(dialogue.draft, token, token + 1)
        cells = ("", f"maybe {maybe.name}", word, f"{maybe.probability:.2f}")
        yield tuple(Text(cell, style="dim") for cell in cells)


def _text_of(draft: Draft, start: int, end: int) -> str:
    return printable(draft.text[draft.tokens[start].start : draft.tokens[end - 1].end])


def _below(dialogue: Dialogue) -> RenderableType:
    """The intent, how sure the model is of the whole, and whose labels these are."""
    draft, item = dialogue.draft, dialogue.item
    line = Text()
    if item is None:
        return line
    if draft.intent is not None:
        found = item.found.intent
        sure = f" {found.confidence:.2f}" if found is not None and found.name == draft.intent else ""
        line.append(f"intent {printable(draft.intent)}{sure}   ")
    line.append(f"whole {item.doubt.whole:.2f}   ", "dim")
    if draft == item.other:
        line.append("the model's labels", "yellow")
    elif draft != item.first:
        line.append("changed by you", "yellow")
    elif item.other is not None:
        line.append("the file's labels: o shows the model's", "yellow")
    if item.found.note:
        line.append(f"\nnote: {item.found.note}", "yellow")
    return line


# --- keys ------------------------------------------------------------------------------------------


def _picker(picker: Picker, *, rows: int) -> RenderableType:
    """The names around the one that is chosen."""
    names = picker.names
    lines = [Text.assemble(f"which {picker.title}? ", (picker.typed, "bold"), ("▏" if picker.typed else "", "dim"))]
    first = min(max(0, picker.at - rows // 2), max(0, len(names) - rows))
    for number, name in enumerate(names[first : first + rows], first):
        is_chosen = number == picker.at
        style = style_of(name) if picker.title == "slot" else ""
        line = Text(f" {printable(name)} ", style=f"{style} reverse" if is_chosen else style)
        if picker.is_new(name):
            line.append(f" new {picker.title}", "dim")
        lines.append(line)
    more = len(names) - first - rows
    lines.append(Text(f" and {more} more" if more > 0 else "" if names else f" {_nothing(picker)}", style="dim"))
    return Group(*lines)


def _nothing(picker: Picker) -> str:
    if picker.title == "slot" and " " in picker.typed:
        return f"no slot has spaces in its name: {'_'.join(picker.typed.split())} could be a new one"
    return "no such name" if picker.typed else "type a new one"


def _keys(keys: Sequence[tuple[str, str]], *, is_plain: bool) -> Text:
    line = Text(overflow="fold")
    for number, (key, what) in enumerate(keys):
        if number:
            line.append("  ")
        line.append(_ascii(key) if is_plain else key, "bold")
        line.append(f"\u00a0{what}", "dim")
    return line


def _help() -> RenderableType:
    rows = Table.grid(padding=(0, 3))
    for key, what in _HELP:
        rows.add_row(Text(key, style="bold", no_wrap=True), what)
    return rows


_ARROWS = {"← →": "arrows", "↑ ↓": "arrows"}


def _ascii(key: str) -> str:
    return _ARROWS.get(key, key)
