from pathlib import Path
from typing import Any

import pytest

from slotfill.config import Config, DataConfig, from_assignments, from_dict, from_toml, of_sources
from slotfill.errors import ConfigError


def test_defaults_survive_a_round_trip() -> None:
    assert from_dict(Config().to_dict(), origin="bundle") == Config()


def test_a_file_changes_only_what_it_names(tmp_path: Path) -> None:
    path = tmp_path / "small.toml"
    path.write_text("[model]\nhidden = 64\nbidirectional = false\n\n[training]\nclip = 1\n", encoding="utf-8")
    config = from_toml(path)
    assert (config.model.hidden, config.model.bidirectional, config.training.clip) == (64, False, 1.0)
    assert isinstance(config.training.clip, float)
    assert config.model.word_size == Config().model.word_size


def test_assignments_apply_in_order_over_a_base() -> None:
    base = from_dict({"training": {"epochs": 3}}, origin="base")
    config = from_assignments(["model.hidden=32", "model.hidden = 48", "model.cell=lstm"], base=base)
    assert (config.model.hidden, config.model.cell, config.training.epochs) == (48, "lstm", 3)


def test_a_setting_of_yes_and_no_is_true_or_false_too() -> None:
    """`model.gazetteers` was true or false before it could be `auto`, and models have it so."""
    for written, stored in (("true", True), ("yes", True), ("false", False), ("no", False), ("auto", "auto")):
        config = from_assignments([f"model.gazetteers={written}"])
        assert config.to_dict()["model"]["gazetteers"] == stored
        assert from_dict(config.to_dict(), origin="bundle") == config
    assert from_assignments(["model.affixes=true"]).model.affixes == "yes"
    with pytest.raises(ConfigError, match=r"`model\.gazetteers` must be one of auto, yes, no"):
        from_assignments(["model.gazetteers=1"])


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"model": {"hiden": 1}}, "x: unknown setting `model.hiden`; did you mean `model.hidden`?"),
        ({"training": {"hidden": 1}}, "x: unknown setting `training.hidden`; did you mean `model.hidden`?"),
        ({"modle": {}}, "x: unknown setting `modle`; did you mean `model`?"),
        ({"epochs": 5}, "x: unknown setting `epochs`; did you mean `training.epochs`?"),
        ({"model": {"zzzz": 1}}, "x: unknown setting `model.zzzz`"),
        ({"model": {"hidden": 10**400}}, "x: `model.hidden` must be between 1 and 4096, got 10000000000000000000"),
        ({"model": 3}, "x: `model` is a section: write [model] with settings below it"),
        ({"model": {"hidden": "many"}}, "x: `model.hidden` must be a whole number, got 'many'"),
        ({"model": {"hidden": 1.5}}, "x: `model.hidden` must be a whole number, got 1.5"),
        ({"model": {"hidden": True}}, "x: `model.hidden` must be a whole number, got True"),
        ({"model": {"bidirectional": 1}}, "x: `model.bidirectional` must be true or false, got 1"),
        ({"model": {"cell": 1}}, "x: `model.cell` must be one of feedforward, elman, jordan, lstm, gru, got 1"),
        ({"model": {"hidden": 0}}, "x: `model.hidden` must be between 1 and 4096, got 0"),
        ({"training": {"dropout_in": 1.0}}, "x: `training.dropout_in` must be between 0 and 0.99, got 1.0"),
        ({"training": {"clip": float("nan")}}, "x: `training.clip` must be between 0.001 and 1e+06, got nan"),
        ({"model": {"forget_bias": float("inf")}}, "x: `model.forget_bias` must be a finite number, got inf"),
    ],
)
def test_invalid_settings(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        from_dict(settings, origin="x")
    assert str(caught.value) == message


def test_an_unknown_cell_lists_the_choices() -> None:
    with pytest.raises(ConfigError, match=r"^x: `model\.cell` must be one of .*lstm.*; got 'ltsm'$"):
        from_dict({"model": {"cell": "ltsm"}}, origin="x")


@pytest.mark.parametrize(
    ("assignment", "message"),
    [
        (
            "model.hidden",
            "--set model.hidden: no value: type it after =, as in --set model.hidden=128",
        ),
        ("hidden=3", "--set hidden=3: did you mean --set model.hidden=3?"),
        ("model.=3", "--set model.=3: expected section.key=value, such as training.epochs=5"),
        (
            "training.epoch=3",
            "--set training.epoch=3: unknown setting `training.epoch`; did you mean `training.epochs`?",
        ),
        (
            f"model.hidden={'[' * 500}",
            f"--set model.hidden={'[' * 27}...: the brackets are nested too deeply",
        ),
        ("training.epochs=", "--set training.epochs=: `training.epochs` must be a whole number, got ''"),
    ],
)
def test_invalid_assignments(assignment: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        from_assignments([assignment])
    assert str(caught.value) == message


def test_a_recipe_names_its_data(tmp_path: Path) -> None:
    path = tmp_path / "recipe.toml"
    path.write_text('[[data]]\nsource = "atis"\nsubstituted = 1\n\n[[data]]\nsource = "travel"\nshare = 0.5\n')
    config = from_toml(path)
    assert config.data == (DataConfig("atis", substituted=1.0), DataConfig("travel", share=0.5))
    assert from_dict(config.to_dict(), origin="bundle") == config
    assert from_assignments(["training.seed=3"], base=config).data == config.data


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"source": "atis"}, "x: `data` is a list: write [[data]] with settings below it, once for each data set"),
        ("atis", "x: `data` is a list: write [[data]] with settings below it, once for each data set"),
        ([{"share": 1.0}], "x: a [[data]] without `source`: name the data set"),
        ([{"source": "a", "shar": 1.0}], "x: unknown setting `data.shar`; did you mean `data.share`?"),
        ([{"source": "a", "share": 0}], "x: `data.share` must be between 0.01 and 100, got 0.0"),
        ([{"source": "a", "relabelled": 1}], "x: `data.relabelled` must be true or false, got 1"),
    ],
)
def test_invalid_data(data: object, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        from_dict({"data": data}, origin="x")
    assert str(caught.value) == message


def test_settings_of_a_data_set_follow_its_name() -> None:
    data = (DataConfig("atis", substituted=1.0), DataConfig("hub:a/b", share=0.5))
    found = of_sources(["elsewhere/atis", "mine.jsonl", "hub:a/b"], data)
    assert found == (data[0], DataConfig("mine.jsonl"), data[1])


@pytest.mark.parametrize("source", ["./atis", "/far/away/atis", "elsewhere/atis/", "hub:a/b", "sub/atis.jsonl"])
def test_settings_of_a_path_follow_its_last_part(source: str) -> None:
    data = (DataConfig("travel"), DataConfig(source, substituted=1.0, relabelled=True))
    name = source if source.startswith("hub:") else source.rstrip("/").split("/")[-1]
    for sources in (["travel", source], [source, "travel"], [source]):
        assert of_sources(sources, data)[sources.index(source)] == DataConfig(name, substituted=1.0, relabelled=True)
    if name == "atis":  # wherever it is
        assert of_sources(["other/atis"], data) == of_sources(["atis"], data) == (data[1]._replace(source="atis"),)


def test_two_data_sets_with_one_name() -> None:
    data = (DataConfig("a/mine", share=0.5), DataConfig("b/mine", share=2.0))
    assert [part.share for part in of_sources(["b/mine", "a/mine"], data)] == [2.0, 0.5]
    with pytest.raises(ConfigError, match=r"^c/mine: several \[\[data\]\] tables have this name: a/mine, b/mine;"):
        of_sources(["c/mine"], data)
    twice = (DataConfig("mine", share=0.5), DataConfig("mine", substituted=1.0))  # one after another, none left out
    assert of_sources(["mine", "mine"], twice) == twice


@pytest.mark.parametrize("content", [b"[model\n", b"hidden = \n", b"\xff\xfe", b"a = " + b"[" * 5000])
def test_files_that_are_not_toml(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.toml"
    path.write_bytes(content)
    with pytest.raises(ConfigError) as caught:
        from_toml(path)
    assert str(caught.value).startswith(f"{path}: not readable as TOML: ")


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        from_toml(tmp_path / "none.toml")
    assert str(caught.value) == f"{tmp_path / 'none.toml'}: no such file"
