"""What `import slotfill` gives, and what it costs."""

import subprocess
import sys

import pytest

import slotfill

HEAVY = {"numpy", "torch", "typer", "rich", "safetensors", "datasets", "seqeval", "sklearn", "pandas"}


def loaded_by(code: str) -> set[str]:
    """The heavy packages that a fresh Python has loaded after running this."""
    listing = "import sys; print(*sys.modules)"
    command = [sys.executable, "-W", "error", "-c", f"{code}\n{listing}"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return HEAVY & set(done.stdout.split())


def test_the_public_names() -> None:
    assert slotfill.__all__ == [
        "Annotation",
        "Config",
        "Dataset",
        "EpochReport",
        "Example",
        "Intent",
        "Scores",
        "Slot",
        "SlotfillError",
        "Tagger",
        "Token",
        "Trained",
        "evaluate",
        "load",
        "parse_markup",
        "read_data",
        "train",
    ]


@pytest.mark.parametrize("name", slotfill.__all__)
def test_each_name_is_what_its_home_has(name: str) -> None:
    found = getattr(slotfill, name)
    assert found.__name__ == name
    assert found.__module__.startswith("slotfill")
    assert found.__doc__
    assert name in dir(slotfill)


def test_an_unknown_name_is_an_attribute_error() -> None:
    assert not hasattr(slotfill, "no_such_name")
    with pytest.raises(AttributeError, match=r"'slotfill' has no attribute 'taggr'"):
        _ = slotfill.taggr


def test_star_import_gives_the_public_names() -> None:
    names: dict[str, object] = {}
    exec("from slotfill import *", names)  # the only way to say it inside a function
    assert names.keys() - {"__builtins__"} == set(slotfill.__all__)


def test_all_errors_are_slotfill_errors() -> None:
    with pytest.raises(slotfill.SlotfillError, match="no-such-model"):
        slotfill.load("no-such-model")


def test_importing_slotfill_loads_nothing_heavy() -> None:
    assert loaded_by("import slotfill") == set()
    assert loaded_by("import numpy") == {"numpy"}  # the listing works


def test_importing_the_tagger_loads_little() -> None:
    assert loaded_by("import slotfill.tagger") - {"safetensors"} == {"numpy"}
    assert loaded_by("from slotfill import Tagger") - {"safetensors"} == {"numpy"}
