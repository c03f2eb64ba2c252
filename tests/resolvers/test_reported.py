"""Whole sentences whose values were wrong once, with the gold slots, on Wednesday, 18 November 2026."""

import pytest

from slotfill.schema import PlaceValue
from tests.resolvers.conftest import brief, frame

SENTENCES = {
    "the [second](depart_date.day_number) [monday](depart_date.day_name) of [december](depart_date.month_name)": [
        "departure.date 2026-12-14"
    ],
    "the second monday of [december](depart_date.month_name)": ["departure.date 2026-12-14"],
    "leave on the first [monday](depart_date.day_name) of [november](depart_date.month_name)": [
        "departure.date 2027-11-01"
    ],
    "fly to [oslo](toloc.city_name) on the [1st](depart_date.day_number) day of "
    "[next](depart_date.date_relative) month": [
        "departure.date 2026-12-01",
        "arrival.place Oslo",
    ],
    "leave the [last](depart_date.date_relative) [friday](depart_date.day_name) "
    "in [november](depart_date.month_name)": ["departure.date 2026-11-27"],
    "show me [today](depart_date.today_relative)'s flights from [Lisbon](fromloc.city_name)": [
        "departure.place Lisbon",
        "departure.date 2026-11-18",
    ],
    "is [monday](depart_date.day_name)'s flight to [Oslo](toloc.city_name) full": [
        "departure.date 2026-11-23",
        "arrival.place Oslo",
    ],
    "what's [tomorrow](depart_date.today_relative)'s first flight to [Rome](toloc.city_name)": [
        "departure.date 2026-11-19",
        "arrival.place Rome",
    ],
    "[Boston](fromloc.city_name)'s airport": ["departure.place Boston"],
    "i need a flight mid [december](depart_date.month_name)": ["departure.date 2026-12-01 month; only its middle"],
    "i need a flight [mid-December](depart_date.month_name)": ["departure.date 2026-12-01 month; only its middle"],
    "in [a](depart_date.date_relative) fortnight": ["departure.date 2026-12-02"],
    "flight to [london](toloc.city_name) [by](depart_date.date_relative) the end of the month": [
        "departure.date before 2026-11-30",
        "arrival.place London",
    ],
    "fly to [paris](toloc.city_name) [next](depart_date.date_relative) [friday](depart_date.day_name)": [
        "departure.date null 2026-11-20 2026-11-27; the first one, or that of the week after?",
        "arrival.place Paris",
    ],
    "not [boston](fromloc.city_name), i said [austin](fromloc.city_name)": [
        "departure.place Austin; ruled out: boston"
    ],
    "change it from [monday](depart_date.day_name) to [tuesday](depart_date.day_name)": [
        "departure.date 2026-11-24; ruled out: monday"
    ],
    "7 nights in [rome](toloc.city_name) from [june](depart_date.month_name) [5](depart_date.day_number)": [
        "departure.date 2027-06-05",
        "arrival.place Rome",
    ],
    "any day from [june](depart_date.month_name) [4](depart_date.day_number)": ["departure.date after 2027-06-04"],
    "[july](depart_date.month_name) [2](depart_date.day_number) [morning](depart_time.period_of_day) flight": [
        "departure.date 2027-07-02",
        "departure.time 06:00/12:00",
    ],
    # years that the tagger takes for times
    "[july](depart_date.month_name) [5](depart_date.day_number) [2027](depart_time.time) "
    "[morning](depart_time.period_of_day)": ["departure.date 2027-07-05", "departure.time 06:00/12:00"],
    "[july](depart_date.month_name) [5](depart_date.day_number) [2028 morning](depart_time.time)": [
        "departure.date 2028-07-05",
        "departure.time 06:00/12:00",
    ],
    "[june](depart_date.month_name) [4](depart_date.day_number), "
    "[2028](depart_time.time) at [10 am](depart_time.time)": [
        "departure.date 2028-06-04",
        "departure.time 10:00",
    ],
    "[4](depart_date.day_number) [june](depart_date.month_name) [2028](depart_time.time)": [
        "departure.date 2028-06-04"
    ],
    # ... and times that are no years
    "[june](depart_date.month_name) [4](depart_date.day_number) at [2027](depart_time.time)": [
        "departure.date 2027-06-04",
        "departure.time 20:27",
    ],
    "[june](depart_date.month_name) [4](depart_date.day_number) [2027](depart_time.time) hours": [
        "departure.date 2027-06-04",
        "departure.time 20:27",
    ],
    "[june](depart_date.month_name) [4](depart_date.day_number) [2030](depart_time.time)": [
        "departure.date 2027-06-04",
        "departure.time 20:30",
    ],
    # the month and the year that the first day and the last share
    "[8](depart_date.day_number)-[15](return_date.day_number) [march](return_date.month_name)": [
        "departure.date 2027-03-08",
        "return.date 2027-03-15",
    ],
    "the [5th](depart_date.day_number) to the [8th](return_date.day_number) of [may](return_date.month_name) "
    "[2028](return_date.year)": ["departure.date 2028-05-05", "return.date 2028-05-08"],
    "[may](depart_date.month_name) [5](depart_date.day_number) to [may](return_date.month_name) "
    "[8](return_date.day_number) [2028](return_date.year)": ["departure.date 2028-05-05", "return.date 2028-05-08"],
    "[dec](depart_date.month_name) [28](depart_date.day_number) to [jan](return_date.month_name) "
    "[3](return_date.day_number)": ["departure.date 2026-12-28", "return.date 2027-01-03"],
    "[12/29](depart_date.day_number) - [26](return_date.day_number) [mar](return_date.month_name)": [
        "departure.date 2026-12-29",
        "return.date 2027-03-26",
    ],
    # a year without a slot
    "on [january](depart_date.month_name) [third](depart_date.day_number) two thousand twenty eight": [
        "departure.date 2028-01-03"
    ],
    "on [january](depart_date.month_name) [3](depart_date.day_number), 2028": ["departure.date 2028-01-03"],
    "in [december](depart_date.month_name), 2 adults": ["departure.date 2026-12-01 month"],
    # a day whose month may be that of another leg
    "out on the [6th](depart_date.day_number) back on the [8th](return_date.day_number) "
    "of [march](return_date.month_name)": [
        "departure.date null 2026-12-06 2027-03-06; of which month?",
        "return.date 2027-03-08",
    ],
    "arrive on [march](arrive_date.month_name) [5](arrive_date.day_number), leave on the "
    "[3rd](depart_date.day_number)": [
        "departure.date null 2026-12-03 2027-03-03; of which month?",
        "arrival.date 2027-03-05",
    ],
    "be there on the [5th](arrive_date.day_number), leave on [march](depart_date.month_name) "
    "[9](depart_date.day_number)": [
        "departure.date 2027-03-09",
        "arrival.date null 2026-12-05 2027-03-05; of which month?",
    ],
    "[3号](depart_date.day_number)出发，[2月](return_date.month_name)[10号](return_date.day_number)回来": [
        "departure.date null 2026-12-03 2027-02-03; of which month?",
        "return.date 2027-02-10",
    ],
    "leave on the [3rd](depart_date.day_number) and return on [december](return_date.month_name) "
    "[9th](return_date.day_number)": ["departure.date 2026-12-03", "return.date 2026-12-09"],
    "leave on the [3rd](depart_date.day_number), back [12/9](return_date.day_number)": [
        "departure.date 2026-12-03",
        "return.date 2026-12-09; read as month/day; as day/month it is 2027-09-12",
    ],
    # a weekday tells in which order a date is written
    "[fri](depart_date.day_name) [4/12](depart_date.day_number)": [
        "departure.date 2026-12-04; read as day/month; as month/day it is a Monday"
    ],
    "[mon](depart_date.day_name) [7/12](depart_date.day_number)": [
        "departure.date 2027-07-12; read as month/day; as day/month it is 2026-12-07"
    ],
    "[fri](depart_date.day_name) [4.11](depart_date.day_number)": [
        "departure.date null 2027-11-04 2027-11-05; 2027-11-04 is a Thursday, not a Friday"
    ],
    # times that the tagger takes for dates
    "[thu](depart_date.day_name) [26](depart_date.day_number) [nov](depart_date.month_name) "
    "[14:05](depart_date.day_number)": ["departure.date 2026-11-26", "departure.time 14:05"],
    "[12DEC](depart_date.day_number) [0930](depart_date.year)": ["departure.date 2026-12-12", "departure.time 09:30"],
    "[sunday](depart_date.day_name) [6p](depart_date.day_number)": [
        "departure.date 2026-11-22",
        "departure.time 18:00",
    ],
    "[early](depart_time.period_mod) [next](depart_date.date_relative) [monday](depart_date.day_name)": [
        "departure.date 2026-11-23",
        "departure.time 05:00/08:00",
    ],
    "any day [after](depart_date.date_relative) the [15th](depart_date.day_number)": [
        "departure.date after 2026-12-15"
    ],
    "the day [after](depart_date.date_relative) the [15th](depart_date.day_number)": ["departure.date 2026-12-16"],
    # of two dates the time is that of one
    "[tonight](depart_date.today_relative) [or](or) [tomorrow](depart_date.today_relative) "
    "[morning](depart_time.period_of_day)": [
        "departure.date 2026-11-18 | 2026-11-18 | 2026-11-19",
        "departure.time null 18:00/00:00 06:00/12:00; tonight, or of the other day?",
    ],
    "[tonight](depart_date.today_relative) at [8](depart_time.time) [or](or) "
    "[tomorrow](depart_date.today_relative) at [9 am](depart_time.time)": [
        "departure.date 2026-11-18 | 2026-11-18 | 2026-11-19",
        "departure.time 20:00 | 20:00 | 09:00",
    ],
    # a limit of the date that the tagger takes for one of the time
    "the [monday](depart_date.day_name) [after](depart_time.time_relative) easter": [
        "departure.date null; not understood: easter"
    ],
    "[june](depart_date.month_name) uh the [16th](depart_date.day_number)": ["departure.date 2027-06-16"],
    # one date tells the order of the other
    "[30/6](depart_date.day_number) back [2/7](return_date.day_number)": [
        "departure.date 2027-06-30",
        "return.date 2027-07-02; read as day/month; as month/day it is 2028-02-07",
    ],
    "[30/6](depart_date.day_number) back [7/14](return_date.day_number)": [
        "departure.date 2027-06-30; read as day/month",
        "return.date 2027-07-14",
    ],
}


@pytest.mark.parametrize(("sentence", "expected"), SENTENCES.items())
def test_the_values_of_a_sentence(sentence: str, expected: list[str]) -> None:
    found = []
    for name, leg in frame(sentence).items():
        for kind, value in leg.items():
            spelt = value.value or "null" if isinstance(value, PlaceValue) else brief(value)
            found.append(f"{name}.{kind} {spelt}" + (f"; {value.note}" if value.note else ""))
    assert found == expected
