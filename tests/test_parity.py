"""numpy against torch on real sentences, for every cell: the same labels, the same scores, and no effect of padding.

The sentences are inputs only: nothing is learnt from them and nothing is chosen on them.
"""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from slotfill import readers
from slotfill.bundle import is_bundle, read
from slotfill.config import Config, ModelConfig
from slotfill.decoding.chain import Chain
from slotfill.locations import locate
from slotfill.network import SlotTagger
from slotfill.runtime.forward import Runtime
from slotfill.schema import Example
from slotfill.tagger import Tagger
from slotfill.tokenizer import fold
from slotfill.training.bundling import from_bundle
from slotfill.vocabulary import PAD, Vocabularies
from tests.training.test_bundling import by_torch

torch.set_num_threads(1)  # more are slower at this size

Array = NDArray[np.float32]
Ids = NDArray[np.int64]

TOLERANCE = 1e-4  # of an emission
TABLES = ("features.words", "features.affixes", "features.characters")
SPLITS = {"atis": "test", "snips": "test", "sgd": "dev"}
SIZE = ModelConfig(
    hidden=64, word_size=40, character_size=12, character_filters=20, affixes="no", direct=False, crf=False
)
CELLS = {
    **{cell: SIZE._replace(cell=cell) for cell in ("feedforward", "elman", "jordan", "gru", "lstm")},
    "lstm with peepholes": SIZE._replace(peepholes=True),
    "lstm in 2 layers": SIZE._replace(layers=2),
    "lstm with the direct path and affixes": SIZE._replace(direct=True, affixes="yes"),
    "elman with a window, one way": SIZE._replace(cell="elman", window=2, bidirectional=False),
}


@dataclass(frozen=True)
class Sample:
    """Sentences of a data set, and the vocabularies of its train split."""

    examples: tuple[Example, ...]
    vocabularies: Vocabularies

    @property
    def sentences(self) -> list[list[str]]:
        return [[fold(token.text) for token in example.tokens] for example in self.examples]


@pytest.fixture(scope="module", params=SPLITS)
def sample(request: pytest.FixtureRequest, shared_data: Path) -> Sample:
    splits = readers.load(shared_data / request.param).splits
    return Sample(splits[SPLITS[request.param]], Vocabularies.of(splits["train"]))


def random_network(model: ModelConfig, sample: Sample) -> SlotTagger:
    """A random network whose scores vary over all tags and intents as those of a trained one do."""
    network = SlotTagger(Config(model), sample.vocabularies).eval()
    rng = np.random.default_rng(1)
    arrays = {}
    for name, array in network.arrays().items():
        if name == "temperature":
            continue
        gain = 4.0 if name.endswith(".V") else 0.1 if array.ndim == 1 or name == "direct.W" else 1.0
        inputs = 1 if name in TABLES else array[0].size
        arrays[name] = (rng.normal(size=array.shape) * gain / np.sqrt(inputs)).astype(np.float32)
    for table in arrays.keys() & set(TABLES):
        arrays[table][PAD] = 0
    network.load(arrays)
    with torch.no_grad():
        found = by_torch(network, sample.vocabularies, sample.sentences)
        for head, scores in zip((network.emissions, network.intent), found, strict=True):
            if head is not None:
                scale = 4 / float((scores - scores.mean(0)).std())
                head.bias.sub_(torch.from_numpy(scores.mean(0))).mul_(scale)
                head.weight.mul_(scale)
        # else hardly a sentence would be valid IOB2 without Viterbi, which is the slowest of all here
        inside = [number for number, tag in enumerate(sample.vocabularies.tags.items) if tag[0] == "I"]
        network.heads()[0].bias[inside] -= 6
    return network


def compare(network: SlotTagger, model: ModelConfig, sample: Sample) -> Ids:
    """Compare the scores of the runtime and the tags of the Tagger with torch's; return the tag ids.

    If two tag sequences have the same score except for rounding, either may win: a sentence may differ if
    their scores agree within TOLERANCE, and at most two sentences may.
    """
    sentences, tags = sample.sentences, sample.vocabularies.tags
    emissions_NK, intent_BI = by_torch(network, sample.vocabularies, sentences)
    tagger = Tagger(model, sample.vocabularies, network.arrays())
    numpy_NK, numpy_BI, starts_B = tagger.runtime.run(sentences)
    assert np.abs(numpy_NK - emissions_NK).max() < TOLERANCE
    chain = Chain(tags.items, tagger.runtime.transitions)
    expected_N = chain.decode(emissions_NK, starts_B)
    annotations = tagger.annotate([example.text for example in sample.examples], [e.tokens for e in sample.examples])
    labels_N = np.array([tags.id(tag) for annotation in annotations for tag in annotation.tags])
    scores_N = [token_scores(emissions_NK, ids_N, starts_B, chain) for ids_N in (expected_N, labels_N)]
    lost_B = np.add.reduceat(scores_N[0] - scores_N[1], starts_B)
    differs_B = np.logical_or.reduceat(labels_N != expected_N, starts_B)
    assert np.abs(lost_B).max() < TOLERANCE
    assert differs_B.sum() <= 2
    assert (numpy_BI is None) == (len(sample.vocabularies.intents) == 0)
    if numpy_BI is not None:
        assert np.abs(numpy_BI - intent_BI).max() < TOLERANCE
        second_B, best_B = np.sort(intent_BI, axis=1)[:, -2:].T
        names = sample.vocabularies.intents.items
        for annotation, scores_I, margin in zip(annotations, intent_BI, best_B - second_B, strict=True):
            assert annotation.intent is not None
            assert annotation.intent.name == names[scores_I.argmax()] or margin < TOLERANCE, annotation.text
    return labels_N


def token_scores(emissions_NK: NDArray[np.float32], ids_N: Ids, starts: Ids, chain: Chain) -> NDArray[np.float32]:
    """What each token adds to the score of its sentence's tags: its emission and the CRF's transition score."""
    before_N = np.roll(ids_N, 1)
    before_N[starts] = emissions_NK.shape[1]
    scores_N: NDArray[np.float32] = (
        emissions_NK[np.arange(len(ids_N)), ids_N] + chain.transitions.scores[before_N, ids_N]
    )
    return scores_N


@pytest.mark.parametrize("cell", CELLS)
def test_numpy_agrees_with_torch(sample: Sample, cell: str) -> None:
    model = CELLS[cell]
    network = random_network(model, sample)
    found = np.unique(compare(network, model, sample))
    assert len(found) > len(sample.vocabularies.tags) / 3  # the network makes enough of the sentences for this to tell
    check_independence(Runtime(model, sample.vocabularies, network.arrays()), sample.sentences)


def check_independence(runtime: Runtime, sentences: list[list[str]]) -> None:
    """Every twentieth sentence has the same scores alone as in the batch, whatever the padding and neighbours."""
    emissions_NK, intent_BI, starts_B = runtime.run(sentences)
    for number in range(0, len(sentences), 20):
        start, sentence = starts_B[number], sentences[number]
        alone_TK, alone_1I, _ = runtime.run([sentence])
        assert np.abs(alone_TK - emissions_NK[start : start + len(sentence)]).max() < TOLERANCE, sentence
        if intent_BI is not None and alone_1I is not None:
            assert np.abs(alone_1I[0] - intent_BI[number]).max() < TOLERANCE, sentence


def test_the_shipped_model_agrees_with_torch(sample: Sample) -> None:
    path = locate("models", "travel", fits=is_bundle)
    assert path is not None
    bundle = read(path)
    # it abstains from sentences that look like another language
    found = Tagger.of(bundle).annotate([example.text for example in sample.examples])
    examples = tuple(example for example, one in zip(sample.examples, found, strict=True) if one.note is None)
    assert len(examples) > 0.98 * len(sample.examples)
    known = replace(sample, examples=examples, vocabularies=bundle.vocabularies)
    compare(from_bundle(bundle), bundle.config.model, known)
