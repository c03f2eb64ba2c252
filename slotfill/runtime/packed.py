"""Any number of sentences, layer by layer and direction by direction, in packed order (slotfill/batching.py).

slotfill/runtime/abreast.py is the fast form for one sentence; tests check both against slotfill/network.py.

Shapes: B sentences, N tokens of all sentences, M packed rows, H units, S encoder states, K tags, I intents.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from slotfill.batching import Ids, Packing, starts_of
from slotfill.runtime.cell import Array, CellRuntime, Gates
from slotfill.runtime.inputs import Words, of_states, of_words
from slotfill.runtime.weights import DIRECTIONS

Layers = Sequence[Sequence[CellRuntime]]  # lowest first; a cell for each direction


class Heads(NamedTuple):
    """The output layers: `W` (S, K or I) and `b`; `intent` is empty if the network has no intents."""

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
            states_NS[:, _units(number, cell)] = out_MH[packing.rows]
            del out_MH  # before the other direction allocates as much
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
    """The top layer and the heads, one direction at a time, so that both directions' states are never in memory."""
    starts_B, top = starts_of(lengths), len(layers) - 1
    emissions: list[Array] = []  # empty, or the sum over the directions so far
    intents: list[Array] = []
    for number, cell in enumerate(layers[top]):
        backward, units = number == 1, _units(number, cell)
        packing = _packing(words, lengths, is_lowest=top == 0, backward=backward)
        largest_MH = np.empty((len(packing.tokens), cell.hidden), dtype=np.float32) if heads.intent else None
        name = f"{top}.{DIRECTIONS[number]}"
        out_MH = _unroll(cell, packing, words, below_NS, largest=largest_MH, gates=gates, name=name)
        _add(emissions, _share(heads.emissions, units, out_MH), packing.rows)
        if largest_MH is not None:
            ends_B = packing.rows[starts_B if backward else starts_B + lengths - 1]
            _add(intents, _share(heads.intent, units, largest_MH[ends_B]), np.arange(len(ends_B)))
        del out_MH, largest_MH  # before the other direction allocates as much
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
    """Rows are shared only in the lowest layer without a window, whose states depend on the words of one side alone."""
    if is_lowest and len(words.neighbours) == 1:
        return Packing.shared(lengths, words.ids, backward=backward)
    return Packing.of(lengths, backward=backward)


def _units(number: int, cell: CellRuntime) -> slice:
    """The units of a direction among the encoder states."""
    return slice(number * cell.hidden, (number + 1) * cell.hidden)


def _share(layer: Mapping[str, Array], units: slice, states_MH: Array) -> Array:
    """One direction's share of an output layer, (M, K or I); the first one includes the bias."""
    share: Array = states_MH @ layer["W"][units]
    if units.start == 0:
        share += layer["b"]
    return share


def _add(sums: list[Array], part_MK: Array, rows: Ids) -> None:
    """Add these rows to the sum, or make them the sum if there is none."""
    taken: Array = part_MK.take(rows, axis=0)
    if sums:
        sums[0] += taken
    else:
        sums.append(taken)
