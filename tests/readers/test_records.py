"""Rows of tables in memory, as pandas and datasets give them."""

import math
from typing import Any

import numpy as np
import pytest

from slotfill import read_records
from slotfill.errors import InputError

SPAN = {"start": 3, "end": 7, "label": "city"}


def test_rows_with_spans() -> None:
    rows: list[dict[str, Any]] = [
        {"text": "to Rome", "spans": [SPAN], "intent": "go", "id": 7},
        {"text": "to Oslo", "spans": [(3, 7, "city")], "intent": math.nan},
        {"text": "hello", "spans": [], "intent": None},
    ]
    found = read_records(rows)
    assert [example.tags for example in found] == [("O", "B-city"), ("O", "B-city"), ("O",)]
    assert [example.intent for example in found] == ["go", None, None]


def test_a_span_inside_a_word_cuts_it() -> None:
    (found,) = read_records([{"text": "vol d'Alger", "spans": [(6, 11, "city")]}])
    assert [token.text for token in found.tokens][-1] == "Alger"


def test_rows_with_tags_of_any_scheme() -> None:
    (found,) = read_records([{"tokens": ["to", "New", "York"], "tags": ["O", "B-city", "L-city"]}])
    assert (found.text, found.tags) == ("to New York", ("O", "B-city", "I-city"))


def test_tags_as_numbers_and_arrays() -> None:
    rows = [{"tokens": np.array(["to", "Rome"]), "tags": np.array([0, 1])}]
    assert read_records(rows, tag_names=["O", "B-city"])[0].tags == ("O", "B-city")


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ({"text": "to Rome", "spans": [{"start": 3, "end": 6, "label": "city"}]}, "ends at character 6, inside"),
        ({"text": "to Rome", "spans": [{"start": 3, "end": 9, "label": "city"}]}, "the text's length"),
        ({"sentence": "to Rome", "entities": []}, "rename the columns entities, sentence"),
        ({"text": " ", "slots": []}, "the text is empty"),
        ({"tokens": ["a"], "tags": [3]}, "pass tag_names"),
        ({"tokens": ["a"], "tags": ["O", "O"]}, "expected a tag for each token"),
        ({"tokens": "a", "tags": ["O"]}, "expected `tokens` and `tags` as lists"),
        ("to Rome", "expected a dictionary, got str"),
    ],
)
def test_a_faulty_row_is_named(row: Any, problem: str) -> None:
    good = {"tokens": ["a"], "tags": ["O"]} if isinstance(row, dict) and "tags" in row else {"text": "a", "spans": []}
    with pytest.raises(InputError) as error:
        read_records([good, row])
    assert str(error.value).startswith("row 1: ")
    assert problem in str(error.value)


def test_no_row_is_an_error() -> None:
    with pytest.raises(InputError, match="no row"):
        read_records([])
