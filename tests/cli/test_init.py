"""`slotfill init`: a project whose next commands work."""

import json
import re
import shlex
from pathlib import Path

import pytest

from slotfill.cli.init import commands
from slotfill.readers import load
from slotfill.readers.layout import SPLITS
from tests.cli.conftest import Run

FILES = ["README.md", "dishes.txt", "recipe.toml", "data/dev.markup", "data/test.markup", "data/train.markup"]


def test_the_project_is_whole(slotfill: Run) -> None:
    code, out, err = slotfill("init", "my table")
    assert code == 0
    assert err.splitlines() == [f"wrote my table/{name}" for name in FILES]
    assert out.splitlines() == ["next:", *(f"  {command}" for command in commands(Path("my table")))]
    dataset = load("my table/data")
    assert {name: len(part) for name, part in dataset.splits.items()} == {"train": 20, "dev": 6, "test": 6}
    assert {*dataset.splits} <= {*SPLITS}
    assert len(Path("my table/README.md").read_text().splitlines()) <= 12
    assert slotfill("data", "check", "my table/data")[1].startswith("data: no problem")


def test_nothing_is_replaced(slotfill: Run) -> None:
    slotfill("init", "table")
    code, _, err = slotfill("init", "table")
    assert code == 1
    assert "README.md, dishes.txt, recipe.toml is there already: choose another name" in err
    Path("file").write_text("", encoding="utf-8")
    assert slotfill("init", "file")[0] == 1


def test_a_folder_with_other_files_is_used(slotfill: Run) -> None:
    Path("table").mkdir()
    Path("table/notes.txt").write_text("mine", encoding="utf-8")
    assert slotfill("init", "table")[0] == 0
    assert Path("table/notes.txt").read_text() == "mine"


def test_the_next_commands_work(slotfill: Run) -> None:
    """End to end: written, trained, scored, tagged, with values; and new values without another training."""
    pytest.importorskip("torch")
    _, out, _ = slotfill("init", "table")
    train, evaluate, tag = (shlex.split(line)[1:] for line in out.splitlines()[1:])
    code, _, err = slotfill(*train)
    assert code == 0, err
    assert "have no value" not in err
    code, out, err = slotfill(*evaluate, "--format", "json")
    assert code == 0, err
    assert json.loads(out)["f1"] > 0.7
    code, out, err = slotfill(*tag, "--now", "2026-11-20T09:00")
    assert code == 0, err
    found = json.loads(out)["frame"]["other"]
    assert found["guests"]["value"] == 4
    assert found["day"]["value"] == "2026-11-21"
    assert found["time"]["value"] == "19:00"
    code, out, err = slotfill(*tag, "--now", "2026-11-20T09:00", "--format", "table")
    assert re.search(r"^day +tomorrow +2026-11-21 ", out, re.MULTILINE)
    recipe = Path("table/recipe.toml")
    recipe.write_text(recipe.read_text().replace("terrace = [", "garden = ["), encoding="utf-8")
    code, _, err = slotfill(*train, "--resume")
    assert "it now has the kinds of slots that [slots] gives" in err
    code, out, _ = slotfill(*tag[:-1], "--min-value-confidence", "0", "a table outside for four tomorrow at 7 pm")
    assert json.loads(out)["frame"]["other"]["area"]["value"] == "garden"
    recipe.write_text(recipe.read_text() + '[slots.colour]\nkind = "text"\n', encoding="utf-8")
    code, _, err = slotfill(*train, "--resume")
    assert (code, "no sentence of the data has a slot colour" in err) == (1, True)
