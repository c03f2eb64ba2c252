"""What passes between the floors: frozen dataclasses, no behaviour, only the standard library.

A text becomes tokens; tokens with tags are an example; examples in splits are a data set.
What a tagger gives back is an annotation: slots and an intent over a text.
All offsets are half-open and count Unicode code points: `text[start:end]` is the piece meant.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of text with its character span."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence as a data set gives it: `tags` are IOB2, one for each token; no intent is None."""

    text: str
    tokens: tuple[Token, ...]
    tags: tuple[str, ...]
    intent: str | None = None


@dataclass(frozen=True, slots=True)
class Dataset:
    """Named splits (`train`, `dev`, `test`, `hostile`; any may be absent) of examples."""

    name: str
    splits: Mapping[str, tuple[Example, ...]]


@dataclass(frozen=True, slots=True)
class Slot:
    """A named span of the text; `confidence` is between 0 and 1."""

    name: str
    text: str
    start: int
    end: int
    confidence: float


@dataclass(frozen=True, slots=True)
class Intent:
    """What the sentence as a whole asks for; `confidence` is between 0 and 1."""

    name: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Annotation:
    """What the tagger says of one text. `tags` are IOB2, one for each token."""

    text: str
    tokens: tuple[Token, ...]
    tags: tuple[str, ...]
    slots: tuple[Slot, ...]
    intent: Intent | None
