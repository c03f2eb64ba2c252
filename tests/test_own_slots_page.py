"""The blocks of docs/own-slots.md that need a DataFrame or a data set that is fetched: run on small ones."""

import re
from pathlib import Path
from typing import Any

import pytest

import slotfill

PAGE = Path(__file__).parent.parent / "docs" / "own-slots.md"
TABLE, TOKENS, FETCHED = re.findall(r"^```py\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
RECIPE = '[model]\nhidden = 4\n\n[training]\nepochs = 1\n\n[slots]\ncity = "place"\n'
CITIES = ("Rome", "Oslo", "Lima", "Bern", "Cairo", "Tunis", "Paris", "Delhi", "Accra", "Milan")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the recipe that the blocks name."""
    monkeypatch.chdir(tmp_path)
    Path("recipe.toml").write_text(RECIPE, encoding="utf-8")
    return tmp_path


def test_a_table_with_a_sentence_a_row() -> None:
    pandas = pytest.importorskip("pandas", reason="pandas is not installed")
    pytest.importorskip("pyarrow", reason="pyarrow, which reads Parquet, is not installed")
    spans = [[{"start": 3, "end": 3 + len(city), "label": "city"}] for city in CITIES]
    rows = {"sentence": [f"to {city}" for city in CITIES], "entities": spans, "intent": ["go"] * len(CITIES)}
    pandas.DataFrame(rows).to_parquet("labelled.parquet")
    exec(TABLE, {})
    assert slotfill.load("models/mine").slots == ("city",)
    assert slotfill.load("models/mine").own is not None


def test_a_table_with_a_token_a_row() -> None:
    pandas = pytest.importorskip("pandas", reason="pandas is not installed")
    words = [("to", "O"), ("New", "B-city"), ("York", "I-city"), ("hello", "O")]
    frame = pandas.DataFrame(
        {"sentence_id": [7, 7, 7, 2], "word": [word for word, _ in words], "tag": [tag for _, tag in words]}
    )
    scope: dict[str, Any] = {"frame": frame, "slotfill": slotfill}
    exec(TOKENS, scope)
    assert scope["examples"] == (slotfill.parse_markup("to [New York](city)"), slotfill.parse_markup("hello"))


def test_a_data_set_of_the_hugging_face_library(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    datasets = pytest.importorskip("datasets", reason="the extra `train` is not installed")
    tags = datasets.Sequence(datasets.ClassLabel(names=["O", "B-city", "I-city"]))
    features = datasets.Features({"tokens": datasets.Sequence(datasets.Value("string")), "ner_tags": tags})

    def loaded(name: str) -> Any:
        rows = {"tokens": [["to", city] for city in CITIES], "ner_tags": [[0, 1]] * len(CITIES)}
        part = datasets.Dataset.from_dict(rows, features=features)
        return datasets.DatasetDict(dict.fromkeys(("train", "validation", "test"), part))

    monkeypatch.setattr(datasets, "load_dataset", loaded)
    exec(FETCHED, {})
    assert slotfill.load("models/conll2003").slots == ("city",)
