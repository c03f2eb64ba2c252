"""An annotation as a person or a program wants to read it."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from json.encoder import encode_basestring
from typing import Any

from slotfill.schema import Alternative, Annotation, Frame, Value
from slotfill.slot_names import frame_part_of


def to_dict(annotation: Annotation) -> dict[str, Any]:
    """The keys of one JSON line, in the order of the contract."""
    return annotation.to_dict()


def json_line(annotation: Annotation) -> str:
    """One line, whatever the text holds: `to_dict` as `json.dumps` writes it, in a third of its time."""
    intent = annotation.intent
    wanted = "null"
    if intent is not None:
        wanted = f'{{"name": {_quoted(intent.name)}, "confidence": {round(intent.confidence, 4)!r}}}'
    slots = [
        f'{{"name": {_quoted(s.name)}, "text": {_quoted(s.text)}, "start": {s.start}, "end": {s.end}, '
        f'"confidence": {round(s.confidence, 4)!r}}}'
        for s in annotation.slots
    ]
    frame = "" if annotation.frame is None else f', "frame": {_frame(annotation.frame)}'
    line = f'{{"text": {_quoted(annotation.text)}, "intent": {wanted}, "slots": [{", ".join(slots)}]{frame}}}\n'
    for sign, escaped in _LINE_ENDS:  # much faster than `translate`
        line = line.replace(sign, escaped)
    return line


def _frame(frame: Frame) -> str:
    legs = (("departure", frame.departure), ("arrival", frame.arrival), ("return", frame.return_))
    parts = [f'"{name}": {_leg(leg)}' for name, leg in legs if leg]
    if frame.stops:
        parts.append(f'"stops": [{", ".join(map(_leg, frame.stops))}]')
    if frame.other:
        parts.append(f'"other": {_json(frame.other)}')
    return f"{{{', '.join(parts)}}}"


def _leg(leg: Mapping[str, Value]) -> str:
    return f"{{{', '.join([f'{_quoted(part)}: {_value(value)}' for part, value in leg.items()])}}}"


def _value(value: Value) -> str:
    said = "null" if value.value is None else _quoted(value.value)
    head = f'"text": {_quoted(value.text)}, "kind": {_quoted(value.kind)}, "value": {said}'
    known = _known if len(value.alternatives) <= _FEW else _known.__wrapped__  # long ones come hardly twice
    return f'{{{head}{known(value[_UNNAMED:])}, "slots": {[*value.slots]}}}'


@lru_cache(maxsize=2048)
def _known(contents: tuple[Any, ...]) -> str:
    """What a value has beside its text, kind, value and slots: the same again and again."""
    return "".join([f', "{name}": {_json(given)}' for name, given in zip(_KNOWN, contents, strict=True) if given])


def _json(content: Any) -> str:
    """What `json.dumps` makes of what a frame holds, without its costly start."""
    kind = content.__class__
    if kind is str:
        return _quoted(content)
    if kind is Alternative:
        content, kind = content.to_dict(), dict
    if kind is dict:
        return f"{{{', '.join([f'{_quoted(key)}: {_json(value)}' for key, value in content.items()])}}}"
    if kind is tuple or kind is list:
        return f"[{', '.join([_json(one) for one in content])}]"
    return json.dumps(content)


_quoted = encode_basestring
_FEW = 2  # alternatives
_UNNAMED = Value._fields.index("slots") + 1  # what comes after it is written only where it is known
_KNOWN = Value._fields[_UNNAMED:]

# JSON need not escape these, but many a reader of lines breaks at them.
_LINE_ENDS = [(sign, f"\\u{ord(sign):04x}") for sign in "\x85\u2028\u2029"]


def iob_block(annotation: Annotation) -> str:
    """A token and its tag a line, and an empty line after the sentence."""
    return "".join(f"{t.text}\t{tag}\n" for t, tag in zip(annotation.tokens, annotation.tags, strict=True)) + "\n"


def markup_line(annotation: Annotation) -> str:
    """`arrive [Taipei](toloc.city_name)`, as the markup reader reads it."""
    from slotfill.markup import render

    spans = [(slot.start, slot.end, slot.name) for slot in annotation.slots]
    return render(annotation.text, spans, intent=annotation.intent.name if annotation.intent else None) + "\n"


def table(annotation: Annotation, *, colour: bool) -> str:
    """The sentence with its slots in colour, and a row a slot, for a terminal."""
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
    """What stands in the column of values, by the number of each value's first slot."""
    return {value.slots[0]: value_text(value) for _, _, value in legs(annotation.frame)}


def legs(frame: Frame | None) -> Iterator[tuple[str, str, Value]]:
    """Every value of a frame with its leg and part (`arrival`, `date`)."""
    if frame is not None:
        named = [("departure", frame.departure), ("arrival", frame.arrival), ("return", frame.return_)]
        for name, leg in [*named, *(("stop", stop) for stop in frame.stops)]:
            for part, value in leg.items():
                yield name, part, value


def value_text(value: Value) -> str:
    """A value in a few signs: `Taipei, TW (TPE, TSA)`, `2027-11-02`, `before 18:30`, `06:00 or 18:00?`."""
    if value.value is None:
        readings = [other if isinstance(other, str) else other.value for other in value.alternatives]
        return " or ".join(readings) + "?"
    name = f"{value.value} to {value.to}" if value.to else value.value
    parts = [f"{value.relation} {name}" if value.relation else name]
    if value.country and value.kind != "country":
        parts.append(f", {value.country}")
    if value.airports and value.kind != "airport":
        parts.append(f" ({', '.join(value.airports)})")
    return "".join(parts)


FORMATS: dict[str, Callable[[Annotation], str]] = {"json": json_line, "iob": iob_block, "markup": markup_line}


def style_of(name: str) -> str:
    """Departure, arrival, return, stop-over and the rest, each in a colour of its own."""
    part = frame_part_of(name)
    return _STYLES[part.leg] if part else "magenta"


_STYLES = {"departure": "cyan", "arrival": "green", "return": "yellow", "stop": "blue"}


def printable(text: str) -> str:
    """The text, as long as before, without what would move the cursor or colour the terminal."""
    return "".join(
        character if character.isprintable() or character in _JOINERS else " " if character.isspace() else "�"
        for character in text
    )


_JOINERS = "\u200c\u200d"  # Persian, Hindi and many an emoji are written with them


def render_all(annotations: Iterable[Annotation], *, style: str, colour: bool) -> str:
    """The results of one batch as one string."""
    if style == "table":
        return "".join(table(annotation, colour=colour) for annotation in annotations)
    return "".join(map(FORMATS[style], annotations))
