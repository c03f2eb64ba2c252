"""How many sentences a goal takes, from the rounds of a simulated correction."""

import pytest

from benchmarks.corrections import Round, orders_table, reached, rounds_table


@pytest.mark.parametrize(
    ("rounds", "expected"),
    [
        ([Round(100, 0.95, 0.5), Round(400, 0.95, 0.9)], 400),
        ([Round(100, 0.95, 0.8), Round(400, 0.95, 1.0)], 200),  # half of the way, by the logarithm
        ([Round(100, 0.95, 0.95)], 100),
        ([Round(100, 0.95, 0.5), Round(400, 0.95, 0.89)], None),
        ([], None),
    ],
)
def test_what_lies_between_two_rounds(rounds: list[Round], expected: float | None) -> None:
    assert reached(rounds, 0.9, "test") == (None if expected is None else pytest.approx(expected))


def test_the_tables() -> None:
    curves = {
        "random": [[Round(100, 0.95, 0.8), Round(400, 0.95, 1.0)], [Round(100, 0.95, 0.7), Round(400, 0.95, 0.9)]],
        "varied": [[Round(100, 0.95, 0.9)], [Round(100, 0.95, 0.7), Round(200, 0.95, 0.9)]],
        "uncertain": [[Round(100, 0.95, 0.9)], [Round(100, 0.95, 0.7)]],
    }
    assert orders_table(curves, 0.9).splitlines()[2:] == [
        "| dev | random | 100 | 100, 100 |  |",
        "| dev | varied | 100 | 100, 100 | 0% |",
        "| dev | uncertain | 100 | 100, 100 | 0% |",
        "| test | random | 300 | 200, 400 |  |",
        "| test | varied | 150 | 100, 200 | 50% |",
        "| test | uncertain | not reached | 100, - | 50% |",
    ]
    assert rounds_table(curves).splitlines()[2:] == [
        "| 100 | 75.0 (70.0-80.0) | 80.0 (70.0-90.0) | 80.0 (70.0-90.0) |",
        "| 200 |  | 90.0 (90.0-90.0) |  |",
        "| 400 | 95.0 (90.0-100.0) |  |  |",
    ]
