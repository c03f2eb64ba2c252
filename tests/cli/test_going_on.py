"""`slotfill train --from`: what it says, resumes, refuses, and leaves behind."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from slotfill.bundle import read
from tests.cli.test_train import SMALL, sentences, stop_after, write

Run = Callable[..., tuple[int, str, str]]
MORE = ["--from", "old", "--data", "more.markup", "--output", "model"]


@pytest.fixture
def run(slotfill: Run) -> Run:
    """Run `slotfill train` in a folder with the data set `mine`, the model `old` that learnt it, and more sentences."""
    write("mine/train.markup", sentences(30))
    write("mine/dev.markup", sentences(6))
    seats = ("aisle", "window", "front row", "middle")
    write("more.markup", "".join(f"an [{seat}](seat) to [Rome](toloc.city_name)\tseat\n" for seat in seats))

    def call(*arguments: str) -> tuple[int, str, str]:
        return slotfill("train", *arguments)

    assert call("--data", "mine", "--output", "old", *SMALL, "--set", "training.epochs=2", "-q")[0] == 0
    return call


def files(folder: str) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in Path(folder).iterdir() if path.name != "README.md"}


def test_it_says_what_it_takes_over_adds_rehearses_and_has_forgotten(run: Run) -> None:
    write("data/mine/train.markup", sentences(30))  # found by its name
    code, _, err = run(*MORE, "--set", "training.epochs=2")
    assert code == 0, err
    assert "goes on from old: 7 new words; new slots: seat; new intents: seat\n" in err
    assert "rehearses mine: 30 of 30 sentences an epoch\n" in err
    assert re.search(r"mine: dev slot F1 0\.\d{4} before, 0\.\d{4} now\n", err)
    bundle = read("model")
    assert "B-seat" in bundle.vocabularies.tags
    assert bundle.training["start"]["model"] == "old"
    assert [(d["source"], d["train"]) for d in bundle.training["data"]] == [("more", 4), ("mine", 30)]
    assert "It goes on from `old`" in bundle.card


def test_what_is_not_found_is_said_and_may_be_named(run: Run) -> None:
    Path("mine").rename("elsewhere")
    code, _, err = run(*MORE, "--set", "training.epochs=1")
    assert code == 0, err
    assert "not rehearsed: mine: not found (--rehearse PATH names what is elsewhere)\n" in err
    assert "nothing is rehearsed" in err
    code, _, err = run(*MORE, "--rehearse", "elsewhere", "--overwrite", "--set", "training.epochs=1")
    assert code == 0, err
    assert "rehearses elsewhere: 30 of 30 sentences an epoch\n" in err
    assert "not rehearsed" not in err


def test_data_of_the_same_name_are_not_those_it_learnt(run: Run) -> None:
    write("mine/train.markup", sentences(29))
    _, _, err = run(*MORE, "--set", "training.epochs=1")
    problem = "not rehearsed: mine: no longer the sentences that the model learnt from"
    assert f"{problem} (--rehearse PATH takes what is there now)\n" in err
    code, _, err = run(*MORE, "--rehearse", "mine", "--overwrite", "--set", "training.epochs=1")
    assert (code, "rehearses mine: 29 of 29 sentences an epoch\n" in err) == (0, True)


def test_old_data_are_found_beside_the_model_and_beside_the_new_data(run: Run) -> None:
    Path("shop").mkdir()
    Path("old").rename("shop/model")
    Path("mine").rename("shop/mine")
    command = ["--from", "shop/model", "--output", "next", "--set", "training.epochs=1", "--overwrite"]
    code, _, err = run(*command, "--data", "more.markup")
    assert code == 0, err
    assert "rehearses shop/mine: 30 of 30 sentences an epoch\n" in err
    Path("shop/model").rename("model")
    Path("more.markup").rename("shop/more.markup")
    code, _, err = run("--from", "model", *command[2:], "--data", "shop/more.markup")
    assert code == 0, err
    assert "rehearses shop/mine: 30 of 30 sentences an epoch\n" in err


def test_kinds_of_old_slots_need_no_old_data(run: Run) -> None:
    write("recipe.toml", '[slots]\n"toloc.city_name" = "place"\n')
    options = ["--data", "mine", "--config", "recipe.toml", "--output", "old", *SMALL, "-q", "--overwrite"]
    assert run(*options, "--set", "training.epochs=1")[0] == 0
    Path("mine").rename("elsewhere")
    write("pets.markup", "with a [dog](pet)\tseat\n" * 2)
    code, _, err = run("--from", "old", "--data", "pets.markup", "--output", "model", "--set", "training.epochs=1")
    assert code == 0, err
    assert [kind.name for kind in read("model").config.slots] == ["toloc.city_name"]


def test_the_labels_of_the_model_may_go(run: Run) -> None:
    code, _, err = run(*MORE, "--rehearse", "none", "--set", "training.epochs=1")
    assert code == 0, err
    assert re.search(
        r"goes on from old: \d new words; new slots: seat; without 3 of its slots; new intents: seat;", err
    )
    assert "rehearse" not in err
    assert {tag[2:] for tag in read("model").vocabularies.tags.items} == {"", "seat", "toloc.city_name"}


def test_lists_of_a_recipe_are_added_or_replace_those_of_their_names(run: Run) -> None:
    write("recipe.toml", '[gazetteers]\nseat = ["aisle", "window"]\n')
    code, _, err = run(*MORE, "--config", "recipe.toml", "--set", "training.epochs=1")
    assert code == 0, err
    assert "new slots: seat; new intents: seat; new lists: seat (2)\n" in err
    assert "list seat: 2 names; 2 of 68 slots of train are in it\n" in err
    write("recipe.toml", '[gazetteers]\nseat = ["aisle", "window", "bulkhead"]\ntown = ["Rome"]\n')
    options = ["--from", "model", "--data", "mine", "--output", "next", "--set", "training.epochs=1"]
    code, _, err = run(*options, "--config", "recipe.toml")
    assert code == 0, err
    assert "; new lists: town (1); lists that replace its own: seat (3)\n" in err
    assert own_lists("next") == ["list seat", "list town"]
    code, _, err = run(*options[:4], "--output", "last", "--set", "training.epochs=1")  # lists stay without the recipe
    assert (code, "list" in err) == (0, False)
    assert own_lists("last") == ["list seat"]


def own_lists(model: str) -> list[str]:
    """The lists of a model, without those that slotfill brings."""
    return [name for name in read(model).vocabularies.gazetteers.names if name.startswith("list ")]


def test_it_is_resumed_to_the_same_weights_and_only_from_the_same_model(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = [*MORE, "--set", "training.epochs=4"]
    assert run(*options, "-q")[0] == 0
    whole = files("model")
    with monkeypatch.context() as patch:
        stop_after(2, patch)
        code, _, err = run(*options, "--overwrite")
    assert (code, "--from old" in err) == (130, True)
    assert run("--data", "mine", "--output", "old", *SMALL, "--seed", "5", "--overwrite", "-q")[0] == 0
    code, _, err = run(*options, "--resume")
    assert (code, "belongs to a training" in err) == (1, True)
    assert run("--data", "mine", "--output", "old", *SMALL, "--set", "training.epochs=2", "--overwrite", "-q")[0] == 0
    assert run(*options, "--resume")[0] == 0
    assert files("model")["weights.safetensors"] == whole["weights.safetensors"]
    code, _, err = run(*options, "--resume")
    assert (code, "model is complete: nothing to resume" in err) == (0, True)


def test_a_model_may_go_on_and_on_into_its_own_folder(run: Run) -> None:
    assert run(*MORE, "--set", "training.epochs=1", "-q")[0] == 0
    write("pets.markup", "to [Rome](toloc.city_name) with a [dog](pet)\tseat\n" * 2)
    code, _, err = run("--from", "model", "--data", "pets.markup", "-o", "model", "--overwrite")
    assert code == 0, err
    assert "rehearses more.markup: 4 sentences 16 times an epoch\n" in err
    assert "rehearses mine: 30 of 30" in err
    assert {"B-seat", "B-pet"} <= {*read("model").vocabularies.tags.items}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--set", "model.hidden=8"], "model.hidden was 4 and is 8: a training that goes on from old has its network"),
        (["--set", "model.cell=gru"], "model.cell was 'lstm' and is 'gru'"),
        (["--set", "model.tokenizer=words"], "model.tokenizer was 'slotfill' and is 'words'"),
        (["--config", "recipe.toml"], "`gazetteers.town`: no file nowhere.txt"),
        (["--from", "nobody"], "no model 'nobody'"),
        (["--from", "mine"], "not a slotfill model"),
        (["--rehearse", "nowhere"], "no data set or file"),
    ],
    ids=str,
)
def test_what_cannot_be_is_refused_before_anything_is_written(run: Run, arguments: list[str], message: str) -> None:
    write("recipe.toml", '[gazetteers]\ntown = "nowhere.txt"\n')
    code, out, err = run(*MORE, *arguments)
    assert (code, out) == (1, "")
    assert message in err
    assert "Traceback" not in err
    assert not Path("model").exists()
    assert not Path("model.checkpoint").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--from", "old"], "name the sentences that old shall learn"),
        (["--data", "mine", "--rehearse", "mine"], "it goes with --from"),
        ([*MORE, "--rehearse", "none", "--rehearse", "mine"], "none is for no data at all"),
    ],
    ids=str,
)
def test_wrong_usage(run: Run, arguments: list[str], message: str) -> None:
    code, _, err = run(*arguments)
    assert code == 2
    assert message in " ".join(err.replace("│", " ").split())
