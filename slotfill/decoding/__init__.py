"""Emissions -> valid IOB2 tags, the probability of each tag, and the confidence of each span.

    transitions.py       which tag may follow which, and the scores of a CRF
    viterbi.py           the best path of one sentence: the plain definition
    pruned.py            the same paths for many sentences at a time
    forward_backward.py  marginals and confidence over all pairs of tags: the plain definition
    confidence.py        the confidence of the spans of a path
    inside_pairs.py      the same confidence, faster, without a CRF
    compiled.py          all of these, where there is a compiled core
    long.py              path and confidence of one sentence of any length, in bounded memory

`Chain` chooses between the plain and the fast form; tests/test_decoding.py checks that they agree.

Shapes: B sentences, N tokens of all sentences one after another, T tokens of one sentence, K tags. Sentences begin at
`starts` (B,), and none is empty.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np

from slotfill.batching import Ids, Packing
from slotfill.decoding import forward_backward, inside_pairs
from slotfill.decoding.compiled import compiled_chain
from slotfill.decoding.confidence import Confidence, probabilities
from slotfill.decoding.long import decode_long
from slotfill.decoding.pruned import by_argmax, by_candidates
from slotfill.decoding.transitions import Array, Transitions
from slotfill.decoding.viterbi import best_path

__all__ = ["Chain", "Confidence", "probabilities"]

_FEW, _MANY = 4, 16  # candidates per token: few are fast and decide all but about one sentence in seven


class Chain:
    """The linear chain over the tags of a label set: IOB2, the scores of a CRF if there is one, and a temperature."""

    def __init__(self, tags: Sequence[str], learned: Array | None = None, *, temperature: float = 1.0) -> None:
        """`learned` is A of slotfill/crf.py, (K + 1, K), in the order of `tags`."""
        self.transitions = Transitions.of(tags, learned)
        self._has_crf = learned is not None
        self._temperature = temperature
        self._factors = np.exp(self.transitions.scores / np.float32(temperature))
        self._compiled = compiled_chain(self.transitions, self._factors, temperature)

    def decode(self, emissions_NK: Array, starts: Ids) -> Ids:
        """The best valid tag for every token, (N,)."""
        if self._compiled is not None:
            return self._compiled.decode(emissions_NK, starts)
        if self._has_crf and len(starts) == 1:  # here fewer calls save more than fewer tags
            return best_path(emissions_NK, self.transitions)
        if self._has_crf:
            best_N, doubtful = self._by_candidates(emissions_NK, starts)
        else:
            best_N, doubtful = by_argmax(emissions_NK, starts, self.transitions.allowed)
        ends = np.append(starts[1:], len(emissions_NK))
        for sentence in doubtful.tolist():
            span = slice(starts[sentence], ends[sentence])
            best_N[span] = best_path(emissions_NK[span], self.transitions)
        return best_N

    def _by_candidates(self, emissions_NK: Array, starts: Ids) -> tuple[Ids, Ids]:
        """Try few candidates, then many for the sentences that are still in doubt."""
        best_N, doubtful = by_candidates(emissions_NK, starts, self.transitions, count=_FEW)
        if not doubtful.size:
            return best_N, doubtful
        lengths = np.diff(starts, append=len(emissions_NK))
        rows = np.concatenate([np.arange(starts[s], starts[s] + lengths[s]) for s in doubtful.tolist()])
        doubtful_starts = np.cumsum(lengths[doubtful]) - lengths[doubtful]
        best_N[rows], still = by_candidates(emissions_NK[rows], doubtful_starts, self.transitions, count=_MANY)
        return best_N, doubtful[still]

    def decode_long(self, emissions: Callable[[int], Array], blocks: int) -> tuple[Ids, Confidence]:
        """The best valid tags of one sentence, (N,), and their confidence, from the emissions of its blocks."""
        return decode_long(emissions, blocks, self.transitions, self._factors, self._temperature)

    def confidence(self, emissions_NK: Array, starts: Ids, path_N: Ids) -> Confidence:
        """The confidence of a valid path, with all scores divided by the temperature."""
        if self._compiled is not None:
            return self._compiled.confidence(emissions_NK, starts, path_N)
        packing, weight_MK = self._weights(emissions_NK, starts)
        if not self._has_crf and len(starts) > 1:
            return inside_pairs.confidence(weight_MK, self.transitions, packing, path_N)
        sums = forward_backward.forward_backward(weight_MK, self._factors, packing)
        return forward_backward.confidence(sums, self._factors, self.transitions, packing, path_N, starts=starts)

    def marginals(self, emissions_NK: Array, starts: Ids) -> Array:
        """The probability of each tag for each token, over all valid paths, (N, K)."""
        if self._compiled is not None:
            return self._compiled.marginals(emissions_NK, starts)
        packing, weight_MK = self._weights(emissions_NK, starts)
        sums = forward_backward.forward_backward(weight_MK, self._factors, packing)
        return (sums.forward * sums.backward)[packing.rows]

    def _weights(self, emissions_NK: Array, starts: Ids) -> tuple[Packing, Array]:
        packing = Packing.of([end - start for start, end in pairwise([*starts.tolist(), len(emissions_NK)])])
        return packing, forward_backward.weights_of(emissions_NK, packing, self._temperature)
