import pytest
import torch
from torch import Tensor

from slotfill.cells import Cell
from slotfill.cells.elman import Elman
from slotfill.cells.feedforward import Feedforward
from slotfill.cells.gru import Gru
from slotfill.cells.jordan import Jordan
from slotfill.cells.lstm import Lstm
from slotfill.config import ModelConfig
from slotfill.encoder import Encoder, SharedDropout, windowed
from slotfill.errors import ConfigError

torch.set_num_threads(1)  # more are slower at this size


def encoder(*, inputs: int = 3, layers: int = 1, bidirectional: bool = True, dropout: float = 0.0) -> Encoder:
    torch.manual_seed(1)
    config = ModelConfig(hidden=4, layers=layers, bidirectional=bidirectional)
    return Encoder(inputs, config, outputs=5, dropout=dropout).double()


def sentences(batch: int, tokens: int, size: int = 3) -> Tensor:
    torch.manual_seed(2)
    return torch.randn(batch, tokens, size, dtype=torch.float64)


# --- directions ------------------------------------------------------------------------------------


def test_backward_is_forward_on_the_reversed_sentence() -> None:
    both, one = encoder(), encoder(bidirectional=False)
    x = sentences(2, 5)
    for direction in (0, 1):
        both.cell(0, direction).load_state_dict(one.cell(0, 0).state_dict())
    states = both(x)
    torch.testing.assert_close(states[..., :4], one(x), rtol=0, atol=1e-12)
    torch.testing.assert_close(states[..., 4:], one(x.flip(1)).flip(1), rtol=0, atol=1e-12)


def test_each_direction_sees_its_own_side_only() -> None:
    net = encoder()
    x = sentences(1, 6)
    changed = x.clone()
    changed[:, 3] += 1
    differs = (net(x) != net(changed)).squeeze(0)
    assert differs[:, :4].any(1).tolist() == [False, False, False, True, True, True]  # forward
    assert differs[:, 4:].any(1).tolist() == [True, True, True, True, False, False]  # backward


def test_directions_have_weights_of_their_own() -> None:
    net = encoder()
    one, other = (net.cell(0, direction).arrays() for direction in (0, 1))
    assert all((one[name] != other[name]).all() for name in ("W", "U"))


def test_sentences_of_a_batch_do_not_meet() -> None:
    net = encoder(layers=2)
    x = sentences(3, 4)
    alone = torch.cat([net(sentence[None]) for sentence in x])
    torch.testing.assert_close(net(x), alone, rtol=0, atol=1e-12)


# --- layers ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("bidirectional", [True, False])
@pytest.mark.parametrize("layers", [1, 2, 3])
def test_layers_stack(layers: int, bidirectional: bool) -> None:
    net = encoder(layers=layers, bidirectional=bidirectional)
    states = 8 if bidirectional else 4
    assert net.size == states
    assert net(sentences(2, 5)).shape == (2, 5, states)
    for layer in range(layers):
        for direction in range(net.directions):
            assert net.cell(layer, direction).inputs == (states if layer else 3)


def test_a_layer_reads_the_one_below() -> None:
    """Two layers are one layer after another."""
    two, first, second = encoder(layers=2), encoder(), encoder(inputs=8)
    for direction in (0, 1):
        first.cell(0, direction).load_state_dict(two.cell(0, direction).state_dict())
        second.cell(0, direction).load_state_dict(two.cell(1, direction).state_dict())
    x = sentences(2, 5)
    torch.testing.assert_close(two(x), second(first(x)), rtol=0, atol=1e-12)


def test_the_forget_bias_of_the_configuration_is_taken() -> None:
    config = ModelConfig(hidden=2, layers=2, forget_bias=3.0)
    net = Encoder(3, config, outputs=5, dropout=0.0)
    biases = [net.cell(layer, direction).arrays()["b"].tolist() for layer in (0, 1) for direction in (0, 1)]
    assert biases == [[0, 0, 3, 3, 0, 0, 0, 0]] * 4


# --- cells and windows -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "cell"),
    [("feedforward", Feedforward), ("elman", Elman), ("jordan", Jordan), ("lstm", Lstm), ("gru", Gru)],
)
def test_the_cell_of_the_configuration_is_taken(name: str, cell: type[Cell]) -> None:
    net = Encoder(3, ModelConfig(cell=name, hidden=4), outputs=5, dropout=0.0)
    assert [type(net.cell(0, direction)) for direction in (0, 1)] == [cell, cell]


def test_peepholes_belong_to_the_lstm() -> None:
    found = Encoder(3, ModelConfig(hidden=4, peepholes=True), outputs=5, dropout=0.0).cell(0, 0)
    assert isinstance(found, Lstm)
    assert found.p is not None
    with pytest.raises(ConfigError, match=r"model\.peepholes.*gru"):
        Encoder(3, ModelConfig(cell="gru", hidden=4, peepholes=True), outputs=5, dropout=0.0)


@pytest.mark.parametrize("window", [1, 2, 6])
def test_a_window_shows_the_neighbours(window: int) -> None:
    x = sentences(2, 4)
    found = windowed(x, window)
    assert found.shape == (2, 4, (2 * window + 1) * 3)
    for time in range(4):
        places = found[:, time].chunk(2 * window + 1, dim=1)
        for place, neighbour in zip(places, range(time - window, time + window + 1), strict=True):
            expected = x[:, neighbour] if 0 <= neighbour < 4 else torch.zeros(2, 3)
            assert place.tolist() == expected.tolist()


def test_without_memory_a_state_sees_its_window_alone() -> None:
    config = ModelConfig(cell="feedforward", hidden=4, window=1, bidirectional=False)
    net = Encoder(3, config, outputs=5, dropout=0.0).double()
    x = sentences(1, 6)
    changed = x.clone()
    changed[:, 3] += 1
    assert (net(x) != net(changed)).any(2).tolist() == [[False, False, True, True, True, False]]


# --- dropout ---------------------------------------------------------------------------------------


def test_dropout_is_shared_over_time_and_keeps_the_mean() -> None:
    torch.manual_seed(1)
    dropped = SharedDropout(0.3)(torch.ones(400, 5, 50))
    assert (dropped == dropped[:, :1]).all()
    # a feature is either gone or scaled up; not the same ones in every sentence
    assert dropped.unique().tolist() == pytest.approx([0, 1 / 0.7])
    assert not (dropped == dropped[:1]).all()
    # 20,000 draws: the mean's standard deviation is 0.0046
    assert dropped.mean().item() == pytest.approx(1, abs=0.03)


@pytest.mark.parametrize("rate", [0.0, 0.5])
def test_dropout_is_off_outside_training(rate: float) -> None:
    x = sentences(2, 5)
    assert SharedDropout(rate).eval()(x) is x


def test_no_dropout_at_rate_0() -> None:
    x = sentences(2, 5)
    assert SharedDropout(0.0)(x) is x


def test_the_encoder_drops_between_layers_while_training() -> None:
    net, plain = encoder(layers=2, dropout=0.5), encoder(layers=2)
    x = sentences(2, 5)
    torch.manual_seed(3)
    dropped = net(x)
    # what the last layer gives is dropped for the whole sentence ...
    gone = (dropped == 0).all(1)
    assert gone.any()
    assert not gone.all()
    # ... and what is left is not just scaled: the layer below was dropped as well
    kept = ~gone[:, None].expand_as(dropped)
    assert not torch.allclose(dropped[kept], 2 * plain(x)[kept])
    torch.testing.assert_close(net.eval()(x), plain(x), rtol=0, atol=0)
