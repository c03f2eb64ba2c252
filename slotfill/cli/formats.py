"""Annotations as text: a table, JSON, IOB or markup."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from slotfill.json_lines import json_line
from slotfill.schema import Alternative, Annotation, DateValue, Frame, OwnValue, PlaceValue, SlotValue, TimeValue, Value
from slotfill.slot_names import frame_part_of, type_of

_LINES = 4096  # of a block


def iob_block(annotation: Annotation) -> str:
    """A token and its tag a line, and an empty line after the sentence."""
    lines = zip(annotation.tokens, annotation.tags, strict=True)
    blocks = [  # one for nearly every sentence: 64 bytes a line for half a million of them would be too much
        "".join([f"{token.text}\t{tag}\n" for token, tag in islice(lines, _LINES)])
        for _ in range(0, len(annotation.tokens), _LINES)
    ]
    return "".join(blocks) + "\n"


def markup_line(annotation: Annotation) -> str:
    """`arrive [Taipei](toloc.city_name)`, as the markup reader reads it."""
    from slotfill.markup import render

    spans = [(slot.start, slot.end, slot.name) for slot in annotation.slots]
    return render(annotation.text, spans, intent=annotation.intent.name if annotation.intent else None) + "\n"


def table(annotation: Annotation, *, colour: bool) -> str:
    """The sentence with its slots in colour, and a row for each slot, for a terminal.

    Under a row stand the note of its value and the other places of its name.
    """
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
    if annotation.note:
        lines.append(paint(f"note: {annotation.note}", "yellow"))
    if annotation.slots:
        shown = Shown(annotation)
        lines += columns.layout(
            ("slot", "text", "value", "at", "sure"),
            [
                (s.name, printable(s.text), shown.values.get(number, ""), f"{s.start}-{s.end}", f"{s.confidence:.2f}")
                for number, s in enumerate(annotation.slots)
            ],
            styles=[style_of(slot.name) for slot in annotation.slots],
            left=3,
            foldable=(1, 2),
            paint=paint,
            above=shown.legs,
            below=shown.notes,
        )
    elif annotation.tokens:
        lines.append(paint("no slots", "dim"))
    return "\n".join([*lines, "", ""])


class Shown:
    """What the rows of a table say, by the number of the slot: its value, lines under it, and a leg that it begins."""

    def __init__(self, annotation: Annotation) -> None:
        self.slots = annotation.slots
        self.values: dict[int, str] = {}
        self.notes: dict[int, list[str]] = {}
        self.legs: dict[int, list[str]] = {}
        self._named: set[str] = set()  # names whose homonyms are told
        frame = annotation.frame
        for number, leg in enumerate(frame.legs, 1):
            own = [value for _, _, value in legs(leg) if value.slots[0] not in self.values]
            if own:
                self.legs[min([value.slots[0] for value in own])] = [_leg_title(number, leg)]
            for value in own:
                self._show(value)
        for _, _, value in legs(frame):
            if value.slots[0] not in self.values:
                self._show(value)
        for _, other in frame.others():
            self._show(other)

    def _show(self, value: OwnValue) -> None:
        """Put a value in the rows of its slots: each of several places or days in its own if they are as many."""
        first = value.slots[0]
        heads = [n for n in value.slots if n == first or type_of(self.slots[n].name) not in _AREAS]
        texts = _texts(value)
        if value.value is None or len(texts) != len(heads):
            self.values[first] = value_text(value)
        else:
            self.values.update(zip(heads, [texts[0], *[f"or {text}" for text in texts[1:]]], strict=True))
        for n, line in self._lines(value, dict(zip(heads, texts, strict=False))):
            self.notes.setdefault(n, []).append(printable(line))

    def _lines(self, value: OwnValue, heads: dict[int, str]) -> Iterator[tuple[int, str]]:
        first = value.slots[0]
        if value.note:
            yield first, value.note
        if not isinstance(value, PlaceValue):
            return
        if value.corrected:
            yield first, "a typo was corrected"
        if airports := [one.value for one in value.homonyms if one.kind == "airport"]:
            yield first, f"also {', '.join(airports)}"
        for name in dict.fromkeys([one.value for one in value.homonyms if one.kind != "airport"]):
            if name not in self._named:
                self._named.add(name)
                row = next((n for n, text in heads.items() if text.startswith(name)), first)
                yield row, f"also {name} in " + "; ".join([_where(o) for o in value.homonyms if o.value == name])


_AREAS = ("state_name", "state_code", "country_name")


def _where(place: Alternative) -> str:
    """`Texas, US`; of a country or a state, what it is."""
    if place.kind in ("country", "state"):
        return f"{place.country} (the {place.kind})"
    return ", ".join(filter(None, (place.region, place.country)))


def _leg_title(number: int, leg: Frame) -> str:
    """`leg 2: Rome to Paris`."""
    ends = [
        f"{word} {place.value or place.text}"
        for word, place in (("from", leg.departure.place), ("to", leg.arrival.place))
        if place
    ]
    return f"leg {number}: {' '.join(ends)}" if ends else f"leg {number}"


def legs(frame: Frame) -> Iterator[tuple[str, str, Value]]:
    """Every value of a frame with its leg and part (`arrival`, `date`)."""
    for name, leg in frame.items():
        for part, value in leg.items():
            yield name, part, value


def value_text(value: OwnValue) -> str:
    """A value in a few characters: `Taipei, TW (TPE, TSA)`, `2027-11-02`, `before 18:30`, `06:00 or 18:00?`."""
    text = " or ".join(_texts(value))
    if value.value is not None:
        return text
    if isinstance(value, PlaceValue | SlotValue) or not (value.relation and text):
        return f"{text}?"
    if ".." in "".join(value.alternatives):
        return f"{text}?"
    return f"{value.relation} {text}?"


def _texts(value: OwnValue) -> list[str]:
    """A value, and all that the sentence names beside it."""
    if isinstance(value, SlotValue):
        return [_own_text(value)] if value.value is not None else [str(one) for one in value.alternatives]
    if isinstance(value, PlaceValue):
        if value.value is None:
            return [other.value for other in value.alternatives]
        return [_place_text(one) for one in value.alternatives or [value]]
    if value.value is None or value.alternatives:
        return [_spelt(one) for one in value.alternatives]
    return [_moment_text(value)]


def _own_text(value: SlotValue) -> str:
    range_ = f"{value.value} to {value.to}" if value.to is not None else str(value.value)
    return " ".join(filter(None, (value.relation, range_, value.currency)))


def _place_text(place: PlaceValue | Alternative) -> str:
    country = f", {place.country}" if place.country and place.kind != "country" else ""
    airports = f" ({', '.join(place.airports)})" if place.airports and place.kind != "airport" else ""
    return f"{place.value}{country}{airports}"


def _moment_text(moment: DateValue | TimeValue) -> str:
    range_ = f"{moment.value} to {moment.to}" if moment.to else f"{moment.value}"
    return f"{moment.relation} {range_}" if moment.relation else range_


def _spelt(one: str) -> str:
    """An alternative: `14:00 to 17:00` for `14:00/17:00`, `after 16:00` for `16:00/..`."""
    start, _, end = one.partition("/")
    if end == "..":
        return f"after {start}"
    if start == "..":
        return f"before {end}"
    return f"{start} to {end}" if end else start


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
        character if character.isprintable() or character in _HARMLESS else " " if character.isspace() else "�"
        for character in text
    )


def printable_lines(text: str) -> str:
    """`printable`, which keeps line feeds."""
    return text if text.isprintable() else "\n".join(map(printable, text.split("\n")))


_HARMLESS = "\u200c\u200d\xa0"  # Persian, Hindi and many emoji need the first two; the last keeps words together


def render_all(annotations: Iterable[Annotation], *, style: str, colour: bool) -> str:
    """The results of one batch as one string."""
    if style == "table":
        return "".join(table(annotation, colour=colour) for annotation in annotations)
    return "".join(map(FORMATS[style], annotations))
