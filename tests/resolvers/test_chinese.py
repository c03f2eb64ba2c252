"""Chinese phrase -> value at a fixed clock: zh_phrases.tsv is the definition; docs/values.md has the reasons."""

import os
import re
import subprocess
import sys
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slotfill.hanzi import plain, simplified
from slotfill.resolvers.frame import frame_of
from slotfill.resolvers.zh.holidays import HOLIDAYS, lunar_day
from slotfill.resolvers.zh.numerals import CHARACTERS, numeral_at, spelt_digits
from slotfill.schema import Annotation, DateValue, Frame, Slot, TimeValue, Token
from tests.resolvers.conftest import WEDNESDAY, brief, known

_SLOT = re.compile(r"\[([^\]]*)\]\(([^)]*)\)|.", re.DOTALL)
_TABLE = [
    line.split("\t")
    for line in Path(__file__).with_name("zh_phrases.tsv").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]


def annotation_of(markup: str) -> Annotation:
    """What a tagger that finds just these slots would say; it has a token for each character."""
    text, slots = "", []
    for piece in _SLOT.finditer(markup):
        words = piece[0] if piece[1] is None else piece[1]
        if piece[1] is not None:
            slots.append(Slot(piece[2], words, len(text), len(text) + len(words), 1.0))
        text += words
    tokens = tuple(Token(m.group(), m.start(), m.end()) for m in re.finditer(r"[A-Za-z0-9]+|\S", text))
    return Annotation(text, tokens, ("O",) * len(tokens), tuple(slots), None)


def frame(markup: str, clock: datetime = WEDNESDAY) -> Frame:
    return frame_of(annotation_of(markup), clock=clock)


def value_of(kind: str, phrase: str, clock: datetime = WEDNESDAY) -> DateValue | TimeValue:
    """The date or the time of a phrase, whose slots need not say `depart_date.`."""
    if "](" not in phrase:
        phrase = f"坐[{phrase}]({kind})的航班"
    markup = re.sub(r"\]\((?!\w+\.)", f"](depart_{kind}.", phrase)
    leg = frame(markup, clock).departure
    return known(leg.date) if kind == "date" else known(leg.time)


@pytest.mark.parametrize(("kind", "phrase", "expected", "note"), [(*row, "")[:4] for row in _TABLE])
def test_phrases(kind: str, phrase: str, expected: str, note: str) -> None:
    value = value_of(kind, phrase)
    assert brief(value) == expected, value
    assert note in (value.note or "")


# Other days: a Sunday, a Friday, the last day of the year, the day after a holiday.
@pytest.mark.parametrize(
    ("clock", "phrase", "expected"),
    [
        ("2026-11-22", "下周五", "2026-11-27"),  # a Sunday: its week ends today
        ("2026-11-22", "下週五", "null 2026-11-27 2026-12-04"),
        ("2026-11-22", "这周日", "2026-11-22"),
        ("2026-11-22", "下周日", "2026-11-29"),
        ("2026-11-22", "下週日", "2026-11-29"),
        ("2026-11-22", "周日", "2026-11-22"),
        ("2026-11-20", "周五", "2026-11-20"),
        ("2026-11-20", "下周五", "2026-11-27"),
        ("2026-11-20", "下个周五", "2026-11-27"),
        ("2026-11-21", "这周五", "null 2026-11-20 2026-11-27"),
        ("2026-12-31", "元旦", "2027-01-01"),
        ("2026-12-31", "1号", "2027-01-01"),
        ("2026-12-31", "明年春节", "2027-02-06"),
        ("2027-01-10", "春节", "2027-02-06"),
        ("2027-02-06", "除夕", "2028-01-25"),
        ("2026-10-02", "国庆节", "2027-10-01"),
        ("2033-11-01", "冬至", "2033-12-21"),
        ("2033-12-25", "腊月初八", "2034-01-27"),  # after a leap month
    ],
)
def test_other_days(clock: str, phrase: str, expected: str) -> None:
    assert brief(value_of("date", phrase, datetime.fromisoformat(f"{clock}T09:00"))) == expected


SENTENCES = {
    "[明晚](depart_date.today_relative)[8点](depart_time.time)飞台北": [
        "departure.date 2026-11-19",
        "departure.time 20:00",
    ],
    "[今晚](depart_date.today_relative)去台北": ["departure.date 2026-11-18", "departure.time 18:00/00:00"],
    "[周五晚](depart_date.day_name)[八点](depart_time.time)出發": [
        "departure.date 2026-11-20",
        "departure.time 20:00",
    ],
    # twins: they leave, or they arrive
    "[11月](depart_date.month_name)[2日](depart_date.day_number)[下午3点](depart_time.time)離開台北": [
        "departure.date 2027-11-02",
        "departure.time 15:00",
    ],
    "[11月](arrive_date.month_name)[2日](arrive_date.day_number)[下午3点](arrive_time.time)到達台北": [
        "arrival.date 2027-11-02",
        "arrival.time 15:00",
    ],
    "[周五](depart_date.day_name)[18:00](depart_time.time)之后出发": [
        "departure.date 2026-11-20",
        "departure.time after 18:00",
    ],
    "[周五](arrive_date.day_name)[18:00](arrive_time.time)之前到": [
        "arrival.date 2026-11-20",
        "arrival.time before 18:00",
    ],
    "[11月](arrive_date.month_name)[2号](arrive_date.day_number)[之前](arrive_time.time_relative)到達": [
        "arrival.date before 2027-11-02"
    ],
    "[下](depart_date.date_relative)[周五](depart_date.day_name)走，[三天](return_date.date_relative)后回来": [
        "departure.date 2026-11-27",
        "return.date 2026-11-30",
    ],
    "[明天](depart_date.today_relative)去，[第二天](return_date.date_relative)回": [
        "departure.date 2026-11-19",
        "return.date 2026-11-20",
    ],
    "[下周五](depart_date.day_name)走，[周三](return_date.day_name)回": [
        "departure.date 2026-11-27",
        "return.date 2026-12-02",
    ],
    "[下周五](depart_date.day_name)走，[明天](return_date.today_relative)回": [
        "departure.date 2026-11-27",
        "return.date null 2026-11-19; before the departure",
    ],
    "[往返](round_trip)，[12月1号](depart_date.day_number)到[12月5号](depart_date.day_number)": [
        "departure.date 2026-12-01",
        "return.date 2026-12-05",
    ],
    "[单程](round_trip)，[12月1号](depart_date.day_number)到[12月5号](depart_date.day_number)": [
        "departure.date 2026-12-01/2026-12-05",
    ],
    # what a sentence rules out
    "不是[周五](depart_date.day_name)，是[周六](depart_date.day_name)": ["departure.date 2026-11-21; ruled out: 周五"],
    "不是[周五](depart_date.day_name)而是[周六](depart_date.day_name)": ["departure.date 2026-11-21; ruled out: 周五"],
    "唔係[聽日](depart_date.today_relative)，係[後日](depart_date.today_relative)": [
        "departure.date 2026-11-20; ruled out: 聽日"
    ],
    "是不是[周五](depart_date.day_name)": ["departure.date 2026-11-20"],
    "[周五](depart_date.day_name)不行，[周六](depart_date.day_name)吧": ["departure.date 2026-11-21; ruled out: 周五"],
    "把[周五](depart_date.day_name)的票改成[周六](depart_date.day_name)": [
        "departure.date 2026-11-21; ruled out: 周五"
    ],
    "不要[周五](depart_date.day_name)": ["departure.date null; ruled out: 周五"],
    "[周五](depart_date.day_name)，不对，[周六](depart_date.day_name)走": [
        "departure.date 2026-11-21; ruled out: 周五"
    ],
    "[周五](depart_date.day_name)，不，[周六](depart_date.day_name)走": ["departure.date 2026-11-21; ruled out: 周五"],
    # what is no part of the slot
    "想問一下[下](depart_date.date_relative)週去台北": ["departure.date 2026-11-23 week"],
    "幫我睇下[下](depart_date.date_relative)[星期六](depart_date.day_name)嘅機票": ["departure.date 2026-11-28"],
    "帮我看下[周五](depart_date.day_name)的票": ["departure.date 2026-11-20"],
    "下[周五](depart_date.day_name)的票": ["departure.date 2026-11-27"],
    "[端午](depart_date.day_name)去台北": ["departure.date 2027-06-09"],
    "[两点](depart_time.start_time)和[四点半](depart_time.end_time)之间": [
        "departure.time null 02:00/04:30 14:00/16:30; morning or afternoon?"
    ],
    "下午[两点](depart_time.start_time)和[四点](depart_time.end_time)之间": ["departure.time 14:00/16:00"],
    "[周五](depart_date.day_name)[或](or)[周六](depart_date.day_name)": [
        "departure.date 2026-11-20 | 2026-11-20 | 2026-11-21"
    ],
    "[聽](depart_date.today_relative)[朝](depart_time.period_of_day)[七點](depart_time.time)走": [
        "departure.date 2026-11-19",
        "departure.time 07:00",
    ],
    "[年三十](depart_date.day_name)去[年初四](return_date.day_name)返": [
        "departure.date 2027-02-05",
        "return.date 2027-02-09",
    ],
    "[8am](depart_time.start_time)同[10am](depart_time.end_time)之間": ["departure.time 08:00/10:00"],
    # Latin words in a Chinese sentence, and the reverse
    "我想[next](depart_date.date_relative) [monday](depart_date.day_name)出发": ["departure.date 2026-11-23"],
    "to 台北 on [friday](depart_date.day_name) at [6 pm](depart_time.time) please": [
        "departure.date 2026-11-20",
        "departure.time 18:00",
    ],
}


@pytest.mark.parametrize("markup", SENTENCES)
def test_sentences(markup: str) -> None:
    found = []
    whole = frame(markup)
    for name, leg in (("departure", whole.departure), ("arrival", whole.arrival), ("return", whole.return_)):
        for part, value in leg.items():
            if isinstance(value, DateValue | TimeValue):
                note = f"; {value.note}" if value.note and ("ruled" in value.note or value.value is None) else ""
                found.append(f"{name}.{part} {brief(value)}{note}")
    assert found == SENTENCES[markup]


def test_text_has_all_that_counted() -> None:
    leg = frame(
        "請訂[週五](depart_date.day_name)[晚上](depart_time.period_of_day)[八點](depart_time.time)之前的票"
    ).departure
    assert known(leg.date).text == "週五"
    assert known(leg.time).text == "晚上八點之前"


# --- numerals --------------------------------------------------------------------------------------

_DIGITS = "零一二三四五六七八九"


def spelt(number: int) -> str:
    """A number below a hundred million as it is written: 20305 is 二万零三百零五."""
    if number >= 10000:
        head, tail = divmod(number, 10000)
        return spelt(head) + "万" + ("零" * (0 < tail < 1000) + spelt(tail) if tail else "")
    words, is_gap = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // unit % 10
        if digit:
            words += "零" * (is_gap and bool(words)) + _DIGITS[digit] + name
        is_gap = not digit
    return words or "零"


@given(st.integers(0, 99_999_999))
def test_numerals_come_back(number: int) -> None:
    for written in (spelt(number), spelt(number).replace("万", "萬"), str(number), f"{number:,}"):
        numeral = known(numeral_at(plain(written), 0))
        assert (numeral.exact, numeral.end) == (number, len(written))


@given(st.integers(0, 9999))
def test_digits_come_back(number: int) -> None:
    assert spelt_digits("".join(_DIGITS[int(digit)] for digit in str(number))) == number


@pytest.mark.parametrize(
    ("text", "low", "high", "length"),
    [
        ("三千五", 3500, 3500, 3),
        ("三千零五", 3005, 3005, 4),
        ("一百五", 150, 150, 3),
        ("一百零五", 105, 105, 4),
        ("两百二", 220, 220, 3),
        ("一万二", 12000, 12000, 3),
        ("十二", 12, 12, 2),
        ("廿三", 23, 23, 2),
        ("卅一", 31, 31, 2),
        ("3万5", 35000, 35000, 3),
        ("1.5万", 15000, 15000, 4),
        ("2千5百", 2500, 2500, 4),
        ("1,200元", 1200, 1200, 5),
        ("五六百", 500, 600, 3),
        ("十五六", 15, 16, 3),
        ("三四十", 30, 40, 3),
        ("两三", 2, 3, 2),
        ("三五", 3, 5, 2),
        ("贰佰叁拾", 230, 230, 4),
    ],
)
def test_numerals(text: str, low: int, high: int, length: int) -> None:
    assert tuple(known(numeral_at(text, 0))) == (low, high, length)


@pytest.mark.parametrize("text", ["百", "万", "点", "", "十百"[1:]])
def test_no_numeral(text: str) -> None:
    assert numeral_at(text, 0) is None


# --- the moon --------------------------------------------------------------------------------------


# Holidays as the governments have published or the almanacs have printed them.
@pytest.mark.parametrize(
    ("year", "month", "day", "expected"),
    [
        (2023, 1, 1, "2023-01-22"),
        (2024, 1, 1, "2024-02-10"),
        (2025, 1, 1, "2025-01-29"),
        (2026, 1, 1, "2026-02-17"),
        (2027, 1, 1, "2027-02-06"),
        (2030, 1, 1, "2030-02-03"),
        (2024, 8, 15, "2024-09-17"),
        (2025, 8, 15, "2025-10-06"),  # after a leap sixth month
        (2026, 8, 15, "2026-09-25"),
        (2025, 5, 5, "2025-05-31"),
        (2026, 5, 5, "2026-06-19"),
        (2023, 8, 15, "2023-09-29"),  # after a leap second month
        (2033, 8, 15, "2033-09-08"),  # before a leap eleventh month
    ],
)
def test_lunar_days(year: int, month: int, day: int, expected: str) -> None:
    assert str(lunar_day(year, month, day)) == expected


def test_every_holiday_has_a_day_in_every_year() -> None:
    for name, holiday in HOLIDAYS.items():
        days = [day for year in range(2024, 2050) for day in holiday.in_year(year)]
        assert len(days) in (25, 26), name
        assert all(350 < (after - day).days < 386 for day, after in pairwise(days)), name


# --- anything --------------------------------------------------------------------------------------

_ALPHABET = (
    CHARACTERS
    + "月日号號點点周週星期下上个個禮拜早晚前后後到至或天年末初明今:：-/ 0123456789半刻分时中午节年大内左右abc，。"
)


@given(st.text(_ALPHABET, min_size=1, max_size=12), st.text(_ALPHABET, max_size=6), st.sampled_from(("date", "time")))
@settings(deadline=None)
def test_nothing_is_too_odd(phrase: str, after: str, kind: str) -> None:
    slot = Slot(f"depart_{kind}.{kind}", phrase, 2, 2 + len(phrase), 1.0)
    text = f"我坐{phrase}{after}的车"
    tokens = tuple(Token(c, n, n + 1) for n, c in enumerate(text) if not c.isspace())
    whole = frame_of(Annotation(text, tokens, ("O",) * len(tokens), (slot,), None), clock=WEDNESDAY)
    for _name, value in whole.departure.items():  # noqa: PERF102 - a leg, not a dictionary
        assert value.text in text
        assert phrase in value.text
        assert value.value is not None or value.note or value.alternatives


@given(st.text())
def test_plain_text_has_the_same_length(text: str) -> None:
    assert len(plain(text)) == len(simplified(text)) == len(text)


def test_english_does_not_wait_for_it() -> None:
    code = (
        "import sys\n"
        "from tests.resolvers.conftest import frame\n"
        "frame('from [Taipei](fromloc.city_name) on [friday](depart_date.day_name) at [6 pm](depart_time.time)')\n"
        "frame('to [São Paulo](toloc.city_name) on [friday](depart_date.day_name)')\n"
        "assert not [name for name in sys.modules if name.startswith('slotfill.resolvers.zh')]\n"
    )
    subprocess.run([sys.executable, "-P", "-c", code], check=True, env={**os.environ, "PYTHONPATH": str(Path.cwd())})
