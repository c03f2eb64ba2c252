"""A bundle of random weights, to measure what a width or a vocabulary costs.

    python random_model.py DATA OUT --hidden 512 --words 200000

Every token is tagged O. Labels and characters are those of DATA's train part; words beyond its own are made of
its characters.
"""

import argparse
import random
from pathlib import Path

from slotfill.bundle import Bundle, write
from slotfill.config import from_assignments
from slotfill.readers import load, split_of
from slotfill.tags import OUTSIDE
from slotfill.training.loop import build
from slotfill.vocabulary import Vocabularies, Vocabulary


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data")
    parser.add_argument("out", type=Path)
    parser.add_argument("--hidden", type=int, default=128)
    parser.add_argument("--words", type=int, default=0)
    arguments = parser.parse_args()
    config = from_assignments([f"model.hidden={arguments.hidden}", "training.seed=1"])
    known = Vocabularies.of(split_of(load(arguments.data), "train"))
    words = dict.fromkeys(known.words.items[2:])
    chance, letters = random.Random(1), known.characters.items[2:]
    while len(words) < arguments.words:
        words["".join(chance.choices(letters, k=chance.randint(4, 12)))] = None
    size = arguments.words or len(words)
    vocabularies = Vocabularies(Vocabulary(list(words)[:size]), known.characters, known.tags, known.intents)
    weights = build(config, vocabularies).arrays()
    # random tags would break IOB2 in every sentence, and mending them is dear: a trained network hardly ever does so
    weights["emissions.b"][vocabularies.tags.id(OUTSIDE)] = 100
    write(Bundle(config, vocabularies, weights, {}, [], "Random weights.\n"), arguments.out, overwrite=True)


if __name__ == "__main__":
    main()
