"""`slotfill vectors get`, from files of the shape of the public archives, and from a hub that is not there."""

import gzip
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from slotfill.readers import hub
from slotfill.training.vectors import find_vectors, read_vectors

Run = Callable[..., tuple[int, str, str]]

LINES = [f"{word} {' '.join(str(number) for number in range(50))}\n" for word in ("the", "of", "Zürich")]


@pytest.fixture
def archive(slotfill: Run) -> Path:
    """An archive as GloVe's are: one text file for each size."""
    path = Path("got/glove.6B.zip")
    path.parent.mkdir()
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("glove.6B.50d.txt", "".join(LINES))
        file.writestr("glove.6B.100d.txt", "the 1 2 3\n")
    return path


@pytest.mark.parametrize("place", ["got", "got/glove.6B.zip"])
def test_from_an_archive_or_its_folder(slotfill: Run, archive: Path, place: str) -> None:
    code, out, err = slotfill("vectors", "get", "glove.6B.50d", "--from", place)
    assert (code, out) == (0, "")
    assert err == (
        "wrote data/glove.6B.50d.txt.gz: 3 words, 50 numbers a word, from Wikipedia and newspapers in English, lower "
        "case\nlicence: PDDL 1.0 (public domain)\n"
        "to use them: slotfill train --set training.vectors=glove.6B.50d.txt.gz\n"
    )
    assert gzip.decompress(Path("data/glove.6B.50d.txt.gz").read_bytes()).decode() == "".join(LINES)
    vectors = read_vectors(find_vectors("glove.6B.50d.txt.gz"))
    assert (vectors.words, vectors.table.shape) == (("the", "of", "zurich"), (3, 50))


def test_the_most_frequent_words_as_text(slotfill: Run, archive: Path) -> None:
    code, *_ = slotfill("vectors", "get", "glove.6B.50d", "--from", str(archive), "--words", "2", "-o", "small.txt")
    assert code == 0
    assert Path("small.txt").read_text(encoding="utf-8") == "".join(LINES[:2])


def test_the_hub_is_asked_for_the_archive(slotfill: Run, archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def download(repository: str, file: str) -> Path:
        asked.append((repository, file))
        return archive

    monkeypatch.setattr(hub, "download", download)
    assert slotfill("vectors", "get", "glove.6B.50d")[0] == 0
    assert asked == [("stanfordnlp/glove", "glove.6B.zip")]


def test_a_hub_that_is_not_there(slotfill: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    constants = pytest.importorskip("huggingface_hub.constants")  # the package loads it only when it needs it
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    code, _, err = slotfill("vectors", "get", "glove.6B.50d")
    assert code == 1
    assert err.startswith("error: hub:stanfordnlp/glove/glove.6B.zip: cannot be loaded: ")
    assert not Path("data").exists()


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("glove.6B.70d",), "no word vectors 'glove.6B.70d': expected glove.6B.50d, "),
        (("glove.6B.50d", "--from", "nowhere"), "nowhere: no such file or folder: expected glove.6B.zip, "),
        (("glove.6B.300d", "--from", "got/glove.6B.zip"), "has no glove.6B.300d.txt: got glove.6B.50d.txt, "),
        (("glove.6B.100d", "--from", "got"), "got:1: got 3 numbers beside the first word: expected those of "),
        (("glove.6B.50d", "--from", "cut.zip"), "cut.zip: the word vectors cannot be read: "),
    ],
)
def test_errors_leave_nothing(slotfill: Run, archive: Path, arguments: tuple[str, ...], expected: str) -> None:
    Path("cut.zip").write_bytes(archive.read_bytes()[:100])
    code, out, err = slotfill("vectors", "get", *arguments)
    assert (code, out) == (1, "")
    assert expected in err
    assert not Path("data").exists()


def test_a_file_that_is_there_stays(slotfill: Run, archive: Path) -> None:
    target = Path("data/glove.6B.50d.txt.gz")
    target.parent.mkdir()
    target.write_bytes(b"mine")
    code, _, err = slotfill("vectors", "get", "glove.6B.50d", "--from", str(archive))
    assert code == 1
    assert "there is a file already: add --overwrite to replace it" in err
    assert target.read_bytes() == b"mine"
    assert slotfill("vectors", "get", "glove.6B.50d", "--from", str(archive), "--overwrite")[0] == 0
