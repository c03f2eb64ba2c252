"""The forms under which a Chinese name of a place is looked up, and what it is by its last characters.

Names are as `places.spell` returns them: simplified, in lower case. The index has them without 市, 机场 and the like.
"""

import re
from collections.abc import Iterator

_AIRPORT = re.compile("(?:国际)?(?:航空)?(?:机场|航站楼?|空港)$")
_TERMINAL = re.compile(r"(?:t ?\d|[一二三四\d]号|第[一二三四]) ?(?:航站楼|航厦|航廈)?$")
_STATION = re.compile("(?:火车总?站|高铁站|动车站|车站|火车东站|汽车总?站|客运总?站|长途站|站)$")
_SIDE = re.compile("(?<=..)[东西南北]$")
_AREA = re.compile("(?<=..)(?:特别行政区|(?:壮族|回族|维吾尔)?自治区|自治州|省|市|州|县|国)$")
_BEFORE = re.compile("^(?:大|整个)(?=..)")


# Stations that people name without 站 and without their city, and the city in which each is.
STATIONS = {
    "虹桥": "上海",
    "上海虹桥": "上海",
    "汉口": "武汉",
    "武昌": "武汉",
    "福田": "深圳",
    "西九龙": "香港",
    "香港西九龙": "香港",
    "红磡": "香港",
    "左营": "高雄",
    "南港": "台北",
    "新左营": "高雄",
    "乌日": "台中",
    "罗湖": "深圳",
    "光明城": "深圳",
    "洛阳龙门": "洛阳",
    "新大阪": "大阪",
    "上野": "东京",
}


def slot_of(slot: str, name: str) -> str:
    """The type of a slot, which is that of an airport if its name says so.

    >>> slot_of("city_name", "桃园机场"), slot_of("city_name", "桃园")
    ('airport_name', 'city_name')
    """
    return "airport_name" if _AIRPORT.search(_TERMINAL.sub("", name)) else slot


def names_of(slot: str, name: str) -> Iterator[str]:
    """The forms under which a name is looked up: as it is, then without its last words.

    >>> [*names_of("city_name", "台北市")], [*names_of("airport_name", "浦东国际机场")]
    (['台北市', '台北'], ['浦东国际机场', '浦东机场', '浦东'])
    """
    yield name
    bare = _AIRPORT.sub("", _TERMINAL.sub("", name)) if slot == "airport_name" else _AREA.sub("", name)
    if slot == "airport_name" and len(bare) > 1 and name != f"{bare}机场":
        yield f"{bare}机场"
    if bare and bare != name:
        yield bare
    if _BEFORE.search(bare):
        yield _BEFORE.sub("", bare)


def halves_of(name: str) -> Iterator[tuple[str, str]]:
    """The ways to cut a name in two, of two characters or more: `河北石家庄`, `北京首都机场`.

    >>> [*halves_of("浙江杭州")]
    [('浙江', '杭州')]
    """
    for at in range(2, len(name) - 1):
        yield name[:at], name[at:]


def city_of_station(name: str) -> Iterator[str]:
    """The cities that a station may be in; nothing if it is no station.

    >>> [*city_of_station("北京南站")], [*city_of_station("广州南")], [*city_of_station("广州")]
    (['北京南', '北京'], ['广州'], [])
    """
    bare = _STATION.sub("", name)
    if bare in STATIONS:
        yield STATIONS[bare]
        return
    if bare == name and not _SIDE.search(name):
        return
    if bare != name and len(bare) > 1:
        yield bare
    if _SIDE.search(bare):
        yield _SIDE.sub("", bare)
    if bare != name:  # 上海虹桥站
        for at in range(len(bare) - 1, 1, -1):
            if bare[:at] != _SIDE.sub("", bare):
                yield bare[:at]


def is_station(name: str) -> bool:
    """Say whether a name ends as those of stations do.

    >>> is_station("左营站"), is_station("左营")
    (True, False)
    """
    return _STATION.search(name) is not None and len(_STATION.sub("", name)) > 1
