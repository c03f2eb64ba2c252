"""Why the tagger said what it said: runners-up, the words that decided, and the gates.

Which words decided is found by leaving one out at a time (Li, Monroe & Jurafsky 2016): once by taking the word away,
and once by putting the unknown word in its place, which keeps the distances.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from slotfill.batching import chunks
from slotfill.decoding import probabilities
from slotfill.errors import InputError
from slotfill.schema import Annotation
from slotfill.tagger import Tagger
from slotfill.tags import OUTSIDE, spans_of
from slotfill.tokenizer import fold

Array = NDArray[np.float32]

_LONGEST = 400
_UNKNOWN = ""  # a word of no characters: the unknown vector, and no filter answers


@dataclass(frozen=True, slots=True)
class Choice:
    """A token's tag and the likeliest other one, each with its probability.

    The other may be the likelier one where IOB2 does not allow it there.
    """

    tag: str
    confidence: float
    second: str
    second_confidence: float


@dataclass(frozen=True, slots=True)
class Influence:
    """What became of a slot's first token when one word was not there.

    `slot` and `word` are positions in the annotation's slots and tokens. `name` is the slot's name then (None: no
    slot), `confidence` how sure that is, and `drop` how much less likely the slot's own tag has become.
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
    """What `explain` found out about one text."""

    annotation: Annotation
    choices: tuple[Choice, ...]  # one for each token
    removed: tuple[Influence, ...]  # the word taken away; for each slot the strongest first
    masked: tuple[Influence, ...]  # the unknown word in its place
    gates: Mapping[str, Mapping[str, Array]]  # by cell (`0.forward`) and gate: (T, H)

    def to_dict(self) -> dict[str, Any]:
        """The JSON of the annotation, with `tokens`, `removed`, `masked` and `gates`."""
        return self.annotation.to_dict() | {
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
            "gates": {
                cell: {name: [[round(v, 4) for v in row] for row in values.tolist()] for name, values in arrays.items()}
                for cell, arrays in self.gates.items()
            },
        }


def explain(tagger: Tagger, text: str, *, clock: datetime | None = None, date_order: str = "mdy") -> Explanation:
    """Look into the tagging of one text (see `Tagger.tag`); InputError if it has no token."""
    (annotation,) = tagger.tag([text], clock=clock, date_order=date_order)
    if not annotation.tokens:
        raise InputError("there is nothing to explain: the text has no word")
    if len(annotation.tokens) > _LONGEST:  # each word is left out once: the work grows with the square
        raise InputError(f"the text has {len(annotation.tokens)} words: expected at most {_LONGEST} to explain")
    words = [fold(token.text) for token in annotation.tokens]
    gates: dict[str, dict[str, Array]] = {}
    emissions_TK, _, _ = tagger.runtime.run([words], gates=gates)
    chances_TK = probabilities(emissions_TK)
    tags = tagger.inventory.tags
    choices = []
    for chances_K, tag in zip(chances_TK, annotation.tags, strict=True):
        others = chances_K.copy()
        others[tags.id(tag)] = -1
        second = int(others.argmax())
        choices.append(Choice(tag, float(chances_K[tags.id(tag)]), tags.items[second], float(chances_K[second])))
    return Explanation(
        annotation=annotation,
        choices=tuple(choices),
        removed=_influences(tagger, annotation, words, chances_TK, mask=False),
        masked=_influences(tagger, annotation, words, chances_TK, mask=True),
        gates=gates,
    )


def _influences(
    tagger: Tagger, annotation: Annotation, words: Sequence[str], chances_TK: Array, *, mask: bool
) -> tuple[Influence, ...]:
    """Leave out each word in turn and see what each slot's first token becomes."""
    if len(words) == 1 or not annotation.slots:
        return ()
    instead = [_UNKNOWN] if mask else []
    variations = [[*words[:left_out], *instead, *words[left_out + 1 :]] for left_out in range(len(words))]
    tags = tagger.inventory.tags
    influences = []
    for numbers in chunks([len(variation) for variation in variations]):
        emissions_NK, _, starts_B = tagger.runtime.run([variations[left_out] for left_out in numbers])
        chances_NK = probabilities(emissions_NK)
        for left_out, start in zip(numbers, starts_B.tolist(), strict=True):
            for number, (first, end, name) in enumerate(spans_of(annotation.tags)):
                if first <= left_out < end:  # a slot's own words say what it is, not why
                    continue
                own = tags.id(f"B-{name}")
                chances_K = chances_NK[start + first - (not mask and left_out < first)]
                best = tags.items[int(chances_K.argmax())]
                influences.append(
                    Influence(
                        slot=number,
                        word=left_out,
                        name=None if best == OUTSIDE else best[2:],
                        confidence=float(chances_K.max()),
                        drop=float(chances_TK[first, own] - chances_K[own]),
                    )
                )
    return tuple(sorted(influences, key=lambda influence: (influence.slot, -influence.drop, influence.word)))


def reasons(explanation: Explanation) -> list[str]:
    """One sentence a slot: which word decided it, or that no single word did."""
    annotation = explanation.annotation
    lines = []
    for number, slot in enumerate(annotation.slots):
        beginning = f"`{slot.text}` is {slot.name} ({slot.confidence:.2f})"
        mine = [influence for influence in explanation.removed if influence.slot == number]
        if not mine:
            lines.append(f"{beginning}: there is no other word")
            continue
        # a word that changes the name counts before one that only makes it less sure
        strongest = next((influence for influence in mine if influence.name != slot.name), mine[0])
        word = annotation.tokens[strongest.word].text
        became = f"{strongest.name or 'no slot'} ({strongest.confidence:.2f})"
        if strongest.name != slot.name:
            lines.append(f"{beginning} because of `{word}`: without it, {became}")
        elif strongest.drop < _LITTLE:
            lines.append(f"{beginning}, whichever other word is left out")
        else:
            lines.append(f"{beginning}; `{word}` matters most: without it, still {became}")
    return lines


_LITTLE = 0.05  # a drop in probability that is not worth a word
