import numpy as np
import pytest

from slotfill.gazetteers import GazetteerMatcher, build_gazetteers
from slotfill.vocabulary import NO_GAZETTEERS

LISTS = {"city": ("new york", "new york city", "york", "st. louis"), "airline": ("delta", "york air")}


def shown(text: str) -> list[str]:
    """For each word `B`, `I` or `-`, first of the cities and then of the airlines."""
    matches = GazetteerMatcher(build_gazetteers(LISTS)).match(text.split())
    assert set(np.unique(matches)) <= {0, 1}
    return ["".join("BI"[pair.argmax()] if pair.any() else "-" for pair in np.split(row, 2)) for row in matches]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("to delta", ["--", "-B"]),
        ("new york", ["B-", "I-"]),
        ("new york city", ["B-", "I-", "I-"]),  # the longest name, not three
        ("new york york", ["B-", "I-", "B-"]),
        ("new york air", ["B-", "IB", "-I"]),  # lists do not mind each other
        ("new", ["--"]),
        ("york new", ["B-", "--"]),
        ("city", ["--"]),
        ("st. louis", ["B-", "I-"]),
    ],
)
def test_names_are_found(text: str, expected: list[str]) -> None:
    assert shown(text) == expected


def test_no_words_and_no_lists() -> None:
    assert GazetteerMatcher(build_gazetteers(LISTS)).match([]).shape == (0, 4)
    assert GazetteerMatcher(NO_GAZETTEERS).match(["new", "york"]).shape == (2, 0)


@pytest.mark.parametrize(
    ("name", "words"),
    [("São Paulo", "sao paulo"), ("St. Louis", "st. louis"), ("A320/2", "a000 / 0"), ("\ud800", "\ud800")],
)
def test_a_name_is_folded_and_tokenized_as_a_text_is(name: str, words: str) -> None:
    matcher = GazetteerMatcher(build_gazetteers({"empty": (), "mine": (name,)}))
    assert matcher.match(words.split()).tolist() == [[0, 0, 1, 0], *[[0, 0, 0, 1]] * (len(words.split()) - 1)]
    assert not matcher.match([*words.split()[:-1], "other"]).any()


def test_there_may_be_many_lists_and_odd_names() -> None:
    lists = {str(number): ("", " ", "a b", "\x00") for number in range(40)}
    assert GazetteerMatcher(build_gazetteers(lists)).match(["a", "b", "c"]).sum() == 80
