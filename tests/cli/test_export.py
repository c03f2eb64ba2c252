import json
import shutil
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Run

SMALL = Path(__file__).parent.parent / "golden" / "model"


def test_a_model_gets_its_own_name(slotfill: Run) -> None:
    code, out, err = slotfill("export", str(SMALL), "--to", "onnx")
    assert (code, out) == (0, "")
    assert err.startswith("wrote model.onnx and model.onnx.json; in the check, no score was off by more than ")
    assert Path("model.onnx").stat().st_size > 1000
    assert json.loads(Path("model.onnx.json").read_text(encoding="utf-8"))["network"]["file"] == "model.onnx"


def test_a_model_is_found_by_its_name_and_written_where_asked(slotfill: Run) -> None:
    shutil.copytree(SMALL, "models/small")
    code, _, err = slotfill("export", "small", "--to", "onnx", "--output", "new/for-the-web.onnx")
    assert (code, err.split(";")[0]) == (0, "wrote new/for-the-web.onnx and new/for-the-web.onnx.json")
    assert sorted(path.name for path in Path("new").iterdir()) == ["for-the-web.onnx", "for-the-web.onnx.json"]


def test_nothing_is_replaced_unasked(slotfill: Run) -> None:
    for name in ("model.onnx", "model.onnx.json"):
        Path(name).write_text("mine", encoding="utf-8")
        code, out, err = slotfill("export", str(SMALL), "--to", "onnx")
        assert (code, out, err) == (1, "", f"error: {name} exists already: add --overwrite to replace it\n")
        assert [path.name for path in Path().iterdir()] == [name]
        assert Path(name).read_text(encoding="utf-8") == "mine"
        Path(name).unlink()
    Path("model.onnx").write_text("mine", encoding="utf-8")
    assert slotfill("export", str(SMALL), "--to", "onnx", "--overwrite")[0] == 0
    assert Path("model.onnx").stat().st_size > 1000


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["travle", "--to", "onnx"], 1, "error: no model 'travle'; did you mean travel?"),
        (["travel"], 2, "Missing option '--to'"),
        (["travel", "--to", "tflite"], 2, "'tflite' is not one of 'onnx'"),
        (["travel", "--to", "onnx", "--output", "a.txt"], 1, "error: a.txt: expected a file that ends in .onnx"),
        (["broken", "--to", "onnx"], 1, "error: broken: the weights do not fit the configuration"),
    ],
)
def test_what_cannot_be(slotfill: Run, arguments: list[str], code: int, said: str) -> None:
    from slotfill import bundle

    whole = bundle.read(SMALL)
    weights = {name: array for name, array in whole.weights.items() if name != "emissions.b"}
    broken = bundle.Bundle(whole.config, whole.vocabularies, weights, training={}, history=[], card="")
    bundle.write(broken, Path("models/broken"))
    found, out, err = slotfill("export", *arguments)
    assert (found, out) == (code, "")
    assert said in " ".join(err.replace("│", " ").split())
    assert [path.name for path in Path().iterdir()] == ["models"]


@pytest.mark.parametrize("package", ["onnx", "onnxruntime"])
def test_without_the_extra(slotfill: Run, monkeypatch: pytest.MonkeyPatch, package: str) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    code, out, err = slotfill("export", "travel", "--to", "onnx")
    needed = 'exporting to ONNX needs packages that are not installed: run `pip install "slotfill[onnx]"`'
    assert (code, out, err) == (1, "", f"error: {needed}\n")
