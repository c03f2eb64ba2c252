from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from slotfill.batching import character_ids
from slotfill.cells import Cell
from slotfill.cells.elman import Elman
from slotfill.cells.lstm import Lstm
from slotfill.config import Config, ModelConfig
from slotfill.encoder import make_cell, windowed
from slotfill.errors import InputError
from slotfill.gradients import norms, reach
from slotfill.network import SlotTagger
from slotfill.schema import Example
from slotfill.tokenizer import tokenize
from slotfill.vocabulary import Vocabularies

torch.set_num_threads(1)  # more are slower at this size

E, H, Y, T = 3, 4, 5, 7
REMEMBERING = ("elman", "jordan", "gru", "lstm", "lstm with peepholes")


def random_cell(name: str) -> Cell:
    torch.manual_seed(1)
    config = ModelConfig(cell=name.split()[0], hidden=H, peepholes="peepholes" in name)
    cell = make_cell(config, inputs=E, outputs=Y).double()
    with torch.no_grad():
        for parameter in cell.parameters():
            if parameter.requires_grad:
                parameter.normal_()
    return cell


def sentences(count: int) -> Tensor:
    torch.manual_seed(2)
    return torch.randn(count, T, E, dtype=torch.float64)


# --- norms -----------------------------------------------------------------------------------------


def test_norms_of_an_elman_cell_are_those_of_the_product_of_jacobians() -> None:
    """d h_T / d h_{T-k} = J_T J_{T-1} ... J_{T-k+1} with J_t = diag(1 - h_t^2) U."""
    cell = random_cell("elman")
    assert isinstance(cell, Elman)
    x = sentences(2)
    U = cell.U.detach().numpy()
    expected = np.zeros(T - 1)
    for h in cell(x).detach().numpy():
        product = np.eye(H)
        for k in range(1, T):
            product = product @ np.diag(1 - h[T - k] ** 2) @ U
            expected[k - 1] += np.linalg.norm(product) / len(x)
    assert norms(cell, x) == pytest.approx(expected, abs=1e-12)


def with_parts(state: Any, parts: tuple[Tensor, ...]) -> Any:
    return parts if isinstance(state, tuple) else parts[0]


@pytest.mark.parametrize("name", REMEMBERING)
def test_norms_are_those_of_the_jacobian_of_the_whole_state(name: str) -> None:
    """For each sentence and distance: the Jacobian of h after k steps from the state at T - k."""
    cell, x = random_cell(name), sentences(3)
    expected = np.zeros((len(x), T - 1))
    for number, sentence in enumerate(x):
        z = cell.project(sentence[None]).detach()
        states = [cell.initial(z)]
        for time in range(T):
            states.append(cell.step(z[:, time], states[-1])[1])
        for k in range(1, T):
            state = states[T - k]

            def last(*parts: Tensor, state: Any = state, z: Tensor = z, k: int = k) -> Tensor:
                now, h = with_parts(state, parts), z
                for time in range(T - k, T):
                    h, now = cell.step(z[:, time], now)
                return h

            parts = tuple(part.detach() for part in (state if isinstance(state, tuple) else (state,)))
            found = torch.autograd.functional.jacobian(last, parts)  # type: ignore[no-untyped-call]
            jacobians = found if isinstance(found, tuple) else (found,)
            expected[number, k - 1] = sum(j.square().sum().item() for j in jacobians) ** 0.5
    assert norms(cell, x) == pytest.approx(expected.mean(0), abs=1e-12)


def open_lstm(*, forget: float) -> Lstm:
    """A forget gate with this bias, a shut input gate and an open output gate; h feeds nothing."""
    cell = Lstm(E, 1).double()
    with torch.no_grad():
        cell.W.zero_()
        cell.U.zero_()
        cell.b.copy_(torch.tensor([-50.0, forget, 0.0, 50.0]))
    return cell


def test_the_memory_of_an_open_forget_gate_does_not_fade() -> None:
    """c_t = c_{t-1}, and h = tanh(c) at c = 0 has slope 1: after any number of steps the gradient is still 1."""
    assert norms(open_lstm(forget=50), torch.zeros(2, 60, E, dtype=torch.float64)) == pytest.approx(np.ones(59))


def test_through_a_half_open_gate_it_halves_with_each_step() -> None:
    found = norms(open_lstm(forget=0), torch.zeros(2, 10, E, dtype=torch.float64))
    assert found == pytest.approx(0.5 ** np.arange(1, 10))


def test_a_feed_forward_cell_has_no_norms() -> None:
    with pytest.raises(
        InputError, match=r"^a feed-forward net has no memory, and so no such gradient: choose another net$"
    ):
        norms(random_cell("feedforward"), sentences(1))


# --- reach -----------------------------------------------------------------------------------------


def examples(*texts: str) -> list[Example]:
    found = []
    for text in texts:
        tokens = tokenize(text)
        found.append(Example(text, tokens, ("O",) * len(tokens)))
    return found


NINE = "leave Taipei on the second day of next november"
TEN = ["please " + NINE, "would you " + NINE.removeprefix("leave "), "zanzibar " * 10]
TWELVE = "i would like to " + NINE.removesuffix(" november")


def network(**model: Any) -> tuple[SlotTagger, Vocabularies]:
    torch.manual_seed(1)
    vocabularies = Vocabularies.of(examples(NINE, *TEN[:2], TWELVE))
    config = ModelConfig(hidden=H, word_size=6, character_size=3, character_filters=2)._replace(**model)
    return SlotTagger(Config(config), vocabularies).eval(), vocabularies


@pytest.mark.parametrize("model", [{}, {"cell": "gru", "window": 2}, {"cell": "jordan", "layers": 2}], ids=str)
def test_reach_takes_the_lowest_forward_cell_and_the_most_frequent_length(model: dict[str, Any]) -> None:
    net, vocabularies = network(**model)
    words = [example.text.lower().split() for example in examples(*TEN)]
    with torch.no_grad():
        features = [
            net.features(
                torch.tensor([[vocabularies.words.id(word) for word in sentence]]),
                torch.arange(10)[None],
                torch.from_numpy(character_ids(sentence, vocabularies.characters)),
            )
            for sentence in words
        ]
    expected = norms(net.encoder.cell(0, 0), windowed(torch.cat(features), net.encoder.window))
    found = reach(net, examples(NINE, NINE, NINE, NINE, TEN[0], TWELVE, *TEN[1:]), vocabularies)
    assert found.shape == (9,)
    assert found == pytest.approx(expected, rel=1e-4)


def test_of_two_equally_frequent_lengths_the_longer_counts() -> None:
    net, vocabularies = network()
    assert reach(net, examples(TEN[0], TWELVE), vocabularies).shape == (11,)


@pytest.mark.parametrize("texts", [(), (NINE, NINE)])
def test_short_sentences_do_not_show_a_memory_fade(texts: tuple[str, ...]) -> None:
    net, vocabularies = network()
    with pytest.raises(InputError, match=r"^no sentence has 10 tokens: too short to see a memory fade$"):
        reach(net, examples(*texts), vocabularies)


def test_reach_of_a_feed_forward_net() -> None:
    net, vocabularies = network(cell="feedforward")
    with pytest.raises(InputError, match="has no memory"):
        reach(net, examples(*TEN), vocabularies)
