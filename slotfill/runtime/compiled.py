"""The layers and the words of one sentence as the compiled core (slotfill/core) takes them. No numpy.

The core reads weights in blocks of `UNITS` units: of a block the inputs to all gates lie together, so that a step takes
them from memory in one stream. The last block is filled up with units that stay 0. What is a row of gates in the
equations has another place and sign here (`_CELLS`), as in slotfill/runtime/lstm.py and its neighbours.

Shapes: N tokens, D directions, E input features, F features of a word, M columns of matches, H units, G gates, P units
of all blocks, S states, K tags, Z numbers that a word adds; C numbers of an output, up to a multiple of `UNITS`.
"""

from collections.abc import Sequence
from typing import NamedTuple

from slotfill.affixes import SHARE, affix_rows_of
from slotfill.arrays import Raw, Weights, flat, floats, shaped
from slotfill.config import DIRECT_WINDOW, ModelConfig
from slotfill.core import _core
from slotfill.errors import BundleError
from slotfill.runtime.weights import DIRECTIONS
from slotfill.vocabulary import MAX_CHARACTERS, Vocabularies

_UNITS = 16  # of a block; the core checks it


class _Cell(NamedTuple):
    """A cell that the core knows: its number there, and for each gate of the core its rows and factor."""

    number: int
    gates: tuple[tuple[int, float], ...]


_CELLS = {
    "feedforward": _Cell(0, ((0, 1.0),)),
    "elman": _Cell(1, ((0, 1.0),)),
    "gru": _Cell(2, ((0, -1.0), (1, -1.0), (2, 1.0))),
    "lstm": _Cell(3, ((0, -1.0), (1, -1.0), (3, -1.0), (2, -2.0))),
}


def is_known(cell: str) -> bool:
    """Say whether the core knows this kind of cell."""
    return cell in _CELLS


class Product(NamedTuple):
    """Weights of a projection, with columns of zeros up to a multiple of `UNITS`, of which some are wanted."""

    W: Raw  # (E, C)
    b: Raw  # (C,)
    columns: int

    @classmethod
    def of(cls, W: Raw, b: Raw | None) -> "Product":
        """From `W` (K, S) and `b` (K,) of an output layer; None stands for zeros."""
        (K, S), all_ = W.shape, padded(W.shape[0])
        product = cls(floats(S, all_), floats(all_), K)
        _core.lay(flat(W), flat(product.W), 1.0, 1, S, K, 0, 1, S, 0, all_, 1, 0)
        if b is not None:
            product.b[:K] = b
        return product

    def __call__(self, x_NE: Raw) -> Raw:
        """`x @ W + b`; a row of the result does not depend on the others, to the last bit."""
        scores = floats(x_NE.shape[0], self.columns)
        _core.project(x_NE, self.W, self.b, scores)
        return scores


class Layer(NamedTuple):
    """The weights of a layer."""

    cell: int  # its number in the core
    project: Product  # to both directions' gates, (E, D P G), and `extra` columns that are 0
    U: Raw | None  # (D, blocks, H, G, UNITS); None without memory
    own: Raw | None  # (D, 3, P), peepholes, or (D, 1, P), d of a GRU
    directions: int
    states: int

    @classmethod
    def of(
        cls,
        config: ModelConfig,
        weights: Weights,
        number: int,
        *,
        directions: Sequence[str] | None = None,
        extra: int = 0,
    ) -> "Layer":
        """The layer of this number, from the lowest, 0, or only these of its directions."""
        number_of, gates = _CELLS[config.cell]
        directions = directions or DIRECTIONS[: 2 if config.bidirectional else 1]
        D, H, G = len(directions), config.hidden, len(gates)
        P, E = padded(H), weights.raw[f"encoder.{number}.forward.W"].shape[1]
        Z = D * P * G + extra
        project = Product(floats(E, Z), floats(Z), Z)
        U = floats(D, P // _UNITS, H, G, _UNITS) if config.cell != "feedforward" else None
        own: Raw | None = None
        for d, direction in enumerate(directions):
            given = {name: weights.raw.get(f"encoder.{number}.{direction}.{name}") for name in "WUbpd"}
            first = d * P * G
            _lay_gates(gates, given["W"], E, flat(project.W), first, G * _UNITS, Z)
            _lay_gates(gates, given["b"], 1, project.b, first, G * _UNITS, 0)
            if U is not None:
                _lay_gates(gates, given["U"], H, flat(U), first * H, H * G * _UNITS, G * _UNITS)
            factor, rows = (-1.0, given["p"]) if config.cell == "lstm" else (1.0, given["d"])
            if rows is not None:
                count = rows.shape[0] if rows.ndim == 2 else 1
                own = floats(D, count, P) if own is None else own
                _core.lay(flat(rows), flat(own), factor, 1, count, H, 0, H, 1, 0, P, 1, d * count * P)
        return cls(number_of, project, U, own, D, D * H)

    def recur(self, z_NZ: Raw) -> Raw:
        """The states, (N, S), of the projected inputs; what follows them in a row does not matter."""
        states_NS = floats(z_NZ.shape[0], self.states)
        self.go_on(z_NZ, states_NS, None)
        return states_NS

    def initial(self) -> Raw:
        """The state before the first token: h, room for the next one, and c of each direction."""
        return floats(self.directions, 3, padded(self.states // self.directions))

    def go_on(self, z_NZ: Raw, states_NS: Raw, state: Raw | None) -> None:
        """Write the states after other tokens, which left the state; it becomes the one after these."""
        _core.recur(self.cell, z_NZ, self.U, self.own, self.directions, states_NS, state)


def _lay_gates(
    gates: Sequence[tuple[int, float]],
    rows: Raw | None,
    inputs: int,
    out: Raw,
    first: int,
    per_block: int,
    per_input: int,
) -> None:
    """Lay rows of gates, (G H, inputs), into `out` from `first` on, so far apart for each block and each input."""
    if rows is None:
        return
    source = flat(rows)
    H = len(source) // inputs // len(gates)
    blocks, rest = divmod(H, _UNITS)
    for gate, (place, factor) in enumerate(gates):
        own, at = source[place * H * inputs : (place + 1) * H * inputs], first + gate * _UNITS
        if blocks:
            apart = _UNITS * inputs, 1, inputs
            _core.lay(own, out, factor, blocks, inputs, _UNITS, *apart, per_block, per_input, 1, at)
        if rest:
            tail, at = own[blocks * _UNITS * inputs :], at + blocks * per_block
            _core.lay(tail, out, factor, 1, inputs, rest, 0, 1, inputs, 0, per_input, 1, at)


class Features:
    """Forms of words -> features (slotfill/runtime/features.py), one by one."""

    def __init__(self, config: ModelConfig, vocabularies: Vocabularies, weights: Weights) -> None:
        self._words, self._characters = vocabularies.words, vocabularies.characters
        self._vectors = weights.raw["features.words"]
        self._affixes = weights.raw.get("features.affixes")
        self._of_word = config.word_size
        self.size = config.word_size + config.character_filters
        if config.character_filters:
            filters = weights.raw["features.filters"]
            F, e, width = filters.shape
            self._character_vectors = weights.raw["features.characters"]
            # the windows of `width` characters laid flat
            self._filters = floats(width * e, padded(F))
            counts, steps = (width, e, F), (1, width, e * width)
            _core.lay(flat(filters), flat(self._filters), 1.0, *counts, *steps, e * padded(F), padded(F), 1, 0)
            self._bias = floats(padded(F))
            self._bias[:F] = weights.raw["features.filters_b"]

    def __call__(self, form: str) -> Raw:
        """The features of a form, (F,); BundleError if they are not finite."""
        features_F = floats(self.size)
        characters = [self._characters.id(character) for character in form[:MAX_CHARACTERS]]
        affixes = [] if self._affixes is None else affix_rows_of(characters)
        own = features_F[: self._of_word]
        if not _core.embed(self._vectors, self._words.id(form), self._affixes, affixes, SHARE, own):
            raise BundleError("the weights are damaged: features.words: expected finite numbers of type float32")
        if self.size > self._of_word:
            _core.convolve(characters, self._character_vectors, self._filters, self._bias, features_F[self._of_word :])
        return features_F


def lay_direct(W: Raw, out: Raw, first: int) -> None:
    """Lay the direct path's weights, (K, places E), into `out`, (E, Z), from this column on: place by place."""
    K, places = W.shape[0], 2 * DIRECT_WINDOW + 1
    E, Z = out.shape
    _core.lay(flat(W), flat(out), 1.0, E, places, K, 1, E, places * E, Z, K, 1, first)


def in_rows(numbers: Raw, first: int, last: int) -> Raw:
    """Some rows of an array of two dimensions, by number."""
    columns = numbers.shape[1]
    return shaped(flat(numbers)[first * columns : last * columns], "f", (last - first, columns))


def padded(columns: int) -> int:
    """Up to a multiple of `UNITS`."""
    return columns + -columns % _UNITS
