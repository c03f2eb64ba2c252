"""The feed-forward layer in numpy (equation: slotfill/cells/feedforward.py)."""

from collections.abc import Mapping, Sequence
from typing import Self

import numpy as np

from slotfill.runtime.cell import Array, CellRuntime, Gates, transposed


class FeedforwardRuntime(CellRuntime):
    """No memory."""

    def __init__(self, weights: Mapping[str, Array]) -> None:
        self.hidden = len(weights["b"])
        self.W, self.b = transposed(weights["W"]), weights["b"]

    @classmethod
    def abreast(cls, cells: Sequence[Self]) -> Self | None:
        """Any of the cells, since none has recurrent weights."""
        return cells[0]

    def initial(self, rows: int) -> tuple[Array, ...]:
        """There is no state."""
        return ()

    def step(self, z_BG: Array, u_BG: Array | None, state: Sequence[Array], gates: Gates | None) -> Array:
        """The equation; there are no gates."""
        return np.tanh(z_BG, out=z_BG)
