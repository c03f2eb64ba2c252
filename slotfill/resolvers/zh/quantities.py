"""Chinese numbers, sums of money and durations: `两个`, `三块五`, `五百元以内`, `两个半小时`, `三天两夜`.

The results are those of `quantities`. A number of which the words leave two readings (`五六百`) has no value.
"""

import re
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import NamedTuple

from slotfill.hanzi import is_traditional, plain
from slotfill.resolvers.amounts import scalar
from slotfill.resolvers.durations import Length, iso_of, length_of
from slotfill.resolvers.quantities import NOT_UNDERSTOOD, Quantity
from slotfill.resolvers.zh.numerals import CHARACTERS, numeral_at

_RELATIONS = (
    ("at least", "至少|起码|最少|不少于|不低于", "以上|或以上|起|或更多"),
    ("at most", "不超过|不多于|不高于|最多|至多|顶多|最高|最贵", "以下|以内|之内|内|封顶"),
    ("more than", "超过|多于|高于|大于", ""),
    ("less than", "低于|少于|小于|不到|不足|未满", ""),
    ("around", "大约|大概|大致|约莫|约|差不多|将近|接近", "左右|上下"),
)
_BEFORE = tuple((re.compile(f"(?:{words})"), relation) for relation, words, _ in _RELATIONS)
_AFTER = tuple((re.compile(f"(?:{words})(?:吧|的)?$"), relation) for relation, _, words in _RELATIONS if words)
_FILLER = re.compile("^(?:一共|总共|共|合计|只要|只|就|要|预算|在|是|有|我们|我|订|买|住|待|玩|为期|[:=，, ])+")
_VAGUE = re.compile(
    f"[几数](?!码)|好多|许多|若干|一些|(?<=[{CHARACTERS}\\d])(?:[多余来](?!自)|[^\\d{CHARACTERS}]多)|多$"
)
_JOINTS = re.compile(" *(到|至|[-~–—]+|或者?是?|还是|、|/) *")
_TO = re.compile("到|至|[-~–—]+")


def number_of(text: str) -> Quantity:
    """`两个`, `3位`, `二十五`, `两到三个`, `至少五个`, `一打`.

    >>> number_of("两位").value, number_of("五六个").alternatives, number_of("至少三张").relation
    (2, (5, 6), 'at least')
    """
    return _read(text, _number)


def money_of(text: str, *, traditional: bool = False) -> Quantity:
    """`五百块`, `三块五`, `1200美元`, `两千元以内`, `五六百块`; in a `traditional` sentence, whose yuan is not said.

    >>> money_of("三块五").value, money_of("1,200美元").currency, money_of("五六百块").alternatives
    (3.5, 'USD', (500, 600))
    """
    return _read(text, _money, traditional=traditional or is_traditional(text))


def duration_of(text: str) -> Quantity:
    """`两小时`, `一个半小时`, `三天两夜`, `半个月`: ISO 8601; a night is a day.

    >>> duration_of("一个半小时").value, duration_of("三天两夜").value, duration_of("三晚").value
    ('PT1H30M', 'P3D', 'P3D')
    """
    return _read(text, _duration)


def relation_beside(before: str, after: str) -> str | None:
    """What the text around a quantity says of it: `至少[两]人`, `[五百]元以内`.

    >>> relation_beside("我们至少", "人"), relation_beside("预算", "元以内")
    ('at least', 'at most')
    """
    before, after = plain(before), plain(after)
    for pattern, relation in _BEFORE:
        if re.search(f"{pattern.pattern}(?:要|有|订|是)?$", before):
            return relation
    found = re.match("[^\\d，。,.]{0,2}?(以上|以内|以下|之内|左右|上下)", after)
    return None if found is None else next(one for pattern, one in _AFTER if pattern.search(found[1]))


# --- what is around a quantity ---------------------------------------------------------------------

_Whole = Callable[[str, bool], Quantity | None]


def _read(text: str, whole: _Whole, *, traditional: bool = False) -> Quantity:
    """A quantity with its relation and its range; `whole` reads a text that is one."""
    rest = _FILLER.sub("", plain(text).strip(" 。.,，!！"))
    rest, relation = _relation(rest)
    if found := whole(rest, traditional):
        return found._replace(relation=relation)
    if _VAGUE.search(rest):
        return Quantity(note="no exact number")
    parts = _JOINTS.split(rest)
    if len(parts) != 3:
        return NOT_UNDERSTOOD
    end = whole(parts[2], traditional)
    start = whole(parts[0], traditional) or whole(parts[0] + _unit_of(parts[2]), traditional)
    if start is None or end is None or start.value is None or end.value is None:
        return NOT_UNDERSTOOD
    if not _TO.fullmatch(parts[1]):
        return end._replace(value=None, alternatives=(start.value, end.value), note="one of several")
    if isinstance(start.value, str) or isinstance(end.value, str):
        return end._replace(value=start.value, to=end.value) if start.value != end.value else NOT_UNDERSTOOD
    return end._replace(value=start.value, to=end.value) if start.value < end.value else NOT_UNDERSTOOD


def _relation(text: str) -> tuple[str, str | None]:
    for pattern, relation in _BEFORE:
        if found := pattern.match(text):
            return _FILLER.sub("", text[found.end() :]), relation
    for pattern, relation in _AFTER:
        if found := pattern.search(text):
            return text[: found.start()], relation
    return text, None


def _unit_of(text: str) -> str:
    """What follows the number: the `小时` of `三小时`, which `两到三小时` says once."""
    number = numeral_at(text, 0)
    return text[number.end :] if number else ""


# --- the three kinds -------------------------------------------------------------------------------

_COUNTED = re.compile(f"[^\\d{CHARACTERS}半多几来余分折倍点%/、,]{{0,5}}")
_GROUPS = {"打": 12, "对": 2, "双": 2}


class _Amount(NamedTuple):
    values: tuple[Fraction, ...]
    end: int


def _amount_at(text: str) -> _Amount | None:
    """`三`, `半`, `五六百`, `俩`."""
    if text[:1] in ("俩", "仨"):
        return _Amount((Fraction(2 if text[0] == "俩" else 3),), 1)
    if text[:1] == "半":
        return _Amount((Fraction(1, 2),), 1)
    number = numeral_at(text, 0)
    if number is None:
        return None
    return _Amount((number.low,) if number.low == number.high else (number.low, number.high), number.end)


def _quantity(values: Sequence[Fraction]) -> Quantity:
    if len(values) == 1:
        return Quantity(scalar(values[0]))
    return Quantity(alternatives=tuple(map(scalar, values)), note="one or the other")


def _number(text: str, _: bool) -> Quantity | None:
    text = text.removeprefix("第")
    amount = _amount_at(text)
    if amount is None:
        return None
    rest = text[amount.end :]
    if rest in ("%", "成"):
        return _quantity(amount.values)._replace(note="percent") if rest == "%" else None
    if rest[:1] in _GROUPS:
        return _quantity([value * _GROUPS[rest[0]] for value in amount.values])
    if half := re.fullmatch("个半(.{0,4})", rest):
        return _quantity([value + Fraction(1, 2) for value in amount.values]) if half else None
    return _quantity(amount.values) if _COUNTED.fullmatch(rest) else None


_CURRENCIES = {
    "CNY": "人民币 rmb cny",
    "USD": "美元 美金 us$ usd 美刀",
    "HKD": "港币 港元 港纸 hk$ hkd 蚊",
    "TWD": "新台币 台币 nt$ ntd twd",
    "MOP": "澳门币 澳门元 葡币",
    "JPY": "日元 日币 日圆 jpy 円",
    "EUR": "欧元 欧 € eur",
    "GBP": "英镑 镑 £ gbp",
    "KRW": "韩元 韩币 韩圆 ₩ krw",
    "THB": "泰铢 泰币 ฿ thb",
    "SGD": "新加坡元 新加坡币 新币 坡币 s$ sgd",
    "MYR": "马币 令吉 林吉特 myr",
    "AUD": "澳元 澳币 澳大利亚元 aud",
    "NZD": "新西兰元 纽币 nzd",
    "CAD": "加元 加币 加拿大元 cad",
    "CHF": "瑞士法郎 瑞郎 chf",
    "RUB": "卢布 rub",
    "INR": "卢比 inr",
    "VND": "越南盾 vnd",
    "IDR": "印尼盾 idr",
    "PHP": "菲律宾比索 php",
}
_CURRENCY = {word: code for code, words in _CURRENCIES.items() for word in words.split()}
_NAMES = "|".join(map(re.escape, sorted(_CURRENCY, key=len, reverse=True)))
_YUAN = "块钱|元钱|块|元|圆"
_BEFORE_SUM = re.compile(f"(?P<code>{_NAMES})|[$¥￥]")
_AFTER_SUM = re.compile(f"(?P<code>{_NAMES})|(?P<yuan>{_YUAN})")
_SMALL = re.compile(
    f"(?:(?P<tenths>[{CHARACTERS}]|\\d)(?:毛|角))?(?:(?P<cents>[{CHARACTERS}]|\\d)分?)?(?:钱|整|正)?(?P<code>{_NAMES})?"
)
_RATES = {"人": "person", "晚": "night", "夜": "night", "天": "day", "张": "ticket", "间": "room"}
_RATE = re.compile("(?P<rate>(?:每个?|一个?|/ ?)[人晚夜天张间])")
_OF_CHINA = "yuan of the mainland, unless others are meant"
_OF_WHERE = "TWD, HKD or CNY?"


def _money(text: str, traditional: bool) -> Quantity | None:
    text, rate = _without_rate(text)
    before = _BEFORE_SUM.match(text)
    rest = text[before.end() :].lstrip() if before else text
    small_alone = re.fullmatch(f"(?P<n>[{CHARACTERS}\\d]+)(?P<unit>毛|角|分)钱?", rest)
    if small_alone and (number := numeral_at(small_alone["n"], 0)) and number.exact is not None:
        value = Fraction(number.exact, 10 if small_alone["unit"] != "分" else 100)
        return Quantity(scalar(value), currency=None if traditional else "CNY", note=rate)
    amount = _amount_at(rest)
    if amount is None:
        return None
    rest = rest[amount.end :].lstrip()
    after = _AFTER_SUM.match(rest)
    small = _SMALL.fullmatch(rest[after.end() :] if after else rest)
    if small is None or (not after and (small["tenths"] or small["cents"])):
        return None
    tenths, cents = _digit(small["tenths"]), _digit(small["cents"])
    if cents and not small["tenths"] and not rest.endswith(("分", "分钱")):
        tenths, cents = cents, 0  # 三块五
    values = [value + Fraction(10 * tenths + cents, 100) for value in amount.values]
    currency, note = _currency(before, after, small["code"], traditional)
    found = _quantity(values)
    return found._replace(currency=currency, note=found.note or rate or note)


def _digit(text: str | None) -> int:
    number = numeral_at(text, 0) if text else None
    return number.exact or 0 if number else 0


def _currency(
    before: re.Match[str] | None, after: re.Match[str] | None, code: str | None, traditional: bool
) -> tuple[str | None, str | None]:
    """The currency that the signs and words say, and a note if it might be another."""
    named = code or (before and before["code"]) or (after and after["code"])
    if named:
        return _CURRENCY[named], None
    if after or before:
        if before and before.group() == "$":
            return None, "dollars of which country?"
        if before and not after:
            return None, "JPY or CNY?"
        return (None, _OF_WHERE) if traditional else ("CNY", _OF_CHINA)
    return None, "no currency was said"


def _without_rate(text: str) -> tuple[str, str | None]:
    """A sum without `每人` or `一晚`, and what that says."""
    found = _RATE.match(text) or next((m for m in _RATE.finditer(text) if m.end() == len(text)), None)
    if found is None or found.end() - found.start() == len(text):
        return text, None
    return (text[: found.start()] + text[found.end() :]).strip(), f"per {_RATES[found['rate'][-1]]}"


_LENGTHS = {
    **dict.fromkeys(("年",), "year"),
    **dict.fromkeys(("月",), "month"),
    **dict.fromkeys(("周", "星期", "礼拜"), "week"),
    **dict.fromkeys(("天", "日", "晚", "夜", "宿", "晚上"), "day"),
    **dict.fromkeys(("小时", "钟头", "h"), "hour"),
    **dict.fromkeys(("分钟", "分", "min"), "minute"),
    **dict.fromkeys(("秒", "秒钟"), "second"),
}
_ORDER = ("second", "minute", "hour", "day", "week", "month", "year")
_UNIT = re.compile(
    r"个?(?P<half>半)?(?P<unit>小时|钟头|分钟|刻钟|星期|礼拜|晚上|秒钟|min|[年月周天日晚夜宿分秒h])(?P<more>半)?"
)
_PACKAGE = re.compile(f"(?P<days>[{CHARACTERS}\\d]+)(?:天|日) ?(?P<nights>[{CHARACTERS}\\d]+)(?:晚上?|夜|宿)")


def _duration(text: str, _: bool) -> Quantity | None:
    text = re.sub("(?:的?时间|左右|整)$", "", text)
    if package := _PACKAGE.fullmatch(text):
        return _package(package)
    if found := _two_lengths(text):
        return found
    whole, rank, at = Length(), len(_ORDER), 0
    while at < len(text):
        at += text[at] in "零又 "
        found_length = _length_at(text[at:])
        if found_length is None or _ORDER.index(found_length[0].unit) >= rank:
            return None
        length, end = found_length
        rank = _ORDER.index(length.unit)
        count = Fraction(0) if whole.unit else length.plain
        whole = Length(whole.months + length.months, whole.seconds + length.seconds, length.unit, count)
        at += end
    iso = iso_of(whole) if whole.unit else None
    return Quantity(iso) if iso else None


def _two_lengths(text: str) -> Quantity | None:
    """`两三天`."""
    number = numeral_at(text, 0)
    if number is None or number.low == number.high:
        return None
    found = [_length_at(f"{int(value)}{text[number.end :]}") for value in (number.low, number.high)]
    both = [iso_of(one[0]) for one in found if one and one[1] == len(text) - number.end + len(str(int(number.low)))]
    return (
        Quantity(alternatives=tuple([one for one in both if one]), note="one or the other") if len(both) == 2 else None
    )


def _package(match: re.Match[str]) -> Quantity | None:
    """`三天两夜`: three days."""
    days, nights = numeral_at(match["days"], 0), numeral_at(match["nights"], 0)
    if days is None or nights is None or days.exact is None or nights.exact is None:
        return None
    if not 0 <= days.exact - nights.exact <= 1:
        return None
    return Quantity(f"P{days.exact}D", note=f"{nights.exact} nights")


def _length_at(text: str) -> tuple[Length, int] | None:
    """`两小时`, `一个半小时`, `两天半`, `一刻钟`."""
    amount = _amount_at(text)
    unit = _UNIT.match(text, amount.end) if amount else None
    if amount is None or unit is None or len(amount.values) > 1:
        return None
    name = unit["unit"]
    if name == "月" and text[amount.end : amount.end + 1] != "个":  # 三月 is March
        return None
    value = amount.values[0] + Fraction(1, 2) * bool(unit["half"] or unit["more"])
    if name == "刻钟":
        value, name = 15 * value, "分钟"
    return length_of(value, _LENGTHS[name]), unit.end()
