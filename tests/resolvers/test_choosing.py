"""One junk slot does not destroy a right value: sentences whose slots are as sure as the number before each says."""

import re

import pytest

from slotfill.resolvers.frame import frame_of
from slotfill.schema import Frame, PlaceValue
from tests.resolvers.conftest import WEDNESDAY, annotation_of, frame, known


def marked(markup: str) -> Frame:
    """The frame of `[june 0.9](depart_date.month_name) [5 0.3](depart_date.day_number)`."""
    sure = [float(number) for number in re.findall(r" (\d\.\d+)\]", markup)]
    annotation = annotation_of(re.sub(r" \d\.\d+\]", "]", markup))
    slots = tuple(slot.replace(confidence=one) for slot, one in zip(annotation.slots, sure, strict=True))
    return frame_of(annotation.replace(slots=slots), clock=WEDNESDAY)


DAY, MONTH, NUMBER = "depart_date.day_name", "depart_date.month_name", "depart_date.day_number"
YEAR, TIME, PART, CITY = "depart_date.year", "depart_time.time", "depart_time.period_of_day", "fromloc.city_name"


@pytest.mark.parametrize(
    ("markup", "value", "text", "left"),
    [
        # a separate phrase that is unsure, before and after
        (f"[june 0.9]({MONTH}) [5 0.95]({NUMBER}), please book seat [11 0.3]({NUMBER})", "2027-06-05", "june 5", "11"),
        (f"for [2 0.4]({NUMBER}) adults on [friday 0.9]({DAY})", "2026-11-20", "friday", "2"),
        (f"I [sat 0.4]({DAY}) there for hours. [friday 0.8]({DAY}) then", "2026-11-20", "friday", "sat"),
        # beside the others, and without a value together
        (f"[friday 0.9]({DAY}) [3 0.4]({NUMBER})", "2026-11-20", "friday", "3"),
        # beside the others, and another value together
        (f"[june 0.9]({MONTH}) [5 0.9]({NUMBER}) [95 0.3]({YEAR})", "2027-06-05", "june 5", "95"),
        # no value together, and one phrase is surer
        (f"the [31 0.7]({NUMBER}) seats of [april 0.7]({MONTH}) , on [friday 0.95]({DAY})", None, None, None),
        (
            f"[30 0.7]({NUMBER}) [february 0.7]({MONTH}) is full so [friday 0.95]({DAY})",
            "2026-11-20",
            "friday",
            "30|february",
        ),
        (f"[30 0.7]({NUMBER}) [february 0.7]({MONTH}) is full so [friday 0.75]({DAY})", None, None, None),
        # a word of time is not from somewhere else
        (f"the [weekend 0.9]({DAY}) [after 0.4](depart_date.date_relative) next", None, None, None),
        # days that may be of two trips are not settled by a surer one
        (
            f"check in [june 0.95]({MONTH}) [5 0.95]({NUMBER}), check out [june 0.8]({MONTH}) [8 0.8]({NUMBER})",
            None,
            None,
            None,
        ),
        # a day must not lose its month, but may do without if it is written with it
        (f"[28 0.9]({NUMBER}) [smarch 0.4]({MONTH})", None, None, None),
        (f"[friday 0.9]({DAY}) [28 0.9]({NUMBER}) [smarch 0.4]({MONTH})", None, None, None),
        (f"[JTR 0.4]({MONTH}) [12/24 0.9]({NUMBER})", "2026-12-24", "12/24", "JTR"),
        # what belongs together stays together
        (f"[june 0.9]({MONTH}) [5 0.4]({NUMBER})", "2027-06-05", "june 5", None),
        (f"[friday 0.9]({DAY}) or [saturday 0.4]({DAY})", "2026-11-20", "friday or saturday", None),
        (f"[monday 0.9]({DAY}) to [friday 0.4]({DAY})", "2026-11-23", "monday to friday", None),
        # what is all unsure is judged by its confidence alone
        (f"[june 0.4]({MONTH}) [5 0.3]({NUMBER})", "2027-06-05", "june 5", None),
    ],
)
def test_dates(markup: str, value: str | None, text: str | None, left: str | None) -> None:
    day = known(marked(markup).departure.date)
    assert day.value == value
    assert text is None or day.text == text
    if left is not None:
        assert known(day.note).removeprefix("read as month/day; ") == "left out: " + ", ".join(
            f'"{one}"' for one in left.split("|")
        )
        assert day.confidence >= 0.8
    else:
        assert "left out" not in (day.note or "")


@pytest.mark.parametrize(
    ("markup", "value", "left"),
    [
        (f"at [6 pm 0.9]({TIME}), it is [two 0.3]({TIME}) hours late", "18:00", True),
        (f"call me at [8 0.3]({TIME}) about the train at [6 pm 0.9]({TIME})", "18:00", True),
        (f"in the [morning 0.9]({PART}) at [8 0.4]({TIME})", "08:00", False),
        (f"at [8 0.9]({TIME}) in the [morning 0.4]({PART})", "08:00", False),
        (f"at [8 0.9]({TIME})", None, False),
    ],
)
def test_times(markup: str, value: str | None, left: bool) -> None:
    time = known(marked(markup).departure.time)
    assert (time.value, (time.note or "").startswith("left out: ")) == (value, left)


@pytest.mark.parametrize(
    ("markup", "value", "left"),
    [
        (f"[Rome 0.9]({CITY}) would be [nice 0.3]({CITY})", "Rome", True),
        (f"[gorgeous 0.3]({CITY}) sunny [Rome 0.9]({CITY})", "Rome", True),
        (f"[Rome 0.9]({CITY}) or [Nice 0.3]({CITY})", "Rome", False),
        (f"[Nice 0.3]({CITY}) or [Rome 0.9]({CITY})", "Rome", True),
        (f"[Portland 0.9]({CITY}), [Maine 0.3](fromloc.state_name)", "Portland", False),
        (f"[Portland 0.3]({CITY}), [Maine 0.9](fromloc.state_name)", "Portland", False),
        (f"[Boston 0.9]({CITY}) [Logan 0.3](fromloc.airport_name)", "BOS", False),
        (f"[the gym 0.3](fromloc.place_name) in [Boston 0.9]({CITY})", "the gym", False),
    ],
)
def test_places(markup: str, value: str, left: bool) -> None:
    place = known(marked(markup).departure.place)
    assert (place.value, (place.note or "").startswith("left out: ")) == (value, left)


def test_what_is_left_out_is_in_no_value() -> None:
    found = marked(f"[Rome 0.9]({CITY}) would be [nice 0.3]({CITY})")
    assert found.departure.place == PlaceValue(
        "Rome",
        "city",
        "Rome",
        (0,),
        country="IT",
        region=known(found.departure.place).region,
        airports=known(found.departure.place).airports,
        homonyms=known(found.departure.place).homonyms,
        note='left out: "nice"',
        confidence=0.9,
    )


def test_gold_slots_are_all_sure() -> None:
    plain = frame(f"[june]({MONTH}) [5]({NUMBER}) and not [11]({NUMBER})").departure.date
    assert "left out" not in (known(plain).note or "")
