"""What passes between the floors: named tuples, no behaviour, only the standard library.

A text becomes tokens; tokens with tags are an example; examples in splits are a data set.
What a tagger gives back is an annotation: slots and an intent over a text.
All offsets are half-open and count Unicode code points: `text[start:end]` is the piece meant.
"""

from collections.abc import Mapping
from typing import NamedTuple


class Token(NamedTuple):
    """A piece of text with its character span."""

    text: str
    start: int
    end: int


class Example(NamedTuple):
    """A sentence as a data set gives it: `tags` are IOB2, one for each token; no intent is None."""

    text: str
    tokens: tuple[Token, ...]
    tags: tuple[str, ...]
    intent: str | None = None


class Dataset(NamedTuple):
    """Named splits (`train`, `dev`, `test`, `hostile`; any may be absent) of examples."""

    name: str
    splits: Mapping[str, tuple[Example, ...]]


class Slot(NamedTuple):
    """A named span of the text; `confidence` is between 0 and 1."""

    name: str
    text: str
    start: int
    end: int
    confidence: float


class Intent(NamedTuple):
    """What the sentence as a whole asks for; `confidence` is between 0 and 1."""

    name: str
    confidence: float


class Annotation(NamedTuple):
    """What the tagger says of one text. `tags` are IOB2, one for each token."""

    text: str
    tokens: tuple[Token, ...]
    tags: tuple[str, ...]
    slots: tuple[Slot, ...]
    intent: Intent | None
