"""The flaw of ATIS, and what is repaired of it."""

import pytest

from slotfill.readers.markup import parse
from slotfill.tags import spans_of
from slotfill.training.relabelling import relabelled


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("[nonstop](flight_stop) on [monday](arrive_date.day_name)", "depart_date.day_name"),
        ("[nonstop](flight_stop) leaving [at noon](arrive_time.time)", "arrive_time.time"),  # no such departure
        ("[nonstop](flight_stop) arriving on [monday](arrive_date.day_name)", "arrive_date.day_name"),
        ("[nonstop](flight_stop) that gets in on [monday](arrive_date.day_name)", "arrive_date.day_name"),
        ("a flight on [monday](arrive_date.day_name)", "arrive_date.day_name"),
    ],
)
def test_relabelled(before: str, after: str) -> None:
    tags = frozenset({"O", "B-flight_stop", "B-arrive_date.day_name", "B-depart_date.day_name", "B-arrive_time.time"})
    found = relabelled(parse(before), tags=tags)
    assert spans_of(found.tags)[-1].name == after
    assert found.text == parse(before).text
