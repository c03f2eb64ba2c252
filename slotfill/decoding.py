"""Emissions -> tags under the constraints of IOB2, and with the scores of a CRF where there is one.

Without a CRF, a valid argmax path is already the best of all valid paths, so that Viterbi is rarely needed. With one,
few tags of a token can win: `decode` lets the others stand in one heap, whose scores are upper bounds, and what wins
against the heap wins against each of them. (Staggered decoding: Kaji, Fujiwara, Yoshinaga & Kitsuregawa 2010.) Both
are exact, but for sequences that are as good as each other to six digits: sums are rounded by their order.

Shapes: B sentences, N tokens of all sentences one after another, T tokens of one sentence, K tags, M candidates for a
token. Sentences begin at `starts` (B,), and none is empty.
"""

from collections.abc import Sequence
from itertools import accumulate, pairwise
from math import prod
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float32]
Ids = NDArray[np.int64]
Allowed = NDArray[np.bool_]

_LEAST = np.float32(1e-30)  # of a weight: the likeliest tag may not be allowed, and sums are divided by
_FEW, _MANY = 4, 16  # candidates for a token: few are fast, and leave about one sentence in seven to many


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


class Confidence(NamedTuple):
    """How sure a path is, token by token: what a span's probability is the product of.

    It begins there, goes on so, and does not go on after its last token.
    """

    opening: list[float]
    going: list[float]
    closing: list[float]

    def of(self, start: int, end: int) -> float:
        """The probability of the span that the path has from token `start` to `end` (half-open)."""
        return min(1.0, self.opening[start] * prod(self.going[start + 1 : end]) * self.closing[end - 1])


class Chain:
    """What may follow what, and what that is worth: IOB2, a CRF's scores if there are any, and a temperature."""

    def __init__(self, tags: Sequence[str], learned: Scores | None = None, *, temperature: float = 1.0) -> None:
        """`learned` are slotfill/crf.py's A (K + 1, K), in the order of `tags`."""
        allowed = transitions(tags)
        self._allowed = allowed
        self._learns = learned is not None
        self._step = np.where(allowed, np.float32(0) if learned is None else learned, np.float32(-np.inf))
        self._into_KK = np.ascontiguousarray(self._step[:-1].T)  # a row for each tag: what comes to it from where
        self._largest_K = self._step.max(0)
        self._temperature = np.float32(temperature)
        self._factors = np.exp(self._step / self._temperature)
        # the one tag that may follow and may not begin a sentence is the I of the same slot
        inside_KK = allowed[:-1] & ~allowed[-1]
        self._inside_K, self._goes_on_K = inside_KK.argmax(1), inside_KK.any(1)
        self._free_K = allowed[-1].astype(np.float32)  # what may follow anything
        self._begins_X = np.flatnonzero(self._goes_on_K & allowed[-1])
        self._insides_X = self._inside_K[self._begins_X]

    def decode(self, emissions_NK: Scores, starts: Ids) -> Ids:
        """The best valid tag for every token, (N,)."""
        if self._learns and len(starts) == 1:  # fewer calls count for more than fewer tags
            return self.viterbi(emissions_NK)
        ends = np.append(starts[1:], len(emissions_NK))
        if self._learns:
            best_N, doubtful = self._by_candidates(emissions_NK, starts, count=_FEW)
            if doubtful.size:
                lengths = ends - starts
                rows = np.concatenate([np.arange(starts[s], starts[s] + lengths[s]) for s in doubtful.tolist()])
                again = np.cumsum(lengths[doubtful]) - lengths[doubtful]
                best_N[rows], still = self._by_candidates(emissions_NK[rows], again, count=_MANY)
                doubtful = doubtful[still]
        else:
            best_N, doubtful = self._by_argmax(emissions_NK, starts)
        for sentence in doubtful.tolist():
            span = slice(starts[sentence], ends[sentence])
            best_N[span] = self.viterbi(emissions_NK[span])
        return best_N

    def viterbi(self, emissions_TK: Scores) -> Ids:
        """The valid path with the largest sum of emissions and of a CRF's scores (Viterbi 1967), (T,)."""
        score_K = self._step[-1] + emissions_TK[0]
        back_TK = np.empty(emissions_TK.shape, dtype=np.int64)
        paths_KK, every = np.empty_like(self._into_KK), np.arange(len(score_K))
        for emission_K, back_K in zip(emissions_TK[1:], back_TK[1:], strict=True):
            np.add(self._into_KK, score_K, out=paths_KK)
            paths_KK.argmax(1, out=back_K)
            score_K = paths_KK[every, back_K] + emission_K
        path = [int(score_K.argmax())]
        for back_K in back_TK[:0:-1]:
            path.append(int(back_K[path[-1]]))
        return np.array(path[::-1])

    def confidence(self, emissions_NK: Scores, starts: Ids, path_N: Ids) -> Confidence:
        """How sure a path is when all scores are divided by the temperature, by the forward-backward algorithm.

        Without a CRF, all steps that IOB2 allows count the same. Forward and backward sums are scaled to 1 at each
        token (Rabiner 1989); one time step of all sentences is one matrix product.
        """
        weight_NK, steps, rows_N = self._weights(emissions_NK, starts)
        if self._learns or len(starts) == 1:  # for one sentence the products are small, and fewer calls count
            return self._all_pairs(weight_NK, steps, rows_N, path_N, starts)
        return self._only_inside(weight_NK, steps, rows_N, path_N)

    def marginals(self, emissions_NK: Scores, starts: Ids) -> Scores:
        """How likely each tag is for each token, whatever the others have, as `confidence` counts: (N, K)."""
        weight_NK, steps, rows_N = self._weights(emissions_NK, starts)
        forward_NK, backward_NK = self._sums(weight_NK, steps)
        return (forward_NK * backward_NK)[rows_N]

    def _weights(self, emissions_NK: Scores, starts: Ids) -> tuple[Scores, list[slice], Ids]:
        """Emissions as factors, time step after time step; the rows of each step; and of each token its row."""
        order_N, steps = _by_time(starts, len(emissions_NK))
        rows_N = np.empty_like(order_N)
        rows_N[order_N] = np.arange(len(order_N))
        weight_NK = emissions_NK.take(order_N, axis=0)
        weight_NK -= weight_NK.max(1, keepdims=True)
        weight_NK /= self._temperature
        np.exp(weight_NK, out=weight_NK)
        weight_NK += _LEAST
        return weight_NK, steps, rows_N

    def _sums(self, weight_NK: Scores, steps: Sequence[slice]) -> tuple[Scores, Scores]:
        """The forward and backward sums; the weights are scaled as the sums are.

        Any tag may make any other one likelier: one time step of all sentences is one matrix product.
        """
        step_KK, start_K = self._factors[:-1], self._factors[-1]
        forward_NK, backward_NK = np.empty_like(weight_NK), np.ones_like(weight_NK)
        scale_N1 = np.empty((len(weight_NK), 1), dtype=np.float32)
        entering_BK = forward_NK[:0]
        for at in steps:
            forward_BK, scale_B1 = forward_NK[at], scale_N1[at]
            if at.start == 0:
                np.multiply(weight_NK[at], start_K, out=forward_BK)
            else:
                np.matmul(entering_BK[: len(forward_BK)], step_KK, out=forward_BK)
                forward_BK *= weight_NK[at]
            np.add.reduce(forward_BK, axis=1, keepdims=True, out=scale_B1)
            forward_BK /= scale_B1
            entering_BK = forward_BK
        weight_NK /= scale_N1
        back_KK = step_KK.T
        for before, at in reversed([*pairwise(steps)]):
            np.matmul(weight_NK[at] * backward_NK[at], back_KK, out=backward_NK[_going_on(before, at)])
        return forward_NK, backward_NK

    def _all_pairs(
        self, weight_NK: Scores, steps: Sequence[slice], rows_N: Ids, path_N: Ids, starts: Ids
    ) -> Confidence:
        """By the sums over all tags."""
        step_KK = self._factors[:-1]
        forward_NK, backward_NK = self._sums(weight_NK, steps)
        going_N = np.zeros(len(path_N), dtype=np.float32)
        going_N[1:] = step_KK[path_N[:-1], path_N[1:]] * weight_NK[rows_N[1:], path_N[1:]]
        closing_N = backward_NK[rows_N, path_N]
        goes_on = self._goes_on_K[path_N]
        goes_on[np.append(starts[1:], len(path_N)) - 1] = False
        here = np.flatnonzero(goes_on)
        there, tag = rows_N[here + 1], self._inside_K[path_N[here]]
        closing_N[here] -= step_KK[path_N[here], tag] * weight_NK[there, tag] * backward_NK[there, tag]
        return Confidence(forward_NK[rows_N, path_N].tolist(), going_N.tolist(), np.maximum(closing_N, 0).tolist())

    def _only_inside(self, weight_NK: Scores, steps: Sequence[slice], rows_N: Ids, path_N: Ids) -> Confidence:
        """Only an `I` looks back, and only at its own slot: the X pairs of a B and its I are all that is recursive.

        All other tags share one backward sum, that of `O`: whatever may follow it may follow them.
        """
        begin_NX, inside_NX = weight_NK[:, self._begins_X], weight_NK[:, self._insides_X]
        free_N = weight_NK @ self._free_K
        scale_N = free_N.copy()
        begin_NX[steps[0]] /= free_N[steps[0], None]
        inside_NX[steps[0]] = 0
        entering_BX = begin_NX[steps[0]]  # the forward sums of a slot's B and I
        for at in steps[1:]:
            arriving_BX = inside_NX[at] * entering_BX[: at.stop - at.start]
            scale_B = scale_N[at]
            scale_B += arriving_BX.sum(1)
            inside_NX[at] /= scale_B[:, None]
            begin_NX[at] /= scale_B[:, None]
            arriving_BX /= scale_B[:, None]
            arriving_BX += begin_NX[at]
            entering_BX = arriving_BX
        free_N /= scale_N
        outside_N = np.ones_like(free_N)  # the backward sum of `O`
        staying_BX = np.zeros_like(begin_NX[steps[0]])
        for before, at in reversed([*pairwise(steps)]):
            stay_BX = staying_BX[: at.stop - at.start]
            outside_N[_going_on(before, at)] = outside_N[at] * free_N[at] + (begin_NX[at] * stay_BX).sum(1)
            stay_BX += outside_N[at, None]
            stay_BX *= inside_NX[at]
        own_N = weight_NK[rows_N, path_N] / scale_N[rows_N]
        return Confidence(own_N.tolist(), own_N.tolist(), outside_N[rows_N].tolist())

    def _by_argmax(self, emissions_NK: Scores, starts: Ids) -> tuple[Ids, Ids]:
        """Each token's best tag, and the sentences where these do not go together."""
        best_N: Ids = emissions_NK.argmax(1)
        previous_N = np.empty_like(best_N)
        previous_N[1:] = best_N[:-1]
        previous_N[starts] = len(self._allowed) - 1
        broken = np.flatnonzero(~self._allowed[previous_N, best_N])
        if not broken.size:  # the rule, and `unique` imports masked arrays: 10 ms
            return best_N, broken
        return best_N, np.unique(np.searchsorted(starts, broken, side="right") - 1)

    def _by_candidates(self, emissions_NK: Scores, starts: Ids, *, count: int) -> tuple[Ids, Ids]:
        """The best tags, each one of its token's `count` candidates, and the sentences where another might be better.

        A tag promises its emission and the largest score of coming to it. The heap of all tags that are no candidates
        promises as much as the best of them, and any tag may follow it at the largest score of coming to that tag.
        """
        tokens, heap = emissions_NK.shape
        promise_NK = emissions_NK + self._largest_K
        promise_NK[starts] = emissions_NK[starts] + self._step[-1]
        every = np.arange(tokens)
        tag_NM = np.full((tokens, min(count, heap) + 1), heap)  # the last one is the heap
        for column in range(tag_NM.shape[1] - 1):
            tag_NM[:, column] = promise_NK.argmax(1)
            promise_NK[every, tag_NM[:, column]] = -np.inf
        score_NM = np.append(emissions_NK[every[:, None], tag_NM[:, :-1]], promise_NK.max(1, keepdims=True), axis=1)
        score_NM[starts, :-1] += self._step[-1, tag_NM[starts, :-1]]
        coming = np.zeros((heap + 1, heap + 1), dtype=np.float32)  # to the heap: promised already
        coming[:-1, :-1], coming[-1, :-1] = self._step[:-1], self._largest_K

        # Viterbi for all sentences at once
        first_B, live_T = _longest_first(starts, tokens)
        best_BM = score_NM[first_B]
        back_NM = np.empty_like(tag_NM)
        for time, live in enumerate(live_T[1:], start=1):
            rows = first_B[:live] + time
            paths_BMM = coming[
                tag_NM[rows - 1][:, :, None], tag_NM[rows][:, None]
            ]  # for all steps that is a lot of memory
            paths_BMM += best_BM[:live, :, None]
            paths_BMM += score_NM[rows][:, None]
            back_NM[rows] = paths_BMM.argmax(1)
            best_BM[:live] = paths_BMM.max(1)
        choice_B = best_BM.argmax(1)
        choice_N = np.empty_like(every)
        for time, live in reversed(list(enumerate(live_T))):
            rows = first_B[:live] + time
            choice_N[rows] = choice_B[:live]
            choice_B[:live] = back_NM[rows, choice_B[:live]]
        doubtful = np.flatnonzero(np.logical_or.reduceat(choice_N == tag_NM.shape[1] - 1, starts))
        return tag_NM[every, choice_N], doubtful


def _longest_first(starts: Ids, tokens: int) -> tuple[Ids, list[int]]:
    """The first rows of the sentences, longest first, and how many of them have more than t tokens, for every t.

    So ordered, the sentences that are still live at a time step always lie in front.
    """
    lengths_B = np.diff(starts, append=tokens)
    live_T = len(starts) - np.searchsorted(np.sort(lengths_B), np.arange(lengths_B.max()), side="right")
    return starts[np.argsort(-lengths_B, kind="stable")], live_T.tolist()


def _by_time(starts: Ids, tokens: int) -> tuple[Ids, list[slice]]:
    """All first tokens, all second ones, ..., longest sentence first; and the rows of each time step in that order."""
    if len(starts) == 1:
        return np.arange(tokens), [slice(time, time + 1) for time in range(tokens)]
    first_B, live_T = _longest_first(starts, tokens)
    order_N = np.concatenate([first_B[:live] + time for time, live in enumerate(live_T)])
    return order_N, [slice(end - live, end) for end, live in zip(accumulate(live_T), live_T, strict=True)]


def _going_on(before: slice, at: slice) -> slice:
    """The rows of one step whose sentences have the next one, which are its first ones."""
    return slice(before.start, before.start + at.stop - at.start)


def probabilities(scores: Scores) -> Scores:
    """Softmax over the last axis."""
    exps: Scores = np.exp(scores - scores.max(-1, keepdims=True))
    exps /= exps.sum(-1, keepdims=True)
    return exps
