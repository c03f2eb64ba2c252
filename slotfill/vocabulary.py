"""Strings <-> ids: the open vocabulary (words, characters) and the closed label set (tags, intents).

A vocabulary is built from the training part only. Ids 0 and 1 are set apart: padding, and whatever
was not seen in training. A label set has neither: what is not in it does not exist for the network.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from slotfill.schema import Example
from slotfill.tags import OUTSIDE
from slotfill.tokenizer import fold

PAD, UNKNOWN = 0, 1
SPECIALS = ("<pad>", "<unk>")


class Vocabulary:
    """An open set of strings, most frequent first; unseen strings have the id `UNKNOWN`.

    A vocabulary that was read from a file is searched there and never loaded: finding a word takes as long among
    200,000 as among 1,000, and starting takes no time at all.
    """

    def __init__(self, items: Iterable[str]) -> None:
        """Number `items` (without the specials) from 2."""
        # a word that is spelt like a special is still a word, and an unknown one
        self._ids = {item: number for number, item in enumerate(items, start=len(SPECIALS))}
        self._table = b""  # of what `_ids` need not have
        self._size = len(SPECIALS) + len(self._ids)

    @classmethod
    def ranked(cls, counts: Mapping[str, int]) -> "Vocabulary":
        """The strings counted, most frequent first and then by alphabet."""
        return cls(sorted(counts, key=lambda item: (-counts[item], item)))

    @classmethod
    def of_table(cls, table: bytes) -> "Vocabulary":
        """What `table` gave."""
        vocabulary = cls(())
        vocabulary._table = table
        vocabulary._size += table.count(b"\n")
        return vocabulary

    def table(self) -> bytes:
        """A line `string<TAB>id` for each string, sorted by its UTF-8 bytes, so that a line is found by bisection."""
        if self._table:
            return self._table
        rows = enumerate(self.items[len(SPECIALS) :], start=len(SPECIALS))
        return b"".join(sorted(f"{item}\t{number}\n".encode() for number, item in rows))

    @property
    def items(self) -> tuple[str, ...]:
        """All strings, the specials included, by their ids."""
        if not self._table:
            return (*SPECIALS, *self._ids)
        rows = [line.split("\t") for line in self._table.decode().split("\n")[:-1]]
        return (*SPECIALS, *(item for item, _ in sorted(rows, key=lambda row: int(row[1]))))

    def id(self, item: str) -> int:
        """The id of a string, or `UNKNOWN`."""
        found = self._ids.get(item)
        if found is None:
            found = self._search(item.encode(errors="surrogatepass") + b"\t") if self._table else UNKNOWN
            if found != UNKNOWN:  # unseen strings are without number, and must not fill the memory
                self._ids[item] = found
        return found

    def _search(self, key: bytes) -> int:
        """Bisect the table for the line that begins with `key`."""
        table, low, high = self._table, 0, len(self._table)  # `low` and `high` are where lines begin
        while low < high:
            start = table.rfind(b"\n", low, (low + high) // 2) + 1 or low
            end = table.find(b"\n", start)
            if table.startswith(key, start):
                return int(table[start + len(key) : end])
            if table[start:end] < key:
                low = end + 1
            else:
                high = start
        return UNKNOWN

    def __len__(self) -> int:
        return self._size

    def __contains__(self, item: str) -> bool:
        return self.id(item) != UNKNOWN


class LabelSet:
    """A closed set of strings, in sorted order."""

    def __init__(self, items: Iterable[str]) -> None:
        self.items = tuple(sorted(set(items)))
        self._ids = {item: number for number, item in enumerate(self.items)}

    def id(self, item: str) -> int:
        """The id of a label; KeyError if the set does not have it."""
        return self._ids[item]

    def __len__(self) -> int:
        return len(self.items)

    def __contains__(self, item: str) -> bool:
        return item in self._ids


class Gazetteers(NamedTuple):
    """Lists of names by name of the list, for slotfill/gazetteers.py to search."""

    names: tuple[str, ...]
    entries: Vocabulary  # folded words that are or begin a name; an id is 2 + the sum of 2 ** gazetteer


NO_GAZETTEERS = Gazetteers((), Vocabulary(()))


class Vocabularies(NamedTuple):
    """Everything that a network counts by: its vocabularies and its label sets."""

    words: Vocabulary  # folded forms
    characters: Vocabulary  # of the folded forms
    tags: LabelSet
    intents: LabelSet  # empty where the data has none
    gazetteers: Gazetteers = NO_GAZETTEERS

    @classmethod
    def of(cls, examples: Iterable[Example], *, gazetteers: Gazetteers = NO_GAZETTEERS) -> "Vocabularies":
        """Take stock of a training part."""
        words: Counter[str] = Counter()
        tags, intents = {OUTSIDE}, set()
        for example in examples:
            words.update(fold(token.text) for token in example.tokens)
            tags.update(example.tags)
            if example.intent is not None:
                intents.add(example.intent)
        characters: Counter[str] = Counter()
        for word, count in words.items():
            characters.update(dict.fromkeys(word, count))
        return cls(
            Vocabulary.ranked(words), Vocabulary.ranked(characters), LabelSet(tags), LabelSet(intents), gazetteers
        )
