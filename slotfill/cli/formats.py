"""Annotations as text: a table, JSON, IOB or markup."""

from collections.abc import Callable, Iterable, Iterator

from slotfill.json_lines import json_line
from slotfill.schema import Annotation, DateValue, Frame, PlaceValue, TimeValue, Value
from slotfill.slot_names import frame_part_of


def iob_block(annotation: Annotation) -> str:
    """A token and its tag a line, and an empty line after the sentence."""
    return "".join(f"{t.text}\t{tag}\n" for t, tag in zip(annotation.tokens, annotation.tags, strict=True)) + "\n"


def markup_line(annotation: Annotation) -> str:
    """`arrive [Taipei](toloc.city_name)`, as the markup reader reads it."""
    from slotfill.markup import render

    spans = [(slot.start, slot.end, slot.name) for slot in annotation.slots]
    return render(annotation.text, spans, intent=annotation.intent.name if annotation.intent else None) + "\n"


def table(annotation: Annotation, *, colour: bool) -> str:
    """The sentence with its slots in colour, and a row for each slot, for a terminal."""
    from slotfill.cli.fast import columns

    paint = columns.painter(colour=colour)
    text, end = printable(annotation.text), 0
    sentence = []
    for slot in annotation.slots:
        sentence.append(paint(text[end : slot.start], "bold"))
        sentence.append(paint(text[slot.start : slot.end], "bold", style_of(slot.name)))
        end = slot.end
    sentence.append(paint(text[end:], "bold"))
    if annotation.intent is not None:
        sentence.append(paint(f"   {annotation.intent.name} {annotation.intent.confidence:.2f}", "dim"))
    lines = ["".join(sentence)]
    if annotation.slots:
        values = _values(annotation)
        lines += columns.layout(
            ("slot", "text", "value", "at", "sure"),
            [
                (s.name, printable(s.text), values.get(number, ""), f"{s.start}-{s.end}", f"{s.confidence:.2f}")
                for number, s in enumerate(annotation.slots)
            ],
            styles=[style_of(slot.name) for slot in annotation.slots],
            left=3,
            foldable=(1, 2),
            paint=paint,
        )
    elif annotation.tokens:
        lines.append(paint("no slots", "dim"))
    return "\n".join([*lines, "", ""])


def _values(annotation: Annotation) -> dict[int, str]:
    """The column of values, by the number of each value's first slot."""
    return {value.slots[0]: value_text(value) for _, _, value in legs(annotation.frame)}


def legs(frame: Frame) -> Iterator[tuple[str, str, Value]]:
    """Every value of a frame with its leg and part (`arrival`, `date`)."""
    for name, leg in frame.items():
        for part, value in leg.items():
            yield name, part, value


def value_text(value: Value) -> str:
    """A value in a few characters: `Taipei, TW (TPE, TSA)`, `2027-11-02`, `before 18:30`, `06:00 or 18:00?`."""
    return _place_text(value) if isinstance(value, PlaceValue) else _moment_text(value)


def _place_text(place: PlaceValue) -> str:
    if place.value is None:
        return _question(other.value for other in place.alternatives)
    country = f", {place.country}" if place.country and place.kind != "country" else ""
    airports = f" ({', '.join(place.airports)})" if place.airports and place.kind != "airport" else ""
    return f"{place.value}{country}{airports}"


def _moment_text(moment: DateValue | TimeValue) -> str:
    if moment.value is None:
        return _question(moment.alternatives)
    range_ = f"{moment.value} to {moment.to}" if moment.to else moment.value
    return f"{moment.relation} {range_}" if moment.relation else range_


def _question(readings: Iterable[str]) -> str:
    return " or ".join(readings) + "?"


FORMATS: dict[str, Callable[[Annotation], str]] = {"json": json_line, "iob": iob_block, "markup": markup_line}


def style_of(name: str) -> str:
    """The colour of a slot: one for departures, one for arrivals, and so on."""
    part = frame_part_of(name)
    return _STYLES.get(part.leg, _REST) if part else _REST


_STYLES = {"departure": "cyan", "arrival": "green", "return": "yellow", "stop": "blue"}
_REST = "magenta"  # open places too


def printable(text: str) -> str:
    """The text, of the same length, without characters that would move the cursor or colour the terminal."""
    return "".join(
        character if character.isprintable() or character in _JOINERS else " " if character.isspace() else "�"
        for character in text
    )


_JOINERS = "\u200c\u200d"  # Persian, Hindi and many emoji need them


def render_all(annotations: Iterable[Annotation], *, style: str, colour: bool) -> str:
    """The results of one batch as one string."""
    if style == "table":
        return "".join(table(annotation, colour=colour) for annotation in annotations)
    return "".join(map(FORMATS[style], annotations))
