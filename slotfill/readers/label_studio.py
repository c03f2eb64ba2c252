"""Label Studio's exports: JSON and JSON-MIN.

    [{"id": 1, "data": {"text": "Fly to Oslo"}, "annotations": [{"result": [
      {"type": "labels", "value": {"start": 7, "end": 11, "text": "Oslo", "labels": ["City"]}},
      {"type": "choices", "value": {"choices": ["flight"]}}]}]}]

    [{"id": 1, "text": "Fly to Oslo", "label": [{"start": 7, "end": 11, "text": "Oslo", "labels": ["City"]}]}]

A choice is the intent. Of several annotations of a task the first that counts is read; a task without one is left out.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from slotfill.readers.alignment import CharSpan, Marked
from slotfill.readers.placed import Note, checked, examples_of_records
from slotfill.readers.records import field, objects, records, span_in, text_in
from slotfill.readers.reports import Report
from slotfill.schema import Example

_RUNS = ("annotations", "completions")  # the second in old versions
_LABELS = ("labels", "hypertextlabels", "paragraphlabels", "timeserieslabels")


def is_it(head: str) -> bool:
    """Whether a file begins as an export of Label Studio."""
    return any(_is_task(record) or _marks(record) for record in objects(head))


def _is_task(record: dict[str, Any]) -> bool:
    return isinstance(record.get("data"), dict) and any(isinstance(record.get(key), list) for key in _RUNS)


def _marks(record: dict[str, Any]) -> list[Any]:
    """The marked spans of a task in JSON-MIN, under whatever name the labelling interface gave them."""
    for value in record.values():
        if isinstance(value, list) and any(
            isinstance(one, dict) and any(key in one for key in _LABELS) for one in value
        ):
            return value
    return []


def read(path: Path, *, report: Report) -> Iterator[Example]:
    """The examples of one file."""
    return examples_of_records(records(path, report=report), _parse, report=report)


def _parse(record: Any, note: Note) -> Marked | None:
    if not isinstance(record, dict) or not _is_task(record):
        return _of_min(record, note)
    text = _text_of(record["data"])
    runs = next(field(record, key, list) for key in _RUNS if isinstance(record.get(key), list))
    counted = [run for run in runs if isinstance(run, dict) and not run.get("was_cancelled")]
    if not counted:
        note("tasks without an annotation, or skipped, are left out")
        return None
    if len(counted) > 1:
        note("of several annotations of a task, the first is read")
    results = field(counted[0], "result", list, place="the annotation")
    values = [one["value"] for one in results if isinstance(one, dict) and isinstance(one.get("value"), dict)]
    choices = [choice for value in values for choice in _strings(value.get("choices"))]
    if any("relation" in str(one.get("type")) for one in results if isinstance(one, dict)):
        note("relations are not read")
    return Marked(text, None, list(_spans(values, text, note)), _one(choices, note))


def _of_min(record: Any, note: Note) -> Marked:
    text = _text_of(record)
    choice = record.get("intent", record.get("choice", record.get("choices")))
    choices = (
        [choice]
        if isinstance(choice, str)
        else _strings((choice or {}).get("choices") if isinstance(choice, dict) else choice)
    )
    return Marked(text, None, list(_spans(_marks(record), text, note)), _one(choices, note))


def _text_of(data: Any) -> str:
    """The text under `text`, or under the only key with a text."""
    if isinstance(data, dict) and "text" not in data:
        keys = [key for key, value in data.items() if isinstance(value, str) and " " in value.strip()]
        if len(keys) == 1:
            return text_in(data, keys[0])
    return text_in(data, place="the task")


def _spans(values: Iterable[Any], text: str, note: Note) -> Iterator[CharSpan]:
    for number, value in enumerate(values):
        place = f"label {number + 1}"
        names = [name for key in _LABELS for name in _strings(value.get(key))] if isinstance(value, dict) else []
        if not names:
            continue
        if len(names) > 1:
            note("of several labels of a span, the first is read")
        if isinstance(value.get("start"), str):
            raise ValueError(f"{place} is in HTML or audio: only labels of plain text are read")
        span = span_in(value, place=place, name=names[0])
        covered = value.get("text")
        covered = covered.replace("\\n", "\n") if isinstance(covered, str) else None
        yield checked(text, span, covered=covered, note=note)


def _strings(value: Any) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def _one(choices: list[str], note: Note) -> str | None:
    if len(choices) > 1:
        note("of several choices, the first is the intent")
    return choices[0].strip() if choices else None
