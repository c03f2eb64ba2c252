"""Sources and targets in an object store: a run is whole, or stops with an error that names what cannot be used."""

import json
import os
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from itertools import takewhile
from pathlib import Path

import pytest

from slotfill.bulk.rows import Columns
from slotfill.bulk.run import Outcome, Settings, begin, finish
from slotfill.errors import InputError
from tests.bulk.dying import MODEL
from tests.bulk.s3 import ENVIRONMENT, Bucket, Refusal, standing_in
from tests.bulk.test_run import CLOCK, LINES, PATIENCE, contents, settings_of, start, wait_until_none_is_alive

pytestmark = pytest.mark.skipif(
    find_spec("moto") is None or find_spec("pyarrow") is None, reason="moto or the extra `bulk` is not installed"
)


@pytest.fixture(scope="module")
def server() -> Iterator[Bucket]:
    with pytest.MonkeyPatch.context() as patch, standing_in() as bucket:
        for name, value in {**ENVIRONMENT, "AWS_ENDPOINT_URL": bucket.address}.items():
            patch.setenv(name, value)
        yield bucket


@pytest.fixture
def bucket(server: Bucket) -> Iterator[Bucket]:
    """The bucket with a source, `in/a.jsonl`."""
    server.put("in/a.jsonl", "".join(json.dumps(line) + "\n" for line in LINES).encode())
    yield server
    server.refuse = lambda method, path: None


def tag(settings: Settings) -> list[Outcome]:
    run = begin(settings)
    outcomes = [run.work(part) for part in run.missing]
    finish(settings)
    return outcomes


def problem(settings: Settings) -> str:
    with pytest.raises(InputError) as error:
        tag(settings)
    return str(error.value)


def after(count: int, method: str, name: str) -> Callable[[str, str], Refusal]:
    """Refuse such requests after so many of them."""
    seen = 0

    def refuse(asked: str, path: str) -> Refusal:
        nonlocal seen
        seen += asked == method and name in path
        return ("403 Forbidden", "AccessDenied") if asked == method and name in path and seen > count else None

    return refuse


def test_the_parts_are_those_of_a_local_run(tmp_path: Path, bucket: Bucket) -> None:
    here = settings_of(tmp_path, LINES)
    tag(here)
    there = here._replace(source="s3://bucket/in", target="s3://bucket/out")
    assert sum(outcome.rows for outcome in tag(there)) == len(LINES)
    keys = bucket.keys("out/")
    assert keys == ["out/_bulk.json", *[f"out/{name}" for name in sorted(contents(here.target))]]
    assert {key.removeprefix("out/"): bucket.get(key) for key in keys[1:]} == contents(here.target)
    assert tag(there) == []  # all parts are there


def test_what_cannot_be_reached_is_named(tmp_path: Path, bucket: Bucket) -> None:
    settings = settings_of(tmp_path, LINES)._replace(source="s3://bucket/in/a.jsonl", target="s3://bucket/none")
    missing = "cannot be read: No such file or folder"
    assert problem(settings._replace(source="s3://nobucket/in")) == f"s3://nobucket/in: {missing}"
    assert problem(settings._replace(source="s3://bucket/b.jsonl")) == f"s3://bucket/b.jsonl: {missing}"
    assert "s3://nobucket/out: cannot be written: Bucket 'nobucket' not found" in problem(
        settings._replace(target="s3://nobucket/out")
    )
    bucket.refuse = lambda method, path: ("403 Forbidden", "InvalidAccessKeyId")
    said = problem(settings)
    assert said.startswith("s3://bucket/in/a.jsonl: cannot be read: ")
    assert "ACCESS_DENIED" in said
    bucket.refuse = lambda method, path: None
    assert bucket.keys("none") == []


@pytest.mark.parametrize(
    ("method", "name", "count", "said"),
    [
        ("GET", "a.jsonl", 3, r"s3://bucket/in/a.jsonl: .*ACCESS_DENIED"),
        ("PUT", ".unfinished", 2, r"s3://bucket/half-PUT/part-00000\d.jsonl: cannot be written: .*ACCESS_DENIED"),
    ],
)
def test_a_store_that_fails_half_way(
    tmp_path: Path, bucket: Bucket, method: str, name: str, count: int, said: str
) -> None:
    here = settings_of(tmp_path, LINES)
    tag(here)
    target = f"half-{method}"
    there = here._replace(source="s3://bucket/in/a.jsonl", target=f"s3://bucket/{target}")
    bucket.refuse = after(count, method, name)
    with pytest.raises(InputError, match=said):
        tag(there)
    left = {key.rpartition("/")[2]: bucket.get(key) for key in bucket.keys(target) if "part" in key}
    assert 0 < len(left) < 3
    assert left.items() <= contents(here.target).items()  # none is half
    bucket.refuse = lambda method, path: None
    tag(there)  # the same command goes on
    assert bucket.keys(target) == [f"{target}/{name}" for name in ("_bulk.json", *sorted(contents(here.target)))]
    assert all(bucket.get(f"{target}/{name}") == data for name, data in contents(here.target).items())


@pytest.mark.skipif(find_spec("ray") is None, reason="the extra `bulk` is not installed")
def test_a_cluster_that_loses_a_machine(tmp_path: Path, bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two machines tag from the store into the store, and one of them is killed: each row is there once, in order."""
    lines = [{"text": f"fly from Boston to Rome on the {n}th"} for n in range(1200)]
    here = settings_of(tmp_path, lines, columns=Columns("text", None), part_rows=50)
    tag(here)
    bucket.put("many.jsonl", Path(here.source).read_bytes())
    monkeypatch.setenv("SLOTFILL_TEST", str(os.getpid()))
    monkeypatch.setenv("RAY_USAGE_STATS_ENABLED", "0")
    monkeypatch.setenv("RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER", "0")  # all machines are 127.0.0.1
    cluster = start("tests.bulk.cluster")
    assert cluster.stdin
    assert cluster.stdout
    try:
        begun = [*takewhile(lambda line: line != "begun\n", cluster.stdout)]
        address = [line.strip() for line in begun if line.startswith("127.0.0.1:")]
        assert address, begun
        monkeypatch.setenv("RAY_ADDRESS", address[0])
        options = ["--engine", "ray", "--model", MODEL, "--now", CLOCK.isoformat(), "--part-rows", "50"]
        driver = start("slotfill", "bulk", "s3://bucket/many.jsonl", "s3://bucket/many", *options)
        until = time.monotonic() + PATIENCE
        while len(bucket.keys("many/part-")) < 3 and driver.poll() is None:
            assert time.monotonic() < until
            time.sleep(0.05)
        cluster.stdin.write("kill\n")
        cluster.stdin.flush()
        assert "killed\n" in cluster.stdout
        assert driver.poll() is None, "all was done before the machine was killed: more lines are needed"
        said, _ = driver.communicate(timeout=PATIENCE)
        assert driver.returncode == 0, said
    finally:
        cluster.communicate(timeout=PATIENCE)
    assert {key.removeprefix("many/"): bucket.get(key) for key in bucket.keys("many/part-")} == contents(here.target)
    assert not [key for key in bucket.keys("many/") if "unfinished" in key]
    wait_until_none_is_alive(time.monotonic() + PATIENCE)
