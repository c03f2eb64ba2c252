"""The characters of a Chinese time -> pieces: what a few of them mean.

PATTERNS are tried in their order at each character; the first that matches makes a piece.
"""

import re
from collections.abc import Callable
from typing import Any, NamedTuple

from slotfill.resolvers.grouping import AND, OR, TO
from slotfill.resolvers.time_words import AHEAD, CLOCK, END, PART, RELATION, START, UNKNOWN
from slotfill.resolvers.zh.numerals import CHARACTERS, numeral_at
from slotfill.resolvers.zh.window import Patterns, Window, longest_at

_PARTS = {
    "凌晨": "凌晨 拂晓 黎明 后半夜 下半夜",
    "清晨": "大清早 一大早 大早上 清晨 清早 一早",
    "早上": "早上 早晨 早间 今早 明早 早班 晨间",
    "上午": "上午 午前 朝早 上昼",
    "中午": "中午 午间 晌午",
    "下午": "下午 午后 下昼 晏昼",
    "傍晚": "傍晚 黄昏",
    "晚上": "大晚上 晚上 晚间 夜晚 夜间 夜里 晚头 晚班 前半夜 上半夜",
    "深夜": "三更半夜 大半夜 深夜 半夜 午夜",
    "day": "大白天 白天 日间",
    "am": "a.m. a.m am",
    "pm": "p.m. p.m pm",
}
PART_OF = {word: part for part, words in _PARTS.items() for word in words.split()}
# One character that is a part of the day in a slot, before a clock time, or at the end of a date: `明晚`, `周五晚`.
SHORT_PARTS = {"早": "早上", "晨": "清晨", "朝": "早上", "晚": "晚上", "夜": "晚上", "午": "中午"}

# --- patterns --------------------------------------------------------------------------------------

_DIGIT = f"\\d{CHARACTERS}"
_HOUR = f"(?:\\d{{1,2}}|[{CHARACTERS}]{{1,4}})"
_TWO_DIGITS = "\\d\\d|[零〇][一二三四五六七八九]|[二三四五]?十[一二三四五六七八九]?"
_MINUTE = (
    f"半|[一二三123]刻钟?|[零〇]?(?:\\d{{1,2}}|[{CHARACTERS}]{{1,3}})分(?!钟)"
    f"|(?:{_TWO_DIGITS})(?![{_DIGIT}点时个号月人块元分])"
)
_COUNT = f"半|\\d{{1,3}}|[{CHARACTERS}]+"
_BEFORE = "不(?:要|能)?(?:晚|迟|超)(?:于|过)?|最(?:晚|迟|慢)|至迟|早于|赶在|截止到?"
_AFTER = "不(?:要|能)?早(?:于|过)|最早|最快|至早|晚于|迟于|过了"
_AROUND = "大约|大概|大致|约莫|约|差不多|接近|将近|靠近"
_IS_BEFORE = "(?:之|以)前|前(?![往去来面赴台排])|为止|之内|以内"
_IS_AFTER = "(?:之|以|过)后|后(?![天日面续来排])|往后|起(?![飞降])|开始"
_GLUE = frozenset(" ,、的在于是大()那就要左右")


class TimePiece(NamedTuple):
    """What the characters up to `end` mean."""

    kind: int
    value: Any
    end: int


_Make = Callable[[re.Match[str], Window], "TimePiece | None"]
# Kinds beside those of `time_phrases`: a joint, a limit after its time, two hours (`七八点`), what means nothing, and
# what cannot belong to a time.
JOINT, LIMIT, EITHER, NOTHING, BREAK = (1 << n for n in range(20, 25))


def _clock(match: re.Match[str], window: Window) -> TimePiece | None:
    """`8点半`, `20:15`, `十八点`, `三点一刻`, `八点零五分`; also `七八点`."""
    hour = numeral_at(match["h"], 0)
    minute = _minutes(match["m"] or "")
    if hour is None or hour.end != len(match["h"]) or minute is None:
        return None
    if hour.exact is None or match["h"] == "九十":
        hours = (9, 10) if hour.exact else (int(hour.low), int(hour.high))
        both = [_readings(one, minute, is_24=False) for one in hours]
        return TimePiece(EITHER, both, match.end())
    return TimePiece(_kind(match, window), _readings(hour.exact, minute, is_24=_is_24(match["h"])), match.end())


def _shown(match: re.Match[str], window: Window) -> TimePiece:
    """`20:15`; 12:60 is no time."""
    readings = _readings(int(match["h"]), int(match["m"]), is_24=_is_24(match["h"]))
    return TimePiece(_kind(match, window), readings, match.end())


def _kind(match: re.Match[str], window: Window) -> int:
    return {"start_time": START, "end_time": END}.get(window.marks[match.start()], CLOCK)


def _is_24(hour: str) -> bool:
    """Say whether a zero in front says that it is of 24: `08:00`."""
    return len(hour) > 1 and hour[0] in "0零〇"


def _minutes(text: str) -> int | None:
    """The minutes of `半`, `一刻`, `零五分`, `05`, or of nothing; None if there are none such."""
    if not text or text == "半":
        return 30 if text else 0
    count = numeral_at(text.lstrip("零〇") or "零", 0)
    if count is None or count.exact is None or count.exact > 59:
        return None
    return 15 * count.exact if "刻" in text else count.exact


def _readings(hour: int, minute: int, *, is_24: bool) -> tuple[int, ...]:
    if hour > 23 or minute > 59:
        return ()
    time = 60 * hour + minute
    return (time % 720, time % 720 + 720) if 1 <= hour <= 12 and not is_24 else (time,)


def _to_the_hour(match: re.Match[str], _: Window) -> TimePiece | None:
    """`差五分八点`, `八点差一刻`."""
    hour, minute = numeral_at(match["h"], 0), _minutes(match["d"])
    if hour is None or hour.exact is None or not minute:
        return None
    readings = [(time - minute) % 1440 for time in _readings(hour.exact, 0, is_24=False)]
    return TimePiece(CLOCK, tuple(sorted(readings)), match.end())


def _ahead(match: re.Match[str], _: Window) -> TimePiece:
    """`三小时后`, `半个小时内`, `一个半小时后`, `20分钟后`."""
    unit = {"小时": 60, "钟头": 60, "刻钟": 15}.get(match["u"], 1)
    number = None if match["n"] == "半" else numeral_at(match["n"], 0)
    count = number.exact if number else 0
    if count is None or (number and number.end != len(match["n"])):
        return TimePiece(UNKNOWN, match.group(), match.end())
    minutes = unit * count + (unit // 2 if match["half"] or number is None else 0)
    return TimePiece(AHEAD, -minutes if "内" in match["after"] else minutes, match.end())


def _bare(match: re.Match[str], window: Window) -> TimePiece | None:
    """The `8` of `8到10点`, the `1830` of a slot."""
    text = match.group()
    if not window.is_own(*match.span()):
        return None
    if len(text) > 2 and text.isascii():
        readings = _readings(int(text[:-2]), int(text[-2:]), is_24=text[0] == "0")
    else:
        number = numeral_at(text, 0)
        is_whole = number is not None and number.end == len(text) and number.exact is not None
        readings = _readings(number.exact or 0, 0, is_24=_is_24(text)) if number and is_whole else ()
    return TimePiece(_kind(match, window), readings, match.end()) if readings else None


def _short_part(match: re.Match[str], window: Window) -> TimePiece | None:
    return TimePiece(PART, SHORT_PARTS[match.group()], match.end()) if window.is_own(*match.span()) else None


def _short_part_of_clock(match: re.Match[str], _: Window) -> TimePiece:
    return TimePiece(PART, SHORT_PARTS[match.group()], match.end())


def _always(kind: int, value: Any) -> _Make:
    return lambda match, _: TimePiece(kind, value, match.end())


_DIGITS = "0123456789"
_UNITS = "小时|钟头|分钟|刻钟"
PATTERNS: Patterns[TimePiece] = Patterns(
    (
        ("点些", f"再?[早晚]一?[点些](?![{_DIGIT}钟半整前])", _always(UNKNOWN, "早点 or 晚点")),
        ("后内", f"(?:再过|过)?(?P<n>{_COUNT})个?(?P<half>半)?(?P<u>{_UNITS})(?P<after>之?后|以后|之?内|以内)", _ahead),
        ("正", "正午(?:12点|十二点)?", _always(CLOCK, (720,))),
        ("子", "子夜", _always(CLOCK, (0,))),
        ("早晚", f"[早晚](?={_HOUR}[点:])", _short_part_of_clock),
        ("差", f"差(?P<d>{_HOUR}分钟?|一刻钟?)到?(?P<h>{_HOUR})点钟?", _to_the_hour),
        ("差", f"(?P<h>{_HOUR})点钟?差(?P<d>{_HOUR}分|一刻)", _to_the_hour),
        ("过", f"(?P<h>{_HOUR})点钟?过(?P<m>[一三]刻钟?|{_HOUR}分)钟?", _clock),
        (":", r"(?P<h>\d{1,2}):(?P<m>\d\d)(?::00)?(?!\d)", _shown),
        ("点时", f"(?P<h>{_HOUR})(?:点钟|点整|点|时)(?P<m>{_MINUTE})?[整正]?", _clock),
        (".h", r"(?P<h>\d{1,2})[.h](?P<m>\d\d)(?!\d)", _clock),
        ("前左上附许多", "前后|左右|上下|附近|许|多(?![少久])", _always(LIMIT, "around")),
        ("不最至早赶截", _BEFORE, _always(RELATION, "before")),
        ("不最至晚迟过", _AFTER, _always(RELATION, "after")),
        ("前止内", _IS_BEFORE, _always(LIMIT, "before")),
        ("后起开", _IS_AFTER, _always(LIMIT, "after")),
        ("约概致差接将靠", _AROUND, _always(RELATION, "around")),
        ("间时", "之间|期间|时段|这段时间", _always(NOTHING, None)),
        ("到至-~–—", "到|至|[-~–—]+", _always(JOINT, TO)),
        ("或还/", "或者?是?|还是|/", _always(JOINT, OR)),
        ("、和跟与及同", "[、和跟与及同]", _always(JOINT, AND)),
        (_DIGITS + CHARACTERS, f"\\d{{4}}(?!\\d)|\\d{{3}}(?!\\d)|{_HOUR}", _bare),
        ("早晨朝晚夜午", "[早晨朝晚夜午]", _short_part),
    )
)
_LONGEST = max(map(len, PART_OF))


def piece_at(window: Window, at: int) -> TimePiece:
    """The piece that begins at a character."""
    text = window.text
    if len(window.marks[at]) == 1:
        return TimePiece(BREAK, window.marks[at], at + 1)
    if word := longest_at(PART_OF, text, at, most=_LONGEST):
        return TimePiece(PART, PART_OF[word], at + len(word))
    for pattern, make in PATTERNS.of(text):
        match = pattern.match(text, at)
        piece = make(match, window) if match else None
        if piece:
            return piece
    if text[at] in _GLUE:
        return TimePiece(NOTHING, None, at + 1)
    return TimePiece(UNKNOWN if window.is_own(at, at + 1) else BREAK, text[at], at + 1)
