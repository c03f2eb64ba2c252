r"""Columns: one token a line with its tag, a blank line between sentences.

    # intent: flight
    arrive  O
    Taipei  B-toloc.city_name

Columns are separated by tabs, or by spaces in a line without a tab (or by commas and the like, where no line has
either). The first is the token and the last its tag, unless the file tells otherwise (column_choice.py). Comments
before a sentence may give its `# intent: `, its `# values: ` (values.py) and its `# text = `; without a text, it is the
tokens joined by spaces. A text with line breaks is written as `# text_json = "..."`. A line that begins with `#` is a
comment only before the first token of a sentence, if a space follows, and if its last column is not a tag: so `#` can
be a token too.
"""

import csv
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, partial
from itertools import pairwise, takewhile
from pathlib import Path
from typing import NamedTuple

from slotfill.errors import DataError
from slotfill.readers import values
from slotfill.readers.alignment import shown, text_of
from slotfill.readers.column_choice import Choice, choose, header_in
from slotfill.readers.lines import HEAD, read_lines
from slotfill.readers.reports import Report
from slotfill.readers.schemes import is_spelt_tag
from slotfill.readers.tagged import TaggedSentence, examples_of, is_tag
from slotfill.schema import Example, GoldValues

_INTENT, _VALUES, _TEXT, _TEXT_JSON = "# intent: ", "# values: ", "# text = ", "# text_json = "
_INTENTS = re.compile(r"#\s*intent\s*[:=]\s*(.*)", re.IGNORECASE)
_TEXTS = re.compile(r"#\s?text(?: = ?| ?: )(.*)")
_GLOBAL = re.compile(r"#\s*global\.columns\s*=\s*(.*)")
_OTHERS = re.compile(r"#\s?[\w.:-]+\s?=(\s|$)|#(?:begin|end) document\b")  # `#sent_id = 1`
_DIGITS = 9  # at most, of a number of a token or a sentence
_RANGE = re.compile(rf"\d{{1,{_DIGITS}}}([-.])(\d{{1,{_DIGITS}}})")
_DOCUMENT_START = "-DOCSTART-"
_SEPARATORS = (",", ";", "|")  # where no line has a tab or a space
_LONG = 250  # tokens of a sentence from which on blank lines are missed
_LONG_ALONE = 60  # the same of the only sentence of a file
_ENDS = {".", "?", "!", "。", "？", "！"}


class _Block(NamedTuple):
    """The lines of one sentence: its comments, and its rows, the first of which is line `line`."""

    comments: list[str]
    rows: list[list[str]]
    line: int


def read(path: Path, *, report: Report) -> Iterator[Example]:
    """The examples of one file; it is noted which columns are read, and what is not."""
    return examples_of(_sentences(path, report=report), report=report)


def is_it(head: str) -> bool:
    """Whether most lines near the beginning of a file have a token and a tag."""
    blocks, names, _ = _parted(head.split("\n")[: -1 if len(head) >= HEAD else None])
    if not any(block.rows for block in blocks):
        return False
    try:
        choice = choose([block.rows for block in blocks if block.rows], names=names)
    except ValueError:
        return False
    rows = [row for block in blocks for row in block.rows]
    tags = [choice.tag_in(row) for row in rows if len(row) == choice.width > 1]
    outside = sum(tag in ("O", "0") for tag in tags)
    spelt = sum(map(is_spelt_tag, tags))
    if outside == spelt:  # IO or a few words that have no slot: rather columns if there are several lines of them
        return outside > 0 and outside >= 0.5 * len(rows) and len(rows) > 2
    return spelt > 0.5 * len(rows)


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
        elif example.text != joined or joined.startswith(_DOCUMENT_START):
            yield _TEXT + example.text
        yield from (f"{token.text}\t{tag}" for token, tag in zip(example.tokens, example.tags, strict=True))
        yield ""


def _sentences(path: Path, *, report: Report) -> Iterator[TaggedSentence]:
    blocks, names, starts = _parted(read_lines(path, report=report))
    if starts:
        report.note(f"{path}: {starts:,} -DOCSTART- line{'s' * (starts > 1)} left out")
    rows = [block.rows for block in blocks if block.rows]
    if not rows:
        choice = Choice(0, 1, 2)
    else:
        try:
            choice = choose(rows, names=names)
        except ValueError as error:
            report(DataError(str(error), path=path, line=next(block.line for block in blocks if block.rows)))
            return
    for note in choice.notes:
        report.note(f"{path}: {note}")
    blocks = list(_by_numbers(blocks, choice, path=path, report=report))
    for block in blocks:
        try:
            sentence = _sentence(block, choice, is_alone=len(blocks) == 1, path=path, report=report)
        except DataError as problem:
            report(problem)
        else:
            if sentence is not None:
                yield sentence


def _parted(lines: Sequence[str | None]) -> tuple[list[_Block], list[str], int]:
    """The blocks of a file, the names of its columns if it has them, and how many -DOCSTART- lines were left out."""
    separator = _separator_of(lines)
    columns = cache(partial(_columns, separator=separator))  # most lines are there many times; nobody changes a row
    has_starts = any(line is not None and _DOCUMENT_START in line for line in lines)
    blocks: list[_Block] = []
    names: list[str] = []
    starts = 0
    for number, block in _blocks(lines, separator=separator):
        comments = list(takewhile(_is_comment, block))
        for comment in comments:
            if match := _GLOBAL.fullmatch(comment):
                names = [name.rpartition(":")[2] for name in match[1].split()]
        line = number + len(comments)
        rows = [columns(line) for line in block[len(comments) :]]
        if not blocks and not names and rows and header_in(rows[0]):
            names, rows, line = rows[0], rows[1:], line + 1
        for piece, begin in _without_starts(comments, rows, line, has_starts=has_starts):
            starts += piece is None
            if piece is not None:
                blocks.append(_Block(comments, piece, begin))
                comments = []
    return blocks, names, starts


def _without_starts(
    comments: Sequence[str], rows: list[list[str]], line: int, *, has_starts: bool
) -> Iterator[tuple[list[list[str]] | None, int]]:
    """The rows between -DOCSTART- lines, each with its line, and None for each such line.

    None of them is left out where the text of the sentence has it.
    """
    is_text = any(comment.startswith((_TEXT, _TEXT_JSON)) and _DOCUMENT_START in comment for comment in comments)
    begin = 0
    if is_text or not has_starts:
        yield rows, line
        return
    for number, row in enumerate(rows):
        if row[0].startswith(_DOCUMENT_START):
            yield None, line + number
            if begin < number:
                yield rows[begin:number], line + begin
            begin = number + 1
    if begin < len(rows) or not rows:
        yield rows[begin:], line + begin


def _by_numbers(blocks: Iterable[_Block], choice: Choice, *, path: Path, report: Report) -> Iterator[_Block]:
    """The blocks, each parted where the first column, which numbers its tokens or sentences, begins anew."""
    if choice.word == 0:
        yield from blocks
        return
    for block in blocks:
        numbers = [row[0] for row in block.rows]
        starts = [0]
        if all(map(_is_number, numbers)):
            counted = list(map(int, numbers))
            is_sentence = any(before == after for before, after in pairwise(counted))
            steps = enumerate(pairwise(counted), start=1)
            starts += [n for n, (before, after) in steps if (before != after if is_sentence else after < before)]
        if len(starts) > 1:
            report.note(f"{path}: no blank lines between sentences: the numbers in column 1 say where they begin")
        for begin, end in pairwise([*starts, len(numbers)]):
            yield _Block(block.comments if begin == 0 else [], block.rows[begin:end], block.line + begin)


def _sentence(block: _Block, choice: Choice, *, is_alone: bool, path: Path, report: Report) -> TaggedSentence | None:
    """The sentence in a block; None for mere comments. `is_alone`: it is the only one of its file."""
    first = block.line
    is_even = choice.width > 1 and set(map(len, block.rows)) <= {choice.width}
    if not is_even:
        for line, row in enumerate(block.rows, start=first):
            _check_width(row, choice, path=path, line=line, report=report)
    rows = _on_surface(block.rows, choice) if choice.word == 1 and choice.width > 2 else block.rows
    try:
        said = _read_comments(block.comments)
    except ValueError as error:
        raise DataError(str(error), path=path, line=first - len(block.comments)) from None
    if not rows:
        if said != _Comments():
            problem = "comments on a sentence that does not follow"
            raise DataError(problem, path=path, line=first - len(block.comments))
        return None
    if is_even and choice.key is None:
        words, tags = [row[choice.word] for row in rows], [row[choice.tag] for row in rows]
    else:
        words = [row[choice.word] if len(row) == choice.width else _first(row, choice) for row in rows]
        tags = [choice.tag_in(row) if len(row) == choice.width else row[-1] for row in rows]
    if len(rows) > (_LONG_ALONE if is_alone else _LONG):
        ends = sum(word in _ENDS for word in words)
        report.note(
            f"{path}:{first}: a sentence of {len(rows):,} tokens, {ends:,} of which end sentences: "
            "are the blank lines between sentences missing?"
        )
    text = text_of(words) if said.text is None else said.text
    return TaggedSentence(text, words, tags, said.intent, path, first, one_token_a_line=True, values=said.values)


def _check_width(row: Sequence[str], choice: Choice, *, path: Path, line: int, report: Report) -> None:
    """DataError for a line with fewer or more columns than the others; with `fix`, the first and the last are read."""
    if len(row) < 2:
        problem = f"expected a token and a tag, separated by a tab or a space; got {shown(row[0])}"
        raise DataError(problem, path=path, line=line)
    if len(row) == choice.width:
        return
    if not report.fixes or not is_spelt_tag(row[-1]):
        problem = f"got {len(row)} columns: expected {choice.width}, as in most lines; {shown(' '.join(row))}"
        raise DataError(problem, path=path, line=line)
    report.mended(
        "lines with more or fewer columns than the others: what is before the tag was read", path=path, line=line
    )


def _first(row: Sequence[str], choice: Choice) -> str:
    """The word in a line with more or fewer columns than the others: all before the tag, or the first column."""
    return " ".join(row[:-1]) if choice.width == 2 else row[0]


def _on_surface(rows: Iterable[list[str]], choice: Choice) -> list[list[str]]:
    """The rows of CoNLL-U's words as they are written: `1-2 im` for `1 in` and `2 dem`, with the tag of one of them.

    Those that are not there, such as `1.1`, are left out.
    """
    found: list[list[str]] = []
    last = -1  # the number of the last word that is covered by the one before
    for row in rows:
        match = _RANGE.fullmatch(row[0])
        if match is not None and match[1] == "-":
            found.append(row)
            last = int(match[2])
        elif match is None and (not _is_number(row[0]) or int(row[0]) > last):
            found.append(row)
        elif match is None:
            if len(row) == choice.width == len(found[-1]) and choice.tag_in(found[-1]) in ("O", "_"):
                found[-1] = [*found[-1][: choice.word + 1], *row[choice.word + 1 :]]
            last = -1 if int(row[0]) == last else last
    return found


def _is_number(text: str) -> bool:
    return text.isdecimal() and len(text) <= _DIGITS


def _separator_of(lines: Iterable[str | None]) -> str | None:
    """What separates columns where no line of tokens has a tab or a space in it; None for tabs and spaces."""
    rows = []
    for line in lines:
        if line and not line.isspace() and not line.startswith("#"):
            if "\t" in line or " " in line.strip():
                return None
            rows.append(line)
    if not rows:
        return None
    return next((sign for sign in _SEPARATORS if all(sign in line for line in rows)), None)


def _blocks(lines: Iterable[str | None], *, separator: str | None) -> Iterator[tuple[int, list[str]]]:
    """Runs of lines between blank ones, with the number of the first; a block with an unreadable line is left out."""
    block: list[str] = []
    is_readable, start = True, 1
    for number, line in enumerate((*lines, ""), start=1):
        if line is None:
            is_readable = False
        elif not line or line.isspace() or (separator and not line.replace(separator, "").strip()):
            if block and is_readable:
                yield start, block
            block, is_readable, start = [], True, number + 1
        else:
            block.append(line)


def _columns(line: str, *, separator: str | None = None) -> list[str]:
    """The columns of a line. Only tabs and spaces separate them: a token may contain other white space."""
    if separator is not None:
        if '"' in line:
            return _quoted(line, separator)
        word, _, rest = line.rpartition(separator)
        return [word or separator, rest] if word in ("", separator) else line.split(separator)
    if "\t" in line:
        return [column.strip(" ") for column in line.split("\t")]
    return [column for column in line.split(" ") if column]


def _quoted(line: str, separator: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=separator))
    except csv.Error:
        return line.split(separator)


def _is_comment(line: str) -> bool:
    if not line.startswith("#"):
        return False
    if line == "#" or line.startswith((_INTENT, _VALUES, _TEXT, _TEXT_JSON)):
        return True
    row = _columns(line)
    is_token = is_tag(row[-1]) or (len(row) == 2 and is_spelt_tag(row[1]))
    return (line.startswith("# ") or any(form.match(line) for form in (_OTHERS, _INTENTS, _TEXTS))) and not is_token


class _Comments(NamedTuple):
    """What the comments before a sentence say of it."""

    intent: str | None = None
    text: str | None = None
    values: GoldValues | None = None


def _read_comments(comments: Iterable[str]) -> _Comments:
    """What the comments say; ValueError if a `text_json` is not a JSON string, or the values are malformed."""
    said = _Comments()
    for comment in comments:
        if comment.startswith(_VALUES):
            said = said._replace(values=values.parse(comment.removeprefix(_VALUES)))
        elif comment.startswith(_TEXT_JSON):
            said = said._replace(text=_unquote(comment.removeprefix(_TEXT_JSON)))
        elif match := _INTENTS.fullmatch(comment):
            said = said._replace(intent=match[1].strip())
        elif match := _TEXTS.fullmatch(comment):
            said = said._replace(text=match[1])
    return said


def _unquote(quoted: str) -> str:
    try:
        text = json.loads(quoted)
    except (ValueError, RecursionError):
        text = None
    if not isinstance(text, str):
        raise ValueError(f"expected a JSON string after {_TEXT_JSON.strip()}, got {shown(quoted)}")
    return text
