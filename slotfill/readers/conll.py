r"""Columns: one token a line with its tag, a blank line between sentences.

    # intent: flight
    arrive  O
    Taipei  B-toloc.city_name

Columns are separated by tabs, or by spaces in a line without a tab; the first is the token, the last its tag. Comments
before a sentence may give its `# intent: `, its `# values: ` (values.py) and its `# text = `; without a text, it is the
tokens joined by spaces. A text with line breaks is written as `# text_json = "..."`. A line that begins with `#` is a
comment only before the first token of a sentence, if a space follows, and if its last column is not a tag: so `#` can
be a token too.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile
from pathlib import Path
from typing import NamedTuple

from slotfill.errors import DataError
from slotfill.readers import values
from slotfill.readers.alignment import shown, text_of
from slotfill.readers.lines import read_lines
from slotfill.readers.reports import Report
from slotfill.readers.tagged import TaggedSentence, examples_of, is_tag
from slotfill.schema import Example, GoldValues

_INTENT, _VALUES, _TEXT, _TEXT_JSON = "# intent: ", "# values: ", "# text = ", "# text_json = "
_DOCUMENT_START = "-DOCSTART-"


def read(path: Path, *, report: Report) -> Iterator[Example]:
    """The examples of one file."""
    return examples_of(_sentences(path, report=report), report=report)


def is_it(head: str) -> bool:
    """Whether most lines near the beginning of a file end with a tag."""
    rows = [_columns(line) for line in head.splitlines()[:200] if line.strip() and not line.startswith("#")]
    return bool(rows) and sum(len(row) > 1 and is_tag(row[-1]) for row in rows) > 0.5 * len(rows)


def lines(examples: Iterable[Example]) -> Iterator[str]:
    """The lines from which `read` makes these examples."""
    for example in examples:
        joined = text_of([token.text for token in example.tokens])
        if example.intent is not None:
            yield _INTENT + example.intent
        if example.values is not None:
            yield _VALUES + values.render(example.values)
        if "\n" in example.text or "\r" in example.text:
            yield _TEXT_JSON + json.dumps(example.text, ensure_ascii=False)
        elif example.text != joined or joined == _DOCUMENT_START:
            yield _TEXT + example.text
        yield from (f"{token.text}\t{tag}" for token, tag in zip(example.tokens, example.tags, strict=True))
        yield ""


def _sentences(path: Path, *, report: Report) -> Iterator[TaggedSentence]:
    for number, block in _blocks(read_lines(path, report=report)):
        try:
            sentence = _sentence(block, path=path, number=number)
        except DataError as problem:
            report(problem)
        else:
            if sentence is not None:
                yield sentence


def _sentence(block: Sequence[str], *, path: Path, number: int) -> TaggedSentence | None:
    """The sentence in a block whose first line is line `number`; None for a document's start or mere comments."""
    comments = list(takewhile(_is_comment, block))
    rows = [_columns(line) for line in block[len(comments) :]]
    if not comments and len(rows) == 1 and rows[0][0] == _DOCUMENT_START:
        return None
    first = number + len(comments)
    for line, row in enumerate(rows, start=first):
        if len(row) < 2:
            problem = f"expected a token and a tag, separated by a tab or a space; got {shown(row[0])}"
            raise DataError(problem, path=path, line=line)
    try:
        said = _read_comments(comments)
    except ValueError as error:
        raise DataError(str(error), path=path, line=number) from None
    if not rows:
        if said != _Comments():
            raise DataError("comments on a sentence that does not follow", path=path, line=number)
        return None
    words = [row[0] for row in rows]
    tags = [row[-1] for row in rows]
    text = text_of(words) if said.text is None else said.text
    return TaggedSentence(text, words, tags, said.intent, path, first, one_token_a_line=True, values=said.values)


def _blocks(lines: Iterable[str | None]) -> Iterator[tuple[int, list[str]]]:
    """Runs of lines between blank ones, with the number of the first; a block with an unreadable line is left out."""
    block: list[str | None] = []
    for number, line in enumerate((*lines, ""), start=1):
        if line is None or line.strip():
            block.append(line)
            continue
        readable = [each for each in block if each is not None]
        if readable and len(readable) == len(block):
            yield number - len(block), readable
        block = []


def _columns(line: str) -> list[str]:
    """The columns of a line. Only tabs and spaces separate them: a token may contain other white space."""
    if "\t" in line:
        return [column.strip(" ") for column in line.split("\t")]
    return [column for column in line.split(" ") if column]


def _is_comment(line: str) -> bool:
    if line.startswith((_INTENT, _VALUES, _TEXT, _TEXT_JSON)):
        return True
    return line == "#" or (line.startswith("# ") and not is_tag(_columns(line)[-1]))


class _Comments(NamedTuple):
    """What the comments before a sentence say of it."""

    intent: str | None = None
    text: str | None = None
    values: GoldValues | None = None


def _read_comments(comments: Iterable[str]) -> _Comments:
    """What the comments say; ValueError if a `text_json` is not a JSON string, or the values are malformed."""
    said = _Comments()
    for comment in comments:
        if comment.startswith(_INTENT):
            said = said._replace(intent=comment.removeprefix(_INTENT).strip())
        elif comment.startswith(_VALUES):
            said = said._replace(values=values.parse(comment.removeprefix(_VALUES)))
        elif comment.startswith(_TEXT):
            said = said._replace(text=comment.removeprefix(_TEXT))
        elif comment.startswith(_TEXT_JSON):
            said = said._replace(text=_unquote(comment.removeprefix(_TEXT_JSON)))
    return said


def _unquote(quoted: str) -> str:
    try:
        text = json.loads(quoted)
    except (json.JSONDecodeError, RecursionError):
        text = None
    if not isinstance(text, str):
        raise ValueError(f"expected a JSON string after {_TEXT_JSON.strip()}, got {shown(quoted)}")
    return text
