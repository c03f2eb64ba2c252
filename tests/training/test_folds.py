"""Cross-validation: what each model may see, the order of the results, and what cannot be cut."""

from typing import Any

import pytest
import torch

from slotfill.config import Config, config_of
from slotfill.errors import ConfigError, InputError
from slotfill.readers import parse_markup
from slotfill.schema import Dataset, Example
from slotfill.splitting import text_key
from slotfill.training.folds import Folds, out_of_fold

torch.set_num_threads(1)  # more are slower at this size

CITIES = ("Rome", "Oslo", "Taipei", "Boston", "Lima", "New York")
EXAMPLES = tuple(
    parse_markup(f"{verb} [{city}](toloc.city_name){tail}\tflight")
    for city in CITIES
    for tail in ("", " please")
    for verb in ("to", "To", "for")  # the first two are one text
)
SETTINGS: dict[str, Any] = {
    "model": {"hidden": 4, "word_size": 4, "character_filters": 0},
    "training": {"epochs": 1, "batch_size": 4},
}
CONFIG = config_of(SETTINGS)


def folds_of(*datasets: Dataset, config: Config = CONFIG, count: int = 3) -> Folds:
    return Folds(datasets, config=config, count=count)


def texts(examples: tuple[Example, ...] | list[Example]) -> set[str]:
    return {text_key(example.text) for example in examples}


def test_no_text_is_in_train_and_held_out() -> None:
    folds = folds_of(Dataset("mine", {"all": EXAMPLES}), Dataset("other", {"train": EXAMPLES[::-1]}))
    held_out: list[int] = []
    for fold in folds:
        out = texts([folds.examples[number] for number in fold.held_out])
        splits = fold.training.splits
        assert not out & texts((*splits.train, *splits.dev))
        assert len(splits.train) + len(splits.dev) + len(fold.held_out) == 2 * len(EXAMPLES)
        held_out += fold.held_out
    assert sorted(held_out) == list(range(2 * len(EXAMPLES)))


def test_annotations_are_in_the_order_of_the_examples() -> None:
    seen: list[tuple[int, int]] = []
    found = out_of_fold(
        EXAMPLES, config=SETTINGS, folds=2, on_epoch=lambda fold, report: seen.append((fold, report.epoch))
    )
    assert [one.text for one in found] == [one.text for one in EXAMPLES]
    assert [one.tokens for one in found] == [one.tokens for one in EXAMPLES]
    assert seen == [(1, 1), (2, 1)]
    assert found == out_of_fold(EXAMPLES, config=SETTINGS, folds=2)
    assert found != out_of_fold(EXAMPLES, config=SETTINGS, folds=2, seed=2)


def test_a_dev_split_is_kept_without_what_is_held_out() -> None:
    folds = folds_of(Dataset("mine", {"train": EXAMPLES[6:], "dev": EXAMPLES[:9], "test": EXAMPLES[:2]}))
    assert folds.examples == list(EXAMPLES[6:])  # neither dev nor test
    for fold in folds:
        out = texts([folds.examples[number] for number in fold.held_out])
        assert texts(fold.training.splits.dev) == texts(EXAMPLES[:9]) - out


def test_data_out_of_domain_are_trained_on_and_not_tagged() -> None:
    outside = tuple(parse_markup(f"the [weather](thing) in {city}") for city in CITIES)
    outside += (parse_markup("TO ROME"),)  # which a fold holds out
    config = config_of({**SETTINGS, "data": [{"source": "mine"}, {"source": "else", "out_of_domain": True}]})
    folds = folds_of(Dataset("mine", {"all": EXAMPLES}), Dataset("else", {"train": outside}), config=config)
    assert folds.examples == list(EXAMPLES)
    for fold in folds:
        mixture = fold.training.splits.mixture
        assert mixture is not None
        outside_of = fold.training.splits.sources[1]
        held_out = texts([folds.examples[number] for number in fold.held_out])
        assert len(outside_of.train) + outside_of.held_out == len(CITIES) + ("to rome" not in held_out)


def test_a_kind_of_a_slot_that_only_the_fold_has() -> None:
    rare = (*EXAMPLES, parse_markup("a [big](size) one"))
    config = config_of({**SETTINGS, "slots": {"size": {"kind": "text"}}})
    kinds = [len(fold.training.config.slots) for fold in folds_of(Dataset("mine", {"all": rare}), config=config)]
    assert sorted(kinds) == [0, 1, 1]
    with pytest.raises(ConfigError, match="no sentence of the data has a slot size"):
        folds_of(Dataset("mine", {"all": EXAMPLES}), config=config)


@pytest.mark.parametrize(
    ("examples", "count", "message"),
    [
        (EXAMPLES, 1, "1 folds: expected at least 2"),
        (EXAMPLES[:6], 5, "4 different sentences are too few for 5 folds: take fewer folds"),
        (EXAMPLES[:2], 2, "folds need two sentences or more that differ, but only 1 is there: add some"),
        ((), 2, "no sentence"),
    ],
)
def test_folds_that_cannot_be(examples: tuple[Example, ...], count: int, message: str) -> None:
    with pytest.raises(InputError, match=message):
        out_of_fold(examples, config=SETTINGS, folds=count)


def test_data_without_train() -> None:
    with pytest.raises(InputError, match="mine has no train split, only test: no folds"):
        folds_of(Dataset("mine", {"test": EXAMPLES}))
