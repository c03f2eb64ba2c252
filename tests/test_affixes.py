import numpy as np
import torch
from hypothesis import given
from hypothesis import strategies as st

from slotfill.affixes import AFFIXES, LONGEST, affix_rows, affix_rows_of
from slotfill.batching import character_ids
from slotfill.vocabulary import MAX_CHARACTERS, PAD, Vocabulary

LETTERS = Vocabulary("etaoinshr")
WORDS = st.lists(st.text("ethx", max_size=MAX_CHARACTERS), min_size=1, max_size=6)  # x is in no vocabulary


def rows_of(words: list[str]) -> list[list[int]]:
    rows = affix_rows(character_ids(words, LETTERS))
    return [list(row) for row in zip(*(rows_W.tolist() for rows_W in rows), strict=True)]


def affixes_of(word: str) -> list[str]:
    sizes = range(1, LONGEST + 1)
    return [f"{word[:size]}-" for size in sizes] + [f"-{word[-size:]}" for size in sizes]


@given(WORDS)
def test_an_affix_has_its_row_in_every_word(words: list[str]) -> None:
    found: dict[str, int] = {}
    for word, rows in zip(words, rows_of(words), strict=True):
        for number, (affix, row) in enumerate(zip(affixes_of(word), rows, strict=True)):
            if len(word) <= number % LONGEST:  # too short to have such an affix
                assert row == PAD
            else:
                assert found.setdefault(affix, row) == row
                assert PAD < row <= AFFIXES


def test_few_affixes_share_a_row() -> None:
    row_of: dict[str, int] = {}
    words = ["hot", "shore", "eastern", "noise", "tea", "rain", "stone", "other", "north", "seat"]
    for word, rows in zip(words, rows_of(words), strict=True):
        row_of |= {affix: row for affix, row in zip(affixes_of(word), rows, strict=True) if row != PAD}
    assert len(row_of) > 60
    assert len(set(row_of.values())) >= len(row_of) - 2


def test_rows_are_the_same_everywhere() -> None:
    """A trained model depends on them: they may never change."""
    assert rows_of(["a", "others", "höst"]) == [
        [3220, 0, 0, 0, 2339, 0, 0, 0],
        [3221, 1713, 3176, 1679, 2343, 1095, 2870, 1325],
        [3225, 2283, 721, 1879, 2338, 1402, 2733, 3193],
    ]


@given(WORDS)
def test_arrays_and_tensors_have_the_same_rows(words: list[str]) -> None:
    characters_WC = character_ids(words, LETTERS)
    tensors = affix_rows(torch.from_numpy(characters_WC))
    for ours, theirs in zip(affix_rows(characters_WC), tensors, strict=True):
        assert np.array_equal(ours, theirs.numpy())
        assert theirs.dtype == torch.int64


@given(WORDS)
def test_one_word_without_numpy_has_the_same_rows(words: list[str]) -> None:
    ids = [[LETTERS.id(letter) for letter in word] for word in words]
    assert [affix_rows_of(characters) for characters in ids] == rows_of(words)
