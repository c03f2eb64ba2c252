"""One key at a time from a terminal: a character as it is, or the name of a key (`enter`, `left`, `shift-right`)."""

import os
import re
import sys
from codecs import getincrementaldecoder
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

from slotfill.errors import InputError

QUIT = "ctrl-d"  # also what a terminal says that has gone away

_NAMES = {
    "\r": "enter",
    "\n": "enter",
    "\t": "tab",
    "\x7f": "backspace",
    "\x08": "backspace",
    "\x04": QUIT,
    "\x15": "ctrl-u",
    "\x0c": "ctrl-l",
    "\x1b": "escape",
}
# What follows ESC [ or ESC O, without what says which modifier was held.
_SEQUENCES = {
    "A": "up",
    "B": "down",
    "C": "right",
    "D": "left",
    "H": "home",
    "F": "end",
    "Z": "shift-tab",
    "1~": "home",
    "3~": "delete",
    "4~": "end",
    "5~": "page-up",
    "6~": "page-down",
    "7~": "home",
    "8~": "end",
}
_SEQUENCE = re.compile(r"\x1b[\[O](?P<number>\d*)(?:;(?P<modifier>\d+))?(?P<end>[A-Za-z~])")
_CUT = re.compile(r"\x1b(?:[\[O][\d;]*)?\Z")  # the beginning of a sequence
_PATIENCE = 0.05  # seconds in which the rest of a sequence arrives: Escape alone is a key, too
_LOOK = 0.25  # seconds between two looks at the size of the terminal


class Keys(Protocol):
    """Where keys come from."""

    def __call__(self, changed: Callable[[], None]) -> str:
        """The next key; `changed` is called when the screen must be drawn again meanwhile."""


def parsed(typed: str, *, whole: bool = True) -> tuple[list[str], str]:
    r"""The keys in what a terminal has sent, and a rest that may be the beginning of one, unless it is `whole`.

    >>> parsed("a\x1b[1;2C\r")
    (['a', 'shift-right', 'enter'], '')
    >>> parsed("\x1b[", whole=False)
    ([], '\x1b[')
    """
    keys: list[str] = []
    at = 0
    while at < len(typed):
        if not whole and _CUT.match(typed, at):
            return keys, typed[at:]
        if match := _SEQUENCE.match(typed, at):
            keys += _of_sequence(match)
            at = match.end()
            continue
        character = typed[at]
        if character in _NAMES or character.isprintable():
            keys.append(_NAMES.get(character, character))
        at += 1
    return keys, ""


def _of_sequence(match: re.Match[str]) -> list[str]:
    """The key of a sequence; none for a key that means nothing here."""
    end = match["end"]
    name = _SEQUENCES.get(match["number"] + end if end == "~" else end)
    if name is None:
        return []
    is_shifted = match["modifier"] == "2" and name in ("left", "right", "home", "end")
    return [f"shift-{name}" if is_shifted else name]


@contextmanager
def keyboard() -> Iterator[Keys]:
    """The keys of the terminal behind standard input, which is as before when the block ends.

    InputError if there is none.
    """
    if sys.stdin is None or not sys.stdin.isatty():
        raise InputError(
            "a review asks by keys: run it in a terminal, or in a browser with slotfill serve --review FILE"
        )
    with _opened() as keys:
        yield keys


if os.name == "nt":
    import msvcrt

    _WINDOWS = {"H": "up", "P": "down", "K": "left", "M": "right", "G": "home", "O": "end", "S": "delete"}
    _WINDOWS |= {"s": "shift-left", "t": "shift-right", "I": "page-up", "Q": "page-down"}  # s and t: with Ctrl

    @contextmanager
    def _opened() -> Iterator[Keys]:
        yield _key

    def _key(changed: Callable[[], None]) -> str:
        while True:
            character = msvcrt.getwch()  # type: ignore[attr-defined,unused-ignore]
            if character == "\x03":
                raise KeyboardInterrupt
            if character in "\0\xe0":
                character = _WINDOWS.get(msvcrt.getwch(), "")  # type: ignore[attr-defined,unused-ignore]
                if character:
                    return character
            elif keys := parsed(character)[0]:
                return keys[0]

else:
    import select
    import termios
    import tty

    @contextmanager
    def _opened() -> Iterator[Keys]:
        terminal = _Terminal(sys.stdin.fileno())
        try:
            yield terminal
        finally:
            terminal.restore()

    class _Terminal:
        """A terminal in which keys are read at once and not echoed; Ctrl-C and Ctrl-Z work as ever."""

        def __init__(self, file: int) -> None:
            self._file = file
            self._before = termios.tcgetattr(file)
            self._keys: list[str] = []
            self._rest = ""
            self._decoder = getincrementaldecoder("utf-8")(errors="replace")
            tty.setcbreak(file)
            self._size = self._measure()

        def restore(self) -> None:
            termios.tcsetattr(self._file, termios.TCSADRAIN, self._before)

        def __call__(self, changed: Callable[[], None]) -> str:
            while not self._keys:
                wait = _PATIENCE if self._rest else _LOOK
                if select.select([self._file], [], [], wait)[0]:
                    self._read()
                elif self._rest:
                    self._keys, self._rest = parsed(self._rest)
                elif self._is_other():
                    changed()
            return self._keys.pop(0)

        def _read(self) -> None:
            try:
                block = os.read(self._file, 1024)
            except OSError:  # the terminal has gone
                block = b""
            if not block:
                self._keys = [QUIT]
                return
            typed = self._decoder.decode(block)
            self._keys, self._rest = parsed(self._rest + typed, whole=False)

        def _measure(self) -> tuple[int, int] | None:
            try:
                size = os.get_terminal_size(self._file)
            except OSError:
                return None
            return size.columns, size.lines

        def _is_other(self) -> bool:
            """Whether the terminal has another size, or a shell has set it back while this stood still (Ctrl-Z)."""
            before, self._size = self._size, self._measure()
            is_back = bool(termios.tcgetattr(self._file)[3] & termios.ICANON)
            if is_back:
                tty.setcbreak(self._file)
            return is_back or self._size != before
