"""How fast `slotfill bulk` is, against the tagger in one process, and how its memory grows. Remakes docs/bulk.md.

    python -m benchmarks.bulk speed ../shared/data/atis/train/seq.in [--workers 1 2 4] [--ray] [--rounds 3]
    python -m benchmarks.bulk memory ../shared/data/atis/train/seq.in [--rows 10000 40000 160000] [--rounds 3]
    python -m benchmarks.bulk scan ../shared/data/atis/train/seq.in      # how fast one machine cuts a source into parts

Lines of the file are repeated, each with a number of its own, until there are enough. The start is a run with a row for
each worker, in seconds and CPU-seconds; rows per second and per CPU-second are those of the rest. Each round tries all
in turn, first the tagger in this process, with whose rows per CPU-second of the same round the others are compared.
Shown are the medians, and the lowest and the highest of what a CPU-second does. Wall time needs idle CPUs. The cost of
all processes counts, Ray's too (adopt.py, on Linux).
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
from typing import NamedTuple

from benchmarks.documents import table
from benchmarks.measuring import ROOT, Cost, Process, cpu_seconds, described, machine, run, say, spread
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
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    counts = arguments.rows or ROWS[arguments.what]
    lines = islice(cycle(arguments.lines.read_text(encoding="utf-8").splitlines()), max(counts))
    texts = [f"{line} {number}" for number, line in enumerate(lines)]
    here = described(machine(["numpy", "ray"]))
    print(f"{here}, load {os.getloadavg()[0]:.1f}, {arguments.rounds} rounds\n", flush=True)
    with TemporaryDirectory() as name:
        folder = Path(name)
        if arguments.what == "speed":
            print(speed(folder, texts, ["local", *["ray"] * arguments.ray], arguments.workers, arguments.rounds))
        elif arguments.what == "memory":
            print(memory(folder, texts, counts, arguments.rounds))
        else:
            print(scan(folder, texts))


def _run(folder: Path, texts: list[str], *options: str) -> Cost:
    """Of one run over a source of these texts."""
    source, target = folder / "source.jsonl", mkdtemp(dir=folder)
    source.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts), encoding="utf-8")
    adopted = [sys.executable, "-I", "-S", ROOT / "benchmarks" / "adopt.py"]
    command = [*adopted, sys.executable, "-m", "slotfill", "bulk", source, f"{target}/tagged", "--quiet", *options]
    cost = run(Process(command, environment={"PYTHONPATH": str(ROOT)}), target=folder / "cpu")
    return cost._replace(cpu=float((folder / "cpu").read_text().split()[-1]))


class Figures(NamedTuple):
    """Of one round of one row of the table."""

    start: float  # seconds
    start_cpu: float  # seconds
    rate: float  # rows a second, after the start
    cpu_rate: float  # rows a CPU-second, after the start
    share: float  # of what a CPU-second of the tagger in this process does


def speed(folder: Path, texts: list[str], engines: list[str], numbers: list[str], rounds: int) -> str:
    tagger, count = Tagger.load(), len(texts)
    tagger.tag(texts[:1000])  # the first words and places are slower
    found: dict[tuple[str, str], list[Figures]] = {}
    for number in range(rounds):
        began = time.perf_counter()
        cpu = cpu_seconds(lambda: [tagger.tag(texts[first : first + 1000]) for first in range(0, count, 1000)])
        alone = Figures(0, 0, count / (time.perf_counter() - began), count / cpu, 1)
        found.setdefault(("`Tagger.tag` in process", "1"), []).append(alone)
        for engine in engines:
            for workers in numbers:
                options = ("--engine", engine, "--jobs", workers, "--part-rows")
                start = _run(folder, texts[: int(workers)], *options, "1")
                whole = _run(folder, texts, *options, str(max(100, count // 20)))
                rate, cpu_rate = count / (whole.wall - start.wall), count / (whole.cpu - start.cpu)
                one = Figures(start.wall, start.cpu, rate, cpu_rate, cpu_rate / alone.cpu_rate)
                found.setdefault((engine, workers), []).append(one)
                say(f"round {number + 1}: {engine} {workers}: {one}")
    rows = [(*name, *_cells(figures)) for name, figures in found.items()]
    heading = ("start, s", "start, CPU-s", "rows/s", "rows per CPU-s", "of in-process")
    return table(("", "workers", *heading), rows)


def _cells(figures: list[Figures]) -> tuple[str, ...]:
    start, start_cpu, rate, cpu_rate, share = (spread(list(column)) for column in zip(*figures, strict=True))
    return (
        f"{start['median']:.1f}" if start["median"] else "",
        f"{start_cpu['median']:.1f}" if start["median"] else "",
        f"{rate['median']:,.0f}",
        f"{cpu_rate['median']:,.0f} ({cpu_rate['low']:,.0f}-{cpu_rate['high']:,.0f})",
        f"{share['median']:.2f} ({share['low']:.2f}-{share['high']:.2f})",
    )


def memory(folder: Path, texts: list[str], counts: list[int], rounds: int) -> str:
    """The largest resident set of any one process."""
    jobs, rows = ("1", "2"), []
    for count in counts:
        peaks = [[_run(folder, texts[:count], "--jobs", number).peak / 1e6 for number in jobs] for _ in range(rounds)]
        size = (folder / "source.jsonl").stat().st_size
        of_jobs = [spread(list(column)) for column in zip(*peaks, strict=True)]
        cells = (f"{one['median']:.0f} ({one['low']:.0f}-{one['high']:.0f})" for one in of_jobs)
        rows.append((f"{count:,}", f"{size / 1e6:.1f}", *cells))
        say(" ".join(rows[-1]))
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
