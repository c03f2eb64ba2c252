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
from slotfill.errors import InputError
from slotfill.schema import Annotation
from slotfill.tagger import Tagger
from slotfill.tags import spans_of
from slotfill.tokenizer import fold

Array = NDArray[np.float32]

_LONGEST = 400
_UNKNOWN = ""  # a word of no characters: the unknown vector, and no filter answers


@dataclass(frozen=True, slots=True)
class Choice:
    """A token's tag and the likeliest other one, each with its probability over all that the other tokens may have.

    The other may be the likelier one: the tags are those that are likeliest together. None if there is no other.
    """

    tag: str
    confidence: float
    second: str | None
    second_confidence: float


@dataclass(frozen=True, slots=True)
class Influence:
    """What became of a slot's first token when one word was not there.

    `slot` and `word` are positions in the annotation's slots and tokens. `name` is that of the slot that the token is
    in then (None: in none), `confidence` how sure that is, and `drop` how much less likely the slot's own tag there.
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
    emissions_TK, _, starts = tagger.runtime.run([words], gates=gates)
    chances_TK = tagger.chain.marginals(emissions_TK, starts)
    tags = tagger.vocabularies.tags
    choices = []
    for chances_K, tag in zip(chances_TK, annotation.tags, strict=True):
        ranked = [number for number in np.argsort(-chances_K, kind="stable").tolist() if number != tags.id(tag)]
        second = (tags.items[ranked[0]], float(chances_K[ranked[0]])) if ranked else (None, 0.0)
        choices.append(Choice(tag, float(chances_K[tags.id(tag)]), *second))
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
    tags = tagger.vocabularies.tags
    influences = []
    for numbers in chunks([len(variation) for variation in variations]):
        emissions_NK, _, starts_B = tagger.runtime.run([variations[left_out] for left_out in numbers])
        chances_NK = tagger.chain.marginals(emissions_NK, starts_B)
        path_N = tagger.chain.decode(emissions_NK, starts_B)
        sure = tagger.chain.confidence(emissions_NK, starts_B, path_N)
        for left_out, start in zip(numbers, starts_B.tolist(), strict=True):
            path = path_N[start : start + len(variations[left_out])].tolist()
            there = spans_of([tags.items[tag] for tag in path])
            for number, (first, end, name) in enumerate(spans_of(annotation.tags)):
                if first <= left_out < end:  # a slot's own words say what it is, not why
                    continue
                at = first - (not mask and left_out < first)
                chances_K = chances_NK[start + at]
                now = next((span for span in there if span.start <= at < span.end), None)
                influences.append(
                    Influence(
                        slot=number,
                        word=left_out,
                        name=now and now.name,
                        confidence=sure.of(start + now.start, start + now.end) if now else float(chances_K[path[at]]),
                        drop=float(chances_TK[first, tags.id(f"B-{name}")] - chances_K[tags.id(f"B-{name}")]),
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
