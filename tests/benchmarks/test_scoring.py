"""seqeval is the referee."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from seqeval.metrics import f1_score
from seqeval.scheme import IOB2

from benchmarks.accuracy.tables import figures, strict
from slotfill.schema import Example, Token
from slotfill.tags import is_valid

TAGS = ("O", "B-a", "I-a", "B-b", "I-b")
RAW = st.lists(st.sampled_from(TAGS), min_size=1, max_size=8)


@st.composite
def pairs(draw: st.DrawFn) -> tuple[list[list[str]], list[list[str]]]:
    """Valid gold tags, and as many that may be anything."""
    gold = [strict(tags) for tags in draw(st.lists(RAW, min_size=1, max_size=4))]
    return gold, [draw(st.lists(st.sampled_from(TAGS), min_size=len(g), max_size=len(g))) for g in gold]


@given(RAW)
def test_strict_tags_are_valid_and_valid_tags_stay(tags: list[str]) -> None:
    assert is_valid(strict(tags))
    assert strict(strict(tags)) == strict(tags)


@pytest.mark.filterwarnings("ignore")  # seqeval warns of nothing to divide by
@given(pairs())
def test_strict_is_what_seqeval_calls_strict(both: tuple[list[list[str]], list[list[str]]]) -> None:
    gold, found = both
    examples = [Example("", (), tuple(tags)) for tags in gold]
    referee = 100 * f1_score(gold, found, mode="strict", scheme=IOB2)
    assert figures(examples, found, None).f1 == pytest.approx(referee)


def example(tags: str, intent: str) -> Example:
    words = tuple(Token(letter, n, n + 1) for n, letter in enumerate("xyz"))
    return Example("xyz", words, tuple(tags.split()), intent)


GOLD = (example("B-a O O", "fly+fare"), example("O O O", "fare"))


def test_both_wants_slots_and_intent_of_the_same_sentence() -> None:
    found = [["B-a", "O", "O"], ["O", "B-a", "O"]]
    scores = figures(GOLD, found, ["fly", "fare"])
    assert (scores.slots, scores.intents, scores.both) == (50.0, 50.0, 0.0)
    assert figures(GOLD, found, ["fly+fare", "fly"]).both == 50.0
    assert figures(GOLD, found, None)[2:] == (None, None)
