"""Which tokens stand in known lists of names: cities, airports, airlines. The network reads it beside the words.

A list is searched for the longest names from left to right, as folded words, so that `new york city` is one name of a
list that has `york` and `new york` too.

Shapes: T tokens, L lists.
"""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from slotfill.tokenizer import fold, tokenize
from slotfill.vocabulary import SPECIALS, UNKNOWN, Gazetteers, Vocabulary

Matches = NDArray[np.float32]

_FIRST = len(SPECIALS)
_KEPT = 16_384  # runs of words that need not be searched for again: they must not fill the memory


def build_gazetteers(lists: Mapping[str, Iterable[str]]) -> Gazetteers:
    """Names by list, made ready to be searched for; a name without a token is none."""
    numbers: dict[str, int] = {}
    for place, names in enumerate(lists.values()):
        for name in names:
            words = [fold(token.text) for token in tokenize(name)]
            for end in range(1, len(words) + 1):
                run = " ".join(words[:end])
                numbers[run] = numbers.get(run, 0) | (1 << place if end == len(words) else 0)
    lines = (f"{run}\t{_FIRST + number}\n".encode(errors="surrogatepass") for run, number in numbers.items())
    return Gazetteers(tuple(lists), Vocabulary.of_table(b"".join(sorted(lines))))


class GazetteerMatcher:
    """Finds the names of gazetteers in sentences."""

    def __init__(self, gazetteers: Gazetteers) -> None:
        self.size = 2 * len(gazetteers.names)
        self._entries = gazetteers.entries
        self._seen: dict[str, tuple[int, ...] | None] = {}  # what `_lists_of` gave; at most `_KEPT` runs

    def match(self, sentence: Sequence[str]) -> Matches:
        """Two columns for each list, with a 1 where a name begins and where it goes on: (T, 2L), of folded words."""
        matches = np.zeros((len(sentence), self.size), dtype=np.float32)
        if not self.size:
            return matches
        ends = [0] * (self.size // 2)  # where the last name of each list ends
        seen = self._seen
        for start, word in enumerate(sentence):
            lists = seen[word] if word in seen else self._lists_of(word)
            if lists is None:  # no name begins so
                continue
            for place, end in self._longest(sentence, start, lists).items():
                if ends[place] <= start:
                    matches[start, 2 * place] = 1
                    if end > start + 1:
                        matches[start + 1 : end, 2 * place + 1] = 1
                    ends[place] = end
        return matches

    def _longest(self, sentence: Sequence[str], start: int, first: tuple[int, ...]) -> dict[int, int]:
        """For each list that has a name from `start` on, where its longest one ends; `first` have its first word."""
        found = dict.fromkeys(first, start + 1)
        run = sentence[start]
        for end in range(start + 1, len(sentence)):
            run = f"{run} {sentence[end]}"
            lists = self._lists_of(run)
            if lists is None:
                break
            for place in lists:
                found[place] = end + 1
        return found

    def _lists_of(self, run: str) -> tuple[int, ...] | None:
        """The lists that have a name of these words; None if no name begins with them.

        Most runs come again: to search for each of them would take 110 of 300 microseconds a sentence. No `lru_cache`,
        since a matcher goes to other processes.
        """
        if run in self._seen:
            return self._seen[run]
        number = self._entries.id(run)
        lists = None if number == UNKNOWN else _bits(number - _FIRST)
        if len(self._seen) < _KEPT:
            self._seen[run] = lists
        return lists


def _bits(number: int) -> tuple[int, ...]:
    """The places of the bits that are set."""
    return tuple(place for place in range(number.bit_length()) if number >> place & 1)
