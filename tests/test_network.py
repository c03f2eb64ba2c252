import numpy as np
import pytest
import torch
from torch import Tensor

from slotfill.batching import character_ids
from slotfill.config import Config, ModelConfig, TrainingConfig
from slotfill.network import IGNORED, SlotTagger
from slotfill.vocabulary import PAD, Inventory, LabelSet, Vocabulary

torch.set_num_threads(1)  # more are slower at this size

INTENTS = ("airfare", "flight", "time")
WORDS = ["from", "to", "taipei"]


def inventory(intents: tuple[str, ...] = INTENTS) -> Inventory:
    return Inventory(Vocabulary(WORDS), Vocabulary("abcdefg"), LabelSet(["O", "B-city", "I-city"]), LabelSet(intents))


def network(*, layers: int = 1, filters: int = 5, intents: tuple[str, ...] = INTENTS, **training: float) -> SlotTagger:
    torch.manual_seed(1)
    model = ModelConfig(
        hidden=4, layers=layers, word_size=6, character_size=3, character_filters=filters, character_width=3
    )
    return SlotTagger(Config(model, TrainingConfig(**training)), inventory(intents))  # type: ignore[arg-type]


def batch() -> tuple[Tensor, Tensor, Tensor]:
    """Two sentences of three tokens out of four distinct words, the last one unknown."""
    characters = torch.from_numpy(character_ids([*WORDS, "gabe"], inventory().characters))
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


def test_unknown_words_are_told_apart_by_their_characters() -> None:
    characters = torch.from_numpy(character_ids(["abc", "gfe"], inventory().characters))
    unknown = torch.ones(1, 2, dtype=torch.int64)
    features = network().features(unknown, torch.tensor([[0, 1]]), characters)
    assert features.shape == (1, 2, 11)
    assert features[0, 0, :6].equal(features[0, 1, :6])
    assert not features[0, 0, 6:].equal(features[0, 1, 6:])


def test_padding_of_short_words_does_not_count() -> None:
    """The characters of a word give the same features beside a longer word as alone."""
    net, characters = network(), inventory().characters
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
    """The runtime reads zeros beyond the ends of a word, which is what the padding vector must stay."""
    net = network()
    emissions, intent = net(*batch())
    loss = net.loss(emissions, intent, torch.zeros(2, 3, dtype=torch.int64), torch.tensor([0, 1]))
    loss.backward()  # type: ignore[no-untyped-call]
    table = net.features.characters
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
    }
    assert {array.dtype for array in arrays.values()} == {np.dtype(np.float32)}


def test_arrays_hold_every_weight_that_learns() -> None:
    net = network(layers=2)
    learnt = sum(parameter.numel() for parameter in net.parameters() if parameter.requires_grad)
    assert sum(array.size for array in net.arrays().values()) == learnt


def test_without_character_filters_there_are_no_characters() -> None:
    net = network(filters=0)
    emissions, _ = net(*batch())
    assert emissions.shape == (2, 3, 3)
    assert [name for name in net.arrays() if name.startswith("features")] == ["features.words"]
