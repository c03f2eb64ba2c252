"""Work spread over processes."""

import errno
import os
import pickle
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import count, islice

import pytest

from slotfill.errors import InputError
from slotfill.jobs import spread
from tests.conftest import ROOT


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


class Heavy:
    """Work with more than a pipe holds, as a tagger has."""

    def __init__(self) -> None:
        self.load = bytes(10_000_000)

    def __call__(self, batch: list[str]) -> bytes:
        return str(len(self.load)).encode()


def test_work_of_any_size_reaches_a_new_interpreter() -> None:
    assert list(spread(Heavy(), [["a"]] * 3, jobs=2, start="spawn")) == [b"10000000"] * 3


@pytest.mark.skipif(os.name != "posix", reason="needs /bin/false, an interpreter that ends at once")
def test_a_process_that_dies_while_it_starts_is_told() -> None:
    """In a process of its own, since what it tests is that nothing waits for ever."""
    script = """if True:
        import multiprocessing.resource_tracker
        import multiprocessing.spawn
        from slotfill.errors import InputError
        from slotfill.jobs import spread
        from tests.test_jobs import Heavy

        if __name__ == "__main__":
            multiprocessing.resource_tracker.ensure_running()  # only the workers are to die
            multiprocessing.spawn.set_executable("/bin/false")
            try:
                list(spread(Heavy(), [["a"]] * 3, jobs=2, start="spawn"))
            except InputError as error:
                print(error)
    """
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False, cwd=ROOT
    )
    assert done.stdout.startswith("a process ended in the middle of its work"), done.stderr


def test_a_process_that_dies_while_another_starts_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise OSError(errno.EBADF, "Bad file descriptor")

    monkeypatch.setattr(ProcessPoolExecutor, "submit", broken)
    with pytest.raises(InputError, match="a process ended in the middle of its work"):
        list(spread(len, [[1]], jobs=2))


def test_no_room_for_what_a_new_interpreter_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(pickle, "dump", full)
    with pytest.raises(InputError, match="temporary files cannot be written to: No space left on device: make room"):
        list(spread(len, [[1]], jobs=2, start="spawn"))
