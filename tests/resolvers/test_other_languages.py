"""A model may have learnt a language whose dates and times no rule reads: they are None, whatever English would say."""

import pytest

from slotfill.recipe_tables import kinds_of
from slotfill.resolvers.frame import frame_of
from slotfill.resolvers.own_slots import OwnSlots
from tests.resolvers.conftest import WEDNESDAY, annotation_of, departure, frame, known
from tests.resolvers.test_chinese import frame as chinese_frame

# what English would make of each: 8 o'clock in the morning (`am`), the 3rd, the day itself, half past seven
READ_IN_ENGLISH = [
    ("German", "time", "Abflug um [8](time) am Freitag"),
    ("German", "time", "fliegen vor [18:30](time)"),
    ("German", "time", "um halb [19:30](time) abfliegen, bitte"),
    ("German", "date", "nicht am [2.](day_number) [November](month_name)"),
    ("German", "date", "Ich möchte in [3](day_number) Tagen fliegen"),
    ("German", "date", "vom [2.](day_number) bis zum 5. [November](month_name)"),
    ("French", "time", "je voudrais partir avant [18:30](time)"),
    ("Spanish", "date", "quiero salir después del [2](day_number) de [Mar](month_name)"),
    ("Dutch", "time", "vertrek om half [8:00](time)"),
    ("Japanese", "time", "[18:00](time) 以降に ニューヨーク を出発"),
]


@pytest.mark.parametrize(("language", "kind", "markup"), READ_IN_ENGLISH)
def test_what_english_would_read_is_not_read(language: str, kind: str, markup: str) -> None:
    value = departure(kind, markup)
    assert value.value is None
    assert value.alternatives == ()
    assert value.note == f"looks like {language}, whose dates and times are not read"


@pytest.mark.parametrize(
    "markup",
    [
        "[18:00](depart_time.time) 이후에 출발",  # after
        "вылет до [18:00](depart_time.time)",  # before
        "เครื่องบิน ก่อน [18:00](depart_time.time)",  # before
    ],
)
def test_nor_in_other_scripts(markup: str) -> None:
    value = known(frame(markup).departure.time)
    assert value.value is None
    assert str(value.note).startswith("is in ")


def test_japanese_is_not_read_as_chinese() -> None:
    until = known(chinese_frame("[11月2日](depart_date.day_number)までに東京へ").departure.date)
    assert (until.value, until.note) == (None, "looks like Japanese, whose dates and times are not read")
    after = known(chinese_frame("[18時](depart_time.time)以降に出発").departure.time)
    assert after.value is None
    sure = known(chinese_frame("去[优の良品](toloc.place_name)，[11月2日](depart_date.day_number)").departure.date)
    assert sure.value == "2027-11-02"


def test_places_are_read_in_any_language() -> None:
    trip = frame("am [Freitag](depart_date.day_name) von [München](fromloc.city_name) nach [Wien](toloc.city_name)")
    assert known(trip.arrival.place).value == "Vienna"
    assert known(trip.departure.place).value == "Munich"


@pytest.mark.parametrize(
    "markup",
    [
        "[Thu](day_name) [Nov](month_name) [19](day_number)",
        "São Paulo con escala, leaving on [November](month_name) [19th](day_number)",
        "wat about [november](month_name) [19](day_number)",
        "la paz [november](month_name) [19](day_number)",
    ],
)
def test_english_is_read_with_words_that_are_others_too(markup: str) -> None:
    assert departure("date", markup).value == "2026-11-19"


def test_names_of_places_say_nothing_of_the_language() -> None:
    markup = "[Rio de la Plata](toloc.city_name) [november](depart_date.month_name) [2](depart_date.day_number)"
    assert known(frame(markup).departure.date).value == "2027-11-02"


@pytest.mark.parametrize(("kind", "text"), [("date", "November 2"), ("time", "8 pm"), ("datetime", "november 2 8 pm")])
def test_own_slots_are_not_read_either(kind: str, text: str) -> None:
    own = OwnSlots(kinds_of({"wann": kind}, origin="recipe.toml"))
    annotation = annotation_of(f"einen Tisch für zwei, bitte, vor [{text}](wann)")
    value = frame_of(annotation, clock=WEDNESDAY, own=own).other["wann"]
    assert not isinstance(value, str | int | list)
    assert value.value is None
    assert value.note == "looks like German, whose dates and times are not read"
