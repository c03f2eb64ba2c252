"""How fast `slotfill bulk` is, against the tagger in one process, and how its memory grows. Remakes docs/bulk.md.

    python -m benchmarks.bulk speed ../shared/data/atis/train/seq.in [--rows 20000] [--workers 1 2 4] [--ray]
    python -m benchmarks.bulk memory ../shared/data/atis/train/seq.in [--rows 10000 40000 160000]
    python -m benchmarks.bulk scan [--rows 1000000]      # how fast one machine cuts a source into pieces

Lines of the file are repeated, each with a number of its own, until there are enough. The start is the time of a run
with a row for each worker; rows/s are those of the time after it. Wall time needs idle CPUs, so rows per CPU-second of
the whole run are given too, where the processes are our children (Ray's are not).
"""

import argparse
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

SENTENCE = "i want to fly from boston to denver on the morning of november the second"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("speed", "memory", "scan"))
    parser.add_argument("lines", type=Path, nargs="?")
    parser.add_argument("--rows", type=int, nargs="+")
    parser.add_argument("--workers", nargs="+", default=["1", "2", "4"])
    parser.add_argument("--ray", action="store_true")
    arguments = parser.parse_args()
    if arguments.what != "scan" and not arguments.lines:
        parser.error(f"{arguments.what} needs a file of lines")
    with TemporaryDirectory() as folder:
        if arguments.what == "speed":
            (rows,) = arguments.rows or [20_000]
            engines = ("local", "ray") if arguments.ray else ("local",)
            print(speed(Path(folder), _texts(arguments.lines, rows), engines, arguments.workers))
        elif arguments.what == "memory":
            print(memory(Path(folder), arguments.lines, arguments.rows or [10_000, 40_000, 160_000]))
        else:
            (rows,) = arguments.rows or [1_000_000]
            print(scan(Path(folder), rows))


def _texts(path: Path, rows: int) -> list[str]:
    lines = islice(cycle(path.read_text(encoding="utf-8").splitlines()), rows)
    return [f"{line} {number}" for number, line in enumerate(lines)]


def _run(folder: Path, texts: list[str], *options: str) -> Cost:
    """Of one run over a source of these texts."""
    source, target = folder / "source.jsonl", mkdtemp(dir=folder)
    source.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts), encoding="utf-8")
    command = [sys.executable, "-m", "slotfill", "bulk", source, f"{target}/tagged", "--quiet", *options]
    return run(Process(command, environment={"PYTHONPATH": str(ROOT)}))


def speed(folder: Path, texts: list[str], engines: tuple[str, ...], numbers: list[str]) -> str:
    tagger, count = Tagger.load(), len(texts)
    tagger.tag(texts[:1000])  # first words and places are slower
    began = time.perf_counter()
    cpu = cpu_seconds(lambda: [tagger.tag(texts[first : first + 1000]) for first in range(0, count, 1000)])
    base = count / (time.perf_counter() - began)
    rows = [("`Tagger.tag` in process", "1", "", f"{base:,.0f}", "1.00", f"{count / cpu:,.0f}")]
    for engine in engines:
        for workers in numbers:
            options = ("--engine", engine, "--jobs", workers, "--part-rows")
            begun = _run(folder, texts[: int(workers)], *options, "1").wall
            cost = _run(folder, texts, *options, str(max(100, count // 20)))
            rate = count / (cost.wall - begun)
            counted = f"{count / cost.cpu:,.0f}" if engine == "local" else ""
            rows.append((engine, workers, f"{begun:.1f}", f"{rate:,.0f}", f"{rate / base:.2f}", counted))
    heading = f"{count:,} rows, {os.cpu_count()} CPUs, load {os.getloadavg()[0]:.1f}\n\n"
    return heading + table(("", "workers", "start, s", "rows/s", "of in-process", "rows per CPU-s"), rows)


def memory(folder: Path, lines: Path, counts: list[int]) -> str:
    """The largest resident set of any one process."""
    rows = []
    for count in counts:
        peaks = [_run(folder, _texts(lines, count), "--jobs", jobs).peak for jobs in ("1", "2")]
        size = (folder / "source.jsonl").stat().st_size
        rows.append((f"{count:,}", f"{size / 1e6:.1f}", *(f"{peak / 1e6:.0f}" for peak in peaks)))
    return table(("rows", "source, MB", "`--jobs 1`, MB", "`--jobs 2`, MB"), rows, words=())


def scan(folder: Path, count: int) -> str:
    rows = []
    for suffix, head, line in (
        ("txt", "", f"{SENTENCE}\n"),
        ("jsonl", "", json.dumps({"text": SENTENCE}) + "\n"),
        ("csv", "id,text\n", f'7,"{SENTENCE}"\n'),
    ):
        source = folder / f"source.{suffix}"
        source.write_text(head + line * count, encoding="utf-8")
        seconds = cpu_seconds(partial(_cut, source))
        rows.append((suffix, f"{source.stat().st_size / 1e6:.0f}", f"{seconds:.2f}", f"{count / seconds:,.0f}"))
    return table(("format", "MB", "CPU seconds", "rows per CPU-s"), rows)


def _cut(source: Path) -> None:
    for _ in parts_of(*files_of(str(source)), Columns("text", None), size=10_000):
        pass


if __name__ == "__main__":
    main()
