"""The measurements, one function a part; each gives plain data for results.json, which tables.py reads."""

import json
import re
import statistics
import sys
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from measure import ONE_THREAD, CommandError, Contestant, Cost, answer, in_turns, run, say, spread, summary
from rivals import WIDTHS, Rivals
from tables import LABELS

TEXT = "arrive Taipei on November 2nd"
Results = dict[str, Any]


def one_shot(rivals: Rivals, rounds: int) -> Results:
    """A cold process that labels one sentence, and what it is measured by.

    slotfill runs as it is installed, with nothing set; all others get one thread, which is best for them.
    """
    bundle, ours = rivals.bundle(128), [rivals.slotfill, "tag", TEXT]
    source = rivals.files / "text.txt"
    source.write_text(f"{TEXT}\n")
    travel = rivals.at_hand(rivals.shipped)
    contestants = {
        "python": Contestant([rivals.lean, "-c", "pass"]),
        "numpy": Contestant([rivals.lean, "-c", "import numpy"], environment=ONE_THREAD),
        "numpy, all threads": Contestant([rivals.lean, "-c", "import numpy"]),
        "--help": Contestant([rivals.slotfill, "--help"]),
        "--version": Contestant([rivals.slotfill, "--version"]),
        "tag": Contestant(ours),
        "tag --format json": Contestant([*ours, "--format", "json"]),
        "tag --format table": Contestant([*ours, "--format", "table"]),
        "tag --format iob": Contestant([*ours, "--format", "iob"]),
        "tag --format markup": Contestant([*ours, "--format", "markup"]),
        "tag --min-confidence 0.5": Contestant([*ours, "--min-confidence", "0.5"]),
        "tag --model FOLDER": Contestant([*ours, "--model", bundle]),
        "tag < FILE": Contestant([rivals.slotfill, "tag"], source=source),
        "typer, rich, torch": rivals.ask("torch", TEXT, "--model", travel, function="run_typer"),
        "torch": rivals.ask("torch", "one", travel, TEXT),
        # its graph has no lists of names: the smaller network trained on the data
        "onnxruntime": rivals.ask("onnxruntime", "one", rivals.models / "atis-128", TEXT),
        "crfsuite": rivals.ask("crfsuite", "one", rivals.models / "atis", TEXT),
        "spacy": rivals.ask("spacy", "one", rivals.models / "atis", TEXT),
    }
    return {name: summary(costs) for name, costs in _processes(contestants, rounds).items()}


def warm(rivals: Rivals, rounds: int) -> Results:
    """One sentence at a time in a process that lives: the median over the test sentences, for each round."""

    def median_of(contestant: Contestant) -> float:
        times: list[float] = json.loads(answer(contestant))
        return statistics.median(times)

    source = rivals.files / "test.txt"
    contestants = {
        name: partial(median_of, rivals.ask(who, "warm", model, source)) for name, (who, model) in _who(rivals).items()
    }
    return {name: spread(medians) for name, medians in in_turns(contestants, rounds=rounds).items()}


def bulk(rivals: Rivals, rounds: int) -> Results:
    """A file as a whole process; `start` is the same with one sentence, so that the difference is net of the start."""
    out, source, short = (rivals.files / name for name in ("out.jsonl", "bulk.txt", "one.txt"))
    kinds = {kind: _on_file(rivals, file, out) for kind, file in (("whole", source), ("start", short))}
    contestants = {f"{name}|{kind}": command for kind, commands in kinds.items() for name, command in commands.items()}
    costs = _processes(contestants, rounds)
    inside = {
        hidden: rivals.script("inside", "bulk", rivals.bundle(hidden), source, str(rounds), lean=True)
        for hidden in WIDTHS
    }
    rows: Results = {}
    for name in kinds["whole"]:
        whole, start = (costs.get(f"{name}|{kind}", []) for kind in ("whole", "start"))
        if whole and start:
            rows[name] = summary(whole) | {"start": summary(start)["median"]}
    return {
        "sentences": len(source.read_text().splitlines()),
        "processes": rows,
        "inside": {str(hidden): json.loads(answer(command)) for hidden, command in inside.items()},
    }


def long_files(rivals: Rivals, rounds: int) -> Results:
    """Memory must not grow with a file, whatever stands in it. Once each, but for the first."""
    narrow, wide, out = rivals.bundle(128), rivals.bundle(200), rivals.files / "out.jsonl"
    files = {
        "the file": (narrow, repeated(rivals, 1)),
        "the file ten times": (narrow, repeated(rivals, 10)),
        "the file a hundred times": (narrow, repeated(rivals, 100)),
        "a made-up word on each line, hidden 200": (wide, rivals.files / "made-up.txt"),
        "ten sentences on each line, hidden 200": (wide, rivals.files / "wide.txt"),
        "the same, the model that ships": (rivals.shipped, rivals.files / "wide.txt"),
    }
    rows: Results = {}
    for what, (model, source) in files.items():
        command = tag_file(rivals, model, source, out)
        costs = [run(command, target=None) for _ in range(rounds if what == "the file" else 1)]
        rows[what] = summary(costs) | {"lines": len(out.read_bytes().splitlines())}
    return rows


def jobs(rivals: Rivals, rounds: int) -> Results | None:
    """Several processes on a big file; None where this version cannot."""
    if "--jobs" not in answer(Contestant([rivals.slotfill, "tag", "--help"], environment={"COLUMNS": "120"})):
        say("left out: slotfill tag has no --jobs")
        return None
    source, outputs = repeated(rivals, 10), {n: rivals.files / f"jobs-{n}.jsonl" for n in (1, 2, 4)}
    contestants = {}
    for number, out in outputs.items():
        command = tag_file(rivals, rivals.bundle(128), source, out)
        contestants[str(number)] = Contestant([*command.command, "--jobs", str(number)])
    costs = _processes(contestants, min(rounds, 3))
    first = outputs[1].read_bytes()
    return {
        number: summary(taken) | {"same": outputs[int(number)].read_bytes() == first} for number, taken in costs.items()
    }


def scaling(rivals: Rivals, rounds: int) -> Results:
    """Against the length of a sentence, the size of a call, the width of the network, the size of the vocabulary."""
    source, model = rivals.files / "bulk.txt", rivals.bundle(128)
    results: Results = {
        what: json.loads(answer(rivals.script("inside", what, model, source, str(rounds), lean=True)))
        for what in ("lengths", "batches")
    }
    widths, vocabularies = [], {}
    for hidden in (32, 64, 128, 256, 512):
        made = _random(rivals, "--hidden", str(hidden))
        asked = rivals.script("inside", "width", made, source, str(rounds), lean=True)
        widths.append({"hidden": hidden} | json.loads(answer(asked)))
    for words in (1_000, 10_000, 50_000, 100_000, 200_000):
        made = _random(rivals, "--words", str(words))
        vocabularies[str(words)] = Contestant([rivals.slotfill, "tag", TEXT, "--model", made])
    results["widths"] = widths
    results["vocabularies"] = [
        {"words": int(words)} | summary(costs) for words, costs in _processes(vocabularies, rounds).items()
    ]
    return results


def profile(rivals: Rivals, rounds: int) -> Results:
    """Where the time goes: by import in a one-shot, by function in bulk."""
    source, model = rivals.files / "bulk.txt", rivals.bundle(128)
    command = [rivals.lean, "-X", "importtime", rivals.slotfill, "tag", TEXT]
    runs = [_imports(command, rivals.environments.work / "importtime.txt") for _ in range(rounds)]
    names = {name for taken in runs for name in taken}
    imports = {name: statistics.median(taken.get(name, 0.0) for taken in runs) for name in names}
    return {
        "imports": dict(sorted(imports.items(), key=lambda item: -item[1])[:12]),
        "imports in all": sum(imports.values()),
        "bulk": json.loads(answer(rivals.script("inside", "profile", model, source, lean=True))),
    }


PARTS: Mapping[str, Callable[[Rivals, int], Results | None]] = {
    "one-shot": one_shot,
    "warm": warm,
    "bulk": bulk,
    "long": long_files,
    "jobs": jobs,
    "scaling": scaling,
    "profile": profile,
}


def tag_file(rivals: Rivals, model: Path, source: Path, out: Path, *options: str) -> Contestant:
    return Contestant([rivals.slotfill, "tag", "--model", model, "--input", source, "--output", out, *options])


def _on_file(rivals: Rivals, source: Path, out: Path) -> dict[str, Contestant]:
    """Everybody's command for a file, by the name of the row.

    slotfill has a second row, `--format iob`: labels without values, which is all that the others give.
    """
    commands: dict[str, Contestant] = {}
    for name, (who, model) in _who(rivals).items():
        if who != "slotfill":
            commands[name] = rivals.ask(who, "bulk", model, source, out)
            continue
        commands[name] = tag_file(rivals, model, source, out)
        commands[name.replace("slotfill", LABELS)] = tag_file(rivals, model, source, out, "--format", "iob")
    return commands


def repeated(rivals: Rivals, times: int) -> Path:
    """The bulk file so many times over."""
    once, path = rivals.files / "bulk.txt", rivals.files / f"bulk-{times}.txt"
    text = once.read_bytes()
    if not path.exists() or path.stat().st_size != times * len(text):
        path.write_bytes(text * times)
    return path


def _who(rivals: Rivals) -> dict[str, tuple[str, Path]]:
    """By the name of the row: the contestant and its model."""
    ours = {
        f"{who}, hidden {hidden}": (who, rivals.bundle(hidden))
        for hidden in WIDTHS
        for who in ("slotfill", "torch", "onnxruntime")
    }
    ours["slotfill, the model that ships"] = ("slotfill", rivals.shipped)
    return ours | {name: (name, rivals.models / "atis") for name in ("crfsuite", "spacy")}


def _processes(contestants: Mapping[str, Contestant], rounds: int) -> dict[str, list[Cost]]:
    return in_turns({name: partial(run, contestant) for name, contestant in contestants.items()}, rounds=rounds)


def _random(rivals: Rivals, *options: str) -> Path:
    path = rivals.models / f"random{''.join(options)}"
    try:
        run(Contestant([rivals.slotfill, "tag", "--model", path, TEXT]))
    except CommandError:  # not there yet, or of another version
        run(rivals.script("random_model", rivals.data, path, *options))
    return path


def _imports(command: list[object], log: Path) -> dict[str, float]:
    """Seconds of import by top-level package: each module's own, without what it imports in turn."""
    run(Contestant(["/bin/sh", "-c", 'log="$1"; shift; exec "$@" 2>"$log"', "sh", log, *command]))
    packages: dict[str, float] = {}
    for line in log.read_text().splitlines():
        if match := re.match(r"import time:\s+(\d+) \|\s+\d+ \|\s*(\S+)", line):
            package = match[2].partition(".")[0]
            if package in sys.stdlib_module_names or package == "sitecustomize":
                package = "the standard library"
            packages[package] = packages.get(package, 0.0) + int(match[1]) / 1e6
    return packages
