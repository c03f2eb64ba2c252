from collections import Counter
from itertools import accumulate, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slotfill.batching import MAX_CHARACTERS, Packing, character_ids, chunks, equal_length_batches
from slotfill.vocabulary import PAD, UNKNOWN, Vocabulary

LENGTHS = st.lists(st.integers(1, 12), min_size=1, max_size=30)


# --- packing ---------------------------------------------------------------------------------------


@settings(deadline=None)
@given(LENGTHS)
def test_packing_is_longest_first_and_then_time_by_time(lengths: list[int]) -> None:
    longest_first = sorted(range(len(lengths)), key=lambda n: -lengths[n])
    # the definition: all first tokens, all second tokens, ... of the sentences that have so many
    packed = [(n, time) for time in range(max(lengths)) for n in longest_first if time < lengths[n]]
    written = [(n, time) for n, length in enumerate(lengths) for time in range(length)]
    packing = Packing.of(lengths)
    assert [packed[row] for row in packing.rows.tolist()] == written
    assert packing.starts.tolist() == [0, *accumulate(lengths)][:-1]
    live = [sum(length > time for length in lengths) for time in range(max(lengths))]
    assert packing.steps == tuple(pairwise([0, *accumulate(live)]))


def test_packing_by_hand() -> None:
    packing = Packing.of([1, 3, 2])
    # rows: the three first tokens (longest sentence first), two second ones, one third one
    assert packing.steps == ((0, 3), (3, 5), (5, 6))
    assert packing.rows.tolist() == [2, 0, 3, 5, 1, 4]
    assert packing.starts.tolist() == [0, 1, 4]


# --- chunks ----------------------------------------------------------------------------------------


@settings(deadline=None)
@given(st.lists(st.integers(0, 12), max_size=40), st.integers(1, 6), st.integers(1, 30))
def test_chunks_take_each_sentence_once_within_the_limits(lengths: list[int], sentences: int, tokens: int) -> None:
    found = list(chunks(lengths, sentences=sentences, tokens=tokens))
    flat = [number for chunk in found for number in chunk]
    assert sorted(flat) == [n for n, length in enumerate(lengths) if length]
    # longest first throughout, so that a chunk is of like lengths
    assert [lengths[n] for n in flat] == sorted((lengths[n] for n in flat), reverse=True)
    for chunk in found:
        assert 1 <= len(chunk) <= sentences
        assert len(chunk) == 1 or sum(lengths[n] for n in chunk) <= tokens
    # a chunk ends only where the next sentence has no room
    for chunk, following in pairwise(found):
        total = sum(lengths[n] for n in chunk) + lengths[following[0]]
        assert len(chunk) == sentences or total > tokens


def test_a_sentence_beyond_the_limit_is_a_chunk_by_itself() -> None:
    assert list(chunks([2, 50, 0, 3], sentences=10, tokens=10)) == [[1], [3, 0]]


# --- batches of equal length -----------------------------------------------------------------------


@settings(deadline=None)
@given(st.lists(st.integers(1, 5), max_size=40), st.integers(1, 6), st.integers(0, 2**32))
def test_batches_have_equal_lengths_and_take_each_sentence_once(lengths: list[int], size: int, seed: int) -> None:
    batches = equal_length_batches(lengths, size=size, rng=np.random.default_rng(seed))
    assert sorted(n for batch in batches for n in batch.tolist()) == list(range(len(lengths)))
    assert all(len({lengths[n] for n in batch.tolist()}) == 1 for batch in batches)
    # as few as can be: only the last batch of a length is not full
    expected = Counter(lengths)
    assert len(batches) == sum(-(-count // size) for count in expected.values())
    assert all(len(batch) <= size for batch in batches)


def test_batches_depend_on_the_seed_alone() -> None:
    lengths = [1 + n % 4 for n in range(60)]

    def batches(seed: int) -> list[list[int]]:
        return [b.tolist() for b in equal_length_batches(lengths, size=4, rng=np.random.default_rng(seed))]

    assert batches(1) == batches(1)
    assert batches(1) != batches(2)
    # not only the order of the batches, but also who shares one
    assert sorted(map(sorted, batches(1))) != sorted(map(sorted, batches(2)))
    # batches of one length do not come all together
    changes = sum(lengths[one[0]] != lengths[other[0]] for one, other in pairwise(batches(1)))
    assert changes > 3


# --- characters ------------------------------------------------------------------------------------


def test_characters_by_hand() -> None:
    ids = character_ids(["ab", "", "c?a"], Vocabulary("abc"))
    assert ids.tolist() == [[2, 3, PAD], [PAD, PAD, PAD], [4, UNKNOWN, 2]]
    assert ids.dtype == np.int64


def test_a_very_long_word_is_cut() -> None:
    word = "ab" * MAX_CHARACTERS
    assert character_ids([word], Vocabulary("ab")).tolist() == [[2, 3] * (MAX_CHARACTERS // 2)]


@settings(deadline=None)
@given(st.lists(st.text("abcdé", max_size=2 * MAX_CHARACTERS), max_size=8))
def test_characters_are_padded_on_the_right_and_cut(words: list[str]) -> None:
    characters = Vocabulary("abcd")
    ids = character_ids(words, characters)
    longest = min(max(map(len, words), default=0), MAX_CHARACTERS)
    assert ids.shape == (len(words), longest)
    for row, word in zip(ids.tolist(), words, strict=True):
        seen = [characters.id(character) for character in word[:MAX_CHARACTERS]]
        assert row == seen + [PAD] * (longest - len(seen))


@pytest.mark.parametrize("words", [[], [""]])
def test_no_characters_at_all(words: list[str]) -> None:
    assert character_ids(words, Vocabulary("ab")).shape == (len(words), 0)
