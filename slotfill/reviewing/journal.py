"""A file that grows by whole lines: what is in it survives a kill, and nobody else writes to it meanwhile.

What was in the file is never touched, so that a review may add to a file with other content. A line is written in one
call and forced to the disk before the next sentence is shown; the last line can be taken back.
"""

import os
from contextlib import suppress
from pathlib import Path
from typing import IO

from slotfill.errors import InputError
from slotfill.locks import lock


class Journal:
    """The lines of a file, locked for this process until `close`; a process that ends gives the lock back."""

    def __init__(self, path: Path) -> None:
        """Open the file, which may be new; InputError if it cannot be written or another review has it."""
        self.path = path
        self._is_new = not path.exists()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._stream: IO[bytes] = path.open("a+b", buffering=0)  # open until `close`
        except OSError as error:
            raise InputError(f"{path}: cannot be written: {error.strerror or error}") from None
        try:
            lock(self._stream.fileno())
        except BlockingIOError:
            self._stream.close()
            raise InputError(f"{path}: another review is writing to it: end that one first") from None
        except OSError:  # no locks on this file system
            pass
        self._stream.seek(0)
        content = self._stream.read()
        self._size = len(content)
        *whole, rest = content.split(b"\n")
        self.lines = [*whole, rest] if rest else whole  # without their line ends
        self._lacks_end = bool(rest)

    def add(self, line: bytes) -> None:
        """Add a line; InputError, and nothing is written, if it cannot be, or if others have written meanwhile."""
        self._check()
        data = b"\n" * self._lacks_end + line + b"\n"
        try:
            written = self._stream.write(data)
            if written != len(data):  # a full disk takes what fits
                raise OSError(0, "the disk is full")
            os.fsync(self._stream.fileno())
        except OSError as error:
            self._cut(self._size)
            raise InputError(f"{self.path}: cannot be written: {error.strerror or error}") from None
        self._size += len(data)
        self._lacks_end = False
        self.lines.append(line)

    def take_back(self) -> None:
        """Remove the last line; IndexError if there is none."""
        self._check()
        line = self.lines[-1]
        self._cut(self._size - len(line) - (not self._lacks_end))
        self._lacks_end = False
        self.lines.pop()

    def close(self) -> None:
        """Let others write; a file that was made here and got no line is removed."""
        if self._is_new and not self._size:
            with suppress(OSError):
                self.path.unlink()
        self._stream.close()

    def _check(self) -> None:
        """InputError if the file is not as it was left: an editor may even have put another in its place."""
        ours = os.fstat(self._stream.fileno())
        try:
            is_same = os.path.samestat(self.path.stat(), ours)
        except OSError:
            is_same = False
        if not is_same or ours.st_size != self._size:
            raise InputError(f"{self.path}: another program has changed it: start the review again")

    def _cut(self, size: int) -> None:
        self._stream.truncate(size)
        os.fsync(self._stream.fileno())
        self._size = size
