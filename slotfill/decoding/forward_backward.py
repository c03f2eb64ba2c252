"""Marginals and confidence by the forward-backward algorithm over all pairs of tags: the plain definition.

The weight of a path is exp(score / temperature); a probability is a share of the weight of all valid paths. Forward
sums are scaled to 1 at each token (Rabiner 1989). One time step of all sentences is one matrix product.
slotfill/decoding/inside_pairs.py is faster without a CRF.

Shapes: B sentences, N tokens of all sentences one after another, M = N packed rows (slotfill/batching.py), K tags.
"""

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from slotfill.batching import Ids, Packing
from slotfill.decoding.confidence import Confidence
from slotfill.decoding.transitions import Array, Transitions

_LEAST = np.float32(1e-30)  # keeps the sums that are divided by above 0, even if only a forbidden tag has weight


class Sums(NamedTuple):
    """The sums of `forward_backward`, (M, K) each; at each token, the products of forward and backward add up to 1."""

    weight: Array  # scaled as the forward sums are
    forward: Array
    backward: Array


def weights_of(emissions_NK: Array, packing: Packing, temperature: float) -> Array:
    """Emissions as factors of a path's weight, in packed order, (M, K)."""
    return as_weights(emissions_NK[packing.tokens], temperature)


def as_weights(emissions_NK: Array, temperature: float) -> Array:
    """Emissions as factors of a path's weight, in place."""
    emissions_NK -= emissions_NK.max(1, keepdims=True)
    emissions_NK /= np.float32(temperature)
    np.exp(emissions_NK, out=emissions_NK)
    emissions_NK += _LEAST
    return emissions_NK


def forward_backward(weight_MK: Array, factors: Array, packing: Packing) -> Sums:
    """The sums over all tags; `factors` (K + 1, K) are the transitions' share of a path's weight.

    The weights are scaled in place.
    """
    step_KK, start_K = factors[:-1], factors[-1]
    forward_MK, backward_MK = np.empty_like(weight_MK), np.ones_like(weight_MK)
    scale_M1 = np.empty((len(weight_MK), 1), dtype=np.float32)
    before_BK = forward_MK[:0]
    for start, end in packing.steps:
        forward_BK, scale_B1 = forward_MK[start:end], scale_M1[start:end]
        if start == 0:
            np.multiply(weight_MK[start:end], start_K, out=forward_BK)
        else:
            np.matmul(before_BK[: end - start], step_KK, out=forward_BK)
            forward_BK *= weight_MK[start:end]
        np.add.reduce(forward_BK, axis=1, keepdims=True, out=scale_B1)
        forward_BK /= scale_B1
        before_BK = forward_BK
    weight_MK /= scale_M1
    for (before, _), (start, end) in reversed([*pairwise(packing.steps)]):
        going_on_BK = backward_MK[before : before + end - start]  # of the sentences that have a next token
        np.matmul(weight_MK[start:end] * backward_MK[start:end], step_KK.T, out=going_on_BK)
    return Sums(weight_MK, forward_MK, backward_MK)


def confidence(
    sums: Sums, factors: Array, transitions: Transitions, packing: Packing, path_N: Ids, *, starts: Ids
) -> Confidence:
    """The confidence of the spans of a valid path; sentences begin at `starts` (B,)."""
    rows_N, step_KK = packing.rows, factors[:-1]
    going_N = np.zeros(len(path_N), dtype=np.float32)
    going_N[1:] = step_KK[path_N[:-1], path_N[1:]] * sums.weight[rows_N[1:], path_N[1:]]
    # any tag may follow a span except the `I` that would continue it
    closing_N = sums.backward[rows_N, path_N]
    may_go_on = transitions.has_inside[path_N]
    may_go_on[np.append(starts[1:], len(path_N)) - 1] = False
    here = np.flatnonzero(may_go_on)
    there, tags, insides = rows_N[here + 1], path_N[here], transitions.inside[path_N[here]]
    closing_N[here] -= step_KK[tags, insides] * sums.weight[there, insides] * sums.backward[there, insides]
    return Confidence(sums.forward[rows_N, path_N].tolist(), going_N.tolist(), np.maximum(closing_N, 0).tolist())
