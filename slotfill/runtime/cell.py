"""The contract of a cell at run time, and the loop over the time steps that all of them share.

Shapes: B sentences, N tokens of all sentences, E input features, H hidden units, G gate inputs of a cell.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import Self

import numpy as np
from numpy.typing import NDArray

from slotfill.batching import Ids, Packing

Array = NDArray[np.float32]
Gates = dict[str, Array]
Shapes = dict[str, tuple[int, ...]]

# Writes the projected inputs of the packed rows from the first number to the second, which is left out: one time
# step, (B, G). They are never there for all tokens at once: that would be most of the memory, and of its traffic.
Inputs = Callable[[int, int, Array], None]


class CellRuntime(ABC):
    """One direction of one recurrent layer: what slotfill/cells defines, for arrays in packed order."""

    W: Array  # (E, G), ready for `x @ W`
    U: Array | None = None  # (memory, G), or one for each row, (B, memory, G); None: there is no memory
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

    @classmethod
    def abreast(cls, cells: Sequence[Self]) -> Self | None:
        """One cell whose rows have each the recurrent weights of one of these cells, so that they step together.

        What it reads is projected by `cells`. None if cells of this kind cannot do that.
        """
        return None

    @abstractmethod
    def initial(self, rows: int) -> tuple[Array, ...]:
        """The state before the first token, arrays of (rows, ...); U reads the first one."""

    @abstractmethod
    def step(self, z_BG: Array, u_BG: Array | None, state: Sequence[Array], gates: Gates | None) -> Array:
        """One time step: h (B, H) from projected inputs, the product of U (None: of nothing), and the state.

        The inputs are used up, and the state's arrays are changed in place. What `gates` names receives the step's
        gate values.
        """

    def run(
        self,
        inputs: Inputs,
        packing: Packing,
        *,
        out: Array,
        largest: Array | None = None,
        gates: Gates | None = None,
    ) -> None:
        """Take all time steps, and write h into `out`, (M, H) in packed order.

        `largest` (M, H) receives the largest h of each row and all those that it comes from. A dictionary `gates` is
        filled with the gates' values, (M, H) each. A sentence starts from nothing and sees nothing but itself.
        """
        most = max([end - start for start, end in packing.steps])
        room, product = np.empty((2, min(most, _AT_ONCE), len(self.b)), dtype=np.float32)
        # two of each, as what is recalled moves from one to the other
        state, spare = ([*self.initial(most)] for _ in range(2))
        count = len(state)
        if largest is not None:  # the largest h so far goes on like the memory
            for arrays in (state, spare):
                arrays.append(np.full((most, self.hidden), -np.inf, dtype=np.float32))
        # exp may reach infinity: 1 / (1 + exp) is then exactly the 0 that it should be
        with np.errstate(over="ignore"):
            for (start, end), parents in zip(packing.steps, packing.parents, strict=True):
                recalled = parents if start > 0 else None
                for first in range(start, end, _AT_ONCE):
                    last = min(first + _AT_ONCE, end)
                    at = slice(first - start, last - start)
                    own = [array[at] for array in (state if recalled is None else spare)]
                    if recalled is not None:
                        _recall(state, recalled[at], own)
                    z_BG = room[: last - first]
                    inputs(first, last, z_BG)
                    u_BG = self._remember(own, product[: last - first]) if start > 0 else None
                    seen: Gates = {}
                    h_BH = self.step(z_BG, u_BG, own[:count], None if gates is None else seen)
                    out[first:last] = h_BH
                    if largest is not None:
                        largest[first:last] = np.maximum(own[count], h_BH, out=own[count])
                    if gates is not None:
                        for name, values in seen.items():
                            gates.setdefault(name, np.empty(out.shape, dtype=np.float32))[first:last] = values
                if recalled is not None:
                    state, spare = spare, state

    def _remember(self, memory: Sequence[Array], out: Array) -> Array | None:
        """The memory's share of the gates, (B, G); None if there is no memory."""
        if self.U is None:
            return None
        if self.U.ndim == 2:
            np.matmul(memory[0], self.U, out=out)
        else:  # each row by weights of its own
            np.matmul(memory[0][:, None], self.U, out=out[:, None])
        return out


def _recall(state: Sequence[Array], parents: Ids, own: Sequence[Array]) -> None:
    """Put into `own` the rows of the state that they come from."""
    for old, new in zip(state, own, strict=True):
        old.take(parents, axis=0, out=new, mode="clip")  # in this mode numpy writes to `out` without a copy


_AT_ONCE = 512  # rows of a step that are worked on together: more would not stay in the processor's cache


def transposed(rows: Array) -> Array:
    """Weights as `x @ weights` likes them."""
    return np.ascontiguousarray(rows.T, dtype=np.float32)


def stacked_memory(cells: Sequence[CellRuntime]) -> Array:
    """U of each cell, (B, memory, G)."""
    return np.stack([cell.U for cell in cells if cell.U is not None])


def logistic_in_place(z: Array) -> None:
    """1 / (1 + exp(z)), which is s(-z): the sign is in the weights already."""
    np.exp(z, out=z)
    z += 1
    np.reciprocal(z, out=z)
