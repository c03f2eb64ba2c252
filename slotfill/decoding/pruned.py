"""The paths of slotfill/decoding/viterbi.py for many sentences at a time, without trying every tag.

Without a CRF, a valid argmax path is already the best valid path. With one, only a few tags of a token can win. The
others share a heap, whose scores are upper bounds; a path that beats the heap beats each of them (staggered decoding:
Kaji, Fujiwara, Yoshinaga & Kitsuregawa 2010). Both forms are exact, except for paths whose scores agree to six digits,
since floating-point sums depend on their order. Both return the sentences that they leave in doubt.

Shapes: B sentences, N tokens of all sentences one after another, K tags, M candidates for a token. Sentences begin at
`starts` (B,), and none is empty.
"""

import numpy as np

from slotfill.batching import Ids, Packing
from slotfill.decoding.transitions import Allowed, Array, Transitions


def by_argmax(emissions_NK: Array, starts: Ids, allowed: Allowed) -> tuple[Ids, Ids]:
    """Each token's best tag, (N,), and the sentences whose best tags are not valid IOB2 together."""
    best_N: Ids = emissions_NK.argmax(1)
    previous_N = np.empty_like(best_N)
    previous_N[1:] = best_N[:-1]
    previous_N[starts] = len(allowed) - 1
    broken_N = ~allowed[previous_N, best_N]
    return best_N, np.flatnonzero(np.logical_or.reduceat(broken_N, starts))


def by_candidates(emissions_NK: Array, starts: Ids, transitions: Transitions, *, count: int) -> tuple[Ids, Ids]:
    """The best tags among each token's `count` candidates, (N,), and the sentences where another tag might be better.

    The bound of a tag is its emission plus the largest score of any step to it. The bound of the heap is that of its
    best tag, and the step from the heap to a tag has the largest score of any step to that tag.
    """
    tags_NM, scores_NM = _candidates(emissions_NK, starts, transitions, count=count)
    K = emissions_NK.shape[1]
    into = np.zeros((K + 1, K + 1), dtype=np.float32)  # row and column K: the heap, whose bound includes the step to it
    into[:-1, :-1], into[-1, :-1] = transitions.scores[:-1], transitions.scores.max(0)
    lengths = np.diff(starts, append=len(emissions_NK)).tolist()
    choice_N = _best_choices(tags_NM, scores_NM, into, Packing.of(lengths))
    heap_wins = np.logical_or.reduceat(choice_N == tags_NM.shape[1] - 1, starts)
    return tags_NM[np.arange(len(tags_NM)), choice_N], np.flatnonzero(heap_wins)


def _candidates(emissions_NK: Array, starts: Ids, transitions: Transitions, *, count: int) -> tuple[Ids, Array]:
    """Each token's candidates and its heap, which has the number K, and their scores, (N, M + 1) both."""
    N, K = emissions_NK.shape
    first_K = transitions.scores[-1]
    bound_NK = emissions_NK + transitions.scores.max(0)
    bound_NK[starts] = emissions_NK[starts] + first_K
    every_N = np.arange(N)
    tags_NM = np.full((N, min(count, K) + 1), K)
    for column in range(tags_NM.shape[1] - 1):
        tags_NM[:, column] = bound_NK.argmax(1)
        bound_NK[every_N, tags_NM[:, column]] = -np.inf
    candidates_NM = tags_NM[:, :-1]
    scores_NM = np.append(emissions_NK[every_N[:, None], candidates_NM], bound_NK.max(1, keepdims=True), axis=1)
    scores_NM[starts, :-1] += first_K[candidates_NM[starts]]
    return tags_NM, scores_NM


def _best_choices(tags_NM: Ids, scores_NM: Array, into: Array, packing: Packing) -> Ids:
    """Viterbi for all sentences at once: the candidate of each token on the best path, (N,)."""
    tokens = [packing.tokens[start:end] for start, end in packing.steps]  # at each time step, longest sentence first
    best_BM = scores_NM[tokens[0]]
    back_NM = np.empty_like(tags_NM)
    for here_B in tokens[1:]:
        live = len(here_B)
        paths_BMM = into[tags_NM[here_B - 1][:, :, None], tags_NM[here_B][:, None]]
        paths_BMM += best_BM[:live, :, None]
        paths_BMM += scores_NM[here_B][:, None]
        back_NM[here_B] = paths_BMM.argmax(1)
        best_BM[:live] = paths_BMM.max(1)
    choice_B = best_BM.argmax(1)
    choice_N = np.empty(len(tags_NM), dtype=np.int64)
    for here_B in reversed(tokens):
        live = len(here_B)
        choice_N[here_B] = choice_B[:live]
        choice_B[:live] = back_NM[here_B, choice_B[:live]]
    return choice_N
