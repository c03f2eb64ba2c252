"""The access log: in order and whole while it is read, and no burden if it is not."""

import contextlib
import os
import threading
from collections.abc import Iterator
from threading import Thread

import pytest

from slotfill.server import access_log
from slotfill.server.access_log import AccessLog

PATIENCE = 30  # seconds; a guard against hanging, not a measure


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    ends = os.pipe()
    yield ends
    with contextlib.suppress(OSError):
        os.close(ends[0])
    for thread in threading.enumerate():  # or it would write to whatever has the number of its pipe next
        if thread.name == "access log":
            thread.join(PATIENCE)
    os.close(ends[1])


def test_lines_come_in_order(pipe: tuple[int, int]) -> None:
    log = AccessLog(pipe[1])
    for number in range(500):
        log(f"line {number}, Zürich")
    log.close()
    assert os.read(pipe[0], 1 << 20).decode().splitlines() == [f"line {number}, Zürich" for number in range(500)]
    assert log.lost == 0


def test_a_reader_that_stalls_holds_nobody_up(pipe: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access_log, "_GRACE", 0.1)
    log = AccessLog(pipe[1])
    for _ in range(40_000):  # more than the pipe, the writer and the queue hold
        log("x" * 100)
    assert log.lost > 0
    log.close()  # though nobody reads


def test_the_end_waits_for_no_reader(pipe: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access_log, "_GRACE", 0.1)
    log = AccessLog(pipe[1])
    for _ in range(3_000):  # more than the pipe holds, and fewer than the queue
        log("x" * 100)
    end = Thread(target=log.close, daemon=True)
    end.start()
    end.join(PATIENCE)
    assert not end.is_alive()


def test_half_a_surrogate_pair_is_written_too(pipe: tuple[int, int]) -> None:
    log = AccessLog(pipe[1])
    log("\ud800")
    log("next")
    log.close()
    assert os.read(pipe[0], 1 << 20) == b"\\ud800\nnext\n"


def test_a_reader_that_has_gone_is_no_error(pipe: tuple[int, int]) -> None:
    log = AccessLog(pipe[1])
    os.close(pipe[0])
    log("to nobody")
    log("nor this")
    log.close()
    assert log.lost == 0
