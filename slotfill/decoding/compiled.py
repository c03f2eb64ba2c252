"""The best path and the sums over all paths by the compiled core (slotfill/core), for any number of sentences.

The plain definitions are slotfill/decoding/viterbi.py and forward_backward.py; tests check that they agree.

Shapes: B sentences, N tokens, K tags, F free tags (O and every `B`, which may follow any tag), I inside tags, P columns
(F up to a multiple of `UNITS`).
"""

from typing import NamedTuple

import numpy as np

from slotfill import core
from slotfill.core import _core
from slotfill.decoding.confidence import Confidence
from slotfill.decoding.transitions import Array, Ids, Transitions

_UNITS = 16
_MOST = 65_535  # tags that the core knows


class _Places(NamedTuple):
    """Which tags are free and which are inside tags (kernels.h)."""

    free: Ids  # (F,)
    inside: Ids  # (I, 3)
    column: Ids  # (K,)
    continued: Ids  # (K,)

    @classmethod
    def of(cls, transitions: Transitions) -> "_Places":
        may_begin_K = transitions.allowed[-1]
        free, inside = np.flatnonzero(may_begin_K), np.flatnonzero(~may_begin_K)
        rows = np.full((len(inside), 3), -1, dtype=np.int64)
        rows[:, 0] = inside
        column = np.empty(len(may_begin_K), dtype=np.int64)
        column[free], column[inside] = np.arange(len(free)), -1 - np.arange(len(inside))
        for row, tag in enumerate(inside.tolist()):
            before = np.flatnonzero(transitions.allowed[:-1, tag])  # its `B` and itself
            rows[row, 1 : 1 + len(before)] = before
        continued = np.where(transitions.has_inside, -1 - column[transitions.inside], -1)
        return cls(free, rows, column, continued)


class _Steps(NamedTuple):
    """Scores or factors of the steps (kernels.h)."""

    start: Array  # (K,)
    steps: Array  # (K, P)
    entering: Array  # (I, 2)


def _steps(table: Array, places: _Places) -> _Steps:
    """From a table (K + 1, K)."""
    tag, *before = places.inside.T
    entering = np.stack([table[b, tag] for b in before], axis=1)  # of -1, which is none, it does not matter
    return _Steps(table[-1].copy(), _padded(table[:-1, places.free]), entering)


class CompiledChain:
    """The steps of a chain, as the core takes them."""

    def __init__(self, transitions: Transitions, factors: Array, temperature: float) -> None:
        """`factors` (K + 1, K) are exp(scores / temperature)."""
        self._places = places = _Places.of(transitions)
        self._scores, self._factors = _steps(transitions.scores, places), _steps(factors, places)
        # two rows of scores differ by at most as much as they are apart from the mean
        free_KF = transitions.scores[:-1, places.free]
        apart_KF = free_KF - free_KF.mean(0)
        self._bounds = np.stack([apart_KF.min(1), apart_KF.max(1)])
        self._transposed = _padded(factors[:-1, places.free].T)
        self._temperature = temperature

    def decode(self, emissions_NK: Array, starts: Ids) -> Ids:
        """The best valid tag for every token, (N,)."""
        path_N = np.empty(len(emissions_NK), dtype=np.int64)
        _core.best_paths(emissions_NK, starts, *self._places, *self._scores, self._bounds, path_N)
        return path_N

    def confidence(self, emissions_NK: Array, starts: Ids, path_N: Ids) -> Confidence:
        """The confidence of a valid path, with all scores divided by the temperature."""
        factors_3N = np.empty((3, len(path_N)), dtype=np.float32)
        self._sums(emissions_NK, starts, path_N, factors_3N, None)
        return Confidence(*factors_3N.tolist())

    def marginals(self, emissions_NK: Array, starts: Ids) -> Array:
        """The probability of each tag for each token, over all valid paths, (N, K)."""
        marginals_NK = np.empty(emissions_NK.shape, dtype=np.float32)
        self._sums(emissions_NK, starts, None, None, marginals_NK)
        return marginals_NK

    def _sums(
        self, emissions_NK: Array, starts: Ids, path_N: Ids | None, factors_3N: Array | None, marginals: Array | None
    ) -> None:
        steps = (*self._places, *self._factors, self._transposed, self._temperature)
        _core.sums(emissions_NK, starts, *steps, path_N, factors_3N, marginals)


def compiled_chain(transitions: Transitions, factors: Array, temperature: float) -> CompiledChain | None:
    """The chain for the core; None if the core is not there, or there are too many tags."""
    if not core.in_use or len(transitions.into) > _MOST:
        return None
    return CompiledChain(transitions, factors, temperature)


def _padded(rows: Array) -> Array:
    """With columns of zeros up to a multiple of `UNITS`."""
    return np.ascontiguousarray(np.pad(rows, [(0, 0), (0, -rows.shape[1] % _UNITS)]))
