"""Times of one role -> 24-hour times and ranges. docs/values.md has the rules and their reasons.

As in `dates`: words become pieces (a clock time, a part of the day, `before` ...), pieces become phrases, and each
phrase is resolved by what it has. A clock time keeps all its readings (6 is 06:00 and 18:00) until something in the
sentence chooses one; if nothing does, there is no value.
"""

from collections.abc import Sequence
from typing import Any

from slotfill.resolvers import clock_times
from slotfill.resolvers.clock_times import clock_at
from slotfill.resolvers.reading import BESIDE, FOREIGN, FREE, Reading, ends_between, is_own, joins, together

_DAY = 1440  # minutes

# Parts of the day, in hours: what they mean by themselves, and the clock times that are said with them.
_PARTS: dict[str, tuple[tuple[int, int], tuple[int, int]]] = {
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
}
_MODIFIED = {
    ("early", "morning"): (5, 8),
    ("mid", "morning"): (8, 10),
    ("late", "morning"): (10, 12),
    ("early", "afternoon"): (12, 14),
    ("mid", "afternoon"): (14, 16),
    ("late", "afternoon"): (16, 18),
    ("early", "evening"): (18, 20),
    ("late", "evening"): (20, 22),
    ("early", "night"): (18, 20),
    ("late", "night"): (22, 26),
    ("early", "am"): (5, 8),
    ("early", ""): (5, 8),
    ("late", ""): (20, 24),
}
_SAID = {
    "am": "am a.m. a.m",
    "pm": "pm p.m. p.m",
    "morning": "morning mornings",
    "afternoon": "afternoon afternoons",
    "evening": "evening evenings",
    "night": "night nights nighttime nite tonight tonite 2nite 2night",
    "day": "day daytime",
    "breakfast": "breakfast breakfasttime",
    "lunch": "lunch lunchtime",
    "dinner": "dinner dinnertime supper suppertime",
}
_RELATIONS = {
    "before": "before by until till til earlier latest sooner prior most",
    "after": "after later earliest least afterwards onwards onward past since",
    "around": "around about approximately approx near roughly close nearly circa vicinity",
}
_WORDS: dict[str, tuple[str, str]] = {
    **{word: ("part", part) for part, words in _SAID.items() for word in words.split()},
    **{word: ("relation", relation) for relation, words in _RELATIONS.items() for word in words.split()},
    "early": ("modifier", "early"),
    "earlier": ("relation", "before"),
    "late": ("modifier", "late"),
    "mid": ("modifier", "mid"),
    "middle": ("modifier", "mid"),
    "no": ("no", ""),
    "not": ("no", ""),
    "or": ("joint", "or"),
    "and": ("joint", "and"),
    "to": ("joint", "to"),
    "through": ("joint", "to"),
    "-": ("joint", "to"),
    "–": ("joint", "to"),
    "—": ("joint", "to"),
}
_COMPARATIVES = ("later", "earlier", "earliest", "latest", "sooner")
# What may stand between the parts of a time and says nothing.
_PLAIN = "in the at of on a an , . ( ) say than sharp exactly time from between anytime sometime as"
_GLUE = frozenset(_PLAIN.split())
# All words that count beside a slot, but for numbers.
VOCABULARY = frozenset((*_WORDS, *_GLUE, *clock_times.VOCABULARY, "flight", "flights", "how"))


class _Phrase:
    """The pieces of one time or range; `joint` parts it from the one before: or, and, to, or apart by other words."""

    starts: tuple[int, ...] | None = None  # minutes after midnight, all readings
    ends: tuple[int, ...] | None = None
    is_open: bool = False  # a range that waits for its end
    part: str = ""
    modifier: str = ""
    relations: tuple[str, ...] = ()
    is_comparative: bool = False
    no: bool = False
    unknown: str = ""

    def __init__(self, joint: str, first: int) -> None:  # written out, since a dataclass costs 0.5 ms at the start
        self.joint = joint
        self.first = self.last = first

    @property
    def relation(self) -> str | None:
        relation = self.relations[0] if self.relations else None
        return {"before": "after", "after": "before"}.get(relation or "", relation) if self.no else relation


def resolve(
    words: tuple[str, ...],
    marks: tuple[str, ...],
    *,
    is_night: bool = False,
    is_long: bool = False,
    now: int | None = None,
) -> Reading:
    """What the times of one role mean; `words` are in lower case, `marks` as in `reading`.

    `is_night`: the date is `tonight`. `is_long`: it is a week or more, so `early` is not of a day. `now`, in minutes
    after midnight: the date is today, so `later` says something.
    """
    phrases = _joined(_phrases(words, marks))
    readings = [
        _resolve(phrase, is_night=is_night, is_long=is_long, now=now)._replace(first=phrase.first, last=phrase.last)
        for phrase in phrases
    ]
    return together(readings) if readings else Reading(note="not understood")


# --- words -> phrases ------------------------------------------------------------------------------


def _phrases(words: Sequence[str], marks: Sequence[str]) -> list[_Phrase]:
    """Find the pieces, and begin a new phrase at `or` and `and`, and where a piece would be there twice."""
    phrases: list[_Phrase] = []
    joint = ""  # since the last piece
    broken = beside = False
    at, end = _left(words, marks), _right(words, marks)
    while at < end:
        key, value, after = _piece(words, marks, at, end)
        if key == "joint" and phrases and _says(phrases[-1]):
            if ends_between(words, marks, at):
                value = "to"
            if joins(words, marks, at, glue=_GLUE, is_range=value == "to"):
                joint = joint or value
        elif key == "break":
            broken = broken or marks[at] != BESIDE
            beside = beside or marks[at] == BESIDE
        elif key and key != "joint":
            begun = phrases[-1] if phrases else None
            ends_range = key in ("clock", "end") and begun is not None and begun.ends is None
            if begun and ends_range and (begun.is_open or (joint == "to" and begun.starts is not None and not broken)):
                begun.ends, begun.is_open = value, False
            else:
                if begun is None or joint or not _fits(begun, key, value):
                    begun = _Phrase("apart" if joint and (beside or broken) else joint, at)
                    phrases.append(begun)
                _add(begun, key, value, words[at])
            begun.last = after - 1
            joint, broken, beside = "", False, False
        at = after
    return [phrase for phrase in phrases if phrase.relations or phrase.unknown or _says(phrase)]


def _says(phrase: _Phrase) -> bool:
    return bool(phrase.starts is not None or phrase.part or phrase.modifier)


def _piece(words: Sequence[str], marks: Sequence[str], at: int, end: int) -> tuple[str, Any, int]:
    """The piece that begins at a word, what it says, and where it ends; '' says nothing, `break` cannot be a time."""
    word, mark = words[at], marks[at]
    if mark in (FOREIGN, BESIDE):
        return "break", None, at + 1
    if mark == FREE:
        key, value = _WORDS.get(word, ("", ""))
        if key == "part" and (word in ("day", "lunch", "dinner", "breakfast") or not _follows_clock(words, marks, at)):
            return "break", None, at + 1
        if key:
            return key, value, at + 1
        return ("" if word in _GLUE or word in ("o'clock", "flights", "flight") else "break"), None, at + 1
    stop = at + 1
    while stop < len(marks) and marks[stop][:2] == "I-":
        stop += 1
    beyond = stop
    while beyond < end and marks[beyond] == FREE and beyond < stop + 2:
        beyond += 1
    clock = clock_at(words, at, stop, beyond)
    if clock:
        key = {"start_time": "start", "end_time": "end"}.get(mark[2:], "clock")
        return key, clock.readings, clock.end
    key, value = _WORDS.get(word.removesuffix("'s"), ("", ""))
    if word == "later" and mark[2:] == "period_mod":
        return "modifier", "later", at + 1
    if key:
        return key, value, at + 1
    return ("", None, at + 1) if word in _GLUE else ("unknown", word, at + 1)


def _follows_clock(words: Sequence[str], marks: Sequence[str], at: int) -> bool:
    """Say whether only `in the` or `at` stands between a slot and this word, as in `6 in the evening`."""
    while at > 0 and marks[at - 1] == FREE and words[at - 1] in ("in", "the", "at"):
        at -= 1
    return at > 0 and is_own(marks[at - 1])


def _fits(phrase: _Phrase, key: str, value: Any) -> bool:
    """Say whether a piece goes on with this phrase."""
    if key in ("clock", "start", "end"):
        return phrase.starts is None
    if key == "part":
        return phrase.part in ("", value)
    if key == "modifier":
        return not _says(phrase)
    return phrase.starts is None if key in ("relation", "no") else True


def _add(phrase: _Phrase, key: str, value: Any, word: str) -> None:
    if key in ("clock", "start", "end"):
        phrase.starts = value
        phrase.is_open = key == "start"
    elif key == "part":
        phrase.part = value
    elif key == "modifier":
        phrase.modifier = value
    elif key == "relation":
        phrase.relations = tuple(dict.fromkeys((*phrase.relations, value)))
        phrase.is_comparative = word in _COMPARATIVES
    elif key == "no":
        phrase.no = True
    else:
        phrase.unknown = value


def _left(words: Sequence[str], marks: Sequence[str]) -> int:
    """Where the words before the first slot begin that bear on it: `not`, `before`, `no later than`."""
    first = at = next((n for n, mark in enumerate(marks) if is_own(mark)), 0)
    kept = first
    while at > 0 and marks[at - 1] == FREE and first - at < 4:
        at -= 1
        key = _WORDS.get(words[at], ("", ""))[0]
        is_relation = key == "relation" and marks[first] != "B-time_relative" and words[max(0, at - 1)] != "how"
        if is_relation or key == "no" or (key == "modifier" and at + 1 == first):
            kept = at
        elif words[at] not in ("than", "the", "a", "at"):
            break
    return kept


def _right(words: Sequence[str], marks: Sequence[str]) -> int:
    """Where the words after the last slot end that bear on it: `pm`, `in the evening`, `at the latest`, `or later`."""
    end = kept = next((n for n in range(len(marks), 0, -1) if is_own(marks[n - 1])), 0)
    while end < len(words) and marks[end] == FREE and end < kept + 4:
        word = words[end]
        end += 1
        key = _WORDS.get(word, ("", ""))[0]
        is_limit = word in ("latest", "earliest", "onwards", "onward") or (
            word in ("later", "earlier", "after", "before") and words[end - 2] == "or"
        )
        if is_limit or key == "part" or word in ("o'clock", "oclock", "hours", "hour", "hrs", "noon", "midnight"):
            kept = end
        elif word not in ("in", "the", "at", "or"):
            break
    return kept


def _joined(phrases: Sequence[_Phrase]) -> list[_Phrase]:
    """Put together what only looks like two: `noon or later`, `5 pm at the latest`, `after 2 and before 5 pm`."""
    joined: list[_Phrase] = []
    for phrase in phrases:
        before = joined[-1] if joined else None
        if before and not _says(phrase) and not phrase.unknown and before.starts is not None:
            before.relations = before.relations or ((phrase.relation,) if phrase.relation else ())
            before.last = phrase.last
            continue
        if before and phrase.joint in ("", "and") and {before.relation, phrase.relation} == {"before", "after"}:
            ends = _chosen(before), _chosen(phrase)
            if all(ends) and before.ends is None and phrase.ends is None:
                before.starts, before.ends = ends if before.relation == "after" else ends[::-1]
                before.relations, before.part, before.no, before.last = (), "", False, phrase.last
                continue
        is_other = before and before.starts and phrase.joint == "or" and phrase.starts is None and not phrase.modifier
        if before and is_other and phrase.part in ("am", "pm"):  # 6 am or pm
            half = 720 * (phrase.part == "pm")
            phrase.starts = tuple(dict.fromkeys([time % 720 + half for time in before.starts or ()]))
        if before and before.starts and phrase.starts and phrase.joint == "or" and before.ends is None:
            # `8 or 9 pm`, `8 or 9 in the evening`: the one that is nearer
            others = _chosen(phrase)
            near = [time for time in _chosen(before) if len(others) == 1 and abs(time - others[0]) <= 240]
            if len(near) == 1:
                before.starts = tuple(near)
        joined.append(phrase)
    return joined


# --- a phrase -> a time ----------------------------------------------------------------------------


def _chosen(phrase: _Phrase, *, is_night: bool = False) -> tuple[int, ...]:
    """The readings of a clock time that go with the part of the day."""
    readings = phrase.starts or ()
    part = phrase.part or ("night" if is_night and len(readings) > 1 else "")
    return _said_with(part, readings)


def _said_with(part: str, readings: tuple[int, ...]) -> tuple[int, ...]:
    if not part:
        return readings
    start, end = (60 * hour for hour in _PARTS[part][1])
    return tuple(time for time in readings if start <= time < end or start <= time + _DAY < end)


def _resolve(phrase: _Phrase, *, is_night: bool, is_long: bool, now: int | None) -> Reading:
    if phrase.unknown:
        return Reading(note=f"not understood: {phrase.unknown}")
    if len(phrase.relations) > 1:
        return Reading(note=f"both {' and '.join(phrase.relations)}")
    if phrase.ends is not None or phrase.is_open:
        return _range(phrase, is_night=is_night)
    if phrase.starts is not None:
        readings = _chosen(phrase, is_night=is_night)
        if len(readings) == 1:
            note = "at the end of the day" if phrase.relation == "before" and readings == (0,) else None
            note = note or _after_midnight(phrase, readings[0], is_night=is_night)
            return Reading(_hhmm(readings[0]), "minute", relation=phrase.relation, note=note)
        if readings:
            return Reading(
                relation=phrase.relation, alternatives=tuple(map(_hhmm, readings)), note="morning or afternoon?"
            )
        contrary = phrase.starts and phrase.part
        return Reading(note=f"not a time of the {phrase.part}" if contrary else "no such time")
    if phrase.modifier == "later" and not phrase.part:
        if now is None:
            return Reading(note="later than what?")
        return Reading(_hhmm(now), "minute", relation="after")
    if is_long and phrase.modifier and not phrase.part:
        return Reading(note=f"{phrase.modifier} in more than a day is no time of day")
    if phrase.part or phrase.modifier:
        plain = _PARTS[phrase.part][0] if phrase.part else None
        hours = _MODIFIED.get((phrase.modifier, phrase.part), plain)
        if hours is None:
            return Reading(note="not understood")
        start, end = (_hhmm(60 * hour) for hour in hours)
        # `later in the evening` is not after it
        return Reading(start, "minute", to=end, relation=None if phrase.is_comparative else phrase.relation)
    return Reading(note="a limit without a time")


def _after_midnight(phrase: _Phrase, time: int, *, is_night: bool) -> str | None:
    """`friday night at 1 am` is on saturday."""
    return "after midnight: on the next day" if (is_night or phrase.part == "night") and time < _DAY // 2 else None


def _range(phrase: _Phrase, *, is_night: bool) -> Reading:
    """`between 10 and 2 pm`: the readings that lie within half a day of each other."""
    part = phrase.part or ("night" if is_night else "")
    starts, ends = phrase.starts or (), phrase.ends or ()
    if len(ends) > 1 or phrase.part:
        ends = _said_with(part, ends)
    pairs = _spans(starts, ends)
    if len(pairs) > 1:
        pairs = _spans(_said_with(part, starts), ends) or pairs
    if len(pairs) == 1:
        (start, end) = pairs[0]
        return Reading(_hhmm(start), "minute", to=_hhmm(end), note=_after_midnight(phrase, start, is_night=is_night))
    if pairs:
        spelt = tuple(f"{_hhmm(start)}/{_hhmm(end)}" for start, end in pairs)
        return Reading(alternatives=spelt, note="morning or afternoon?")
    return Reading(note="a range without a beginning or an end")


def _spans(starts: tuple[int, ...], ends: tuple[int, ...]) -> list[tuple[int, int]]:
    """All pairs at most half a day apart; where both ends are sure, a day apart if they are in order."""
    sure = len(starts) == len(ends) == 1
    return [(s, e) for s in starts for e in ends if 0 < (e - s) % _DAY <= _DAY // 2 or (sure and s < e)]


def _hhmm(minutes: int) -> str:
    return f"{minutes // 60 % 24:02}:{minutes % 60:02}"
