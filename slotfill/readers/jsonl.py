"""JSON lines: an object per line with `text`, and perhaps `spans`, `tokens`, `intent` and `values`.

    {"text": "arrive Taipei", "spans": [{"start": 7, "end": 13, "label": "toloc.city_name"}], "intent": "flight"}

A sentence without `spans` has no slot, so that intents can be given alone. Offsets are half-open and count code points.
`tokens` are strings in the order of the text; without them, slotfill's tokenizer makes the tokens. `values` are one
string (values.py). Other keys are ignored.

What `slotfill tag --format json` prints is read too: `slots` with a `name` each in place of `spans` with a `label`, and
an `intent` that is an object. So one tags, corrects by hand and trains.
"""

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from slotfill.readers import values
from slotfill.readers.alignment import CharSpan, Marked, check_intent
from slotfill.readers.lines import parse_marked_lines
from slotfill.readers.placed import check_text
from slotfill.readers.records import LONG_NUMBER, brief, field
from slotfill.readers.reports import Report
from slotfill.schema import Example
from slotfill.tags import char_span, spans_of
from slotfill.tokenizer import tokenize

_OURS = re.compile(r'\s*\{[^\n]*"(?:text|spans|slots|intent)"\s*:[^\n]*"(?:text|spans|slots|intent)"\s*:')
# Lists and objects that are not the spans under another name.
_NO_SPANS = ("tokens", "intent", "frame")


def read(path: Path, *, report: Report) -> Iterator[Example]:
    """The examples of one file; blank lines are skipped, the first problem of each line is reported."""
    bare = 0

    def parse(line: str) -> Marked | None:
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
        yield json.dumps(record_of(example), ensure_ascii=False)


def record_of(example: Example) -> dict[str, Any]:
    """The object of one line, with what `read` makes the example of.

    >>> record_of(Example("hello", tokenize("hello"), ("O",), "greet"))
    {'text': 'hello', 'spans': [], 'intent': 'greet'}
    """
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
    return record


def _parse(line: str) -> tuple[Marked | None, bool]:
    """The sentence in one line, None for the result of an empty line, and whether it has spans.

    ValueError if it is malformed.
    """
    try:
        record = json.loads(line)
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON: {error.msg} at column {error.colno}") from None
    except ValueError:
        raise ValueError(LONG_NUMBER) from None
    except RecursionError:
        raise ValueError("not JSON: nested too deeply") from None
    if not isinstance(record, dict):
        raise ValueError(f"expected an object in braces, got {brief(record)}")
    return _marked(record)


def marked_of(record: dict[str, Any]) -> Marked | None:
    """The sentence in one object, None for the result of an empty line; ValueError if it is malformed."""
    return _marked(record)[0]


def _marked(record: dict[str, Any]) -> tuple[Marked | None, bool]:
    text = field(record, "text", str, place="the object")
    check_text(text)
    record = {key: value for key, value in record.items() if value is not None or key not in ("spans", "slots")}
    if not text.strip() and "spans" not in record:  # `tag` answers an empty line with an empty result
        return None, True
    words = field(record, "tokens", list, place="the object") if record.get("tokens") is not None else None
    if words is not None and not all(isinstance(word, str) for word in words):
        raise ValueError(f"tokens must be strings, got {brief(words)}")
    has_spans = any(isinstance(record[key], list | dict) or key == "spans" for key in record if key not in _NO_SPANS)
    spans = _spans(record, text) if has_spans else []
    intent = _intent(record)
    check_intent(intent)
    read = field(record, "values", str, place="the object") if record.get("values") is not None else None
    found = None if read is None else values.parse(read)
    return Marked(text, words, spans, intent, found), has_spans


def _intent(record: dict[str, Any]) -> str | None:
    """A string, or the `name` of an object as `tag` writes it."""
    intent = record.get("intent")
    if intent is None:
        return None
    if isinstance(intent, dict):
        return field(intent, "name", str, place="intent")
    return field(record, "intent", str, place="the object")


def _spans(record: dict[str, Any], text: str) -> list[CharSpan]:
    """The spans of an object: `spans` with a `label` each, or `slots` with a `name` each, as `tag` writes them."""
    key, name = ("slots", "name") if "slots" in record and "spans" not in record else ("spans", "label")
    spans = []
    for number, span in enumerate(field(record, key, list, place="the object")):
        place = f"{key}[{number}]"
        if not isinstance(span, dict):
            raise ValueError(f"{place} must be an object with start, end and {name}, got {brief(span)}")
        start, end = field(span, "start", int, place=place), field(span, "end", int, place=place)
        said = span.get("text")
        if key == "slots" and isinstance(said, str) and 0 <= start < end <= len(text) and text[start:end] != said:
            raise ValueError(f"{place} is {brief(said)}, but characters {start} to {end} are {brief(text[start:end])}")
        spans.append(CharSpan(start, end, field(span, name, str, place=place), place))
    return spans
