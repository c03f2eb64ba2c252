"""The access log, written by a thread of its own: a reader that stalls, or has gone, must not stop the server."""

import os
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from queue import Empty, SimpleQueue
from threading import Thread
from time import sleep

_MOST = 10_000  # lines that wait for the reader; what comes then is lost, and counted
_PAUSE = 0.02  # seconds in which lines gather: a write for each would take the interpreter from those who answer
_GRACE = 1.0  # seconds at the end for the lines that wait


class AccessLog:
    """Lines to a file descriptor; calling it takes no time."""

    def __init__(self, descriptor: int) -> None:
        """`descriptor` is written to without a buffer, so that nothing is left to write when the process ends."""
        self._descriptor = descriptor
        self._lines: SimpleQueue[str | None] = SimpleQueue()  # in C: to put takes no lock of Python's
        self.lost = 0
        self._thread = Thread(target=self._work, name="access log", daemon=True)
        self._thread.start()

    def __call__(self, line: str) -> None:
        """Write a line within some hundredths of a second, or count it as lost if too many wait."""
        if self._lines.qsize() < _MOST:
            self._lines.put(line)
        else:
            self.lost += 1

    def close(self) -> None:
        """Write what waits, as far as the reader takes it in a second."""
        self._lines.put(None)
        self._thread.join(_GRACE)

    def _work(self) -> None:
        goes_on = True
        while goes_on:
            lines, goes_on = self._waiting()
            rest = memoryview("".join(f"{line}\n" for line in lines).encode(errors="backslashreplace"))
            while rest:
                try:
                    rest = rest[os.write(self._descriptor, rest) :]
                except OSError:  # the reader has gone
                    break

    def _waiting(self) -> tuple[list[str], bool]:
        """All lines that wait, at least one, and whether others may follow."""
        lines: list[str] = []
        for line in islice(self._all(), _MOST):  # not for ever, if others come meanwhile
            if line is None:
                return lines, False
            lines.append(line)
        return lines, True

    def _all(self) -> Iterator[str | None]:
        yield self._lines.get()
        sleep(_PAUSE)
        with suppress(Empty):
            while True:
                yield self._lines.get_nowait()
