"""GLiNER's JSON: tokens, and slots by the numbers of their first and last token.

{"tokenized_text": ["Fly", "to", "Oslo"], "ner": [[2, 2, "city"]]}
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from slotfill.readers.alignment import CharSpan, Marked, align, text_of
from slotfill.readers.placed import Note, examples_of_records
from slotfill.readers.records import field, intent_in, objects, records, words_in
from slotfill.readers.reports import Report
from slotfill.readers.spacy_json import triple
from slotfill.schema import Example, Token

_TOKENS, _SPANS = "tokenized_text", "ner"


def is_it(head: str) -> bool:
    """Whether a file begins as GLiNER's."""
    return any(_TOKENS in record for record in objects(head))


def read(path: Path, *, report: Report) -> Iterator[Example]:
    """The examples of one file."""
    return examples_of_records(records(path, report=report), _parse, report=report)


def _parse(record: Any, note: Note) -> Marked:
    words = words_in(record, _TOKENS)
    text = text_of(words)
    tokens = align(text, words)
    entries = field(record, _SPANS, list)
    spans = [_span(entry, tokens, f"{_SPANS}[{number}]") for number, entry in enumerate(entries)]
    return Marked(text, words, spans, intent_in(record))


def _span(entry: Any, tokens: Sequence[Token], place: str) -> CharSpan:
    first, last, name, _ = triple(entry, place=place)
    if not 0 <= first <= last < len(tokens):
        raise ValueError(f"{place} is of the tokens {first} to {last}: expected 0 <= first <= last < {len(tokens)}")
    return CharSpan(tokens[first].start, tokens[last].end, name, place)
