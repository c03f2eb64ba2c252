"""`slotfill bulk`."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Run

MODEL = str(Path(__file__).parent.parent / "golden" / "model")


def write(*lines: str) -> None:
    Path("a.jsonl").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_it_says_what_it_did(slotfill: Run, jobs: str) -> None:
    slotfill("models", "list")  # goes to an empty folder
    write(*[json.dumps({"text": "to Boston"})] * 4, "null")
    options = ("--model", MODEL, "--part-rows", "2", "--jobs", jobs)
    assert slotfill("bulk", "a.jsonl", "out", *options) == (
        0,
        "",
        "out: 5 rows in 3 parts; 5 rows were tagged now\n"
        "warning: 1 of these rows could not be tagged and have an `error`, such as row 5: "
        "expected an object in braces, got null\n",
    )
    assert len(list(Path("out").glob("part-*"))) == 3
    Path("out/part-000001.jsonl").unlink()
    assert slotfill("bulk", "a.jsonl", "out", *options)[2] == (
        "out: 2 of 3 parts are there: going on\nout: 5 rows in 3 parts; 2 rows were tagged now\n"
    )
    assert slotfill("bulk", "a.jsonl", "out", *options)[2] == "out: 5 rows in 3 parts; 0 rows were tagged now\n"


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["missing.csv", "out"], 1, "error: missing.csv: cannot be read: No such file"),
        (["a.jsonl", "out", "--model", "nowhere"], 1, "no model 'nowhere'"),
        (["a.jsonl", "out", "--column", "query"], 1, 'no "query" in the first lines, only text: see --column'),
        (["a.jsonl", "a.jsonl"], 1, "a.jsonl: cannot be written"),
        (["a.txt", "out", "--id", "n"], 1, "lines of text have no columns: leave out --column and --id"),
        (["a.jsonl", "out", "--now", "soon"], 2, "expected a date and time such as"),
        (["a.jsonl", "out", "--engine", "spark"], 2, "Invalid value for '--engine' / '-e': 'spark' is not one of"),
        (["a.jsonl", "out", "--jobs", "0"], 2, "greater than or equal to 1"),
        (["a.jsonl"], 2, "Missing argument 'DST'"),
    ],
)
def test_mistakes_are_told(slotfill: Run, arguments: list[str], code: int, message: str) -> None:
    write('{"text": "a"}')
    Path("a.txt").touch()
    got, out, err = slotfill("bulk", *arguments)
    assert (got, out) == (code, "")
    assert message in " ".join(err.replace("│", " ").split())
    assert not Path("out").exists()


@pytest.mark.parametrize(
    ("package", "arguments", "message"),
    [
        ("pyarrow", ["--format", "parquet"], "Parquet needs packages that are not installed"),
        ("pyarrow", ["s3://bucket/a.jsonl"], "s3:// needs packages"),
        ("pyarrow.parquet", ["a.parquet"], "Parquet needs packages"),
        ("ray", ["--engine", "ray"], "--engine ray needs packages"),
    ],
)
def test_what_needs_the_extra_names_it(
    slotfill: Run, monkeypatch: pytest.MonkeyPatch, package: str, arguments: list[str], message: str
) -> None:
    from slotfill.bulk.storage import _storage

    _storage.cache_clear()
    monkeypatch.setitem(sys.modules, package, None)
    write('{"text": "a"}')
    Path("a.parquet").touch()
    source = [] if not arguments[0].startswith("--") else ["a.jsonl"]
    code, out, err = slotfill("bulk", *source, *arguments, "out", "--model", MODEL)
    assert (code, out) == (1, "")
    assert message in err
    assert 'pip install "slotfill[bulk]"' in " ".join(err.split())


def test_an_empty_source_is_done_at_once(slotfill: Run) -> None:
    write()
    assert slotfill("bulk", "a.jsonl", "out")[2] == "out: 0 rows in 0 parts; 0 rows were tagged now\n"


@pytest.mark.parametrize(("arguments", "name"), [(["", "out"], "SRC"), (["a.jsonl", ""], "DST")])
def test_names_are_not_empty(slotfill: Run, arguments: list[str], name: str) -> None:
    code, out, err = slotfill("bulk", *arguments)
    assert (code, out) == (2, "")
    assert f"{name}: the name is empty" in err


FULL = """
import resource, signal, sys
most = int(sys.argv.pop(1))
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
from slotfill.cli import main
main()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="limits of POSIX")
@pytest.mark.parametrize(("jobs", "style", "most"), [("1", "parquet", "3000"), ("2", "jsonl", "500000")])
def test_a_full_disk_is_told_with_the_name_of_the_file(slotfill: Run, jobs: str, style: str, most: str) -> None:
    write(*[json.dumps({"text": "to Boston " + "x" * 400})] * 2000)
    options = ["--model", MODEL, "--part-rows", "1000", "--jobs", jobs, "--format", style]
    command = [sys.executable, "-c", FULL, most, "bulk", "a.jsonl", "out", *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert re.fullmatch(rf"error: out/part-00000[01]\.{style}: cannot be written: File too large\n", done.stderr)
    assert [path.name for path in Path("out").iterdir()] == ["_bulk.json"]
