"""examples/min_lstm.py: the same as the product's cells, and a lesson that works."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import nn

from examples import min_lstm
from slotfill.cells import Cell
from slotfill.cells.elman import Elman
from slotfill.cells.lstm import Lstm

torch.set_num_threads(1)  # more are slower at this size

ROOT = Path(__file__).parent.parent
FILE = ROOT / "examples" / "min_lstm.py"
Arrays = dict[str, NDArray[np.float64]]
CELLS = {"Elman": Elman, "LSTM": Lstm}
WORDS = ["please", "leave", ".", "taipei", "on", "may", "2nd"]
TAGS = ["O", "O", "O", "fromloc", "O", "depart_date", "depart_date"]


def weights(net: str) -> Arrays:
    w, _ = next(min_lstm.train(net, 1, 0))
    rng = np.random.default_rng(2)
    return {name: rng.normal(size=weight.shape) for name, weight in w.items()}


def ours(net: str, w: Arrays) -> tuple[Cell, nn.Linear]:
    """The product's cell and output layer with the same weights."""
    cell = CELLS[net](len(min_lstm.WORDS), min_lstm.H).double()
    output = nn.Linear(min_lstm.H, len(min_lstm.TAGS)).double()
    with torch.no_grad():
        for name, weight in cell.weights().items():
            weight.copy_(torch.from_numpy(w[name]))
        output.weight.copy_(torch.from_numpy(w["V"]))
        output.bias.copy_(torch.from_numpy(w["b_y"]))
    return cell, output


@pytest.mark.parametrize("net", CELLS)
def test_states_and_gradients_are_those_of_the_products_cells(net: str) -> None:
    w = weights(net)
    loss, gradients = min_lstm.learned(net, w, WORDS, TAGS)
    x = min_lstm.one_hot(WORDS, min_lstm.WORDS)
    cell, output = ours(net, w)

    h = cell(torch.from_numpy(x[None, 1:-1]))
    assert min_lstm.run(net, w, x)[0]["h"][1:-1] == pytest.approx(h[0].detach().numpy(), abs=1e-12)

    gold = torch.tensor([min_lstm.TAGS.index(tag) for tag in TAGS])
    theirs = nn.functional.cross_entropy(output(h)[0], gold, reduction="sum")
    assert loss == pytest.approx(theirs.item())
    learnt = {**cell.weights(), "V": output.weight, "b_y": output.bias}
    found = torch.autograd.grad(theirs, list(learnt.values()))
    assert learnt.keys() == gradients.keys()
    for name, gradient in zip(learnt, found, strict=True):
        assert gradients[name] == pytest.approx(gradient.numpy(), abs=1e-10), name


@pytest.mark.parametrize("net", CELLS)
def test_its_gradient_check_passes_and_can_fail(net: str, monkeypatch: pytest.MonkeyPatch) -> None:
    w = weights(net)
    assert min_lstm.check(net, w, WORDS[:4], TAGS[:4]) < 1e-7
    inputs, forward, backward = min_lstm.NETS[net]
    # as if the loss at t did not know of those that come after it
    monkeypatch.setitem(min_lstm.NETS, net, (inputs, forward, lambda w, s, e: backward(w | {"U": 0 * w["U"]}, s, e)))
    assert min_lstm.check(net, w, WORDS[:4], TAGS[:4]) > 1e-3


@pytest.mark.parametrize("net", CELLS)
def test_both_nets_learn_the_twins(net: str) -> None:
    *_, (w, loss) = min_lstm.train(net, 1, 0)
    assert loss < 0.1
    for verb, (place, date, _) in min_lstm.VERBS.items():
        for city in ("boston", "lima", "taipei"):
            expected = f"{verb} {city}/{place} on november/{date} 2nd/{date}"
            assert min_lstm.shown(net, w, f"{verb} {city} on november 2nd".split()) == expected


def test_an_unknown_word_is_the_first_column() -> None:
    assert min_lstm.one_hot(["taipei", "leave"], ["other", "arrive", "leave"]).tolist() == [
        [0, 0, 0],
        [1, 0, 0],
        [0, 0, 1],
        [0, 0, 0],
    ]


def test_it_is_short_and_shows_the_tags_turning_right() -> None:
    assert len(FILE.read_text(encoding="utf-8").splitlines()) <= 150
    done = subprocess.run([sys.executable, "-W", "error", str(FILE)], capture_output=True, text=True, check=True)
    blocks = done.stdout.split("step ")
    last = "    leave taipei/fromloc on november/depart_date 2nd/depart_date\n"
    assert last not in blocks[1]
    assert blocks[-1].endswith(last)


@pytest.mark.parametrize("argument", ["--help", "-3", "eight", "²"])
def test_another_argument_is_answered_with_the_usage(argument: str) -> None:
    done = subprocess.run([sys.executable, str(FILE), argument], capture_output=True, text=True)
    assert done.returncode == 1
    assert "Use: python examples/min_lstm.py [DOTS" in done.stderr
    assert "Traceback" not in done.stderr
