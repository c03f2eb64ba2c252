"""The tokens of a date role -> phrases, one for each date in them.

WORDS has the words of dates. Those whose meaning depends on the tokens around them have lexing rules in NEIGHBOURS, and
numbers have theirs in NUMBERS. `grouping` makes phrases of the pieces, and `date_rules` reads them.
"""

from __future__ import annotations  # not evaluated: 2 % of a start, with the other rules

from collections.abc import Callable, Sequence
from itertools import groupby, pairwise
from typing import Any, NamedTuple

from slotfill.resolvers.grouping import (
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
from slotfill.resolvers.numbers import Number, number_at
from slotfill.resolvers.reading import BESIDE, FOREIGN, FREE

DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTH_NAMES = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)

# --- pieces ----------------------------------------------------------------------------------------

# In the order of DatePhrase.FIELDS: first those that name a day or days, then those that do so only with others. The
# last four are never in a phrase.
WEEKDAY, EVERY, WEEKEND, MONTH, DAY, YEAR, TODAY, NUMERIC = (1 << n for n in range(8))
RELATIVE, UNIT, COUNT, NTH, WEEK_ON, DISTANCE, LIMIT, LATER, IN, UNKNOWN, EDGE = (1 << n for n in range(8, 19))
FROM, NOT, TIE, SPAN = (1 << n for n in range(19, 23))
CALENDAR = MONTH | DAY | YEAR | NUMERIC
POINTS = WEEKDAY | EVERY | WEEKEND | TODAY | CALENDAR

SATURDAY = 5


class Distance(NamedTuple):
    """How far from a day: so many units; or, with a weekday, so many of that weekday. Negative is before it."""

    number: int
    unit: str  # `weekend` with the weekday Saturday
    weekday: int | None


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

    FIELDS = fields_of(
        "weekday every weekend month day year today numeric "
        "relative unit count nth week_on distance limit later is_in unknown edge"
    )

    def first_piece(self) -> int:
        """The kind of the first piece, limits aside."""
        return next((kind for kind in self.order if kind != LIMIT), NOTHING)

    def is_length(self) -> bool:
        """Say whether the pieces are `two weeks`, `the day` or `two saturdays`, to be counted from something."""
        if self.kinds & (DISTANCE | RELATIVE | (POINTS & ~EVERY)):
            return False
        return self.unit == "day" or bool(self.kinds & COUNT and self.kinds & (UNIT | EVERY))


# --- words -----------------------------------------------------------------------------------------

# Short forms and the slips that people make most.
_DAYS = "mon,tue tues,wed weds wensday wendsday,thu thur thurs,fri,sat saterday,sun"
_MONTHS = "jan,feb febuary,mar,apr,,jun,jul,aug,sep sept,oct,nov,dec"
_TODAYS = {
    -1: "yesterday",
    0: "today now tonight tonite 2nite 2night 2day",
    1: "tomorrow tomorow tommorow tommorrow tomorro tmrw tmr tmw 2morrow 2moro 2mrw",
}
_UNITS = ("day", "week", "month", "year", "fortnight")
WORDS: dict[str, tuple[int, Any]] = {
    **{name.lower(): (WEEKDAY, n) for n, name in enumerate(DAY_NAMES)},
    **{name: (WEEKDAY, n) for n, names in enumerate(_DAYS.split(",")) for name in names.split()},
    **{name.lower(): (MONTH, n) for n, name in enumerate(MONTH_NAMES, start=1)},
    **{name: (MONTH, n) for n, names in enumerate(_MONTHS.split(","), start=1) for name in names.split()},
    **{name: (TODAY, n) for n, names in _TODAYS.items() for name in names.split()},
    **{name: (UNIT, name) for name in _UNITS},
    **{name: (RELATIVE, name) for name in ("next", "this", "last", "same", "following", "coming")},
    **dict.fromkeys(("before", "by", "until", "till"), (LIMIT, "before")),
    **dict.fromkeys(("or", "and", "then", "/", "&"), (JOINT, OR)),
    **dict.fromkeys(("to", "through", "thru", "-", "–", "—"), (JOINT, TO)),
    "around": (LIMIT, "around"),
    "weekend": (WEEKEND, SATURDAY),
    "upcoming": (RELATIVE, "coming"),
    "previous": (RELATIVE, "last"),
    "date": (UNIT, "day"),
    "after": (LIMIT, "after"),
    "from": (FROM, None),
    "later": (LATER, "after"),
    "onwards": (LATER, "after"),
    "onward": (LATER, "after"),
    "earliest": (LATER, "after"),
    "latest": (LATER, "before"),
    "within": (IN, "within"),
    "earlier": (LATER, "before"),
    "not": (NOT, None),
    "no": (NOT, None),
    "in": (IN, None),
}
# Tokens between the pieces of a date that mean nothing.
_GLUE = frozenset(("of", "the", "on", ",", ".", "(", ")", "at", "than", "'s", "for", "a", "an"))
# Words for a part of a month, and how they are followed by it: `end of june`, `mid june`.
_EDGES = {"early": "", "mid": "", "late": "", "beginning": "of", "start": "of", "middle": "of", "end": "of"}
_EDGE_NAMES = {"mid": "middle", "beginning": "start"}
_PARTS = ("half", "weekend")  # of a month, without a slot
_SOME_DAY = ("available", "possible")  # the first available day
_OPEN = ("any", "anytime", "anything", "sometime", "whenever")
# All tokens that count beside a slot, except numbers.
VOCABULARY = frozenset(
    (
        *WORDS,
        *_GLUE,
        *_EDGES,
        *_SOME_DAY,
        *_OPEN,
        "between",
        "now",
        "today",
        "tomorrow",
        "earlier",
        "half",
        "up",
        "time",
        "date",
    )
)
_DIGITS = "0123456789"
_SIGNS = "/-."  # in a date
_JOINING = ("/", "-", ".")
_NO_WORD: tuple[int, Any] = (NOTHING, None)


def _stem(text: str) -> str:
    return text.removesuffix("s")


def _kind(text: str) -> int:
    """The kind of piece that a token is, whatever is around it."""
    return (WORDS.get(text) or WORDS.get(_stem(text), _NO_WORD))[0]


def _is_named(text: str) -> bool:
    """Say whether the token is a weekday, a week or the like."""
    return _kind(text) in (WEEKDAY, UNIT, WEEKEND)


# --- tokens -> pieces ------------------------------------------------------------------------------


def piece_at(tokens: Tokens, at: int) -> Piece:
    """The piece that begins at a token: by its neighbours, as a number, or by itself."""
    text, mark = tokens.texts[at], tokens.marks[at]
    if mark in (FOREIGN, BESIDE):
        return Piece(BREAK, None, at + 1)
    for rule in NEIGHBOURS.get(text, ()):
        if piece := rule(tokens, at):
            return piece
    if not is_own(mark):
        number = number_of_units(tokens, at)
    else:
        is_whole = _is_plain(text) and tokens.text(at + 1) not in _JOINING  # as most are
        number = None if is_whole else written_day(tokens, at) or span(text, at + 1)
        number = number or _slot_number(tokens, at)
    return number or _token(text, mark, at + 1, is_told=_is_told(tokens, at))


def _token(text: str, mark: str, end: int, *, is_told: bool) -> Piece:
    """The piece that a token is by itself; a weekday or a month without a slot is none, unless it is told by others."""
    is_ours = is_own(mark)
    stem = text.removesuffix("'s").removesuffix("'")
    if _edge_before(stem):
        stem = stem.partition("-")[2]
    kind, value = WORDS.get(stem) or WORDS.get(_stem(stem)) or _slip(stem, mark) or _NO_WORD
    if kind == WEEKDAY and _is_plural(text, stem):
        kind = EVERY
    if not (is_ours or is_told) and kind & (WEEKDAY | EVERY | MONTH | WEEKEND):
        return Piece(BREAK, None, end)
    if kind or text in _GLUE:
        return Piece(kind, value, end)
    return Piece(UNKNOWN if is_ours else BREAK, text, end)


def _is_plain(text: str) -> bool:
    """Say whether a token is only letters, only digits or `2nd`."""
    return text.isalpha() or text[:-2].isdigit() or text.isdigit()


def span(text: str, end: int) -> Piece | None:
    """`fri-sun`, `july-august` as one token."""
    first, _, last = text.partition("-")
    kind = _kind(first) if last else NOTHING
    if kind not in (WEEKDAY, MONTH) or kind != _kind(last):
        return None
    ends = [(WORDS.get(name) or WORDS[_stem(name)])[1] for name in (first, last)]
    return Piece(SPAN, (kind, *ends), end)


def _edge_before(text: str) -> str:
    """The `middle` of `mid-december`."""
    edge, _, month = text.partition("-")
    return _EDGE_NAMES.get(edge, edge) if edge in _EDGES and _kind(month) == MONTH else ""


def _slip(text: str, mark: str) -> tuple[int, Any] | None:
    """The month or the weekday that is one slip away: `agust`, `novembr`, `firday`; None if there is not just one."""
    kind = {"month_name": MONTH, "day_name": WEEKDAY}.get(mark[2:])
    if kind is None or len(text) < 4:
        return None
    names = MONTH_NAMES if kind == MONTH else DAY_NAMES
    found = [n for n, name in enumerate(names, start=kind == MONTH) if _is_slip(text, name.lower())]
    return (kind, found[0]) if len(found) == 1 else None


def _is_slip(text: str, name: str) -> bool:
    """Say whether one letter is wrong, missing or too many, or two are swapped; not the first letter alone."""
    if text[0] != name[0] or len(name) < 4:
        return False
    at = next((n for n, (a, b) in enumerate(zip(text, name, strict=False)) if a != b), min(len(text), len(name)))
    mine, its = text[at:], name[at:]
    return mine[1:] in (its[1:], its) or mine == its[1:] or (mine[2:] == its[2:] and mine[:2] == its[:2][::-1])


def _is_told(tokens: Tokens, at: int) -> bool:
    """Say whether a weekday or a weekend without a slot counts: `the second monday of` june, july 4th `weekend`."""
    if tokens.marks[at] != FREE:
        return False
    if tokens.texts[at] == "weekend":
        is_of = tokens.text(at + 1) in ("of", "in")
        return at > 0 and not is_of and tokens.marks[at - 1][2:] in ("day_number", "month_name")
    return tokens.text(at + 1) in ("of", "in") and _is_ordinal(tokens.text(at - 1))


def _is_ordinal(text: str) -> bool:
    number = number_at((text,), 0, 1) if text else None
    return text == "last" or (number is not None and number.ordinal)


def _is_plural(text: str, stem: str) -> bool:
    return stem.endswith("s") and stem not in WORDS and not text.endswith("'s")


# Lexing rules: what a token is because of its neighbours; None leaves it to the next rule.


def this_part_of_today(tokens: Tokens, at: int) -> Piece | None:
    """`this` of `this afternoon` is today."""
    if tokens.text(at + 1) in WORDS:
        return None
    kind = tokens.marks[at][2:]
    is_beside = at + 1 < len(tokens.marks) and tokens.marks[at + 1] == BESIDE
    is_today = kind == "today_relative" or (kind == "date_relative" and is_beside)
    return Piece(TODAY, 0, at + 1) if is_today else None


def one_unit(tokens: Tokens, at: int) -> Piece | None:
    """`a week` is one week."""
    return Piece(COUNT, 1, at + 1) if tokens.text(at + 1) in _UNITS else None


def edge_of(tokens: Tokens, at: int) -> Piece | None:
    """`mid` december, `early in` june, `the end of` march; not `early may 5`."""
    text = tokens.texts[at]
    name = _EDGE_NAMES.get(text, text)
    at += 1 + (tokens.text(at + 1) in (_EDGES[text] or "in", "-"))
    if _EDGES[text] and tokens.text(at - 1) != "of":
        return None
    period = tokens.after_glue(at, ("the",))
    kind = _kind(tokens.text(period))
    day = tokens.after_glue(period + 1, ("the", ","))
    if day < len(tokens.texts) and is_own(tokens.marks[day]) and tokens.marks[day][2:] == "day_number":
        return None
    is_month = kind == MONTH and is_own(tokens.marks[period])
    return Piece(EDGE, name, at) if is_month or kind & (UNIT | RELATIVE) else None


def first_available(tokens: Tokens, at: int) -> Piece | None:
    """`the first available day in` june; `first available` anything else is no first of a month."""
    if tokens.text(at + 1) not in _SOME_DAY:
        return None
    if tokens.text(at + 2) not in ("day", "date"):
        return Piece(UNKNOWN, f"{tokens.texts[at]} available", at + 2) if is_own(tokens.marks[at]) else None
    end = at + 3 + (tokens.text(at + 3) in ("of", "in"))
    return Piece(EDGE, f"{'last' if tokens.texts[at] in ('last', 'latest') else 'first'} available", end)


def edge_day_of(tokens: Tokens, at: int) -> Piece | None:
    """`the last day of` june, `the 1st day of` next month."""
    is_whole = tokens.text(at + 1) == "day" and tokens.text(at + 2) in ("of", "in")
    return Piece(EDGE, "last day" if tokens.texts[at] == "last" else "first day", at + 3) if is_whole else None


def last_of(tokens: Tokens, at: int) -> Piece | None:
    """`the last friday of` november."""
    is_counted = _kind(tokens.text(at + 1)) == WEEKDAY or tokens.text(at + 1) in _PARTS
    is_whole = is_counted and tokens.text(at + 2) in ("of", "in")
    return Piece(NTH, -1, at + 1) if is_whole else None


def any_from(tokens: Tokens, at: int) -> Piece | None:
    """`any day from` june 4 is after it; `any day from` june 4 `to` june 8 is a range."""
    before = [tokens.text(n) for n in range(at - 1, at - 4, -1)]
    is_open = not {*before}.isdisjoint(_OPEN)
    is_range = any(
        WORDS.get(text) == (JOINT, TO) or text in ("until", "till") for text in tokens.texts[at + 1 : at + 7]
    )
    return Piece(LIMIT, "after", at + 1) if is_open and not is_range else None


def length_on(tokens: Tokens, at: int) -> Piece | None:
    """`a week on` monday."""
    is_length = _stem(tokens.text(at - 1)) in _UNITS and _is_count(tokens, at - 2)
    following = tokens.after_glue(at + 1, ("the",))
    is_day = _kind(tokens.text(following)) & (WEEKDAY | RELATIVE)
    return Piece(FROM, None, at + 1) if is_length and is_day else None


def _is_count(tokens: Tokens, at: int) -> bool:
    """Say whether the token counts the units after it, and not how long something takes: not `for a week on monday`."""
    text = tokens.text(at)
    is_count = text in ("a", "an", "one") or is_own(tokens.marks[at]) or (text and number_at((text,), 0, 1) is not None)
    return at >= 0 and bool(is_count) and tokens.text(at - 1) not in ("for", "of", "once", "twice", "stay", "about")


def date_of(tokens: Tokens, at: int) -> Piece | None:
    """`a date of` the 9th means nothing."""
    return Piece(NOTHING, None, at + 1) if tokens.text(at + 1) == "of" else None


def after_next(tokens: Tokens, at: int) -> Piece | None:
    """`the week after next`, but not `the day after next monday`."""
    is_whole = tokens.text(at + 1) == "next" and not _is_named(tokens.text(at + 2))
    return Piece(RELATIVE, "after next", at + 2) if is_whole and _is_named(tokens.text(at - 1)) else None


def later_than(tokens: Tokens, at: int) -> Piece | None:
    """`later than` is after, `earlier than` is before."""
    limit = "after" if tokens.texts[at] == "later" else "before"
    return Piece(LIMIT, limit, at + 2) if tokens.text(at + 1) == "than" else None


def tie(tokens: Tokens, at: int) -> Piece | None:
    """`friday before december 5`: the weekday is tied to the date that follows."""
    if not _kind(tokens.text(at - 1)) & (WEEKDAY | WEEKEND) or not is_own(tokens.marks[at - 1]):
        return None
    following = tokens.after_glue(at + 1, _GLUE)
    mark = tokens.marks[following] if following < len(tokens.marks) else FREE
    is_tied = is_own(mark) or (is_own(tokens.marks[at]) and mark == FREE)  # `friday after` a day without a slot
    return Piece(TIE, tokens.texts[at], at + 1) if is_tied else None


def week_on(tokens: Tokens, at: int) -> Piece | None:
    """`friday week`, `tomorrow fortnight`, but not `friday week of` or `week after`."""
    is_alone = tokens.text(at + 1) not in ("of", "after")
    weeks = 2 if tokens.texts[at] == "fortnight" else 1
    return Piece(WEEK_ON, weeks, at + 1) if is_alone and _kind(tokens.text(at - 1)) & (WEEKDAY | TODAY) else None


def up_to(tokens: Tokens, at: int) -> Piece | None:
    """`up to` is before."""
    return Piece(LIMIT, "before", at + 2) if tokens.text(at + 1) == "to" else None


NEIGHBOURS: dict[str, tuple[Callable[[Tokens, int], Piece | None], ...]] = {
    "this": (this_part_of_today,),
    "a": (one_unit,),
    "an": (one_unit,),
    "date": (date_of,),
    "last": (first_available, edge_day_of, last_of),
    "latest": (first_available,),
    "earliest": (first_available,),
    "first": (first_available, edge_day_of),
    "1st": (first_available, edge_day_of),
    **dict.fromkeys(_EDGES, (edge_of,)),
    "from": (any_from,),
    "on": (length_on,),
    "after": (after_next, tie),
    "before": (tie,),
    "later": (later_than,),
    "earlier": (later_than,),
    "week": (week_on,),
    "fortnight": (week_on,),
    "up": (up_to,),
}


# --- numbers -> pieces -----------------------------------------------------------------------------


def number_of_units(tokens: Tokens, at: int) -> Piece | None:
    """`two` of `two weeks`, `second` of `the second monday of`, without a slot."""
    number = number_at(tokens.texts, at, at + 1)
    if number is None:
        return None
    if number.ordinal:
        return nth_of(tokens, at, number)
    return Piece(COUNT, number.value, at + 1) if _stem(tokens.text(at + 1)) in _UNITS else None


def written_day(tokens: Tokens, at: int) -> Piece | None:
    """`08dec`, `dec8`, `8-dec-26`: a day with its month in one token, or in three or five that signs join."""
    texts = tokens.texts
    is_one = texts[at].isalnum() and tokens.text(at + 1) not in _JOINING
    for end in (at + 1,) if is_one else (at + 5, at + 3, at + 1):
        marks = tokens.marks[at:end]
        day = day_and_month("".join(texts[at:end])) if len(marks) == end - at else None
        if day and FOREIGN not in marks and BESIDE not in marks and _is_alone(tokens, at, end):
            return Piece(DAY, day[0], end)
    return None


def _is_alone(tokens: Tokens, at: int, end: int) -> bool:
    """Say whether no other month or day is next to the tokens: not the `5-july` of `june 5-july 3`."""
    for n in (at - 1, end):
        text = tokens.text(n)
        if text and is_own(tokens.marks[n]) and (_kind(text) == MONTH or _is_day(text)):
            return False
    return tokens.text(end) != "of"


def _is_day(text: str) -> bool:
    number = number_at((text,), 0, 1)
    return number is not None and number.value < 100


def day_and_month(text: str) -> tuple[int, int, int | None] | None:
    """The day, the month and the year of `08dec`, `dec-8`, `8/dec/2026`; None if it is anything else."""
    if not text.isascii():
        return None
    runs = ["".join(run).strip(_SIGNS) for _, run in groupby(text, str.isdigit)]
    if text[0] not in _DIGITS and len(runs) > 1:  # the month first
        runs[:2] = runs[1::-1]
        runs = [run for run in runs if run and run not in ("st", "nd", "rd", "th")]
        is_day = len(runs) == 2 or (len(runs) == 3 and len(runs[2]) == 4)
    else:
        runs[1:2] = [run[3:] if run[:3] in ("st-", "nd-", "rd-", "th-") else run for run in runs[1:2]]
        is_day = len(runs) == 2 or (len(runs) == 3 and len(runs[2]) in (2, 4))
    kind, month = WORDS.get(runs[1], _NO_WORD) if is_day else _NO_WORD
    if kind != MONTH or len(runs[0]) > 2:
        return None
    return int(runs[0]), month, int(runs[2]) if len(runs) == 3 else None


def _slot_number(tokens: Tokens, at: int) -> Piece | None:
    """The piece that a number in a slot is."""
    number = number_at(tokens.texts, at, tokens.end_of_slot(at))
    if number is None:
        return _numeric_date(tokens.texts[at], at + 1)
    for rule in NUMBERS:
        if piece := rule(tokens, at, number):
            return piece
    return None


def _numeric_date(text: str, end: int) -> Piece | None:
    """`11/2`; anything else that begins with a digit is unknown."""
    if text[0] not in _DIGITS or text in WORDS:
        return None
    parts = _numbers_of(text)
    return Piece(NUMERIC, parts, end) if parts else Piece(UNKNOWN, text, end)


def _numbers_of(text: str) -> tuple[str, tuple[str, ...]] | None:
    """The separator and the numbers of `11/2`, `2026-11-02`, `10.03.2026`."""
    for separator in "/-.":
        parts = text.strip(separator).split(separator)
        if len(parts) > 1:
            is_date = len(parts) <= 3 and all(len(p) <= 4 and p.isascii() and p.isdigit() for p in parts)
            return (separator, tuple(parts)) if is_date else None
    return None


def nth_of(tokens: Tokens, at: int, number: Number) -> Piece | None:
    """`first` of `the first monday of may`, `the first half of may`, `the first week`."""
    return Piece(NTH, number.value, number.end) if number.ordinal and _counts(tokens, number.end) else None


def _counts(tokens: Tokens, at: int) -> bool:
    """Say whether an ordinal before the position counts what follows."""
    if at >= len(tokens.texts):
        return False
    text, mark, following = tokens.texts[at], tokens.marks[at], tokens.text(at + 1)
    if text == "half":  # not: november second, half past six
        return following == "of" and (mark != BESIDE or tokens.joins(at + 1, _GLUE, is_range=True))
    if _kind(text) == WEEKDAY:
        return following in ("of", "in") or (is_own(mark) and following in ("after", "before"))
    if text == "weekend" and mark == FREE:  # not: july 4th weekend
        return following in ("of", "in")
    return (text == "week" and mark == FREE) or (text in ("week", "weekend") and is_own(mark))


def date_with_hyphens(tokens: Tokens, at: int, number: Number) -> Piece | None:
    """`12-05-2026`, which the tokenizer splits."""
    marks = tokens.marks[at : at + 5]
    if tokens.text(at + 1) != "-" or FOREIGN in marks or BESIDE in marks:
        return None
    parts = _numbers_of("".join(tokens.texts[at : at + 5]))
    is_whole = parts and len(parts[1]) == 3 and len(parts[1][-1]) > 1
    return Piece(NUMERIC, parts, at + 5) if is_whole else None


def year(tokens: Tokens, at: int, number: Number) -> Piece | None:
    """`1991`, and `27` in a slot for years; `2027 days` is not a year."""
    is_year = number.value >= 1000 and not number.ordinal and _stem(tokens.text(at + 1)) not in _UNITS
    if not is_year and tokens.marks[at][2:] != "year":
        return None
    is_odd = number.value < 10 or 99 < number.value < 1000
    return Piece(UNKNOWN, tokens.texts[at], number.end) if is_odd else Piece(YEAR, number.value, number.end)


def count(tokens: Tokens, at: int, number: Number) -> Piece | None:
    """`two` of `in two weeks`, in a slot."""
    is_count = tokens.marks[at][2:] == "date_relative" and not number.ordinal
    return Piece(COUNT, number.value, number.end) if is_count else None


def day(tokens: Tokens, at: int, number: Number) -> Piece:
    """`2nd`, `27`, `twenty seventh`."""
    return Piece(DAY, number.value, number.end)


NUMBERS: tuple[Callable[[Tokens, int, Number], Piece | None], ...] = (nth_of, date_with_hyphens, year, count, day)

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


class DateGrouping(Grouping[DatePhrase]):
    """Pieces -> dates."""

    glue = _GLUE | _EDGES.keys()
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
            joint = OR if self.is_broken else self.joint or OR
            self.phrases.append(DatePhrase(joint, self._beginning(piece.kind, at)))
            self.is_cut(self.phrases[-1], at)
        self._put(self.phrases[-1], piece)
        if edge := _edge_before(self.tokens.texts[at]):
            self.phrases[-1].put(EDGE, edge)
        elif piece.kind == DAY:
            self._put_month(self.tokens.texts[at : piece.end])
        self.close(piece.end - 1)
        self.not_at = self.in_at = None

    def _put_month(self, texts: Sequence[str]) -> None:
        """Add the month and the year of a day that has them in its tokens: `08dec26`."""
        day = None if len(texts) == 1 and _is_plain(texts[0]) else day_and_month("".join(texts))
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
    _share(found)
    for phrase, following in pairwise(found):
        if phrase.is_out and following.joint == TO:  # from monday to tuesday, of which monday is ruled out
            following.joint = OR
    return [phrase for phrase in found if not phrase.is_out]


def _on_the_left(tokens: Tokens, at: int, _: int) -> int:
    """Before the first slot: `not before`, `in`, `two weeks from`."""
    text, following = tokens.texts[at], tokens.text(at + 1)
    if text in ("later", "earlier", "than", "the", "of", "on", "between"):
        return COUNTS
    kind = _kind(text)
    if kind & (RELATIVE | LIMIT | FROM | NOT | IN) or text in _EDGES or text in _SOME_DAY or following in _SOME_DAY:
        return COUNTS
    if tokens.text(at - 1) in _SOME_DAY and text in ("day", "date"):
        return COUNTS
    if kind == WEEKDAY:
        return COUNTS if _is_told(tokens, at) else STOPS
    if text in _PARTS and following in ("of", "in"):
        return COUNTS if _is_ordinal(tokens.text(at - 1)) else STOPS
    if (_kind(following) == WEEKDAY or following in _PARTS) and tokens.text(at + 2) in ("of", "in"):
        return COUNTS if _is_ordinal(text) else STOPS
    if text in ("and", "to", "until", "till") or kind == TODAY:
        return _from_today(tokens, at)
    return COUNTS if _is_length_before(tokens, at, kind) or _is_up_to(tokens, at) else STOPS


def _from_today(tokens: Tokens, at: int) -> int:
    """`now and` of `between now and friday`."""
    if _kind(tokens.text(at)) == TODAY:
        return COUNTS if tokens.text(at - 1) in ("between", "from") else STOPS
    if _is_up_to(tokens, at):
        return COUNTS
    return PASSES if _kind(tokens.text(at - 1)) == TODAY and tokens.text(at - 2) in ("between", "from") else STOPS


def _is_length_before(tokens: Tokens, at: int, kind: int) -> bool:
    """`two` or `weeks` of `two weeks from friday`."""
    text, following = tokens.texts[at], tokens.text(at + 1)
    if kind == UNIT:
        if following == "from" or (following == "on" and text != "day") or _kind(following) == TODAY:
            return _is_count(tokens, at - 1)
        return following in ("after", "before", "of")
    return _stem(following) in _UNITS and (text in ("a", "an") or number_at(tokens.texts, at, at + 1) is not None)


def _is_up_to(tokens: Tokens, at: int) -> bool:
    text = tokens.texts[at]
    return (text == "up" and tokens.text(at + 1) == "to") or (text == "to" and tokens.text(at - 1) == "up")


def _on_the_right(tokens: Tokens, at: int, _: int) -> int:
    """After the last slot: `week`, `of this month`, `days from now`, `or later`."""
    text = tokens.texts[at]
    if _stem(text) in _UNITS or text == "date" or text in _ENDINGS.get(tokens.text(at - 1), ()):
        return COUNTS
    if text in ("onwards", "onward") or (text == "later" and _stem(tokens.text(at - 1)) in _UNITS):
        return COUNTS
    if text in _EDGES or _is_told(tokens, at):
        return COUNTS
    if text in ("latest", "earliest"):
        return COUNTS if (tokens.text(at - 2), tokens.text(at - 1)) == ("at", "the") else STOPS
    is_between = text in ("of", "the", "in", "from", "this", "next", "or", "at") or number_at(tokens.texts, at, at + 1)
    return PASSES if is_between else STOPS


# For a token after the slots, those that may follow it and end the phrase.
_ENDINGS = {"from": ("now", "today", "tomorrow"), "or": ("later", "earlier", "after", "before")}

# --- what phrases share ----------------------------------------------------------------------------


def _share(phrases: Sequence[DatePhrase]) -> None:
    """Give `the 27th or 28th of december` two Decembers, and `monday or tuesday next week` two weeks."""
    neighbours = [*pairwise(phrases)]
    for phrase, other in [(second, first) for first, second in neighbours] + neighbours[::-1]:
        phrase.take(other, _shared(phrase, other))
    for phrase, other in neighbours[::-1]:  # december 28 to january 3 2028
        if other.kinds & YEAR and phrase.kinds & (MONTH | DAY) == MONTH | DAY and not phrase.kinds & (YEAR | RELATIVE):
            is_over = other.joint == TO and phrase.month > other.month
            phrase.put(YEAR, other.year - is_over)


def _shared(mine: DatePhrase, theirs: DatePhrase) -> int:
    """The kinds of pieces that a phrase takes from its neighbour."""
    if mine.kinds & theirs.kinds & DAY and not mine.kinds & ~(DAY | WEEKDAY | LIMIT | YEAR):
        return MONTH | RELATIVE | UNIT | (YEAR & ~mine.kinds)
    if mine.kinds == RELATIVE and theirs.kinds & ~LIMIT == WEEKDAY | RELATIVE:  # this friday or next
        return WEEKDAY
    if mine.kinds == WEEKDAY and theirs.kinds & WEEKDAY and not theirs.kinds & ~(WEEKDAY | RELATIVE | UNIT):
        return RELATIVE | UNIT
    return 0
