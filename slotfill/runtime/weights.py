"""The weights of a bundle: their names and shapes, and whether they fit the configuration."""

from collections.abc import Mapping

import numpy as np

from slotfill.config import DIRECT_WINDOW, ModelConfig
from slotfill.errors import BundleError
from slotfill.runtime.cell import Array, CellRuntime, Shapes
from slotfill.runtime.features import FeaturesRuntime
from slotfill.vocabulary import Vocabularies

_DTYPES = ((np.float32,), (np.float32, np.float16))  # of most weights, and of the table of word vectors
DIRECTIONS = ("forward", "backward")


def shapes_of(config: ModelConfig, vocabularies: Vocabularies, *, cell: type[CellRuntime]) -> Shapes:
    """The names and shapes of all weights of this network."""
    words, characters, tags = len(vocabularies.words), len(vocabularies.characters), len(vocabularies.tags)
    of_features = FeaturesRuntime.shapes(config, words=words, characters=characters)
    shapes = {f"features.{name}": shape for name, shape in of_features.items()}
    directions = DIRECTIONS[: 2 if config.bidirectional else 1]
    states = len(directions) * config.hidden
    matches = 2 * len(vocabularies.gazetteers.names)
    features = config.word_size + config.character_filters + matches
    inputs = features * (2 * config.window + 1)
    for layer in range(config.layers):
        of_cell = cell.shapes(inputs if layer == 0 else states, config.hidden, tags)
        if config.peepholes:
            of_cell["p"] = (3, config.hidden)
        shapes |= {f"encoder.{layer}.{d}.{name}": shape for d in directions for name, shape in of_cell.items()}
    for name, size in (("emissions", tags), ("intent", len(vocabularies.intents))):
        if size:
            shapes |= {f"{name}.W": (size, states), f"{name}.b": (size,)}
    if config.direct:
        shapes["direct.W"] = (tags, (2 * DIRECT_WINDOW + 1) * features)
    if config.crf:
        shapes["crf.A"] = (tags + 1, tags)
    shapes["temperature"] = (1,)
    return shapes


def check(weights: Mapping[str, Array], shapes: Shapes) -> None:
    """Raise BundleError for the first weight that does not fit."""
    for name, shape in shapes.items():
        got = weights[name].shape if name in weights else "nothing"
        if got != shape:
            raise BundleError(f"the weights do not fit the configuration: {name}: expected {shape}, got {got}")
        # this table may be large, so its rows are checked when they are read
        is_table = name == "features.words"
        is_finite = is_table or np.isfinite(weights[name]).all()
        if weights[name].dtype not in _DTYPES[is_table] or not is_finite:
            raise BundleError(f"the weights are damaged: {name}: expected finite numbers of type float32")
    if weights["temperature"][0] <= 0:
        raise BundleError(
            f"the weights are damaged: temperature: expected more than 0, got {weights['temperature'][0]}"
        )
    if unknown := sorted(weights.keys() - shapes.keys()):
        raise BundleError(f"the weights do not fit the configuration: {unknown[0]} has no place in the network")


def below(weights: Mapping[str, Array], prefix: str) -> dict[str, Array]:
    """The weights whose names begin with `prefix.`, which is removed."""
    start = f"{prefix}."
    return {name.removeprefix(start): array for name, array in weights.items() if name.startswith(start)}
