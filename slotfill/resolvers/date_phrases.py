"""The pieces of a date role -> phrases, one for each date in them; `date_rules` reads a phrase."""

from __future__ import annotations  # not evaluated: 2 % of a start, with the other rules

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

from slotfill.resolvers.calendar_days import Distance
from slotfill.resolvers.date_pieces import (
    COUNT,
    DAY,
    DISTANCE,
    EDGE,
    EDGES,
    EVERY,
    FILLERS,
    FROM,
    GLUE,
    HOLIDAYS,
    IN,
    LATER,
    LIMIT,
    MONTH,
    NOT,
    NTH,
    NUMERIC,
    PARTS,
    POINTS,
    RELATIVE,
    SATURDAY,
    SOME,
    SOME_DAY,
    SPAN,
    TIE,
    TODAY,
    UNIT,
    UNITS,
    UNKNOWN,
    WEEKDAY,
    WEEKEND,
    YEAR,
    counts_units,
    day_and_month,
    edge_before,
    is_near_holiday,
    is_ordinal,
    is_plain,
    is_some_weekday,
    is_told_by_others,
    kind_of,
    piece_at,
    singular,
    week_from,
)
from slotfill.resolvers.grouping import (
    APART,
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
    left_edge,
    right_edge,
)
from slotfill.resolvers.numbers import Number, number_at
from slotfill.resolvers.reading import FREE


class DatePhrase(Phrase):
    """One date: its pieces. A field counts only if `kinds` has its kind."""

    weekday = 0  # Monday is 0
    every = 0  # a weekday as well: tuesdays
    weekend = SATURDAY
    month = 0
    day = 0
    year = 0
    today = 0  # days from today
    numeric: tuple[str, tuple[str, ...]] = ("", ())  # its separator and its numbers
    relative = ""  # next, this, last, same, following, coming, after next; empty if there is none
    unit = ""  # day, week, month, year, fortnight; empty if there is none
    count = 0  # of units
    nth = 0  # -1 is the last
    week_on = 1  # weeks after a day: friday week, friday fortnight
    distance = Distance(0, "", None)
    limit: str | None = None  # before, after, around
    later = None  # the distance is from the departure; of this and the like, the kind says all
    is_in = None  # the count is from today
    unknown = ""
    edge = ""  # of a period: early, start, middle, end, late, first day, last day, first available, last available
    is_some = None  # the weekday is any of them: on a friday

    FIELDS = fields_of(
        "weekday every weekend month day year today numeric "
        "relative unit count nth week_on distance limit later is_in unknown edge is_some"
    )

    def first_piece(self) -> int:
        """The kind of the first piece, limits aside."""
        return next((kind for kind in self.order if kind != LIMIT), NOTHING)

    def is_length(self) -> bool:
        """Say whether the pieces are `two weeks`, `the day` or `two saturdays`, to be counted from something."""
        if self.kinds & (DISTANCE | RELATIVE | (POINTS & ~EVERY)):
            return False
        return self.unit == "day" or bool(self.kinds & COUNT and self.kinds & (UNIT | EVERY))


# --- which pieces go together ----------------------------------------------------------------------

# What may precede a weekday that is tied to a date: the last friday before december 5.
_TIED = {"before": ("", "last"), "after": ("", "next", "following", "coming")}
_AFTER_BREAK = WEEKDAY | MONTH | YEAR  # these belong to a phrase even after tokens that are not of a date
# For each kind that names a day, the kinds that cannot name the same day.
_CLASHES = {
    WEEKDAY: WEEKDAY | WEEKEND | EVERY,
    EVERY: POINTS & ~MONTH,
    WEEKEND: WEEKEND | WEEKDAY | EVERY | TODAY,
    TODAY: TODAY | WEEKEND | EVERY,
    MONTH: MONTH,
    DAY: DAY | EVERY,
    YEAR: YEAR | EVERY,
    NUMERIC: NUMERIC | EVERY,
}


def _fits_point(phrase: DatePhrase, kind: int, *, is_broken: bool) -> bool:
    """Say whether a piece that names a day belongs to a phrase."""
    kinds = phrase.kinds
    points = kinds & POINTS
    if is_broken and (kinds & (WEEKEND | DISTANCE) or (kinds & ~(WEEKDAY | LIMIT) and not kind & _AFTER_BREAK)):
        return False
    every = points | kind
    if points and every & NUMERIC and not every & (WEEKDAY | WEEKEND):  # 11/2 is a whole date
        return False
    return not points & _CLASHES[kind]


def _fits_relative(phrase: DatePhrase, value: str) -> bool:
    return not phrase.relative or phrase.relative in ("this", "following", "coming", value)


def _fits_unit(phrase: DatePhrase, value: str) -> bool:
    return not phrase.relative or phrase.unit in ("", value)


_FITS: dict[int, Callable[[DatePhrase, Any], bool]] = {
    LIMIT: lambda phrase, value: phrase.is_length() or not phrase.kinds,
    NTH: lambda phrase, value: not phrase.kinds & ~(MONTH | WEEKDAY),
    RELATIVE: _fits_relative,
    UNIT: _fits_unit,
    COUNT: lambda phrase, value: not phrase.kinds & (COUNT | POINTS),
    EDGE: lambda phrase, value: not phrase.kinds & ~LIMIT,
}


_CHOICES = frozenset(("or", "/", "otherwise", "alternatively"))


class DateGrouping(Grouping[DatePhrase]):
    """Pieces -> dates."""

    glue = GLUE | EDGES.keys()
    lex = piece_at

    def __init__(self, tokens: Tokens) -> None:
        super().__init__(tokens)
        # The position of a `not` or an `in` that may bear on the next piece.
        self.not_at: int | None = None
        self.in_at: int | None = None

    def add(self, piece: Piece, at: int) -> None:
        """Take a piece as a joint, as a limit after a date, as a hint for the next piece, or into a phrase."""
        begun = self.phrases[-1] if self.phrases else None
        if piece.kind == JOINT:
            self.note_joint(piece.value, at, at)
        elif begun and self._is_until(begun, piece, at):
            self.note_joint(TO, at, piece.end - 1)
        elif begun and self._is_limit_after(begun, piece):
            if not begun.kinds & LIMIT:
                begun.put(LIMIT, piece.value)
            begun.last, self.joint = piece.end - 1, ""
        elif piece.kind == NOT:
            self.not_at = at
        elif piece.kind == IN:
            self.in_at = at
        elif piece.kind == SPAN:
            kind, first, last = piece.value
            self._add_to_phrase(Piece(kind, first, piece.end), at)
            self.joint = TO
            self._add_to_phrase(Piece(kind, last, piece.end), at)
        elif piece.kind != FROM or (begun and begun.is_length()):  # not: from monday
            self._add_to_phrase(piece, at)

    def _is_until(self, begun: DatePhrase, piece: Piece, at: int) -> bool:
        """`friday until sunday`, `friday up to sunday`: a range."""
        is_until = piece.kind == LIMIT and self.tokens.texts[at] in ("until", "till", "up")
        return is_until and bool(begun.kinds) and not self.is_broken

    def _is_limit_after(self, begun: DatePhrase, piece: Piece) -> bool:
        """`the 5th or later`, `the 5th or before`."""
        is_last = piece.kind == LIMIT and self.joint == OR and piece.end == self.tokens.end
        return bool(begun.kinds & POINTS) and (is_last or piece.kind == LATER)

    def _add_to_phrase(self, piece: Piece, at: int) -> None:
        begun = self.phrases[-1] if self.phrases else None
        if begun is None or self.joint or self.is_cut(begun, at) or not self._fits(begun, piece):
            self.phrases.append(DatePhrase(self._joint_before(begun, at), self._beginning(piece.kind, at)))
            self.is_cut(self.phrases[-1], at)
        self._put(self.phrases[-1], piece)
        if edge := edge_before(self.tokens.texts[at]):
            self.phrases[-1].put(EDGE, edge)
        elif piece.kind == DAY:
            self._put_month(self.tokens.texts[at : piece.end])
        elif piece.kind == WEEKDAY and is_some_weekday(self.tokens, at):
            self.phrases[-1].put(SOME, None)
        self.close(piece.end - 1)
        self.not_at = self.in_at = None

    def _joint_before(self, begun: DatePhrase | None, at: int) -> str:
        """What joins a new phrase, which begins at `at`, to the one before it."""
        if begun is None or (self.joint and not self.is_broken):
            return self.joint or OR
        between = self.tokens.texts[begun.last + 1 : at]
        if self.joint and not _CHOICES.isdisjoint(between):
            return OR
        is_apart = self.is_broken or not FILLERS.isdisjoint(between)
        is_next_best = "if" in between and "not" in between  # friday if possible, if not saturday
        return APART if is_apart and not is_next_best else OR

    def _put_month(self, texts: Sequence[str]) -> None:
        """Add the month and the year of a day that has them in its tokens: `08dec26`."""
        day = None if len(texts) == 1 and is_plain(texts[0]) else day_and_month("".join(texts))
        if day:
            self.phrases[-1].put(MONTH, day[1])
            if day[2] is not None:
                self.phrases[-1].put(YEAR, day[2])

    def _fits(self, phrase: DatePhrase, piece: Piece) -> bool:
        """Say whether a piece belongs to a phrase."""
        if piece.kind & POINTS:
            return _fits_point(phrase, piece.kind, is_broken=self.is_broken)
        if self.is_broken or phrase.kinds & LATER:
            return False
        if piece.kind == COUNT and phrase.kinds == WEEKDAY and self.in_at is not None:  # tuesday in two weeks: which?
            return True
        fits = _FITS.get(piece.kind)
        return fits is None or fits(phrase, piece.value)

    def _beginning(self, kind: int, at: int) -> int:
        """The first token of a phrase: the `not` or the `in` before its first piece, if any."""
        hint = {LIMIT: self.not_at, COUNT: self.in_at}.get(kind)
        return at if hint is None else hint

    def _put(self, phrase: DatePhrase, piece: Piece) -> None:
        kind, value, _ = piece
        if kind & (LIMIT | FROM | LATER):
            if phrase.is_length():
                _measure(phrase, is_before=value == "before", is_later=kind == LATER)
            elif kind == LIMIT:
                phrase.put(LIMIT, value if self.not_at is None else _OPPOSITE.get(value, value))
        elif kind == TIE:
            _tie(phrase, value)
        else:
            phrase.put(kind, value)
            is_within = self.in_at is not None and self.tokens.texts[self.in_at] == "within"
            if kind == COUNT and self.in_at is not None:
                phrase.put(IN, None)
            if kind == COUNT and is_within:
                phrase.put(LIMIT, "before")
            if kind == RELATIVE and value == "next" and is_within:  # within the next week: which one?
                phrase.put(IN, None)


_OPPOSITE = {"before": "after", "after": "before"}


def _measure(phrase: DatePhrase, *, is_before: bool, is_later: bool) -> None:
    """Turn a length into a distance: `two weeks from`, `the day after`, `two days later`."""
    number = phrase.count if phrase.kinds & COUNT else 1
    weekday = phrase.every if phrase.kinds & EVERY else None
    distance = Distance(-number if is_before else number, phrase.unit, weekday)
    phrase.drop(COUNT | UNIT | EVERY)
    phrase.put(DISTANCE, distance)
    if is_later:
        phrase.put(LATER, None)


def _tie(phrase: DatePhrase, direction: str) -> None:
    """Turn a tied weekday into a distance: `the second friday after`, `the last weekend before`."""
    relative = phrase.relative
    phrase.drop(RELATIVE)
    if relative not in _TIED[direction] or phrase.kinds & ~(WEEKDAY | WEEKEND | NTH):
        phrase.put(UNKNOWN, direction)
        return
    number = phrase.nth if phrase.kinds & NTH else 1
    unit = "weekend" if phrase.kinds & WEEKEND else ""
    weekday = phrase.weekday if phrase.kinds & WEEKDAY else SATURDAY if unit else None
    phrase.drop(NTH | WEEKDAY | WEEKEND)
    phrase.put(DISTANCE, Distance(-number if direction == "before" else number, unit, weekday))


# --- which tokens count ----------------------------------------------------------------------------


def phrases_of(texts: Sequence[str], marks: Sequence[str]) -> list[DatePhrase]:
    """The phrases in their order; `marks` as in `reading`."""
    tokens = Tokens(texts, marks)
    start, tokens.end = left_edge(tokens, _on_the_left, reach=len(texts)), right_edge(tokens, _on_the_right)
    found = [phrase for phrase in DateGrouping(tokens).read(start) if phrase.kinds]
    if found:
        _complete(found, tokens)
    _share(found)
    for phrase in found:
        if phrase.kinds & ~LIMIT != WEEKDAY | SOME:  # on a friday in june
            phrase.drop(SOME)
    for phrase, following in pairwise(found):
        if phrase.is_out and following.joint == TO:  # from monday to tuesday, of which monday is ruled out
            following.joint = OR
    return [phrase for phrase in found if not phrase.is_out]


def _complete(phrases: Sequence[DatePhrase], tokens: Tokens) -> None:
    """Add what the tagger left out beside the slots: the year after a day; a number that is not read makes it null.

    That is the `3` of `january 3`, or the `7` of `7-10 december`.
    """
    first, last = tokens.first, tokens.last
    head, tail = phrases[0], phrases[-1]
    before = tokens.text(first - 1)
    if before in HOLIDAYS and tokens.marks[first - 1] == FREE and head.kinds & (WEEKEND | UNIT):  # easter weekend
        head.put(UNKNOWN, before)
    elif _begins_before(tokens, first):
        head.put(UNKNOWN, f"{tokens.texts[first - 2 - (tokens.texts[first - 1] == 'the')]}")
    at = last + 1 + (tokens.text(last + 1) == ",")
    is_free = at < len(tokens.texts) and {*tokens.marks[last + 1 : at + 1]} == {FREE}
    number = number_at(tokens.texts, at, _end_of_free(tokens, at)) if is_free else None
    if number is None or tail.is_out or tail.kinds & (UNKNOWN | UNIT | RELATIVE | COUNT | NUMERIC):
        return
    is_date = tail.kinds & MONTH and tail.last >= last
    if is_date and tail.kinds & DAY and not tail.kinds & YEAR and 2000 <= number.value < 2100 and not number.ordinal:
        tail.put(YEAR, number.value)
        tail.last = number.end - 1
    elif is_date and at == last + 1 and _is_cut_off(tail, number, tokens.text(number.end)):
        tail.put(UNKNOWN, tokens.texts[at])


def _is_cut_off(phrase: DatePhrase, number: Number, following: str) -> bool:
    """Say whether the number right after a phrase is its day or of its year: january `3`, twenty twenty `seven`."""
    if phrase.kinds & YEAR:
        return phrase.year % 100 == 20 and 0 < number.value < 10
    return not phrase.kinds & DAY and 1 <= number.value <= 31 and following not in _AFTER_NUMBER


# After a number that is no day; nothing, since that may be a word without a meaning in dates: december 2 `adults`.
_AFTER_NUMBER = ("", "_", ":", "am", "pm", "a", "p", "hours", "hrs", "o'clock", *UNITS, *(unit + "s" for unit in UNITS))


def _begins_before(tokens: Tokens, first: int) -> bool:
    """Say whether a day without a slot begins the range that ends at the first slot: `7-` 10 december."""
    at = first - 1 - (tokens.text(first - 1) == "the")
    if at < 1 or tokens.marks[first][2:] != "day_number" or {*tokens.marks[at - 1 : first]} != {FREE}:
        return False
    number = number_at(tokens.texts, at - 1, at)
    is_joint = tokens.texts[at] in _TO_DAY or (tokens.texts[at] in ("and", "or") and number and number.ordinal)
    return bool(is_joint) and number is not None and 1 <= number.value <= 31


_TO_DAY = ("-", "–", "—", "to", "through", "thru", "until", "till")


def _end_of_free(tokens: Tokens, at: int) -> int:
    """The end of the tokens without a slot from a position on."""
    while at < len(tokens.marks) and tokens.marks[at] == FREE:
        at += 1
    return at


def _on_the_left(tokens: Tokens, at: int, _: int) -> int:
    """Before the first slot: `not before`, `in`, `two weeks from`."""
    text, following = tokens.texts[at], tokens.text(at + 1)
    if text in ("later", "earlier", "than", "the", "of", "on", "between"):
        return COUNTS
    if tokens.text(at - 1) == "week" and week_from(tokens, at - 1):
        return COUNTS
    kind = kind_of(text)
    if kind & (RELATIVE | LIMIT | FROM | NOT | IN) or text in EDGES or text in SOME_DAY or following in SOME_DAY:
        return COUNTS
    if tokens.text(at - 1) in SOME_DAY and text in ("day", "date"):
        return COUNTS
    if kind == WEEKDAY:
        return COUNTS if is_told_by_others(tokens, at) else STOPS
    if text in PARTS and following in ("of", "in"):
        return COUNTS if is_ordinal(tokens.text(at - 1)) else STOPS
    if (kind_of(following) == WEEKDAY or following in PARTS) and tokens.text(at + 2) in ("of", "in"):
        return COUNTS if is_ordinal(text) else STOPS
    if text in ("and", "to", "until", "till") or kind == TODAY:
        return _from_today(tokens, at)
    return COUNTS if _is_length_before(tokens, at, kind) or _is_up_to(tokens, at) else STOPS


def _from_today(tokens: Tokens, at: int) -> int:
    """`now and` of `between now and friday`."""
    if kind_of(tokens.text(at)) == TODAY:
        return COUNTS if tokens.text(at - 1) in ("between", "from") else STOPS
    if _is_up_to(tokens, at):
        return COUNTS
    return PASSES if kind_of(tokens.text(at - 1)) == TODAY and tokens.text(at - 2) in ("between", "from") else STOPS


def _is_length_before(tokens: Tokens, at: int, kind: int) -> bool:
    """`two` or `weeks` of `two weeks from friday`."""
    text, following = tokens.texts[at], tokens.text(at + 1)
    if kind == UNIT:
        if following == "from" or (following == "on" and text != "day") or kind_of(following) == TODAY:
            return counts_units(tokens, at - 1)
        return following in ("after", "before", "of") or week_from(tokens, at) is not None
    return singular(following) in UNITS and (text in ("a", "an") or number_at(tokens.texts, at, at + 1) is not None)


def _is_up_to(tokens: Tokens, at: int) -> bool:
    text = tokens.texts[at]
    return (text == "up" and tokens.text(at + 1) == "to") or (text == "to" and tokens.text(at - 1) == "up")


def _on_the_right(tokens: Tokens, at: int, _: int) -> int:
    """After the last slot: `week`, `of this month`, `days from now`, `or later`."""
    text = tokens.texts[at]
    if singular(text) in UNITS or text == "date" or text in _ENDINGS.get(tokens.text(at - 1), ()):
        return COUNTS
    if is_near_holiday(tokens, at):
        return COUNTS
    if text in ("onwards", "onward") or (text == "later" and singular(tokens.text(at - 1)) in UNITS):
        return COUNTS
    if text in EDGES or is_told_by_others(tokens, at):
        return COUNTS
    if text in ("latest", "earliest"):
        return COUNTS if (tokens.text(at - 2), tokens.text(at - 1)) == ("at", "the") else STOPS
    is_between = text in _ON_THE_RIGHT or number_at(tokens.texts, at, at + 1)
    return PASSES if is_between else STOPS


_ON_THE_RIGHT = ("of", "the", "in", "from", "this", "next", "or", "at", "before", "after")
# For a token after the slots, those that may follow it and end the phrase.
_ENDINGS = {"from": ("now", "today", "tomorrow"), "or": ("later", "earlier", "after", "before")}

# --- what phrases share ----------------------------------------------------------------------------


def _share(phrases: Sequence[DatePhrase]) -> None:
    """Give `the 27th or 28th of december` two Decembers, and `monday or tuesday next week` two weeks."""
    neighbours = [*pairwise(phrases)]
    for phrase, other in [(second, first) for first, second in neighbours] + neighbours[::-1]:
        phrase.take(other, shared(phrase, other))
    for phrase, other in neighbours[::-1]:  # december 28 to january 3 2028
        if other.kinds & YEAR and phrase.kinds & (MONTH | DAY) == MONTH | DAY and not phrase.kinds & (YEAR | RELATIVE):
            is_over = other.joint == TO and phrase.month > other.month
            phrase.put(YEAR, other.year - is_over)


def shared(mine: DatePhrase, theirs: DatePhrase) -> int:
    """The kinds of pieces that a phrase takes from its neighbour."""
    if mine.kinds & theirs.kinds & DAY and not mine.kinds & ~(DAY | WEEKDAY | LIMIT | YEAR):
        return MONTH | RELATIVE | UNIT | (YEAR & ~mine.kinds)
    if mine.kinds == RELATIVE and theirs.kinds & ~LIMIT == WEEKDAY | RELATIVE:  # this friday or next
        return WEEKDAY
    if mine.kinds == WEEKDAY and theirs.kinds & WEEKDAY and not theirs.kinds & ~(WEEKDAY | RELATIVE | UNIT):
        return RELATIVE | UNIT
    return 0
