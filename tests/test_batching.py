from collections import Counter
from itertools import accumulate, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slotfill.batching import Packing, character_ids, chunks, equal_length_batches, starts_of
from slotfill.vocabulary import MAX_CHARACTERS, PAD, UNKNOWN, Vocabulary

# of few words, so that many begin or end alike
SENTENCES = st.lists(st.lists(st.integers(0, 2), min_size=1, max_size=6), min_size=1, max_size=20)


# --- packing ---------------------------------------------------------------------------------------


def taken(sentences: list[list[int]], *, backward: bool) -> list[list[int]]:
    return [sentence[::-1] if backward else sentence for sentence in sentences]


@settings(deadline=None)
@given(SENTENCES, st.booleans(), st.booleans(), st.sampled_from([0, 65_533, 10**6]))
def test_every_row_stands_for_the_tokens_read_so_far(
    sentences: list[list[int]], backward: bool, shared: bool, least: int
) -> None:
    sentences = [[least + number for number in sentence] for sentence in sentences]
    lengths = [len(sentence) for sentence in sentences]
    ids_N = np.array([number for sentence in sentences for number in sentence], dtype=np.int64)
    packing = Packing.shared(lengths, ids_N, backward=backward) if shared else Packing.of(lengths, backward=backward)
    # walk the steps as a cell does: what has been read when a row is done is its parent's and its own token
    read: list[tuple[int, ...]] = []
    before: list[tuple[int, ...]] = [()] * len(sentences)
    for (start, end), parents in zip(packing.steps, packing.parents, strict=True):
        own = ids_N[packing.tokens[start:end]].tolist()
        from_rows = range(end - start) if start == 0 or parents is None else parents.tolist()
        before = [(*(before[row] if start else ()), number) for row, number in zip(from_rows, own, strict=True)]
        read += before
    assert packing.steps[-1][1] == len(packing.tokens) == len(read)
    expected = [
        tuple(sentence[: time + 1])
        for sentence in taken(sentences, backward=backward)
        for time in (range(len(sentence))[::-1] if backward else range(len(sentence)))
    ]
    assert [read[row] for row in packing.rows.tolist()] == expected
    if shared:
        assert len(read) == len(set(expected))  # nothing is worked out twice
    else:
        assert sorted(packing.rows.tolist()) == list(range(len(ids_N)))


def test_packing_by_hand() -> None:
    packing = Packing.of([1, 3, 2])
    # rows: the three first tokens (longest sentence first), two second ones, one third one
    assert packing.steps == ((0, 3), (3, 5), (5, 6))
    assert packing.rows.tolist() == [2, 0, 3, 5, 1, 4]
    packing = Packing.of([1, 3, 2], backward=True)
    assert packing.rows.tolist() == [2, 5, 3, 0, 4, 1]


def test_shared_packing_by_hand() -> None:
    sentences = [[7, 8], [7, 9, 8], [7, 9, 9]]
    packing = Packing.shared([2, 3, 3], np.array([n for sentence in sentences for n in sentence]))
    # rows: 7; 7 8 and 7 9; 7 9 8 and 7 9 9
    assert packing.steps == ((0, 1), (1, 3), (3, 5))
    assert [parents.tolist() for parents in packing.parents[1:] if parents is not None] == [[0, 0], [1, 1]]
    assert packing.rows.tolist() == [0, 1, 0, 2, 3, 0, 2, 4]
    assert packing.tokens.tolist() == [0, 1, 3, 4, 7]


@given(st.lists(st.integers(1, 12), min_size=1, max_size=30))
def test_starts(lengths: list[int]) -> None:
    assert starts_of(lengths).tolist() == [0, *accumulate(lengths)][:-1]


# --- chunks ----------------------------------------------------------------------------------------


@settings(deadline=None)
@given(st.lists(st.integers(0, 12) | st.just(50), max_size=40), st.integers(1, 30), st.integers(1, 9))
def test_chunks_take_each_sentence_once_within_the_limits(lengths: list[int], tokens: int, sentences: int) -> None:
    def fits(chunk: list[int]) -> bool:
        own = [lengths[n] for n in chunk]
        return len(own) == 1 or (sum(own) <= tokens and len(own) <= sentences and len(own) * max(own) <= 4 * tokens)

    found = list(chunks(lengths, tokens=tokens, sentences=sentences))
    flat = [number for chunk in found for number in chunk]
    assert sorted(flat) == [n for n, length in enumerate(lengths) if length]
    # longest first throughout, so that a chunk is of like lengths
    assert [lengths[n] for n in flat] == sorted((lengths[n] for n in flat), reverse=True)
    assert all(chunk and fits(chunk) for chunk in found)
    # a chunk ends only where the next sentence has no room
    assert not any(fits([*chunk, following[0]]) for chunk, following in pairwise(found))


def test_a_sentence_beyond_the_limit_is_a_chunk_by_itself() -> None:
    assert list(chunks([2, 50, 0, 3], tokens=10)) == [[1], [3, 0]]


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


def test_batches_of_long_sentences_have_about_as_many_tokens() -> None:
    lengths = [10] * 40 + [128] * 40 + [10_000] * 3
    batches = equal_length_batches(lengths, size=8, rng=np.random.default_rng(1))
    most = {length: max(len(b) for b in batches if lengths[b[0]] == length) for length in set(lengths)}
    assert most == {10: 8, 128: 4, 10_000: 1}


def test_batches_depend_only_on_the_seed() -> None:
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
