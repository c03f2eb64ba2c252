"""Phrase -> date at fixed clocks: the tables are the definition; docs/values.md has the reasons."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.resolvers.conftest import (
    FEBRUARY_28,
    FRIDAY,
    LATE,
    LEAP_FEBRUARY_28,
    NEW_YEARS_EVE,
    brief,
    departure,
    frame,
    known,
)

DAY_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july", "august"),
    *("september", "october", "november", "december"),
)

# On Wednesday, 18 November 2026.
TABLE = {
    # days of the calendar: the first one from today on
    "2027-11-02": [
        "on [November](month_name) [2nd](day_number)",
        "[november](month_name) [second](day_number)",
        "[November](month_name) [2](day_number)",
        "[NOV](month_name). [2](day_number)",
        "the [2nd](day_number) of [November](month_name)",
        "[2](day_number) [Nov](month_name)",
        "[november](month_name) the [second](day_number)",
        "[November](month_name) [2](day_number), [2027](year)",
        "the [second](day_number) of [November](month_name), [2027](year)",
        "[2nd](day_number) [november](month_name) [twenty twenty seven](year)",
        "[november](month_name) [second](day_number) [two thousand twenty seven](year)",
        "[november](month_name) [2](day_number) of [next](date_relative) year",
        "[Tuesday](day_name), [November](month_name) [2](day_number)",
        "[tue](day_name) the [2nd](day_number) of [november](month_name)",
        "[2027-11-02](day_number)",
        "[2027/11/2](day_number)",
        "[11/2](day_number)",
        "[11/2/2027](day_number)",
        "[11/02/27](day_number)",
        "[11-02-2027](day_number)",
        "[11](day_number)-[02](day_number)-[27](year)",
        "[november](month_name) [2nd](day_number) [27](year)",
        "[november](month_name) [2nd](day_number) [twenty seven](year)",
        "[2.11](day_number).",
        "[02.11.2027](day_number)",
        "[tuesday](day_name), [11/2](day_number)",
    ],
    "2026-11-18": [
        "[today](today_relative)",
        "[tonight](today_relative)",
        "[this](today_relative) [afternoon](depart_time.period_of_day)",
        "[this](date_relative) [arvo](depart_time.period_of_day)",
        "[this](today_relative) afternoon",
        "[wednesday](day_name)",
        "[this](date_relative) [wednesday](day_name)",
        "[Wed](day_name)",
        "[wednesday's](day_name)",
        "the [18th](day_number)",
        "the [18th](day_number) of [this](date_relative) month",
        "[november](month_name) [eighteenth](day_number)",
        "[today](today_relative), [wednesday](day_name) the [18th](day_number)",
        "[11/18](day_number)",
        "[18/11](day_number)",  # there is no 18th month
    ],
    "2026-11-19": [
        "[tomorrow](today_relative)",
        "[Tomorrow](today_relative)",
        "[tommorow](today_relative)",
        "[2moro](today_relative)",
        "[thursday](day_name)",
        "[coming](date_relative) [thursday](day_name)",
        "[tomorrow](today_relative), [thursday](day_name)",
        "[tomorrow](today_relative) [morning](depart_time.period_of_day)",
        "in [a](date_relative) day",
        "[1](date_relative) day from now",
    ],
    "2026-11-20": [
        "the [same](date_relative) date, [november](month_name) [20th](day_number)",
        "[the day after tomorrow](today_relative)",
        "[day after tomorrow](today_relative)",
        "[two](date_relative) days from [today](today_relative)",
        "in [two](date_relative) days",
        "in [2](date_relative) days",
        "on a [friday](day_name)",
        "any [friday](day_name)",
        "[friday](day_name)",
        "the day after [thursday](day_name)",
        "a day after [tomorrow](today_relative)",
    ],
    "2026-11-22": [
        "[this](date_relative) [sunday](day_name)",
        "[Sunday](day_name) [this](date_relative) week",
        "[this](date_relative) coming [sunday](day_name)",
        "[coming](date_relative) [sunday](day_name)",
        "the [following](date_relative) [sunday](day_name)",
        "the [22nd](day_number)",
        "the [twenty-second](day_number)",
        "[sunday](day_name) the [twenty second](day_number)",
    ],
    "2026-11-23": [
        "[next](date_relative) [monday](day_name)",
        "[monday](day_name)",
        "[monday](day_name) [next](date_relative) week",
        "[monday](day_name), [next](date_relative) week",
        "[monday](day_name) of [next](date_relative) week",
        "[monday](day_name) in the [next](date_relative) week",
        "[next](date_relative) week [monday](day_name)",
    ],
    "2026-11-25": [
        "[next](date_relative) [wednesday](day_name)",
        "[wednesday](day_name) [next](date_relative)",
        "[wednesday](day_name) [next](date_relative) week",
        "a week from [today](today_relative)",
        "a week from [wednesday](day_name)",
        "in [one](date_relative) week",
        "in [a](date_relative) week",
        "[1](date_relative) week from now",
    ],
    "2026-12-02": [
        "in [a](date_relative) fortnight",
        "in [two](date_relative) weeks",
        "[two](date_relative) weeks from now",
        "[two](date_relative) weeks from [today](today_relative)",
        "two weeks from [today](today_relative)",
        "the [2nd](day_number)",
        "the [second](day_number)",
        "the [2nd](day_number) of [next](date_relative) month",
        "[wednesday](day_name) the [2nd](day_number)",
        "[wednesday](day_name) after [next](date_relative)",
    ],
    "2026-12-09": ["on a [date](date_relative) of the [9th](day_number)"],
    "2026-11-13": ["[last](date_relative) [friday](day_name)"],
    "2026-12-18": ["in [one](date_relative) month", "a month from [today](today_relative)"],
    "2026-12-04": [
        "[first](day_number) [friday](day_name) of [next](date_relative) month",
        "two weeks from [friday](day_name)",
        "[two](date_relative) weeks after [friday](day_name)",
    ],
    "2026-12-05": ["[three](date_relative) [saturdays](day_name) from now", "[12-05-2026](day_number)"],
    # a weekday that is tied to a date
    "2026-12-14": [
        "the [monday](day_name) [after](date_relative) [december](month_name) [10](day_number)",
        "the [monday](day_name) after [december](month_name) [10](day_number)",
        "the [first](day_number) [monday](day_name) [after](date_relative) [12/10](day_number)",
        "the [second](day_number) [monday](day_name) of [december](month_name)",
        "the second [monday](day_name) of [december](month_name)",
        "the second monday of [december](month_name)",
        "the [second](day_number) [monday](day_name) of [next](date_relative) month",
    ],
    "2026-12-11": [
        "[next](date_relative) [friday](day_name) [after](date_relative) [december](month_name) [4](day_number)"
    ],
    "2026-12-17": [
        "the [second](day_number) [thursday](day_name) [after](date_relative) [december](month_name) [4](day_number)"
    ],
    "2027-05-09": ["[sunday](day_name) [before](date_relative) [may](month_name) [10](day_number)"],
    "2027-11-01": ["the [first](day_number) [monday](day_name) of [november](month_name)"],  # that of 2026 is past
    "2026-11-27": [
        "[friday](day_name) week",
        "a week from [friday](day_name)",
        "the [last](date_relative) [friday](day_name) in [november](month_name)",
        "the last [friday](day_name) of the month",
    ],
    "2026-11-26": ["[tomorrow](today_relative) week", "a week [tomorrow](today_relative)"],
    "2026-11-30": [
        "a week on [monday](day_name)",
        "[a](date_relative) week on [monday](day_name)",
        "[monday](day_name) week",
        "[monday](day_name) after [next](date_relative)",
        "the last day of [november](month_name)",
    ],
    "2026-12-01": [
        "the [1st](day_number) day of [next](date_relative) month",
        "the [first](day_number) day of [next](date_relative) month",
        "first day of [next](date_relative) month",
    ],
    # a day with its month in one token, or in several that signs join
    "2026-12-08": [
        "[08DEC](day_number)",
        "[8dec](day_number)",
        "[dec8](day_number)",
        "[08DEC26](day_number)",
        "[8dec2026](day_number)",
        "[08-DEC-26](day_number)",
        "[8-Dec](day_number)",
        "[8th-dec](day_number)",
        "[8/dec](day_number)",
        "[Dec-8](day_number)",
        "[dec-8-2026](day_number)",
        "[Dec](month_name)-[8th](day_number)",
        "[8.12.](day_number)",
        "[tue](day_name) [08DEC](day_number)",
    ],
    "2027-12-08": ["[08DEC27](day_number)", "[08DEC](day_number) [2027](year)"],
    "2026-12-08/2026-12-15": ["[08DEC](day_number) to [15DEC](day_number)", "[08](day_number)-[15DEC](day_number)"],
    "2027-05-05/2027-06-08": ["[5](day_number) [may](month_name) - [8](day_number) [june](month_name)"],
    "2027-06-05/2027-07-03": ["[june](month_name) [5](day_number) - [july](month_name) [3](day_number)"],
    # a range in one token
    "2026-11-20/2026-11-22": ["[fri-sun](day_name)", "[fri–sun](day_name)"],
    "2026-11-23/2026-11-25": ["[mon-wed](day_name)", "[monday-wednesday](day_name)"],
    "2027-07-01/2027-08-31": ["[jul-aug](month_name)"],
    "2026-12-07": ["[monday](day_name) fortnight", "two weeks on [monday](day_name)"],
    "2027-03-31": ["the last day of [march](month_name)"],
    "2027-08-03": ["[agust](month_name) [3](day_number)", "[augusst](month_name) [3](day_number)"],
    "2026-11-14": ["[novembr](month_name) [14](day_number) [2026](year)"],
    "2026-11-24 | 2026-11-24 | 2026-11-25": ["[tuesday](day_name) or [wednesday](day_name) [next](date_relative) week"],
    "2026-12-05/2026-12-06": [
        "on the [weekend](day_name) of [december](month_name) [5th](day_number)",
        "on the [weekend](day_name) of [december](month_name) [6th](day_number)",
        "on the [weekend](day_name) of [12/5](day_number)",
        "on the [weekend](day_name) [before](date_relative) [december](month_name) [12](day_number)",
        "on the [weekend](day_name) [before](date_relative) [december](month_name) [13](day_number)",
        "on the [weekend](day_name) [after](date_relative) [december](month_name) [4](day_number)",
    ],
    "2026-12-19/2026-12-20": ["the [weekend](day_name) [after](date_relative) [december](month_name) [12](day_number)"],
    "2026-11-20 | 2026-11-20 | ../2026-12-05": [
        "[friday](day_name), [before](date_relative) [december](month_name) [5](day_number)"
    ],
    "2026-11-02": [
        "[november](month_name) [2nd](day_number) [26](year)",
        "[2](day_number) [nov](month_name) [26](year)",
    ],
    "2025-11-01 month": ["last [november](month_name)", "[last](date_relative) [november](month_name)"],
    "2026-10-01 month": ["[last](date_relative) [october](month_name)"],
    "2028-02-29": ["[February](month_name) [29](day_number)", "[2/29](day_number)", "[29.2](day_number)."],
    "1991-07-25": ["[july](month_name) [twenty fifth](day_number) [1991](year)"],
    "1999-12-31": ["[december](month_name) [31](day_number) [nineteen ninety nine](year)"],
    # weeks, months, years: the first day, and what it is the first of
    "2026-11-23 week": ["[next](date_relative) week", "any day [next](date_relative) week"],
    "after 2026-12-15": ["any day [after](date_relative) the [15th](day_number)"],
    "2026-12-07 week": ["the week beginning [december](month_name) [7](day_number)"],
    "2026-12-06/2026-12-12": ["in the week commencing [december](month_name) [6](day_number)"],
    "2026-11-16 week": ["[this](date_relative) week", "the week of [november](month_name) [18th](day_number)"],
    "2026-11-30 week": ["the week after [next](date_relative)"],
    "2027-06-01 month": [
        "in [June](month_name)",
        "[next](date_relative) [june](month_name)",
        "in the month of [june](month_name)",
    ],
    "2026-11-01 month": [
        "in [november](month_name)",
        "[this](date_relative) month",
        "[november](month_name) [2026](year)",
    ],
    "2026-12-01 month": ["[next](date_relative) month", "[december](month_name) of [this](date_relative) year"],
    "2027-01-01 year": ["[next](date_relative) year", "in [2027](year)"],
    # more than one day
    "2026-11-21/2026-11-22": [
        "[this](date_relative) [weekend](day_name)",
        "over the [weekend](day_name)",
        "from [saturday](day_name) to [sunday](day_name)",
        "from [saturday](day_name) until [sunday](day_name)",
        "from [saturday](day_name) up to [sunday](day_name)",
        "between [november](month_name) [21](day_number) and [22](day_number)",
        "between the [21st](day_number) and the [22nd](day_number) of [november](month_name)",
    ],
    "2027-07-03/2027-07-04": ["[july](month_name) [4th](day_number) weekend"],
    "2027-03-03/2027-03-08": [
        "any day between [March](month_name) [3](day_number) and [March](month_name) [8](day_number)",
        "[March](month_name) [3](day_number) - [8](day_number)",
        "[March](month_name) [3](day_number)-[8](day_number), [2027](year)",
        "from [3](day_number) to [8](day_number) [March](month_name)",
        "[3rd](day_number) through [8th](day_number) of [march](month_name)",
        "any day from [march](month_name) [3](day_number) to [march](month_name) [8](day_number)",
        "[3/3](day_number) - [3/8](day_number)",
    ],
    "2027-03-08/2027-03-15": ["[8](day_number)-[15](day_number) [march](month_name)"],
    # the year of the end is that of the beginning, unless a new year is between them
    "2028-03-03/2028-03-08": [
        "[march](month_name) [3](day_number) to [march](month_name) [8](day_number) [2028](year)",
        "[march](month_name) [3](day_number) - [8](day_number) [2028](year)",
    ],
    "2027-12-28/2028-01-03": ["[dec](month_name) [28](day_number) - [jan](month_name) [3](day_number) [2028](year)"],
    "2027-05-01/2027-07-31": [
        "between [may](month_name) and [july](month_name)",
        "from [may](month_name) to [july](month_name)",
    ],
    "2026-11-01/2027-01-31": ["[november](month_name) to [january](month_name)"],
    "2026-12-28/2027-01-03": ["[december](month_name) [28](day_number) to [january](month_name) [3](day_number)"],
    "2026-11-18/2026-11-20": [
        "in the [next](date_relative) [two](date_relative) days",
        "between now and [friday](day_name)",
        "from now until [friday](day_name)",
        "from [today](today_relative) to [friday](day_name)",
    ],
    "2026-11-20 | 2026-11-20 | 2026-11-27": [
        "[this](date_relative) [friday](day_name) or [next](date_relative)",
    ],
    "2026-11-20 | 2026-11-20 | 2026-11-21": ["[friday](day_name) [or](or) [saturday](day_name)"],
    "2026-12-27 | 2026-12-27 | 2026-12-28": [
        "[december](month_name) [27](day_number) or [december](month_name) [28](day_number)",
        "[december](month_name) [27th](day_number) [or](or) [28th](day_number)",
        "the [twenty seventh](day_number) or the [twenty eighth](day_number) of [december](month_name)",
    ],
    "2026-11-23 | 2026-11-23 | 2026-11-24": [
        "[monday](day_name) or [tuesday](day_name)",
        "[monday](day_name) or [tuesday](day_name) [next](date_relative) week",
        "[monday](day_name) [morning](depart_time.period_of_day) and [tuesday](day_name)",
        "[monday](day_name) [tuesday](day_name)",
    ],
    "2026-11-20 | 2026-11-20 | 2026-11-23/2026-11-29": ["[friday](day_name) or [next](date_relative) week"],
    # before and after
    "before 2026-11-20": [
        "[before](date_relative) [friday](day_name)",
        "[by](date_relative) [friday](day_name)",
        "by [friday](day_name)",
        "no later than [friday](day_name)",
        "not [after](date_relative) [friday](day_name)",
        "until [friday](day_name)",
        "up to [friday](day_name)",
        "[friday](day_name) or before",
        "[friday](day_name) [or](or) [before](date_relative)",
    ],
    "around 2026-11-20": ["[around](date_relative) [friday](day_name)", "around [friday](day_name)"],
    "after 2026-11-20": [
        "[friday](day_name) or after",
        "[after](date_relative) [friday](day_name)",
        "not [before](date_relative) [friday](day_name)",
        "[friday](day_name) or later",
    ],
    "after 2026-11-19": [
        "[after](date_relative) [coming](date_relative) [thursday](day_name)",
        "after [coming](date_relative) [thursday](day_name)",
    ],
    "after 2027-06-04": [
        "any day from [june](month_name) [4](day_number)",
        "anytime from [june](month_name) [4](day_number)",
        "any date from the [4th](day_number) of [june](month_name)",
        "[june](month_name) [4](day_number) onwards",
        "from [june](month_name) [4](day_number) onward",
        "[june](month_name) [4](day_number) at the earliest",
    ],
    "2027-06-04": [
        "[fridays](day_name) in [june](month_name)",
        "from [june](month_name) [4](day_number)",
        "for 5 days from [june](month_name) [4](day_number)",
        "a stay of 2 weeks from [june](month_name) [4](day_number)",
    ],
    # parts of a period: the whole of it, with a note; their ends are days
    "before 2026-11-30": [
        "[by](date_relative) the end of the month",
        "by the end of [this](date_relative) month",
        "by the end of [november](month_name)",
    ],
    "before 2026-12-31": ["before the end of [next](date_relative) month", "by the end of [this](date_relative) year"],
    "after 2027-06-01": ["after the beginning of [june](month_name)"],
    "before 2026-12-02": ["within [two](date_relative) weeks"],
    "before 2026-12-19": ["[by](date_relative) the [19th](day_number) of [december](month_name)"],
    # every one of them, and the first
    "2026-11-24": ["on [tuesdays](day_name)"],
}

# Phrases that must have no value and no alternatives, under the note that says why.
NO_VALUE = {
    "2026-12-02 is a Wednesday": [
        "the [weekend](day_name) of [december](month_name) [2](day_number)",
    ],
    "a range without a beginning or an end": [
        "mid [june](month_name) to early [july](month_name)",
        "[june](month_name) [5](day_number) to [july](month_name)",
        "[friday](day_name) to [next](date_relative) week",
        "[5-6-7](day_number)",
    ],
    "how long, not when": [
        "[three](date_relative) months",
        "the [last](date_relative) [two](date_relative) days",
        "[two](date_relative) weeks",
        "for [two](date_relative) weeks",
    ],
    "no April 31": [
        "[april](month_name) [31](day_number)",
    ],
    "no February 29 in 2027": [
        "[february](month_name) [29](day_number) [2027](year)",
    ],
    "no February 31": ["[31feb](day_number)"],
    "not understood: 5-july": ["[june](month_name) [5-july](day_number) [3](day_number)"],
    "not understood: 8decs": ["[8decs](day_number)"],
    "not understood: 123dec": ["[123dec](day_number)"],
    "not understood: couple": ["in [a couple of weeks](date_relative)", "in a [couple](date_relative) of weeks"],
    "not understood: first available": [
        "the [first](day_number) available [friday](day_name) in [june](month_name)",
    ],
    "no February 30": [
        "[february](month_name) [thirtieth](day_number)",
    ],
    "no such day": [
        "the [5th](day_number) of [1991](year)",
        "[0](day_number)",
        "the [5th](day_number) of [next](date_relative) year",
        "the [32nd](day_number)",
        "the [31st](day_number) of [this](date_relative) month",
        "[2026-02-30](day_number)",
        "[13/13](day_number)",
        "[0/0](day_number)",
        "the [fifth](day_number) [wednesday](day_name) of [november](month_name) [2026](year)",
        "the [fifth](day_number) [friday](day_name) of [december](month_name)",
        "[11/2/327](day_number)",
    ],
    "not understood: easter": ["easter [weekend](day_name)"],
    "not understood": [
        "labor [day](date_relative) [weekend](day_name)",
        "[friday](day_name) [next](date_relative) month",
        "the [next](date_relative) fortnight",
        "[last](date_relative) the [5th](day_number)",
        "[next](date_relative)",
        "[friday](day_name) [1991](year)",
        "in [9999](date_relative) years",
        "[friday](day_name) [after](date_relative) [may](month_name)",
        "the [weekend](day_name) of [december](month_name)",
        "the [last](date_relative) week of [december](month_name)",
        "[last](date_relative) [december](month_name) [5](day_number)",
    ],
    "not understood: 0": [
        "[november](month_name) [2](day_number) [0](year)",
    ],
    "not understood: 11/2/3/4": [
        "[11/2/3/4](day_number)",
    ],
    "not understood: 327": [
        "[november](month_name) [2](day_number) [327](year)",
    ],
    "not understood: 99999": [
        "[99999](day_number)",
    ],
    "not understood: after": [
        "the [same](date_relative) [friday](day_name) [after](date_relative) [december](month_name) [4](day_number)",
    ],
    "not understood: between": [
        "[between](date_relative)",
    ],
    "not understood: christmas": [
        "[christmas](day_name)",
        "the [saturday](day_name) before christmas",
        "[two](date_relative) days before christmas",
    ],
    "not understood: new year": ["the [friday](day_name) before new year"],
    # what the tagger left out beside them
    "not understood: 7": ["7-[10](day_number) [december](month_name)", "7 to the [10th](day_number)"],
    "not understood: 3": ["[january](month_name) 3 '27"],
    "not understood: seven": ["the [third](day_number) of [january](month_name) [twenty twenty](year) seven"],
    "not understood: summer": [
        "[summer](date_relative)",
    ],
    "not understood: taipei": [
        "[Taipei](day_name)",
    ],
    "not understood: thanksgiving": [
        "the [friday](day_name) [after](date_relative) [thanksgiving](day_name)",
        "the [friday](day_name) [after](date_relative) thanksgiving",
    ],
    "not understood: weekday": [
        "[weekday](day_name)",
    ],
    "relative to a date that the sentence does not give": [
        "the [same](date_relative)",
        "the [same](date_relative) week",
        "the [day](date_relative)",
        "the [following](date_relative) day",
        "the [last](date_relative) day",
        "[the following day](date_relative)",
        "[the next day](date_relative)",
        "on the [same](date_relative) day",
        "the same [day](date_relative)",
        "[two](date_relative) days later",
        "the [friday](day_name) [before](date_relative)",
    ],
    "which days of the month?": [
        "the [second](day_number) weekend of [may](month_name)",
        "the last weekend of [june](month_name)",
        "in the first half of [june](month_name)",
        "the [second](day_number) [monday](day_name) of [2027](year)",
        "the [first](day_number) [monday](day_name) of [next](date_relative) week",
        "the [first](day_number) [weekend](day_name) of [december](month_name)",
        "the [third](day_number) week of [december](month_name)",
        "the [second](day_number) week",
        "the [first](day_number) half of [may](month_name)",
        "the [first](day_number) [half](depart_time.time) of [may](month_name)",
        "[friday](day_name) the [second](day_number) week of [december](month_name)",
    ],
    "which Friday of the month?": ["any [friday](day_name) in [june](month_name)"],
    "which Tuesday of the month?": ["[tuesday](day_name) [october](month_name)"],
    "which week?": [
        "the week of [june](month_name)",
        "[friday](day_name) the week [after](date_relative)",
        "[friday](day_name), [december](month_name) [4](day_number) week",
        "the week of [december](month_name)",
    ],
}

# No value, but readings.
NULL = {
    # the next one, or that of next week?
    "null 2026-11-20 2026-11-27": [
        "[next](date_relative) [friday](day_name)",
        "[friday](day_name) [next](date_relative)",
        "the day after [next](date_relative) [thursday](day_name)",
    ],
    "null 2026-12-12 2026-12-15": [
        "check in [december](month_name) [12](day_number) check out [december](month_name) [15](day_number)"
    ],
    "null 2026-11-20 2026-11-21": [
        "[friday](day_name) uh [saturday](day_name)",
        "pick it up on [friday](day_name) and drop it on [saturday](day_name)",
    ],
    "null 2026-11-22 2026-11-29": ["[next](date_relative) [sunday](day_name)"],
    "null 2026-11-27 2026-12-04": ["[friday](day_name) after [next](date_relative)"],
    "after null 2026-11-19 2026-11-26": ["[after](date_relative) [next](date_relative) [thursday](day_name)"],
    "null 2026-11-21/2026-11-22 2026-11-28/2026-11-29": ["[next](date_relative) [weekend](day_name)"],
    "null 2026-11-28/2026-11-29 2026-12-05/2026-12-06": ["the [weekend](day_name) after [next](date_relative)"],
    "null 2026-12-01/2026-12-31 2027-12-01/2027-12-31": ["[next](date_relative) [december](month_name)"],
    "null 2026-12-05 2027-12-05": ["[next](date_relative) [december](month_name) [5](day_number)"],
    "null 2026-11-06 2026-12-04": ["the [first](day_number) [friday](day_name) of the month"],
    "before null 2026-11-27 2026-11-29": ["by the end of [next](date_relative) week"],
    # the day is not that weekday: which one is wrong?
    "null 2027-11-03 2027-11-05": [
        "[friday](day_name), [november](month_name) [3rd](day_number)",
        "[friday](day_name) [11/3](day_number)",
    ],
    "null 2026-11-19 2026-11-20": ["[tomorrow](today_relative), [friday](day_name)"],
    "null 2026-11-19 2026-12-05": ["[tomorrow](today_relative) the [5th](day_number)"],
    # the first has no value: then there is none, but all readings
    "null 2026-11-20": ["[february](month_name) [thirtieth](day_number) or [friday](day_name)"],
}


@pytest.mark.parametrize(("expected", "phrase"), [(v, p) for v, phrases in (TABLE | NULL).items() for p in phrases])
def test_dates(expected: str, phrase: str) -> None:
    assert brief(departure("date", phrase)) == expected


@pytest.mark.parametrize(("note", "phrase"), [(note, p) for note, phrases in NO_VALUE.items() for p in phrases])
def test_what_has_no_value(note: str, phrase: str) -> None:
    value = departure("date", phrase)
    assert (brief(value), value.note) == ("null", note)


@pytest.mark.parametrize(
    ("clock", "phrase", "expected"),
    [
        (FRIDAY, "[friday](day_name)", "2026-11-20"),
        (FRIDAY, "[this](date_relative) [friday](day_name)", "2026-11-20"),
        (FRIDAY, "[next](date_relative) [friday](day_name)", "2026-11-27"),
        (FRIDAY, "[friday](day_name) [next](date_relative) week", "2026-11-27"),
        (FRIDAY, "[friday](day_name) [this](date_relative) week", "2026-11-20"),
        (FRIDAY, "[monday](day_name) [this](date_relative) week", "2026-11-16"),  # what it says, with a note
        (FRIDAY, "[next](date_relative) [monday](day_name)", "2026-11-23"),
        (FRIDAY, "the [19th](day_number)", "2026-12-19"),
        (FRIDAY, "[november](month_name) [19](day_number)", "2027-11-19"),
        (FRIDAY, "[November](month_name) [2nd](day_number)", "2027-11-02"),
        (datetime(2026, 11, 21), "[this](date_relative) [weekend](day_name)", "2026-11-21/2026-11-22"),
        (datetime(2026, 11, 22), "[this](date_relative) [weekend](day_name)", "2026-11-21/2026-11-22"),
        (datetime(2026, 11, 22), "[this](date_relative) [sunday](day_name)", "2026-11-22"),
        (datetime(2026, 11, 22), "[next](date_relative) week", "2026-11-23 week"),
        (LATE, "[today](today_relative)", "2026-11-18"),
        (LATE, "[tomorrow](today_relative)", "2026-11-19"),
        (LATE, "[wednesday](day_name)", "2026-11-18"),
        (LATE, "[november](month_name) [18](day_number)", "2026-11-18"),
        (NEW_YEARS_EVE, "[tomorrow](today_relative)", "2027-01-01"),
        (NEW_YEARS_EVE, "[day after tomorrow](today_relative)", "2027-01-02"),
        (NEW_YEARS_EVE, "[january](month_name) [first](day_number)", "2027-01-01"),
        (NEW_YEARS_EVE, "[december](month_name) [31](day_number)", "2026-12-31"),
        (NEW_YEARS_EVE, "[december](month_name) [30](day_number)", "2027-12-30"),
        (NEW_YEARS_EVE, "the [1st](day_number)", "2027-01-01"),
        (NEW_YEARS_EVE, "the [31st](day_number)", "2026-12-31"),
        (NEW_YEARS_EVE, "the [30th](day_number)", "2027-01-30"),
        (NEW_YEARS_EVE, "[monday](day_name)", "2027-01-04"),
        (NEW_YEARS_EVE, "[next](date_relative) month", "2027-01-01 month"),
        (NEW_YEARS_EVE, "in [december](month_name)", "2026-12-01 month"),
        (NEW_YEARS_EVE, "[next](date_relative) [december](month_name)", "2027-12-01 month"),
        (NEW_YEARS_EVE, "the [31st](day_number) of [next](date_relative) month", "2027-01-31"),
        (NEW_YEARS_EVE, "in [two](date_relative) months", "2027-02-28"),
        (FEBRUARY_28, "[tomorrow](today_relative)", "2027-03-01"),
        (FEBRUARY_28, "the [29th](day_number)", "2027-03-29"),
        (FEBRUARY_28, "[february](month_name) [29](day_number)", "2028-02-29"),
        (FEBRUARY_28, "[february](month_name) [28](day_number)", "2027-02-28"),
        (FEBRUARY_28, "in [one](date_relative) year", "2028-02-28"),
        (LEAP_FEBRUARY_28, "[tomorrow](today_relative)", "2028-02-29"),
        (LEAP_FEBRUARY_28, "the [29th](day_number)", "2028-02-29"),
        (LEAP_FEBRUARY_28, "the [30th](day_number)", "2028-03-30"),
        (LEAP_FEBRUARY_28, "[february](month_name) [29](day_number)", "2028-02-29"),
        (LEAP_FEBRUARY_28, "a year from [tomorrow](today_relative)", "2029-02-28"),
        (LEAP_FEBRUARY_28, "[february](month_name) [thirtieth](day_number)", "null"),
        (datetime(2028, 3, 1), "[february](month_name) [29](day_number)", "2032-02-29"),
        (datetime(2097, 1, 1), "[february](month_name) [29](day_number)", "2104-02-29"),  # 2100 is no leap year
        (datetime(9999, 12, 31), "[tomorrow](today_relative)", "null"),
        (datetime(9999, 12, 31), "in [december](month_name)", "9999-12-01 month"),
    ],
)  # fmt: skip
def test_dates_by_the_clock(clock: datetime, phrase: str, expected: str) -> None:
    assert brief(departure("date", phrase, clock=clock)) == expected


@pytest.mark.parametrize(
    ("order", "phrase", "expected", "note"),
    [
        ("mdy", "[11/2](day_number)", "2027-11-02", "read as month/day; as day/month it is 2027-02-11"),
        ("dmy", "[11/2](day_number)", "2027-02-11", "read as day/month; as month/day it is 2027-11-02"),
        ("mdy", "[27/5](day_number)", "2027-05-27", "read as day/month"),
        ("dmy", "[27/5](day_number)", "2027-05-27", None),
        ("mdy", "[5/5](day_number)", "2027-05-05", None),
        ("mdy", "[11.2.2027](day_number)", "2027-02-11", "read as day/month; as month/day it is 2027-11-02"),
        ("dmy", "[2027-11-02](day_number)", "2027-11-02", None),
    ],
)
def test_the_order_of_numbers(order: str, phrase: str, expected: str, note: str | None) -> None:
    value = departure("date", phrase, date_order=order)
    assert (value.value, value.note) == (expected, note)


@pytest.mark.parametrize(
    ("phrase", "note"),
    [
        ("[friday](day_name), [november](month_name) [3rd](day_number)", "2027-11-03 is a Wednesday, not a Friday"),
        ("[february](month_name) [thirtieth](day_number)", "no February 30"),
        ("[february](month_name) [29](day_number) [2027](year)", "no February 29 in 2027"),
        ("[tuesdays](day_name)", "every Tuesday; this is the first"),
        ("[friday](day_name) the [13th](day_number)", "the next one, 2026-12-13, is a Sunday"),
        ("the [1st](day_number) of [this](date_relative) month", "before the clock's day"),
        ("[christmas](day_name)", "not understood: christmas"),
        ("mid [december](month_name)", "only its middle"),
        ("[mid](date_relative) [december](month_name)", "only its middle"),
        ("[mid-December](month_name)", "only its middle"),
        ("[early](depart_time.period_mod) [june](month_name)", "only its beginning"),
        ("[late](date_relative) [next](date_relative) month", "only its end"),
        ("end of [march](month_name)", "only its end"),
        ("the [first](day_number) available day in [june](month_name)", "only its first available day"),
        ("the first available day in [june](month_name)", "only its first available day"),
        ("the [earliest](date_relative) possible date in [june](month_name)", "only its first available day"),
        ("the [last](date_relative) available day of [june](month_name)", "only its last available day"),
        ("before mid [june](month_name)", "which days of the month?"),
        ("on a [friday](day_name)", "any Friday; this is the first"),
        ("any [friday](day_name)", "any Friday; this is the first"),
        ("on a [friday](day_name) flight", None),
        ("[next](date_relative) [friday](day_name)", "the first one, or that of the week after?"),
        ("[next](date_relative) [friday](day_name) to [sunday](day_name)", "the first one, or that of the week after?"),
        ("by the end of [next](date_relative) week", "friday or sunday?"),
        ("within the [next](date_relative) week", "not understood"),
        ("[tuesday](day_name) in two weeks", "not understood"),
        ("the [next day](date_relative)", "relative to a date that the sentence does not give"),
    ],
)
def test_notes(phrase: str, note: str | None) -> None:
    assert departure("date", phrase).note == note


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("leave on [November](month_name) [2nd](day_number) please", "November 2nd"),
        ("the [2nd](day_number) of [November](month_name), [2027](year).", "2nd of November, 2027"),
        ("any day [next](date_relative) week please", "next week"),
        ("in [two](date_relative) weeks please", "in two weeks"),
        ("a week from [friday](day_name)", "a week from friday"),
        ("on [friday](day_name) [or](or) on [saturday](day_name) then", "friday or on saturday"),
        ("not [before](date_relative) [friday](day_name)", "not before friday"),
        ("from [friday](day_name) in two planes", "friday"),
        ("a trip coming up on [friday](day_name)", "friday"),
        ("going up to boston on [friday](day_name)", "friday"),
        ("up to [friday](day_name) or so", "up to friday"),
        ("book 2 seats, [next](date_relative) [friday](day_name) for two weeks", "next friday"),
        ("  [TOMORROW](today_relative)  ", "TOMORROW"),
    ],
)
def test_the_text_is_where_the_value_came_from(phrase: str, text: str) -> None:
    assert departure("date", phrase).text == text


# --- a trip: nobody returns before leaving ---------------------------------------------------------


@pytest.mark.parametrize(
    ("leave", "back", "expected"),
    [
        ("[friday](day_name)", "[the following day](date_relative)", "2026-11-21"),
        ("[friday](day_name)", "the [next](date_relative) day", "2026-11-21"),
        ("[friday](day_name)", "on the same [day](date_relative)", "2026-11-20"),
        ("[friday](day_name)", "[two](date_relative) days later", "2026-11-22"),
        ("[friday](day_name)", "the [following](date_relative) [friday](day_name)", "2026-11-27"),
        ("[friday](day_name)", "[thursday](day_name)", "2026-11-26"),
        ("[friday](day_name)", "the [19th](day_number)", "2026-12-19"),
        ("[december](month_name) [28](day_number)", "[january](month_name) [3](day_number)", "2027-01-03"),
        ("[friday](day_name)", "[friday](day_name)", "2026-11-20"),
        # where from today it would be before the departure, `in two weeks` counts from the departure
        ("[january](month_name) [fifth](day_number)", "in [one](date_relative) week", "2027-01-12"),
        ("[april](month_name) [2](day_number)", "in [two weeks](date_relative)", "2027-04-16"),
        ("[april](month_name) [2](day_number)", "within [ten](date_relative) days", "before 2027-04-12"),
        ("[friday](day_name)", "in [two](date_relative) weeks", "2026-12-02"),
        ("in [april](month_name)", "in [two](date_relative) weeks", "null 2026-12-02"),
        # what is said of today's calendar is not moved, but cannot be
        ("[friday](day_name)", "[tomorrow](today_relative)", "null 2026-11-19"),
        ("[december](month_name) [28](day_number)", "[next](date_relative) [friday](day_name)", "null 2026-11-20"),
        ("[december](month_name) [28](day_number)", "[december](month_name) [20](day_number)", "null"),
        # a departure that is not one sure day says nothing of the return
        ("[friday](day_name) or [saturday](day_name)", "[the next day](date_relative)", "null"),
        ("[friday](day_name) or [saturday](day_name)", "[sunday](day_name)", "2026-11-22"),
        # ... but before the first of its days nobody returns
        ("[friday](day_name) or [saturday](day_name)", "[thursday](day_name)", "null 2026-11-19"),
        ("[next](date_relative) week", "[friday](day_name)", "null 2026-11-20"),
        ("[next](date_relative) week", "[this](date_relative) week", "null 2026-11-16/2026-11-22"),
        ("[after](date_relative) [friday](day_name)", "[thursday](day_name)", "null 2026-11-19"),
        ("[before](date_relative) [friday](day_name)", "[thursday](day_name)", "null 2026-11-19 2026-11-26"),
        ("[around](date_relative) the [10th](day_number)", "the [5th](day_number)", "null 2026-12-05 2027-01-05"),
        # ... nor does one that is not known
        ("[christmas](day_name)", "[monday](day_name)", "null 2026-11-23"),
        ("[christmas](day_name)", "[december](month_name) [28](day_number)", "2026-12-28"),
        ("[friday](day_name)", "[this](date_relative) week", "2026-11-16 week"),
        # the next friday is not the one that was just named
        ("[friday](day_name)", "the [next](date_relative) [friday](day_name)", "2026-11-27"),
        ("[friday](day_name)", "[next](date_relative) [saturday](day_name)", "null 2026-11-21 2026-11-28"),
        ("[monday](day_name)", "[next](date_relative) [friday](day_name)", "2026-11-27"),
        ("[friday](day_name)", "the [friday](day_name) [after](date_relative)", "null"),
    ],
)
def test_the_return_comes_after_the_departure(leave: str, back: str, expected: str) -> None:
    leave, back = leave.replace("](", "](depart_date."), back.replace("](", "](return_date.")
    assert brief(frame(f"leave {leave} and return {back}").return_.date) == expected
    assert brief(frame(f"return {back}, having left {leave}").return_.date) == expected


def test_a_return_says_that_it_counts_from_the_departure() -> None:
    leave = "leave on [April](depart_date.month_name) [2](depart_date.day_number)"
    back = "back in [two weeks](return_date.date_relative)"
    value = known(frame(f"{leave}, {back}").return_.date)
    assert (value.value, value.note) == ("2027-04-16", "counted from the departure")
    alone = known(frame(f"i will be {back}").return_.date)
    assert (alone.value, alone.note) == ("2026-12-02", None)


def test_a_day_takes_the_month_from_the_last_day_of_the_stay() -> None:
    for joint in ("-", " to "):
        trip = frame(f"[08](depart_date.day_number){joint}[15JAN](return_date.day_number)")
        assert [brief(trip.departure.date), brief(trip.return_.date)] == ["2027-01-08", "2027-01-15"]


def test_the_arrival_comes_after_a_departure_that_is_named_first() -> None:
    there = frame("leave [friday](depart_date.day_name), be there [thursday](arrive_date.day_name)")
    assert brief(there.arrival.date) == "2026-11-26"
    # `be there thursday, leave again friday`: the departure is another trip's
    again = frame("be there [thursday](arrive_date.day_name), leave again [friday](depart_date.day_name)")
    assert brief(again.arrival.date) == "2026-11-19"


# --- properties ------------------------------------------------------------------------------------

DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))
CLOCKS = st.datetimes(datetime(1990, 1, 1), datetime(2090, 12, 31))
_UNITS = ("zero", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
_TEENS = (
    *("tenth", "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth"),
    *("eighteenth", "nineteenth"),
)


def ordinal_word(number: int) -> str:
    if number < 20:
        return (_UNITS + _TEENS)[number]
    tens, unit = divmod(number, 10)
    return f"{('twenty', 'thirty')[tens - 2]} {_UNITS[unit]}" if unit else ("twentieth", "thirtieth")[tens - 2]


def ordinal(number: int) -> str:
    suffix = "th" if 10 < number < 14 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{suffix}"


def styles(day: date) -> list[str]:
    """A date with its year in every style."""
    month, short = MONTHS[day.month - 1], MONTHS[day.month - 1][:3].title()
    weekday = DAY_NAMES[day.weekday()]
    return [
        f"[{day.isoformat()}](day_number)",
        f"[{day.day:02}.{day.month:02}.{day.year}](day_number)",
        f"[{day.month}/{day.day}/{day.year}](day_number)",
        f"[{month}](month_name) [{ordinal_word(day.day)}](day_number) [{day.year}](year)",
        f"[{month.upper()}](month_name) [{day.day}](day_number), [{day.year}](year)",
        f"the [{ordinal(day.day)}](day_number) of [{month}](month_name) [{day.year}](year)",
        f"[{day.day}](day_number) [{short}](month_name) [{day.year}](year)",
        f"[{short}](month_name). [{day.day}](day_number) [{day.year}](year)",
        f"[{weekday}](day_name), [{month}](month_name) the [{ordinal(day.day)}](day_number), [{day.year}](year)",
    ]


@given(DAYS, CLOCKS)
def test_a_date_with_a_year_is_itself_in_every_style(day: date, clock: datetime) -> None:
    for phrase in styles(day):
        value = departure("date", phrase, clock=clock)
        assert (value.value, value.grain, value.to, value.alternatives) == (day.isoformat(), "day", None, ()), phrase


@given(CLOCKS, st.integers(0, 364))
def test_a_date_without_a_year_is_the_first_from_the_clock_on(clock: datetime, ahead: int) -> None:
    day = clock.date() + timedelta(ahead)
    if (day.month, day.day) == (2, 29):
        return  # in a table above
    month = MONTHS[day.month - 1]
    for phrase in (
        f"[{month}](month_name) [{ordinal_word(day.day)}](day_number)",
        f"the [{ordinal(day.day)}](day_number) of [{month}](month_name)",
        f"[{day.month}/{day.day}](day_number)",
    ):
        assert departure("date", phrase, clock=clock).value == day.isoformat()


@given(CLOCKS, st.integers(0, 6))
def test_a_weekday_is_within_a_week(clock: datetime, weekday: int) -> None:
    today, name = clock.date(), DAY_NAMES[weekday]
    plain = date.fromisoformat(departure("date", f"[{name}](day_name)", clock=clock).value or "")
    coming = date.fromisoformat(
        departure("date", f"[coming](date_relative) [{name}](day_name)", clock=clock).value or ""
    )
    assert plain.weekday() == coming.weekday() == weekday
    assert today <= plain < today + timedelta(7)
    assert today < coming <= today + timedelta(7)


@given(CLOCKS, st.integers(0, 6))
def test_the_next_weekday_has_a_value_only_if_all_would_say_the_same_day(clock: datetime, weekday: int) -> None:
    value = departure("date", f"[next](date_relative) [{DAY_NAMES[weekday]}](day_name)", clock=clock)
    days = [date.fromisoformat(day) for day in ([value.value] if value.value else value.alternatives)]
    assert all(day.weekday() == weekday for day in days)
    assert clock.date() < days[0] <= clock.date() + timedelta(7)
    if value.value:  # it is in another week, whether that begins on Monday or on Sunday
        assert days[0] - timedelta(days[0].weekday()) > clock.date() or days[0] == clock.date() + timedelta(7)
    else:
        assert days == [days[0], days[0] + timedelta(7)]
        assert value.note


@given(CLOCKS, DAYS, st.integers(1, 300))
def test_a_window_is_from_its_first_day_to_its_last(clock: datetime, first: date, length: int) -> None:
    last = first + timedelta(length)
    start, end = (f"[{MONTHS[day.month - 1]}](month_name) [{day.day}](day_number)" for day in (first, last))
    for phrase in (
        f"between {start} and {end} [{last.year}](year)",
        f"any day from {start} to {end} [{last.year}](year)",
    ):
        value = departure("date", phrase, clock=clock)
        assert (value.value, value.to, value.relation) == (first.isoformat(), last.isoformat(), None)


def test_a_written_day_with_letters_after_it_is_none() -> None:
    assert departure("date", "[/ may 24 am at](day_name)").value is None
