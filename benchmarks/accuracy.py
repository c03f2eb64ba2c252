"""Slot F1, sentence and intent accuracy on a test part, over seeds: the accuracy table of the README.

    python benchmarks/accuracy.py ../shared/data/atis --seeds 1 2 3

Each seed trains from scratch with the default configuration, chooses its epoch on dev, and looks at test once.
"""

import argparse
import platform
import statistics
import time

from slotfill.config import from_assignments
from slotfill.readers import load, split_of
from slotfill.training import build, evaluate, fit
from slotfill.vocabulary import Inventory


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--set", dest="assignments", nargs="*", default=[])
    arguments = parser.parse_args()
    dataset = load(arguments.data)
    train, dev, test = (split_of(dataset, name) for name in ("train", "dev", "test"))
    inventory = Inventory.of(train)
    rows = []
    for seed in arguments.seeds:
        config = from_assignments([*arguments.assignments, f"training.seed={seed}"])
        began = time.process_time()
        network = build(config, inventory)
        for _ in fit(network, train, dev, config=config, inventory=inventory):
            pass
        seconds = time.process_time() - began
        scores = evaluate(network, test, config=config, inventory=inventory)
        rows.append((100 * scores.micro.f1, 100 * scores.sentence_accuracy, 100 * (scores.intent_accuracy or 0), seconds))
        print(f"seed {seed}: F1 {rows[-1][0]:.2f}  sentences {rows[-1][1]:.2f}  intents {rows[-1][2]:.2f}  {seconds:.0f} s", flush=True)
    print(f"\n{dataset.name} test, strict IOB2, seeds {arguments.seeds}, {arguments.assignments or 'defaults'}, {platform.platform()}, {_processor()}\n")
    print("| | mean | standard deviation |\n| --- | --- | --- |")
    for name, column in zip(("slot F1", "sentence accuracy", "intent accuracy", "training CPU-seconds"), zip(*rows, strict=True), strict=True):
        spread = statistics.stdev(column) if len(column) > 1 else 0.0
        print(f"| {name} | {statistics.mean(column):.2f} | {spread:.2f} |")


def _processor() -> str:
    try:
        with open("/proc/cpuinfo") as file:
            return next(line.split(":")[1].strip() for line in file if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor()


if __name__ == "__main__":
    main()
