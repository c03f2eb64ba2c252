from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor

from slotfill.batching import Packing
from slotfill.cells import Cell
from slotfill.cells.lstm import Lstm
from slotfill.config import ModelConfig
from slotfill.encoder import make_cell
from slotfill.runtime.lstm import LstmRuntime

torch.set_num_threads(1)  # more are slower at this size

Array = NDArray[np.float64]

E, H, Y = 3, 4, 5
CELLS = ("feedforward", "elman", "jordan", "gru", "lstm", "lstm with peepholes")
FUSED = ("feedforward", "elman", "gru", "lstm")


def random_cell(name: str) -> Cell:
    """A cell in double precision whose every weight, biases too, is at random."""
    torch.manual_seed(1)
    config = ModelConfig(cell=name.split()[0], hidden=H, peepholes="peepholes" in name)
    cell = make_cell(config, inputs=E, outputs=Y).double()
    with torch.no_grad():
        for parameter in cell.parameters():
            if parameter.requires_grad:
                parameter.normal_()
    return cell


# --- the equations ---------------------------------------------------------------------------------


def logistic(x: Array) -> Array:
    return 1 / (1 + np.exp(-x))


def by_hand(name: str, x: Array, weights: dict[str, Array]) -> Array:
    """The equations of the docstrings in plain numpy, for one sentence (T, E) -> (T, H)."""
    w, b = weights["W"], weights["b"]
    h, c, y = np.zeros(H), np.zeros(H), np.zeros(Y)
    outputs = []
    for x_t in x:
        if name == "feedforward":
            h = np.tanh(w @ x_t + b)
        elif name == "elman":
            h = np.tanh(w @ x_t + weights["U"] @ h + b)
        elif name == "jordan":
            h = np.tanh(w @ x_t + weights["U"] @ y + b)
            scores = np.exp(weights["V"] @ h + weights["c"])
            y = scores / scores.sum()
        elif name == "gru":
            (w_r, w_z, w_n), (u_r, u_z, u_n), (b_r, b_z, b_n) = (np.split(m, 3) for m in (w, weights["U"], b))
            r, z = logistic(w_r @ x_t + u_r @ h + b_r), logistic(w_z @ x_t + u_z @ h + b_z)
            n = np.tanh(w_n @ x_t + b_n + r * (u_n @ h + weights["d"]))
            h = (1 - z) * n + z * h
        else:
            p_i, p_f, p_o = weights.get("p", np.zeros((3, H)))
            i, f, g, o = np.split(w @ x_t + weights["U"] @ h + b, 4)
            before = c
            c = logistic(f + p_f * before) * before + logistic(i + p_i * before) * np.tanh(g)
            h = logistic(o + p_o * c) * np.tanh(c)
        outputs.append(h)
    return np.stack(outputs)


@pytest.mark.parametrize("name", CELLS)
def test_a_cell_follows_its_equations(name: str) -> None:
    cell = random_cell(name)
    weights: dict[str, Any] = cell.arrays()
    x = np.random.default_rng(1).normal(size=(2, 6, E))
    found = cell.unroll(torch.from_numpy(x))
    for sentence, states in zip(x, found, strict=True):
        assert states.detach().numpy() == pytest.approx(by_hand(name, sentence, weights), abs=1e-12)


@pytest.mark.parametrize("name", CELLS)
def test_the_gradients_are_those_of_the_values(name: str) -> None:
    cell = random_cell(name)
    x = torch.randn(2, 3, E, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(cell.unroll, [x])


# --- written out and fused -------------------------------------------------------------------------


def gradients(cell: Cell, x: Tensor, h: Tensor, weight: Tensor) -> dict[str, Tensor]:
    """The gradients of a weighted sum of the outputs, by the input and all weights."""
    learnt = {name: p for name, p in cell.named_parameters() if p.requires_grad}
    return dict(zip(["x", *learnt], torch.autograd.grad((h * weight).sum(), [x, *learnt.values()]), strict=True))


@pytest.mark.parametrize(("sentences", "tokens"), [(1, 1), (3, 1), (1, 7), (4, 5)])
@pytest.mark.parametrize("name", FUSED)
def test_the_written_out_cell_equals_the_fused_one(name: str, sentences: int, tokens: int) -> None:
    cell = random_cell(name)
    x = torch.randn(sentences, tokens, E, dtype=torch.float64, requires_grad=True)
    weight = torch.randn(sentences, tokens, H, dtype=torch.float64)
    written, fused = cell.unroll(x), cell(x)
    assert written.shape == (sentences, tokens, H)
    torch.testing.assert_close(written, fused, rtol=0, atol=1e-12)
    ours, theirs = gradients(cell, x, written, weight), gradients(cell, x, fused, weight)
    assert theirs["x"].any()
    for part, gradient in ours.items():
        torch.testing.assert_close(gradient, theirs[part], rtol=0, atol=1e-12)


@pytest.mark.parametrize("name", ["elman", "lstm"])
def test_torchs_second_bias_stays_out_of_it(name: str) -> None:
    """The arrays have one bias: the other must neither count nor learn."""
    bias = dict(random_cell(name).named_parameters())["fused.bias_hh_l0"]
    assert not bias.any()
    assert not bias.requires_grad


def test_the_forget_gate_starts_open_as_far_as_asked() -> None:
    bias = Lstm(2, 3, forget_bias=1.5).arrays()["b"]
    assert bias.tolist() == [0] * 3 + [1.5] * 3 + [0] * 6


def test_peepholes_start_shut() -> None:
    """A new cell with peepholes is the cell without."""
    torch.manual_seed(1)
    blind = Lstm(2, 3)
    torch.manual_seed(1)
    peeping = Lstm(2, 3, peepholes=True)
    x = torch.randn(2, 5, 2)
    torch.testing.assert_close(peeping(x), blind(x))


# --- the LSTM worked by hand -----------------------------------------------------------------------
# The example of Hung-yi Lee's lectures: x2 = 1 writes x1 into the memory, x2 = -1 empties it, x3 = 1 shows
# it. The candidate and the output have no tanh there.

INPUTS = [(3, 1, 0), (4, 1, 0), (2, 0, 0), (1, 0, 1), (3, -1, 0)]
MEMORY = [3, 7, 7, 7, 0]
SHOWN = [0, 0, 0, 7, 0]
SOFTNESS = 2e-3  # gates of 1 / (1 + e^10) are not quite shut


class Linear(Lstm):
    squash = staticmethod(lambda x: x)


def hand_made(*, candidate: float) -> Linear:
    """One hidden unit; rows i, f, g, o."""
    cell = Linear(3, 1).double()
    with torch.no_grad():
        cell.W.copy_(torch.tensor([[0, 100, 0], [0, 100, 0], [candidate, 0, 0], [0, 0, 100]]))
        cell.U.zero_()
        cell.b.copy_(torch.tensor([-10, 10, 0, -10]))
    return cell


def test_the_hand_worked_lstm() -> None:
    cell = hand_made(candidate=1)
    z = cell.project(torch.tensor([INPUTS], dtype=torch.float64))
    state = cell.initial(z)
    memory, shown = [], []
    for time in range(len(INPUTS)):
        h, state = cell.step(z[:, time], state)
        memory.append(state[1].item())
        shown.append(h.item())
    assert memory == pytest.approx(MEMORY, abs=SOFTNESS)
    assert shown == pytest.approx(SHOWN, abs=SOFTNESS)


def test_the_hand_worked_lstm_in_numpy() -> None:
    """Which always has its tanh: at a small scale that is as good as none."""
    scale = 1e-3
    weights = {name: array.astype(np.float32) for name, array in hand_made(candidate=scale).arrays().items()}
    runtime = LstmRuntime(weights)
    gates: dict[str, NDArray[np.float32]] = {}
    z = runtime.project(np.array(INPUTS, dtype=np.float32))
    shown = runtime.run(z, Packing.of([len(INPUTS)]), backward=False, gates=gates)
    assert (gates["c"][:, 0] / scale).tolist() == pytest.approx(MEMORY, abs=SOFTNESS)
    assert (shown[:, 0] / scale).tolist() == pytest.approx(SHOWN, abs=SOFTNESS)
