"""Strings -> ids: open vocabularies (folded words, characters) and closed label sets (tags, intents).

A vocabulary is built from the train split only. Its ids 0 and 1 are padding, and whatever training has not seen.
A label set has neither.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from slotfill.errors import BundleError
from slotfill.folding import PLAIN, Fold, folding_named, key_of
from slotfill.intents import parts_of
from slotfill.schema import Example
from slotfill.tags import OUTSIDE

PAD, UNKNOWN = 0, 1
SPECIALS = ("<pad>", "<unk>")
# A table is read whole after so many searches, and one more for so many lines: they have taken as long as that does.
_SEARCHES, _LINES = 100, 32
_LARGE = 4 << 20  # bytes of a table that is never read whole
MAX_CHARACTERS = 32  # of a token that a network reads: one absurdly long must not make a wide array


class Vocabulary:
    """An open set of strings, most frequent first; unseen strings have the id `UNKNOWN`.

    A vocabulary from a file is not parsed at first: each string is looked up in the file's bytes by bisection, so that
    a large vocabulary costs nothing at the start. After as many searches as take longer than that, it is.
    """

    def __init__(self, items: Iterable[str], *, key: Fold | None = None) -> None:
        """Number `items` (without the specials) from 2; `key` makes the string to look up, if it is another."""
        self.key = key
        # without the specials: a token spelt `<pad>` is an ordinary one, and unknown
        self._ids = {item: number for number, item in enumerate(items, start=len(SPECIALS))}
        self._table = b""  # the file's bytes; `_ids` then caches what was found
        self._searches = 0  # until all of the table is in `_ids`; -1 if it never will be
        self._size = len(SPECIALS) + len(self._ids)
        self._limit = self._size

    @classmethod
    def ranked(cls, counts: Mapping[str, int], *, key: Fold | None = None) -> "Vocabulary":
        """A vocabulary of the strings counted, most frequent first, then in alphabetical order."""
        return cls(sorted(counts, key=lambda item: (-counts[item], item)), key=key)

    @classmethod
    def of_table(cls, table: bytes, *, key: Fold | None = None, limit: int | None = None) -> "Vocabulary":
        """The vocabulary whose `table` this is; ids are below `limit` (None: the number of strings).

        A line that is none is found when it is looked up, which then raises BundleError.
        """
        vocabulary = cls((), key=key)
        vocabulary._table = table
        vocabulary._size += table.count(b"\n")
        vocabulary._limit = vocabulary._size if limit is None else limit
        vocabulary._searches = _SEARCHES + vocabulary._size // _LINES
        return vocabulary

    def table(self) -> bytes:
        """One line `string<TAB>id` per string, sorted by UTF-8 bytes for bisection."""
        if self._table:
            return self._table
        rows = enumerate(self.items[len(SPECIALS) :], start=len(SPECIALS))
        return b"".join(sorted(f"{item}\t{number}\n".encode() for number, item in rows))

    @property
    def items(self) -> tuple[str, ...]:
        """All strings in the order of their ids, the specials first."""
        if not self._table:
            return (*SPECIALS, *self._ids)
        rows = [line.split("\t") for line in self._table.decode().split("\n")[:-1]]
        return (*SPECIALS, *(item for item, _ in sorted(rows, key=lambda row: int(row[1]))))

    def id(self, item: str) -> int:
        """The id of a string, or `UNKNOWN`."""
        if self.key is not None:
            item = self.key(item)
        searches = self._searches  # before `_ids`, which another thread may complete meanwhile
        number = self._ids.get(item)
        if number is not None:
            return number
        if not searches:
            return UNKNOWN
        number = self._search(item.encode(errors="surrogatepass") + b"\t")
        if number != UNKNOWN:  # there is no end of unseen strings: to cache them would fill the memory
            self._ids[item] = number
        if searches > 1:
            self._searches = searches - 1
        elif searches == 1:
            self._complete()
        return number

    def _complete(self) -> None:
        """Read all of the table, unless it would fill much memory, or has a line that is none."""
        ids = self._read() if len(self._table) <= _LARGE else None
        if ids is None:
            self._searches = -1
        else:
            self._ids = ids
            self._searches = 0

    def _read(self) -> dict[str, int] | None:
        """The strings of the table and their ids; None if a line is none."""
        try:
            lines = self._table.decode(errors="surrogatepass").split("\n")[:-1]
        except UnicodeDecodeError:
            return None
        rows = [line.partition("\t") for line in lines]
        if not all(digits.isdecimal() and digits.isascii() and len(digits) < 10 for _, _, digits in rows):
            return None
        ids = {item: int(digits) for item, _, digits in rows}
        return ids if all(len(SPECIALS) <= number < self._limit for number in ids.values()) else None

    def _search(self, key: bytes) -> int:
        """Bisect the table for the line that begins with `key`."""
        table, low, high = self._table, 0, len(self._table)  # `low` and `high` are beginnings of lines
        while low < high:
            start = table.rfind(b"\n", low, (low + high) // 2) + 1 or low
            end = table.find(b"\n", start)
            if table.startswith(key, start):
                digits = table[start + len(key) : end]
                if not digits.isdigit() or len(digits) > 999 or not len(SPECIALS) <= int(digits) < self._limit:
                    word, number = (part.decode(errors="replace") for part in (key[:40], digits[:40]))
                    raise BundleError(f"the model's words are damaged: got {number!r} as the number of {word[:-1]!r}")
                return int(digits)
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
    """A closed set of strings, in alphabetical order."""

    def __init__(self, items: Iterable[str]) -> None:
        self.items = tuple(sorted(set(items)))
        self._ids = {item: number for number, item in enumerate(self.items)}

    def id(self, item: str) -> int:
        """The id of a label; KeyError if it is not in the set."""
        return self._ids[item]

    def __len__(self) -> int:
        return len(self.items)

    def __contains__(self, item: str) -> bool:
        return item in self._ids


class Gazetteers(NamedTuple):
    """Named lists of names, as slotfill/gazetteers.py searches them."""

    names: tuple[str, ...]
    entries: Vocabulary  # folded names and their beginnings; id: 2 + the sum of 2 ** list over the name's lists


NO_GAZETTEERS = Gazetteers((), Vocabulary(()))


class Vocabularies(NamedTuple):
    """The vocabularies and label sets of one network, and the folding that makes the forms of tokens."""

    words: Vocabulary  # forms
    characters: Vocabulary  # of the forms
    tags: LabelSet
    intents: LabelSet  # empty where the data has none
    gazetteers: Gazetteers = NO_GAZETTEERS
    fold: Fold = folding_named(PLAIN)

    @classmethod
    def of(
        cls,
        examples: Iterable[Example],
        *,
        gazetteers: Gazetteers = NO_GAZETTEERS,
        sets: bool = False,
        folding: str = PLAIN,
    ) -> "Vocabularies":
        """The vocabularies of a train split; with `sets`, the intents are the single ones of `flight#airfare`."""
        fold, key = folding_named(folding), key_of(folding)
        forms: Counter[str] = Counter()
        tags: set[str] = {OUTSIDE}
        intents: set[str] = set()
        for example in examples:
            forms.update(fold(token.text) for token in example.tokens)
            tags.update(example.tags)
            if example.intent is not None:
                intents.update(parts_of(example.intent) if sets else [example.intent])
        words: Counter[str] = Counter()
        characters: Counter[str] = Counter()
        for form, count in forms.items():
            words[key(form) if key else form] += count
            characters.update(dict.fromkeys(form, count))
        return cls(
            Vocabulary.ranked(words, key=key),
            Vocabulary.ranked(characters),
            LabelSet(tags),
            LabelSet(intents),
            gazetteers,
            fold,
        )
