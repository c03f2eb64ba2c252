"""The same data, budget and seeds for every cell -> a table of what each can do.

Besides slot F1, each network faces twins: `arrive Taipei` against `leave Taipei`. A pair is right if the city is a
destination in one and an origin in the other, so that a network which cannot look back scores 0 and not one half.
"""

import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from slotfill.bundle import Bundle, is_bundle, read
from slotfill.config import Config, ModelConfig, from_assignments
from slotfill.errors import ConfigError
from slotfill.evaluation import annotated, score_annotations
from slotfill.schema import Example
from slotfill.tagger import Tagger
from slotfill.tags import spans_of
from slotfill.tokenizer import fold
from slotfill.training.data import PooledSplits
from slotfill.training.pipeline import Training

# What `slotfill compare` compares: a name and the settings that make it.
VARIANTS: Mapping[str, tuple[str, ...]] = {
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
    "gru-bi": ("model.cell=gru", "model.bidirectional=true"),
}

# Sentences that differ from their twin in the verb alone; the city's role hangs on it.
_TEMPLATES = (
    "{verb} {city}",
    "{verb} {city} on monday",
    "i want to {verb} {city} on friday morning",
    "show me flights that {verb} {city} before noon",
    "which flights {verb} {city} at 6 pm",
)
_VERBS = {"arrive": "toloc.city_name", "leave": "fromloc.city_name"}
_CITIES = 20  # of each kind
# Cities of the whole world; what the training split has of them is left out.
_WORLD = (
    *("taipei", "lisbon", "nairobi", "osaka", "quito", "riga", "hanoi", "perth", "kyoto", "dakar"),
    *("bergen", "krakow", "lima", "accra", "tallinn", "sofia", "bogota", "cardiff", "zagreb", "muscat"),
    *("porto", "hobart", "adelaide", "turin", "kigali", "vilnius", "colombo", "tbilisi", "galway", "santiago"),
)


@dataclass(frozen=True, slots=True)
class Twins:
    """Pairs of sentences over cities that training has seen, and over others."""

    seen: tuple[tuple[str, str, str], ...]  # (city, arrive ..., leave ...)
    unseen: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Run:
    """What one variant gave with one seed; shares are between 0 and 1."""

    variant: str
    seed: int
    f1: float
    sentence_accuracy: float
    twins_seen: float | None  # None where the data has no slots of ATIS, and so no twins
    twins_unseen: float | None
    parameters: int
    training_cpu_seconds: float
    sentences_per_cpu_second: float  # tagging the test split with the numpy runtime


def twins(train: Sequence[Example]) -> Twins:
    """Pairs over the most frequent cities of a training split (with its slot names of ATIS) and over unseen ones."""
    cities: Counter[str] = Counter()
    for example in train:
        for span in spans_of(example.tags):
            if span.name in _VERBS.values():
                tokens = example.tokens[span.start : span.end]
                cities[example.text[tokens[0].start : tokens[-1].end].lower()] += 1
    words = {fold(token.text) for example in train for token in example.tokens}
    seen = sorted(cities, key=lambda city: (-cities[city], city))[:_CITIES]
    unseen = [city for city in _WORLD if fold(city) not in words][:_CITIES] if seen else []
    return Twins(_pairs(seen), _pairs(unseen))


def _pairs(cities: Sequence[str]) -> tuple[tuple[str, str, str], ...]:
    arrive, leave = _VERBS
    return tuple(
        (city, template.format(verb=arrive, city=city), template.format(verb=leave, city=city))
        for city in cities
        for template in _TEMPLATES
    )


def twins_right(tagger: Tagger, pairs: Sequence[tuple[str, str, str]]) -> float | None:
    """The share of pairs in which the city has the right role on both sides; None if there are no pairs."""
    right = 0
    for city, *sentences in pairs:
        roles = [[slot.name for slot in annotation.slots if slot.text == city] for annotation in tagger.tag(sentences)]
        right += roles == [[role] for role in _VERBS.values()]
    return right / len(pairs) if pairs else None


def check(variants: Sequence[str], *, base: Config) -> None:
    """ConfigError if `base` has a setting, other than its default, that a variant replaces by its own."""
    for variant in variants:
        own = from_assignments(VARIANTS[variant], base=base).model
        for name, default in ModelConfig._field_defaults.items():
            asked, decided = getattr(base.model, name), getattr(own, name)
            if asked not in (default, decided):
                raise ConfigError(
                    f"`model.{name}` is {asked!r}, but the net {variant} has {decided!r} by its name: "
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
    """Train each variant with each seed as `slotfill train` does, and yield how it does on the test split.

    Every network is kept as a bundle in `folder`. One that is there already, of the same configuration and data, is not
    trained again; one that was interrupted goes on from its last epoch. `on_batch` is told of sentences as they are
    learnt from or skipped. Raises what `slotfill.train` raises.
    """
    pairs = twins(splits.train)
    for seed in seeds:
        for variant in variants:
            config = from_assignments([*VARIANTS[variant], f"training.seed={seed}"], base=base)
            bundle = _trained(config, splits, folder / f"{variant}-{seed}", on_batch=on_batch)
            yield _measured(bundle, variant, seed, splits.test, pairs)


def reaches(variants: Sequence[str], *, seed: int, folder: Path, test: Sequence[Example]) -> dict[str, list[float]]:
    """For the nets of `compare` that remember, how the gradient fades with distance (slotfill.gradients.reach).

    The values for k = 1, 2, ... are shares of that for k = 1, so that nets with states of other sizes compare.
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
    """The network of one run, from its folder if it is there."""
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
    # named by its training, so that one of other data or another configuration is not gone on with
    training.checkpoint = path.with_name(f"{path.name}.{training.fingerprint[:16]}.checkpoint")
    trained = training.finish()
    on_batch(training.sentences - taken)  # epochs that patience or a checkpoint saved
    trained.save(path, overwrite=True)
    for leftover in path.parent.glob(f"{path.name}.*.checkpoint"):
        leftover.unlink()
    return trained.bundle


_PASSES = 7  # whatever disturbs a pass makes it longer, so that the shortest says most


def _cpu_seconds(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def _measured(bundle: Bundle, variant: str, seed: int, test: Sequence[Example], pairs: Twins) -> Run:
    tagger = Tagger(bundle.config.model, bundle.vocabularies, bundle.weights)
    scores = score_annotations(test, annotated(tagger, test))  # which also warms what is cached
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
    )


@dataclass(frozen=True, slots=True)
class Summary:
    """One variant over all seeds: means, and the standard deviation of the scores (0 for a single seed)."""

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


def summarize(runs: Sequence[Run]) -> list[Summary]:
    """A row for each variant, in the order of their first run."""
    rows = []
    for variant in dict.fromkeys(run.variant for run in runs):
        mine = [run for run in runs if run.variant == variant]
        rows.append(
            Summary(
                variant=variant,
                seeds=len(mine),
                f1=statistics.mean(r.f1 for r in mine),
                f1_spread=_spread([r.f1 for r in mine]),
                sentence_accuracy=statistics.mean(r.sentence_accuracy for r in mine),
                sentence_accuracy_spread=_spread([r.sentence_accuracy for r in mine]),
                twins_seen=_mean([r.twins_seen for r in mine]),
                twins_unseen=_mean([r.twins_unseen for r in mine]),
                parameters=mine[0].parameters,
                training_cpu_seconds=statistics.mean(r.training_cpu_seconds for r in mine),
                sentences_per_cpu_second=statistics.median(r.sentences_per_cpu_second for r in mine),
            )
        )
    return rows


def _mean(values: list[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return statistics.mean(known) if known else None


def _spread(values: list[float]) -> float:
    return statistics.stdev(values) if len(values) > 1 else 0.0
