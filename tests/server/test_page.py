"""The page in a real browser: Chromium without a window, driven by Selenium; skipped where there is none."""

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

from tests.server.test_running import Server

PATIENCE = 30  # seconds; a guard against hanging, not a measure
PHONE = 360  # pixels

# Without a window, and without anything that a browser does by itself, such as looking for updates.
QUIET = (
    "--headless",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="module")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    service = shutil.which("chromedriver")
    if not chromium or not service:
        pytest.skip("no browser: `apt-get install chromium chromium-driver` brings one")
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for argument in (*QUIET, "--window-size=1100,900", f"--user-data-dir={tmp_path_factory.mktemp('browser')}"):
        options.add_argument(argument)
    if os.geteuid() == 0:
        options.add_argument("--no-sandbox")  # which Chromium cannot have as root
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    try:
        browser = webdriver.Chrome(options=options, service=Service(service))
    except WebDriverException as error:
        pytest.skip(f"the browser does not start: {error.msg}")
    yield browser
    browser.quit()


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    running = Server(model="travel")
    yield running
    running.kill()


class Page:
    """The page as a person uses it."""

    def __init__(self, driver: webdriver.Chrome, port: int) -> None:
        self.driver = driver
        driver.get(f"http://127.0.0.1:{port}/")
        self.until(lambda: self.one("#found").is_displayed())

    def one(self, selector: str) -> WebElement:
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def texts(self, selector: str) -> list[str]:
        return [found.get_property("textContent") for found in self.driver.find_elements(By.CSS_SELECTOR, selector)]  # type: ignore[misc]

    def until(self, happens: Any) -> None:
        between = [WebDriverException, ValueError]  # what may be seen while the page changes
        WebDriverWait(self.driver, PATIENCE, 0.05, ignored_exceptions=between).until(lambda _: happens())

    def type(self, text: str) -> None:
        box = self.one("#text")
        box.send_keys(Keys.CONTROL + "a")
        box.send_keys(text)
        self.until(lambda: self.sentence() == text)

    def sentence(self) -> str:
        """The sentence as shown, without the labels of its slots."""
        return str(
            self.driver.execute_script(
                "const copy = document.getElementById('sentence').cloneNode(true);"
                "copy.querySelectorAll('small').forEach((label) => label.remove()); return copy.textContent"
            )
        )

    def slots(self) -> dict[str, str]:
        return dict(zip(self.texts("#slots td.name"), self.texts("#slots td.text"), strict=True))

    def role(self, word: str) -> str:
        """The label under a word."""
        buttons = self.driver.find_elements(By.CSS_SELECTOR, "#sentence .slot button")
        (button,) = [found for found in buttons if found.text == word]
        return button.find_element(By.XPATH, "./ancestor::span[contains(@class, 'slot')]/small").text

    def complaints(self) -> list[str]:
        """What the browser had to say: errors in the script, and what the content policy stopped."""
        return [str(entry["message"]) for entry in self.driver.get_log("browser") if entry["level"] == "SEVERE"]  # type: ignore[no-untyped-call]


@pytest.fixture
def page(driver: webdriver.Chrome, server: Server) -> Iterator[Page]:
    shown = Page(driver, server.port)
    yield shown
    assert shown.complaints() == []


def test_typing_shows_slots_values_and_the_itinerary(page: Page) -> None:
    page.type("leave Boston for Denver via Chicago on November 2nd after 6 pm")
    slots = page.slots()
    assert slots["fromloc.city_name"] == "Boston"
    assert slots["toloc.city_name"] == "Denver"
    assert slots["stoploc.city_name"] == "Chicago"
    assert [page.role(word) for word in ("Boston", "Denver", "Chicago", "November")] == [
        "departure",
        "arrival",
        "stop",
        "departure",
    ]
    assert "Boston, US (BOS)" in page.texts("#slots td.value")
    assert all(0 <= float(sure) <= 1 for sure in page.texts("#slots td.sure"))
    card = page.one("#itinerary").text
    for piece in ("BOS", "Boston, Massachusetts, US", "DEN", "via Chicago", "2 Nov", "after 18:00"):
        assert piece in card
    assert any(why.startswith("because of `via`") for why in page.texts("#slots td.why"))


def test_a_place_without_a_direction_is_shown_alone(page: Page) -> None:
    page.type("Denver")
    page.until(lambda: "Denver" in page.one("#itinerary").text)
    shown = page.driver.execute_script(
        """
        const place = { text: "denver", kind: "city", value: "Denver", airports: ["DEN"], slots: [0] };
        showItinerary({ open: [{ place }] });
        return document.getElementById("itinerary").innerText;
        """
    )
    assert [line for line in shown.splitlines() if line][1:] == ["Place", "DEN", "Denver"]
    assert "Denver (DEN)" in page.driver.execute_script(
        """
        const place = { text: "denver", kind: "city", value: "Denver", airports: ["DEN"], slots: [0] };
        return [...slotValues({ open: [{ place }] }).values()].map(valueText);
        """
    )


def test_the_twin_flips_the_role(page: Page) -> None:
    arrive, leave = page.driver.find_elements(By.CSS_SELECTOR, "#examples button")[:2]
    leave.click()
    page.until(lambda: page.role("Taipei") == "departure")
    assert leave.get_attribute("aria-pressed") == "true"
    arrive.click()
    page.until(lambda: page.role("Taipei") == "arrival")
    assert page.slots()["toloc.city_name"] == "Taipei"
    assert page.one("#text").get_property("value") == "arrive Taipei on November 2nd"


def test_a_click_opens_the_gates_and_another_closes_them(page: Page) -> None:
    page.type("arrive Taipei tomorrow")
    token = page.one("#sentence .slot button")
    token.click()
    assert "The gates at “Taipei”" in page.one("#gates").text
    strips = page.driver.find_elements(By.CSS_SELECTOR, "#gates .gate canvas")
    assert len(strips) == 10  # input, forget, output, candidate, cell; in both directions
    assert "of 128 units above one half" in str(strips[0].get_attribute("aria-label"))
    colours = page.driver.execute_script(
        "const {width, height} = arguments[0]; const seen = new Set();"
        "const data = arguments[0].getContext('2d').getImageData(0, 0, width, height).data;"
        "for (let n = 0; n < data.length; n += 4) seen.add(data.slice(n, n + 3).join());"
        "return [width * height, seen.size]",
        strips[0],
    )
    assert colours[0] == 128
    assert colours[1] > 10
    token.click()
    assert not page.one("#gates").is_displayed()


def test_the_keyboard_is_enough(page: Page) -> None:
    page.type("arrive Taipei tomorrow")
    for _ in range(5):  # past four examples, to the sentence
        page.driver.switch_to.active_element.send_keys(Keys.TAB)
    assert page.driver.switch_to.active_element.text == "arrive"
    page.driver.switch_to.active_element.send_keys(Keys.ARROW_RIGHT)
    assert page.driver.switch_to.active_element.text == "Taipei"
    page.driver.switch_to.active_element.send_keys(Keys.ENTER)
    assert "“Taipei”" in page.one("#gates").text
    page.driver.switch_to.active_element.send_keys(Keys.ARROW_RIGHT)
    assert "“tomorrow”" in page.one("#gates").text
    page.driver.switch_to.active_element.send_keys(Keys.ESCAPE)
    assert not page.one("#gates").is_displayed()
    assert page.driver.switch_to.active_element.text == "tomorrow"


HOSTILE = [
    "<script>document.title = 'run'</script> to Rome",
    "from <img src=x onerror=\"document.title='run'\"> to Rome",
    "\"><svg onload=document.title='run'> arrive Rome",
    "{{7*7}} ${7*7} &lt;b&gt; Rome",
    "to São Paulo & Zürich, \u4e2d\u6587 \u202etfel",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_markup_is_text(page: Page, text: str) -> None:
    page.type(text)
    for element in page.driver.find_elements(By.CSS_SELECTOR, "#sentence button"):
        element.click()
    assert page.driver.title == "slotfill"
    assert not page.driver.find_elements(By.CSS_SELECTOR, "main script, main img, main svg")
    page.one("[data-copy=json]").click()
    assert json.loads(page.texts("#copy")[0])["text"] == text


def test_offsets_count_code_points(page: Page) -> None:
    """Which are not JavaScript's: an emoji is one of ours and two of those."""
    text = "🛫🛫 arrive Taipei tomorrow"
    box = page.one("#text")
    page.driver.execute_script(  # the driver cannot type an emoji
        "arguments[0].value = arguments[1]; arguments[0].dispatchEvent(new Event('input'))", box, text
    )
    page.until(lambda: page.sentence() == text)
    assert "Taipei" in page.slots().values()
    assert page.role("Taipei") == "arrival"


def test_nothing_typed_shows_nothing(page: Page) -> None:
    box = page.one("#text")
    box.send_keys(Keys.CONTROL + "a")
    box.send_keys(Keys.BACKSPACE)
    page.until(lambda: not page.one("#found").is_displayed())
    assert not page.one("#trouble").is_displayed()


def test_what_is_long_is_tagged_without_gates(page: Page) -> None:
    text = "please " * 80 + "arrive Taipei"
    page.driver.execute_script(
        "arguments[0].value = arguments[1]; arguments[0].dispatchEvent(new Event('input'))", page.one("#text"), text
    )
    page.until(lambda: page.sentence() == text)
    assert page.slots()["toloc.city_name"] == "Taipei"


def test_copies_can_be_used(page: Page) -> None:
    page.type("arrive O'Hare tomorrow")
    page.one("[data-copy=json]").click()
    assert list(json.loads(page.texts("#copy")[0])) == ["text", "intent", "slots", "frame"]
    page.one("[data-copy=curl]").click()
    (line,) = page.texts("#copy")
    body = "'{\"text\":\"arrive O'\\''Hare tomorrow\"}'"
    assert line.startswith(f"curl -H 'Content-Type: application/json' -d {body} http://127.0.0.1:")
    page.one("[data-copy=command]").click()
    assert page.texts("#copy") == ["slotfill tag --format json -- 'arrive O'\\''Hare tomorrow'"]
    page.until(lambda: page.one("#copied").text)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [PHONE, 1100])
def test_it_fits_and_can_be_read(page: Page, width: int, scheme: str) -> None:
    """Nothing sticks out, and text has the contrast that WCAG asks for, 4.5."""
    driver = page.driver
    size = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": False}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    try:
        page.driver.find_elements(By.CSS_SELECTOR, "#examples button")[2].click()
        page.until(lambda: "Denver" in page.slots().values())
        page.one("#sentence button").click()
        assert driver.execute_script("return document.documentElement.scrollWidth") <= width
        low = driver.execute_script((Path(__file__).parent / "contrast.js").read_text(encoding="utf-8"))
        assert low == []
    finally:
        driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
        driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})


def test_each_role_has_a_line_of_its_own(page: Page) -> None:
    page.driver.find_elements(By.CSS_SELECTOR, "#examples button")[2].click()
    page.until(lambda: len(page.texts("#legend li")) == 4)
    lines = page.driver.execute_script(
        "return [...document.querySelectorAll('#legend li')].map("
        "(item) => getComputedStyle(item, '::before').borderBottomStyle)"
    )
    assert len(set(lines)) == 4


def test_a_server_that_is_gone_is_told_and_one_that_is_back_is_used(driver: webdriver.Chrome) -> None:
    server = Server(model="travel")
    page = Page(driver, server.port)
    server.kill()
    page.one("#text").send_keys(" please")
    page.until(lambda: page.one("#trouble").is_displayed())
    assert "The server does not answer" in page.one("#trouble").text
    assert page.one("#trouble").get_attribute("role") == "alert"
    back = Server("--port", str(server.port), model="travel")
    try:
        page.until(lambda: page.sentence().endswith(" please"))
        assert not page.one("#trouble").is_displayed()
    finally:
        back.kill()
        driver.get_log("browser")  # type: ignore[no-untyped-call]  # the refused connections


def test_the_docs_need_nothing_from_elsewhere(driver: webdriver.Chrome, server: Server) -> None:
    driver.get(f"http://127.0.0.1:{server.port}/docs")
    WebDriverWait(driver, PATIENCE).until(lambda d: "POST /tag" in d.find_element(By.ID, "paths").text)
    text = driver.find_element(By.ID, "paths").text
    for piece in ("GET /health", "min_confidence", "503", "JSON in"):
        assert piece in text
    assert driver.get_log("browser") == []  # type: ignore[no-untyped-call]
