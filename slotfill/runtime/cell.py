"""The contract of a cell in numpy, and the loop over time steps that all cells share.

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

# Writes the projected inputs, (B, G), of the packed rows from the first number up to the second, within a time step.
# For all tokens at once they would take most of the memory.
Inputs = Callable[[int, int, Array], None]


class Table:
    """Inputs that are rows of a table: those of distinct words."""

    def __init__(self, rows: Array, ids: Ids) -> None:
        """`rows` (W, G), and the number of one for each packed row, (M,)."""
        self.rows, self.ids = rows, ids

    def __call__(self, start: int, end: int, out: Array) -> None:
        """As any inputs."""
        # the mode `clip` writes to `out` without a copy
        self.rows.take(self.ids[start:end], axis=0, out=out, mode="clip")


def read_rows(inputs: Inputs, rows: slice, size: int) -> tuple[Array, Ids | None]:
    """The projected inputs of these packed rows: a table (any, G) and the row of each; None: each has its own."""
    if isinstance(inputs, Table):
        return inputs.rows, inputs.ids[rows]
    z_BG = np.empty((rows.stop - rows.start, size), dtype=np.float32)
    inputs(rows.start, rows.stop, z_BG)
    return z_BG, None


class CellRuntime(ABC):
    """One direction of one recurrent layer: a cell of slotfill/cells for arrays in packed order."""

    W: Array  # (E, G), ready for `x @ W`
    U: Array | None = None  # (memory, G), or (B, memory, G) with one for each row; None without memory
    b: Array  # (G,)
    hidden: int

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
        """One cell that steps all these cells together, with a row and its own recurrent weights for each.

        Its inputs are projected by `cells`. None if cells of this kind cannot run abreast.
        """
        return None

    @abstractmethod
    def initial(self, rows: int) -> tuple[Array, ...]:
        """The state before the first token, arrays (rows, ...); U multiplies the first one."""

    @abstractmethod
    def step(self, z_BG: Array, u_BG: Array | None, state: Sequence[Array], gates: Gates | None) -> Array:
        """One time step: h (B, H) from the projected inputs, the product with U (None at first), and the state.

        Overwrites the inputs and the arrays of the state. A dictionary `gates` is filled with the values of the gates,
        and with the states beside h.
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

        `largest` (M, H) receives the largest h of each row and its ancestors. A dictionary `gates` is filled with the
        values of the gates and states, h among them: (M, H) each, but y of a Jordan net (M, Y). Each sentence starts
        from the initial state.
        """
        most = max([end - start for start, end in packing.steps])
        room, product = np.empty((2, min(most, AT_ONCE), len(self.b)), dtype=np.float32)
        # twice, so that a step can reorder one into the other
        state, spare = (self._initial(most, with_largest=largest is not None) for _ in range(2))
        count = len(state) - (largest is not None)
        # if exp overflows to infinity, 1 / (1 + exp) is exactly 0, as it should be
        with np.errstate(over="ignore"):
            for (start, end), parents in zip(packing.steps, packing.parents, strict=True):
                recalled = parents if start > 0 else None
                for first in range(start, end, AT_ONCE):
                    last = min(first + AT_ONCE, end)
                    at = slice(first - start, last - start)
                    rows = [array[at] for array in (state if recalled is None else spare)]
                    if recalled is not None:
                        _recall(state, recalled[at], rows)
                    z_BG = room[: last - first]
                    inputs(first, last, z_BG)
                    u_BG = self._remember(rows, product[: last - first]) if start > 0 else None
                    seen: Gates | None = None if gates is None else {}
                    h_BH = self.step(z_BG, u_BG, rows[:count], seen)
                    out[first:last] = h_BH
                    if largest is not None:
                        largest[first:last] = np.maximum(rows[count], h_BH, out=rows[count])
                    if gates is not None and seen is not None:
                        _store(gates, {**seen, "h": h_BH}, first, last, rows=len(out))
                if recalled is not None:
                    state, spare = spare, state

    def _initial(self, rows: int, *, with_largest: bool) -> list[Array]:
        """The initial state, and with it the largest h so far, if it is wanted."""
        largest = [np.full((rows, self.hidden), -np.inf, dtype=np.float32)] if with_largest else []
        return [*self.initial(rows), *largest]

    def _remember(self, memory: Sequence[Array], out: Array) -> Array | None:
        """The memory's share of the gates, (B, G); None without memory."""
        if self.U is None:
            return None
        if self.U.ndim == 2:
            np.matmul(memory[0], self.U, out=out)
        else:  # each row has its own weights
            np.matmul(memory[0][:, None], self.U, out=out[:, None])
        return out


def _recall(state: Sequence[Array], parents: Ids, rows: Sequence[Array]) -> None:
    """Copy the parents' rows of the state into `rows`."""
    for old, new in zip(state, rows, strict=True):
        old.take(parents, axis=0, out=new, mode="clip")  # this mode writes to `out` without a copy


def _store(gates: Gates, seen: Gates, first: int, last: int, *, rows: int) -> None:
    """Write a step's values into their rows of `gates`."""
    for name, values in seen.items():
        gates.setdefault(name, np.empty((rows, values.shape[1]), dtype=np.float32))[first:last] = values


AT_ONCE = 512  # rows of a step; more would not fit the processor's cache


def transposed(rows: Array) -> Array:
    """Weights transposed for `x @ weights`."""
    return np.ascontiguousarray(rows.T, dtype=np.float32)


def stacked_memory(cells: Sequence[CellRuntime]) -> Array:
    """U of each cell, (B, memory, G)."""
    return np.stack([cell.U for cell in cells if cell.U is not None])


def logistic_in_place(z: Array) -> None:
    """1 / (1 + exp(z)), which is σ(-z); the weights already have the other sign."""
    np.exp(z, out=z)
    z += 1
    np.reciprocal(z, out=z)
