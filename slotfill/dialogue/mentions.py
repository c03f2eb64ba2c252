"""The values of one sentence, each with the words that it rests on and how strongly its part is named."""

from collections.abc import Sequence
from typing import NamedTuple

from slotfill.dialogue.changes import Words
from slotfill.dialogue.roles import is_named, is_return, noun_role
from slotfill.resolvers.context import CUES, Sentence
from slotfill.schema import Annotation, Frame, Value
from slotfill.slot_names import frame_part_of

_LEGS = {"stop": "stops"}


class Mention(NamedTuple):
    """A value of a sentence. `leg` is that of the tagger: departure, arrival, return, stops, open."""

    leg: str
    kind: str  # place, date, time
    value: Value
    words: Words
    is_named: bool  # the sentence itself names the leg


class Ruled(NamedTuple):
    """A place, date or time that the sentence rules out."""

    kind: str
    words: Words


def mentions_of(annotation: Annotation, frame: Frame, words: str) -> tuple[list[Mention], list[Ruled]]:
    """The values of a frame in the order of the text, and what the sentence rules out; `words` in plain letters."""
    ruled = _ruled_out(annotation)
    found: list[Mention] = []
    for name, leg in frame.items():
        for kind, value in leg.items():
            kept = [n for n in value.slots if n not in ruled]
            if not kept:
                continue
            mention = _mention(annotation, _LEGS.get(name, name), kind, value, kept, words)
            if not (kind == "time" and found and found[-1].kind == "date" and found[-1].words == mention.words):
                found.append(mention)
    found.sort(key=lambda one: one.words.start)
    return _with_return(found, words), _phrases(annotation, ruled)


def _with_return(mentions: list[Mention], words: str) -> list[Mention]:
    """The only date or time with words of a return alone beside it is one: `with a March 7th return date`."""
    moments = [one for one in mentions if one.kind != "place"]
    if not any(one.leg == "departure" and not one.is_named for one in moments) or {one.leg for one in moments} != {
        "departure"
    }:
        return mentions
    return [
        one._replace(leg="return", is_named=True)
        if one in moments and not one.is_named and is_return(words, one.words.start, one.words.end)
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
    """The numbers of the slots that the sentence rules out."""
    if CUES.isdisjoint([token.text.lower().replace("’", "'") for token in annotation.tokens]):
        return frozenset()
    starts = [slot.start for slot in annotation.slots]
    order = sorted(range(len(starts)), key=starts.__getitem__)
    return frozenset(Sentence(annotation, order, 1).ruled.out)


def _phrases(annotation: Annotation, numbers: frozenset[int]) -> list[Ruled]:
    """The slots that are ruled out, those that stand together as one."""
    found: list[Ruled] = []
    last = -1
    for number in sorted(numbers):
        slot = annotation.slots[number]
        part = frame_part_of(slot.name)
        if part is None:
            continue
        start = slot.start
        if found and found[-1].kind == part.part and number == last + 1 and _is_near(annotation, last, number):
            start = found.pop().words.start
        found.append(Ruled(part.part, Words(annotation.text[start : slot.end], start, slot.end)))
        last = number
    return found


def _is_near(annotation: Annotation, first: int, second: int) -> bool:
    return annotation.text[annotation.slots[first].end : annotation.slots[second].start].strip() in ("", ",")
