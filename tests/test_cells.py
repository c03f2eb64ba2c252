"""One table of tests for all cells: `by_hand` defines each of them in plain numpy."""

from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from slotfill.batching import Packing
from slotfill.cells import Cell
from slotfill.cells.elman import Elman
from slotfill.cells.lstm import Lstm
from slotfill.cells.through_time import peephole_lstm
from slotfill.config import ModelConfig
from slotfill.encoder import make_cell
from slotfill.runtime.lstm import LstmRuntime
from slotfill.worked.lstm import LEE, LEE_WORKED

torch.set_num_threads(1)  # more are slower at this size

Array = NDArray[np.float64]

E, H, Y = 3, 4, 5
CELLS = ("feedforward", "elman", "jordan", "gru", "lstm", "lstm with peepholes")


def random_cell(name: str) -> Cell:
    """A cell in double precision with random weights and biases."""
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


def mixed(one: Any, other: Any) -> Any:
    """A state with the first sentence of `one` and the second of `other`."""
    if one is None:
        return None
    if isinstance(one, tuple):
        return tuple(mixed(*parts) for parts in zip(one, other, strict=True))
    return torch.stack([one[0], other[1]])


@pytest.mark.parametrize("name", CELLS)
def test_a_cell_remembers_only_its_state(name: str) -> None:
    """One sentence is reset to the initial state, while the other one in the batch goes on."""
    cell = random_cell(name)
    x = torch.randn(2, 6, E, dtype=torch.float64)
    whole, z = cell.unroll(x), cell.project(x)
    state = first = cell.initial(z)
    for time in range(6):
        h, _ = cell.step(z[:, time], mixed(state, first))
        _, state = cell.step(z[:, time], state)
        torch.testing.assert_close(h[0], whole[0, time], rtol=0, atol=1e-12)
        torch.testing.assert_close(h[1], cell.unroll(x[1:, time : time + 1])[0, 0], rtol=0, atol=1e-12)


class Unrolled(nn.Module):
    """A cell in its written-out form."""

    def __init__(self, cell: Cell) -> None:
        super().__init__()
        self.cell = cell

    def forward(self, x: Tensor) -> Tensor:
        return self.cell.unroll(x)


@pytest.mark.parametrize("name", CELLS)
def test_gradients_match_finite_differences(name: str) -> None:
    """For the input and for every weight that learns."""
    net = Unrolled(random_cell(name))
    x = torch.randn(2, 3, E, dtype=torch.float64, requires_grad=True)
    learnt = {name: p.detach().requires_grad_() for name, p in net.named_parameters() if p.requires_grad}

    def run(x: Tensor, *weights: Tensor) -> Tensor:
        found: Tensor = torch.func.functional_call(net, dict(zip(learnt, weights, strict=True)), x)
        return found

    assert torch.autograd.gradcheck(run, [x, *learnt.values()])


@pytest.mark.parametrize("name", CELLS)
def test_a_cell_has_a_memory_or_none(name: str) -> None:
    """Each token changes the states after it and none before it; in a feed-forward net, only its own."""
    cell = random_cell(name)
    x = torch.randn(1, 5, E, dtype=torch.float64)
    changed = x.clone()
    changed[:, 2] += 1
    differs = (cell(x) != cell(changed)).any(2).tolist()
    assert differs == [[False, False, True, *[name != "feedforward"] * 2]]


# --- back-propagation through time -----------------------------------------------------------------


def test_back_propagation_through_time_follows_its_formula() -> None:
    """The gradients of an Elman net without autograd (Werbos 1990), term by term.

        h_t = tanh(W x_t + U h_{t-1} + b)       the net
        p_t = softmax(V h_t + c)                what it believes of token t
        L   = sum_t -log p_t[target_t]          the loss

    The error that token t makes, as seen by its own output layer, is e_t = p_t - onehot(target_t). Going back in time
    from t to k it passes through the Jacobian of each step on its way,

        d h_s / d h_{s-1} = J_s = diag(1 - h_s^2) U

    and enters step k's weights through the slope of its tanh. So the share of the pair (t, k <= t) is the row

        delta_{t,k} = e_t V  J_t J_{t-1} ... J_{k+1}  diag(1 - h_k^2)

    and the gradients are sums over all pairs:

        dL/dW = sum_{t,k} delta_{t,k} x_k       dL/dV = sum_t e_t h_t
        dL/dU = sum_{t,k} delta_{t,k} h_{k-1}   dL/dc = sum_t e_t
        dL/db = sum_{t,k} delta_{t,k}
    """
    T = 7
    cell = random_cell("elman")
    weights: dict[str, Any] = cell.arrays()
    W, U, b = weights["W"], weights["U"], weights["b"]
    rng = np.random.default_rng(1)
    x, V, c = rng.normal(size=(T, E)), rng.normal(size=(Y, H)), rng.normal(size=Y)
    targets = rng.integers(Y, size=T)

    h = [np.zeros(H)]  # h[0] is before the first token, and x[0] the first token
    for x_t in x:
        h.append(np.tanh(W @ x_t + U @ h[-1] + b))

    expected = {name: np.zeros_like(array) for name, array in [("W", W), ("U", U), ("b", b), ("V", V), ("c", c)]}
    for t in range(1, T + 1):
        scores = np.exp(V @ h[t] + c)
        error = scores / scores.sum() - np.eye(Y)[targets[t - 1]]
        expected["V"] += np.outer(error, h[t])
        expected["c"] += error
        for k in range(1, t + 1):
            row = error @ V
            for s in range(t, k, -1):
                row = row @ (np.diag(1 - h[s] ** 2) @ U)
            delta = row @ np.diag(1 - h[k] ** 2)
            expected["W"] += np.outer(delta, x[k - 1])
            expected["U"] += np.outer(delta, h[k - 1])
            expected["b"] += delta

    assert isinstance(cell, Elman)
    output = nn.Linear(H, Y, dtype=torch.float64)
    with torch.no_grad():
        output.weight.copy_(torch.from_numpy(V))
        output.bias.copy_(torch.from_numpy(c))
    states = cell(torch.from_numpy(x)[None])
    loss = nn.functional.cross_entropy(output(states)[0], torch.from_numpy(targets), reduction="sum")
    learnt = {"W": cell.W, "U": cell.U, "b": cell.b, "V": output.weight, "c": output.bias}
    for (name, array), gradient in zip(expected.items(), torch.autograd.grad(loss, list(learnt.values())), strict=True):
        assert gradient.numpy() == pytest.approx(array, abs=1e-12), name


# --- written out and fused -------------------------------------------------------------------------


def gradients(cell: Cell, x: Tensor, h: Tensor, weight: Tensor) -> dict[str, Tensor]:
    """The gradients of a weighted sum of the outputs with respect to the input and all weights."""
    learnt = {name: p for name, p in cell.named_parameters() if p.requires_grad}
    # after a single token, a Jordan net has not yet read its own output
    found = torch.autograd.grad((h * weight).sum(), [x, *learnt.values()], materialize_grads=True)
    return dict(zip(["x", *learnt], found, strict=True))


@pytest.mark.parametrize(("sentences", "tokens"), [(1, 1), (3, 1), (1, 7), (4, 5)])
@pytest.mark.parametrize("name", CELLS)
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


def test_the_gradients_of_peepholes_match_finite_differences() -> None:
    """Their back-propagation through time is ours, not autograd's."""
    cell = random_cell("lstm with peepholes")
    assert isinstance(cell, Lstm)
    assert cell.p is not None
    z = torch.randn(4, 2, 4 * H, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(peephole_lstm, (z, cell.U, cell.p))


@pytest.mark.parametrize("name", CELLS)
def test_cells_run_torchs_fused_form(name: str) -> None:
    """Training runs torch's loop if torch has one, and ours otherwise."""
    fused = {"elman": nn.RNN, "gru": nn.GRU, "lstm": nn.LSTM}.get(name)
    cell = random_cell(name)
    called: list[type[nn.Module]] = []
    for module in cell.modules():
        module.register_forward_hook(lambda module, _inputs, _output: called.append(type(module)))
    cell(torch.randn(1, 2, E, dtype=torch.float64))
    assert [kind for kind in called if issubclass(kind, nn.RNNBase)] == ([fused] if fused else [])


def test_zero_peepholes_change_nothing() -> None:
    """With p = 0, the values and the other gradients are those of the plain LSTM; p itself has a gradient."""
    plain, peeping = random_cell("lstm"), random_cell("lstm with peepholes")
    assert isinstance(peeping, Lstm)
    assert peeping.p is not None
    nn.init.zeros_(peeping.p)
    peeping.load_state_dict(plain.state_dict() | {"p": peeping.p.detach()})
    x = torch.randn(3, 5, E, dtype=torch.float64, requires_grad=True)
    weight = torch.randn(3, 5, H, dtype=torch.float64)
    torch.testing.assert_close(peeping(x), plain(x), rtol=0, atol=1e-12)
    ours, theirs = (gradients(cell, x, cell(x), weight) for cell in (peeping, plain))
    assert ours.pop("p").all()
    assert ours.keys() == theirs.keys()
    for part, gradient in ours.items():
        torch.testing.assert_close(gradient, theirs[part], rtol=0, atol=1e-12)


@pytest.mark.parametrize("name", CELLS)
def test_a_cell_loads_the_weights_of_another(name: str) -> None:
    cell, other = random_cell(name), random_cell(name)
    with torch.no_grad():
        for parameter in other.parameters():
            if parameter.requires_grad:
                parameter.normal_()  # whatever was there, both of a GRU's biases too
    x = torch.randn(2, 5, E, dtype=torch.float64)
    assert not torch.allclose(other(x), cell(x))
    arrays = {key: array.copy() for key, array in cell.arrays().items()}
    other.load(arrays)
    found = other.arrays()
    assert found.keys() == arrays.keys()
    for key, array in arrays.items():
        assert (found[key] == array).all(), key
    for form in (Cell.forward, type(other).forward):
        torch.testing.assert_close(form(other, x), form(cell, x), rtol=0, atol=1e-12)


@pytest.mark.parametrize("name", ["elman", "lstm"])
def test_torchs_second_bias_stays_0(name: str) -> None:
    """The arrays have one bias: the other must have no effect and not learn."""
    bias = dict(random_cell(name).named_parameters())["fused.bias_hh_l0"]
    assert not bias.any()
    assert not bias.requires_grad


def test_the_forget_gate_starts_at_its_bias() -> None:
    bias = Lstm(2, 3, forget_bias=1.5).arrays()["b"]
    assert bias.tolist() == [0] * 3 + [1.5] * 3 + [0] * 6


def test_peepholes_start_at_0() -> None:
    """A new cell with peepholes computes the same as one without."""
    torch.manual_seed(1)
    blind = Lstm(2, 3)
    torch.manual_seed(1)
    peeping = Lstm(2, 3, peepholes=True)
    x = torch.randn(2, 5, 2)
    torch.testing.assert_close(peeping(x), blind(x))


# --- the LSTM worked by hand -----------------------------------------------------------------------
# The example of Hung-yi Lee's lectures, of slotfill/worked; tests/test_worked.py holds more of it against the cells.

MEMORY = [3, 7, 7, 7, 0]
SHOWN = [0, 0, 0, 7, 0]
SOFTNESS = 2e-3  # gates of 1 / (1 + e^10) are not quite shut


class Linear(Lstm):
    squash = staticmethod(lambda x: x)


def hand_made(*, candidate: float) -> Linear:
    """One hidden unit; rows i, f, g, o."""
    lines = (LEE.input, LEE.forget, LEE.candidate.replace(x=(candidate, 0.0, 0.0)), LEE.output)
    cell = Linear(3, 1).double()
    with torch.no_grad():
        cell.W.copy_(torch.tensor([line.x for line in lines]))
        cell.U.zero_()
        cell.b.copy_(torch.tensor([line.bias for line in lines]))
    return cell


def test_the_hand_worked_lstm() -> None:
    cell = hand_made(candidate=1)
    z = cell.project(torch.tensor([LEE_WORKED], dtype=torch.float64))
    state = cell.initial(z)
    memory, shown = [], []
    for time in range(len(LEE_WORKED)):
        h, state = cell.step(z[:, time], state)
        memory.append(state[1].item())
        shown.append(h.item())
    assert memory == pytest.approx(MEMORY, abs=SOFTNESS)
    assert shown == pytest.approx(SHOWN, abs=SOFTNESS)


def test_the_hand_worked_lstm_in_numpy() -> None:
    """The runtime always applies tanh: at a small scale it is close to the identity."""
    scale = 1e-3
    weights = {name: array.astype(np.float32) for name, array in hand_made(candidate=scale).arrays().items()}
    runtime = LstmRuntime(weights)
    gates: dict[str, NDArray[np.float32]] = {}
    inputs = np.array(LEE_WORKED, dtype=np.float32)
    shown = np.empty((len(LEE_WORKED), 1), dtype=np.float32)

    def read(start: int, end: int, out: NDArray[np.float32]) -> None:
        runtime.project(inputs[start:end], out)

    runtime.run(
        read,
        Packing.of([len(LEE_WORKED)]),
        out=shown,
        gates=gates,
    )
    assert (gates["c"][:, 0] / scale).tolist() == pytest.approx(MEMORY, abs=SOFTNESS)
    assert (shown[:, 0] / scale).tolist() == pytest.approx(SHOWN, abs=SOFTNESS)
