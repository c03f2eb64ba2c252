"""Slot F1, sentence and intent accuracy on a test part, over seeds: the accuracy table of the README.

    python benchmarks/accuracy.py ../shared/data/atis --config recipes/atis.toml --seeds 1 2 3 4 5

Each seed trains from scratch, chooses its epoch on dev, and looks at test once.
"""

import argparse
import platform
import statistics
import time
from pathlib import Path

from slotfill.augmenting import Mixture, take_stock
from slotfill.config import Config, from_assignments, from_toml, of_sources
from slotfill.readers import load, split_of
from slotfill.training import build, evaluate, fit


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--config", type=Path, help="a recipe; without it, the default configuration")
    parser.add_argument("--set", dest="assignments", nargs="*", default=[])
    arguments = parser.parse_args()
    dataset = load(arguments.data)
    train, dev, test = (split_of(dataset, name) for name in ("train", "dev", "test"))
    base = from_toml(arguments.config) if arguments.config else Config()
    base = from_assignments(arguments.assignments, base=base._replace(data=of_sources([arguments.data], base.data)))
    inventory = take_stock(train, base.model)
    mixture = Mixture.of(train, sizes=[len(train)], config=base.data)
    rows = []
    for seed in arguments.seeds:
        config = from_assignments([f"training.seed={seed}"], base=base)
        began = time.process_time()
        network = build(config, inventory)
        for _ in fit(network, train, dev, config=config, inventory=inventory, mixture=mixture):
            pass
        seconds = time.process_time() - began
        scores = evaluate(network, test, config=config, inventory=inventory)
        figures = (scores.micro.f1, scores.sentence_accuracy, scores.intent_accuracy or 0.0)
        rows.append((*(100 * figure for figure in figures), seconds))
        print("seed {}: F1 {:.2f}, sentences {:.2f}, intents {:.2f}, {:.0f} s".format(seed, *rows[-1]), flush=True)
    settings = " ".join([str(arguments.config or "defaults"), *arguments.assignments])
    print(f"\n{dataset.name} test, strict IOB2, seeds {arguments.seeds}, {settings}")
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
