"""One sentence of any length, in blocks of tokens: memory is bounded by a block, not by the sentence.

A state depends on all tokens on one side of it, and a network reads both ways. So each direction of each layer is run
over the whole sentence once, keeping its state only where a block begins (Griewank 1992 calls that checkpointing).
After that, any block can be computed by itself, again and again. The scores are those of slotfill/runtime/packed.py but
for rounding; tests hold the two together.

Shapes: N tokens of the sentence, T tokens of a block, W distinct rows of input, E input features, Z projected inputs,
H units, S states of a layer, K tags, I intents.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np

from slotfill.batching import Ids
from slotfill.runtime.cell import Array, CellRuntime
from slotfill.runtime.compiled import Layer
from slotfill.runtime.packed import Heads, Layers

BLOCK = 1024  # tokens
State = Sequence[Array]  # overwritten by each step


class Rows(NamedTuple):
    """The inputs of a block: distinct rows (W, E), and the row of each token (T,)."""

    distinct: Array
    ids: Ids


class LongSentence:
    """The scores of one sentence, block by block."""

    def __init__(
        self,
        layers: Layers,
        compiled: Sequence[Sequence[Layer]],
        heads: Heads,
        rows: Callable[[int, int], Rows],
        direct: Callable[[Array, int, int], None],
        *,
        tokens: int,
        tags: int | None,
    ) -> None:
        """`compiled` is each direction of each layer as the core takes it, or empty.

        `rows` are the inputs from one token up to another, and `direct` adds to the scores of such tokens.

        With `tags`, the columns after so many are of intents, whose largest scores count (slotfill/intents.py).
        """
        self._starts, self._tokens = range(0, tokens, BLOCK), tokens
        self._heads, self._direct, self._tags = heads, direct, tags
        self._largest: Array | None = None

        def read(block: int) -> Rows:
            return rows(*self._span(block))

        ways = [
            [
                _Way.of(cell, compiled[layer][number] if compiled else None, backward=number == 1)
                for number, cell in enumerate(cells)
            ]
            for layer, cells in enumerate(layers)
        ]
        self._top = _Layer(ways[0], read, len(self))
        for layer in ways[1:]:
            self._top = _Layer(layer, self._top.rows, len(self))

    def __len__(self) -> int:
        """How many blocks there are."""
        return len(self._starts)

    def _span(self, block: int) -> tuple[int, int]:
        return self._starts[block], min(self._starts[block] + BLOCK, self._tokens)

    def emissions(self, block: int) -> Array:
        """The scores of all tags for the tokens of a block, (T, K)."""
        states_TS = self._top.states(block)
        scores_TK: Array = states_TS @ self._heads.emissions["W"]
        scores_TK += self._heads.emissions["b"]
        self._direct(scores_TK, *self._span(block))
        largest = (states_TS if self._tags is None else scores_TK[:, self._tags :]).max(0)
        self._largest = largest if self._largest is None else np.maximum(self._largest, largest)
        return scores_TK if self._tags is None else np.ascontiguousarray(scores_TK[:, : self._tags])

    def intents(self) -> Array | None:
        """The scores of the intents, (1, I), once all blocks have been asked for; None if the network has none."""
        if self._largest is None or (self._tags is None and not self._heads.intent):
            return None
        if self._tags is not None:
            return self._largest[None]
        scores_1I: Array = self._largest[None] @ self._heads.intent["W"] + self._heads.intent["b"]
        return scores_1I


class _Layer:
    """The directions of a layer, each with its state before the blocks that it has come to."""

    def __init__(self, ways: "Sequence[_Way]", read: Callable[[int], Rows], blocks: int) -> None:
        self._read, self._ways = read, ways
        self._before = [{blocks - 1 if way.backward else 0: way.initial()} for way in self._ways]

    def states(self, block: int) -> Array:
        """The states of the tokens of a block, (T, S)."""
        rows, found = self._read(block), []
        for way, before in zip(self._ways, self._before, strict=True):
            self._come_to(block, way, before)
            found.append(self._through(rows, block, way, before))
        return np.concatenate(found, axis=1)

    def rows(self, block: int) -> Rows:
        """The same as inputs of the layer above."""
        states_TS = self.states(block)
        return Rows(states_TS, np.arange(len(states_TS)))

    def _come_to(self, block: int, way: "_Way", before: dict[int, State]) -> None:
        """Run one direction up to a block."""
        at = block
        while at not in before:
            at -= way.next
        while at != block:
            self._through(self._read(at), at, way, before)
            at += way.next

    def _through(self, rows: Rows, block: int, way: "_Way", before: dict[int, State]) -> Array:
        """The states of one direction for the tokens of a block, (T, H)."""
        state = [array.copy() for array in before[block]]
        states_TH = way.through(rows, state)
        before[block + way.next] = state
        return states_TH


class _Way(NamedTuple):
    """One direction of a layer."""

    W: Array  # (E, Z)
    b: Array  # (Z,)
    initial: Callable[[], State]
    run: Callable[[Array, State], Array]  # the states (T, H) of projected inputs (T, Z), after a state
    backward: bool

    @classmethod
    def of(cls, cell: CellRuntime, compiled: Layer | None, *, backward: bool) -> "_Way":
        """By the core, where it knows the cell."""
        if compiled is not None:
            W, b = map(np.asarray, compiled.project[:2])
            return cls(W, b, lambda: (np.asarray(compiled.initial()),), partial(_go_on, compiled), backward)

        def run(z_TZ: Array, state: State) -> Array:
            return _steps(cell, z_TZ, state)

        return cls(cell.W, cell.b, lambda: cell.initial(1), run, backward)

    @property
    def next(self) -> int:
        """From a block to the one that is read after it."""
        return -1 if self.backward else 1

    def through(self, rows: Rows, state: State) -> Array:
        """The states of the tokens of a block, (T, H); `state` becomes the one after them."""
        z_WZ = rows.distinct @ self.W
        z_WZ += self.b
        z_TZ = z_WZ[rows.ids[::-1] if self.backward else rows.ids]
        states_TH = self.run(z_TZ, state)
        return states_TH[::-1] if self.backward else states_TH


def _go_on(compiled: Layer, z_TZ: Array, state: State) -> Array:
    """The states of a direction in the core, (T, H)."""
    states_TH = np.empty((len(z_TZ), compiled.states), dtype=np.float32)
    compiled.go_on(z_TZ, states_TH, state[0])
    return states_TH


def _steps(cell: CellRuntime, z_TZ: Array, state: State) -> Array:
    """A step of the cell for each token, (T, H)."""
    out_TH = np.empty((len(z_TZ), cell.hidden), dtype=np.float32)
    u_1Z = None
    with np.errstate(over="ignore"):  # as in `CellRuntime.run`
        for time in range(len(z_TZ)):
            if cell.U is not None:
                u_1Z = np.matmul(state[0], cell.U)
            out_TH[time] = cell.step(z_TZ[time : time + 1], u_1Z, state, None)
    return out_TH
