"""What a sentence rules out or corrects is never a value. The slots are the gold ones; docs/values.md has the rules."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slotfill.resolvers import context, negation
from slotfill.schema import Leg, PlaceValue
from tests.resolvers.conftest import brief, frame, known

SHORT = {
    "from": "fromloc.city_name",
    "to": "toloc.city_name",
    "via": "stoploc.city_name",
    "state": "toloc.state_name",
    "country": "toloc.country_name",
    "day": "depart_date.day_name",
    "number": "depart_date.day_number",
    "month": "depart_date.month_name",
    "when": "depart_date.today_relative",
    "which": "depart_date.date_relative",
    "time": "depart_time.time",
    "start": "depart_time.start_time",
    "end": "depart_time.end_time",
    "part": "depart_time.period_of_day",
    "limit": "depart_time.time_relative",
    "back": "return_date.day_name",
    "backday": "return_date.day_number",
    "by": "arrive_time.time_relative",
    "at": "arrive_time.time",
}


def markup(phrase: str) -> str:
    """`[Boston](to)` -> `[Boston](toloc.city_name)`."""
    for short, name in SHORT.items():
        phrase = phrase.replace(f"]({short})", f"]({name})")
    return phrase


def values(phrase: str) -> dict[str, str]:
    """Every value of a sentence: `{"arrival.place": "Denver", "departure.date": "2026-11-24"}`."""
    found: dict[str, str] = {}
    for name, leg in frame(markup(phrase)).items():
        for kind, value in leg.items():
            spelt = value.value or "null" if isinstance(value, PlaceValue) else brief(value)
            key = f"{name}.{kind}"
            found[key] = f"{found[key]}, {spelt}" if key in found else spelt
    return found


PLACES = {
    "Austin": [
        "not [Boston](to), [Austin](to)",
        "not [boston](to), i said [austin](to)",
        "no not [Boston](to), [Austin](to)",
        "not to [Boston](to) but to [Austin](to)",
        "[Austin](to), not [Boston](to)",
        "[Austin](to) and not [Boston](to)",
        "i said [Austin](to) not [Boston](to)",
        "i meant [Austin](to), not [Boston](to)",
        "it's not [Boston](to), it's [Austin](to)",
        "it isn't [Boston](to), it's [Austin](to)",
        "to [Boston](to), no wait, to [Austin](to)",
        "to [Boston](to) no wait to [Austin](to)",
        "to [Boston](to), no, to [Austin](to)",
        "to [Boston](to)? No, [Austin](to)",
        "to [Boston](to). No, hang on, [Austin](to)",
        "[Boston](to), I mean [Austin](to)",
        "[Boston](to), sorry, [Austin](to)",
        "[Boston](to), oops, i meant [Austin](to)",
        "[Boston](to) or rather [Austin](to)",
        "[Boston](to), scratch that, [Austin](to)",
        "[Boston](to), correction, [Austin](to)",
        "[Boston](to), actually [Austin](to)",
        "[Boston](to), wait, make that [Austin](to)",
        "to [Austin](to) instead of [Boston](to)",
        "instead of [Boston](to), [Austin](to)",
        "[Austin](to) in place of [Boston](to)",
        "i wanted [Boston](to), let's do [Austin](to) instead",
        "i'd rather go to [Austin](to) than to [Boston](to)",
        "[Austin](to) rather than [Boston](to)",
        "i prefer [Austin](to) over [Boston](to)",
        "i don't want to fly to [Boston](to), i want to fly to [Austin](to)",
        "we are not going to [Boston](to) anymore, we're going to [Austin](to)",
        "[Boston](to) is out, how about [Austin](to)",
        "change my destination from [Boston](to) to [Austin](to)",
        "replace [Boston](to) with [Austin](to)",
        "i don't want [Boston](to) and i don't want [Denver](to), i want [Austin](to)",
    ],
    "null": [
        "anywhere except [Paris](to)",
        "anywhere except for [Paris](to)",
        "anywhere but [Paris](to)",
        "any city other than [Paris](to)",
        "every city excluding [Paris](to)",
        "everywhere apart from [Paris](to)",
        "i don't want to fly to [paris](to)",
        "I don’t want to fly to [Paris](to)",
        "i do not want to go to [Paris](to)",
        "i dont wanna go to [Paris](to)",
        "i won't go to [Paris](to)",
        "i'm not flying to [Paris](to)",
        "i'd rather not go to [Paris](to)",
        "i no longer want to fly to [Paris](to)",
        "never to [Paris](to)",
        "please not [Paris](to)",
        "neither [Paris](to) nor [Rome](to)",
        "not [Paris](to) or [Rome](to)",
        "don't send me to [Paris](to), [Rome](to) or [Nice](to)",
        "we don't need to go to [Paris](to)",
        "i didn't say [Paris](to)",
        "[Boston](to) or [Denver](to), no, [Austin](to)",  # instead of which?
    ],
    # words like these rule nothing out
    "Paris": [
        "why not [Paris](to)?",
        "not only [Paris](to)",
        "i can't find a flight to [Paris](to)",
        "don't you fly to [Paris](to)?",
        "doesn't united fly to [Paris](to)?",
        "i can't wait to see [Paris](to)",
        "don't forget that i go to [Paris](to)",
        "i don't know, [Paris](to)",
        "i don't mind, [Paris](to) is fine",
        "no problem, [Paris](to)",
        "no, [Paris](to)",
        "sorry, to [Paris](to)",
        "i mean [Paris](to)",
        "nothing but [Paris](to)",
        "i want to make it to [Paris](to)",
        "are there no flights to [Paris](to)?",
        "i'm not sure, maybe [Paris](to)",
        "cheap but fast to [Paris](to)",
        "i have no bags, going to [Paris](to)",
        "change planes on the way to [Paris](to)",
    ],
    "London": [
        "to [London](to), [Ontario](state), not [London](to), [England](state)",
        "not [London](to), [England](state) but [London](to), [Ontario](state)",
    ],
    "France": [
        "anywhere in [France](country) except [Paris](to)",
        "apart from [Paris](to) anywhere in [France](country)",
    ],
}
DATES = {
    "2026-11-24": [
        "change it from [monday](day) to [tuesday](day)",
        "change my flight from [monday](day) to [tuesday](day)",
        "can you move my trip to [Rome](to) from [monday](day) to [tuesday](day)?",
        "move [monday](day)'s flight to [tuesday](day)",
        "switch [monday](day) to [tuesday](day)",
        "leave [monday](day), change that to [tuesday](day)",
        "leave [monday](day), make it [tuesday](day)",
        "not [monday](day) but [tuesday](day)",
        "um not [monday](day) uh [tuesday](day)",
        "[monday](day) doesn't work, [tuesday](day) does",
        "i can't do [monday](day), i can do [tuesday](day)",
        "i can't leave on [monday](day) but on [tuesday](day)",
        "the [monday](day) flight doesn't work, [tuesday](day) does",
        "[monday](day) is a bit too early, [tuesday](day) please",
        "bring it forward from [thursday](day) to [tuesday](day)",
        "rebook me from [monday](day) to [tuesday](day)",
    ],
    "null 2026-11-23 2026-11-24": ["if [monday](day) is too early then [tuesday](day)"],
    "2026-11-21": [
        "instead of [friday](day), [saturday](day)",
        "[saturday](day) instead of [friday](day)",
        "not [friday](day) the [20th](number) but [saturday](day) the [21st](number)",
        "not [friday](day), [november](month) [20](number), but [november](month) [21](number)",
        "leave [friday](day), oh wait, [saturday](day)",
    ],
    "2026-12-06": [
        "make it the [6th](number) instead of the [5th](number)",
        "no i said the [6th](number) not the [5th](number)",
        "the [5th](number), no, the [6th](number)",
        "reschedule from the [5th](number) to the [6th](number) of [december](month)",
    ],
    "2026-11-19": ["not [today](when) but [tomorrow](when)", "not [tonight](when), [tomorrow](when)"],
    # the month that both share
    "2027-06-05": ["the [5th](number), not the [4th](number) of [june](month)"],
    "2027-06-06": ["[june](month) [5](number), actually make that the [6th](number)"],
    "2026-11-23 week": [
        "any day [next](which) week except [sunday](day)",
        "[next](which) week but not on [friday](day)",
    ],
    "2027-06-01 month": ["in [june](month), just not the [5th](number)"],
    "2026-11-20 | 2026-11-20 | 2026-11-21": [
        "[friday](day) or [saturday](day) but not [sunday](day)",
        "i'm not sure if [friday](day) or [saturday](day)",
        "[friday](day) if possible, if not [saturday](day)",
    ],
    "null": [
        "any day except [sunday](day)",
        "any day but [sunday](day)",
        "any day except [friday](day) or [saturday](day)",
        "every day except [mondays](day)",
        "not on [monday](day) or [tuesday](day)",
        "don't want [monday](day), [tuesday](day) or [wednesday](day)",
        "not between [monday](day) and [friday](day)",
        "i can't leave on the [5th](number) of [june](month)",
        "[monday](day) to [friday](day), no, [thursday](day)",
    ],
    # a limit
    "after 2026-11-20": [
        "not [before](which) [friday](day)",
        "i can't leave before [friday](day)",
        "i don't want to leave [until](which) [friday](day)",
    ],
    "before 2026-11-20": ["i don't want to leave [after](which) [friday](day)"],
}
TIMES = {
    "17:00": [
        "at [6](time), sorry, [5 pm](time)",
        "sorry, [5 pm](time)",
        "[5 pm](time), not [6 pm](time)",
        "[6 pm](time) or rather [5 pm](time)",
        "change it from [6 pm](time) to [5 pm](time)",
        "the [6 pm](time) is too late, something at [5 pm](time)",
        "the [6 pm](time) flight would be too late, [5 pm](time) is better",
    ],
    "18:00/22:00": ["in the [evening](part), not in the [morning](part)"],
    "after 09:00": [
        "not [before](limit) [9 am](time)",
        "i don't want to leave [before](limit) [9 am](time)",
        "i'd prefer not to leave [before](limit) [9 am](time)",
        "no flights [before](limit) [9 am](time)",
        "never [before](limit) [9 am](time)",
        "any time except [before](limit) [9 am](time)",
        "i won't leave [earlier than](limit) [9 am](time)",
        "nothing [before](limit) [9 am](time)",
        "nothing that leaves [before](limit) [9 am](time) please",
        "nothing [earlier](limit) than [9 am](time)",
        "we don't want to leave [earlier](limit) than [9 am](time)",
    ],
    "before 09:00": ["is there nothing [before](limit) [9 am](time)?"],
    "after null 09:00 21:00": ["not [before](limit) [9](time)", "i can't leave [before](limit) [9](time)"],
    "before 20:00": [
        "she cannot start [after](limit) [8 pm](time)",
        "no [later than](limit) [8 pm](time)",
        "nothing [after](limit) [8 pm](time)",
    ],
    "null": [
        "any time except between [2](start) and [5 pm](end)",
        "i don't want to leave between [2](start) and [5 pm](end)",
        "not in the [morning](part)",
        "not too early in the [morning](part)",
        "we don't need to be gone [before](limit) [noon](time)",
        "between [2](start) and [5 pm](end), sorry, [6 pm](time)",  # is that the end?
    ],
}
SEVERAL = {
    "from [Austin](from), not [Boston](from), to [Denver](to), not [Dallas](to)": {
        "departure.place": "Austin",
        "arrival.place": "Denver",
    },
    "from [Boston](from) on [friday](day), no wait, from [Austin](from) on [saturday](day)": {
        "departure.place": "Austin",
        "departure.date": "2026-11-21",
    },
    "not to [Boston](to) on [friday](day) but to [Denver](to) on [saturday](day)": {
        "arrival.place": "Denver",
        "departure.date": "2026-11-21",
    },
    "i don't want to fly to [Paris](to) on [friday](day) but on [saturday](day)": {
        "arrival.place": "Paris",
        "departure.date": "2026-11-21",
    },
    "i want [Paris](to) not [London](to) on [friday](day) at [5 pm](time)": {
        "arrival.place": "Paris",
        "departure.date": "2026-11-20",
        "departure.time": "17:00",
    },
    "to [Denver](to), but not [friday](day) [morning](part)": {
        "arrival.place": "Denver",
        "departure.date": "null",
        "departure.time": "null",
    },
    "move my [5 pm](time) flight on [saturday](day) to [sunday](day) at [noon](time)": {
        "departure.date": "2026-11-22",
        "departure.time": "12:00",
    },
    "reschedule [monday](day)'s [9 am](time) flight to [wednesday](day) at [3 pm](time)": {
        "departure.date": "2026-11-18",
        "departure.time": "15:00",
    },
    "any day [after](which) the [15th](number) but [before](which) the [20th](number)": {
        "departure.date": "after 2026-12-15 | 2026-12-15/.. | ../2026-12-20",
    },
    # the tagger takes them for a departure and a return
    "rebook me from the [10th](number) to the [12th](backday)": {
        "departure.date": "null",
        "return.date": "2026-12-12",
    },
    # which of the two places is meant by the third? the tagger takes it for a departure
    "from [Boston](from) to [Denver](to) no wait [Austin](from)": {
        "departure.place": "null",
        "arrival.place": "null",
    },
    "from [Boston](from) to [Denver](to), no, from [Austin](from)": {
        "departure.place": "Austin",
        "arrival.place": "Denver",
    },
    "[friday](day), but not in the [morning](part)": {"departure.date": "2026-11-20", "departure.time": "null"},
    "we can't leave [Toulouse](from) before [friday](day)": {
        "departure.place": "Toulouse",
        "departure.date": "after 2026-11-20",
    },
    "i don't want to arrive [after](by) [6 pm](at)": {"arrival.time": "before 18:00"},
    "leave [friday](day) not [thursday](day), back [sunday](back) not [monday](back)": {
        "departure.date": "2026-11-20",
        "return.date": "2026-11-22",
    },
    "not on [friday](day) [before](limit) [9 am](time)": {"departure.date": "null", "departure.time": "null"},
    # stops
    "avoid [Chicago](via)": {"stop.place": "null"},
    "don't fly via [Chicago](via)": {"stop.place": "null"},
    "no stops in [Chicago](via) please": {"stop.place": "null"},
    "to [Denver](to) without stopping in [Chicago](via)": {"arrival.place": "Denver", "stop.place": "null"},
    "i hate flying via [Chicago](via)": {"stop.place": "null"},
    "do not go through [Chicago](via) or [Dallas](via)": {"stop.place": "null"},
    "via [Dallas](via), not [Chicago](via)": {"stop.place": "Dallas"},
    "not via [Chicago](via) but via [Dallas](via) and [Denver](via)": {"stop.place": "Dallas, Denver"},
    "via [Chicago](via), no sorry, via [Dallas](via)": {"stop.place": "Dallas"},
}


def rows(table: dict[str, list[str]]) -> list[tuple[str, str]]:
    return [(expected, phrase) for expected, phrases in table.items() for phrase in phrases]


@pytest.mark.parametrize(("expected", "phrase"), rows(PLACES))
def test_places(expected: str, phrase: str) -> None:
    assert values(phrase) == {"arrival.place": expected}


@pytest.mark.parametrize(("expected", "phrase"), rows(DATES))
def test_dates(expected: str, phrase: str) -> None:
    assert values(phrase)["departure.date"] == expected


@pytest.mark.parametrize(("expected", "phrase"), rows(TIMES))
def test_times(expected: str, phrase: str) -> None:
    assert values(phrase) == {"departure.time": expected}


@pytest.mark.parametrize(("phrase", "expected"), SEVERAL.items())
def test_several(phrase: str, expected: dict[str, str]) -> None:
    assert values(phrase) == expected


@pytest.mark.parametrize(
    ("phrase", "text", "note"),
    [
        ("not [Boston](to), [Denver](to)", "Boston, Denver", "ruled out: Boston"),
        ("anywhere but [Paris](to)", "Paris", "ruled out: Paris"),
        (
            "not [Portland](to), [Maine](state) but [Denver](to)",
            "Portland, Maine but Denver",
            "ruled out: Portland, Maine",
        ),
        ("[Denver](to), not [Rome](to) or [Paris](to)", "Denver, not Rome or Paris", "ruled out: Rome, Paris"),
    ],
)
def test_the_note_names_what_is_ruled_out(phrase: str, text: str, note: str) -> None:
    place = known(frame(markup(phrase)).arrival.place)
    assert (place.text, place.note) == (text, note)
    assert place.slots == tuple(range(phrase.count("](")))


def test_notes_of_dates_and_times() -> None:
    leg = frame(markup("[tuesdays](day) not [monday](day) at [6](time) not [7](time)")).departure
    assert known(leg.date).note == "every Tuesday; this is the first; ruled out: monday"
    assert known(leg.time).note == "morning or afternoon?; ruled out: 7"
    doubtful = frame(markup("[monday](day) to [friday](day), no, [thursday](day)")).departure.date
    assert known(doubtful).note == "unclear what is ruled out: monday, friday, thursday"


def test_a_stop_that_is_ruled_out_belongs_to_the_one_before_it() -> None:
    stops = frame(markup("via [Dallas](via) and [Denver](via) but not [Chicago](via)")).stops
    assert [known(stop.place).slots for stop in stops] == [(0,), (1, 2)]
    assert known(stops[1].place).note == "ruled out: Chicago"


def test_what_is_tonight_is_no_time_if_it_is_ruled_out() -> None:
    assert frame(markup("not [tonight](when)")).departure == Leg(
        date=frame(markup("not [tonight](when)")).departure.date
    )


def test_every_cue_is_looked_for() -> None:
    assert negation._CUES.keys() <= context.CUES


# --- properties ------------------------------------------------------------------------------------

CITIES = ("Boston", "Denver", "Rome", "Oslo")
DAYS = {"monday": "2026-11-23", "tuesday": "2026-11-24", "friday": "2026-11-20", "sunday": "2026-11-22"}
SCHEMES = (
    "not {0} but {1}",
    "{1}, not {0}",
    "instead of {0}, {1}",
    "{0}, no wait, {1}",
    "{0}, i mean {1}",
    "change it from {0} to {1}",
    "i don't want {0}, i want {1}",
    "{1} rather than {0}",
    "{0} is out, how about {1}",
)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_value_is_what_remains(scheme: str) -> None:
    for out, left in product(CITIES, CITIES):
        if out != left:
            found = frame(markup(scheme.format(f"[{out}](to)", f"[{left}](to)"))).arrival.place
            assert known(found).value == left
            assert all(other.value == left for other in known(found).alternatives)
    for out, left in product(DAYS, DAYS):
        if out != left:
            found_date = known(frame(markup(scheme.format(f"[{out}](day)", f"[{left}](day)"))).departure.date)
            assert (found_date.value, found_date.to, found_date.alternatives) == (DAYS[left], None, ())


_CUE = st.sampled_from([*sorted(context.CUES), "i", "we", "of", "for", ",", "or", "and", "but", "to", "not", "no", "."])
_SLOT = st.sampled_from(
    [f"[{city}]({role})" for city in CITIES for role in ("from", "to", "via")]
    + [f"[{day}](day)" for day in DAYS]
    + [
        "[before](limit)",
        "[9 am](time)",
        "[5](time)",
        "[morning](part)",
        "[june](month)",
        "[5th](number)",
        "[next](which)",
    ]
)


@given(st.lists(st.one_of(_CUE, _SLOT), min_size=1, max_size=14))
def test_any_cues_around_any_slots(words: list[str]) -> None:
    found = frame(markup(" ".join(words)))
    assert found == frame(markup(" ".join(words)))
    frames = (found, *found.legs)
    numbers = [n for one in frames for _, leg in one.items() for _, value in leg.items() for n in value.slots]
    assert sorted({*numbers}) == [*range(sum(word.startswith("[") for word in words))]
