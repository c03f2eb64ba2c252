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


CELLS = ("feedforward", "elman", "jordan", "gru", "lstm", "lstm with peepholes")


def encoder(
    cell: str = "lstm", *, inputs: int = 3, layers: int = 1, bidirectional: bool = True, dropout: float = 0.0
) -> Encoder:
    """All weights that learn are random."""
    torch.manual_seed(1)
    peepholes = "peepholes" in cell
    config = ModelConfig(cell.split()[0], hidden=4, layers=layers, bidirectional=bidirectional, peepholes=peepholes)
    net = Encoder(inputs, config, outputs=5, dropout=dropout).double()
    with torch.no_grad():
        for parameter in net.parameters():
            if parameter.requires_grad:
                parameter.normal_()
    return net


def sentences(batch: int, tokens: int, size: int = 3) -> Tensor:
    torch.manual_seed(2)
    return torch.randn(batch, tokens, size, dtype=torch.float64)


# --- directions ------------------------------------------------------------------------------------


@pytest.mark.parametrize("cell", CELLS)
def test_backward_is_forward_on_the_reversed_sentence(cell: str) -> None:
    both, one = encoder(cell), encoder(cell, bidirectional=False)
    x = sentences(2, 5)
    for direction in (0, 1):
        both.cell(0, direction).load_state_dict(one.cell(0, 0).state_dict())
    states = both(x)
    torch.testing.assert_close(states[..., :4], one(x), rtol=0, atol=1e-12)
    torch.testing.assert_close(states[..., 4:], one(x.flip(1)).flip(1), rtol=0, atol=1e-12)


@pytest.mark.parametrize("cell", CELLS)
def test_each_direction_sees_only_its_own_side(cell: str) -> None:
    net = encoder(cell)
    x = sentences(1, 6)
    changed = x.clone()
    changed[:, 3] += 1
    differs = (net(x) != net(changed)).squeeze(0)
    remembers = cell != "feedforward"
    assert differs[:, :4].any(1).tolist() == [False, False, False, True, remembers, remembers]  # forward
    assert differs[:, 4:].any(1).tolist() == [remembers, remembers, remembers, True, False, False]  # backward


def test_directions_have_separate_weights() -> None:
    net = encoder()
    one, other = (net.cell(0, direction).arrays() for direction in (0, 1))
    assert all((one[name] != other[name]).all() for name in ("W", "U"))


@pytest.mark.parametrize("cell", CELLS)
def test_sentences_of_a_batch_are_independent(cell: str) -> None:
    net = encoder(cell, layers=2)
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


@pytest.mark.parametrize("cell", CELLS)
def test_a_layer_reads_the_layer_below(cell: str) -> None:
    """Two layers are one layer after another."""
    two, first, second = encoder(cell, layers=2), encoder(cell), encoder(cell, inputs=8)
    for direction in (0, 1):
        first.cell(0, direction).load_state_dict(two.cell(0, direction).state_dict())
        second.cell(0, direction).load_state_dict(two.cell(1, direction).state_dict())
    x = sentences(2, 5)
    torch.testing.assert_close(two(x), second(first(x)), rtol=0, atol=1e-12)


def test_the_configured_forget_bias_is_used() -> None:
    config = ModelConfig(hidden=2, layers=2, forget_bias=3.0)
    net = Encoder(3, config, outputs=5, dropout=0.0)
    biases = [net.cell(layer, direction).arrays()["b"].tolist() for layer in (0, 1) for direction in (0, 1)]
    assert biases == [[0, 0, 3, 3, 0, 0, 0, 0]] * 4


# --- cells and windows -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "cell"),
    [("feedforward", Feedforward), ("elman", Elman), ("jordan", Jordan), ("lstm", Lstm), ("gru", Gru)],
)
def test_the_configured_cell_is_used(name: str, cell: type[Cell]) -> None:
    net = Encoder(3, ModelConfig(cell=name, hidden=4), outputs=5, dropout=0.0)
    assert [type(net.cell(0, direction)) for direction in (0, 1)] == [cell, cell]


def test_peepholes_belong_to_the_lstm() -> None:
    found = Encoder(3, ModelConfig(hidden=4, peepholes=True), outputs=5, dropout=0.0).cell(0, 0)
    assert isinstance(found, Lstm)
    assert found.p is not None


@pytest.mark.parametrize("cell", ["feedforward", "elman", "jordan", "gru"])
def test_no_other_cell_has_peepholes(cell: str) -> None:
    with pytest.raises(ConfigError) as caught:
        Encoder(3, ModelConfig(cell, hidden=4, peepholes=True), outputs=5, dropout=0.0)
    assert str(caught.value) == f"model.peepholes belongs to the lstm, and model.cell is {cell}: leave one out"


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


@pytest.mark.parametrize("window", [0, 1, 2])
def test_without_memory_a_state_sees_only_its_window(window: int) -> None:
    config = ModelConfig(cell="feedforward", hidden=4, window=window)
    net = Encoder(3, config, outputs=5, dropout=0.0).double()
    x = sentences(1, 9)
    changed = x.clone()
    changed[:, 4] += 1
    expected = [abs(time - 4) <= window for time in range(9)]
    assert (net(x) != net(changed)).any(2).tolist() == [expected]


@pytest.mark.parametrize("cell", CELLS)
def test_a_window_adds_to_the_memory(cell: str) -> None:
    """A left-to-right net with a window looks exactly that far ahead."""
    config = ModelConfig(cell.split()[0], hidden=4, window=2, bidirectional=False, peepholes="peepholes" in cell)
    net = Encoder(3, config, outputs=5, dropout=0.0).double()
    x = sentences(1, 9)
    changed = x.clone()
    changed[:, 4] += 1
    remembers = cell != "feedforward"
    expected = [False, False, True, True, True, True, True, remembers, remembers]
    assert (net(x) != net(changed)).any(2).tolist() == [expected]


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
