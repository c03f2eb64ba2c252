"""The characters of a Chinese date -> pieces: what a few of them mean.

PATTERNS are tried in their order at each character; the first that matches makes one or more pieces.
"""

import re
from collections.abc import Callable
from typing import Any, NamedTuple

from slotfill.resolvers.calendar_days import Distance
from slotfill.resolvers.date_pieces import (
    COUNT,
    DAY,
    DISTANCE,
    EDGE,
    EVERY,
    IN,
    LIMIT,
    MONTH,
    NTH,
    NUMERIC,
    RELATIVE,
    SATURDAY,
    TODAY,
    UNIT,
    UNKNOWN,
    WEEKDAY,
    WEEKEND,
    YEAR,
)
from slotfill.resolvers.grouping import OR, TO
from slotfill.resolvers.zh.holidays import HOLIDAYS, VAGUE, Holiday, by_moon, by_sun
from slotfill.resolvers.zh.numerals import CHARACTERS, numeral_at, spelt_digits
from slotfill.resolvers.zh.time_pieces import PART_OF
from slotfill.resolvers.zh.window import BESIDE, FREE, Patterns, Window, longest_at

# Kinds beside those of `date_pieces`, in the order of the fields: a holiday or a lunar day, a third of a month,
# and `下个周五`, which is less clear than `下周五`.
HOLIDAY, THIRD, LOOSE = (1 << n for n in range(20, 23))
# What joins two dates, a limit in front of its date, and what means nothing, or cannot belong to a date.
JOINT, PREFIX, NOTHING, BREAK = (1 << n for n in range(24, 28))


class Pieces(NamedTuple):
    """What the characters up to `end` mean: kinds with their values."""

    parts: tuple[tuple[int, Any], ...]
    end: int

    @property
    def kinds(self) -> int:
        """The bits of all kinds."""
        return sum(kind for kind, _ in self.parts)


_Make = Callable[[re.Match[str], Window], "Pieces | None"]
_N = f"(?:\\d{{1,2}}|[{CHARACTERS}]{{1,3}})"
_REL = "(?P<rel>上上|下下|上|这|本|今|当|下|呢|嚟紧|来紧)"
_WEEK = "(?P<week>周|星期|礼拜)"
_RELATIVES = {"上": "last", "下": "next", "下下": "after next", "嚟紧": "coming", "来紧": "coming"}
_WEEKDAYS = {c: n for n, names in enumerate(("一1", "二2", "三3", "四4", "五5", "六6", "日天七7")) for c in names}
_TODAYS = {
    -3: "大前天 大前日",
    -2: "前天 前日",
    -1: "昨天 昨日 昨晚 寻日 昨儿",
    0: "今天 今日 今儿 今儿个 今晚 今早 今夜 今晨 今朝 现在 即日 当下 此刻 眼下",
    1: "明天 明日 明儿 明儿个 明早 明晚 明晨 明夜 明朝 听日 听晚 听朝",
    2: "后天 后日 后儿 后儿个 后晚 后早",
    3: "大后天 大后日 大后儿",
}
_TODAY = {word: days for days, words in _TODAYS.items() for word in words.split()}
_SHORT_TODAYS = {"今": 0, "明": 1, "听": 1, "后": 2}  # before a part of the day: `明` 晚上
_YEARS = {"今": "this", "本": "this", "明": "next", "来": "next", "后": "after next", "去": "last"}
_UNITS = {"天": "day", "日": "day", "周": "week", "星期": "week", "礼拜": "week", "月": "month", "年": "year"}
_EDGES = {"初": "start", "中": "middle", "底": "end", "末": "end", "尾": "end"}
_THIRDS = {"上旬": 0, "中旬": 1, "下旬": 2}
_EDGE = "(?P<edge>上旬|中旬|下旬|初(?![一二三四五六七八九十])|中(?![午旬转国秋])|底|末|尾)"
_MOON = "(?:农历|阴历|旧历)"
_GLUE = frozenset(" ,.()的那天这在于就是一从自由")


def _number(text: str) -> int | None:
    """The whole number that a text is, or None."""
    numeral = numeral_at(text, 0)
    return numeral.exact if numeral and numeral.end == len(text) else None


def _full_date(match: re.Match[str], _: Window) -> Pieces:
    """`2027-11-02`, `2027/11/2`, `2027.11.2`; the year 115 is of the Republic."""
    year, month, day = (int(match[name]) for name in ("y", "m", "d"))
    return Pieces(((YEAR, year + 1911 * (year < 1000)), (MONTH, month), (DAY, day)), match.end())


def _numeric(match: re.Match[str], _: Window) -> Pieces:
    """`11/2`."""
    return Pieces(((NUMERIC, ("/", (match["m"], match["d"]))),), match.end())


def _year(match: re.Match[str], _: Window) -> Pieces | None:
    """`2027年`, `二〇二七年`, `27年`, `民国115年`."""
    number = spelt_digits(match["y"])
    if number is None:
        number = _number(match["y"])
    if number is None:
        return None
    is_republican = match["roc"] or 100 <= number <= 199
    return Pieces(((YEAR, number + 1911 * bool(is_republican)),), match.end())


def _bare_year(match: re.Match[str], window: Window) -> Pieces | None:
    """2027 in a slot of its own."""
    return Pieces(((YEAR, int(match.group())),), match.end()) if window.is_own(*match.span()) else None


def _relative_year(match: re.Match[str], window: Window) -> Pieces | None:
    """`明年`, `今年底`; not 去`年初四`."""
    start = match.start()
    if window.marks[start] == FREE and window.is_own(start + 1, start + 2):
        return None
    parts = ((RELATIVE, _YEARS[match["rel"]]), (UNIT, "year"), *_edge(match["edge"]))
    return Pieces(parts, match.end())


def _month(match: re.Match[str], _: Window) -> Pieces:
    """`11月`, `十一月份`, `11月底`, `3月上旬`."""
    number = 1 if match["n"] == "元" else _number(match["n"])
    if number is None or not 1 <= number <= 12:
        return Pieces(((UNKNOWN, match.group()),), match.end())
    return Pieces(((MONTH, number), *_edge(match["edge"])), match.end())


def _edge(text: str | None) -> tuple[tuple[int, Any], ...]:
    if not text:
        return ()
    return ((THIRD, _THIRDS[text]),) if text in _THIRDS else ((EDGE, _EDGES[text]),)


def _is_of_verb(match: re.Match[str], window: Window) -> bool:
    """Say whether the 下 is that of `问一下`, `看下`, and not in a slot: `看下[下]周`."""
    start = match.start()
    if window.marks[start] != FREE or window.text[start] != "下":
        return False
    return window.text[start - 1 : start] in _VERBS or (match["rel"] == "下下" and window.is_own(start + 1, start + 2))


_VERBS = (*"一看查问睇搜等试订帮",)


def _relative_month(match: re.Match[str], window: Window) -> Pieces | None:
    """`下个月`, `本月底`, `月底`."""
    relative = match["rel"] or ""
    if _is_of_verb(match, window):
        return None
    if relative == "上上":
        return Pieces(((UNKNOWN, match.group()),), match.end())
    return Pieces(((RELATIVE, _RELATIVES.get(relative, "this")), (UNIT, "month"), *_edge(match["edge"])), match.end())


def _week(match: re.Match[str], window: Window) -> Pieces | None:
    """`下周五`, `这个礼拜天`, `周末`, `下周`, `每周五`."""
    if _is_of_verb(match, window):
        return None
    said = match.groupdict()
    relative, day = said["rel"], said.get("d")
    if relative == "上上":
        return Pieces(((UNKNOWN, match.group()),), match.end())
    parts: list[tuple[int, Any]] = []
    if relative:
        parts.append((RELATIVE, _RELATIVES.get(relative, "this")))
    if relative == "下" and said["ge"] and said["week"] == "周" and day:
        parts.append((LOOSE, None))
    if day is None or (relative and day in _WEEKDAYS and _RELATIVES.get(relative) != "coming"):
        parts.append((UNIT, "week"))
    if day in _WEEKDAYS:
        parts.append((EVERY if said["every"] else WEEKDAY, _WEEKDAYS[day]))
    elif day:
        parts.append((WEEKEND, SATURDAY))
    return Pieces(tuple(parts), match.end())


def _other_weekday(match: re.Match[str], window: Window) -> Pieces | None:
    """The `六` of `周五六`, the `四` of `下周三或四`."""
    if not _AFTER_WEEKDAY.search(window.text, 0, match.start()):
        return None
    return Pieces(((WEEKDAY, _WEEKDAYS[match.group()]),), match.end())


_AFTER_WEEKDAY = re.compile("(?:周|星期|礼拜)[一二三四五六]+(?:[、或和跟][一二三四五六]?)*(?:或者|或是|还是)?$")


def _short_today(match: re.Match[str], window: Window) -> Pieces | None:
    """The `明` of a date, before `晚上` in a slot of a time."""
    at, end = match.span()
    if not window.is_own(at, end) or window.is_own(max(0, at - 1), at):
        return None
    is_alone = end == len(window.marks) or window.marks[end] in (BESIDE, FREE)
    return Pieces(((TODAY, _SHORT_TODAYS[match.group()]),), end) if is_alone else None


def _some_days(match: re.Match[str], _: Window) -> Pieces:
    """`三天后`, `两周之内`, `过两天`, `未来三天`, `三天`."""
    said = match.groupdict()
    count = _number(match["n"])
    if count is None:  # `两三天后`
        return Pieces(((UNKNOWN, match.group()),), match.end())
    parts: list[tuple[int, Any]] = [(COUNT, count), (UNIT, _UNITS[match["unit"]])]
    after = said.get("after") or ""
    if said.get("next"):
        parts.append((RELATIVE, "next"))
    elif after or said.get("over"):
        parts.append((IN, None))
    if "内" in after:
        parts.append((LIMIT, "before"))
    return Pieces(tuple(parts), match.end())


def _nth(match: re.Match[str], _: Window) -> Pieces:
    """`12月的第二个周一`, `最后一个周五`."""
    return Pieces(((NTH, _number(match["n"]) if match["n"] else -1),), match.end())


def _days_from(match: re.Match[str], _: Window) -> Pieces | None:
    """The `前一天` of `国庆前一天`."""
    count = _number(match["n"])
    distance = Distance((count or 0) * (-1 if match["way"] == "前" else 1), "day", None)
    return Pieces(((DISTANCE, distance),), match.end()) if count else None


def _day_after(match: re.Match[str], _: Window) -> Pieces:
    """The `后第一天` of `国庆后第一天`, which may count from the day, or from the end of the days off.

    The `前一周` of `春节前一周` may be a day or all of the week; the `前的周六` of `圣诞前的周六` is not the next one.
    """
    return Pieces(((DISTANCE, Distance(0, "day", None)), (UNKNOWN, match.group())), match.end())


def _same_day(match: re.Match[str], window: Window) -> Pieces:
    """The `的今天` of `一周后的今天`, which says nothing new, and of `下周的今天`, which does."""
    is_said = window.text[: match.start()].endswith("后")
    return Pieces(((NOTHING, None) if is_said else (UNKNOWN, match.group()),), match.end())


def _weekday_in_brackets(match: re.Match[str], _: Window) -> Pieces:
    """The `(一)` of `11/2(一)`."""
    return Pieces(((WEEKDAY, _WEEKDAYS[match["d"]]),), match.end())


def _day(match: re.Match[str], _: Window) -> Pieces:
    """`2号`, `二日`, `廿三号`."""
    number = _number(match["n"])
    return Pieces(((UNKNOWN, match.group()) if number is None else (DAY, number),), match.end())


def _bare_day(match: re.Match[str], window: Window) -> Pieces | None:
    """The `2` or the `十五` of a slot."""
    number = _number(match.group())
    return None if number is None or not window.is_own(*match.span()) else Pieces(((DAY, number),), match.end())


def _lunar(match: re.Match[str], _: Window) -> Pieces | None:
    """`正月初五`, `大年初二`, `农历八月十五`, `腊月廿三`."""
    name = match.groupdict().get("m", "正")
    month = {"正": 1, "冬": 11, "腊": 12}.get(name) or _number(name)
    day = _number(match["d"])
    return Pieces(((HOLIDAY, Holiday(by_moon(month, day))),), match.end()) if month and day else None


def _new_year_day(match: re.Match[str], window: Window) -> Pieces | None:
    """The `初五` of `除夕到初五`; by itself it may be of any month."""
    if not _NEW_YEAR.search(window.text, 0, match.start()):
        return _unknown(match, window)
    return Pieces(((HOLIDAY, Holiday(by_moon(1, _number(match["d"]) or 0))),), match.end())


_NEW_YEAR = re.compile("除夕|大年|年三十|年初|正月|春节|过年")


def _moon_or_sun(match: re.Match[str], _: Window) -> Pieces | None:
    """`八月十五`, `三月三`, `三月廿三`: most people count so by the moon, but not all."""
    month, day = _number(match["m"]), _number(match["d"])
    if not month or not day or month > 12:
        return None
    either = Holiday(by_moon(month, day), "by the moon, or by the sun?", by_sun(month, day), is_sure=False)
    return Pieces(((HOLIDAY, either),), match.end())


def _always(*parts: tuple[int, Any]) -> _Make:
    return lambda match, _: Pieces(parts, match.end())


def _unknown(match: re.Match[str], window: Window) -> Pieces | None:
    return Pieces(((UNKNOWN, match.group()),), match.end()) if window.is_own(*match.span()) else None


_SOME = f"(?P<n>\\d{{1,3}}|[{CHARACTERS}]+)(?:个(?=星|礼|月))?(?P<unit>星期|礼拜|天|日|周|(?<=个)月|年)"
_DIGITS = "0123456789"
_DAY_SIGN = "[一二三四五六七日天1-7]"
_SOME_DAYS = "[几数]个?(?:星期|礼拜|[天日周月年])(?:(?:之|以)?[后内])?"
_FIRST = "[一二三四五六七八九十]"
_NO_TEENTH = f"(?!十{_FIRST}?[号日])"  # `下周二十号`: the second day, or the twentieth?
PATTERNS: Patterns[Pieces] = Patterns(
    (
        ("-/.", r"(?P<y>[12]\d{3}|1\d\d)[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})[日号]?(?!\d)", _full_date),
        ("2", r"(?P<y>20\d\d)(?P<m>\d\d)(?P<d>\d\d)(?!\d)", _full_date),
        ("/.", r"(?P<m>\d{1,2})[/.](?P<d>\d{1,2})(?![\d/.号日])", _numeric),
        ("(", "\\((?:周|星期|礼拜)?(?P<d>[一二三四五六日])\\)", _weekday_in_brackets),
        ("-", r"\d{1,2}-\d{1,2}(?![\d号日])", _unknown),
        ("初", f"{_MOON}?(?P<m>[正冬腊]|{_N})月初(?P<d>{_FIRST})", _lunar),
        ("历", f"{_MOON}(?P<m>[正冬腊]|{_N})月(?P<d>{_N})日?", _lunar),
        ("正冬腊", f"(?P<m>[正冬腊])月(?P<d>{_N})日?", _lunar),
        ("廿", f"(?P<m>{_N})月(?P<d>廿{_FIRST}?)(?![号日])", _moon_or_sun),
        ("初", f"大?年初(?P<d>{_FIRST})", _lunar),
        ("七八", f"(?P<m>[七八])月(?P<d>十五)(?![号日]|{_FIRST})", _moon_or_sun),
        ("二三五七九", f"(?P<m>[二三五七九])月(?P<d>(?P=m))(?![号日至到]|{_FIRST})", _moon_or_sun),
        ("初", f"初(?P<d>{_FIRST})", _new_year_day),
        ("半几数平每", f"半个?[月年](?:之|以)?后|{_SOME_DAYS}|平日|每[天日]", _unknown),
        ("个周星礼", "(?:第(?P<n>[一二三四五1-5])|最后一)个?(?=周|星期|礼拜)", _nth),
        ("后内", f"(?P<over>再?过|再)?{_SOME}(?P<after>(?:之|以)?后(?!天)|(?:之|以)?内)", _some_days),
        ("未接今往过再", f"(?:(?P<next>未来|接下来|今后|往后)|(?P<over>再?过|再)){_SOME}", _some_days),
        ("年", f"(?P<roc>民国)?(?:公元|西元)?(?P<y>\\d{{2,4}}|[{CHARACTERS}]{{2,6}})年(?![前后内级])", _year),
        ("2", "20\\d\\d(?!\\d)", _bare_year),
        (_DIGITS, "\\d{3,}", _unknown),
        ("年", "(?P<rel>[今明后去本来])年(?:年?(?P<edge>初|中(?![午旬转国秋])|底|末))?", _relative_year),
        ("年", "年[底末]", _always((RELATIVE, "this"), (UNIT, "year"), (EDGE, "end"))),
        ("月", f"(?P<n>{_N}|元)月份?(?:的(?!今))?{_EDGE}?", _month),
        ("月", f"{_REL}一?个?月份?(?:的(?!今))?{_EDGE}?", _relative_month),
        ("月", f"(?P<rel>)月{_EDGE}", _relative_month),
        ("周星礼", f"(?P<every>每个?)?(?:{_REL}(?P<ge>一?个)?)?{_WEEK}(?P<d>六日|{_DAY_SIGN}|末){_NO_TEENTH}", _week),
        ("周星礼", f"{_REL}(?P<ge>一?个)?{_WEEK}", _week),
        ("周星礼", "[一二三四五六日天](?![点时:号日月个十天])", _other_weekday),
        ("早晚夜晨", "[早晚夜晨]", _always((NOTHING, None))),  # of `周五晚`
        ("今明听后", "[今明听后]", _short_today),
        ("当同", "当天|同一天|同天|当日|同日|当晚", _always((RELATIVE, "same"), (UNIT, "day"))),
        ("天日", "第二天|次日|翌日|隔天|隔日", _always((RELATIVE, "next"), (UNIT, "day"))),
        ("号日", f"(?P<n>{_N})[号日]", _day),
        ("前后", f"(?P<way>[前后])(?P<n>{_N})天", _days_from),
        ("第", f"(?:之|以)?后的?第{_N}天", _day_after),
        ("周星礼月", f"(?:之|以)?[前后]的?(?:{_N}|几)个?(?:周|星期|礼拜|月)(?![{CHARACTERS}{_DIGITS}])", _day_after),
        ("前后", f"(?:之|以)?[前后]的(?:第{_N}个|那个)?{_WEEK}[一二三四五六日天末]", _day_after),
        ("今", "的今[天日]", _same_day),
        ("旬", "(?P<edge>[上中下]旬)", lambda match, _: Pieces(_edge(match["edge"]), match.end())),
        ("天周星礼月", _SOME.replace("|日|", "|").replace("|年", ""), _some_days),
        ("前左上附", "前后|左右|上下|附近", _always((LIMIT, "around"))),
        ("于最至赶截", "不(?:要|能)?(?:晚|迟)于|最(?:晚|迟|慢)|至迟|早于|赶在|截止到?", _always((PREFIX, "before"))),
        ("于最至", "不(?:要|能)?早于|最早|最快|至早|晚于|迟于", _always((PREFIX, "after"))),
        ("约概差", "大约|大概|约|差不多", _always((PREFIX, "around"))),
        ("前止内", "(?:之|以)前|前(?![往去来面赴台排半])|为止|之内|以内", _always((LIMIT, "before"))),
        ("后起开", "(?:之|以|过)后|后(?![天日面续来排晚半])|起(?![飞降])|开始", _always((LIMIT, "after"))),
        ("间", "之间|期间", _always((NOTHING, None))),
        ("到至-~–—", "到|至|[-~–—]+", _always((JOINT, TO))),
        ("或还要、和跟与及同/", "或者?是?|还是|要么|[、和跟与及/]|同(?![一天日])", _always((JOINT, OR))),
        (_DIGITS + CHARACTERS, f"{_N}(?![:点时分小个])", _bare_day),
    )
)


# --- words -----------------------------------------------------------------------------------------


def _today(word: str, _: Window, at: int) -> Pieces:
    """`明天`, `今晚`."""
    return Pieces(((TODAY, _TODAY[word]),), at + len(word))


def _part(word: str, _: Window, at: int) -> Pieces:
    """The `晚上` of `周五晚上`, which is for the time."""
    return Pieces(((NOTHING, None),), at + len(word))


def _vague(word: str, window: Window, at: int) -> Pieces | None:
    """`寒假`."""
    return Pieces(((UNKNOWN, word),), at + len(word)) if window.is_own(at, at + len(word)) else None


def _holiday(word: str, window: Window, at: int) -> Pieces | None:
    """`中秋节`, `国庆假期`; not the `十一` of `十一月`."""
    end = at + len(word)
    text = window.text
    if not window.is_own(at, end) or text[end : end + 1] in _NO_HOLIDAY or text[at - 1 : at] == "月":
        return None
    if following := longest_at(_DAYS_OFF, text, end, most=3):
        return Pieces(((UNKNOWN, f"which day of {word}{following}"),), end + len(following))
    return Pieces(((HOLIDAY, HOLIDAYS[word]),), end)


_DAYS_OFF = frozenset(("期间", "假期", "长假", "黄金周", "假日", "连假", "连休", "放假"))
_NO_HOLIDAY = ("点", "时", "月", "号")
_WORDS: dict[str, Callable[[str, Window, int], Pieces | None]] = {
    **dict.fromkeys(PART_OF, _part),
    **dict.fromkeys(_TODAY, _today),
    **dict.fromkeys(VAGUE, _vague),
    **dict.fromkeys(HOLIDAYS, _holiday),
}
_LONGEST = max(map(len, _WORDS))


def pieces_at(window: Window, at: int) -> Pieces:
    """The pieces that begin at a character."""
    text = window.text
    if len(window.marks[at]) == 1:
        return Pieces(((BREAK, window.marks[at]),), at + 1)
    if (word := longest_at(_WORDS, text, at, most=_LONGEST)) and (piece := _WORDS[word](word, window, at)):
        return piece
    for pattern, make in PATTERNS.of(text):
        match = pattern.match(text, at)
        piece = make(match, window) if match else None
        if piece:
            return piece
    if text[at] in _GLUE:
        return Pieces(((NOTHING, None),), at + 1)
    return Pieces(((UNKNOWN if window.is_own(at, at + 1) else BREAK, text[at]),), at + 1)
