"""How fast `slotfill bulk` is, against the tagger in one process, and how its memory grows. Remakes docs/bulk.md.

    python -m benchmarks.bulk speed ../shared/data/atis/train/seq.in [--workers 1 2 4] [--ray]
    python -m benchmarks.bulk memory ../shared/data/atis/train/seq.in [--rows 10000 40000 160000]
    python -m benchmarks.bulk scan ../shared/data/atis/train/seq.in      # how fast one machine cuts a source into parts

Lines of the file are repeated, each with a number of its own, until there are enough. The start is the time of a run
with a row for each worker; rows/s are those of the time after it. Wall time needs idle CPUs, so there are also rows per
CPU-second of the whole run, where the processes are our children (Ray's are not).
"""

import argparse
import csv
import json
import os
import sys
import time
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp

from benchmarks.documents import table
from benchmarks.measuring import ROOT, Cost, Process, cpu_seconds, run
from slotfill.bulk.rows import Columns
from slotfill.bulk.sources import files_of, parts_of
from slotfill.tagger import Tagger

ROWS = {"speed": [20_000], "memory": [10_000, 40_000, 160_000], "scan": [1_000_000]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=list(ROWS))
    parser.add_argument("lines", type=Path)
    parser.add_argument("--rows", type=int, nargs="+")
    parser.add_argument("--workers", nargs="+", default=["1", "2", "4"])
    parser.add_argument("--ray", action="store_true")
    arguments = parser.parse_args()
    counts = arguments.rows or ROWS[arguments.what]
    lines = islice(cycle(arguments.lines.read_text(encoding="utf-8").splitlines()), max(counts))
    texts = [f"{line} {number}" for number, line in enumerate(lines)]
    with TemporaryDirectory() as name:
        folder = Path(name)
        if arguments.what == "speed":
            print(speed(folder, texts, ["local", *["ray"] * arguments.ray], arguments.workers))
        elif arguments.what == "memory":
            print(memory(folder, texts, counts))
        else:
            print(scan(folder, texts))


def _run(folder: Path, texts: list[str], *options: str) -> Cost:
    """Of one run over a source of these texts."""
    source, target = folder / "source.jsonl", mkdtemp(dir=folder)
    source.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts), encoding="utf-8")
    command = [sys.executable, "-m", "slotfill", "bulk", source, f"{target}/tagged", "--quiet", *options]
    return run(Process(command, environment={"PYTHONPATH": str(ROOT)}))


def speed(folder: Path, texts: list[str], engines: list[str], numbers: list[str]) -> str:
    tagger, count = Tagger.load(), len(texts)
    tagger.tag(texts[:1000])  # the first words and places are slower
    began = time.perf_counter()
    cpu = cpu_seconds(lambda: [tagger.tag(texts[first : first + 1000]) for first in range(0, count, 1000)])
    base = count / (time.perf_counter() - began)
    rows = [("`Tagger.tag` in process", "1", "", f"{base:,.0f}", "1.00", f"{count / cpu:,.0f}")]
    for engine in engines:
        for workers in numbers:
            options = ("--engine", engine, "--jobs", workers, "--part-rows")
            start = _run(folder, texts[: int(workers)], *options, "1").wall
            cost = _run(folder, texts, *options, str(max(100, count // 20)))
            rate = count / (cost.wall - start)
            per_cpu = f"{count / cost.cpu:,.0f}" if engine == "local" else ""
            rows.append((engine, workers, f"{start:.1f}", f"{rate:,.0f}", f"{rate / base:.2f}", per_cpu))
    heading = f"{count:,} rows, {os.cpu_count()} CPUs, load {os.getloadavg()[0]:.1f}\n\n"
    return heading + table(("", "workers", "start, s", "rows/s", "of in-process", "rows per CPU-s"), rows)


def memory(folder: Path, texts: list[str], counts: list[int]) -> str:
    """The largest resident set of any one process."""
    rows = []
    for count in counts:
        peaks = [_run(folder, texts[:count], "--jobs", jobs).peak for jobs in ("1", "2")]
        size = (folder / "source.jsonl").stat().st_size
        rows.append((f"{count:,}", f"{size / 1e6:.1f}", *(f"{peak / 1e6:.0f}" for peak in peaks)))
    return table(("rows", "source, MB", "`--jobs 1`, MB", "`--jobs 2`, MB"), rows, words=())


def scan(folder: Path, texts: list[str]) -> str:
    rows = []
    for suffix in ("txt", "jsonl", "csv"):
        source = folder / f"source.{suffix}"
        with source.open("w", encoding="utf-8", newline="") as file:
            if suffix == "csv":
                csv.writer(file).writerows([("id", "text"), *enumerate(texts)])
            else:
                file.writelines(f"{json.dumps({'text': text}) if suffix == 'jsonl' else text}\n" for text in texts)
        parts = parts_of(*files_of(str(source)), Columns("text", None), size=10_000)
        seconds = cpu_seconds(partial(list, parts))
        rows.append((suffix, f"{source.stat().st_size / 1e6:.0f}", f"{seconds:.2f}", f"{len(texts) / seconds:,.0f}"))
    return table(("format", "MB", "CPU seconds", "rows per CPU-s"), rows)


if __name__ == "__main__":
    main()
