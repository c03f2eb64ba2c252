"""The weights of a bundle: their names and shapes, and whether they fit the configuration. No numpy."""

from math import inf

from slotfill.affixes import AFFIXES
from slotfill.arrays import Weights, are_within, floats
from slotfill.config import DIRECT_WINDOW, ModelConfig
from slotfill.errors import BundleError
from slotfill.vocabulary import Vocabularies

Shapes = dict[str, tuple[int, ...]]

_FORMATS = (("f",), ("f", "H"))  # of most weights, and of the table of word vectors: float32, float16
DIRECTIONS = ("forward", "backward")


def shapes_of(config: ModelConfig, vocabularies: Vocabularies) -> Shapes:
    """The names and shapes of all weights of this network."""
    tags = len(vocabularies.tags)
    shapes = {f"features.{name}": shape for name, shape in _of_features(config, vocabularies).items()}
    directions = DIRECTIONS[: 2 if config.bidirectional else 1]
    states = len(directions) * config.hidden
    matches = 2 * len(vocabularies.gazetteers.names)
    features = config.word_size + config.character_filters + matches
    inputs = features * (2 * config.window + 1)
    for layer in range(config.layers):
        of_cell = _of_cell(config, inputs if layer == 0 else states, tags)
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


def _of_features(config: ModelConfig, vocabularies: Vocabularies) -> Shapes:
    """The weights of slotfill/embeddings.py."""
    shapes: Shapes = {"words": (len(vocabularies.words), config.word_size)}
    if config.affixes == "yes":
        shapes["affixes"] = (1 + AFFIXES, config.word_size)
    if config.character_filters:
        shapes["characters"] = (len(vocabularies.characters), config.character_size)
        shapes["filters"] = (config.character_filters, config.character_size, config.character_width)
        shapes["filters_b"] = (config.character_filters,)
    return shapes


def _of_cell(config: ModelConfig, inputs: int, outputs: int) -> Shapes:
    """The weights of the equations in slotfill/cells."""
    H = config.hidden
    rows = {"lstm": 4, "gru": 3}.get(config.cell, 1) * H
    memory = {"feedforward": 0, "jordan": outputs}.get(config.cell, H)
    shapes: Shapes = {"W": (rows, inputs), **({"U": (rows, memory)} if memory else {}), "b": (rows,)}
    if config.cell == "jordan":
        shapes |= {"V": (outputs, H), "c": (outputs,)}
    if config.cell == "gru":
        shapes["d"] = (H,)
    if config.peepholes:
        shapes["p"] = (3, H)
    return shapes


def check(weights: Weights, shapes: Shapes) -> None:
    """Raise BundleError for the first weight that does not fit."""
    for name, shape in shapes.items():
        got = weights.raw[name].shape if name in weights else "nothing"
        if got != shape:
            raise BundleError(f"the weights do not fit the configuration: {name}: expected {shape}, got {got}")
        # this table may be large, so its rows are checked when they are read
        is_table = name == "features.words"
        numbers = weights.raw[name]
        if numbers.format not in _FORMATS[is_table] or not (is_table or are_within(numbers, inf)):
            raise BundleError(f"the weights are damaged: {name}: expected finite numbers of type float32")
    if (temperature := weights.raw["temperature"][0]) <= 0:
        raise BundleError(f"the weights are damaged: temperature: expected more than 0, got {temperature}")
    if unknown := sorted(weights.raw.keys() - shapes.keys()):
        raise BundleError(f"the weights do not fit the configuration: {unknown[0]} has no place in the network")


def complete(weights: Weights) -> Weights:
    """With a temperature of 1 where there is none: older models have none."""
    if "temperature" in weights:
        return weights
    one = floats(1)
    one[0] = 1.0
    return Weights({**weights.raw, "temperature": one})
