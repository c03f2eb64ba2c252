"""doccano's JSON lines, and others whose spans are under other keys than slotfill's.

    {"text": "Fly to Oslo", "label": [[7, 11, "city"]]}
    {"text": "Fly to Oslo", "entities": [{"start_offset": 7, "end_offset": 11, "label": "city"}]}
    {"text": "Fly to Oslo", "label": [], "cats": ["flight"]}

The spans are lists or objects, under `label`, `labels`, `entities`, `ents`, `annotations` or `spans`; a category is the
intent.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from slotfill.readers.alignment import CharSpan, Marked
from slotfill.readers.placed import Note, Record, checked, examples_of_records
from slotfill.readers.records import brief, field, intent_in, numbered, objects, opening, records, text_in
from slotfill.readers.reports import Report
from slotfill.readers.spacy_json import triple
from slotfill.schema import Example

_LISTS = ("examples", "data", "documents", "items", "sentences")  # where a document has its records
_SPANS = ("label", "labels", "entities", "ents", "annotations", "spans", "textSegmentAnnotations")
_TEXTS = ("text", "data", "sentence", "utterance", "content", "textContent")
_CATEGORIES = ("cats", "category", "categories", "label", "labels")
_STARTS = ("start_offset", "start", "begin", "startOffset", "start_char", "start_index")
_ENDS = ("end_offset", "end", "endOffset", "end_char", "end_index")
_NAMES = ("label", "type", "tag", "name", "entity_type", "entity_group", "category", "slot", "displayName")
_COVERED = ("text", "value", "word", "surface")


def is_it(head: str) -> bool:
    """Whether a file begins as JSON lines, or a list, with spans by characters."""
    if isinstance(opening(head), list):
        return any(fits(record) or _is_ours(record) or _has_intent_alone(record) for record in objects(head))
    return any(fits(one) for record in objects(head) for one in (record, *_inside(record)))


def _inside(record: Any) -> list[Any]:
    """The records that a document has under a key."""
    lists = [record[key] for key in _LISTS if isinstance(record.get(key), list)] if isinstance(record, dict) else []
    return [one for one in lists[0] if isinstance(one, dict)] if lists else []


def fits(record: dict[str, Any]) -> bool:
    """Whether a record has a text and spans, but not under slotfill's own keys."""
    key = _key_of(record)
    entries = record[key] if key else []
    if _is_ours(record) or _text_key(record) is None:
        return False
    return any(is_span(one) for one in entries) or ("intent" not in record and _category(record) is not None)


def _has_intent_alone(record: dict[str, Any]) -> bool:
    """Whether a record has a text and an intent, and nothing that might be spans or tags."""
    kinds = {type(value) for value in record.values()}
    return isinstance(record.get("text"), str) and isinstance(record.get("intent"), str) and not kinds & {list, dict}


def _is_ours(record: dict[str, Any]) -> bool:
    """Whether the spans are under slotfill's own keys, whose lines jsonl.py reads."""
    spans = record.get("spans")
    if "text" not in record or not isinstance(spans, list):
        return False
    return all(isinstance(one, dict) and "label" in one for one in spans)


def is_span(entry: Any) -> bool:
    """Whether this has a start, an end and a name: `[7, 11, "city"]`, or an object.

    >>> is_span([7, 11, "city"]), is_span({"start": 7, "end": 11, "label": "city"}), is_span("city")
    (True, True, False)
    """
    if isinstance(entry, list):
        kinds = [type(piece) for piece in entry[:3]]
        return kinds in ([int, int, str], [int, int, int], [str, int, int])
    return isinstance(entry, dict) and None not in (_first(entry, _STARTS), _first(entry, _ENDS), _first(entry, _NAMES))


def _first(record: dict[str, Any], keys: tuple[str, ...]) -> str | None:
    return next((key for key in keys if key in record), None)


def _text_key(record: dict[str, Any]) -> str | None:
    return next((key for key in _TEXTS if isinstance(record.get(key), str)), None)


def _key_of(record: dict[str, Any]) -> str | None:
    """The key of the spans: that of a list with spans, or else of an empty one."""
    lists = {key: record[key] for key in _SPANS if isinstance(record.get(key), list)}
    full = next((key for key, entries in lists.items() if any(is_span(one) for one in entries)), None)
    return full or next(
        (key for key, entries in lists.items() if not any(isinstance(one, str) for one in entries)), None
    )


def read(path: Path, *, report: Report) -> Iterator[Example]:
    """The examples of one file."""
    return examples_of_records(_records(path, report=report), parse, report=report)


def _records(path: Path, *, report: Report) -> Iterator[Record]:
    for record in records(path, report=report):
        inside = _inside(record.content)
        yield from numbered(path, inside) if inside and not fits(record.content) else [record]


def parse(record: Any, note: Note) -> Marked:
    """The sentence in a record; ValueError if it is malformed."""
    text = text_in(record, (_text_key(record) if isinstance(record, dict) else None) or "text")
    key = _key_of(record)
    spans = [_span(one, f"{key}[{number}]", text, note) for number, one in enumerate(record[key] if key else [])]
    if key is None and _has_intent_alone(record):
        note("a sentence without `spans` has no slots")
    if record.get("relations"):
        note("relations are not read")
    words = record.get("tokens")
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        words = None
    return Marked(text, words, spans, intent_in(record) or _category(record, note))


def _span(entry: Any, place: str, text: str, note: Note) -> CharSpan:
    if not isinstance(entry, dict):
        return triple(entry, place=place)
    start, end, name = (_first(entry, keys) for keys in (_STARTS, _ENDS, _NAMES))
    if start is None or end is None or name is None:
        raise ValueError(f"{place} is {brief(entry)}: expected its start, its end and its label")
    label = entry[name]
    if not isinstance(label, str | int):
        raise ValueError(f"the label of {place} must be a string, got {brief(label)}")
    span = CharSpan(field(entry, start, int, place=place), field(entry, end, int, place=place), str(label), place)
    covered = _first(entry, _COVERED)
    return checked(text, span, covered=entry[covered] if covered else None, note=note)


def _category(record: dict[str, Any], note: Note = lambda text: None) -> str | None:
    """The category: a string, or the first of a list."""
    named = [record.get(key) for key in _CATEGORIES]
    found = [[one] if isinstance(one, str) and one.strip() else one for one in named]
    lists = [one for one in found if isinstance(one, list) and one and all(isinstance(name, str) for name in one)]
    if not lists:
        return None
    if len(lists[0]) > 1:
        note("of several categories, the first is the intent")
    return str(lists[0][0]).strip() or None
