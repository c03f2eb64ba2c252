"""The Elman net's time step in numpy (equation: slotfill/cells/elman.py)."""

from collections.abc import Mapping

import numpy as np

from slotfill.runtime.cell import Array, CellRuntime, Gates, Shapes, transposed


class ElmanRuntime(CellRuntime):
    """Memory of the hidden layer."""

    @staticmethod
    def shapes(inputs: int, hidden: int, outputs: int) -> Shapes:
        """The weights of the equations."""
        return {"W": (hidden, inputs), "U": (hidden, hidden), "b": (hidden,)}

    def __init__(self, weights: Mapping[str, Array]) -> None:
        self.hidden = len(weights["b"])
        self.W, self.U, self.b = (transposed(weights[name]) for name in "WUb")

    def initial(self, sentences: int) -> Array:
        """h_0 = 0."""
        return np.zeros((sentences, self.hidden), dtype=np.float32)

    def step(self, z_BG: Array, state: Array, begun: int, gates: Gates | None) -> Array:
        """The equation; there are no gates."""
        z_BG[:begun] += state[:begun] @ self.U
        return np.tanh(z_BG, out=state[: len(z_BG)])
