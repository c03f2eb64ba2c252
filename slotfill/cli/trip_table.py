"""The itinerary after a turn, for a terminal: a row for each part, those that the turn changed marked."""

from collections.abc import Iterator, Sequence

from slotfill.cli.fast import columns
from slotfill.cli.formats import legs, printable, value_text
from slotfill.dialogue import Change, Turn
from slotfill.schema import Frame, Other, PlaceValue

# new, changed, gone, said again
_SIGNS = {"set": "+", "replace": "~", "shift": "~", "remove": "-", "confirm": "="}
_STYLES = {"departure": "cyan", "arrival": "green", "return": "yellow", "stops": "blue"}
_REST = "magenta"  # as in the table of a sentence


def trip_table(itinerary: Frame, turn: Turn | None = None, *, colour: bool) -> str:
    """A row for each part of an itinerary; below, what the turn could not do.

    The rows that the turn changed say from what, because of which words, and by which rule.
    """
    paint = columns.painter(colour=colour)
    parts = dict(parts_of(itinerary))
    changes: dict[str, Change] = {}
    gone: list[Change] = []
    for change in turn.changes if turn else ():
        if change.after is None or change.part not in parts:
            gone.append(change)
        else:
            changes[change.part] = change
    rows, styles, below = [], [], {}
    for part, content in parts.items():
        found = changes.get(part)
        sign = _SIGNS[found.action] if found else " "
        rows.append((f"{sign} {part}", _content(content), *(_told(found) if found else ("", ""))))
        styles.append(_style(part) if found or turn is None else "dim")
        if lines := _below(content, found):
            below[len(rows) - 1] = lines
    for change in gone:
        rows.append((f"- {change.part}", "", *_told(change)))
        styles.append("dim")
    lines = [paint("nothing is known yet", "dim")]
    if rows:
        shown = columns.layout(
            ("", "", "", ""), rows, styles=styles, left=4, foldable=(1, 2, 3), paint=paint, above={}, below=below
        )
        lines = [line.rstrip() for line in shown[2:]]  # without headings
    lines += [paint(f"note: {printable(note)}", "yellow") for note in (turn.notes if turn else ())]
    return "\n".join([*lines, "", ""])


def parts_of(itinerary: Frame) -> Iterator[tuple[str, Other]]:
    """Every part of an itinerary by its path, such as `departure.date`, with its content.

    >>> from slotfill.schema import Leg, TimeValue
    >>> [part for part, _ in parts_of(Frame(Leg(time=TimeValue("noon", "12:00", ()))))]
    ['departure.time']
    """
    count = {"stop": 0, "open": 0}
    for name, leg in itinerary.items():
        path = name
        if name in count:
            path = f"{'stops' if name == 'stop' else name}[{count[name]}]"
            count[name] += 1
        yield from ((f"{path}.{kind}", value) for kind, value in leg.items())
    yield from ((f"other.{name}", content) for name, content in itinerary.other.items())
    for number, whole in enumerate(itinerary.legs[1:], 1):  # the first one is the itinerary itself
        yield from ((f"legs[{number}].{name}.{kind}", value) for name, kind, value in legs(whole))


def _content(content: "Other | None") -> str:
    if content is None:
        return ""
    if isinstance(content, list):
        return ", ".join(map(_content, content))
    if isinstance(content, str | int):
        return printable(str(content))
    if content.value is not None:
        return printable(value_text(content))
    return printable(f'"{content.text}": {value_text(content)}' if content.alternatives else f'"{content.text}"?')


def _told(change: Change) -> tuple[str, str]:
    """From what, and why."""
    before = change.before
    was = _content(before.replace(airports=()) if isinstance(before, PlaceValue) else before)
    words = " … ".join([printable(one.text) for one in change.because]) if change.because else "as the system said"
    return f"was {was}" if was and change.action != "confirm" else "", f"{words} ({change.rule})"


def _below(content: Other, change: Change | None) -> Sequence[str]:
    lines = []
    if change and change.readings:
        lines.append(f"may be {' or '.join(change.readings)}")
    if not isinstance(content, str | int | list) and content.note:
        lines.append(printable(content.note))
    return lines


def _style(part: str) -> str:
    return _STYLES.get(part.partition(".")[0].partition("[")[0], _REST)
