"""How good slots are from 20 to 1,000 sentences: slotfill's defaults beside python-crfsuite and spaCy.

    python -m benchmarks.little_data ../shared/data --write docs/accuracy.md

All learn from the same sentences of the train split, three draws of each number, without any dev split, and are scored
on the test split by strict spans. `slotfill + GloVe` has the vectors of ../shared/data/vectors; python-crfsuite has
words, affixes, shapes and two neighbours to each side; spaCy's recognizer begins blank, and takes as many steps as
slotfill, in batches of 8. Those that are not installed are left out. Each training leaves a line in --work: an
interrupted run goes on where it stopped. Needs an hour of CPU, half of it for spaCy.
"""

import json
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from random import Random
from statistics import mean
from time import process_time
from typing import Annotated, Any

import typer

from benchmarks.documents import publish, table
from benchmarks.measuring import ROOT
from benchmarks.speed.contestants import Crfsuite, Rows, Spacy, train_crfsuite
from slotfill import Dataset, read_data, train
from slotfill.config import from_assignments
from slotfill.evaluation import score, scores_of
from slotfill.schema import Example

DATA = ("atis", "snips")
SIZES = (20, 50, 100, 200, 500, 1000)
DRAWS = (1, 2, 3)
_MODULES = {"python-crfsuite": "pycrfsuite", "spaCy": "spacy"}
LEARNERS = ("slotfill", "slotfill + GloVe", *_MODULES)
Results = dict[tuple[str, str, int], list[tuple[float, float]]]  # data, learner, sentences -> F1 and seconds of draws


def main(
    shared: Annotated[Path, typer.Argument()],
    data: Annotated[list[str] | None, typer.Option(help=f"Default: {' and '.join(DATA)}.")] = None,
    only: Annotated[list[str] | None, typer.Option(help=f"Some of {', '.join(LEARNERS)}.")] = None,
    sizes: Annotated[list[int] | None, typer.Option()] = None,
    split: Annotated[str, typer.Option()] = "test",
    work: Annotated[Path, typer.Option()] = Path("build/little-data.jsonl"),
    write: Annotated[Path | None, typer.Option()] = None,
) -> None:
    work.parent.mkdir(parents=True, exist_ok=True)
    names = data or DATA
    for name in names:
        splits = read_data(shared / name).splits
        for size in sizes or SIZES:
            for draw in DRAWS:
                some = Random(draw).sample(list(splits["train"]), size)
                for learner in only if only is not None else LEARNERS:
                    key = [name, learner, size, draw, split]
                    is_done = key in [line[:5] for line in _lines(work)]
                    if is_done or find_spec(_MODULES.get(learner, "slotfill")) is None:
                        continue
                    began = process_time()
                    f1 = _f1(learner, some, splits[split], draw=draw, vectors=shared / "vectors/glove.100d.txt.gz")
                    with work.open("a") as file:
                        file.write(json.dumps([*key, f1, process_time() - began]) + "\n")
    results: Results = defaultdict(list)
    for name, learner, size, _, scored_on, f1, seconds in _lines(work):
        if scored_on == split:
            results[name, learner, size].append((f1, seconds))
    publish("little-data", {name: _table_of(name) for name in names}, results, write)
    if write is not None:
        _draw(names, results, ROOT / "docs" / "pictures" / "little-data.png")


def _lines(work: Path) -> list[list[Any]]:
    return [json.loads(line) for line in work.read_text().splitlines()] if work.exists() else []


def _f1(learner: str, some: list[Example], test: tuple[Example, ...], *, draw: int, vectors: Path) -> float:
    """Strict slot F1 on test of a tagger that learnt from these sentences."""
    if learner.startswith("slotfill"):
        settings = [f"training.seed={draw}"]
        if learner != "slotfill":
            settings.append(f"training.vectors={json.dumps(str(vectors))}")
        trained = train(Dataset("some", {"train": tuple(some), "dev": ()}), config=from_assignments(settings))
        return scores_of(trained.tagger, test).micro.f1
    rows: Rows = [([token.text for token in e.tokens], list(e.tags)) for e in some]
    words = [[token.text for token in e.tokens] for e in test]
    gold = [e.tags for e in test]
    if learner == "spaCy":
        return score(gold, Spacy(_trained_spacy(rows, draw)).tags(words)).micro.f1
    with tempfile.TemporaryDirectory() as folder:
        train_crfsuite(rows, f"{folder}/model")
        return score(gold, Crfsuite(f"{folder}/model").tags(words)).micro.f1


def _trained_spacy(rows: Rows, draw: int) -> Any:
    """A blank pipeline after as many steps as slotfill takes."""
    import spacy
    from spacy.training import Example as Pair
    from spacy.training import iob_to_biluo

    spacy.util.fix_random_seed(draw)
    nlp, shuffler = spacy.blank("en"), Random(draw)
    nlp.add_pipe("ner")
    pairs = [
        Pair.from_dict(spacy.tokens.Doc(nlp.vocab, words=words), {"entities": iob_to_biluo(tags)})
        for words, tags in rows
    ]
    optimizer = nlp.initialize(lambda: pairs)
    for _ in range(max(20, (800 + len(rows)) // max(1, len(rows) // 8))):
        shuffler.shuffle(pairs)
        for batch in spacy.util.minibatch(pairs, size=8):
            nlp.update(batch, sgd=optimizer, drop=0.2)
    with nlp.use_params(optimizer.averages):
        learnt = nlp.to_bytes()
    return nlp.from_bytes(learnt)


def _draw(names: Sequence[str], results: Results, path: Path) -> None:
    """A curve for each learner, in a picture for each data set; bars go from the lowest draw to the highest."""
    from matplotlib.figure import Figure

    from slotfill.plots import save

    figure = Figure(figsize=(9, 3.8), layout="constrained")
    for axes, name in zip(figure.subplots(1, len(names), squeeze=False)[0], names, strict=True):
        for learner in _learners(name, results):
            sizes = [size for size in SIZES if results[name, learner, size]]
            draws = [[100 * f1 for f1, _ in results[name, learner, size]] for size in sizes]
            means = list(map(mean, draws))
            bars = [[m - min(own) for m, own in zip(means, draws, strict=True)]]
            bars.append([max(own) - m for m, own in zip(means, draws, strict=True)])
            axes.errorbar(sizes, means, bars, marker="o", markersize=4, capsize=3, label=learner)
        axes.set(xlabel="training sentences", ylabel=f"slot F1 on the {name.upper()} test split", xscale="log")
        axes.set_xticks(SIZES, [f"{size:,}" for size in SIZES], fontsize=8)
        axes.minorticks_off()
        axes.grid(visible=True, alpha=0.3)
        axes.legend(fontsize=8)
    save(figure, path)


def _learners(name: str, results: Results) -> list[str]:
    return [one for one in LEARNERS if any(key[:2] == (name, one) for key in results)]


def _table_of(name: str) -> Any:
    def made(results: Results) -> str:
        learners = _learners(name, results)
        rows = []
        for size in SIZES:
            cells = [results[name, learner, size] for learner in learners]
            if any(cells):
                rows.append((f"{size:,}", *map(_cell, cells), *map(_seconds, cells[:1])))
        return table(("sentences", *learners, "CPU-seconds of slotfill"), rows, words=())

    return made


def _cell(draws: list[tuple[float, float]]) -> str:
    """`49.3 (47.0 to 51.2)`: the mean and the range of the draws."""
    scores = [100 * f1 for f1, _ in draws]
    return f"{mean(scores):.1f} ({min(scores):.1f} to {max(scores):.1f})" if scores else ""


def _seconds(draws: list[tuple[float, float]]) -> str:
    return f"{mean(seconds for _, seconds in draws):.0f}" if draws else ""


if __name__ == "__main__":
    typer.run(main)
