"""Each value of a turn -> its part of the itinerary."""

import re

from slotfill.dialogue.changes import Change, Words
from slotfill.dialogue.choices import chosen
from slotfill.dialogue.draft import Draft, means
from slotfill.dialogue.exchanges import is_kept
from slotfill.dialogue.mentions import Mention
from slotfill.dialogue.parts import MOST
from slotfill.dialogue.removals import is_same
from slotfill.dialogue.state import kept
from slotfill.dialogue.targets import Context, Target, target_of
from slotfill.dialogue.trip_dates import in_trip
from slotfill.dialogue.words import ROUND_TRIP, Cues, cues_of, is_bare, is_detail, is_way_back, plain
from slotfill.resolvers.abstention import sure_value
from slotfill.schema import Alternative, Annotation, DateValue, PlaceValue, Value
from slotfill.slot_names import type_of

_HOW_LONG = "how long, not when"
# Not the first leg of a trip that has several.
_OTHER_LEG = re.compile(
    r"\b(?:second|third|fourth|fifth|last|final|other|next|2nd|3rd|middle) (?:flight|leg|one|train|bus|bit|trip|part)\b"
)


def place_values(draft: Draft, mentions: list[Mention], ruled: list[str]) -> None:
    """Put each value where it belongs; those that name their part first, and a return after the departure.

    `ruled` are the parts whose value the turn rules out.
    """
    if not mentions:
        return
    words = draft.heard.words
    cues = cues_of(words)
    bare = is_bare(_rest_tokens(draft.heard.sentences.annotation, [one.words for one in mentions], words))
    said = draft.before.last("") if draft.said else []
    mentions = [one._replace(is_named=one.is_named and not _is_changed_to(cues, one, words)) for one in mentions]
    order = sorted(mentions, key=lambda one: (not one.is_named, one.leg == "return" and one.kind == "date"))
    is_round = ROUND_TRIP.search(words) or ROUND_TRIP.search(plain(str(draft.itinerary.other.get("round_trip", ""))))
    for at, mention in enumerate(order):
        if choice := chosen(draft, mention):
            draft.put(*choice, (mention.words,), "choice")
            continue
        context = Context(
            draft.itinerary,
            draft.heard.asked,
            said,
            draft.taken,
            ruled,
            is_correction=bool(cues.correction or (bare and cues.weak_correction)),
            is_addition=_is_added(cues, mention),
            is_alternative=cues.alternative is not None and at == 0,
            is_bare=bare,
            is_return_awaited=bool(is_round) or "return.date" in draft.heard.asked,
        )
        rest = [one for one in order[at:] if one.kind == mention.kind and not one.is_named]
        target = _kept(draft, mention) or _way_back(draft, mention)
        _place(draft, mention, target or target_of(mention, context, of_its_kind=len(rest)), context)


def _kept(draft: Draft, mention: Mention) -> Target | None:
    """`no, keep Saturday`: the part that has this value."""
    if not is_kept(mention, draft.heard.words):
        return None
    parts = [
        part for part in draft.itinerary.parts(mention.kind) if is_same(draft.itinerary.get(part), mention.words.text)
    ]
    return Target(parts[0], "same") if parts else None


def _way_back(draft: Draft, mention: Mention) -> Target | None:
    """`returning from Lima`, `back to Boston`: the ends of a trip that is known, not new ones."""
    if mention.kind != "place" or mention.leg not in ("departure", "arrival"):
        return None
    if not is_way_back(draft.heard.words, mention.words.start):
        return None
    known = draft.itinerary.get("departure.place")
    other = "arrival.place" if mention.leg == "departure" else "departure.place"
    if is_same(draft.itinerary.get(other), mention.words.text):
        return Target(other, "named")
    if mention.leg == "departure" and known is not None and draft.itinerary.get(other) is None:
        return Target(other, "named")
    if known is not None and draft.itinerary.get("arrival.place") is not None:
        return Target(None, "open")  # back from elsewhere: no end of this trip
    return None


def _is_changed_to(cues: Cues, mention: Mention, words: str) -> bool:
    """Say whether the `to` before a value is that of `change it to Denver`, which names no part."""
    found = cues.correction
    if found is None or not found[0].endswith(" to") or found.end() > mention.words.start:
        return False
    return words[found.end() : mention.words.start].strip() in ("", "the")


def _is_added(cues: Cues, mention: Mention) -> bool:
    """Say whether an `and` or `also` is before or after a value, rather than in it."""
    found = cues.addition
    return found is not None and (found.end() <= mention.words.start or found.start() >= mention.words.end)


def _place(draft: Draft, mention: Mention, target: Target, context: Context) -> None:
    """Put a value where it belongs, if it is sure enough."""
    words = (mention.words,)
    value = mention.value
    if draft.itinerary.legs and not draft.heard.sentences.legs and _OTHER_LEG.search(draft.heard.words):
        draft.notes.append(f"{mention.words.text}: only the first leg can be changed")
        return
    if target.part is None:
        _leave_open(draft, mention, target)
        return
    if target.part == "stops":
        _stop(draft, mention, context, target)
        return
    if isinstance(value, DateValue):
        value = _dated(draft, value, mention, target.part)
        if target.part == "departure.date" and context.is_return_awaited:
            span = _two_days(value)
            if span.value and span.to:
                _range(draft, span, words)
                return
    known = draft.itinerary.get(target.part)
    if known is not None and value.value is None and value.note == _HOW_LONG:
        draft.notes.append(f"{mention.words.text}: {value.note}")
        return
    if _is_only_asked_about(draft, mention, known, value):
        draft.notes.append(f"{mention.words.text}: only asked about")
        return
    if target.rule == "addition" and known is not None:
        draft.put(target.part, _with_alternative(known, value), words, "addition", "replace")
        return
    if not _is_sure(draft, mention, target, is_bare_turn=context.is_bare):
        if known is not None or value.value is None:
            draft.notes.append(f"not sure enough of {mention.words.text!r} for {target.part}")
            return
        value = sure_value(value, confidence=draft.heard.confidence)
    draft.put(target.part, value, words, target.rule)


def _is_only_asked_about(draft: Draft, mention: Mention, known: Value | None, value: Value) -> bool:
    """`when do I land in Quito?`, `does it arrive the next day?` of a trip that is known."""
    is_known = known is not None or (mention.kind != "place" and bool(draft.itinerary.parts(mention.kind)))
    if not is_known or (known is not None and means(known) == means(value)):
        return False
    return is_detail(draft.heard.words, mention.words.start, mention.words.end)


def _two_days(value: DateValue) -> DateValue:
    """`the 4th and the 9th`, which the tagger may take for two readings of one date, as a range."""
    if len(value.alternatives) != 2 or not re.search(r"\band\b", value.text):
        return value
    first, last = sorted(value.alternatives)
    return value.replace(value=first, to=last, alternatives=(), grain="day", note=None)


def _range(draft: Draft, value: DateValue, words: tuple[Words, ...]) -> None:
    """`the 7th to the 11th`, where the return is awaited too: both."""
    draft.put("departure.date", value.replace(to=None), words, "asked")
    draft.put("return.date", value.replace(value=value.to, to=None), words, "asked")


def _is_sure(draft: Draft, mention: Mention, target: Target, *, is_bare_turn: bool) -> bool:
    """A value is sure if its slots are; what was asked for, or named, needs less, and a bare answer nothing.

    A place that nobody knows is as likely no place at all: it needs more to replace one.
    """
    if target.rule == "same" or (target.rule == "asked" and is_bare_turn):
        return True
    limit = draft.heard.confidence
    is_unknown = (
        isinstance(mention.value, PlaceValue) and mention.value.value is None and not mention.value.alternatives
    )
    if is_unknown and target.part is not None and draft.itinerary.get(target.part) is not None:
        limit = (1 + limit) / 2
    elif target.rule in ("named", "asked", "correction") or target.part in draft.heard.asked:
        limit /= 2
    return mention.value.confidence >= limit


def _leave_open(draft: Draft, mention: Mention, target: Target) -> None:
    """Keep a value whose part nobody can tell."""
    value = kept(sure_value(mention.value, confidence=draft.heard.confidence / 2))
    if mention.kind != "place" and value.value is None and not value.alternatives:
        draft.notes.append(f"{mention.words.text}: {value.note or 'not understood'}")
        return
    if value in draft.itinerary.open:
        return
    draft.itinerary.open = [*draft.itinerary.open, value][-MOST:]
    part = f"open[{len(draft.itinerary.open) - 1}].{mention.kind}"
    draft.changes.append(Change(part, "set", None, value, (mention.words,), "open", target.readings))


def _stop(draft: Draft, mention: Mention, context: Context, target: Target) -> None:
    """A stop is added after `and` or `also`, or beside one of the same turn; else it replaces those so far."""
    stops = draft.itinerary.stops
    mine = [part for part in draft.taken if part.startswith("stops[")]
    if mention.value.confidence < draft.heard.confidence / 2 or len(stops) >= MOST:
        draft.notes.append(f"not sure enough of {mention.words.text!r} for a stop")
        return
    if stops and not mine and not context.is_addition:
        for at in range(len(stops) - 1, 0, -1):
            draft.remove(f"stops[{at}].place", (mention.words,), target.rule)
        draft.put("stops[0].place", mention.value, (mention.words,), target.rule)
    else:
        draft.put(f"stops[{len(stops)}].place", mention.value, (mention.words,), target.rule)


def _dated(draft: Draft, value: DateValue, mention: Mention, part: str) -> DateValue:
    """A date read against the trip."""
    heard = draft.heard

    def read_after(departure: DateValue) -> DateValue | None:
        dates = [one for _, _, one in heard.sentences.of(value.slots, after=departure)]
        return next((one for one in dates if isinstance(one, DateValue)), None)

    types = frozenset([type_of(heard.sentences.annotation.slots[n].name) for n in value.slots])
    found = in_trip(value, part, draft.itinerary, types=types, today=heard.today, read_after=read_after)
    return found.replace(confidence=value.confidence)


def _with_alternative(known: Value, value: Value) -> Value:
    """`or Denver`: the value so far with one more that may be meant instead."""
    if known.value is None or value.value is None:
        return known
    if isinstance(known, PlaceValue) and isinstance(value, PlaceValue):
        first, second = (
            Alternative(one.kind, one.value or "", one.country, one.region, one.airports) for one in (known, value)
        )
        return known.replace(alternatives=tuple(dict.fromkeys((*(known.alternatives or (first,)), second))))
    if isinstance(known, PlaceValue) or isinstance(value, PlaceValue):
        return known
    return known.replace(alternatives=tuple(dict.fromkeys((*(known.alternatives or (known.value,)), value.value))))


def _rest_tokens(annotation: Annotation, values: list[Words], words: str) -> list[str]:
    """The tokens outside the values, in plain letters."""
    return [
        words[token.start : token.end]
        for token in annotation.tokens
        if not any(one.start <= token.start < one.end for one in values)
    ]
