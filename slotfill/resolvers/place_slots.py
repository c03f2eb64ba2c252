"""The place slots of one role -> places and their value. `places.py` knows what a name means."""

from collections.abc import Callable, Collection, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from slotfill.resolvers.confidence import confidence_of
from slotfill.resolvers.context import Sentence
from slotfill.schema import Alternative, PlaceValue
from slotfill.slot_names import type_of

if TYPE_CHECKING:
    from slotfill.resolvers.places import Place

Groups: TypeAlias = tuple[tuple[tuple[str, str], ...], ...]  # places, each as the types and texts of its slots

# Tokens between the slots of one place: `Portland, Maine`, `Logan airport in Boston`, `Heathrow (LHR)`.
_WITHIN = frozenset((",", "(", ")", "/", "-", "in", "the", "at", "of", "airport", "international", "intl"))
_JOINTS = frozenset(("and", "or", "to", ",", "/", "-", "&"))  # between places that belong together
_FEW = 2  # the meaning of more places in one role is not cached


class _Meaning(NamedTuple):
    """What some places mean, as fields of a PlaceValue."""

    kind: str
    value: str | None
    country: str | None
    region: str | None
    airports: tuple[str, ...]
    alternatives: tuple[Alternative, ...]
    homonyms: tuple[Alternative, ...]
    corrected: bool
    note: str | None


def place_of(sentence: Sentence, numbers: Sequence[int]) -> PlaceValue:
    """The value of the place slots of one role; several places in it are alternatives."""
    kept = sentence.kept(numbers)
    value = _value(sentence, grouped(sentence, kept or numbers))
    return value if len(kept) == len(numbers) else _without(sentence, value, numbers, is_null=not kept)


def stops_of(sentence: Sentence, numbers: Sequence[int]) -> list[PlaceValue]:
    """The stops, or the open places, in order.

    `via Dallas or Denver` is one stop with alternatives, `via Dallas and Denver` is two.
    """
    kept = sentence.kept(numbers)
    if not kept:
        return [place_of(sentence, numbers)]
    stops: list[list[list[int]]] = []
    for place in grouped(sentence, kept):
        if stops and "or" in sentence.between(stops[-1][-1][-1], place[0]):
            stops[-1].append(place)
        else:
            stops.append([place])
    values = [_value(sentence, stop) for stop in stops]
    for number in sentence.ruled.out if len(kept) < len(numbers) else ():
        if number in numbers:  # it belongs to the stop before it, or else to the first
            at = max(0, sum(value.slots[0] < number for value in values) - 1)
            values[at] = _without(sentence, values[at], sorted((*values[at].slots, number)), is_null=False)
    return values


def _without(sentence: Sentence, value: PlaceValue, numbers: Sequence[int], *, is_null: bool) -> PlaceValue:
    """A value with the slots that are ruled out, which its note names; `is_null` if nothing is left."""
    text, note = sentence.span(numbers), sentence.note_of(numbers)
    if is_null:
        return PlaceValue(text, value.kind, None, tuple(numbers), note=note, confidence=value.confidence)
    return value.replace(text=text, slots=tuple(numbers), note=f"{value.note}; {note}" if value.note else note)


def phrases_of(sentence: Sentence, numbers: Sequence[int]) -> list[list[int]]:
    """These slots in phrases: places that `and`, `or`, `to` or a comma joins are one."""
    phrases: list[list[int]] = []
    for place in grouped(sentence, numbers):
        joint = sentence.between(phrases[-1][-1], place[0]) if phrases else []
        if joint and _JOINTS.issuperset(joint):
            phrases[-1] += place
        else:
            phrases.append(place)
    return phrases


def grouped(sentence: Sentence, numbers: Sequence[int]) -> list[list[int]]:
    """Group slots into places: a city with its state, country or airport is one."""
    if len(numbers) == 1:
        return [[*numbers]]
    groups: list[list[int]] = []
    kinds: set[str] = set()  # of the last group
    for number in numbers:
        kind = place_kind(sentence.slots[number].name)
        may = may_join(kind, kinds) or (sentence.is_chinese and kind == "city" and not kinds - {"state", "country"})
        if groups and may and _WITHIN.issuperset(sentence.between(groups[-1][-1], number)):
            groups[-1].append(number)
            kinds.add(kind)
        else:
            groups.append([number])
            kinds = {kind}
    return groups


def place_kind(name: str) -> str:
    """`city` for `fromloc.city_name`, and `state` for `fromloc.state_code` too."""
    kind = type_of(name).removesuffix("_name")
    return "state" if kind == "state_code" else kind


def may_join(kind: str, kinds: Collection[str]) -> bool:
    """Say whether a slot of this kind may belong to a place that has slots of these kinds."""
    return kind not in kinds and not (kind == "city" and not {"state", "country"}.isdisjoint(kinds))


def _value(sentence: Sentence, groups: Sequence[Sequence[int]]) -> PlaceValue:
    """The first place as a value; with several, all are alternatives, and all other places of their names homonyms."""
    if len(groups) == len(groups[0]) == 1:
        return value_of_one(sentence, groups[0][0])
    slots = sentence.slots
    numbers = tuple([n for group in groups for n in group])
    look_up: Callable[[Groups], _Meaning]
    look_up = _cached_meaning if len(groups) <= _FEW else _meaning
    meaning = look_up(tuple([tuple([(type_of(slots[n].name), slots[n].text) for n in group]) for group in groups]))
    return _made(meaning, sentence.span(numbers), numbers, confidence_of([slots[n] for n in numbers]))


def value_of_one(sentence: Sentence, number: int) -> PlaceValue:
    """The value of a place of one slot."""
    slot = sentence.slots[number]
    return _made(_meaning_of_one(type_of(slot.name), slot.text), slot.text, (number,), slot.confidence)


def _made(meaning: _Meaning, text: str, numbers: tuple[int, ...], confidence: float) -> PlaceValue:
    """A meaning as the value of the slots with these numbers."""
    kind, value, country, region, airports, alternatives, homonyms, corrected, note = meaning
    # by place, since by name it would take half as long again
    return PlaceValue(
        text, kind, value, numbers, country, region, airports, alternatives, homonyms, corrected, note, confidence
    )


def _meaning(groups: Groups) -> _Meaning:
    """The first of some places, all of them if they differ, and the other places of their names."""
    from slotfill.resolvers.places import resolve  # late: a sentence without places need not wait for it

    found = [resolve(group) for group in groups]
    first = found[0]
    others = _alternatives([one for place in found for one in place.alternatives])
    homonyms: tuple[Alternative, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    if len(found) > 1 or others:  # hardly ever
        named = _alternatives(found)
        homonyms = tuple([one for one in others if one not in named])
        alternatives = () if all(_identity(place) == _identity(first) for place in found) else named
    area = (first.country, first.region, first.airports)
    return _Meaning(first.kind, first.value, *area, alternatives, homonyms, first.corrected, first.note)


def _alternatives(places: "Sequence[Place]") -> tuple[Alternative, ...]:
    known = [
        Alternative(one.kind, one.value, country=one.country, region=one.region, airports=one.airports)
        for one in places
        if one.value
    ]
    return tuple(dict.fromkeys(known))


_cached_meaning = lru_cache(maxsize=2048)(_meaning)


@lru_cache(maxsize=6144)  # most places have one slot
def _meaning_of_one(kind: str, text: str) -> _Meaning:
    """The meaning of a place of one slot."""
    return _meaning((((kind, text),),))


def _identity(place: "Place") -> tuple[object, ...]:
    """The fields in which equal places agree."""
    return place.kind, place.value, place.country, place.region, place.airports
