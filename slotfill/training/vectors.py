"""Word vectors that were learnt from other texts, in the text format of GloVe and word2vec.

A network learns a vector for each word of its train split. The word's vector here stands beside it, or a learnt
projection of it is added, so that words that the train split lacks have a place among their likes. One table is made
of both when the model is saved: to tag, such a model needs nothing that others do not have.
"""

import gzip
import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from slotfill.errors import DataError, InputError
from slotfill.folding import Fold
from slotfill.locations import locate
from slotfill.tokenizer import fold
from slotfill.vocabulary import Vocabulary


class Vectors(NamedTuple):
    """Folded words, most frequent first, and a row for each: (W, D)."""

    words: tuple[str, ...]
    table: NDArray[np.float32]

    def rows_of(self, vocabulary: Vocabulary) -> NDArray[np.float32]:
        """The vector of each word of a vocabulary, (V, D); zeros for those that have none."""
        numbers = {word: number for number, word in enumerate(self.words)}
        rows = np.zeros((len(vocabulary), self.table.shape[1]), dtype=np.float32)
        for row, word in enumerate(vocabulary.items):
            if word in numbers:
                rows[row] = self.table[numbers[word]]
        return rows


_SIZE = 0.5  # root of the mean square, as GloVe's vectors have it


def of_one_size(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """Vectors (V, D) times one number, so that those of every source are as large as GloVe's; zeros do not count.

    >>> of_one_size(np.array([[0, 0], [2, 2], [-2, 2]], dtype=np.float32)).tolist()
    [[0.0, 0.0], [0.5, 0.5], [-0.5, 0.5]]
    """
    some = rows[rows.any(axis=1)]
    if not len(some):
        return rows
    return rows * np.float32(_SIZE / np.sqrt(np.square(some).mean()))


def find_vectors(name: str) -> Path:
    """The file of this path, or of this name in ./data; InputError if there is none."""
    path = locate("data", name, fits=os.path.isfile)
    if path is None:
        raise InputError(
            f"{name}: no such file of word vectors: give the path of one in the text format of GloVe or word2vec, "
            "put it into ./data, or train without it: training.vectors=''"
        )
    return Path(path)


def read_vectors(path: Path, *, fold: Fold = fold) -> Vectors:
    """Read `word x1 ... xD` lines, as text or gzip; a first line with two numbers, as word2vec has it, is skipped.

    Words that `fold` makes the same share the vector of the first. InputError if there is no such file, DataError for a
    line with another number of columns than the first.
    """
    words: dict[str, NDArray[np.float32]] = {}
    try:
        for number, line in enumerate(_lines(path), start=1):
            word, *columns = line.rstrip().split(" ")
            if number == 1 and len(columns) == 1:
                continue
            form = fold(word)
            if form in words:
                continue
            try:
                row = np.array(columns, dtype=np.float32)
            except ValueError:
                raise DataError(f"got {line[:40]!r}: expected a word and numbers", path=path, line=number) from None
            size = len(next(iter(words.values()), row))
            if len(row) != size or not size or not np.isfinite(row).all():
                expected = "finite ones" if size == len(row) and size else str(size or "some")
                raise DataError(f"got {len(row)} numbers: expected {expected}", path=path, line=number)
            words[form] = row
    except (OSError, EOFError) as error:
        problem = getattr(error, "strerror", None) or error
        raise InputError(f"{path}: the word vectors cannot be read: {problem}") from None
    except UnicodeDecodeError:
        raise InputError(
            f"{path}: the word vectors are not text in UTF-8: of fastText, take the .vec file in place of the .bin; "
            "of word2vec, save them as text (in gensim: save_word2vec_format(binary=False))"
        ) from None
    if not words:
        raise InputError(f"{path}: no word vectors: expected lines of a word and numbers")
    return Vectors(tuple(words), np.stack(list(words.values())))


def _lines(path: Path) -> Iterator[str]:
    """The lines of a file, with or without gzip."""
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as file:
        yield from file
