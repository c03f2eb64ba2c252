"""One data set in parts: shares, labels, duplicates, seeds."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slotfill import Dataset, Example, parse_markup, split_data
from slotfill.errors import InputError
from slotfill.splitting import text_key
from slotfill.tags import spans_of


def many(count: int) -> list[Example]:
    """Sentences of three intents; one in ten has a rare slot."""
    return [
        parse_markup(f"no {n} to [Rome](city)" + (" [today](day)" if n % 10 == 0 else "") + f"\tintent{n % 3}")
        for n in range(count)
    ]


def test_the_parts_have_their_shares_of_sentences_intents_and_slots() -> None:
    parts = split_data(many(200), dev=0.15, test=0.15).splits
    assert {name: len(part) for name, part in parts.items()} == {"train": 140, "dev": 30, "test": 30}
    days = {name: sum("B-day" in example.tags for example in part) for name, part in parts.items()}
    assert days == {"train": 14, "dev": 3, "test": 3}
    for part in (parts["dev"], parts["test"]):
        assert set(Counter(example.intent for example in part).values()) == {10}


def test_the_same_seed_gives_the_same_parts() -> None:
    assert split_data(many(50), seed=3) == split_data(many(50), seed=3)
    assert split_data(many(50), seed=3) != split_data(many(50), seed=4)


def test_sentences_keep_their_order_in_a_part() -> None:
    numbers = [int(e.tokens[1].text) for e in split_data(many(50)).splits["train"]]
    assert numbers == sorted(numbers)


def test_sentences_of_one_text_stay_together() -> None:
    twice = [*many(30), *many(30), *(parse_markup(f"NO {n}  to [Rome](town)") for n in range(30))]
    parts = split_data(twice).splits.values()
    texts = [{text_key(example.text.replace(" today", "")) for example in part} for part in parts]
    assert len(set.union(*texts)) == sum(map(len, texts))


def test_what_there_is_one_of_is_in_train() -> None:
    examples = [*many(40), parse_markup("a [rare](thing)")]
    assert any("B-thing" in example.tags for example in split_data(examples).splits["train"])


def test_a_part_may_be_left_out() -> None:
    assert {*split_data(many(20), dev=0, test=0.2).splits} == {"train", "test"}


def test_a_file_of_one_part_is_in_one_piece() -> None:
    assert {*split_data(Dataset("mine", {"train": tuple(many(20))})).splits} == {"train", "dev", "test"}


@pytest.mark.parametrize(("dev", "test"), [(0, 0), (0.5, 0.5), (-0.1, 0.1), (1.0, 0.0), (float("nan"), 0.1)])
def test_shares_that_leave_nothing_are_an_error(dev: float, test: float) -> None:
    with pytest.raises(InputError, match="shares of dev"):
        split_data(many(20), dev=dev, test=test)


def test_what_cannot_be_split_is_an_error() -> None:
    with pytest.raises(InputError, match=r"split already \(train 1, test 1\)"):
        split_data(Dataset("mine", {"train": tuple(many(1)), "test": tuple(many(1))}))
    with pytest.raises(InputError, match="has 2 different sentences: too few for train, dev, test"):
        split_data(many(2))


TEXTS = st.lists(st.sampled_from("abcdefgh"), min_size=3, max_size=40)


@settings(max_examples=50)
@given(TEXTS.filter(lambda texts: len(set(texts)) > 2), st.integers(0, 9))
def test_nothing_is_lost_and_nothing_is_in_two_parts(texts: list[str], seed: int) -> None:
    examples = [parse_markup(f"[{text}](slot-{text})\t{text if text in 'ab' else 'rest'}") for text in texts]
    parts = split_data(examples, dev=0.2, test=0.2, seed=seed).splits
    assert Counter(e.text for part in parts.values() for e in part) == Counter(texts)
    assert all(parts.values())
    known = [{example.text for example in part} for part in parts.values()]
    assert len(set.union(*known)) == sum(map(len, known))
    assert all(spans_of(e.tags) for part in parts.values() for e in part)
