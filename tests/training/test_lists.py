"""Gazetteers of one's own: what only a list has is found, and the model keeps the list."""

import json
from pathlib import Path
from typing import Any

import pytest

import slotfill
from slotfill.bundle import read
from slotfill.config import config_of
from slotfill.errors import ConfigError, InputError
from slotfill.onnx.export import write as export
from slotfill.readers import parse_markup
from slotfill.schema import Dataset, Example
from slotfill.training.data import pool, with_sources
from slotfill.training.pipeline import Training

DISHES = "lasagne: lasagna\ntiramisu\nmargherita\nonion soup\nmushroom risotto\npho\nbeef stew\ngreen curry\n"
ONLY_IN_THE_LIST = ("bibimbap", "pad thai", "moussaka", "ceviche")
OTHERS = ("table", "menu", "waiter", "bill", "chair", "glass", "spoon")


def _examples() -> list[Example]:
    dishes = [line.partition(":")[0] for line in DISHES.splitlines()][:5]
    slots = [f"{verb} the [{dish}](dish) please" for dish in dishes for verb in ("bring", "take", "order")]
    plain = [f"{verb} the {thing} please" for thing in OTHERS for verb in ("bring", "take", "order")]
    return [parse_markup(line) for line in slots + plain]


EXAMPLES = _examples()
# dev has dishes that train lacks, as it should, so that the epoch is chosen in which the list is read
DEV = tuple(parse_markup(f"bring the [{dish}](dish) please") for dish in ("pho", "beef stew", "green curry"))
DATA = Dataset("dishes", {"train": tuple(EXAMPLES), "dev": (*DEV, *EXAMPLES[::4])})
SETTINGS = {
    # the words and their letters alone cannot tell a dish from a chair
    "model": {"hidden": 16, "word_size": 16, "character_filters": 0},
    "training": {
        "epochs": 15,
        "batch_size": 4,
        "learning_rate": 0.03,
        "word_dropout_base": 0.5,
        "gazetteer_dropout": 0.1,
        "ema": 0.9,
    },
}


def recipe(folder: Path, *, more: str = "\n".join(ONLY_IN_THE_LIST)) -> dict[str, Any]:
    folder.mkdir(exist_ok=True)
    file = folder / "dishes.txt"
    file.write_text(DISHES + more, encoding="utf-8")
    return {**SETTINGS, "gazetteers": {"dish": file}}


def found(tagger: slotfill.Tagger) -> list[list[str]]:
    texts = [f"bring the {dish} please" for dish in ONLY_IN_THE_LIST]
    return [[slot.text for slot in annotation.slots] for annotation in tagger.tag(texts)]


def test_a_name_that_only_the_list_has_is_found_without_the_file(tmp_path: Path) -> None:
    without = slotfill.train(DATA, config=SETTINGS)
    assert found(without.tagger) != [[dish] for dish in ONLY_IN_THE_LIST]
    trained = slotfill.train(DATA, config=recipe(tmp_path))
    trained.save(tmp_path / "model")
    (tmp_path / "dishes.txt").unlink()
    assert found(slotfill.load(tmp_path / "model")) == [[dish] for dish in ONLY_IN_THE_LIST]
    bundle = read(tmp_path / "model")
    assert bundle.vocabularies.gazetteers.names == ("list dish",)
    assert bundle.config.to_dict()["gazetteers"] == trained.bundle.config.to_dict()["gazetteers"]
    assert "lists of names, which it keeps: `dish` (13 names)" in bundle.card
    export(bundle, tmp_path / "model.onnx")
    said = json.loads((tmp_path / "model.onnx.json").read_text(encoding="utf-8"))
    assert said["gazetteers"]["names"] == ["list dish"]
    assert said["gazetteers"]["entries"]["pad thai"] == [0]


def fingerprint(config: dict[str, Any]) -> str:
    sources, settings = with_sources(DATA, config_of(config))
    return Training(pool(sources, settings), config=settings).fingerprint


def test_the_names_count_in_the_fingerprint_and_the_path_does_not(tmp_path: Path) -> None:
    here, there, other = recipe(tmp_path / "a"), recipe(tmp_path / "b"), recipe(tmp_path / "c", more="curry")
    assert fingerprint(here) == fingerprint(there)
    assert len({fingerprint(here), fingerprint(other), fingerprint(SETTINGS)}) == 3


def test_a_checkpoint_of_other_lists_says_so(tmp_path: Path) -> None:
    def begin(config: dict[str, Any]) -> None:
        sources, settings = with_sources(DATA, config_of(config))
        next(Training(pool(sources, settings), config=settings, checkpoint=tmp_path / "mine.checkpoint"))

    begin(recipe(tmp_path / "a"))
    with pytest.raises(InputError, match=r"the lists of \[gazetteers\] are others: dish"):
        begin(recipe(tmp_path / "b", more="curry"))


def test_the_configuration_of_a_model_is_no_recipe_for_its_lists(tmp_path: Path) -> None:
    config = config_of(config_of(recipe(tmp_path)).to_dict())
    with pytest.raises(ConfigError, match=r"gazetteers\.dish: a model keeps its lists, but no recipe: name the file"):
        slotfill.train(DATA, config=config)
