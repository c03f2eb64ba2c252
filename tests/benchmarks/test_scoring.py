"""seqeval and scikit-learn are the referees; cases by hand show where the ways part."""

from importlib import import_module
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from seqeval.metrics import f1_score
from seqeval.scheme import IOB2

from benchmarks.accuracy.scoring import figures, lenient_f1, one_of_several, strict, strict_f1, token_accuracy, token_f1
from slotfill.schema import Example, Token
from slotfill.tags import is_valid

token_referee: Any = import_module("sklearn.metrics").f1_score  # which has no types
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
    assert strict_f1(*both) == pytest.approx(100 * f1_score(*both, mode="strict", scheme=IOB2))


@given(pairs())
def test_accuracy_of_tokens_is_their_micro_f1(both: tuple[list[list[str]], list[list[str]]]) -> None:
    gold, found = ([tag for row in rows for tag in row] for rows in both)
    assert token_accuracy(*both) == pytest.approx(100 * token_referee(gold, found, average="micro"))


def test_a_span_that_begins_with_i_counts_in_the_lenient_way_alone() -> None:
    gold, found = [["O", "B-a", "I-a"]], [["O", "I-a", "I-a"]]
    assert strict_f1(gold, found) == 0.0
    assert lenient_f1(gold, found) == 100.0


def test_outside_tokens_flatter() -> None:
    gold, found = [["O"] * 9 + ["B-a"]], [["O"] * 10]
    assert strict_f1(gold, found) == 0.0
    assert token_accuracy(gold, found) == 90.0
    assert token_f1(gold, found) > 85.0


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


def test_one_of_several_intents() -> None:
    assert one_of_several(GOLD, ["fare", "fly"]) == 50.0
    assert one_of_several(GOLD, ["fly+fare", "fare+fly"]) == 100.0
