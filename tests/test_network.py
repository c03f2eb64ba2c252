import numpy as np
import pytest
import torch
from torch import Tensor

from slotfill.batching import character_ids
from slotfill.cells.jordan import Jordan
from slotfill.config import Config, ModelConfig, TrainingConfig
from slotfill.network import IGNORED, SlotTagger
from slotfill.vocabulary import PAD, LabelSet, Vocabularies, Vocabulary

torch.set_num_threads(1)  # more are slower at this size

INTENTS = ("airfare", "flight", "time")
WORDS = ["from", "to", "taipei"]


def vocabularies(intents: tuple[str, ...] = INTENTS) -> Vocabularies:
    return Vocabularies(
        Vocabulary(WORDS), Vocabulary("abcdefg"), LabelSet(["O", "B-city", "I-city"]), LabelSet(intents)
    )


def network(*, layers: int = 1, filters: int = 5, intents: tuple[str, ...] = INTENTS, **training: float) -> SlotTagger:
    torch.manual_seed(1)
    model = ModelConfig(
        hidden=4,
        layers=layers,
        word_size=6,
        affixes="yes",
        character_size=3,
        character_filters=filters,
        character_width=3,
        direct=False,
        crf=False,
    )
    return SlotTagger(Config(model, TrainingConfig(**training)), vocabularies(intents))  # type: ignore[arg-type]


def batch() -> tuple[Tensor, Tensor, Tensor]:
    """Two sentences of three tokens out of four distinct words, the last one unknown."""
    characters = torch.from_numpy(character_ids([*WORDS, "gabe"], vocabularies().characters))
    return torch.tensor([[2, 4, 1], [3, 2, 4]]), torch.tensor([[0, 2, 3], [1, 0, 2]]), characters


# --- scores ----------------------------------------------------------------------------------------


def test_every_token_has_a_score_for_every_tag() -> None:
    emissions, intent = network()(*batch())
    assert emissions.shape == (2, 3, 3)
    assert intent is not None
    assert intent.shape == (2, 3)


def test_without_intents_there_is_no_head() -> None:
    net = network(intents=())
    emissions, intent = net(*batch())
    assert emissions.shape == (2, 3, 3)
    assert intent is None
    loss = net.loss(emissions, intent, torch.zeros(2, 3, dtype=torch.int64), torch.tensor([IGNORED, IGNORED]))
    assert loss.isfinite()
    assert not any(name.startswith("intent") for name in net.arrays())


def test_unknown_words_differ_by_their_characters() -> None:
    characters = torch.from_numpy(character_ids(["abc", "gfe"], vocabularies().characters))
    unknown = torch.ones(1, 2, dtype=torch.int64)
    features = network().features(unknown, torch.tensor([[0, 1]]), characters)
    assert features.shape == (1, 2, 11)
    assert features[0, 0, :6].equal(features[0, 1, :6])
    assert not features[0, 0, 6:].equal(features[0, 1, 6:])


def test_padding_of_short_words_does_not_count() -> None:
    """A word has the same character features beside a longer word as alone."""
    net, characters = network(), vocabularies().characters
    torch.nn.init.ones_(dict(net.named_parameters())["features.convolution.bias"])  # so that padding would respond
    known = torch.tensor([[2]])
    alone = net.features(known, torch.tensor([[0]]), torch.from_numpy(character_ids(["ab"], characters)))
    beside = net.features(known, torch.tensor([[0]]), torch.from_numpy(character_ids(["ab", "abcdefg"], characters)))
    torch.testing.assert_close(alone, beside, rtol=0, atol=1e-6)


def test_dropout_only_while_training() -> None:
    net = network(dropout_in=0.5, dropout_out=0.5)
    assert not net(*batch())[0].equal(net(*batch())[0])
    net.eval()
    assert net(*batch())[0].equal(net(*batch())[0])


# --- loss ------------------------------------------------------------------------------------------


def test_the_loss_by_its_definition() -> None:
    net = network(intent_weight=0.25)
    torch.manual_seed(2)
    emissions, intent = torch.randn(2, 3, 3), torch.randn(2, 3)
    tags, intents = torch.tensor([[0, 1, 2], [2, 2, 0]]), torch.tensor([2, 0])
    of_tags = [-emissions[b, t].log_softmax(0)[tags[b, t]] for b in range(2) for t in range(3)]
    of_intents = [-intent[b].log_softmax(0)[intents[b]] for b in range(2)]
    expected = sum(of_tags) / 6 + 0.25 * sum(of_intents) / 2
    assert net.loss(emissions, intent, tags, intents).item() == pytest.approx(float(expected), abs=1e-6)


def test_sentences_without_intent_do_not_count_in_the_intents_loss() -> None:
    net = network(intent_weight=0.25)
    torch.manual_seed(2)
    emissions, intent = torch.randn(2, 3, 3), torch.randn(2, 3, requires_grad=True)
    tags = torch.tensor([[0, 1, 2], [2, 2, 0]])
    loss = net.loss(emissions, intent, tags, torch.tensor([IGNORED, 1]))
    of_tags = net.loss(emissions, None, tags, torch.tensor([IGNORED, 1]))
    expected = of_tags - 0.25 * intent[1].log_softmax(0)[1]  # the mean over one sentence, not over two
    assert loss.item() == pytest.approx(expected.item(), abs=1e-6)
    (gradient,) = torch.autograd.grad(loss, intent)
    assert gradient[0].tolist() == [0, 0, 0]
    assert gradient[1].any()


def test_a_batch_without_any_intent_has_no_nan() -> None:
    net = network()
    emissions, intent = net(*batch())
    tags = torch.zeros(2, 3, dtype=torch.int64)
    loss = net.loss(emissions, intent, tags, torch.tensor([IGNORED, IGNORED]))
    assert loss.item() == pytest.approx(net.loss(emissions, None, tags, torch.tensor([IGNORED, IGNORED])).item())
    loss.backward()  # type: ignore[no-untyped-call]
    gradients = [p.grad for p in net.parameters() if p.grad is not None]
    assert gradients
    assert all(gradient.isfinite().all() for gradient in gradients)


def test_padding_vectors_never_learn() -> None:
    """The runtime reads zeros beyond the ends of a word, so the padding vector must stay 0."""
    net = network()
    emissions, intent = net(*batch())
    loss = net.loss(emissions, intent, torch.zeros(2, 3, dtype=torch.int64), torch.tensor([0, 1]))
    loss.backward()  # type: ignore[no-untyped-call]
    for table in (net.features.characters, net.features.affixes):
        assert table is not None
        assert table.weight.grad is not None
        assert table.weight.grad.any()
        assert not table.weight.grad[PAD].any()
        assert not table.weight[PAD].any()


# --- arrays ----------------------------------------------------------------------------------------


def test_arrays_have_the_names_and_shapes_of_the_bundle() -> None:
    arrays = network(layers=2).arrays()
    assert {name: array.shape for name, array in arrays.items()} == {
        "features.words": (5, 6),
        "features.affixes": (4097, 6),
        "features.characters": (9, 3),
        "features.filters": (5, 3, 3),
        "features.filters_b": (5,),
        "encoder.0.forward.W": (16, 11),
        "encoder.0.forward.U": (16, 4),
        "encoder.0.forward.b": (16,),
        "encoder.0.backward.W": (16, 11),
        "encoder.0.backward.U": (16, 4),
        "encoder.0.backward.b": (16,),
        "encoder.1.forward.W": (16, 8),
        "encoder.1.forward.U": (16, 4),
        "encoder.1.forward.b": (16,),
        "encoder.1.backward.W": (16, 8),
        "encoder.1.backward.U": (16, 4),
        "encoder.1.backward.b": (16,),
        "emissions.W": (3, 8),
        "emissions.b": (3,),
        "intent.W": (3, 8),
        "intent.b": (3,),
        "temperature": (1,),
    }
    assert {array.dtype for array in arrays.values()} == {np.dtype(np.float32)}


def test_arrays_hold_every_weight_that_learns() -> None:
    net = network(layers=2)
    learnt = sum(parameter.numel() for parameter in net.parameters() if parameter.requires_grad)
    assert sum(array.size for name, array in net.arrays().items() if name != "temperature") == learnt


def test_without_character_filters_there_are_no_characters() -> None:
    net = network(filters=0)
    emissions, _ = net(*batch())
    assert emissions.shape == (2, 3, 3)
    assert [name for name in net.arrays() if name.startswith("features")] == ["features.words", "features.affixes"]


# --- every cell ------------------------------------------------------------------------------------

CELLS = ("feedforward", "elman", "jordan", "gru", "lstm", "lstm with peepholes")


def network_of(cell: str, **model: bool | int) -> SlotTagger:
    """With random weights except for the padding, and without dropout."""
    torch.manual_seed(1)
    config = ModelConfig(
        cell.split()[0],
        hidden=4,
        word_size=6,
        affixes="yes",
        character_size=3,
        character_filters=5,
        peepholes="peepholes" in cell,
        direct=False,
        crf=False,
    )
    net = SlotTagger(Config(config._replace(**model)), vocabularies()).eval()  # type: ignore[arg-type]
    with torch.no_grad():
        for name, parameter in net.named_parameters():
            if parameter.requires_grad:
                parameter[PAD + 1 if name in TABLES else 0 :].normal_()
    return net


TABLES = ("features.words.weight", "features.affixes.weight", "features.characters.weight")


@pytest.mark.parametrize("window", [0, 2], ids="window {}".format)
@pytest.mark.parametrize("bidirectional", [False, True], ids=["one way", "both ways"])
@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize("cell", CELLS)
def test_a_network_loads_the_weights_of_another(cell: str, layers: int, bidirectional: bool, window: int) -> None:
    options = {"layers": layers, "bidirectional": bidirectional, "window": window, "direct": window > 0}
    net, other = (network_of(cell, **options) for _ in range(2))
    with torch.no_grad():
        for parameter in other.parameters():
            if parameter.requires_grad:
                parameter.normal_()
    other.load({name: array.copy() for name, array in net.arrays().items()})
    assert other.arrays().keys() == net.arrays().keys()
    for name, array in net.arrays().items():
        # the sum of a Jordan net's two output biases may be rounded another way
        assert other.arrays()[name] == pytest.approx(array, abs=1e-6), name
    for found, expected in zip(other(*batch()), net(*batch()), strict=True):
        assert found is not None
        torch.testing.assert_close(found, expected, rtol=0, atol=1e-6)


@pytest.mark.parametrize("bidirectional", [False, True], ids=["one way", "both ways"])
@pytest.mark.parametrize("layers", [1, 2])
def test_a_jordan_net_remembers_its_output(layers: int, bidirectional: bool) -> None:
    """Emissions are V h + c of the top layer, summed over both directions; softmax(V h + c) is fed back."""
    net = network_of("jordan", layers=layers, bidirectional=bidirectional)
    assert net.emissions is None
    words, forms, characters = batch()
    x = net.features(words, forms, characters)
    directions = (0, 1) if bidirectional else (0,)
    for layer in range(layers):
        outputs, scores = [], []
        for direction in directions:
            cell = net.encoder.cell(layer, direction)
            assert isinstance(cell, Jordan)
            z = cell.project(x.flip(1) if direction else x)
            y, states, of_cell = cell.initial(z), [], []
            for time in range(x.shape[1]):
                h, y = cell.step(z[:, time], y)
                states.append(h)
                of_cell.append(cell.output(h))
                torch.testing.assert_close(y, of_cell[-1].softmax(1))
            outputs.append(torch.stack(states[::-1] if direction else states, 1))
            scores.append(torch.stack(of_cell[::-1] if direction else of_cell, 1))
        x = torch.cat(outputs, 2)
    found, _ = net(words, forms, characters)
    torch.testing.assert_close(found, sum(scores), rtol=0, atol=1e-6)
    arrays = net.arrays()
    by_arrays = x.detach().numpy() @ arrays["emissions.W"].T + arrays["emissions.b"]
    assert by_arrays == pytest.approx(found.detach().numpy(), abs=1e-5)


@pytest.mark.parametrize("cell", CELLS)
def test_every_weight_learns(cell: str) -> None:
    """Each has a gradient, even the lower output layers of a stacked Jordan net, through the memory alone."""
    net = network_of(cell, layers=2)
    emissions, intent = net(*batch())
    loss = net.loss(emissions, intent, torch.tensor([[0, 1, 2], [2, 2, 0]]), torch.tensor([2, 0]))
    loss.backward()  # type: ignore[no-untyped-call]
    for name, parameter in net.named_parameters():
        if parameter.requires_grad:
            assert parameter.grad is not None, name
            assert parameter.grad.any(), name


@pytest.mark.parametrize("window", [0, 1, 3])
def test_without_memory_a_token_is_scored_by_its_window(window: int) -> None:
    net = network_of("feedforward", window=window)
    characters = torch.from_numpy(character_ids(WORDS, vocabularies().characters))
    forms = torch.tensor([[0] * 9])
    expected, _ = net(forms + 2, forms, characters)
    changed = forms.clone()
    changed[0, 4] = 1
    found, _ = net(changed + 2, changed, characters)
    differs = (found != expected).any(2)[0].tolist()
    assert differs == [abs(time - 4) <= window for time in range(9)]
