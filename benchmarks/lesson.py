"""The figures of docs/how-it-works.md and docs/exercises.md that are computed, not measured on trained models.

    python -m benchmarks.lesson          # bounds, products, parameters, what counting twice does
    python -m benchmarks.lesson --gap    # examples/min_lstm.py over the distance: 2 CPU-minutes

tests/test_lesson.py holds the documents to the first ones.
"""

import sys
from collections.abc import Iterator

import numpy as np

from examples import min_lstm

GAPS = (0, 4, 8, 12, 16, 20)
SEEDS = (1, 2, 3, 4, 5)
KINDS = {"Elman": ("Elman", 0.0), **{f"LSTM, b_f = {bias}": ("LSTM", float(bias)) for bias in (0, 1, 3)}}


def parameters(inputs: int, hidden: int) -> dict[str, int]:
    """W, U and b of one layer in one direction; a GRU has a second bias in the candidate."""
    unit = hidden * (inputs + hidden + 1)
    return {"elman": unit, "gru": 3 * unit + hidden, "lstm": 4 * unit}


def counted_twice(tokens: int) -> tuple[int, int]:
    """dL/du of h_t = u h_{t-1} + x_t at u = 1 with h = 1 and a loss h_T: the right sum, and the published one.

    The right one has a path from T back to each k. The published one has, for each t, the whole delta_t, and from there
    again all paths back: a path of n steps is in it n + 1 times.
    """
    delta = np.ones(tokens)  # dL/da_t: of the loss at T alone, along factors of 1
    right = sum(int(delta[t]) for t in range(tokens))
    published = sum(int(delta[t]) for t in range(tokens) for _ in range(t + 1))
    return right, published


def arithmetic() -> dict[str, str]:
    """What is computed, and how the documents write it."""
    half, one, three = (float(min_lstm.sigmoid(np.array(bias))) for bias in (0.0, 1.0, 3.0))
    right, published = counted_twice(10)
    of = parameters(150, 128)
    return {
        "sigmoid(0)^9": f"{100 * half**9:.1f} %",
        "sigmoid(1)": f"{one:.2f}",
        "sigmoid(1)^9": f"{100 * one**9:.0f} %",
        "sigmoid(3)": f"{three:.2f}",
        "sigmoid(3)^9": f"{100 * three**9:.0f} %",
        "(1/4)^9": f"{0.25**9 * 1e6:.0f} millionths",
        "1.01^999": f"{1.01**999:,.0f}",
        "0.99^999": f"{0.99**999:.5f}",
        "Elman, E = 150, H = 128": f"{of['elman']:,}",
        "GRU": f"{of['gru']:,}",
        "LSTM": f"{of['lstm']:,}",
        "paths counted once": f"{right}",
        "paths counted again": f"{published}",
    }


def learns(net: str, *, forget: float, seed: int, gap: int) -> bool:
    """Whether the net tags the twins right, both with a known and with an unknown city."""
    min_lstm.FORGET = forget
    *_, (w, _) = min_lstm.train(net, seed, gap)
    return all(
        min_lstm.shown(net, w, f"{verb} {'. ' * gap}{city} on november 2nd".split())
        == f"{verb} {'. ' * gap}{city}/{place} on november/{date} 2nd/{date}"
        for verb, (place, date, _) in min_lstm.VERBS.items()
        for city in ("boston", "taipei")
    )


def over_gaps() -> Iterator[tuple[str, list[int]]]:
    """For each net and forget bias, how many of the seeds learn the twins at each distance."""
    for kind, (net, forget) in KINDS.items():
        yield kind, [sum(learns(net, forget=forget, seed=seed, gap=gap) for seed in SEEDS) for gap in GAPS]


if __name__ == "__main__":
    if sys.argv[1:] == ["--gap"]:
        print(f"| dots between verb and city | {' | '.join(map(str, GAPS))} |\n| --- |{' ---: |' * len(GAPS)}")
        for kind, right in over_gaps():
            print(f"| {kind} | {' | '.join(map(str, right))} |", flush=True)
    else:
        for name, value in arithmetic().items():
            print(f"{name:>24}  {value}")
