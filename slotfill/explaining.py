"""Why the tagger chose its tags: runners-up, the words that decided, and the gates and states of its cells.

To find the words that decided, each is left out in turn (Li, Monroe & Jurafsky 2016): once removed, and once masked by
the unknown word, which keeps the distances.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from slotfill.batching import chunks
from slotfill.errors import InputError
from slotfill.inside import Group, Strip, by_peak, shown
from slotfill.schema import Annotation, Intent
from slotfill.tagger import Tagger
from slotfill.tags import TokenSpan, spans_of
from slotfill.thresholds import MIN_VALUE_CONFIDENCE

Array = NDArray[np.float32]

_LONGEST = 400  # tokens; each is left out once, so the work grows with the square
_UNKNOWN = ""  # a word without characters has the unknown vector and no character features
_LITTLE = 0.05  # a drop in probability that is not worth mentioning


@dataclass(frozen=True, slots=True)
class Choice:
    """A token's tag and its runner-up, each with its probability over all valid paths.

    The runner-up may be the likelier one, since the tags are those of the best path. None if there is only one tag.
    """

    tag: str
    confidence: float
    second: str | None
    second_confidence: float


@dataclass(frozen=True, slots=True)
class Influence:
    """What becomes of a slot's first token when one word is left out.

    `slot` and `word` are positions in the annotation's slots and tokens. `name` is the name of the slot that the token
    is then in (None if it is in none), `confidence` that slot's confidence, and `drop` how much the probability of the
    original tag falls.
    """

    slot: int
    word: int
    name: str | None
    confidence: float
    drop: float

    def to_dict(self) -> dict[str, Any]:
        """The JSON of one influence."""
        return {
            "slot": self.slot,
            "word": self.word,
            "name": self.name,
            "confidence": round(self.confidence, 4),
            "drop": round(self.drop, 4),
        }


@dataclass(frozen=True, slots=True)
class Explanation:
    """The result of `explain` for one text.

    >>> from slotfill import explain, load
    >>> sorted(explain(load(), "arrive Taipei").to_dict())[:4]
    ['cell', 'frame', 'gates', 'intent']
    """

    annotation: Annotation
    choices: tuple[Choice, ...]  # one for each token
    removed: tuple[Influence, ...]  # by words removed; for each slot the strongest first
    masked: tuple[Influence, ...]  # by words masked
    gates: Mapping[
        str, Mapping[str, Array]
    ]  # by cell (`0.forward`) and gate or state: (T, H); y of a Jordan net (T, K)
    intents: tuple[Intent, ...] = ()  # all of them, the likeliest first
    cell: str = "lstm"  # the kind of the cells: `model.cell`
    outputs: tuple[str, ...] = ()  # the tags that the columns of y stand for, K of them; none without y

    def groups(self, *, title: str = "") -> list[Group]:
        """The cells as they are drawn."""
        tokens = [token.text for token in self.annotation.tokens]
        return [
            Group(cell, [Strip(title, tokens, shown(parts), by_peak(parts), self.outputs)])
            for cell, parts in self.gates.items()
            if parts
        ]

    def to_dict(self, *, gates: bool = True) -> dict[str, Any]:
        """The JSON of the annotation, with `intents`, `tokens`, `removed`, `masked` and, unless left out, the cells.

        Of the cells there are their kind (`cell`), their `gates` and states as they are (c without tanh), the order in
        which `units` are shown, and for a Jordan net the tags that its `outputs` stand for.
        """
        found = self.annotation.to_dict() | {
            "intents": [intent.to_dict() for intent in self.intents],
            "tokens": [
                {
                    "text": token.text,
                    "start": token.start,
                    "end": token.end,
                    "tag": choice.tag,
                    "confidence": round(choice.confidence, 4),
                    "second": choice.second,
                    "second_confidence": round(choice.second_confidence, 4),
                }
                for token, choice in zip(self.annotation.tokens, self.choices, strict=True)
            ],
            "removed": [influence.to_dict() for influence in self.removed],
            "masked": [influence.to_dict() for influence in self.masked],
        }
        if gates:
            found["cell"] = self.cell
            found["gates"] = {cell: rounded(arrays) for cell, arrays in self.gates.items()}
            found["units"] = {
                group.cell: {key: order.tolist() for key, order in group.strips[0].orders.items()}
                for group in self.groups()
            }
            if self.outputs:
                found["outputs"] = [*self.outputs]
        return found


def rounded(parts: Mapping[str, Array]) -> dict[str, list[list[float]]]:
    """The JSON of gates and states: for each token one number a unit.

    >>> import numpy as np
    >>> rounded({"h": np.array([[0.25, -0.12345]])})
    {'h': [[0.25, -0.123]]}
    """
    return {name: [[round(v, 3) for v in row] for row in values.tolist()] for name, values in parts.items()}


def explain(
    tagger: Tagger,
    text: str,
    *,
    now: datetime | str | None = None,
    date_order: str = "mdy",
    min_confidence: float = 0.0,
    min_value_confidence: float = MIN_VALUE_CONFIDENCE,
) -> Explanation:
    """Explain the tags of one text (see `Tagger.tag`); InputError if it has no token or more than 400.

    >>> from slotfill import explain, load
    >>> found = explain(load(), "arrive Taipei on November 2nd", now="2026-11-20T09:00")
    >>> found.choices[1].tag, found.choices[1].second, found.intents[0].name
    ('B-toloc.city_name', 'B-fromloc.city_name', 'flight')
    """
    tagger = tagger.answering(text)
    (annotation,) = tagger.tag(
        [text],
        now=now,
        date_order=date_order,
        min_confidence=min_confidence,
        min_value_confidence=min_value_confidence,
    )
    if not annotation.tokens:
        raise InputError("there is nothing to explain: the text has no word")
    if len(annotation.tokens) > _LONGEST:
        raise InputError(f"the text has {len(annotation.tokens)} words: expected at most {_LONGEST} to explain")
    words = [tagger.vocabularies.fold(token.text) for token in annotation.tokens]
    gates: dict[str, dict[str, Array]] = {}
    emissions_TK, intents_BI, starts = tagger.runtime.run([words], gates=gates)
    chances_TK = tagger.chain.marginals(emissions_TK, starts)
    return Explanation(
        annotation=annotation,
        choices=tuple(_choice(tagger, *pair) for pair in zip(annotation.tags, chances_TK, strict=True)),
        removed=_influences(tagger, annotation, words, chances_TK, mask=False),
        masked=_influences(tagger, annotation, words, chances_TK, mask=True),
        gates=gates,
        intents=tagger.ranked(intents_BI),
        cell=tagger.cell,
        outputs=tuple(tagger.vocabularies.tags.items) if tagger.cell == "jordan" else (),
    )


def _choice(tagger: Tagger, tag: str, chances_K: Array) -> Choice:
    tags = tagger.vocabularies.tags
    ranked = [number for number in np.argsort(-chances_K, kind="stable").tolist() if number != tags.id(tag)]
    second = (tags.items[ranked[0]], float(chances_K[ranked[0]])) if ranked else (None, 0.0)
    return Choice(tag, float(chances_K[tags.id(tag)]), *second)


def _influences(
    tagger: Tagger, annotation: Annotation, words: Sequence[str], chances_TK: Array, *, mask: bool
) -> tuple[Influence, ...]:
    """Leave out each word in turn, and see what each slot's first token becomes."""
    if len(words) == 1 or not annotation.slots:
        return ()
    replacement = [_UNKNOWN] if mask else []
    variations = [[*words[:left_out], *replacement, *words[left_out + 1 :]] for left_out in range(len(words))]
    tags = tagger.vocabularies.tags
    slots = list(enumerate(spans_of(annotation.tags)))
    influences = []
    for variation in _tagged(tagger, variations):
        left_out = variation.left_out
        for number, (first, end, name) in slots:
            if first <= left_out < end:  # a slot's own words do not explain it
                continue
            at = first - (not mask and left_out < first)
            slot, confidence = variation.slot_at(at)
            tag = tags.id(f"B-{name}")
            drop = float(chances_TK[first, tag] - variation.chances[at, tag])
            influences.append(Influence(slot=number, word=left_out, name=slot, confidence=confidence, drop=drop))
    return tuple(sorted(influences, key=lambda influence: (influence.slot, -influence.drop, influence.word)))


class _Variation(NamedTuple):
    """A sentence without one of its words, tagged."""

    left_out: int
    chances: Array  # (T, K), the probability of each tag
    path: list[int]  # tag numbers
    spans: list[tuple[TokenSpan, float]]  # with their confidence

    def slot_at(self, position: int) -> tuple[str | None, float]:
        """The name and the confidence of the slot there; without one, None and the probability of the tag."""
        for span, confidence in self.spans:
            if span.start <= position < span.end:
                return span.name, confidence
        return None, float(self.chances[position, self.path[position]])


def _tagged(tagger: Tagger, variations: Sequence[Sequence[str]]) -> Iterator[_Variation]:
    """Tag the variations, longest first."""
    names = tagger.vocabularies.tags.items
    for numbers in chunks([len(variation) for variation in variations]):
        emissions_NK, _, starts_B = tagger.runtime.run([variations[number] for number in numbers])
        chances_NK = tagger.chain.marginals(emissions_NK, starts_B)
        path_N = tagger.chain.decode(emissions_NK, starts_B)
        confidence = tagger.chain.confidence(emissions_NK, starts_B, path_N)
        for number, start in zip(numbers, starts_B.tolist(), strict=True):
            end = start + len(variations[number])
            path = path_N[start:end].tolist()
            spans = spans_of([names[tag] for tag in path])
            sure = [(span, confidence.of(start + span.start, start + span.end)) for span in spans]
            yield _Variation(number, chances_NK[start:end], path, sure)


def reasons(explanation: Explanation) -> list[str]:
    """One sentence for each slot: which word decided it, or that no single word did."""
    slots = enumerate(explanation.annotation.slots)
    return [f"`{slot.text}` is {slot.name} ({slot.confidence:.2f}){_reason(explanation, n)}" for n, slot in slots]


def _reason(explanation: Explanation, number: int) -> str:
    slot = explanation.annotation.slots[number]
    influences = [influence for influence in explanation.removed if influence.slot == number]
    if not influences:
        return ": there is no other word"
    # a word that changes the name comes before one that only lowers the probability
    strongest = next((influence for influence in influences if influence.name != slot.name), influences[0])
    word = explanation.annotation.tokens[strongest.word].text
    became = f"{strongest.name or 'no slot'} ({strongest.confidence:.2f})"
    if strongest.name != slot.name:
        return f" because of `{word}`: without it, {became}"
    if strongest.drop < _LITTLE:
        return ", whichever other word is left out"
    return f"; `{word}` matters most: without it, still {became}"
