"""Which tokens stand in known lists of names: cities, airports, airlines. The network reads it beside the words.

A list is searched for the longest names from left to right, as folded words, so that `new york city` is one name of a
list that has `york` and `new york` too.

Shapes: T tokens, L lists.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from slotfill.tokenizer import fold, tokenize
from slotfill.vocabulary import SPECIALS, UNKNOWN, Gazetteers, Vocabulary

Matches = NDArray[np.float32]

_FIRST = len(SPECIALS)
_KEPT = 16_384  # runs that need not be searched for again: what is kept must not fill the memory


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
        self._runs = gazetteers.entries
        self._numbers: dict[str, int] = {}  # of runs seen; no `lru_cache`, since a matcher goes to other processes

    def match(self, sentence: Sequence[str]) -> Matches:
        """Two columns for each list, with a 1 where a name begins and where it goes on: (T, 2L), of folded words."""
        matches = np.zeros((len(sentence), self.size), dtype=np.float32)
        if not self.size:
            return matches
        ends = [0] * (self.size // 2)  # where the last name of each list ends
        for start, word in enumerate(sentence):
            number = self._numbers.get(word) or self._number(word)
            if number == UNKNOWN:  # no name begins so
                continue
            for place, end in self._longest(sentence, start, word, number).items():
                if ends[place] <= start:
                    matches[start, 2 * place] = 1
                    if end > start + 1:
                        matches[start + 1 : end, 2 * place + 1] = 1
                    ends[place] = end
        return matches

    def _number(self, run: str) -> int:
        number = self._numbers.get(run)
        if number is None:
            number = self._runs.id(run)
            if len(self._numbers) < _KEPT:
                self._numbers[run] = number
        return number

    def _longest(self, sentence: Sequence[str], start: int, run: str, number: int) -> dict[int, int]:
        """For each list that has a name from `start` on, where its longest one ends; `run` is the first word."""
        found: dict[int, int] = {}
        end = start + 1
        while number != UNKNOWN:
            for place in _lists(number - _FIRST):
                found[place] = end
            if end == len(sentence):
                break
            run = f"{run} {sentence[end]}"
            number = self._numbers.get(run) or self._number(run)
            end += 1
        return found


@lru_cache(maxsize=4096)
def _lists(number: int) -> tuple[int, ...]:
    """The numbers of the lists whose bits are set."""
    return tuple(place for place in range(number.bit_length()) if number >> place & 1)
