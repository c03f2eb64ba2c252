"""An overconfident or underconfident tagger is calibrated on sentences with known slots."""

import numpy as np
import pytest

from slotfill.config import ModelConfig
from slotfill.schema import Example
from slotfill.tagger import Tagger
from slotfill.tokenizer import tokenize
from slotfill.training.calibration import best_temperature
from slotfill.vocabulary import LabelSet, Vocabularies, Vocabulary

TAGS = ("B-a", "B-b", "O")


def make(size: float, *, temperature: float = 1.0) -> Tagger:
    """A net without memory or characters: `x` is B-a with a score of `size` against 0, any other word O."""
    config = ModelConfig(cell="feedforward", hidden=3, word_size=3, character_filters=0, bidirectional=False)
    config = config._replace(direct=False, crf=False)
    vocabularies = Vocabularies(Vocabulary(["x"]), Vocabulary([]), LabelSet(TAGS), LabelSet([]))
    words = np.array([[0, 0, 0], [0, 0, 9], [9, 0, 0]], dtype=np.float32)  # 9: tanh and logistic make a 1 of it
    eye, none = np.eye(3, dtype=np.float32), np.zeros(3, dtype=np.float32)
    weights = {
        "features.words": words,
        "encoder.0.forward.W": eye,
        "encoder.0.forward.b": none,
        "emissions.W": np.float32(size) * eye,
        "emissions.b": none,
        "temperature": np.array([temperature], dtype=np.float32),
    }
    return Tagger(config, vocabularies, weights)


def examples(right: int, wrong: int) -> list[Example]:
    """Sentences `x`, which are B-a and B-b."""
    return [
        Example("x", tokenize("x"), (tag,)) for tag, count in (("B-a", right), ("B-b", wrong)) for _ in range(count)
    ]


@pytest.mark.parametrize("size", [2.0, 4.0, 8.0])
@pytest.mark.parametrize(("right", "wrong"), [(8, 2), (19, 1)])
def test_confidence_becomes_the_share_that_is_right(size: float, right: int, wrong: int) -> None:
    temperature = best_temperature(make(size), examples(right, wrong))
    (slot,) = make(size, temperature=temperature).tag(["x"])[0].slots
    assert slot.confidence == pytest.approx(right / (right + wrong), abs=0.03)


def test_a_few_sentences_in_which_all_is_right_make_nothing_certain() -> None:
    """The lowest temperature fitted them best: every slot was sure to the last digit, right or wrong."""
    few, many = (best_temperature(make(4), examples(right, 0)) for right in (10, 1000))
    assert few > 0.6
    assert many < 0.5  # so many tell that the tagger is too unsure


def test_without_slots_or_sentences_the_temperature_is_1() -> None:
    assert best_temperature(make(2), []) == 1
    nothing = [example._replace(text="y", tokens=tokenize("y")) for example in examples(1, 1)]
    assert best_temperature(make(2), nothing) == 1
