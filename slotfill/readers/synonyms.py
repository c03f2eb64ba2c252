"""The values of slots that files of training data tell: synonyms, lists and lookup tables.

{"city": {"New York": ["NYC", "the big apple"], "Oslo": []}}
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from slotfill.errors import DataError
from slotfill.readers import rasa_markdown, rasa_yaml, snips_yaml
from slotfill.readers.formats import format_of, unknown
from slotfill.readers.lines import read_lines
from slotfill.readers.markup import synonyms_in as in_markup
from slotfill.readers.rasa import Block, entity_of, synonyms_in
from slotfill.readers.records import document, records, span_in, text_in
from slotfill.readers.reports import Problems, Report
from slotfill.readers.yaml_nodes import compose, is_scalar, items_of, mapping_of

ANY_SLOT = ""  # of synonyms that no sentence of the file has in a slot


class Entry(NamedTuple):
    """A text that stands for a value; `slot` is None if the file does not say of which slot."""

    slot: str | None
    value: str
    text: str | None = None


def synonyms_of(path: Path | str, *, report: Report | Problems | None = None) -> dict[str, dict[str, list[str]]]:
    """The values of each slot in a file, and the other texts that mean each value.

    They are in the data of Rasa (`synonym`, `lookup`, and values of entities), of Snips and LUIS (lists), and in markup
    with values, as in `[norweg](cuisine:norwegian)`; other formats have none. Rasa does not say to which slot a synonym
    belongs: it goes to the slots in which the sentences of the file have it, or else to ``""``.

    Problems are raised or reported as by `load`. Raises InputError for a file of no known format.
    """
    path, report = Path(path), Report.of(report)
    format_ = format_of(path)
    if format_ is None:
        raise unknown(path)
    find = _FINDERS.get(format_.name)
    return _gathered(find(path, report)) if find else {}


def _gathered(entries: Iterable[Entry]) -> dict[str, dict[str, list[str]]]:
    entries = list(entries)
    slots_of: dict[str, dict[str, None]] = defaultdict(dict)
    for entry in entries:
        if entry.slot is not None:
            for text in (entry.value, entry.text):
                slots_of[(text or "").lower()][entry.slot] = None
    found: dict[str, dict[str, dict[str, None]]] = {}
    for slot, value, text in entries:
        if slot is not None and text is not None and text == value:
            continue  # a marked text without a value of its own: it only tells the slot
        slots = [slot] if slot is not None else [*slots_of[value.lower()], *slots_of[(text or value).lower()]]
        for one in slots or [ANY_SLOT]:
            texts = found.setdefault(one, {}).setdefault(value, {})
            if text is not None:
                texts[text] = None
    return {slot: {value: list(texts) for value, texts in values.items()} for slot, values in found.items()}


def _of_blocks(blocks: Iterable[Block], path: Path, report: Report) -> Iterator[Entry]:
    for block in blocks:
        for line in block.lines:
            if block.kind == "intent":
                try:
                    yield from [Entry(*entity) for entity in synonyms_in(line.text)]
                except ValueError as error:
                    report(DataError(str(error), path=path, line=line.number))
            elif block.kind == "synonym":
                yield Entry(None, block.name, line.text)
            elif block.kind == "lookup":
                yield from (Entry(block.name, value) for value in _looked_up(line.text, path))


def _looked_up(line: str, path: Path) -> list[str]:
    """An entry of a lookup table; those of the file that it names, if there is one."""
    file = path.parent / line
    if not line.endswith(".txt") or not file.is_file():
        return [line]
    lines = read_lines(file, report=Report("skip"))
    return [each.strip() for each in lines if each and each.strip()]


def _of_rasa_json(path: Path, report: Report) -> Iterator[Entry]:
    for record in records(path, report=report):
        root = _object(_object(record.content).get("rasa_nlu_data"))
        examples = _objects(root.get("common_examples")) or [_object(record.content)]
        for example in examples:
            try:
                yield from list(_in_example(example))
            except ValueError as error:
                report(record.error(str(error)))
        for synonym in _objects(root.get("entity_synonyms")):
            yield from (Entry(None, str(synonym.get("value")), text) for text in _strings(synonym.get("synonyms")))
        for table in _objects(root.get("lookup_tables")):
            yield from (Entry(str(table.get("name")), value) for value in _strings(table.get("elements")))


def _in_example(example: dict[str, Any]) -> Iterator[Entry]:
    text = text_in(example)
    for number, one in enumerate(_objects(example.get("entities"))):
        place = f"entities[{number}]"
        entity = entity_of(one, place=place, note=lambda text: None)
        span = span_in(one, place=place, name=entity.slot)
        piece = text[span.start : span.end]
        yield Entry(entity.slot, entity.value or piece, piece)


def _of_snips(path: Path, report: Report) -> Iterator[Entry]:
    content = _object(document(path, report=report)[1])
    slots: dict[str, dict[str, None]] = defaultdict(dict)
    for intent in _object(content.get("intents")).values():
        for utterance in _objects(_object(intent).get("utterances")):
            for piece in _objects(utterance.get("data")):
                if "entity" in piece:
                    slots[str(piece["entity"])][str(piece.get("slot_name") or piece["entity"])] = None
    for entity, described in _object(content.get("entities")).items():
        for entry in _objects(_object(described).get("data")):
            for slot in slots[entity] or [entity]:
                yield from _entries(slot, str(entry.get("value")), _strings(entry.get("synonyms")))


def _of_snips_yaml(path: Path, report: Report) -> Iterator[Entry]:
    roots = [mapping_of(root) for root in compose(path, report=report)]
    slots: dict[str, dict[str, None]] = defaultdict(dict)
    for root in roots:
        for utterance in items_of(root.get("utterances")):
            for slot, entity in snips_yaml.entities_in(str(utterance.value)):
                slots[entity][slot] = None
    for root in roots:
        name = root["name"].value if is_scalar(root.get("name")) else ""
        for one in items_of(root.get("values")):
            texts = [item.value for item in items_of(one) if is_scalar(item)] or [one.value] * is_scalar(one)
            for slot in slots[name] or [name]:
                yield from _entries(slot, texts[0], texts[1:]) if texts else ()


def _of_luis(path: Path, report: Report) -> Iterator[Entry]:
    content = _object(document(path, report=report)[1])
    for closed in _objects(content.get("closedLists")):
        for entry in _objects(closed.get("subLists")):
            yield from _entries(str(closed.get("name")), str(entry.get("canonicalForm")), _strings(entry.get("list")))


def _of_markup(path: Path, report: Report) -> Iterator[Entry]:
    for line in read_lines(path, report=report):
        yield from (Entry(*found) for found in in_markup(line or ""))


def _entries(slot: str, value: str, texts: Iterable[str]) -> Iterator[Entry]:
    yield Entry(slot, value)
    yield from (Entry(slot, value, text) for text in texts if text != value)


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _objects(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _strings(value: Any) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


_FINDERS: dict[str, Callable[[Path, Report], Iterator[Entry]]] = {
    "rasa-yaml": lambda path, report: _of_blocks(rasa_yaml.blocks(path, report=report), path, report),
    "rasa-markdown": lambda path, report: _of_blocks(rasa_markdown.blocks(path, report=report), path, report),
    "rasa-json": _of_rasa_json,
    "snips": _of_snips,
    "snips-yaml": _of_snips_yaml,
    "luis": _of_luis,
    "markup": _of_markup,
}
