"""slotfill through its Python interface."""

import sys
from collections.abc import Iterator, Sequence

from contestant import Slots, main

import slotfill


def load(model: str) -> "Ours":
    return Ours(model)


class Ours:
    """A bundle."""

    def __init__(self, model: str) -> None:
        self.tagger = slotfill.load(model)

    def slots(self, texts: Sequence[str]) -> Iterator[Slots]:
        """Of texts."""
        for annotation in self.tagger.tag(texts):
            yield [{"name": slot.name, "text": slot.text} for slot in annotation.slots]

    def tags(self, sentences: Sequence[Sequence[str]]) -> list[list[str]]:
        """Of the words as given, as the scores of the README are."""
        from slotfill.readers.alignment import align

        texts = [" ".join(words) for words in sentences]
        tokens = [align(text, words) for text, words in zip(texts, sentences, strict=True)]
        return [list(annotation.tags) for annotation in self.tagger.annotate(texts, tokens)]


def run() -> None:
    main(sys.modules[__name__])
