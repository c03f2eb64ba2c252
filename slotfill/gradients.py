"""How far back a cell remembers: the gradient of a state with respect to an earlier one.

Back-propagation through time multiplies one Jacobian a step; where their norms are below 1, what was read k tokens ago
is forgotten exponentially in k (Hochreiter 1991; Bengio, Simard & Frasconi 1994).
"""

from collections import Counter
from collections.abc import Sequence

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
from slotfill.tokenizer import fold
from slotfill.vocabulary import Vocabularies

_SHORTEST = 10  # tokens that a sentence must have to show anything
_SENTENCES = 32


def reach(network: SlotTagger, examples: Sequence[Example], vocabularies: Vocabularies) -> NDArray[np.float64]:
    """The mean norm of d h_T / d s_{T-k} for k = 1, 2, ..., over sentences of one length, in the lowest forward cell.

    h_T is the last hidden layer and s what the cell remembers of the step before: h of an Elman net, y of a Jordan net,
    h and c of an LSTM. InputError if no sentence is long enough or the cell remembers nothing.
    """
    lengths = Counter(len(example.tokens) for example in examples if len(example.tokens) >= _SHORTEST)
    if not lengths:
        raise InputError(f"no sentence has {_SHORTEST} tokens: too short to see a memory fade")
    length = max(lengths, key=lambda n: (lengths[n], n))
    sentences = [e for e in examples if len(e.tokens) == length][:_SENTENCES]
    forms = [[fold(token.text) for token in sentence.tokens] for sentence in sentences]
    distinct = list(dict.fromkeys(form for sentence in forms for form in sentence))
    row_of = {form: row for row, form in enumerate(distinct)}
    with torch.no_grad():
        x_BTE = network.features(
            torch.tensor([[vocabularies.words.id(form) for form in sentence] for sentence in forms]),
            torch.tensor([[row_of[form] for form in sentence] for sentence in forms]),
            torch.from_numpy(character_ids(distinct, vocabularies.characters)),
        )
        x_BTE = windowed(x_BTE, network.encoder.window)
    return norms(network.encoder.cell(0, 0), x_BTE)


def norms(cell: Cell, x_BTE: Tensor) -> NDArray[np.float64]:
    """The mean over B of the Frobenius norm of d h_T / d s_{T-k}, for k = 1 to T - 1."""
    z_BTG = cell.project(x_BTE)
    state = cell.initial(z_BTG)
    if state is None:
        raise InputError("a feed-forward net remembers nothing: it has no such gradient")
    remembered: list[tuple[Tensor, ...]] = []
    h_BH = z_BTG
    for z_BG in z_BTG.unbind(1):
        h_BH, state = cell.step(z_BG, state)
        # copies, so that the parts of a state (h and c) count as variables of their own
        parts = tuple(part.clone() for part in (state if isinstance(state, tuple) else (state,)))
        remembered.append(parts)
        state = parts if isinstance(state, tuple) else parts[0]
    earlier = remembered[:-1]
    # each sentence's h depends on its own states alone, so that one unit of all sentences goes at once
    rows_HBH = torch.eye(cell.hidden, dtype=h_BH.dtype)[:, None].expand(-1, len(h_BH), -1)
    inputs = [part for parts in earlier for part in parts]
    jacobians = iter(torch.autograd.grad(h_BH, inputs, rows_HBH, is_grads_batched=True))  # (H, B, size) each
    squares = [sum(next(jacobians).square().sum((0, 2)) for _ in parts) for parts in earlier]
    return np.array([torch.as_tensor(square).sqrt().mean().item() for square in reversed(squares)])
