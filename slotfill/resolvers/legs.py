"""Which slots of a sentence belong to which leg of a trip: `NYC to London Jan 3, London to Rome Jan 6`.

A mention is one place, or several that the sentence lists (`Rome, Paris or Madrid`). A leg has at most one departure
and one arrival. The next leg begins with a mention that would be the second of its role, or with a departure from where
the leg before ended, or that words such as `return from` introduce. Mentions of one role that follow each other need a
word for it, too (`then on to Paris`, `back to Oslo`), or a date between them (`Rome on Monday, Paris on Thursday`).
Where `or` joins two of them, they are alternatives and not legs. Otherwise it is unclear what they are.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from operator import itemgetter
from typing import NamedTuple, TypeAlias

from slotfill.resolvers.context import Sentence
from slotfill.resolvers.place_slots import grouped
from slotfill.schema import Token
from slotfill.thresholds import UNSURE_SLOT

Roles: TypeAlias = dict[str, dict[str, list[int]]]  # departure, arrival ... -> place, date, time -> numbers of slots

_LISTED = frozenset(
    (",", "and", "or", "/", "&", "(", ")", "either", "both", "from", "to", "in", "the", "maybe", "also", "um", "uh")
)
_JOINTS = frozenset((",", "and", "or", "/", "&"))  # a list has at least one
_BACK = frozenset(("return", "returning", "returns", "back", "home"))
_NO_VERB = frozenset(("a", "the", "with", "or", "no", "my"))  # before `return`, which is no verb then
_THEN = frozenset(
    ("then", "next", "onward", "onwards", "afterwards", "continue", "continuing", "followed", "finally", "leg")
)
_AFTER_THAT = tuple(("after", word) for word in ("that", "this", "which"))
_ON_TO = ("on", "to")  # `Boston to Denver on to San Francisco`
_OUT_OF = ["out", "of"]
_AND = frozenset(("and", ","))
_TICKETS = frozenset(("ticket", "tickets", "flight", "flights", "trip", "journey", "fare", "fares"))  # after `return`
_TO = frozenset(("to", "-", "–", "—", "->", "→", ">", ">>"))  # of a chain: `Oslo to Rome to Paris`
_LEAVING = frozenset(("leaving", "leave", "departing", "depart", "starting", "start"))
_COUNTED = frozenset(("leg", "flight", "stop", "trip"))  # `second leg` is no date
_ENDS = frozenset((".", "!", "?", ";"))


class _Mention(NamedTuple):
    """Places of one role that the sentence names together."""

    role: str  # departure or arrival
    start: int
    end: int
    names: tuple[str, ...]


class Trip(NamedTuple):
    """The slots of each leg, by role and part; none if there is one leg. `unclear` are roles that name two places."""

    legs: Sequence[Roles]
    unclear: Sequence[str]


def trip_of(sentence: Sentence, roles: Mapping[str, Mapping[str, Sequence[int]]]) -> Trip:
    """The legs of a sentence that may have several."""
    mentions = _mentions(sentence, roles)
    if len(mentions) < 2:
        return Trip((), ())
    firsts = _firsts(sentence, mentions)
    if not firsts:
        return Trip((), _unclear(sentence, mentions))
    edges = [_edge(sentence, mentions, first) for first in firsts]
    return Trip(_split(sentence, roles, edges, is_about_start=_is_about_start(sentence, mentions, firsts)), ())


def _unclear(sentence: Sentence, mentions: Sequence[_Mention]) -> list[str]:
    """The roles with places that stand apart, with other words than `or` between them."""
    roles = []
    for role in ("departure", "arrival"):
        own = [mention for mention in mentions if mention.role == role]
        for one, other in pairwise(own):
            words = _free(sentence, one.end, other.start)
            if (
                one.names != other.names
                and not _LISTED.issuperset(words)
                and not _are_alternatives(sentence, one.end, other.start)
            ):
                roles.append(role)
    return roles


# --- mentions --------------------------------------------------------------------------------------


def _mentions(sentence: Sentence, roles: Mapping[str, Mapping[str, Sequence[int]]]) -> list[_Mention]:
    """The places that count, in the order of the text."""
    slots = sentence.slots
    groups = [
        (slots[group[0]].start, role, group)
        for role in ("departure", "arrival")
        for group in grouped(sentence, sentence.kept(roles.get(role, {}).get("place", ())))
    ]
    mentions: list[_Mention] = []
    for start, role, group in sorted(groups, key=itemgetter(0)):
        name = " ".join(slots[group[0]].text.lower().split())
        end = slots[group[-1]].end
        before = mentions[-1] if mentions else None
        sure = min([slots[n].confidence for n in group])
        if sure < UNSURE_SLOT and (before is None or before.names != (name,)):
            continue
        if before and before.role == role and _is_list(sentence, before.end, start):
            mentions[-1] = _Mention(role, before.start, end, (*before.names, name))
        else:
            mentions.append(_Mention(role, start, end, (name,)))
    return mentions


def _is_list(sentence: Sentence, start: int, end: int) -> bool:
    """Whether only `and`, `or` or a comma separates two places."""
    words = [token.text.lower() for token in _tokens(sentence, start, end)]
    return _LISTED.issuperset(words) and not _JOINTS.isdisjoint(words)


def _tokens(sentence: Sentence, start: int, end: int) -> Sequence[Token]:
    return sentence.tokens[bisect_left(sentence.starts, start) : bisect_left(sentence.starts, end)]


# --- where a leg begins ----------------------------------------------------------------------------


def _firsts(sentence: Sentence, mentions: Sequence[_Mention]) -> list[int]:
    """The mentions with which the second leg and those after it begin; none if it is unclear."""
    firsts: list[int] = []
    leg: dict[str, _Mention] = {}  # the mentions of the present leg, by role
    for number, mention in enumerate(mentions):
        if number and _begins(sentence, mentions, number, leg):
            if _are_alternatives(sentence, mentions[number - 1].end, mention.start):
                return []
            firsts.append(number)
            leg = {}
        leg.setdefault(mention.role, mention)
    return firsts


def _are_alternatives(sentence: Sentence, start: int, end: int) -> bool:
    """Whether an `or` joins what stands before and after this stretch of the text."""
    if "or" in _free(sentence, start, end):
        return True
    words = [token.text for token in _tokens(sentence, start, end)]  # a tagger may take it for Oregon
    return any(pair in (("or", "from"), ("or", "to")) for pair in pairwise(words))


def _begins(sentence: Sentence, mentions: Sequence[_Mention], number: int, leg: Mapping[str, _Mention]) -> bool:
    """Whether a leg begins with this mention."""
    mention, before = mentions[number], mentions[number - 1]
    known = leg.get(mention.role)
    if known is None:
        if mention.role == "arrival" or not leg:
            return False
        if mention.names == leg["arrival"].names and _arrives_after(mentions, number):
            return True
        return _is_next(sentence, before.end, mention) or _is_open_jaw(sentence, mentions, number)
    if known.names == mention.names:  # said again, or the beginning of another trip
        is_back = _arrives_after(mentions, number) and "arrival" in leg
        return mention.role == "departure" and is_back and mentions[number + 1].names != leg["arrival"].names
    return (
        before.role != mention.role or _is_next(sentence, before.end, mention) or _is_dated(sentence, before, mention)
    )


def _is_next(sentence: Sentence, start: int, mention: _Mention) -> bool:
    """Whether the words from `start` to a mention say that it comes next on the way: `then on to`, `and back to`."""
    words = _free(sentence, start, mention.start)
    pairs = [*pairwise(["", *words])]
    if not _THEN.isdisjoint(words) or any(pair in _AFTER_THAT for pair in pairs):
        return True
    if mention.role == "arrival" and (_ON_TO in pairs or (words and _TO.issuperset(words))):
        return True
    return any(
        word in _BACK and before not in _NO_VERB and (sentence.has_return or following not in _TICKETS)
        for (before, word), following in zip(pairs, [*words, ""][1:], strict=True)
    )


def _arrives_after(mentions: Sequence[_Mention], number: int) -> bool:
    """Whether an arrival follows this mention."""
    return number + 1 < len(mentions) and mentions[number + 1].role == "arrival"


def _is_open_jaw(sentence: Sentence, mentions: Sequence[_Mention], number: int) -> bool:
    """Whether they fly `into London on May 3 and out of Paris on May 10`."""
    start, end = mentions[number - 1].end, mentions[number].start
    words = _free(sentence, start, end)
    if words[-2:] != _OUT_OF or _AND.isdisjoint(words[-4:-2]):
        return False
    return _is_moment_in(sentence, start, end) and sentence.moments[-1] > end


def _free(sentence: Sentence, start: int, end: int) -> list[str]:
    """The words of a stretch of the text that belong to no slot, and `or`."""
    starts, ends = sentence.taken
    words = []
    for token in _tokens(sentence, start, end):
        before = bisect_right(starts, token.start) - 1
        if before < 0 or ends[before] <= token.start:
            words.append(token.text.lower())
    return words


def _is_dated(sentence: Sentence, before: _Mention, mention: _Mention) -> bool:
    """Whether a date or time stands between two places."""
    return _is_moment_in(sentence, before.end, mention.start)


def _is_moment_in(sentence: Sentence, start: int, end: int) -> bool:
    moments = sentence.moments
    first = bisect_left(moments, start)
    return first < len(moments) and moments[first] < end


# --- where a leg ends ------------------------------------------------------------------------------


def _edge(sentence: Sentence, mentions: Sequence[_Mention], first: int) -> int:
    """The place in the text at which the leg begins whose first mention this is.

    Dates may stand before its places or after those of the leg before: a word such as `then`, the end of a sentence, an
    `and` or a comma separates them. Without these, they stand as they do in the first leg.
    """
    start, end = mentions[first - 1].end, mentions[first].start
    tokens = _tokens(sentence, start, end)
    texts = [token.text.lower() for token in tokens]
    moments = sentence.moments
    is_before = bool(moments) and moments[0] < mentions[0].start
    for signs in (_THEN, _ENDS, _BACK, {"and"}, {","}):
        found = [token.start for token, text in zip(tokens, texts, strict=True) if text in signs]
        if found:
            return found[0 if is_before else -1]
    return start if is_before else end


def _is_about_start(sentence: Sentence, mentions: Sequence[_Mention], firsts: Sequence[int]) -> bool:
    """Whether the dates after the last place are those of the first: `A to B to C on Monday`, `..., leaving Monday`."""
    moments, last = sentence.moments, mentions[-1]
    if not moments or moments[0] < last.end:
        return False
    if not _LEAVING.isdisjoint(_free(sentence, last.end, moments[0])):
        return True
    words = _free(sentence, mentions[firsts[-1] - 1].end, mentions[firsts[-1]].start)
    return bool(words) and _TO.issuperset(words)


def _split(
    sentence: Sentence,
    roles: Mapping[str, Mapping[str, Sequence[int]]],
    edges: Sequence[int],
    *,
    is_about_start: bool,
) -> list[Roles]:
    """The slots of each leg. A return is the departure of a leg that has no other."""
    legs: list[Roles] = [{} for _ in range(len(edges) + 1)]
    for role, part, n in _numbered(sentence, roles):
        is_first = is_about_start and role == "departure" and part != "place"
        leg = 0 if is_first else bisect_right(edges, sentence.slots[n].start)
        legs[leg].setdefault(role, {}).setdefault(part, []).append(n)
    for leg_roles in legs[1:]:
        back, leaving = leg_roles.get("return", {}), leg_roles.setdefault("departure", {})
        for part in ("date", "time"):
            if part in back and not leaving.get("date") and not leaving.get(part):
                leaving[part] = back.pop(part)
    return legs


def _numbered(sentence: Sentence, roles: Mapping[str, Mapping[str, Sequence[int]]]) -> Iterator[tuple[str, str, int]]:
    """The role, the part and the number of each slot of a leg, without the `second` of `second leg`."""
    for role, parts in roles.items():
        for part, numbers in parts.items() if role != "open" else ():
            for n in numbers:
                at = bisect_left(sentence.starts, sentence.slots[n].end)
                following = sentence.tokens[at : at + 1]
                if part != "date" or not following or following[0].text.lower() not in _COUNTED:
                    yield role, part, n
