"""The best path and the sums over all paths by the compiled core (slotfill/core), for any number of sentences.

The plain definitions are slotfill/decoding/viterbi.py and forward_backward.py; tests check that they agree. Arrays are
numpy's or raw ones (slotfill/arrays.py): this module needs no numpy.

Shapes: B sentences, N tokens, K tags, F free tags (O and every `B`, which may follow any tag), I inside tags, P columns
(F up to a multiple of `UNITS`).
"""

from collections.abc import Sequence
from typing import Any

from slotfill import core
from slotfill.arrays import Raw, floats, integers
from slotfill.core import _core
from slotfill.decoding.confidence import Confidence

_UNITS = 16


def _places_of(tags: Sequence[str]) -> tuple[Raw, Raw, Raw, Raw]:
    """Which tags are free and which are inside tags (kernels.h): free (F,), inside (I, 3), column and continued (K,).

    Which tag may follow which is told by transitions.py for numpy.
    """
    number_of = {tag: number for number, tag in enumerate(tags)}
    free = [number for number, tag in enumerate(tags) if tag[0] != "I"]
    inside = [number for number, tag in enumerate(tags) if tag[0] == "I"]
    column, continued, rows = [0] * len(tags), [-1] * len(tags), []
    for place, number in enumerate(free):
        column[number] = place
    for row, number in enumerate(inside):
        column[number] = -1 - row
        own = tags[number]
        before = [number_of[tag] for tag in (f"B-{own[2:]}", own) if tag in number_of]
        rows += [number, *before, *[-1] * (2 - len(before))]
        for tag in before:
            continued[tag] = row
    inside_I3 = integers(rows)
    return (
        integers(free),
        inside_I3.cast("B").cast("q", (len(inside), 3)) if inside else inside_I3,
        integers(column),
        integers(continued),
    )


def _steps(K: int, F: int) -> tuple[Raw, Raw, Raw]:
    """Room for scores or factors of the steps (kernels.h): of the first, of the others, and of those to inside tags."""
    return floats(K), floats(K, _padded(F)), floats(K - F, 2)


class CompiledChain:
    """The steps of a chain, as the core takes them."""

    def __init__(self, tags: Sequence[str], learned: Raw | None, *, temperature: float) -> None:
        """`learned` is A of slotfill/crf.py, (K + 1, K)."""
        self._arguments = tags, learned, temperature
        self._places = free, inside, column, _ = _places_of(tags)
        self._temperature = temperature
        K, F = len(tags), len(free)
        self._scores, self._factors = _steps(K, F), _steps(K, F)
        # two rows of scores differ by at most as much as they are apart from the mean
        self._bounds = floats(2, K)
        self._transposed = floats(F, _padded(K))
        outputs: tuple[Any, ...] = (*self._scores, self._bounds, *self._factors, self._transposed)
        _core.lay_chain(learned, free, inside, column, temperature, *outputs)

    def __reduce__(self) -> tuple[Any, ...]:
        tags, learned, temperature = self._arguments
        return _made, (tags, None if learned is None else bytes(memoryview(learned).cast("B")), temperature)

    def decode(self, emissions_NK: Raw, starts: Raw, path_N: Raw) -> None:
        """Write the best valid tag for every token."""
        _core.best_paths(emissions_NK, starts, *self._places, *self._scores, self._bounds, path_N)

    def confidence(self, emissions_NK: Raw, starts: Raw, path_N: Raw) -> Confidence:
        """The confidence of a valid path, with all scores divided by the temperature."""
        factors_3N = floats(3, len(memoryview(path_N)))
        self._sums(emissions_NK, starts, path_N, factors_3N, None)
        return Confidence(*factors_3N.tolist())

    def marginals(self, emissions_NK: Raw, starts: Raw, marginals_NK: Raw) -> None:
        """Write the probability of each tag for each token, over all valid paths."""
        self._sums(emissions_NK, starts, None, None, marginals_NK)

    def _sums(
        self,
        emissions_NK: Raw,
        starts: Raw,
        path_N: Raw | None,
        factors_3N: Raw | None,
        marginals_NK: Raw | None,
    ) -> None:
        steps = (*self._places, *self._factors, self._transposed, self._temperature)
        _core.sums(emissions_NK, starts, *steps, path_N, factors_3N, marginals_NK)


def _made(tags: Sequence[str], learned: bytes | None, temperature: float) -> CompiledChain:
    shape = len(tags) + 1, len(tags)
    return CompiledChain(
        tags, None if learned is None else memoryview(learned).cast("f", shape), temperature=temperature
    )


def compiled_chain(tags: Sequence[str], learned: Raw | None, *, temperature: float) -> CompiledChain | None:
    """The chain for the core; None if the core is not there, or there are too many tags."""
    if not core.in_use or len(tags) > core.MOST_TAGS:
        return None
    return CompiledChain(tags, learned, temperature=temperature)


def _padded(columns: int) -> int:
    """Up to a multiple of `UNITS`."""
    return columns + -columns % _UNITS
