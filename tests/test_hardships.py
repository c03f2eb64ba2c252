"""A hard life: nothing is lost, half written or left behind, whatever ends a command and wherever it runs."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

import pytest

from slotfill.locks import claimed
from tests.conftest import ROOT

if os.name != "posix":
    pytest.skip("signals, forks and permissions of POSIX", allow_module_level=True)
from tests.hardships import CASES, MODEL, toy

Run = Callable[..., tuple[int, str, str]]


def tried(mode: str, *options: str, **variables: str) -> dict[str, list[str]]:
    """What went wrong in each case."""
    command = [sys.executable, *options, "-m", "tests.hardships", mode]
    environment = {**os.environ, "OMP_NUM_THREADS": "1", **variables}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = [json.loads(line) for line in done.stdout.splitlines()]
    if mode in ("kill", "interrupt"):
        assert all(one["tries"] > 3 for one in found if one["case"] != "review")
    return {one["case"]: one["wrong"] for one in found}


@pytest.mark.parametrize("mode", ["kill", "interrupt"])
def test_whatever_ends_a_command_everything_is_old_or_new(mode: str) -> None:
    """Before each change of the disk: by SIGKILL, and by the KeyboardInterrupt of Ctrl-C and SIGTERM."""
    assert tried(mode, HARDSHIPS_STEP="3") == {case: [] for case in CASES}


@pytest.mark.parametrize("mode", ["full", "nearly-full", "read-only", "vanished", "closed"])
def test_what_cannot_be_done_is_said_and_nothing_is_changed(mode: str) -> None:
    assert tried(mode) == {case: [] for case in CASES}


def test_without_assertions_with_warnings_as_errors_and_in_ascii() -> None:
    ascii_only = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    assert tried("none", "-O", "-W", "error", **ascii_only) == {case: [] for case in CASES}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_leaves_nothing_behind(tmp_path: Path, number: int) -> None:
    (tmp_path / "o.jsonl").write_text("old")
    command = [sys.executable, "-m", "slotfill", "tag", "-m", MODEL, "-o", "o.jsonl", "--overwrite"]
    with subprocess.Popen(command, cwd=tmp_path, stdin=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdin is not None
        assert running.stderr is not None
        running.stdin.write(b"to rome\n\xff\n")  # the second is warned of: by then the first is written
        running.stdin.flush()
        assert b"not UTF-8" in running.stderr.readline()
        assert len(list(tmp_path.iterdir())) > 1
        running.send_signal(number)
        running.stdin.close()
        assert running.wait() == 130
    assert [path.read_text() for path in tmp_path.iterdir()] == ["old"]


# --- two at once -----------------------------------------------------------------------------------


@contextmanager
def taken(path: str) -> Iterator[None]:
    """Another thread writes to a path, which is like another process."""
    begun, ended = Event(), Event()

    def other() -> None:
        with claimed(path):
            begun.set()
            ended.wait()

    thread = Thread(target=other)
    thread.start()
    begun.wait()
    try:
        yield
    finally:
        ended.set()
        thread.join()


TARGETS = {
    "train": "m",
    "train-over": "m",
    "compare": "nets/jordan-1",
    "folds": "kept/fold-1.checkpoint",
    "bulk": "tagged/_bulk.json",
    "get": "made",
    "convert": "made",
    "generate": "made/all.jsonl",
    "export": "m.onnx",
    "init": "own",
    "tag": "o.jsonl",
    "context": "c.json",
    "plot": "p.svg",
    "eval": "r.html",
    "split": "made",
    "merge": "made/all.jsonl",
    "vectors": "v.txt",
}


@pytest.mark.parametrize("case", TARGETS)
@pytest.mark.usefixtures("_in_a_folder")
def test_the_second_of_two_is_told_at_once(case: str, capsys: pytest.CaptureFixture[str]) -> None:
    CASES[case].prepare()
    Path(TARGETS[case]).parent.mkdir(exist_ok=True)
    before = {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()}
    with taken(TARGETS[case]), pytest.raises(SystemExit) as stopped:
        CASES[case].run()
    assert stopped.value.code == 1
    error = capsys.readouterr().err.splitlines()[-1]
    assert error == f"error: {TARGETS[case]}: process {os.getpid()} is writing it: wait for it, or name another one"
    assert {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()} == before


@pytest.mark.usefixtures("_in_a_folder")
def test_comparisons_of_other_nets_may_share_a_folder() -> None:
    toy()
    Path("nets").mkdir()
    with taken("nets/lstm-1"):
        CASES["compare"].run()
    assert {path.name for path in Path("nets").iterdir()} == {"elman-1", "jordan-1"}


@pytest.fixture
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", sys.argv)
