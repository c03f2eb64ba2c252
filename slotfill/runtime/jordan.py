"""The Jordan net's time step in numpy (equations: slotfill/cells/jordan.py)."""

from collections.abc import Mapping

import numpy as np

from slotfill.runtime.cell import Array, CellRuntime, Gates, Shapes, transposed


class JordanRuntime(CellRuntime):
    """Memory of the output layer."""

    @staticmethod
    def shapes(inputs: int, hidden: int, outputs: int) -> Shapes:
        """The weights of the equations."""
        return {
            "W": (hidden, inputs),
            "U": (hidden, outputs),
            "b": (hidden,),
            "V": (outputs, hidden),
            "c": (outputs,),
        }

    def __init__(self, weights: Mapping[str, Array]) -> None:
        self.hidden = len(weights["b"])
        self.W, self.U, self.b, self.V, self.c = (transposed(weights[name]) for name in "WUbVc")

    def initial(self, sentences: int) -> Array:
        """y_0 = 0."""
        return np.zeros((sentences, len(self.c)), dtype=np.float32)

    def step(self, z_BG: Array, state: Array, begun: int, gates: Gates | None) -> Array:
        """The equations; there are no gates."""
        y = state[: len(z_BG)]
        z_BG[:begun] += y[:begun] @ self.U
        h = np.tanh(z_BG, out=z_BG)
        np.matmul(h, self.V, out=y)
        y += self.c
        y -= y.max(1, keepdims=True)
        np.exp(y, out=y)
        y /= y.sum(1, keepdims=True)
        return h
