"""Marks in a line: `[text](body)`, `[text]{body}` and `[text][{body}]`, found in one pass.

A regular expression would look for the end of each bracket that is never closed, and so take a quarter of an hour for
a megabyte of them.
"""

from collections.abc import Iterator
from typing import NamedTuple

_CLOSING = {"(": ")", "{": "}"}


class Mark(NamedTuple):
    """Characters `start` to `end` (half-open) of a line; `sign` is `(`, `{` or `[`, and begins `body`."""

    start: int
    end: int
    text: str  # between the first brackets; never empty
    sign: str
    body: str  # without parentheses, but with braces


def marks_in(line: str, *, signs: str) -> Iterator[Mark]:
    """The marks of a line, from left to right, whose second bracket is one of `signs`.

    >>> [mark.body for mark in marks_in('[Oslo](city) [Rome]{"entity": "city"} [x', signs="({[")]
    ['city', '{"entity": "city"}']
    """
    unclosed: set[str] = set()  # from here on
    at = 0
    while (start := line.find("[", at)) >= 0 and (close := line.find("]", start)) >= 0:
        at, sign = close + 1, line[close + 1 : close + 2]
        if close == start + 1 or not sign or sign not in signs or sign in unclosed:
            continue
        body = _in_list(line, close + 2) if sign == "[" else _until(line, close + 1, _CLOSING[sign])
        if body is not None:
            text = line[start + 1 : close]
            end = close + 1 + len(body) + (2 if sign == "[" else 0)
            yield Mark(start, end, text, sign, body[1:-1] if sign == "(" else body)
            at = end
        elif sign != "[":
            unclosed.add(sign)


def _until(line: str, start: int, closing: str) -> str | None:
    """The piece from a bracket to the one that closes it; None if none does."""
    end = line.find(closing, start)
    return None if end < 0 else line[start : end + 1]


def _in_list(line: str, start: int) -> str | None:
    """The objects in a list that begins before `start`; None if it is not closed or has something else."""
    end = line.find("]", start)
    piece = line[start:end] if end >= 0 else ""
    return piece if len(piece) > 1 and piece[0] == "{" and piece[-1] == "}" else None
