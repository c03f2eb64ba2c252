"""Slots of a date that the tagger gave to something else: a year, a month that two days share, the day of a return."""

from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from slotfill.resolvers.date_pieces import day_and_month, is_plain
from slotfill.slot_names import frame_part_of, type_of

if TYPE_CHECKING:
    from slotfill.resolvers.context import Sentence

# After one of these, a year is a time: 2027 hours is 20:27.
_OF_TIME = ("hours", "hour", "hrs", "h", "am", "pm")
_BETWEEN = ("of", "the", ",")
_JOINS = (["to"], ["-"], ["–"], ["to", "the"], ["until"], ["till"], ["through"], ["thru"])  # two days
_FLEXIBLE = frozenset(("any", "anytime", "between", "sometime", "either", "flexible", "window"))  # of a window of days


def is_taken_year(sentence: "Sentence", at: int) -> bool:
    """Say whether the token, which is a year, is of a time right after a day and a month: `july 5 2027`."""
    tokens, owners, slots = sentence.tokens, sentence.owners, sentence.slots
    before = at - 1 - (at > 1 and tokens[at - 1].text == ",")
    if before < 1 or owners[at] < 0 or owners[before] < 0:
        return False
    mine, its = (frame_part_of(slots[owners[n]].name) for n in (at, before))
    if mine is None or its is None or (mine.part, its.part, its.leg) != ("time", "date", mine.leg):
        return False
    kinds = {type_of(slots[owner].name) for owner in owners[max(0, at - 6) : at] if owner >= 0}
    following = tokens[at + 1].text.lower() if at + 1 < len(tokens) else ""
    return {"month_name", "day_number"} <= kinds and following not in _OF_TIME


def lent_to(sentence: "Sentence", slots: Collection[int], at: int) -> set[int]:
    """The slots of the month and the year that a day shares with the end of the stay: `5 to 8 may 2027`.

    `at` is the token after `to`.
    """
    mine = {type_of(sentence.slots[n].name): sentence.slots[n].text.lower() for n in slots}
    theirs: dict[str, int] = {}
    while at < len(sentence.tokens):
        owner = sentence.owners[at]
        part = frame_part_of(sentence.slots[owner].name) if owner >= 0 else None
        if part and part.part == "date" and part.leg != "departure":
            theirs.setdefault(type_of(sentence.slots[owner].name), owner)
        elif owner >= 0 or sentence.tokens[at].text.lower() not in _BETWEEN:
            break
        at += 1
    day, month = theirs.get("day_number"), theirs.get("month_name")
    if month is None and day is not None and mine["day_number"].isdigit() and not {"month_name", "year"} & {*mine}:
        has_month = day_and_month(sentence.slots[day].text.lower())  # 8-15dec
        return {day} if has_month and has_month[2] is None else set()
    their_month = None if month is None else sentence.slots[month].text.lower()
    return (
        _shared(mine, theirs)
        if "day_number" in theirs and mine.get("month_name", their_month) == their_month
        else set()
    )


def _shared(mine: Mapping[str, str], theirs: Mapping[str, int]) -> set[int]:
    """What a day without a month, or a month without a year, takes of the other day."""
    is_whole = "month_name" in mine or ("month_name" in theirs and {*mine} <= {"day_number", "day_name"})
    if not is_whole or "year" in mine or not is_plain(mine["day_number"].replace(" ", "")):  # 12/29
        return set()
    return {theirs[kind] for kind in ("month_name", "year") if kind in theirs and kind not in mine}


def is_round_trip(said: object) -> bool:
    """Say whether the text of a `round_trip` slot, or of several, is none of `one way`, `single`."""
    return not any(word in str(said).lower() for word in ("one", "single", "ow", "单", "單"))


def return_of(sentence: "Sentence", dated: Sequence[int]) -> list[int]:
    """The slots of the second of two days that a `to` joins, of a departure on a round trip: `june 2nd to june 9th`.

    None if they are a window: `any day from june 2nd to june 9th`.
    """
    if not _FLEXIBLE.isdisjoint([token.text.lower() for token in sentence.tokens]):
        return []
    cuts = [at for at, pair in enumerate(pairwise(dated), start=1) if sentence.between(*pair) in _JOINS]
    if len(cuts) != 1:
        return []
    first, second = ([type_of(sentence.slots[n].name) for n in half] for half in (dated[: cuts[0]], dated[cuts[0] :]))
    are_days = all({"day_number", "day_name"} & {*half} for half in (first, second))
    return [*dated[cuts[0] :]] if are_days else []
