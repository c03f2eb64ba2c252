"""Harder dev splits of ATIS: every sentence has a word that training never has (docs/experiments/README.md).

    python -m benchmarks.rare_words ../shared/data/atis FOLDER

writes FOLDER/0/atis, FOLDER/1/atis and FOLDER/2/atis, each with a train and a dev split cut from train + dev, and
for each FOLDER/0/and-random/atis, where about 500 random sentences of that train split stand in a test split of their
own. (Nothing is taken from the test split of ATIS.)
"""

import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from pathlib import Path
from random import Random

from slotfill.readers import load, save
from slotfill.schema import Dataset, Example
from slotfill.tokenizer import fold

RARE = 6  # different sentences that have the word, at most
FOLDS = 3
RANDOM = 500  # sentences moved out of train


def words_of(example: Example) -> set[str]:
    return {fold(token.text) for token in example.tokens}


def without_some(train: Sequence[Example], *, seed: int) -> tuple[list[Example], list[Example]]:
    """Training sentences and those moved out at random; all that read alike go together."""
    counts = Counter(example.text for example in train)
    texts = sorted(counts)
    Random(seed).shuffle(texts)
    moved = {
        text
        for text, before in zip(texts, accumulate(counts[t] for t in texts), strict=True)
        if before - counts[text] < RANDOM
    }
    return [e for e in train if e.text not in moved], [e for e in train if e.text in moved]


def folds(whole: Mapping[str, Sequence[Example]]) -> Iterator[tuple[list[Example], list[Example], int]]:
    """The train and dev splits of each fold, and how many sentences with unknown tags it leaves out."""
    examples = [*whole["train"], *whole["dev"]]
    counts = Counter(word for example in {e.text: e for e in examples}.values() for word in words_of(example))
    rare = sorted(word for word, count in counts.items() if count <= RARE)
    Random(3).shuffle(rare)
    for fold_number in range(FOLDS):
        held_out = set(rare[fold_number::FOLDS])
        train = [example for example in examples if not words_of(example) & held_out]
        known = {tag for example in train for tag in example.tags}
        hard = [example for example in examples if words_of(example) & held_out]
        dev = [example for example in hard if known.issuperset(example.tags)]
        Random(1).shuffle(train)
        yield train, dev, len(hard) - len(dev)


def main(source: str, folder: str) -> None:
    for number, (train, dev, left_out) in enumerate(folds(load(source).splits)):
        splits = {"train": tuple(train), "dev": tuple(dev)}
        save(Dataset("atis", splits), Path(folder) / str(number) / "atis")
        fewer, moved = without_some(train, seed=77 + number)
        splits |= {"train": tuple(fewer), "test": tuple(moved)}
        save(Dataset("atis", splits), Path(folder) / str(number) / "and-random" / "atis")
        print(f"{number}: {len(train)} to train on, {len(dev)} of dev, {left_out} with unknown tags left out")


if __name__ == "__main__":
    main(*sys.argv[1:])
