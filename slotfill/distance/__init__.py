"""How far apart may a clue and what it tells be? Each net learns it at every distance, and is asked with other cities.

sentences.py   the sentences: `arrive`, k neutral words, a city and a date

Learning and keeping are two things. A net that learns from sentences with k words between the verb and the city must
find the clue by a gradient that goes back over k words: that is where gates help. A net that learns from short
sentences (`up_to`) has found it already, and is asked whether it keeps it over k words.
"""

import statistics
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from slotfill.comparing import VARIANTS
from slotfill.config import Config, DataConfig, from_assignments, from_dict
from slotfill.distance.sentences import CITY, DATE, ROLES, sentences
from slotfill.schema import Dataset, Example
from slotfill.tagger import Tagger
from slotfill.tags import char_span, spans_of
from slotfill.training.data import PooledSplits, pool
from slotfill.training.pipeline import Training, fitted

NETS = ("feedforward-window", "elman", "jordan", "lstm", "gru")  # by default; any of comparing.VARIANTS can be asked
DISTANCES = (0, 5, 20)
# Learning rates, of which each net takes the one that is best on dev: what suits one cell may not suit another.
RATES = (0.01, 0.03)
# Small, without characters and dropout: nothing but the memory decides.
BASE = from_dict(
    {
        "model": {"hidden": 32, "word_size": 16, "character_filters": 0, "gazetteers": False},
        "training": {
            "epochs": 16,
            "batch_size": 16,
            "dropout_in": 0.0,
            "dropout_out": 0.0,
            "word_dropout": 1.0,  # so that the vector of the unknown word learns what a city is
            "weight_decay": 0.0,
            "clip": 1.0,
            "ema": 0.9,
            "patience": 10_000,
        },
    },
    origin="distance",
)
_TRAIN_PAIRS, _DEV_PAIRS, _TEST_PAIRS = 500, 50, 100


@dataclass(frozen=True, slots=True)
class Point:
    """How one net with one seed does at one distance; scores are between 0 and 1, and guessing the verb gives 0.5."""

    variant: str
    seed: int
    distance: int  # neutral words between the verb and the city; with the verb last, between the date and the verb
    city: float  # the share of cities with the right span and role
    date: float
    learning_rate: float  # the one of RATES that is best on dev
    epochs: int  # until all of dev was right, or all that there are
    training_cpu_seconds: float  # with all rates tried

    @property
    def slots(self) -> float:
        """The share of cities and dates together."""
        return (self.city + self.date) / 2


class Task(NamedTuple):
    """What is asked: at which distances, learnt from what."""

    distances: tuple[int, ...] = DISTANCES
    up_to: int | None = None  # learn from all distances from 0 to this one; None: from each distance by itself
    verb_last: bool = False

    def trainings(self) -> dict[tuple[int, ...], tuple[int, ...]]:
        """Distances learnt from -> distances asked, one entry for each training."""
        if self.up_to is None:
            return {(distance,): (distance,) for distance in self.distances}
        return {tuple(range(self.up_to + 1)): self.distances}


def points(
    variants: Sequence[str],
    *,
    seeds: Sequence[int] = (1,),
    task: Task = Task(),  # noqa: B008  # immutable
    base: Config = BASE,
    on_batch: Callable[[int], None] = lambda sentences: None,
) -> Iterator[Point]:
    """Train each variant with each seed as `slotfill train` does, and yield how it does at each distance.

    Every training has 1,000 sentences, and ends when all of dev is right. If `base` sets no learning rate, those of
    RATES are tried until one gets there. `on_batch` is called with the numbers of sentences trained on or skipped.
    Raises what `slotfill.train` raises.

    >>> from slotfill.config import from_assignments
    >>> task = Task(distances=(0,), up_to=0)
    >>> tiny = from_assignments(["training.epochs=1", "training.learning_rate=0.01"], base=BASE)
    >>> [point.variant for point in points(["feedforward"], task=task, base=tiny)]
    ['feedforward']
    """
    base = settled(base, task)
    for seed in seeds:
        for learnt, asked in task.trainings().items():
            splits = _splits(learnt, seed=seed, verb_last=task.verb_last)
            tests = {k: sentences(k, _TEST_PAIRS, seed=seed, unseen=True, verb_last=task.verb_last) for k in asked}
            for variant in variants:
                config = from_assignments([*VARIANTS[variant], f"training.seed={seed}"], base=base)
                best = _best(config, splits, on_batch=on_batch)
                for distance, test in tests.items():
                    city, date = _shares(best.tagger, test)
                    yield Point(variant, seed, distance, city, date, best.rate, best.epochs, best.cpu_seconds)


def settled(base: Config, task: Task) -> Config:
    """The configuration with a number for what is 0 in it, the same for all distances."""
    learnt = next(iter(task.trainings()))
    rate = base.training.learning_rate
    training = fitted(base, _splits(learnt, seed=1, verb_last=task.verb_last)).training
    return base._replace(training=training._replace(learning_rate=rate))  # 0: RATES are tried


def budget(variants: Sequence[str], *, seeds: Sequence[int], task: Task, base: Config) -> int:
    """The most sentences that `points` takes with a configuration that is `settled`."""
    rates = 1 if base.training.learning_rate else len(RATES)
    trainings = len(variants) * len(seeds) * len(task.trainings())
    return trainings * rates * base.training.epochs * 2 * _TRAIN_PAIRS


def _splits(distances: Sequence[int], *, seed: int, verb_last: bool) -> PooledSplits:
    """The same number of sentences in all, of all these distances in equal parts (but for a remainder).

    Dev has unseen cities, too, and other sentences than any test.
    """

    def drawn(pairs: int, *, seed: int, unseen: bool) -> tuple[Example, ...]:
        shares = [pairs // len(distances) + (n < pairs % len(distances)) for n in range(len(distances))]
        return tuple(
            example
            for distance, share in zip(distances, shares, strict=True)
            for example in sentences(distance, share, seed=seed, unseen=unseen, verb_last=verb_last)
        )

    train = drawn(_TRAIN_PAIRS, seed=seed, unseen=False)
    dev = drawn(max(_DEV_PAIRS, len(distances)), seed=seed + _OF_DEV, unseen=True)
    return pool([Dataset("distance", {"train": train, "dev": dev})], Config(data=(DataConfig("distance"),)))


_OF_DEV = 1_000_000_007  # added to the seed, so that dev and test differ


class _Net(NamedTuple):
    tagger: Tagger
    f1: float  # on dev
    rate: float
    epochs: int
    cpu_seconds: float


def _best(config: Config, splits: PooledSplits, *, on_batch: Callable[[int], None]) -> _Net:
    """The network of the learning rate that is best on dev; the first that has all of dev right ends the search."""
    rates = [config.training.learning_rate] if config.training.learning_rate else list(RATES)
    nets: list[_Net] = []
    whole = len(splits.train) * config.training.epochs
    for number, rate in enumerate(rates, start=1):
        net, taken = _trained(from_assignments([f"training.learning_rate={rate}"], base=config), splits, on_batch)
        on_batch(whole - taken)
        nets.append(net)
        if net.f1 == 1:
            on_batch(whole * (len(rates) - number))
            break
    best = max(nets, key=lambda net: net.f1)  # the first of equals
    return best._replace(cpu_seconds=sum(net.cpu_seconds for net in nets))


def _trained(config: Config, splits: PooledSplits, on_batch: Callable[[int], None]) -> tuple[_Net, int]:
    """One training, and how many sentences it took: it ends with the first epoch that has all of dev right."""
    taken = 0

    def count(batch: int) -> None:
        nonlocal taken
        taken += batch
        on_batch(batch)

    training = Training(splits, config=config._replace(data=(DataConfig("distance"),)), on_batch=count)
    rate = config.training.learning_rate
    for report in training:
        if report.f1 == 1:
            seconds = sum(epoch.cpu_seconds for epoch in training.history)
            return _Net(training.tagger(), 1.0, rate, report.epoch, seconds), taken
    trained = training.finish()
    seconds = sum(epoch.cpu_seconds for epoch in trained.history)
    return _Net(trained.tagger, trained.scores.micro.f1, rate, len(trained.history), seconds), taken


def _shares(tagger: Tagger, test: Sequence[Example]) -> tuple[float, float]:
    """The shares of cities and of dates with the right span and role."""
    right = {CITY: 0, DATE: 0}
    for example, annotation in zip(test, tagger.tag([one.text for one in test]), strict=True):
        found = {(slot.name, slot.start, slot.end) for slot in annotation.slots}
        for span in spans_of(example.tags):
            kind = CITY if span.name in _CITIES else DATE
            right[kind] += (span.name, *char_span(example.tokens, span.start, span.end)) in found
    return right[CITY] / len(test), right[DATE] / len(test)


_CITIES = {roles[CITY] for roles in ROLES.values()}


@dataclass(frozen=True, slots=True)
class Row:
    """One net at one distance over all seeds: means, and standard deviations (0 for a single seed)."""

    variant: str
    distance: int
    seeds: int
    slots: float
    slots_spread: float
    city: float
    date: float
    learnt: int  # seeds with which nearly all slots are right
    learning_rates: tuple[float, ...]  # one a seed
    epochs: tuple[int, ...]
    training_cpu_seconds: float


LEARNT = 0.95  # the share of slots from which a net is said to have learnt a distance


def summarize(found: Sequence[Point]) -> list[Row]:
    """A row for each net and distance, nets in the order of their first points, distances from the shortest."""
    variants = list(dict.fromkeys(point.variant for point in found))
    distances = sorted({point.distance for point in found})
    groups = [[one for one in found if (one.variant, one.distance) == (v, k)] for v in variants for k in distances]
    return [_row(own) for own in groups if own]


def _row(own: Sequence[Point]) -> Row:
    slots = [point.slots for point in own]
    return Row(
        variant=own[0].variant,
        distance=own[0].distance,
        seeds=len(own),
        slots=statistics.mean(slots),
        slots_spread=statistics.stdev(slots) if len(slots) > 1 else 0.0,
        city=statistics.mean(point.city for point in own),
        date=statistics.mean(point.date for point in own),
        learnt=sum(share >= LEARNT for share in slots),
        learning_rates=tuple(point.learning_rate for point in own),
        epochs=tuple(point.epochs for point in own),
        training_cpu_seconds=statistics.mean(point.training_cpu_seconds for point in own),
    )
