"""Tables with a header line (CSV, TSV): a row a token, or a row a sentence; the names of columns say what they hold.

    text,tags,intent
    fly to Oslo,O O B-city,flight

A row a token is Kaggle's `ner_dataset.csv`: `Sentence #,Word,POS,Tag`. In the place of tags there may be spans
(span_cells.py).
"""

import ast
import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

from slotfill.errors import DataError, InputError
from slotfill.readers import doccano, values
from slotfill.readers.alignment import Marked, shown, text_of
from slotfill.readers.lines import read_text
from slotfill.readers.placed import Note, Record, examples_of_records
from slotfill.readers.reports import Report
from slotfill.readers.schemes import is_spelt_tag
from slotfill.readers.span_cells import spans_in
from slotfill.readers.tagged import TaggedSentence, examples_of
from slotfill.schema import Example
from slotfill.tokenizer import tokenize

# Names of columns, in lower case and without other signs than letters and #, best first.
_NAMES = {
    "words": ("word", "token", "tokens", "words", "form", "seqin"),
    "text": ("text", "sentence", "utterance", "query", "question", "input", "sent", "tokenizedtext"),
    "tags": (
        *("nertags", "nertag", "ner", "slots", "slot", "slotlabels", "tags", "tag", "iob", "bio", "seqout"),
        *("wordlabels", "labels", "label", "spans", "entities", "entity", "annotations", "annotation"),
    ),
    "intent": ("intent", "intents", "intentlabel", "category", "class", "label", "labels"),
    "number": ("sentence#", "sentenceid", "sentenceidx", "sentid", "sentencenumber", "sentno", "sentenceno"),
    "values": ("values",),
}
_ROLES = {
    "text": "text",
    "tokens": "words",
    "tags": "tags",
    "intent": "intent",
    "sentence": "number",
    "values": "values",
}
_HEADER = ("text", "tokens", "tags", "intent", "values")
_DELIMITERS = ",\t;|"
_QUOTED = re.compile(r"'([^']*)'|\"([^\"]*)\"")
_CELL = 10_000_000  # characters


class _Roles(NamedTuple):
    """The columns of a table, by what they hold; None if there is none."""

    delimiter: str
    words: int | None
    text: int | None
    tags: int | None
    intent: int | None
    number: int | None
    values: int | None
    names: tuple[str, ...]

    def name(self, column: int | None) -> str:
        """The name of a column."""
        return "" if column is None else self.names[column]

    @property
    def is_known(self) -> bool:
        """Whether sentences can be read from these columns."""
        has_text = self.words is not None or self.text is not None
        return has_text and (self.tags is not None or self.intent is not None)


class _Table(NamedTuple):
    """The rows of a file, each with its first line, and what their columns hold."""

    path: Path
    roles: _Roles
    rows: list[tuple[int, list[str]]]


def read(path: Path, *, report: Report, columns: Mapping[str, str] | None = None) -> Iterator[Example]:
    """The examples of one file; it is noted which columns are read, and which are not.

    `columns` say which column holds the `text`, `tokens`, `tags`, `intent`, `sentence` or `values`, if their names do
    not. Raises InputError for a column that is not there.
    """
    table = _table(path, columns or {}, report=report)
    if table is None:
        return iter(())
    if table.roles.text is not None and any(spans_in(_cell(row, table.roles.tags)) for _, row in table.rows):
        records = (Record(row, path, line) for line, row in table.rows if any(row))
        return examples_of_records(records, partial(_with_spans, table.roles), report=report)
    return examples_of(_sentences(table, report=report), report=report)


def check_columns(columns: Mapping[str, str]) -> None:
    """Raise ValueError for a name that says nothing of what a column holds.

    >>> check_columns({"text": "utterance text", "tags": "NER"})
    """
    for name in columns:
        if name not in _ROLES:
            raise ValueError(f"{shown(name)} is not {', '.join(_ROLES)}")


def is_it(head: str) -> bool:
    """Whether the first line has names of columns that we know; one token a line between tabs is conll.py's."""
    first, _, rest = head.partition("\n")
    roles = _roles_of(first)
    if roles is None or not roles.is_known or not rest.strip():
        return False
    return roles.delimiter != "\t" or roles.text is not None or roles.number is not None or " " in rest


def lines(examples: Iterable[Example]) -> Iterator[str]:
    """The lines from which `read` makes these examples."""
    yield ",".join(_HEADER)
    for example in examples:
        said = "" if example.values is None else values.render(example.values)
        words = " ".join(token.text for token in example.tokens)
        target = io.StringIO(newline="")
        row = (example.text, words, " ".join(example.tags), example.intent or "", said)
        csv.writer(target).writerow(row)
        yield target.getvalue().removesuffix("\r\n")


def _table(path: Path, columns: Mapping[str, str], *, report: Report) -> _Table | None:
    """The table in a file; None, and reported, if it is none, or its columns are not known."""
    content = read_text(path, report=report)
    if content is None:
        return None
    header = content.partition("\n")[0]
    roles = _roles_of(header, columns, path=path)
    if roles is None or not roles.is_known:
        expected = "a header line with names such as text, tags and intent, or word and tag"
        advice = "rename the columns, or name them: slotfill data convert --field text=NAME --field tags=NAME"
        report(DataError(f"expected {expected}; got {shown(header)}: {advice}", path=path, line=1))
        return None
    try:
        rows = list(_rows(content, roles))[1:]
    except csv.Error as error:
        report(DataError(f"not a table: {error}", path=path))
        return None
    roles = _with_intents(roles, rows)
    report.note(f"{path}: {_said(roles)}")
    return _Table(path, roles, rows)


def _sentences(table: _Table, *, report: Report) -> Iterator[TaggedSentence]:
    path, roles, rows = table
    if roles.words is not None and roles.tags is not None and _is_token_a_row(rows, roles):
        yield from _from_tokens(rows, roles, at=(roles.words, roles.tags), path=path, report=report)
        return
    for line, row in rows:
        if any(row):
            try:
                yield _from_row(row, roles, path=path, line=line)
            except ValueError as error:
                report(DataError(str(error), path=path, line=line))


def _with_spans(roles: _Roles, row: Sequence[str], note: Note) -> Marked:
    """The sentence of a row with spans; ValueError if it is malformed."""
    cell = _cell(row, roles.tags).strip()
    spans = spans_in(cell) if cell else []
    if spans is None:
        raise ValueError(f'expected spans as in [[7, 11, "city"]] in `{roles.name(roles.tags)}`; got {shown(cell)}')
    marked = doccano.parse({"text": _cell(row, roles.text), "spans": spans}, note)
    said = _cell(row, roles.values)
    intent = _cell(row, roles.intent).strip() or None
    return marked._replace(intent=intent, values=values.parse(said) if said else None)


def _rows(content: str, roles: _Roles) -> Iterator[tuple[int, list[str]]]:
    """The rows, each with its first line; quotes count unless they are single signs between tabs."""
    odd = roles.delimiter == "\t" and any(line.count('"') % 2 for line in content.split("\n"))
    csv.field_size_limit(_CELL)
    reader = csv.reader(
        io.StringIO(content, newline=""),
        delimiter=roles.delimiter,
        quoting=csv.QUOTE_NONE if odd else csv.QUOTE_MINIMAL,
    )
    line = 1
    for row in reader:
        yield line, row
        line = reader.line_num + 1


def _with_intents(roles: _Roles, rows: Sequence[tuple[int, list[str]]]) -> _Roles:
    """The roles; what was taken for tags are intents if none of them is a tag, as in a column `label`."""
    if roles.tags is None or roles.intent is not None or roles.words is not None:
        return roles
    cells = [row[roles.tags] for _, row in rows[:200] if len(row) > roles.tags]
    if (
        not cells
        or any(is_spelt_tag(tag) for cell in cells for tag in _items(cell))
        or any(cell[:1] in "[{" for cell in cells)
    ):
        return roles
    return roles._replace(tags=None, intent=roles.tags)


def _is_token_a_row(rows: Sequence[tuple[int, list[str]]], roles: _Roles) -> bool:
    """Whether the tags are single ones; in a table of sentences, some row has several."""
    if roles.tags is None or (roles.text is not None and roles.number is None):
        return False
    cells = [row[roles.tags] for _, row in rows[:200] if len(row) > roles.tags]
    return all(len(cell.split()) <= 1 or not is_spelt_tag(cell.split()[0]) for cell in cells) and not any(
        cell.startswith("[") for cell in cells
    )


def _from_tokens(
    rows: Iterable[tuple[int, list[str]]], roles: _Roles, *, at: tuple[int, int], path: Path, report: Report
) -> Iterator[TaggedSentence]:
    """Sentences of a table with a row a token: a new number, or an empty row, begins the next one.

    `at` has the columns of the words and of the tags.
    """
    words: list[str] = []
    tags: list[str] = []
    start, number, intent = 0, "", None
    for line, row in (*rows, (0, [])):
        own = "" if roles.number is None or len(row) <= roles.number else row[roles.number].strip()
        if words and (not any(row) or (own and own != number)):
            yield TaggedSentence(text_of(words), words, tags, intent, path, start, one_token_a_line=True)
            words, tags = [], []
        if not any(row):
            continue
        if len(row) <= max(at):
            problem = f"expected {len(roles.names)} columns, as in the header line; got {len(row)}"
            report(DataError(problem, path=path, line=line))
            continue
        if not words:
            start = line
            intent = _cell(row, roles.intent) or None
        number = own or number
        words.append(row[at[0]].strip())
        tags.append(row[at[1]].strip())


def _from_row(row: Sequence[str], roles: _Roles, *, path: Path, line: int) -> TaggedSentence:
    """The sentence of a row; ValueError if it is malformed."""
    given, text = _cell(row, roles.words), _cell(row, roles.text)
    cell = _cell(row, roles.tags)
    if not cell and (given or text) and roles.tags is not None and len(row) <= roles.tags:
        raise ValueError(f"expected {len(roles.names)} columns, as in the header line; got {len(row)}")
    tags = _items(cell) if cell else None
    if tags is not None and all(re.fullmatch(r"\d+", tag) for tag in tags) and set(tags) != {"0"}:
        raise ValueError(f"the tags are numbers, {shown(cell)}: replace them by their names")
    if given:
        words = _items(given, is_list=cell.startswith("["))
    elif cell:
        words = _items(text, is_list=cell.startswith("[") and text.startswith("["))
    else:
        words = [token.text for token in tokenize(text)]
    is_text = bool(text) and (bool(given) or not (cell.startswith("[") and text.startswith("[")))
    found = values.parse(said) if (said := _cell(row, roles.values)) else None
    return TaggedSentence(
        text if is_text else text_of(words),
        words,
        ["O"] * len(words) if tags is None else tags,
        _cell(row, roles.intent).strip() or None,
        path,
        line,
        values=found,
    )


def _items(cell: str, *, is_list: bool = True) -> list[str]:
    """Words or tags of a cell, between spaces or as a list of Python, JSON or numpy."""
    if not (is_list and cell.startswith("[") and cell.rstrip().endswith("]")):
        return cell.split()
    try:
        found = ast.literal_eval(cell)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        found = None
    quoted = [first or second for first, second in _QUOTED.findall(cell)]
    if isinstance(found, list) and len(found) >= len(quoted):
        return [str(item) for item in found]
    return quoted or cell.strip("[] \n").replace(",", " ").split()


def _cell(row: Sequence[str], column: int | None) -> str:
    return "" if column is None or column >= len(row) else row[column]


def _roles_of(header: str, columns: Mapping[str, str] | None = None, *, path: Path | None = None) -> _Roles | None:
    """What the columns of a header line hold; None for a single column. `columns` come before their names.

    Raises InputError, with the path, for a column that is not there.
    """
    header = header.removesuffix("\r")
    try:
        rows = {sign: next(csv.reader([header], delimiter=sign), []) for sign in _DELIMITERS}
    except csv.Error:
        return None
    delimiter = max(rows, key=lambda sign: len(rows[sign]))
    names = [re.sub(r"[^a-z#]", "", name.casefold()) for name in rows[delimiter]]
    if len(names) < 2:
        return None
    taken: dict[str, int | None] = {}
    for name, field in (columns or {}).items():
        if field not in rows[delimiter]:
            raise InputError(f"{path}: no column {shown(field)}, only {', '.join(rows[delimiter])}")
        taken[_ROLES[name]] = rows[delimiter].index(field)
    for role in ("values", "words", "text", "tags", "intent", "number"):
        fits = [names.index(name) for name in _NAMES[role] if name in names and names.index(name) not in taken.values()]
        taken.setdefault(role, fits[0] if fits else None)
    text = taken["text"]
    is_number = text is not None and names[text] == "sentence" and "text" not in (columns or {})
    if taken["words"] is not None and is_number and taken["number"] is None:
        taken["number"], taken["text"] = text, None  # `Sentence #` beside `Word`
    return _Roles(delimiter=delimiter, names=tuple(rows[delimiter]), **taken)


def _said(roles: _Roles) -> str:
    """Which columns are read, and which are not."""
    used = {
        what: roles.names[column]
        for what in ("number", "words", "text", "tags", "intent", "values")
        if (column := getattr(roles, what)) is not None
    }
    read = ", ".join(f"{'sentence numbers' if what == 'number' else what} in `{name}`" for what, name in used.items())
    rest = [name for name in roles.names if name not in used.values()]
    unread = f"; not read: {', '.join(rest)}" if rest else ""
    none = "" if roles.tags is not None else "; no column of tags, so that no sentence has a slot"
    return f"a table with {read}{unread}{none}"
