"""The definition is the enumeration of every valid tag sequence."""

from itertools import pairwise, product

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from slotfill.crf import Crf
from slotfill.tags import is_valid

torch.set_num_threads(1)  # more are slower at this size

TAGS = st.sampled_from(["B-a", "I-a", "B-b", "I-b", "B-a.c"])
LABELS = st.lists(TAGS, max_size=4, unique=True).map(lambda tags: [*tags, "O"])
SEEDS = st.integers(0, 2**32)


def make(tags: list[str], *, length: int, seed: int, scale: float = 1.0) -> tuple[Crf, Tensor]:
    """A CRF with random scores, and emissions (1, T, K)."""
    torch.manual_seed(seed)
    crf = Crf(tags)
    with torch.no_grad():
        crf.A.normal_(std=scale)
    return crf, scale * torch.randn(1, length, len(tags))


def scores(crf: Crf, emissions: Tensor, tags: list[str]) -> dict[tuple[int, ...], Tensor]:
    """The score of every valid sequence, by enumeration."""
    length = emissions.shape[1]
    return {
        path: crf.A[len(tags), path[0]]
        + sum(emissions[0, time, k] for time, k in enumerate(path))
        + sum(crf.A[k, following] for k, following in pairwise(path))
        for path in product(range(len(tags)), repeat=length)
        if is_valid([tags[k] for k in path])
    }


@settings(deadline=None, max_examples=50)
@given(LABELS, st.integers(1, 4), SEEDS)
def test_score_and_partition_are_those_of_the_enumeration(tags: list[str], length: int, seed: int) -> None:
    crf, emissions = make(tags, length=length, seed=seed)
    every = scores(crf, emissions, tags)
    for path, score in every.items():
        assert crf.score(emissions, torch.tensor([path])).item() == pytest.approx(score.item(), abs=1e-4)
    expected = torch.stack(list(every.values())).logsumexp(0).item()
    assert crf.partition(emissions).item() == pytest.approx(expected, abs=1e-4)


@settings(deadline=None, max_examples=20)
@given(LABELS, st.integers(1, 3), SEEDS)
def test_the_probabilities_of_all_sequences_add_up_to_one(tags: list[str], length: int, seed: int) -> None:
    crf, emissions = make(tags, length=length, seed=seed)
    losses = [crf.loss(emissions, torch.tensor([path])).item() for path in scores(crf, emissions, tags)]
    assert torch.tensor(losses).mul(-length).exp().sum().item() == pytest.approx(1, abs=1e-4)


def test_a_batch_is_its_sentences() -> None:
    tags = ["B-a", "I-a", "O"]
    crf, _ = make(tags, length=3, seed=1)
    emissions, gold = torch.randn(4, 3, 3), torch.tensor([[0, 1, 2], [2, 2, 2], [0, 0, 1], [2, 0, 1]])
    alone = [crf.loss(emissions[n : n + 1], gold[n : n + 1]).item() for n in range(4)]
    assert crf.loss(emissions, gold).item() == pytest.approx(sum(alone) / 4, abs=1e-6)


def test_the_gradient_is_the_error_of_the_probabilities() -> None:
    """The derivative of the loss by an emission is the tag's probability there, minus 1 if it is right."""
    tags = ["B-a", "I-a", "B-b", "O"]
    crf, emissions = make(tags, length=3, seed=2)
    emissions.requires_grad_()
    gold = torch.tensor([[0, 1, 3]])
    (gradient,) = torch.autograd.grad(3 * crf.loss(emissions, gold), [emissions])
    expected = torch.zeros(3, len(tags))
    every = scores(crf, emissions.detach(), tags)
    total = torch.stack(list(every.values())).logsumexp(0)
    for path, score in every.items():
        for time, k in enumerate(path):
            expected[time, k] += (score - total).exp().item()
    for time, k in enumerate(gold[0].tolist()):
        expected[time, k] -= 1
    assert torch.allclose(gradient[0], expected, atol=1e-5)


@pytest.mark.parametrize("scale", [1.0, 30.0])
def test_large_scores_stay_finite(scale: float) -> None:
    crf, emissions = make(["B-a", "I-a", "B-b", "I-b", "O"], length=40, seed=3, scale=scale)
    emissions.requires_grad_()
    loss = crf.loss(emissions, torch.full((1, 40), 4))
    torch.autograd.backward(loss)
    assert loss.isfinite()
    assert emissions.grad is not None
    assert emissions.grad.isfinite().all()
    assert crf.A.grad is not None
    assert crf.A.grad.isfinite().all()


def test_forbidden_transitions_are_never_learnt() -> None:
    tags = ["B-a", "I-a", "O"]
    crf, emissions = make(tags, length=4, seed=4)
    torch.autograd.backward(crf.loss(emissions, torch.tensor([[0, 1, 2, 0]])))
    assert crf.A.grad is not None
    assert crf.A.grad[2, 1] == crf.A.grad[3, 1] == 0  # I-a after O, and at the start
    assert crf.A.grad[0, 1] != 0
