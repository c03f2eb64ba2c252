"""How accurate slotfill is: the tables of docs/accuracy.md.

    make benchmark-accuracy                                                        everything: hours
    python -m benchmarks.accuracy ../shared/data --only atis --seeds 1 2 3         one recipe
    python -m benchmarks.accuracy ../shared/data --only none --write docs/accuracy.md

Each training runs in its own process with one thread and leaves a JSON file in build/accuracy. One whose settings and
data have such a file is not run again: an interrupted benchmark continues where it stopped. Do not edit the tree
meanwhile: each process reads the code when it starts. python-crfsuite must be installed.
"""

import argparse
import os
import sys
from pathlib import Path

from benchmarks.accuracy.plan import GROUPS, Plan
from benchmarks.accuracy.tables import TABLES, draw_curve, results_of
from benchmarks.accuracy.training import run_all
from benchmarks.documents import publish
from benchmarks.measuring import ONE_THREAD, ROOT, say
from slotfill.errors import SlotfillError


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="the folder with atis and snips")
    parser.add_argument("--only", nargs="+", choices=[*GROUPS, "none"], default=list(GROUPS))
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3, 4, 5], help="the ablation takes two of them")
    parser.add_argument("--processes", type=int, default=2, help="trainings at a time")
    parser.add_argument("--write", type=Path, help="the document to fill with the tables")
    arguments = parser.parse_args()
    os.environ.update(ONE_THREAD)  # before a training imports numpy
    plan, work = Plan(arguments.data.resolve(), arguments.seeds), ROOT / "build" / "accuracy"
    try:
        wanted = [training for name in arguments.only if name != "none" for training in plan.group(name)]
        failed = run_all(wanted, work, processes=arguments.processes)
        results = results_of(plan, work)
    except SlotfillError as error:
        say(str(error))
        return 1
    except KeyboardInterrupt:
        say("interrupted: the same command continues after the last finished training")
        return 130
    publish("accuracy", TABLES, results, arguments.write)
    if arguments.write and results.curve:
        draw_curve(results, ROOT / "docs" / "pictures" / "learning-curve.png")
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
