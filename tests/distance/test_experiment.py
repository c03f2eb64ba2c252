"""The experiment itself: what gates are for, in seconds."""

from dataclasses import replace
from typing import Any

import pytest
import torch

from slotfill import distance
from slotfill.config import from_assignments
from slotfill.distance import BASE, RATES, Point, Task, budget, points, settled, summarize

torch.set_num_threads(1)  # more are slower at this size

LEARNING = from_assignments(["training.learning_rate=0.02"], base=BASE)
# enough for a net that cannot do better
SHORT = from_assignments(["training.epochs=3"], base=LEARNING)
TINY = from_assignments(
    ["training.epochs=2", "training.learning_rate=0.01", "model.hidden=4", "model.word_size=4"], base=BASE
)

LOW, HIGH = RATES


def steady(found: list[Point]) -> list[Point]:
    """Without the timings."""
    return [replace(point, training_cpu_seconds=0.0) for point in found]


# --- what it shows ---------------------------------------------------------------------------------


def test_gates_reach_over_words_that_a_window_does_not() -> None:
    """The words are eight, the window has three: it cannot do better than guess."""
    (window,) = points(["feedforward-window"], task=Task((8,)), base=SHORT)
    (lstm,) = points(["lstm"], task=Task((8,)), base=LEARNING)
    assert (window.city, window.date) == (0.5, 0.5)
    assert lstm.slots > 0.95


def test_the_verb_at_the_end_needs_the_direction_from_the_right() -> None:
    forward, both = points(["lstm", "lstm-bi"], task=Task((2,), verb_last=True), base=SHORT)
    assert forward.slots <= 0.5
    assert both.slots > 0.95


def test_the_city_may_be_in_the_window_and_the_date_not() -> None:
    """The date is two words further from the verb."""
    (window,) = points(["feedforward-window"], task=Task((2,)), base=SHORT)
    assert (window.city, window.date) == (1.0, 0.5)


# --- how it is done --------------------------------------------------------------------------------


def test_a_net_learns_at_each_distance_or_once() -> None:
    assert Task((0, 5)).trainings() == {(0,): (0,), (5,): (5,)}
    assert Task((0, 5), up_to=2).trainings() == {(0, 1, 2): (0, 5)}
    found = list(points(["feedforward"], seeds=(1, 2), task=Task((0, 4), up_to=1), base=TINY))
    assert [(point.seed, point.distance) for point in found] == [(1, 0), (1, 4), (2, 0), (2, 4)]
    assert len({(point.seed, point.training_cpu_seconds) for point in found}) == 2  # one training a seed


def test_the_same_seed_gives_the_same_points() -> None:
    first, again = (list(points(["elman"], task=Task((1,)), base=TINY)) for _ in range(2))
    assert steady(first) == steady(again)


@pytest.mark.parametrize("variant", ["feedforward", "elman"])
def test_the_bar_ends_full(variant: str) -> None:
    """Whether dev was right early, or never."""
    base = from_assignments(["training.epochs=3"], base=BASE)
    seen: list[int] = []
    (found,) = points([variant], task=Task((0,)), base=base, on_batch=seen.append)
    assert sum(seen) == budget([variant], seeds=(1,), task=Task((0,)), base=base) == len(RATES) * 3 * 1000
    assert (found.epochs == 3) == (variant == "feedforward")


@pytest.mark.parametrize(
    ("f1_of", "best", "order"),
    [
        ({LOW: 0.5, HIGH: 0.6}, HIGH, [LOW, HIGH]),
        ({LOW: 0.5, HIGH: 0.5}, LOW, [LOW, HIGH]),
        ({LOW: 1.0, HIGH: 1.0}, LOW, [LOW]),  # nothing is better than all
        ({0.5: 0.1}, 0.5, [0.5]),  # what is set is not chosen
    ],
)
def test_each_net_has_the_rate_that_is_best_on_dev(
    monkeypatch: pytest.MonkeyPatch, f1_of: dict[float, float], best: float, order: list[float]
) -> None:
    tried: list[float] = []

    def trained(config: Any, *_: Any) -> tuple[distance._Net, int]:
        rate = config.training.learning_rate
        tried.append(rate)
        return distance._Net(None, f1_of[rate], rate, 3, 2.0), 0  # type: ignore[arg-type]

    monkeypatch.setattr(distance, "_trained", trained)
    monkeypatch.setattr(distance, "_shares", lambda *_: (0.5, 0.75))
    settings = ["training.learning_rate=0.5"] if best == 0.5 else []
    (found,) = points(["lstm"], task=Task((0,)), base=from_assignments(settings, base=BASE))
    assert (found.learning_rate, tried) == (best, order)
    assert (found.slots, found.training_cpu_seconds) == (0.625, 2.0 * len(order))


def test_what_is_left_to_the_size_of_the_data_is_the_same_at_all_distances() -> None:
    base = settled(from_assignments(["training.epochs=0", "training.batch_size=0"], base=BASE), Task())
    assert base.training.epochs > 0
    assert base.training.batch_size > 0
    assert base.training.learning_rate == 0  # still to be tried


# --- rows ------------------------------------------------------------------------------------------


def point(variant: str, seed: int, k: int, city: float, date: float) -> Point:
    return Point(variant, seed, k, city, date, 0.01 * seed, 10 + seed, float(seed))


def test_a_row_holds_means_and_spreads() -> None:
    found = [
        point("lstm", 1, 5, 1.0, 1.0),
        point("lstm", 1, 0, 1.0, 1.0),
        point("elman", 1, 5, 0.5, 0.5),
        point("elman", 1, 0, 1.0, 0.9),
        point("elman", 2, 5, 1.0, 0.8),
        point("elman", 2, 0, 1.0, 1.0),
    ]
    rows = summarize(found)
    assert [(row.variant, row.distance, row.seeds) for row in rows] == [
        ("lstm", 0, 1),
        ("lstm", 5, 1),
        ("elman", 0, 2),
        ("elman", 5, 2),
    ]
    assert rows[0].slots_spread == 0.0
    far = rows[3]
    assert (far.city, far.date, far.slots) == pytest.approx((0.75, 0.65, 0.7))
    assert far.slots_spread == pytest.approx(0.2 * 2**0.5)  # of a sample: by n - 1
    assert (far.learnt, rows[2].learnt) == (0, 2)
    assert (far.learning_rates, far.epochs, far.training_cpu_seconds) == ((0.01, 0.02), (11, 12), 1.5)
