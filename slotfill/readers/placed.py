"""Sentences with character spans, as files of many kinds have them -> Examples."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

from slotfill.errors import DataError
from slotfill.readers.alignment import CharSpan, Marked, check_intent, cutting, example_of, shown
from slotfill.readers.offsets import in_code_points, in_unit, unit_of
from slotfill.readers.reports import Report
from slotfill.schema import Example

Note: TypeAlias = Callable[[str], None]  # counts what is said once, at the end of a file
Parse: TypeAlias = Callable[[Any, Note], Marked | None]


# Of synonyms and lists (synonyms.py).
NOT_LABELS = "not used for labels, but they can be values of slots"


class Record(NamedTuple):
    """What a file has for one sentence; where its line is not known, `path` has its number."""

    content: Any
    path: Path | str
    line: int | None = None

    def error(self, problem: str) -> DataError:
        """A problem with the sentence."""
        return DataError(problem, path=self.path, line=self.line)


class Placed(NamedTuple):
    """A sentence and where it is."""

    marked: Marked
    record: Record


def examples_of_records(records: Iterable[Record], parse: Parse, *, report: Report) -> Iterator[Example]:
    """The examples of one file; `parse` makes the sentence of a record, or None, and raises ValueError.

    The first problem of each sentence is reported, and what `parse` notes is noted with its number.
    """
    notes: Counter[str] = Counter()

    def note(text: str) -> None:
        notes[text] += 1

    placed: list[Placed] = []
    for record in records:
        try:
            marked = parse(record.content, note)
            if marked is not None:
                check_text(marked.text)
                check_intent(marked.intent)
                placed.append(Placed(_with_good_names(marked, note), record))
        except ValueError as error:
            report(record.error(str(error)))
    for text, count in notes.items():
        report.note(f"{text}: {count:,} time{'s' * (count > 1)}")
    yield from examples_of_placed(placed, report=report)


def examples_of_placed(placed: Sequence[Placed], *, report: Report) -> Iterator[Example]:
    """The examples of the sentences of one file.

    All sentences together tell the tokenizer (see `alignment.cutting`), and whether offsets count other units than
    code points. Where it is asked for, such offsets, blanks at the ends of spans and overlapping spans are mended.
    """
    unit = unit_of(marked for marked, _ in placed)
    mended = [_mended(one, unit=unit, report=report) for one in placed]
    tokenizer = cutting((marked.text, marked.spans) for marked, _ in mended if marked.words is None)
    for marked, record in mended:
        try:
            if unit is not None and not report.fixes and in_code_points(marked, unit=unit) != marked:
                problem = f"the offsets of this file count {unit}, as other programs do, not characters, so that "
                raise ValueError(
                    f"{problem}every span after {_first_wide(marked.text)} is off: --on-error fix mends it"
                )
            example = example_of(marked, tokenizer=tokenizer)
        except ValueError as error:
            report(record.error(str(error)))
        else:
            report.read(record.path, record.line)
            yield example


def _first_wide(text: str) -> str:
    return shown(next((sign for sign in text if ord(sign) > 0xFFFF), None) or next(s for s in text if not s.isascii()))


def _mended(placed: Placed, *, unit: str | None, report: Report) -> Placed:
    """The sentence with what can be mended, if that is asked for."""
    if not report.fixes:
        return placed
    marked, record = placed
    steps: list[tuple[str, Callable[[Marked], Marked]]] = [
        ("blanks cut off the ends of spans", _trimmed),
        ("of overlapping spans the longest kept", _without_overlaps),
    ]
    if unit is not None:
        steps.insert(0, (f"offsets that count {unit}", lambda one: in_code_points(one, unit=unit)))
    for what, mend in steps:
        before, marked = marked, mend(marked)
        if marked != before:
            report.mended(what, path=record.path, line=record.line)
    return Placed(marked, record)


def _trimmed(marked: Marked) -> Marked:
    """Without blanks at the ends of spans, and without spans of nothing but blanks."""
    spans = []
    for span in marked.spans:
        if not 0 <= span.start < span.end <= len(marked.text):
            spans.append(span)
            continue
        piece = marked.text[span.start : span.end]
        start = span.start + len(piece) - len(piece.lstrip())
        if piece.strip():
            spans.append(span._replace(start=start, end=start + len(piece.strip())))
    return marked if spans == list(marked.spans) else marked._replace(spans=spans)


def _without_overlaps(marked: Marked) -> Marked:
    """Of spans that overlap, only the longest; of equally long ones the first."""
    ordered = sorted(marked.spans, key=lambda span: span.start)
    if all(left.end <= right.start for left, right in pairwise(ordered)):
        return marked
    kept: list[CharSpan] = []  # by their places
    for span in sorted(ordered, key=lambda span: span.start - span.end):
        at = bisect_right(kept, span.start, key=lambda other: other.start)
        is_free_before = not at or kept[at - 1].end <= span.start
        if is_free_before and (at == len(kept) or span.end <= kept[at].start):
            kept.insert(at, span)
    return marked._replace(spans=kept)


# --- names and offsets -----------------------------------------------------------------------------


def checked(text: str, span: CharSpan, *, covered: Any, note: Note) -> CharSpan:
    """The span, if it covers what the file says; offsets in UTF-16 units are put right.

    ValueError for any other difference than of white space.
    """
    piece = text[max(span.start, 0) : max(span.end, 0)]
    if not isinstance(covered, str) or " ".join(piece.split()) == " ".join(covered.split()):
        return span
    found = in_unit(text, span.start, span.end, unit="UTF-16 units")
    if found and text[slice(*found)] == covered:
        note("offsets that count UTF-16 units, put right by the text that is given with them")
        return span._replace(start=found[0], end=found[1])
    place = f"{span.place} is said to be {shown(covered)}"
    raise ValueError(f"{place}, but characters {span.start} to {span.end} are {shown(piece)}")


def check_text(text: str) -> None:
    """Raise ValueError for half a surrogate pair, which cannot be written to a file."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValueError(f"half a surrogate pair at character {error.start} of the text") from None


def named(role: Any, kind: str) -> str:
    """The name of a slot with a role: `to.city`, as in ATIS; without a role, its type.

    >>> named("to", "city"), named(None, "city")
    ('to.city', 'city')
    """
    return f"{role}.{kind}" if isinstance(role, str) and role else kind


def slot_name(label: str) -> str:
    """The label of another tool as the name of a slot: without blanks.

    >>> slot_name("Departure city")
    'Departure_city'
    """
    return "_".join(label.split())


def _with_good_names(marked: Marked, note: Note) -> Marked:
    """The sentence with names that every format can write."""
    spans = []
    for span in marked.spans:
        name = slot_name(span.name)
        if name != span.name:
            note(f"{shown(span.name)} became the slot {name}, since names have no blanks")
        spans.append(span._replace(name=name))
    return marked._replace(spans=spans)
