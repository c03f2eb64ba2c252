"""How a recipe does on text of a kind that it has not learnt from: each source left out in turn.

    python -m benchmarks.unseen --config recipes/travel.toml --data ../shared/data/atis --data travel ...

For each source that has slots and is not out-of-domain, a net is trained on all others, and scored on the dev split
of the one left out. Sources in one folder (`multiwoz`, `multiwoz/frames_train.jsonl`) are left out together. Printed
are the scores, the calibration error with the temperature that the other sources' dev splits give, and with the one
that is best for all the sources left out together: set it as `training.temperature`. A source that is done is kept in
--work.
"""

import json
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from benchmarks.documents import table
from slotfill.config import Config, from_assignments, from_toml
from slotfill.evaluation import annotated, score_annotations
from slotfill.readers import Source, label_of
from slotfill.schema import Example
from slotfill.tagger import Tagger
from slotfill.tags import OUTSIDE
from slotfill.training.calibration import TEMPERATURES, temperature_losses
from slotfill.training.data import SourceSplits, pool, with_sources
from slotfill.training.pipeline import Trained, Training


def main(
    config: Annotated[Path, typer.Option()],
    data: Annotated[list[str], typer.Option()],
    work: Annotated[Path, typer.Option()] = Path("build/unseen"),
    settings: Annotated[list[str] | None, typer.Option("--set")] = None,
) -> None:
    sources, recipe = with_sources(list(data), from_assignments(settings or [], base=from_toml(config)))
    everything = pool(sources, recipe).sources
    groups: dict[str, list[int]] = {}
    for number, splits in enumerate(everything):
        if not splits.out_of_domain and any(tag != OUTSIDE for e in splits.dev for tag in e.tags):
            groups.setdefault(group_of(sources[number]), []).append(number)
    work.mkdir(parents=True, exist_ok=True)
    results = {}
    for name, left_out in groups.items():
        file = work / f"{name}.json"
        if not file.exists():
            file.write_text(json.dumps(result_of(sources, recipe, left_out, everything)))
        results[name] = json.loads(file.read_text())
    print_table(results)


def group_of(source: Source) -> str:
    """The name of the folder that holds a source, or of the source, where the folder holds others of its kind."""
    path = Path(label_of(source))
    return path.parent.name if path.suffix else path.name


def result_of(
    sources: list[Source], recipe: Config, left_out: list[int], everything: tuple[SourceSplits, ...]
) -> dict[str, Any]:
    """Train without some sources, and score on their dev splits."""
    kept = [number for number in range(len(sources)) if number not in left_out]
    config = recipe._replace(data=tuple(recipe.data[number] for number in kept))
    trained = Training(pool([sources[number] for number in kept], config), config=config).finish()
    tagger = trained.tagger
    dev = [example for number in left_out for example in everything[number].dev]
    scores = score_annotations(dev, annotated(tagger, dev))
    return {
        "sentences": len(dev),
        "slots": scores.micro.f1,
        "frame": scores.frames.micro.f1,
        "whole": scores.frames.accuracy,
        "temperature": float(trained.bundle.weights["temperature"][0]),
        "errors": [calibration_error(trained, dev, temperature) for temperature in TEMPERATURES],
        "losses": temperature_losses(tagger, dev).tolist(),
    }


def calibration_error(trained: Trained, examples: list[Example], temperature: float) -> float:
    """The expected calibration error of a model at another temperature."""
    bundle = trained.bundle
    weights = {**bundle.weights, "temperature": np.array([temperature], dtype=np.float32)}
    tagger = Tagger(bundle.config.model, bundle.vocabularies, weights)
    return score_annotations(examples, annotated(tagger, examples)).calibration_error or 0.0


def print_table(results: dict[str, dict[str, Any]]) -> None:
    losses = np.sum([np.array(result["losses"]) / result["sentences"] for result in results.values()], axis=0)
    best = int(losses.argmin())
    rows = []
    for name, result in results.items():
        own = int(np.abs(np.array(TEMPERATURES) - result["temperature"]).argmin())
        scores = (f"{100 * result[key]:.1f}" for key in ("slots", "frame", "whole"))
        errors = (f"{result['errors'][number]:.3f}" for number in (own, best))
        rows.append((name, str(result["sentences"]), *scores, f"{result['temperature']:.2f}", *errors))
    titles = ("left out", "sentences", "slot F1", "frame F1", "whole", "T", "ECE", f"ECE at {TEMPERATURES[best]:.2f}")
    print(table(titles, rows))


if __name__ == "__main__":
    typer.run(main)
