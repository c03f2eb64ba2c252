"""Phrase -> time: the tables are the definition; docs/values.md has the reasons."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slotfill.resolvers.clock_times import clock_at
from tests.resolvers.conftest import LATE, WEDNESDAY, brief, departure, frame, known

TABLE = {
    "18:30": [
        "at [6:30 pm](time)",
        "[six thirty p m](time)",
        "[half past six p. m.](time)",
        "[six thirty](time) p m",
        "[six thirty](time) [p m](period_of_day)",
        "[6:30pm](time)",
        "[6:30 PM](time)",
        "[6:30 p.m.](time)",
        "[6.30 pm](time)",
        "[630 pm](time)",
        "[630pm](time)",
        "[6 30 pm](time)",
        "[06:30 pm](time)",
        "[18:30](time)",
        "[1830](time)",
        "[1830 hours](time)",
        "[1830hrs](time)",
        "[18h30](time)",
        "[18:30 pm](time)",
        "[18:30:00](time)",
        "[six thirty pm](time)",
        "[half past six pm](time)",
        "[half past 6](time) in the [evening](period_of_day)",
        "[six thirty](time) in the [evening](period_of_day)",
        "[6:30](time) [pm](period_of_day)",
        "[6:30](time) pm",
        "[6:30](time) in the evening",
        "[evening](period_of_day) [6:30](time)",
        "in the [evening](period_of_day) at [6:30](time)",
        "[6:30](time) on friday [night](period_of_day)",
        "[6:30](time) [tonight](depart_date.today_relative)",
    ],
    "11:15": [
        "[1115am](time)",
        "[1115 am](time)",
        "[11:15 a.m.](time)",
        "[eleven fifteen](time) in the [morning](period_of_day)",
        "[quarter past eleven am](time)",
        "a [quarter past 11](time) in the [morning](period_of_day)",
        "[quarter after 11](time) [am](period_of_day)",
    ],
    "10:30": [
        "[10:30 hours](time)",
        "[10 30 hours](time)",
        "[1030 am](time)",
        "[ten thirty am](time)",
        "[10 30 am](time)",
    ],
    "08:38": ["[838 am](time)", "[8:38am](time)"],
    "16:45": [
        "[quarter to five pm](time)",
        "[a quarter to 5 pm](time)",
        "[quarter of five](time) in the [afternoon](period_of_day)",
        "[fifteen minutes to five pm](time)",
    ],
    "17:50": [
        "[ten to six](time) in the [evening](period_of_day)",
        "[10 minutes to 6 pm](time)",
        "[ten to six pm](time)",
    ],
    "17:00": [
        "[5 pm](time)",
        "[5p](time)",
        "[five o'clock](time) in the [afternoon](period_of_day)",
        "[five o’clock](time) in the [afternoon](period_of_day)",
        "[5 o'clock pm](time)",
        "[5 pm](time) sharp",
        "[1700](time)",
        "[1700 hours](time)",
        "[seventeen hundred hours](time)",
        "[17h](time)",
        "[5](time) in the [evening](period_of_day)",
    ],
    "18:00": ["[6](time) in the [evening](period_of_day)", "[six](time) at [night](period_of_day)"],
    "12:00": [
        "[noon](time)",
        "[midday](time)",
        "[noontime](time)",
        "[12 noon](time)",
        "[twelve noon](time)",
        "[12 o'clock noon](time)",
        "[12 pm](time)",
        "[12](time) in the [afternoon](period_of_day)",
        "[1200 hours](time)",
        "at [12](time) noon",
        # counted from the clock, which shows 9
        "in [3 hours](time)",
        "[in three hours](time)",
        "in [3](time) hours",
        "[3 hours](time) from now",
    ],
    "00:00": [
        "[midnight](period_of_day)",
        "at [midnight](time)",
        "[12 am](time)",
        "[12 midnight](time)",
        "[0:00](time)",
        "[0000 hours](time)",
        "[12](time) at [night](period_of_day)",
    ],
    "00:15": [
        "[0:15](time)",
        "[12:15 am](time)",
        "[quarter past midnight](time)",
        "[morning](period_of_day) [0:15](time)",
    ],
    "07:15": ["[07:15](time)", "[0715](time)", "[7:15](time) in the [morning](period_of_day)", "[07h15](time)"],
    "09:30": ["in [half an hour](time)", "in [30 minutes](time)"],
    "before 11:00": ["within [2 hours](time)"],
    "around 11:00": ["in [about](time_relative) [2 hours](time) from now"],
    "05:00": ["in [20 hours](time)"],
    "06:05": ["[six oh five am](time)", "[6:05am](time)"],
    "02:00": ["how about [2 am](time)", "[2](time) at [night](period_of_day)", "[2 am](time)"],
    "06:00": ["[oh six hundred](time)", "[06:00](time)", "[6](time) in the [mornings](period_of_day)"],
    # before, after, around
    "before 17:00": ["until [5 pm](end_time)"],
    "before 18:30": [
        "[before](time_relative) [6:30 pm](time)",
        "[by](time_relative) [6:30 pm](time)",
        "[no later than](time_relative) [6:30 pm](time)",
        "[not later than](time_relative) [6:30 pm](time)",
        "no [later](time_relative) than [6:30 pm](time)",
        "[earlier](time_relative) than [6:30 pm](time)",
        "[until](time_relative) [6:30 pm](time)",
        "at [6:30 pm](time) at the latest",
        "[by](time_relative) [6:30 pm](time) at the latest",
        "not [after](time_relative) [6:30 pm](time)",
        "[6:30 pm](time) or earlier",
        "by [6:30 pm](time)",
        "[at most](time_relative) [6:30 pm](time)",
        "some time in the [evening](period_of_day) [before](time_relative) [6:30](time)",
    ],
    "after 09:00": [
        "how about [after](time_relative) [9 am](time)",
        "[after](time_relative) [9 am](time)",
        "[later](time_relative) than [9 am](time)",
        "[no earlier than](time_relative) [9 am](time)",
        "[not earlier than](time_relative) [9 am](time)",
        "not [before](time_relative) [9 am](time)",
        "[at least](time_relative) [9 am](time)",
        "[9 am](time) or later",
        "[9 am](time) [or](or) [later](time_relative)",
        "[9 am](time) and [afterwards](time_relative)",
        "[9 am](time) at the earliest",
        "[after](time_relative) say [9](time) in the [morning](period_of_day)",
    ],
    "around 19:00": [
        "[7ish pm](time)",
        "[7 ish pm](time)",
        "[7pmish](time)",
        "[seven-ish p m](time)",
        "[7ish](time) in the [evening](period_of_day)",
        "[7ish](time) in the evening",
        "[7](time) ish in the [evening](period_of_day)",
        "[around](time_relative) [sevenish pm](time)",
        "[19ish](time)",
        "[around](time_relative) [7 pm](time)",
        "at [about](time_relative) [7 pm](time)",
        "[approximately](time_relative) [7 pm](time)",
        "[close](time_relative) to [7 pm](time)",
        "[close to](time_relative) [7 pm](time)",
        "[near](time_relative) [7 pm](time)",
        "[roughly](time_relative) [7 pm](time)",
        "in the [vicinity](time_relative) of [7 pm](time)",
        "[around](time_relative) [evening](period_of_day) [7](time)",
    ],
    "around 12:00": ["[noonish](time)"],
    "around 12:00/18:00": ["[afternoonish](period_of_day)"],
    "around 19:00 | 19:00 | 20:00": ["[7ish](time) or [8ish pm](time)"],
    # ranges
    "14:00/17:00": [
        "between [2ish](start_time) and [5ish pm](end_time)",
        "between [2](start_time) and [5 pm](end_time)",
        "from [2](start_time) to [5 pm](end_time)",
        "[2 pm](start_time) - [5 pm](end_time)",
        "between [2 pm](start_time) and [5](end_time)",
        "between [2](start_time) and [5](end_time) in the [afternoon](period_of_day)",
        "between [14:00](start_time) and [17:00](end_time)",
        "between [two](start_time) and [five o'clock pm](end_time)",
        "between [2](time) and [5 pm](time)",
        "from [2](time) to [5 pm](time)",
        "[after](time_relative) [2 pm](time) and [before](time_relative) [5 pm](time)",
        "[after](time_relative) [2 pm](time) [before](time_relative) [5 pm](time)",
        "[before](time_relative) [5 pm](time) and [after](time_relative) [2](time)",
    ],
    "10:00/11:30": ["between [10](start_time) and [11:30 am](end_time)", "[10](start_time) to [1130 am](end_time)"],
    "10:00/14:00": [
        "between [10](start_time) and [2 pm](end_time)",
        "between [10 am](start_time) and [2](end_time)",
        "between [10](start_time) and [2](end_time) in the [afternoon](period_of_day)",
    ],
    "12:00/16:00": [
        "between [12](start_time) and [4](end_time) in the [afternoon](period_of_day)",
        "[noon](start_time) to [4](end_time)",
    ],
    "18:50/00:00": ["between [1850](start_time) and [midnight](period_of_day)"],
    "22:00/06:00": ["from [10 pm](start_time) to [6 am](end_time)"],
    "08:00/22:00": ["between [08:00](start_time) and [22:00](end_time)"],
    # parts of the day
    "11:00": ["[eleven a m](time)"],
    "09:00": ["[nine a m](time)", "[nine](time) [a m](period_of_day)", "[nine](time) a m please"],
    "08:00/10:00": [
        "[mid](period_mod) [morning](period_of_day)",
        "[mid morning](period_of_day)",
        "[mid-morning](period_of_day)",
        "[midmorning](period_of_day)",
    ],
    "06:00/12:00": [
        "in the [morning](period_of_day)",
        "friday [morning](period_of_day)",
        "[mornings](period_of_day)",
        "sat [morn](period_of_day)",
    ],
    "12:00/18:00": [
        "in the [afternoon](period_of_day)",
        "this [arvo](period_of_day)",
        "[this arvo](period_of_day)",
        "[aft](period_of_day)",
    ],
    "18:00/22:00": ["in the [evening](period_of_day)", "thurs [eve](period_of_day)"],
    "18:00/00:00": ["friday [nite](period_of_day)", "at [night](period_of_day)", "friday [nite](period_of_day)"],
    "05:00/08:00": [
        "[early](period_mod) [morn](period_of_day)",
        "[early](period_mod) in the [morning](period_of_day)",
        "[early](period_of_day) [morning](period_of_day)",
        "[early](period_mod) on friday",
        "[early](period_mod) friday [morning](period_of_day)",
    ],
    "16:00/18:00": ["[late afternoon](period_of_day)", "[late](period_mod) in the [afternoon](period_of_day)"],
    "20:00/00:00": ["[late](period_mod) on friday"],
    "12:00/14:00": [
        "in the early [afternoon](period_of_day)",
        "at [lunchtime](period_of_day)",
        "[lunch time](period_of_day)",
    ],
    "around 18:00/21:00": ["[around](time_relative) [dinnertime](period_of_day)"],
    "before 06:00/12:00": ["[by](time_relative) tomorrow [morning](period_of_day)"],
    # more than one
    "18:00/22:00 | 18:00/22:00 | 06:00/12:00": [
        "friday [evening](period_of_day) [or](or) saturday [morning](period_of_day)"
    ],
    "12:00/18:00 | 12:00/18:00 | 17:00": [
        "between [a](x.y) and [b](x.y) in the [afternoon](period_of_day) and arriving at [5 pm](time)"
    ],
    "06:00 | 06:00 | 18:00": [
        "[6 am](time) [or](or) [pm](period_of_day)",
        "[6](time) [am](period_of_day) or [pm](period_of_day)",
    ],
    "18:00 | 18:00 | 06:00": ["[6 pm](time) or [am](period_of_day)"],
    "06:00 | 06:00 | 12:00/18:00": ["[6 am](time) or in the [afternoon](period_of_day)"],
    "20:00 | 20:00 | 21:00": ["at [8](time) or [9 pm](time)", "[8](time) or [9](time) in the [evening](period_of_day)"],
    "after 16:00 | 16:00/.. | ../09:00": [
        "[after](time_relative) [4 pm](time) or [before](time_relative) [9 am](time)"
    ],
}

# Phrases that must have no value and no alternatives, under the note that says why.
NO_VALUE = {
    "early in more than a day is no time of day": [
        "[early](period_mod) [next](depart_date.date_relative) week",
    ],
    "late in more than a day is no time of day": [
        "[late](period_mod) in [may](depart_date.month_name)",
    ],
    "a limit without a time": [
        "[before](time_relative)",
        "[no later than](time_relative)",
    ],
    "a range without a beginning or an end": [
        "between [1133 am](start_time) and [43 pm](end_time)",
        "between [2 pm](start_time) and",
    ],
    "both before and around": [
        "[before](time_relative) or [around](time_relative) [noon](time)",
        "[by](time_relative) [7ish pm](time)",
    ],
    "more than a day from now": ["in [30 hours](time)"],
    "counted from now, but on another day": ["[tomorrow](depart_date.today_relative) in [3 hours](time)"],
    "later than what?": [
        "[later](period_mod)",
    ],
    "no such time": [
        "[6](time) hours",
        "[half past 25](time)",
        "[thirty](time)",
        "[25:00](time)",
        "[24:00](time)",
        "[12:60](time)",
        "[1275](time)",
        "[13 am](time)",
        "[0 pm](time)",
        "[5 am pm](time)",
        "[5 to 7](time)",
        "[half twenty](time)",
        "[quarter to](time)",
        "[half](time)",
        "[9](time) hours",
    ],
    "not a time of the evening": [
        "[11 am](time) in the [evening](period_of_day)",
        "[3](time) in the [evening](period_of_day)",
    ],
    "not a time of the night": [
        "[5](time) at [night](period_of_day)",
    ],
    "not understood: 6:3": [
        "[6:3](time)",
    ],
    "not understood: 6:30:30": [
        "[6:30:30 pm](time)",
    ],
    "not understood: 99999": [
        "[99999](time)",
    ],
    "not understood: asap": [
        "[asap](time)",
    ],
    "not understood: mealtime": [
        "[mealtime](time)",
    ],
    "not understood: now": [
        "[now](time)",
    ],
    "not understood: second": [
        "[second](time)",
    ],
    "not understood: taipei": [
        "[Taipei](time)",
    ],
}

# No value, but readings.
NULL = {
    "null 06:00 18:00": ["at [6](time)", "[six](time)", "[6 o'clock](time)", "[6:00](time)", "[600](time)"],
    "null 10:45 22:45": ["[10:45](time)", "[1045](time)"],
    "null 00:30 12:30": ["[12:30](time)", "[half past twelve](time)"],
    "null 04:45 16:45": ["[quarter to five](time)"],
    "null 00:45 12:45": ["[quarter to one](time)"],
    "around null 07:00 19:00": [
        "[7ish](time)",
        "[sevenish](time)",
        "[seven](time) ish",
        "[around](time_relative) [7ish](time)",
        "[around 7ish](time)",
    ],
    "after null 06:00 18:00": ["[after](time_relative) [6](time)", "not [before](time_relative) [6](time)"],
    "null 03:00/05:00 15:00/17:00": ["between [3](start_time) and [5 o'clock](end_time)"],
    "null 11:00/13:00 23:00/01:00": ["between [11](start_time) and [1](end_time)"],
    "null 06:00 18:00 12:00": ["at [6](time) or [noon](time)"],
}  # fmt: skip


@pytest.mark.parametrize(("expected", "phrase"), [(v, p) for v, phrases in (TABLE | NULL).items() for p in phrases])
def test_times(expected: str, phrase: str) -> None:
    assert brief(departure("time", phrase)) == expected


@pytest.mark.parametrize(("note", "phrase"), [(note, p) for note, phrases in NO_VALUE.items() for p in phrases])
def test_what_has_no_value(note: str, phrase: str) -> None:
    value = departure("time", phrase)
    assert (brief(value), value.note) == ("null", note)


@pytest.mark.parametrize(
    ("phrase", "expected", "note"),
    [
        ("[half six](time)", "null 06:30 18:30", "morning or afternoon? 05:30 or 17:30 where German is spoken"),
        (
            "[half six](time) or [noon](time)",
            "null 06:30 18:30 12:00",
            "morning or afternoon? 05:30 or 17:30 where German is spoken",
        ),
        ("[half 6 pm](time)", "18:30", "17:30 where German is spoken"),
        ("[half seven](time) in the [evening](period_of_day)", "19:30", "18:30 where German is spoken"),
        ("[before](time_relative) [half twelve pm](time)", "before 12:30", "11:30 where German is spoken"),
        (
            "between [half six](start_time) and [7 pm](end_time)",
            "18:30/19:00",
            "half an hour before that hour where German is spoken",
        ),
        ("[half past six pm](time)", "18:30", None),
        ("[six thirty pm](time)", "18:30", None),
    ],
)
def test_half_six_is_said_in_two_ways(phrase: str, expected: str, note: str | None) -> None:
    value = departure("time", phrase)
    assert (brief(value), value.note) == (expected, note)


def test_times_have_a_grain_and_null_has_none() -> None:
    assert departure("time", "[6 pm](time)").grain == "minute"
    assert departure("time", "[6](time)").grain is None


@pytest.mark.parametrize(("clock", "now"), [(WEDNESDAY, "after 09:00"), (LATE, "after 23:59")])
def test_later_today_is_after_the_clock(clock: datetime, now: str) -> None:
    today = departure("time", "[later](period_mod) [today](depart_date.today_relative)", clock=clock)
    assert brief(today) == now
    assert (
        departure("time", "[later](period_mod) on [friday](depart_date.day_name)", clock=clock).note
        == "later than what?"
    )


@pytest.mark.parametrize(
    ("phrase", "value", "is_next"),
    [
        ("[tonight](depart_date.today_relative) at [1 am](time)", "01:00", True),
        ("[tonight](depart_date.today_relative) at [12](time)", "00:00", True),
        ("[tonight](depart_date.today_relative) between [1](start_time) and [3 am](end_time)", "01:00", True),
        ("[friday](depart_date.day_name) [night](period_of_day) at [2](time)", "02:00", True),
        ("[tonight](depart_date.today_relative) at [8](time)", "20:00", False),
        ("[tonight](depart_date.today_relative) between [10](start_time) and [2](end_time)", "22:00", False),
        ("[friday](depart_date.day_name) at [1 am](time)", "01:00", False),
        ("[friday](depart_date.day_name) [morning](period_of_day) at [2](time)", "02:00", False),
    ],
)
def test_a_time_after_midnight_of_a_night_says_so(phrase: str, value: str, is_next: bool) -> None:
    time = departure("time", phrase)
    assert (time.value, time.note) == (value, "after midnight: on the next day" if is_next else None)


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [
        ("[early](period_mod) [next](depart_date.date_relative) week", "null"),
        ("[late](period_mod) in [may](depart_date.month_name)", "null"),
        ("[early](period_mod) in the [morning](period_of_day) [next](depart_date.date_relative) week", "05:00/08:00"),
        ("[early](period_mod) on [may](depart_date.month_name) [2](depart_date.day_number)", "05:00/08:00"),
        ("at [6 pm](time) in [may](depart_date.month_name)", "18:00"),
    ],
)
def test_early_is_of_a_day(phrase: str, expected: str) -> None:
    assert brief(departure("time", phrase)) == expected


def test_tonight_is_a_date_and_a_time() -> None:
    leg = frame("fly [tonight](depart_date.today_relative)").departure
    assert (brief(leg.date), brief(leg.time)) == ("2026-11-18", "18:00/00:00")
    assert known(leg.date).slots == known(leg.time).slots == (0,)
    assert known(leg.time).text == "tonight"


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("leave [before](time_relative) [6:30 pm](time) please", "before 6:30 pm"),
        ("[6](time) in the [evening](period_of_day).", "6 in the evening"),
        ("between [2](start_time) and [5 pm](end_time)", "2 and 5 pm"),
        ("not [before](time_relative) [9 am](time)", "not before 9 am"),
        ("[6](time) pm please", "6 pm"),
        ("at [5 pm](time) at the latest, or so", "5 pm at the latest"),
        ("[5 pm](time) in the boat", "5 pm"),
        ("good evening, at [5 pm](time)", "5 pm"),
        ("at [6](time)", "6"),
    ],
)
def test_the_text_is_where_the_value_came_from(phrase: str, text: str) -> None:
    assert departure("time", phrase).text == text


def test_words_of_other_slots_are_not_read() -> None:
    assert departure("time", "[5](time) [pm](flight_mod.x)").value is None
    assert departure("time", "[not](airline_name.x) [before](time_relative) [9 am](time)").relation == "before"
    leg = frame("leave at [5](depart_time.time) and arrive in the [evening](arrive_time.period_of_day)")
    assert known(leg.departure.time).value is None


# --- properties ------------------------------------------------------------------------------------

WORDS = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
TENS = ("twenty", "thirty", "forty", "fifty")


def in_words(number: int) -> str:
    if number < 20:
        return WORDS[number]
    return TENS[number // 10 - 2] + (f" {WORDS[number % 10]}" if number % 10 else "")


def styles(hour: int, minute: int) -> list[str]:
    """A time of day in every style that says which half of the day it is in."""
    half, twelve = ("am", "pm")[hour // 12], (hour - 1) % 12 + 1
    part = "morning" if hour < 12 else "afternoon" if hour < 18 else "evening"
    found = [
        f"[{twelve}:{minute:02} {half}](time)",
        f"[{twelve}:{minute:02}{half}](time)",
        f"[{twelve}:{minute:02} {half[0]}.m.](time)",
        f"[{twelve}.{minute:02}{half.upper()}](time)",
        f"[{twelve}{minute:02} {half}](time)",
        f"[{hour:02}{minute:02} hours](time)",
        f"[{hour:02}h{minute:02}](time)",
        f"[{twelve}:{minute:02}](time) in the [{part}](period_of_day)",
    ]
    if minute:
        oh = "oh " if minute < 10 else ""
        found.append(f"[{in_words(twelve)} {oh}{in_words(minute)} {half}](time)")
    else:
        found += [
            f"[{twelve}{half}](time)",
            f"[{in_words(twelve)} o'clock {half}](time)",
            f"[{twelve}](time) [{half}](period_of_day)",
        ]
    if hour > 12 or hour < 10:
        found.append(f"[{hour:02}:{minute:02}](time)")
    following = in_words(twelve % 12 + 1)
    if 0 < minute <= 30 and minute % 5 == 0:
        found.append(
            f"[{in_words(minute)} minutes past {in_words(twelve)} {half}](time)"
            if minute < 30
            else f"[half past {twelve} {half}](time)"
        )
    elif minute > 30 and minute % 5 == 0 and twelve not in (11, 12):
        found.append(f"[{in_words(60 - minute)} to {following} {half}](time)")
    return found


@given(st.integers(0, 23), st.integers(0, 59))
def test_a_time_is_itself_in_every_style(hour: int, minute: int) -> None:
    for phrase in styles(hour, minute):
        value = departure("time", phrase)
        assert (value.value, value.to, value.alternatives) == (f"{hour:02}:{minute:02}", None, ()), phrase


@given(st.integers(1, 12), st.integers(0, 59))
def test_a_time_without_its_half_of_the_day_has_no_value(hour: int, minute: int) -> None:
    for phrase in (f"[{hour}:{minute:02}](time)", f"[{hour}{minute:02}](time)"):
        value = departure("time", phrase)
        assert value.value is None
        times = [datetime.fromisoformat(f"2026-01-01T{time}") for time in map(str, value.alternatives)]
        assert [time.minute for time in times] == [minute, minute]
        assert [time.hour % 12 for time in times] == [hour % 12] * 2


@given(st.integers(0, 1439), st.integers(1, 720))
def test_a_range_is_itself(start: int, length: int) -> None:
    end = (start + length) % 1440
    texts = [f"{t // 60:02}:{t % 60:02}" for t in (start, end)]
    spoken = [f"{(t // 60 - 1) % 12 + 1}:{t % 60:02} {('am', 'pm')[t // 720]}" for t in (start, end)]
    for first, second in (spoken, [spoken[0][:-3], spoken[1]] if length < 720 else spoken):
        value = departure("time", f"between [{first}](start_time) and [{second}](end_time)")
        assert [value.value, value.to] == texts


@given(st.text(min_size=1, max_size=12), st.text(max_size=6))
def test_any_word_may_be_asked_for_a_clock_time(first: str, second: str) -> None:
    clock = clock_at([first.lower(), second.lower()], 0, 2, 2)
    assert clock is None or (all(0 <= t < 1440 for t in clock.readings) and 1 <= clock.end <= 2)
