"""A linear-chain CRF in C: python-crfsuite, with the usual features of a word and of two neighbours to each side."""

import sys
from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import Any

from contestant import Slots, main, slots_of

crfsuite: Any = import_module("pycrfsuite")


def load(model: str) -> "Crf":
    return Crf(f"{model}.crfsuite")


class Crf:
    """A model file and its tags."""

    def __init__(self, path: str) -> None:
        self.tagger = crfsuite.Tagger()
        self.tagger.open(path)

    def slots(self, texts: Sequence[str]) -> Iterator[Slots]:
        """Of texts."""
        for text in texts:
            words = text.split()
            yield slots_of(words, self.tagger.tag(features(words)) if words else [])

    def tags(self, sentences: Sequence[Sequence[str]]) -> list[list[str]]:
        """Of tokenized sentences."""
        return [self.tagger.tag(features(words)) for words in sentences]


def features(words: Sequence[str]) -> list[list[str]]:
    own = [_of_word(word.lower()) for word in words]
    rows = []
    for place, here in enumerate(own):
        row = ["bias", *here]
        for offset in (-2, -1, 1, 2):
            at = place + offset
            if 0 <= at < len(own):
                row += [f"{offset}:{feature}" for feature in own[at][: 3 if abs(offset) == 1 else 1]]
            else:
                row.append(f"{offset}:none")
        rows.append(row)
    return rows


def _of_word(word: str) -> list[str]:
    """The word, its shape, then its endings and beginnings."""
    shape = "".join("0" if c.isdigit() else "a" if c.isalpha() else c for c in word)
    affixes = [f"{side}{n}={part}" for n in (2, 3, 4) for side, part in (("s", word[-n:]), ("p", word[:n]))]
    return [f"w={word}", f"s3={word[-3:]}", f"shape={shape}", *affixes]


def train(data: str, model: str) -> float:
    import json
    from pathlib import Path
    from time import process_time

    began = process_time()
    trainer = crfsuite.Trainer(verbose=False)
    for words, tags in json.loads((Path(data) / "train.json").read_text()):
        trainer.append(features(words), tags)
    trainer.set_params({"c1": 0.1, "c2": 0.01, "max_iterations": 100})
    trainer.train(f"{model}.crfsuite")
    return process_time() - began


def run() -> None:
    main(sys.modules[__name__])
