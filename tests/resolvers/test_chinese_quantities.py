"""Chinese numbers, sums of money and durations, and the slots of a data set of one's own."""

from typing import Any

import pytest

from slotfill.recipe_tables import kinds_of
from slotfill.resolvers.frame import frame_of
from slotfill.resolvers.own_slots import OwnSlots
from slotfill.resolvers.quantities import Quantity
from slotfill.resolvers.zh.quantities import duration_of, money_of, number_of, relation_beside
from tests.resolvers.conftest import WEDNESDAY
from tests.resolvers.test_chinese import annotation_of

KINDS = {"date": "date", "when": "datetime", "city": "place", "guests": "number", "price": "money", "stay": "duration"}
OWN = OwnSlots(kinds_of(KINDS, origin="recipe.toml"))


def own(markup: str) -> list[Any]:
    """The values of the slots of one's own, with their relations."""
    other = frame_of(annotation_of(markup), clock=WEDNESDAY, own=OWN).to_dict().get("other", {})
    return [(one["value"], *filter(None, (one.get("relation"), one.get("to")))) for one in other.values()]


def brief(quantity: Quantity) -> str:
    """`at most 3/5 CNY`, `null 2 3`."""
    words: list[Any] = [quantity.relation] if quantity.relation else []
    value = "null" if quantity.value is None else str(quantity.value)
    words.append(value if quantity.to is None else f"{value}/{quantity.to}")
    return " ".join(
        [*map(str, words), *([quantity.currency] if quantity.currency else []), *map(str, quantity.alternatives)]
    )


NUMBERS = {
    "1": "一个 1 第一",
    "2": "两个 兩位 2位 俩人 一对",
    "3": "三张票 三張票 第三 3個",
    "12": "十二人 一打",
    "23": "廿三 二十三个",
    "105": "一百零五",
    "3500": "三千五 三千五百",
    "0.5": "半",
    "2.5": "两个半",
    "1200": "1,200 一千二百 一千二",
    "35000": "3万5 三萬五千",
    "2/3": "两到三个 2-3个 2至3位",
    "at least 5": "至少五个 起码五位 5个以上 五個以上",
    "at most 3": "最多三人 不超过3个 3個以下",
    "around 20": "大约20人 20人左右",
    "null 2 3": "两三个 2个或3个",
    "null 5 6": "五六个",
    "null": "几个 十几个 20来个 三十多个 两大一小 很多 好多人 三百几",
}
SUMS = {
    "500 CNY": "500元 五百块 五百块钱 人民币500",
    "3.5 CNY": "三块五 三块五毛 3块5",
    "3.25 CNY": "三块二毛五",
    "0.5 CNY": "五毛",
    "1200 USD": "1200美元 1,200美金 一千二百美元",
    "3000 TWD": "新台幣三千元 3000台幣 NT$3000元",
    "800 HKD": "800港币 港幣800 八百蚊",
    "100 EUR": "100欧元 一百歐元",
    "at most 2000 CNY": "两千元以内 不超过2000元",
    "500/800 CNY": "500到800元 500-800块",
    "null CNY 500 600": "五六百块",
    "500": "五百塊",
    "null": "一千多块 几百块 便宜点",
}
LENGTHS = {
    "PT2H": "两小时 2小时 兩個小時 两个钟头",
    "PT2H30M": "两个半小时 两小时三十分 2小时30分钟",
    "PT30M": "半小时 半个小时",
    "PT15M": "一刻钟 15分钟",
    "PT12H": "半天",
    "P3D": "三天 3日 三晚 三天两夜 3天2晚",
    "P1W": "一周 一個星期",
    "P1M": "一个月",
    "P1Y6M": "一年半",
    "P2D/P3D": "两到三天 2-3天",
    "around P3D": "三天左右 大概三天",
    "null P2D P3D": "两三天",
    "null": "半个月 几天 三月 好久 两天一天",
}


def rows(table: dict[str, str]) -> list[tuple[str, str]]:
    return [(text, expected) for expected, texts in table.items() for text in texts.split()]


@pytest.mark.parametrize(("text", "expected"), rows(NUMBERS))
def test_numbers(text: str, expected: str) -> None:
    assert brief(number_of(text)) == expected


@pytest.mark.parametrize(("text", "expected"), rows(SUMS))
def test_money(text: str, expected: str) -> None:
    assert brief(money_of(text)) == expected


@pytest.mark.parametrize(("text", "expected"), rows(LENGTHS))
def test_durations(text: str, expected: str) -> None:
    assert brief(duration_of(text)) == expected


def test_notes() -> None:
    assert money_of("每人500元").note == "per person"
    assert money_of("500元一晚").note == "per night"
    assert money_of("500元").note == "yuan of the mainland, unless others are meant"
    assert money_of("500元", traditional=True) == Quantity(500, note="TWD, HKD or CNY?")
    assert duration_of("三天两夜").note == "2 nights"


def test_words_beside() -> None:
    assert relation_beside("我们至少", "人") == "at least"
    assert relation_beside("预算", "元以内") == "at most"
    assert relation_beside("预算大概", "元") == "around"
    assert relation_beside("我要", "张票") is None


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("订[明天晚上8点](when)的位子", [("2026-11-19T20:00",)]),
        ("[明晚8點](when)", [("2026-11-19T20:00",)]),
        ("[下周二十点半](when)", [(None,)]),  # in the morning or in the evening
        ("[下周二上午十点半](when)", [("2026-11-24T10:30",)]),
        ("[12月5号18:00](when)前", [("2026-12-05T18:00",)]),
        ("[12月5号晚上8点到10点](when)", [("2026-12-05T20:00", "2026-12-05T22:00")]),
        ("[周五](when)", [("2026-11-20",)]),
        ("[三小时后](when)", [("2026-11-18T12:00",)]),
        ("[晚上8点](when)", [(None,)]),  # of which day?
        ("至少[两](guests)位", [(2, "at least")]),
        ("[三](guests)个人，[明天](date)", [(3,), ("2026-11-19",)]),
        ("预算[五百块](price)以内", [(500, "at most")]),
        ("住[三晚](stay)", [("P3D",)]),
        ("到[臺北](city)", [("Taipei",)]),
        ("不是[周五](date)，是[周六](date)", [("2026-11-21",)]),
    ],
)
def test_slots_of_ones_own(markup: str, expected: list[Any]) -> None:
    assert own(markup) == expected
