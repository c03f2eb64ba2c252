"""What the table says beside the slots: notes, readings, other places of a name, and legs."""

from datetime import datetime

import pytest

from slotfill.cli.formats import table
from slotfill.readers import parse_markup
from slotfill.resolvers.abstention import only_sure
from slotfill.resolvers.frame import frame_of
from slotfill.schema import Annotation, Slot
from slotfill.tags import char_span, spans_of

NAMES = {
    "F": "fromloc.city_name",
    "T": "toloc.city_name",
    "D": "depart_date.day_name",
    "N": "depart_date.day_number",
} | {
    "H": "depart_time.time",
    "M": "depart_date.month_name",
    "B": "depart_time.time_relative",
}


def shown(markup: str, *, note: str | None = None, sure: float = 0.99) -> list[str]:
    """The rows of the table, 80 columns wide, for slots with short names; columns are separated by single spaces."""
    for short, name in NAMES.items():
        markup = markup.replace(f"]({short})", f"]({name})")
    example = parse_markup(markup)
    slots = []
    for first, end, name in spans_of(example.tags):
        start, stop = char_span(example.tokens, first, end)
        slots.append(Slot(name, example.text[start:stop], start, stop, sure))
    annotation = Annotation(example.text, example.tokens, example.tags, tuple(slots), None, note=note)
    frame = only_sure(frame_of(annotation, clock=datetime(2026, 11, 20, 9)), confidence=0.7)
    lines = table(annotation.replace(frame=frame), colour=False).splitlines()
    assert max(map(len, lines)) <= 80
    return [" ".join(line.split()) for line in lines]


@pytest.fixture(autouse=True)
def _narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")


def test_a_table_hides_no_choice() -> None:
    rows = shown("fly to [London](T) or [Paris](T) on [12/05](N) at [half six](H)")
    assert rows[3:] == [
        "toloc.city_name London London, GB (LHR, LGW, STN, 7-13 0.99",
        "LTN, LCY, SEN)",
        "also London in Ontario, CA; Kentucky, US; Ohio, US",
        "toloc.city_name Paris or Paris, FR (CDG, ORY, BVA) 17-22 0.99",
        "also Paris in Texas, US; Tennessee, US; Ontario, CA",
        "depart_date.day_number 12/05 2026-12-05 26-31 0.99",
        "read as month/day; as day/month it is 2027-05-12",
        "depart_time.time half six 06:30 or 18:30? 35-43 0.99",
        "morning or afternoon? 05:30 or 17:30 where German is spoken",
        "",
    ]


@pytest.mark.parametrize(
    ("markup", "rows"),
    [
        (
            "[friday](D) or [saturday](D)",
            [
                "depart_date.day_name friday 2026-11-20 0-6 0.99",
                "depart_date.day_name saturday or 2026-11-21 10-18 0.99",
            ],
        ),
        (  # three slots for two days
            "[3](N) or [4](N) [june](M)",
            [
                "depart_date.day_number 3 2027-06-03 or 2027-06-04 0-1 0.99",
                "depart_date.day_number 4 5-6 0.99",
                "depart_date.month_name june 7-11 0.99",
            ],
        ),
        (
            "[before](B) [6](H)",
            [
                "depart_time.time_relative before before 06:00 or 18:00? 0-6 0.99",
                "morning or afternoon?",
                "depart_time.time 6 7-8 0.99",
            ],
        ),
        (
            "not to [Rome](T) but to [Oslo](T)",
            [
                "toloc.city_name Rome Oslo, NO (OSL, TRF) 7-11 0.99",
                "ruled out: Rome",
                "toloc.city_name Oslo 19-23 0.99",
            ],
        ),
        ("to [Tapei](T)", ["toloc.city_name Tapei Taipei, TW (TPE, TSA) 3-8 0.99", "a typo was corrected"]),
        (
            "to [dallas airport](toloc.airport_name)",
            ["toloc.airport_name dallas airport DFW, US 3-17 0.99", "also DAL, ATL, SLE"],
        ),
    ],
)
def test_under_a_row_stands_what_is_not_certain(markup: str, rows: list[str]) -> None:
    assert shown(markup)[3:-1] == rows


def test_what_is_certain_has_nothing_under_it() -> None:
    assert shown("to [Taipei](T) on [friday](D)")[3:-1] == [
        "toloc.city_name Taipei Taipei, TW (TPE, TSA) 3-9 0.99",
        "depart_date.day_name friday 2026-11-20 13-19 0.99",
    ]


def test_legs_have_titles_and_a_name_is_told_once() -> None:
    rows = shown("[Oslo](F) to [Rome](T) [monday](D), [Rome](F) to [Taipei](T) [friday](D)")
    assert rows[3:-1] == [
        "leg 1: from Oslo to Rome",
        "fromloc.city_name Oslo Oslo, NO (OSL, TRF) 0-4 0.99",
        "toloc.city_name Rome Rome, IT (FCO, CIA) 8-12 0.99",
        "also Rome in Georgia, US; New York, US; Idaho, US",
        "depart_date.day_name monday 2026-11-23 13-19 0.99",
        "leg 2: from Rome to Taipei",
        "fromloc.city_name Rome Rome, IT (FCO, CIA) 21-25 0.99",
        "toloc.city_name Taipei Taipei, TW (TPE, TSA) 29-35 0.99",
        "depart_date.day_name friday 2026-11-27 36-42 0.99",
    ]


def test_a_note_on_the_whole_stands_under_the_sentence() -> None:
    assert shown("to [Oslo](T)", note="looks odd")[1] == "note: looks odd"
    assert shown("to [Oslo](T)", sure=0.5)[3:-1] == [
        "toloc.city_name Oslo Oslo? 3-7 0.50",
        "less sure (0.50) than asked (0.70)",
    ]
