"""The LSTM's time step in numpy (equations: slotfill/cells/lstm.py)."""

from collections.abc import Mapping, Sequence
from copy import copy
from typing import Self

import numpy as np

from slotfill import core
from slotfill.core import _core
from slotfill.runtime.cell import Array, CellRuntime, Gates, logistic_in_place, stacked_memory, transposed


class LstmRuntime(CellRuntime):
    """One direction of one layer.

    The rows of W, U and b are reordered to i, f, o, g and scaled once, by -1 for the gates and by -2
    for the candidate, so that a single `exp` serves all four: σ(x) = 1 / (1 + exp(-x)) and
    tanh(x) = 2 σ(2x) - 1.
    """

    def __init__(self, weights: Mapping[str, Array]) -> None:
        self.hidden = weights["U"].shape[1]
        self.W, self.U, self.b = (transposed(_reordered(weights[name])) for name in "WUb")
        self.p = -weights["p"] if "p" in weights else None

    @classmethod
    def abreast(cls, cells: Sequence[Self]) -> Self | None:
        """A row for each cell."""
        rows = copy(cells[0])
        rows.U = stacked_memory(cells)
        peepholes = [cell.p for cell in cells if cell.p is not None]
        rows.p = np.stack(peepholes, axis=1) if peepholes else None
        return rows

    def initial(self, rows: int) -> tuple[Array, ...]:
        """h_0 = c_0 = 0."""
        h, c = np.zeros((2, rows, self.hidden), dtype=np.float32)
        return h, c

    def step(self, z_BG: Array, u_BG: Array | None, state: Sequence[Array], gates: Gates | None) -> Array:
        """The equations; gates i, f, o, g and the memory c."""
        H, (h, c) = self.hidden, state
        if core.in_use and self.p is None and gates is None:
            _core.lstm_step(z_BG, u_BG, c, h)
            return h
        if u_BG is not None:
            z_BG += u_BG
        i, f, o, g = z_BG[:, :H], z_BG[:, H : 2 * H], z_BG[:, 2 * H : 3 * H], z_BG[:, 3 * H :]
        if self.p is None:
            logistic_in_place(z_BG)
        else:  # the output gate needs the new memory
            i += self.p[0] * c
            f += self.p[1] * c
            for gate in (i, f, g):
                logistic_in_place(gate)
        g *= 2
        g -= 1
        c *= f
        np.multiply(g, i, out=h)  # the old h is no longer needed
        c += h
        if self.p is not None:
            o += self.p[2] * c
            logistic_in_place(o)
        np.tanh(c, out=h)  # over H units no slower than `exp`
        h *= o
        if gates is not None:
            gates.update(i=i, f=f, g=g, o=o, c=c)
        return h


def _reordered(rows: Array) -> Array:
    i, f, g, o = np.split(rows, 4)
    return np.concatenate([-i, -f, -o, -2 * g])
