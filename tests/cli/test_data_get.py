"""`slotfill data get`, from small folders of the shape of the public repositories, and from a hub that is not there."""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from slotfill.readers import hub, load
from slotfill.schema import Dataset

Run = Callable[..., tuple[int, str, str]]

SLOT_GATED = "https://github.com/MiuLab/SlotGated-SLU"
SGD = "https://github.com/google-research-datasets/dstc8-schema-guided-dialogue"


@pytest.fixture
def clone(slotfill: Run) -> Path:
    """A clone of the repository that has ATIS and SNIPS, in the working folder."""
    for name, intent in (("atis", "atis_flight#atis_airfare"), ("snips", "GetWeather")):
        for split in ("train", "valid", "test"):
            folder = Path("clone/data", name, split)
            folder.mkdir(parents=True)
            for file, line in (("seq.in", f"{split} rome"), ("seq.out", "O B-city"), ("label", intent)):
                (folder / file).write_text(f"{line} \n", encoding="utf-8")
    return Path("clone")


@pytest.mark.parametrize("inside", ["", "data/snips"])
def test_from_a_clone_or_its_folder(slotfill: Run, clone: Path, inside: str) -> None:
    assert slotfill("data", "get", "snips", "--from", str(clone / inside)) == (
        0,
        "",
        "wrote data/snips/train.jsonl\nwrote data/snips/dev.jsonl\nwrote data/snips/test.jsonl\n"
        f"snips: train 1, dev 1, test 1\nfrom {clone / inside}, taken for a clone of {SLOT_GATED}\nlicence: CC0 1.0\n",
    )
    dataset = load("snips")  # found by its name
    assert [(split, e.text, e.tags, e.intent) for split, examples in dataset.splits.items() for e in examples] == [
        ("train", "train rome", ("O", "B-city"), "GetWeather"),
        ("dev", "valid rome", ("O", "B-city"), "GetWeather"),
        ("test", "test rome", ("O", "B-city"), "GetWeather"),
    ]


def test_atis_from_a_clone_into_a_folder_of_choice(slotfill: Run, clone: Path) -> None:
    code, _, err = slotfill("data", "get", "atis", "--from", str(clone), "--output", "mine/atis")
    assert code == 0
    assert "licence: none stated by the public copies" in err
    assert load("mine/atis").splits["test"][0].intent == "flight+airfare"
    assert not Path("data").exists()


def test_atis_from_the_hub(slotfill: Run, clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def loaded(source: str, **_: Any) -> Dataset:
        asked.append(source)
        return load(clone / "data/atis")._replace(name=f"{source}@pinned")

    monkeypatch.setattr(hub, "load", loaded)
    code, _, err = slotfill("data", "get", "atis")
    assert (code, asked) == (0, ["hub:tuetschek/atis"])
    assert "from hub:tuetschek/atis@pinned\n" in err
    assert list(load("atis").splits) == ["train", "dev", "test"]


def test_without_datasets_the_extra_is_named(slotfill: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "datasets", None)
    code, out, err = slotfill("data", "get", "atis")
    assert (code, out) == (1, "")
    assert 'pip install "slotfill[hub]"' in err
    assert not Path("data").exists()


def test_sgd(slotfill: Run) -> None:
    def turn(text: str, slot: str, start: int) -> dict[str, Any]:
        frame = {"service": "Flights_1", "slots": [{"slot": slot, "start": start, "exclusive_end": len(text)}]}
        return {"speaker": "USER", "utterance": text, "frames": [frame]}

    turns = [turn("to Rome", "destination", 3), turn("on Whit Monday", "return_date", 3)]
    for split in ("train", "dev"):
        Path("clone", split).mkdir(parents=True)
        dialogues = [{"dialogue_id": "1_00000", "turns": turns}]
        Path("clone", split, "dialogues_001.json").write_text(json.dumps(dialogues), encoding="utf-8")
    assert slotfill("data", "get", "sgd", "--from", "clone") == (
        0,
        "",
        "left out, since their labels are not certain: 2; the first: clone/train/dialogues_001.json: "
        'dialogue 1_00000, turn 2: "Whit Monday" in return_date is not known as part of a date\n'
        "wrote data/sgd/train.jsonl\nwrote data/sgd/dev.jsonl\n"
        f"sgd: train 1, dev 1\nfrom clone, taken for a clone of {SGD}\n"
        "licence: CC BY-SA 4.0: to pass it on, changed or not, name the source and keep the licence\n",
    )
    assert load("sgd").splits["dev"][0].tags == ("O", "B-toloc.city_name")


def test_nothing_is_replaced_unasked(slotfill: Run, clone: Path) -> None:
    there = Path("data/snips/train.jsonl")
    there.parent.mkdir(parents=True)
    there.write_text("mine\n", encoding="utf-8")
    command = ("data", "get", "snips", "--from", str(clone))
    assert slotfill(*command) == (1, "", "error: data/snips holds a data set already: add --overwrite to replace it\n")
    assert [path.name for path in there.parent.iterdir()] == ["train.jsonl"]
    assert there.read_text(encoding="utf-8") == "mine\n"
    assert slotfill(*command, "--overwrite")[0] == 0
    assert "train rome" in there.read_text(encoding="utf-8")


def test_a_disk_that_fails_leaves_no_half(slotfill: Run, clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rename = os.rename

    def full(path: str, to: str) -> None:
        if to.endswith("test.jsonl"):
            raise OSError(28, "No space left on device")
        rename(path, to)

    monkeypatch.setattr(os, "rename", full)
    code, _, err = slotfill("data", "get", "snips", "--from", str(clone))
    assert (code, err) == (1, "error: data/snips/test.jsonl: cannot be written: No space left on device\n")
    assert not Path("data").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["sdg"], "no public data set 'sdg': expected atis, snips, sgd"),
        (["snips"], f"snips is read from a clone: run `git clone {SLOT_GATED}`, then add --from and the clone"),
        (["sgd", "--from", "nowhere"], f"nowhere: no such folder: expected a clone of {SGD}"),
        (["sgd", "--from", "clone"], "clone/train: no dialogues: expected files such as dialogues_001.json, as in SGD"),
    ],
)
def test_what_cannot_be_had(slotfill: Run, clone: Path, arguments: list[str], message: str) -> None:
    assert slotfill("data", "get", *arguments) == (1, "", f"error: {message}\n")
