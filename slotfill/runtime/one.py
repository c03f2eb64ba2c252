"""One sentence from words to tags by the compiled core (slotfill/core). No numpy: that is what a cold start saves.

The plain definition is `Runtime` and `Chain` in numpy; tests check that both agree.

Without a window, what a word adds to a sentence (the projection for both directions of the lowest layer, and for the
direct path) depends on its form alone, so it is kept: then only the steps remain.

Shapes: N tokens, E features of a token, M columns of matches, K tags, I intents, Z numbers that a word adds.
"""

from collections.abc import Sequence, Sized
from contextlib import suppress
from typing import Any, NamedTuple

from slotfill import core
from slotfill.arrays import Raw, Weights, flat, floats, integers
from slotfill.config import DIRECT_WINDOW, ModelConfig
from slotfill.core import _core
from slotfill.decoding.compiled import CompiledChain
from slotfill.decoding.confidence import Confidence
from slotfill.gazetteers import GazetteerMatcher, places_of
from slotfill.intents import SIGNS
from slotfill.runtime.compiled import Features, Layer, Product, in_rows, is_known, lay_direct, padded
from slotfill.tags import OUTSIDE
from slotfill.vocabulary import Vocabularies

LONGEST = 256  # tokens of a sentence by itself; their projections are all in memory at once
FEW = 64  # sentences that are read one by one: numpy's products save as much only of more
_KEPT = 8 << 20  # bytes of words


class Found(NamedTuple):
    """What one sentence is."""

    path: list[int]  # the number of each token's tag
    sure: Confidence | None  # of the spans; None if it was not asked for
    intents: list[float] | None  # their scores


class OneSentence:
    """A network and its chain of tags, for sentences by themselves."""

    def __init__(self, config: ModelConfig, vocabularies: Vocabularies, weights: Weights) -> None:
        """From the parts of a bundle, whose weights fit (slotfill/runtime/weights.py)."""
        self._parts = config, vocabularies, weights
        self._matcher = GazetteerMatcher(vocabularies.gazetteers)
        self._columns = max(1, self._matcher.size)  # of matches; without a list one that stays 0
        self._features = Features(config, vocabularies, weights)
        raw, tags = weights.raw, len(vocabularies.tags)
        self._tags = tags
        self._window, self._outside = config.window, vocabularies.tags.id(OUTSIDE)
        self._is_beside = config.direct and not config.window  # the direct path lies beside the lowest layer
        extra = padded((2 * DIRECT_WINDOW + 1) * tags) if self._is_beside else 0
        self._lowest = lowest = Layer.of(config, weights, 0, extra=extra)
        self._first = lowest.project.columns - extra  # the column where the direct path begins
        self._higher = [Layer.of(config, weights, number) for number in range(1, config.layers)]
        if not config.window:
            W, F = lowest.project.W, self._features.size
            if self._is_beside:
                lay_direct(raw["direct.W"], W, self._first)
            self._word = Product(in_rows(W, 0, F), lowest.project.b, lowest.project.columns)
            none = floats(1, lowest.project.columns)
            self._matches_MZ = in_rows(W, F, W.shape[0]) if self._matcher.size else none
        self._direct = Product.of(raw["direct.W"], None) if config.direct and config.window else None
        self._emissions = Product.of(raw["emissions.W"], raw["emissions.b"])
        self._intent = Product.of(raw["intent.W"], raw["intent.b"]) if "intent.W" in raw else None
        self._has_sets = config.intents in SIGNS
        learned, temperature = raw.get("crf.A"), float(raw["temperature"][0])
        self._chain = CompiledChain(vocabularies.tags.items, learned, temperature=temperature)
        self._start = integers([0])
        self._known: dict[str, Raw] = {}  # what a form adds
        self._most = max(1, _KEPT // (4 * lowest.project.columns))

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), self._parts

    def tag(self, words: Sequence[str]) -> Found:
        """The tags of at least one folded word and the scores of intents; confidence only if there are slots."""
        emissions_NK, intents_1I = self.run(words)
        path_N = integers(range(len(words)))
        self._chain.decode(emissions_NK, self._start, path_N)
        path: list[int] = path_N.tolist()
        sure = None
        if path.count(self._outside) < len(path):
            sure = self._chain.confidence(emissions_NK, self._start, path_N)
        return Found(path, sure, None if intents_1I is None else flat(intents_1I).tolist())

    def run(self, words: Sequence[str]) -> tuple[Raw, memoryview | None]:
        """Emissions (N, K) and intent scores (1, I) of at least one folded word, as `Runtime.run` has them."""
        rows = self._rows(words)
        matches_NM = floats(len(words), self._columns)
        for token, column in places_of(self._matcher.marks(words)):
            matches_NM[token, column] = 1.0
        if self._window:
            z_NZ = self._lowest.project(self._windows(rows, matches_NM, self._window))
        else:
            z_NZ = floats(len(words), self._word.columns)
            _core.gather(rows, matches_NM, self._matches_MZ, z_NZ)
        states_NS = self._lowest.recur(z_NZ)
        for layer in self._higher:
            states_NS = layer.recur(layer.project(states_NS))
        emissions_NK = self._emissions(states_NS)
        if self._is_beside:
            _core.add_places(z_NZ, self._first, 2 * DIRECT_WINDOW + 1, self._tags, emissions_NK)
        elif self._direct is not None:
            direct_NK = self._direct(self._windows(rows, matches_NM, DIRECT_WINDOW))
            _core.add_places(direct_NK, 0, 1, self._tags, emissions_NK)
        return emissions_NK, self._intents(states_NS)

    def _intents(self, states_NS: Raw) -> Raw | None:
        """The scores of the largest state; with sets of intents, the largest score of a token."""
        if self._intent is None:
            return None
        rows = self._intent(states_NS) if self._has_sets else states_NS
        largest = floats(1, rows.shape[1])
        _core.largest(rows, largest)
        return largest if self._has_sets else self._intent(largest)

    def _windows(self, rows: Sequence[Raw], matches_NM: Raw, window: int) -> Raw:
        """The features of each token and its neighbours, (N, places E); zeros beyond the ends of the sentence."""
        N, size = len(rows), 4 * self._matcher.size
        matches = matches_NM.tobytes()
        tokens = [row.tobytes() + matches[n * size : (n + 1) * size] for n, row in enumerate(rows)]
        beyond = [bytes(len(tokens[0]))] * window
        around = [*beyond, *tokens, *beyond]
        places = 2 * window + 1
        joined = b"".join([place for n in range(N) for place in around[n : n + places]])
        return memoryview(joined).cast("f", (N, places * len(tokens[0]) // 4))

    def _rows(self, words: Sequence[str]) -> list[Raw]:
        """What each word adds; forms that are not kept yet may replace all that are."""
        known = self._known
        with suppress(KeyError):
            return [known[form] for form in words]
        new = [form for form in dict.fromkeys(words) if form not in known]
        found = dict(zip(new, self._of(new), strict=True))
        rows = [found[form] if form in found else known[form] for form in words]
        if len(known) + len(found) > self._most:
            self._known = {}  # a new one, since other threads may read the old one
        self._known.update(found)
        return rows

    def _of(self, forms: Sequence[str]) -> Sequence[Raw]:
        """What forms add: their projections, (Z,) each, or with a window their features."""
        features = [self._features(form) for form in forms]
        if self._window:
            return features
        x_WF = memoryview(b"".join(features)).cast("f", (len(forms), self._features.size))
        z, Z = flat(self._word(x_WF)), self._word.columns
        # copies, since a view would keep all rows of its sentence in memory
        return [memoryview(bytearray(z[row * Z : (row + 1) * Z])).cast("f") for row in range(len(forms))]


def is_short(sentence: Sized) -> bool:
    """Whether a sentence is not too long to be read by itself."""
    return len(sentence) <= LONGEST


def one_sentence(config: ModelConfig, vocabularies: Vocabularies, weights: Weights) -> OneSentence | None:
    """The network for the core; None if the core is not there, or does not know such cells or so many tags."""
    if not core.in_use or not is_known(config.cell) or len(vocabularies.tags) > core.MOST_TAGS:
        return None
    return OneSentence(config, vocabularies, weights)
