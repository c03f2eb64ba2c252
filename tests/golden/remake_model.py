"""Make the golden model anew: `python tests/golden/remake_model.py`, from the root of the repository.

Its weights are written by hand, so that what people see can be pinned to the letter: each word says by
itself which tag it wants, and an unknown word wants none.
"""

import shutil
from pathlib import Path

import numpy as np

from slotfill.bundle import Bundle, write
from slotfill.config import Config, ModelConfig
from slotfill.vocabulary import UNKNOWN, LabelSet, Vocabularies, Vocabulary

# word -> (tag, how much it wants that)
WISHES = {
    "to": ("O", 3.0),
    "taipei": ("B-toloc.city_name", 3.0),
    "são": ("B-toloc.city_name", 3.0),
    "paulo": ("I-toloc.city_name", 3.0),
    "boston": ("B-fromloc.city_name", 3.0),
    "friday": ("B-depart_date.day_name", 1.0),
    "maybe": ("B-return_date.day_name", 0.2),  # not sure of itself
    "[": ("B-airline_name", 3.0),
    "/": ("I-airline_name", 3.0),
    "]": ("I-airline_name", 3.0),
    ":": ("I-airline_name", 3.0),
    "000": ("I-airline_name", 3.0),  # any number of three digits
    "price": ("B-cost_relative", 3.0),
}
# intent -> the tag that speaks for it, and how loudly
INTENTS = {"flight": ("B-toloc.city_name", 10), "airfare": ("B-cost_relative", 12)}


def bundle() -> Bundle:
    """A left-to-right LSTM that remembers nothing: open input and output gates, a shut forget gate."""
    tags = LabelSet(dict.fromkeys(["O", *(tag for tag, _ in WISHES.values())]))
    k = len(tags)
    config = Config(ModelConfig(hidden=k, bidirectional=False, word_size=k, character_filters=0))
    vocabularies = Vocabularies(
        Vocabulary(word.replace("ã", "a") for word in WISHES), Vocabulary([]), tags, LabelSet(INTENTS)
    )
    words = np.zeros((len(vocabularies.words), k), dtype=np.float32)
    words[UNKNOWN, tags.id("O")] = 3
    for number, (tag, size) in enumerate(WISHES.values(), start=2):
        words[number, tags.id(tag)] = size
    eye, none = np.eye(k, dtype=np.float32), np.zeros((k, k), dtype=np.float32)
    weights = {
        "features.words": words,
        "encoder.0.forward.W": np.concatenate([none, none, eye, none]),  # rows i, f, g, o
        "encoder.0.forward.U": np.concatenate([none] * 4),
        "encoder.0.forward.b": np.repeat(np.array([30, -30, 0, 30], dtype=np.float32), k),
        "emissions.W": 10 * eye,
        "emissions.b": np.zeros(k, dtype=np.float32),
        "intent.W": np.stack([loud * eye[tags.id(tag)] for _, (tag, loud) in sorted(INTENTS.items())]),
        "intent.b": np.zeros(len(INTENTS), dtype=np.float32),
    }
    card = "# A model made by hand\n\nFor tests: see remake_model.py.\n"
    return Bundle(config, vocabularies, weights, training={}, history=[], card=card)


if __name__ == "__main__":
    target = Path(__file__).parent / "model"
    shutil.rmtree(target, ignore_errors=True)
    write(bundle(), target)
