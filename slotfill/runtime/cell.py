"""The contract of a cell at run time, and the loop over the time steps that all of them share.

Shapes: B sentences, N tokens of all sentences, E input features, H hidden units, G gate inputs of a cell.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from slotfill.batching import Packing

Array = NDArray[np.float32]
Gates = dict[str, Array]
Shapes = dict[str, tuple[int, ...]]


class CellRuntime(ABC):
    """One direction of one recurrent layer: what slotfill/cells defines, for arrays in packed order."""

    W: Array  # (E, G), ready for `x @ W`
    b: Array  # (G,)
    hidden: int

    @staticmethod
    @abstractmethod
    def shapes(inputs: int, hidden: int, outputs: int) -> Shapes:
        """The names and shapes of the weights that the equations have."""

    @abstractmethod
    def __init__(self, weights: Mapping[str, Array]) -> None:
        """From these weights."""

    def project(self, x_NE: Array) -> Array:
        """The input's share of the gates, (N, G)."""
        return x_NE @ self.W + self.b

    @abstractmethod
    def initial(self, sentences: int) -> Any:
        """The state before the first token: arrays of (B, ...), which `step` changes in place."""

    @abstractmethod
    def step(self, z_BG: Array, state: Any, gates: Gates | None) -> Array:
        """One time step: h (B, H) from projected inputs, which are used up, and the state of the first B sentences.

        What `gates` names receives the step's gate values.
        """

    def run(self, z_NG: Array, packing: Packing, *, backward: bool, gates: Gates | None = None) -> Array:
        """Projected inputs in packed order -> h, (N, H); `z_NG` is used up.

        A dictionary `gates` is filled with the gates' values, (N, H) each. Rows of sentences that have ended
        (forward) or not yet begun (backward) are never touched, so that in both directions a sentence starts
        from nothing and sees nothing but itself.
        """
        h_NH = np.empty((len(z_NG), self.hidden), dtype=np.float32)
        state = self.initial(packing.steps[0][1])
        # exp may reach infinity: 1 / (1 + exp) is then exactly the 0 that it should be
        with np.errstate(over="ignore"):
            for start, end in reversed(packing.steps) if backward else packing.steps:
                if gates is None:
                    h_NH[start:end] = self.step(z_NG[start:end], state, None)
                    continue
                now: Gates = {}
                h_NH[start:end] = self.step(z_NG[start:end], state, now)
                for name, values in now.items():
                    gates.setdefault(name, np.empty_like(h_NH))[start:end] = values
        return h_NH


def transposed(rows: Array) -> Array:
    """Weights as `x @ weights` likes them."""
    return np.ascontiguousarray(rows.T, dtype=np.float32)


def logistic_in_place(z: Array) -> None:
    """1 / (1 + exp(z)), which is s(-z): the sign is in the weights already."""
    np.exp(z, out=z)
    z += 1
    np.reciprocal(z, out=z)
