"""Which sentence comes first."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from slotfill.reviewing.doubt import Doubt, Guesses, doubts
from slotfill.reviewing.draft import Draft
from slotfill.reviewing.order import ORDERS, Order, ranked
from slotfill.schema import Example
from slotfill.tagger import Tagger
from slotfill.tags import spans_of
from tests.server.conftest import MODEL

PROBABILITIES = st.floats(0.0, 1.0, allow_nan=False)
SENTENCES = st.lists(st.lists(st.tuples(st.sampled_from("abcd"), PROBABILITIES), max_size=5), max_size=8)


@given(SENTENCES, st.sampled_from(ORDERS))
def test_every_order_has_each_sentence_once(sentences: list[list[tuple[str, float]]], order: Order) -> None:
    found = [Doubt(tuple(sure for _, sure in one), 1.0) for one in sentences]
    words = [[word for word, _ in one] for one in sentences]
    assert sorted(ranked(order, found, words)) == [*range(len(sentences))]


@given(SENTENCES)
def test_the_heap_gives_what_greedy_gives(sentences: list[list[tuple[str, float]]]) -> None:
    """The definition: always the sentence with the most doubt left, where doubt about words seen counts half."""
    left = dict(enumerate(sentences))
    times = dict.fromkeys("abcd", 0)
    gains = []
    while left:
        gain = {n: sum((1 - sure) * 0.5 ** times[word] for word, sure in one) for n, one in left.items()}
        best = max(gain, key=lambda n: gain[n])
        gains.append(gain[best])
        for word in {word for word, _ in left.pop(best)}:
            times[word] += 1
    found = [Doubt(tuple(sure for _, sure in one), 1.0) for one in sentences]
    words = [[word for word, _ in one] for one in sentences]
    times = dict.fromkeys("abcd", 0)
    for number, expected in zip(ranked("varied", found, words), gains, strict=True):
        assert sum((1 - sure) * 0.5 ** times[word] for word, sure in sentences[number]) == pytest.approx(expected)
        for word in {*words[number]}:
            times[word] += 1


def test_what_was_reviewed_before_counts_as_seen() -> None:
    found = [Doubt((0.2,), 1.0), Doubt((0.3,), 1.0)]
    assert ranked("varied", found, [["a"], ["b"]]) == [0, 1]
    assert ranked("varied", found, [["a"], ["b"]], seen=[["a"]]) == [1, 0]


def test_the_doubt_is_that_of_the_labels_that_are_asked() -> None:
    """Of the model's own labels, of others, and of names that it does not know."""
    tagger = Tagger.load(MODEL)
    texts = ["to taipei", "to maybe", ""]
    found = tagger.annotate(texts)
    own = [(one.tags, one.intent.name if one.intent else None) for one in found]
    sure, doubtful, empty = doubts(tagger, found, own)
    assert sure.whole > 0.9 > doubtful.whole
    assert empty == Doubt((), 1.0)
    assert found[0].intent is not None
    assert sure.intent == found[0].intent.confidence
    others = [(("O", "B-fromloc.city_name"), "airfare"), (("O", "B-nobody.knows"), None), ((), None)]
    wrong, unknown, _ = doubts(tagger, found, others)
    assert wrong.whole < 0.1
    assert unknown.tags[1] < 0.001
    assert unknown.intent == 1.0


def test_guesses_are_probabilities_of_names() -> None:
    tagger = Tagger.load(MODEL)
    found, empty = tagger.annotate(["to São Paulo maybe", ""])
    guesses = Guesses(tagger, found)
    for token in range(4):
        assert np.isclose(sum(guess.probability for guess in guesses.of(token)), 1.0, atol=1e-4)
    assert guesses.of(1)[0].name == "toloc.city_name"
    assert guesses.of_span(1, 3)[0] == "toloc.city_name"
    assert Guesses(tagger, empty).of(0) == []


def test_what_a_model_thinks_of_a_draft() -> None:
    tagger = Tagger.load(MODEL)
    (found,) = tagger.annotate(["to São Paulo maybe"])
    guesses = Guesses(tagger, found)
    city, day = spans_of(found.tags)
    assert guesses.sure(city) == found.slots[0].confidence
    assert guesses.sure(city._replace(name="fromloc.city_name")) < 0.1
    assert guesses.sure(city._replace(name="nobody.knows")) == 0
    assert guesses.instead(city) is None
    assert (guesses.instead(day) or day).name != day.name
    draft = Draft.of(Example(found.text, found.tokens, found.tags))
    assert guesses.missed(draft) == []
    ((token, guess),) = guesses.missed(draft.without(3, 4))
    assert (token, guess.name) == (3, "return_date.day_name")
