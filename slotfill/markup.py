"""A sentence with its slots in brackets, as slotfill/readers/markup.py reads it.

A module of its own, so that `slotfill tag --format markup` need not import the readers.
"""

import re
from collections.abc import Iterable

COLON = "\\:"  # in a name, since `(cuisine:norwegian)` is a name and a value
CONTROLS = {"t": "\t", "n": "\n", "r": "\r"}  # by their letters after a backslash
_LETTERS = {control: letter for letter, control in CONTROLS.items()}


def render(text: str, spans: Iterable[tuple[int, int, str]], *, intent: str | None) -> str:
    """One line of markup: the text with each span (start, end, name; in order) in brackets."""
    pieces = []
    done = 0
    for start, end, name in spans:
        pieces.append(f"{_escape(text[done:start])}[{_escape(text[start:end])}]({_escape(name).replace(':', COLON)})")
        done = end
    line = "".join(pieces) + _escape(text[done:])
    return line if intent is None else f"{line}\t{intent}"


def _escape(text: str) -> str:
    return re.sub(r"[\[\])\\\t\n\r]", lambda match: "\\" + _LETTERS.get(match[0], match[0]), text)
