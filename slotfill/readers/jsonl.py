"""JSON lines: an object per line with `text`, and perhaps `spans`, `tokens`, `intent` and `values`.

    {"text": "arrive Taipei", "spans": [{"start": 7, "end": 13, "label": "toloc.city_name"}], "intent": "flight"}

A sentence without `spans` has no slot, so that intents can be given alone. Offsets are half-open and count code points.
`tokens` are strings in the order of the text; without them, slotfill's tokenizer makes the tokens. `values` are one
string (values.py). Other keys are ignored.
"""

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from slotfill.readers import values
from slotfill.readers.alignment import CharSpan, Marked, check_intent
from slotfill.readers.lines import parse_marked_lines
from slotfill.readers.reports import Report
from slotfill.schema import Example
from slotfill.tags import char_span, spans_of
from slotfill.tokenizer import tokenize

_OURS = re.compile(r'\s*\{[^\n]*"(?:text|spans|slots|intent)"\s*:[^\n]*"(?:text|spans|slots|intent)"\s*:')


def read(path: Path, *, report: Report) -> Iterator[Example]:
    """The examples of one file; blank lines are skipped, the first problem of each line is reported."""
    bare = 0

    def parse(line: str) -> Marked:
        nonlocal bare
        marked, has_spans = _parse(line)
        bare += not has_spans
        return marked

    yield from parse_marked_lines(path, parse, report=report)
    if bare:
        report.note(f"{bare:,} sentence{'s have' if bare > 1 else ' has'} no `spans`, and so no slots")


def is_it(head: str) -> bool:
    """Whether a file begins with an object of our keys."""
    return _OURS.match(head) is not None


def lines(examples: Iterable[Example]) -> Iterator[str]:
    """The lines from which `read` makes these examples; tokens are written only where our tokenizer makes others."""
    for example in examples:
        record: dict[str, Any] = {"text": example.text}
        if example.tokens != tokenize(example.text):
            record["tokens"] = [token.text for token in example.tokens]
        record["spans"] = [
            dict(zip(("start", "end", "label"), (*char_span(example.tokens, start, end), name), strict=True))
            for start, end, name in spans_of(example.tags)
        ]
        if example.intent is not None:
            record["intent"] = example.intent
        if example.values is not None:
            record["values"] = values.render(example.values)
        yield json.dumps(record, ensure_ascii=False)


def _parse(line: str) -> tuple[Marked, bool]:
    """The sentence in one line, and whether it has spans; ValueError if it is malformed."""
    try:
        record = json.loads(line)
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON: {error.msg} at column {error.colno}") from None
    except RecursionError:
        raise ValueError("not JSON: nested too deeply") from None
    if not isinstance(record, dict):
        raise ValueError(f"expected an object in braces, got {_brief(record)}")
    text = _get(record, "text", str, place="the object")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValueError(f"half a surrogate pair at character {error.start} of the text") from None
    words = _get(record, "tokens", list, place="the object") if record.get("tokens") is not None else None
    if words is not None and not all(isinstance(word, str) for word in words):
        raise ValueError(f"tokens must be strings, got {_brief(words)}")
    has_spans = "spans" in record or any(isinstance(record[key], list | dict) for key in record if key != "tokens")
    spans = _spans(_get(record, "spans", list, place="the object")) if has_spans else []
    intent = _get(record, "intent", str, place="the object") if record.get("intent") is not None else None
    check_intent(intent)
    read = _get(record, "values", str, place="the object") if record.get("values") is not None else None
    found = None if read is None else values.parse(read)
    return Marked(text, words, spans, intent, found), has_spans


def _spans(entries: Iterable[object]) -> list[CharSpan]:
    spans = []
    for number, span in enumerate(entries):
        place = f"spans[{number}]"
        if not isinstance(span, dict):
            raise ValueError(f"{place} must be an object with start, end and label, got {_brief(span)}")
        start, end = _get(span, "start", int, place=place), _get(span, "end", int, place=place)
        spans.append(CharSpan(start, end, _get(span, "label", str, place=place), place))
    return spans


_Value = TypeVar("_Value", str, int, list[Any])
_KINDS = {str: "a string", int: "a whole number", list: "a list"}


def _get(record: dict[str, Any], key: str, kind: type[_Value], *, place: str) -> _Value:
    """The value of a key; ValueError if it is missing or of another type (`true` is not a number)."""
    if key not in record:
        raise ValueError(f'{place} has no "{key}", only {_brief(list(record))}')
    value = record[key]
    if type(value) is not kind:
        raise ValueError(f'"{key}" of {place} must be {_KINDS[kind]}, got {_brief(value)}')
    return value


def _brief(value: object) -> str:
    """A JSON value for a message, shortened."""
    text = json.dumps(value)
    return text if len(text) <= 40 else f"{text[:39]}…"
