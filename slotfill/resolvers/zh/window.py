"""The characters of the slots of one role and those around them, in plain form (see `hanzi.plain`)."""

import re
from collections.abc import Callable, Collection, Container, Sequence
from typing import Generic, NamedTuple, TypeVar

from slotfill.hanzi import has_han, plain
from slotfill.resolvers.context import OR, Sentence
from slotfill.slot_names import type_of

_REACH = 10  # characters beside the slots that may count
_ENDS = frozenset("。!?;！？；\n")
FREE = ""
BESIDE = "|"  # a time of the same leg when dates are resolved, and the reverse
FOREIGN = "#"  # any other slot
_HIDDEN = {BESIDE: "\x01", FOREIGN: "\x02"}  # so that no pattern reads these characters


_LATIN_WORD = re.compile("(?![AaPp]\\.?[Mm])[A-Za-z]{2}")  # `Fri`, but not `pm`


def is_readable(texts: Sequence[str]) -> bool:
    """Say whether these slots of a Chinese sentence are Chinese, or digits; not `next Friday`.

    >>> is_readable(["周五"]), is_readable(["18:00"]), is_readable(["Fri"])
    (True, True, False)
    """
    return any(map(has_han, texts)) or not any(map(_LATIN_WORD.search, texts))


class Window(NamedTuple):
    """A stretch of a sentence that begins at its character `start`; `marks` has the type of the slot of each character.

    The characters of other slots are hidden; `out` says which ones the sentence rules out.
    """

    text: str
    marks: Sequence[str]
    out: Sequence[bool]
    start: int

    def is_own(self, at: int, end: int) -> bool:
        """Say whether one of these characters belongs to the role."""
        return any(len(mark) > 1 for mark in self.marks[at:end])

    def is_out(self, at: int, end: int) -> bool:
        """Say whether one of these characters is ruled out."""
        return any(self.out[at:end])


def window_of(sentence: Sentence, numbers: Collection[int], *, beside: Collection[int]) -> Window:
    """The characters of these slots and around them, up to another slot or the end of a sentence."""
    slots, text = sentence.slots, sentence.text
    numbers, beside = {*numbers}, {*beside}
    first, last = min(slots[n].start for n in numbers), max(slots[n].end for n in numbers)
    left, right = max(0, first - _REACH), min(len(text), last + _REACH)
    marks = [FREE] * (right - left)
    out = [False] * (right - left)
    for number, slot in enumerate(slots):
        if slot.end <= left or slot.start >= right or slot.name == OR:
            continue
        mark = type_of(slot.name) if number in numbers else BESIDE if number in beside else FOREIGN
        for at in range(max(left, slot.start), min(right, slot.end)):
            marks[at - left] = mark
            out[at - left] = number in sentence.ruled.out
    start, end = first - left, last - left
    while start > 0 and marks[start - 1] == FREE and text[left + start - 1] not in _ENDS:
        start -= 1
    while end < len(marks) and marks[end] == FREE and text[left + end] not in _ENDS:
        end += 1
    start, end = max(0, start - 1), min(len(marks), end + 1)  # one more, to know what is there
    marks, out = marks[start:end], out[start:end]
    shown = plain(text[left + start : left + end])
    chars = [_HIDDEN.get(mark, c) for c, mark in zip(shown, marks, strict=True)]
    return Window("".join(chars), marks, out, left + start)


def characters_of(text: str, kind: str) -> Window:
    """A window of a text that is one slot of the type `kind`."""
    return Window(plain(text), [kind] * len(text), [False] * len(text), 0)


Made = TypeVar("Made")


class Patterns(Generic[Made]):
    """Patterns in the order in which they are tried, each with what makes a piece of its match.

    A row begins with characters of which a text must have one, or the pattern cannot match; it is compiled when a text
    has one. All of them together would take 60 ms, as much as everything else that one sentence needs.
    """

    def __init__(self, rows: "Sequence[tuple[str, str, Callable[[re.Match[str], Window], Made | None]]]") -> None:
        self.rows = rows
        self.compiled: dict[str, re.Pattern[str]] = {}
        self.last: tuple[str, list[tuple[re.Pattern[str], Callable[[re.Match[str], Window], Made | None]]]] = ("", [])

    def of(self, text: str) -> "list[tuple[re.Pattern[str], Callable[[re.Match[str], Window], Made | None]]]":
        """The patterns that may match in a text."""
        last, found = self.last
        if last != text:  # it is asked again for every character
            there = {*text}
            rows = [(pattern, make) for needs, pattern, make in self.rows if not there.isdisjoint(needs)]
            found = [(self._compiled(pattern), make) for pattern, make in rows]
            self.last = text, found
        return found

    def _compiled(self, pattern: str) -> re.Pattern[str]:
        if pattern not in self.compiled:
            self.compiled[pattern] = re.compile(pattern, re.ASCII)
        return self.compiled[pattern]


def longest_at(words: Container[str], text: str, at: int, *, most: int) -> str:
    """The longest of some words that begins at a character; empty if there is none.

    >>> longest_at({"后天", "大后天"}, "大后天走", 0, most=3)
    '大后天'
    """
    sizes = range(min(most, len(text) - at), 0, -1)
    return next((text[at : at + size] for size in sizes if text[at : at + size] in words), "")
