"""The network's forward pass in numpy, so that tagging needs no torch.

    weights.py                the names and shapes of the weights
    features.py               word vectors and character features
    inputs.py                 the inputs of a layer
    cell.py, lstm.py, ...     the contract of a cell, and the cells
    direct.py                 the path past the layers
    packed.py                 any number of sentences
    abreast.py                the fast form for one sentence
    compiled.py               a faster one, where there is a compiled core
    long.py                   one sentence of any length, in bounded memory
    threads.py                matrix products on one thread

The equations are those of slotfill/network.py; tests check that both agree. Sentences are run in packed
order (slotfill/batching.py), without padding.

Shapes: B sentences, N tokens of all sentences, W distinct words, P places in the window, E features, K tags, I intents.
"""

from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import chain
from typing import cast

import numpy as np

from slotfill.batching import Ids, neighbours_of, starts_of
from slotfill.config import DIRECT_WINDOW, ModelConfig
from slotfill.gazetteers import GazetteerMatcher
from slotfill.intents import SIGNS
from slotfill.runtime.abreast import LONGEST, abreast_layers, run_one
from slotfill.runtime.cell import Array, CellRuntime, Gates, transposed
from slotfill.runtime.compiled import CompiledLayers, CompiledWords, compiled_layers
from slotfill.runtime.direct import Direct
from slotfill.runtime.features import FeaturesRuntime
from slotfill.runtime.inputs import Words, read_words
from slotfill.runtime.long import LongSentence, Rows
from slotfill.runtime.packed import Heads, run
from slotfill.runtime.weights import DIRECTIONS, below, check, shapes_of
from slotfill.vocabulary import Vocabularies

_FEW = 64  # sentences that the compiled core reads one by one: numpy's products save as much only of more


def _cell_class(name: str) -> type[CellRuntime]:
    """The runtime of a cell; only its module is imported."""
    if name == "feedforward":
        from slotfill.runtime.feedforward import FeedforwardRuntime

        return FeedforwardRuntime
    if name == "elman":
        from slotfill.runtime.elman import ElmanRuntime

        return ElmanRuntime
    if name == "jordan":
        from slotfill.runtime.jordan import JordanRuntime

        return JordanRuntime
    if name == "gru":
        from slotfill.runtime.gru import GruRuntime

        return GruRuntime
    from slotfill.runtime.lstm import LstmRuntime

    return LstmRuntime


class Runtime:
    """The forward pass of one trained network."""

    def __init__(self, config: ModelConfig, vocabularies: Vocabularies, weights: Mapping[str, Array]) -> None:
        """From the parts of a bundle; BundleError if a weight does not fit them."""
        weights = {"temperature": np.ones(1, dtype=np.float32), **weights}  # older models have none
        cell = _cell_class(config.cell)
        check(weights, shapes_of(config, vocabularies, cell=cell))
        self.matcher = GazetteerMatcher(vocabularies.gazetteers)
        self.features = FeaturesRuntime(
            below(weights, "features"), words=vocabularies.words, characters=vocabularies.characters
        )
        directions = DIRECTIONS[: 2 if config.bidirectional else 1]
        self.layers = [
            [cell(below(weights, f"encoder.{layer}.{direction}")) for direction in directions]
            for layer in range(config.layers)
        ]
        self.window = config.window
        emissions, intent = (
            {name: transposed(rows) for name, rows in below(weights, head).items()} for head in ("emissions", "intent")
        )
        self.heads = Heads(emissions, intent)
        self._tags: int | None = None  # with sets of intents: the columns of tags, before those of the intents
        if config.intents in SIGNS and intent:
            self._tags = len(vocabularies.tags)
            joined = {name: np.concatenate([emissions[name], intent[name]], axis=-1) for name in emissions}
            self.heads = Heads(joined, {})
        self._direct = Direct(weights["direct.W"]) if config.direct else None
        self.transitions = weights.get("crf.A")
        self.temperature = float(weights["temperature"][0])

    # The forms for one sentence are made when the first one comes: a file needs none of them.

    @cached_property
    def _abreast(self) -> list[CellRuntime] | None:
        return abreast_layers(self.layers)

    @cached_property
    def _compiled(self) -> CompiledLayers | None:
        return compiled_layers(self.layers, self.heads)

    @cached_property
    def _compiled_words(self) -> CompiledWords | None:
        if self._compiled is None or self.window:
            return None
        return CompiledWords(self._compiled, self._direct, self.features, self.matcher)

    def run(
        self, sentences: Sequence[Sequence[str]], *, gates: dict[str, Gates] | None = None
    ) -> tuple[Array, Array | None, Ids]:
        """Folded words of sentences (none empty) -> emissions (N, K), intent scores (B, I), and starts (B,).

        Emissions are in the order of the tokens; `starts` is the first token of each sentence. Intent scores are None
        if the network has no intents. A dictionary `gates` is filled with the values of the gates and states, (N, H)
        each (y of a Jordan net (N, Y)), by cell (`0.forward` is the lowest layer, left to right) and name.
        """
        short = gates is None and len(sentences) <= _FEW and all(len(one) <= LONGEST for one in sentences)
        if short and self._compiled_words is not None:
            scores_NK, intents_BI = self._one_by_one(self._compiled_words, sentences)
            starts_B = starts_of([len(sentence) for sentence in sentences])
        else:
            scores_NK, intents_BI, starts_B = self._run(sentences, alone=short and len(sentences) == 1, gates=gates)
        if self._tags is None:
            return scores_NK, intents_BI, starts_B
        intents_BI = np.maximum.reduceat(scores_NK[:, self._tags :], starts_B)
        return np.ascontiguousarray(scores_NK[:, : self._tags]), intents_BI, starts_B

    @staticmethod
    def _one_by_one(words: CompiledWords, sentences: Sequence[Sequence[str]]) -> tuple[Array, Array | None]:
        """All scores of a few sentences, each of which is read as if it were alone."""
        scores, intents = zip(*map(words.run, sentences), strict=True)
        if len(sentences) == 1:
            return scores[0], intents[0]
        return np.concatenate(scores), None if intents[0] is None else np.concatenate(intents)

    def _run(
        self, sentences: Sequence[Sequence[str]], *, alone: bool, gates: dict[str, Gates] | None
    ) -> tuple[Array, Array | None, Ids]:
        """All scores of sentences, (N, K), or with sets of intents (N, K + I), in which case the others are None."""
        lengths = [len(sentence) for sentence in sentences]
        features_WE, ids_N = self._words(sentences, [*chain.from_iterable(map(self.matcher.marks, sentences))])
        neighbours_PN = neighbours_of(lengths, ids_N, self.window, nothing=len(features_WE))
        words = Words(features_WE, ids_N, neighbours_PN)
        if alone and self._compiled is not None:
            scores_NK, intents_BI = self._compiled.run(read_words(words))
        elif alone and self._abreast:
            scores_NK, intents_BI = run_one(self.layers, self._abreast, self.heads, read_words(words))
        else:
            scores_NK, intents_BI = run(self.layers, self.heads, words, lengths, gates=gates)
        if self._direct is not None:
            self._direct.add(scores_NK, features_WE, ids_N, lengths)
        return scores_NK, intents_BI, starts_of(lengths)

    def run_long(self, sentence: Sequence[str]) -> LongSentence:
        """The same of one sentence of any length, block by block, so that memory is bounded by a block."""
        marks = self.matcher.marks(sentence)
        beside = max(self.window, DIRECT_WINDOW if self._direct else 0)

        def around(start: int, end: int) -> tuple[Array, Ids, slice]:
            """The distinct words of these tokens and of those beside them, the word of each, and which were asked."""
            first, last = max(start - beside, 0), end + beside
            features_WE, ids_N = self._words([sentence[first:last]], marks[first:last])
            return features_WE, ids_N, slice(start - first, end - first)

        def rows(start: int, end: int) -> Rows:
            features_WE, ids_N, asked = around(start, end)
            if not self.window:
                return Rows(features_WE, ids_N[asked])
            neighbours_PN = neighbours_of([len(ids_N)], ids_N, self.window, nothing=len(features_WE))
            read_NE = read_words(Words(features_WE, ids_N, neighbours_PN))
            return Rows(read_NE[asked], np.arange(end - start))

        def direct(scores_TK: Array, start: int, end: int) -> None:
            if self._direct is None:
                return
            features_WE, ids_N, asked = around(start, end)
            scores_NK = np.zeros((len(ids_N), scores_TK.shape[1]), dtype=np.float32)
            self._direct.add(scores_NK, features_WE, ids_N, [len(ids_N)])
            scores_TK += scores_NK[asked]

        return LongSentence(self.layers, self.heads, rows, direct, tokens=len(sentence), tags=self._tags)

    def _words(self, sentences: Sequence[Sequence[str]], marks: Sequence[int]) -> tuple[Array, Ids]:
        """The features of each distinct word, (W, E), and the number of each token's word, (N,).

        `marks` are the gazetteers' of each token (see `GazetteerMatcher`); words with different ones are distinct.
        """
        forms = chain.from_iterable(sentences)
        numbers: dict[object, int] = {}
        if not self.matcher.size:
            ids = [numbers.setdefault(form, len(numbers)) for form in forms]
            return self.features(cast("list[str]", [*numbers])), np.array(ids, dtype=np.int64)
        ids = [numbers.setdefault((form, mark), len(numbers)) for form, mark in zip(forms, marks, strict=True)]
        words = cast("list[tuple[str, int]]", [*numbers])
        matches_WM = self.matcher.columns([mark for _, mark in words])
        x_WE = np.concatenate([self.features([form for form, _ in words]), matches_WM], axis=1)
        return x_WE, np.array(ids, dtype=np.int64)
