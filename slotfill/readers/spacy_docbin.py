"""spaCy 3's binary training data, `.spacy`, read by spaCy itself.

Entities are slots, tokens are kept, and a category with 1 is the intent.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from slotfill.errors import DataError, MissingExtraError
from slotfill.readers.alignment import CharSpan, Marked
from slotfill.readers.placed import Note, Record, examples_of_records
from slotfill.readers.reports import Report
from slotfill.readers.spacy_json import category
from slotfill.schema import Example


def is_it(head: str) -> bool:
    """Whether a file begins as what zlib has compressed at its usual level, as a DocBin is."""
    return head.startswith("x\ufffd")


def read(path: Path, *, report: Report) -> Iterator[Example]:
    """The examples of one file. Raises MissingExtraError without spaCy."""
    try:
        import spacy
        from spacy.tokens import DocBin
    except ImportError:
        raise MissingExtraError(f"reading {path}", extra="spacy") from None
    try:
        docs = list(DocBin().from_disk(path).get_docs(spacy.blank("xx").vocab))
    except Exception as error:  # zlib's, msgpack's and spaCy's own, all the same to a user
        report(DataError(f"not a DocBin of spaCy: {error or type(error).__name__}", path=path))
        return iter(())
    records = (Record(doc, f"{path}: example {number}") for number, doc in enumerate(docs, start=1))
    return examples_of_records(records, _parse, report=report)


def _parse(doc: Any, note: Note) -> Marked:
    words = [token.text for token in doc if not token.is_space]
    spans = [
        CharSpan(entity.start_char, entity.end_char, entity.label_, f"ents[{number}]")
        for number, entity in enumerate(doc.ents)
    ]
    if any(len(group) for group in getattr(doc, "spans", {}).values()):
        note("groups of spans (spancat) are not read, only entities")
    return Marked(doc.text, words, spans, category(dict(doc.cats), note))
