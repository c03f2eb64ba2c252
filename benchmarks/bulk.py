"""How fast `slotfill bulk` is, against the tagger in one process, and how its memory grows: docs/bulk.md.

    python benchmarks/bulk.py speed ../shared/data/atis/train/seq.in [--rows 20000] [--workers 1,2,4] [--ray]
    python benchmarks/bulk.py memory ../shared/data/atis/train/seq.in [--rows 10000,40000,160000]
    python benchmarks/bulk.py scan [--rows 1000000]      # how fast one machine cuts a source into parts

Lines of the file are repeated, each with a number of its own, until there are enough. The start is the time of a run
with a row for each worker; rows/s are those of the time after it. Wall time needs idle CPUs, so rows per CPU-second
of the whole run are given too, where the processes are our children (Ray's are not). Memory is the largest resident
set of any one process.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from slotfill.bulk.rows import Columns
from slotfill.bulk.sources import files_of, parts_of
from slotfill.tagger import Tagger

_COLUMNS = Columns("text", None)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True)
    speed = commands.add_parser("speed")
    speed.add_argument("lines", type=Path)
    speed.add_argument("--rows", type=int, default=20_000)
    speed.add_argument("--workers", default="1,2,4")
    speed.add_argument("--ray", action="store_true")
    speed.set_defaults(run=_speed)
    memory = commands.add_parser("memory")
    memory.add_argument("lines", type=Path)
    memory.add_argument("--rows", default="10000,40000,160000")
    memory.set_defaults(run=_memory)
    scan = commands.add_parser("scan")
    scan.add_argument("--rows", type=int, default=1_000_000)
    scan.set_defaults(run=_scan)
    arguments = parser.parse_args()
    with TemporaryDirectory() as folder:
        arguments.folder = Path(folder)
        arguments.run(arguments)


def _texts(path: Path, rows: int) -> Iterator[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    for number in range(rows):
        yield f"{lines[number % len(lines)]} {number}"


def _source(folder: Path, lines: Path, rows: int) -> Path:
    source = folder / f"source-{rows}.jsonl"
    with source.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps({"text": text}) + "\n" for text in _texts(lines, rows))
    return source


def _run(source: Path, target: Path, *options: str) -> tuple[float, float, float]:
    """Wall seconds, CPU seconds of all processes, and MB of the largest."""
    command = [sys.executable, "-m", "slotfill", "bulk", str(source), str(target), "--quiet", *options]
    start, before = time.perf_counter(), os.times()
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    assert status == 0, command
    after = os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return time.perf_counter() - start, cpu, usage.ru_maxrss / 1000


def _speed(arguments: argparse.Namespace) -> None:
    rows = arguments.rows
    source = _source(arguments.folder, arguments.lines, rows)
    tagger = Tagger.load()
    texts = list(_texts(arguments.lines, rows))
    tagger.tag(texts[:1000])  # first words and places are slower
    start, before = time.perf_counter(), time.process_time()
    for first in range(0, rows, 1000):
        tagger.tag(texts[first : first + 1000])
    base, cpu = rows / (time.perf_counter() - start), rows / (time.process_time() - before)
    print(f"{rows:,} rows, {len(os.sched_getaffinity(0))} CPUs, load {os.getloadavg()[0]:.1f}\n")
    print("| | workers | start, s | rows/s | of in-process | rows per CPU-s |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    print(f"| `Tagger.tag` in process | 1 | | {base:,.0f} | 1.00 | {cpu:,.0f} |")
    size = str(max(100, rows // 20))
    for engine in ("local", "ray") if arguments.ray else ("local",):
        for workers in arguments.workers.split(","):
            target = arguments.folder / f"{engine}-{workers}"
            options = ("--engine", engine, "--jobs", workers, "--part-rows")
            few = _source(arguments.folder, arguments.lines, int(workers))
            begun, _, _ = _run(few, target.with_suffix(".few"), *options, "1")
            wall, cpu, _ = _run(source, target, *options, size)
            speed = rows / (wall - begun)
            counted = f"{rows / cpu:,.0f}" if engine == "local" else ""
            print(f"| {engine} | {workers} | {begun:.1f} | {speed:,.0f} | {speed / base:.2f} | {counted} |", flush=True)


def _memory(arguments: argparse.Namespace) -> None:
    print("| rows | source, MB | peak of a process, MB: `--jobs 1` | `--jobs 2` |\n| ---: | ---: | ---: | ---: |")
    for rows in map(int, arguments.rows.split(",")):
        source = _source(arguments.folder, arguments.lines, rows)
        peaks = []
        for jobs in ("1", "2"):
            _, _, peak = _run(source, arguments.folder / f"{rows}-{jobs}", "--jobs", jobs)
            peaks.append(peak)
        print(f"| {rows:,} | {source.stat().st_size / 1e6:.1f} | {peaks[0]:.0f} | {peaks[1]:.0f} |", flush=True)


def _scan(arguments: argparse.Namespace) -> None:
    print("| format | rows | MB | seconds | rows/s | peak, MB |\n| --- | ---: | ---: | ---: | ---: | ---: |")
    text = "i want to fly from boston to denver on the morning of november the second"
    for suffix, head, line in (
        ("txt", "", f"{text}\n"),
        ("jsonl", "", json.dumps({"text": text}) + "\n"),
        ("csv", "id,text\n", f'7,"{text}"\n'),
    ):
        source = arguments.folder / f"source.{suffix}"
        with source.open("w", encoding="utf-8") as file:
            file.write(head)
            for _ in range(arguments.rows // 1000):
                file.write(line * 1000)
        before = time.process_time()
        found = sum(part.rows for part in parts_of(*files_of(str(source)), _COLUMNS, size=10_000))
        took = time.process_time() - before
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
        size = source.stat().st_size / 1e6
        print(f"| {suffix} | {found:,} | {size:.0f} | {took:.2f} | {found / took:,.0f} | {peak:.0f} |")
        source.unlink()


if __name__ == "__main__":
    main()
