"""Word vectors and what is read from characters in numpy (the net: slotfill/embeddings.py)."""

from collections.abc import Mapping, Sequence

import numpy as np

from slotfill.affixes import SHARE, affix_rows
from slotfill.batching import Ids, character_ids
from slotfill.errors import BundleError
from slotfill.runtime.cell import Array
from slotfill.vocabulary import MAX_CHARACTERS, PAD, UNKNOWN, Vocabulary

_AT_ONCE = 256  # words that the convolution reads at once, which bounds the memory
_STEP = 8  # characters; words are read in widths that are multiples of it


class FeaturesRuntime:
    """Forms of words -> features, (W, E + F). What is read from the characters of known words is cached."""

    def __init__(self, weights: Mapping[str, Array], *, words: Vocabulary, characters: Vocabulary) -> None:
        self.words = words
        self.vectors = weights["words"]
        self.characters = characters
        self.affixes = weights.get("affixes")
        self.convolves = "filters" in weights
        read = 0 if self.affixes is None else self.affixes.shape[1]
        if self.convolves:
            self.character_vectors = weights["characters"]
            filters = weights["filters"]  # (F, e, width)
            self.width = filters.shape[2]
            # with windows of `width` characters laid flat, the convolution is one matrix product
            self.filters = np.ascontiguousarray(filters.transpose(2, 1, 0).reshape(-1, len(filters)))
            self.bias = weights["filters_b"]
            read += len(filters)
        self.kept = np.zeros((len(words), read), dtype=np.float32)
        self.known = np.zeros(len(words), dtype=np.bool_)

    def __call__(self, forms: Sequence[str]) -> Array:
        """Features of distinct forms, (W, E + F)."""
        ids = np.array([self.words.id(form) for form in forms], dtype=np.int64)
        vectors = self.vectors[ids].astype(np.float32, copy=False)
        if not np.isfinite(vectors).all():
            raise BundleError("the weights are damaged: features.words: expected finite numbers of type float32")
        if not self.kept.shape[1]:
            return vectors
        # Unknown words share one id but not their characters, so they are not cached. Nor are those with capitals,
        # where they have the id of the word without.
        alone = ids != UNKNOWN
        if self.words.key is not None:
            alone &= np.array([self.words.key(form) == form for form in forms], dtype=np.bool_)
        unread = np.flatnonzero(~(self.known[ids] & alone))
        read = self.kept[ids]
        if unread.size:
            # The rounding of a matrix product depends on its shape. So the width depends on the word's length alone:
            # its features must not depend on the words next to it.
            lengths = np.array([min(len(forms[row]), MAX_CHARACTERS) for row in unread.tolist()])
            widths = -(-lengths // _STEP) * _STEP
            for width in set(widths.tolist()):
                alike = unread[widths == width]
                for start in range(0, len(alike), _AT_ONCE):
                    some = alike[start : start + _AT_ONCE]
                    read[some] = self._read([forms[row] for row in some.tolist()], width)
            kept = unread[alone[unread]]
            self.kept[ids[kept]] = read[kept]
            self.known[ids[kept]] = True
        if self.affixes is not None:
            of_affixes, read = np.split(read, [self.affixes.shape[1]], axis=1)
            vectors = vectors + of_affixes
        return np.concatenate([vectors, read], axis=1)

    def _read(self, forms: Sequence[str], characters: int) -> Array:
        """What the characters of words of at most so many of them tell: of affixes (W, E), then of filters (W, F)."""
        ids_WC = character_ids(forms, self.characters)
        parts = [self._convolved(ids_WC, characters)] if self.convolves else []
        if self.affixes is not None:
            rows_WA = np.stack(affix_rows(ids_WC), axis=1)
            parts.insert(0, self.affixes[rows_WA].sum(axis=1) * np.float32(SHARE))
        return np.concatenate(parts, axis=1)

    def _convolved(self, ids_WC: Ids, characters: int) -> Array:
        """The character CNN, (W, F), over words of at most so many characters, with one matrix product per word."""
        left = (self.width - 1) // 2
        padded = np.full((len(ids_WC), characters + self.width - 1), PAD, dtype=np.int64)
        padded[:, left : left + ids_WC.shape[1]] = ids_WC
        vectors = self.character_vectors[padded]
        windows = np.concatenate([vectors[:, shift : shift + characters] for shift in range(self.width)], axis=2)
        responses = np.maximum(windows @ self.filters + self.bias, 0)
        responses *= (padded[:, left : left + characters] != PAD)[:, :, None]
        best: Array = responses.max(1, initial=0)
        return best
