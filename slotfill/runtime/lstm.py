"""The LSTM's time step in numpy (equations: slotfill/cells/lstm.py)."""

from collections.abc import Mapping, Sequence
from copy import copy
from typing import Self

import numpy as np

from slotfill import core
from slotfill.batching import Packing
from slotfill.core import _core
from slotfill.runtime.cell import (
    AT_ONCE,
    Array,
    CellRuntime,
    Gates,
    Inputs,
    logistic_in_place,
    read_rows,
    stacked_memory,
    transposed,
)


class LstmRuntime(CellRuntime):
    """One direction of one layer.

    The rows of W, U and b are reordered to i, f, o, g and scaled once, by -1 for the gates and by -2
    for the candidate, so that a single `exp` serves all four: σ(x) = 1 / (1 + exp(-x)) and
    tanh(x) = 2 σ(2x) - 1.
    """

    U: Array

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

    def run(
        self,
        inputs: Inputs,
        packing: Packing,
        *,
        out: Array,
        largest: Array | None = None,
        gates: Gates | None = None,
    ) -> None:
        """By the core, if it is there and nobody looks at gates."""
        if not core.in_use or self.p is not None or gates is not None or self.U.ndim > 2:
            super().run(inputs, packing, out=out, largest=largest, gates=gates)
            return
        most, H = max([end - start for start, end in packing.steps]), self.hidden
        product = np.empty((min(most, AT_ONCE), 4 * H), dtype=np.float32)
        c, before = np.empty((2, most, H), dtype=np.float32)
        previous = slice(0, 0)  # the rows of the step before
        for (start, end), parents_B in zip(packing.steps, packing.parents, strict=True):
            for first in range(start, end, AT_ONCE):
                rows = slice(first, min(first + AT_ONCE, end))
                within = slice(rows.start - start, rows.stop - start)
                z, ids = read_rows(inputs, rows, 4 * H)
                u_BG, products_B, asked_B = None, None, None
                if start > 0:
                    # rows with the same parent share a row of the product; they are neighbours
                    h_BH = out[previous]
                    asked_B = np.arange(within.start, within.stop) if parents_B is None else parents_B[within]
                    if parents_B is None:
                        h_BH = h_BH[within]
                    else:
                        is_new_B = np.append(True, asked_B[1:] != asked_B[:-1])
                        products_B = np.cumsum(is_new_B) - 1
                        h_BH = h_BH[asked_B[is_new_B]]
                    u_BG = np.matmul(h_BH, self.U, out=product[: len(h_BH)])
                of_step = (None, None) if largest is None else (largest[previous], largest[rows])
                _core.lstm_step(
                    z,
                    ids,
                    u_BG,
                    products_B,
                    asked_B,
                    before[: previous.stop - previous.start],
                    of_step[0],
                    c[within],
                    out[rows],
                    of_step[1],
                )
            previous, c, before = slice(start, end), before, c

    def initial(self, rows: int) -> tuple[Array, ...]:
        """h_0 = c_0 = 0."""
        h, c = np.zeros((2, rows, self.hidden), dtype=np.float32)
        return h, c

    def step(self, z_BG: Array, u_BG: Array | None, state: Sequence[Array], gates: Gates | None) -> Array:
        """The equations; gates i, f, o, g and the memory c."""
        H, (h, c) = self.hidden, state
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
