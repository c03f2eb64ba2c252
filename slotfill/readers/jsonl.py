"""JSON lines: an object per line with `text`, `spans`, and perhaps `tokens`, `intent` and `values`.

    {"text": "arrive Taipei", "spans": [{"start": 7, "end": 13, "label": "toloc.city_name"}], "intent": "flight"}

Offsets are half-open and count code points. `tokens` are strings in the order of the text; without them, slotfill's
tokenizer makes the tokens. `values` are one string (values.py). Other keys are ignored.

What `slotfill tag --format json` prints is read too: `slots` with a `name` each in place of `spans` with a `label`, and
an `intent` that is an object. So one tags, corrects by hand and trains.
"""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from slotfill.readers import values
from slotfill.readers.alignment import CharSpan, Marked, check_intent
from slotfill.readers.lines import Report, parse_marked_lines
from slotfill.schema import Example
from slotfill.tags import char_span, spans_of
from slotfill.tokenizer import tokenize


def read(path: Path, *, report: Report) -> Iterator[Example]:
    """The examples of one file; blank lines are skipped, the first problem of each line is reported."""
    return parse_marked_lines(path, _parse, report=report)


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


def _parse(line: str) -> Marked | None:
    """The sentence in one line, None for the result of an empty line; ValueError if it is malformed."""
    try:
        record = json.loads(line)
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON: {error.msg} at column {error.colno}") from None
    except RecursionError:
        raise ValueError("not JSON: nested too deeply") from None
    if not isinstance(record, dict):
        raise ValueError(f"expected an object in braces, got {_brief(record)}")
    return marked_of(record)


def marked_of(record: dict[str, Any]) -> Marked | None:
    """The sentence in one object, None for the result of an empty line; ValueError if it is malformed."""
    text = _get(record, "text", str, place="the object")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValueError(f"half a surrogate pair at character {error.start} of the text") from None
    if not text.strip() and "spans" not in record:  # `tag` answers an empty line with an empty result
        return None
    words = _get(record, "tokens", list, place="the object") if record.get("tokens") is not None else None
    if words is not None and not all(isinstance(word, str) for word in words):
        raise ValueError(f"tokens must be strings, got {_brief(words)}")
    spans = _spans(record, text)
    intent = _intent(record)
    check_intent(intent)
    read = _get(record, "values", str, place="the object") if record.get("values") is not None else None
    found = None if read is None else values.parse(read)
    return Marked(text, words, spans, intent, found)


def _intent(record: dict[str, Any]) -> str | None:
    """A string, or the `name` of an object as `tag` writes it."""
    intent = record.get("intent")
    if intent is None:
        return None
    if isinstance(intent, dict):
        return _get(intent, "name", str, place="intent")
    return _get(record, "intent", str, place="the object")


def _spans(record: dict[str, Any], text: str) -> list[CharSpan]:
    """The spans of an object: `spans` with a `label` each, or `slots` with a `name` each, as `tag` writes them."""
    key, name = ("slots", "name") if "slots" in record and "spans" not in record else ("spans", "label")
    spans = []
    for number, span in enumerate(_get(record, key, list, place="the object")):
        place = f"{key}[{number}]"
        if not isinstance(span, dict):
            raise ValueError(f"{place} must be an object with start, end and {name}, got {_brief(span)}")
        start, end = _get(span, "start", int, place=place), _get(span, "end", int, place=place)
        said = span.get("text")
        if key == "slots" and isinstance(said, str) and 0 <= start < end <= len(text) and text[start:end] != said:
            raise ValueError(
                f"{place} is {_brief(said)}, but characters {start} to {end} are {_brief(text[start:end])}"
            )
        spans.append(CharSpan(start, end, _get(span, name, str, place=place), place))
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
    text = json.dumps(value, default=repr)
    return text if len(text) <= 40 else f"{text[:39]}…"
