"""What a layer reads: words or the states of the layer below, projected time step by time step.

Shapes: N tokens of all sentences, M packed rows, W distinct words, P places in the window, E features, G gate inputs,
S encoder states.
"""

from typing import NamedTuple

import numpy as np

from slotfill.batching import Ids
from slotfill.runtime.cell import Array, CellRuntime, Inputs

MANY = 2048  # distinct words: the projections of so many still have room in memory


class Words(NamedTuple):
    """What the lowest layer reads of a batch of sentences."""

    features: Array  # (W, E) of distinct words
    ids: Ids  # (N,): which of them each token is
    neighbours: Ids  # (P, N): the words in the window around each token; W where the sentence has none


def read_words(words: Words) -> Array:
    """The features of each token and its neighbours, (N, P * E)."""
    return _read(words.features, words.neighbours)


def _read(x_WE: Array, ids_PM: Ids) -> Array:
    """The features of each row and its neighbours, (M, P * E); `ids_PM` are W where there is none."""
    words_WE = np.concatenate([x_WE, np.zeros((1, x_WE.shape[1]), dtype=np.float32)])
    return words_WE[ids_PM.T].reshape(ids_PM.shape[1], -1)


def of_words(cell: CellRuntime, x_WE: Array, ids_PM: Ids) -> Inputs:
    """The inputs of the lowest layer; `ids_PM` are W where the window has no word."""
    (W, E), (P, M) = x_WE.shape, ids_PM.shape
    if max(M // 2, MANY) < W:  # hardly a word comes twice: the table would be as large as all that is read from it
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


def of_states(cell: CellRuntime, states_NS: Array, tokens_M: Ids) -> Inputs:
    """The inputs of a higher layer: the states of the one below."""

    def read(start: int, end: int, out: Array) -> None:
        cell.project(states_NS[tokens_M[start:end]], out)

    return read
