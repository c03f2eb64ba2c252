"""Sentences -> padded or packed arrays of ids.

Shapes: B sentences, T tokens of the longest, W distinct words, C characters of the longest word,
N tokens of all sentences together, M packed rows.

Training takes batches of exactly equal length, so there is no padding and no mask.
Tagging packs sentences of any length: longest sentence first, then all first tokens, all second tokens, ...
The rows of one time step lie together, so there is no padding either. Sentences that begin alike may share rows.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from slotfill.vocabulary import MAX_CHARACTERS, PAD, Vocabulary

Ids = NDArray[np.int64]


def character_ids(words: Sequence[str], characters: Vocabulary) -> Ids:
    """The characters of folded words as ids, padded with `PAD`: shape (W, C)."""
    cut = [word[:MAX_CHARACTERS] for word in words]
    ids_WC = np.full((len(cut), max(map(len, cut), default=0)), PAD, dtype=np.int64)
    for row, word in enumerate(cut):
        ids_WC[row, : len(word)] = [characters.id(character) for character in word]
    return ids_WC


_LONG = 64  # tokens


def batch_size_of(length: int, size: int) -> int:
    """How many sentences of this length are in a batch of `size` sentences.

    >>> batch_size_of(20, 32), batch_size_of(500, 32)
    (32, 4)
    """
    return size if length <= _LONG else max(1, size * _LONG // length)


def equal_length_batches(lengths: Sequence[int], *, size: int, rng: "np.random.Generator") -> list[Ids]:
    """Shuffle sentence numbers into batches of at most `size` sentences of exactly equal length.

    Of sentences with more than 64 tokens, a batch has fewer, so that it has about as many tokens.
    """
    order = rng.permutation(len(lengths))
    by_length: dict[int, list[int]] = {}
    for number in order.tolist():
        by_length.setdefault(lengths[number], []).append(number)
    batches = [
        np.array(numbers[start : start + batch_size_of(length, size)], dtype=np.int64)
        for length, numbers in by_length.items()
        for start in range(0, len(numbers), batch_size_of(length, size))
    ]
    return [batches[position] for position in rng.permutation(len(batches))]


def neighbours_of(lengths: Sequence[int], ids_N: Ids, window: int, *, nothing: int) -> Ids:
    """The ids in the window around each token of sentences of these lengths, (2 window + 1, N).

    `nothing` stands beyond the ends of a sentence.
    """
    if not window:
        return ids_N[None]
    N = len(ids_N)
    lengths_B = np.array(lengths, dtype=np.int64)
    first_N = np.repeat(np.cumsum(lengths_B) - lengths_B, lengths_B)
    last_N = first_N + np.repeat(lengths_B, lengths_B) - 1
    ids_PN = np.empty((2 * window + 1, N), dtype=np.int64)
    for place, offset in enumerate(range(-window, window + 1)):
        neighbour_N = np.arange(N) + offset
        there_N = (neighbour_N >= first_N) & (neighbour_N <= last_N)
        ids_PN[place] = np.where(there_N, ids_N[neighbour_N * there_N], nothing)
    return ids_PN


class Packing(NamedTuple):
    """The order in which a layer reads the tokens of several sentences in one direction: M packed rows, step by step.

    The state of a row continues that of a row of the step before, its parent. Sentences that begin alike (backward: end
    alike) share rows, whose states are computed once: many requests begin with `I want to fly from`.
    """

    steps: tuple[tuple[int, int], ...]  # for each time step the first row, and the last + 1
    parents: tuple[Ids | None, ...]  # of each step, counted in the step before; None: its first rows
    rows: Ids  # (N,), the row of each token of the sentences, one after another
    tokens: Ids  # (M,), the first token of each row

    @classmethod
    def of(cls, lengths: Sequence[int], *, backward: bool = False) -> "Packing":
        """A row for each token of sentences of these lengths (at least 1), longest sentence first."""
        B, T, way = len(lengths), lengths[0], -1 if backward else 1
        if all(length == T for length in lengths):
            tokens_BT, rows_TB = np.arange(B * T).reshape(B, T), np.arange(T * B).reshape(T, B)
            steps = tuple((t * B, t * B + B) for t in range(T))
            return cls(steps, (None,) * T, rows_TB[::way].T.ravel(), tokens_BT[:, ::way].T.ravel())
        lengths_B = np.array(lengths, dtype=np.int64)
        rank_B = np.empty_like(lengths_B)
        rank_B[np.argsort(-lengths_B, kind="stable")] = np.arange(len(lengths_B))
        # how many sentences have more than t tokens, for every t
        live_T = len(lengths_B) - np.searchsorted(np.sort(lengths_B), np.arange(lengths_B.max()), side="right")
        first_T = np.concatenate([[0], np.cumsum(live_T)])
        rows_N = first_T[_times(lengths_B, backward=backward)] + np.repeat(rank_B, lengths_B)
        tokens_N = np.empty_like(rows_N)
        tokens_N[rows_N] = np.arange(len(rows_N))
        return cls(tuple(pairwise(first_T.tolist())), (None,) * len(live_T), rows_N, tokens_N)

    @classmethod
    def shared(cls, lengths: Sequence[int], ids_N: Ids, *, backward: bool = False) -> "Packing":
        """Sentences that begin with the same `ids_N`, which tell tokens apart, share the rows of that beginning."""
        if len(lengths) == 1:
            return cls.of(lengths, backward=backward)
        lengths_B = np.array(lengths, dtype=np.int64)
        B, T = len(lengths_B), lengths_B.max()
        times_N, sentences_N = _times(lengths_B, backward=backward), np.repeat(np.arange(B), lengths_B)
        # sorted as strings of ids, sentences that begin alike are neighbours
        ids_BT = np.zeros((B, T), dtype=">u2" if ids_N.max() < 65_535 else ">u4")  # 0 after the end
        ids_BT[sentences_N, times_N] = ids_N + 1
        order_B = ids_BT.view(f"S{ids_BT.itemsize * T}")[:, 0].argsort(kind="stable")
        sorted_BT = ids_BT[order_B]
        is_new_BT = np.ones((B, T), dtype=np.bool_)
        np.logical_or.accumulate(sorted_BT[1:] != sorted_BT[:-1], axis=1, out=is_new_BT[1:])
        is_new_TB = np.ascontiguousarray((is_new_BT & (sorted_BT > 0)).T)
        # at each step, a sentence has the row of the last sentence up to itself that is new there
        place_TB = np.cumsum(is_new_TB, axis=1) - 1
        times_M, sorted_M = np.nonzero(is_new_TB)
        first_T = np.concatenate([[0], np.cumsum(place_TB[:, -1] + 1)])
        parents_M = place_TB[times_M - 1, sorted_M]
        steps = tuple(pairwise(first_T.tolist()))
        rank_B = np.empty_like(order_B)
        rank_B[order_B] = np.arange(B)
        rows_N = first_T[times_N] + place_TB[times_N, rank_B[sentences_N]]
        tokens_M = np.empty(len(times_M), dtype=np.int64)
        tokens_M[rows_N[::-1]] = np.arange(len(rows_N))[::-1]
        return cls(steps, tuple(parents_M[start:end] for start, end in steps), rows_N, tokens_M)


def starts_of(lengths: Sequence[int]) -> Ids:
    """The first token of each sentence when sentences of these lengths lie one after another, (B,)."""
    lengths_B = np.array(lengths, dtype=np.int64)
    return np.cumsum(lengths_B) - lengths_B


def _times(lengths_B: Ids, *, backward: bool) -> Ids:
    """The time step of each token, (N,)."""
    last_N = np.repeat(lengths_B, lengths_B) - 1
    times_N: Ids = np.arange(len(last_N)) - np.repeat(np.cumsum(lengths_B) - lengths_B, lengths_B)
    return last_N - times_N if backward else times_N


CHUNK = 16_384  # tokens of a chunk; a sentence with more is alone in one


def chunks(lengths: Sequence[int], *, tokens: int = CHUNK, sentences: int = 1024) -> Iterator[list[int]]:
    """Split sentence numbers into chunks of similar length, longest first, leaving out empty sentences.

    To bound memory, a chunk of several sentences has at most `sentences` sentences and `tokens` tokens, and its first
    length times its number of sentences is at most `4 * tokens`.
    """
    chunk: list[int] = []
    total = 0
    for number in sorted((n for n, length in enumerate(lengths) if length), key=lambda n: -lengths[n]):
        total += lengths[number]
        padded = (len(chunk) + 1) * lengths[chunk[0] if chunk else number]
        if chunk and (total > tokens or len(chunk) == sentences or padded > 4 * tokens):
            yield chunk
            chunk, total = [], lengths[number]
        chunk.append(number)
    if chunk:
        yield chunk
