"""The page of a conversation in a real browser; skipped where there is none."""

import json
import subprocess
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import Select, WebDriverWait

import slotfill
from tests.server.test_page import LATIN, PATIENCE, PHONE, UNREACHABLE, chinese, driver, server
from tests.server.test_running import Server

__all__ = ["chinese", "driver", "server"]  # fixtures
NOW = "2026-11-20T09:00"


class ChatPage:
    """The page as a person uses it."""

    def __init__(self, driver: webdriver.Chrome, port: int) -> None:
        self.driver = driver
        self.address = f"http://127.0.0.1:{port}/chat?now={NOW}"
        driver.get(self.address)
        driver.execute_script("sessionStorage.clear()")  # what another test has said
        self.reload()

    def reload(self) -> None:
        self.driver.get(self.address)
        self.until(lambda: self.one("#trip .panel").is_displayed())

    def one(self, selector: str) -> WebElement:
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def texts(self, selector: str) -> list[str]:
        return [
            str(one.get_property("textContent")).strip() for one in self.driver.find_elements(By.CSS_SELECTOR, selector)
        ]

    def until(self, happens: Callable[[], Any]) -> None:
        between = [WebDriverException]
        WebDriverWait(self.driver, PATIENCE, 0.05, ignored_exceptions=between).until(lambda _: happens())

    def turns(self) -> list[str]:
        return self.texts("#turns .user")

    def say(self, text: str, *, asked: str = "", heard: str = "") -> None:
        before = len(self.turns())
        if asked:
            Select(self.one("#asked")).select_by_value(asked)
        self.one("#heard").send_keys(heard)
        self.one("#text").send_keys(text + Keys.ENTER)
        self.until(lambda: len(self.turns()) == before + 1)

    def did(self) -> list[str]:
        """What the last turn did."""
        return self.texts("#turns > li:last-child .did li")

    def part(self, path: str) -> str:
        """What the itinerary shows of a part, and whether it is marked."""
        shown = self.one(f'#trip [data-part="{path}"]')
        mark = "*" if "changed" in str(shown.get_attribute("class")) else ""
        return mark + shown.text.replace("\n", "|")

    def state(self) -> Any:
        self.one("#copy").click()
        return json.loads(self.texts("#state")[0])


@pytest.fixture
def page(driver: webdriver.Chrome, server: Server) -> Iterator[ChatPage]:
    shown = ChatPage(driver, server.port)
    yield shown
    assert [entry for entry in driver.get_log("browser") if entry["level"] == "SEVERE"] == []  # type: ignore[no-untyped-call]


def test_one_sees_what_each_turn_changes(page: ChatPage) -> None:
    assert page.one("#trip").text.endswith("Nothing is known yet.")
    page.say("from Boston to Lima on December 4th")
    assert page.texts("#turns mark") == ["Boston", "Lima", "December 4th"]
    assert "departure, place Boston, US (BOS) because of “Boston”" in page.did()
    assert page.part("departure.date") == "*Leave, date|Fri, 4 Dec 2026"
    page.say("make it the 5th instead")
    assert page.did() == ["departure, date Fri, 4 Dec 2026 → Sat, 5 Dec 2026 because of “5th”"]
    assert page.part("departure.date") == "*Leave, date|Sat, 5 Dec 2026|was Fri, 4 Dec 2026"
    assert page.part("departure.place").startswith("From|Boston")
    page.say("back on the 9th")
    page.say("one way then")
    assert "return, date Wed, 9 Dec 2026 → gone because of “one way”" in page.did()
    assert page.texts("#trip .gone") == ["return, date Wed, 9 Dec 2026"]
    page.say("thank you")
    assert page.texts("#turns > li:last-child .note") == ["changed nothing"]
    dialogue = slotfill.load().dialogue(now=NOW)
    for text in page.turns():
        dialogue.say(text)
    assert page.state() == dialogue.to_dict()


def test_a_turn_may_answer_what_was_asked_or_heard(page: ChatPage) -> None:
    page.say("the 9th", asked="return.date")
    assert page.part("return.date") == "*Return, date|Wed, 9 Dec 2026"
    assert page.texts("#turns .system") == ["asked: return, date"]
    assert page.one("#asked").get_property("value") == ""
    page.say("that works", heard="We have one at 6:10 am")
    assert page.did() == ["departure, time 06:10 as the system said"]
    assert page.texts("#turns .system")[1] == "We have one at 6:10 am"


def test_an_open_value_is_asked_about(page: ChatPage) -> None:
    page.say("Paris")
    assert page.part("open[0].place").startswith("*Place|Paris")
    assert page.texts("#turns .chips button") == ["departure, place", "arrival, place"]
    page.driver.find_elements(By.CSS_SELECTOR, "#turns .chips button")[1].click()
    page.until(lambda: page.part("arrival.place").startswith("*To|Paris"))
    assert page.turns() == ["Paris"]
    assert page.texts("#turns .system") == ["asked: arrival, place"]
    assert page.texts("#turns .chips button") == []


def test_undo_start_over_and_a_reload(page: ChatPage) -> None:
    assert not page.one("#undo").is_enabled()
    page.say("to Lima")
    before = page.state()
    page.say("")
    assert page.turns() == ["to Lima", "(said nothing)"]
    page.one("#undo").click()
    page.say("no, to Quito")
    page.one("#undo").click()
    page.until(lambda: page.turns() == ["to Lima"])
    assert page.one("#text").get_property("value") == "no, to Quito"
    page.reload()
    assert page.turns() == ["to Lima"]
    assert page.state() == before
    page.one("#over").click()
    page.until(lambda: page.turns() == [])
    assert page.one("#trip").text.endswith("Nothing is known yet.")
    page.driver.find_elements(By.CSS_SELECTOR, "#examples button")[0].click()
    page.until(lambda: page.turns() == ["from Boston to Lima on December 4th"])


def test_a_refusal_and_a_server_that_is_gone_lose_nothing(driver: webdriver.Chrome) -> None:
    running = Server(model="travel", log=subprocess.DEVNULL)
    page = ChatPage(driver, running.port)
    page.say("Paris")
    running.kill()
    driver.find_elements(By.CSS_SELECTOR, "#turns .chips button")[1].click()
    page.until(lambda: page.one("#trouble").is_displayed())
    assert page.one("#trouble").text == "The server does not answer. Is `slotfill serve` still running?"
    assert page.turns() == ["Paris"]
    page.one("#text").send_keys("to Lima" + Keys.ENTER)
    page.until(lambda: page.one("#trouble").is_displayed())
    assert page.one("#text").get_property("value") == "to Lima"
    driver.get_log("browser")  # type: ignore[no-untyped-call]  # the refused connections


def test_what_the_browser_keeps_may_be_anything(page: ChatPage) -> None:
    for kept in ("{", "3", '"x"', "null", '[{"text": "a"}]', "[1]"):
        page.driver.execute_script("sessionStorage.setItem('slotfill.chat', arguments[0])", kept)
        page.reload()
        assert page.turns() == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [PHONE, 768, 1280])
def test_it_fits_and_can_be_read(page: ChatPage, width: int, scheme: str) -> None:
    """Nothing sticks out, and text has the contrast that WCAG asks for, 4.5."""
    size = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": False}
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    page.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    reduced = {"name": "prefers-reduced-motion", "value": "reduce"}
    page.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [*features, reduced]})
    try:
        page.say("from Boston via Chicago to Lima on December 4th in business class, back on the 9th")
        page.say("no, from Denver, one way then", heard="Departing from where?")
        page.say("Paris " + "x" * 200)
        page.one("#copy").click()
        page.one("#settings summary").click()
        assert page.driver.execute_script("return document.documentElement.scrollWidth") <= width
        script = (Path(__file__).parent / "contrast.js").read_text(encoding="utf-8")
        assert page.driver.execute_script(script) == []
        assert page.driver.execute_script(UNREACHABLE) == []
    finally:
        page.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
        page.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})


def test_the_main_page_links_to_it(page: ChatPage) -> None:
    page.driver.get(page.address.partition("chat")[0])
    page.one("footer nav a[href=chat]").click()
    page.until(lambda: page.one("#trip .panel").is_displayed())


def has_turns(count: int, driver: webdriver.Chrome) -> bool:
    return len(driver.find_elements(By.CSS_SELECTOR, "#turns .user")) == count


def test_it_speaks_chinese(chinese: webdriver.Chrome, server: Server) -> None:
    page = ChatPage(chinese, server.port)
    examples = chinese.find_elements(By.CSS_SELECTOR, "#examples button")[:4]
    for count, example in enumerate(examples, 1):
        example.click()
        WebDriverWait(chinese, PATIENCE, 0.05).until(partial(has_turns, count))
    assert set(chinese.execute_script(LATIN)) <= {
        *("slotfill", "English", "Beijing", "Shanghai", "Xi", "an", "Wuhan", "Shaanxi"),
        *("CN", "PEK", "PKX", "PVG", "SHA", "XIY", "WUH"),
    }
    assert "出发日期 2026年12月4日周五 → 2026年12月5日周六 因为“12月5日”" in page.texts("#turns .did li")
