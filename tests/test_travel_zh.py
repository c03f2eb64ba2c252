"""The Chinese data: the hand-written parts are labelled alike, hidden from the grammar, and in both scripts."""

import re
from collections.abc import Iterable
from pathlib import Path

import pytest

import slotfill
from slotfill.readers import load
from slotfill.schema import Dataset, Example, Leg
from slotfill.tags import spans_of
from slotfill.tokenizers import tokenizer_named

ROOT = Path(__file__).parent.parent
TWINS = 108  # sentences of the test part, from its first line on: pairs that differ in the role alone
HAND_WRITTEN = ("test", "wild-dev")
APART = ("twins", "outside")  # by hand too, in files that are no splits
ROLES = {"fromloc": "toloc", "depart_date": "arrive_date", "depart_time": "arrive_time"}
# Characters that only one of the scripts has.
TRADITIONAL = re.compile("[飛機車點東門從請們後還週幾臺灣開離嗎這個貴時間]")
SIMPLIFIED = re.compile("[飞机车点东门从请们还几湾开离吗这个贵时间]")


@pytest.fixture(scope="module")
def travel_zh() -> Dataset:
    return load(ROOT / "data" / "travel-zh")


def part(name: str) -> tuple[Example, ...]:
    """The sentences of a file that is no split."""
    return next(iter(load(ROOT / "data" / "travel-zh" / f"{name}.markup").splits.values()))


def slots(example: Example) -> list[tuple[str, str]]:
    """Each slot's name and text."""
    found = [(s.name, example.tokens[s.start].start, example.tokens[s.end - 1].end) for s in spans_of(example.tags)]
    return [(name, example.text[start:end]) for name, start, end in found]


def bare(examples: Iterable[Example]) -> set[str]:
    return {re.sub(r"\W", "", example.text).casefold() for example in examples}


def test_sizes(travel_zh: Dataset) -> None:
    page = (ROOT / "data" / "README.md").read_text(encoding="utf-8")
    assert list(travel_zh.splits) == ["train", "dev", *HAND_WRITTEN]
    for part, examples in travel_zh.splits.items():
        assert f"| `travel-zh/{part}.markup` | {len(examples):,} |" in page
    assert f"第 1-{TWINS} 行是 {TWINS // 2} 对" in page


def test_sizes_of_the_files_apart() -> None:
    page = (ROOT / "data" / "README.md").read_text(encoding="utf-8")
    for name in APART:
        assert f"| `travel-zh/{name}.markup` | {len(part(name))} |" in page


@pytest.mark.parametrize("apart", [False, True])
def test_the_twins_differ_in_their_roles_alone(travel_zh: Dataset, apart: bool) -> None:
    twins = part("twins") if apart else travel_zh.splits["test"][:TWINS]
    for one, other in zip(twins[::2], twins[1::2], strict=True):
        assert one.intent == other.intent, one.text
        assert slots(one) != slots(other), one.text
        assert sorted(map(neutral, slots(one))) == sorted(map(neutral, slots(other))), one.text


def neutral(slot: tuple[str, str]) -> tuple[str, str]:
    role, dot, kind = slot[0].rpartition(".")
    return f"{ROLES.get(role, role)}{dot}{kind}", slot[1]


@pytest.mark.parametrize("name", [*HAND_WRITTEN, *APART])
def test_no_test_sentence_was_trained_on(travel_zh: Dataset, name: str) -> None:
    seen = bare(travel_zh.splits["train"]) | bare(travel_zh.splits["dev"])
    assert bare(part(name) if name in APART else travel_zh.splits[name]) & seen == set()


def test_what_is_outside_travel_has_no_role() -> None:
    names = {name for example in part("outside") for name, _ in slots(example)}
    assert names <= {"city_name", "country_name", "state_name"}
    assert {example.intent for example in part("outside")} == {"other"}


@pytest.mark.parametrize("part", ["train", "dev", *HAND_WRITTEN])
def test_both_scripts_are_there(travel_zh: Dataset, part: str) -> None:
    texts = [example.text for example in travel_zh.splits[part]]
    traditional = sum(TRADITIONAL.search(text) is not None for text in texts)
    simplified = sum(SIMPLIFIED.search(text) is not None for text in texts)
    assert 0.3 < traditional / (traditional + simplified) < 0.6


def test_the_tokens_are_those_of_raw_text(travel_zh: Dataset) -> None:
    tokenize = tokenizer_named("scripts")
    for examples in travel_zh.splits.values():
        assert [example.text for example in examples if tokenize(example.text) != example.tokens] == []


def test_it_has_no_name_of_a_slot_that_english_lacks(travel_zh: Dataset) -> None:
    assert names(travel_zh) - names(load(ROOT / "data" / "travel")) == {"arrive_date.year", "stoploc.airport_code"}


def names(data: Dataset) -> set[str]:
    return {span.name for examples in data.splits.values() for example in examples for span in spans_of(example.tags)}


# --- the model that ships --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "明天早上七点叫我起床",
        "周五晚上八点提醒我看球",
        "上海明天下雨吗",
        "幫我訂禮拜六晚上七點四位的餐廳",
        "播首陳奕迅嘅歌",
    ],
)
def test_what_is_not_about_travel_has_no_role(text: str) -> None:
    (found,) = slotfill.load("travel-zh").tag([text], now="2026-11-20T09:00")
    assert found.intent is not None
    assert (found.intent.name, found.frame.departure, found.frame.arrival) == ("other", Leg(), Leg())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("飞往Rio de Janeiro", [("toloc.city_name", "Rio de Janeiro")]),
        ("从New York到北京", [("fromloc.city_name", "New York"), ("toloc.city_name", "北京")]),
        ("香港飛Wellington", [("fromloc.city_name", "香港"), ("toloc.city_name", "Wellington")]),
    ],
)
def test_names_in_latin_letters(text: str, expected: list[tuple[str, str]]) -> None:
    (found,) = slotfill.load().tag([text], now="2026-11-20T09:00")
    assert [(slot.name, slot.text) for slot in found.slots] == expected
