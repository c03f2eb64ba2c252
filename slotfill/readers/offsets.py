"""In what a file counts its offsets: code points, as slotfill does, or UTF-16 units or bytes, as other programs do."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import accumulate

from slotfill.readers.alignment import CharSpan, Marked, align
from slotfill.tokenizer import WORD
from slotfill.tokenizers import is_unspaced

# Units that are not code points, with the bytes of one: JavaScript counts the first, Go and old Python the second.
_ENCODINGS = {"UTF-16 units": ("utf-16-le", 2), "bytes of UTF-8": ("utf-8", 1)}
_INSIDE_WORD = re.compile(f"{WORD}{WORD}")  # where no tokenizer ends a token


def unit_of(sentences: Iterable[Marked]) -> str | None:
    """The unit of a file's offsets; None if it is code points, or if no other fits better.

    >>> unit_of([Marked("😀 to Oslo", None, [CharSpan(6, 10, "city", "spans[0]")])])
    'UTF-16 units'
    """
    telling = [one for one in sentences if one.spans and not one.text.isascii()]
    for unit, (encoding, width) in _ENCODINGS.items():
        other = [one for one in telling if len(one.text.encode(encoding)) != len(one.text) * width]
        misfits = sum(not _fits(one, one.spans) for one in other)
        if misfits and not any(_misfit_in(unit, one) for one in other):
            return unit
    return None


def in_code_points(marked: Marked, *, unit: str) -> Marked:
    """The sentence with its spans in code points; those between two characters stay as they are."""
    spans = [_converted(marked.text, span, unit=unit) or span for span in marked.spans]
    return marked._replace(spans=spans)


def in_unit(text: str, start: int, end: int, *, unit: str) -> tuple[int, int] | None:
    """Offsets in another unit as code points; None if they are between the parts of a character, or outside."""
    begins = _begins(text, unit)
    first, last = bisect_left(begins, start), bisect_left(begins, end)
    is_there = 0 <= start <= end <= begins[-1] and begins[first] == start and begins[last] == end
    return (first, last) if is_there else None


@lru_cache(maxsize=2)  # the spans of one sentence are asked for one after another
def _begins(text: str, unit: str) -> list[int]:
    """Where each character begins in another unit, and where the last one ends."""
    encoding, width = _ENCODINGS[unit]
    return [*accumulate([len(sign.encode(encoding)) // width for sign in text], initial=0)]


def _converted(text: str, span: CharSpan, *, unit: str) -> CharSpan | None:
    found = in_unit(text, span.start, span.end, unit=unit)
    return found and span._replace(start=found[0], end=found[1])


def _misfit_in(unit: str, marked: Marked) -> bool:
    spans = [_converted(marked.text, span, unit=unit) for span in marked.spans]
    return not _fits(marked, [span for span in spans if span]) or None in spans


def _fits(marked: Marked, spans: Sequence[CharSpan]) -> bool:
    """Whether all spans are in the text, without blanks at their ends, and cut no word, or no token that is given."""
    text = marked.text
    if marked.words is not None:
        try:
            edges = {edge for token in align(text, marked.words) for edge in (token.start, token.end)}
        except ValueError:
            return True
        return all(span.start in edges and span.end in edges for span in spans)
    return all(
        0 <= span.start < span.end <= len(text)
        and not text[span.start].isspace()
        and not text[span.end - 1].isspace()
        and not _cuts(text, span.start)
        and not _cuts(text, span.end)
        for span in spans
    )


def _cuts(text: str, offset: int) -> bool:
    """Whether an offset is inside a word of a script with spaces."""
    around = text[max(offset - 1, 0) : offset + 1]
    return _INSIDE_WORD.fullmatch(around) is not None and not is_unspaced(around)
