"""The measurements, one function each; results.json keeps what they return, and tables.py reads it."""

import json
import statistics
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.measuring import ONE_THREAD, Cost, Process, in_turns, output, run, spread, summary
from benchmarks.speed.preparing import PYTHON, SHIPPED, SLOTFILL, Work, ask, tag_file
from benchmarks.speed.tables import LABELS

TEXT = "arrive Taipei on November 2nd"
Results = dict[str, Any]


def one_shot(work: Work, rounds: int) -> Results:
    """A cold process that labels one sentence, and what it is measured by."""
    source, atis = work.file("text.txt"), work.model("atis")
    source.write_text(f"{TEXT}\n")
    options = {f"tag --format {name}": ("--format", name) for name in ("json", "table", "iob", "markup")}
    options |= {"tag --min-confidence 0.5": ("--min-confidence", "0.5")}
    options |= {"tag --model FOLDER": ("--model", str(work.model(128)))}
    processes = {
        "python": Process([PYTHON, "-c", "pass"]),
        "numpy": Process([PYTHON, "-c", "import numpy"], environment=ONE_THREAD),
        "numpy, all threads": Process([PYTHON, "-c", "import numpy"]),
        "--help": Process([SLOTFILL, "--help"]),
        "--version": Process([SLOTFILL, "--version"]),
        "tag": Process([SLOTFILL, "tag", TEXT]),
        **{name: Process([SLOTFILL, "tag", TEXT, *words]) for name, words in options.items()},
        "tag < FILE": Process([SLOTFILL, "tag"], source=source),
        "typer, rich, torch": ask("torch", TEXT, "--model", SHIPPED, function="main_typer"),
        "torch": ask("torch", "one", SHIPPED, TEXT),
        # given no gazetteers: the smaller network trained on the data
        "onnxruntime": ask("onnxruntime", "one", work.model(128), TEXT),
        **{who: ask(who, "one", atis, TEXT) for who in ("crfsuite", "spacy")},
    }
    return {name: summary(costs) for name, costs in _costs(processes, rounds).items()}


def warm(work: Work, rounds: int) -> Results:
    """One sentence at a time in a running process: the median over the test sentences, for each round."""

    def median_of(process: Process) -> float:
        return float(statistics.median(json.loads(output(process))))

    source, contestants = work.file("test.txt"), work.contestants()
    jobs = {row: partial(median_of, ask(who, "warm", model, source)) for row, (who, model) in contestants.items()}
    return {row: spread(medians) for row, medians in in_turns(jobs, rounds=rounds).items()}


def bulk(work: Work, rounds: int) -> Results:
    """A file as a whole process; `start` is the same with one sentence, so that the difference is net of the start.

    slotfill has a second row, `--format iob`: labels without values, which is all that the others give.
    """
    whole, starts = {}, {}
    for processes, name in ((whole, "bulk.txt"), (starts, "one.txt")):
        files = work.file(name), work.file("out.jsonl")
        for row, (who, model) in work.contestants().items():
            if who == "slotfill":
                processes[row] = tag_file(model, *files)
                processes[row.replace(who, LABELS)] = tag_file(model, *files, "--format", "iob")
            else:
                processes[row] = ask(who, "bulk", model, *files)
    costs = _costs(whole | {f"start: {row}": process for row, process in starts.items()}, rounds)
    figures = {name: summary(taken) for name, taken in costs.items()}
    rows = {row: figures[row] | {"start": figures[f"start: {row}"]["median"]} for row in whole if row in figures}
    return {"sentences": len(work.file("bulk.txt").read_text().splitlines()), "processes": rows}


def long_files(work: Work, rounds: int) -> Results:
    """Memory must not grow with a file, whatever is in it. Once each, but for the first."""
    narrow, wide, out = work.model(128), work.model(200), work.file("out.jsonl")
    files = {
        "the file": (narrow, work.file("bulk.txt")),
        "the file ten times": (narrow, _repeated(work, 10)),
        "the file a hundred times": (narrow, _repeated(work, 100)),
        "a made-up word on each line, hidden 200": (wide, work.file("made-up.txt")),
        "ten sentences on each line, hidden 200": (wide, work.file("wide.txt")),
        "the same, the model that ships": (SHIPPED, work.file("wide.txt")),
    }
    rows: Results = {}
    for what, (model, source) in files.items():
        costs = [run(tag_file(model, source, out)) for _ in range(rounds if what == "the file" else 1)]
        rows[what] = summary(costs) | {"lines": len(out.read_bytes().splitlines())}
    return rows


def jobs(work: Work, rounds: int) -> Results:
    """Several processes on a big file."""
    source, outputs = _repeated(work, 10), {str(n): work.file(f"jobs-{n}.jsonl") for n in (1, 2, 4)}
    processes = {n: tag_file(work.model(128), source, out, "--jobs", n) for n, out in outputs.items()}
    costs = _costs(processes, min(rounds, 3))
    first = outputs["1"].read_bytes()
    return {n: summary(taken) | {"same": outputs[n].read_bytes() == first} for n, taken in costs.items()}


MEASUREMENTS: Mapping[str, Callable[[Work, int], Results]] = {
    "one-shot": one_shot,
    "warm": warm,
    "bulk": bulk,
    "long": long_files,
    "jobs": jobs,
}


def _costs(processes: Mapping[str, Process], rounds: int) -> dict[str, list[Cost]]:
    return in_turns({name: partial(run, process) for name, process in processes.items()}, rounds=rounds)


def _repeated(work: Work, times: int) -> Path:
    """The bulk file so many times over."""
    path = work.file(f"bulk-{times}.txt")
    path.write_bytes(work.file("bulk.txt").read_bytes() * times)
    return path
