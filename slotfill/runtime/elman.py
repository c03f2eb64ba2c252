"""The Elman net's time step in numpy (equation: slotfill/cells/elman.py)."""

from collections.abc import Mapping, Sequence
from copy import copy
from typing import Self

import numpy as np

from slotfill.runtime.cell import Array, CellRuntime, Gates, stacked_memory, transposed


class ElmanRuntime(CellRuntime):
    """Memory of the hidden layer."""

    def __init__(self, weights: Mapping[str, Array]) -> None:
        self.hidden = len(weights["b"])
        self.W, self.U, self.b = (transposed(weights[name]) for name in "WUb")

    @classmethod
    def abreast(cls, cells: Sequence[Self]) -> Self | None:
        """A row for each cell."""
        rows = copy(cells[0])
        rows.U = stacked_memory(cells)
        return rows

    def initial(self, rows: int) -> tuple[Array, ...]:
        """h_0 = 0."""
        return (np.zeros((rows, self.hidden), dtype=np.float32),)

    def step(self, z_BG: Array, u_BG: Array | None, state: Sequence[Array], gates: Gates | None) -> Array:
        """The equation; there are no gates."""
        if u_BG is not None:
            z_BG += u_BG
        return np.tanh(z_BG, out=state[0])
