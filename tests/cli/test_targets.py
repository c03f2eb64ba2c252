"""No command loses what it reads, and none replaces a file unasked."""

from collections.abc import Callable
from pathlib import Path

import pytest

GOLDEN = Path(__file__).parent.parent / "golden"
MODEL = str(GOLDEN / "model")
MARKUP = "to [Taipei](toloc.city_name)\tflight\n"

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(slotfill: Run) -> Run:
    """Run `slotfill` in a folder with the data set `small`."""
    Path("small").mkdir()
    for split in ("train", "test"):
        Path(f"small/{split}.markup").write_text(MARKUP, encoding="utf-8")
    Path("parallel/test").mkdir(parents=True)
    Path("parallel/test/seq.in").write_text("to Taipei\n", encoding="utf-8")
    Path("parallel/test/seq.out").write_text("O B-toloc.city_name\n", encoding="utf-8")
    Path("hard").hardlink_to("small/test.markup")
    Path("soft").symlink_to("small/test.markup")
    Path("old.html").write_text("old", encoding="utf-8")
    return slotfill


def contents() -> dict[str, str]:
    return {str(path): path.read_text(encoding="utf-8") for path in sorted(Path().rglob("*")) if path.is_file()}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("eval --model MODEL --data small --errors small/test.markup", "is a file of the data set small"),
        ("eval --model MODEL --data small --errors hard", "is a file of the data set small"),
        ("eval --model MODEL --data small --errors soft", "is a file of the data set small"),
        ("eval --model MODEL --data small/test.markup --errors small/test.markup", "is a file of the data set"),
        ("eval --model MODEL --data parallel --errors parallel/test/seq.in", "is a file of the data set parallel"),
        ("eval --model MODEL --data small --errors small/wild.markup", "would become a split of the data set small"),
        ("data convert small/test.markup small/test.markup", "is a file of the data set"),
        ("data convert small small", "is a file of the data set small"),
        ("data convert small MODEL/new", "is inside the model"),
        ("data generate -n 2 --without small --output small/train.markup", "is a file of the data set small"),
        ("explain Taipei --plot MODEL/gates.png", "is inside the model"),
        ("export MODEL --to onnx --output MODEL/net.onnx", "is inside the model"),
        ("tag --model MODEL -i hard -o small/test.markup", "is what is read here"),
    ],
)
def test_what_is_read_is_never_replaced(run: Run, arguments: str, message: str) -> None:
    before = contents()
    words = arguments.replace("MODEL", MODEL).split()
    for more in ([], ["--overwrite"]):
        code, out, err = run(*words, *more)
        assert (code, out) == (1, "")
        assert err.startswith("error: ")
        assert message in err
    assert contents() == before


@pytest.mark.parametrize(
    "arguments",
    ["eval --model MODEL --data small --report old.html", "eval --model MODEL --data small --errors old.html"],
)
def test_a_file_is_replaced_only_if_told_to(run: Run, arguments: str) -> None:
    words = arguments.replace("MODEL", MODEL).split()
    code, out, err = run(*words)
    assert (code, out, err) == (1, "", "error: old.html: there is a file already: add --overwrite to replace it\n")
    assert Path("old.html").read_text(encoding="utf-8") == "old"
    assert run(*words, "--overwrite")[0] == 0
    assert Path("old.html").read_text(encoding="utf-8") != "old"


@pytest.mark.parametrize("target", ["out.txt", "out.xlsx", "data.parquet"])
def test_what_slotfill_does_not_write_becomes_no_folder(run: Run, target: str) -> None:
    for command in (["data", "convert", "small", target], ["data", "generate", "-n", "2", "--output", target]):
        code, out, err = run(*command)
        assert (code, out) == (2, "")
        assert target in err
        assert ".jsonl, .conll" in err
    assert not Path(target).exists()


def test_a_folder_may_have_a_dot_in_its_name(run: Run) -> None:
    assert run("data", "convert", "small", "small-1.0")[0] == 0
    assert Path("small-1.0/train.jsonl").is_file()


def test_values_of_slots_without_a_kind(run: Run) -> None:
    line = "[Rome](toloc.city_name)\t\t2026-11-18T09:00; other.guests = 3\n"
    Path("own.markup").write_text(line, encoding="utf-8")
    code, out, err = run("eval", "--model", MODEL, "--data", "own.markup")
    assert (code, "other.guests" in out) == (0, True)
    said = f"own.markup has values of guests, and {MODEL} has no such kinds of slots: they count as null"
    assert err == f"warning: {said}\n"


def test_data_without_a_slot_of_the_model(run: Run) -> None:
    Path("strange.markup").write_text("play [Madonna](artist) [now](time)\n", encoding="utf-8")
    code, out, err = run("eval", "--model", MODEL, "--data", "strange.markup")
    assert (code, out) == (1, "")
    assert "knows none of the slots of the data: strange.markup has artist, time; the model has " in err
    code, _, err = run("eval", "--model", MODEL, "--data", "strange.markup", "--data", "small")
    assert code == 0
    assert err.startswith(f"warning: {MODEL} knows none of the slots of the data: strange.markup has")
