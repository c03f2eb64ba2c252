r"""What Rasa's YAML and its Markdown share: blocks by intent, and the marks in sentences.

    fly to [Oslo](city), [NYC](city:New York), [Rome]{"entity": "city", "role": "to", "value": "Rome"}

`(name:value)` and `value` give a synonym. A role is put before the name, as in ATIS: `to.city`. Groups are not kept.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from slotfill.errors import DataError, InputError
from slotfill.readers.alignment import CharSpan, Marked, shown
from slotfill.readers.brackets import Mark, marks_in
from slotfill.readers.placed import NOT_LABELS, Note, Record, examples_of_records, named
from slotfill.readers.records import brief
from slotfill.readers.reports import Report
from slotfill.schema import Example
from slotfill.slot_names import role_of, type_of
from slotfill.tags import char_span, spans_of

_ESCAPES = {"\\n": "\n", "\\t": "\t", "\\r": "\r", "\\b": "\b", "\\f": "\f"}
_ESCAPE = re.compile(r"\\[ntrbf]")


class Entity(NamedTuple):
    """What a mark says: the slot, and the value if it is not the text."""

    slot: str
    value: str | None


OTHER_VALUE = f"entities with a value that is not their text: {NOT_LABELS}"


class Line(NamedTuple):
    """A sentence without its bullet, and where it is."""

    text: str
    number: int | None


class Block(NamedTuple):
    """An intent, a synonym, a lookup table or a regex, with its lines."""

    kind: str
    name: str
    lines: list[Line]
    number: int


def examples_of_blocks(blocks: Iterable[Block], *, path: Path, report: Report) -> Iterator[Example]:
    """The examples in the intents of a file; what else is in it is noted."""
    blocks = list(blocks)
    kinds = Counter(block.kind for block in blocks)
    note_others(synonyms=kinds["synonym"], lookups=kinds["lookup"], regexes=kinds["regex"], report=report)
    if blocks and not kinds["intent"]:
        found = ", ".join(f"`{kind}`" for kind in kinds)
        report(
            DataError(f"no sentence: Rasa's sentences stand under `intent`, and the file has only {found}", path=path)
        )
    yield from examples_of_records(_records_of(blocks, path), _parse, report=report)


def note_others(*, synonyms: int, lookups: int, regexes: int, report: Report) -> None:
    """Say what of a file is not used as it is in Rasa."""
    for count, title in ((synonyms, "synonyms"), (lookups, "lookup tables")):
        if count:
            report.note(f"Rasa's {title} ({count:,}): {NOT_LABELS}")
    if regexes:
        report.note(f"Rasa's regexes ({regexes:,}) are not read: slotfill has no patterns")


def _records_of(blocks: Iterable[Block], path: Path) -> Iterator[Record]:
    number = 0
    for block in blocks:
        if block.kind == "intent":
            for line in block.lines:
                number += 1
                place = path if line.number is not None else f"{path}: example {number}"
                yield Record((block.name, line.text), place, line.number)


def _parse(pair: tuple[str, str], note: Note) -> Marked:
    intent, line = pair
    return marked(line, intent=intent or None, note=note)


def _silent(text: str) -> None:
    """A note that nobody wants again."""


def marked(line: str, *, intent: str | None = None, note: Note = _silent) -> Marked:
    """The sentence in a line with marks; ValueError if an object is malformed."""
    text, spans = "", []
    end = 0
    for mark in _marks(line):
        text += _plain(line[end : mark.start])
        start = len(text)
        text += _plain(mark.text)
        end = mark.end
        entity = _entity(mark, note)
        if entity.value not in (None, text[start:]):
            note(OTHER_VALUE)
        spans.append(CharSpan(start, len(text), entity.slot, f"the entity {_shown(mark)}"))
    text += _plain(line[end:])
    return Marked(text, None, spans, intent)


def synonyms_in(line: str) -> Iterator[tuple[str, str, str]]:
    """The slot, the value and the text of each mark."""
    for mark in _marks(line):
        entity = _entity(mark, _silent)
        yield entity.slot, entity.value or _plain(mark.text), _plain(mark.text)


def _marks(line: str) -> Iterator[Mark]:
    """As Rasa has it: an entity in brackets, then its name in parentheses, an object, or a list of objects."""
    return (mark for mark in marks_in(line, signs="({[") if mark.sign != "(" or mark.body[:1] not in ("", ":"))


def _shown(mark: Mark) -> str:
    body = {"(": f"({mark.body})", "{": mark.body, "[": f"[{mark.body}]"}[mark.sign]
    return shown(f"[{mark.text}]{body}")


def line_of(example: Example) -> str:
    """The line from which `marked` makes this sentence. Raises InputError if there is none."""
    line, end = "", 0
    spans = []
    for start, stop, name in spans_of(example.tags):
        first, last = char_span(example.tokens, start, stop)
        spans.append((first, last, name))
        line += _escaped(example.text[end:first]) + f"[{_escaped(example.text[first:last])}]{_mark(name)}"
        end = last
    line = (line + _escaped(example.text[end:])).strip()
    blanks = len(example.text) - len(example.text.lstrip())
    again = marked(line)
    expected = [(first - blanks, last - blanks, name) for first, last, name in spans]
    if again.text != example.text.strip() or [span[:3] for span in again.spans] != expected:
        raise InputError(f"{shown(example.text)} has signs that Rasa would read as something else: save as jsonl")
    return line


def _mark(name: str) -> str:
    if role_of(name):
        return json.dumps({"entity": type_of(name), "role": role_of(name)}, ensure_ascii=False)
    return json.dumps({"entity": name}, ensure_ascii=False) if ":" in name or ")" in name else f"({name})"


def _entity(mark: Mark, note: Note) -> Entity:
    if mark.sign == "(":
        name, _, value = mark.body.partition(":")
        return Entity(name.strip(), value.strip() or None)
    source = mark.body if mark.sign == "{" else f"[{mark.body}]"
    try:
        said = json.loads(source)
    except (ValueError, RecursionError):
        raise ValueError(f'{shown(source)} is not JSON: expected an object as in {{"entity": "city"}}') from None
    if isinstance(said, list):
        if len(said) > 1:
            note("of several entities on the same words, the first is read")
        said = said[0]
    return entity_of(said, place=_shown(mark), note=note)


def entity_of(said: Any, *, place: str, note: Note) -> Entity:
    """The slot and the value in an object with `entity`, and perhaps `role`, `group` and `value`."""
    kind = said.get("entity") if isinstance(said, dict) else None
    if not isinstance(kind, str) or not kind.strip():
        raise ValueError(f'{place} has no "entity" with a name: got {brief(said)}')
    if said.get("group") is not None:
        note("groups of entities are not kept")
    value = said.get("value")
    return Entity(named(said.get("role"), kind.strip()), value if isinstance(value, str) else None)


def _plain(piece: str) -> str:
    return _ESCAPE.sub(lambda match: _ESCAPES[match[0]], piece) if "\\" in piece else piece


def _escaped(piece: str) -> str:
    for escape, control in _ESCAPES.items():
        piece = piece.replace(control, escape)
    return piece
