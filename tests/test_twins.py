"""Pairs of which only the verb tells the roles apart, in toy data with eight cities."""

from collections.abc import Callable, Iterator, Sequence
from itertools import product
from typing import Any

import pytest

from slotfill.schema import Annotation, Example, Slot
from slotfill.tagger import Tagger
from slotfill.tokenizer import tokenize
from slotfill.twins import Distant, distant_right, twins, twins_right
from tests.test_comparing import CITIES, FRAMES, ROLES, sentences


def test_twins_are_made_of_the_most_frequent_cities_and_of_unseen_ones() -> None:
    train = sentences(["Oslo", "New York"]) + sentences(["oslo", "Lima"], frames=["{verb} {city} via Kraków or perth"])
    found = twins(train)
    of_frames = len(FRAMES)
    assert [city for city, _, _ in found.seen] == ["oslo"] * of_frames + ["new york"] * of_frames + ["lima"] * of_frames
    assert found.seen[of_frames : 2 * of_frames] == tuple(
        ("new york", *(frame.format(verb=verb, city="new york") for verb in ROLES)) for frame in FRAMES
    )
    unseen = list(dict.fromkeys(city for city, _, _ in found.unseen))
    assert len(unseen) == 20
    assert len(found.unseen) == 20 * of_frames
    # these stand in the training split, be it in another spelling and without a slot
    assert {"taipei", "lisbon", "nairobi"} <= set(unseen)
    assert not {"oslo", "lima", "krakow", "perth"} & set(unseen)


def test_twins_differ_only_in_the_verb() -> None:
    found = twins(sentences(CITIES))
    for city, arriving, leaving in (*found.seen, *found.unseen):
        assert f" {city}" in arriving
        assert [a for a, b in zip(arriving.split(), leaving.split(), strict=True) if a != b] == ["arrive"]
        assert leaving == arriving.replace("arrive", "leave")


def test_twins_have_at_most_20_cities() -> None:
    names = ["".join(letters) for letters in product("abcde", repeat=2)]
    found = twins(sentences(names, frames=["{verb} {city}"]))
    assert [city for city, _, _ in found.seen[:: len(FRAMES)]] == names[:20]


def test_data_without_cities_have_no_twins() -> None:
    tokens = tokenize("play some music")
    found = twins([Example("play some music", tokens, ("O",) * 3)])
    assert found.seen == found.unseen == ()


class ByRule(Tagger):
    """Tags each city with the role that a rule returns for (text, city)."""

    def __init__(self, rule: Callable[[str, str], str | None], *, cities: Sequence[str] = CITIES) -> None:
        self.rule, self.cities = rule, cities

    def tag(self, texts: Any = None, **settings: Any) -> list[Annotation]:
        return [Annotation(text, (), (), tuple(self.found(text)), None) for text in texts]

    def found(self, text: str) -> Iterator[Slot]:
        yield Slot("depart_date.day_name", "monday", 0, 6, 1.0)  # others do not matter
        for city in self.cities:
            if (start := text.find(city)) >= 0 and (name := self.rule(text, city)) is not None:
                yield Slot(name, city, start, start + len(city), 1.0)


def by_verb(text: str, city: str) -> str:
    return "toloc.city_name" if "arrive" in text else "fromloc.city_name"


@pytest.mark.parametrize(
    ("tagger", "share"),
    [
        (ByRule(by_verb), 1.0),
        (ByRule(lambda *_: "toloc.city_name"), 0.0),  # half of the sentences right, and no pair
        (ByRule(lambda *_: "fromloc.city_name"), 0.0),
        (ByRule(lambda *_: None), 0.0),
        (ByRule(lambda *_: "city_name"), 0.0),
        (ByRule(lambda text, city: by_verb("leave" if "arrive" in text else "arrive", city)), 0.0),  # the wrong way
        (ByRule(lambda text, city: by_verb(text, city) if city == "rome" else "toloc.city_name"), 1 / 8),
        (ByRule(lambda text, city: by_verb(text, city) if "monday" in text else None), 1 / 5),
        (ByRule(by_verb, cities=["york", *(city for city in CITIES if city != "new york")]), 7 / 8),  # half a city
    ],
)
def test_a_pair_is_right_if_both_are(tagger: Tagger, share: float) -> None:
    assert twins_right(tagger, twins(sentences(CITIES)).seen) == pytest.approx(share)


def test_without_pairs_there_is_no_share() -> None:
    assert twins_right(ByRule(by_verb), ()) is None


# --- with words between, and a date ----------------------------------------------------------------

DATED = [
    Example(f"{verb} {city} on {date}", tokenize(f"{verb} {city} on {date}"), tags)
    for city in ("new york", "oslo")
    for verb, to, on in (("arrive", "toloc", "arrive_date"), ("leave", "fromloc", "depart_date"))
    for date, types in (("monday", ("day_name",)), ("november second", ("month_name", "day_number")))
    for tags in [
        (
            "O",
            f"B-{to}.city_name",
            *[f"I-{to}.city_name"] * (len(city.split()) - 1),
            "O",
            *(f"B-{on}.{type_}" for type_ in types),
        )
    ]
]


def test_distant_twins_differ_only_in_the_verb_too() -> None:
    distant = twins(DATED).distant
    assert list(distant) == [0, 2, 4, 8]
    for words, pairs in distant.items():
        assert len(pairs) == 4  # two cities, two dates
        for pair in pairs:
            arrive, leave = (text.split() for text in pair.texts)
            assert (arrive[0], leave[0], arrive[1:]) == ("arrive", "leave", leave[1:])
            rest = f"{pair.city} on {pair.date}".split()
            assert arrive[1 + words :] == rest
            assert pair.dates is not None
            assert [name.partition(".")[0] for names in pair.dates for name in names[:1]] == [
                "arrive_date",
                "depart_date",
            ]


def test_data_without_such_dates_have_no_share_of_dates() -> None:
    found = distant_right(ByRule(by_verb), twins(sentences(CITIES)).distant)
    assert [(one.words, one.city, one.date) for one in found] == [(words, 1.0, None) for words in (0, 2, 4, 8)]
    assert twins([DATED[0]._replace(tags=("O",) * 4)]).distant == {}


class Dated(Tagger):
    """Finds the city always, and the date with a role that holds for so many words after the verb."""

    def __init__(self, memory: int) -> None:
        self.memory = memory

    def tag(self, texts: Any = None, **settings: Any) -> list[Annotation]:
        return [Annotation(text, (), (), tuple(self.found(text)), None) for text in texts]

    def found(self, text: str) -> Iterator[Slot]:
        city = next(city for city in ("new york", "oslo") if city in text)
        place, arrives = text.index(city), text.startswith("arrive")
        yield Slot("toloc.city_name" if arrives else "fromloc.city_name", city, place, place + len(city), 1.0)
        knows = len(text[:place].split()) - 1 <= self.memory
        role = "arrive_date" if arrives and knows else "depart_date"
        types = {"monday": "day_name", "november": "month_name", "second": "day_number"}
        for word, type_ in types.items():
            if word in text:
                yield Slot(f"{role}.{type_}", word, text.index(word), text.index(word) + len(word), 1.0)


def test_a_date_far_from_the_verb_is_scored_by_itself() -> None:
    assert distant_right(Dated(2), twins(DATED).distant) == (
        Distant(0, 1.0, 1.0),
        Distant(2, 1.0, 1.0),
        Distant(4, 1.0, 0.0),
        Distant(8, 1.0, 0.0),
    )
