"""The tiny nets that ship for lessons, and the twins that they learnt: what each can tell apart, and what it cannot."""

from pathlib import Path

import numpy as np
import pytest

import slotfill
from slotfill.bundle import read
from slotfill.config import from_assignments, from_toml
from slotfill.contrast import contrast
from slotfill.generator.templates import generate_own
from slotfill.readers import load

ROOT = Path(__file__).parent.parent
TWINS = ("arrive Taipei on November 2nd", "leave Taipei on November 2nd")
CELLS = ("feedforward", "elman", "jordan", "lstm")


def roles(cell: str, text: str) -> list[str]:
    (found,) = slotfill.load(f"tiny-{cell}").tag([text])
    return [slot.name for slot in found.slots]


@pytest.mark.parametrize("cell", CELLS)
def test_they_are_small_and_of_their_recipe(cell: str) -> None:
    folder = ROOT / "models" / f"tiny-{cell}"
    assert sum(file.stat().st_size for file in folder.iterdir()) < 60_000
    bundle = read(folder)
    expected = from_assignments([f"model.cell={cell}"], base=from_toml(ROOT / "recipes" / "tiny.toml"))
    assert bundle.config.model._replace(tokenizer="auto", folding="auto", intents="auto") == expected.model
    assert bundle.config.training == expected.training
    assert [part["source"] for part in bundle.training["data"]] == ["twins"]


@pytest.mark.parametrize("cell", ["elman", "lstm"])
def test_nets_that_remember_tell_twins_apart(cell: str) -> None:
    arrive, leave = (roles(cell, text) for text in TWINS)
    assert arrive == ["toloc.city_name", "arrive_date.month_name", "arrive_date.day_number"]
    assert leave == ["fromloc.city_name", "depart_date.month_name", "depart_date.day_number"]
    assert read(ROOT / "models" / f"tiny-{cell}").training["dev"]["f1"] > 0.99


@pytest.mark.parametrize("cell", ["feedforward", "jordan"])
def test_nets_that_do_not_see_the_verb_say_the_same_of_both(cell: str) -> None:
    """A feed-forward net remembers nothing, and a Jordan net what it said: of both verbs that they are no slot."""
    assert roles(cell, TWINS[0]) == roles(cell, TWINS[1])
    assert read(ROOT / "models" / f"tiny-{cell}").training["dev"]["f1"] < 0.7


def test_behind_the_same_word_the_feedforward_net_is_the_same() -> None:
    two = contrast(slotfill.load("tiny-feedforward"), *TWINS)
    (apart,) = (parts["h"] for parts in two.differences.values())
    assert np.abs(apart).max(1).tolist()[1:] == [0.0] * 4
    assert np.abs(apart[0]).max() > 0.1


def test_the_twins_are_of_their_grammar() -> None:
    """`make tiny` remakes them."""
    data = load(ROOT / "data" / "twins")
    sizes = {split: len(examples) for split, examples in data.splits.items()}
    assert sizes == {"train": 1000, "dev": 200, "test": 200}
    assert len({example.text for examples in data.splits.values() for example in examples}) == 1400
    made = generate_own(ROOT / "data" / "twins" / "grammar", 1000, seed=1)
    assert [example.text for example in made] == [example.text for example in data.splits["train"]]
