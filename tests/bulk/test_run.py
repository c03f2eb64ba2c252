"""Runs: what comes out, and that it is the same however often a run is killed."""

import json
import os
import signal
import subprocess
import sys
import time
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from threading import Thread
from types import SimpleNamespace
from typing import Any

import pytest

import slotfill
from slotfill.bulk import on_ray
from slotfill.bulk.rows import Columns
from slotfill.bulk.run import MANIFEST, Outcome, Settings, alone, begin, finish
from slotfill.errors import InputError
from tests.bulk.dying import MODEL

CLOCK = datetime(2026, 11, 20, 9)
ROOT = Path(__file__).parent.parent.parent
PATIENCE = 120  # seconds; a guard against hanging, not a measure


def settings_of(tmp_path: Path, lines: list[Any], **changes: Any) -> Settings:
    source = tmp_path / "source.jsonl"
    source.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return Settings(
        str(source), str(tmp_path / "tagged"), Columns("text", "id"), model=MODEL, clock=CLOCK, part_rows=3
    )._replace(**changes)


def tag(settings: Settings, *, only: slice = slice(None)) -> list[Outcome]:
    run = begin(settings)
    return [run.work(part) for part in run.missing[only]]


def contents(folder: str | Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in Path(folder).iterdir() if path.name[:5] == "part-"}


LINES = [{"text": f"fly to Boston on the {n}th", "id": n} for n in range(5)] + [7, {"text": "", "id": None}]


def test_records_say_what_tag_says(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, LINES)
    assert tag(settings) == [
        Outcome(0, 3, 0, ""),
        Outcome(1, 3, 1, "row 6: expected an object in braces, got 7"),
        Outcome(2, 1, 0, ""),
    ]
    records = [json.loads(line) for _, data in sorted(contents(settings.target).items()) for line in data.splitlines()]
    assert [record["row"] for record in records] == [1, 2, 3, 4, 5, 6, 7]
    assert [record["id"] for record in records] == ["0", "1", "2", "3", "4", None, None]
    annotations = slotfill.load(MODEL).tag([f"fly to Boston on the {n}th" for n in range(5)], now=CLOCK)
    for record, annotation in zip(records, annotations, strict=False):
        assert annotation.intent is not None
        assert record["text"] == annotation.text
        assert record["slots"] == [slot.to_dict() for slot in annotation.slots]
        assert record["frame"] == json.loads(json.dumps(annotation.frame.to_dict()))
        assert record["intent"] == annotation.intent.name
        assert record["confidence"] == pytest.approx(min(slot.confidence for slot in annotation.slots), abs=1e-4)
        assert record["error"] is None
    assert any(record["slots"] for record in records)
    assert records[5]["error"] == "expected an object in braces, got 7"
    assert records[5]["slots"] == []
    assert records[6]["text"] == ""
    assert records[6]["error"] is records[6]["intent"] is records[6]["confidence"] is None


def test_parquet_has_the_same_records(tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet", reason="the extra `bulk` is not installed")
    lines = settings_of(tmp_path, LINES)
    tag(lines)
    columns = lines._replace(target=str(tmp_path / "columns"), style="parquet")
    tag(columns)
    table = parquet.read_table(columns.target)  # leaves out the manifest
    from slotfill.bulk.records import arrow_schema

    assert table.schema.equals(arrow_schema())
    records = table.to_pylist()
    for record in records:
        record["frame"] = record["frame"] and json.loads(record["frame"])
    wanted = [json.loads(line) for _, data in sorted(contents(lines.target).items()) for line in data.splitlines()]
    assert records == wanted


def test_by_address(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow.fs", reason="the extra `bulk` is not installed")
    here = settings_of(tmp_path, LINES)
    tag(here)
    there = here._replace(source=f"file://{here.source}", target=f"file://{tmp_path}/there")
    tag(there)
    assert contents(tmp_path / "there") == contents(here.target)
    (tmp_path / "there" / ".unfinished-0123456789abcdef").touch()
    finish(there)
    assert sorted(path.name for path in (tmp_path / "there").iterdir()) == [MANIFEST, *sorted(contents(here.target))]
    for settings, message in (
        (there._replace(source="file:///nowhere.jsonl"), "cannot be read"),
        (there._replace(source="nothing://a.jsonl"), "not an address that pyarrow knows"),
    ):
        with pytest.raises(InputError, match=message):
            begin(settings)


def test_a_run_goes_on_with_its_clock(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, [{"text": "to Boston tomorrow"}] * 7)
    tag(settings, only=slice(1, 2))
    before = (tmp_path / "tagged" / "part-000001.jsonl").stat().st_mtime_ns
    run = begin(settings._replace(clock=None))
    assert run.work.settings.clock == CLOCK
    assert (run.rows, run.missing_rows, [part.number for part in run.missing]) == (7, 4, [0, 2])
    for part in run.missing:
        run.work(part)
    assert begin(settings).missing == []
    assert (tmp_path / "tagged" / "part-000001.jsonl").stat().st_mtime_ns == before


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"columns": Columns("text", None)}, "id changed since this run began: 'id' then, None now"),
        ({"part_rows": 4}, "rows a part changed since this run began: 3 then, 4 now"),
        ({"style": "parquet"}, "to changed"),
        ({"clock": datetime(2026, 1, 1)}, "clock changed"),
        ({"model": "travel"}, "the model changed since this run began: go on with what it began with"),
    ],
)
def test_a_run_does_not_go_on_with_something_else(tmp_path: Path, change: dict[str, Any], message: str) -> None:
    settings = settings_of(tmp_path, LINES)
    tag(settings, only=slice(1))
    with pytest.raises(InputError, match=message):
        begin(settings._replace(**change))
    os.utime(settings.source, ns=(0, 0))
    with pytest.raises(InputError, match="the source's files"):
        begin(settings)


def test_a_mistake_leaves_nothing_behind(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, [{"query": "a"}])
    with pytest.raises(InputError, match='no "text" in the first lines, only query: see --column'):
        begin(settings)
    assert not Path(settings.target).exists()
    begin(settings._replace(columns=Columns("query", None)))
    assert tag(settings._replace(columns=Columns("query", None), part_rows=1))  # no part was there: nothing to keep to


def test_what_is_no_run_is_left_alone(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, LINES)
    for target in (settings.source, str(tmp_path)):
        with pytest.raises(InputError, match=r"cannot be written|is not the folder"):
            begin(settings._replace(target=target))
    Path(settings.target).mkdir()
    (tmp_path / "tagged" / "part-000000.jsonl").touch()
    for content in ("[]", "{}", "[" * 100_000, '{"clock": "yesterday"}'):
        (tmp_path / "tagged" / MANIFEST).write_text(content)
        for clock in (None, settings.clock):
            with pytest.raises(InputError, match=r"not the manifest of a bulk run|changed since this run began"):
                begin(settings._replace(clock=clock))


def test_one_run_at_a_time(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, LINES)
    told: list[str] = []

    def other() -> None:
        try:
            with alone(settings.target):
                told.append("alone")
        except InputError as error:
            told.append(str(error))

    with alone(settings.target):
        thread = Thread(target=other)  # as another process, which is not the same either
        thread.start()
        thread.join()
        tag(settings)
    other()
    assert ["is writing it" in told[0], told[1]] == [True, "alone"]
    assert not list((tmp_path / "tagged").glob(".*"))


def test_a_part_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, LINES)
    run = begin(settings)
    Path(settings.source).write_text("{}\n")  # fewer rows than there were
    with pytest.raises(InputError, match="it has changed"):
        run.work(run.missing[0])
    assert [path.name for path in Path(settings.target).iterdir()] == [MANIFEST]


@pytest.mark.parametrize(
    ("cpus", "free", "jobs", "parts", "room"),
    [([4, 4], 8, None, 99, (8, 8)), ([4, 0.5], 2, 3, 99, (2, 3)), ([2], 0, 9, 5, (1, 5)), ([0.5], 0.5, 1, 1, None)],
)
def test_actors_begin_with_the_cpus_that_are_free(
    cpus: list[float], free: float, jobs: int | None, parts: int, room: tuple[int, int] | None
) -> None:
    nodes = [{"Alive": True, "Resources": {"CPU": cpu}} for cpu in cpus] + [{"Alive": False, "Resources": {"CPU": 64}}]
    cluster = SimpleNamespace(nodes=lambda: nodes, available_resources=lambda: {"CPU": free})
    if room is None:
        with pytest.raises(InputError, match="no machine of the cluster has a whole CPU"):
            on_ray._room(cluster, jobs, parts=parts)
    else:
        assert on_ray._room(cluster, jobs, parts=parts) == room


def test_a_ray_that_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    def init(**_: Any) -> None:
        raise Exception("The current node timed out during startup.")  # as Ray does

    monkeypatch.delenv("RAY_ADDRESS", raising=False)
    with pytest.raises(InputError, match="Ray did not start on this machine: The current node timed out"):
        on_ray._connect(SimpleNamespace(init=init), 1)


def test_a_cluster_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAY_ADDRESS", "127.0.0.1:1")
    ray = SimpleNamespace(init=None)
    with pytest.raises(InputError, match=r"no Ray cluster at RAY_ADDRESS=127.0.0.1:1: .*refused"):
        on_ray._connect(ray, 1)


# --- killed ----------------------------------------------------------------------------------------


def start(*arguments: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", *arguments],
        cwd=ROOT,
        env={"RAY_raylet_start_wait_time_s": str(PATIENCE), **os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def alive() -> list[str]:
    """The processes that were started with this test's mark."""
    found = []
    for file in Path("/proc").glob("[0-9]*/environ"):
        try:
            if f"SLOTFILL_TEST={os.getpid()}".encode() in file.read_bytes().split(b"\0"):
                found.append(file.parent.name)
        except OSError:
            continue
    return found


def wait_until_none_is_alive(until: float) -> None:
    """Processes need a moment to end after the one that started them."""
    while alive():
        assert time.monotonic() < until, "processes outlive the one that started them"
        time.sleep(0.05)


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="looks for processes in /proc")
@pytest.mark.parametrize(("engine", "parts"), [("local", 120), ("ray", 40)])
def test_a_killed_run_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, engine: str, parts: int) -> None:
    """First the driver is killed, then, as the run goes on, one of its processes; the result is as if nothing was."""
    if engine == "ray" and find_spec("ray") is None:
        pytest.skip("the extra `bulk` is not installed")
    lines = [{"text": f"fly from Boston to Rome on the {n}th"} for n in range(50 * parts)]
    whole = settings_of(tmp_path, lines, columns=Columns("text", None), part_rows=50)
    tag(whole)
    wanted = contents(whole.target)
    assert len(wanted) == parts
    killed = tmp_path / "killed"
    monkeypatch.setenv("SLOTFILL_TEST", str(os.getpid()))

    options = ["--model", MODEL, "--now", CLOCK.isoformat(), "--part-rows", "50", "--jobs", "2", "--engine", engine]
    driver = start("slotfill", "bulk", whole.source, str(killed), *options)
    until = time.monotonic() + PATIENCE
    while not (killed.exists() and contents(killed)) and driver.poll() is None:
        assert time.monotonic() < until
        time.sleep(0.01)
    driver.send_signal(signal.SIGKILL)
    driver.communicate(timeout=PATIENCE)
    wait_until_none_is_alive(time.monotonic() + PATIENCE)
    left = contents(killed)
    assert 0 < len(left) < parts
    times = {name: (killed / name).stat().st_mtime_ns for name in left}
    assert {name: wanted[name] for name in left} == left
    (killed / "part-000003.jsonl").unlink(missing_ok=True)  # on which a process is to die

    dying = start("tests.bulk.dying", whole.source, str(killed), engine)
    said, _ = dying.communicate(timeout=PATIENCE)
    assert (killed / "_died").exists(), said
    assert (dying.returncode == 0) == (engine == "ray"), said  # Ray starts another; a laptop says it
    if engine == "local":
        assert "InputError: a process ended in the middle of its work" in said
    (killed / "_died").unlink()

    if engine == "local":
        again, _ = (last := start("slotfill", "bulk", whole.source, str(killed), *options)).communicate()
        assert last.returncode == 0, again
    assert contents(killed) == wanted
    kept = {name for name in left if name != "part-000003.jsonl"}
    assert {name: times[name] for name in kept} == {name: (killed / name).stat().st_mtime_ns for name in kept}
    wait_until_none_is_alive(time.monotonic() + PATIENCE)
