"""The frame as a whole: the contract, and that nothing is too odd for it."""

import json
import re
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime
from types import FrameType, ModuleType
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slotfill.resolvers import context, place_slots
from slotfill.resolvers.confidence import confidence_of
from slotfill.resolvers.frame import frame_of
from slotfill.schema import Alternative, Annotation, DateValue, Frame, Leg, PlaceValue, Slot, TimeValue
from slotfill.slot_names import PLACE_TYPES
from slotfill.tokenizer import tokenize
from tests.resolvers.conftest import FRIDAY, annotation_of, frame, known


class StandIn(NamedTuple):
    """A place as the places' own module gives it."""

    kind: str
    value: str | None
    country: str | None = None
    region: str | None = None
    airports: tuple[str, ...] = ()
    alternatives: tuple["StandIn", ...] = ()
    corrected: bool = False
    note: str | None = None


TAIPEI = StandIn("city", "Taipei", "TW", None, ("TPE", "TSA"))
BEIRUT = StandIn("city", "Beirut", "LB", None, ("BEY",))
AMMAN = StandIn("city", "Amman", "JO", None, ("AMM",))
PORTLAND = StandIn("city", "Portland", "US", "Oregon", (), (StandIn("city", "Portland", "US", "Maine"),))
GEORGIA = StandIn("state", "Georgia", "US", None, (), (StandIn("country", "Georgia", "GE"),))
KNOWN = {"taipei": TAIPEI, "beirut": BEIRUT, "amman": AMMAN, "portland": PORTLAND, "georgia": GEORGIA}


@pytest.fixture(autouse=True)
def places(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[list[tuple[str, str]]]]:
    """Stand in for the index of places, and remember what it was asked."""
    place_slots._cached_meaning.cache_clear()
    place_slots._meaning_of_one.cache_clear()
    asked: list[list[tuple[str, str]]] = []

    def resolve(parts: Sequence[tuple[str, str]]) -> StandIn:
        asked.append(list(parts))
        return KNOWN.get(parts[0][1].lower(), StandIn("city", None))

    module = ModuleType("slotfill.resolvers.places")
    module.resolve = resolve  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "slotfill.resolvers.places", module)
    yield asked
    place_slots._cached_meaning.cache_clear()
    place_slots._meaning_of_one.cache_clear()


def test_the_example_of_the_contract() -> None:
    markup = (
        "arrive [Taipei](toloc.city_name) on [November](arrive_date.month_name) [2nd](arrive_date.day_number) "
        "[before](arrive_time.time_relative) [6:30 pm](arrive_time.time)"
    )
    assert json.dumps(frame(markup, clock=FRIDAY).to_dict()) == json.dumps(
        {
            "arrival": {
                "place": {
                    "text": "Taipei",
                    "kind": "city",
                    "value": "Taipei",
                    "confidence": 1.0,
                    "country": "TW",
                    "airports": ["TPE", "TSA"],
                    "slots": [0],
                },
                "date": {
                    "text": "November 2nd",
                    "kind": "date",
                    "value": "2027-11-02",
                    "confidence": 1.0,
                    "grain": "day",
                    "slots": [1, 2],
                },
                "time": {
                    "text": "before 6:30 pm",
                    "kind": "time",
                    "value": "18:30",
                    "confidence": 1.0,
                    "grain": "minute",
                    "relation": "before",
                    "slots": [3, 4],
                },
            }
        }
    )


def test_a_sentence_without_slots_has_an_empty_frame() -> None:
    assert frame("hello").to_dict() == {}
    assert frame_of(Annotation("", (), (), (), None), clock=FRIDAY) == Frame()


def test_every_leg_has_only_what_the_sentence_says() -> None:
    markup = (
        "from [Amman](fromloc.city_name) [friday](depart_date.day_name) via [Beirut](stoploc.city_name), "
        "back [sunday](return_date.day_name) [around](return_time.time_relative) [noon](return_time.time)"
    )
    found = frame(markup).to_dict()
    assert list(found) == ["departure", "return", "stops"]
    assert list(found["departure"]) == ["place", "date"]
    assert list(found["return"]) == ["date", "time"]
    assert [stop["place"]["value"] for stop in found["stops"]] == ["Beirut"]
    assert found["stops"][0]["place"]["slots"] == [2]


# --- places ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("markup", "asked"),
    [
        (
            "[Portland](fromloc.city_name), [Maine](fromloc.state_name)",
            [[("city_name", "Portland"), ("state_name", "Maine")]],
        ),
        ("[Portland](fromloc.city_name) [ME](fromloc.state_code)", [[("city_name", "Portland"), ("state_code", "ME")]]),
        (
            "[Charles de Gaulle](fromloc.airport_name) ([CDG](fromloc.airport_code))",
            [[("airport_name", "Charles de Gaulle"), ("airport_code", "CDG")]],
        ),
        (
            "[Logan](fromloc.airport_name) airport in [Boston](fromloc.city_name)",
            [[("airport_name", "Logan"), ("city_name", "Boston")]],
        ),
        (
            "[Boston](fromloc.city_name) or [Portland](fromloc.city_name), [Maine](fromloc.state_name)",
            [[("city_name", "Boston")], [("city_name", "Portland"), ("state_name", "Maine")]],
        ),
        (
            "[JFK](fromloc.airport_code) or [LGA](fromloc.airport_code)",
            [[("airport_code", "JFK")], [("airport_code", "LGA")]],
        ),
        (
            "[Boston](fromloc.city_name), [Denver](fromloc.city_name)",
            [[("city_name", "Boston")], [("city_name", "Denver")]],
        ),
        (
            "[Boston](fromloc.city_name) and maybe [Maine](fromloc.state_name)",
            [[("city_name", "Boston")], [("state_name", "Maine")]],
        ),
        (
            "[Texas](fromloc.state_name), [Boston](fromloc.city_name)",
            [[("state_name", "Texas")], [("city_name", "Boston")]],
        ),
    ],
)
def test_which_slots_are_one_place(markup: str, asked: list[Any], places: list[Any]) -> None:
    place = known(frame(markup).departure.place)
    assert places == asked
    assert place.slots == tuple(range(sum(map(len, asked))))


@pytest.mark.parametrize(
    ("markup", "asked", "text"),
    [
        ("the [science museum](toloc.place_name) in [Oslo](toloc.city_name)", 1, "science museum in Oslo"),
        ("[Oslo](toloc.city_name), the [science museum](toloc.place_name)", 1, "Oslo, the science museum"),
        (
            "[12 Elm Street](toloc.place_name), [Salem](toloc.city_name), [MA](toloc.state_code)",
            1,
            "12 Elm Street, Salem, MA",
        ),
        ("[home](toloc.place_name) or [work](toloc.place_name)", 2, "home or work"),
    ],
)
def test_a_venue_and_its_city_are_one_place(markup: str, asked: int, text: str, places: list[Any]) -> None:
    assert known(frame(markup).arrival.place).text == text
    assert len(places) == asked


def test_one_place_or_another() -> None:
    place = known(frame("to [Amman](toloc.city_name) [or](or) [Beirut](toloc.city_name)").arrival.place)
    assert (place.text, place.value, place.slots) == ("Amman or Beirut", "Amman", (0, 2))
    assert place.alternatives == (
        Alternative("city", "Amman", "JO", airports=("AMM",)),
        Alternative("city", "Beirut", "LB", airports=("BEY",)),
    )
    assert place.to_dict()["alternatives"][1] == {"value": "Beirut", "country": "LB", "airports": ["BEY"]}


def test_an_unknown_place_before_a_known_one_is_null_with_alternatives() -> None:
    place = known(frame("to [Atlantis](toloc.city_name) or [Beirut](toloc.city_name)").arrival.place)
    assert place.value is None
    assert place.alternatives == (Alternative("city", "Beirut", "LB", airports=("BEY",)),)


def test_what_the_sentence_names_is_apart_from_other_places_of_the_name() -> None:
    maine = Alternative("city", "Portland", "US", "Maine")
    portland = known(frame("to [Portland](toloc.city_name)").arrival.place)
    assert (portland.region, portland.alternatives, portland.homonyms) == ("Oregon", (), (maine,))
    georgia = known(frame("to [Georgia](toloc.state_name)").arrival.place)
    assert (georgia.alternatives, georgia.homonyms) == ((), (Alternative("country", "Georgia", "GE"),))
    both = known(frame("to [Portland](toloc.city_name) or [Beirut](toloc.city_name)").arrival.place)
    assert [a.region or a.value for a in both.alternatives] == ["Oregon", "Beirut"]
    assert both.homonyms == (maine,)
    assert both.to_dict()["homonyms"] == [{"value": "Portland", "country": "US", "region": "Maine"}]


def test_a_place_that_is_said_twice_is_one() -> None:
    place = known(frame("to [Beirut](toloc.city_name), yes, [Beirut](toloc.city_name)").arrival.place)
    assert (place.value, place.alternatives, place.slots) == ("Beirut", (), (0, 1))


@pytest.mark.parametrize(
    ("joint", "stops"), [("and", [("Amman", 0), ("Beirut", 0)]), ("or", [("Amman", 2)]), ("[or](or)", [("Amman", 2)])]
)
def test_stops(joint: str, stops: list[tuple[str, int]]) -> None:
    found = frame(f"via [Amman](stoploc.city_name) {joint} [Beirut](stoploc.city_name)").stops
    assert [(known(stop.place).value, len(known(stop.place).alternatives)) for stop in found] == stops


@pytest.mark.parametrize(
    ("markup", "opened"),
    [
        ("[Amman](city_name) please", [("Amman", 0)]),
        ("flights in [Amman](city_name) and [Beirut](city_name)", [("Amman", 0), ("Beirut", 0)]),
        ("[Amman](city_name) [or](or) [Beirut](city_name)", [("Amman", 2)]),
        ("what about [Portland](city_name), [Maine](state_name)", [("Portland", 0)]),
        ("the coast of [Georgia](state_name)", [("Georgia", 0)]),
        ("[Beirut](country_name) please", [("Beirut", 0)]),
        ("I meant [Amman](city_name), [Beirut](country_name)", [("Amman", 0)]),
    ],
)
def test_a_place_without_a_direction_is_open(markup: str, opened: list[tuple[str, int]]) -> None:
    found = frame(markup)
    assert found == Frame(open=found.open)
    assert [(known(leg.place).value, len(known(leg.place).alternatives)) for leg in found.open] == opened


@pytest.mark.parametrize("kind", sorted(PLACE_TYPES))
def test_every_type_of_place_may_be_open(kind: str) -> None:
    found = frame(f"[Beirut]({kind})").to_dict()
    assert list(found) == ["open"]
    assert [leg["place"]["slots"] for leg in found["open"]] == [[0]]
    assert frame(f"[Beirut](destination.{kind})").to_dict() == {"other": {f"destination.{kind}": "Beirut"}}


def test_open_places_stand_between_the_stops_and_the_rest() -> None:
    found = frame("[delta](airline_name) [Amman](city_name) via [Beirut](stoploc.city_name)")
    assert list(found.to_dict()) == ["stops", "open", "other"]
    assert [name for name, _ in found.items()] == ["stop", "open"]


# --- the rest --------------------------------------------------------------------------------------


def test_other_slots() -> None:
    markup = (
        "[united](airline_name) flight [117](flight_number) or [one eighteen](flight_number) [or](or) "
        "[first class](class_type), under [$ 400](fare_amount), [1,200](fare_amount), "
        "on a [747](aircraft_code) to [paris](destination)"
    )
    assert frame(markup).to_dict() == {
        "other": {
            "airline_name": "united",
            "flight_number": [117, "one eighteen"],
            "class_type": "first class",
            "fare_amount": ["$ 400", 1200],
            "aircraft_code": "747",
            "destination": "paris",
        }
    }


def test_a_number_too_long_for_json_stays_text() -> None:
    assert frame(f"[{'9' * 5000}](flight_number)").other == {"flight_number": "9" * 5000}


# --- how sure a value is ----------------------------------------------------------------------------


def with_confidences(markup: str, *confidences: float) -> Annotation:
    """A sentence whose slots are so sure, in their order."""
    annotation = annotation_of(markup)
    pairs = zip(annotation.slots, confidences, strict=True)
    return annotation.replace(slots=tuple(slot.replace(confidence=sure) for slot, sure in pairs))


def test_a_value_is_as_sure_as_its_least_sure_slot() -> None:
    markup = (
        "[Amman](fromloc.city_name), [Jordan](fromloc.country_name) [march](depart_date.month_name) "
        "[2nd](depart_date.day_number) [tonight](arrive_date.today_relative) via [Beirut](stoploc.city_name) "
        "[Taipei](city_name)"
    )
    found = frame_of(with_confidences(markup, 0.9, 0.8, 0.71239, 0.9, 0.6, 0.55, 0.95), clock=FRIDAY)
    sure = {(name, part): value.confidence for name, leg in found.items() for part, value in leg.items()}
    assert sure == {
        ("departure", "place"): 0.8,
        ("departure", "date"): 0.71239,
        ("arrival", "date"): 0.6,
        ("arrival", "time"): 0.6,
        ("stop", "place"): 0.55,
        ("open", "place"): 0.95,
    }
    assert found.to_dict()["departure"]["date"]["confidence"] == 0.7124
    assert all(0 <= confidence_of([slot]) <= 1 for slot in annotation_of(markup).slots)


# --- what the tagger took for times ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("markup", "date", "slots"),
    [
        (
            "[12](depart_time.start_time)-[05](depart_time.end_time)-[2026](depart_time.end_time)",
            "2026-12-05",
            (0, 1, 2),
        ),
        ("[11](depart_time.start_time)-[02](return_date.day_number)-[2027](depart_time.time)", "2027-11-02", (0, 1, 2)),
        ("[12](depart_time.start_time) - [05](depart_time.end_time) - 26", "2026-12-05", (0, 1)),
        ("[12-05-2026](depart_time.time)", "2026-12-05", (0,)),
        ("in [2027](depart_time.time)", "2027-01-01", (0,)),
        (
            "[december](depart_date.month_name) [5](depart_date.day_number) in [2027](depart_time.time)",
            "2027-12-05",
            (0, 1, 2),
        ),
    ],
)
def test_a_written_date_is_no_time(markup: str, date: str, slots: tuple[int, ...]) -> None:
    found = frame(markup)
    day = known(found.departure.date)
    assert (found.return_, found.departure) == (Leg(), Leg(date=day))
    assert (day.value, day.slots) == (date, slots)


@pytest.mark.parametrize(
    ("markup", "time"),
    [
        ("at [2027](depart_time.time)", "20:27"),
        ("in 2027 at [6 pm](depart_time.time)", "18:00"),
        ("12-05-2026 at [6 pm](depart_time.time)", "18:00"),
        ("[12](flight_number)-[05](depart_time.time)-26", "05:00"),
        ("[by](depart_time.time_relative) [2030](depart_time.time)", "20:30"),
        ("in [1930](depart_time.time) hours", "19:30"),
        ("[10](depart_time.start_time)-[11 am](depart_time.end_time)", "10:00"),
        ("between [2](depart_time.start_time)-[5 pm](depart_time.end_time)", "14:00"),
    ],
)
def test_a_time_stays_a_time(markup: str, time: str) -> None:
    found = frame(markup).departure
    assert found == Leg(time=found.time)
    assert known(found.time).value == time


def test_years_of_another_century_are_known_too() -> None:
    said = "[july](depart_date.month_name) [5](depart_date.day_number) [2101](depart_time.time)"
    leg = frame(said, clock=datetime(2100, 11, 18, 9, 0)).departure
    assert (known(leg.date).value, leg.time) == ("2101-07-05", None)


DECEMBER_5 = "[december](depart_date.month_name) [5](depart_date.day_number)"


@pytest.mark.parametrize(
    ("markup", "relation"),
    [
        (f"[no later than](depart_time.time_relative) {DECEMBER_5}", "before"),
        (f"on [or](or) [before](depart_time.time_relative) {DECEMBER_5}", "before"),
        (f"on [or](or) [after](depart_time.time_relative) the {DECEMBER_5}", "after"),
        (f"{DECEMBER_5} [or](or) [before](depart_time.time_relative)", "before"),
        (f"[around](depart_time.time_relative) {DECEMBER_5}", "around"),
    ],
)
def test_a_limit_beside_a_date_is_that_of_the_date(markup: str, relation: str) -> None:
    found = frame(markup).departure
    assert found == Leg(date=found.date)
    assert (known(found.date).value, known(found.date).relation) == ("2026-12-05", relation)


@pytest.mark.parametrize(
    "markup",
    [
        f"[after](depart_time.time_relative) lunch on {DECEMBER_5}",
        f"[at most](depart_time.time_relative) {DECEMBER_5}",
        f"{DECEMBER_5} [after](depart_time.time_relative) lunch",
        f"[before](depart_time.time_relative) [noon](depart_time.time) {DECEMBER_5}",
    ],
)
def test_another_limit_is_not(markup: str) -> None:
    found = frame(markup).departure
    assert found == Leg(date=found.date, time=known(found.time))
    assert (known(found.date).value, known(found.date).relation) == ("2026-12-05", None)


def test_a_slot_among_many_costs_no_more() -> None:
    def calls(times: int) -> int:
        """How many functions are called: unlike seconds, the same at every run."""
        annotation = annotation_of("on [friday](depart_date.day_name) or " * times)
        count = 0

        def hook(frame: FrameType, event: str, argument: object) -> None:
            nonlocal count
            count += event in ("call", "c_call")

        outer = sys.getprofile()
        sys.setprofile(hook)
        try:
            frame_of(annotation, clock=FRIDAY)
        finally:
            sys.setprofile(outer)
        return count

    few, many = calls(200), calls(1600)
    assert few > 200
    assert many < 12 * few  # 64 times as many, if each looked at all others


# --- nothing is too odd ----------------------------------------------------------------------------

TYPES = {
    "date": ("day_name", "day_number", "month_name", "date_relative", "today_relative", "year"),
    "time": ("time", "start_time", "end_time", "period_of_day", "period_mod", "time_relative"),
    "loc": ("city_name", "state_name", "airport_code", "country_name"),
}
NAMES = [
    *(f"{role}_date.{name}" for role in ("depart", "arrive", "return") for name in TYPES["date"]),
    *(f"{role}_time.{name}" for role in ("depart", "arrive", "return") for name in TYPES["time"]),
    *(f"{role}loc.{name}" for role in ("from", "to", "stop") for name in TYPES["loc"]),
    *(
        "or",
        "airline_name",
        "flight_number",
        "city_name",
        "place_name",
        "depart_date",
        "depart_date.",
        ".",
        "depart_time.odd",
        "x.day_name",
    ),
]
ODD_WORDS = (
    "on the of in at , . - / or and to from between not no before after by than next this following same last "
    "the day week weeks month year weekend days later today tomorrow now tonight monday fridays sat november "
    "dec 2nd thirtieth 31 29 2 february 11/2 2026-11-02 30/02 99/99 0 1991 27 two twenty seventh a 6 6:30 pm "
    "am o'clock half past quarter five six thirty noon midnight 1715 2500 25:00 hours morning evening night "
    "early late around latest or earlier until 9 o’clock Taipei ² ٣ 1-2-3 'm 99999999 İ ß "
)


@st.composite
def annotations(draw: st.DrawFn) -> Annotation:
    """Any slots, in any order, over words that mean something to the resolvers."""
    words = draw(st.lists(st.one_of(st.sampled_from(ODD_WORDS.split()), st.text(max_size=5)), max_size=14))
    text = draw(st.sampled_from([" ", "  "])).join(words)
    tokens = tokenize(text)
    slots = []
    for _ in range(draw(st.integers(0, 8))):
        if not tokens:
            break
        first = draw(st.integers(0, len(tokens) - 1))
        last = draw(st.integers(first, min(first + 3, len(tokens) - 1)))
        start, end = tokens[first].start, tokens[last].end
        slots.append(Slot(draw(st.sampled_from(NAMES)), text[start:end], start, end, 0.5))
    return Annotation(text, tokens, ("O",) * len(tokens), tuple(slots), None)


@settings(max_examples=max(500, settings().max_examples))
@given(annotations(), st.datetimes(), st.sampled_from(["mdy", "dmy"]))
def test_any_slots_over_any_text(annotation: Annotation, clock: datetime, order: str) -> None:
    found = frame_of(annotation, clock=clock, date_order=order)
    assert found == frame_of(annotation, clock=clock, date_order=order)
    json.dumps(found.to_dict(), allow_nan=False)
    values = [value for one in (found, *found.legs) for _, leg in one.items() for _, value in leg.items()]
    for value in values:
        slots = [annotation.slots[number] for number in value.slots]
        start = annotation.text.index(value.text)
        assert slots
        assert all(slot.text in value.text for slot in slots)
        assert start <= min(slot.start for slot in slots)
        assert value.value or isinstance(value, PlaceValue) or not value.to
        assert isinstance(value, PlaceValue) or (value.value is None) == (value.grain is None)
        if isinstance(value, DateValue) and value.value:
            datetime.fromisoformat(value.value)
            assert value.grain in ("day", "week", "month", "year")
        if isinstance(value, TimeValue) and value.value:
            datetime.fromisoformat(f"2026-01-01T{value.value}")
            assert value.grain == "minute"
    numbered = {n for value in values for n in value.slots}
    framed = {
        n
        for n, s in enumerate(annotation.slots)
        if ("." in s.name and s.name.split(".")[0] in FRAMED) or s.name in PLACE_TYPES
    }
    assert numbered == framed  # no slot of the frame is lost, none is taken from the rest


FRAMED = {
    *(f"{role}_{kind}" for role in ("depart", "arrive", "return") for kind in ("date", "time")),
    *("fromloc", "toloc", "stoploc"),
}


@settings(deadline=None)
@given(
    st.lists(
        st.text(min_size=1, max_size=6).filter(lambda word: not set(word) & set("0123456789")), min_size=1, max_size=5
    )
)
def test_nonsense_has_no_value(words: list[str]) -> None:
    text = " ".join(f"q{word}q" for word in words)
    slots = tuple(Slot(name, text, 0, len(text), 1.0) for name in ("depart_date.day_name", "arrive_time.time"))
    found = frame_of(Annotation(text, tokenize(text), (), slots, None), clock=FRIDAY)
    assert [known(found.departure.date).value, known(found.arrival.time).value] == [None, None]


def test_slots_that_are_no_whole_tokens_are_not_understood() -> None:
    whole = annotation_of("[november](depart_date.month_name)")
    odd = Annotation(whole.text, whole.tokens, whole.tags, (Slot("depart_date.month_name", "nov", 0, 3, 1.0),), None)
    assert known(frame_of(odd, clock=FRIDAY).departure.date).value is None


WORDS = st.sampled_from(
    [*sorted(context._VOCABULARY), "boston", "quarter", "half", "6", "10:30", "2nd", "1991", "11/2", "o'clock"]
)
NAMES = ["depart_date.day_name", "depart_date.month_name", "depart_date.day_number", "depart_date.date_relative"]
NAMES += ["depart_time.time", "depart_time.period_of_day", "depart_time.time_relative", "return_date.day_name"]
NAMES += ["depart_time.start_time", "depart_time.end_time", "toloc.city_name", "or"]


@settings(max_examples=max(300, settings().max_examples))
@given(
    st.lists(
        st.tuples(st.lists(WORDS, min_size=1, max_size=3), st.sampled_from([None, None, *NAMES])),
        min_size=1,
        max_size=14,
    )
)
def test_what_is_left_out_of_a_question_does_not_count(pieces: list[tuple[list[str], str | None]]) -> None:
    markup = " ".join(f"[{' '.join(words)}]({name})" if name else " ".join(words) for words, name in pieces)
    annotation = annotation_of(markup)
    short = frame_of(annotation, clock=FRIDAY)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(context, "_masked", context._lower)
        patch.setattr(context.Sentence, "_edges", lambda sentence, first, end: (0, len(sentence.tokens)))
        assert frame_of(annotation, clock=FRIDAY) == short


@pytest.mark.parametrize(
    ("markup", "departure", "back"),
    [
        ("[round trip](round_trip) {june 2nd} to {june 9th}", "2027-06-02", "2027-06-09"),
        ("{december 20} - {january 3} [rtn](round_trip)", "2026-12-20", "2027-01-03"),
        ("[return](round_trip) flight on {friday} to {sunday}", "2026-11-20", "2026-11-22"),
        ("[one way](round_trip) {june 2nd} to {june 9th}", "2027-06-02/2027-06-09", None),
        ("any day from {june 2nd} to {june 9th} [round trip](round_trip)", "2027-06-02/2027-06-09", None),
        ("[round trip](round_trip) {june 2nd} [or](or) {june 9th}", "2027-06-02", None),
    ],
)
def test_the_second_day_of_a_round_trip_is_the_return(markup: str, departure: str, back: str | None) -> None:
    def marked(words: re.Match[str]) -> str:
        kinds = {1: ["day_name"], 2: ["month_name", "day_number"]}[len(words[1].split())]
        return " ".join(f"[{word}](depart_date.{kind})" for word, kind in zip(words[1].split(), kinds, strict=True))

    found = frame(re.sub(r"\{(.*?)\}", marked, markup))
    date = known(found.departure.date)
    assert (f"{date.value}/{date.to}" if date.to else date.value) == departure
    assert (found.return_.date.value if found.return_.date else None) == back
