"""How fast slotfill is, beside torch, onnxruntime, python-crfsuite and spaCy: the tables of docs/performance.md.

    make benchmark-speed                                              everything, about 25 CPU-minutes
    python -m benchmarks.speed ../shared/data/atis --only one-shot    some measurements; the others keep their figures

It measures the `slotfill` that is installed beside this Python; a contestant that is not installed is left out
(benchmarks/requirements.txt). All train on the data set's train split; models and figures stay in build/speed, so that
a later run only measures. All ratios are of processes that took turns in one run.
"""

import argparse
import json
from pathlib import Path
from typing import Any

from benchmarks.documents import publish
from benchmarks.measuring import ROOT, machine, say
from benchmarks.speed.measurements import MEASUREMENTS, TABLES
from benchmarks.speed.preparing import SEED, Work, installed_bytes
from slotfill.files import write_files

VERSIONS = ("slotfill", "numpy", "typer", "torch", "onnxruntime", "onnx", "python-crfsuite", "spacy")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="a data set with train, dev and test splits, such as ATIS")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--only", nargs="+", choices=list(MEASUREMENTS), default=list(MEASUREMENTS))
    parser.add_argument("--write", type=Path, help="the document to fill with the tables")
    arguments = parser.parse_args()
    work = Work(arguments.data.resolve(), ROOT / "build" / "speed")
    work.prepare()
    kept = work.folder / "results.json"
    results: dict[str, Any] = json.loads(kept.read_text()) if kept.exists() else {}
    results["machine"] = machine(VERSIONS) | {"seed": SEED, "rounds": arguments.rounds}
    results["sizes"], results["scores"] = installed_bytes(), work.scores()
    for name in arguments.only:
        say(f"measuring: {name}")
        results[name] = MEASUREMENTS[name](work, arguments.rounds)
        write_files({kept: json.dumps(results, indent=1).encode()})
    publish("speed", TABLES, results, arguments.write)


if __name__ == "__main__":
    main()
