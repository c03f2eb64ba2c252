"""The network's forward pass in numpy, so that tagging needs no torch.

The same equations as slotfill/network.py, held equal to it by tests. Sentences are run in packed
order (slotfill/batching.py): there is no padding, so none can be read.

Shapes: B sentences, N tokens of all sentences, W distinct words, S encoder states, K tags, I intents.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from slotfill.batching import Packing
from slotfill.config import ModelConfig
from slotfill.runtime.features import FeaturesRuntime
from slotfill.runtime.lstm import LstmRuntime
from slotfill.vocabulary import Inventory

Array = NDArray[np.float32]


class Runtime:
    """The forward pass of one trained network."""

    def __init__(self, config: ModelConfig, inventory: Inventory, weights: Mapping[str, Array]) -> None:
        self.features = FeaturesRuntime(
            _below(weights, "features"), words=inventory.words, characters=inventory.characters
        )
        directions = ("forward", "backward") if config.bidirectional else ("forward",)
        self.layers = [
            [LstmRuntime(_below(weights, f"encoder.{layer}.{direction}")) for direction in directions]
            for layer in range(config.layers)
        ]
        self.emissions = _below(weights, "emissions")
        self.intent = _below(weights, "intent")

    def run(self, sentences: Sequence[Sequence[str]]) -> tuple[Array, Array | None, Packing]:
        """Folded words of sentences (none empty) -> emissions, intent scores, packing.

        Emissions (N, K) stand in the order of the sentences, which begin at `packing.starts`; intent
        scores (B, I) are None where the network has no intents.
        """
        packing = Packing.of([len(sentence) for sentence in sentences])
        numbers: dict[str, int] = {}
        ids_N = np.array([numbers.setdefault(w, len(numbers)) for s in sentences for w in s], dtype=np.int64)
        packed_ids_N = np.empty_like(ids_N)
        packed_ids_N[packing.rows] = ids_N
        x_WE = self.features(list(numbers))
        states_NS: Array = np.empty(0, dtype=np.float32)
        for layer, cells in enumerate(self.layers):
            outputs = []
            for cell, backward in zip(cells, (False, True), strict=False):
                # each distinct word is projected once, however often it occurs
                z_NG = cell.project(x_WE)[packed_ids_N] if layer == 0 else cell.project(states_NS)
                outputs.append(cell.run(z_NG, packing, backward=backward))
            states_NS = np.concatenate(outputs, axis=1)
        states_NS = states_NS[packing.rows]
        emissions_NK = states_NS @ self.emissions["W"].T + self.emissions["b"]
        intent_BI = None
        if self.intent:
            intent_BI = np.maximum.reduceat(states_NS, packing.starts) @ self.intent["W"].T + self.intent["b"]
        return emissions_NK, intent_BI, packing


def _below(weights: Mapping[str, Array], prefix: str) -> dict[str, Array]:
    """The weights whose names begin with `prefix.`, without it."""
    start = f"{prefix}."
    return {name.removeprefix(start): array for name, array in weights.items() if name.startswith(start)}
