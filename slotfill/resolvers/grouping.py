"""Tokens of one role -> pieces -> phrases: what dates and times have in common.

A piece is what one token or a few mean: a weekday, `next`, a clock time. Pieces form a phrase until a joint (`or`,
`to`) or other tokens separate them, or until one does not fit the rest: `friday or the 3rd` is two phrases.
`date_pieces` and `time_phrases` define the pieces, and which of them go together.
"""

from collections.abc import Callable, Container, Mapping, Sequence
from typing import Any, ClassVar, Generic, NamedTuple, Self, TypeVar

from slotfill.resolvers.reading import BESIDE, FOREIGN, FREE, is_ruled_out

# Kinds of pieces of both. Each is a bit, so that one number tells which pieces a phrase has.
NOTHING = 0  # means nothing: of, the
BREAK = 1 << 30  # cannot belong to a date or time
JOINT = 1 << 29

# How phrases are joined.
OR = "or"
AND = "and"
TO = "to"  # a range
APART = "apart"  # by a joint with other tokens beside it

# The effect of a token beside the slots.
COUNTS = 1  # it bears on the value, and so do the tokens between it and the slots
PASSES = 0  # it bears on the value only if a token further away does
STOPS = -1  # it ends the search


def is_own(mark: str) -> bool:
    """Say whether a token with this mark belongs to the role that is being resolved."""
    return len(mark) > 1


class Piece(NamedTuple):
    """What the tokens up to `end` mean; `kind` is one bit."""

    kind: int
    value: Any
    end: int


class Tokens:
    """The tokens around one role in lower case, with marks as in `reading`."""

    __slots__ = ("_ends", "end", "exact", "first", "last", "marks", "texts")

    def __init__(self, texts: Sequence[str], marks: Sequence[str]) -> None:
        self.texts, self.marks = texts, marks
        self.exact = texts  # the same, the `7` of `7ish`
        self.end = len(texts)  # of the tokens that count
        own = [at for at, mark in enumerate(marks) if is_own(mark)]
        self.first, self.last = (own[0], own[-1]) if own else (0, -1)  # of those of the role
        self._ends: list[int] = []  # for each token, the end of its slot; filled on first use

    def text(self, at: int) -> str:
        """The token at a position, or an empty string if there is none."""
        return self.texts[at] if 0 <= at < len(self.texts) else ""

    def end_of_slot(self, at: int) -> int:
        """The end of the slot that the token at `at` belongs to."""
        if not self._ends:  # all at once: a slot may have thousands of tokens, and each of them asks
            self._ends = [*range(1, len(self.marks) + 1)]
            for n in range(len(self.marks) - 1, 0, -1):
                if self.marks[n][:2] in ("I-", "i-"):
                    self._ends[n - 1] = self._ends[n]
        return self._ends[at]

    def after_glue(self, at: int, glue: Container[str]) -> int:
        """The first position from `at` on that has no free token of `glue`."""
        while at < len(self.texts) and self.marks[at] == FREE and self.texts[at] in glue:
            at += 1
        return at

    def joins(self, at: int, glue: Container[str], *, is_range: bool) -> bool:
        """Say whether the `or`, `and` or `to` joins slots of this role: not `from boston to denver on friday`."""
        at = self.after_glue(at + 1, glue)
        return at < len(self.texts) and (is_own(self.marks[at]) if is_range else self.marks[at] != FOREIGN)

    def ends_between(self, at: int) -> bool:
        """Say whether the token is the `and` of `between 2 and 5`, not of `between boston and denver at 2 and 5`."""
        if self.texts[at] == "and":
            for before in range(at - 1, max(-1, at - 9), -1):
                if self.texts[before] == "between" or self.marks[before] == FOREIGN:
                    return self.texts[before] == "between"
        return False


# COUNTS, PASSES or STOPS for the free token at the first position; the second is that of the nearest slot of the role.
Bearing = Callable[[Tokens, int, int], int]


def left_edge(tokens: Tokens, bearing: Bearing, *, reach: int) -> int:
    """The first token before the first slot that bears on it, at most `reach` tokens before it."""
    kept = at = first = tokens.first
    while at > 0 and tokens.marks[at - 1] == FREE and first - at < reach:
        at -= 1
        effect = bearing(tokens, at, first)
        if effect == STOPS:
            break
        if effect == COUNTS:
            kept = at
    return kept


def right_edge(tokens: Tokens, bearing: Bearing) -> int:
    """The end of the tokens after the last slot that bear on it, with at most three others between two of them."""
    marks = tokens.marks
    last = at = kept = tokens.last + 1
    while at < len(marks) and marks[at] == FREE and at < kept + 4:
        effect = bearing(tokens, at, last)
        if effect == STOPS:
            break
        at += 1
        if effect == COUNTS:
            kept = at
    return kept


def fields_of(names: str) -> dict[int, str]:
    """Kinds, in the order of their bits, and the fields of a phrase that hold pieces of them."""
    return {1 << n: name for n, name in enumerate(names.split())}


class Phrase:
    """The pieces of one date or time, each in a field of its own; `kinds` has the bits of those that are there.

    `joint` separates it from the phrase before. It was read from the tokens `first` to `last`, both included.
    """

    FIELDS: ClassVar[Mapping[int, str]]  # kind -> name of its field

    def __init__(self, joint: str, first: int) -> None:  # a dataclass would add 0.5 ms to the start
        self.joint = joint
        self.first = self.last = first
        self.kinds = 0
        self.is_out: bool | None = None  # it is ruled out; None before the first token that has a slot
        self.order: list[int] = []  # the kinds in the order of the text

    def put(self, kind: int, value: Any) -> None:
        """Add a piece, or replace the one of this kind."""
        setattr(self, self.FIELDS[kind], value)
        if not self.kinds & kind:
            self.kinds |= kind
            self.order.append(kind)

    def drop(self, kinds: int) -> None:
        """Remove the pieces of these kinds."""
        for kind in [kind for kind in self.order if kind & kinds]:
            self.order.remove(kind)
            self.kinds &= ~kind
            delattr(self, self.FIELDS[kind])

    def take(self, other: Self, kinds: int) -> None:
        """Add the pieces of these kinds that another phrase has."""
        for kind in other.order:
            if kind & kinds:
                self.put(kind, getattr(other, self.FIELDS[kind]))

    def without(self, kinds: int) -> Self:
        """A copy that lacks some kinds of pieces."""
        copy = type(self)(self.joint, self.first)
        copy.last = self.last
        copy.is_out = self.is_out
        copy.take(self, ~kinds)
        return copy


P = TypeVar("P", bound=Phrase)


class Grouping(Generic[P]):
    """Gathers pieces in phrases. `add` differs between dates and times."""

    glue: ClassVar[Container[str]]
    lex: ClassVar[Callable[[Tokens, int], Piece]]

    def __init__(self, tokens: Tokens) -> None:
        self.tokens = tokens
        self.phrases: list[P] = []
        # What was read since the last piece.
        self.joint = ""
        self.is_broken = False  # there are tokens that cannot be part of the value
        self.is_beside = False  # there is a time beside the dates, or a date beside the times

    def read(self, at: int) -> list[P]:
        """The phrases from the position `at` on."""
        tokens, lex = self.tokens, type(self).lex
        while at < tokens.end:
            piece = lex(tokens, at)
            if piece.kind == BREAK:
                self._note_break(tokens.marks[at])
            elif piece.kind:
                self.add(piece, at)
            at = piece.end
        return self.phrases

    def add(self, piece: Piece, at: int) -> None:
        """Take a piece that begins at `at`."""
        raise NotImplementedError

    def _note_break(self, mark: str) -> None:
        if mark == BESIDE:
            self.is_beside = True
        else:
            self.is_broken = True

    def is_cut(self, phrase: P, at: int) -> bool:
        """Say whether of the phrase and the token only one is ruled out: `the 5th, not the 4th`. It takes the token."""
        mark = self.tokens.marks[at]
        if not is_own(mark):
            return False
        if phrase.is_out is None:
            phrase.is_out = is_ruled_out(mark)
        return phrase.is_out != is_ruled_out(mark)

    def note_joint(self, joint: str, at: int, last: int) -> None:
        """Keep a joint of the tokens `at` to `last` if it joins slots of this role; the first one counts."""
        if self.tokens.ends_between(at):
            joint = TO
        if self.tokens.joins(last, self.glue, is_range=joint == TO):
            self.joint = self.joint or joint

    def close(self, last: int) -> None:
        """Extend the phrase to the token `last`, which ends a piece, and forget what came before that piece."""
        self.phrases[-1].last = last
        self.joint, self.is_broken, self.is_beside = "", False, False
