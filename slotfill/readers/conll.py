r"""Columns: one token a line with its tag, a blank line between sentences.

    # intent: flight
    arrive  O
    Taipei  B-toloc.city_name

Columns are parted by tabs, or by spaces where a line has no tab; the first is the token, the last
its tag. Comment lines before a sentence may give its `# intent: ` and its `# text = `; without the
latter the text is the tokens with a space between them. A text that holds line breaks is written
as `# text_json = "..."`. A line that begins with `#` is a comment only if a space follows, if no
token came before it in its sentence, and if its last column is no tag: so `#` may be a token too.
"""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from slotfill.errors import DataError
from slotfill.readers.alignment import shown
from slotfill.readers.lines import Report, read_lines
from slotfill.readers.tagged import TaggedSentence, examples_of, is_tag
from slotfill.schema import Example

_INTENT, _TEXT, _TEXT_JSON = "# intent: ", "# text = ", "# text_json = "
_DOCUMENT_START = "-DOCSTART-"


def read(path: Path, *, report: Report) -> Iterator[Example]:
    """The examples of one file."""
    return examples_of(_sentences(path, report=report), report=report)


def lines(examples: Iterable[Example]) -> Iterator[str]:
    """The lines that `read` reads as these examples."""
    for example in examples:
        joined = " ".join(token.text for token in example.tokens)
        if example.intent is not None:
            yield _INTENT + example.intent
        if "\n" in example.text or "\r" in example.text:
            yield _TEXT_JSON + json.dumps(example.text, ensure_ascii=False)
        elif example.text != joined or joined == _DOCUMENT_START:
            yield _TEXT + example.text
        yield from (f"{token.text}\t{tag}" for token, tag in zip(example.tokens, example.tags, strict=True))
        yield ""


def _sentences(path: Path, *, report: Report) -> Iterator[TaggedSentence]:
    for number, block in _blocks(read_lines(path, report=report)):
        comments = 0
        while comments < len(block) and _is_comment(block[comments]):
            comments += 1
        columns = [_columns(line) for line in block[comments:]]
        if not comments and len(columns) == 1 and columns[0][0] == _DOCUMENT_START:
            continue
        first = number + comments
        short = next((position for position, row in enumerate(columns) if len(row) < 2), None)
        if short is not None:
            problem = f"expected a token and a tag, parted by a tab or a space; got {shown(columns[short][0])}"
            report(DataError(problem, path=path, line=first + short))
            continue
        words = [row[0] for row in columns]
        tags = [row[-1] for row in columns]
        try:
            intent, text = _read_comments(block[:comments])
        except ValueError as error:
            report(DataError(str(error), path=path, line=number))
            continue
        if words:
            yield TaggedSentence(
                " ".join(words) if text is None else text, words, tags, intent, path, first, one_token_a_line=True
            )
        elif intent is not None or text is not None:
            report(DataError("comments on a sentence that does not follow", path=path, line=number))


def _blocks(lines: Iterable[str | None]) -> Iterator[tuple[int, list[str]]]:
    """The lines between blank ones, with the number of the first; a block with a broken line is left out."""
    block: list[str | None] = []
    for number, line in enumerate((*lines, ""), start=1):
        if line is None or line.strip():
            block.append(line)
            continue
        whole = [each for each in block if each is not None]
        if whole and len(whole) == len(block):
            yield number - len(block), whole
        block = []


def _columns(line: str) -> list[str]:
    """The columns of a line; only tabs and spaces part them, since a token may hold stranger signs."""
    if "\t" in line:
        return [column.strip(" ") for column in line.split("\t")]
    return [column for column in line.split(" ") if column]


def _is_comment(line: str) -> bool:
    if line.startswith((_INTENT, _TEXT, _TEXT_JSON)):
        return True
    return line == "#" or (line.startswith("# ") and not is_tag(_columns(line)[-1]))


def _read_comments(comments: Iterable[str]) -> tuple[str | None, str | None]:
    """The intent and the text that comments give; ValueError for a text that is not JSON where it should be."""
    intent = text = None
    for comment in comments:
        if comment.startswith(_INTENT):
            intent = comment.removeprefix(_INTENT).strip()
        elif comment.startswith(_TEXT):
            text = comment.removeprefix(_TEXT)
        elif comment.startswith(_TEXT_JSON):
            text = _unquote(comment.removeprefix(_TEXT_JSON))
    return intent, text


def _unquote(quoted: str) -> str:
    try:
        text = json.loads(quoted)
    except (json.JSONDecodeError, RecursionError):
        text = None
    if not isinstance(text, str):
        raise ValueError(f"expected a JSON string after {_TEXT_JSON.strip()}, got {shown(quoted)}")
    return text
