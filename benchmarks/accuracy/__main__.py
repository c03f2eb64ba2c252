"""How right slotfill is: the tables of docs/accuracy.md.

    python benchmarks/accuracy ../shared/data                            everything: hours, see docs/accuracy.md
    python benchmarks/accuracy ../shared/data --only atis --seeds 1 2 3  one recipe
    python benchmarks/accuracy ../shared/data --only none --write docs/accuracy.md README.md

Each training runs in its own process with one thread, and leaves a JSON file in the folder --work: what is there
already, of the same settings and data, is not run again, so that a benchmark that was interrupted goes on where it was.
Run it in a tree that nobody edits meanwhile: each process reads the code anew. Its Python must have slotfill with the
extra `dev`; python-crfsuite gets an environment of its own, for which pip must reach its packages.
"""

import argparse
import os
import sys
from functools import partial
from pathlib import Path

sys.path.append(str(Path(__file__).parent.parent))
sys.path.append(str(Path(__file__).parent.parent / "speed"))  # what writes tables, and makes environments

from documents import fill
from environments import ROOT
from measure import ONE_THREAD, say

from accuracy.mistakes import listed
from accuracy.picture import draw
from accuracy.plan import PARTS, Plan
from accuracy.results import Results
from accuracy.tables import TABLES
from accuracy.training import run_all
from slotfill.errors import SlotfillError

PICTURE = ROOT / "docs" / "pictures" / "learning-curve.png"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="the folder with atis and snips")
    parser.add_argument("--only", nargs="+", choices=[*PARTS, "none"], default=list(PARTS))
    parser.add_argument(
        "--seeds", type=int, nargs="+", default=[1, 2, 3, 4, 5], help="curve, ablation: the first three"
    )
    parser.add_argument("--set", dest="assignments", nargs="*", default=[], help="training.epochs=1, for a quick look")
    parser.add_argument("--processes", type=int, default=2, help="trainings at a time")
    parser.add_argument("--work", type=Path, default=ROOT / "build" / "accuracy")
    parser.add_argument("--write", type=Path, nargs="*", default=[], help="documents to fill with the tables")
    arguments = parser.parse_args()
    os.environ.update(ONE_THREAD)  # before a training imports numpy
    failed = 0
    try:
        plan = Plan(arguments.data.resolve(), seeds=arguments.seeds, assignments=arguments.assignments)
        wanted = [training for part in arguments.only if part != "none" for training in plan.part(part)]
        failed = run_all(wanted, arguments.work.resolve(), processes=arguments.processes)
        results = Results(plan, arguments.work.resolve())
        tables = {name: partial(table, results) for name, table in TABLES.items()}
        for name, table in tables.items():
            try:
                print(f"{table()}\n")
            except KeyError:
                say(f"not measured yet: {name}")
        for document in arguments.write:
            document.write_text(fill(document.read_text(), "accuracy", tables))
        if arguments.write and results.curve:
            draw(results.curve, PICTURE)
        if results.mistakes:
            (arguments.work / "mistakes.txt").write_text(listed(results.mistakes))
    except SlotfillError as error:
        say(str(error))
        return 1
    except KeyboardInterrupt:
        say("interrupted: the same command goes on from the last whole training")
        return 130
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
