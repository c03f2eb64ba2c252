"""How likely a model finds the labels of sentences: by its probabilities of single tags (forward-backward).

A sentence is right if all its tags and its intent are. Its probability is taken as the product of theirs, as if they
were independent: the least certain sentence is the one with the smallest (least confidence, Culotta & McCallum 2005).
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from slotfill.batching import chunks
from slotfill.reviewing.draft import Draft
from slotfill.runtime.threads import one_thread
from slotfill.schema import Annotation
from slotfill.tagger import Tagger
from slotfill.tags import OUTSIDE, TokenSpan, char_span

Chances = NDArray[np.float32]  # (T, K): the probability of each tag for each token
_LIKELY = 0.05  # the probability from which another name is worth a word
_MAYBE = 0.1  # the same for a name where there is no slot
_LEAST = 1e-6  # the probability of a tag or an intent that the model does not know


class Doubt(NamedTuple):
    """The probabilities of one sentence's labels: of each token's tag, and of its intent (1 if it has none)."""

    tags: tuple[float, ...]
    intent: float

    @property
    def whole(self) -> float:
        """The probability that the sentence is right.

        >>> Doubt((0.5, 1.0), 0.5).whole
        0.25
        """
        return float(np.prod(self.tags, initial=self.intent))


def chances(tagger: Tagger, sentences: Sequence[Sequence[str]]) -> Iterator[tuple[int, Chances]]:
    """The number of each sentence, given as tokens, and the probabilities of its tags; the longest first."""
    for numbers in chunks([len(sentence) for sentence in sentences]):
        words = [[tagger.vocabularies.fold(token) for token in sentences[number]] for number in numbers]
        emissions_NK, _, starts_B = tagger.runtime.run(words)
        chances_NK = tagger.chain.marginals(emissions_NK, starts_B)
        for number, start in zip(numbers, starts_B.tolist(), strict=True):
            yield number, chances_NK[start : start + len(sentences[number])]


@one_thread()
def doubts(
    tagger: Tagger, found: Sequence[Annotation], labels: Sequence[tuple[Sequence[str], str | None]]
) -> list[Doubt]:
    """The doubt of each sentence about `labels`: its tags and its intent; `found` is what the model says itself."""
    result = [Doubt((), 1.0)] * len(found)
    answering = [tagger.answering(one.text) for one in found]
    for asked in dict.fromkeys(answering):
        numbers = [number for number, other in enumerate(answering) if other is asked]
        known = {tag: number for number, tag in enumerate(asked.vocabularies.tags.items)}
        for at, chances_TK in chances(asked, [[token.text for token in found[n].tokens] for n in numbers]):
            tags, intent = labels[numbers[at]]
            sure = [float(chances_TK[place, known[tag]]) if tag in known else _LEAST for place, tag in enumerate(tags)]
            result[numbers[at]] = Doubt(tuple(sure), _of_intent(found[numbers[at]], intent))
    return result


def _of_intent(found: Annotation, intent: str | None) -> float:
    """How sure the model is of an intent; of another than its own, at most what is left."""
    if found.intent is None or intent is None:
        return 1.0
    sure = found.intent.confidence
    return max(_LEAST, sure if intent == found.intent.name else 1 - sure)


class Guess(NamedTuple):
    """A name for some tokens with its probability; None: no slot."""

    name: str | None
    probability: float


class Guesses:
    """What a model thinks of the tokens of one sentence, of which it said `found`."""

    def __init__(self, tagger: Tagger, found: Annotation) -> None:
        self.found = found
        tagger = tagger.answering(found.text)
        self._tags = tagger.vocabularies.tags.items
        self._chances_TK = next((made for _, made in chances(tagger, [[token.text for token in found.tokens]])), None)

    def of(self, token: int) -> list[Guess]:
        """The names for one token, the likeliest first."""
        if self._chances_TK is None:
            return []
        sums: dict[str | None, float] = {}
        for tag, chance in zip(self._tags, self._chances_TK[token].tolist(), strict=True):
            name = None if tag == OUTSIDE else tag[2:]
            sums[name] = sums.get(name, 0.0) + chance
        return [Guess(name, chance) for name, chance in sorted(sums.items(), key=lambda item: -item[1])]

    def of_span(self, start: int, end: int) -> list[str]:
        """The names of slots for the tokens `start` to `end` (half-open), the likeliest first."""
        sums: dict[str, float] = {}
        for token in range(start, end):
            for name, chance in self.of(token):
                if name is not None:
                    sums[name] = sums.get(name, 0.0) + chance
        return sorted(sums, key=lambda name: -sums[name])

    def sure(self, slot: TokenSpan) -> float:
        """How likely a slot is: its confidence if the model found it, else the least of its tokens' probabilities."""
        edges = (*char_span(self.found.tokens, slot.start, slot.end), slot.name)
        for one in self.found.slots:
            if (one.start, one.end, one.name) == edges:
                return one.confidence
        return min(
            max((guess.probability for guess in self.of(token) if guess.name == slot.name), default=0.0)
            for token in range(slot.start, slot.end)
        )

    def instead(self, slot: TokenSpan) -> Guess | None:
        """What the first token of a slot may be otherwise; None if that is unlikely."""
        best = next((guess for guess in self.of(slot.start) if guess.name != slot.name), None)
        return best if best is not None and best.probability >= _LIKELY else None

    def missed(self, draft: Draft) -> list[tuple[int, Guess]]:
        """The tokens without a slot that may have one, each with the likeliest name."""
        best = [
            (token, next((guess for guess in self.of(token) if guess.name is not None), None))
            for token in range(len(draft.tokens))
            if draft.slot_at(token) is None
        ]
        return [(token, guess) for token, guess in best if guess is not None and guess.probability >= _MAYBE]
