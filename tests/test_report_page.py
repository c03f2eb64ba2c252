"""The page of `slotfill eval --report` in a real browser; skipped where there is none."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from slotfill.against import Answers, compare
from slotfill.report import page, wrong_ones
from slotfill.report.matrix import NEAR
from tests.server.test_page import PHONE, driver  # noqa: F401  # a fixture
from tests.test_report import FOUND, GOLD, RIGHT, about, annotation, epoch, example, of_kinds, scores_of

MANY = 2_000

# MANY sentences of one pair, and then two with other errors
EXAMPLES = [example(*GOLD)] * MANY + [example(*RIGHT, "airfare"), example(*RIGHT)]
ANNOTATIONS = [annotation(*FOUND)] * MANY + [annotation(*RIGHT), annotation("to Rome", "O O")]


class Report:
    """The page as a person uses it."""

    def __init__(self, driver: webdriver.Chrome) -> None:  # noqa: F811
        self.driver = driver

    def all(self, selector: str) -> list[str]:
        return [found.text for found in self.driver.find_elements(By.CSS_SELECTOR, selector) if found.is_displayed()]

    def shown(self) -> str:
        return self.driver.find_element(By.ID, "shown").text

    def click(self, selector: str) -> None:
        self.driver.find_element(By.CSS_SELECTOR, selector).click()

    def choose(self, field: str, value: str) -> None:
        """Choose an option of a field."""
        choice = "const [field, value] = arguments; field.value = value; field.dispatchEvent(new Event('input'))"
        self.driver.execute_script(choice, self.driver.find_element(By.ID, field), value)

    def focused(self) -> str:
        return str(self.driver.switch_to.active_element.text)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("report") / "scores.html"
    scores = scores_of(EXAMPLES, ANNOTATIONS)
    history = [epoch(1, 0.4, best=True), epoch(2, 0.8, best=True)]
    inside = page(scores, list(wrong_ones(EXAMPLES, ANNOTATIONS)), about(), histories=[history])
    made.write_text(inside, encoding="utf-8")
    return made


@pytest.fixture
def report(driver: webdriver.Chrome, path: Path) -> Iterator[Report]:  # noqa: F811
    driver.get(path.as_uri())
    yield Report(driver)
    assert [entry for entry in driver.get_log("browser") if entry["level"] == "SEVERE"] == []  # type: ignore[no-untyped-call]


def test_many_errors_are_shown_in_pages(driver: webdriver.Chrome, report: Report) -> None:  # noqa: F811
    # what makes a page slow to open is its elements
    assert driver.execute_script("return document.querySelectorAll('*').length") < 3000
    assert len(report.all("#wrong li")) == 20
    assert report.shown() == "1 to 20 of 2,002"
    report.click("[data-step='-1']")  # there is no page before the first
    assert report.shown() == "1 to 20 of 2,002"
    report.click("ul ~ .pages [data-step='1']")
    assert report.shown() == "21 to 40 of 2,002"
    assert report.all("#wrong .number")[0] == "21"


def test_panels_stand_in_the_order_in_which_people_need_them(report: Report) -> None:
    headings = [heading.split(":")[0].lower() for heading in report.all("main h2")]
    assert headings[:4] == ["scores", "what goes wrong most", "errors", "slots"]
    assert "confidence" in headings[-1]
    assert not report.all("#values h2")  # nothing to show: neither a panel nor a link
    assert "Values" not in report.all("nav a")


def test_a_pair_shows_its_sentences_alone(report: Report) -> None:
    report.click("tr[data-kind=slots][data-choice*='null'] td:last-child")  # anywhere in the row
    assert report.shown() == "1 to 1 of 1"
    assert report.all("#wrong .number") == ["2,002"]
    report.click("tr[data-kind=intents] td")
    assert report.all("#wrong .number") == ["2,001"]
    report.click("#all")
    assert report.shown() == "1 to 20 of 2,002"


def test_slots_intents_and_text_are_filters(report: Report) -> None:
    slots, intents, text = [report.driver.find_element(By.ID, name) for name in ("of-slots", "of-intents", "text")]
    intents.send_keys("a wrong")
    assert report.shown() == "1 to 1 of 1"
    slots.send_keys("any wrong slot")
    assert report.shown() == "no sentence is like that"
    report.click("#all")
    text.send_keys("TO ROME")
    assert report.shown() == "1 to 2 of 2"


def test_kinds_of_errors_are_a_filter_of_the_same_slot(report: Report) -> None:
    report.choose("of-errors", "missed")
    assert report.all("#wrong .number") == ["2,002"]
    report.choose("of-errors", "wrong name")
    assert report.shown() == "1 to 20 of 2,000"
    report.choose("of-slots", '["stoploc.city_name"]')
    assert report.shown() == "1 to 20 of 2,000"
    report.choose("of-errors", "missed")  # a stop is never missed, though another slot is
    assert report.shown() == "no sentence is like that"
    report.click("#all")
    assert report.shown() == "1 to 20 of 2,002"


def test_a_cell_of_the_matrix_shows_its_sentences(report: Report) -> None:
    report.click("nav [href='#matrix']")  # which opens the panel
    button = report.driver.find_element(By.CSS_SELECTOR, ".matrix tbody tr:first-child .hot button")
    assert button.accessible_name == "toloc.city_name, tagged as nothing: 1"
    button.send_keys(Keys.ENTER)
    assert report.all("#wrong .number") == ["2,002"]


def test_a_large_matrix_begins_small(driver: webdriver.Chrome, tmp_path: Path) -> None:  # noqa: F811
    rows = [("a b", f"B-name{n} O", f"O B-name{n + 1}") for n in range(80)]
    examples, annotations = of_kinds(rows)
    made = tmp_path / "large.html"
    made.write_text(page(scores_of(examples, annotations), [], about()), encoding="utf-8")
    driver.get(made.as_uri())
    report = Report(driver)
    report.click("nav [href='#matrix']")
    assert len(report.all(".matrix tbody tr")) == NEAR + 1
    report.click("#matrix > button")
    assert len(report.all(".matrix tbody tr")) == 82
    wide = "const box = document.querySelector('.wide'); return [box.scrollWidth > box.clientWidth, box.clientWidth]"
    scrolls, width = driver.execute_script(wide)
    assert scrolls
    assert width < 1100


def test_the_keyboard_is_enough(report: Report) -> None:
    button = report.driver.find_element(By.CSS_SELECTOR, "tr[data-kind=intents] button")
    assert button.accessible_name == "airfare, tagged as flight: show the sentences"
    button.send_keys(Keys.ENTER)
    assert report.shown() == "1 to 1 of 1"
    assert report.focused().startswith("ERRORS: 1 SHOWN")
    report.click("#all")
    following = report.driver.find_element(By.CSS_SELECTOR, "[data-step='1']")
    following.send_keys(Keys.ENTER)
    following.send_keys(Keys.SPACE)
    assert (report.shown(), report.focused()) == ("41 to 60 of 2,002", "next")


@pytest.fixture
def against(driver: webdriver.Chrome, tmp_path: Path) -> Report:  # noqa: F811
    """A page that compares with a model that has all but the last sentence right."""
    examples, annotations = EXAMPLES[-30:], ANNOTATIONS[-30:]
    other = [annotation(one.text, " ".join(one.tags)) for one in examples[:-1]] + annotations[-1:]
    found = compare(Answers(examples, annotations), Answers(examples, other), name="models/old", knows_intents=True)
    made = tmp_path / "against.html"
    inside = page(scores_of(examples, annotations), list(wrong_ones(examples, annotations)), about(), against=found)
    made.write_text(inside, encoding="utf-8")
    driver.get(made.as_uri())
    return Report(driver)


def test_what_another_model_has_right_is_behind_its_number(against: Report) -> None:
    assert against.all("#against summary") == ["broke: 28 sentences"]
    assert against.all("#against li") == []
    against.click("#against summary")
    assert len(against.all("#against li")) == 28
    assert against.all("#against li:first-child b") == ["should be", "models/old", "mine"]
    assert len(against.all("#wrong li")) == 20  # the errors below are another list


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("which", ["report", "against"])
def test_a_phone_shows_all_of_it(request: pytest.FixtureRequest, which: str, scheme: str) -> None:
    report: Report = request.getfixturevalue(which)
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    report.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    size = {"width": PHONE, "height": 800, "deviceScaleFactor": 1, "mobile": True}
    report.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    try:
        report.driver.execute_script("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        beyond = (
            "return [...document.querySelectorAll('body *')].filter((one) => one.offsetParent"
            " && !one.closest('.wide table')"  # which scroll in a box of their own
            " && one.getBoundingClientRect().right > innerWidth + 1).map((one) => one.outerHTML.slice(0, 99))"
        )
        assert report.driver.execute_script(beyond) == []
        assert report.driver.execute_script("return document.documentElement.scrollWidth") <= PHONE
    finally:
        report.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
        report.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
