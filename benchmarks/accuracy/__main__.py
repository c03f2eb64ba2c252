"""How right slotfill is: the tables of docs/accuracy.md.

    make benchmark-accuracy                                                        everything: hours
    python -m benchmarks.accuracy ../shared/data --only atis --seeds 1 2 3         one recipe
    python -m benchmarks.accuracy ../shared/data --only none --write docs/accuracy.md README.md

Each training runs in its own process with one thread, and leaves a JSON file in the folder --work. What is there
already, of the same settings and data, is not run again: an interrupted benchmark goes on where it was. Run it in a
tree that nobody edits meanwhile, since each process reads the code anew. python-crfsuite, scikit-learn and seqeval must
be installed (benchmarks/requirements.txt).
"""

import argparse
import os
import sys
from pathlib import Path

from benchmarks.accuracy.plan import PARTS, Plan
from benchmarks.accuracy.results import Results
from benchmarks.accuracy.tables import TABLES, panel
from benchmarks.accuracy.training import run_all
from benchmarks.documents import publish
from benchmarks.measuring import ONE_THREAD, ROOT, say
from benchmarks.pictures import draw
from slotfill.errors import SlotfillError


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="the folder with atis and snips")
    parser.add_argument("--only", nargs="+", choices=[*PARTS, "none"], default=list(PARTS))
    seeds = parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3, 4, 5])
    seeds.help = "the curve takes the first three, the ablation the first two"
    parser.add_argument("--set", dest="assignments", nargs="*", default=[], help="training.epochs=1, for a quick look")
    parser.add_argument("--processes", type=int, default=2, help="trainings at a time")
    parser.add_argument("--work", type=Path, default=ROOT / "build" / "accuracy")
    parser.add_argument("--write", type=Path, nargs="*", default=[], help="documents to fill with the tables")
    arguments = parser.parse_args()
    os.environ.update(ONE_THREAD)  # before a training imports numpy
    work = arguments.work.resolve()
    try:
        plan = Plan(arguments.data.resolve(), seeds=arguments.seeds, assignments=arguments.assignments)
        wanted = [training for name in arguments.only if name != "none" for training in plan.part(name)]
        failed = run_all(wanted, work, processes=arguments.processes)
        results = Results(plan, work)
        publish("accuracy", TABLES, results, arguments.write)
        if arguments.write and results.curve:
            draw([panel(results)], ROOT / "docs" / "pictures" / "learning-curve.png")
    except SlotfillError as error:
        say(str(error))
        return 1
    except KeyboardInterrupt:
        say("interrupted: the same command goes on from the last whole training")
        return 130
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
