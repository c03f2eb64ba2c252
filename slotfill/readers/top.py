"""Facebook's TOP and MTOP: a tree in brackets, by itself or as the last column behind the sentence.

    Fly to Oslo<TAB>Fly to Oslo<TAB>[IN:FLIGHT Fly to [SL:CITY Oslo ] ]

The outermost `IN:` is the intent, and the outermost `SL:` are the slots; what is nested deeper is not read. MTOP has
the intent and the spans of the slots in columns of their own, before the sentence: `7:11:SL:CITY`.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from slotfill.readers.alignment import CharSpan, Marked, shown
from slotfill.readers.lines import read_lines
from slotfill.readers.placed import Note, Record, examples_of_records
from slotfill.readers.records import of_pieces
from slotfill.readers.reports import Report
from slotfill.schema import Example

_TREE = re.compile(r"(?:^|\t)[^\S\t]*\[IN:\S+\s")
_MTOP = re.compile(r"\d+\tIN:(?P<intent>\S+)\t(?P<spans>(?:\d+:\d+:SL:[^\t,]+(?:,|(?=\t)))*)\t(?P<text>[^\t]+)\t")
_INTENT, _SLOT = "[IN:", "[SL:"


def is_it(head: str) -> bool:
    """Whether one of the first lines of a file ends with a tree."""
    return any(_ends_with_a_tree(line.rstrip()) or _MTOP.match(line) for line in head.split("\n")[:5])


def _ends_with_a_tree(line: str) -> bool:
    return line.endswith("]") and _TREE.search(line) is not None


def read(path: Path, *, report: Report) -> Iterator[Example]:
    """The examples of one file; a header is skipped."""
    return examples_of_records(_records(path, report=report), _parse, report=report)


def _records(path: Path, *, report: Report) -> Iterator[Record]:
    for number, line in enumerate(read_lines(path, report=report), start=1):
        is_header = number == 1 and line is not None and "IN:" not in line and "\t" in line
        if line is not None and line.strip() and not is_header:
            yield Record(line, path, number)


def _parse(line: str, note: Note) -> Marked:
    if row := _MTOP.match(line):
        return _of_mtop(row)
    tree = next((column for column in reversed(line.split("\t")) if _INTENT in column), None)
    if tree is None:
        raise ValueError(f"expected a tree that begins with {_INTENT}; got {shown(line)}")
    intent: str | None = None
    words: list[tuple[str, int | None]] = []  # each with the number of its slot
    slots: list[str] = []
    open_: list[str] = []
    depth = 0  # of slots
    for piece in tree.split():
        if piece.startswith((_INTENT, _SLOT)):
            if piece.startswith(_SLOT) and not depth:
                slots.append(piece.removeprefix(_SLOT))
            elif intent is None and piece.startswith(_INTENT):
                intent = piece.removeprefix(_INTENT)
            else:
                note("intents and slots within others are not read")
            open_.append(piece)
            depth += piece.startswith(_SLOT)
        elif piece == "]" and open_:
            depth -= open_.pop().startswith(_SLOT)
        else:
            words.append((piece, len(slots) - 1 if depth else None))
    if open_:
        raise ValueError(f"{len(open_)} brackets are not closed in {shown(tree)}")
    return of_pieces(list(_pieces(words, slots)), intent=intent)


def _of_mtop(row: re.Match[str]) -> Marked:
    spans = []
    for number, span in enumerate(filter(None, row["spans"].split(","))):
        start, end, _, name = span.split(":", 3)
        spans.append(CharSpan(int(start), int(end), name, f"slot {number + 1}"))
    return Marked(row["text"], None, spans, row["intent"])


def _pieces(words: Sequence[tuple[str, int | None]], slots: Sequence[str]) -> Iterator[tuple[str, str | None]]:
    """Runs of words of one slot, with blanks between them."""
    run: list[str] = []
    for number, (word, slot) in enumerate(words):
        run.append(word)
        is_last = number + 1 == len(words)
        if is_last or words[number + 1][1] != slot:
            yield " ".join(run), None if slot is None else slots[slot]
            run = []
            if not is_last:
                yield " ", None
