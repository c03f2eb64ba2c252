from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slotfill.errors import BundleError
from slotfill.schema import Example
from slotfill.tokenizer import tokenize
from slotfill.vocabulary import PAD, SPECIALS, UNKNOWN, LabelSet, Vocabularies, Vocabulary


@given(st.lists(st.text(max_size=3)))
def test_vocabulary_numbers_are_places_in_its_list(strings: list[str]) -> None:
    strings = [string for string in strings if string not in SPECIALS]
    vocabulary = Vocabulary.ranked(Counter(strings))
    assert vocabulary.items[:2] == SPECIALS
    assert len(vocabulary) == len(set(strings)) + 2
    for string in strings:
        assert string in vocabulary
        assert vocabulary.items[vocabulary.id(string)] == string
        assert vocabulary.id(string) > UNKNOWN


def test_frequent_strings_come_first_and_equals_by_alphabet() -> None:
    vocabulary = Vocabulary.ranked({"b": 1, "a": 1, "z": 5})
    assert vocabulary.items == (*SPECIALS, "z", "a", "b")


def test_unseen_strings_are_unknown() -> None:
    vocabulary = Vocabulary(["paris"])
    assert (PAD, UNKNOWN) == (0, 1)
    assert vocabulary.id("rome") == UNKNOWN
    assert "rome" not in vocabulary


words = st.text(st.characters(exclude_characters="\t\n", exclude_categories=["Cs"]), min_size=1, max_size=4)


def search(table: Vocabulary, times: int) -> None:
    """So often for what is not in it."""
    for number in range(times):
        assert table.id(f"unseen {number}") == UNKNOWN


@given(st.lists(words, unique=True), st.lists(words))
def test_a_table_is_searched_as_it_was_written(known: list[str], others: list[str]) -> None:
    vocabulary = Vocabulary(known)
    table = Vocabulary.of_table(vocabulary.table())
    for _ in range(2):  # by bisection, and once so much was searched that all of it was read
        for word in (*known, *others, *SPECIALS, "\udc80"):
            assert table.id(word) == vocabulary.id(word) == table.id(word)
            assert (word in table) == (word in vocabulary)
        assert table.items == vocabulary.items
        search(table, 200)
    assert (table.items, len(table)) == (vocabulary.items, len(vocabulary))
    assert table.table() == vocabulary.table()


def test_neighbours_in_a_table_are_not_confused() -> None:
    words = ["a", "a!", "ab", "a\x01", "abc", "b", "z", "é", "\U0001f600"]
    table = Vocabulary.of_table(Vocabulary(words).table())
    assert [table.id(word) for word in words] == list(range(2, 11))
    assert [table.id(word) for word in ("", "\x01", "A", "aa", "abcd", "c", "zz", "\U0001f601")] == [UNKNOWN] * 8


def test_unseen_words_do_not_fill_the_memory() -> None:
    table = Vocabulary.of_table(Vocabulary(["paris"]).table())
    search(table, 1000)
    table.id("paris")
    assert len(table._ids) == 1


@pytest.mark.parametrize(
    "line", [b"q\tx\n", b"q\t\n", b"q\n", b"q\t1\n", b"q\t99\n", b"q\xff\t3\n", "q\t\u0663\n".encode()]
)
def test_a_table_with_a_line_that_is_none_is_searched_for_ever(line: bytes) -> None:
    table = Vocabulary.of_table(b"paris\t2\n" + line + b"rome\t4\n")
    search(table, 200)
    assert table._searches == -1
    assert (table.id("paris"), table.id("rome")) == (2, 4)
    if b"\t" in line and b"\xff" not in line:
        with pytest.raises(BundleError, match="damaged"):
            table.id("q")


def test_a_table_that_another_thread_reads_whole_has_all_words() -> None:
    """Between two steps of a look-up, the table is read: what was not cached before must not be unknown."""
    table = Vocabulary.of_table(Vocabulary(["oslo", "paris", "rome"]).table())

    class Slow(dict[str, int]):
        def get(self, key: str, default: Any = None) -> Any:
            found = super().get(key, default)
            table._complete()
            return found

    table._ids = Slow()
    assert table.id("rome") == 4
    assert type(table._ids) is dict  # it was read


def test_a_large_table_is_searched_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("slotfill.vocabulary._LARGE", 20)
    table = Vocabulary.of_table(Vocabulary(["oslo", "paris", "rome"]).table())
    search(table, 200)
    assert (table._searches, table._ids) == (-1, {})
    assert table.id("rome") == 4


def test_label_set_is_closed_and_sorted() -> None:
    labels = LabelSet(["O", "B-a", "O"])
    assert labels.items == ("B-a", "O")
    assert [labels.id(label) for label in labels.items] == [0, 1]
    assert len(labels) == 2
    assert "B-a" in labels
    assert "B-b" not in labels
    with pytest.raises(KeyError):
        labels.id("B-b")


def test_inventory_takes_stock_of_folded_words() -> None:
    first, second = "to Zürich", "To zurich"
    vocabularies = Vocabularies.of(
        [
            Example(first, tokenize(first), ("O", "B-toloc.city_name"), "flight"),
            Example(second, tokenize(second), ("B-x", "I-x")),
        ]
    )
    assert vocabularies.words.items == (*SPECIALS, "to", "zurich")
    assert set(vocabularies.characters.items[2:]) == set("tozurich")
    assert vocabularies.tags.items == ("B-toloc.city_name", "B-x", "I-x", "O")
    assert vocabularies.intents.items == ("flight",)


def test_inventory_without_intents_and_slots() -> None:
    vocabularies = Vocabularies.of([Example("hello", tokenize("hello"), ("O",))])
    assert vocabularies.tags.items == ("O",)
    assert len(vocabularies.intents) == 0
