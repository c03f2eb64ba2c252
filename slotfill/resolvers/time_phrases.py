"""The tokens of a time role -> phrases, one for each time in them.

`time_words` has the words of times; `clock_times` reads what a clock shows. `grouping` makes phrases of the pieces, and
`time_rules` reads them.
"""

from collections.abc import Sequence
from typing import Any, TypeVar

from slotfill.resolvers.clock_times import clock_at, half_at
from slotfill.resolvers.grouping import (
    AND,
    APART,
    BREAK,
    COUNTS,
    JOINT,
    NOTHING,
    OR,
    PASSES,
    STOPS,
    TO,
    Grouping,
    Phrase,
    Piece,
    Tokens,
    fields_of,
    is_own,
    left_edge,
    right_edge,
)
from slotfill.resolvers.numbers import number_at
from slotfill.resolvers.reading import BESIDE, FOREIGN, FREE
from slotfill.resolvers.time_words import (
    AHEAD,
    CLOCK,
    END,
    GLUE,
    LENGTHS,
    MODIFIER,
    NOT,
    PART,
    RELATION,
    SAID,
    START,
    UNKNOWN,
    WORDS,
)

# --- pieces ----------------------------------------------------------------------------------------

WHEN = CLOCK | PART | MODIFIER | AHEAD

DAY = 1440  # minutes
# Parts of the day, in hours: what they mean alone, and the clock times that people combine them with.
PARTS: dict[str, tuple[tuple[int, int], tuple[int, int]]] = {
    "morning": ((6, 12), (0, 12)),
    "afternoon": ((12, 18), (12, 19)),
    "evening": ((18, 22), (16, 24)),
    "night": ((18, 24), (18, 28)),
    "day": ((6, 18), (6, 18)),
    "am": ((0, 12), (0, 12)),
    "pm": ((12, 24), (12, 24)),
    "breakfast": ((6, 10), (6, 10)),
    "lunch": ((12, 14), (11, 15)),
    "dinner": ((18, 21), (17, 22)),
    # In Chinese they differ: 晚上 begins at five and ends when people go to bed.
    "凌晨": ((0, 6), (0, 7)),
    "清晨": ((5, 8), (4, 10)),
    "早上": ((6, 12), (3, 12)),
    "上午": ((6, 12), (1, 12)),
    "中午": ((11, 13), (10, 15)),
    "下午": ((12, 18), (12, 20)),
    "傍晚": ((17, 19), (16, 21)),
    "晚上": ((18, 24), (17, 28)),
    "深夜": ((22, 26), (21, 30)),
}
NIGHTS = ("night", "晚上", "深夜")  # a time after midnight with one of these is on the next day


class TimePhrase(Phrase):
    """One time or range: its pieces. Times are minutes after midnight, in all their readings."""

    clock: tuple[int, ...] = ()
    start = None  # the clock time begins a range whose end is missing
    end: tuple[int, ...] = ()
    part = ""  # one of PARTS; empty if there is none
    modifier = ""  # early, mid, late, later; empty if there is none
    relations: tuple[str, ...] = ()  # before, after, around
    is_comparative = False  # later, earlier ...
    is_not = None  # reverses the relation
    unknown = ""
    ahead = 0  # minutes from now

    FIELDS = fields_of("clock start end part modifier relations is_not unknown ahead")

    @property
    def relation(self) -> str | None:
        """The first limit, reversed by `not`."""
        relation = self.relations[0] if self.relations else None
        return _OPPOSITE.get(relation or "", relation) if self.kinds & NOT else relation

    def chosen(self, *, is_night: bool = False) -> tuple[int, ...]:
        """The readings of the clock time that fit the part of the day."""
        return said_with(self.part or ("night" if is_night and len(self.clock) > 1 else ""), self.clock)


P = TypeVar("P", bound=TimePhrase)
_OPPOSITE = {"before": "after", "after": "before"}


def said_with(part: str, readings: tuple[int, ...]) -> tuple[int, ...]:
    """The readings that fit a part of the day."""
    if not part:
        return readings
    start, end = (60 * hour for hour in PARTS[part][1])
    return tuple(time for time in readings if start <= time < end or start <= time + DAY < end)


_NO_WORD: tuple[int, Any] = (NOTHING, None)
_COMPARATIVES = ("later", "earlier", "earliest", "latest", "sooner")
_LETTERS = ("a", "p")  # of `a m`
_ISH = "ish"  # a time with it is around that time: sevenish
# Slot types of the ends of a range.
_ENDS = {"start_time": START, "end_time": END}


# --- tokens -> pieces ------------------------------------------------------------------------------


def piece_at(tokens: Tokens, at: int) -> Piece:
    """The piece that begins at a token."""
    mark = tokens.marks[at]
    if mark in (FOREIGN, BESIDE):
        return Piece(BREAK, None, at + 1)
    if tokens.texts[at] in _LETTERS:
        half = half_at(tokens.texts, at, tokens.end if mark == FREE else tokens.end_of_slot(at))
        if half:
            return Piece(PART, *half)
    if mark == FREE:
        return _free_token(tokens, at)
    if tokens.texts[at] in WORDS:  # no time on the clock begins with one
        return _slot_token(tokens.texts[at], mark, at + 1)
    return ahead(tokens, at) or clock_time(tokens, at) or _slot_token(tokens.texts[at], mark, at + 1)


def ahead(tokens: Tokens, at: int) -> Piece | None:
    """`in 3 hours`, `half an hour from now`."""
    if LENGTHS.keys().isdisjoint(tokens.texts):  # as mostly
        return None
    texts, half = tokens.texts, tokens.texts[at] == "half"
    at += half
    number = number_at(texts, at, len(texts)) if at < len(texts) else None
    count, unit = (number.value, number.end) if number else (1, at + 1) if tokens.text(at) in ("a", "an") else (0, at)
    minutes = LENGTHS.get(tokens.text(unit), 0) * count // (1 + half)
    before = tokens.text(at - 1 - half)
    is_from_now = (tokens.text(unit + 1), tokens.text(unit + 2)) == ("from", "now")
    if not minutes or count > 99 or not (before in ("in", "within") or is_from_now) or tokens.text(unit + 1) == "and":
        return None
    return Piece(AHEAD, -minutes if before == "within" else minutes, unit + 1)


def clock_time(tokens: Tokens, at: int) -> Piece | None:
    """`6:30 pm`, `half past six`; in the slots of a range also its beginning or its end."""
    stop = tokens.end_of_slot(at)
    beyond = stop
    while beyond < tokens.end and tokens.marks[beyond] == FREE and beyond < stop + 2:
        beyond += 1
    clock = clock_at(tokens.exact, at, stop, beyond)
    return Piece(_ENDS.get(tokens.marks[at][2:], CLOCK), clock.readings, clock.end) if clock else None


def _exact(text: str) -> str:
    """The `7` of `7ish`, the `seven` of `seven-ish`."""
    return text.removesuffix(_ISH).removesuffix("-") or text


def _free_token(tokens: Tokens, at: int) -> Piece:
    """The piece of a token without a slot."""
    text = tokens.texts[at]
    kind, value = WORDS.get(text, _NO_WORD)
    if kind == PART and (text in ("day", "lunch", "dinner", "breakfast") or not _follows_slot(tokens, at)):
        return Piece(BREAK, None, at + 1)
    if kind or text in GLUE or text in ("o'clock", "flights", "flight", "within", "now") or text in LENGTHS:
        return Piece(kind, value, at + 1)
    return Piece(BREAK, None, at + 1)


def _follows_slot(tokens: Tokens, at: int) -> bool:
    """Say whether only `in the` or `at` is between a slot and this token, as in `6 in the evening`."""
    while at > 0 and tokens.marks[at - 1] == FREE and tokens.texts[at - 1] in ("in", "the", "at"):
        at -= 1
    return at > 0 and is_own(tokens.marks[at - 1])


def _slot_token(text: str, mark: str, end: int) -> Piece:
    """The piece of a token in a slot that is not a clock time."""
    if text == "later" and mark[2:] == "period_mod":
        return Piece(MODIFIER, "later", end)
    kind, value = WORDS.get(text.removesuffix("'s")) or WORDS.get(_exact(text)) or _NO_WORD
    if kind or text in GLUE:
        return Piece(kind, value, end)
    if text[:3] == "mid" and (part := text[3:].removeprefix("-")) in SAID:  # _put adds the modifier
        return Piece(PART, part, end)
    return Piece(UNKNOWN, text, end)


# --- pieces -> phrases -----------------------------------------------------------------------------


class TimeGrouping(Grouping[TimePhrase]):
    """Pieces -> times and ranges."""

    glue = GLUE
    lex = piece_at

    def add(self, piece: Piece, at: int) -> None:
        """Take a piece as a joint, as the end of a range, or into a phrase."""
        begun = self.phrases[-1] if self.phrases else None
        text = self.tokens.texts[at]
        if piece.kind == JOINT:
            if begun and begun.kinds & WHEN:
                self.note_joint(piece.value, at, at)
            return
        if begun and self._ends_range(begun, piece.kind) and not self.is_cut(begun, at):
            begun.drop(START)
            begun.put(END, piece.value)
        elif begun and text == _ISH and begun.kinds & CLOCK and not self.joint:
            _put_about(begun)
        else:
            if begun is None or self.joint or self.is_cut(begun, at) or not _fits(begun, piece):
                is_apart = self.joint and (self.is_beside or self.is_broken)
                begun = TimePhrase(APART if is_apart else self.joint, at)
                self.phrases.append(begun)
                self.is_cut(begun, at)
            _put(begun, piece, text)
            if piece.kind & WHEN and _ISH in " ".join(self.tokens.texts[at : piece.end]):
                _put_about(begun)
        self.close(piece.end - 1)

    def _ends_range(self, begun: TimePhrase, kind: int) -> bool:
        """`between 2 and 5`, `from 2 to 5`."""
        if not kind & (CLOCK | END) or begun.kinds & END:
            return False
        is_to = self.joint == TO and not self.is_broken
        return bool(begun.kinds & START or (is_to and begun.kinds & CLOCK))


def _fits(phrase: TimePhrase, piece: Piece) -> bool:
    """Say whether a piece belongs to a phrase."""
    if piece.kind == PART:
        return phrase.part in ("", piece.value)
    if piece.kind == MODIFIER:
        return not phrase.kinds & WHEN
    return piece.kind == UNKNOWN or not phrase.kinds & (CLOCK | AHEAD)


def _put(phrase: TimePhrase, piece: Piece, text: str) -> None:
    if piece.kind & (CLOCK | START | END):
        phrase.put(CLOCK, piece.value)
        if piece.kind == START:
            phrase.put(START, None)
    elif piece.kind == RELATION:
        phrase.put(RELATION, tuple(dict.fromkeys((*phrase.relations, piece.value))))
        phrase.is_comparative = text in _COMPARATIVES
    else:
        phrase.put(piece.kind, piece.value)
        if piece.kind == PART and text[:3] == "mid":
            phrase.put(MODIFIER, "mid")


def _put_about(phrase: TimePhrase) -> None:
    """`7ish` is around seven."""
    phrase.put(RELATION, tuple(dict.fromkeys((*phrase.relations, "around"))))


# --- which tokens count ----------------------------------------------------------------------------


def phrases_of(texts: Sequence[str], marks: Sequence[str]) -> list[TimePhrase]:
    """The phrases in their order; `marks` as in `reading`."""
    tokens = Tokens(texts, marks)
    if _ISH in " ".join(texts):
        tokens.exact = [*map(_exact, texts)]
    start, tokens.end = left_edge(tokens, _on_the_left, reach=4), right_edge(tokens, _on_the_right)
    phrases = [phrase for phrase in TimeGrouping(tokens).read(start) if not phrase.is_out]
    return joined([phrase for phrase in phrases if phrase.kinds & (WHEN | RELATION | UNKNOWN)])


def _on_the_left(tokens: Tokens, at: int, first: int) -> int:
    """Before the first slot: `not`, `before`, `no later than`, and `early` right before it."""
    text = tokens.texts[at]
    kind = WORDS.get(text, _NO_WORD)[0]
    is_limit = kind == RELATION and tokens.marks[first][2:] != "time_relative" and tokens.text(at - 1) != "how"
    if is_limit or kind == NOT or (kind == MODIFIER and at + 1 == first):
        return COUNTS
    return PASSES if text in ("than", "the", "a", "at") else STOPS


def _on_the_right(tokens: Tokens, at: int, _: int) -> int:
    """After the last slot: `pm`, `in the evening`, `at the latest`, `or later`."""
    text = tokens.texts[at]
    if (
        text == _ISH
        or (text in _LETTERS and half_at(tokens.texts, at, len(tokens.texts)))
        or (text == "m" and tokens.text(at - 1) in _LETTERS)
    ):
        return COUNTS
    if text in _ENDINGS or WORDS.get(text, _NO_WORD)[0] == PART:
        return COUNTS
    if text in ("later", "earlier", "after", "before") and tokens.text(at - 1) == "or":
        return COUNTS
    return PASSES if text in ("in", "the", "at", "or") else STOPS


# Tokens after the slots that continue a time.
_ENDINGS = frozenset(
    ("latest", "earliest", "onwards", "onward", "o'clock", "oclock", "hours", "hour", "hrs", "noon", "midnight")
)

# --- what phrases share ----------------------------------------------------------------------------


def joined(phrases: Sequence[P]) -> list[P]:
    """Merge phrases that are one, and let the alternatives of `8 or 9 pm` complete each other."""
    joined: list[P] = []
    for phrase in phrases:
        before = joined[-1] if joined else None
        if before and (_takes_limit(before, phrase) or _takes_other_end(before, phrase)):
            before.last = phrase.last
            continue
        if before and before.clock and phrase.joint == OR:
            _share_hour(before, phrase)
            _share_half(before, phrase)
        joined.append(phrase)
    return joined


def _takes_limit(before: TimePhrase, phrase: TimePhrase) -> bool:
    """`noon or later`, `5 pm at the latest`."""
    if phrase.kinds & (WHEN | UNKNOWN) or not before.kinds & CLOCK:
        return False
    if not before.relations and phrase.relation:
        before.put(RELATION, (phrase.relation,))
    return True


def _takes_other_end(before: TimePhrase, phrase: TimePhrase) -> bool:
    """`after 2 and before 5 pm` is a range."""
    is_pair = phrase.joint in ("", AND) and {before.relation, phrase.relation} == {"before", "after"}
    if not is_pair or (before.kinds | phrase.kinds) & END:
        return False
    start, end = before.chosen(), phrase.chosen()
    if not start or not end:
        return False
    if before.relation == "before":
        start, end = end, start
    before.drop(RELATION | PART | NOT | START)
    before.put(CLOCK, start)
    before.put(END, end)
    return True


def _share_hour(before: TimePhrase, phrase: TimePhrase) -> None:
    """`6 am or pm`: the same hour in the other half of the day."""
    if phrase.part in ("am", "pm") and not phrase.kinds & (CLOCK | MODIFIER):
        half = 720 * (phrase.part == "pm")
        phrase.put(CLOCK, tuple(dict.fromkeys([time % 720 + half for time in before.clock])))


def _share_half(before: TimePhrase, phrase: TimePhrase) -> None:
    """`8 or 9 pm`, `8 or 9 in the evening`: the first is the reading nearer to the second."""
    others = phrase.chosen()
    if before.kinds & END or not phrase.clock or len(others) != 1:
        return
    near = [time for time in before.chosen() if abs(time - others[0]) <= 240]
    if len(near) == 1:
        before.put(CLOCK, tuple(near))
