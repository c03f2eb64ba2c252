r"""Sentences with their slots in brackets, one per line, to be written by hand.

A tab and the intent may follow, and after another tab the values that a person reads in it (values.py).

    arrive [Taipei](toloc.city_name) on [November](arrive_date.month_name) [2nd](arrive_date.day_number)

A value may stand behind a slot's name, as Rasa has it: `[norweg](cuisine:norwegian)`; it is no part of the name, and
not kept. A backslash escapes `[`, `]`, `)`, `\` and, in a name, `:`; `\t`, `\n` and `\r` are the control characters.
The tokens are those of slotfill's tokenizer, or of one that cuts more where slots ask for it (see `alignment.cutting`).
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from slotfill.errors import InputError
from slotfill.markup import CONTROLS, render
from slotfill.readers import values
from slotfill.readers.alignment import CharSpan, Marked, check_intent, cutting, example_of, shown
from slotfill.readers.lines import parse_marked_lines
from slotfill.readers.placed import NOT_LABELS, check_text
from slotfill.readers.reports import Report
from slotfill.schema import Example
from slotfill.tags import char_span, spans_of

TAB = "\t"
_ESCAPED = ("[", "]", ")", "\\", ":", *CONTROLS)
_NAME_AND_VALUE = re.compile(r"(?P<name>(?:[^\\:]|\\.)+):(?P<value>.*)", re.DOTALL)

# The pieces of a line: an escape, `](name)`, any other bracket, and plain text.
_PIECE = re.compile(r"\\(?P<escape>.?)|\]\((?P<name>(?:[^\\)]|\\.)*)\)|(?P<bracket>[\[\]])|(?P<plain>[^\\\[\]]+)")

_SLOT = re.compile(r"(?<!\\)\[[^][\n]+\]\([^\s()]+\)")


def read(path: Path, *, report: Report) -> Iterator[Example]:
    """The examples of one file; blank lines are skipped, the first problem of each line is reported."""
    count = 0

    def parse_and_count(line: str) -> Marked:
        nonlocal count
        count += sum(1 for _ in synonyms_in(line))
        return _marked(line)

    yield from parse_marked_lines(path, parse_and_count, report=report)
    if count:
        report.note(f"{count:,} value{'s' * (count > 1)} behind a colon, as in (cuisine:norwegian): {NOT_LABELS}")


def is_it(head: str) -> bool:
    """Whether a slot in brackets is near the beginning of a file."""
    return _SLOT.search(head) is not None


def lines(examples: Iterable[Example]) -> Iterator[str]:
    """The lines from which `read` makes these examples.

    Raises InputError for a sentence with other tokens than our tokenizer's: markup cannot mark them.
    """
    marked = [
        (one, [(*char_span(one.tokens, start, end), name) for start, end, name in spans_of(one.tags)])
        for one in examples
    ]
    tokenizer = cutting((one.text, [CharSpan(*span, "") for span in spans]) for one, spans in marked)
    for example, spans in marked:
        made = tokenizer(example.text)
        if example.tokens != made:
            odd = next((token.text for token in example.tokens if token not in made), "")
            raise InputError(
                f"{shown(example.text)} has the token {shown(odd)}, which markup would split: save as jsonl or conll"
            )
        line = render(example.text, spans, intent=example.intent)
        if example.values is not None:
            line += f"{'' if example.intent else TAB}{TAB}{values.render(example.values)}"
        yield line


def _unescape(escaped: str, *, place: str) -> str:
    """Undo the escapes of `render`; ValueError for an unknown one."""
    for letter in re.findall(r"\\(.?)", escaped):
        if letter not in _ESCAPED:
            raise ValueError(f"{place}: \\{letter} means nothing; write \\\\ for a backslash")
    return re.sub(r"\\(.)", lambda match: CONTROLS.get(match[1], match[1]), escaped)


def parse(line: str) -> Example:
    """The example in one line; ValueError if it is malformed."""
    check_text(line)
    marked = _marked(line)
    return example_of(marked, tokenizer=cutting([(marked.text, marked.spans)]))


def _marked(line: str) -> Marked:
    """The sentence in one line; ValueError if it is malformed."""
    marked, *columns = line.split(TAB)
    if len(columns) > 2:
        raise ValueError(
            f"got {1 + len(columns)} columns: expected the sentence, its intent and its values; write \\t for a tab"
        )
    intent = columns[0].strip() if columns else None
    if len(columns) == 2:
        intent = intent or None
    check_intent(intent)
    text, spans, _ = _read_marks(marked)
    found = values.parse(columns[1]) if len(columns) == 2 else None
    return Marked(text, None, spans, intent, found)


def _name_and_value(name: str) -> tuple[str, str | None]:
    """What is in parentheses: the name of a slot, and perhaps a value behind a colon."""
    both = _NAME_AND_VALUE.fullmatch(name)
    return (both["name"], both["value"]) if both else (name, None)


def synonyms_in(line: str) -> Iterator[tuple[str, str, str]]:
    """The slot, the value and the text of each slot with a value; none of a line that is malformed."""
    if "](" in line and ":" in line:
        with suppress(ValueError):
            text, spans, said = _read_marks(line.partition(TAB)[0])
            for span, value in zip(spans, said, strict=True):
                if value:
                    yield span.name, value.strip(), text[span.start : span.end]


def _read_marks(marked: str) -> tuple[str, list[CharSpan], list[str | None]]:
    """The text without its markup, the spans and the value behind the name of each.

    ValueError for brackets that do not match.
    """
    text = ""
    spans = []
    said = []
    start: int | None = None  # of the open slot, in the text
    place = ""
    for match in _PIECE.finditer(marked):
        column = f"column {match.start() + 1}"
        if match["plain"] is not None:
            text += match["plain"]
        elif match["escape"] is not None:
            text += _unescape(match[0], place=column)
        elif match["bracket"] == "[":
            if start is not None:
                raise ValueError(f"{column}: a slot cannot begin within a slot; write \\[ for a bracket")
            start, place = len(text), f"{column}: the slot"
        elif start is None:
            raise ValueError(f"{column}: ] closes nothing; write \\] for a bracket")
        elif match["bracket"] == "]":
            raise ValueError(f"{column}: expected the slot's name after ], as in [Taipei](toloc.city_name)")
        elif start == len(text):
            raise ValueError(f"{place} is empty")
        else:
            name, value = _name_and_value(match["name"])
            said.append(value)
            spans.append(CharSpan(start, len(text), _unescape(name, place=column), place))
            start = None
    if start is not None:
        raise ValueError(f"{place} is not closed: expected ](name)")
    return text, spans, said
