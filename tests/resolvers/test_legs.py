"""Which slots belong to which leg of a trip, and what is no second leg."""

from datetime import datetime

import pytest

from slotfill.readers import parse_markup
from slotfill.resolvers.abstention import only_sure
from slotfill.resolvers.frame import frame_of, without
from slotfill.schema import Annotation, Frame, Leg, Slot
from slotfill.tags import char_span, spans_of

CLOCK = datetime(2026, 11, 20, 9)  # a Friday
ROLES = {"F": "fromloc.city_name", "T": "toloc.city_name", "S": "stoploc.city_name", "D": "depart_date.day_name"} | {
    "M": "depart_date.month_name",
    "N": "depart_date.day_number",
    "R": "return_date.day_name",
    "H": "depart_time.time",
}


def annotation(markup: str, *, unsure: int | None = None) -> Annotation:
    """The markup, with short names, as a tagger would label it; the slot with the number `unsure` has 0.6."""
    for short, name in ROLES.items():
        markup = markup.replace(f"]({short})", f"]({name})")
    example = parse_markup(markup)
    slots = []
    for number, (first, end, name) in enumerate(spans_of(example.tags)):
        start, stop = char_span(example.tokens, first, end)
        slots.append(Slot(name, example.text[start:stop], start, stop, 0.6 if number == unsure else 0.99))
    return Annotation(example.text, example.tokens, example.tags, tuple(slots), None)


def frame(markup: str) -> Frame:
    return frame_of(annotation(markup), clock=CLOCK)


def short(leg: Frame) -> str:
    """`Oslo > Rome 11-23`."""

    def name(end: Leg) -> str:
        return (end.place and end.place.value) or "?"

    via = "".join([f" via {name(stop)}" for stop in leg.stops])
    day = leg.departure.date
    return f"{name(leg.departure)} > {name(leg.arrival)}{via}{f' {day.value[5:]}' if day and day.value else ''}"


@pytest.mark.parametrize(
    ("markup", "legs"),
    [
        (
            "[NYC](F) to [London](T) on [Jan](M) [3](N), [London](F) to [Rome](T) [Jan](M) [6](N), "
            "[Rome](F) to [NYC](T) [Jan](M) [10](N)",
            ["New York > London 01-03", "London > Rome 01-06", "Rome > New York 01-10"],
        ),
        (
            "[Oslo](F) to [Rome](T) on [Monday](D), then to [Paris](T) [Thursday](D), back to [Oslo](T) on [Sunday](R)",
            ["Oslo > Rome 11-23", "Rome > Paris 11-26", "Paris > Oslo 11-29"],
        ),
        (  # dates before the places
            "[Monday](D) [Boston](F) to [Denver](T), [Wednesday](D) [Denver](F) to [Seattle](T)",
            ["Boston > Denver 11-23", "Denver > Seattle 11-25"],
        ),
        (  # a leg is not before the one before it
            "from [Berlin](F) to [Madrid](T) on [Tuesday](D) and then on to [Lisbon](T) on [Friday](D)",
            ["Berlin > Madrid 11-24", "Madrid > Lisbon 11-27"],
        ),
        ("[London](F) to [Paris](T) to [Rome](T)", ["London > Paris", "Paris > Rome"]),
        ("[Boston](F) to [Denver](T) on to [Seattle](T)", ["Boston > Denver", "Denver > Seattle"]),
        ("[Boston](F) to [Denver](T), after that [Seattle](T)", ["Boston > Denver", "Denver > Seattle"]),
        ("[Rome](T) on [Monday](D), [Paris](T) on [Thursday](D)", ["? > Rome 11-23", "Rome > Paris 11-26"]),
        ("to [Rome](T) then from [Rome](F) to [Paris](T)", ["? > Rome", "Rome > Paris"]),
        ("to [Rome](T) from [Oslo](F), to [Paris](T) from [Rome](F)", ["Oslo > Rome", "Rome > Paris"]),
        ("from [Oslo](F) to [Rome](T) and from [Oslo](F) to [Paris](T)", ["Oslo > Rome", "Oslo > Paris"]),
        # open jaw
        ("to [Tokyo](T) [Monday](D) and return from [Osaka](F) on [Friday](R)", ["? > Tokyo 11-23", "Osaka > ? 11-27"]),
        ("into [London](T) [Monday](D) and out of [Paris](F) on [Friday](R)", ["? > London 11-23", "Paris > ? 11-27"]),
        ("to [Tokyo](T), home from [Osaka](F)", ["? > Tokyo", "Osaka > ?"]),
        # stops are those of their leg
        (
            "[Boston](F) to [Denver](T) via [Chicago](S), then [Denver](F) to [Seattle](T) via [Boise](S)",
            ["Boston > Denver via Chicago", "Denver > Seattle via Boise"],
        ),
        # dates at the end
        ("[London](F) to [Paris](T) to [Rome](T) on [Monday](D)", ["London > Paris 11-23", "Paris > Rome"]),
        ("[Oslo](T), then [Rome](T), leaving [Monday](D)", ["? > Oslo 11-23", "Oslo > Rome"]),
        ("[Oslo](F) to [Rome](T), then [Paris](T) [Monday](D)", ["Oslo > Rome", "Rome > Paris 11-23"]),
        # the same words are the same place: LA is not Louisiana
        (
            "[NYC](F) to [LA](T), [LA](fromloc.state_code) to [Rome](T)",
            ["New York > Los Angeles", "Los Angeles > Rome"],
        ),
    ],
)
def test_legs(markup: str, legs: list[str]) -> None:
    found = frame(markup)
    assert [short(leg) for leg in found.legs] == legs
    note = f"of the first of {len(legs)} legs"
    assert [(value.note or "").endswith(note) for leg in (found.departure, found.arrival) for _, value in leg.items()]
    assert short(found.replace(stops=found.legs[0].stops)) == legs[0]
    numbers = {
        n for one in (found, *found.legs) for _, leg in one.items() for _, value in leg.items() for n in value.slots
    }
    assert numbers == {*range(markup.count("]("))}


@pytest.mark.parametrize(
    "markup",
    [
        "[Boston](F) to [Denver](T) on [Monday](D) and back on [Friday](R)",
        "from [Amman](F) or [Beirut](F) to [Paris](T) on [Friday](D) or [Saturday](D)",
        "from [Boston](F) to [Denver](T) or from [Boston](F) to [Dallas](T)",
        "to [Denver](T) on [Monday](D) or [Dallas](T) on [Tuesday](D)",
        "to [Madrid](T), [Lisbon](T) and [Rome](T)",
        "from [Boston](F) to [Denver](T), arriving in [Denver](T) by [noon](H)",
        "leave [Boston](F) for [Denver](T), leaving [Boston](F) at [6 am](H)",
        "a return flight to [Denver](T) from [Boston](F)",
        "to [Denver](T), with a return, from [Boston](F)",
        "to [Boston](T), no wait, to [Austin](T)",
    ],
)
def test_one_leg(markup: str) -> None:
    assert frame(markup).legs == ()


def test_the_second_leg_is_no_day() -> None:
    found = frame("first leg [Oslo](F) to [Rome](T), [second](N) leg [Rome](F) to [Oslo](T)")
    assert [short(leg) for leg in found.legs] == ["Oslo > Rome", "Rome > Oslo"]


def test_places_that_stand_apart_are_neither_legs_nor_alternatives() -> None:
    place = frame("a flight to [Washington](T) and I am also interested in [Baltimore](T)").arrival.place
    assert place
    assert (place.value, place.country, place.note) == (None, None, "one of several places, or a trip of several legs?")
    assert [one.value for one in place.alternatives] == ["Washington", "Baltimore"]


def test_a_leg_begins_where_the_one_before_ends() -> None:
    rome = frame("[Oslo](F) to [Rome](T), then to [Paris](T)").legs[1].departure.place
    assert rome
    assert (rome.value, rome.slots, rome.note) == ("Rome", (1,), "where the leg before ends")


def test_the_return_is_that_of_the_last_leg() -> None:
    found = frame("[Oslo](F) to [Rome](T) [Monday](D), then [Paris](T) [Thursday](D), back to [Oslo](T) on [Sunday](R)")
    assert found.return_.date == found.legs[2].departure.date
    assert found.legs[2].return_ == Leg()


def test_doubt_reaches_the_legs() -> None:
    found = annotation("[Oslo](F) to [Rome](T), then to [Paris](T)", unsure=2)
    whole = frame_of(found, clock=CLOCK)
    assert [short(leg) for leg in only_sure(whole, confidence=0.7).legs] == ["Oslo > Rome", "Rome > ?"]
    assert [short(leg) for leg in without(whole, found.slots, [0, 1]).legs] == ["Oslo > Rome", "Rome > ?"]
