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
    "around": ("limit", "around"),
    "weekend": ("weekend", 5),
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
VOCABULARY = frozenset((*_WORDS, *_GLUE, "between", "now", "today", "tomorrow", "earlier", "half", "up"))
_HINTS = {"no", "in"}  # they say something only before other pieces: not before, in two weeks
_POINTS = {"weekday", "every", "weekend", "month", "day", "year", "today", "numeric"}
# What may stand before a weekday that is tied to a date: the last friday before december 5.
_TIED = {"before": (None, "last"), "after": (None, "next", "following", "coming")}
CALENDAR = {"month", "day", "year", "numeric"}


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
        if key == "joint" or (key == "limit" and begun and not broken and words[at] in ("until", "till", "up")):
            is_range = value != "or" or ends_between(words, marks, at)
            if joins(words, marks, after - 1, glue=_GLUE, is_range=is_range):
                joint = joint or ("to" if is_range else "or")
        elif key == "break":
            broken = broken or marks[at] != BESIDE
        elif begun.keys() & _POINTS and (key == "later" or (key == "limit" and joint == "or" and after == end)):
            begun.setdefault("limit", value)  # the 5th or later, the 5th or before
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
            if number.ordinal and _is_nth(words, marks, number.end):
                return "nth", number.value, number.end
            if following == "-" and (parts := _parted(words[at : at + 5], marks[at : at + 5])):
                return "numeric", parts, at + 5
            key = "count" if mark[2:] == "date_relative" and not number.ordinal else "day"
            is_count = following.removesuffix("s") in _UNITS
            is_year = mark[2:] == "year" or (number.value >= 1000 and not number.ordinal and not is_count)
            if is_year and (number.value < 10 or 99 < number.value < 1000):
                return "unknown", word, number.end
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
    if key == "limit" and word in _TIED and _ties(words, marks, at):
        return "tie", word, at + 1
    if word == "week" and following not in ("of", "after") and _key(words, at - 1) in ("weekday", "today"):
        return "week on", None, at + 1  # friday week
    if key or word in _GLUE:
        return key, value, at + 1
    if word == "up" and following == "to":
        return "limit", "before", at + 2
    return "unknown" if is_own(mark) else "break", word, at + 1


def _is_named(words: Sequence[str], at: int) -> bool:
    """Say whether the word is a weekday, a week or the like."""
    return _key(words, at) in ("weekday", "unit", "weekend")


def _key(words: Sequence[str], at: int) -> str:
    """What kind of piece the word is, whatever stands around it."""
    return _WORDS.get(words[at].removesuffix("s"), ("", None))[0] if 0 <= at < len(words) else ""


def _ties(words: Sequence[str], marks: Sequence[str], at: int) -> bool:
    """Say whether `before` or `after` ties the weekday that it follows to a date: `friday before december 5`."""
    if _key(words, at - 1) not in ("weekday", "weekend") or not is_own(marks[at - 1]):
        return False
    following = at + 1
    while following < len(words) and marks[following] == FREE and words[following] in _GLUE:
        following += 1
    mark = marks[following] if following < len(words) else FREE
    return is_own(mark) or (is_own(marks[at]) and mark == FREE)  # `friday after` a day that is no slot


def _is_nth(words: Sequence[str], marks: Sequence[str], at: int) -> bool:
    """Say whether an ordinal counts what follows: `the third week`, `the first half`, `the first monday of may`."""
    word, following = (*words[at : at + 2], "", "")[:2]
    if word == "half":  # not: november second, half past six
        return following == "of" and (marks[at] != BESIDE or joins(words, marks, at + 1, glue=_GLUE, is_range=True))
    if _key(words, at) == "weekday":
        return is_own(marks[at]) and following in ("of", "in", "after", "before")
    return (word == "week" and marks[at] == FREE) or (word in ("week", "weekend") and is_own(marks[at]))


def _parted(words: Sequence[str], marks: Sequence[str]) -> tuple[str, tuple[str, ...]] | None:
    """The numbers of `12-05-2026`, which the tokenizer parts."""
    parts = None if FOREIGN in marks or BESIDE in marks else _numeric("".join(words))
    return parts if parts and len(parts[1]) == 3 and len(parts[1][-1]) > 1 else None


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
        if broken and has.keys() & {"weekend", "distance"}:
            return False
        points = has.keys() & _POINTS
        if "weekend" in (key, *points):  # the weekend of december 5
            return key not in points and {key, *points} <= CALENDAR | {"weekend"}
        if "weekday" in (key, *points) or "every" in (key, *points):
            return key not in points and "every" not in points and not (key == "every" and points)
        return not points or (key not in points and "numeric" not in (key, *points))
    if broken or "later" in has:
        return False
    if key == "limit":
        return _is_distance(has) or not has
    if key == "nth":
        return has.keys() <= {"month", "weekday"}
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
    elif key == "tie":
        relative = has.pop("relative", None)
        if relative not in _TIED[value] or not has.keys() <= {"weekday", "weekend", "nth"}:
            has["unknown"] = value
            return
        count = has.pop("nth", 1)
        unit = "weekend" if "weekend" in has else None
        has["distance"] = -count if value == "before" else count, unit, has.pop("weekday", has.pop("weekend", None))
    elif key == "limit":
        has["limit"] = {"before": "after", "after": "before"}.get(value, value) if "no" in hints else value
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
        is_up_to = (word, following) == ("up", "to") or (word == "to" and at > 1 and words[at - 2] == "up")
        bears = is_up_to or key in ("relative", "limit", "from", "no", "in") or word in ("later", "earlier", "than")
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
