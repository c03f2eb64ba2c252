"""Several data sets in one: duplicates, conflicts, shared sentences."""

import pytest

from slotfill import Dataset, Example, merge_data, parse_markup
from slotfill.errors import InputError


def data(name: str, **splits: list[str]) -> Dataset:
    return Dataset(name, {split: tuple(map(parse_markup, lines)) for split, lines in splits.items()})


def texts(examples: tuple[Example, ...]) -> list[str]:
    return [example.text for example in examples]


def test_splits_are_put_together_and_duplicates_left_out() -> None:
    one = data("one", train=["to [Rome](city)", "to [Oslo](city)"], test=["hello"])
    two = data("two", train=["to [Rome](city)", "to [Bern](city)"])
    merged = merge_data([one, two])
    assert texts(merged.dataset.splits["train"]) == ["to Rome", "to Oslo", "to Bern"]
    assert texts(merged.dataset.splits["test"]) == ["hello"]
    assert (merged.duplicates, merged.conflicts, merged.shared) == (1, (), 0)


def test_other_labels_of_one_text_are_a_conflict_and_kept() -> None:
    one = data("one", train=["to [Rome](city)\tgo"])
    two = data("two", train=["To  [Rome](city)\tstay"], test=["to [Rome](town)\tgo"])
    merged = merge_data([one, two])
    assert len(merged.dataset.splits["train"]) == 2
    assert [conflict.splits for conflict in merged.conflicts] == [("train", "train"), ("train", "test")]
    assert merged.shared == 1


def test_data_in_one_piece_is_train_where_others_are_split() -> None:
    whole = data("whole", all=["to [Rome](city)"])
    assert {*merge_data([whole, whole]).dataset.splits} == {"all"}
    assert {*merge_data([whole, data("one", test=["hello"])]).dataset.splits} == {"train", "test"}


@pytest.mark.parametrize("sources", ["travel", []])
def test_a_list_is_expected(sources: list[str]) -> None:
    with pytest.raises(InputError, match="takes a list of data sets"):
        merge_data(sources)
