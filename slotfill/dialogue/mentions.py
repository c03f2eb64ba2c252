"""The values of one turn, each with the words that it rests on and how strongly its part is named."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from slotfill.dialogue.changes import Words
from slotfill.dialogue.roles import is_named, is_return, noun_role
from slotfill.dialogue.sentences import Placed, Sentences
from slotfill.resolvers.context import CUES, Sentence
from slotfill.resolvers.place_slots import place_kind
from slotfill.schema import Annotation, Slot, Value
from slotfill.slot_names import frame_part_of
from slotfill.thresholds import UNSURE_SLOT

_WORDS = re.compile(r"[a-z]+(?:'[a-z]+)?")
_MOST = 100  # values of one turn, the last ones
_LEGS = {"stop": "stops"}
# `that is all for today` is no date.
_GOODBYE = re.compile(
    r"\b(?:all|everything|that(?:'s| is| was| will be) it|thanks|thank you|help)"
    r"(?: (?:that )?i (?:need|wanted|needed))?(?: for)?(?: me)?(?: for)? $"
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


def mentions_of(sentences: Sentences) -> tuple[list[Mention], list[Ruled]]:
    """The values of a turn in the order of the text, and what it rules out."""
    ruled = _ruled_out(sentences.annotation, sentences.words) if sentences.values else frozenset()
    found: list[Mention] = []
    for name, kind, value in sentences.values:
        if kept := [n for n in value.slots if n not in ruled]:
            apart = _apart(sentences, kind, value) if len(kept) == len(value.slots) else [(name, kind, value)]
            found += [_mention(sentences, name, one, kept if one is value else one.slots) for _, _, one in apart]
    found.sort(key=lambda one: one.words.start)
    found = [one for one in found if not (_is_part_of_date(one, found) or _is_goodbye(one, sentences.words))]
    return _with_return(found[-_MOST:], sentences.words), _phrases(sentences.annotation, ruled)


def _apart(sentences: Sentences, kind: str, value: Value) -> list[Placed]:
    """A value, or one for each sentence that has one for the same part: the last word counts."""
    groups = sentences.by_sentence(value.slots)
    if len(groups) == 1:
        return [("", kind, value)]
    return [one for group in groups for one in sentences.of(group) if one[1] == kind]


def _is_part_of_date(mention: Mention, found: list[Mention]) -> bool:
    """`tonight` is a date, and a time that nobody said apart."""
    return mention.kind == "time" and any(one.kind == "date" and one.words == mention.words for one in found)


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


def _mention(sentences: Sentences, name: str, value: Value, kept: Sequence[int]) -> Mention:
    slots, text, words = sentences.annotation.slots, sentences.annotation.text, sentences.words
    start, end = slots[kept[0]].start, max([slots[n].end for n in kept])
    if len(kept) == len(value.slots):  # the text of the value may have tokens around the slots: `week` of `next week`
        at = text.rfind(value.text, 0, start + len(value.text))
        if 0 <= at <= start:
            start, end = at, at + len(value.text)
    elif value.kind not in ("date", "time"):  # without those that the sentence rules out
        value = value.replace(text=text[start:end])
    kind = value.kind if value.kind in ("date", "time") else "place"
    leg = _LEGS.get(name, name)
    named = is_named(words, leg, kind, start, end, is_near=value.confidence < UNSURE_SLOT)
    if leg == "open" and (role := noun_role(words, start, end)):
        leg, named = role, True
    return Mention(leg, kind, value, Words(text[start:end], start, end), named)


def _ruled_out(annotation: Annotation, words: str) -> frozenset[int]:
    """The numbers of the slots that the turn rules out."""
    if CUES.isdisjoint(_WORDS.findall(words)):
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
