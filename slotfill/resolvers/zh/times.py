"""Chinese times of one role -> the readings of `time_rules`.

    早上六点半 06:30    晚上8点到10点 20:00/22:00    18:00前 before 18:00    八点 null, 08:00 or 20:00

`time_pieces` has the words.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from slotfill.resolvers.grouping import AND, APART, OR, TO
from slotfill.resolvers.reading import Reading, together
from slotfill.resolvers.time_phrases import WHEN, TimePhrase, joined, said_with
from slotfill.resolvers.time_rules import TimeContext, hhmm
from slotfill.resolvers.time_words import AHEAD, CLOCK, END, PART, RELATION, START, UNKNOWN
from slotfill.resolvers.zh.holidays import HOLIDAYS
from slotfill.resolvers.zh.time_pieces import (
    BREAK,
    EITHER,
    JOINT,
    LIMIT,
    NOTHING,
    PART_OF,
    SHORT_PARTS,
    TimePiece,
    piece_at,
)
from slotfill.resolvers.zh.window import BESIDE, Window

_CLOCK_SIGN = re.compile("[点时:.h午夜]")


def resolve(window: Window, *, lent: str = "", clock: int | None = None) -> Reading:
    """The meaning of the times in a window; `first` and `last` of the reading are characters of it.

    `lent` is the part of the day that the date names (`明晚`). `clock`, in minutes after midnight: the date is today,
    or there is none, so that `三小时后` has a meaning.
    """
    context = TimeContext(is_night=False, is_long=False, now=None, clock=clock)
    readings = []
    for phrase in _phrases(window, lent):
        if phrase.either:
            reading = Reading(relation=phrase.relation, alternatives=phrase.either, note="one or the other")
        else:
            reading = context.read(phrase)
        readings.append(reading._replace(first=phrase.first, last=phrase.last))
    return together(readings)


def of_part(part: str) -> Reading:
    """The hours of a part of the day.

    >>> of_part("晚上").value, of_part("晚上").to
    ('18:00', '00:00')
    """
    phrase = _Phrase("", 0)
    phrase.put(PART, part)
    return TimeContext(is_night=False, is_long=False, now=None, clock=None).read(phrase)


def part_in(text: str) -> str:
    """The part of the day with which a plain date ends: `今晚`, `明天早上`, `周五晚`; empty if it has none.

    >>> part_in("明晚"), part_in("明天")
    ('晚上', '')
    """
    found = next((part for word, part in PART_OF.items() if text.endswith(word)), "")
    if found or len(text) == 1 or text in HOLIDAYS:  # 平安夜 is a day
        return found
    return SHORT_PARTS.get(text[-1:], "") if text[-1:] != "午" else ""


# --- phrases ---------------------------------------------------------------------------------------


class _Phrase(TimePhrase):
    """One time; `either` has the readings of what may be two times."""

    either: tuple[str, ...] = ()
    is_end = False  # in a slot for the end of a range


def _phrases(window: Window, lent: str) -> list[_Phrase]:
    pieces: list[tuple[TimePiece, int]] = []
    at = 0
    while at < len(window.text):
        piece = piece_at(window, at)
        pieces.append((piece, at))
        at = piece.end
    grouping = _Grouping(window)
    for piece, at in _that_count(pieces, window):
        grouping.take(piece, at)
    phrases = [phrase for phrase in grouping.phrases if not phrase.is_out]
    for before, phrase in pairwise(phrases):
        if (
            phrase.joint in (OR, AND, APART)
            and before.part
            and not phrase.part
            and said_with(before.part, phrase.clock)
        ):
            phrase.put(PART, before.part)  # `下午3点或4点`
    for phrase in phrases:
        if lent and not phrase.part and (len(phrase.clock) > 1 or not phrase.kinds & (WHEN | UNKNOWN)):
            phrase.put(PART, lent)
    found = joined(_with_ranges(phrases))
    return [one for one in found if one.kinds & (WHEN | RELATION | UNKNOWN) or one.either]


def _that_count(pieces: Sequence[tuple[TimePiece, int]], window: Window) -> list[tuple[TimePiece, int]]:
    """The pieces in slots, the breaks, and the limits and parts of the day right beside a slot."""
    own = [window.is_own(at, piece.end) for piece, at in pieces]
    kept = list(own)
    for step, kinds in ((1, (LIMIT, PART)), (-1, (RELATION, PART))):
        order = range(len(pieces))[::step]
        is_beside = False
        for n in order:
            kind = pieces[n][0].kind
            if own[n]:
                is_beside = True
            elif kind in kinds and is_beside:
                kept[n] = True
            elif kind != NOTHING:
                is_beside = False
    counted = []
    for (piece, at), is_kept in zip(pieces, kept, strict=True):
        if is_kept or piece.kind in (JOINT, BREAK):
            counted.append((piece, at))
        elif piece.kind != NOTHING:
            counted.append((TimePiece(BREAK, "", piece.end), at))
    return counted


class _Grouping:
    """Pieces -> times."""

    def __init__(self, window: Window) -> None:
        self.window = window
        self.phrases: list[_Phrase] = []
        self.joint = ""
        self.is_broken = self.is_beside = False

    def take(self, piece: TimePiece, at: int) -> None:
        """Take a joint, a break, or a piece of a time."""
        begun = self.phrases[-1] if self.phrases else None
        if piece.kind == BREAK:
            self.is_beside |= piece.value == BESIDE
            self.is_broken |= piece.value != BESIDE
        elif piece.kind == JOINT:
            self.joint = self.joint or (piece.value if begun else "")
        elif piece.kind == NOTHING:
            pass
        else:
            self._add(begun, piece, at)

    def _add(self, begun: _Phrase | None, piece: TimePiece, at: int) -> None:
        is_out = self.window.is_out(at, piece.end)
        is_bare = piece.kind == CLOCK and _CLOCK_SIGN.search(self.window.text[at : piece.end]) is None
        if is_bare and begun and begun.kinds & CLOCK and not (self.joint or self.is_broken or self.is_beside):
            begun.put(UNKNOWN, self.window.text[at : piece.end])  # `八点五`
            begun.last = piece.end - 1
            return
        is_next = self.joint or self.is_broken
        if begun is None or is_next or begun.is_out != is_out or not self._fits(begun, piece):
            joint = OR if self.is_broken else self.joint
            begun = _Phrase(APART if joint in (OR, AND) and self.is_beside else joint, at)
            begun.is_out = is_out
            self.phrases.append(begun)
        _put(begun, piece)
        begun.last = piece.end - 1
        self.joint, self.is_broken, self.is_beside = "", False, False

    def _fits(self, phrase: _Phrase, piece: TimePiece) -> bool:
        """Say whether a piece belongs to a phrase: a part of the day only if no other clock time follows it."""
        if piece.kind == LIMIT:
            return True
        has_time = bool(phrase.kinds & (CLOCK | AHEAD) or phrase.either)
        if piece.kind == PART:
            following = piece_at(self.window, piece.end) if piece.end < len(self.window.text) else None
            is_of_next = following is not None and following.kind in (CLOCK, START, END, EITHER)
            return not phrase.part and not (has_time and is_of_next)
        return piece.kind == UNKNOWN or not has_time


def _put(phrase: _Phrase, piece: TimePiece) -> None:
    if piece.kind in (RELATION, LIMIT):
        phrase.put(RELATION, tuple(dict.fromkeys((*phrase.relations, piece.value))))
    elif piece.kind == EITHER:
        part = phrase.part
        times = [time for both in piece.value for time in said_with(part, both)]
        phrase.either = tuple(map(hhmm, times)) or ("",)
    else:
        kind = CLOCK if piece.kind in (START, END) else piece.kind
        phrase.put(kind, piece.value)
        phrase.is_end = phrase.is_end or piece.kind == END
        if piece.kind == START:
            phrase.put(START, None)


def _with_ranges(phrases: Sequence[_Phrase]) -> list[_Phrase]:
    """`晚上8点到10点` as one phrase with an end."""
    found: list[_Phrase] = []
    for phrase in phrases:
        before = found[-1] if found else None
        is_end = before is not None and bool(before.kinds & START) and phrase.is_end  # `两点和四点之间`
        if before is not None and (phrase.joint == TO or is_end):
            _end_with(before, phrase)
        else:
            found.append(phrase)
    return found


def _end_with(before: _Phrase, phrase: _Phrase) -> None:
    """Make the end of a range of a phrase; the part of the day of its beginning holds for it if it can."""
    before.last = phrase.last
    starts = before.chosen()
    ends = phrase.chosen() if phrase.part else said_with(before.part, phrase.clock) or phrase.clock
    if not (before.clock and phrase.clock) or before.relations or before.kinds & END:
        before.put(UNKNOWN, "a range of these")
        return
    if len(starts) > 1 and phrase.part and len(ends) == 1:  # `8点到晚上10点`
        before.either = tuple([f"{hhmm(start)}/{hhmm(ends[0])}" for start in starts])
    if phrase.kinds & UNKNOWN:
        before.put(UNKNOWN, phrase.unknown)
    before.drop(PART | START)
    before.put(CLOCK, starts)
    before.put(END, ends)
    if phrase.relations:
        before.put(RELATION, phrase.relations)
