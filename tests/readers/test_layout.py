"""How data sets are found and recognised, and which splits they give."""

import time
from pathlib import Path

import pytest

from slotfill.errors import DataError, InputError
from slotfill.readers import load, save, split_of
from slotfill.schema import Dataset, Example
from slotfill.tokenizer import tokenize

ROME = Example("to Rome", tokenize("to Rome"), ("O", "B-toloc.city_name"), "flight")
JSON = '{"text": "to Rome", "spans": [{"start": 3, "end": 7, "label": "toloc.city_name"}], "intent": "flight"}\n'
CONLL = "# intent: flight\nto\tO\nRome\tB-toloc.city_name\n"
MARKUP = "to [Rome](toloc.city_name)\tflight\n"


def fill(folder: Path, files: dict[str, str]) -> Path:
    """Write files into a folder."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return folder


PARALLEL = {"train/seq.in": "to Rome\n", "train/seq.out": "O B-toloc.city_name\n", "train/label": "atis_flight\n"}


@pytest.mark.parametrize(
    ("files", "splits"),
    [
        (PARALLEL, ["train"]),
        ({name.replace("train", "valid"): text for name, text in PARALLEL.items()}, ["dev"]),
        ({"train.jsonl": JSON, "dev.jsonl": JSON, "test.jsonl": JSON}, ["train", "dev", "test"]),
        ({"test.JSONL": JSON, "validation.jsonl": JSON, "README.md": "#"}, ["dev", "test"]),
        ({"train.iob": CONLL, "val.tsv": CONLL, "test.bio": CONLL, "notes.conll": "?"}, ["train", "dev", "test"]),
        ({"Train.markup": MARKUP}, ["train"]),
        ({"hostile.markup": MARKUP, "test.markup": MARKUP}, ["test", "hostile"]),
    ],
)
def test_a_folder_is_recognised_by_what_it_holds(tmp_path: Path, files: dict[str, str], splits: list[str]) -> None:
    dataset = load(fill(tmp_path / "mine", files))
    assert dataset.name == "mine"
    assert list(dataset.splits) == splits
    assert set(dataset.splits.values()) == {(ROME,)}


def test_a_folder_of_one_split(tmp_path: Path) -> None:
    fill(tmp_path, PARALLEL)
    assert load(tmp_path / "train").splits == {"train": (ROME,)}


@pytest.mark.parametrize(("name", "split"), [("test.jsonl", "test"), ("valid.jsonl", "dev"), ("my.jsonl", "all")])
def test_a_file_is_the_split_in_its_name(tmp_path: Path, name: str, split: str) -> None:
    assert load(fill(tmp_path, {name: JSON}) / name).splits == {split: (ROME,)}


def test_a_file_without_a_split_is_any_split() -> None:
    assert split_of(Dataset("my", {"all": (ROME,)}), "train") == (ROME,)
    assert split_of(Dataset("my", {"all": (ROME,)}), "test") == (ROME,)


def test_a_data_set_gives_only_the_splits_that_it_has() -> None:
    dataset = Dataset("my", {"dev": (), "test": (ROME,)})
    assert split_of(dataset, "test") == (ROME,)
    with pytest.raises(InputError, match=r"^my has no train split, only dev, test$"):
        split_of(dataset, "train")
    with pytest.raises(InputError, match=r"^my has no train split, only all, test$"):
        split_of(Dataset("my", {"all": (ROME,), "test": (ROME,)}), "train")


def test_a_data_set_is_found_by_name(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    fill(tmp_path, {"data/mine/train.jsonl": JSON})
    assert load("mine") == Dataset("mine", {"train": (ROME,)})


def test_only_a_data_set_hides_the_one_that_ships(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    shipped_one = load("travel")
    for folder in ("travel", "data/travel"):
        fill(tmp_path, {f"{folder}/notes.txt": "mine"})
        assert load("travel") == shipped_one
        with pytest.raises(InputError, match=r"no data set: found notes\.txt"):
            load(f"./{folder}")
    with pytest.raises(InputError, match=r"no data set: found notes\.txt"):
        load("travel/")  # written as a path too
    fill(tmp_path, {"data/travel/train.jsonl": JSON})
    assert load("travel") == Dataset("travel", {"train": (ROME,)})
    fill(tmp_path, {"travel/dev.jsonl": JSON})
    assert load("travel") == Dataset("travel", {"dev": (ROME,)})


def test_a_folder_that_does_not_fit_is_found_if_nothing_else_is(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    fill(tmp_path, {"mine/notes.txt": "mine"})
    with pytest.raises(InputError, match=r"^mine: no data set: found notes\.txt"):
        load("mine")


def test_a_missing_data_set_lists_the_known_ones(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    fill(tmp_path, {"data/mine/train.jsonl": JSON})
    for name, guess in (("mien", "; did you mean mine?"), ("", ""), ("no/such/file.jsonl", "")):
        with pytest.raises(InputError) as caught:
            load(name)
        assert (
            str(caught.value) == f'no data set or file "{name}"{guess} (known by name: mine, travel, travel-zh, twins)'
        )


def test_a_name_that_no_file_can_have(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r'^no data set or file "a{39}…"'):
        load("a" * 5000)


@pytest.mark.parametrize(
    ("files", "message"),
    [
        (
            {"a.txt": "", "b.csv": ""},
            "no data set: found a.txt, b.csv; expected train/, dev/, test/ with seq.in and seq.out, "
            "or files such as train.jsonl, dev.conll, test.markup",
        ),
        (
            {"train.jsonl": JSON, "test.conll": CONLL},
            "several formats in one folder: found train.jsonl (JSON lines), test.conll (columns); expected one",
        ),
        (
            {"train.jsonl": JSON, **PARALLEL},
            "several formats in one folder: found train (parallel files), train.jsonl (JSON lines); expected one",
        ),
        ({"dev.jsonl": JSON, "valid.jsonl": JSON}, "dev.jsonl and valid.jsonl both hold the dev split"),
        ({"train.iob": CONLL, "train.conll": CONLL}, "train.conll and train.iob both hold the train split"),
    ],
)
def test_folders_that_are_not_data_sets(tmp_path: Path, files: dict[str, str], message: str) -> None:
    with pytest.raises(InputError) as caught:
        load(fill(tmp_path, files))
    assert str(caught.value) == f"{tmp_path}: {message}"


def test_an_empty_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no data set: found nothing; expected"):
        load(tmp_path)


def test_a_file_of_an_unknown_format(tmp_path: Path) -> None:
    fill(tmp_path, {"my.odt": "to Rome"})
    with pytest.raises(InputError) as caught:
        load(tmp_path / "my.odt")
    message = str(caught.value)
    assert message.startswith(f"{tmp_path / 'my.odt'}: unknown format: expected ")
    assert "JSON lines, " in message
    assert message.count("with a header") == 1
    assert message.endswith('; its first line is "to Rome"')


@pytest.mark.parametrize("content", ["", "\n \n"])
def test_an_empty_file_is_called_empty(tmp_path: Path, content: str) -> None:
    fill(tmp_path, {"my.md": content})
    with pytest.raises(InputError, match=r"my\.md: the file is empty: expected sentences"):
        load(tmp_path / "my.md")


@pytest.mark.parametrize("content", ["", "\n \n"])
@pytest.mark.parametrize("name", ["train.jsonl", "train.conll", "train.markup"])
def test_an_empty_split(tmp_path: Path, name: str, content: str) -> None:
    fill(tmp_path, {name: content})
    with pytest.raises(DataError) as caught:
        load(tmp_path)
    assert str(caught.value) == f"{tmp_path / name}: no usable sentence"


def test_faulty_sentences_are_reported_and_the_rest_read(tmp_path: Path) -> None:
    fill(tmp_path, {"train.jsonl": f"{{\n{JSON}[]\n", "test.jsonl": "5\n"})
    problems: list[DataError] = []
    assert load(tmp_path, report=problems.append).splits == {"train": (ROME,)}
    assert [(problem.path.name, problem.line) for problem in problems] == [
        ("train.jsonl", 1),
        ("train.jsonl", 3),
        ("test.jsonl", 1),
        ("test.jsonl", None),
    ]


class TestSave:
    def test_a_folder_gets_a_file_a_split(self, tmp_path: Path) -> None:
        dataset = Dataset("mine", {"train": (ROME,), "dev": (ROME,)})
        folder = tmp_path / "new" / "mine"
        assert save(dataset, folder, to="conll") == [folder / "train.conll", folder / "dev.conll"]
        assert (folder / "dev.conll").read_text(encoding="utf-8") == f"{CONLL}\n"
        assert load(folder) == dataset

    def test_a_file_gets_the_format_of_its_name(self, tmp_path: Path) -> None:
        for name, content in (("a.jsonl", JSON), ("a.iob", f"{CONLL}\n"), ("a.markup", MARKUP)):
            save(Dataset("mine", {"train": (ROME,)}), tmp_path / name)
            assert (tmp_path / name).read_text(encoding="utf-8") == content

    @pytest.mark.parametrize(
        ("splits", "name", "message"),
        [
            (["train", "dev"], "x.jsonl", "one file holds one split, but mine has train, dev: name a folder"),
            (["all"], "x", "mine is not split into train, dev and test: name a file, as in all.jsonl"),
            (["train"], "old", "the folder holds test.conll of another data set: remove it first"),
        ],
    )
    def test_what_cannot_be_written_so(self, tmp_path: Path, splits: list[str], name: str, message: str) -> None:
        fill(tmp_path, {"old/test.conll": CONLL})
        with pytest.raises(InputError) as caught:
            save(Dataset("mine", dict.fromkeys(splits, (ROME,))), tmp_path / name)
        assert str(caught.value) == f"{tmp_path / name}: {message}"

    def test_a_place_that_cannot_be_written(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("", encoding="utf-8")
        with pytest.raises(InputError, match="cannot be written: "):
            save(Dataset("mine", {"train": (ROME,)}), tmp_path / "file" / "a.jsonl")


def test_atis_is_read_in_less_than_a_second(shared_data: Path) -> None:
    before = time.process_time()
    atis = load(shared_data / "atis")
    assert time.process_time() - before < 1.0
    assert {name: len(examples) for name, examples in atis.splits.items()} == {"train": 4478, "dev": 500, "test": 893}
    assert {"flight+airfare", "flight"} <= {example.intent for example in atis.splits["train"]}


def test_snips_and_sgd_have_no_problem(shared_data: Path) -> None:
    sizes = [len(examples) for name in ("snips", "sgd") for examples in load(shared_data / name).splits.values()]
    assert sizes == [13084, 700, 700, 5796, 1375]


def test_a_bare_name_finds_data_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What merely has the name is passed over; parallel files in the folder itself are data."""
    monkeypatch.chdir(tmp_path)
    Path("travel").write_text("", encoding="utf-8")
    assert "dev" in load("travel").splits
    Path("travel").unlink()
    Path("travel").mkdir()
    assert "dev" in load("travel").splits
    Path("travel/seq.in").write_text("to rome\n", encoding="utf-8")
    Path("travel/seq.out").write_text("O B-city\n", encoding="utf-8")
    assert set(load("travel").splits) == {"all"}


def test_two_dots_are_a_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "data" / "here").mkdir(parents=True)
    (tmp_path / "test.markup").write_text("hello\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path / "data" / "here")
    with pytest.raises(InputError, match="no data set"):
        load("..")
