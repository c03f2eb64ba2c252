"""The inputs of a layer: words or the states of the layer below, projected step by step.

Shapes: N tokens of all sentences, M packed rows, W distinct words, P places in the window, E features, G gate inputs,
S encoder states.
"""

from typing import NamedTuple

import numpy as np

from slotfill.batching import Ids
from slotfill.runtime.cell import Array, CellRuntime, Inputs, Table

MANY = 2048  # distinct words whose projections are held in memory in any case


class Words(NamedTuple):
    """The words of several sentences, as the lowest layer reads them."""

    features: Array  # (W, E) of distinct words
    ids: Ids  # (N,): the distinct word of each token
    neighbours: Ids  # (P, N): the words in the window around each token; W beyond the sentence


def read_words(words: Words) -> Array:
    """The features of each token and its neighbours, (N, P * E)."""
    return _with_zeros(words.features)[words.neighbours.T].reshape(len(words.ids), -1)


def of_words(cell: CellRuntime, x_WE: Array, ids_PM: Ids) -> Inputs:
    """The inputs of the lowest layer; `ids_PM` is W where the window has no word."""
    (W, E), (P, M) = x_WE.shape, ids_PM.shape
    if max(M // 2, MANY) < W:  # few words repeat, so a table of them would save nothing
        words_WE = _with_zeros(x_WE)

        def project(start: int, end: int, out: Array) -> None:
            cell.project(words_WE[ids_PM[:, start:end].T].reshape(end - start, P * E), out)

        return project
    # each distinct word is projected once for each place in the window
    table_PWG = np.zeros((P, W + 1, len(cell.b)), dtype=np.float32)  # row W is zero, for no word
    for place, table_WG in enumerate(table_PWG):
        np.matmul(x_WE, cell.W[place * E : (place + 1) * E], out=table_WG[:W])
    table_PWG[0] += cell.b
    first, *later = map(Table, table_PWG, ids_PM)
    if not later:
        return first

    def read(start: int, end: int, out: Array) -> None:
        first(start, end, out)
        for table in later:
            out += table.rows[table.ids[start:end]]

    return read


def _with_zeros(x_WE: Array) -> Array:
    """The features and a row of zeros, (W + 1, E)."""
    return np.concatenate([x_WE, np.zeros((1, x_WE.shape[1]), dtype=np.float32)])


def of_states(cell: CellRuntime, states_NS: Array, tokens_M: Ids) -> Inputs:
    """The inputs of a higher layer: the states of the layer below."""

    def read(start: int, end: int, out: Array) -> None:
        cell.project(states_NS[tokens_M[start:end]], out)

    return read
