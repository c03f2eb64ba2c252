"""From data to a model in Python: the result, the errors, and that nothing is printed."""

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

import slotfill
from slotfill.bundle import read
from slotfill.comparing import compare
from slotfill.config import Config, DataConfig, config_of, from_assignments
from slotfill.errors import BundleError, ConfigError, InputError, MissingExtraError
from slotfill.evaluation import scores_of
from slotfill.readers import parse_markup
from slotfill.schema import Dataset, Example, Token
from slotfill.training import loop
from slotfill.training.calibration import WITHOUT_DEV
from slotfill.training.data import pool, with_sources
from slotfill.training.history import EpochReport
from slotfill.training.pipeline import Trained, Training, fitted, train

torch.set_num_threads(1)  # more are slower at this size

CITIES = ("Rome", "Oslo", "Taipei", "Boston", "Lima", "New York")
VERBS = {"arrive": "toloc", "leave": "fromloc"}
EXAMPLES = tuple(
    parse_markup(f"{verb} [{city}]({role}.city_name){tail}\tflight")
    for city in CITIES
    for tail in ("", " please", " at noon")
    for verb, role in VERBS.items()
)
SETTINGS: dict[str, dict[str, Any]] = {
    "model": {"hidden": 8, "word_size": 8, "character_filters": 0, "gazetteers": False},
    "training": {"epochs": 8, "batch_size": 4, "learning_rate": 0.05, "ema": 0.9},
}
MINE = Dataset("mine", {"train": EXAMPLES, "dev": EXAMPLES[::3], "test": EXAMPLES[::4]})


def weights(trained: Trained) -> dict[str, bytes]:
    return {name: array.tobytes() for name, array in trained.bundle.weights.items()}


def training_of(data: Dataset, config: Config, **options: Any) -> Training:
    sources, config = with_sources(data, config)
    return Training(pool(sources, config), config=config, **options)


@pytest.fixture(scope="module")
def trained() -> Trained:
    return train(MINE, config=SETTINGS)


# --- what it gives ---------------------------------------------------------------------------------


def test_training_from_memory_writes_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    reports: list[EpochReport] = []
    trained = slotfill.train(EXAMPLES, config=SETTINGS, on_epoch=reports.append)
    (annotation,) = trained.tagger.tag(["arrive Taipei please"])
    assert [(slot.name, slot.text) for slot in annotation.slots] == [("toloc.city_name", "Taipei")]
    assert trained.history == tuple(reports)
    assert [report.epoch for report in reports] == list(range(1, 9))
    scores = slotfill.evaluate(trained.tagger, data=EXAMPLES)
    assert scores.values is not None  # the frames are resolved only here
    plain = replace(scores, values=None, value_calibration_error=None, intervals={})
    assert plain == scores_of(trained.tagger, EXAMPLES)
    assert scores_of(trained.tagger, EXAMPLES).micro.f1 > 0.7
    (data,) = trained.bundle.training["data"]
    assert len(data.pop("digest")) == 32
    assert data == {"source": "examples", "train": 36, "dev": 0, "test": 0}
    assert list(tmp_path.iterdir()) == []


def test_it_prints_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    held_out = slotfill.train(EXAMPLES, config=SETTINGS | {"training": {"epochs": 1}})  # the command says so
    slotfill.evaluate(held_out.tagger, data=MINE)
    assert capfd.readouterr() == ("", "")


def test_the_saved_model_is_the_trained_one(trained: Trained, tmp_path: Path) -> None:
    trained.save(tmp_path / "mine")
    assert {name: array.tobytes() for name, array in read(tmp_path / "mine").weights.items()} == weights(trained)
    loaded = slotfill.evaluate(str(tmp_path / "mine"), data=MINE, split="dev")
    assert loaded == slotfill.evaluate(trained.tagger, data=MINE, split="dev")
    with pytest.raises(BundleError, match="exists already"):
        trained.save(tmp_path / "mine")
    trained.save(tmp_path / "mine", overwrite=True)


def test_the_scores_are_of_dev_and_calibrated(trained: Trained) -> None:
    assert trained.scores == scores_of(trained.tagger, MINE.splits["dev"])
    assert trained.bundle.training["dev"] == trained.scores.to_dict()
    assert trained.bundle.weights["temperature"] != 1


def test_without_dev_the_confidence_is_that_of_such_models() -> None:
    settings = SETTINGS | {"training": {"epochs": 1}}
    alone = Dataset("mine", {"train": EXAMPLES, "dev": ()})
    for given, temperature in ((0.0, WITHOUT_DEV), (1.5, 1.5)):
        settings["training"]["temperature"] = given
        assert train(alone, config=settings).bundle.weights["temperature"] == pytest.approx(temperature)


def test_compare_trains_the_same(tmp_path: Path) -> None:
    """The same weights and temperature for the same settings."""
    sources, base = with_sources(MINE, config_of(SETTINGS))
    base = base._replace(model=base.model._replace(direct=False, affixes="no", crf=False))
    trained = train(MINE, config=base)
    list(compare(["lstm-bi"], seeds=[1], base=base, splits=pool(sources, base), folder=tmp_path))
    bundle = read(tmp_path / "lstm-bi-1")
    assert {name: array.tobytes() for name, array in bundle.weights.items()} == weights(trained)
    assert bundle.weights["temperature"] == trained.bundle.weights["temperature"] != 1
    assert bundle.training["dev"] == trained.bundle.training["dev"]
    assert bundle.training["fingerprint"] == trained.bundle.training["fingerprint"]


@pytest.mark.parametrize(
    ("settings", "sentences", "affixes"),
    [
        ([], 300, "yes"),
        ([], 301, "no"),
        (["training.vectors=glove.txt"], 36, "no"),
        (["model.affixes=no"], 36, "no"),
        (["model.affixes=yes"], 301, "yes"),
    ],
)
def test_affixes_are_read_where_there_are_few_sentences(settings: list[str], sentences: int, affixes: str) -> None:
    train_split = (EXAMPLES * 9)[:sentences]
    sources, config = with_sources(Dataset("mine", {"train": train_split, "dev": ()}), from_assignments(settings))
    assert fitted(config, pool(sources, config)).model.affixes == affixes


@pytest.mark.parametrize(
    ("settings", "names", "gazetteers"),
    [
        ([], ("Rome", "New York", "a hut", "2 huts", "3 huts"), "yes"),
        ([], ("Rome", "a hut", "2 huts", "3 huts", "100", "737"), "no"),  # numbers are no aircraft
        (["model.gazetteers=no"], ("Rome",), "no"),
        (["model.gazetteers=true"], ("a hut",), "yes"),
    ],
)
def test_gazetteers_are_read_where_they_have_the_slots(
    settings: list[str], names: tuple[str, ...], gazetteers: str
) -> None:
    some = tuple(parse_markup(f"to [{name}](place) now") for name in names)
    sources, config = with_sources(Dataset("mine", {"train": some, "dev": ()}), from_assignments(settings))
    assert fitted(config, pool(sources, config)).model.gazetteers == gazetteers


def test_several_data_sets_are_pooled(tmp_path: Path) -> None:
    file = tmp_path / "more.markup"
    file.write_text("leave [Quito](fromloc.city_name)\n" * 20, encoding="utf-8")
    pooled = train([MINE, file, str(file)], config=SETTINGS | {"training": {"epochs": 1}})
    assert [(d["source"], d["train"], d["dev"]) for d in pooled.bundle.training["data"]] == [
        ("mine", 36, 12),
        ("more", 20, 0),
        ("more", 20, 0),
    ]


def test_a_recipe_applies_to_data_in_memory(tmp_path: Path) -> None:
    recipe = tmp_path / "recipe.toml"
    recipe.write_text('[[data]]\nsource = "mine"\nshare = 0.5\nsubstituted = 1.0\n', encoding="utf-8")
    sources, config = with_sources(MINE, config_of(recipe))
    assert config.data == (DataConfig("mine", share=0.5, substituted=1.0),)
    assert pool(sources, config).sentences_an_epoch == 36  # 18, and 18 with other values


def test_an_empty_dev_split_holds_nothing_out() -> None:
    """Benchmarks train on dev too: then the last epoch counts."""
    everything = train(Dataset("mine", {"train": EXAMPLES, "dev": ()}), config=SETTINGS)
    assert everything.bundle.training["data"][0]["train"] == len(EXAMPLES)
    assert everything.history[-1].best


# --- epoch by epoch --------------------------------------------------------------------------------


def test_each_epoch_can_be_scored() -> None:
    training = training_of(MINE, config_of(SETTINGS))
    with pytest.raises(InputError, match="no epoch has ended yet"):
        training.tagger()
    for report in training:
        assert scores_of(training.tagger(), MINE.splits["dev"]).micro.f1 == report.f1
        assert scores_of(training.tagger(), MINE.splits["test"]).sentences == len(MINE.splits["test"])
    finished = training.finish()
    assert finished.scores.micro.f1 == max(report.f1 for report in finished.history)


def test_scoring_between_epochs_changes_nothing(trained: Trained) -> None:
    training = training_of(MINE, config_of(SETTINGS))
    next(training)
    training.tagger()
    assert weights(training.finish()) == weights(trained)  # which runs the epochs that are left


def test_it_resumes_from_a_checkpoint(trained: Trained, tmp_path: Path) -> None:
    checkpoint = tmp_path / "checkpoint"

    def stop(report: EpochReport) -> None:
        if report.epoch == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train(MINE, config=SETTINGS, checkpoint=checkpoint, on_epoch=stop)
    resumed = train(MINE, config=SETTINGS, checkpoint=checkpoint)
    assert weights(resumed) == weights(trained)
    with pytest.raises(InputError, match="belongs to a training with other settings: the data were mine and are"):
        train(EXAMPLES, config=SETTINGS, checkpoint=checkpoint)


def test_a_finished_training_is_not_repeated(trained: Trained, tmp_path: Path) -> None:
    train(MINE, config=SETTINGS, checkpoint=tmp_path / "checkpoint")
    counts: list[int] = []
    again = training_of(MINE, config_of(SETTINGS), checkpoint=tmp_path / "checkpoint", on_batch=counts.append)
    assert weights(again.finish()) == weights(trained)
    assert counts == []


def test_a_failed_training_returns_no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop._Run, "take_step", lambda *_: float("nan"))
    training = training_of(MINE, config_of(SETTINGS))
    with pytest.raises(ConfigError, match="the training diverges"):
        next(training)
    with pytest.raises(InputError, match="this training has failed"):
        training.finish()


def test_the_fingerprint_covers_which_data_set_a_sentence_is_from() -> None:
    """Each data set has its own share, so another border gives other weights."""

    def fingerprint(border: int) -> str:
        config = Config(data=(DataConfig("a", share=0.5), DataConfig("b")))
        sets = [
            Dataset("a", {"train": EXAMPLES[:border], "dev": ()}),
            Dataset("b", {"train": EXAMPLES[border:], "dev": ()}),
        ]
        return Training(pool(sets, config), config=config).fingerprint

    assert fingerprint(4) == fingerprint(4) != fingerprint(5)


@pytest.mark.parametrize(("model", "variable", "last"), [("travel", "TRAVEL", True), ("travel-zh", "TRAVEL_ZH", False)])
def test_the_shipped_models_have_the_fingerprints_of_their_recipes(
    shared_data: Path, model: str, variable: str, last: bool
) -> None:
    """Otherwise `make models` with --resume would train them again."""
    root = Path(__file__).parents[2]
    # those of `make models`, in the same order
    makefile = (root / "Makefile").read_text(encoding="utf-8").replace("\\\n", "")
    names = next(line for line in makefile.splitlines() if line.startswith(f"{variable} := ")).split()[2:]
    data = [str(shared_data / name) for name in names]
    data.insert(len(data) if last else 0, str(root / "data" / model))
    sources, config = with_sources(data, config_of(root / "recipes" / f"{model}.toml"))
    bundle = read(root / "models" / model)
    assert bundle.config.to_dict() == config.to_dict()
    assert bundle.training["fingerprint"] == Training(pool(sources, config), config=config).fingerprint


# --- what it refuses -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ([], "expected either data sets or Examples: got nothing"),
        ([MINE, EXAMPLES[0]], "expected either data sets or Examples: got both"),
        ([MINE, 3], "expected names or paths of data sets, Datasets or Examples: got int"),
        ([EXAMPLES], "expected names or paths of data sets, Datasets or Examples: got tuple"),
        (Dataset("mine", {"test": EXAMPLES}), "mine has no train split, only test"),
        ("no such data", 'no data set or file "no such data"'),
    ],
)
def test_unusable_data_is_refused(data: Any, message: str) -> None:
    with pytest.raises(InputError) as caught:
        train(data, config=SETTINGS)
    assert str(caught.value).startswith(message)


TOKENS = (Token("to", 0, 2), Token("Rome", 3, 7))


@pytest.mark.parametrize(
    ("example", "problem"),
    [
        (Example("", (), ()), "expected tokens, got none"),
        (Example("to Rome", TOKENS, ("O",)), "expected a tag for each token; got 1 for 2"),
        (Example("to Rome", TOKENS, ("O", "city")), 'got the tag "city"'),
        (Example("to Rome", TOKENS, ("O", "S-city")), 'got the tag "S-city"'),
        (Example("to Rome", TOKENS, ("O", "I-city")), "expected IOB2, where I- continues a slot; got O I-city"),
        (Example("to Rome", TOKENS[::-1], ("O", "O")), 'the token "to" is not at 0 to 2'),
        (Example("to Oslo", TOKENS, ("O", "O")), 'the token "Rome" is not at 3 to 7'),
    ],
)
def test_invalid_examples_are_refused(example: Example, problem: str) -> None:
    with pytest.raises(InputError) as caught:
        slotfill.read_data([*EXAMPLES[:2], example])
    assert str(caught.value).startswith("examples, all, example 2 (from 0), ")
    assert problem in str(caught.value)


def test_wrong_settings_are_refused() -> None:
    with pytest.raises(ConfigError, match=r"^config: unknown setting `model.hiden`; did you mean `model.hidden`\?$"):
        train(MINE, config={"model": {"hiden": 3}})
    with pytest.raises(InputError, match=r"^device 'tpu': expected auto, cpu, cuda$"):
        train(MINE, config=SETTINGS, device="tpu")
    with pytest.raises(InputError, match=r"^read_data\(\) takes one data set: got 2$"):
        slotfill.read_data([MINE, MINE])  # type: ignore[list-item]
    with pytest.raises(InputError, match="the slot is not closed"):
        slotfill.parse_markup("to [Rome")


def test_without_torch_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(MissingExtraError, match=r'training needs .* "slotfill\[train\]"`'):
        train("no such data")


def test_a_model_makes_the_tokens_of_its_data() -> None:
    lines = [f"去[{city}](city)" for city in ("奥斯陆", "格拉茨", "都灵", "里昂")]
    trained = train([parse_markup(line) for line in lines], config={"model": {"hidden": 4}, "training": {"epochs": 1}})
    assert trained.bundle.config.model.tokenizer == "scripts"
    assert [token.text for token in trained.tagger.tag(["去都灵"])[0].tokens] == ["去", "都", "灵"]
