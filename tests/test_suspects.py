"""Suspects: known errors in generated sentences are found, by models that have not seen them."""

from random import Random
from typing import Any

import pytest
import torch

from slotfill.config import config_of
from slotfill.errors import InputError
from slotfill.readers import parse_markup
from slotfill.schema import Dataset, Example
from slotfill.splitting import text_key
from slotfill.suspects import Suspects, find_suspects, folds_of, read_given

torch.set_num_threads(1)  # more are slower at this size

CITIES = ("Rome", "Oslo", "Lima", "Bern", "Paris", "Cairo", "Delhi", "Quito", "Tokyo", "Milan")
SETTINGS: dict[str, Any] = {
    "model": {"hidden": 16, "word_size": 24, "character_filters": 0, "direct": False, "crf": False},
    "training": {"epochs": 12, "batch_size": 4, "learning_rate": 0.01},
}
WRONG = {
    17: "fly from [Rome](to) to [Lima](to) [today](when)\ttrip",
    40: "go from [Oslo](from) to Bern [tomorrow](when)\ttrip",
    77: "drive from [Cairo from](from) [Delhi](to) [at noon](when)\ttrip",
    100: "is it warm in [Quito](city) [today](when)\ttrip",
    130: "[travel](when) from [Tokyo](from) to [Milan](to) [at noon](when)\ttrip",
}
TINY = {"model": {"hidden": 4, "word_size": 4, "character_filters": 0}, "training": {"epochs": 1}}


def examples() -> list[Example]:
    """Two kinds of sentences, five of them with an error."""
    rng = Random(3)
    lines = []
    for number in range(160):
        first, second = rng.sample(CITIES, 2)
        when = rng.choice(("today", "tomorrow", "on monday", "at noon"))
        verb = rng.choice(("fly", "go", "travel", "drive"))
        trip = f"{verb} from [{first}](from) to [{second}](to) [{when}](when)\ttrip"
        lines.append(trip if number % 3 else f"is it warm in [{first}](city) [{when}](when)\tweather")
    for number, line in WRONG.items():
        lines[number] = line
    return [parse_markup(line) for line in lines]


@pytest.fixture(scope="module")
def suspects() -> Suspects:
    return find_suspects(examples(), folds=3, config=SETTINGS)


def test_known_errors_are_found_first(suspects: Suspects) -> None:
    first = [suspect.place for suspect in suspects.found[: len(WRONG)]]
    assert sorted(first) == sorted(f"all, sentence {number + 1}" for number in WRONG)
    assert [suspect.score for suspect in suspects.found] == sorted(
        [suspect.score for suspect in suspects.found], reverse=True
    )
    assert suspects.agreement > 0.9
    assert not suspects.unknown


def test_what_is_proposed_is_right(suspects: Suspects) -> None:
    by_place = {suspect.place: suspect for suspect in suspects.found}
    one = by_place["all, sentence 41"]
    assert one.proposed == parse_markup("go from [Oslo](from) to [Bern](to) [tomorrow](when)\ttrip")
    assert [doubt.disagreement.kind for doubt in one.doubts] == ["missing slot"]
    assert by_place["all, sentence 101"].proposed.intent == "weather"
    assert one.to_dict()["spans"] == [
        {"start": 8, "end": 12, "label": "from"},
        {"start": 21, "end": 29, "label": "when"},
    ]


def test_another_split_is_judged_by_a_model_that_has_not_seen_it() -> None:
    some = tuple(examples())
    data = Dataset("mine", {"train": some, "dev": some[:40], "test": (*some[:6], parse_markup("hello"))})
    given = read_given(data, split="test")
    (fold,) = folds_of(given, config=config_of(TINY), count=5, device="cpu")
    judged = {text_key(example.text) for example in given.examples}
    seen = {
        text_key(example.text) for split in (fold.training.splits.train, fold.training.splits.dev) for example in split
    }
    assert not judged & seen
    assert find_suspects(data, split="test", config=TINY).sentences == 7


def test_what_a_recipe_relabels_is_not_suspect_for_that() -> None:
    data = Dataset("mine", {"train": tuple(examples()[:20])})
    config = config_of({**TINY, "data": [{"source": "mine", "relabelled": True}]})
    given = read_given(data, split=None)
    folds = folds_of(given, config=config, count=2, device="cpu")
    assert [one.relabelled for fold in folds for one in fold.training.config.data] == [False, False]


def test_intents_alone() -> None:
    lines = [f"{word} {number}\t{intent}" for number in range(8) for word, intent in (("hi", "greet"), ("stop", "end"))]
    found = find_suspects([parse_markup(line) for line in lines], folds=2, config=TINY)
    assert (found.sentences, found.split) == (16, "all")


@pytest.mark.parametrize(
    ("some", "split", "message"),
    [
        (["hello"], None, "neither slots nor intents"),
        (["to [Rome](city)"], None, "only 1 is there"),
        ([], None, "got nothing"),
    ],
)
def test_what_cannot_be_judged(some: list[str], split: str | None, message: str) -> None:
    with pytest.raises(InputError, match=message):
        find_suspects([parse_markup(line) for line in some], split=split, config=TINY)


def test_a_split_that_is_not_there() -> None:
    data = Dataset("mine", {"train": tuple(examples()[:9]), "test": tuple(examples()[:9])})
    with pytest.raises(InputError, match="mine has no dev split, only train, test"):
        find_suspects(data, split="dev")
