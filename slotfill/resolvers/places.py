"""The slots of one place -> a city, an airport, a state, a country or a venue that a program can use.

    resolve([("city_name", "portland"), ("state_name", "Maine")])
    Place(kind="city", value="Portland", country="US", region="Maine", airports=("PWM",), ...)

`places.txt`, made by `data/places/build.py`, says what a name means. It is searched, never loaded: the file is mapped
into memory, and a binary search reads some 17 lines. docs/values.md says which place a name means and why.

    slotfill places 1 NAMES SLIPS           the bytes at which the second and the third part begin
    # ...                                   sources and licences
    cPortland TAB US TAB 1bz TAB PDX        first part, the places: a letter for the kind, and the name; the country;
                                            the region, as the byte at which its own line begins, in base 36; airports
    portland TAB a7b c01                    second part, the names, sorted without their spaces: the bytes at which the
                                            places begin, the likeliest first
    bangkok barcelona ...                   third part: the cities in which slips are mended, by first letter

A name without a place is that of a place too small for the index, or a word that is no place. `~` marks a place that is
meant only next to its country (`Canton`, China), `=` a code (`=lhr`, `=nyc`, `=or`, `=jp`).
"""

import os.path
from collections.abc import Iterator, Sequence
from functools import lru_cache
from mmap import ACCESS_READ, mmap
from typing import NamedTuple

from slotfill.slot_names import VENUE
from slotfill.tokenizer import fold

__all__ = ["Place", "resolve", "spell"]


class Place(NamedTuple):
    """A place that a sentence names. `value` is None where it is unknown, or not the place that was said."""

    kind: str  # "city", "airport", "state", "country" or "venue"
    value: (
        str | None
    )  # its usual name in Latin letters (`São Paulo`); of an airport, the IATA code; of a venue, its words
    country: str | None = None  # ISO 3166 alpha-2
    region: str | None = None  # state or province
    airports: tuple[str, ...] = ()  # IATA codes, the biggest first
    alternatives: tuple["Place", ...] = ()  # other places of this name, the likeliest first; at most five
    corrected: bool = False  # a typo was corrected
    note: str | None = None  # why there is no value


def resolve(parts: Sequence[tuple[str, str]]) -> Place:
    """The place that the slots of one place name: (slot type, text), in the order of the text.

    The value is None if the place is unknown, or if the slots contradict each other (`Boston, Ohio`).
    """
    if any(slot == VENUE for slot, _ in parts):
        return _venue(parts)
    if len(parts) == 1 and parts[0][0] == "city_name" and _is_chinese(parts[0][1]):
        from slotfill.resolvers.zh.places import STATIONS  # late: English does not need it

        name = spell(parts[0][1])
        if name in STATIONS:
            return _chinese_station(parts[0][1], name, [*parts], []) or _unknown([*parts], [])
    stated = [part for part in parts if part[0] in _AREAS]
    named = [part for part in parts if part[0] not in _AREAS]
    if not named:  # a state or a country is itself the place
        named, stated = stated[:1], stated[1:]
    areas = [_areas(slot, text) for slot, text in stated]
    for beside in (False, True)[: 1 + bool(stated)]:
        found = [place for place in _named(named, beside) if all(_lies_in(place, area) for area in areas)]
        if found and found[0].kind == "state" and found[0].value == _DISTRICT:
            return resolve([("city_name", "washington dc")])
        if found:
            return found[0]._replace(alternatives=tuple(found[1 : _MOST + 1]))
    return _station(named, areas) or _unknown(named, areas)


def _venue(parts: Sequence[tuple[str, str]]) -> Place:
    """The words of a venue or an address, which are not looked up; a city, state or country beside it says where."""
    words = " ".join([word for slot, text in parts if slot == VENUE for word in text.split()])
    around = [part for part in parts if part[0] != VENUE]
    if not around:
        return Place("venue", words)
    city = resolve(around)
    return Place("venue", words, city.country, city.value if city.kind == "state" else city.region)


def spell(name: str) -> str:
    """The form under which a name is looked up: words without case, accents or dots; `St. Paul's` is `saint pauls`."""
    name = fold(name)
    if not name.isascii():
        name = _simplified(name)
    if "." in name:  # `St.Louis`; other dots stand within a word: `U.S.`
        for short in _SHORT:
            name = name.replace(f"{short}.", f"{short} ")
    words = "".join([c if c.isalnum() else " " for c in name.translate(_LETTERS)]).split()
    if len(words) > 1:  # alone, `MT` is Montana and `STE` an airport
        words = [_SHORT.get(word, word) for word in words]
    return " ".join(words)


def _simplified(name: str) -> str:
    """A name with Chinese characters without the spaces between them and in simplified ones; any other as it is."""
    from slotfill.hanzi import has_han, simplified  # late: English does not need it

    return simplified(name) if has_han(name) else name


_SHORT = {"st": "saint", "ste": "sainte", "ft": "fort", "mt": "mount"}
# Letters that do not decompose into a base and an accent; marks within a word, which are dropped.
_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "ə": "a", "æ": "ae", "œ": "oe", "þ": "th"}
    | dict.fromkeys(".'’ʼʻ`´ʹʾʿ")
)

_KINDS = {"c": "city", "a": "airport", "s": "state", "n": "country"}
_MOST = 5  # alternatives
_MOST_WORDS = 12  # of a station with its city: each way to divide them is tried
_SHORTEST = 5  # letters of a name in which a typo is corrected: in a shorter one, it may be another word
_LONG = 9  # letters of a name in which two typos are corrected
# What a slot is likely to hold, the likeliest first; `=` is a code: `LHR`, `NYC`, `OR`, `NSW`, `JP`.
_ORDER = {
    "city_name": ("city", "=airport", "=city", "airport", "state", "country"),
    "airport_name": ("airport", "=airport", "=city", "city"),
    "airport_code": ("=airport", "=city", "airport", "city"),
    "state_name": ("state", "country", "=state", "=country"),
    "state_code": ("=state", "state", "=country", "country"),
    "country_name": ("country", "state", "=country", "=state"),
}
_AREAS = ("state_name", "state_code", "country_name")
# Territories that people also give the country of: `San Juan, USA`.
_TERRITORIES = (
    dict.fromkeys(("PR", "VI", "GU", "AS", "MP"), "US")
    | dict.fromkeys(("HK", "MO"), "CN")
    | dict.fromkeys(("GP", "MQ", "GF", "RE", "YT", "PF", "NC"), "FR")
    | dict.fromkeys(("GI", "BM", "KY", "VG", "FK", "JE", "GG", "IM"), "GB")
    | dict.fromkeys(("AW", "CW", "SX", "BQ"), "NL")
    | dict.fromkeys(("FO", "GL"), "DK")
)
_BEFORE = ("the city of ", "city of ", "state of ", "the state of ", "province of ", "downtown ", "greater ", "the ")
_GENERIC = {"airport", "airports", "international", "intl", "regional", "municipal", "airfield", "terminal", "the"}
_DISTRICT = "District of Columbia"  # the one state that is a city: `from dc to ohio`


def _unknown(named: list[tuple[str, str]], areas: list[list[tuple[str | None, str | None]]]) -> Place:
    """A place of which only the kind, and perhaps the area, is known."""
    kinds = [slot.partition("_")[0] for slot, _ in named if slot in _ORDER]
    countries = {country for area in areas for country, _ in area}
    regions = {region for area in areas for _, region in area if region}
    is_known = all(areas) and all(_meant(slot, text, beside=bool(areas)) for slot, text in named)
    return Place(
        kind="airport" if "airport" in kinds else [*kinds, "city"][0],
        value=None,
        note="no place of this name is known" + (" there" if is_known else "") if named else None,
        country=countries.pop() if len(countries) == 1 else None,
        region=regions.pop() if len(regions) == 1 else None,
    )


def _station(named: list[tuple[str, str]], areas: list[list[tuple[str | None, str | None]]]) -> Place | None:
    """The station that an unknown city is: a venue with its own words, in the country and the region of its city."""
    if len(named) != 1 or named[0][0] != "city_name" or not all(areas):
        return None
    text = " ".join(named[0][1].split())
    name = spell(text)
    if _is_chinese(text):
        return _chinese_station(text, name, named, areas)
    from slotfill.resolvers import stations  # late: few sentences need it

    if _lookup(name):  # not an unknown one: Boston, Ohio
        return None
    if stations.is_station(name):
        return _unknown(named, areas)._replace(kind="venue", value=text, note=None)
    words = name.split()
    if len(words) > _MOST_WORDS:
        return None
    for size in range(len(words) - 1, 0, -1):
        for is_after in (True, False):
            known, rest = (words[:size], words[size:]) if is_after else (words[-size:], words[:-size])
            city = _city_of_station(" ".join(known), " ".join(rest), areas, is_after=is_after)
            if city:
                return Place("venue", text, city.country, city.region)
    return None


def _chinese_station(
    text: str, name: str, named: list[tuple[str, str]], areas: list[list[tuple[str | None, str | None]]]
) -> Place | None:
    """`北京南站`, `广州南`: a venue in its city; `左营站` in none that is known."""
    from slotfill.resolvers.zh import places as zh  # late: English does not need it

    for known in zh.city_of_station(name):
        for city in _lookup(known) or ():
            if city.kind == "city" and all(_lies_in(city, area) for area in areas):
                return Place("venue", text, city.country, city.region)
    return _unknown(named, areas)._replace(kind="venue", value=text, note=None) if zh.is_station(name) else None


def _city_of_station(
    name: str, rest: str, areas: list[list[tuple[str | None, str | None]]], *, is_after: bool
) -> Place | None:
    """The likeliest city of this name, if the rest of a text is a station of it."""
    from slotfill.resolvers import stations

    if stations.is_word(name):
        return None
    cities = [
        place for place in _lookup(name) or () if place.kind == "city" and all(_lies_in(place, area) for area in areas)
    ]
    for city in cities:
        if stations.is_station_of(f"{city.value} {city.country}", rest):
            return city
    return cities[0] if cities and stations.is_any_station(rest, is_after=is_after) else None


def _named(parts: list[tuple[str, str]], beside: bool) -> list[Place]:
    """The places that all slots but those of states and countries can name together, the likeliest first."""
    found: list[Place] = []
    for number, (slot, text) in enumerate(parts):
        if number and slot == "airport_name" and not _bare(spell(text)):  # `toronto` `international airport`
            found = _airports(found)
            continue
        meant = _meant(slot, text, beside)
        if slot in ("city_name", "airport_name") and not meant and (slot == "city_name" or _is_chinese(text)):
            meant = _within(text) or _corrected(spell(text))
        found = _both(found, meant) if number else meant
    return found


def _meant(slot: str, text: str, beside: bool) -> list[Place]:
    """Every place that the text of a slot can name, the likeliest first; `beside`: next to a state or country."""
    if _is_chinese(text):
        from slotfill.resolvers.zh import places as zh  # late: English does not need it

        slot = zh.slot_of(slot, spell(text))
    for name in _names(slot, text):
        places = _lookup(name, beside)
        for kind in _ORDER.get(slot, _ORDER["city_name"]):
            if kind[0] != "=":
                found = [place for place in places or () if place.kind == kind]
            elif places is None or slot.endswith("code"):
                found = _coded(name, kind[1:])
            else:
                found = []  # `the` and `one` are codes too, but only a slot for codes means them so
            if found:
                return _airports(found) if slot == "airport_name" else found
    return []


def _names(slot: str, text: str) -> Iterator[str]:
    """The forms under which a text is looked up: as it is, then without the words around the name."""
    name = spell(text)
    if _is_chinese(text):
        from slotfill.resolvers.zh import places as zh  # late: English does not need it

        yield from zh.names_of(slot, name)
        return
    yield name
    if text[-2:] in ("'s", "’s"):
        name = name[:-1]
        yield name
    for before in _BEFORE:
        if name.startswith(before):
            yield name.removeprefix(before)
    if slot != "city_name" and _bare(name) not in ("", name):
        yield _bare(name)


def _bare(name: str) -> str:
    """The name of an airport without words such as `international`."""
    return " ".join([word for word in name.split() if word not in _GENERIC])


def _airports(places: list[Place]) -> list[Place]:
    """The airports among the places, and those of the cities among them."""
    codes = [code for place in places for code in place.airports]
    return [airport for code in dict.fromkeys(codes) for airport in _coded(code.lower(), "airport")]


def _both(some: list[Place], others: list[Place]) -> list[Place]:
    """The places that two slots name together: `paris` `orly`, `Charles de Gaulle` `CDG`."""
    cities = [place for place in (*some, *others) if place.kind == "city"]
    airports = [place for place in (*some, *others) if place.kind == "airport"]
    if cities and airports:
        return [airport for airport in airports if any(airport.value in city.airports for city in cities)]
    return [place for place in some if place in others]


def _within(text: str) -> list[Place]:
    """The cities of a slot that also holds their state or country: `portland maine`."""
    if _is_chinese(text):
        return _within_chinese(spell(text))
    words = text.replace(",", " ").split()
    for size in range(1, min(len(words), 4)):
        area = _areas("state_name", " ".join(words[-size:]))
        cities = _meant("city_name", " ".join(words[:-size]), beside=True) if area else []
        found = [city for city in cities if _lies_in(city, area)]
        if found:
            return found
    return []


def _within_chinese(name: str) -> list[Place]:
    """The cities of a slot that begins with their region or country, or the airports with their city: `浙江杭州`."""
    from slotfill.resolvers.zh import places as zh  # late: English does not need it

    for first, second in zh.halves_of(name):
        slot = zh.slot_of("city_name", second)
        if area := _areas("state_name", first):
            cities = _meant(slot, second, beside=True) or _within_chinese(second)
            if found := [city for city in cities if _lies_in(city, area)]:
                return found
        airports = [place for place in _meant("airport_name", second, beside=False) if place.kind == "airport"]
        if airports and (found := _both([p for p in _meant("city_name", first, False) if p.kind == "city"], airports)):
            return found
    return []


def _is_chinese(text: str) -> bool:
    if text.isascii():
        return False
    from slotfill.hanzi import has_han  # late: English does not need it

    return has_han(text)


def _areas(slot: str, text: str) -> list[tuple[str | None, str | None]]:
    """The (country, region or None) that a text can mean; empty: unknown."""
    for name in _names(slot, text):
        places = [place for place in _lookup(name) or () if place.kind in ("state", "country")]
        places = places or _coded(name, "state") or _coded(name, "country")  # `Gary, IN` is not in India
        if places:
            return [(place.country, place.value if place.kind == "state" else None) for place in places]
    return []


def _lies_in(place: Place, area: list[tuple[str | None, str | None]]) -> bool:
    return any(
        (place.region == region and place.country == country)
        if region
        else country in (place.country, _TERRITORIES.get(place.country or ""))
        for country, region in area
    )


def _corrected(name: str) -> list[Place]:
    """The places of the only well-known city that is a typo or two away from an unknown name, or none."""
    written = name.replace(" ", "")
    if _lookup(name) is not None or len(written) < _SHORTEST:
        return []
    near = [known for known in _well_known(written[0]) if _is_near(written, known)]
    cities = [[place for place in _lookup(known) or () if place.kind == "city"] for known in near]
    if len({found[0] for found in cities}) != 1:
        return []
    return [place._replace(corrected=True) for place in cities[0]]


def _well_known(letter: str) -> list[str]:
    """The names of the well-known cities that begin with a letter."""
    data, _, typos = _index()
    start = data.find(b"\n" + letter.encode(errors="replace"), typos - 1) + 1
    return data[start : data.find(b"\n", start)].decode().split() if start else []


def _is_near(written: str, known: str) -> bool:
    """Say whether they are one typo apart, in a long name two: a letter too many, too few or wrong, or two swapped."""
    limit = 2 if len(known) >= _LONG else 1
    if abs(len(written) - len(known)) > limit or len({*written} ^ {*known}) > 2 * limit:
        return False  # most names end here, cheaply
    return _typos(written, known) <= limit


def _typos(a: str, b: str) -> int:
    """The typos between two words: insertions, deletions, substitutions, swaps of neighbours (Damerau 1964)."""
    last: list[int] = []
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        last, before, row = before, row, [i]
        for j, y in enumerate(b, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
    return row[-1]


@lru_cache(maxsize=1)
def _index() -> tuple[mmap, int, int]:
    """The index, and the bytes at which the names and the well-known cities begin."""
    with open(os.path.join(os.path.dirname(__file__), "places.txt"), "rb") as file:
        data = mmap(file.fileno(), 0, access=ACCESS_READ)
    names, slips = data[: data.find(b"\n")].split()[-2:]
    return data, int(names), int(slips)


def _coded(code: str, kind: str) -> list[Place]:
    """The places of a kind that have a code."""
    return [place for place in _lookup(f"={code}") or () if place.kind == kind]


def _lookup(name: str, beside: bool = False) -> list[Place] | None:
    """The places of a name as `spell` returns it, the likeliest first, or None if the index does not have the name.

    `beside` adds those that are meant only next to their country. Names that differ only in spaces count as one
    (`la guardia`, `laguardia`), but those spelt like `name` come first.
    """
    data, low, high = _index()
    joined = name.replace(" ", "").encode(errors="replace")
    while low < high:
        middle = (low + high) // 2
        start = data.rfind(b"\n", low - 1, middle) + 1
        if data[start : data.find(b"\t", start)].replace(b" ", b"") < joined:
            low = data.find(b"\n", middle) + 1
        else:
            high = start
    found: list[str] | None = None
    while True:
        key, _, places = data[low : data.find(b"\n", low)].decode().partition("\t")
        if key.replace(" ", "").encode() != joined:
            break
        found = [*places.split(), *(found or ())] if key == name else [*(found or ()), *places.split()]
        low = data.find(b"\n", low) + 1
    if found is None:
        return None
    return [_place(int(at.lstrip("~"), 36)) for at in dict.fromkeys(found) if beside or at[0] != "~"]


def _place(at: int) -> Place:
    """The place whose line begins at a byte."""
    data, _, _ = _index()
    name, country, region, airports = data[at : data.find(b"\n", at)].decode().split("\t")
    kind = _KINDS[name[0]]
    codes = (name[1:],) if kind == "airport" else tuple(airports.split())
    return Place(kind, name[1:], country, _place(int(region, 36)).value if region else None, codes)
