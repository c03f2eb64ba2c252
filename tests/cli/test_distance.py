"""`slotfill compare --distance`: its tables by points made by hand, and the whole way once."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from slotfill import distance
from slotfill.distance import BASE, DISTANCES, NETS, Point, Task

GOLDEN = Path(__file__).parent.parent / "golden"

Run = Callable[..., tuple[int, str, str]]


def point(variant: str, seed: int, k: int, city: float, date: float) -> Point:
    return Point(variant, seed, k, city, date, 0.01, 4 + seed, 2.5)


RESULTS = {
    "one seed": [
        point("feedforward-window", 1, 0, 1.0, 1.0),
        point("lstm", 1, 0, 1.0, 1.0),
        point("feedforward-window", 1, 20, 0.5, 0.495),
        point("lstm", 1, 20, 1.0, 0.98),
    ],
    "two seeds": [
        point("elman", 1, 1, 1.0, 1.0),
        point("jordan", 1, 1, 0.5, 0.0),
        point("elman", 2, 1, 0.5, 0.5),
        point("jordan", 2, 1, 0.5, 0.5),
    ],
}


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the experiment is asked, in place of doing it: `found` is what it answers."""
    asked: dict[str, Any] = {"found": RESULTS["one seed"]}

    def points(variants: list[str], **options: Any) -> Iterator[Point]:
        asked.update(options, variants=variants)
        return iter(asked["found"])

    monkeypatch.setattr(distance, "points", points)
    return asked


@pytest.mark.parametrize("seeds", RESULTS)
@pytest.mark.parametrize("style", ["table", "markdown"])
def test_a_table(slotfill: Run, asked: dict[str, Any], seeds: str, style: str) -> None:
    asked["found"] = RESULTS[seeds]
    numbers = "1" if seeds == "one seed" else "1,2"
    code, out, _ = slotfill("compare", "--distance", "--format", style, "--seeds", numbers)
    assert code == 0
    assert out == (GOLDEN / "distance" / f"{seeds} {style}.txt").read_text(encoding="utf-8")
    assert style == "markdown" or max(len(line) for line in out.splitlines()) <= 80


def test_json_and_reports(slotfill: Run, asked: dict[str, Any]) -> None:
    options = ("--up-to", "3", "--verb-last", "--report", "r.json", "--plot", "p.svg")
    code, out, err = slotfill("compare", "--distance", "--format", "json", *options)
    assert (code, err.splitlines()[-1]) == (0, "wrote p.svg")
    assert Path("r.json").read_text(encoding="utf-8") == out
    assert Path("p.svg").read_text(encoding="utf-8").startswith("<?xml")
    found = json.loads(out)
    assert (found["up_to"], found["verb_last"], found["distances"]) == (3, True, list(DISTANCES))
    assert found["points"][3] == {
        "variant": "lstm",
        "seed": 1,
        "distance": 20,
        "city": 1.0,
        "date": 0.98,
        "slots": 0.99,
        "learning_rate": 0.01,
        "epochs": 5,
        "training_cpu_seconds": 2.5,
    }
    assert found["rows"][3]["slots"] == 0.99
    assert slotfill("compare", "--distance", "--report", "r.json")[0] == 1  # nothing is replaced unasked
    assert slotfill("compare", "--distance", "--report", "r.md", "--format", "markdown")[1] == Path("r.md").read_text()


def test_what_is_asked(slotfill: Run, asked: dict[str, Any]) -> None:
    code, _, err = slotfill("compare", "--distance")
    assert code == 0
    assert err.splitlines()[-1] == "lstm, seed 1, 20 words: 99 % of the slots"
    assert (asked["variants"], asked["seeds"], asked["task"], asked["base"]) == (list(NETS), [1], Task(), BASE)

    options = ("--distances", "8, 0,8", "--cells", "lstm-bi", "--seeds", "3,1", "--set", "model.forget_bias=3")
    assert slotfill("compare", "--distance", *options)[0] == 0
    assert (asked["variants"], asked["seeds"], asked["task"]) == (["lstm-bi"], [3, 1], Task((0, 8)))
    assert (asked["base"].model.forget_bias, asked["base"].model.hidden) == (3.0, BASE.model.hidden)


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["--plot", "p.png"], 2, "--plot: goes with --distance: add it"),
        (["--up-to", "3"], 2, "--up-to: goes with --distance: add it"),
        (["--distances", "3"], 2, "--distances: goes with --distance: add it"),
        (["--verb-last"], 2, "--verb-last: goes with --distance: add it"),
        (["--distance", "--data", "travel"], 2, "--data: does not go with --distance: its sentences are made on the"),
        (["--distance", "--output", "nets"], 2, "--output: does not go with --distance: its nets are not kept"),
        (["--distance", "--gradients", "g.png"], 2, "--gradients: does not go with --distance"),
        (["--distance", "--distances", "1;2"], 2, "'1;2' is not a number as in 0,5,20"),
        (["--distance", "--distances", ""], 2, "'' is not a number as in 0,5,20"),
        (["--distance", "--distances", "201"], 2, "201 is not between 0 and 200"),
        (["--distance", "--up-to", "-1"], 2, "'--up-to'"),
        (["--distance", "--plot", "p.pdf"], 1, "p.pdf: a plot is a .png or an .svg file"),
        (["--distance", "--cells", "lsmt"], 1, "--cells lsmt: did you mean lstm?"),
        (["--distance", "--set", "model.cell=gru"], 1, "`model.cell` is 'gru', but the net feedforward-window has"),
        (["--distance", "--config", "data.toml"], 1, "leave [[data]] out of the recipe"),
    ],
)
def test_what_a_person_can_mend(slotfill: Run, arguments: list[str], code: int, message: str) -> None:
    """It is said before anything is trained."""
    Path("data.toml").write_text('[[data]]\nsource = "atis"\n', encoding="utf-8")
    found, out, err = slotfill("compare", *arguments)
    assert (found, out) == (code, "")
    assert message in err


def test_the_whole_way(slotfill: Run) -> None:
    options = ("--cells", "feedforward", "--distances", "0", "--set", "training.epochs=1", "--format", "json")
    code, out, err = slotfill("compare", "--distance", *options, "--set", "training.learning_rate=0.01")
    assert code == 0
    (row,) = json.loads(out)["rows"]
    assert (row["variant"], row["learning_rates"], row["epochs"]) == ("feedforward", [0.01], [1])
    assert row["slots"] <= 0.5
    assert err.startswith("feedforward, seed 1, 0 words: ")
