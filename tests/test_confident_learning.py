"""Confident learning: thresholds by class, what is doubted, and the probabilities of what the data says."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slotfill.confident_learning import (
    BOUNDS,
    EXTRA,
    INTENT,
    MISSING,
    NAME,
    Class,
    Disagreement,
    Doubt,
    Judgement,
    Side,
    doubts_of,
    judge,
    thresholds,
)
from slotfill.evaluation import annotated
from slotfill.readers import parse_markup
from slotfill.schema import Example
from slotfill.suspects import Suspect
from slotfill.tagger import Tagger
from slotfill.tags import TokenSpan, spans_of, tags_of
from slotfill.tokenizer import tokenize

GOLDEN = Path(__file__).parent / "golden"
CITY, TOWN = ("slot", "city"), ("slot", "town")


def side(name: Class, chance: float) -> Side:
    return Side((TokenSpan(0, 1, name[1]),), ((name, chance),))


def sentence(own: Class, chance: float, other: Class | None = None, likelier: float = 0.0) -> Judgement:
    """A sentence with one slot, of which the model says the same, or `other`."""
    differs = () if other is None else (Disagreement(NAME, side(own, chance), side(other, likelier)),)
    return Judgement(((own, chance),), differs, ())


def test_the_threshold_is_the_mean_self_confidence() -> None:
    judgements = [sentence(CITY, 0.9), sentence(CITY, 0.5), sentence(TOWN, 0.2)]
    assert thresholds(judgements) == pytest.approx({CITY: 0.7, TOWN: 0.2})


def test_a_label_is_doubted_where_the_other_is_above_its_threshold() -> None:
    cities, towns = [sentence(CITY, 0.9)] * 8, [sentence(TOWN, 0.4)] * 8
    doubts = doubts_of([*cities, *towns, sentence(CITY, 0.3, TOWN, 0.5), sentence(TOWN, 0.2, CITY, 0.6)])
    assert [len(some) for some in doubts] == [0] * 16 + [1, 0]  # 0.6 is less than is usual for a city
    assert doubts[-2][0].score == pytest.approx(0.2)


def test_a_model_that_is_always_sure_may_be_a_little_less_so() -> None:
    assert doubts_of([*[sentence(CITY, 1.0)] * 99, sentence(TOWN, 0.05, CITY, 0.93)])[-1]


def test_a_class_that_is_hardly_ever_recognised_is_doubted_less() -> None:
    cities, towns = [sentence(CITY, 0.9)] * 9, [sentence(TOWN, 0.1)] * 9
    doubts = doubts_of([*cities, *towns, sentence(TOWN, 0.1, CITY, 0.9)])
    assert doubts[-1][0].score == pytest.approx(0.8 * 0.1 / 0.25)


def test_a_label_that_the_data_never_has_accuses_nobody() -> None:
    assert doubts_of([sentence(CITY, 0.1, TOWN, 0.9)]) == [()]


# --- judging, by the golden model, whose answers are known -----------------------------------------


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return Tagger.load(GOLDEN / "model")


@pytest.mark.parametrize(
    ("line", "kinds"),
    [
        ("to [Taipei](toloc.city_name) from [Boston](fromloc.city_name)\tflight", []),
        ("to [Taipei](toloc.city_name) from Boston", [MISSING]),
        ("[to](toloc.city_name) [Taipei](toloc.city_name)", [EXTRA]),
        ("to [Taipei](fromloc.city_name)", [NAME]),
        ("[to Taipei](toloc.city_name)", [BOUNDS]),
        ("to [são](toloc.city_name) [paulo](toloc.city_name)", [BOUNDS]),
        ("to [Taipei](toloc.city_name)\tairfare", [INTENT]),
        ("hello", []),
    ],
)
def test_kinds(tagger: Tagger, line: str, kinds: list[str]) -> None:
    (judgement,) = judge(tagger, [parse_markup(line)])
    assert [one.kind for one in judgement.disagreements] == kinds
    assert all(one.data.confidence < one.model.confidence for one in judgement.disagreements)


def test_the_probability_of_what_both_say_is_that_of_the_tagger(tagger: Tagger) -> None:
    example = parse_markup("to [são paulo](toloc.city_name) on [friday](depart_date.day_name)\tflight")
    (judgement,) = judge(tagger, [example])
    (found,) = annotated(tagger, [example])
    own = dict(judgement.own)
    assert not judgement.disagreements
    assert [own["slot", slot.name] for slot in found.slots] == pytest.approx([slot.confidence for slot in found.slots])
    assert found.intent is not None
    assert own["intent", "flight"] == pytest.approx(found.intent.confidence)


def test_what_the_model_does_not_know_is_not_judged(tagger: Tagger) -> None:
    unknown = parse_markup("to [Taipei](town) from [Boston](fromloc.city_name)\tcapacity")
    empty = Example(" ", (), ())
    first, second = judge(tagger, [unknown, empty])
    assert (first.unknown, first.disagreements) == (("town", "capacity"), ())
    assert second == Judgement((), (), ())


WORDS = ("to", "taipei", "são", "paulo", "boston", "friday", "price", "hello")
NAMES = ("toloc.city_name", "fromloc.city_name", "depart_date.day_name")


@st.composite
def examples(draw: st.DrawFn) -> Example:
    """A sentence of words that the golden model knows, with any slots."""
    words = draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=8))
    spans, start = [], 0
    while start < len(words):
        size = draw(st.integers(1, len(words) - start))
        if draw(st.booleans()):
            spans.append(TokenSpan(start, start + size, draw(st.sampled_from(NAMES))))
        start += size
    text = " ".join(words)
    return Example(text, tokenize(text), tags_of(spans, length=len(words)))


@given(example=examples())
def test_with_all_disagreements_mended_the_data_is_what_the_model_says(tagger: Tagger, example: Example) -> None:
    (judgement,) = judge(tagger, [example])
    (found,) = annotated(tagger, [example])
    if judgement.unknown:  # `I-fromloc.city_name`
        return
    mended = Suspect("", example, tuple([Doubt(one, 1.0) for one in judgement.disagreements])).proposed
    assert spans_of(mended.tags) == spans_of(found.tags)
    assert all(0 <= chance <= 1 for _, chance in judgement.own)
