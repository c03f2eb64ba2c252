"""spaCy 3's binary training data, `.spacy`, read and written by spaCy itself.

Entities are slots, tokens are kept, and a category with 1 is the intent.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from slotfill.errors import DataError, MissingExtraError
from slotfill.readers.alignment import CharSpan, Marked
from slotfill.readers.placed import Note, Record, examples_of_records
from slotfill.readers.reports import Report
from slotfill.readers.spacy_json import category
from slotfill.schema import Example
from slotfill.tags import char_span, spans_of


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


def content(examples: Sequence[Example]) -> bytes:
    """A DocBin of the sentences, with their tokens; raises MissingExtraError without spaCy.

    The intent is the one category with 1; the others of the file have 0, as spaCy's text categorizer needs them.
    """
    try:
        import spacy
        from spacy.tokens import Doc, DocBin
    except ImportError:
        raise MissingExtraError("writing .spacy", extra="spacy") from None
    vocab = spacy.blank("xx").vocab
    intents = sorted({example.intent for example in examples if example.intent is not None})
    docs = []
    for example in examples:
        words, spaces = _words(example)
        doc = Doc(vocab, words=words, spaces=spaces)
        doc.set_ents(
            [
                doc.char_span(*char_span(example.tokens, start, end), label=name)
                for start, end, name in spans_of(example.tags)
            ]
        )
        if example.intent is not None:
            doc.cats = dict.fromkeys(intents, 0.0) | {example.intent: 1.0}
        docs.append(doc)
    return bytes(DocBin(docs=docs).to_bytes())


def _words(example: Example) -> tuple[list[str], list[bool]]:
    """The tokens as spaCy has them, and whether a space follows each: other gaps are tokens of their own."""
    words: list[str] = []
    spaces: list[bool] = []
    edges = [0, *[edge for token in example.tokens for edge in (token.start, token.end)], len(example.text)]
    for number, (start, end) in enumerate(pairwise(edges)):
        piece = example.text[start:end]
        if number % 2 == 0 and piece.startswith(" ") and words:
            spaces[-1] = True
            piece = piece[1:]
        if piece:
            words.append(piece)
            spaces.append(False)
    return words, spaces


def _parse(doc: Any, note: Note) -> Marked:
    words = [token.text for token in doc if not token.is_space]
    spans = [
        CharSpan(entity.start_char, entity.end_char, entity.label_, f"ents[{number}]")
        for number, entity in enumerate(doc.ents)
    ]
    if any(len(group) for group in getattr(doc, "spans", {}).values()):
        note("groups of spans (spancat) are not read, only entities")
    return Marked(doc.text, words, spans, category(dict(doc.cats), note))
