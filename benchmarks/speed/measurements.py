"""The measurements, one function each; results.json keeps what they return, and tables.py reads it."""

import json
import statistics
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from benchmarks.measuring import ONE_THREAD, Cost, Process, in_turns, output, run, spread, summary
from benchmarks.speed.preparing import PYTHON, SHIPPED, SLOTFILL, Work, ask, tag_file
from benchmarks.speed.tables import LABELS, MEASURE

TEXT = "arrive Taipei on November 2nd"
CONFIDENT = "--min-confidence 0.5"
Results = dict[str, Any]


def one_shot(work: Work, rounds: int) -> Results:
    """A cold process that labels one sentence, and what it is measured by."""
    source, ours, theirs = work.file("text.txt"), work.model(128), work.model("atis")
    source.write_text(f"{TEXT}\n")
    formats = [f"--format {name}" for name in ("json", "table", "iob", "markup")]
    processes = {
        '`python -c "pass"`': Process([PYTHON, "-c", "pass"]),
        MEASURE: Process([PYTHON, "-c", "import numpy"], environment=ONE_THREAD),
        "the same, as many BLAS threads as numpy likes": Process([PYTHON, "-c", "import numpy"]),
        "`slotfill --help`": Process([SLOTFILL, "--help"]),
        "`slotfill --version`": Process([SLOTFILL, "--version"]),
        '`slotfill tag "..."`': Process([SLOTFILL, "tag", TEXT]),
        **{f"`slotfill tag {o}`": Process([SLOTFILL, "tag", TEXT, *o.split()]) for o in (*formats, CONFIDENT)},
        "`slotfill tag --model FOLDER`": Process([SLOTFILL, "tag", TEXT, "--model", ours]),
        "`slotfill tag < FILE`": Process([SLOTFILL, "tag"], source=source),
        "torch": ask("torch", "one", SHIPPED, TEXT),
        # given no gazetteers: the smaller network trained on the data
        "onnxruntime": ask("onnxruntime", "one", ours, TEXT),
        "python-crfsuite": ask("crfsuite", "one", theirs, TEXT),
        "spaCy": ask("spacy", "one", theirs, TEXT),
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
    whole: dict[str, Process] = {}
    starts: dict[str, Process] = {}
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
    """Memory must not grow with a file. Once each, but for the first."""
    rows: Results = {}
    source, out = work.file("repeated.txt"), work.file("out.jsonl")
    for times, what in {1: "the file", 10: "the file ten times", 100: "the file a hundred times"}.items():
        source.write_bytes(work.file("bulk.txt").read_bytes() * times)
        costs = [run(tag_file(work.model(128), source, out)) for _ in range(rounds if times == 1 else 1)]
        rows[what] = summary(costs) | {"lines": len(out.read_bytes().splitlines())}
    return rows


MEASUREMENTS: Mapping[str, Callable[[Work, int], Results]] = {
    "one-shot": one_shot,
    "warm": warm,
    "bulk": bulk,
    "long": long_files,
}


def _costs(processes: Mapping[str, Process], rounds: int) -> dict[str, list[Cost]]:
    return in_turns({name: partial(run, process) for name, process in processes.items()}, rounds=rounds)
