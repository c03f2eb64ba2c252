"""Chinese holidays and lunar days -> days of the calendar.

The lunar calendar is a table of the years 2022 to 2050, computed with borax 4.1.3 (MIT); lunardate 0.3.0 has the same.
The days of 清明 and 冬至 are by Shou Xing's formula, which holds for the years of the table.
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import NamedTuple, TypeAlias

from slotfill.resolvers.calendar_days import first_weekday

# The first day of each lunar year, its leap month or 0, and for each month a 1 if it has 30 days instead of 29.
_YEARS = """
2022-02-01 0 101011010101|2023-01-22 2 0100110110101|2024-02-10 0 010010110110|2025-01-29 6 1010010101110
2026-02-17 0 101001001110|2027-02-06 0 110100100110|2028-01-26 5 1110100100110|2029-02-13 0 110101010011
2030-02-03 0 010110101010|2031-01-23 3 0110101101010|2032-02-11 0 100101101101|2033-01-31 11 0100101011101
2034-02-19 0 010010101101|2035-02-08 0 101001001101|2036-01-28 6 1101001001011|2037-02-15 0 110100100101
2038-02-04 0 110101010010|2039-01-24 5 1101101010100|2040-02-12 0 101101011010|2041-02-01 0 010101101101
2042-01-22 2 0100101011011|2043-02-10 0 010010011011|2044-01-30 7 1010010010111|2045-02-17 0 101001001011
2046-02-06 0 101010100101|2047-01-26 5 1011010100101|2048-02-14 0 011011010010|2049-02-02 0 101011011010
2050-01-23 3 0101010110110
"""
_TABLE = {int(row[:4]): row.split() for row in _YEARS.strip().replace("\n", "|").split("|")}

_LONGER = "the day itself; the holiday is longer"


# A year -> the days of a holiday that fall into it. Those of the last lunar month may be none, or two.
InYear: TypeAlias = Callable[[int], list[date]]


class Holiday(NamedTuple):
    """A day that comes back every year.

    `other` is what it may mean instead: in traditional characters (國慶 is 10 October in Taiwan), or, unless it
    `is_sure`, in both.
    """

    in_year: InYear
    note: str | None = None
    other: InYear | None = None
    is_sure: bool = True


def lunar_day(year: int, month: int, day: int) -> date | None:
    """The day of a lunar year, in a month that is not a leap month; None if the table or the month lacks it.

    >>> lunar_day(2026, 8, 15), lunar_day(2027, 1, 1)
    (datetime.date(2026, 9, 25), datetime.date(2027, 2, 6))
    """
    row = _TABLE.get(year)
    if row is None or not 1 <= month <= 12:
        return None
    leap = int(row[1])
    lengths = [29 + int(bit) for bit in row[2]]
    at = month - 1 + (0 < leap < month)
    if not 1 <= day <= lengths[at]:
        return None
    return date.fromisoformat(row[0]) + timedelta(sum(lengths[:at]) + day - 1)


def by_moon(month: int, day: int) -> InYear:
    """The function from a year of the calendar to a lunar day."""

    def in_year(year: int) -> list[date]:
        days = [lunar_day(lunar, month, day) for lunar in (year - 1, year)]
        return [found for found in days if found and found.year == year]

    return in_year


def by_sun(month: int, day: int) -> InYear:
    """The function from a year to that day of it."""
    return lambda year: [date(year, month, day)]


def _eve(year: int) -> list[date]:
    """The day before the lunar New Year."""
    first = lunar_day(year, 1, 1)
    return [first - timedelta(1)] if first else []


def _term(month: int, shift: float) -> InYear:
    """The day of a solar term, by Shou Xing's formula for this century."""

    def in_year(year: int) -> list[date]:
        short = year % 100
        return [date(year, month, int(short * 0.2422 + shift) - short // 4)] if year in _TABLE else []

    return in_year


def _nth_sunday(month: int, count: int) -> InYear:
    def in_year(year: int) -> list[date]:
        return [first_weekday(date(year, month, 1), 6) + timedelta(7 * (count - 1))]

    return in_year


HOLIDAYS: dict[str, Holiday] = {
    **dict.fromkeys(("元旦", "元旦节"), Holiday(by_sun(1, 1))),
    **dict.fromkeys(("情人节", "西洋情人节"), Holiday(by_sun(2, 14))),
    **dict.fromkeys(("妇女节", "三八节", "三八妇女节"), Holiday(by_sun(3, 8))),
    "植树节": Holiday(by_sun(3, 12)),
    "愚人节": Holiday(by_sun(4, 1)),
    **dict.fromkeys(("劳动节", "五一", "五一节", "五一劳动节"), Holiday(by_sun(5, 1), _LONGER)),
    "青年节": Holiday(by_sun(5, 4), None, by_sun(3, 29)),
    **dict.fromkeys(("儿童节", "六一", "六一儿童节"), Holiday(by_sun(6, 1), None, by_sun(4, 4))),
    **dict.fromkeys(("建党节", "七一"), Holiday(by_sun(7, 1))),
    **dict.fromkeys(("建军节", "八一"), Holiday(by_sun(8, 1))),
    "教师节": Holiday(by_sun(9, 10), None, by_sun(9, 28)),
    **dict.fromkeys(("国庆", "国庆节", "国庆日"), Holiday(by_sun(10, 1), _LONGER, by_sun(10, 10))),
    "十一": Holiday(by_sun(10, 1), _LONGER),
    **dict.fromkeys(("双十", "双十节", "双十国庆"), Holiday(by_sun(10, 10))),
    **dict.fromkeys(("双十一", "双11", "光棍节"), Holiday(by_sun(11, 11))),
    **dict.fromkeys(("双十二", "双12"), Holiday(by_sun(12, 12))),
    **dict.fromkeys(("平安夜", "圣诞夜", "圣诞前夕", "耶诞夜"), Holiday(by_sun(12, 24))),
    **dict.fromkeys(("圣诞", "圣诞节", "耶诞", "耶诞节"), Holiday(by_sun(12, 25))),
    **dict.fromkeys(("跨年", "跨年夜", "元旦前夕"), Holiday(by_sun(12, 31))),
    "母亲节": Holiday(_nth_sunday(5, 2)),
    "父亲节": Holiday(_nth_sunday(6, 3), None, by_sun(8, 8)),
    **dict.fromkeys(("清明", "清明节"), Holiday(_term(4, 4.81))),
    "冬至": Holiday(_term(12, 21.94)),
    **dict.fromkeys(("春节", "过年", "农历新年", "旧历年"), Holiday(by_moon(1, 1), _LONGER)),
    **dict.fromkeys(("元宵", "元宵节"), Holiday(by_moon(1, 15))),
    **dict.fromkeys(("端午", "端午节", "端阳节"), Holiday(by_moon(5, 5))),
    **dict.fromkeys(("七夕", "七夕节"), Holiday(by_moon(7, 7))),
    **dict.fromkeys(("中元", "中元节"), Holiday(by_moon(7, 15))),
    **dict.fromkeys(("中秋", "中秋节"), Holiday(by_moon(8, 15))),
    **dict.fromkeys(("重阳", "重阳节"), Holiday(by_moon(9, 9))),
    **dict.fromkeys(("腊八", "腊八节"), Holiday(by_moon(12, 8))),
    **dict.fromkeys(("除夕", "除夕夜", "大年三十", "大年夜", "年三十", "年卅"), Holiday(_eve)),
    **dict.fromkeys(("大年初一", "年初一"), Holiday(by_moon(1, 1))),
}
# Of these, nobody can tell the day: two holidays, or several days.
VAGUE = (
    "新年",
    "小年",
    "复活节",
    "感恩节",
    "万圣节",
    "寒假",
    "暑假",
    "年假",
    "春运",
    "黄金周",
    "小长假",
    "长假",
    "连假",
)
