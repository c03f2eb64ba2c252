"""The confidence of a path: the probability of each of its spans over all valid paths."""

from collections.abc import Sequence
from math import prod
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from slotfill.decoding.transitions import Array


class Confidence:
    """The factors of each span's probability, token by token.

    A span opens at its first token, goes on at the others, and closes after its last one.
    """

    def __init__(self, opening: Sequence[float], going: Sequence[float], closing: Sequence[float]) -> None:
        self.opening, self.going, self.closing = opening, going, closing

    def of(self, start: int, end: int) -> float:
        """The probability of the path's span from token `start` to `end` (half-open)."""
        going = prod(self.going[start + 1 : end]) if end - start > 1 else 1.0
        chance = self.opening[start] * going * self.closing[end - 1]
        return chance if chance < 1.0 else 1.0


def probabilities(scores: "Array") -> "Array":
    """Softmax over the last axis."""
    import numpy as np  # late: a single sentence does without

    exps: Array = np.exp(scores - scores.max(-1, keepdims=True))
    exps /= exps.sum(-1, keepdims=True)
    return exps
