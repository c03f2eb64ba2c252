"""Train several networks with the same data, budget and seeds, and compare their scores.

Besides slot F1, each network is scored on twins (slotfill/twins.py): `arrive Taipei` and `leave Taipei`, the verb right
before the city and some words from it.
"""

import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from slotfill.bundle import Bundle, is_bundle, read
from slotfill.config import Config, ModelConfig, from_assignments
from slotfill.errors import ConfigError
from slotfill.evaluation import annotated, score_annotations, span_counts
from slotfill.files import alone
from slotfill.schema import Example
from slotfill.significance import Counts, Difference, f1, paired_bootstrap
from slotfill.tagger import Tagger
from slotfill.training.data import PooledSplits
from slotfill.training.pipeline import Training
from slotfill.twins import Distant, Twins, distant_right, twins, twins_right

# The networks of `slotfill compare`, by name, with their settings. None has a direct path, affixes or a CRF, so that
# what it finds shows what its memory does.
_NETS: Mapping[str, tuple[str, ...]] = {
    "feedforward": ("model.cell=feedforward", "model.bidirectional=false"),
    "feedforward-window": ("model.cell=feedforward", "model.bidirectional=false", "model.window=3"),
    "elman": ("model.cell=elman", "model.bidirectional=false"),
    "elman-bi": ("model.cell=elman", "model.bidirectional=true"),
    "jordan": ("model.cell=jordan", "model.bidirectional=false"),
    "jordan-bi": ("model.cell=jordan", "model.bidirectional=true"),
    "jordan-window": ("model.cell=jordan", "model.bidirectional=false", "model.window=3"),
    "lstm": ("model.cell=lstm", "model.bidirectional=false"),
    "lstm-bi": ("model.cell=lstm", "model.bidirectional=true"),
    "lstm-peepholes-bi": ("model.cell=lstm", "model.bidirectional=true", "model.peepholes=true"),
    "lstm-bi-2-layers": ("model.cell=lstm", "model.bidirectional=true", "model.layers=2"),
    "gru": ("model.cell=gru", "model.bidirectional=false"),
    "gru-bi": ("model.cell=gru", "model.bidirectional=true"),
}
VARIANTS: Mapping[str, tuple[str, ...]] = {
    name: (*settings, "model.direct=false", "model.affixes=no", "model.crf=false") for name, settings in _NETS.items()
}


@dataclass(frozen=True, slots=True)
class Run:
    """The result of one variant with one seed; scores are between 0 and 1."""

    variant: str
    seed: int
    f1: float
    sentence_accuracy: float
    twins_seen: float | None  # None if the data has no ATIS slots, and so no twins
    twins_unseen: float | None
    parameters: int
    training_cpu_seconds: float
    sentences_per_cpu_second: float  # tagging the test split with the numpy runtime
    distant: tuple[Distant, ...] = ()  # twins with words between
    spans: Counts | None = field(default=None, compare=False, repr=False)  # right, predicted, gold by sentence, (S, 3)


def check(variants: Sequence[str], *, base: Config) -> None:
    """Raise ConfigError if `base` changes a setting that a variant decides."""
    for variant in variants:
        model = from_assignments(VARIANTS[variant], base=base).model
        for name, default in ModelConfig._field_defaults.items():
            requested, decided = getattr(base.model, name), getattr(model, name)
            if requested not in (default, decided):
                raise ConfigError(
                    f"`model.{name}` is {requested!r}, but the net {variant} has {decided!r}: "
                    "leave the setting out, or choose other --cells"
                )


def compare(
    variants: Sequence[str],
    *,
    seeds: Sequence[int],
    base: Config,
    splits: PooledSplits,
    folder: Path,
    on_batch: Callable[[int], None] = lambda sentences: None,
) -> Iterator[Run]:
    """Train each variant with each seed as `slotfill train` does, and yield its scores on the test split.

    Every network is saved as a bundle in `folder`. If one of the same configuration and data is there already, it is
    not trained again; an interrupted training resumes after its last epoch. `on_batch` is called with the numbers of
    sentences trained on or skipped. Raises what `slotfill.train` raises, and InputError at once if another process
    is training one of these networks in `folder`.
    """
    pairs = twins(splits.train)
    if base.model.gazetteers == "auto":  # a list would tell apart what the memory should
        base = base._replace(model=base.model._replace(gazetteers="no"))
    with ExitStack() as stack:
        for seed in seeds:
            for variant in variants:
                stack.enter_context(alone(folder / f"{variant}-{seed}"))
        for seed in seeds:
            for variant in variants:
                config = from_assignments([*VARIANTS[variant], f"training.seed={seed}"], base=base)
                bundle = _trained(config, splits, folder / f"{variant}-{seed}", on_batch=on_batch)
                yield _measured(bundle, variant, seed, splits.test, pairs)


def reaches(variants: Sequence[str], *, seed: int, folder: Path, test: Sequence[Example]) -> dict[str, list[float]]:
    """How the gradient fades with distance (slotfill.gradients.reach), for the nets in `folder` that have a memory.

    The values for k = 1, 2, ... are divided by that for k = 1, so that nets with states of different sizes compare.
    """
    from slotfill.gradients import reach
    from slotfill.training.bundling import from_bundle

    curves = {}
    for variant in variants:
        bundle = read(folder / f"{variant}-{seed}")
        if bundle.config.model.cell != "feedforward":
            norms = reach(from_bundle(bundle), test, bundle.vocabularies)
            curves[variant] = (norms / norms[0]).tolist()
    return curves


def _trained(config: Config, splits: PooledSplits, path: Path, *, on_batch: Callable[[int], None]) -> Bundle:
    """The network of one run, from its folder if it is there already."""
    taken = 0

    def count(batch: int) -> None:
        nonlocal taken
        taken += batch
        on_batch(batch)

    training = Training(splits, config=config, on_batch=count)
    if is_bundle(path):
        bundle = read(path)
        if bundle.training.get("fingerprint") == training.fingerprint:
            on_batch(training.sentences)
            return bundle
    # its name includes the fingerprint, so a checkpoint of other data or settings is never resumed
    training.checkpoint = path.with_name(f"{path.name}.{training.fingerprint[:16]}.checkpoint")
    trained = training.finish()
    on_batch(training.sentences - taken)  # epochs that patience or a checkpoint saved
    trained.save(path, overwrite=True)
    for leftover in path.parent.glob(f"{path.name}.*.checkpoint"):
        leftover.unlink()
    return trained.bundle


_PASSES = 7  # disturbances only lengthen a pass, so the shortest is the best estimate


def _cpu_seconds(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def _measured(bundle: Bundle, variant: str, seed: int, test: Sequence[Example], pairs: Twins) -> Run:
    tagger = Tagger.of(bundle)
    annotations = annotated(tagger, test)  # also warms the caches
    scores = score_annotations(test, annotations)
    seconds = min(_cpu_seconds(lambda: annotated(tagger, test)) for _ in range(_PASSES))
    return Run(
        variant=variant,
        seed=seed,
        f1=scores.micro.f1,
        sentence_accuracy=scores.sentence_accuracy,
        twins_seen=twins_right(tagger, pairs.seen),
        twins_unseen=twins_right(tagger, pairs.unseen),
        parameters=bundle.training["parameters"],
        training_cpu_seconds=bundle.training["cpu_seconds"],
        sentences_per_cpu_second=len(test) / max(seconds, 1e-9),
        distant=distant_right(tagger, pairs.distant),
        spans=span_counts(test, annotations),
    )


@dataclass(frozen=True, slots=True)
class Summary:
    """One variant over all seeds: means, and standard deviations of the scores (0 for a single seed)."""

    variant: str
    seeds: int
    f1: float
    f1_spread: float
    sentence_accuracy: float
    sentence_accuracy_spread: float
    twins_seen: float | None
    twins_unseen: float | None
    parameters: int
    training_cpu_seconds: float
    sentences_per_cpu_second: float
    distant: tuple[Distant, ...]
    to_best: Difference | None  # of the slot F1 from that of the best variant; None for the best


def summarize(runs: Sequence[Run]) -> list[Summary]:
    """A summary of each variant, in the order of their first runs.

    The difference from the variant with the highest mean F1 is tested by the paired bootstrap over the sentences
    (slotfill/significance.py). The answers of all seeds to a sentence are drawn together, so that p is about other
    sentences, not about other seeds.
    """
    by_variant: dict[str, list[Run]] = {}
    for run in runs:
        by_variant.setdefault(run.variant, []).append(run)
    best = max(by_variant, key=lambda variant: statistics.mean(run.f1 for run in by_variant[variant]), default="")
    return [
        _summary(own, None if variant == best else _difference(own, by_variant[best]))
        for variant, own in by_variant.items()
    ]


def _difference(own: Sequence[Run], best: Sequence[Run]) -> Difference | None:
    """The difference of two variants, whose seeds are the same; None for runs without counts."""
    pooled = []
    for runs in (own, best):
        counts = [run.spans for run in runs if run.spans is not None]
        if len(counts) < len(runs):
            return None
        pooled.append(sum(counts[1:], counts[0]))
    return paired_bootstrap(pooled[0], pooled[1], f1)


def _summary(runs: Sequence[Run], to_best: Difference | None) -> Summary:
    f1s, accuracies = [run.f1 for run in runs], [run.sentence_accuracy for run in runs]
    return Summary(
        variant=runs[0].variant,
        seeds=len(runs),
        f1=statistics.mean(f1s),
        f1_spread=_spread(f1s),
        sentence_accuracy=statistics.mean(accuracies),
        sentence_accuracy_spread=_spread(accuracies),
        twins_seen=_mean([run.twins_seen for run in runs]),
        twins_unseen=_mean([run.twins_unseen for run in runs]),
        parameters=runs[0].parameters,
        training_cpu_seconds=statistics.mean(run.training_cpu_seconds for run in runs),
        sentences_per_cpu_second=statistics.median(run.sentences_per_cpu_second for run in runs),
        distant=tuple(_mean_distant(same) for same in zip(*(run.distant for run in runs), strict=True)),
        to_best=to_best,
    )


def _mean_distant(same: Sequence[Distant]) -> Distant:
    """The mean of several seeds at one distance."""
    return Distant(same[0].words, statistics.mean(one.city for one in same), _mean([one.date for one in same]))


def _mean(values: list[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return statistics.mean(known) if known else None


def _spread(values: list[float]) -> float:
    return statistics.stdev(values) if len(values) > 1 else 0.0
