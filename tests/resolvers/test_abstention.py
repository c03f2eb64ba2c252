"""What is less sure than asked has no value, and says what it would have been."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slotfill.resolvers.abstention import only_sure
from slotfill.resolvers.frame import frame_of
from slotfill.schema import Alternative, DateValue, Frame, Leg, PlaceValue, TimeValue
from tests.resolvers.conftest import WEDNESDAY, annotation_of, frame, known

MARKUP = (
    "[Portland](fromloc.city_name) to [Rome](toloc.city_name) in [june](depart_date.month_name) [after](depart_time."
    "time_relative) [2](depart_time.start_time) and [before](depart_time.time_relative) [5 pm](depart_time.end_time)"
)


def less_sure(markup: str, confidence: float) -> Frame:
    """The frame of a sentence whose slots are all so sure, where 0.6 is asked."""
    annotation = annotation_of(markup)
    slots = tuple(slot.replace(confidence=confidence) for slot in annotation.slots)
    return only_sure(frame_of(annotation.replace(slots=slots), clock=WEDNESDAY), confidence=0.6)


def test_what_is_sure_enough_stays() -> None:
    assert less_sure(MARKUP, 0.6) == frame_of(
        annotation_of(MARKUP).replace(slots=tuple(s.replace(confidence=0.6) for s in annotation_of(MARKUP).slots)),
        clock=WEDNESDAY,
    )
    assert only_sure(frame(MARKUP), confidence=1.0) == frame(MARKUP)


def test_what_is_less_sure_is_null_with_what_it_would_have_been() -> None:
    found = less_sure(MARKUP, 0.43)
    note = "less sure (0.43) than asked (0.60)"
    assert found.departure.date == DateValue(
        "june", None, (2,), alternatives=("2027-06-01/2027-06-30",), note=note, confidence=0.43
    )
    time = known(found.departure.time)
    assert (time.value, time.to, time.grain, time.alternatives) == (None, None, None, ("14:00/17:00",))
    rome = known(found.arrival.place)
    assert (rome.value, rome.country, rome.airports, rome.note) == (None, None, (), note)
    assert rome.alternatives[0] == Alternative("city", "Rome", "IT", "Lazio", rome.alternatives[0].airports)
    portland = known(found.departure.place)
    assert [one.region for one in portland.alternatives] == ["Oregon"]
    assert portland.homonyms[0].region == "Maine"


@pytest.mark.parametrize(
    ("markup", "alternatives", "note"),
    [
        (  # what is an alternative already is not repeated
            "[8](depart_time.time) or [9 pm](depart_time.time)",
            ("20:00", "21:00"),
            "less sure (0.20) than asked (0.60)",
        ),
        (  # without a value it says what it said
            "at [6](depart_time.time)",
            ("06:00", "18:00"),
            None,
        ),
    ],
)
def test_a_time_with_alternatives(markup: str, alternatives: tuple[str, ...], note: str | None) -> None:
    time = known(less_sure(markup, 0.2).departure.time)
    assert (time.value, time.alternatives) == (None, alternatives)
    assert note is None or time.note == note


def test_a_note_and_a_relation_stay() -> None:
    day = known(less_sure("[before](depart_date.date_relative) [11/2](depart_date.day_number)", 0.599).departure.date)
    assert (day.relation, day.alternatives) == ("before", ("2027-11-02",))
    assert known(day.note).startswith("less sure (0.59) than asked (0.60); ")


def test_stops_open_places_and_venues() -> None:
    found = less_sure("via [Rome](stoploc.city_name), [Oslo](city_name), to [work](toloc.place_name)", 0.1)
    assert [known(leg.place).value for _, leg in found.items()] == [None] * 3
    assert known(found.arrival.place).alternatives == (Alternative("venue", "work"),)


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_note_never_says_that_equals_differ(sure: float, asked: float) -> None:
    found = only_sure(
        Frame(
            departure=Leg(
                PlaceValue("a", "city", "A", (0,), confidence=sure), time=TimeValue("b", "01:00", (1,), confidence=sure)
            )
        ),
        confidence=asked,
    )
    values: tuple[PlaceValue, TimeValue] = (known(found.departure.place), known(found.departure.time))
    for value in values:
        assert (value.value is None) == (sure < asked)
        if value.value is None:
            shown, _, wanted = (
                known(value.note).removeprefix("less sure (").removesuffix(")").partition(") than asked (")
            )
            assert shown < wanted or asked - sure < 1e-6
