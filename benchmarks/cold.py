"""What a cold `slotfill tag` costs beside `import numpy`, with and without the compiled core.

    python -m benchmarks.cold [--rounds 11] [--before FOLDER] [--crfsuite PYTHON MODEL] [--write docs/performance.md]

FOLDER is another checkout of slotfill, with its core built in place; PYTHON one with python-crfsuite, and MODEL one
that benchmarks/speed trained, without its ending. CPU seconds of whole processes that take turns.
"""

import argparse
import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.documents import publish, table
from benchmarks.measuring import ONE_THREAD, ROOT, Process, described, in_turns, machine, run, summary

TEXT = "arrive Taipei on November 2nd"
MEASURE = '`python -c "import numpy"`'


def tag(checkout: Path, **environment: str) -> Process:
    """`slotfill tag` of a checkout."""
    code = f"import sys; sys.path.insert(0, {str(checkout)!r}); from slotfill.__main__ import main; main()"
    return Process([sys.executable, "-c", code, "tag", TEXT], environment=environment)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=11)
    parser.add_argument("--before", type=Path, help="another checkout")
    parser.add_argument("--crfsuite", nargs=2, metavar=("PYTHON", "MODEL"))
    parser.add_argument("--write", type=Path, help="the document to fill with the tables")
    arguments = parser.parse_args()
    processes = {
        '`python -c "pass"`': Process([sys.executable, "-c", "pass"]),
        MEASURE: Process([sys.executable, "-c", "import numpy"], environment=ONE_THREAD),
        '`slotfill tag "..."`': tag(ROOT),
        "the same without the core": tag(ROOT, SLOTFILL_CORE="no"),
    }
    if arguments.before:
        processes["the same before"] = tag(arguments.before)
    if arguments.crfsuite:
        python, model = arguments.crfsuite
        code = "from benchmarks.speed.contestants import main; main()"
        command = [python, "-P", "-c", code, "crfsuite", "one", model, TEXT]
        processes["python-crfsuite"] = Process(command, environment={"PYTHONPATH": str(ROOT), **ONE_THREAD})
    costs = in_turns({name: partial(run, process) for name, process in processes.items()}, rounds=arguments.rounds)
    results = {"machine": machine(("slotfill", "numpy")) | {"rounds": arguments.rounds}}
    results["rows"] = {name: summary(taken) for name, taken in costs.items()}
    publish("cold", {"machine": _machine, "rows": _rows}, results, arguments.write)


def _machine(results: Mapping[str, Any]) -> str:
    return f"{described(results['machine'])}. {results['machine']['rounds']} rounds."


def _rows(results: Mapping[str, Any]) -> str:
    rows = results["rows"]
    measure = rows[MEASURE]["median"]
    cells = (
        (
            name,
            f"{row['median']:.3f}",
            f"{row['low']:.3f} to {row['high']:.3f}",
            f"{row['median'] / measure:.2f}",
            f"{row['peak'] / 2**20:.0f}",
        )
        for name, row in rows.items()
    )
    return table(("process", "CPU seconds", "lowest to highest", "x numpy", "peak MiB"), cells)


if __name__ == "__main__":
    main()
