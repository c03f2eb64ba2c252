"""The network's forward pass in numpy, so that tagging needs no torch.

The same equations as slotfill/network.py, held equal to it by tests. Sentences are run in packed
order (slotfill/batching.py): there is no padding, so none can be read.

Shapes: B sentences, N tokens of all sentences, M packed rows, W distinct words, P places in the window, E features,
G gate inputs, H units, S encoder states, K tags, I intents.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from importlib import import_module
from itertools import chain

import numpy as np

from slotfill.batching import Ids, Packing, starts_of
from slotfill.config import ModelConfig
from slotfill.errors import BundleError
from slotfill.gazetteers import GazetteerMatcher
from slotfill.runtime.cell import Array, CellRuntime, Gates, Inputs, Shapes, transposed
from slotfill.runtime.features import FeaturesRuntime
from slotfill.vocabulary import Vocabularies

_MANY = 2048  # distinct words: the projections of so many still have room in memory
_SHORT = 256  # tokens: the projections of so many have room as well
DIRECTIONS = ("forward", "backward")


class Runtime:
    """The forward pass of one trained network."""

    def __init__(self, config: ModelConfig, vocabularies: Vocabularies, weights: Mapping[str, Array]) -> None:
        """From the parts of a bundle; BundleError names the first weight that does not fit them."""
        weights = {"temperature": np.ones(1, dtype=np.float32), **weights}  # the first models had none
        _check(weights, _shapes(config, vocabularies))
        self.matcher = GazetteerMatcher(vocabularies.gazetteers)
        self.features = FeaturesRuntime(
            _below(weights, "features"), words=vocabularies.words, characters=vocabularies.characters
        )
        self.layers = [
            [
                _cell(config.cell)(_below(weights, f"encoder.{layer}.{direction}"))
                for direction in DIRECTIONS[: 2 if config.bidirectional else 1]
            ]
            for layer in range(config.layers)
        ]
        abreast = [type(cells[0]).abreast(cells) for cells in self.layers]
        self._abreast = [cell for cell in abreast if cell is not None]
        self.window = config.window
        self._states = sum(cell.hidden for cell in self.layers[0])
        self.emissions, self.intent = (
            {name: transposed(rows) for name, rows in _below(weights, head).items()} for head in ("emissions", "intent")
        )
        self.transitions = weights.get("crf.A")
        self.temperature = float(weights["temperature"][0])

    def run(
        self, sentences: Sequence[Sequence[str]], *, gates: dict[str, Gates] | None = None
    ) -> tuple[Array, Array | None, Ids]:
        """Folded words of sentences (none empty) -> emissions, intent scores, where each sentence begins.

        Emissions (N, K) stand in the order of the sentences, which begin at `starts` (B,); intent scores (B, I) are
        None where the network has no intents. A dictionary `gates` is filled with the gates' values, (N, H) each in
        the same order, by cell (`0.forward` is the lowest layer from the left) and name.
        """
        lengths = [len(sentence) for sentence in sentences]
        starts_B = starts_of(lengths)
        x_WE, ids_N = self._words(sentences, sum(lengths))
        ids_PN = self._neighbours(ids_N, starts_B, nothing=len(x_WE))
        if len(sentences) == 1 and len(ids_N) <= _SHORT and self._abreast and gates is None:
            return *self._run_one(_read(x_WE, ids_PN)), starts_B
        emissions: list[Array] = []  # the sum over directions, when there is one
        intents: list[Array] = []
        states_NS = np.empty((0, 0), dtype=np.float32)
        for layer, cells in enumerate(self.layers):
            is_top = layer == len(self.layers) - 1
            below_NS, states_NS = states_NS, np.empty((0 if is_top else len(ids_N), self._states), dtype=np.float32)
            for number, (cell, direction) in enumerate(zip(cells, DIRECTIONS, strict=False)):
                backward, own = number == 1, slice(number * cell.hidden, (number + 1) * cell.hidden)
                if layer or self.window:
                    packing = Packing.of(lengths, backward=backward)
                else:
                    packing = Packing.shared(lengths, ids_N, backward=backward)
                tokens_M = packing.tokens
                inputs = _of_states(cell, below_NS, tokens_M) if layer else _of_words(cell, x_WE, ids_PN[:, tokens_M])
                out_MH = np.empty((len(tokens_M), cell.hidden), dtype=np.float32)
                largest_MH = np.empty_like(out_MH) if is_top and self.intent else None
                seen: Gates | None = None if gates is None else {}
                cell.run(inputs, packing, out=out_MH, largest=largest_MH, gates=seen)
                if gates is not None:
                    gates[f"{layer}.{direction}"] = {name: g[packing.rows] for name, g in (seen or {}).items()}
                if not is_top:
                    states_NS[:, own] = out_MH[packing.rows]
                else:
                    _add(emissions, _part(self.emissions, own, out_MH), packing.rows)
                if largest_MH is not None:
                    ends_B = packing.rows[starts_B if backward else starts_B + lengths - 1]
                    _add(intents, _part(self.intent, own, largest_MH), ends_B)
                del inputs, out_MH, largest_MH  # before the other direction takes as much
        return emissions[0], intents[0] if intents else None, starts_B

    def _run_one(self, x_NE: Array) -> tuple[Array, Array | None]:
        """The same for the tokens of a single sentence: both directions of a layer go abreast, like two sentences."""
        for cells, abreast in zip(self.layers, self._abreast, strict=True):
            # the backward direction reads the last token first
            z_NDG = np.stack([cell.project(x_NE)[:: 1 - 2 * d] for d, cell in enumerate(cells)], axis=1)
            z_MG = z_NDG.reshape(-1, z_NDG.shape[2])
            out_MH = np.empty((len(z_MG), abreast.hidden), dtype=np.float32)
            abreast.run(partial(_take, z_MG), Packing.of([len(x_NE)] * len(cells)), out=out_MH)
            states_NDH = out_MH.reshape(len(x_NE), len(cells), abreast.hidden)
            x_NE = np.concatenate([states_NDH[:, d][:: 1 - 2 * d] for d in range(len(cells))], axis=1)
        emissions_NK: Array = x_NE @ self.emissions["W"]
        emissions_NK += self.emissions["b"]
        if not self.intent:
            return emissions_NK, None
        return emissions_NK, x_NE.max(0, keepdims=True) @ self.intent["W"] + self.intent["b"]

    def _words(self, sentences: Sequence[Sequence[str]], tokens: int) -> tuple[Array, Ids]:
        """What the lowest layer reads of each distinct word, (W, E), and which of them each token is, (N,).

        Words that stand differently in the gazetteers are distinct.
        """
        forms = list(dict.fromkeys(chain.from_iterable(sentences)))
        numbers = dict(zip(forms, range(len(forms)), strict=True))
        ids_N = np.fromiter(map(numbers.__getitem__, chain.from_iterable(sentences)), dtype=np.int64, count=tokens)
        x_WE = self.features(forms)
        if not self.matcher.size:
            return x_WE, ids_N
        matches_NM = np.concatenate([self.matcher.match(sentence) for sentence in sentences])
        # a word's number and its matches, as bytes: lists may be more than an integer has bits
        pair_N = np.concatenate([ids_N.view(np.uint8).reshape(tokens, 8), np.packbits(matches_NM > 0, axis=1)], axis=1)
        _, first_W, other_N = np.unique(pair_N.view(f"V{pair_N.shape[1]}"), return_index=True, return_inverse=True)
        return np.concatenate([x_WE[ids_N[first_W]], matches_NM[first_W]], axis=1), other_N.reshape(tokens)

    def _neighbours(self, ids_N: Ids, starts_B: Ids, *, nothing: int) -> Ids:
        """The words in the window around each token, (P, N); `nothing` where the sentence has none."""
        N = len(ids_N)
        if not self.window:
            return ids_N[None]
        ids_PN = np.empty((2 * self.window + 1, N), dtype=np.int64)
        lengths_B = np.diff(starts_B, append=N)
        first_N = np.repeat(starts_B, lengths_B)
        last_N = first_N + np.repeat(lengths_B, lengths_B) - 1
        for place, offset in enumerate(range(-self.window, self.window + 1)):
            neighbour_N = np.arange(N) + offset
            there_N = (neighbour_N >= first_N) & (neighbour_N <= last_N)
            ids_PN[place] = np.where(there_N, ids_N[neighbour_N * there_N], nothing)
        return ids_PN


def _part(layer: Mapping[str, Array], own: slice, states_MH: Array) -> Array:
    """What the states of one direction give to an output layer; the bias comes with the first."""
    part: Array = states_MH @ layer["W"][own]
    if own.start == 0:
        part += layer["b"]
    return part


def _add(sums: list[Array], part_MK: Array, rows: Ids) -> None:
    """Add what these rows have to the one sum, or make it the sum."""
    taken: Array = part_MK.take(rows, axis=0)
    if sums:
        sums[0] += taken
    else:
        sums.append(taken)


def _take(z_MG: Array, start: int, end: int, out: Array) -> None:
    """Inputs that are projected already."""
    out[:] = z_MG[start:end]


def _read(x_WE: Array, ids_PM: Ids) -> Array:
    """What the lowest layer reads at each token, (M, P * E); `ids_PM` are W where the window has no word."""
    words_WE = np.concatenate([x_WE, np.zeros((1, x_WE.shape[1]), dtype=np.float32)])
    return words_WE[ids_PM.T].reshape(ids_PM.shape[1], -1)


def _of_words(cell: CellRuntime, x_WE: Array, ids_PM: Ids) -> Inputs:
    """The inputs of the lowest layer; `ids_PM` are W where the window has no word."""
    (W, E), (P, M) = x_WE.shape, ids_PM.shape
    if max(M // 2, _MANY) < W:  # hardly a word comes twice: the table would be as large as all that is read from it
        words_WE = np.concatenate([x_WE, np.zeros((1, E), dtype=np.float32)])

        def project(start: int, end: int, out: Array) -> None:
            cell.project(words_WE[ids_PM[:, start:end].T].reshape(end - start, P * E), out)

        return project
    # each distinct word is projected once for each place in the window
    table_PWG = np.zeros((P, W + 1, len(cell.b)), dtype=np.float32)  # and a row for nothing
    for place, table_WG in enumerate(table_PWG):
        np.matmul(x_WE, cell.W[place * E : (place + 1) * E], out=table_WG[:W])
    table_PWG[0] += cell.b
    (first_WG, first_M), *others = zip(table_PWG, ids_PM, strict=True)

    def read(start: int, end: int, out: Array) -> None:
        # in the mode `clip` numpy writes where it is told to, without a copy
        first_WG.take(first_M[start:end], axis=0, out=out, mode="clip")
        for table_WG, ids_M in others:
            out += table_WG[ids_M[start:end]]

    return read


def _of_states(cell: CellRuntime, states_NS: Array, tokens_M: Ids) -> Inputs:
    """The inputs of a higher layer: the states of the one below."""

    def read(start: int, end: int, out: Array) -> None:
        cell.project(states_NS[tokens_M[start:end]], out)

    return read


def _cell(name: str) -> type[CellRuntime]:
    """One of five: only the module that is needed is imported."""
    cell: type[CellRuntime] = getattr(import_module(f"slotfill.runtime.{name}"), f"{name.capitalize()}Runtime")
    return cell


def _shapes(config: ModelConfig, vocabularies: Vocabularies) -> Shapes:
    """The names and shapes of all weights that this network has."""
    words, characters, tags = len(vocabularies.words), len(vocabularies.characters), len(vocabularies.tags)
    features = FeaturesRuntime.shapes(config, words=words, characters=characters)
    shapes = {f"features.{name}": shape for name, shape in features.items()}
    directions = DIRECTIONS[: 2 if config.bidirectional else 1]
    states = len(directions) * config.hidden
    matches = 2 * len(vocabularies.gazetteers.names)
    inputs = (config.word_size + config.character_filters + matches) * (2 * config.window + 1)
    for layer in range(config.layers):
        cell = _cell(config.cell).shapes(inputs if layer == 0 else states, config.hidden, tags)
        if config.peepholes:
            cell["p"] = (3, config.hidden)
        shapes |= {f"encoder.{layer}.{d}.{name}": shape for d in directions for name, shape in cell.items()}
    for name, size in (("emissions", tags), ("intent", len(vocabularies.intents))):
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
