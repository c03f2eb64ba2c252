"""How fast slotfill is, beside torch, onnxruntime, python-crfsuite and spaCy: the tables of docs/performance.md.

    python benchmarks/speed ../shared/data/atis                       everything, about 25 CPU-minutes
    python benchmarks/speed ../shared/data/atis --only one-shot warm  some parts; the others keep their figures
    python benchmarks/speed ../shared/data/atis --only none --write docs/performance.md

It makes its own environments in the folder --work (a wheel of this tree without extras; the peers), trains everybody on
the data set's train part, and keeps models and figures there, so that a later run only measures. All ratios are of
processes that took turns in one run. Any Python from 3.11 on runs it; pip must reach its packages.
"""

import argparse
import json
from functools import partial
from pathlib import Path
from typing import Any

from documents import fill
from environments import ROOT, Environments
from machine import machine
from measure import run, say
from parts import PARTS
from rivals import SEED, Rivals
from tables import TABLES

PICTURE = ROOT / "docs" / "pictures" / "scaling.png"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="a data set with train, dev and test parts, such as ATIS")
    parser.add_argument("--work", type=Path, default=ROOT / "build" / "speed")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--only", nargs="+", choices=[*PARTS, "none"], default=list(PARTS))
    parser.add_argument("--write", type=Path, nargs="*", default=[], help="documents to fill with the tables")
    arguments = parser.parse_args()
    work = arguments.work.resolve()
    work.mkdir(parents=True, exist_ok=True)
    kept = work / "results.json"
    results: dict[str, Any] = json.loads(kept.read_text()) if kept.exists() else {}
    if parts := [part for part in arguments.only if part != "none"]:
        environments = Environments(work)
        environments.make()
        rivals = Rivals(environments, arguments.data.resolve())
        rivals.make()
        results["machine"] = machine() | {"seed": SEED, "rounds": arguments.rounds}
        results["versions"], results["sizes"] = environments.versions(), environments.sizes()
        results["scores"] = rivals.scores()
        for part in parts:
            say(f"measuring: {part}")
            results[part] = PARTS[part](rivals, arguments.rounds)
            kept.write_text(json.dumps(results, indent=1))
        if "scaling" in parts and arguments.write:
            run(rivals.script("picture", kept, PICTURE))
    tables = {name: partial(table, results) for name, table in TABLES.items()}
    for document in arguments.write:
        document.write_text(fill(document.read_text(), "speed", tables))
    for table in tables.values():
        try:
            print(f"{table()}\n")
        except KeyError as part:
            say(f"not measured yet: {part}")


if __name__ == "__main__":
    main()
