"""What a place must be: tables value -> phrases, what must stay null, and an index that keeps its promises."""

import importlib.util
import random
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slotfill.resolvers import places
from slotfill.resolvers.places import Place, resolve, spell
from slotfill.slot_names import PLACE_TYPES, VENUE

REPOSITORY = Path(__file__).parent.parent.parent
INDEX = Path(places.__file__).with_name("places.txt")


def read_index() -> tuple[dict[str, list[str]], list[list[str]], list[str]]:
    """Names with the bytes of their places; the lines of the places; the well-known cities. By a way of its own."""
    data = INDEX.read_bytes()
    first, second = (int(number) for number in data.split(b"\n", 1)[0].split()[-2:])
    body = data[:first].decode().split("\n")
    lines = [line.split("\t") for line in body[1:] if line and not line.startswith("#")]
    names = [line.split("\t") for line in data[first:second].decode().splitlines()]
    return {name: places.split() for name, places in names}, lines, data[second:].decode().split()


NAMES, LINES, WELL_KNOWN = read_index()
CODES = sorted(line[0][1:] for line in LINES if line[0][0] == "a")


def parts(phrase: str) -> list[tuple[str, str]]:
    """`Portland | state_name Maine`: slots of one place; the first is a city unless it says otherwise."""
    types = ("city_name", "state_name", "state_code", "country_name", "airport_name", "airport_code")
    slots = []
    for part in phrase.split(" | "):
        slot, _, text = part.partition(" ")
        slots.append((slot, text) if slot in types else ("city_name", part))
    return slots


CITIES = {  # (value, country, the first airports) -> phrases
    ("Taipei", "TW", "TPE TSA"): ["Taipei", "TAIPEI", "taipei", "Táipei", "Taipei | country_name Taiwan", "Taipeh"],
    ("New York", "US", "JFK LGA EWR"): ["nyc", "NYC", "N.Y.C.", "ny", "new york city", "New-York", "new york new york"],
    ("Los Angeles", "US", "LAX"): ["la", "L.A.", "los angeles", "LosAngeles", "los angeles | state_name California"],
    ("San Francisco", "US", "SFO"): ["sf", "SF", "San Fran", "frisco", "san francisco | state_code CA"],
    ("San Diego", "US", "SAN"): ["SD", "san diego", "San Diego, California"],
    ("Las Vegas", "US", "LAS"): ["vegas", "Vegas", "las vegas | state_code nv"],
    ("Washington", "US", "IAD DCA BWI"): ["dc", "D.C.", "washington dc", "washington | state_code dc", "state_code dc"],
    ("Philadelphia", "US", "PHL"): ["philly", "PHilly", "philadelphia's"],
    ("Chicago", "US", "ORD MDW"): ["Chi-town", "chi-Town", "chicago"],
    ("Dallas", "US", "DFW DAL"): ["dallas fort worth", "Dallas-Fort Worth", "dallas/ft. worth"],
    ("St. Louis", "US", "STL"): ["st. louis", "St Louis", "saint louis", "St.Louis", "St. Louis | state_name missouri"],
    ("St. Paul", "US", "MSP"): ["st. paul", "saint paul", "St Paul | state_code MN"],
    ("St. Petersburg", "US", "PIE TPA"): ["st. petersburg | state_name florida", "st petersburg fl"],
    ("Saint Petersburg", "RU", "LED"): ["St. Petersburg | country_name Russia", "leningrad"],
    ("Fort Worth", "US", "DFW DAL"): ["ft worth", "Ft. Worth", "fort worth | state_name texas"],
    ("Tacoma", "US", "SEA"): ["tacoma", "tacoma | state_name washington"],
    ("White Plains", "US", "HPN"): ["westchester county", "westchester"],
    ("Ontario", "US", "ONT"): ["ontario", "ontario | state_name california"],
    ("Boston", "US", "BOS"): ["boston", "city of boston", "the city of Boston", "boston massachusetts", "Boston, MA"],
    ("Portland", "US", "PDX"): ["portland", "Portland | state_code OR", "portland or"],
    ("Portland", "US", "PWM"): ["Portland | state_name Maine", "portland | state_code me", "portland maine"],
    ("Paris", "FR", "CDG ORY BVA"): ["paris", "Paris | country_name France", "PAR", "airport_code PAR"],
    ("Paris", "US", ""): ["Paris | state_name Texas", "Paris Texas", "paris, tx"],
    ("London", "GB", "LHR LGW STN LTN LCY SEN"): [
        "london",
        "London | country_name UK",
        "London | country_name England",
        "london | country_name Great Britain",
        "airport_code LON",
        "Londres",
    ],
    ("London", "CA", "YXU"): ["London | state_name Ontario", "london | country_name Canada", "london, ontario"],
    ("Vancouver", "CA", "YVR"): ["Vancouver", "vancouver | state_code BC"],
    ("Victoria", "CA", "YYJ"): ["Victoria | state_code BC", "victoria | state_name British Columbia"],
    ("Victoria", "SC", "SEZ"): ["Victoria | country_name Seychelles"],
    ("Toronto", "CA", "YYZ YTZ"): ["toronto | state_name ontario", "Toronto | country_name Canada"],
    ("Montréal", "CA", "YUL"): ["montreal", "Montréal", "montreal | state_name quebec", "montréal | state_name Québec"],
    ("Georgetown", "GY", "GEO"): ["Georgetown | country_name Guyana", "georgetown"],
    ("San José", "CR", "SJO"): ["San Jose | country_name Costa Rica", "San José, Costa Rica"],
    ("San Jose", "US", "SJC"): ["san jose", "San Jose | state_name california"],
    ("San Juan", "PR", "SJU"): ["san juan", "San Juan | state_code PR", "san juan | country_name USA"],
    ("Mexico City", "MX", "MEX"): [
        "CDMX",
        "cdmx",
        "Ciudad de Mexico",
        "mexico city",
        "Mexico City | country_name Mexico",
    ],
    ("São Paulo", "BR", "GRU CGH VCP"): ["sao paulo", "São Paulo", "SÃO PAULO", "São Paulo | country_name Brazil"],
    ("Sydney", "AU", "SYD"): ["sydney", "Sydney | state_code NSW", "Sydney | country_name Australia"],
    ("Sydney", "CA", "YQY"): ["Sydney | state_name Nova Scotia"],
    ("Perth", "AU", "PER"): ["perth", "Perth | state_code WA"],
    ("Kuala Lumpur", "MY", "KUL"): ["KL", "kuala lumpur"],
    ("Delhi", "IN", "DEL"): ["new delhi", "Delhi | country_name India"],
    ("Mumbai", "IN", "BOM"): ["Bombay", "mumbai | state_name Maharashtra"],
    ("Ho Chi Minh City", "VN", "SGN"): ["Saigon", "HCMC", "ho chi minh city"],
    ("Beijing", "CN", "PEK PKX"): ["Peking", "beijing"],
    ("Xi'an", "CN", "XIY"): ["xi'an", "Xi’an", "xian"],
    ("Munich", "DE", "MUC"): ["munich", "München", "munchen", "MUENCHEN", "Munich | state_name Bavaria"],
    ("Cologne", "DE", "CGN"): ["Köln", "koeln", "cologne"],
    ("Vienna", "AT", "VIE"): ["Wien", "vienna"],
    ("Lisbon", "PT", "LIS"): ["Lisboa", "lisbon"],
    ("Copenhagen", "DK", "CPH"): ["København", "kobenhavn"],
    ("Łódź", "PL", "LCJ"): ["Łódź", "lodz", "LODZ"],
    ("Kyiv", "UA", "KBP IEV"): ["Kiev", "kyiv"],
    ("Seoul", "KR", "ICN GMP"): ["Seoul | country_name Korea", "Seoul | country_name South Korea"],
    ("Pyongyang", "KP", "FNJ"): ["Pyongyang | country_name Korea"],
    ("Tbilisi", "GE", "TBS"): ["Tbilisi | state_name Georgia", "Tbilisi | country_name Georgia"],
    ("Aix-en-Provence", "FR", "MRS"): ["aix en provence", "Aix-en-Provence"],
    ("Valencia", "ES", "VLC"): ["valencia", "Valencia | country_name Spain"],
    ("Valencia", "VE", "VLN"): ["Valencia | country_name Venezuela"],
    ("Guangzhou", "CN", "CAN"): ["Canton | country_name China"],
    ("Canton", "US", "CAK"): ["Canton", "canton | state_code OH"],
    ("Odesa", "UA", "ODS"): ["Odessa", "Odessa | country_name Ukraine"],
    ("Tokyo", "JP", "HND NRT"): ["tokyo", "airport_code TYO", "tyo"],
    ("Nara", "JP", ""): ["Nara", "nara | country_name Japan"],
    ("Hong Kong", "HK", "HKG"): ["hong kong", "HK", "hong kong | country_name china"],
    ("Singapore", "SG", "SIN"): ["singapore", "Singapore | country_name Singapore"],
}
AIRPORTS = {
    "LHR": ["airport_name Heathrow", "heathrow", "airport_name heathrow airport", "london | airport_name Heathrow"],
    "ORD": ["airport_name o'hare", "airport_name O’Hare International", "airport_name ohare", "airport_code ord"],
    "JFK": ["airport_name kennedy", "airport_name John F. Kennedy airport", "airport_code jfk", "jfk"],
    "LGA": ["airport_name la guardia", "airport_name laguardia airport", "new york's | airport_name la guardia"],
    "DAL": ["airport_name love field", "dallas | airport_name love field", "airport_name Love Field airport"],
    "MKE": ["airport_name general mitchell", "airport_name general mitchell international airport"],
    "CDG": ["airport_name Charles de Gaulle | airport_code CDG", "airport_name Roissy", "paris | airport_code cdg"],
    "ORY": ["paris | airport_name orly", "airport_name Orly"],
    "BOS": ["airport_name logan", "boston | airport_name logan", "airport_name boston airport"],
    "SAN": ["airport_name san diego airport", "san diego | airport_name international airport"],
    "DFW": ["airport_name dallas fort worth international airport", "airport_name dallas airport", "airport_code dfw"],
    "YYZ": ["airport_name lester pearson airport", "toronto | airport_name the airport", "airport_code YYZ"],
    "IAH": ["airport_name houston intercontinental", "airport_name George Bush Intercontinental"],
    "ONT": ["airport_name ontario international", "airport_name ontario airport | state_name california"],
    "BWI": ["baltimore | airport_name washington airport", "airport_code bwi", "bwi"],
    "YXU": ["airport_name london airport | state_name Ontario"],
    "SAT": ["airport_code sat", "airport_code SAT"],
    "STE": ["airport_code ste"],
    "HND": ["airport_name Haneda"],
    "SVO": ["airport_name Sheremetyevo", "Moscow | airport_name Sheremetyevo"],
}
AREAS = {
    ("state", "Kerala", "IN"): ["state_name Kerala", "state_name kerala | country_name India"],
    ("state", "Minnesota", "US"): ["state_name minnesota", "state_code MN"],
    ("state", "Montana", "US"): ["state_code MT", "state_name montana"],
    ("state", "Ontario", "CA"): ["state_name ontario", "state_code ON"],
    ("state", "Georgia", "US"): ["state_name georgia", "state_code ga"],
    ("state", "British Columbia", "CA"): ["state_code B.C.", "state_name british columbia"],
    ("state", "Bavaria", "DE"): ["state_name bayern"],
    ("state", "Scotland", "GB"): ["country_name Scotland", "scotland"],
    ("country", "Georgia", "GE"): ["country_name georgia"],
    ("country", "Japan", "JP"): ["country_name Japan", "japan", "country_name JP"],
    ("country", "United States", "US"): ["country_name USA", "country_name U.S.", "country_name the United States"],
    ("country", "United Kingdom", "GB"): ["country_name UK", "country_name u.k.", "country_name Great Britain"],
    ("country", "United Arab Emirates", "AE"): ["country_name UAE", "country_name United Arab Emirates"],
    ("country", "The Netherlands", "NL"): ["country_name holland", "holland", "country_name the netherlands"],
    ("country", "South Korea", "KR"): ["country_name Korea", "south korea"],
    ("country", "North Korea", "KP"): ["country_name North Korea", "DPRK"],
    ("country", "Democratic Republic of the Congo", "CD"): ["country_name Congo", "country_name DRC"],
    ("country", "Republic of the Congo", "CG"): ["country_name Congo Brazzaville"],
    ("country", "Lebanon", "LB"): ["lebanon", "country_name Lebanon"],
    ("country", "Ivory Coast", "CI"): ["country_name Côte d'Ivoire", "country_name cote d’ivoire"],
}
NULL = [
    *[
        "monday",
        "cheap",
        "the",
        "of",
        "and",
        "one",
        "flight",
        "round",
        "trip",
        "nonstop",
        "morning",
        "sat",
        "sun",
        "march",
        "august",
        "quite",
        "pairs",
        "kitchen",
    ],
    *("", " ", "?", "...", "'", "123", "мир", "\udcff", "xyzzy", "qwertyuiop", "somewhere nice", "a" * 10_000),
    *(
        "Boston | state_name Ohio",
        "baltimore | state_name washington",
        "boston | state_code dc",
        "Paris | state_name Narnia",
    ),
    *(
        "London | country_name Japan",
        "Georgetown | country_name Canada | state_name Texas",
        "Taipei | country_name Atlantis",
    ),
    *("paris | airport_name heathrow", "airport_name heathrow | airport_code CDG", "boston | city_name denver"),
    *("airport_name airport", "airport_name the international airport", "airport_name stapleton airport", "bay area"),
    *("state_name Narnia", "country_name Atlantis", "airport_code ZZZZ", "airport_code XX", "airport_name fooo"),
    *("delhi | state_code IN", "portland | state_name Maine | country_name Canada"),
]
MENDED = {
    "Taipei": ["tapei", "Taipeii", "Tiapei"],
    "Philadelphia": ["philadephia", "Philedelphia", "philadelfia"],
    "Los Angeles": ["los angles", "Los Angelas"],
    "San Francisco": ["san fransisco", "San Fransico"],
    "Las Vegas": ["las vagas", "las vegass"],
    "Pittsburgh": ["pittsburhg", "pitsburgh"],
    "Cincinnati": ["cincinati", "cincinnnati"],
    "Minneapolis": ["mineapolis", "minneaplis"],
    "Reykjavík": ["rekjavik", "reykjavyk"],
    "Copenhagen": ["copenhagan", "copenhagenn"],
    "Albuquerque": ["albuquerqe", "albaquerque"],
}
KEPT = ["pittsburg", "Paris", "Parma", "Rome", "Lome", "Salem", "Boise", "Basel", "Bremen", "Verona", "Varna"]


@pytest.mark.parametrize(("value", "country", "airports"), CITIES)
def test_cities(value: str, country: str, airports: str) -> None:
    for phrase in CITIES[value, country, airports]:
        place = resolve(parts(phrase))
        assert (place.kind, place.value, place.country) == ("city", value, country), phrase
        assert place.airports[: len(airports.split())] == tuple(airports.split()), phrase
        assert place.corrected is False, phrase


@pytest.mark.parametrize("code", AIRPORTS)
def test_airports(code: str) -> None:
    for phrase in AIRPORTS[code]:
        place = resolve(parts(phrase))
        assert (place.kind, place.value, place.airports) == ("airport", code, (code,)), phrase


@pytest.mark.parametrize(("kind", "value", "country"), AREAS)
def test_states_and_countries(kind: str, value: str, country: str) -> None:
    for phrase in AREAS[kind, value, country]:
        place = resolve(parts(phrase))
        assert (place.kind, place.value, place.country) == (kind, value, country), phrase


@pytest.mark.parametrize("phrase", NULL)
def test_what_is_unknown_or_contradicts_itself_is_null(phrase: str) -> None:
    place = resolve(parts(phrase))
    assert place.value is None
    assert (place.airports, place.alternatives, place.corrected) == ((), (), False)


def test_nothing_is_null() -> None:
    assert resolve([]) == Place("city", None)


def test_a_city_that_is_unknown_in_a_known_place_keeps_that_place() -> None:
    note = "no place of this name is known"
    assert resolve(parts("Xyzzy | country_name Japan")) == Place("city", None, "JP", note=note)
    assert resolve(parts("Boston | state_name Ohio")) == Place("city", None, "US", "Ohio", note=f"{note} there")
    assert resolve(parts("airport_name Foo | country_name UK")) == Place("airport", None, "GB", note=f"{note} there")


@pytest.mark.parametrize("phrase", ["Xyzzy", "London Foo", "Narnia Central", "West York", "Birmingham International"])
def test_an_unknown_place_says_so(phrase: str) -> None:
    assert resolve(parts(phrase)) == Place("city", None, note="no place of this name is known")


STATIONS = {  # (country, region) -> names that are no city's, in slots for cities
    ("GB", "England"): [
        "London Paddington",
        "London St Pancras International",
        "London King's Cross",
        "London Victoria",
        "birmingham new street",
        "Bristol Temple Meads",
        "Oxford station",
        "London Paddington | state_name England",
    ],
    ("FR", "Ile-de-France"): ["Paris Gare de Lyon", "Paris Nord"],
    ("FR", "Grand Est"): ["Gare de Strasbourg"],
    ("IT", "Lombardy"): ["Milano Centrale"],
    ("DE", "North Rhine-Westphalia"): ["Köln Hbf"],
    ("BE", "Brussels"): ["Brussels Midi"],
    ("US", "Illinois"): ["Chicago Union Station"],
    ("US", "Oregon"): ["Portland Union Station"],
    ("US", "Maine"): ["Portland Union Station | state_name Maine"],
    # there are several, or the city is not said
    (None, None): ["Gare du Nord", "Gare de Lyon", "Union Station", "Waterloo Station", "Euston", "Hauptbahnhof"],
}


@pytest.mark.parametrize("where", STATIONS)
def test_a_station_is_a_venue(where: tuple[str | None, str | None]) -> None:
    for phrase in STATIONS[where]:
        assert resolve(parts(phrase)) == Place("venue", phrase.partition(" | ")[0], *where), phrase


@pytest.mark.parametrize("phrase", ["East London", "Waterloo", "Victoria", "Central", "London Gatwick"])
def test_a_place_of_the_index_is_no_station(phrase: str) -> None:
    assert resolve(parts(phrase)).kind != "venue"


def test_a_station_is_where_its_city_is() -> None:
    assert resolve(parts("London Paddington | state_name Ohio")).value is None


@pytest.mark.parametrize(
    ("slots", "place"),
    [
        ([("place_name", "home")], Place("venue", "home")),
        ([("place_name", "12  Winter\u00a0Street")], Place("venue", "12 Winter Street")),
        ([("place_name", "Paris")], Place("venue", "Paris")),  # it is never looked up
        ([("place_name", "science museum"), ("city_name", "oslo")], Place("venue", "science museum", "NO", "Oslo")),
        ([("city_name", "Portland"), ("state_code", "ME"), ("place_name", "x")], Place("venue", "x", "US", "Maine")),
        ([("place_name", "my office"), ("state_name", "Texas")], Place("venue", "my office", "US", "Texas")),
        ([("place_name", "my hotel"), ("city_name", "Xyzzyville")], Place("venue", "my hotel")),
        ([("place_name", "home"), ("city_name", "Boston"), ("country_name", "Japan")], Place("venue", "home", "JP")),
    ],
)
def test_a_venue_is_its_own_words(slots: list[tuple[str, str]], place: Place) -> None:
    assert resolve(slots) == place


def test_the_types_of_places_are_those_of_the_slot_names() -> None:
    assert {*places._ORDER, VENUE} == PLACE_TYPES


def test_a_name_of_two_countries_has_both() -> None:
    assert [place.country for place in resolve(parts("country_name Korea")).alternatives] == ["KP"]
    assert [place.country for place in resolve(parts("country_name Congo")).alternatives] == ["CG"]
    assert resolve(parts("country_name South Korea")).alternatives == ()


def test_alternatives_are_the_other_places_of_the_name() -> None:
    place = resolve(parts("Portland"))
    assert (place.value, place.region) == ("Portland", "Oregon")
    maine, *_ = place.alternatives
    assert maine == resolve(parts("Portland | state_name Maine"))
    assert (maine.region, maine.country, maine.airports) == ("Maine", "US", ("PWM",))
    assert len(resolve(parts("Springfield")).alternatives) == 5
    assert resolve(parts("Taipei")).alternatives == ()
    assert next(other.value for other in resolve(parts("airport_name dallas airport")).alternatives) == "DAL"


def test_what_is_spelt_as_said_comes_before_the_same_with_other_spaces() -> None:
    assert resolve(parts("Georgetown")).country == "GY"
    assert resolve(parts("George Town")).value == "George Town"
    assert resolve(parts("newcastle")).value == "Newcastle upon Tyne"
    assert {place.value for place in resolve(parts("new castle")).alternatives} >= {"New Castle"}


@pytest.mark.parametrize("value", MENDED)
def test_slips_are_mended_and_say_so(value: str) -> None:
    for phrase in MENDED[value]:
        assert phrase not in NAMES
        place = resolve(parts(phrase))
        assert (place.value, place.corrected) == (value, True), phrase


def test_a_mended_city_must_still_lie_where_it_is_said_to() -> None:
    assert resolve(parts("portlnad | state_name Maine")).airports == ("PWM",)
    assert resolve(parts("philadephia | state_name Ohio")).value is None


@pytest.mark.parametrize("phrase", KEPT)
def test_a_known_name_is_never_mended(phrase: str) -> None:
    place = resolve(parts(phrase))
    assert not place.corrected
    assert place.value is None or spell(place.value) == spell(phrase)


def test_short_names_and_small_places_are_not_mended() -> None:
    for phrase in ("limo", "rone", "oslu", "romq"):
        assert resolve(parts(phrase)).value is None, phrase
    small = [name for name, found in NAMES.items() if not found]
    assert len(small) > 3000
    for name in random.Random(1).sample(small, 300):
        assert resolve([("city_name", name)]).value is None, name


@given(st.sampled_from(WELL_KNOWN), st.data())
def test_a_swap_of_letters_gives_the_city_or_null_or_says_that_it_was_mended(name: str, data: st.DataObject) -> None:
    where = data.draw(st.integers(0, len(name) - 2))
    slip = name[:where] + name[where + 1] + name[where] + name[where + 2 :]
    meant, place = resolve([("city_name", name)]), resolve([("city_name", slip)])
    known = places._lookup(slip) is not None or slip.upper() in CODES
    assert place.value in (None, meant.value) or place.corrected or known


@given(st.sampled_from(WELL_KNOWN))
def test_well_known_cities_are_never_mended(name: str) -> None:
    place = resolve([("city_name", name)])
    assert place.kind == "city"
    assert place.value is not None
    assert spell(place.value).replace(" ", "") == name
    assert not place.corrected


@given(st.lists(st.tuples(st.sampled_from([*places._ORDER, "unheard_of"]), st.text(max_size=20)), max_size=4))
def test_any_text_gives_a_place_or_null(slots: list[tuple[str, str]]) -> None:
    place = resolve(slots)
    assert place.kind in ("city", "airport", "state", "country")
    assert len(place.alternatives) <= 5


@given(st.text())
def test_spelling_is_settled(text: str) -> None:
    assert spell(spell(text)) == spell(text)


@given(st.text("abc", max_size=6), st.text("abc", max_size=6))
def test_slips_are_counted_as_by_definition(a: str, b: str) -> None:
    def count(a: str, b: str) -> int:
        if not a or not b:
            return len(a) + len(b)
        best = min(count(a[1:], b) + 1, count(a, b[1:]) + 1, count(a[1:], b[1:]) + (a[0] != b[0]))
        swapped = len(a) > 1 and len(b) > 1 and a[0] == b[1] and a[1] == b[0]
        return min(best, count(a[2:], b[2:]) + 1) if swapped else best

    assert places._typos(a, b) == count(a, b)


def test_every_iata_code_is_itself_in_any_case() -> None:
    assert len(CODES) > 7000
    for code in CODES:
        for text in (code, code.lower(), code.title()):
            place = resolve([("airport_code", text)])
            assert (place.kind, place.value, place.airports) == ("airport", code, (code,))


def test_every_city_is_found_by_its_name_next_to_its_country() -> None:
    cities = [line for line in LINES if line[0][0] == "c"]
    assert len(cities) > 20_000
    for name, country, _, _ in cities[::5]:
        found = places._lookup(spell(name[1:]), beside=True)
        found_there = any((place.value, place.country) == (name[1:], country) for place in found or ())
        assert found_there or NAMES[spell(name[1:])] == [], name  # unless it is a common word, such as `Of` in Turkey


def test_the_index_is_whole() -> None:
    data = INDEX.read_bytes()
    assert len(data) < 1_700_000
    assert [*NAMES] == sorted(NAMES, key=lambda name: (name.replace(" ", "").encode(), name))
    assert all(name == (spell(name) if name[0] != "=" else name) for name in NAMES)
    starts = {0}
    at = data.find(b"\n")
    while at >= 0:
        starts.add(at + 1)
        at = data.find(b"\n", at + 1)
    assert {int(place.removeprefix("~"), 36) for found in NAMES.values() for place in found} <= starts
    codes = set(CODES)
    assert all(set(line[3].split()) <= codes for line in LINES)
    assert all(len(line[1]) == 2 and line[1].isupper() for line in LINES)
    assert b"GeoNames" in data[:600]
    assert b"CC BY 4.0" in data[:600]


def test_importing_is_cheap() -> None:
    heavy = ["csv", "json", "sqlite3", "numpy", "torch", "dataclasses", "pathlib", "importlib.resources"]
    code = (
        "import sys, slotfill.tokenizer, slotfill.schema, typing; before = set(sys.modules)\n"
        "from slotfill.resolvers.places import resolve\n"
        "assert resolve([('city_name', 'Taipei')]).country == 'TW'\n"
        "print(*sorted(set(sys.modules) - before))"
    )
    run = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, check=True)
    assert {"mmap", "slotfill.resolvers.places"} <= set(run.stdout.split())
    assert not set(run.stdout.split()) & set(heavy)


def test_the_index_is_the_builders(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(REPOSITORY / "data" / "places")
    for line in (REPOSITORY / "data" / "places" / "requirements.txt").read_text().splitlines():
        package, _, wanted = line.partition("==")
        if wanted:
            try:
                there = version(package)
            except PackageNotFoundError:
                pytest.skip(f"{package} is not installed (data/places/requirements.txt)")
            if there != wanted:
                pytest.skip(f"{package} is {there}, not {wanted} (data/places/requirements.txt)")
    spec = importlib.util.spec_from_file_location("build", REPOSITORY / "data" / "places" / "build.py")
    assert spec is not None
    assert spec.loader is not None
    build = importlib.util.module_from_spec(spec)
    sys.modules["build"] = build
    spec.loader.exec_module(build)
    assert build.build() == INDEX.read_bytes()
