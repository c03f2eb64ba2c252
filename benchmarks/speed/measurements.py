"""The measurements, one function each; what they give is kept in results.json, which tables.py reads."""

import json
import statistics
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.measuring import ONE_THREAD, Cost, Process, in_turns, output, run, spread, summary
from benchmarks.speed.preparing import PYTHON, SHIPPED, SLOTFILL, Work, ask, inside, tag_file
from benchmarks.speed.tables import LABELS

TEXT = "arrive Taipei on November 2nd"
Results = dict[str, Any]


def one_shot(work: Work, rounds: int) -> Results:
    """A cold process that labels one sentence, and what it is measured by."""
    source = work.file("text.txt")
    source.write_text(f"{TEXT}\n")
    options = (
        *("", "--format json", "--format table", "--format iob", "--format markup", "--min-confidence 0.5"),
        f"--model {work.model(128)}",
    )
    named = {f"tag {option.replace(str(work.model(128)), 'FOLDER')}".strip(): option.split() for option in options}
    processes = {
        "python": Process([PYTHON, "-c", "pass"]),
        "numpy": Process([PYTHON, "-c", "import numpy"], environment=ONE_THREAD),
        "numpy, all threads": Process([PYTHON, "-c", "import numpy"]),
        "--help": Process([SLOTFILL, "--help"]),
        "--version": Process([SLOTFILL, "--version"]),
        **{name: Process([SLOTFILL, "tag", TEXT, *words]) for name, words in named.items()},
        "tag < FILE": Process([SLOTFILL, "tag"], source=source),
        "typer, rich, torch": ask("torch", TEXT, "--model", work.model("travel"), function="main_typer"),
        "torch": ask("torch", "one", work.model("travel"), TEXT),
        # its graph reads no gazetteers: the smaller network trained on the data
        "onnxruntime": ask("onnxruntime", "one", work.model(128), TEXT),
        "crfsuite": ask("crfsuite", "one", work.model("atis"), TEXT),
        "spacy": ask("spacy", "one", work.model("atis"), TEXT),
    }
    return {name: summary(costs) for name, costs in _costs(processes, rounds).items()}


def warm(work: Work, rounds: int) -> Results:
    """One sentence at a time in a process that lives: the median over the test sentences, for each round."""

    def median_of(process: Process) -> float:
        return float(statistics.median(json.loads(output(process))))

    source = work.file("test.txt")
    jobs = {
        row: partial(median_of, ask(who, "warm", model, source)) for row, (who, model) in work.contestants().items()
    }
    return {row: spread(medians) for row, medians in in_turns(jobs, rounds=rounds).items()}


def bulk(work: Work, rounds: int) -> Results:
    """A file as a whole process; `start` is the same with one sentence, so that the difference is net of the start.

    slotfill has a second row, `--format iob`: labels without values, which is all that the others give.
    """
    processes = {}
    for row, (who, model) in work.contestants().items():
        for kind, name in (("", "bulk"), ("start", "one")):
            files = work.file(f"{name}.txt"), work.file("out.jsonl")
            if who == "slotfill":
                processes[row, kind] = tag_file(model, *files)
                processes[row.replace(who, LABELS), kind] = tag_file(model, *files, "--format", "iob")
            else:
                processes[row, kind] = ask(who, "bulk", model, *files)
    costs = _costs({"|".join(key): process for key, process in processes.items()}, rounds)
    whole = {name.removesuffix("|"): summary(taken) for name, taken in costs.items() if name.endswith("|")}
    return {
        "sentences": len(work.file("bulk.txt").read_text().splitlines()),
        "processes": {
            row: figures | {"start": summary(costs[f"{row}|start"])["median"]} for row, figures in whole.items()
        },
    }


def long_files(work: Work, rounds: int) -> Results:
    """Memory must not grow with a file, whatever stands in it. Once each, but for the first."""
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


def scaling(work: Work, rounds: int) -> Results:
    """Against the length of a sentence, the size of a call, the width of the network, the size of the vocabulary."""
    source, model = work.file("bulk.txt"), work.model(128)
    sizes = {str(words): work.random_bundle(words=words) for words in (1_000, 10_000, 50_000, 100_000, 200_000)}
    cold = {words: Process([SLOTFILL, "tag", TEXT, "--model", bundle]) for words, bundle in sizes.items()}
    return {
        "lengths": inside("lengths", model, source, rounds),
        "batches": inside("batches", model, source, rounds),
        "widths": [
            {"hidden": hidden} | inside("width", work.random_bundle(hidden=hidden), source, rounds)
            for hidden in (32, 64, 128, 256, 512)
        ],
        "vocabularies": [{"words": int(words)} | summary(costs) for words, costs in _costs(cold, rounds).items()],
    }


MEASUREMENTS: Mapping[str, Callable[[Work, int], Results]] = {
    "one-shot": one_shot,
    "warm": warm,
    "bulk": bulk,
    "long": long_files,
    "jobs": jobs,
    "scaling": scaling,
}


def _costs(processes: Mapping[str, Process], rounds: int) -> dict[str, list[Cost]]:
    return in_turns({name: partial(run, process) for name, process in processes.items()}, rounds=rounds)


def _repeated(work: Work, times: int) -> Path:
    """The bulk file so many times over."""
    path = work.file(f"bulk-{times}.txt")
    path.write_bytes(work.file("bulk.txt").read_bytes() * times)
    return path
