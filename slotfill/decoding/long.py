"""The best path and its confidence for one sentence of any length, in blocks of tokens: memory is bounded by a block.

Both algorithms go over the sentence and back. On the way to the right they keep their sums only where a block ends. On
the way back a block's sums are computed again, and followed; so its emissions are asked for twice. The definitions are
slotfill/decoding/viterbi.py and forward_backward.py; tests hold them together.

Shapes: T tokens of a block, K tags, N tokens of the sentence.
"""

from array import array
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from slotfill.decoding.confidence import Confidence
from slotfill.decoding.forward_backward import as_weights
from slotfill.decoding.transitions import Array, Ids, Transitions


class _Sums(NamedTuple):
    """What a block hands to the next."""

    score: Array | None  # (K,), of the best paths to each tag of its last token; None before the first token
    forward: Array | None  # (K,), of all paths


def decode_long(
    emissions: Callable[[int], Array], blocks: int, transitions: Transitions, factors: Array, temperature: float
) -> tuple[Ids, Confidence]:
    """The best valid tags of a sentence, (N,), and their confidence.

    `emissions` are those of a block by its number, (T, K), and `factors` (K + 1, K) exp(scores / temperature).
    """
    before = [_Sums(None, None)]
    for block in range(blocks):
        emissions_TK = emissions(block)
        scores_TK = _scores(emissions_TK, before[block].score, transitions)
        _, forward_TK = _forward(emissions_TK, before[block].forward, factors, temperature)
        before.append(_Sums(scores_TK[-1].copy(), forward_TK[-1].copy()))
    paths: list[Ids] = []
    parts: list[tuple[Array, ...]] = []
    first: int | None = None
    after_K = np.empty(0, dtype=np.float32)
    for block in reversed(range(blocks)):
        emissions_TK = emissions(block)
        path_T = _path(_scores(emissions_TK, before[block].score, transitions), transitions, first)
        previous_K = before[block].score
        first = None if previous_K is None else int((previous_K + transitions.into[path_T[0]]).argmax())
        sums = _forward(emissions_TK, before[block].forward, factors, temperature)
        part, after_K = _confidence(*sums, after_K, factors, transitions, path_T, first or 0)
        paths.append(path_T)
        parts.append(part)
    found = (array("f", np.concatenate(blocks_T[::-1]).tobytes()) for blocks_T in zip(*parts, strict=True))
    return np.concatenate(paths[::-1]), Confidence(*found)


def _scores(emissions_TK: Array, score_K: Array | None, transitions: Transitions) -> Array:
    """The scores of the best paths to each tag of each token, (T, K); `score_K` are those of the token before.

    What all scores of a token have in common is left out of them: float32 could not keep the sum of a long sentence.
    """
    scores_TK, paths_KK = np.empty_like(emissions_TK), np.empty_like(transitions.into)
    step_KK = transitions.scores[:-1]
    for new_K, emission_K in zip(scores_TK, emissions_TK, strict=True):
        if score_K is None:
            new_K[:] = transitions.scores[-1]
        else:
            np.add(step_KK, score_K[:, None], out=paths_KK)
            paths_KK.max(0, out=new_K)
        new_K += emission_K
        new_K -= new_K.max()
        score_K = new_K
    return scores_TK


def _path(scores_TK: Array, transitions: Transitions, last: int | None) -> Ids:
    """The best path, (T,), to the tag `last` of a block's last token, or if it is None to the best one."""
    path_T = np.empty(len(scores_TK), dtype=np.int64)
    path_T[-1] = scores_TK[-1].argmax() if last is None else last
    for time in reversed(range(len(path_T) - 1)):
        path_T[time] = (scores_TK[time] + transitions.into[path_T[time + 1]]).argmax()
    return path_T


def _forward(emissions_TK: Array, before_K: Array | None, factors: Array, temperature: float) -> tuple[Array, Array]:
    """The weights of the tags and the forward sums, (T, K) both, scaled as those of forward_backward.py are."""
    weight_TK = as_weights(emissions_TK.copy(), temperature)
    forward_TK = np.empty_like(weight_TK)
    for weight_K, forward_K in zip(weight_TK, forward_TK, strict=True):
        into_K = factors[-1] if before_K is None else before_K @ factors[:-1]
        np.multiply(into_K, weight_K, out=forward_K)
        scale = forward_K.sum()
        forward_K /= scale
        weight_K /= scale
        before_K = forward_K
    return weight_TK, forward_TK


def _confidence(
    weight_TK: Array,
    forward_TK: Array,
    after_K: Array,
    factors: Array,
    transitions: Transitions,
    path_T: Ids,
    previous: int,
) -> tuple[tuple[Array, ...], Array]:
    """The factors of a block's confidence, (T,) each, and the product of weight and backward sum of its first token.

    `after_K` is that product of the token after the block, empty at the end; `previous` is the tag before the block.
    """
    step_KK, T = factors[:-1], len(path_T)
    closing_T = np.ones(T, dtype=np.float32)
    for time in reversed(range(T)):
        tag = path_T[time]
        backward_K = np.ones_like(weight_TK[time])
        if after_K.size:
            np.matmul(step_KK, after_K, out=backward_K)
            backward_K /= forward_TK[time] @ backward_K  # which is 1 but for rounding, and that would add up
            closing_T[time] = backward_K[tag]
            if transitions.has_inside[tag]:  # any tag may follow a span except the `I` that would continue it
                inside = transitions.inside[tag]
                closing_T[time] -= step_KK[tag, inside] * after_K[inside]
        after_K = weight_TK[time] * backward_K
    every_T = np.arange(T)
    steps_T = step_KK[np.append(previous, path_T[:-1]), path_T]
    going_T = steps_T * weight_TK[every_T, path_T]
    return (forward_TK[every_T, path_T], going_T, np.maximum(closing_T, 0)), after_K
