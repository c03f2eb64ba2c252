"""Work spread over processes."""

import os
import time
from collections.abc import Iterator
from itertools import count, islice

import pytest

from slotfill.errors import InputError
from slotfill.jobs import spread


def shout(batch: list[str]) -> bytes:
    """The first batch takes longest."""
    time.sleep(0.05 if batch[0] == "0" else 0)
    return " ".join(batch).upper().encode()


def die(batch: list[str]) -> bytes:
    os._exit(3)


def fail(batch: list[str]) -> bytes:
    raise InputError(f"no {batch[0]}")


def test_results_keep_their_order() -> None:
    batches = [[str(number), "a"] for number in range(50)]
    assert list(spread(shout, batches, jobs=3)) == [f"{number} A".encode() for number in range(50)]


def test_an_empty_batch_asks_for_all_that_is_there() -> None:
    given = []

    def batches() -> Iterator[list[str]]:
        yield ["0"]
        yield ["1"]
        yield []
        given.append("the wait")
        yield ["2"]

    results = spread(shout, batches(), jobs=2)
    assert [next(results), next(results)] == [b"0", b"1"]
    assert given == []
    assert list(results) == [b"2"]
    assert given == ["the wait"]


def test_input_without_end_is_not_read_ahead_for_ever() -> None:
    taken = []

    def batches() -> Iterator[list[str]]:
        for number in count():
            taken.append(number)
            yield [str(number)]

    results = spread(shout, batches(), jobs=2)
    assert list(islice(results, 20)) == [str(number).encode() for number in range(20)]
    assert len(taken) <= 20 + 2 * 2 + 1


def test_a_process_that_dies_is_an_error() -> None:
    with pytest.raises(InputError, match="fewer --jobs"):
        list(spread(die, [["a"], ["b"]], jobs=2))


def test_an_error_in_a_process_is_the_error() -> None:
    with pytest.raises(InputError, match="no a"):
        list(spread(fail, [["a"], ["b"]], jobs=2))
