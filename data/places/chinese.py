"""The Chinese names of the places in the index, in simplified characters: see build.py.

Of a city they are its names in GeoNames that have nothing but Chinese characters, of a country those of CLDR (through
babel), of a region and an airport those of the tables beside this file. A name of two characters or more is one.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from babel import Locale

from slotfill.hanzi import simplified

HERE = Path(__file__).parent
NAME = re.compile("[\u3007\u4e00-\u9fff·]{2,}")
# What follows the name of a city or a country on a map, but mostly not in a sentence.
SUFFIX = re.compile("(?<=..)(?:特别市|广域市|都会区|巿|(?<!日)市|县|特别行政区)$")  # but 四日市
PREFIX = re.compile("^中国(?=..)")
# A name of two such characters is a common one in China, and mostly a translation elsewhere: Southport is 南港.
COMMON = frozenset(
    "东西南北中上下大小新旧老古天海河江湖山水石白黑红青绿金银花柳林村镇港湾岸门城田滨泉谷岛原堂平清安宁兴阳方由自州口津沙塘"
    "洲坪塔桥云龙凤仙长春盐三四五七八千万和日向"
)
HOME, NEAR = ("CN", "TW", "HK", "MO"), ("JP", "KR", "KP")
WELL_KNOWN, KNOWN_NEARBY = 500_000, 20_000  # weights from which a city has a common name all the same
LOCALES = ("zh_Hans", "zh_Hant", "zh_Hant_HK")


class City(Protocol):
    """What of a city counts here."""

    value: str
    country: str
    foreign: list[str]
    at: str

    @property
    def weight(self) -> float:
        """How likely a traveller means it."""


def table(name: str) -> Iterator[list[str]]:
    """The rows of a table; lines that begin with `#` are comments."""
    for line in (HERE / name).read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            yield line.split("\t")


def forms(names: Iterable[str]) -> list[str]:
    """The Chinese names among some names, with and without `市` or `县`."""
    found: dict[str, None] = {}
    for name in map(simplified, names):
        if NAME.fullmatch(name):
            name = PREFIX.sub("", name).replace("·", "")
            found.update(dict.fromkeys((name, SUFFIX.sub("", name))))
    return [name for name in found if len(name) > 1]


def bare(name: str) -> str:
    """A name without what follows that of a region: `加利福尼亚州`."""
    return re.sub("(?<=..)[省州]$", "", name)


def is_meant(name: str, city: City) -> bool:
    """Say whether people mean a city by a Chinese name that GeoNames has for it."""
    if city.country in HOME or len(name) > 2 or not COMMON.issuperset(name):
        return True
    return city.weight >= (KNOWN_NEARBY if city.country in NEAR else WELL_KNOWN)


def of_cities(cities: Sequence[City]) -> dict[str, list[City]]:
    """Name -> the cities that have it, the likeliest first; those of our table before all others."""
    by_name: dict[tuple[str, str], City] = {}
    for city in cities:  # by weight
        by_name.setdefault((city.value, city.country), city)
    named: dict[str, list[City]] = defaultdict(list)
    wrong: set[tuple[str, str, str]] = set()
    for value, country, names in table("zh_cities.tsv"):
        if (value, country) not in by_name:
            raise SystemExit(f"zh_cities.tsv: expected a city of the index, got {value}, {country}")
        for name in names.split("|"):
            if name[0] == "-":
                wrong.add((name[1:], value, country))
            else:
                named[name].append(by_name[value, country])
    for city in cities:
        for name in forms(city.foreign):
            is_wrong = (name, city.value, city.country) in wrong or not is_meant(name, city)
            if city not in named[name] and not is_wrong:
                named[name].append(city)
    return named


def of_countries(codes: Iterable[str]) -> dict[str, list[str]]:
    """Name -> the ISO codes of the countries that have it."""
    further = {row[0]: row[1].split("|") for row in table("zh_countries.tsv")}
    territories = [Locale.parse(locale).territories for locale in LOCALES]
    named: dict[str, list[str]] = defaultdict(list)
    for code in codes:
        for name in forms([*further.get(code, ()), *[names.get(code, "") for names in territories]]):
            if code not in named[name]:
                named[name].append(code)
    return named


def of_regions(regions: Mapping[tuple[str, str], str]) -> dict[str, list[tuple[str, str]]]:
    """Name -> the regions that have it, as keys of `regions`."""
    keys = {(country, name): (country, code) for (country, code), name in regions.items()}
    named: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for country, region, names in table("zh_regions.tsv"):
        if (country, region) not in keys:
            raise SystemExit(f"zh_regions.tsv: expected a region of the index, got {country}, {region}")
        for name in names.split("|"):
            named[name].append(keys[country, region])
    return named


def of_airports() -> dict[str, list[str]]:
    """Code -> the names of an airport."""
    return {code: names.split("|") for code, names in table("zh_airports.tsv")}
