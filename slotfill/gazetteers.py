"""Which tokens are in known lists of names (cities, airports, airlines): a further input of the network.

In each list the longest names are found, from left to right, by folded words: `new york city` is one name, even where
the list also has `york` and `new york`.

Shapes: T tokens, L lists.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

from slotfill.folding import Fold
from slotfill.tokenizer import fold, tokenize
from slotfill.vocabulary import SPECIALS, UNKNOWN, Gazetteers, Vocabulary

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from slotfill.tokenizers import Tokenizer

    Matches: TypeAlias = NDArray[np.float32]

_FIRST = len(SPECIALS)
_CACHE_SIZE = 16_384  # phrases


def build_gazetteers(
    lists: Mapping[str, Iterable[str]],
    *,
    tokenizer: "Tokenizer" = tokenize,
    fold: Fold = fold,
    key: Fold | None = None,
) -> Gazetteers:
    """Prepare lists of names (by list name) for `GazetteerMatcher`; a name without a token is ignored.

    `fold` and `key` are those of the vocabulary (slotfill/folding.py).
    """
    marks = _marks_of(lists, tokenizer=tokenizer, fold=fold, key=key)
    return _of_marks(tuple(lists), marks, key=key)


def extended(
    old: Gazetteers,
    lists: Mapping[str, Iterable[str]],
    *,
    tokenizer: "Tokenizer" = tokenize,
    fold: Fold = fold,
    key: Fold | None = None,
) -> Gazetteers:
    """The lists of `old` in their places, then those of `lists`; one that `old` has by its name takes its place.

    >>> old = build_gazetteers({"city": ["Rome"], "dish": ["pho"]})
    >>> now = extended(old, {"dish": ["green curry"], "area": ["bar"]})
    >>> now.names, GazetteerMatcher(now).match(["rome", "pho", "bar"]).tolist()
    (('city', 'dish', 'area'), [[1.0, 0.0, 0.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0, 0.0, 0.0], \
[0.0, 0.0, 0.0, 0.0, 1.0, 0.0]])
    """
    names = tuple(dict.fromkeys((*old.names, *lists)))
    stay = sum(1 << place for place, name in enumerate(old.names) if name not in lists)
    marks: dict[str, int] = {}
    for line in old.entries.table().decode(errors="surrogatepass").split("\n")[:-1]:
        run, _, number = line.rpartition("\t")
        _mark(marks, run.split(" "), int(number) - _FIRST & stay)
    added = {name: lists.get(name, ()) for name in names}
    for run, mark in _marks_of(added, tokenizer=tokenizer, fold=fold, key=key).items():
        marks[run] = marks.get(run, 0) | mark
    return _of_marks(names, marks, key=key)


def _marks_of(
    lists: Mapping[str, Iterable[str]], *, tokenizer: "Tokenizer", fold: Fold, key: Fold | None
) -> dict[str, int]:
    """The names of the lists and their beginnings, each with a bit for each list that has it as a name."""
    marks: dict[str, int] = {}
    for place, names in enumerate(lists.values()):
        for name in names:
            _mark(marks, [fold(token.text) for token in tokenizer(name)], 1 << place, key=key)
    return marks


def _mark(marks: dict[str, int], words: Sequence[str], mark: int, *, key: Fold | None = None) -> None:
    """Add the mark to the name of these words, and its beginnings with none; nothing without a mark."""
    for end in range(1, len(words) + 1 if mark else 0):
        run = " ".join(words[:end])
        run = key(run) if key else run
        marks[run] = marks.get(run, 0) | (mark if end == len(words) else 0)


def _of_marks(names: tuple[str, ...], marks: Mapping[str, int], *, key: Fold | None) -> Gazetteers:
    lines = (f"{run}\t{_FIRST + number}\n".encode(errors="surrogatepass") for run, number in marks.items())
    limit = _FIRST + 2 ** len(names)  # each id is a set of lists
    return Gazetteers(names, Vocabulary.of_table(b"".join(sorted(lines)), key=key, limit=limit))


class GazetteerMatcher:
    """Finds the names of gazetteers in sentences."""

    def __init__(self, gazetteers: Gazetteers) -> None:
        self.size = 2 * len(gazetteers.names)
        self._entries = gazetteers.entries
        self._cache: dict[str, tuple[int, ...] | None] = {}  # results of `_lists_of`

    def match(self, sentence: Sequence[str]) -> "Matches":
        """For folded words, (T, 2L): per list a column of 1s where a name begins, and one where it continues."""
        return self.columns(self.marks(sentence))

    def columns(self, marks: Sequence[int]) -> "Matches":
        """Marks as columns, (T, 2L)."""
        import numpy as np  # late: a single sentence does without

        matches = np.zeros((len(marks), self.size), dtype=np.float32)
        for row, column in places_of(marks):
            matches[row, column] = 1
        return matches

    def marks(self, sentence: Sequence[str]) -> list[int]:
        """For folded words, the columns of `match` that are 1, as bits of a number for each word; most are 0."""
        marks = [0] * len(sentence)
        if not self.size:
            return marks
        ends = [0] * (self.size // 2)  # where the last name of each list ends
        last, latest = len(sentence) - 1, 0  # the latest of the ends
        known = self._cache
        for start, word in enumerate(sentence):
            lists = known[word] if word in known else self._lists_of(word)
            if lists is None:
                continue
            if latest <= start and (start == last or self._lists_of(f"{word} {sentence[start + 1]}") is None):
                marks[start] = _beginnings(lists)  # most names are one word, in no longer one
                continue
            for place, end in self._longest(sentence, start, lists).items():
                if ends[place] <= start:
                    marks[start] |= 1 << 2 * place
                    for number in range(start + 1, end):
                        marks[number] |= 2 << 2 * place
                    ends[place] = end
                    latest = max(latest, end)
        return marks

    def _longest(self, sentence: Sequence[str], start: int, first: tuple[int, ...]) -> dict[int, int]:
        """The end of the longest name at `start` in each list that has one; `first` are those with its first word."""
        ends = dict.fromkeys(first, start + 1)
        run = sentence[start]
        for end in range(start + 1, len(sentence)):
            run = f"{run} {sentence[end]}"
            lists = self._lists_of(run)
            if lists is None:
                break
            for place in lists:
                ends[place] = end + 1
        return ends

    def _lists_of(self, run: str) -> tuple[int, ...] | None:
        """The lists that have this phrase as a name; None if no name begins with it.

        Without the cache this would take 110 of 300 microseconds per sentence. `lru_cache` cannot be pickled, and a
        matcher is sent to other processes.
        """
        if run in self._cache:
            return self._cache[run]
        number = self._entries.id(run)
        lists = None if number == UNKNOWN else _bits(number - _FIRST)
        if len(self._cache) < _CACHE_SIZE:
            self._cache[run] = lists
        return lists


def places_of(marks: Sequence[int]) -> Iterator[tuple[int, int]]:
    """The words and columns that marks tell."""
    for row, mark in enumerate(marks):
        for column in _bits(mark) if mark else ():
            yield row, column


@lru_cache(maxsize=4096)
def _beginnings(lists: tuple[int, ...]) -> int:
    """The mark of a word with which a name begins in each of these lists."""
    return sum(1 << 2 * place for place in lists)


@lru_cache(maxsize=4096)
def _bits(number: int) -> tuple[int, ...]:
    """The positions of the bits that are set."""
    return tuple(place for place in range(number.bit_length()) if number >> place & 1)
