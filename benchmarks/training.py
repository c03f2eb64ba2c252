"""What training costs: the cells beside each other, ATIS from start to model, and large data.

    python -m benchmarks.training ../shared/data/atis --write docs/performance.md
    python -m benchmarks.training ../shared/data/atis --only cells --rounds 3

CPU seconds, user and system, on one thread. The nets take turns, one epoch each a round, so that other load on the
machine hits all alike. Figures of parts that are not measured again are kept in build/training.
"""

import argparse
import json
import statistics
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.documents import publish, table
from benchmarks.measuring import ONE_THREAD, ROOT, Process, described, machine, output, run, say, spread
from benchmarks.speed.preparing import SLOTFILL
from slotfill.config import Config, from_assignments, from_toml
from slotfill.files import write_files
from slotfill.training.data import pool, with_sources
from slotfill.training.pipeline import Training

RECIPE = ROOT / "recipes" / "atis.toml"
FAST = ROOT / "recipes" / "atis-fast.toml"
CELLS = {
    "feed-forward": ["model.cell=feedforward"],
    "Elman": ["model.cell=elman"],
    "Jordan, written out": ["model.cell=jordan"],
    "GRU": ["model.cell=gru"],
    "LSTM": ["model.cell=lstm"],
    "LSTM with peepholes, written out": ["model.peepholes=true"],
}
MEASURE = "LSTM"
SEEDS = (1, 2, 3)


def epochs_of(data: Path, settings: Mapping[str, Config], *, rounds: int) -> dict[str, list[float]]:
    """CPU seconds of the epochs of several trainings that take turns, without scores on dev; the first is left out."""
    trainings = {}
    for name, config in settings.items():
        sources, config = with_sources(str(data), config)
        config = config._replace(training=config.training._replace(epochs=rounds + 1, patience=rounds + 1))
        trainings[name] = Training(replace(pool(sources, config), dev=()), config=config)
    seconds: dict[str, list[float]] = {name: [] for name in trainings}
    for turn in range(rounds + 1):
        for name, training in trainings.items():
            report = next(training)
            say(f"  {name}: {report.cpu_seconds:.2f}")
            if turn:
                seconds[name].append(report.cpu_seconds)
    return seconds


def cells(data: Path, rounds: int, sentences: int) -> dict[str, list[float]]:
    """All nets of the width of the recipe, on the train split without copies."""
    plain = from_toml(RECIPE)._replace(data=())
    return epochs_of(data, {name: from_assignments(own, base=plain) for name, own in CELLS.items()}, rounds=rounds)


def atis(data: Path, rounds: int, sentences: int) -> list[dict[str, float]]:
    """Whole processes of `slotfill train` with the fast recipe, and what their models score."""
    rows = []
    with TemporaryDirectory() as folder:
        for seed in SEEDS:
            model = Path(folder, str(seed))
            options = ["--config", FAST, "--data", data, "--output", model, "--seed", seed, "--quiet"]
            cost = run(Process([SLOTFILL, "train", *options], environment=ONE_THREAD))
            scored = [SLOTFILL, "eval", "--model", model, "--data", data, "--format", "json"]
            test = json.loads(output(Process(scored, environment=ONE_THREAD)))
            dev = json.loads(output(Process([*scored, "--split", "dev"], environment=ONE_THREAD)))
            row = {"cpu": cost.cpu, "dev": dev["f1"], "test": test["f1"], "sentences": test["sentence_accuracy"]}
            say(f"  seed {seed}: {row}")
            rows.append({"seed": seed, **row})
    return rows


def large(data: Path, rounds: int, sentences: int) -> dict[str, Any]:
    """Generated sentences under the default settings."""
    with TemporaryDirectory() as folder:
        made = Path(folder, "train.jsonl")
        run(Process([SLOTFILL, "data", "generate", "--count", sentences, "--output", made]))
        sources, config = with_sources(str(made), Config())
        train = pool(sources, config).train
        seconds = epochs_of(made, {"": Config()}, rounds=rounds)[""]
    return {
        "sentences": len(train),
        "tokens": sum(len(example.tokens) for example in train) / len(train),
        "seconds": seconds,
    }


MEASUREMENTS: dict[str, Callable[[Path, int, int], Any]] = {"cells": cells, "atis": atis, "large": large}


def cells_table(results: Mapping[str, Any]) -> str:
    """One row a net, with its time as a multiple of the fused LSTM's."""
    rows = results["cells"]
    measure = statistics.median(rows[MEASURE])
    return table(
        ("net", "CPU seconds an epoch", "lowest to highest", "x the fused LSTM"),
        (
            (name, f"{of['median']:.2f}", f"{of['low']:.2f} to {of['high']:.2f}", f"{of['median'] / measure:.2f}")
            for name, of in ((name, spread(seconds)) for name, seconds in rows.items())
        ),
    )


def atis_table(results: Mapping[str, Any]) -> str:
    """One row a seed, and the mean."""
    rows = results["atis"]
    mean = {key: statistics.mean(row[key] for row in rows) for key in rows[0]} | {"seed": "mean"}
    return table(
        ("seed", "CPU seconds", "slot F1 on dev", "slot F1 on test", "sentences right on test"),
        (
            (
                str(row["seed"]),
                f"{row['cpu']:.1f}",
                f"{100 * row['dev']:.2f}",
                f"{100 * row['test']:.2f}",
                f"{100 * row['sentences']:.1f}",
            )
            for row in (*rows, mean)
        ),
    )


def large_table(results: Mapping[str, Any]) -> str:
    """Data and time of one epoch."""
    found = results["large"]
    of = spread(found["seconds"])
    each = of["median"] * 1e6 / found["sentences"]
    return table(
        (
            "train sentences",
            "tokens a sentence",
            "CPU seconds an epoch",
            "lowest to highest",
            "microseconds a sentence",
        ),
        [
            (
                f"{found['sentences']:,}",
                f"{found['tokens']:.1f}",
                f"{of['median']:.1f}",
                f"{of['low']:.1f} to {of['high']:.1f}",
                f"{each:.0f}",
            )
        ],
        words=(),
    )


def machine_line(results: Mapping[str, Any]) -> str:
    """Where and how often."""
    return f"{described(results['machine'])}. {results['machine']['rounds']} rounds."


TABLES: dict[str, Callable[[Any], str]] = {
    "machine": machine_line,
    "cells": cells_table,
    "atis": atis_table,
    "large": large_table,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="ATIS, with train, dev and test splits")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--sentences", type=int, default=100_000, help="of the large data")
    parser.add_argument("--only", nargs="+", choices=list(MEASUREMENTS), default=list(MEASUREMENTS))
    parser.add_argument("--write", type=Path, help="the document to fill with the tables")
    arguments = parser.parse_args()
    kept = ROOT / "build" / "training" / "results.json"
    results: dict[str, Any] = json.loads(kept.read_text()) if kept.exists() else {}
    results["machine"] = machine(("slotfill", "numpy", "torch")) | {"rounds": arguments.rounds}
    for name in arguments.only:
        say(f"measuring: {name}")
        results[name] = MEASUREMENTS[name](arguments.data.resolve(), arguments.rounds, arguments.sentences)
        write_files({kept: json.dumps(results, indent=1).encode()})
    publish("training", TABLES, results, arguments.write)


if __name__ == "__main__":
    main()
