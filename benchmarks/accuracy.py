"""Slot F1, sentence and intent accuracy on a test part, over seeds: the accuracy table of the README.

    python benchmarks/accuracy.py ../shared/data/atis --seeds 1 2 3

Each seed trains from scratch with the default configuration, chooses its epoch on dev, and looks at test once.
"""

import argparse
import platform
import statistics
import time
from pathlib import Path

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
        figures = (scores.micro.f1, scores.sentence_accuracy, scores.intent_accuracy or 0.0)
        rows.append((*(100 * figure for figure in figures), seconds))
        print("seed {}: F1 {:.2f}, sentences {:.2f}, intents {:.2f}, {:.0f} s".format(seed, *rows[-1]), flush=True)
    print(f"\n{dataset.name} test, strict IOB2, seeds {arguments.seeds}, {arguments.assignments or 'defaults'}")
    print(f"{platform.platform()}, {_processor()}, torch threads: 1\n")
    print("| | mean | standard deviation |\n| --- | --- | --- |")
    names = ("slot F1", "sentence accuracy", "intent accuracy", "training CPU-seconds")
    for name, column in zip(names, zip(*rows, strict=True), strict=True):
        spread = statistics.stdev(column) if len(column) > 1 else 0.0
        print(f"| {name} | {statistics.mean(column):.2f} | {spread:.2f} |")


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        return next(line.split(":")[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor()


if __name__ == "__main__":
    main()
