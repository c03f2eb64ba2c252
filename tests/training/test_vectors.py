"""Word vectors from other texts: the files, and what a network makes of them."""

import gzip
from pathlib import Path

import numpy as np
import pytest

import slotfill.training.pipeline
from slotfill import parse_markup, train
from slotfill.bundle import read
from slotfill.errors import ConfigError, DataError, InputError
from slotfill.tagger import Tagger
from slotfill.training.pipeline import Trained
from slotfill.training.vectors import Vectors, find_vectors, of_one_size, read_vectors
from slotfill.vocabulary import UNKNOWN, Vocabulary

GLOVE = "the 0.1 0.2\nRome 1 2\nrome 3 4\n1999 5 6\n2000 7 8\nbonn 0.5 -1\n"


@pytest.mark.parametrize("header", ["", "5 2\n"])
@pytest.mark.parametrize("suffix", ["txt", "txt.gz"])
def test_the_first_word_of_each_folded_form_counts(tmp_path: Path, suffix: str, header: str) -> None:
    path = tmp_path / f"vectors.{suffix}"
    content = (header + GLOVE).encode()
    path.write_bytes(gzip.compress(content) if suffix.endswith("gz") else content)
    vectors = read_vectors(path)
    assert vectors.words == ("the", "rome", "0000", "bonn")
    assert [round(float(x), 3) for x in vectors.table.flat] == [0.1, 0.2, 1, 2, 5, 6, 0.5, -1]


def test_rows_of_a_vocabulary() -> None:
    vectors = Vectors(("rome", "bonn"), np.array([[1, 2], [3, 4]], dtype=np.float32))
    rows = vectors.rows_of(Vocabulary(["bonn", "oslo", "rome"]))
    assert rows.tolist() == [[0, 0], [0, 0], [3, 4], [0, 0], [1, 2]]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "no word vectors"),
        ("a 1 2\nb 1\n", ":2: got 1 numbers: expected 2"),
        ("a 1 2\nb 1 x\n", ":2: got 'b 1 x"),
        ("a 1 nan\n", ":1: got 2 numbers: expected finite ones"),
        ("a\n", ":1: got 0 numbers"),
    ],
)
def test_files_that_are_not_vectors(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "vectors.txt"
    path.write_text(content)
    with pytest.raises((DataError, InputError)) as caught:
        read_vectors(path)
    assert message in str(caught.value)


@pytest.mark.parametrize("name", ["missing.txt", "vectors.gz"])
def test_a_file_that_cannot_be_read(tmp_path: Path, name: str) -> None:
    (tmp_path / "vectors.gz").write_bytes(b"no gzip")
    with pytest.raises(InputError, match=r"vectors.gz|missing.txt"):
        read_vectors(tmp_path / name)


EXAMPLES = [parse_markup(f"to [{city}](city)") for city in ("Rome", "Oslo", "Lima", "Pisa")]


def _with_vectors(tmp_path: Path, *, word_size: int = 6) -> Trained:
    path = tmp_path / "vectors.txt"
    path.write_text(GLOVE)
    settings = {"vectors": str(path), "vector_words": 4, "epochs": 2, "word_dropout": 0.0}
    return train(EXAMPLES, config={"model": {"hidden": 4, "word_size": word_size}, "training": settings})


def _knows(trained: Trained, tmp_path: Path) -> None:
    """The words of both are known, and the saved model answers as the one in memory."""
    words = trained.bundle.vocabularies.words
    assert "bonn" in words
    assert "oslo" in words
    trained.save(tmp_path / "model")
    assert read(tmp_path / "model").weights["features.words"].dtype == np.float16
    (saved,) = Tagger.load(tmp_path / "model").tag(["to Bonn"])
    assert saved.to_json() == trained.tagger.tag(["to Bonn"])[0].to_json()


def test_few_sentences_have_the_vectors_beside_what_they_learn(tmp_path: Path) -> None:
    trained = _with_vectors(tmp_path)
    words = trained.bundle.vocabularies.words
    table = trained.bundle.weights["features.words"].astype(np.float32)
    assert trained.bundle.config.model.word_size == table.shape[1] == 6 + 2
    assert table[words.id("bonn"), :6].tolist() == table[UNKNOWN, :6].tolist()  # never learnt
    assert table[words.id("rome"), :6].tolist() != table[UNKNOWN, :6].tolist()
    assert not table[[words.id("oslo"), UNKNOWN], 6:].any()  # neither has a given vector
    known = [words.id(word) for word in ("the", "rome", "0000", "bonn")]
    given = of_one_size(read_vectors(tmp_path / "vectors.txt").table)
    np.testing.assert_allclose(table[known, 6:], given, atol=1e-3)
    assert np.sqrt(np.square(given).mean()) == pytest.approx(0.5)
    _knows(trained, tmp_path)


def test_columns_beside_the_learnt_ones_count_among_those_of_a_model(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"beside the columns that are learnt: .*word_size.*4097"):
        _with_vectors(tmp_path, word_size=4095)


def test_a_model_knows_words_that_only_the_vectors_have(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slotfill.training.pipeline, "BESIDE", len(EXAMPLES) - 1)  # these are many
    trained = _with_vectors(tmp_path)
    path, words = tmp_path / "vectors.txt", trained.bundle.vocabularies.words
    table = trained.bundle.weights["features.words"].astype(np.float32)
    assert trained.bundle.config.model.word_size == table.shape[1] == 6
    # a word that was never learnt is the unknown word, moved by its vector
    moved = table[words.id("bonn")] - table[UNKNOWN]
    the = table[words.id("the")] - table[UNKNOWN]
    number = table[words.id("0000")] - table[UNKNOWN]
    given = read_vectors(path).table
    basis = np.linalg.lstsq(given[[0, 2]].T, given[3], rcond=None)[0]
    np.testing.assert_allclose(moved, basis @ np.stack([the, number]), atol=0.02)
    assert np.abs(moved).max() > 0.01
    _knows(trained, tmp_path)


def test_vectors_are_found_by_name_in_the_data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "mine.txt").write_text(GLOVE)
    assert find_vectors("mine.txt") == Path("data/mine.txt")
    with pytest.raises(InputError, match=r"other\.txt: no such file of word vectors: give the path"):
        find_vectors("other.txt")


@pytest.mark.parametrize("content", [b"\xba\x16\x4f\x2f\x0c\x00\x00\x00", b"3 2\nrome \xf5\xff\x80?"])
def test_binary_vectors_are_refused_with_a_hint(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "wiki.en.bin").write_bytes(content)
    with pytest.raises(InputError, match=r"wiki\.en\.bin: .* not text in UTF-8: of fastText, take the \.vec file"):
        read_vectors(tmp_path / "wiki.en.bin")
