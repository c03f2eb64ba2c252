"""docs/how-it-works.md and exercises.md: numbers and formulas hold, the diagrams are those of the script."""

import json
import re
import shlex
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest
import torch
import typer
from numpy.typing import NDArray
from torch import nn

from benchmarks.lesson import arithmetic, counted_twice, learns, parameters
from examples import min_lstm
from slotfill.bundle import is_bundle
from slotfill.cells.elman import Elman
from slotfill.cells.gru import Gru
from slotfill.cells.lstm import Lstm
from slotfill.cli.app import app
from slotfill.comparing import VARIANTS
from slotfill.config import Config, from_assignments
from slotfill.gradients import norms

torch.set_num_threads(1)  # more are slower at this size

ROOT = Path(__file__).parent.parent
PICTURES = ROOT / "docs" / "pictures"
EXAMPLES = ROOT / "examples"
PAGE = (ROOT / "docs" / "how-it-works.md").read_text(encoding="utf-8")
EXERCISES, LECTURES = ((ROOT / "docs" / name).read_text(encoding="utf-8") for name in ("exercises.md", "lectures.md"))
WORDS = " ".join(PAGE.split())  # wherever its lines end
PATIENCE = 300  # seconds; a guard against hanging, not a measure
Array = NDArray[np.float64]


def test_what_is_computed_stands_on_the_page() -> None:
    for name, value in arithmetic().items():
        assert re.search(rf"(?<![\d.,]){re.escape(value)}(?!\d)", WORDS), (name, value)


def test_clipping_is_at_the_norm_that_the_page_says() -> None:
    assert "If its norm is larger than 5 (`training.clip`)" in WORDS
    assert Config().training.clip == 5


@pytest.mark.parametrize(("kind", "name"), [(Elman, "elman"), (Gru, "gru"), (Lstm, "lstm")])
def test_parameters_are_those_of_the_cells(kind: type[Elman | Gru | Lstm], name: str) -> None:
    assert sum(array.size for array in kind(150, 128).arrays().values()) == parameters(150, 128)[name]


# --- counting twice --------------------------------------------------------------------------------


def gradients_of_U(tokens: int) -> tuple[Array, Array, Array, Array]:
    """dL/dU of an Elman net: by torch, as a single sum, as a double sum, and as published with delta in both."""
    H, K = 4, 3
    rng = np.random.default_rng(1)
    x, V, gold = rng.normal(size=(tokens, 2)), rng.normal(size=(K, H)), rng.integers(K, size=tokens)
    torch.manual_seed(1)
    cell = Elman(2, H).double()
    U = cell.U.detach().numpy()
    found = cell(torch.from_numpy(x)[None])
    loss = nn.functional.cross_entropy((found @ torch.from_numpy(V).T)[0], torch.from_numpy(gold), reduction="sum")
    (by_torch,) = torch.autograd.grad(loss, [cell.U])

    h = np.vstack([np.zeros(H), found[0].detach().numpy()])
    scores = np.exp(h @ V.T)
    e = (scores / scores.sum(1, keepdims=True))[1:] - np.eye(K)[gold]
    e = np.vstack([np.zeros(H), e @ V])
    slope = 1 - h**2
    delta = np.zeros((tokens + 2, H))
    for t in range(tokens, 0, -1):
        delta[t] = (e[t] + U.T @ delta[t + 1]) * slope[t]
    single = sum((np.outer(delta[t], h[t - 1]) for t in range(1, tokens + 1)), np.zeros((H, H)))
    double, published = np.zeros((H, H)), np.zeros((H, H))
    for t in range(1, tokens + 1):
        own, total = e[t] * slope[t], delta[t]
        for k in range(t, 0, -1):
            double += np.outer(own, h[k - 1])
            published += np.outer(total, h[k - 1])
            own, total = (U.T @ own) * slope[k - 1], (U.T @ total) * slope[k - 1]
    return by_torch.numpy(), single, double, published


def test_the_published_formula_counts_twice() -> None:
    by_torch, single, double, published = gradients_of_U(6)
    assert single == pytest.approx(by_torch, abs=1e-12)
    assert double == pytest.approx(by_torch, abs=1e-12)
    assert np.linalg.norm(published - by_torch) > 0.1 * np.linalg.norm(by_torch)


def test_of_a_single_token_all_formulas_are_the_same() -> None:
    by_torch, *others = gradients_of_U(1)
    for other in others:
        assert other == pytest.approx(by_torch, abs=1e-12)


def test_each_path_is_counted_once_for_each_of_its_states() -> None:
    assert counted_twice(10) == (10, sum(n + 1 for n in range(10)))


# --- the product of Jacobians ----------------------------------------------------------------------


def test_slopes_are_at_most_a_quarter_and_one() -> None:
    a = torch.linspace(-20, 20, 4001, dtype=torch.float64, requires_grad=True)
    for squash, most in ((torch.sigmoid, 0.25), (torch.tanh, 1.0)):
        (slope,) = torch.autograd.grad(squash(a).sum(), a)
        assert slope.max().item() == pytest.approx(most)
        assert slope[2000].item() == slope.max().item()


@pytest.mark.parametrize(("stretch", "fades"), [(0.9, True), (2.0, False)])
def test_a_gradient_fades_by_the_bound_or_explodes(stretch: float, fades: bool) -> None:
    """All in the middle of tanh, where the slope is 1: the norm is exactly that of the power of U."""
    H, T = 3, 12
    cell = Elman(2, H).double()
    with torch.no_grad():
        cell.U.copy_(stretch * torch.eye(H))
    found = norms(cell, torch.zeros(1, T, 2, dtype=torch.float64))
    assert found == pytest.approx(H**0.5 * stretch ** np.arange(1, T))
    assert (found[-1] < 1) == fades


def test_an_open_forget_gate_reaches_further(monkeypatch: pytest.MonkeyPatch) -> None:
    """One seed, at distances where the table has all seeds or none."""
    monkeypatch.setattr(min_lstm, "FORGET", 0.0)  # put back at the end
    assert learns("LSTM", forget=3, seed=1, gap=8)
    assert not learns("LSTM", forget=0, seed=1, gap=12)
    assert not learns("Elman", forget=0, seed=1, gap=16)


# --- Lee's examples --------------------------------------------------------------------------------


class Linear(Lstm):
    squash = staticmethod(lambda x: x)


def row(name: str) -> list[int]:
    (found,) = re.findall(rf"^\| {name} \| (.*) \|$", PAGE, re.MULTILINE)
    return [int(cell) for cell in found.split(" | ")]


def test_the_table_of_the_hand_worked_cell() -> None:
    cell = Linear(3, 1).double()
    with torch.no_grad():
        cell.W.copy_(torch.tensor([[0, 100, 0], [0, 100, 0], [1, 0, 0], [0, 0, 100]]))
        cell.U.zero_()
        cell.b.copy_(torch.tensor([-10, 10, 0, -10]))
    inputs = torch.tensor([row("x1"), row("x2"), row("x3")], dtype=torch.float64).T
    z = cell.project(inputs[None])
    state = cell.initial(z)
    memory = []
    for z_BG in z.unbind(1):
        _, state = cell.step(z_BG, state)
        memory.append(state[1].item())
    assert memory == pytest.approx(row("memory c"), abs=0.01)
    assert cell.unroll(inputs[None])[0, :, 0].tolist() == pytest.approx(row("output h"), abs=0.01)


def test_the_linear_elman_net() -> None:
    """All weights 1: the outputs are sums."""
    said = re.search(r"The inputs (.*?) give the outputs (.*?)\. ", WORDS)
    assert said
    inputs, outputs = (
        [tuple(map(int, pair)) for pair in re.findall(r"\((\d+), (\d+)\)", part)] for part in said.groups()
    )
    h, found = np.zeros(2), []
    for x in inputs:
        h = np.ones((2, 2)) @ x + np.ones((2, 2)) @ h
        found.append(tuple(np.ones((2, 2)) @ h))
    assert found == outputs


# --- the diagrams ----------------------------------------------------------------------------------


def test_diagrams_are_those_of_the_script(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-W", "error", PICTURES / "draw.py", tmp_path], check=True)
    drawn = sorted(tmp_path.iterdir())
    assert len(drawn) == 5
    for file in drawn:
        assert file.read_bytes() == (PICTURES / file.name).read_bytes(), "run python docs/pictures/draw.py"
        assert f"](pictures/{file.name})" in PAGE
        assert ET.fromstring(file.read_bytes()).tag.endswith("svg")


# --- the exercises ---------------------------------------------------------------------------------


def test_the_notebook_runs_and_its_answers_are_right() -> None:
    notebook = json.loads((EXAMPLES / "exercises.ipynb").read_text(encoding="utf-8"))
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert not any(cell["outputs"] or cell["execution_count"] for cell in code), "clear the outputs"
    assert sum("assert" in "".join(cell["source"]) for cell in code) >= 8
    source = "\n\n".join("".join(cell["source"]) for cell in code)
    command = [sys.executable, "-W", "error", "-c", source]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, cwd=EXAMPLES)
    assert done.returncode == 0, done.stderr
    for net in ("Elman", "LSTM"):  # the parameters
        (count,) = re.findall(rf"^{net} (\d+)$", done.stdout, re.MULTILINE)
        assert f"{int(count):,}" in EXERCISES
    assert "0.966" in done.stdout
    assert "$f = 0.966$" in EXERCISES


def test_each_exercise_has_an_answer_and_each_link_its_heading() -> None:
    parts = re.split(r"^## (\d)\. .*$", EXERCISES, flags=re.MULTILINE)[1:]
    assert parts[::2] == [str(number) for number in range(1, 10)]
    for text in parts[1::2]:
        assert text.count("<details>") == text.count("</details>") >= 1
    for name, goal in (("how-it-works.md", PAGE), ("exercises.md", EXERCISES)):
        headings = re.findall(r"^#+ (.*)$", goal, re.MULTILINE)
        anchors = {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}
        for page in (PAGE, EXERCISES, LECTURES):
            here = "?" if page is goal else ""
            assert set(re.findall(rf"\]\((?:{re.escape(name)}){here}#([^)]+)\)", page)) <= anchors


# --- the commands ----------------------------------------------------------------------------------

COMMANDS = typer.main.get_command(app).commands  # type: ignore[attr-defined]


def commands(page: str) -> list[list[str]]:
    """What a page tells to type: lines that begin with slotfill, and such code in the text that has an argument."""
    joined = page.replace("\\\n", " ")
    lines = re.findall(r"^(?:    )?slotfill (.*)$", joined, re.MULTILINE)
    return [shlex.split(line) for line in (*lines, *re.findall(r"`slotfill ([^`]+)`", joined))]


@pytest.mark.parametrize("page", [PAGE, EXERCISES, LECTURES], ids=["how-it-works", "exercises", "lectures"])
def test_commands_have_the_options_and_models_that_they_name(page: str) -> None:
    found = commands(page)
    assert found
    for name, *arguments in found:
        flags = {flag for parameter in COMMANDS[name].params for flag in parameter.opts}
        assert {argument for argument in arguments if argument.startswith("--")} <= flags, (name, arguments)
        for flag, value in pairwise(arguments):
            if flag == "--cells":
                assert set(value.split(",")) <= set(VARIANTS)
            elif flag == "--set" and name == "train":
                from_assignments([value])
            elif flag == "--config":
                assert (ROOT / value).is_file()
            elif flag == "--model" and value != "mended":  # which exercise 7 has trained before
                assert is_bundle(ROOT / "models" / value)
