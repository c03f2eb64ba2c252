"""Emissions -> tags under the constraints of IOB2, and with the scores of a CRF where there is one.

Without a CRF, a valid argmax path is already the best of all valid paths, so that Viterbi is rarely needed. With one,
few tags of a token can win: `decode` lets the others stand in one heap, whose scores are upper bounds, and what wins
against the heap wins against each of them. (Staggered decoding: Kaji, Fujiwara, Yoshinaga & Kitsuregawa 2010.) Both
are exact.

Shapes: N tokens of all sentences one after another, T tokens of one sentence, K tags, M candidates for a token.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from slotfill.tags import OUTSIDE, may_follow

Scores = NDArray[np.float32]
Ids = NDArray[np.int64]
Allowed = NDArray[np.bool_]


def transitions(tags: Sequence[str]) -> Allowed:
    """What IOB2 allows: `allowed[k, l]` says whether tag l may follow tag k; row K stands for the start.

    The shape is (K + 1, K) for the K tags of a label set.
    """
    return np.array([[may_follow(previous, tag) for tag in tags] for previous in (*tags, OUTSIDE)], dtype=np.bool_)


def decode(emissions_NK: Scores, starts: Ids, allowed: Allowed, learned: Scores | None = None) -> Ids:
    """The best valid tag for every token, (N,); `starts` says where each sentence begins (none is empty).

    `learned` are a CRF's scores (K + 1, K), in the order of `allowed`.
    """
    lengths = np.diff(starts, append=len(emissions_NK))
    if learned is None:
        best_N, doubtful = _by_argmax(emissions_NK, starts, allowed)
    else:
        best_N, doubtful = _by_candidates(emissions_NK, starts, allowed, learned, count=_FEW)
        if doubtful.size:
            rows = np.concatenate([np.arange(starts[s], starts[s] + lengths[s]) for s in doubtful.tolist()])
            again = np.cumsum(lengths[doubtful]) - lengths[doubtful]
            best_N[rows], still = _by_candidates(emissions_NK[rows], again, allowed, learned, count=_MANY)
            doubtful = doubtful[still]
    ends = starts + lengths
    for sentence in doubtful.tolist():
        span = slice(starts[sentence], ends[sentence])
        best_N[span] = viterbi(emissions_NK[span], allowed, learned)
    return best_N


def viterbi(emissions_TK: Scores, allowed: Allowed, learned: Scores | None = None) -> Ids:
    """The valid path with the largest sum of emissions, and of a CRF's scores (Viterbi 1967), (T,)."""
    step = np.where(allowed, np.float32(0) if learned is None else learned, np.float32(-np.inf))
    score_K = step[-1] + emissions_TK[0]
    back_TK = np.empty(emissions_TK.shape, dtype=np.int64)
    for time, emission_K in enumerate(emissions_TK[1:], start=1):
        candidates = score_K[:, None] + step[:-1]
        back_TK[time] = candidates.argmax(0)
        score_K = candidates.max(0) + emission_K
    path = np.empty(len(emissions_TK), dtype=np.int64)
    path[-1] = score_K.argmax()
    for time in range(len(path) - 1, 0, -1):
        path[time - 1] = back_TK[time, path[time]]
    return path


def _by_argmax(emissions_NK: Scores, starts: Ids, allowed: Allowed) -> tuple[Ids, Ids]:
    """Each token's best tag, and the sentences where these do not go together."""
    best_N: Ids = emissions_NK.argmax(1)
    previous_N = np.empty_like(best_N)
    previous_N[1:] = best_N[:-1]
    previous_N[starts] = len(allowed) - 1
    broken = np.flatnonzero(~allowed[previous_N, best_N])
    return best_N, np.unique(np.searchsorted(starts, broken, side="right") - 1)


_FEW, _MANY = 4, 16  # candidates for a token: few are fast, and leave about one sentence in seven to many


def _by_candidates(
    emissions_NK: Scores, starts: Ids, allowed: Allowed, learned: Scores, *, count: int
) -> tuple[Ids, Ids]:
    """The best tags, each one of its token's `count` candidates, and the sentences where another might be better.

    A tag promises its emission and the largest score of coming to it. The heap of all tags that are no candidates
    promises as much as the best of them, and any tag may follow it at the largest score of coming to that tag.
    """
    tokens, heap = emissions_NK.shape
    step = np.where(allowed, learned, np.float32(-np.inf))
    largest_K = step.max(0)
    promise_NK = emissions_NK + largest_K
    promise_NK[starts] = emissions_NK[starts] + step[-1]
    every = np.arange(tokens)
    tag_NM = np.full((tokens, min(count, heap) + 1), heap)  # the last one is the heap
    for column in range(tag_NM.shape[1] - 1):
        tag_NM[:, column] = promise_NK.argmax(1)
        promise_NK[every, tag_NM[:, column]] = -np.inf
    score_NM = np.append(emissions_NK[every[:, None], tag_NM[:, :-1]], promise_NK.max(1, keepdims=True), axis=1)
    score_NM[starts, :-1] += step[-1, tag_NM[starts, :-1]]
    coming = np.zeros((heap + 1, heap + 1), dtype=np.float32)  # to the heap: promised already
    coming[:-1, :-1], coming[-1, :-1] = step[:-1], largest_K
    coming_NMM = coming[tag_NM[:-1, :, None], tag_NM[1:, None, :]] + score_NM[1:, None, :]

    # Viterbi for all sentences at once, the longest first, so that the live ones always lie in front
    lengths_B = np.diff(starts, append=tokens)
    order_B = np.argsort(-lengths_B, kind="stable")
    first_B = starts[order_B]
    live_T = len(starts) - np.searchsorted(np.sort(lengths_B), np.arange(lengths_B.max()), side="right")
    best_BM = score_NM[first_B]
    back_NM = np.empty_like(tag_NM)
    for time, live in enumerate(live_T.tolist()[1:], start=1):
        rows = first_B[:live] + time
        paths_BMM = best_BM[:live, :, None] + coming_NMM[rows - 1]
        back_NM[rows] = paths_BMM.argmax(1)
        best_BM[:live] = paths_BMM.max(1)
    choice_B = best_BM.argmax(1)
    choice_N = np.empty_like(every)
    for time, live in reversed(list(enumerate(live_T.tolist()))):
        rows = first_B[:live] + time
        choice_N[rows] = choice_B[:live]
        choice_B[:live] = back_NM[rows, choice_B[:live]]
    doubtful = np.flatnonzero(np.logical_or.reduceat(choice_N == tag_NM.shape[1] - 1, starts))
    return tag_NM[every, choice_N], doubtful


def probabilities(scores: Scores) -> Scores:
    """Softmax over the last axis."""
    exps: Scores = np.exp(scores - scores.max(-1, keepdims=True))
    exps /= exps.sum(-1, keepdims=True)
    return exps
