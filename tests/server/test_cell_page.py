"""The page of a cell by hand in a real browser, with the numbers of slotfill/worked; skipped where there is none."""

import json
import re
import shlex
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import Select, WebDriverWait

from slotfill.worked import lstm, simple
from slotfill.worked.numbers import short
from tests.cli.conftest import slotfill
from tests.server.test_page import LATIN, PATIENCE, PHONE, UNREACHABLE, chinese, driver, server
from tests.server.test_running import Server

__all__ = ["chinese", "driver", "server", "slotfill"]  # fixtures


class CellPage:
    """The page as a person uses it."""

    def __init__(self, driver: webdriver.Chrome, port: int, query: str = "") -> None:
        self.driver = driver
        self.address = f"http://127.0.0.1:{port}/cell"
        self.go(query)

    def go(self, query: str) -> None:
        self.driver.get(f"{self.address}{query}")
        self.until(lambda: self.one("#now").text)

    def one(self, selector: str) -> WebElement:
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def all(self, selector: str) -> list[WebElement]:
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def texts(self, selector: str) -> list[str]:
        return [str(one.get_property("textContent")) for one in self.all(selector)]

    def until(self, happens: Callable[[], Any]) -> None:
        between = [WebDriverException]
        WebDriverWait(self.driver, PATIENCE, 0.05, ignored_exceptions=between).until(lambda _: happens())

    def column(self, name: str) -> list[str]:
        place = self.texts("#steps th").index(name) + 1
        return self.texts(f"#steps tbody td:nth-child({place})")

    def press(self, key: str) -> None:
        ActionChains(self.driver).send_keys(key).perform()

    def put(self, label: str, value: str) -> None:
        """As if typed into the number, or the slider moved."""
        self.driver.execute_script(
            "arguments[0].value = arguments[1]; for (const kind of ['input', 'change'])"
            " arguments[0].dispatchEvent(new Event(kind, {bubbles: true}))",
            self.one(f'[type=number][aria-label="{label}"]'),
            value,
        )

    def module(self, script: str, *arguments: Any) -> Any:
        """What a script returns that may `await import` the modules of the page."""
        body = f"const [...given] = arguments; const done = given.pop(); (async () => {{ {script} }})().then(done)"
        return self.driver.execute_async_script(body, *arguments)


@pytest.fixture
def page(driver: webdriver.Chrome, server: Server) -> Iterator[CellPage]:
    shown = CellPage(driver, server.port)
    yield shown
    assert [entry for entry in driver.get_log("browser") if entry["level"] == "SEVERE"] == []  # type: ignore[no-untyped-call]


# --- the numbers -----------------------------------------------------------------------------------

RUN = """
    const { stepsOf } = await import("./worked.js");
    const { happened } = await import("./happened.js");
    const said = (net, step) => ({ ...step, kind: net.kind, said: happened(net, step) });
    return given[0].map(([net, inputs]) => stepsOf(net, inputs).map((step) => said(net, step)));
"""
PEEPHOLES: tuple[lstm.Peepholes, ...] = ("none", "gers", "lee")
NAMES = {"z_i": "zi", "z_f": "zf", "z_o": "zo"}  # Python's -> the page's


def as_json(net: lstm.LstmUnit | simple.SimpleNet) -> dict[str, Any]:
    """The net as the page keeps it."""
    if isinstance(net, simple.SimpleNet):
        return {"kind": net.kind, "tanh": net.tanh, **net.to_dict()}
    lines = {
        name: {**{f"x{n}": w for n, w in enumerate(line.x, 1)}, "h": line.h, "c": line.c, "bias": line.bias}
        for name, line in net.lines()
    }
    return {"kind": "lstm", "tanh": net.tanh, "peepholes": net.peepholes, **lines}


def check_steps(net: lstm.LstmUnit | simple.SimpleNet, inputs: Any, found: list[dict[str, Any]]) -> None:
    """The page's steps are Python's."""
    steps = list(net.steps(inputs))
    assert len(found) == len(steps)
    for ours, theirs in zip(steps, found, strict=True):
        for name in ours.__match_args__:
            expected = getattr(ours, name)
            assert np.array(theirs[NAMES.get(name, name)]) == pytest.approx(np.array(expected), rel=1e-12, abs=1e-12)
        if isinstance(ours, simple.SimpleStep):
            assert theirs["said"] == simple.happened(ours, theirs["kind"])
        elif isinstance(ours, lstm.LstmStep):
            assert theirs["said"] == lstm.happened(ours)


def test_the_page_computes_what_python_computes(page: CellPage) -> None:
    nets: list[lstm.LstmUnit | simple.SimpleNet] = []
    for seed in range(8):
        draw = np.random.default_rng(seed).normal
        for peepholes in PEEPHOLES:
            unit = lstm.LEE.replace(peepholes=peepholes, tanh=seed % 2 == 0)
            for name in lstm.setting_names() if seed else ():
                if not name.endswith(".c") or name.partition(".")[0] in unit.peeping():
                    unit = unit.with_setting(name, str(draw(scale=2)))
            nets.append(unit)
        for kind in (simple.LEE_ELMAN, simple.LEE_JORDAN):
            net = kind.replace(tanh=seed % 2 == 0)
            for name in simple.WEIGHTS if seed else ():
                rows = draw(size=(2, 2) if name in "WUV" else (1, 2))
                net = net.with_setting(name, ";".join(" ".join(map(str, row)) for row in rows))
            nets.append(net)
    inputs = [
        np.random.default_rng(9).normal(scale=3, size=(12, 2 + isinstance(n, lstm.LstmUnit))).tolist() for n in nets
    ]
    pairs = [[as_json(one), steps] for one, steps in zip(nets, inputs, strict=True)]
    for one, steps, found in zip(nets, inputs, page.module(RUN, pairs), strict=True):
        check_steps(one, [tuple(step) for step in steps], found)


def test_the_page_has_the_examples_of_python(page: CellPage) -> None:
    script = """
        const page = await import("./worked.js");
        const sizes = ["none", "gers", "lee"].map((kind) => page.lstmParameters(50, 20, kind));
        const simples = [page.simpleParameters(50, 20), page.simpleParameters(50, 20, 7)];
        const nets = [page.LEE(), page.LEE_SIMPLE("elman"), page.LEE_SIMPLE("jordan")];
        return [nets, [page.WHOLE, page.WORKED, page.SIMPLE], [...sizes, ...simples], given[0].map(page.short)];
    """
    numbers = [
        0,
        -0.001,
        7.0002,
        0.731,
        -2.5,
        100,
        999999.994,
        0.125,
        -14.125,
        0.375,
        2.625,
        1.005,
        1e6,
        1.5e-9,
        -1e300,
    ]
    found = page.module(script, numbers)
    nets = [as_json(net) for net in (lstm.LEE, simple.LEE_ELMAN, simple.LEE_JORDAN)]
    assert found[0] == json.loads(json.dumps(nets))
    sequences = (lstm.LEE_WHOLE, lstm.LEE_WORKED, simple.LEE_SIMPLE)
    assert found[1] == json.loads(json.dumps(sequences))
    assert found[2] == [
        *(lstm.lstm_parameters(50, 20, peepholes) for peepholes in PEEPHOLES),
        *(simple.simple_parameters(50, 20, memory) for memory in (None, 7)),
    ]
    assert found[3] == [short(number) for number in numbers]


def test_the_command_gives_what_the_page_shows(page: CellPage, slotfill: Callable[..., Any]) -> None:
    for query in (
        "",
        "?tanh&peepholes=lee&set=output.c=2&inputs=-1,1,0;0.5,0,1",
        "?kind=jordan&set=U=0.5&inputs=-2,1;0,0",
    ):
        page.go(query)
        words = shlex.split(page.texts("#command")[0])
        code, out, _ = slotfill(*words[1:], "--format", "json")
        assert code == 0
        steps = json.loads(out)["steps"]
        assert page.column("what happens") == [step["happened"] for step in steps]
        shown = "c" if "kind" not in query else "y1"
        values = [step["c"] if shown == "c" else step["y"][0] for step in steps]
        assert [float(value.replace("−", "-")) for value in page.column(shown)] == pytest.approx(values, abs=0.006)


# --- what a person does ----------------------------------------------------------------------------


def test_a_lecture_step_by_step(page: CellPage) -> None:
    assert page.one("#now").text == "Step 1 of 9: ignores 1"
    assert not page.one("#back").is_enabled()
    for said in ("Step 2 of 9: writes 3", "Step 3 of 9: ignores 2, keeps 3", "Step 4 of 9: adds 4 to 3"):
        page.one("#next").click()
        assert page.one("#now").text == said
    numbers = page.texts("#numbers p")
    assert numbers[0] == "z = 1·4 = 4"
    assert numbers[1] == "zi = 100·1 − 10 = 90 → i = 1.00"
    assert numbers[4:] == ["c = f·c + i·g = 1.00·3.00 + 1.00·4.00 = 7.00", "h = o·c = 0.00·7.00 = 0.00"]
    assert "c = 7.00" in page.texts("svg.cell text")
    page.one("#back").click()
    assert page.one("#now").text == "Step 3 of 9: ignores 2, keeps 3"
    assert page.column("c") == ["0.00", "3.00", "3.00", "7.00", "7.00", "7.00", "0.00", "6.00", "6.00"]
    assert page.column("h") == ["0.00"] * 5 + ["7.00", "0.00", "0.00", "6.00"]


def test_gates_light_up_and_turn(page: CellPage) -> None:
    def gates() -> list[tuple[float, float]]:
        """How lit each gate is, and by how many degrees its bar is turned: 0 lies along the flow."""
        script = """return [...document.querySelectorAll('svg.cell .gate')].map((gate) =>
            [Number(gate.querySelector('.lamp').style.getPropertyValue('--on')),
             Number(gate.querySelector('.turning').style.transform.match(/rotate\\((.*)deg/)[1])])"""
        return [(round(on), round(turned)) for on, turned in page.driver.execute_script(script)]

    assert gates() == [(0, 90), (1, 0), (0, 90)]  # input, forget, output
    for _ in range(5):
        page.one("#next").click()
    assert gates() == [(0, 90), (1, 0), (1, 0)]
    page.one("#next").click()
    assert gates() == [(0, 90), (0, 90), (0, 90)]


def test_play_runs_to_the_end(page: CellPage) -> None:
    page.go("?inputs=3,1,0;1,0,1")
    page.one("#play").click()
    page.until(lambda: page.one("#now").text == "Step 2 of 2: ignores 1, keeps 3, shows 3")
    page.until(lambda: page.one("#play").text == "▶ Play")
    page.go(f"?inputs={';'.join(['3,1,0'] * 60)}")  # too many to come to the end, however slow the machine
    page.one("#steps tr:last-child button").click()
    assert page.one("#now").text.startswith("Step 60 of 60: ")
    page.one("#play").click()  # from the start again
    assert page.one("#play").text == "Pause"
    assert not page.one("#now").text.startswith("Step 60 ")
    page.one("#play").click()
    assert page.one("#play").text == "▶ Play"


def test_keys_and_rows_lead_to_steps(page: CellPage) -> None:
    for key, n in ((Keys.ARROW_RIGHT, 2), (Keys.ARROW_RIGHT, 3), (Keys.ARROW_LEFT, 2)):
        page.press(key)
        assert page.one("#now").text.startswith(f"Step {n} of 9")
    page.one("#steps tbody tr:nth-child(7) button").send_keys(Keys.ENTER)
    assert page.one("#now").text == "Step 7 of 9: ignores 3, forgets 7"
    assert page.driver.switch_to.active_element.accessible_name == "Show step 7"  # the focus stays
    page.press(Keys.ARROW_RIGHT)
    assert page.one("#now").text == "Step 8 of 9: writes 6"
    number = page.one("#inputs [type=number]")
    number.send_keys(Keys.ARROW_LEFT)  # moves in the number alone
    assert page.one("#now").text == "Step 8 of 9: writes 6"


def test_weights_and_inputs_can_be_changed(page: CellPage) -> None:
    page.one("#next").click()
    page.put("x1 of this step", "5")
    assert page.one("#now").text == "Step 2 of 9: writes 5"
    page.put("z^f bias", "-1000")
    assert page.column("what happens")[2:4] == ["ignores 2, forgets 5", "writes 4"]
    assert "--set forget.bias=-1000" in page.texts("#command")[0]
    assert "set=forget.bias" in page.driver.current_url
    page.put("z^f bias", "")  # while somebody types
    assert "--set forget.bias=-1000" in page.texts("#command")[0]
    slider = page.one('[type=range][aria-label="z^f bias"]')
    slider.send_keys(Keys.ARROW_RIGHT)
    assert "--set forget.bias=-99" in page.texts("#command")[0]
    page.one("#reset").click()
    assert "--set" not in page.texts("#command")[0]
    assert "--inputs" in page.texts("#command")[0]
    page.one("#add").click()
    assert page.one("#now").text.startswith("Step 2 of 10")
    page.one("#remove").click()
    assert page.one("#now").text.startswith("Step 2 of 9")


def test_switches(page: CellPage) -> None:
    def choose(label: str, text: str) -> None:
        (found,) = [one for one in page.all("#switches label") if one.text.startswith(label)]
        Select(found.find_element(By.TAG_NAME, "select")).select_by_visible_text(text)

    assert "forget gate" in page.texts("svg.cell text")
    choose("Open means keep", "keep gate")
    assert "keep gate" in page.texts("svg.cell text")
    assert not page.all('[aria-label="z^o c"]')
    assert "= 20." in page.one("#counted").text
    choose("Peepholes", "to all four inputs (Lee)")
    assert "4 peepholes = 24." in page.one("#counted").text
    page.put("z c", "1")
    assert page.all("svg.cell .peep:not(.hidden)")
    choose("Peepholes", "to the gates (Gers)")
    assert "3 peepholes = 23." in page.one("#counted").text
    assert "candidate.c" not in page.texts("#command")[0]
    choose("Squashing", "tanh, as in real nets")
    assert page.column("g")[1] == "1.00"
    assert page.texts("#command") == ["slotfill cell --tanh --peepholes gers"]
    page.driver.execute_script("arguments[0].value = 10", page.one("#layer-units"))
    page.one("#layer-units").send_keys("0")
    assert "An Elman layer of these sizes has 25,100 parameters, an LSTM layer 100,700." in page.one("#layer").text


def test_examples_and_other_cells(page: CellPage) -> None:
    examples = {chip.text: chip for chip in page.all("#examples button")}
    examples["a peephole shows what exceeds 5"].click()
    assert page.column("h") == ["0.00", "7.00", "7.00", "7.00", "0.00"]
    for kind, outputs in (("elman", ["4", "12", "32"]), ("jordan", ["4", "20", "88"])):
        page.one(f"#kinds [value={kind}]").click()
        assert page.column("y1") == outputs
        assert page.texts("#command") == [f"slotfill cell --kind {kind}"]
        assert page.one("#examples button").get_attribute("aria-pressed") == "true"
    page.one("#kinds [value=elman]").click()
    page.one("#examples button:nth-child(3)").click()  # without memory
    assert page.column("y2") == ["4", "4", "8"]
    page.put("U: m1 → h1", "1")
    assert page.column("y2") == ["4", "6", "12"]
    assert not page.all("#examples [aria-pressed=true]")


def test_the_focus_stays(page: CellPage) -> None:
    def focused() -> str:
        return str(page.driver.switch_to.active_element.accessible_name)

    for selector in ("#examples button:nth-child(2)", "#kinds [value=jordan]", "#examples button:nth-child(2)"):
        page.one(selector).send_keys(Keys.ENTER)
        assert focused() == page.one(selector).text
    page.one("#kinds [value=lstm]").click()
    choice = page.one("#switches label:nth-child(2) select")
    choice.send_keys("to the")
    assert focused().startswith("Peepholes")


def test_the_unit_hears_itself_if_a_weight_says_so(page: CellPage) -> None:
    assert "h one step ago" not in page.one("svg.cell").text
    page.go("?inputs=2,1,1;0,0,0&set=candidate.h=1&set=input.bias=1000")
    page.one("#next").click()
    assert "h one step ago = 2.00" in page.texts("svg.cell text")
    assert page.texts("#numbers p")[0] == "z = 1·0 + 1·2 = 2"
    assert page.one("#now").text == "Step 2 of 2: adds 2 to 2"


def test_a_link_leads_to_the_same_cell(page: CellPage) -> None:
    page.go("?kind=elman&set=U=0.5 0; 0 0.5&inputs=1,1;0,0&tanh")
    shown = page.column("what happens")
    address = page.driver.current_url
    page.driver.refresh()
    page.until(lambda: page.one("#now").text)
    assert page.column("what happens") == shown
    assert page.driver.current_url == address


def test_a_link_that_says_what_is_unknown(page: CellPage) -> None:
    page.go("?kind=constructor&inputs=a,b&set=x&set=forget.nope=1&set=input.c=1&set=forget.bias=3&peepholes=no&nets=1")
    assert page.one("#now").text == "Step 1 of 9: ignores 1"
    left = "kind=constructor, peepholes=no, set=x, set=forget.nope=1, set=input.c=1, inputs=a,b, nets"
    assert page.one("#trouble").text == f"The link says something that is unknown here, and is left out: {left}"
    assert page.texts("#command") == ["slotfill cell --set forget.bias=3"]
    page.put("z^f bias", "10")
    assert not page.one("#trouble").is_displayed()


def test_numbers_that_are_too_large_are_told(page: CellPage) -> None:
    page.go("?inputs=3,1,0;1,1e308,0;1,0,1")
    assert "In step 2 a number becomes too large" in page.one("#trouble").text
    assert len(page.all("#steps tbody tr")) == 1
    page.go("?inputs=3,1e308,0")
    assert "In step 1 a number becomes too large" in page.one("#trouble").text
    page.put("x2 of this step", "1")
    assert not page.one("#trouble").is_displayed()
    assert page.one("#now").text == "Step 1 of 1: writes 3"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [PHONE, 768, 1280])
def test_it_fits_and_can_be_read(page: CellPage, width: int, scheme: str) -> None:
    """Nothing sticks out, and text has the contrast that WCAG asks for, 4.5."""
    size = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": False}
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    page.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    page.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    try:
        for query in ("?peepholes=gers&tanh", "?kind=jordan&tanh"):
            page.go(query)
            page.one("#next").click()
            assert page.driver.execute_script("return document.documentElement.scrollWidth") <= width
            script = (Path(__file__).parent / "contrast.js").read_text(encoding="utf-8")
            assert page.driver.execute_script(script) == []
            assert page.driver.execute_script(UNREACHABLE) == []
    finally:
        page.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
        page.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})


def test_the_main_page_links_to_it(page: CellPage) -> None:
    page.driver.get(page.address.removesuffix("cell"))
    page.one("footer nav a[href=cell]").click()
    page.until(lambda: page.one("#now").text == "Step 1 of 9: ignores 1")


def test_it_speaks_chinese(chinese: webdriver.Chrome, server: Server) -> None:
    chinese.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride", {"width": PHONE, "height": 800, "deviceScaleFactor": 1, "mobile": False}
    )
    try:
        page = CellPage(chinese, server.port)
        for query in ("?peepholes=gers", "?kind=elman", "?kind=jordan&tanh"):
            page.go(query)
            known = {"slotfill", "English", "LSTM", "Elman", "Jordan", "tanh", "softmax", "Gers"}
            assert {word for word in chinese.execute_script(LATIN) if not re.fullmatch(r"[xyhmz]\d?", word)} <= known
            assert chinese.execute_script("return document.documentElement.scrollWidth") <= PHONE
        page.go("")
        page.one("#next").click()
        assert page.one("#now").text == "第 2 步（共 9 步）：写入 3"
    finally:
        chinese.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
