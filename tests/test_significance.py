"""Intervals and tests against what is known of them: exact binomials, plain resampling, and data of no difference."""

from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from slotfill.significance import accuracy, f1, interval, mcnemar, paired_bootstrap


@given(st.integers(0, 200), st.integers(0, 200))
def test_mcnemar_is_the_exact_binomial_test(improved: int, broke: int) -> None:
    n, fewer = improved + broke, min(improved, broke)
    exact = min(1.0, 2 * sum(comb(n, k) for k in range(fewer + 1)) / 2**n)
    assert mcnemar(improved=improved, broke=broke) == pytest.approx(exact, rel=1e-9)


def test_mcnemar_of_many_sentences() -> None:
    assert mcnemar(improved=200_000, broke=190_000) < 1e-50
    assert 0 < mcnemar(improved=200_000, broke=199_000) < 0.2


def test_the_interval_is_that_of_plain_resampling() -> None:
    random = np.random.default_rng(7)
    gold = random.integers(0, 5, 300)
    right = random.binomial(gold, 0.8)
    counts = np.stack([right, gold, gold], axis=1)
    plain = [f1(counts[random.integers(0, 300, 300)].sum(0)[None])[0] for _ in range(4000)]
    assert interval(counts, f1) == pytest.approx(np.quantile(plain, [0.025, 0.975]), abs=0.004)


def test_the_interval_holds_the_truth_in_95_of_100_samples() -> None:
    random = np.random.default_rng(3)
    holds = 0
    for _ in range(200):
        right = random.random(400) < 0.85
        low, high = interval(np.stack([right, np.ones(400)], axis=1).astype(np.int64), accuracy)
        holds += low <= 0.85 <= high
    assert 180 <= holds <= 199


def test_p_is_small_in_5_of_100_samples_without_a_difference() -> None:
    random = np.random.default_rng(5)
    small = 0
    for _ in range(200):
        one, other = [
            np.stack([random.random(300) < 0.8, np.ones(300)], axis=1).astype(np.int64) for _ in ("one", "other")
        ]
        small += paired_bootstrap(one, other, accuracy).p < 0.05
    assert 2 <= small <= 20


def test_no_difference_at_all() -> None:
    counts = np.array([[1, 2, 2], [3, 3, 3]])
    assert paired_bootstrap(counts, counts, f1) == (0, 0, 0, 1)


def test_the_same_seed_and_whatever_order() -> None:
    random = np.random.default_rng(1)
    one, other = random.integers(0, 4, (2, 50, 3))
    assert paired_bootstrap(one, other, f1) == paired_bootstrap(one[::-1], other[::-1], f1)
    assert interval(one, f1) == interval(one, f1)


def test_nothing_to_score() -> None:
    empty = np.zeros((0, 3), dtype=np.int64)
    assert interval(empty, f1) == (0, 0)
    assert paired_bootstrap(empty, empty, f1) == (0, 0, 0, 1)
    with pytest.raises(ValueError, match="0 sentences against 1"):
        paired_bootstrap(empty, np.ones((1, 3), dtype=np.int64), f1)
