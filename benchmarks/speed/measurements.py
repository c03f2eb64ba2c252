"""The measurements, whose results results.json keeps, and its tables by the names that they have in documents.

A table of what is not measured raises KeyError.
"""

import json
import statistics
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from benchmarks.documents import table
from benchmarks.measuring import ONE_THREAD, Cost, Process, described, in_turns, output, run, spread, summary
from benchmarks.speed.preparing import PYTHON, SHIPPED, SLOTFILL, Work, ask, tag_file

MEASURE = '`python -c "import numpy"`, one BLAS thread: **the measure**'
LABELS = "slotfill --format iob"  # the rows of slotfill without values: labels only, as the others give them
_RANGE = "lowest to highest"
TEXT = "arrive Taipei on November 2nd"
Results = dict[str, Any]


def one_shot(work: Work, rounds: int) -> Results:
    """A cold process that labels one sentence, and what it is measured by."""
    source, ours, theirs = work.file("text.txt"), work.model(128), work.model("atis")
    source.write_text(f"{TEXT}\n")
    options = (*(f"--format {name}" for name in ("json", "table", "iob", "markup")), "--min-confidence 0.5")
    processes = {
        '`python -c "pass"`': Process([PYTHON, "-c", "pass"]),
        MEASURE: Process([PYTHON, "-c", "import numpy"], environment=ONE_THREAD),
        "the same, as many BLAS threads as numpy likes": Process([PYTHON, "-c", "import numpy"]),
        "`slotfill --help`": Process([SLOTFILL, "--help"]),
        "`slotfill --version`": Process([SLOTFILL, "--version"]),
        '`slotfill tag "..."`': Process([SLOTFILL, "tag", TEXT]),
        **{f"`slotfill tag {o}`": Process([SLOTFILL, "tag", TEXT, *o.split()]) for o in options},
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


def _costs(processes: Mapping[str, Process], rounds: int) -> dict[str, list[Cost]]:
    return in_turns({name: partial(run, process) for name, process in processes.items()}, rounds=rounds)


def _spread(row: Mapping[str, float], pattern: str, *, scale: float = 1.0) -> tuple[str, str]:
    """Two cells: the median, and the range."""
    median, low, high = (format(scale * row[key], pattern) for key in ("median", "low", "high"))
    return median, f"{low} to {high}"


def _peak(row: Mapping[str, float]) -> str:
    return f"{row['peak'] / 2**20:.0f}"


def _ratio(one: Mapping[str, float], other: Mapping[str, float]) -> str:
    return f"{one['median'] / other['median']:.2f}"


def _ours(rows: Mapping[str, Any], name: str, who: str = "slotfill") -> Any:
    """The row of slotfill to compare with, of the same width, or of 128."""
    return rows[f"{who}, {name.partition(', ')[2] or 'hidden 128'}"]


def machine_table(results: Results) -> str:
    here = results["machine"]
    return f"{described(here)}. Seed {here['seed']}; {here['rounds']} rounds."


def one_shot_table(results: Results) -> str:
    rows = results["one-shot"]
    cells = ((name, *_spread(row, ".3f"), _ratio(row, rows[MEASURE]), _peak(row)) for name, row in rows.items())
    return table(("process", "CPU seconds", _RANGE, "x numpy", "peak MiB"), cells)


def rivals_table(results: Results) -> str:
    rows = []
    for name, row in results["scores"].items():
        different = f"{row['different']} of {row['tags']:,}" if "different" in row else ""
        size = results["sizes"][name.partition(",")[0]] / 1e6
        rows.append((name, f"{100 * row['f1']:.2f}", f"{row['training']:.0f}", different, f"{size:.0f}"))
    return table(("contestant", "slot F1", "training CPU seconds", "tags unlike slotfill's", "installed MB"), rows)


def warm_table(results: Results) -> str:
    rows = results["warm"]
    cells = ((name, *_spread(row, ".0f", scale=1e6), _ratio(row, _ours(rows, name))) for name, row in rows.items())
    return table(("contestant", "CPU microseconds a sentence", _RANGE, "x slotfill"), cells)


def bulk_table(results: Results) -> str:
    sentences, rows = results["bulk"]["sentences"], results["bulk"]["processes"]
    net = {name: row["median"] - row["start"] for name, row in rows.items()}
    cells = (
        (
            *(name, *_spread(row, ".2f"), f"{sentences / row['median']:,.0f}", f"{sentences / net[name]:,.0f}"),
            *(_ratio(row, _ours(rows, name)), f"{net[name] / _ours(net, name):.2f}"),
            *(_ratio(row, _ours(rows, name, LABELS)), _peak(row)),
        )
        for name, row in rows.items()
    )
    titles = ("process", "CPU seconds", _RANGE, "sentences a CPU-second", "net of the start", "x slotfill", "net")
    return table((*titles, "x labels only", "peak MiB"), cells)


def long_files_table(results: Results) -> str:
    cells = (
        (what, f"{row['lines']:,}", f"{row['median']:.1f}", f"{row['lines'] / row['median']:,.0f}", _peak(row))
        for what, row in results["long"].items()
    )
    return table(("what is tagged", "lines", "CPU seconds", "lines a CPU-second", "peak MiB"), cells)


MEASUREMENTS: Mapping[str, Callable[[Work, int], Results]] = {
    "one-shot": one_shot,
    "warm": warm,
    "bulk": bulk,
    "long": long_files,
}
TABLES: Mapping[str, Callable[[Results], str]] = {
    "machine": machine_table,
    "rivals": rivals_table,
    "one-shot": one_shot_table,
    "warm": warm_table,
    "bulk": bulk_table,
    "long": long_files_table,
}
