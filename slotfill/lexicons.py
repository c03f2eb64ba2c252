"""Which tokens stand in known lists of names: cities, airports, airlines. The network reads it beside the words.

A list is searched for the longest names from left to right, as folded words, so that `new york city` is one name of a
list that has `york` and `new york` too.

Shapes: T tokens, L lists.
"""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from slotfill.tokenizer import fold, tokenize

Marks = NDArray[np.float32]


def as_words(name: str) -> str:
    """A name as the words that a text is searched for, with a space between each two."""
    return " ".join(fold(token.text) for token in tokenize(name))


class Lexicons:
    """Finds the names of lists that `as_words` has prepared."""

    def __init__(self, lists: Mapping[str, Iterable[str]]) -> None:
        self.size = 2 * len(lists)
        # by first word, longest first: words and number of the list
        self._names: dict[str, list[tuple[list[str], int]]] = {}
        for number, names in enumerate(lists.values()):
            for name in names:
                words = name.split(" ")
                self._names.setdefault(words[0], []).append((words, number))
        for found in self._names.values():
            found.sort(key=lambda entry: -len(entry[0]))

    def marks(self, sentence: Sequence[str]) -> Marks:
        """Two columns for each list, with a 1 where a name begins and where it goes on: (T, 2L), of folded words."""
        marks = np.zeros((len(sentence), self.size), dtype=np.float32)
        if not self.size:
            return marks
        ends = [0] * (self.size // 2)
        for start, word in enumerate(sentence):
            for words, number in self._names.get(word, ()):
                end = start + len(words)
                if ends[number] <= start and list(sentence[start:end]) == words:
                    marks[start, 2 * number] = 1
                    marks[start + 1 : end, 2 * number + 1] = 1
                    ends[number] = end
        return marks
