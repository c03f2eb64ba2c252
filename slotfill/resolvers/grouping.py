"""Tokens of one role -> pieces -> phrases: what dates and times do alike.

A piece is what one token or a few say: a weekday, `next`, a clock time. Pieces gather in a phrase until a joint (`or`,
`to`) or tokens of something else divide them, or until a piece does not go with those that are there: `friday or the
3rd` are two phrases. What the pieces are, and which go together, is said in `date_phrases` and `time_phrases`.
"""

from collections.abc import Callable, Container, Mapping, Sequence
from typing import Any, ClassVar, Generic, NamedTuple, Self, TypeVar

from slotfill.resolvers.reading import BESIDE, FOREIGN, FREE

# Kinds of pieces that both have. A kind is a bit, so that one number says which pieces a phrase has.
NOTHING = 0  # says nothing: of, the
BREAK = 1 << 30  # cannot belong to a date or time
JOINT = 1 << 29

# How phrases are joined; joints that are said.
OR = "or"
AND = "and"
TO = "to"  # a range
APART = "apart"  # a joint was said, but other tokens stand there too

# What a token beside the slots does.
COUNTS = 1  # it bears on the value, and so do those between it and the slots
PASSES = 0  # it may stand before one that counts
STOPS = -1


def is_own(mark: str) -> bool:
    """Say whether a token with this mark belongs to the role that is being resolved."""
    return len(mark) > 1


class Piece(NamedTuple):
    """What the tokens up to `end` say; `kind` is one bit."""

    kind: int
    value: Any
    end: int


class Tokens:
    """The tokens around one role in lower case, with marks as in `reading`."""

    __slots__ = ("end", "marks", "texts")

    def __init__(self, texts: Sequence[str], marks: Sequence[str]) -> None:
        self.texts, self.marks = texts, marks
        self.end = len(texts)  # where those end that count

    def text(self, at: int) -> str:
        """The token at a position, or an empty string if there is none."""
        return self.texts[at] if 0 <= at < len(self.texts) else ""

    def end_of_slot(self, at: int) -> int:
        """Where the slot ends that the token at `at` belongs to."""
        at += 1
        while at < len(self.marks) and self.marks[at][:2] == "I-":
            at += 1
        return at

    def after_glue(self, at: int, glue: Container[str]) -> int:
        """The first position from `at` on that is not one of the free tokens which say nothing."""
        while at < len(self.texts) and self.marks[at] == FREE and self.texts[at] in glue:
            at += 1
        return at

    def joins(self, at: int, glue: Container[str], *, is_range: bool) -> bool:
        """Say whether `or`, `and`, `to` joins what is ours, not cities: `from boston to denver on friday`."""
        at = self.after_glue(at + 1, glue)
        return at < len(self.texts) and (is_own(self.marks[at]) if is_range else self.marks[at] != FOREIGN)

    def ends_between(self, at: int) -> bool:
        """Say whether the token is the `and` of `between 2 and 5`, not of `between boston and denver at 2 and 5`."""
        if self.texts[at] == "and":
            for before in range(at - 1, max(-1, at - 9), -1):
                if self.texts[before] == "between" or self.marks[before] == FOREIGN:
                    return self.texts[before] == "between"
        return False


# Says COUNTS, PASSES or STOPS of the free token at the first position; the second is that of a slot of the role.
Bearing = Callable[[Tokens, int, int], int]


def left_edge(tokens: Tokens, bearing: Bearing, *, reach: int) -> int:
    """Where the tokens before the first slot begin that bear on it, at most `reach` before it."""
    first = next((n for n, mark in enumerate(tokens.marks) if is_own(mark)), 0)
    kept = at = first
    while at > 0 and tokens.marks[at - 1] == FREE and first - at < reach:
        at -= 1
        does = bearing(tokens, at, first)
        if does == STOPS:
            break
        if does == COUNTS:
            kept = at
    return kept


def right_edge(tokens: Tokens, bearing: Bearing) -> int:
    """Where the tokens after the last slot end that bear on it; each within four of the one before."""
    marks = tokens.marks
    last = at = kept = next((n for n in range(len(marks), 0, -1) if is_own(marks[n - 1])), 0)
    while at < len(marks) and marks[at] == FREE and at < kept + 4:
        does = bearing(tokens, at, last)
        if does == STOPS:
            break
        at += 1
        if does == COUNTS:
            kept = at
    return kept


def fields_of(names: str) -> dict[int, str]:
    """Kinds, in the order of their bits, and the fields of a phrase that hold pieces of them."""
    return {1 << n: name for n, name in enumerate(names.split())}


class Phrase:
    """The pieces of one date or time, each in a field of its own; `kinds` says which are there.

    `joint` divides it from the phrase before; it came from the tokens `first` to `last`, both included.
    """

    FIELDS: ClassVar[Mapping[int, str]]  # kind -> name of its field

    def __init__(self, joint: str, first: int) -> None:  # written out, since a dataclass costs 0.5 ms at the start
        self.joint = joint
        self.first = self.last = first
        self.kinds = 0
        self.order: list[int] = []  # the kinds as they came

    def put(self, kind: int, value: Any) -> None:
        """Add a piece, or replace the one of this kind."""
        setattr(self, self.FIELDS[kind], value)
        if not self.kinds & kind:
            self.kinds |= kind
            self.order.append(kind)

    def drop(self, kinds: int) -> None:
        """Take pieces away."""
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
        copy.take(self, ~kinds)
        return copy


P = TypeVar("P", bound=Phrase)


class Grouping(Generic[P]):
    """Gathers pieces in phrases. Dates and times each say what a piece does: `add`."""

    glue: ClassVar[Container[str]]
    lex: ClassVar[Callable[[Tokens, int], Piece]]

    def __init__(self, tokens: Tokens) -> None:
        self.tokens = tokens
        self.phrases: list[P] = []
        # since the last piece:
        self.joint = ""
        self.is_broken = False  # by tokens that cannot be part of the value
        self.is_beside = False  # by a time beside the dates, or a date beside the times

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
        """What a piece that begins at `at` does."""
        raise NotImplementedError

    def _note_break(self, mark: str) -> None:
        if mark == BESIDE:
            self.is_beside = True
        else:
            self.is_broken = True

    def note_joint(self, joint: str, at: int, last: int) -> None:
        """Keep a joint of the tokens `at` to `last`, if it joins what is ours; the first one counts."""
        if self.tokens.ends_between(at):
            joint = TO
        if self.tokens.joins(last, self.glue, is_range=joint == TO):
            self.joint = self.joint or joint

    def begin(self, phrase: P) -> P:
        """Go on with a new phrase."""
        self.phrases.append(phrase)
        return phrase

    def go_on(self, last: int) -> None:
        """Forget what stood before a piece that ends with the token `last`."""
        self.phrases[-1].last = last
        self.joint, self.is_broken, self.is_beside = "", False, False
