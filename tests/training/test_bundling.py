from collections.abc import Sequence
from dataclasses import asdict
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from slotfill import readers
from slotfill.batching import character_ids
from slotfill.bundle import Bundle, is_bundle, read, write
from slotfill.config import Config, ModelConfig, TrainingConfig
from slotfill.decoding.chain import Chain
from slotfill.evaluation import Scores, score
from slotfill.gazetteers import GazetteerMatcher
from slotfill.locations import locate
from slotfill.network import SlotTagger
from slotfill.recipe_tables import kinds_of
from slotfill.schema import Example
from slotfill.tagger import Tagger
from slotfill.tokenizer import fold
from slotfill.training.bundling import from_bundle, to_bundle
from slotfill.training.history import EpochReport
from slotfill.training.loop import build
from slotfill.vocabulary import LabelSet, Vocabularies, Vocabulary

torch.set_num_threads(1)  # more are slower at this size

Array = NDArray[np.float32]

CELLS = ("feedforward", "elman", "jordan", "gru", "lstm", "lstm with peepholes")
VOCABULARIES = Vocabularies(
    Vocabulary(["from", "to", "zürich"]),
    Vocabulary("abcfmortuz"),
    LabelSet(["O", "B-city", "I-city", "B-day"]),
    LabelSet(["fare", "flight"]),
)
CONFIG = Config(
    ModelConfig(hidden=5, word_size=6, character_size=3, character_filters=4), TrainingConfig(seed=7, dropout_in=0.5)
)
REPORTS = [
    EpochReport(
        epoch=number,
        loss=1 / number,
        f1=f1,
        sentence_accuracy=0.5,
        intent_accuracy=0.75,
        best=best,
        sentences_per_second=1000.0,
        cpu_seconds=1.26,
    )
    for number, f1, best in [(1, 0.5, True), (2, 0.75, True), (3, 0.75, False)]
]


def scores(*, intents: bool = True) -> Scores:
    """3 spans predicted, 4 in the data, 2 of them right; no whole sentence is right."""
    found = [["B-city", "O", "B-city"], ["O", "B-day"]]
    gold = [["B-city", "B-city", "O"], ["B-day", "B-day"]]
    told: list[str | None] = ["flight", "fare"] if intents else [None, None]
    return score(gold, found, gold_intents=told, predicted_intents=told)


def bundled(network: SlotTagger, config: Config = CONFIG, *, intents: bool = True) -> Bundle:
    return to_bundle(
        network,
        config=config,
        vocabularies=VOCABULARIES,
        history=[asdict(report) for report in REPORTS],
        scores=scores(intents=intents),
        data=[{"source": "atis", "train": 4478, "dev": 500}, {"source": "mine", "train": 12, "dev": 3}],
        fingerprint="abc",
    )


def by_torch(
    network: SlotTagger, vocabularies: Vocabularies, sentences: Sequence[Sequence[str]]
) -> tuple[Array, Array]:
    """Emissions of the tokens of all sentences (N, K), and intent scores (B, I); no intents: I is 0.

    Sentences of one length are run at once, so that nothing is padded.
    """
    emissions: dict[int, Array] = {}
    intents: dict[int, Array] = {}
    matcher = GazetteerMatcher(vocabularies.gazetteers)
    order = sorted(range(len(sentences)), key=lambda number: len(sentences[number]))
    for _, group in groupby(order, key=lambda number: len(sentences[number])):
        numbers = list(group)
        forms = list(dict.fromkeys(word for number in numbers for word in sentences[number]))
        row_of = {form: row for row, form in enumerate(forms)}
        with torch.no_grad():
            found, intent = network(
                torch.tensor([[vocabularies.words.id(word) for word in sentences[number]] for number in numbers]),
                torch.tensor([[row_of[word] for word in sentences[number]] for number in numbers]),
                torch.from_numpy(character_ids(forms, vocabularies.characters)),
                torch.from_numpy(np.stack([matcher.match(sentences[number]) for number in numbers])),
            )
        emissions |= dict(zip(numbers, found.numpy(), strict=True))
        none = np.empty((len(numbers), 0), dtype=np.float32)
        intents |= dict(zip(numbers, none if intent is None else intent.numpy(), strict=True))
    in_order = range(len(sentences))
    return np.concatenate([emissions[n] for n in in_order]), np.stack([intents[n] for n in in_order])


# --- there and back --------------------------------------------------------------------------------

SENTENCES = [["from", "zürich", "to", "bar"], ["to"], ["coat", "from", "from", "from"]]


@pytest.mark.parametrize("bidirectional", [False, True], ids=["one way", "both ways"])
@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize("cell", CELLS)
def test_a_network_is_restored_from_its_folder(cell: str, layers: int, bidirectional: bool, tmp_path: Path) -> None:
    model = CONFIG.model._replace(cell=cell.split()[0], layers=layers, bidirectional=bidirectional, window=1)
    config = CONFIG._replace(model=model._replace(peepholes="peepholes" in cell))
    network = build(config, VOCABULARIES).eval()
    with torch.no_grad():
        for parameter in network.encoder.parameters():
            if parameter.requires_grad:
                parameter.normal_()
    write(bundled(network, config), tmp_path / "mine")
    bundle = read(tmp_path / "mine")
    back = from_bundle(bundle)
    assert not back.training  # dropout is off
    for found, expected in zip(
        by_torch(back, VOCABULARIES, SENTENCES), by_torch(network, VOCABULARIES, SENTENCES), strict=True
    ):
        assert found == pytest.approx(expected, abs=1e-5)
    emissions, intents, _ = Tagger(bundle.config.model, bundle.vocabularies, bundle.weights).runtime.run(SENTENCES)
    assert emissions == pytest.approx(by_torch(back, VOCABULARIES, SENTENCES)[0], abs=1e-5)
    assert intents == pytest.approx(by_torch(back, VOCABULARIES, SENTENCES)[1], abs=1e-5)


@pytest.mark.parametrize("columns", [100, 101])
def test_a_table_of_a_million_numbers_is_kept_in_16_bits(columns: int) -> None:
    words = Vocabulary([f"w{number}" for number in range(9998)])  # and two that are always there
    config = CONFIG._replace(model=CONFIG.model._replace(word_size=columns))
    network = build(config, VOCABULARIES._replace(words=words))
    table = bundled(network, config).weights["features.words"]
    assert table.dtype == (np.float16 if columns > 100 else np.float32)
    assert table == pytest.approx(network.arrays()["features.words"], abs=1e-3)


# --- what the folder tells -------------------------------------------------------------------------


def test_the_record_of_the_training() -> None:
    network = build(CONFIG, VOCABULARIES)
    bundle = bundled(network)
    training = dict(bundle.training)
    versions: dict[str, Any] = training.pop("versions")
    assert sorted(versions) == ["numpy", "python", "slotfill", "torch"]
    assert versions["numpy"] == np.__version__
    assert training == {
        "data": [{"source": "atis", "train": 4478, "dev": 500}, {"source": "mine", "train": 12, "dev": 3}],
        "fingerprint": "abc",
        "seed": 7,
        "epochs": 3,
        "best_epoch": 2,
        "cpu_seconds": 3.8,
        "parameters": sum(array.size for name, array in network.arrays().items() if name != "temperature"),
        "dev": scores().to_dict(),
    }
    assert bundle.history == [asdict(report) for report in REPORTS]
    assert bundle.config == CONFIG


CARD = """# A slotfill model

A {kind} tagger ({layers} of 5 units per direction, {parameters:,}
parameters) that labels tokens with 2 kinds of slots and
sentences with 2 intents. It knows 3 words and reads others by their
characters.

Slots: {slots}.

| data | train sentences | dev sentences |
| --- | --- | --- |
| `atis` | 4,478 | 500 |
| `mine` | 12 | 3 |

On these dev splits (strict IOB2 spans): slot F1 0.571, sentence accuracy 0.000{intent}.
"""


@pytest.mark.parametrize(
    ("model", "intents", "words"),
    [
        ({}, True, {"kind": "bidirectional LSTM", "layers": "1 layer", "intent": ", intent accuracy 1.000"}),
        (
            {"cell": "gru", "layers": 2, "bidirectional": False},
            False,
            {"kind": "left-to-right GRU", "layers": "2 layers", "intent": ""},
        ),
        (
            {"peepholes": True},
            False,
            {"kind": "bidirectional LSTM (with peepholes)", "layers": "1 layer", "intent": ""},
        ),
        (
            {"cell": "elman", "window": 2},
            False,
            {
                "kind": "bidirectional Elman (each token with 2 neighbours on each side)",
                "layers": "1 layer",
                "intent": "",
            },
        ),
    ],
    ids=["intents", "no intents", "peepholes", "window"],
)
def test_the_model_card(model: dict[str, Any], intents: bool, words: dict[str, str]) -> None:
    config = CONFIG._replace(model=CONFIG.model._replace(**model))
    bundle = bundled(build(config, VOCABULARIES), config, intents=intents)
    slots = "`city`, `day`"
    assert bundle.card.startswith(CARD.format(parameters=bundle.training["parameters"], slots=slots, **words))
    assert "Trained with seed 7 for 3 epochs (best: 2) in\n4 CPU-seconds with python 3." in bundle.card


def test_the_model_card_names_kinds() -> None:
    kinds = kinds_of({"day": "date", "city": {"kind": "list", "values": {"Oslo": [], "Rome": []}}}, origin="x")
    config = CONFIG._replace(slots=kinds)
    said = "These have values in a frame, by their kinds: `day` (date), `city` (list of 2 values)."
    assert f"\n\n{said}\n\n| data" in bundled(build(config, VOCABULARIES), config).card


# --- the shipped model -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def shipped() -> Bundle:
    path = locate("models", "travel", fits=is_bundle)
    assert path is not None
    return read(path)


def check(bundle: Bundle, examples: Sequence[Example]) -> None:
    """Compare the Tagger with the network in torch."""
    sentences = [[fold(token.text) for token in example.tokens] for example in examples]
    emissions, intents = by_torch(from_bundle(bundle), bundle.vocabularies, sentences)
    tagger = Tagger(bundle.config.model, bundle.vocabularies, bundle.weights)
    by_numpy, of_intents, starts_B = tagger.runtime.run(sentences)
    assert np.abs(by_numpy - emissions).max() < 1e-4
    assert of_intents is not None
    assert np.abs(of_intents - intents).max() < 1e-4
    tags = bundle.vocabularies.tags.items
    chain = Chain(tags, tagger.runtime.transitions)
    expected = [tags[number] for number in chain.decode(emissions, starts_B).tolist()]
    annotations = tagger.annotate([e.text for e in examples], [e.tokens for e in examples])
    assert [tag for annotation in annotations for tag in annotation.tags] == expected
    names = [bundle.vocabularies.intents.items[number] for number in intents.argmax(1).tolist()]
    assert [annotation.intent.name if annotation.intent else None for annotation in annotations] == names


def test_the_shipped_model_is_the_same_in_torch(shipped: Bundle) -> None:
    examples = readers.load("travel").splits["test"]
    assert len(examples) > 200
    check(shipped, examples)
