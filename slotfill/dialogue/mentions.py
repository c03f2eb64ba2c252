"""The values of one turn, each with the words that it rests on and how strongly its part is named."""

import re
from collections.abc import Callable, Sequence
from itertools import groupby, pairwise
from typing import NamedTuple, TypeAlias

from slotfill.dialogue.changes import Words
from slotfill.dialogue.roles import SENTENCE_ENDS, is_named, is_return, noun_role
from slotfill.resolvers.context import CUES, Sentence
from slotfill.resolvers.place_slots import place_kind
from slotfill.schema import Annotation, Frame, Slot, Value
from slotfill.slot_names import PLACE_TYPES, frame_part_of, role_of, type_of

Reframe: TypeAlias = Callable[[Sequence[int]], Frame]  # the frame of some slots of the annotation alone

_LEGS = {"stop": "stops"}
_AREAS = ("state", "country")
# `that is all for today` is no date.
_GOODBYE = re.compile(
    r"\b(?:all|everything|it|thanks|thank you|help)(?: (?:that )?i (?:need|wanted|needed))?(?: for)?(?: me)?(?: for)? $"
)


class Mention(NamedTuple):
    """A value of a turn. `leg` is that of the tagger: departure, arrival, return, stops, open."""

    leg: str
    kind: str  # place, date, time
    value: Value
    words: Words
    is_named: bool  # the sentence itself names the leg


class Ruled(NamedTuple):
    """A place, date or time that the turn rules out."""

    kind: str
    words: Words


def joined(annotation: Annotation) -> Annotation:
    """The annotation in which the state or country right after a city has the role of the city: `Paris, France`.

    A tagger may be unsure of the role of a bare answer, and give its halves different ones.
    """
    slots = list(annotation.slots)
    for at, (first, second) in enumerate(pairwise(slots)):
        between = annotation.text[first.end : second.start].strip()
        is_area = type_of(second.name) in PLACE_TYPES and place_kind(second.name) in _AREAS
        if is_area and place_kind(first.name) == "city" and between in ("", ",") and first.end <= second.start:
            role = role_of(first.name)
            name = f"{role}.{type_of(second.name)}" if role else type_of(second.name)
            slots[at + 1] = second.replace(name=name)
    return annotation.replace(slots=tuple(slots)) if slots != [*annotation.slots] else annotation


def mentions_of(
    annotation: Annotation, frame: Frame, words: str, reframe: Reframe
) -> tuple[list[Mention], list[Ruled]]:
    """The values of a frame in the order of the text, and what the turn rules out; `words` in plain letters."""
    ruled = _ruled_out(annotation)
    ends = [found.start() for found in SENTENCE_ENDS.finditer(words)]
    found: list[Mention] = []
    for name, leg in frame.items():
        for kind, value in leg.items():
            kept = [n for n in value.slots if n not in ruled]
            if not kept:
                continue
            for part, numbers in _by_sentence(annotation, kind, value, kept, ends, reframe):
                mention = _mention(annotation, _LEGS.get(name, name), kind, part, numbers, words)
                if not _is_part_of_date(mention, found) and not _is_goodbye(mention, words):
                    found.append(mention)
    found.sort(key=lambda one: one.words.start)
    return _with_return(found, words), _phrases(annotation, ruled)


def _by_sentence(
    annotation: Annotation, kind: str, value: Value, kept: list[int], ends: list[int], reframe: Reframe
) -> list[tuple[Value, list[int]]]:
    """A value, or one for each sentence of a turn that has some of its slots: the last word counts."""
    slots = annotation.slots
    groups = [[*group] for _, group in groupby(kept, key=lambda n: sum(end < slots[n].start for end in ends))]
    if len(groups) == 1 or len(kept) < len(value.slots):
        return [(value, kept)]
    found: list[tuple[Value, list[int]]] = []
    for group in groups:
        values = [one for _, leg in reframe(group).items() for name, one in leg.items() if name == kind]
        found += [(one.replace(slots=tuple([group[n] for n in one.slots])), group) for one in values[:1]]
    return found or [(value, kept)]


def _is_part_of_date(mention: Mention, found: list[Mention]) -> bool:
    """`tonight` is a date, and a time that nobody said apart."""
    last = found[-1] if found else None
    return last is not None and mention.kind == "time" and last.kind == "date" and last.words == mention.words


def _is_goodbye(mention: Mention, words: str) -> bool:
    is_now = mention.kind == "date" and mention.words.text.lower() in ("today", "now", "tonight")
    return is_now and not mention.is_named and bool(_GOODBYE.search(words[: mention.words.start][-60:]))


def _with_return(mentions: list[Mention], words: str) -> list[Mention]:
    """The only date or time with words of a return alone beside it is one: `with a March 7th return date`."""
    moments = [one for one in mentions if one.kind != "place"]
    if {one.leg for one in moments} != {"departure"}:
        return mentions
    return [
        one._replace(leg="return", is_named=True)
        if one.kind != "place" and not one.is_named and is_return(words, one.words.start, one.words.end)
        else one
        for one in mentions
    ]


def _mention(annotation: Annotation, leg: str, kind: str, value: Value, kept: Sequence[int], words: str) -> Mention:
    slots, text = annotation.slots, annotation.text
    start, end = slots[kept[0]].start, max([slots[n].end for n in kept])
    if len(kept) == len(value.slots):  # the text of the value may have tokens around the slots: `week` of `next week`
        at = text.rfind(value.text, 0, start + len(value.text))
        if 0 <= at <= start:
            start, end = at, at + len(value.text)
    elif kind == "place":  # without those that the sentence rules out
        value = value.replace(text=text[start:end])
    named = is_named(words, leg, kind, start, end)
    if leg == "open" and (role := noun_role(words, start, end)):
        leg, named = role, True
    return Mention(leg, kind, value, Words(text[start:end], start, end), named)


def _ruled_out(annotation: Annotation) -> frozenset[int]:
    """The numbers of the slots that the turn rules out."""
    if CUES.isdisjoint([token.text.lower().replace("’", "'") for token in annotation.tokens]):
        return frozenset()
    starts = [slot.start for slot in annotation.slots]
    order = sorted(range(len(starts)), key=starts.__getitem__)
    return frozenset(Sentence(annotation, order, 1).ruled.out)


def _phrases(annotation: Annotation, numbers: frozenset[int]) -> list[Ruled]:
    """The slots that are ruled out, those that stand together as one."""
    found: list[Ruled] = []
    last: Slot | None = None
    for number in sorted(numbers):
        slot = annotation.slots[number]
        part = frame_part_of(slot.name)
        if part is None:
            continue
        start = slot.start
        is_near = last is not None and annotation.text[last.end : slot.start].strip() in ("", ",")
        if found and found[-1].kind == part.part and is_near and place_kind(slot.name) != "city":
            start = found.pop().words.start
        found.append(Ruled(part.part, Words(annotation.text[start : slot.end], start, slot.end)))
        last = slot
    return found
