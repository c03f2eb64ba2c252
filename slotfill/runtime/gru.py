"""The GRU's time step in numpy (equations: slotfill/cells/gru.py)."""

from collections.abc import Mapping, Sequence
from copy import copy
from typing import Self

import numpy as np

from slotfill.runtime.cell import Array, CellRuntime, Gates, logistic_in_place, stacked_memory, transposed


class GruRuntime(CellRuntime):
    """Two gates; the rows of r and z are negated once, so that σ(x) = 1 / (1 + exp(-x)) needs no negation."""

    def __init__(self, weights: Mapping[str, Array]) -> None:
        self.hidden = len(weights["d"])
        self.W, self.U, self.b = (transposed(_negated(weights[name], self.hidden)) for name in "WUb")
        self.d = weights["d"]

    @classmethod
    def abreast(cls, cells: Sequence[Self]) -> Self | None:
        """A row for each cell."""
        rows = copy(cells[0])
        rows.U, rows.d = stacked_memory(cells), np.stack([cell.d for cell in cells])
        return rows

    def initial(self, rows: int) -> tuple[Array, ...]:
        """h_0 = 0."""
        return (np.zeros((rows, self.hidden), dtype=np.float32),)

    def step(self, z_BG: Array, u_BG: Array | None, state: Sequence[Array], gates: Gates | None) -> Array:
        """The equations; gates r, z and the candidate n."""
        H, (h,) = self.hidden, state
        u = np.zeros_like(z_BG) if u_BG is None else u_BG
        both = z_BG[:, : 2 * H]
        both += u[:, : 2 * H]
        logistic_in_place(both)
        r, z, n = (z_BG[:, block * H : (block + 1) * H] for block in range(3))
        inner = u[:, 2 * H :]
        inner += self.d
        inner *= r
        n += inner
        np.tanh(n, out=n)
        h -= n
        h *= z
        h += n
        if gates is not None:
            gates.update(r=r, z=z, n=n)
        return h


def _negated(rows: Array, hidden: int) -> Array:
    return np.concatenate([-rows[: 2 * hidden], rows[2 * hidden :]])
