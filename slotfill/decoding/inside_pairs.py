"""The confidence of slotfill/decoding/forward_backward.py without a CRF, with fewer sums.

Without learned scores, only an `I` depends on the tag before it, which must be of its slot. So only the X pairs of a
`B` and its `I` need a recursion. All other tags share the backward sum of `O`, since the same tags may follow them.

Shapes: B sentences, N tokens of all sentences one after another, M = N packed rows (slotfill/batching.py), K tags.
"""

from itertools import pairwise

import numpy as np

from slotfill.batching import Ids, Packing
from slotfill.decoding.confidence import Confidence
from slotfill.decoding.transitions import Array, Transitions


def confidence(weight_MK: Array, transitions: Transitions, packing: Packing, path_N: Ids) -> Confidence:
    """The confidence of the spans of a valid path."""
    may_begin_K = transitions.allowed[-1]
    begins_X = np.flatnonzero(transitions.has_inside & may_begin_K)
    begin_MX, inside_MX = weight_MK[:, begins_X], weight_MK[:, transitions.inside[begins_X]]
    free_M = weight_MK @ may_begin_K.astype(np.float32)  # of the tags that may follow any tag
    scale_M = _scale(begin_MX, inside_MX, free_M, packing)
    outside_M = _outside(begin_MX, inside_MX, free_M / scale_M, packing)
    path_weight_N = (weight_MK[packing.rows, path_N] / scale_M[packing.rows]).tolist()
    return Confidence(path_weight_N, path_weight_N, outside_M[packing.rows].tolist())


def _scale(begin_MX: Array, inside_MX: Array, free_M: Array, packing: Packing) -> Array:
    """The forward sum over all tags, (M,); the weights of `B` and `I` are divided by it in place."""
    scale_M = free_M.copy()
    (first, end), *later = packing.steps
    begin_MX[first:end] /= free_M[first:end, None]
    inside_MX[first:end] = 0
    entering_BX = begin_MX[first:end]  # the forward sums of a slot's `B` and `I`
    for start, end in later:
        arriving_BX = inside_MX[start:end] * entering_BX[: end - start]
        scale_M[start:end] += arriving_BX.sum(1)
        scale_B1 = scale_M[start:end, None]
        inside_MX[start:end] /= scale_B1
        begin_MX[start:end] /= scale_B1
        entering_BX = arriving_BX / scale_B1 + begin_MX[start:end]
    return scale_M


def _outside(begin_MX: Array, inside_MX: Array, free_M: Array, packing: Packing) -> Array:
    """The backward sums of `O`, (M,)."""
    outside_M = np.ones_like(free_M)
    first, end = packing.steps[0]
    staying_BX = np.zeros_like(begin_MX[first:end])  # what a slot's `B` and `I` have beyond the sum of `O`
    for (before, _), (start, end) in reversed([*pairwise(packing.steps)]):
        live = end - start  # the sentences with a next token come first
        stay_BX, out_B = staying_BX[:live], outside_M[start:end]
        outside_M[before : before + live] = out_B * free_M[start:end] + (begin_MX[start:end] * stay_BX).sum(1)
        stay_BX += out_B[:, None]
        stay_BX *= inside_MX[start:end]
    return outside_M
