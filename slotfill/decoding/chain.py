"""The chain over the tags of a label set, by the form that is the fastest for what is asked."""

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np

from slotfill.batching import Ids, Packing
from slotfill.decoding import forward_backward, inside_pairs
from slotfill.decoding.compiled import compiled_chain
from slotfill.decoding.confidence import Confidence
from slotfill.decoding.long import decode_long
from slotfill.decoding.pruned import by_argmax, by_candidates
from slotfill.decoding.transitions import Array, Transitions
from slotfill.decoding.viterbi import best_path

_FEW, _MANY = 4, 16  # candidates per token: few are fast and decide all but about one sentence in seven


class Chain:
    """The linear chain over the tags of a label set: IOB2, the scores of a CRF if there is one, and a temperature."""

    def __init__(self, tags: Sequence[str], learned: Array | None = None, *, temperature: float = 1.0) -> None:
        """`learned` is A of slotfill/crf.py, (K + 1, K), in the order of `tags`."""
        self.transitions = Transitions.of(tags, learned)
        self._has_crf = learned is not None
        self._temperature = temperature
        self._factors = np.exp(self.transitions.scores / np.float32(temperature))
        rows = None if learned is None else np.ascontiguousarray(learned, dtype=np.float32)
        self._compiled = compiled_chain(tags, rows, temperature=temperature)

    def decode(self, emissions_NK: Array, starts: Ids) -> Ids:
        """The best valid tag for every token, (N,)."""
        if self._compiled is not None:
            path_N = np.empty(len(emissions_NK), dtype=np.int64)
            self._compiled.decode(emissions_NK, starts, path_N)
            return path_N
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
            marginals_NK = np.empty(emissions_NK.shape, dtype=np.float32)
            self._compiled.marginals(emissions_NK, starts, marginals_NK)
            return marginals_NK
        packing, weight_MK = self._weights(emissions_NK, starts)
        sums = forward_backward.forward_backward(weight_MK, self._factors, packing)
        return (sums.forward * sums.backward)[packing.rows]

    def _weights(self, emissions_NK: Array, starts: Ids) -> tuple[Packing, Array]:
        packing = Packing.of([end - start for start, end in pairwise([*starts.tolist(), len(emissions_NK)])])
        return packing, forward_backward.weights_of(emissions_NK, packing, self._temperature)
