"""The direct path in numpy, from features to scores of tags (the net: `Direct` in slotfill/encoder.py).

Shapes: N tokens of all sentences, W distinct words, P places in the window, E features, K tags.
"""

from collections.abc import Sequence

import numpy as np

from slotfill.batching import Ids, neighbours_of
from slotfill.config import DIRECT_WINDOW
from slotfill.runtime.cell import Array

_AT_ONCE = 4096  # tokens whose scores are gathered at once, which bounds the memory


class Direct:
    """The weights of the direct path, (K, P E) in a bundle."""

    def __init__(self, W: Array) -> None:
        K, places = len(W), 2 * DIRECT_WINDOW + 1
        # place by place side by side: one product for each distinct word
        self.W_EPK = np.ascontiguousarray(W.reshape(K, places, -1).transpose(2, 1, 0)).reshape(-1, places * K)
        self.tags = K

    def add(self, scores_NK: Array, x_WE: Array, ids_N: Ids, lengths: Sequence[int]) -> None:
        """Add to the scores in place; those beyond the tags (of intents) stay what they are.

        `x_WE` are the features of distinct words, and `ids_N` the word of each token.
        """
        W, K = len(x_WE), self.tags
        table_WPK = np.zeros((W + 1, self.W_EPK.shape[1]), dtype=np.float32)  # row W: beyond a sentence's end
        np.matmul(x_WE, self.W_EPK, out=table_WPK[:W])
        ids_PN = neighbours_of(lengths, ids_N, DIRECT_WINDOW, nothing=W)
        for place, place_N in enumerate(ids_PN):
            column_WK = table_WPK[:, place * K : (place + 1) * K]
            for start in range(0, len(ids_N), _AT_ONCE):
                scores_NK[start : start + _AT_ONCE, :K] += column_WK[place_N[start : start + _AT_ONCE]]
