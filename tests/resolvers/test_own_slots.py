"""Slots of one's own -> values, by their kinds: right, or null with a note and alternatives."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slotfill.readers.markup import parse
from slotfill.recipe_tables import kinds_of
from slotfill.resolvers.abstention import only_sure
from slotfill.resolvers.frame import frame_of, without
from slotfill.resolvers.own_slots import OwnSlots
from slotfill.resolvers.unread import unread_of
from slotfill.schema import Frame
from tests.resolvers.conftest import FRIDAY, annotation_of

KINDS = kinds_of(
    {
        "date": "date",
        "time": "time",
        "when": "datetime",
        "city": "place",
        "guests": "number",
        "price": "money",
        "stay": "duration",
        "name": "text",
        "checkin": "date",
        "dish": {
            "kind": "list",
            "values": {"margherita": ["pizza margherita"], "lasagne": ["lasagna"], "crème brûlée": []},
        },
        "area": {"kind": "list", "values": ["terrace", "bar"]},
        "allergy": {"kind": "list", "values": {"nuts": ["peanuts"]}, "negated": True},
    },
    origin="recipe.toml",
)
OWN = OwnSlots(KINDS)


def frame(markup: str) -> Frame:
    return frame_of(annotation_of(markup), clock=FRIDAY, own=OWN)


def others(markup: str) -> dict[str, Any]:
    found: dict[str, Any] = frame(markup).to_dict().get("other", {})
    return found


def value(markup: str) -> Any:
    """`2`, `2026-11-27T19:00`, `[2, 3]` (alternatives of null)."""
    (found,) = others(markup).values()
    assert found["value"] is not None or found.get("note")
    return found["value"] if found["value"] is not None else found.get("alternatives", [])


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("[tomorrow](date)", "2026-11-21"),
        ("[in 3 days](date)", "2026-11-23"),
        ("[in two weeks](date)", "2026-12-04"),
        ("[3 weeks from friday](date)", "2026-12-11"),
        ("[24 december](date)", "2026-12-24"),
        ("[3](date)", "2026-12-03"),
        ("[friday evening](date)", []),
        ("[7 pm](time)", "19:00"),
        ("[at 7](time)", ["07:00", "19:00"]),
        ("[from 7 to 9 pm](time)", "19:00"),
        ("[tomorrow at 7 pm](when)", "2026-11-21T19:00"),
        ("[8 pm on friday](when)", "2026-11-20T20:00"),
        ("[friday from 7 to 9 pm](when)", "2026-11-20T19:00"),
        ("[in 3 days at 5pm](when)", "2026-11-23T17:00"),
        ("[dec 24, 7pm](when)", "2026-12-24T19:00"),
        ("[2026-12-24T19:30](when)", "2026-12-24T19:30"),
        ("[tonight at 8](when)", "2026-11-20T20:00"),
        ("[in two hours](when)", "2026-11-20T11:00"),
        ("[now](when)", "2026-11-20T09:00"),
        ("[friday](when)", "2026-11-20"),
        ("[december 5 2026](when)", "2026-12-05"),
        ("[fri 27 nov 2026 19:45](when)", "2026-11-27T19:45"),
        ("[tomorrow 9-11am](when)", "2026-11-21T09:00"),
        ("[in 20 hours](when)", "2026-11-21T05:00"),
        ("[in 30 hours](when)", []),
        ("[this evening at 8](when)", "2026-11-20T20:00"),
        ("[tomorrow](when) at [7 pm](when)", "2026-11-21T19:00"),
        ("[tomorrow midnight](when)", ["2026-11-21T00:00", "2026-11-22T00:00"]),
        ("[a week from friday at 8pm](when)", "2026-11-27T20:00"),
        ("[nov 3 at 5](when)", ["2027-11-03T05:00", "2027-11-03T17:00"]),
        ("[friday or saturday at 8 pm](when)", ["2026-11-20T20:00", "2026-11-21T20:00"]),
        ("[at 7 pm](when)", ["19:00"]),
        ("[7](when)", ["07:00", "19:00"]),
        ("[next week at 7](when)", []),
        ("[banana](when)", []),
        ("[Rome](city)", "Rome"),
        ("[my place](city)", []),
        ("[two](guests)", 2),
        ("[$50](price)", 50),
        ("[two nights](stay)", "P2D"),
        ("[Anna  Lee](name)", "Anna Lee"),
        ("[Lasagna](dish)", "lasagne"),
        ("the [CREME BRULEE](dish)", "crème brûlée"),
        ("[the terrace](area)", "terrace"),
        ("[margharita](dish)", ["margherita"]),
        ("[lasagne or margherita](dish)", ["lasagne", "margherita"]),
        ("[lasagne, margherita](dish)", ["lasagne", "margherita"]),
        ("[sushi](dish)", []),
    ],
)
def test_values(markup: str, expected: object) -> None:
    assert value(markup) == expected


def test_a_value_is_in_other_by_the_name_of_its_slot() -> None:
    assert others("a table for [two](guests) at [noon](time) for [Anna](name), [window](seat)") == {
        "seat": "window",  # a slot without a kind is a text, as before
        "guests": {"text": "two", "kind": "number", "value": 2, "confidence": 1.0, "slots": [0]},
        "time": {
            "text": "noon",
            "kind": "time",
            "value": "12:00",
            "confidence": 1.0,
            "grain": "minute",
            "slots": [1],
        },
        "name": {"text": "Anna", "kind": "text", "value": "Anna", "confidence": 1.0, "slots": [2]},
    }


def test_roles_have_values_of_their_own() -> None:
    found = others("from [rome](from.city) on [friday](from.date) to [oslo](to.city)")
    assert {name: one["value"] for name, one in found.items()} == {
        "from.city": "Rome",
        "from.date": "2026-11-20",
        "to.city": "Oslo",
    }


def test_the_slots_of_a_role_with_a_kind_are_one_value() -> None:
    found = others("check in [24](checkin.day) [december](checkin.month)")
    assert found["checkin"]["value"] == "2026-12-24"
    assert found["checkin"]["slots"] == [0, 1]


def test_several_of_one_name_are_a_list() -> None:
    assert [one["value"] for one in others("a [margherita](dish) and [Lasagna](dish)")["dish"]] == [
        "margherita",
        "lasagne",
    ]


def test_several_dates_with_times_are_a_list() -> None:
    found = others("[today at noon](when) or [tomorrow at noon](when)")["when"]
    assert [one["value"] for one in found] == ["2026-11-20T12:00", "2026-11-21T12:00"]


def test_days_joined_by_to_are_a_range() -> None:
    found = others("from [monday](date) to [wednesday](date)")["date"]
    assert (found["value"], found["to"]) == ("2026-11-23", "2026-11-25")


def test_the_time_of_tonight_is_in_the_evening() -> None:
    assert others("[tonight](date) at [8](time)")["time"]["value"] == "20:00"


@pytest.mark.parametrize(
    ("markup", "relation"),
    [("under [$50](price)", "less than"), ("[two](guests) or more", "at least"), ("by [friday](date)", "before")],
)
def test_the_words_beside_a_slot_count(markup: str, relation: str) -> None:
    (found,) = others(markup).values()
    assert found["relation"] == relation


def test_what_is_ruled_out_or_corrected_is_no_value() -> None:
    assert others("for [two](guests), sorry, [three](guests)")["guests"] == {
        "text": "three",
        "kind": "number",
        "value": 3,
        "confidence": 1.0,
        "note": "ruled out: two",
        "slots": [1],
    }
    found = others("no [lasagne](dish)")["dish"]
    assert (found["value"], found["note"]) == (None, "ruled out: lasagne")
    assert others("[margherita](dish), no [lasagne](dish)")["dish"]["value"] == "margherita"
    assert others("not [friday](date), [saturday](date)")["date"]["value"] == "2026-11-21"


def test_a_slot_for_what_is_ruled_out_keeps_it() -> None:
    assert others("no [nuts](allergy)")["allergy"]["value"] == "nuts"


def test_a_value_that_is_less_sure_than_asked_is_null() -> None:
    annotation = annotation_of("[two](guests) [tomorrow](date) in [Rome](city)")
    slots = tuple(slot.replace(confidence=0.5) for slot in annotation.slots)
    found = only_sure(frame_of(annotation.replace(slots=slots), clock=FRIDAY, own=OWN), confidence=0.7)
    told = {name: (one.value, one.alternatives) for name, one in found.others()}
    assert told["guests"] == (None, (2,))
    assert told["date"] == (None, ("2026-11-21",))
    assert told["city"][0] is None


def test_values_of_slots_that_are_left_out_go_with_them() -> None:
    annotation = annotation_of("[two](guests), [margherita](dish) and [lasagne](dish) [outside](seat)")
    whole = frame_of(annotation, clock=FRIDAY, own=OWN)
    left = without(whole, annotation.slots, [2, 3]).to_dict()["other"]
    assert left == {
        "seat": "outside",
        "dish": {"text": "lasagne", "kind": "list", "value": "lasagne", "confidence": 1.0, "slots": [0]},
    }


def test_a_trip_stays_a_trip_beside_them() -> None:
    found = frame("from [oslo](fromloc.city_name) for [two](guests)")
    assert found.departure.place is not None
    assert found.departure.place.value == "Oslo"
    assert [name for name, _ in found.others()] == ["guests"]


def test_what_has_no_value_in_a_data_set_is_told() -> None:
    examples = [parse(line) for line in ("[sushi](dish)", "[sushi](dish)", "[lasagne](dish) for [two](guests)")]
    (found,) = unread_of(examples, KINDS)
    assert str(found) == '[slots] dish: 2 of 3 have no value: "sushi" (not in the list)'


WORDS = [
    "friday",
    "tomorrow",
    "tonight",
    "7",
    "24",
    "december",
    "2026",
    "pm",
    "am",
    ":",
    "-",
    "/",
    "at",
    "on",
    "from",
    "to",
    "the",
    "in",
    "two",
    "hours",
    "noon",
    "or",
    "not",
    "this",
    ",",
    "9",
]
NAMES = st.sampled_from(["date", "time", "when", "city", "guests", "price", "stay", "dish", "checkin.day", "a.time"])


@given(st.lists(st.tuples(st.sampled_from(WORDS), st.none() | NAMES), min_size=1, max_size=8))
def test_nothing_is_an_error(words: list[tuple[str, str | None]]) -> None:
    markup = " ".join(f"[{word}]({name})" if name else word for word, name in words)
    for _, one in frame(markup).others():
        assert one.value is not None or one.note or one.alternatives
