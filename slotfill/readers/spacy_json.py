"""spaCy's training data in JSON: a text and its entities in a pair, or documents with tokens as spaCy 2 had them.

    ["Fly to Oslo", {"entities": [[7, 11, "city"]]}]

A pair a line, a list of pairs, and the `annotations` of NER Annotator are read; a list in Python too, as tutorials have
it. A category in `cats` with 1 is the intent.
"""

import ast
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from slotfill.errors import DataError
from slotfill.readers.alignment import CharSpan, Marked, shown, text_of
from slotfill.readers.lines import read_lines
from slotfill.readers.placed import Note, Record, examples_of_records
from slotfill.readers.records import brief, field, first_records, located_in, numbered, opening, records
from slotfill.readers.reports import Report
from slotfill.readers.tagged import TaggedSentence, examples_of
from slotfill.schema import Example
from slotfill.tags import OUTSIDE, char_span, spans_of

_PYTHON = re.compile(r"\s*(?:#.*\n\s*)*(?:\w+\s*=\s*)?[\[(]\s*\(\s*r?['\"]")
_MISSING = "-"  # spaCy 2: nobody has said if there is an entity


def is_it(head: str) -> bool:
    """Whether a file begins as pairs of a text and its entities."""
    content = opening(head)
    if isinstance(content, dict) and "annotations" in content and "classes" in content:
        return True
    found = [*first_records(head), content]
    return any(_is_pair(one) for one in found) or (_PYTHON.match(head) is not None and "entities" in head)


def is_document(head: str) -> bool:
    """Whether a file begins as documents of spaCy 2."""
    return any(isinstance(one, dict) and "paragraphs" in one for one in first_records(head))


def _is_pair(one: Any) -> bool:
    return isinstance(one, list) and len(one) == 2 and isinstance(one[0], str) and _is_gold(one[1])


def _is_gold(value: Any) -> bool:
    return isinstance(value, dict) and (not value or bool({"entities", "cats"} & set(value)))


def read(path: Path, *, report: Report) -> Iterator[Example]:
    """The examples of one file of pairs."""
    return examples_of_records(_pairs(path, report=report), _parse, report=report)


def lines(examples: Iterable[Example]) -> Iterator[str]:
    """A list of the pairs, one a line; spaCy makes tokens of its own."""
    yield "["
    ending = ""
    for example in examples:
        if ending:
            yield ending + ","
        entities = [[*char_span(example.tokens, start, end), name] for start, end, name in spans_of(example.tags)]
        gold: dict[str, Any] = {"entities": entities}
        if example.intent is not None:
            gold["cats"] = {example.intent: 1.0}
        ending = json.dumps([example.text, gold], ensure_ascii=False)
    if ending:
        yield ending
    yield "]"


def _pairs(path: Path, *, report: Report) -> Iterator[Record]:
    text = "\n".join(line or "" for line in read_lines(path, report=report))
    if _PYTHON.match(text):
        yield from _of_python(path, text, report=report)
        return
    for record in records(path, report=report):
        content = record.content
        if isinstance(content, dict) and isinstance(content.get("annotations"), list):
            pairs = [one for one in content["annotations"] if one is not None]
            yield from located_in(record, pairs, path=path, key="annotations", report=report)
        else:
            yield record


def _of_python(path: Path, source: str, *, report: Report) -> Iterator[Record]:
    """The list in a file of Python, which is read but not run."""
    try:
        statement = ast.parse(source).body[0]
        value = statement.value if isinstance(statement, ast.Assign | ast.Expr) else None
        content = ast.literal_eval(value) if value is not None else None
        pairs = json.loads(json.dumps(content))  # tuples become lists
    except (SyntaxError, ValueError, TypeError, RecursionError, MemoryError) as error:
        report(
            DataError(
                f"not a list in Python: {str(error).partition(': <')[0]}",
                path=path,
                line=getattr(error, "lineno", None),
            )
        )
        return
    yield from numbered(path, pairs if isinstance(pairs, list) else [pairs])


def _parse(pair: Any, note: Note) -> Marked:
    if not (isinstance(pair, list) and len(pair) == 2 and isinstance(pair[0], str) and isinstance(pair[1], dict)):
        raise ValueError(f'expected a pair as in ["Fly to Oslo", {{"entities": [[7, 11, "city"]]}}]; got {brief(pair)}')
    text, gold = pair
    spans = [
        triple(one, place=f"entities[{number}]")
        for number, one in enumerate(field(gold, "entities", list) if gold.get("entities") is not None else [])
    ]
    return Marked(text, None, spans, category(gold.get("cats"), note))


def triple(entry: Any, *, place: str) -> CharSpan:
    """A span as `[7, 11, "city"]` or `["city", 7, 11]`; ValueError for anything else."""
    if isinstance(entry, list) and len(entry) >= 3:
        name, start, end = entry[:3] if isinstance(entry[0], str) else (entry[2], entry[0], entry[1])
        if type(start) is int and type(end) is int and isinstance(name, str | int):
            return CharSpan(start, end, str(name), place)
    raise ValueError(f'{place} is {brief(entry)}: expected the start, the end and the name, as in [7, 11, "city"]')


def category(cats: Any, note: Note) -> str | None:
    """The one category that is true, which is the intent."""
    if not isinstance(cats, dict):
        return None
    true = [name for name, share in cats.items() if isinstance(share, int | float) and share > 0.5]
    if len(true) > 1:
        note("of several categories, the first is the intent")
    return true[0] if true else None


# --- spaCy 2 ---------------------------------------------------------------------------------------


def read_documents(path: Path, *, report: Report) -> Iterator[Example]:
    """The examples of one file of documents with `paragraphs`."""
    sentences = []
    for record in records(path, report=report):
        try:
            sentences += list(_sentences(record, report=report))
        except ValueError as error:
            report(record.error(str(error)))
    return examples_of(sentences, report=report)


def _sentences(record: Record, *, report: Report) -> Iterator[TaggedSentence]:
    missing = False
    for paragraph in field(record.content, "paragraphs", list):
        for sentence in field(paragraph, "sentences", list, place="a paragraph"):
            tokens = field(sentence, "tokens", list, place="a sentence")
            words = [field(token, "orth", str, place="a token") for token in tokens]
            tags = [str(token.get("ner", OUTSIDE)) for token in tokens]
            missing = missing or _MISSING in tags
            raw = paragraph.get("raw")
            whole = isinstance(raw, str) and len(paragraph["sentences"]) == 1
            is_visible = [bool(word.strip()) for word in words]
            words = [word for word, kept in zip(words, is_visible, strict=True) if kept]
            tags = [OUTSIDE if tag == _MISSING else tag for tag, kept in zip(tags, is_visible, strict=True) if kept]
            yield TaggedSentence(raw if whole else text_of(words), words, tags, None, record.path, record.line)
    if missing:
        report.note(f"tokens of which spaCy does not know whether they are in an entity ({shown('-')}) are in no slot")
