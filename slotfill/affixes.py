"""Which beginnings and ends a word has, as rows of a table.

What a word begins and ends with tells something of one that training never showed. A table of hashed affixes needs no
list of them (Weinberger et al. 2009); their vectors are summed (Bojanowski et al. 2017: word vectors of their parts).

Shapes: W words, C characters of the longest, A affixes.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeVar

from slotfill.vocabulary import PAD

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from torch import Tensor

    Numbers = TypeVar("Numbers", NDArray[np.int64], Tensor)

AFFIXES = 4096  # rows of the table beside `PAD`: 300 sentences have about as many
LONGEST = 4  # characters
SHARE = 0.5  # of the sum of their vectors: the best on dev (docs/experiments/little-data.md)
FACTOR, MODULUS = 48271, 2**31 - 1  # a generator of random numbers (Park & Miller 1988); products fit into int64


def affix_rows(characters_WC: "Numbers") -> "list[Numbers]":
    """Rows of a table with 1 + `AFFIXES` rows for the affixes of words: A times (W,), first the beginnings.

    `characters_WC` are ids as `character_ids` (slotfill/batching.py) gives them, as an array or a tensor. A hash of its
    characters gives an affix its row, which others may share. Where the word has not so many characters, it is `PAD`.

    >>> from slotfill.batching import character_ids
    >>> from slotfill.vocabulary import Vocabulary
    >>> rows = affix_rows(character_ids(["rome", "rom", "to"], Vocabulary("emort")))
    >>> [rows_W.tolist() for rows_W in rows[2:4]]  # of 3 and of 4 characters
    [[2289, 2289, 0], [791, 0, 0]]
    """
    present_WC = characters_WC > PAD
    places_WC, lengths_W = present_WC.cumsum(1), present_WC.sum(1)  # places count from 1
    rows = []
    for start, counted_WC in enumerate((places_WC, lengths_W[:, None] - places_WC + 1), start=1):
        hash_W = lengths_W * 0 + start  # beginnings and ends are different affixes
        for size in range(1, LONGEST + 1):
            character_W = (characters_WC * (counted_WC == size)).sum(1)  # padding is 0
            hash_W = (hash_W * FACTOR + character_W) % MODULUS
            rows.append((1 + hash_W % AFFIXES) * (lengths_W >= size))
    return rows


def affix_rows_of(characters: Sequence[int]) -> list[int]:
    """`affix_rows` of one word with these characters, without numpy.

    >>> from slotfill.vocabulary import Vocabulary
    >>> affix_rows_of([Vocabulary("emort").id(letter) for letter in "rom"])[2:4]
    [2289, 0]
    """
    rows = []
    for start, ordered in enumerate((characters, characters[::-1]), start=1):
        number = start
        for size in range(1, LONGEST + 1):
            if size > len(ordered):
                rows.append(PAD)
                continue
            number = (number * FACTOR + ordered[size - 1]) % MODULUS
            rows.append(1 + number % AFFIXES)
    return rows
