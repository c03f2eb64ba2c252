"""The temperature at which a tagger's confidence means what it says: of slots given with 0.8, 80 % are right.

A network that was trained long is surer than it should be. Dividing all its scores by one number, chosen on dev, mends
that and changes no tag (Guo, Pleiss, Sun & Weinberger 2017).
"""

import math
from collections.abc import Sequence

import numpy as np

from slotfill.batching import chunks
from slotfill.decoding import Chain
from slotfill.schema import Example
from slotfill.tagger import Tagger
from slotfill.tags import spans_of
from slotfill.tokenizer import fold

_TRIED = tuple(1.1**power for power in range(-10, 16))  # 0.39 to 4.2
_EDGE = 1e-6  # a probability of 0 would count as an infinite error


def best_temperature(tagger: Tagger, examples: Sequence[Example]) -> float:
    """The temperature under which it is likeliest that the slots found are right where they are; 1 if none is found."""
    words = [[fold(token.text) for token in example.tokens] for example in examples]
    names = tagger.vocabularies.tags.items
    chains = [Chain(names, tagger.runtime.transitions, temperature=temperature) for temperature in _TRIED]
    doubts = np.zeros(len(_TRIED))  # sums of -log(probability of what is so)
    found = 0
    for numbers in chunks([len(sentence) for sentence in words]):
        emissions_NK, _, starts_B = tagger.runtime.run([words[number] for number in numbers])
        path_N = chains[0].decode(emissions_NK, starts_B)
        tags = [names[k] for k in path_N.tolist()]
        spans = []  # start, end and whether it is right
        for number, start in zip(numbers, starts_B.tolist(), strict=True):
            gold = set(spans_of(examples[number].tags))
            found_here = spans_of(tags[start : start + len(words[number])])
            spans += [(start + span.start, start + span.end, span in gold) for span in found_here]
        found += len(spans)
        for place, chain in enumerate(chains):
            sure = chain.confidence(emissions_NK, starts_B, path_N)
            for start, end, right in spans:
                chance = sure.of(start, end)
                doubts[place] -= math.log(max(_EDGE, chance if right else 1 - chance))
    return _TRIED[int(doubts.argmin())] if found else 1.0
