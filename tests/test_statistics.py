from dataclasses import asdict
from pathlib import Path

import pytest

from slotfill.readers import load
from slotfill.schema import Dataset, Example
from slotfill.statistics import Overlap, SlotStatistics, describe
from slotfill.tokenizer import tokenize


def example(text: str, tags: str, intent: str | None = None) -> Example:
    return Example(text, tokenize(text), tuple(tags.split()), intent)


TRAIN = (
    example("to Rome", "O B-city", "flight"),
    example("to rome", "O B-city", "flight"),
    example("to New York on 2nd", "O B-city I-city O B-day", "fare"),
    example("hello", "O"),
)
TEST = (
    example("To ROME", "O B-city", "flight"),
    example("to Oslo on 3rd", "O B-city O B-day", "meal"),
    example("to oslo", "O B-city"),
    example("rome", "B-name"),
)


def test_sizes_and_lengths() -> None:
    train = describe(Dataset("mine", {"train": TRAIN})).splits["train"]
    assert (train.sentences, train.tokens) == (4, 10)
    assert (train.shortest, train.median, train.mean, train.longest) == (1, 2, 2.5, 5)
    assert train.without_slot == 0.25
    assert list(train.intents.items()) == [("flight", 2), ("fare", 1)]


def test_train_is_compared_with_nothing() -> None:
    train = describe(Dataset("mine", {"train": TRAIN, "test": TEST})).splits["train"]
    assert train.unknown_words is None
    assert (train.new_tags, train.new_intents) == ((), ())
    assert train.slots == {"city": SlotStatistics(3, 2, None, None), "day": SlotStatistics(1, 1, None, None)}
    assert list(train.slots) == ["city", "day"]  # most frequent first


def test_test_is_compared_with_train() -> None:
    test = describe(Dataset("mine", {"train": TRAIN, "test": TEST})).splits["test"]
    assert test.unknown_words == pytest.approx(3 / 9)  # oslo twice and 3rd; 0rd is not 0nd
    assert test.slots["city"] == SlotStatistics(3, 2, 2 / 3, 0.5)
    assert test.slots["day"] == SlotStatistics(1, 1, 1.0, 1.0)
    assert test.slots["name"] == SlotStatistics(1, 1, 1.0, 1.0)  # Rome is known, but as a city
    assert test.new_tags == ("B-name",)
    assert test.new_intents == ("meal",)


def test_without_train_there_is_nothing_to_compare_with() -> None:
    test = describe(Dataset("mine", {"test": TEST})).splits["test"]
    assert (test.unknown_words, test.new_tags, test.new_intents) == (None, (), ())
    assert test.slots["city"].unseen_values is None


def test_sentences_in_two_splits() -> None:
    dataset = Dataset("mine", {"train": TRAIN, "dev": TRAIN[:2], "test": TEST})
    assert describe(dataset).overlaps == (
        Overlap("train", "dev", 2),
        Overlap("train", "test", 1),
        Overlap("dev", "test", 1),
    )


def test_all_of_it_becomes_plain_dictionaries() -> None:
    plain = asdict(describe(Dataset("mine", {"train": TRAIN})))
    assert plain["splits"]["train"]["slots"]["day"] == {
        "mentions": 1,
        "values": 1,
        "unseen_mentions": None,
        "unseen_values": None,
    }


def test_the_known_flaws_of_atis_are_found(shared_data: Path) -> None:
    statistics = describe(load(shared_data / "atis"))
    test = statistics.splits["test"]
    assert len(test.new_tags) == 6
    assert test.unknown_words is not None
    assert 0 < test.unknown_words < 0.01
    assert len(statistics.overlaps) == 3
