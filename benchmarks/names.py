"""Names in tweets (WNUT17) and slots of Chinese requests (CAIS): slotfill's defaults beside python-crfsuite.

    python -m benchmarks.names ../shared/data --write docs/accuracy.md

Trained on train, with dev where the epoch is chosen, and scored on test by strict spans. In tweets capitals tell names:
there slotfill has `model.folding=cased`, and python-crfsuite, left out where it is not installed, words and shapes with
their case. Two seeds; needs five CPU-minutes.
"""

import tempfile
from importlib.util import find_spec
from pathlib import Path
from statistics import mean
from time import process_time
from typing import Annotated

import typer

from benchmarks.documents import publish, table
from benchmarks.measuring import say
from benchmarks.speed.contestants import Crfsuite, Rows, train_crfsuite
from slotfill import read_data, train
from slotfill.config import from_assignments
from slotfill.evaluation import score, scores_of
from slotfill.schema import Example

SETTINGS = {"wnut17": ["model.folding=cased"], "cais": []}
SEEDS = (1, 2)
Result = tuple[
    str, int, list[float], float | None, list[float]
]  # data, train sentences, ours, the CRF's, our CPU-seconds


def main(
    shared: Annotated[Path, typer.Argument()],
    data: Annotated[list[str] | None, typer.Option(help=f"Default: {' and '.join(SETTINGS)}.")] = None,
    write: Annotated[Path | None, typer.Option()] = None,
) -> None:
    results: list[Result] = []
    for name in data or SETTINGS:
        splits, settings = read_data(shared / name, on_error="skip").splits, SETTINGS[name]
        crf = None
        if find_spec("pycrfsuite") is not None:
            crf = _of_crf(splits["train"], splits["test"], cased=bool(settings))
            say(f"{name}: python-crfsuite {crf:.4f}")
        ours, seconds = [], []
        for seed in SEEDS:
            began = process_time()
            trained = train(
                shared / name, on_error="skip", config=from_assignments([f"training.seed={seed}", *settings])
            )
            seconds.append(process_time() - began)
            ours.append(scores_of(trained.tagger, splits["test"]).micro.f1)
            say(
                f"{name}: seed {seed} {ours[-1]:.4f} (dev {trained.scores.micro.f1:.4f}), {seconds[-1]:.0f} CPU-seconds"
            )
        results.append((name, len(splits["train"]), ours, crf, seconds))
    publish("names", {"table": _table}, results, write)


def _of_crf(examples: tuple[Example, ...], test: tuple[Example, ...], *, cased: bool) -> float:
    rows: Rows = [([token.text for token in e.tokens], list(e.tags)) for e in examples]
    with tempfile.TemporaryDirectory() as folder:
        train_crfsuite(rows, f"{folder}/model", cased=cased)
        crf = Crfsuite(f"{folder}/model", cased=cased)
        found = crf.tags([[token.text for token in e.tokens] for e in test])
    return score([e.tags for e in test], found).micro.f1


def _table(results: list[Result]) -> str:
    rows = [
        (
            f"`{name}`",
            f"{count:,}",
            " and ".join(map(_percent, ours)),
            _percent(crf) if crf is not None else "",
            f"{mean(spent):.0f}",
        )
        for name, count, ours, crf, spent in results
    ]
    return table(("data", "train sentences", "slotfill", "python-crfsuite", "CPU-seconds of slotfill"), rows)


def _percent(f1: float | None) -> str:
    return "" if f1 is None else f"{100 * f1:.1f}"


if __name__ == "__main__":
    typer.run(main)
