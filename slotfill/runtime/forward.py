"""The forward pass in numpy, for any number of sentences; the one by itself goes to the core, where there is one."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import chain
from typing import cast

import numpy as np

from slotfill import core
from slotfill.arrays import Weights
from slotfill.batching import Ids, neighbours_of, starts_of
from slotfill.config import DIRECT_WINDOW, ModelConfig
from slotfill.gazetteers import GazetteerMatcher
from slotfill.intents import SIGNS
from slotfill.runtime.abreast import abreast_layers, run_one
from slotfill.runtime.cell import Array, CellRuntime, Gates, transposed
from slotfill.runtime.compiled import Layer, is_known
from slotfill.runtime.direct import Direct
from slotfill.runtime.features import FeaturesRuntime
from slotfill.runtime.inputs import Words, read_words
from slotfill.runtime.long import LongSentence, Rows
from slotfill.runtime.one import FEW, LONGEST, OneSentence, one_sentence
from slotfill.runtime.packed import Heads, run
from slotfill.runtime.weights import DIRECTIONS, check, complete, shapes_of
from slotfill.vocabulary import Vocabularies


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

    def __init__(
        self,
        config: ModelConfig,
        vocabularies: Vocabularies,
        weights: Mapping[str, Array],
        *,
        one: OneSentence | None = None,
    ) -> None:
        """From the parts of a bundle; BundleError if a weight does not fit them. `one` is its form for one sentence."""
        weights = complete(Weights.of(weights))
        cell = _cell_class(config.cell)
        check(weights, shapes_of(config, vocabularies))
        self._parts = config, vocabularies, weights
        self.one = one or one_sentence(config, vocabularies, weights)
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

    @cached_property  # made when the first sentence comes alone: a file needs none
    def _abreast(self) -> list[CellRuntime] | None:
        return abreast_layers(self.layers)

    @cached_property
    def _directions(self) -> list[list[Layer]]:
        """Each direction of each layer by itself, as the core takes it; empty if it does not know such cells."""
        config, _, weights = self._parts
        if not core.in_use or not is_known(config.cell):
            return []
        names = DIRECTIONS[: 2 if config.bidirectional else 1]
        return [[Layer.of(config, weights, n, directions=(name,)) for name in names] for n in range(config.layers)]

    def run(
        self, sentences: Sequence[Sequence[str]], *, gates: dict[str, Gates] | None = None
    ) -> tuple[Array, Array | None, Ids]:
        """Folded words of sentences (none empty) -> emissions (N, K), intent scores (B, I), and starts (B,).

        Emissions are in the order of the tokens; `starts` is the first token of each sentence. Intent scores are None
        if the network has no intents. A dictionary `gates` is filled with the values of the gates and states, (N, H)
        each (y of a Jordan net (N, Y)), by cell (`0.forward` is the lowest layer, left to right) and name.
        """
        short = gates is None and len(sentences) <= FEW and all(len(one) <= LONGEST for one in sentences)
        if short and self.one is not None:
            return *_one_by_one(self.one, sentences), starts_of([len(sentence) for sentence in sentences])
        scores_NK, intents_BI, starts_B = self._run(sentences, alone=short and len(sentences) == 1, gates=gates)
        if self._tags is None:
            return scores_NK, intents_BI, starts_B
        intents_BI = np.maximum.reduceat(scores_NK[:, self._tags :], starts_B)
        return np.ascontiguousarray(scores_NK[:, : self._tags]), intents_BI, starts_B

    def _run(
        self, sentences: Sequence[Sequence[str]], *, alone: bool, gates: dict[str, Gates] | None
    ) -> tuple[Array, Array | None, Ids]:
        """All scores of sentences, (N, K), or with sets of intents (N, K + I), in which case the others are None."""
        lengths = [len(sentence) for sentence in sentences]
        features_WE, ids_N = self._words(sentences, [*chain.from_iterable(map(self.matcher.marks, sentences))])
        neighbours_PN = neighbours_of(lengths, ids_N, self.window, nothing=len(features_WE))
        words = Words(features_WE, ids_N, neighbours_PN)
        if alone and self._abreast:
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

        return LongSentence(
            self.layers, self._directions, self.heads, rows, direct, tokens=len(sentence), tags=self._tags
        )

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


def _one_by_one(network: OneSentence, sentences: Sequence[Sequence[str]]) -> tuple[Array, Array | None]:
    """All scores of a few sentences, each of which is read as if it were alone."""
    scores, intents = zip(*map(network.run, sentences), strict=True)
    return np.concatenate(scores), None if intents[0] is None else np.concatenate(intents)


def below(weights: Mapping[str, Array], prefix: str) -> dict[str, Array]:
    """The weights whose names begin with `prefix.`, which is removed."""
    start = f"{prefix}."
    return {name.removeprefix(start): weights[name] for name in weights if name.startswith(start)}
