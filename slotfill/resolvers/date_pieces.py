"""The tokens of a date role -> pieces: words and numbers that mean something in a date.

WORDS has the words of dates. Those whose meaning depends on the tokens around them have lexing rules in NEIGHBOURS, and
numbers have theirs in NUMBERS.
"""

from __future__ import annotations  # not evaluated: 2 % of a start, with the other rules

from collections.abc import Callable
from itertools import groupby
from typing import Any

from slotfill.resolvers.grouping import (
    BREAK,
    JOINT,
    NOTHING,
    OR,
    TO,
    Piece,
    Tokens,
    is_own,
)
from slotfill.resolvers.numbers import (
    Number,
    number_at,
)
from slotfill.resolvers.reading import (
    BESIDE,
    FOREIGN,
    FREE,
)

DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTH_NAMES = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)

# --- pieces ----------------------------------------------------------------------------------------

# In the order of DatePhrase.FIELDS: first those that name a day or days, then those that do so only with others. The
# last four are never in a phrase.
WEEKDAY, EVERY, WEEKEND, MONTH, DAY, YEAR, TODAY, NUMERIC = (1 << n for n in range(8))
RELATIVE, UNIT, COUNT, NTH, WEEK_ON, DISTANCE, LIMIT, LATER, IN, UNKNOWN, EDGE, SOME = (1 << n for n in range(8, 20))
FROM, NOT, TIE, SPAN = (1 << n for n in range(20, 24))
CALENDAR = MONTH | DAY | YEAR | NUMERIC
POINTS = WEEKDAY | EVERY | WEEKEND | TODAY | CALENDAR

SATURDAY = 5


# --- words -----------------------------------------------------------------------------------------

# Short forms and the slips that people make most.
_DAYS = "mon,tue tues,wed weds wensday wendsday,thu thur thurs,fri,sat saterday,sun"
_MONTHS = "jan,feb febuary,mar,apr,,jun,jul,aug,sep sept,oct,nov,dec"
_TODAYS = {
    -1: "yesterday",
    0: "today now tonight tonite 2nite 2night 2day",
    1: "tomorrow tomorow tommorow tommorrow tomorro tmrw tmr tmw 2morrow 2moro 2mrw",
}
UNITS = ("day", "week", "month", "year", "fortnight")
WORDS: dict[str, tuple[int, Any]] = {
    **{name.lower(): (WEEKDAY, n) for n, name in enumerate(DAY_NAMES)},
    **{name: (WEEKDAY, n) for n, names in enumerate(_DAYS.split(",")) for name in names.split()},
    **{name.lower(): (MONTH, n) for n, name in enumerate(MONTH_NAMES, start=1)},
    **{name: (MONTH, n) for n, names in enumerate(_MONTHS.split(","), start=1) for name in names.split()},
    **{name: (TODAY, n) for n, names in _TODAYS.items() for name in names.split()},
    **{name: (UNIT, name) for name in UNITS},
    **{name: (RELATIVE, name) for name in ("next", "this", "last", "same", "following", "coming")},
    **dict.fromkeys(("before", "by", "until", "till"), (LIMIT, "before")),
    **dict.fromkeys(("or", "and", "then", "/", "&", "otherwise", "alternatively"), (JOINT, OR)),
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
GLUE = frozenset(("of", "the", "on", ",", ".", "(", ")", "at", "than", "'s", "for", "a", "an"))
FILLERS = frozenset(("uh", "um", "er", "erm"))  # june uh the 16th
# Words for a part of a month, and how they are followed by it: `end of june`, `mid june`.
EDGES = {"early": "", "mid": "", "late": "", "beginning": "of", "start": "of", "middle": "of", "end": "of"}
_EDGE_NAMES = {"mid": "middle", "beginning": "start"}
PARTS = ("half", "weekend")  # of a month, without a slot
SOME_DAY = ("available", "possible")  # the first available day
# They have no day of their own here; but a day before or after one is another day.
HOLIDAYS = frozenset(("christmas", "xmas", "easter", "thanksgiving", "new", "hanukkah", "diwali", "eid", "ramadan"))
_NOUNS = ("flight", "flights")  # after `a friday`
_STARTS = ("commencing", "beginning", "starting")  # after `week`
_EACH = ("every", "each")
_OPEN = ("any", "anytime", "anything", "sometime", "whenever")
# All tokens that count beside a slot, except numbers.
VOCABULARY = frozenset(
    (
        *WORDS,
        *GLUE,
        *FILLERS,
        *EDGES,
        *SOME_DAY,
        *HOLIDAYS,
        *_STARTS,
        *_EACH,
        *_OPEN,
        "between",
        "if",
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


def singular(text: str) -> str:
    """The token without a final s."""
    return text.removesuffix("s")


def kind_of(text: str) -> int:
    """The kind of piece that a token is, whatever is around it."""
    return (WORDS.get(text) or WORDS.get(singular(text), _NO_WORD))[0]


def _is_named(text: str) -> bool:
    """Say whether the token is a weekday, a week or the like."""
    return kind_of(text) in (WEEKDAY, UNIT, WEEKEND)


# --- tokens -> pieces ------------------------------------------------------------------------------


def piece_at(tokens: Tokens, at: int) -> Piece:
    """The piece that begins at a token: by its neighbours, as a number, or by itself."""
    text, mark = tokens.texts[at], tokens.marks[at]
    if mark in (FOREIGN, BESIDE):
        return Piece(BREAK, None, at + 1)
    for rule in NEIGHBOURS.get(text, ()):
        if piece := rule(tokens, at):
            return piece
    if number := _number(tokens, at):
        return number
    is_each = tokens.text(at - 1) in _EACH
    return _token(text, mark, at + 1, is_told=is_told_by_others(tokens, at), is_each=is_each)


def _number(tokens: Tokens, at: int) -> Piece | None:
    """The piece that begins at a token with a number in it."""
    text = tokens.texts[at]
    is_word = text in WORDS
    if not is_own(tokens.marks[at]):
        return None if is_word else number_of_units(tokens, at)
    if is_plain(text) and tokens.text(at + 1) not in _JOINING:  # as most are
        return None if is_word else _slot_number(tokens, at)
    return written_day(tokens, at) or span(text, at + 1) or _slot_number(tokens, at)


def _token(text: str, mark: str, end: int, *, is_told: bool, is_each: bool) -> Piece:
    """The piece that a token is by itself; a weekday or a month without a slot is none, unless it is told by others."""
    is_ours = is_own(mark)
    stem = text.removesuffix("'s").removesuffix("'")
    if edge_before(stem):
        stem = stem.partition("-")[2]
    kind, value = WORDS.get(stem) or WORDS.get(singular(stem)) or _slip(stem, mark) or _NO_WORD
    if kind == WEEKDAY and (is_each or _is_plural(text, stem)):
        kind = EVERY
    if not (is_ours or is_told) and kind & (WEEKDAY | EVERY | MONTH | WEEKEND):
        return Piece(BREAK, None, end)
    if kind or text in GLUE or text in FILLERS:
        return Piece(kind, value, end)
    return Piece(UNKNOWN if is_ours else BREAK, text, end)


def is_plain(text: str) -> bool:
    """Say whether a token is only letters, only digits or `2nd`."""
    return text.isalpha() or text[:-2].isdigit() or text.isdigit()


def span(text: str, end: int) -> Piece | None:
    """`fri-sun`, `july-august` as one token."""
    first, _, last = text.partition("-")
    kind = kind_of(first) if last else NOTHING
    if kind not in (WEEKDAY, MONTH) or kind != kind_of(last):
        return None
    ends = [(WORDS.get(name) or WORDS[singular(name)])[1] for name in (first, last)]
    return Piece(SPAN, (kind, *ends), end)


def edge_before(text: str) -> str:
    """The `middle` of `mid-december`."""
    edge, _, month = text.partition("-")
    return _EDGE_NAMES.get(edge, edge) if edge in EDGES and kind_of(month) == MONTH else ""


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


def is_told_by_others(tokens: Tokens, at: int) -> bool:
    """Say whether a weekday or a weekend without a slot counts: `the second monday of` june, july 4th `weekend`."""
    if tokens.marks[at] != FREE:
        return False
    if tokens.texts[at] == "weekend":
        is_of = tokens.text(at + 1) in ("of", "in")
        return at > 0 and not is_of and tokens.marks[at - 1][2:] in ("day_number", "month_name")
    return tokens.text(at + 1) in ("of", "in") and is_ordinal(tokens.text(at - 1))


def is_some_weekday(tokens: Tokens, at: int) -> bool:
    """Say whether a weekday is any such day: `on a friday`, `any friday`; but not `on a friday flight`."""
    is_some = tokens.text(at - 1) == "any" or (tokens.text(at - 2), tokens.text(at - 1)) == ("on", "a")
    return is_some and tokens.text(at + 1) not in _NOUNS


def is_ordinal(text: str) -> bool:
    """Say whether the token counts in a row: `second`, `3rd`, `last`."""
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
    return Piece(COUNT, 1, at + 1) if tokens.text(at + 1) in UNITS else None


def edge_of(tokens: Tokens, at: int) -> Piece | None:
    """`mid` december, `early in` june, `the end of` march; not `early may 5`."""
    text = tokens.texts[at]
    name = _EDGE_NAMES.get(text, text)
    at += 1 + (tokens.text(at + 1) in (EDGES[text] or "in", "-"))
    if EDGES[text] and tokens.text(at - 1) != "of":
        return None
    period = tokens.after_glue(at, ("the",))
    kind = kind_of(tokens.text(period))
    day = tokens.after_glue(period + 1, ("the", ","))
    if day < len(tokens.texts) and is_own(tokens.marks[day]) and tokens.marks[day][2:] == "day_number":
        return None
    if kind == RELATIVE and kind_of(tokens.text(period + 1)) == WEEKDAY:  # early next monday: in the morning
        return None
    is_month = kind == MONTH and is_own(tokens.marks[period])
    return Piece(EDGE, name, at) if is_month or kind & (UNIT | RELATIVE) else None


def first_available(tokens: Tokens, at: int) -> Piece | None:
    """`the first available day in` june; `first available` anything else is no first of a month."""
    if tokens.text(at + 1) not in SOME_DAY:
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
    is_counted = kind_of(tokens.text(at + 1)) == WEEKDAY or tokens.text(at + 1) in PARTS
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
    is_length = singular(tokens.text(at - 1)) in UNITS and counts_units(tokens, at - 2)
    following = tokens.after_glue(at + 1, ("the",))
    is_day = kind_of(tokens.text(following)) & (WEEKDAY | RELATIVE)
    return Piece(FROM, None, at + 1) if is_length and is_day else None


def counts_units(tokens: Tokens, at: int) -> bool:
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
    if not kind_of(tokens.text(at - 1)) & (WEEKDAY | WEEKEND) or not is_own(tokens.marks[at - 1]):
        return None
    following = tokens.after_glue(at + 1, GLUE)
    mark = tokens.marks[following] if following < len(tokens.marks) else FREE
    is_tied = is_own(mark) or (is_own(tokens.marks[at]) and mark == FREE)  # `friday after` a day without a slot
    is_tied = is_tied or is_near_holiday(tokens, at + 1)
    return Piece(TIE, tokens.texts[at], at + 1) if is_tied else None


def week_on(tokens: Tokens, at: int) -> Piece | None:
    """`friday week`, `tomorrow fortnight`, but not `friday week of` or `week after`."""
    is_alone = tokens.text(at + 1) not in ("of", "after")
    weeks = 2 if tokens.texts[at] == "fortnight" else 1
    return Piece(WEEK_ON, weeks, at + 1) if is_alone and kind_of(tokens.text(at - 1)) & (WEEKDAY | TODAY) else None


def any_day(tokens: Tokens, at: int) -> Piece | None:
    """The `day` of `any day after june 4`, which is not the day after it."""
    return Piece(NOTHING, None, at + 1) if tokens.text(at - 1) == "any" else None


def week_from(tokens: Tokens, at: int) -> Piece | None:
    """`the week beginning` december 7."""
    return Piece(UNIT, "week from", at + 2) if tokens.text(at + 1) in _STARTS else None


def holiday(tokens: Tokens, at: int) -> Piece | None:
    """The `christmas` of `the saturday before christmas`, which no slot has."""
    name = "new year" if tokens.texts[at] == "new" else tokens.texts[at]
    return Piece(UNKNOWN, name, at + 1) if is_near_holiday(tokens, at) else None


def is_near_holiday(tokens: Tokens, at: int) -> bool:
    """Say whether the token is a holiday, without a slot, that another day is before or after."""
    is_new_year = tokens.texts[at] != "new" or tokens.text(at + 1) in ("year", "years")
    if tokens.marks[at] != FREE or tokens.texts[at] not in HOLIDAYS or not is_new_year:
        return False
    return tokens.text(at - 1) in ("before", "after")


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
    **dict.fromkeys(EDGES, (edge_of,)),
    "from": (any_from,),
    "on": (length_on,),
    "after": (after_next, tie),
    "before": (tie,),
    "later": (later_than,),
    "earlier": (later_than,),
    "day": (any_day,),
    "week": (week_on, week_from),
    **dict.fromkeys(HOLIDAYS, (holiday,)),
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
    return Piece(COUNT, number.value, at + 1) if singular(tokens.text(at + 1)) in UNITS else None


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
        if text and is_own(tokens.marks[n]) and (kind_of(text) == MONTH or _is_day(text)):
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
        is_day = len(runs) == 2 or (len(runs) == 3 and len(runs[2]) == 4 and runs[2].isdigit())
    else:
        runs[1:2] = [run[3:] if run[:3] in ("st-", "nd-", "rd-", "th-") else run for run in runs[1:2]]
        is_day = len(runs) == 2 or (len(runs) == 3 and len(runs[2]) in (2, 4))
    kind, month = WORDS.get(runs[1], _NO_WORD) if is_day else _NO_WORD
    if kind != MONTH or len(runs[0]) > 2 or not runs[0].isdigit():
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
        return following == "of" and (mark != BESIDE or tokens.joins(at + 1, GLUE, is_range=True))
    if kind_of(text) == WEEKDAY:
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
    is_year = number.value >= 1000 and not number.ordinal and singular(tokens.text(at + 1)) not in UNITS
    if not is_year and tokens.marks[at][2:] != "year":
        return None
    is_odd = number.value < 10 or 99 < number.value < 1000
    return Piece(UNKNOWN, tokens.texts[at], number.end) if is_odd else Piece(YEAR, number.value, number.end)


def count(tokens: Tokens, at: int, number: Number) -> Piece | None:
    """`two` of `in two weeks`, in a slot; in one that is a whole date, only before `weeks`."""
    kind = tokens.marks[at][2:]
    is_count = kind == "date_relative" or (kind == "date" and singular(tokens.text(number.end)) in UNITS)
    is_count = is_count and not number.ordinal
    return Piece(COUNT, number.value, number.end) if is_count else None


def day(tokens: Tokens, at: int, number: Number) -> Piece:
    """`2nd`, `27`, `twenty seventh`."""
    return Piece(DAY, number.value, number.end)


NUMBERS: tuple[Callable[[Tokens, int, Number], Piece | None], ...] = (nth_of, date_with_hyphens, year, count, day)
