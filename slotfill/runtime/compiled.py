"""One sentence by the compiled core (slotfill/core), where it is there; slotfill/runtime/abreast.py does without.

The core reads weights in blocks of `UNITS` units: of a block the inputs to all gates lie together, so that a step takes
them from memory in one stream. The last block is filled up with units that stay 0.

Without a window, what a word adds to a sentence (the projection for both directions of the lowest layer, and for the
direct path) depends on its form alone, so it is kept: then only the steps remain.

Shapes: N tokens, D directions, E input features, F features of a word, M columns of matches, H units, G gates, P units
of all blocks, S states, K tags, I intents, Z numbers that a word adds.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from slotfill import core
from slotfill.config import DIRECT_WINDOW
from slotfill.core import _core
from slotfill.gazetteers import GazetteerMatcher
from slotfill.runtime.cell import Array, CellRuntime
from slotfill.runtime.direct import Direct
from slotfill.runtime.features import FeaturesRuntime
from slotfill.runtime.packed import Heads, Layers

_UNITS = 16  # of a block; the core checks it
_GATES = (1, 1, 3, 4)  # of each kind of cell, by its number
_KEPT = 8 << 20  # bytes of projected words


class CompiledLayers:
    """All layers and heads of a network, as the core takes them."""

    def __init__(self, layers: Layers, heads: Heads, number: int) -> None:
        self.layers = [_Layer.of(cells, number) for cells in layers]
        self._emissions = _Product.of(heads.emissions)
        self._intent = _Product.of(heads.intent) if heads.intent else None

    def run(self, x_NE: Array) -> tuple[Array, Array | None]:
        """Emissions (N, K) and intent scores (1, I) of the tokens of one sentence (see `Runtime.run`)."""
        return self.recur(self.layers[0].project(x_NE))

    def recur(self, z_NZ: Array) -> tuple[Array, Array | None]:
        """The same of the projected inputs of the lowest layer; what follows them in a row does not matter."""
        lowest, *others = self.layers
        states_NS = lowest.recur(z_NZ)
        for layer in others:
            states_NS = layer.recur(layer.project(states_NS))
        emissions_NK = self._emissions(states_NS)
        if self._intent is None:
            return emissions_NK, None
        largest_1S = np.empty((1, states_NS.shape[1]), dtype=np.float32)
        _core.largest(states_NS, largest_1S)
        return emissions_NK, self._intent(largest_1S)


class CompiledWords:
    """The lowest layer of a network without a window, and its direct path, for words that come again and again."""

    def __init__(
        self, layers: CompiledLayers, direct: Direct | None, features: FeaturesRuntime, matcher: GazetteerMatcher
    ) -> None:
        self._layers, self._features, self._matcher = layers, features, matcher
        lowest = layers.layers[0].project
        W, b, self._tags = lowest.W, lowest.b, 0
        self._first = W.shape[1]  # the column where the direct path begins
        if direct is not None:
            W, self._tags = np.concatenate([W, _padded(direct.W_EPK, direct.W_EPK.shape[1])], axis=1), direct.tags
            b = np.concatenate([b, np.zeros(W.shape[1] - len(b), dtype=np.float32)])
        features_F = len(W) - matcher.size
        self._word = _Product(np.ascontiguousarray(W[:features_F]), b, W.shape[1])
        self._matches_MZ = np.ascontiguousarray(W[features_F:])
        self._known: dict[str, Array] = {}
        self._most = max(1, _KEPT // (4 * W.shape[1]))

    def run(self, sentence: Sequence[str]) -> tuple[Array, Array | None]:
        """Emissions (N, K) and intent scores (1, I) of one sentence (see `Runtime.run`), with the direct path."""
        known = self._known
        try:
            rows = [known[form] for form in sentence]
        except KeyError:
            rows = self._with_new(sentence, known)
        z_NZ = np.empty((len(rows), len(self._word.b)), dtype=np.float32)
        _core.gather(rows, self._matcher.match(sentence), self._matches_MZ, z_NZ)
        scores_NK, intents_BI = self._layers.recur(z_NZ)
        if self._tags:
            _core.add_places(z_NZ, self._first, 2 * DIRECT_WINDOW + 1, self._tags, scores_NK)
        return scores_NK, intents_BI

    def _with_new(self, sentence: Sequence[str], known: Mapping[str, Array]) -> list[Array]:
        """The rows of a sentence, with those of forms that are not kept yet; these may replace all that are kept."""
        new = [form for form in dict.fromkeys(sentence) if form not in known]
        found = dict(zip(new, self._word(self._features(new)), strict=True))
        rows = [found[form] if form in found else known[form] for form in sentence]
        if len(known) + len(found) > self._most:
            self._known = {}  # a new one, since other threads may read the old one
        # copies, since a view would keep all rows of its sentence in memory
        self._known.update({form: row.copy() for form, row in found.items()})
        return rows


def compiled_layers(layers: Layers, heads: Heads) -> CompiledLayers | None:
    """The network for the core; None if the core is not there, or does not know such cells."""
    number = layers[0][0].number
    return CompiledLayers(layers, heads, number) if core.in_use and number is not None else None


def compiled_cell(cell: CellRuntime) -> "_Layer | None":
    """One direction of a layer for the core, from the left; None as `compiled_layers`."""
    return _Layer.of([cell], cell.number) if core.in_use and cell.number is not None else None


class _Product:
    """Weights of a projection, with columns of zeros up to a multiple of `UNITS`, of which some are wanted."""

    def __init__(self, W: Array, b: Array, columns: int) -> None:
        self.W, self.b, self.columns = W, b, columns

    @classmethod
    def of(cls, weights: Mapping[str, Array]) -> "_Product":
        """From `W` and `b` of an output layer."""
        columns = len(weights["b"])
        return cls(_padded(weights["W"], columns), _padded(weights["b"], columns), columns)

    def __call__(self, x_NE: Array) -> Array:
        """`x @ W + b`; a row of the result does not depend on the others, to the last bit."""
        scores = np.empty((len(x_NE), self.columns), dtype=np.float32)
        _core.project(x_NE, self.W, self.b, scores)
        return scores


class _Layer(NamedTuple):
    """The weights of a layer."""

    cell: int  # its number in the core
    project: _Product  # to both directions' gates, (E, D P G)
    U: Array | None  # (D, blocks, H, G, UNITS); None without memory
    own: Array | None  # (D, 3, P), peepholes, or (D, 1, P), d of a GRU
    directions: int
    states: int

    @classmethod
    def of(cls, cells: Sequence[CellRuntime], number: int) -> "_Layer":
        """From the cells of both directions, or of one; `number` is theirs in the core."""
        H = cells[0].hidden
        W = np.concatenate([_in_blocks(cell.W, H).reshape(len(cell.W), -1) for cell in cells], axis=1)
        b = np.concatenate([_in_blocks(cell.b[None], H).ravel() for cell in cells])
        U = [_in_blocks(cell.U, H).transpose(1, 0, 2, 3) for cell in cells if cell.U is not None]
        own = [_padded(cell.own, H) for cell in cells if cell.own is not None]
        return cls(
            number,
            _Product(W, b, W.shape[1]),
            np.ascontiguousarray(np.stack(U)) if U else None,
            np.stack(own) if own else None,
            len(cells),
            len(cells) * H,
        )

    def recur(self, z_NZ: Array) -> Array:
        """The states, (N, S), of the projected inputs."""
        states_NS = np.empty((len(z_NZ), self.states), dtype=np.float32)
        _core.recur(self.cell, z_NZ, self.U, self.own, self.directions, states_NS, None)
        return states_NS

    def initial(self) -> tuple[Array]:
        """The state before the first token: h, room for the next one, and c."""
        units = self.project.W.shape[1] // (self.directions * _GATES[self.cell])
        return (np.zeros((self.directions, 3, units), dtype=np.float32),)

    def go_on(self, z_NZ: Array, state: Sequence[Array]) -> Array:
        """The same after other tokens, which left the state; it becomes the one after these."""
        states_NS = np.empty((len(z_NZ), self.states), dtype=np.float32)
        _core.recur(self.cell, z_NZ, self.U, self.own, self.directions, states_NS, state[0])
        return states_NS


def _padded(rows: Array, units: int) -> Array:
    """Rows of units with zeros up to whole blocks."""
    more = -units % _UNITS
    if not more:  # numpy.pad takes half a millisecond to see that
        return np.ascontiguousarray(rows)
    return np.ascontiguousarray(np.pad(rows, [(0, 0)] * (rows.ndim - 1) + [(0, more)]))


def _in_blocks(rows: Array, units: int) -> Array:
    """Inputs to gates, (rows, G H), by blocks: (rows, blocks, G, UNITS)."""
    by_gate = _padded(rows.reshape(len(rows), -1, units), units)
    return by_gate.reshape(len(rows), by_gate.shape[1], -1, _UNITS).transpose(0, 2, 1, 3)
