"""Any number of sentences, layer by layer and direction by direction, in packed order (slotfill/batching.py).

slotfill/runtime/abreast.py is the fast form for a single sentence; tests hold both equal to slotfill/network.py.

Shapes: B sentences, N tokens of all sentences, M packed rows, H units, S encoder states, K tags, I intents.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from slotfill.batching import Ids, Packing, starts_of
from slotfill.runtime.cell import Array, CellRuntime, Gates
from slotfill.runtime.inputs import Words, of_states, of_words
from slotfill.runtime.weights import DIRECTIONS

Layers = Sequence[Sequence[CellRuntime]]  # from the lowest; for each direction a cell


class Heads(NamedTuple):
    """The output layers: `W` (S, K or I) and `b`; `intent` is empty where the network has no intents."""

    emissions: Mapping[str, Array]
    intent: Mapping[str, Array]


def run(
    layers: Layers, heads: Heads, words: Words, lengths: Sequence[int], *, gates: dict[str, Gates] | None
) -> tuple[Array, Array | None]:
    """Emissions (N, K) and intent scores (B, I) of sentences of these lengths (see `Runtime.run`)."""
    states_NS: Array | None = None
    for layer, cells in enumerate(layers[:-1]):
        below_NS, states_NS = states_NS, np.empty((len(words.ids), sum(c.hidden for c in cells)), dtype=np.float32)
        for number, cell in enumerate(cells):
            packing = _packing(words, lengths, is_lowest=layer == 0, backward=number == 1)
            name = f"{layer}.{DIRECTIONS[number]}"
            out_MH = _unroll(cell, packing, words, below_NS, gates=gates, name=name)
            states_NS[:, _own(number, cell)] = out_MH[packing.rows]
            del out_MH  # before the other direction takes as much
    return _top(layers, heads, words, lengths, states_NS, gates=gates)


def _top(
    layers: Layers,
    heads: Heads,
    words: Words,
    lengths: Sequence[int],
    below_NS: Array | None,
    *,
    gates: dict[str, Gates] | None,
) -> tuple[Array, Array | None]:
    """The highest layer and what the heads make of it, a direction at a time: its states are never there for both."""
    starts_B, top = starts_of(lengths), len(layers) - 1
    emissions: list[Array] = []  # the sum over directions, when there is one
    intents: list[Array] = []
    for number, cell in enumerate(layers[top]):
        backward, own = number == 1, _own(number, cell)
        packing = _packing(words, lengths, is_lowest=top == 0, backward=backward)
        largest_MH = np.empty((len(packing.tokens), cell.hidden), dtype=np.float32) if heads.intent else None
        name = f"{top}.{DIRECTIONS[number]}"
        out_MH = _unroll(cell, packing, words, below_NS, largest=largest_MH, gates=gates, name=name)
        _add(emissions, _part(heads.emissions, own, out_MH), packing.rows)
        if largest_MH is not None:
            ends_B = packing.rows[starts_B if backward else starts_B + lengths - 1]
            _add(intents, _part(heads.intent, own, largest_MH), ends_B)
        del out_MH, largest_MH  # before the other direction takes as much
    return emissions[0], intents[0] if intents else None


def _unroll(
    cell: CellRuntime,
    packing: Packing,
    words: Words,
    below_NS: Array | None,
    *,
    largest: Array | None = None,
    gates: dict[str, Gates] | None,
    name: str,
) -> Array:
    """The states of one direction of one layer, (M, H); its gates go to `gates[name]`."""
    tokens_M = packing.tokens
    if below_NS is None:
        inputs = of_words(cell, words.features, words.neighbours[:, tokens_M])
    else:
        inputs = of_states(cell, below_NS, tokens_M)
    out_MH = np.empty((len(tokens_M), cell.hidden), dtype=np.float32)
    seen: Gates | None = None if gates is None else {}
    cell.run(inputs, packing, out=out_MH, largest=largest, gates=seen)
    if gates is not None:
        gates[name] = {gate: values[packing.rows] for gate, values in (seen or {}).items()}
    return out_MH


def _packing(words: Words, lengths: Sequence[int], *, is_lowest: bool, backward: bool) -> Packing:
    """Only in the lowest layer without a window does a state depend on nothing but the words on one side."""
    if is_lowest and len(words.neighbours) == 1:
        return Packing.shared(lengths, words.ids, backward=backward)
    return Packing.of(lengths, backward=backward)


def _own(number: int, cell: CellRuntime) -> slice:
    """Where a direction's units stand among the encoder states."""
    return slice(number * cell.hidden, (number + 1) * cell.hidden)


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
