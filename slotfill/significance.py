"""How far a score may be chance: intervals, and tests of the difference between two models on the same sentences.

    interval(counts_SC, f1)                     95 % of the bootstrap's F1 lie in it
    paired_bootstrap(one_SC, other_SC, f1)      the difference, its interval, and p
    mcnemar(improved=12, broke=3)               p of the sentences that one of the two models has right

The bootstrap draws as many sentences as there are, with replacement, and scores them again, 10,000 times (Efron &
Tibshirani 1993, "An Introduction to the Bootstrap", chapters 13 and 16). Both models are scored on the same draw; p is
the share of draws whose difference is as far from the observed one as that is from 0 (the two-sided form of
Berg-Kirkpatrick, Burkett & Klein 2012, "An Empirical Investigation of Statistical Significance in NLP"). McNemar's
test is the exact one, of the binomial distribution (McNemar 1947, "Note on the sampling error of the difference between
correlated proportions or percentages").

A draw of sentences is a draw of how often each kind of row occurs, so a multinomial draw over the few distinct rows
stands for it: the distribution is the same, whatever the number of sentences. All draws come from one seed.

Shapes: S sentences, C counts of a sentence, K distinct rows, R draws.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int64]
Figures = NDArray[np.float64]
Metric = Callable[[Counts], Figures]  # (R, C) -> (R,)

DRAWS = 10_000
LEVEL = 0.95
FEW = 50  # sentences: of fewer, the bootstrap's intervals are too narrow, and its p too small
CUSTOMARY = 0.05  # a p below it is called more than chance
_SEED = 1
_CELLS = 1 << 22  # of a block of draws, so that memory stays small


class Interval(NamedTuple):
    """The middle 95 % of what the bootstrap gives."""

    low: float
    high: float


class Difference(NamedTuple):
    """How much more one model scores than the other; `p` is the chance of as much if neither is better."""

    value: float
    low: float
    high: float
    p: float


def f1(sums_RC: Counts) -> Figures:
    """F1 of sums of (right, predicted, gold); 0 where there is nothing.

    >>> f1(np.array([[1, 2, 2], [0, 0, 0]])).tolist()
    [0.5, 0.0]
    """
    return _share(2 * sums_RC[:, 0], sums_RC[:, 1] + sums_RC[:, 2])


def precision(sums_RC: Counts) -> Figures:
    """Precision of sums of (right, predicted, gold).

    >>> precision(np.array([[1, 4, 2]])).tolist()
    [0.25]
    """
    return _share(sums_RC[:, 0], sums_RC[:, 1])


def recall(sums_RC: Counts) -> Figures:
    """Recall of sums of (right, predicted, gold).

    >>> recall(np.array([[1, 4, 2]])).tolist()
    [0.5]
    """
    return _share(sums_RC[:, 0], sums_RC[:, 2])


def accuracy(sums_RC: Counts) -> Figures:
    """The share of sums of (right, judged).

    >>> accuracy(np.array([[3, 4]])).tolist()
    [0.75]
    """
    return _share(sums_RC[:, 0], sums_RC[:, 1])


def _share(part_R: Counts, whole_R: Counts) -> Figures:
    return np.divide(part_R, whole_R, out=np.zeros(len(part_R)), where=whole_R > 0)


def interval(counts_SC: Counts, metric: Metric) -> Interval:
    """The 95 % interval of a score, by the percentiles of the bootstrap.

    >>> low, high = interval(np.array([[1, 1]] * 80 + [[0, 1]] * 20), accuracy)
    >>> low < 0.8 < high
    True

    `counts_SC` has a row for each sentence. Without a sentence, or with sentences that are all alike, both ends are the
    score itself.
    """
    return _middle(np.concatenate([metric(sums_RC) for sums_RC in _drawn(counts_SC)]))


def paired_bootstrap(one_SC: Counts, other_SC: Counts, metric: Metric) -> Difference:
    """How much more `one_SC` scores than `other_SC`, whose rows are of the same sentences.

    >>> one, other = np.array([[1, 1]] * 90 + [[0, 1]] * 10), np.array([[1, 1]] * 60 + [[0, 1]] * 40)
    >>> found = paired_bootstrap(one, other, accuracy)
    >>> round(found.value, 2), found.low > 0, found.p < 0.001
    (0.3, True, True)

    ValueError unless both have the same sentences.
    """
    if len(one_SC) != len(other_SC):
        raise ValueError(f"{len(one_SC)} sentences against {len(other_SC)}")
    split = one_SC.shape[1]

    def difference(sums_RC: Counts) -> Figures:
        return metric(sums_RC[:, :split]) - metric(sums_RC[:, split:])

    both_SC = np.concatenate([one_SC, other_SC], axis=1)
    observed = float(difference(both_SC.sum(0)[None])[0])
    drawn_R = np.concatenate([difference(sums_RC) for sums_RC in _drawn(both_SC)])
    as_far = np.abs(drawn_R - observed) >= abs(observed) - 1e-12  # sums of floats differ in their last digits
    p = (1 + int(as_far.sum())) / (1 + len(drawn_R))  # the data itself is one draw (Davison & Hinkley 1997, 4.2)
    return Difference(observed, *_middle(drawn_R), p)


def mcnemar(*, improved: int, broke: int) -> float:
    """The chance that a fair coin splits `improved + broke` sentences as unevenly as this, or more.

    >>> round(mcnemar(improved=10, broke=2), 4)
    0.0386
    >>> mcnemar(improved=3, broke=3)
    1.0

    Sentences that both models have right, or both wrong, tell nothing about which is better.
    """
    sentences, fewer = improved + broke, min(improved, broke)
    if improved == broke:
        return 1.0
    k = np.arange(1, fewer + 1)
    log_choices = np.concatenate([[0.0], np.cumsum(np.log((sentences - k + 1) / k))])  # log of `sentences` over 0, 1, …
    return min(1.0, 2 * float(np.exp(log_choices - sentences * np.log(2)).sum()))


def written(p: float) -> str:
    """A p with four digits.

    >>> written(0.03857), written(1e-9)
    ('0.0386', '< 0.0001')
    """
    return "< 0.0001" if p < 0.0001 else f"{p:.4f}"


def _drawn(counts_SC: Counts) -> list[Counts]:
    """The sums of all draws, (R, C), in blocks."""
    sentences = len(counts_SC)
    if not sentences:
        return [counts_SC.sum(0)[None]]
    rows_KC, often_K = np.unique(counts_SC, axis=0, return_counts=True)
    random = np.random.default_rng(_SEED)
    size = max(1, _CELLS // len(rows_KC))
    chances_K = often_K / sentences
    return [
        random.multinomial(sentences, chances_K, size=min(size, DRAWS - begun)) @ rows_KC
        for begun in range(0, DRAWS, size)
    ]


def _middle(values_R: Figures) -> Interval:
    low, high = np.quantile(values_R, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Interval(float(low), float(high))
