"""What each part of the compiled core is worth: a table of docs/performance.md.

    python -m benchmarks.core ../shared/data/atis --write docs/performance.md

In one process two taggers of one model take turns, one with the core and one without. Figures are CPU microseconds a
sentence: of one at a time the median sentence of the test split, of many the whole split in chunks as `tag` makes them.
The labels of both must be the same.
"""

import argparse
import os
import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before numpy is imported

from benchmarks.documents import publish, table
from benchmarks.measuring import cpu_seconds, described, machine, say, spread
from slotfill import core
from slotfill.batching import chunks
from slotfill.readers import load, split_of
from slotfill.tagger import Tagger

NOW = "2026-11-20T09:00"
Results = dict[str, Any]
Jobs = Mapping[str, Sequence[Callable[[], object]]]  # by part: what is timed, one by one


@contextmanager
def using(wanted: bool) -> Iterator[None]:
    """With the core, or without."""
    before, core.in_use = core.in_use, wanted
    try:
        yield
    finally:
        core.in_use = before


def jobs_of(tagger: Tagger, texts: Sequence[str]) -> tuple[Jobs, list[list[int]]]:
    """What is timed, for one sentence at a time and for many, and the tags of every sentence."""
    fold, run, chain = tagger.vocabularies.fold, tagger.runtime.run, tagger.chain
    words = [[fold(token.text) for token in one.tokens] for one in tagger.annotate(texts)]
    groups = [[words[number] for number in chunk] for chunk in chunks([len(sentence) for sentence in words])]
    single, many = ([run(group) for group in some] for some in ([[one] for one in words], groups))
    paths = {id(found): chain.decode(found[0], found[2]) for found in (*single, *many)}
    jobs: dict[str, Sequence[Callable[[], object]]] = {
        "one: `tag`, with frame": [partial(tagger.tag, [text], now=NOW) for text in texts],
        "one: network": [partial(run, [one]) for one in words],
        "one: best path": [partial(chain.decode, f[0], f[2]) for f in single],
        "one: confidence": [partial(chain.confidence, f[0], f[2], paths[id(f)]) for f in single],
        "many: network": [lambda: [run(group) for group in groups]],
        "many: best path": [lambda: [chain.decode(f[0], f[2]) for f in many]],
        "many: confidence": [lambda: [chain.confidence(f[0], f[2], paths[id(f)]) for f in many]],
    }
    return jobs, [paths[id(found)].tolist() for found in single]


def measure(model: str, texts: Sequence[str], rounds: int) -> Results:
    """CPU microseconds a sentence of each part, with the core and without."""
    taggers: dict[str, Jobs] = {}
    tags = []
    for name, wanted in (("core", True), ("numpy", False)):
        with using(wanted):
            taggers[name], found = jobs_of(Tagger.load(model), texts)
            tags.append(found)
    if tags[0] != tags[1]:
        raise SystemExit("the labels with and without the core are not the same")
    taken: dict[str, dict[str, list[float]]] = {}
    for turn in range(rounds):
        say(f"round {turn + 1} of {rounds}")
        for part in taggers["core"]:
            for name, jobs in taggers.items():
                with using(name == "core"):
                    costs = [1e6 * cpu_seconds(job) for job in jobs[part]]
                cost = statistics.median(costs) if len(costs) > 1 else costs[0] / len(texts)
                taken.setdefault(part, {}).setdefault(name, []).append(cost)
    return {part: {name: spread(costs) for name, costs in of.items()} for part, of in taken.items()}


def core_table(results: Results) -> str:
    rows = (
        (
            part,
            *(cell for name in ("numpy", "core") for cell in _cells(of[name])),
            f"{of['numpy']['median'] / of['core']['median']:.1f}",
        )
        for part, of in results["parts"].items()
    )
    titles = ("part", "numpy", "lowest to highest", "core", "lowest to highest", "numpy / core")
    return table(titles, rows)


def _cells(row: Mapping[str, float]) -> tuple[str, str]:
    return f"{row['median']:.0f}", f"{row['low']:.0f} to {row['high']:.0f}"


def machine_table(results: Results) -> str:
    here = results["machine"]
    return f"{described(here)}. {core._core.instructions()}; {here['rounds']} rounds of {here['sentences']} sentences."


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="a data set with a test split, such as ATIS")
    parser.add_argument("--model", default="travel")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--write", type=Path, help="the document to fill with the tables")
    arguments = parser.parse_args()
    if not core.in_use:
        raise SystemExit("the compiled core is not built: pip install --editable . builds it")
    texts = [example.text for example in split_of(load(arguments.data), "test")]
    here = machine(("slotfill", "numpy")) | {"rounds": arguments.rounds, "sentences": f"{len(texts):,}"}
    results = {"machine": here, "parts": measure(arguments.model, texts, arguments.rounds)}
    publish("core", {"machine": machine_table, "parts": core_table}, results, arguments.write)


if __name__ == "__main__":
    main()
