"""The nets that learn on the page /learn: their equations and gradients are those of Python's; and the page itself."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from slotfill.cells import Cell
from slotfill.cells.elman import Elman
from slotfill.cells.feedforward import Feedforward
from slotfill.cells.gru import Gru
from slotfill.cells.jordan import Jordan
from slotfill.cells.lstm import Lstm
from slotfill.encoder import windowed
from slotfill.gradients import norms
from tests.server.test_page import PATIENCE, PHONE, driver
from tests.server.test_running import Server

__all__ = ["driver"]  # a fixture
NETS = files("slotfill.server").joinpath("page", "nets.js")
CELLS = ("feedforward", "window", "elman", "jordan", "lstm", "gru")
REMEMBER = ("elman", "lstm", "gru")
IDS = [3, 0, 4, 1, 4, 2, 5]
TAGS = [0, 2, 1, 0, 1, 1, 2]
WORDS, SIZE, HIDDEN, OUTPUTS = 6, 4, 5, 3


def node(script: str) -> Any:
    """What a script that imports nets.js prints as JSON."""
    if shutil.which("node") is None:
        pytest.skip("no JavaScript outside the browser: `apt-get install nodejs` brings it")
    source = f"import {{ Net }} from {json.dumps(str(NETS))};\n{script}"
    done = subprocess.run(
        ["node", "--input-type=module", "-e", source], capture_output=True, text=True, check=True, timeout=10 * PATIENCE
    )
    return json.loads(done.stdout)


def made(cell: str) -> str:
    """A net in JavaScript whose weights are not small."""
    settings = {"cell": cell, "words": WORDS, "tags": OUTPUTS, "hidden": HIDDEN, "size": SIZE, "forgetBias": 0.5}
    return (
        f"const net = new Net({json.dumps(settings)});"
        "for (const { data } of Object.values(net.weights)) data.forEach((value, n) => {"
        " data[n] = 1.5 * value + 0.3 * Math.sin(n); });"
    )


def cell_of(name: str, weights: dict[str, np.ndarray[Any, Any]]) -> Cell:
    """The same cell in torch, in double precision."""
    inputs = weights["W"].shape[1]
    cell: Cell
    if name in ("feedforward", "window"):
        cell = Feedforward(inputs, HIDDEN)
    elif name == "elman":
        cell = Elman(inputs, HIDDEN)
    elif name == "gru":
        cell = Gru(inputs, HIDDEN)
    elif name == "jordan":
        cell = Jordan(inputs, HIDDEN, outputs=OUTPUTS)
    else:
        cell = Lstm(inputs, HIDDEN)
    cell.double()
    names = {"c": "b_y"}  # of the output's bias in the files of models
    cell.load({key: weights[names.get(key, key)].reshape(tensor.shape) for key, tensor in cell.weights().items()})
    return cell


@pytest.mark.parametrize("name", CELLS)
def test_forward_and_gradients_are_those_of_python(name: str) -> None:
    found = node(
        f"""{made(name)}
        const rows = (matrix, [count, columns]) => Array.from({{ length: count }}, (_, n) =>
          Array.from(matrix.data.subarray(n * columns, (n + 1) * columns)));
        const all = (some) => Object.fromEntries(
          Object.entries(some).map(([key, one]) => [key, rows(one, net.shapes[key])]));
        const gradients = net.zeros();
        const loss = net.backward({IDS}, {TAGS}, gradients);
        const steps = net.forward({IDS});
        console.log(JSON.stringify({{ weights: all(net.weights), gradients: all(gradients), loss,
          h: steps.map((step) => Array.from(step.h)), y: steps.map((step) => Array.from(step.y)),
          reach: net.reach({IDS}) }}));"""
    )
    weights = {key: np.array(rows) for key, rows in found["weights"].items()}
    cell = cell_of(name, weights)
    X = torch.tensor(weights["X"], requires_grad=True)
    V, b_y = (torch.tensor(weights[key], requires_grad=True) for key in ("V", "b_y"))
    x_BTE = windowed(X[IDS][None], 2 if name == "window" else 0)
    h_BTH = cell.unroll(x_BTE)
    if isinstance(cell, Jordan):
        V, b_y = cell.output.weight, cell.output.bias
    scores_TK = h_BTH[0] @ V.T + b_y.flatten()
    loss = torch.nn.functional.cross_entropy(scores_TK, torch.tensor(TAGS))
    torch.autograd.backward(loss)
    assert np.array(found["h"]) == pytest.approx(h_BTH[0].detach().numpy(), abs=1e-12)
    assert np.array(found["y"]) == pytest.approx(scores_TK.softmax(1).detach().numpy(), abs=1e-12)
    assert found["loss"] == pytest.approx(loss.item(), abs=1e-12)
    expected = {"X": X.grad, "V": V.grad, "b_y": b_y.grad}
    expected |= _gradients(cell)
    for key, gradient in expected.items():
        assert gradient is not None
        theirs = np.array(found["gradients"][key]).flatten()
        assert theirs == pytest.approx(gradient.numpy().flatten(), abs=1e-12), key
    if name in ("feedforward", "window"):
        assert found["reach"] == []
    else:
        assert found["reach"] == pytest.approx(norms(cell, x_BTE.detach()).tolist(), rel=1e-9)


def _gradients(cell: Cell) -> dict[str, torch.Tensor | None]:
    if not isinstance(cell, Gru):
        return {key: tensor.grad for key, tensor in cell.weights().items() if key in ("W", "U", "b")}
    first, second = (bias.grad for bias in cell.biases())  # b and d are parts of torch's two
    assert second is not None
    return {"W": cell.W.grad, "U": cell.U.grad, "b": first, "d": second[2 * HIDDEN :]}


@pytest.mark.parametrize("name", CELLS)
def test_the_gradient_is_the_slope_of_the_loss(name: str) -> None:
    """A check that needs no other code: each weight is moved a little to both sides."""
    worst = node(
        f"""{made(name)}
        const gradients = net.zeros();
        net.backward({IDS}, {TAGS}, gradients);
        const step = 1e-5;
        let worst = 0;
        for (const [key, {{ data }}] of Object.entries(net.weights)) data.forEach((value, n) => {{
          const [high, low] = [step, -step].map((more) => {{
            data[n] = value + more;
            return net.backward({IDS}, {TAGS}, net.zeros());
          }});
          data[n] = value;
          worst = Math.max(worst, Math.abs((high - low) / (2 * step) - gradients[key].data[n]));
        }});
        console.log(worst);"""
    )
    assert 0 < worst < 1e-8


def test_nets_that_remember_learn_the_twins_and_the_others_do_not() -> None:
    twins = json.dumps(str(NETS).replace("nets.js", "twins.js"))
    right = node(
        f"""import {{ TAGS, WORD_COUNT, corpus, watched }} from {twins};
        const found = {{}};
        for (const cell of {json.dumps(CELLS)}) {{
          const {{ train, pairs }} = corpus(2, 1);
          const net = new Net({{ cell, words: WORD_COUNT, tags: TAGS.length, hidden: 8 }});
          for (let epoch = 0; epoch < 30; epoch++)
            for (let n = 0; n < train.length; n += 8) net.learn(train.slice(n, n + 8), 0.02);
          const best = ({{ y }}) => y.indexOf(Math.max(...y));
          const isRight = ({{ ids, tags }}) => net.forward(ids).every((step, n) => best(step) === tags[n]);
          const held = new Set(train.map(({{ words }}) => words.join(" ")));
          found[cell] = [pairs.filter((pair) => pair.every(isRight)).length, train.length, watched(2).every(isRight),
            [...pairs.flat(), ...watched(2)].some(({{ words }}) => held.has(words.join(" ")))];
        }}
        console.log(JSON.stringify(found));"""
    )
    assert {cell: found[0] for cell, found in right.items()} == dict.fromkeys(CELLS, 0) | dict.fromkeys(REMEMBER, 24)
    assert {cell: found[2] for cell, found in right.items()} == dict.fromkeys(CELLS, False) | dict.fromkeys(
        REMEMBER, True
    )
    assert all((count, is_known) == (96, False) for _, count, _, is_known in right.values())


# --- the page --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    running = Server(model="travel", log=subprocess.DEVNULL)
    yield running
    running.kill()


@pytest.fixture
def page(driver: webdriver.Chrome, server: Server) -> Iterator[webdriver.Chrome]:
    driver.get(f"http://127.0.0.1:{server.port}/learn")
    until(driver, lambda: texts(driver, ".twin"))
    yield driver
    assert driver.get_log("browser") == []  # type: ignore[no-untyped-call]


def until(driver: webdriver.Chrome, happens: Any) -> None:
    WebDriverWait(driver, PATIENCE, 0.05).until(lambda _: happens())


def texts(page: webdriver.Chrome, selector: str) -> list[str]:
    return [one.text for one in page.find_elements(By.CSS_SELECTOR, selector)]


def set_knob(page: webdriver.Chrome, name: str, value: float) -> None:
    page.execute_script(
        f"const knob = document.querySelector('[name={name}]'); knob.value = {value};"
        "knob.dispatchEvent(new Event('input', { bubbles: true }))"
    )


def test_the_tags_turn_right_while_one_watches(page: webdriver.Chrome) -> None:
    assert "821 weights, all random" in texts(page, "#now")
    assert page.find_elements(By.CSS_SELECTOR, ".twin .wrong")
    play = page.find_element(By.ID, "play")
    play.click()
    assert play.text == "❚❚ Pause"
    until(page, lambda: "cities 100 %, dates 100 %" in texts(page, "#now")[0])
    play.click()
    assert play.text == "▶ Play"
    assert not page.find_elements(By.CSS_SELECTOR, ".twin .wrong")
    assert "to" in texts(page, ".twin:first-child .arrival small")[0]
    assert "departs" in texts(page, ".twin:last-child .departure small")[-1]
    assert len(page.find_elements(By.CSS_SELECTOR, "#reach rect")) == 6
    assert len(page.find_elements(By.CSS_SELECTOR, "#inside canvas")) == 3
    page.find_element(By.ID, "again").click()
    assert "821 weights, all random" in texts(page, "#now")


def test_a_net_without_memory_and_the_knobs(page: webdriver.Chrome) -> None:
    chips = {chip.text: chip for chip in page.find_elements(By.CSS_SELECTOR, "#cells button")}
    assert [*chips] == ["feed-forward", "window", "Elman", "Jordan", "LSTM", "GRU"]
    chips["feed-forward"].click()
    assert texts(page, "#reach") == ["This net has no memory."]
    assert not page.find_element(By.NAME, "forgetBias").is_displayed()
    for _ in range(5):
        page.find_element(By.ID, "step").click()
    assert texts(page, "#now")[0].startswith("epoch 5: loss ")
    taipei = [small.split()[0] for small in texts(page, ".twin span:nth-child(4) small")]
    assert taipei[0] == taipei[1]  # the same after both verbs
    set_knob(page, "rate", -2)
    assert texts(page, "#now")[0].startswith("epoch 5: ")  # it goes on
    set_knob(page, "between", 10)
    assert len(page.find_elements(By.CSS_SELECTOR, ".twin:first-child span")) == 15
    assert "all random" in texts(page, "#now")[0]
    chips["Elman"].click()
    set_knob(page, "hidden", 3)
    assert page.execute_script("return document.querySelector('#inside canvas').height") == 3


def test_the_address_is_a_link_to_the_knobs(page: webdriver.Chrome) -> None:
    page.find_elements(By.CSS_SELECTOR, "#cells button")[2].click()
    set_knob(page, "between", 7)
    set_knob(page, "rate", -1.5)
    page.find_element(By.ID, "other").click()
    query = "?cell=elman&seed=2&hidden=8&between=7&rate=-1.5&forgetBias=1"
    assert page.current_url.endswith(query)
    said = texts(page, ".twin")
    page.get(page.current_url)
    until(page, lambda: texts(page, ".twin") == said)
    assert texts(page, "#cells [aria-pressed=true]") == ["Elman"]
    page.get(page.current_url.replace(query, "?cell=constructor&seed=x&hidden=999"))
    until(page, lambda: texts(page, "#cells [aria-pressed=true]") == ["LSTM"])
    assert page.find_element(By.NAME, "hidden").get_property("value") == "16"  # as far as the knob goes


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_a_phone_and_can_be_read(page: webdriver.Chrome, scheme: str) -> None:
    """Nothing sticks out, and text has the contrast that WCAG asks for, 4.5."""
    size = {"width": PHONE, "height": 800, "deviceScaleFactor": 1, "mobile": False}
    page.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    try:
        set_knob(page, "between", 10)
        page.find_element(By.ID, "step").click()
        assert page.execute_script("return document.documentElement.scrollWidth") <= PHONE
        assert page.execute_script((Path(__file__).parent / "contrast.js").read_text(encoding="utf-8")) == []
    finally:
        page.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
        page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
