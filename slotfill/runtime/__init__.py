"""The network's forward pass in numpy, so that tagging needs no torch.

The same equations as slotfill/network.py, held equal to it by tests. Sentences are run in packed
order (slotfill/batching.py): there is no padding, so none can be read.

Shapes: B sentences, N tokens of all sentences, W distinct words, S encoder states, K tags, I intents.
"""

from collections.abc import Mapping, Sequence
from importlib import import_module

import numpy as np

from slotfill.batching import Ids, Packing
from slotfill.config import ModelConfig
from slotfill.errors import BundleError
from slotfill.lexicons import Finder
from slotfill.runtime.cell import Array, CellRuntime, Gates, Shapes
from slotfill.runtime.features import FeaturesRuntime
from slotfill.vocabulary import Inventory

DIRECTIONS = ("forward", "backward")


class Runtime:
    """The forward pass of one trained network."""

    def __init__(self, config: ModelConfig, inventory: Inventory, weights: Mapping[str, Array]) -> None:
        """From the parts of a bundle; BundleError names the first weight that does not fit them."""
        weights = {"temperature": np.ones(1, dtype=np.float32), **weights}  # the first models had none
        _check(weights, _shapes(config, inventory))
        self.finder = Finder(inventory.lexicons)
        self.features = FeaturesRuntime(
            _below(weights, "features"), words=inventory.words, characters=inventory.characters
        )
        self.layers = [
            [
                _cell(config.cell)(_below(weights, f"encoder.{layer}.{direction}"))
                for direction in DIRECTIONS[: 2 if config.bidirectional else 1]
            ]
            for layer in range(config.layers)
        ]
        self.window = config.window
        self.emissions = _below(weights, "emissions")
        self.intent = _below(weights, "intent")
        self.transitions = weights.get("crf.A")
        self.temperature = float(weights["temperature"][0])

    def run(
        self, sentences: Sequence[Sequence[str]], *, gates: dict[str, Gates] | None = None
    ) -> tuple[Array, Array | None, Packing]:
        """Folded words of sentences (none empty) -> emissions, intent scores, packing.

        Emissions (N, K) stand in the order of the sentences, which begin at `packing.starts`; intent
        scores (B, I) are None where the network has no intents. A dictionary `gates` is filled with the gates'
        values, (N, H) each in the same order, by cell (`0.forward` is the lowest layer from the left) and name.
        """
        packing = Packing.of([len(sentence) for sentence in sentences])
        numbers: dict[str, int] = {}
        ids_N = np.array([numbers.setdefault(w, len(numbers)) for s in sentences for w in s], dtype=np.int64)
        x_WE = self.features(list(numbers))
        marks_NM = np.concatenate([self.finder.marks(sentence) for sentence in sentences])
        states_NS: Array = np.empty(0, dtype=np.float32)
        for layer, cells in enumerate(self.layers):
            outputs = []
            for cell, direction in zip(cells, DIRECTIONS, strict=False):
                lowest = layer == 0
                z_NG = self._project_words(cell, x_WE, ids_N, marks_NM, packing) if lowest else cell.project(states_NS)
                seen: Gates | None = None if gates is None else {}
                outputs.append(cell.run(z_NG, packing, backward=direction == "backward", gates=seen))
                if gates is not None:
                    gates[f"{layer}.{direction}"] = {name: g[packing.rows] for name, g in (seen or {}).items()}
            states_NS = np.concatenate(outputs, axis=1)
        states_NS = states_NS[packing.rows]
        emissions_NK = states_NS @ self.emissions["W"].T + self.emissions["b"]
        intent_BI = None
        if self.intent:
            intent_BI = np.maximum.reduceat(states_NS, packing.starts) @ self.intent["W"].T + self.intent["b"]
        return emissions_NK, intent_BI, packing

    def _project_words(self, cell: CellRuntime, x_WE: Array, ids_N: Ids, marks_NM: Array, packing: Packing) -> Array:
        """The lowest layer's projected inputs in packed order, (N, G).

        Each distinct word is projected once, however often it occurs; once for each place in the window.
        """
        E, M = x_WE.shape[1], marks_NM.shape[1]
        z_NG = np.empty((len(ids_N), len(cell.b)), dtype=np.float32)
        if not self.window:
            in_order_NG = (x_WE @ cell.W[:E] + cell.b)[ids_N]
            marked = np.flatnonzero(marks_NM.any(1))  # few tokens are
            in_order_NG[marked] += marks_NM[marked] @ cell.W[E:]
            z_NG[packing.rows] = in_order_NG
            return z_NG
        z_NG[:] = cell.b
        lengths_B = np.diff(packing.starts, append=len(ids_N))
        first_N = np.repeat(packing.starts, lengths_B)
        last_N = first_N + np.repeat(lengths_B, lengths_B) - 1
        for place, offset in enumerate(range(-self.window, self.window + 1)):
            neighbour_N = np.arange(len(ids_N)) + offset
            there = (neighbour_N >= first_N) & (neighbour_N <= last_N)  # beyond the sentence there is nothing to add
            W = cell.W[place * (E + M) : (place + 1) * (E + M)]
            z_NG[packing.rows[there]] += (x_WE @ W[:E])[ids_N[neighbour_N[there]]]
            z_NG[packing.rows[there]] += marks_NM[neighbour_N[there]] @ W[E:]
        return z_NG


def _cell(name: str) -> type[CellRuntime]:
    """One of five: only the module that is needed is imported."""
    cell: type[CellRuntime] = getattr(import_module(f"slotfill.runtime.{name}"), f"{name.capitalize()}Runtime")
    return cell


def _shapes(config: ModelConfig, inventory: Inventory) -> Shapes:
    """The names and shapes of all weights that this network has."""
    words, characters, tags = len(inventory.words), len(inventory.characters), len(inventory.tags)
    features = FeaturesRuntime.shapes(config, words=words, characters=characters)
    shapes = {f"features.{name}": shape for name, shape in features.items()}
    directions = DIRECTIONS[: 2 if config.bidirectional else 1]
    states = len(directions) * config.hidden
    marks = 2 * len(inventory.lexicons.lists)
    inputs = (config.word_size + config.character_filters + marks) * (2 * config.window + 1)
    for layer in range(config.layers):
        cell = _cell(config.cell).shapes(inputs if layer == 0 else states, config.hidden, tags)
        if config.peepholes:
            cell["p"] = (3, config.hidden)
        shapes |= {f"encoder.{layer}.{d}.{name}": shape for d in directions for name, shape in cell.items()}
    for name, size in (("emissions", tags), ("intent", len(inventory.intents))):
        if size:
            shapes |= {f"{name}.W": (size, states), f"{name}.b": (size,)}
    if config.crf:
        shapes["crf.A"] = (tags + 1, tags)
    shapes["temperature"] = (1,)
    return shapes


def _check(weights: Mapping[str, Array], shapes: Shapes) -> None:
    for name, shape in shapes.items():
        got = weights[name].shape if name in weights else "nothing"
        if got != shape:
            raise BundleError(f"the weights do not fit the configuration: {name}: expected {shape}, got {got}")
        # the table may be large: its rows are checked when they are read
        is_finite = name == "features.words" or np.isfinite(weights[name]).all()
        if weights[name].dtype != np.float32 or not is_finite:
            raise BundleError(f"the weights are damaged: {name}: expected finite numbers of type float32")
    if weights["temperature"][0] <= 0:
        raise BundleError(
            f"the weights are damaged: temperature: expected more than 0, got {weights['temperature'][0]}"
        )
    if unknown := sorted(weights.keys() - shapes.keys()):
        raise BundleError(f"the weights do not fit the configuration: {unknown[0]} has no place in the network")


def _below(weights: Mapping[str, Array], prefix: str) -> dict[str, Array]:
    """The weights whose names begin with `prefix.`, without it."""
    start = f"{prefix}."
    return {name.removeprefix(start): array for name, array in weights.items() if name.startswith(start)}
