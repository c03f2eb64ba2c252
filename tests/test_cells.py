import numpy as np
import pytest
import torch
from torch import Tensor

from slotfill.batching import Packing
from slotfill.cells.lstm import Lstm
from slotfill.runtime.lstm import LstmRuntime

torch.set_num_threads(1)  # more are slower at this size


def random_cell(inputs: int, hidden: int, *, seed: int = 1) -> Lstm:
    """A cell in double precision whose every weight, biases too, is at random."""
    torch.manual_seed(seed)
    cell = Lstm(inputs, hidden).double()
    with torch.no_grad():
        for parameter in cell.parameters():
            if parameter.requires_grad:
                parameter.normal_()
    return cell


def gradients(cell: Lstm, x: Tensor, h: Tensor, weight: Tensor) -> list[Tensor]:
    """The gradients of a weighted sum of the outputs, by the input and all weights."""
    return list(torch.autograd.grad((h * weight).sum(), [x, *(p for p in cell.parameters() if p.requires_grad)]))


@pytest.mark.parametrize(("sentences", "tokens"), [(1, 1), (3, 1), (1, 7), (4, 5)])
def test_the_written_out_lstm_equals_the_fused_one(sentences: int, tokens: int) -> None:
    cell = random_cell(3, 4)
    x = torch.randn(sentences, tokens, 3, dtype=torch.float64, requires_grad=True)
    weight = torch.randn(sentences, tokens, 4, dtype=torch.float64)
    written, fused = cell.unroll(x), cell(x)
    assert written.shape == (sentences, tokens, 4)
    torch.testing.assert_close(written, fused, rtol=0, atol=1e-12)
    by_hand, by_torch = gradients(cell, x, written, weight), gradients(cell, x, fused, weight)
    assert len(by_hand) == 4  # x, W, U, b
    assert all(gradient.abs().max() > 0 for gradient in by_torch[:2])
    for ours, theirs in zip(by_hand, by_torch, strict=True):
        torch.testing.assert_close(ours, theirs, rtol=0, atol=1e-12)


def test_the_lstm_follows_its_equations() -> None:
    """One step in plain numpy from W, U and b, as the docstring has it."""
    cell = random_cell(2, 3)
    w, u, b = (cell.arrays()[name] for name in ("W", "U", "b"))
    assert (w.shape, u.shape, b.shape) == ((12, 2), (12, 3), (12,))
    rng = np.random.default_rng(1)
    x, h, c = rng.normal(size=(5, 2)), rng.normal(size=(5, 3)), rng.normal(size=(5, 3))
    i, f, g, o = np.split(x @ w.T + h @ u.T + b, 4, axis=1)
    expected_c = c / (1 + np.exp(-f)) + np.tanh(g) / (1 + np.exp(-i))
    expected_h = np.tanh(expected_c) / (1 + np.exp(-o))
    z = cell.project(torch.from_numpy(x)[:, None])[:, 0]
    shown, (found_h, found_c) = cell.step(z, (torch.from_numpy(h), torch.from_numpy(c)))
    assert shown is found_h
    assert found_h.detach().numpy() == pytest.approx(expected_h, abs=1e-12)
    assert found_c.detach().numpy() == pytest.approx(expected_c, abs=1e-12)


def test_the_step_has_the_gradients_of_its_values() -> None:
    cell = random_cell(2, 3)

    def step(z: Tensor, h: Tensor, c: Tensor) -> tuple[Tensor, Tensor]:
        _, state = cell.step(z, (h, c))
        return state

    sizes = (12, 3, 3)
    arguments = [torch.randn(2, size, dtype=torch.float64, requires_grad=True) for size in sizes]
    assert torch.autograd.gradcheck(step, arguments)


def test_the_forget_gate_starts_open_as_far_as_asked() -> None:
    bias = Lstm(2, 3, forget_bias=1.5).arrays()["b"]
    assert bias.tolist() == [0] * 3 + [1.5] * 3 + [0] * 6


def test_torchs_second_bias_stays_out_of_it() -> None:
    """The arrays have one bias: the other must neither count nor learn."""
    bias = dict(Lstm(2, 3).named_parameters())["fused.bias_hh_l0"]
    assert bias.tolist() == [0] * 12
    assert not bias.requires_grad


# --- the LSTM worked by hand -----------------------------------------------------------------------
# The example of Hung-yi Lee's lectures: x2 = 1 writes x1 into the memory, x2 = -1 empties it, x3 = 1 shows
# it. There the candidate and the output have no tanh; ours is as good as linear at this small scale.

SCALE = 1e-3
INPUTS = [(3, 1, 0), (4, 1, 0), (2, 0, 0), (1, 0, 1), (3, -1, 0)]
MEMORY = [3, 7, 7, 7, 0]
SHOWN = [0, 0, 0, 7, 0]


def hand_made_cell() -> Lstm:
    """One hidden unit; rows i, f, g, o."""
    cell = Lstm(3, 1).double()
    weights = {
        "weight_ih_l0": [[0, 100, 0], [0, 100, 0], [SCALE, 0, 0], [0, 0, 100]],
        "weight_hh_l0": [[0]] * 4,
        "bias_ih_l0": [-10, 10, 0, -10],
        "bias_hh_l0": [0] * 4,
    }
    cell.fused.load_state_dict({name: torch.tensor(w, dtype=torch.float64) for name, w in weights.items()})
    return cell


def test_the_hand_worked_lstm() -> None:
    cell = hand_made_cell()
    z = cell.project(torch.tensor([INPUTS], dtype=torch.float64))
    state = cell.initial(z)
    memory, shown = [], []
    for time in range(len(INPUTS)):
        h, state = cell.step(z[:, time], state)
        memory.append(state[1].item() / SCALE)
        shown.append(h.item() / SCALE)
    assert memory == pytest.approx(MEMORY, abs=2e-3)  # as soft as gates of 1 / (1 + e^10) are
    assert shown == pytest.approx(SHOWN, abs=2e-3)


def test_the_hand_worked_lstm_in_numpy() -> None:
    runtime = LstmRuntime({name: array.astype(np.float32) for name, array in hand_made_cell().arrays().items()})
    z = runtime.project(np.array(INPUTS, dtype=np.float32))
    shown = runtime.run(z, Packing.of([len(INPUTS)]), backward=False)
    assert (shown[:, 0] / SCALE).tolist() == pytest.approx(SHOWN, abs=2e-3)
