"""Values of frames by hand: what is right, silently wrong and null."""

from datetime import datetime

import pytest

import slotfill
from slotfill.evaluation import score_sources
from slotfill.recipe_tables import kinds_of
from slotfill.resolvers.own_slots import OwnSlots
from slotfill.schema import Annotation, DateValue, Example, Frame, Leg, PlaceValue, Slot, TimeValue
from slotfill.tags import char_span, spans_of
from slotfill.value_scores import CLOCK, Judged, Risk, judge, score_values

BOSTON = PlaceValue("boston", "city", "Boston", (0,), confidence=0.9)
FRIDAY = DateValue("friday", "2026-11-20", (1,), grain="day", confidence=0.8)
JUNE = DateValue("june", "2027-06-01", (1,), grain="month", confidence=0.8)
AFTERNOON = TimeValue("afternoon", "12:00", (2,), grain="minute", to="18:00", confidence=0.7)
SIX = TimeValue("6", None, (2,), alternatives=("06:00", "18:00"), confidence=0.7)
DISH = {"kind": "list", "values": {"lasagne": ["lasagna"], "soup": []}}
OPEN = tuple(Leg(place=PlaceValue(name, "city", name, (0,), confidence=0.5)) for name in ("Rome", "Nice"))


@pytest.mark.parametrize(
    ("frame", "told", "judged"),
    [
        (Frame(), (), []),
        (Frame(), (("arrival.time", None),), []),
        (
            Frame(Leg(BOSTON)),
            (("departure.place", "BOSTÓN"),),
            [Judged("departure.place", True, 0.9, True)],
        ),
        (Frame(Leg(BOSTON)), (("departure.place", "Rome"),), [Judged("departure.place", True, 0.9)]),
        (Frame(Leg(BOSTON)), (("departure.place", None),), [Judged("departure.place", False, 0.9)]),
        (
            Frame(Leg(BOSTON)),
            (("arrival.place", "Boston"),),
            [Judged("departure.place", False, 0.9), Judged("arrival.place", True, None)],
        ),
        (Frame(Leg(date=JUNE)), (("departure.date", "2027-06-01"),), [Judged("departure.date", True, 0.8)]),
        (
            Frame(Leg(date=JUNE)),
            (("departure.date", "2027-06-01/2027-06-30"),),
            [Judged("departure.date", True, 0.8, True)],
        ),
        (
            Frame(return_=Leg(time=AFTERNOON)),
            (("return.time", "12:00/18:00"),),
            [Judged("return.time", True, 0.7, True)],
        ),
        (Frame(Leg(time=SIX)), (("departure.time", "18:00"),), [Judged("departure.time", True, None)]),
        (Frame(Leg(time=SIX)), (("departure.time", None),), []),
        (Frame(stops=OPEN), (), []),  # stops are not judged
        (
            Frame(open=OPEN),
            (("open.place", "Nice"), ("open.place", "Oslo"), ("open.place", "Lima")),
            [Judged("open.place", True, 0.5, True), Judged("open.place", True, 0.5), Judged("open.place", True, None)],
        ),
        (Frame(open=OPEN), (("open.place", None),), [Judged("open.place", False, 0.5)] * 2),
    ],
)
def test_how_values_are_judged(frame: Frame, told: tuple[tuple[str, str | None], ...], judged: list[Judged]) -> None:
    assert list(judge(frame, told)) == judged


def annotated(line: str, *confidences: float) -> Annotation:
    """A sentence in markup as a tagger would say it that is so sure of its slots, in order."""
    example = slotfill.parse_markup(line)
    spans = [(*char_span(example.tokens, start, end), name) for start, end, name in spans_of(example.tags)]
    slots = tuple(
        Slot(name, example.text[start:end], start, end, sure)
        for (start, end, name), sure in zip(spans, confidences, strict=True)
    )
    return Annotation(example.text, example.tokens, example.tags, slots, None)


FROM = "[Boston](fromloc.city_name) [friday](depart_date.day_name)"
GOLD = [
    slotfill.parse_markup(f"{FROM}\t\t2026-11-19T09:00; departure.place = Boston; departure.date = 2026-11-20"),
    slotfill.parse_markup("[Rome](city_name) at 6\t\t2026-11-18T09:00; departure.time = null"),
    slotfill.parse_markup("to [Oslo](toloc.city_name) at [6](arrive_time.time)"),  # without values
]
FOUND = [
    annotated(FROM, 0.95, 0.65),
    annotated("[Rome](city_name) at [6](depart_time.time)", 0.55, 0.9),
    annotated("to [Oslo](fromloc.city_name) at [6](arrive_time.time)", 0.75, 0.9),
]


def test_figures_by_hand() -> None:
    scores = score_values(GOLD, FOUND, clock=CLOCK, date_order="mdy", least=0.0)
    assert (scores.sentences, scores.by_hand) == (3, 2)
    # Boston and friday are right; Rome is a place that nobody expects, Oslo has the wrong direction
    assert scores.now == Risk(0.0, 2, 2, 1, 3, coverage=2 / 3, risk=2 / 4, sentences_wrong=2 / 3)
    assert [(at.threshold, at.right, at.wrong, at.null) for at in scores.thresholds] == [
        (0.0, 2, 2, 1),
        (0.5, 2, 2, 1),
        (0.6, 2, 1, 1),
        (0.7, 1, 1, 2),
        (0.8, 1, 0, 2),
        (0.9, 1, 0, 2),
        (0.95, 1, 0, 2),
    ]
    assert scores.given == ((0.95, True), (0.65, True), (0.55, False), (0.75, False))
    assert list(scores.per_part) == ["arrival.place", "departure.date", "departure.place", "open.place"]
    place = scores.per_part["departure.place"]
    assert (place.right, place.wrong, place.tellable, place.sentences_wrong) == (1, 1, 1, 1 / 3)
    assert score_values(GOLD, FOUND, clock=CLOCK, date_order="mdy", least=0.7).now == scores.thresholds[3]


def test_without_values_the_gold_slots_tell_them() -> None:
    bare = [example._replace(values=None) for example in GOLD]
    gold = [
        annotated(FROM, 1, 1),
        annotated("[Rome](city_name) at 6", 1),
        annotated("to [Oslo](toloc.city_name) at [6](arrive_time.time)", 1, 1),
    ]
    scores = score_values(bare, gold, clock=datetime(2026, 11, 21), date_order="mdy", least=0.0)
    assert (scores.by_hand, scores.now) == (0, Risk(0.0, 4, 0, 0, 4, 1.0, 0.0, 0.0))


OWN = OwnSlots(kinds_of({"guests": "number", "budget": "money", "city": "place", "dish": DISH}, origin="recipe.toml"))


@pytest.mark.parametrize(
    ("line", "told", "figures"),  # right, wrong, null
    [
        ("[four](guests) in [Malmo](city)", "other.guests = 4; other.city = Malmö", (2, 0, 0)),
        ("[2 to 4](guests) for [$80.50](budget)", "other.guests = 2/4; other.budget = 80.5 usd", (2, 0, 0)),
        ("[at least 3](guests) for [80 euros](budget)", "other.guests = 3; other.budget = 80", (0, 2, 0)),
        ("[at least 3](guests)", "other.guests = at least 3", (1, 0, 0)),
        ("[five](guests) and [lasagna](dish)", "other.guests = 4; other.dish = Lasagne", (1, 1, 0)),
        ("[lasagna](dish), [soup](dish)", "other.dish = soup; other.dish = lasagne", (2, 0, 0)),
        ("[lasagna](dish)", "other.dish = null", (0, 1, 0)),
        ("[ravioli](dish), [two or three](guests)", "other.dish = ravioli; other.guests = null", (0, 0, 1)),
        ("[six](guests)", "", (0, 1, 0)),
    ],
)
def test_slots_of_ones_own_are_judged_by_their_kinds(line: str, told: str, figures: tuple[int, int, int]) -> None:
    gold = slotfill.parse_markup(f"{line}\t\t2026-11-18T09:00; {told}".rstrip("; "))
    found = annotated(line, *[0.9] * line.count("]("))
    scores = score_values([gold], [found], clock=CLOCK, date_order="mdy", least=0.0, own=OWN)
    assert (scores.now.right, scores.now.wrong, scores.now.null) == figures
    by_slots = score_values([gold._replace(values=None)], [found], clock=CLOCK, date_order="mdy", least=0.0, own=OWN)
    assert by_slots.now.wrong == by_slots.now.null == 0
    assert not score_values([gold], [found], clock=CLOCK, date_order="mdy", least=0.0).now.right


def test_nothing_to_judge() -> None:
    scores = score_values([], [], clock=CLOCK, date_order="mdy", least=0.0)
    assert scores.now == Risk(0.0, 0, 0, 0, 0, 0.0, 0.0, 0.0)
    assert (scores.per_part, scores.given) == ({}, ())


def test_the_scores_of_several_data_sets() -> None:
    def scored(*sources: tuple[str, list[Example]]) -> slotfill.Scores:
        return score_sources(
            sources, FOUND, knows_intents=False, clock=None, date_order="mdy", min_value_confidence=0.0
        )

    assert scored(("all", GOLD)).calibration_by_source == {}
    scores = scored(("one", GOLD[:1]), ("others", GOLD[1:]))
    assert scores.calibration_by_source == {
        "one": pytest.approx((0.05 + 0.35) / 2),
        "others": pytest.approx((0.45 + 2 * 0.4 + 0.75) / 4),  # 6 is a slot in one of two sentences
    }
    assert scores.value_calibration_error == pytest.approx((0.05 + 0.35 + 0.55 + 0.75) / 4)
    assert scores.to_dict()["values"]["thresholds"][2]["right"] == 2
