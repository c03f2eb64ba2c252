"""The Jordan net's time step in numpy (equations: slotfill/cells/jordan.py)."""

from collections.abc import Mapping, Sequence

import numpy as np

from slotfill.runtime.cell import Array, CellRuntime, Gates, transposed


class JordanRuntime(CellRuntime):
    """Memory of the output layer. Its step has another matrix product, so it cannot run abreast."""

    def __init__(self, weights: Mapping[str, Array]) -> None:
        self.hidden = len(weights["b"])
        self.W, self.U, self.b, self.V, self.c = (transposed(weights[name]) for name in "WUbVc")

    def initial(self, rows: int) -> tuple[Array, ...]:
        """y_0 = 0."""
        return (np.zeros((rows, len(self.c)), dtype=np.float32),)

    def step(self, z_BG: Array, u_BG: Array | None, state: Sequence[Array], gates: Gates | None) -> Array:
        """The equations; there are no gates, but the state y."""
        (y,) = state
        if u_BG is not None:
            z_BG += u_BG
        h = np.tanh(z_BG, out=z_BG)
        np.matmul(h, self.V, out=y)
        y += self.c
        y -= y.max(1, keepdims=True)
        np.exp(y, out=y)
        y /= y.sum(1, keepdims=True)
        if gates is not None:
            gates.update(y=y)
        return h
