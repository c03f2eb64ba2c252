"""Sentences -> padded or packed arrays of ids.

Shapes: B sentences, T tokens of the longest, W distinct words, C characters of the longest word,
N tokens of all sentences together.

Training takes batches of exactly equal length, so that no padding exists and no mask is needed.
Tagging packs sentences of any lengths: longest first, then all first tokens, all second tokens, ...
so that the rows of one time step lie together and padding never exists there either.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from slotfill.vocabulary import PAD, Vocabulary

Ids = NDArray[np.int64]

# More of a word than this tells nothing, and one absurd token must not make a wide array.
MAX_CHARACTERS = 32


def character_ids(words: Sequence[str], characters: Vocabulary) -> Ids:
    """The characters of folded words as ids, padded with `PAD`: shape (W, C)."""
    cut = [word[:MAX_CHARACTERS] for word in words]
    ids_WC = np.full((len(cut), max(map(len, cut), default=0)), PAD, dtype=np.int64)
    for row, word in enumerate(cut):
        ids_WC[row, : len(word)] = [characters.id(character) for character in word]
    return ids_WC


def equal_length_batches(lengths: Sequence[int], *, size: int, rng: "np.random.Generator") -> list[Ids]:
    """Shuffle sentence numbers into batches of at most `size` sentences of exactly equal length."""
    order = rng.permutation(len(lengths))
    by_length: dict[int, list[int]] = {}
    for number in order.tolist():
        by_length.setdefault(lengths[number], []).append(number)
    batches = [
        np.array(numbers[start : start + size], dtype=np.int64)
        for numbers in by_length.values()
        for start in range(0, len(numbers), size)
    ]
    return [batches[position] for position in rng.permutation(len(batches))]


class Packing(NamedTuple):
    """How the tokens of a chunk of sentences lie in packed order.

    `steps` gives for each time step the rows it takes: live sentences, longest first. `rows[n]` is
    the packed row of the n-th token when sentences are simply written one after another, and
    `starts` says where each sentence begins there.
    """

    steps: tuple[tuple[int, int], ...]  # (first row, one past the last row) for each time step
    rows: Ids  # (N,)
    starts: Ids  # (B,)

    @classmethod
    def of(cls, lengths: Sequence[int]) -> "Packing":
        """Pack sentences of these lengths, each at least 1."""
        lengths_B = np.array(lengths, dtype=np.int64)
        rank_B = np.empty_like(lengths_B)
        rank_B[np.argsort(-lengths_B, kind="stable")] = np.arange(len(lengths_B))
        # how many sentences have more than t tokens, for every t
        live_T = len(lengths_B) - np.searchsorted(np.sort(lengths_B), np.arange(lengths_B.max()), side="right")
        first_T = np.concatenate([[0], np.cumsum(live_T)])
        starts_B = np.cumsum(lengths_B) - lengths_B
        times_N = np.arange(lengths_B.sum()) - np.repeat(starts_B, lengths_B)
        rows_N = first_T[times_N] + np.repeat(rank_B, lengths_B)
        bounds = first_T.tolist()
        return cls(tuple(pairwise(bounds)), rows_N, starts_B)


def chunks(lengths: Sequence[int], *, sentences: int = 512, tokens: int = 8_192) -> Iterator[list[int]]:
    """Split sentence numbers into chunks of like length, longest first; empty sentences are left out.

    A chunk has at most so many sentences, and at most so many tokens unless it is a single sentence. More at once
    was not faster, and memory stays bounded.
    """
    chunk: list[int] = []
    total = 0
    for number in sorted((n for n, length in enumerate(lengths) if length), key=lambda n: -lengths[n]):
        if chunk and (len(chunk) == sentences or total + lengths[number] > tokens):
            yield chunk
            chunk, total = [], 0
        chunk.append(number)
        total += lengths[number]
    if chunk:
        yield chunk
