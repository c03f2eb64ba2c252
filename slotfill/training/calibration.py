"""The temperature that makes confidence a probability: of the slots with confidence 0.8, 80 % are right.

A network that was trained for long is overconfident. Dividing all its scores by one number, chosen on dev, mends that
and changes no tag (Guo, Pleiss, Sun & Weinberger 2017).
"""

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from slotfill.batching import Ids, chunks
from slotfill.decoding.chain import Chain
from slotfill.decoding.transitions import Array
from slotfill.schema import Example
from slotfill.tagger import Tagger
from slotfill.tags import spans_of

TEMPERATURES = tuple(1.1**power for power in range(-10, 16))  # 0.39 to 4.2
WITHOUT_DEV = 2.2  # nothing was held out to choose one on: docs/experiments/little-data.md#the-temperature
_SPREAD = 1.4  # of the logarithm of temperatures
_LEAST = 1e-6  # a probability of 0 would count as an infinite error


class _Tagged(NamedTuple):
    """A chunk of sentences with the spans of their best paths."""

    emissions: Array  # (N, K)
    starts: Ids  # (B,)
    path: Ids  # (N,)
    spans: list[tuple[int, int, bool]]  # first token, last token + 1, and whether the span is right


def best_temperature(tagger: Tagger, examples: Sequence[Example]) -> float:
    """The temperature under which it is likeliest that the right slots are right and the wrong ones wrong.

    It is expected near `WITHOUT_DEV`: a few sentences in which all is right would else make everything certain.
    1 if the tagger finds no slot.
    """
    losses = temperature_losses(tagger, examples)
    if not losses.any():
        return 1.0
    # a normal distribution of the logarithm
    unlikely = np.square(np.log(TEMPERATURES) - math.log(WITHOUT_DEV)) / (2 * _SPREAD**2)
    return TEMPERATURES[int((losses + unlikely).argmin())]


def temperature_losses(tagger: Tagger, examples: Sequence[Example]) -> NDArray[np.float64]:
    """For each of `TEMPERATURES`, the sum of -log(probability that a slot is what it is: right or wrong)."""
    names = tagger.vocabularies.tags.items
    chains = [Chain(names, tagger.runtime.transitions, temperature=temperature) for temperature in TEMPERATURES]
    losses = np.zeros(len(chains))
    for tagged in _tagged(tagger, examples):
        losses += [_loss(chain, tagged) for chain in chains]
    return losses


def _tagged(tagger: Tagger, examples: Sequence[Example]) -> Iterator[_Tagged]:
    words = [[tagger.vocabularies.fold(token.text) for token in example.tokens] for example in examples]
    names = tagger.vocabularies.tags.items
    for numbers in chunks([len(sentence) for sentence in words]):
        emissions_NK, _, starts_B = tagger.runtime.run([words[number] for number in numbers])
        path_N = tagger.chain.decode(emissions_NK, starts_B)
        tags = [names[k] for k in path_N.tolist()]
        spans = []
        for number, start in zip(numbers, starts_B.tolist(), strict=True):
            gold = set(spans_of(examples[number].tags))
            predicted = spans_of(tags[start : start + len(words[number])])
            spans += [(start + span.start, start + span.end, span in gold) for span in predicted]
        yield _Tagged(emissions_NK, starts_B, path_N, spans)


def _loss(chain: Chain, tagged: _Tagged) -> float:
    """The sum of -log(probability that a span is what it is: right or wrong)."""
    confidence = chain.confidence(tagged.emissions, tagged.starts, tagged.path)
    chances = [(confidence.of(start, end), right) for start, end, right in tagged.spans]
    return -sum(math.log(max(_LEAST, chance if right else 1 - chance)) for chance, right in chances)
