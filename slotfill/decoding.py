"""Emissions -> tags under the constraints of IOB2: argmax, and Viterbi where the argmax path is not valid.

A valid argmax path is already the best of all valid paths, so that this is exact and rarely needs Viterbi.
Shapes: N tokens of all sentences one after another, T tokens of one sentence, K tags.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float32]
Ids = NDArray[np.int64]
Allowed = NDArray[np.bool_]


def transitions(tags: Sequence[str]) -> Allowed:
    """What IOB2 allows: `allowed[k, l]` says whether tag l may follow tag k; row K stands for the start.

    The shape is (K + 1, K) for the K tags of a label set.
    """
    allowed = np.ones((len(tags) + 1, len(tags)), dtype=np.bool_)
    number_of = {tag: number for number, tag in enumerate(tags)}
    for number, tag in enumerate(tags):
        if tag[0] == "I":  # may_follow, without asking it for every pair
            before = [number_of[t] for t in (f"B-{tag[2:]}", tag) if t in number_of]
            allowed[:, number] = False
            allowed[before, number] = True
    return allowed


def decode(emissions_NK: Scores, starts: Ids, allowed: Allowed) -> Ids:
    """The best valid tag for every token, (N,); `starts` says where each sentence begins (none is empty)."""
    best_N: Ids = emissions_NK.argmax(1)
    previous_N = np.empty_like(best_N)
    previous_N[1:] = best_N[:-1]
    previous_N[starts] = len(allowed) - 1
    broken = np.flatnonzero(~allowed[previous_N, best_N])
    if broken.size:
        ends = np.append(starts[1:], len(best_N))
        for sentence in np.unique(np.searchsorted(starts, broken, side="right") - 1).tolist():
            span = slice(starts[sentence], ends[sentence])
            best_N[span] = viterbi(emissions_NK[span], allowed)
    return best_N


def viterbi(emissions_TK: Scores, allowed: Allowed) -> Ids:
    """The valid path with the largest sum of emissions (Viterbi 1967), (T,)."""
    penalty = np.where(allowed, np.float32(0), np.float32(-np.inf))
    score_K = penalty[-1] + emissions_TK[0]
    back_TK = np.empty(emissions_TK.shape, dtype=np.int64)
    for time, emission_K in enumerate(emissions_TK[1:], start=1):
        candidates = score_K[:, None] + penalty[:-1]
        back_TK[time] = candidates.argmax(0)
        score_K = candidates.max(0) + emission_K
    path = np.empty(len(emissions_TK), dtype=np.int64)
    path[-1] = score_K.argmax()
    for time in range(len(path) - 1, 0, -1):
        path[time - 1] = back_TK[time, path[time]]
    return path


def probabilities(scores: Scores) -> Scores:
    """Softmax over the last axis."""
    exps: Scores = np.exp(scores - scores.max(-1, keepdims=True))
    exps /= exps.sum(-1, keepdims=True)
    return exps
