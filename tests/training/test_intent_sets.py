"""Sentences with several intents: sets that training never showed, in torch, numpy and ONNX alike."""

from itertools import combinations, permutations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import slotfill
from slotfill.bundle import read
from slotfill.config import Config, ModelConfig, config_of
from slotfill.decoding.sets import best_sets
from slotfill.errors import InputError
from slotfill.onnx.export import write as export
from slotfill.readers import parse_markup
from slotfill.schema import Dataset, Example
from slotfill.training.bundling import from_bundle
from slotfill.training.data import pool, with_sources
from slotfill.training.pipeline import Training
from tests.onnx.elsewhere import Elsewhere

ASKED = {
    "book": "book a table",
    "order": "bring some soup",
    "pay": "the bill",
    "leave": "call a taxi",
    "music": "play jazz",
    "table": "is the terrace open",
    "menu": "what is on the menu",
}
PAIRS = [*combinations(ASKED, 2)]
HELD_OUT = {("book", "pay"), ("order", "music"), ("pay", "leave")}


def sentence(*intents: str, sign: str = "#", end: str = "") -> Example:
    text = " and then ".join(ASKED[intent] for intent in intents)
    return parse_markup(f"{text}{end}\t{sign.join(intents)}")


def examples(sign: str) -> tuple[Example, ...]:
    single = [sentence(intent, end=end) for intent in ASKED for end in ("", " please", " now", " for us")]
    several = [
        sentence(*pair, sign=sign, end=end)
        for both in PAIRS
        if both not in HELD_OUT
        for pair in permutations(both)
        for end in ("", " please")
    ]
    return (*single, *several)


def data(sign: str = "#") -> Dataset:
    train = examples(sign)
    return Dataset("mine", {"train": train, "dev": train[::3]})


UNSEEN = tuple(
    sentence(*pair, end=end) for both in sorted(HELD_OUT) for pair in (both, both[::-1]) for end in ("", " now")
)
SETTINGS: dict[str, Any] = {
    "model": {"hidden": 24, "word_size": 24, "character_filters": 0},
    "training": {"epochs": 15, "batch_size": 4, "learning_rate": 0.03, "ema": 0.9, "intent_weight": 1.0},
}


@pytest.fixture(scope="module")
def trained() -> slotfill.Trained:
    torch.set_num_threads(1)
    return slotfill.train(data(), config=SETTINGS)


def test_sets_that_training_never_showed_are_found(trained: slotfill.Trained) -> None:
    assert trained.bundle.config.model.intents == "#"
    assert trained.tagger.intents == tuple(sorted(ASKED))
    scores = slotfill.evaluate(trained.tagger, data=list(UNSEEN))
    assert scores.intent_accuracy == scores.intent_f1 == 1.0
    found = trained.tagger.tag(["play jazz and then bring some soup"])[0].intent
    assert found is not None
    assert (found.name, found.names) == ("music#order", ("music", "order"))
    ranked = trained.tagger.rank_intents("play jazz and then bring some soup")
    assert [intent.name for intent in ranked[:2]] in (["music", "order"], ["order", "music"])
    assert ranked[1].confidence > 0.5 > ranked[2].confidence
    as_wholes = slotfill.train(data(), config={**SETTINGS, "model": {**SETTINGS["model"], "intents": "one"}})
    assert slotfill.evaluate(as_wholes.tagger, data=list(UNSEEN)).intent_accuracy == 0.0


def test_torch_numpy_and_onnx_agree(trained: slotfill.Trained, tmp_path: Path) -> None:
    trained.save(tmp_path / "model")
    bundle = read(tmp_path / "model")
    assert bundle.config == trained.bundle.config
    network = from_bundle(bundle)
    assert network.sets
    for name, array in network.arrays().items():
        assert np.array_equal(array, bundle.weights[name])
    export(bundle, tmp_path / "model.onnx")
    elsewhere = Elsewhere(tmp_path / "model.onnx.json")
    texts = [example.text for example in (*UNSEEN, *examples("#")[:8])]
    tagged = slotfill.load(tmp_path / "model").tag(texts)
    for annotation, said in zip(tagged, elsewhere.tag(texts), strict=True):
        found = said["intent"]
        assert annotation.intent is not None
        assert found is not None
        assert found[0] == annotation.intent.name
        assert found[1] == pytest.approx(annotation.intent.confidence, abs=1e-4)


def resolved(dataset: Dataset, settings: dict[str, Any]) -> Training:
    sources, config = with_sources(dataset, config_of(settings))
    return Training(pool(sources, config), config=config)


def test_the_data_choose_and_a_setting_overrules_them() -> None:
    assert resolved(data("+"), SETTINGS).config.model.intents == "+"
    one = {**SETTINGS, "model": {**SETTINGS["model"], "intents": "one"}}
    assert resolved(data(), one).config.model.intents == "one"
    single = tuple(sentence(intent, end=end) for intent in ASKED for end in ("", " now", " please", " a", " b"))
    rare = Dataset("mine", {"train": (*single, sentence("book", "pay")), "dev": single[:2]})
    assert resolved(rare, SETTINGS).config.model.intents == "one"  # as in ATIS


def test_without_sets_everything_is_as_it_was() -> None:
    """The configuration says nothing of them, so that no fingerprint changes."""
    single = tuple(sentence(intent, end=end) for intent in ASKED for end in ("", " now"))
    training = resolved(Dataset("mine", {"train": single, "dev": single[:2]}), SETTINGS)
    assert "intents" not in training.config.to_dict()["model"]
    assert config_of(Config(ModelConfig(intents="one")).to_dict()).model.intents == "auto"


def test_a_checkpoint_with_other_intents_says_so(tmp_path: Path) -> None:
    def begin(settings: dict[str, Any]) -> None:
        sources, config = with_sources(data(), config_of(settings))
        next(Training(pool(sources, config), config=config, checkpoint=tmp_path / "mine.checkpoint"))

    begin(SETTINGS)
    with pytest.raises(
        InputError, match=r"model.intents was '#' and is 'one' \(--set model.intents=one\)|model.intents"
    ):
        begin({**SETTINGS, "model": {**SETTINGS["model"], "intents": "one"}})


def test_the_likeliest_intent_is_there_if_none_is_likely() -> None:
    chosen, sure = best_sets(np.array([[-1, -2, -3], [1, 2, -3]], dtype=np.float32))
    assert chosen.tolist() == [[True, False, False], [True, True, False]]
    p = 1 / (1 + np.exp([1.0, 2.0, 3.0]))
    assert sure[0] == pytest.approx(p[0] * (1 - p[1]) * (1 - p[2]))
