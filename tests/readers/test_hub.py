"""Data sets read by `datasets`: a local folder of the hub's shape, and what goes wrong with names."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from slotfill.errors import DataError, InputError, MissingExtraError
from slotfill.readers import load

datasets = pytest.importorskip("datasets", reason="the extra `train` is not installed")

HEAD = "id,intent,text,slots\n"
ROME = "1,flight+airfare,to  rome,O B-toloc.city_name\n"


@pytest.fixture(autouse=True)
def cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A cache of this test's own, so that nothing is written into the home of who runs it."""
    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path / "cache")
    return tmp_path / "cache"


@pytest.fixture
def folder(tmp_path: Path) -> Callable[..., Path]:
    def fill(**files: str) -> Path:
        (tmp_path / "atis").mkdir()
        for name, content in files.items():
            (tmp_path / "atis" / f"{name}.csv").write_text(content, encoding="utf-8")
        return tmp_path / "atis"

    return fill


def test_a_folder_of_the_shape_of_atis(
    folder: Callable[..., Path], cache: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = folder(atis_train=HEAD + ROME + '2,,"a, b","B-x I-x"\n', atis_test=HEAD + ROME)
    dataset = load(f"hub:{path}")
    assert dataset.name == f"hub:{path}"
    assert list(dataset.splits) == ["train", "test"]
    rome, other = dataset.splits["train"]
    assert (rome.text, rome.tags, rome.intent) == ("to  rome", ("O", "B-toloc.city_name"), "flight+airfare")
    assert [(token.start, token.end) for token in rome.tokens] == [(0, 2), (4, 8)]
    assert ([token.text for token in other.tokens], other.intent) == (["a,", "b"], None)
    assert cache.is_dir()
    assert capfd.readouterr() == ("", "")  # no progress bar where no person looks


def test_problems_name_the_row(folder: Callable[..., Path]) -> None:
    path = folder(atis_train=HEAD + ROME + "2,flight,to rome,O\n3,flight,,O\n4,flight,to rome,O I-x\n5,a,b,c\n")
    problems: list[DataError] = []
    dataset = load(f"hub:{path}", report=problems.append)
    assert len(dataset.splits["train"]) == 1
    assert [str(problem).removeprefix(f"hub:{path}/train row ") for problem in problems] == [
        "3: expected strings, got text None, slots 'O', intent 'flight'",
        '2: expected a tag for each token; got 1 for 2: "O" for "to rome"',
        "4: tag 2 is I-x after O: in IOB2 a span begins with B-x",
        '5: tag 1 is "c": expected O, or B- or I- and the name of a slot',
    ]


@pytest.mark.parametrize(
    ("files", "message"),
    [
        (
            {"atis_train": "tokens,tags\na,O\n"},
            "/train: found the columns tokens, tags; expected text, slots and optionally intent",
        ),
        (
            {"train": "not a table\n1\n"},
            "/train: found the columns not a table; expected text, slots and optionally intent",
        ),
    ],
)
def test_other_columns(folder: Callable[..., Path], files: dict[str, str], message: str) -> None:
    path = folder(**files)
    with pytest.raises(InputError) as caught:
        load(f"hub:{path}")
    assert str(caught.value) == f"hub:{path}{message}"


def test_a_folder_without_data(folder: Callable[..., Path]) -> None:
    path = folder()
    with pytest.raises(InputError) as caught:
        load(f"hub:{path}")
    assert str(caught.value).startswith(f"hub:{path}: cannot be loaded: ")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("address", ["", "a/b/c", "no/such folder", "../nowhere", "@main"])
def test_neither_a_name_nor_a_folder(address: str) -> None:
    with pytest.raises(InputError) as caught:
        load(f"hub:{address}")
    assert str(caught.value) == (f"hub:{address}: expected hub:NAME, hub:NAME@REVISION or hub:FOLDER")


PINNED = "d44649dde31b4c9d2104aac42a35ed83956e7dec"


@pytest.mark.parametrize(
    ("source", "name", "revision"),
    [
        ("hub:tuetschek/atis", "tuetschek/atis", PINNED),
        ("hub:tuetschek/atis@main", "tuetschek/atis", "main"),
        ("hub:someone/slots", "someone/slots", None),
        ("hub:slots@v1.0", "slots", "v1.0"),
    ],
)
def test_names_and_revisions(
    monkeypatch: pytest.MonkeyPatch, folder: Callable[..., Path], source: str, name: str, revision: str | None
) -> None:
    path, real = folder(atis_valid=HEAD + ROME, atis_extra=HEAD), datasets.load_dataset
    asked = []

    def load_dataset(name: str, **options: Any) -> Any:
        asked.append((name, options))
        parts = {"validation": "atis_valid.csv", "extra": "atis_valid.csv"}
        return real("csv", data_files={split: str(path / file) for split, file in parts.items()})

    monkeypatch.setattr(datasets, "load_dataset", load_dataset)
    dataset = load(source)
    assert asked == [(name, {"revision": revision})]
    assert list(dataset.splits) == ["dev"]  # what has no known name is left out
    assert dataset.name == f"hub:{name}" + (f"@{revision}" if revision else "")


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (ConnectionError("Couldn't reach the hub\nand more"), "Couldn't reach the hub"),
        (FileNotFoundError("Dataset 'x' doesn't exist"), "Dataset 'x' doesn't exist"),
        (RuntimeError(), "RuntimeError"),
    ],
)
def test_a_failed_download_is_one_line(monkeypatch: pytest.MonkeyPatch, error: Exception, reason: str) -> None:
    def load_dataset(name: str, **options: Any) -> Any:
        raise error

    monkeypatch.setattr(datasets, "load_dataset", load_dataset)
    with pytest.raises(InputError) as caught:
        load("hub:x/y")
    assert str(caught.value) == f"hub:x/y: cannot be loaded: {reason}"


def test_without_datasets_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "datasets", None)
    with pytest.raises(MissingExtraError, match=r'reading hub:x/y needs .* `pip install "slotfill\[hub\]"`'):
        load("hub:x/y")
