"""Strings <-> ids: the open vocabulary (words, characters) and the closed label set (tags, intents).

A vocabulary is built from the training part only. Ids 0 and 1 are set apart: padding, and whatever
was not seen in training. A label set has neither: what is not in it does not exist for the network.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from slotfill.schema import Example
from slotfill.tags import OUTSIDE
from slotfill.tokenizer import fold

PAD, UNKNOWN = 0, 1
SPECIALS = ("<pad>", "<unk>")


class Vocabulary:
    """An open set of strings, most frequent first; unseen strings have the id `UNKNOWN`."""

    def __init__(self, items: Iterable[str]) -> None:
        """Number `items` (without the specials) from 2."""
        self.items = (*SPECIALS, *items)
        # a word that is spelt like a special is still a word, and an unknown one
        self._ids = {item: number for number, item in enumerate(self.items) if number >= len(SPECIALS)}

    @classmethod
    def ranked(cls, counts: Mapping[str, int]) -> "Vocabulary":
        """The strings counted, most frequent first and then by alphabet."""
        return cls(sorted(counts, key=lambda item: (-counts[item], item)))

    def id(self, item: str) -> int:
        """The id of a string, or `UNKNOWN`."""
        return self._ids.get(item, UNKNOWN)

    def __len__(self) -> int:
        return len(self.items)

    def __contains__(self, item: str) -> bool:
        return item in self._ids


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


@dataclass(frozen=True, slots=True)
class Inventory:
    """Everything that a network counts by: its vocabularies and its label sets."""

    words: Vocabulary  # folded forms
    characters: Vocabulary  # of the folded forms
    tags: LabelSet
    intents: LabelSet  # empty where the data has none
    lexicons: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # names as folded words, by list

    @classmethod
    def of(cls, examples: Iterable[Example], *, lexicons: Mapping[str, tuple[str, ...]] | None = None) -> "Inventory":
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
            Vocabulary.ranked(words), Vocabulary.ranked(characters), LabelSet(tags), LabelSet(intents), lexicons or {}
        )
