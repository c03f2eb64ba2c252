"""One training in its own process -> one JSON file, which is kept."""

import json
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict
from functools import partial
from importlib import import_module
from multiprocessing import active_children, get_context
from pathlib import Path
from random import Random
from signal import SIG_IGN, SIGINT, signal
from tempfile import TemporaryDirectory
from typing import Any

import slotfill
from benchmarks.accuracy.plan import FOLDS, Training, digest
from benchmarks.measuring import cpu_seconds, machine, say
from benchmarks.speed.contestants import Crfsuite, train_crfsuite
from slotfill.config import Config
from slotfill.evaluation import annotated
from slotfill.files import write_files
from slotfill.readers import load, split_of
from slotfill.schema import Dataset, Example
from slotfill.tagger import Tagger
from slotfill.tokenizer import fold

Result = dict[str, Any]
Split = Sequence[Example]
RARE = 6  # a word is rare if at most so many different sentences have it


def run_all(trainings: Sequence[Training], work: Path, *, processes: int) -> int:
    """Run those that are not kept yet, each in a fresh process; report and count the failures."""
    missing = {training.file: training for training in trainings if kept(training, work) is None}
    say(f"{len(missing)} trainings to run")
    failed, context = 0, get_context("spawn")
    # when interrupted, this process ends the others
    with ProcessPoolExecutor(processes, context, signal, (SIGINT, SIG_IGN), max_tasks_per_child=1) as pool:
        futures = {pool.submit(run, training, work): file for file, training in missing.items()}
        try:
            for number, future in enumerate(as_completed(futures), start=1):
                error = future.exception()
                failed += error is not None
                say(f"{number}/{len(missing)} {futures[future]}: {f'failed: {error}' if error else future.result()}")
        except KeyboardInterrupt:
            pool.shutdown(wait=False, cancel_futures=True)
            for process in active_children():
                process.terminate()
            raise
    return failed


def kept(training: Training, work: Path) -> Result | None:
    """The result of a training, if it was run."""
    path = work / training.file
    return json.loads(path.read_text()) if path.exists() else None


def run(training: Training, work: Path) -> str:
    """Run one training and keep its result; returns a line about it."""
    splits = splits_of(training)
    result = _slotfill(training.name, splits, training.config) if training.config else _crfsuite(splits)
    code = digest(Path(slotfill.__file__).parent, "*.py")[:12]
    result |= {"sentences": len(splits["train"]), "machine": machine(("torch", "numpy")), "code": code}
    write_files({work / training.file: json.dumps(result).encode()})
    dev = f", dev F1 {100 * result['history'][-1]['f1']:.2f}" if "history" in result else ""
    return f"{result['cpu_seconds']:.0f} CPU-seconds{dev}"


def splits_of(training: Training) -> dict[str, Split]:
    """Train, dev and test as this training sees them."""
    dataset = load(training.source)
    if training.fold is not None:
        return _rare_words(dataset.splits, training.fold)
    train, dev, test = (list(split_of(dataset, name)) for name in ("train", "dev", "test"))
    if training.share < 1:
        Random(training.seed).shuffle(train)  # so that a larger share contains each smaller one
        train = train[: round(training.share * len(train))]
    if training.learns_dev:
        train, dev = train + dev, []
    return {"train": train, "dev": dev, "test": test}


def _rare_words(splits: Mapping[str, Split], number: int) -> dict[str, Split]:
    """One of the harder dev splits of ATIS: every sentence has a word that its train split lacks.

    They are cut from train and dev; sentences with a tag that the train split lacks are left out.
    """
    examples = [*splits["train"], *splits["dev"]]
    counts = Counter(word for example in {e.text: e for e in examples}.values() for word in _words(example))
    rare = sorted(word for word, count in counts.items() if count <= RARE)
    Random(3).shuffle(rare)
    held_out = set(rare[number::FOLDS])
    train = [example for example in examples if not _words(example) & held_out]
    known = {tag for example in train for tag in example.tags}
    dev = [example for example in examples if _words(example) & held_out and known.issuperset(example.tags)]
    Random(1).shuffle(train)
    return {"train": train, "dev": dev, "test": []}


def _words(example: Example) -> set[str]:
    return {fold(token.text) for token in example.tokens}


def _slotfill(name: str, splits: Mapping[str, Split], config: Config) -> Result:
    """Train a network, choose its epoch on dev, and tag the test split once."""
    from slotfill.training.data import pool
    from slotfill.training.pipeline import Training as Run

    began = time.process_time()
    run = Run(pool([Dataset(name, {split: tuple(own) for split, own in splits.items()})], config), config=config)
    history = [asdict(report) for report in run]
    seconds = time.process_time() - began
    bundle = run.finish().bundle
    # with the vocabularies of training: held-out cities stay out, as in the scores on dev
    found = annotated(Tagger(config.model, run.vocabularies, bundle.weights), splits["test"])
    intents = [annotation.intent.name if annotation.intent else None for annotation in found]
    return {
        "cpu_seconds": seconds,
        "history": history,
        "parameters": bundle.training["parameters"],
        "test": {"tags": [annotation.tags for annotation in found], "intents": intents},
    }


def _crfsuite(splits: Mapping[str, Split]) -> Result:
    """The contestant of benchmarks.speed, which does not use dev."""
    import_module("pycrfsuite")  # not counted
    rows = {name: [([token.text for token in e.tokens], e.tags) for e in own] for name, own in splits.items()}
    with TemporaryDirectory() as folder:
        model = f"{folder}/model"
        seconds = cpu_seconds(partial(train_crfsuite, rows["train"], model))
        tags = Crfsuite(model).tags([words for words, _ in rows["test"]])
    return {"cpu_seconds": seconds, "test": {"tags": tags, "intents": None}}
