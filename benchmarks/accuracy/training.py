"""One training in its own process -> one JSON file, which is kept."""

import hashlib
import json
import shutil
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict
from multiprocessing import active_children, get_context
from pathlib import Path
from random import Random
from signal import SIG_IGN, SIGINT, signal
from typing import Any

import slotfill
from benchmarks.accuracy.plan import Training
from benchmarks.documents import write
from benchmarks.measuring import ONE_THREAD, ROOT, CommandError, Process, machine, output, say
from benchmarks.rare_words import folds
from slotfill.config import Config
from slotfill.errors import SlotfillError
from slotfill.evaluation import annotated, scores_of
from slotfill.readers import load, split_of
from slotfill.schema import Dataset, Example
from slotfill.tagger import Tagger
from slotfill.tokenizer import fold

Result = dict[str, Any]
Part = Sequence[Example]


def run_all(trainings: Sequence[Training], work: Path, *, processes: int) -> int:
    """Run those that are not kept yet, so many at a time; how many failed, after saying why.

    Each has a process of its own, so that its CPU time is measured from a fresh start.
    """
    work.mkdir(parents=True, exist_ok=True)
    missing: dict[str, Training] = {}
    for training in trainings:  # the same one may stand in several parts, looked at on test in one of them
        if kept(training, work) is None and not (training.file in missing and missing[training.file].tested):
            missing[training.file] = training
    say(f"{len(missing)} trainings to run")
    failed, context = 0, get_context("spawn")
    # the parent ends the others when it is interrupted
    with ProcessPoolExecutor(processes, context, signal, (SIGINT, SIG_IGN), max_tasks_per_child=1) as pool:
        futures = {pool.submit(run, training, work): file for file, training in missing.items()}
        try:
            for number, future in enumerate(as_completed(futures), start=1):
                try:
                    said = future.result()
                except (SlotfillError, CommandError) as error:
                    said, failed = f"failed: {error}", failed + 1
                say(f"{number}/{len(missing)} {futures[future]}: {said}")
        except KeyboardInterrupt:
            pool.shutdown(wait=False, cancel_futures=True)
            for process in active_children():
                process.terminate()
            raise
    return failed


def kept(training: Training, work: Path) -> Result | None:
    """The result of a training, if it was run; one without test is none for who wants it."""
    path = work / training.file
    if not path.exists():
        return None
    result: Result = json.loads(path.read_text())
    return result if "test" in result or not training.tested else None


def run(training: Training, work: Path) -> str:
    """Run one and keep what it gave; a line about it."""
    result = _slotfill(training, training.config) if training.config else _crfsuite(training, work)
    about = {"name": training.name, "seed": training.seed, "share": training.share, "fold": training.fold}
    result = {**about, **result, "machine": machine(("torch", "numpy")), "code": _code()}
    write(work / training.file, json.dumps(result))
    dev = f", dev F1 {100 * result['history'][-1]['f1']:.2f}" if "history" in result else ""
    return f"{result['cpu_seconds']:.0f} CPU-seconds{dev}"


def parts(training: Training) -> tuple[Part, Part, Part]:
    """Train, dev and test as this training sees them."""
    dataset = load(training.source)
    if training.fold is not None:
        kept, held_out, _ = list(folds(dataset.splits))[training.fold]
        return kept, held_out, ()
    train = list(split_of(dataset, "train"))
    if training.share < 1:
        Random(training.seed).shuffle(train)  # so that a small share is the beginning of a larger one
        train = train[: round(training.share * len(train))]
    dev, test = split_of(dataset, "dev"), split_of(dataset, "test")
    return ([*train, *dev], (), test) if training.learns_dev else (train, dev, test)


def _slotfill(training: Training, config: Config) -> Result:
    """Train a network, choose its epoch on dev, and tag the test split once.

    The test scores after each epoch are only there to show what choosing by them would give.
    """
    from slotfill.training.data import pool
    from slotfill.training.pipeline import Training as Run

    splits = dict(zip(("train", "dev", "test"), map(tuple, parts(training)), strict=True))
    history, aside, began = [], 0.0, time.process_time()
    run = Run(pool([Dataset(training.name, splits)], config), config=config)
    for report in run:
        history.append(asdict(report))
        if training.tested:
            aside -= time.process_time()
            history[-1]["test_f1_not_to_be_chosen_by"] = scores_of(run.tagger(), splits["test"]).micro.f1
            aside += time.process_time()
    result: Result = {
        "cpu_seconds": time.process_time() - began - aside,
        "sentences": len(splits["train"]),
        "history": history,
        "config": config.to_dict(),
    }
    bundle = run.finish().bundle
    # the cities that were held out stay out, as in the scores on dev
    tagger = Tagger(config.model, run.vocabularies, bundle.weights)
    tested = {"test": _predicted(tagger, splits["test"])} if training.tested else {}
    return result | {"parameters": bundle.training["parameters"]} | tested


def _predicted(tagger: Tagger, test: Part) -> Result:
    """Tags and intents of the test part, and the best tag of each token whatever IOB2 and a CRF say."""
    found = annotated(tagger, test)
    names = tagger.vocabularies.tags.items
    emissions = (tagger.runtime.run([[fold(token.text) for token in e.tokens]])[0] for e in test)
    return {
        "tags": [annotation.tags for annotation in found],
        "intents": [annotation.intent.name if annotation.intent else None for annotation in found],
        "each token's best": [[names[best] for best in emissions_TK.argmax(1)] for emissions_TK in emissions],
    }


def _crfsuite(training: Training, work: Path) -> Result:
    """The contestant of benchmarks.speed; it has no use for dev."""
    train, _, test = parts(training)
    folder = work / training.file.removesuffix(".json")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    rows = [([token.text for token in e.tokens], e.tags) for e in train]
    words = folder / "test.words.json"
    (folder / "train.json").write_text(json.dumps(rows))
    words.write_text(json.dumps([[token.text for token in e.tokens] for e in test]))
    model = folder / "model"
    seconds = float(_contestant("train", folder, model))
    tags = json.loads(_contestant("predict", model, words))
    shutil.rmtree(folder)
    return {"cpu_seconds": seconds, "sentences": len(train), "test": {"tags": tags, "intents": None}}


def _contestant(*arguments: str | Path) -> str:
    task, *rest = arguments
    code = "from benchmarks.speed.contestants import main; main()"
    environment = {**ONE_THREAD, "PYTHONPATH": str(ROOT)}
    return output(Process([sys.executable, "-c", code, "crfsuite", task, *rest], environment=environment))


def _code() -> str:
    """A digest of slotfill's modules, to tell whether results come from the same ones."""
    folder = Path(slotfill.__file__).parent
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.py")):
        digest.update(str(path.relative_to(folder)).encode() + path.read_bytes())
    return digest.hexdigest()[:12]
