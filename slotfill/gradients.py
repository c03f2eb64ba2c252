"""How far back a cell remembers: the gradient of a state with respect to an earlier one.

Back-propagation through time multiplies one Jacobian per step. If their norms are below 1, the gradient fades
exponentially with the distance k (Hochreiter 1991; Bengio, Simard & Frasconi 1994).
"""

from collections import Counter
from collections.abc import Sequence
from itertools import chain

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from slotfill.batching import character_ids
from slotfill.cells import Cell
from slotfill.encoder import windowed
from slotfill.errors import InputError
from slotfill.network import SlotTagger
from slotfill.schema import Example
from slotfill.vocabulary import Vocabularies

_SHORTEST = 10  # tokens; shorter sentences show nothing
_SENTENCES = 32


def reach(
    network: SlotTagger, examples: Sequence[Example], vocabularies: Vocabularies, *, sentences: int = _SENTENCES
) -> NDArray[np.float64]:
    """The mean norm of d h_T / d s_{T-k} for k = 1, 2, ..., over sentences of one length, in the lowest forward cell.

    At most so many `sentences` are taken.

    h_T is the last hidden layer, and s is the memory of the cell: h of an Elman net, y of a Jordan net, h and c of an
    LSTM. InputError if no sentence has at least 10 tokens, or the cell has no memory.
    """
    forms = _of_one_length(examples, vocabularies)[:sentences]
    distinct = list(dict.fromkeys(chain.from_iterable(forms)))
    row_of = {form: row for row, form in enumerate(distinct)}
    with torch.no_grad():
        x_BTE = network.features(
            torch.tensor([[vocabularies.words.id(form) for form in sentence] for sentence in forms]),
            torch.tensor([[row_of[form] for form in sentence] for sentence in forms]),
            torch.from_numpy(character_ids(distinct, vocabularies.characters)),
        )
        x_BTE = windowed(x_BTE, network.encoder.window)
    return norms(network.encoder.cell(0, 0), x_BTE)


def _of_one_length(examples: Sequence[Example], vocabularies: Vocabularies) -> list[list[str]]:
    """The forms of sentences of the most frequent length."""
    lengths = Counter(len(example.tokens) for example in examples if len(example.tokens) >= _SHORTEST)
    if not lengths:
        raise InputError(f"no sentence has {_SHORTEST} tokens: too short to see a memory fade")
    length = max(lengths, key=lambda n: (lengths[n], n))
    sentences = [example for example in examples if len(example.tokens) == length][:_SENTENCES]
    return [[vocabularies.fold(token.text) for token in sentence.tokens] for sentence in sentences]


def norms(cell: Cell, x_BTE: Tensor) -> NDArray[np.float64]:
    """The mean over B of the Frobenius norm of d h_T / d s_{T-k}, for k = 1 to T - 1."""
    h_BH, states = _unrolled(cell, x_BTE)
    earlier = states[:-1]
    # the h of a sentence depends on its own states alone, so one unit of all sentences is taken at a time
    units_HBH = torch.eye(cell.hidden, dtype=h_BH.dtype)[:, None].expand(-1, len(h_BH), -1)
    inputs = list(chain.from_iterable(earlier))
    jacobians = iter(torch.autograd.grad(h_BH, inputs, units_HBH, is_grads_batched=True))  # (H, B, size) each
    squares = [sum(next(jacobians).square().sum((0, 2)) for _ in parts) for parts in earlier]
    return np.array([torch.as_tensor(square).sqrt().mean().item() for square in reversed(squares)])


def _unrolled(cell: Cell, x_BTE: Tensor) -> tuple[Tensor, list[tuple[Tensor, ...]]]:
    """The last hidden layer (B, H), and the parts of the state (h and c of an LSTM) after each step."""
    z_BTG = cell.project(x_BTE)
    state = cell.initial(z_BTG)
    if state is None:
        raise InputError("a feed-forward net has no memory, and so no such gradient: choose another net")
    states: list[tuple[Tensor, ...]] = []
    h_BH = z_BTG
    for z_BG in z_BTG.unbind(1):
        h_BH, state = cell.step(z_BG, state)
        # copies, so that the parts are separate variables of the gradient
        parts = tuple(part.clone() for part in (state if isinstance(state, tuple) else (state,)))
        states.append(parts)
        state = parts if isinstance(state, tuple) else parts[0]
    return h_BH, states
