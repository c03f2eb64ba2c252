"""Cross-validation: every sentence is tagged by a model that has not seen it, nor one with its text.

The sentences are dealt out to K folds, each with its share of every slot and intent, and one model is trained for each
fold on all the others, by the recipe. Together the K models tag every sentence once (Stone 1974, "Cross-validatory
choice and assessment of statistical predictions"). Nothing here prints.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from statistics import mean, stdev
from typing import Any, NamedTuple

from slotfill.config import Config, config_of
from slotfill.errors import ConfigError, InputError
from slotfill.evaluation import Scores, annotated
from slotfill.readers.layout import ALL
from slotfill.schema import Annotation, Dataset, Example
from slotfill.slot_kinds import SlotKind, check_names
from slotfill.splitting import fold_numbers, text_key
from slotfill.tags import spans_of
from slotfill.training.data import pool, with_sources
from slotfill.training.history import EpochReport
from slotfill.training.pipeline import Trained, Training, device_of

DEV = "dev"
TRAIN = "train"


class Fold(NamedTuple):
    """One fold: the sentences that it holds out, and the training on all others, which has not begun."""

    number: int  # from 1
    held_out: tuple[int, ...]  # the numbers of its sentences, from 0, in the order of `Folds.examples`
    training: Training


class FoldScore(NamedTuple):
    """The scores of one fold's model on what it holds out, between 0 and 1, and how long it trained."""

    fold: int  # from 1
    sentences: int
    f1: float
    sentence_accuracy: float
    intent_accuracy: float | None
    best_epoch: int
    epochs: int


class Spread(NamedTuple):
    """The mean over folds, and the standard deviation between them."""

    mean: float
    deviation: float


class Folds:
    """The folds of data sets; iterate over them to train one model after the other.

    >>> import slotfill
    >>> examples = tuple(slotfill.parse_markup(f"to [{city}](city)") for city in ("Rome", "Oslo", "Lima", "Bern"))
    >>> data = [slotfill.Dataset("mine", {"train": examples})]
    >>> settings = config_of({"model": {"hidden": 4}, "training": {"epochs": 1}})
    >>> folds = Folds(data, config=settings, count=2)
    >>> [(fold.number, len(fold.held_out)) for fold in folds]
    [(1, 2), (2, 2)]

    The folds are cut from the train splits, or from data sets in one piece. A dev split stays what it is in every
    training, and data out of domain is trained on and not tagged, both without the sentences that the fold holds out.
    Another `split` than train is a single fold: its model learns from train, without the sentences of that split.
    """

    def __init__(
        self,
        datasets: Sequence[Dataset],
        *,
        config: Config,
        count: int,
        split: str = TRAIN,
        seed: int = 1,
        device: str = "cpu",
        checkpoints: Path | None = None,
        on_batch: Callable[[int], None] = lambda sentences: None,
    ) -> None:
        """`seed` deals out the sentences; the trainings have that of `config`. `on_batch` is that of `Training`.

        In the folder `checkpoints` each training has the checkpoint `fold-N.checkpoint`, from which it goes on.

        InputError for data without sentences to train on, and for a number of folds that does not fit them.
        """
        self._datasets = datasets
        _, self._config = with_sources(list(datasets), config)
        self._device = device
        self._checkpoints = checkpoints
        self._on_batch = on_batch
        self.sources = [
            (dataset.name, _to_fold(dataset) if split == TRAIN else dataset.splits.get(split, ()))
            for dataset, settings in zip(datasets, self._config.data, strict=True)
            if not settings.out_of_domain
        ]
        self.examples = [example for _, part in self.sources for example in part]
        if split == TRAIN:
            _check_kinds(self._config.slots, self.examples)
            self._fold_of = fold_numbers(self.examples, folds=count, seed=seed)
        else:
            self._fold_of = [0] * len(self.examples)
        self.count = count if split == TRAIN else 1

    def __iter__(self) -> Iterator[Fold]:
        for fold in range(self.count):
            held_out = tuple([number for number, own in enumerate(self._fold_of) if own == fold])
            yield Fold(fold + 1, held_out, self._training(held_out, number=fold + 1))

    def _training(self, held_out: Sequence[int], *, number: int) -> Training:
        texts = {text_key(self.examples[number].text) for number in held_out}
        splits = pool([_without(dataset, texts) for dataset in self._datasets], self._config)
        kinds = tuple(_fitting(self._config.slots, splits.train))
        return Training(
            splits,
            config=self._config._replace(slots=kinds),
            device=self._device,
            checkpoint=None if self._checkpoints is None else self._checkpoints / f"fold-{number}.checkpoint",
            on_batch=self._on_batch,
        )


def out_of_fold(
    examples: Sequence[Example],
    *,
    config: Config | Mapping[str, Any] | str | Path | None = None,
    folds: int = 5,
    seed: int = 1,
    device: str = "auto",
    name: str = "examples",
    on_epoch: Callable[[int, EpochReport], None] | None = None,
) -> list[Annotation]:
    """The annotations of examples, in order, each by a model that was not trained on a sentence with its text.

    >>> import slotfill
    >>> examples = [slotfill.parse_markup(f"to [{city}](city)") for city in ("Rome", "Oslo", "Lima", "Bern")]
    >>> settings = {"model": {"hidden": 4}, "training": {"epochs": 1}}
    >>> [found.text for found in out_of_fold(examples, config=settings, folds=2)]
    ['to Rome', 'to Oslo', 'to Lima', 'to Bern']

    One model is trained for each of the `folds` parts, by `config` as in `slotfill.train`. `seed` deals out
    the sentences; the trainings have the seed of `config`. `name` is that of the data, for its settings in `config`.
    The tokens are those of the examples, and frames are not resolved. `on_epoch` is called with the number of the fold,
    from 1, and the report of each epoch.

    Raises what `slotfill.train` raises, and InputError for a number of folds that does not fit the examples.
    """
    if not examples:
        raise InputError("no sentence to deal out to folds")
    dataset = Dataset(name, {TRAIN: tuple(examples)})
    cut = Folds([dataset], config=config_of(config), count=folds, seed=seed, device=device_of(device))
    found: dict[int, Annotation] = {}
    for fold in cut:
        for report in fold.training:
            if on_epoch is not None:
                on_epoch(fold.number, report)
        held_out = [examples[number] for number in fold.held_out]
        found.update(zip(fold.held_out, annotated(fold.training.finish().tagger, held_out), strict=True))
    return [found[number] for number in range(len(examples))]


def fold_score(fold: Fold, trained: Trained, scores: Scores) -> FoldScore:
    """The scores of a fold; `scores` are those on what it holds out."""
    best = max(report.epoch for report in trained.history if report.best)
    micro, sentences, intents = scores.micro.f1, scores.sentence_accuracy, scores.intent_accuracy
    return FoldScore(fold.number, scores.sentences, micro, sentences, intents, best, len(trained.history))


def spreads_of(scores: Sequence[FoldScore]) -> dict[str, Spread]:
    """Mean and spread of each figure over at least two folds, by its name; without the intents where there are none.

    >>> scores = [FoldScore(1, 10, 0.5, 0.4, None, 3, 5), FoldScore(2, 10, 0.7, 0.4, None, 4, 5)]
    >>> spreads_of(scores)["f1"].mean
    0.6
    """
    spreads = {}
    for name in ("f1", "sentence_accuracy", "intent_accuracy"):
        figures = [figure for score in scores if (figure := getattr(score, name)) is not None]
        if len(figures) > 1:
            spreads[name] = Spread(mean(figures), stdev(figures))
    return spreads


def _to_fold(dataset: Dataset) -> tuple[Example, ...]:
    """The sentences of a data set that folds are cut from; InputError if it has none."""
    for name in (TRAIN, ALL):
        if dataset.splits.get(name):
            return dataset.splits[name]
    raise InputError(f"{dataset.name} has no train split, only {', '.join(dataset.splits) or 'nothing'}: no folds")


def _without(dataset: Dataset, texts: set[str]) -> Dataset:
    """A data set to train on: neither its train split nor its dev split has a sentence of `texts`."""
    splits = {TRAIN: _to_fold(dataset)}
    if DEV in dataset.splits:
        splits[DEV] = dataset.splits[DEV]
    return Dataset(
        dataset.name,
        {
            name: tuple([example for example in examples if text_key(example.text) not in texts])
            for name, examples in splits.items()
        },
    )


def _check_kinds(kinds: Sequence[SlotKind], examples: Sequence[Example]) -> None:
    """ConfigError for a kind of a slot that no sentence has."""
    check_names(kinds, {span.name for example in examples for span in spans_of(example.tags)})


def _fitting(kinds: Sequence[SlotKind], examples: Sequence[Example]) -> Iterator[SlotKind]:
    """The kinds of slots that these sentences have: a fold may hold out the only sentence with one."""
    for kind in kinds:
        try:
            _check_kinds([kind], examples)
        except ConfigError:
            continue
        yield kind
