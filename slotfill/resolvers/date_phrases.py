"""The words of a date role -> phrases, one for each date that they speak of.

Words become pieces: a weekday, a month, `next`, `week`, `after` ... Pieces become a phrase until a joint (`or`, `to`)
or foreign words part them, or until a piece would be there twice: `friday or the 3rd` are two phrases.
"""

from collections.abc import Collection, Sequence
from itertools import pairwise
from typing import Any

from slotfill.resolvers.numbers import number_at
from slotfill.resolvers.reading import BESIDE, FOREIGN, FREE, ends_between, is_own, joins

DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTH_NAMES = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
# Short forms and the slips that people make most.
_DAYS = "mon,tue tues,wed weds wensday wendsday,thu thur thurs,fri,sat saterday,sun"
_MONTHS = "jan,feb febuary,mar,apr,,jun,jul,aug,sep sept,oct,nov,dec"
_TODAYS = {
    -1: "yesterday",
    0: "today now tonight tonite 2nite 2night 2day",
    1: "tomorrow tomorow tommorow tommorrow tomorro tmrw tmr tmw 2morrow 2moro 2mrw",
}
_UNITS = ("day", "week", "month", "year", "fortnight")
_WORDS: dict[str, tuple[str, Any]] = {
    **{name.lower(): ("weekday", n) for n, name in enumerate(DAY_NAMES)},
    **{name: ("weekday", n) for n, names in enumerate(_DAYS.split(",")) for name in names.split()},
    **{name.lower(): ("month", n) for n, name in enumerate(MONTH_NAMES, start=1)},
    **{name: ("month", n) for n, names in enumerate(_MONTHS.split(","), start=1) for name in names.split()},
    **{name: ("today", n) for n, names in _TODAYS.items() for name in names.split()},
    **{name: ("unit", name) for name in _UNITS},
    **{name: ("relative", name) for name in ("next", "this", "last", "same", "following", "coming")},
    **dict.fromkeys(("before", "by", "until", "till"), ("limit", "before")),
    **dict.fromkeys(("or", "and", "then", "/", "&"), ("joint", "or")),
    **dict.fromkeys(("to", "through", "thru", "-", "–", "—"), ("joint", "to")),
    "weekend": ("weekend", None),
    "upcoming": ("relative", "coming"),
    "previous": ("relative", "last"),
    "date": ("unit", "day"),
    "after": ("limit", "after"),
    "from": ("from", None),
    "later": ("later", "after"),
    "onwards": ("later", "after"),
    "earlier": ("later", "before"),
    "not": ("no", None),
    "no": ("no", None),
    "in": ("in", None),
}
# What may stand between the parts of a date and says nothing.
_PLAIN = "of the on , . ( ) at than 's for a an"
_GLUE = frozenset(_PLAIN.split())
# All words that count beside a slot, but for numbers.
VOCABULARY = frozenset((*_WORDS, *_GLUE, "between", "now", "today", "tomorrow", "earlier"))
_HINTS = {"no", "in"}  # they say something only before other pieces: not before, in two weeks
_POINTS = {"weekday", "every", "weekend", "month", "day", "year", "today", "numeric"}


class Phrase:
    """The pieces of one date by their names; `joint` parts it from the one before: or, to (a range)."""

    def __init__(self, joint: str, first: int, last: int) -> None:  # a dataclass would cost 0.5 ms at the start
        self.joint, self.first, self.last = joint, first, last
        self.has: dict[str, Any] = {}


def phrases_of(words: Sequence[str], marks: Sequence[str]) -> list[Phrase]:
    """The phrases in their order; `marks` as in `reading`."""
    phrases: list[Phrase] = []
    # since the last piece:
    joint = ""
    broken = False  # by words that cannot be part of a date
    hints: dict[str, int] = {}  # where they stand
    at, end = _left(words, marks), _right(words, marks)
    while at < end:
        key, value, after = _piece(words, marks, at)
        begun = phrases[-1].has if phrases else {}
        if key == "joint" or (begun and not broken and words[at] in ("until", "till")):
            is_range = value != "or" or ends_between(words, marks, at)
            if joins(words, marks, at, glue=_GLUE, is_range=is_range):
                joint = joint or ("to" if is_range else "or")
        elif key == "break":
            broken = broken or marks[at] != BESIDE
        elif key == "later" and begun.keys() & _POINTS:  # the 5th or later
            begun.setdefault("limit", value)
            phrases[-1].last, joint = after - 1, ""
        elif key in _HINTS:
            hints[key] = at
        elif key == "from" and not _is_distance(begun):  # from monday
            pass
        elif key:
            if not phrases or joint or not _fits(begun, key, value, broken=broken):
                start = hints.get("no", at) if key == "limit" else hints.get("in", at) if key == "count" else at
                phrases.append(Phrase("or" if broken or not joint else joint, start, at))
            _add(phrases[-1].has, key, value, hints=hints)
            phrases[-1].last, joint, broken = after - 1, "", False
            hints.clear()
        at = after
    found = [phrase for phrase in phrases if phrase.has]
    _share(found)
    return found


def _piece(words: Sequence[str], marks: Sequence[str], at: int) -> tuple[str, Any, int]:
    """The piece at a word, what it says, and where it ends; '' says nothing, `break` cannot be of a date."""
    word, mark = words[at], marks[at]
    if mark in (FOREIGN, BESIDE):
        return "break", None, at + 1
    following = words[at + 1] if at + 1 < len(words) else ""
    if is_own(mark):
        if number := number_at(words, at, _end_of_slot(marks, at)):
            key = "count" if mark[2:] == "date_relative" and not number.ordinal else "day"
            is_count = following.removesuffix("s") in _UNITS
            is_year = mark[2:] == "year" or (number.value >= 1000 and not number.ordinal and not is_count)
            return "year" if is_year else key, number.value, number.end
        if word[0] in "0123456789" and word not in _WORDS:
            parts = _numeric(word)
            return ("numeric", parts, at + 1) if parts else ("unknown", word, at + 1)
        if word == "this" and mark[2:] == "today_relative" and following not in _WORDS:
            return "today", 0, at + 1  # this afternoon
    elif following.removesuffix("s") in _UNITS and (number := number_at(words, at, at + 1)):
        return "count", number.value, at + 1
    if word in ("a", "an") and following in _UNITS:
        return "count", 1, at + 1
    if word == "date" and following == "of":
        return "", None, at + 1
    if word == "after" and following == "next" and _is_named(words, at - 1) and not _is_named(words, at + 2):
        return "relative", "after next", at + 2  # the week after next, not the day after next monday
    if word in ("later", "earlier") and following == "than":
        return "limit", "after" if word == "later" else "before", at + 2
    stem = word.removesuffix("'s").removesuffix("'")
    key, value = _WORDS.get(stem) or _WORDS.get(stem.removesuffix("s")) or ("", None)
    if key == "weekday" and stem.endswith("s") and stem not in _WORDS and not word.endswith("'s"):
        key = "every"
    if not is_own(mark) and key in ("weekday", "every", "month", "weekend"):
        return "break", None, at + 1  # not a slot: not for us to say
    if key or word in _GLUE:
        return key, value, at + 1
    return "unknown" if is_own(mark) else "break", word, at + 1


def _is_named(words: Sequence[str], at: int) -> bool:
    """Say whether the word is a weekday, a week or the like."""
    return 0 <= at < len(words) and _WORDS.get(words[at].removesuffix("s"), ("",))[0] in ("weekday", "unit", "weekend")


def _end_of_slot(marks: Sequence[str], at: int) -> int:
    at += 1
    while at < len(marks) and marks[at][:2] == "I-":
        at += 1
    return at


def _numeric(word: str) -> tuple[str, tuple[str, ...]] | None:
    """The separator and the numbers of `11/2`, `2026-11-02`, `10.03.2026`."""
    for separator in "/-.":
        parts = word.strip(separator).split(separator)
        if len(parts) > 1:
            is_date = len(parts) <= 3 and all(len(p) <= 4 and p.isascii() and p.isdigit() for p in parts)
            return (separator, tuple(parts)) if is_date else None
    return None


def _fits(has: dict[str, Any], key: str, value: Any, *, broken: bool) -> bool:
    """Say whether a piece goes on with a phrase that has these pieces."""
    if key in _POINTS:
        if broken and not (has.keys() <= {"weekday", "limit"} or key in ("weekday", "month", "year")):
            return False
        points = has.keys() & _POINTS
        if "weekday" in (key, *points) or "every" in (key, *points):
            return key not in points and not points & {"every", "weekend"} and not (key == "every" and points)
        return not points or (key not in points and not {key, *points} & {"weekend", "numeric"})
    if broken or "later" in has:
        return False
    if key == "limit":
        return _is_distance(has) or not has
    if key == "relative":
        return has.get("relative", "this") in ("this", "following", "coming", value)
    if key == "unit":
        return "relative" not in has or has.get("unit", value) == value
    return key != "count" or not has.keys() & {"count", *_POINTS}


def _is_distance(has: dict[str, Any]) -> bool:
    """Say whether these pieces are `two weeks`, `the day` or `two saturdays`, to be counted from something."""
    if has.keys() & {"distance", "relative"} or has.keys() & _POINTS - {"every"}:
        return False
    return has.get("unit") == "day" or ("count" in has and ("unit" in has or "every" in has))


def _add(has: dict[str, Any], key: str, value: Any, *, hints: Collection[str]) -> None:
    if key in ("limit", "from", "later") and _is_distance(has):
        sign = -1 if value == "before" else 1
        has["distance"] = sign * has.pop("count", 1), has.pop("unit", None), has.pop("every", None)
        if key == "later":
            has["later"] = True
    elif key == "limit":
        has["limit"] = {"before": "after", "after": "before"}[value] if "no" in hints else value
    elif key not in ("from", "later"):
        has[key] = value
        if key == "count" and "in" in hints:
            has["in"] = True


def _left(words: Sequence[str], marks: Sequence[str]) -> int:
    """Where the words before the first slot begin that bear on it: `not before`, `in`, `two weeks from`."""
    at = next((n for n, mark in enumerate(marks) if is_own(mark)), 0)
    while at > 0 and marks[at - 1] == FREE:
        word, following = words[at - 1], words[at]
        key = _WORDS.get(word.removesuffix("s"), ("", None))[0]
        is_unit = key == "unit" and following in ("from", "after", "before", "of")
        is_count = following.removesuffix("s") in _UNITS and (word in ("a", "an") or number_at(words, at - 1, at))
        bears = key in ("relative", "limit", "from", "no", "in") or word in ("later", "earlier", "than")
        if not (is_unit or is_count or bears or word in ("the", "of", "on", "between")):
            break
        at -= 1
    return at


def _right(words: Sequence[str], marks: Sequence[str]) -> int:
    """Where the words after the last slot end that bear on it: `week`, `of this month`, `days from now`, `or later`."""
    end = kept = next((n for n in range(len(marks), 0, -1) if is_own(marks[n - 1])), 0)
    while end < len(words) and marks[end] == FREE and end < kept + 4:
        word, previous = words[end], words[end - 1]
        stem = word.removesuffix("s")
        end += 1
        if (
            stem in _UNITS
            or word == "date"
            or (word in ("now", "today", "tomorrow") and previous == "from")
            or (word in ("later", "earlier", "after", "before") and previous == "or")
            or (word in ("later", "onwards") and previous.removesuffix("s") in _UNITS)
        ):
            kept = end
        elif not (word in ("of", "the", "in", "from", "this", "next", "or") or number_at(words, end - 1, end)):
            break
    return kept


def _share(phrases: Sequence[Phrase]) -> None:
    """Give `the 27th or 28th of december` two Decembers, and `monday or tuesday next week` two weeks."""
    neighbours = [*pairwise(phrases)]
    for phrase, other in [(second, first) for first, second in neighbours] + neighbours[::-1]:
        mine, theirs = phrase.has, other.has
        if "day" in theirs and "day" in mine and mine.keys() <= {"day", "weekday", "limit"}:
            shared: tuple[str, ...] = ("month", "year", "relative", "unit")
        elif mine.keys() == {"weekday"} and "weekday" in theirs and theirs.keys() <= {"weekday", "relative", "unit"}:
            shared = ("relative", "unit")
        else:
            continue
        mine.update({key: theirs[key] for key in shared if key in theirs})
