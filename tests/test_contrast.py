"""Two explanations side by side, and the order of units."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from slotfill.contrast import aligned, contrast
from slotfill.inside import Strip, by_difference, by_peak, shown
from tests.test_explaining import make

WORDS = st.lists(st.sampled_from("abc"), max_size=6)


@given(WORDS, WORDS)
def test_each_word_stands_once_and_in_its_order(first: list[str], second: list[str]) -> None:
    pairs = aligned(first, second)
    assert [a for a, _ in pairs if a is not None] == list(range(len(first)))
    assert [b for _, b in pairs if b is not None] == list(range(len(second)))
    assert (None, None) not in pairs


@pytest.mark.parametrize("cell", ["lstm", "gru", "elman", "feedforward"])
def test_the_difference_is_that_of_what_is_drawn(cell: str) -> None:
    two = contrast(make(cell=cell), "arrive Taipei", "leave Taipei on")
    assert two.pairs == [(0, 0), (1, 1), (None, 2)]
    for group in two.groups():
        one, other, apart = group.strips
        assert one.orders is other.orders is apart.orders  # one order
        assert [apart.scale(part)[1] - apart.scale(part)[0] for part in apart.parts] == [
            2 * (one.scale(part)[1] - one.scale(part)[0]) for part in one.parts
        ]
        for part, values in apart.parts.items():
            assert values == pytest.approx(one.parts[part][:2] - other.parts[part][:2], abs=1e-6)
        if cell == "feedforward":
            assert (apart.parts["h"][1] == 0).all()  # `Taipei` is the same after any other word
        elif group.cell == "0.forward":
            assert (apart.parts["h"][1] != 0).any()


def test_the_units_that_differ_most_come_first() -> None:
    state = np.array([[0.1, -3.0, 0.2], [0.1, 0.0, -0.4]], dtype=np.float32)
    orders = by_difference({"h": -state, "c": state, "y": np.array([[0.1, 0.9]])})
    assert orders["h"].tolist() == [1, 2, 0]  # by c, which is what is remembered
    assert orders["y"].tolist() == [1, 0]
    strip = Strip("", ["a", "b"], shown({"h": state, "c": state}), orders, is_ranked=True)
    assert strip.few("i", 2) == [1, 2]


def test_of_one_sentence_those_are_shown_whose_state_moves() -> None:
    state = np.array([[0.5, -0.9, 0.2], [0.5, 0.0, 0.9]], dtype=np.float32)
    strip = Strip("", ["a", "b"], {"h": state}, by_peak({"h": state}))
    assert strip.order("h").tolist() == [1, 0, 2]
    assert strip.few("h", 2) == [1, 2]  # unit 0 never changes
    assert strip.few("h", 9) == [1, 0, 2]


def test_two_scripts_are_answered_by_two_nets() -> None:
    """Their units have nothing to do with each other: there is no difference."""
    from slotfill.tagger import Tagger

    two = contrast(Tagger.load("travel"), "arrive Taipei", "11月2日到達台北")
    assert not two.is_one_net
    assert "difference" not in two.to_dict()
    assert [len(group.strips) for group in two.groups()] == [2, 2]
