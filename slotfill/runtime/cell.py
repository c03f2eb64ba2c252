"""The contract of a cell at run time, and the loop over the time steps that all of them share.

Shapes: B sentences, N tokens of all sentences, E input features, H hidden units, G gate inputs of a cell.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from slotfill.batching import Packing

Array = NDArray[np.float32]
Gates = dict[str, Array]
Shapes = dict[str, tuple[int, ...]]

# Writes the projected inputs of the packed rows from the first number to the second, which is left out: one time
# step, (B, G). They are never there for all tokens at once: that would be most of the memory, and of its traffic.
Inputs = Callable[[int, int, Array], None]


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

    def project(self, x_NE: Array, out: Array | None = None) -> Array:
        """The input's share of the gates, (N, G)."""
        z_NG: Array = np.matmul(x_NE, self.W, out=out)
        z_NG += self.b
        return z_NG

    @abstractmethod
    def initial(self, sentences: int) -> Any:
        """The state before the first token: arrays of (B, ...), which `step` changes in place, and room to work in."""

    @abstractmethod
    def step(self, z_BG: Array, state: Any, begun: int, gates: Gates | None) -> Array:
        """One time step: h (B, H) from projected inputs, which are used up, and the state of the first B sentences.

        Only the first `begun` of these have a state: to the others nothing comes from before. What `gates` names
        receives the step's gate values.
        """

    def run(
        self,
        inputs: Inputs,
        packing: Packing,
        *,
        backward: bool,
        out: Array,
        largest: Array | None = None,
        gates: Gates | None = None,
    ) -> None:
        """Take all time steps, and write h into `out`, (N, H) in packed order.

        `largest` (B, H), longest sentence first, is raised to the largest h of each sentence. A dictionary `gates` is
        filled with the gates' values, (N, H) each. Rows of sentences that have ended (forward) or not yet begun
        (backward) are never touched, so that in both directions a sentence starts from nothing and sees nothing but
        itself.
        """
        sentences = packing.steps[0][1]
        state = self.initial(sentences)
        room = np.empty((sentences, len(self.b)), dtype=np.float32)
        live = 0
        # exp may reach infinity: 1 / (1 + exp) is then exactly the 0 that it should be
        with np.errstate(over="ignore"):
            for start, end in reversed(packing.steps) if backward else packing.steps:
                begun, live = min(live, end - start), end - start
                z_BG = room[:live]
                inputs(start, end, z_BG)
                now: Gates | None = None if gates is None else {}
                h_BH = self.step(z_BG, state, begun, now)
                out[start:end] = h_BH
                if largest is not None:
                    highest = largest[:live]
                    np.maximum(highest, h_BH, out=highest)
                if gates is not None:
                    for name, values in (now or {}).items():
                        gates.setdefault(name, np.empty(out.shape, dtype=np.float32))[start:end] = values


def transposed(rows: Array) -> Array:
    """Weights as `x @ weights` likes them."""
    return np.ascontiguousarray(rows.T, dtype=np.float32)


def logistic_in_place(z: Array) -> None:
    """1 / (1 + exp(z)), which is s(-z): the sign is in the weights already."""
    np.exp(z, out=z)
    z += 1
    np.divide(_ONE, z, out=z)  # the same bits as `reciprocal`, which does not use the processor's vectors


_ONE = np.array(1, dtype=np.float32)  # a plain 1 would be made an array each time
