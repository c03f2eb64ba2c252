"""Data sets -> pooled splits, from which a network learns and on which it is scored."""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from itertools import chain
from random import Random
from typing import Any

from slotfill.config import Config, DataConfig, of_sources
from slotfill.data_checks import digest_of
from slotfill.errors import InputError
from slotfill.readers import Data, Source, label_of, read_data, sources_of, split_of
from slotfill.readers.reports import Notes
from slotfill.schema import Dataset, Example
from slotfill.tokenizer_fit import Fit, best_fit, fit_of
from slotfill.training.mixture import Mixture
from slotfill.training.sizing import ENOUGH_TO_HOLD_OUT

_HELD_OUT = 10  # one train sentence in so many is held out as the dev split of large data that has none


@dataclass(frozen=True, slots=True)
class SourceSplits:
    """The splits of one data set, as training uses them."""

    label: str  # what the user called the data set: a path, `hub:NAME` or a name
    name: str
    train: tuple[Example, ...]
    dev: tuple[Example, ...]  # empty for out-of-domain data
    test: tuple[Example, ...]
    digest: str  # of the sentences before any were held out
    held_out: int  # how many train sentences were held out as the dev split
    out_of_domain: bool
    rehearsed: bool = False  # a model that the training goes on from has learnt it

    def to_dict(self) -> dict[str, Any]:
        """The name, the sentences of each split, and the digest of those for training, as stored in a bundle."""
        return {
            "source": self.name,
            "train": len(self.train),
            "dev": len(self.dev),
            "test": len(self.test),
            "digest": self.digest,
        }


@dataclass(frozen=True, slots=True)
class PooledSplits:
    """The splits of all data sets together, without out-of-domain sentences."""

    train: tuple[Example, ...]
    dev: tuple[Example, ...]
    test: tuple[Example, ...]
    mixture: Mixture | None  # the sentences of an epoch, out-of-domain ones included; None: all of `train`
    sources: tuple[SourceSplits, ...]
    tokenizer: Fit  # that of the model, and how it fits `train` and `dev`

    @property
    def sentences_an_epoch(self) -> int:
        """The number of sentences of an epoch."""
        return len(self.train if self.mixture is None else self.mixture)


def with_sources(data: Data | None, config: Config) -> tuple[list[Source], Config]:
    """The data sets to train on, and `config` with settings for each of them.

    If `data` is None, they are those of the recipe `config`, or `travel` if it names none. ConfigError if several
    [[data]] tables of the recipe fit one data set.
    """
    sources = sources_of(data if data is not None else [part.source for part in config.data] or "travel")
    return sources, config._replace(data=of_sources([label_of(source) for source in sources], config.data))


def pool(
    sources: Sequence[Source],
    config: Config,
    *,
    on_error: str = "stop",
    on_note: Notes | None = None,
    whole: Container[int] = (),
) -> PooledSplits:
    """Read the data sets and put their splits together, by the settings for each in `config.data` (see `with_sources`).

    If a data set has no dev split, a random tenth of its train sentences, drawn by the seed, is held out for it. But if
    all together have fewer than 2,000, all are trained on, as they are where the dev split is empty; if no data set has
    a dev split, the last epoch counts. Nor is anything held out of the data sets with the numbers `whole`. `on_error`
    and `on_note` are those of `read_data`. Raises InputError and DataError as `read_data` does, and InputError if there
    is nothing to train on.
    """
    datasets = [read_data(source, on_error=on_error, on_note=on_note) for source in sources]
    is_large = sum(len(split_of(dataset, "train")) for dataset in datasets) >= ENOUGH_TO_HOLD_OUT
    read = [
        _splits_of(
            label_of(source),
            dataset,
            settings,
            seed=config.training.seed,
            hold_out=is_large and number not in whole,
        )
        for number, (source, dataset, settings) in enumerate(zip(sources, datasets, config.data, strict=True))
    ]
    if not any(source.train for source in read):
        raise InputError(f"{', '.join(source.label for source in read)}: too few sentences to train on")
    in_domain = [source for source in read if not source.out_of_domain]
    train = tuple(chain.from_iterable(source.train for source in in_domain))
    dev = tuple(chain.from_iterable(source.dev for source in in_domain))
    name = config.model.tokenizer
    fit = best_fit(train + dev) if name == "auto" else fit_of(name, train + dev)
    return PooledSplits(
        train=train,
        dev=dev,
        test=tuple(chain.from_iterable(source.test for source in in_domain)),
        mixture=Mixture.of(
            [source.train for source in read],
            config=config.data,
            tokenizer=fit.tokenizer,
            lists=[one.names for one in config.gazetteers],
        ),
        sources=tuple(read),
        tokenizer=fit,
    )


def _splits_of(label: str, dataset: Dataset, settings: DataConfig, *, seed: int, hold_out: bool) -> SourceSplits:
    train, dev, held_out = list(split_of(dataset, "train")), dataset.splits.get("dev"), 0
    if dev is None and not hold_out:
        dev = ()
    if dev is None:
        Random(seed).shuffle(train)  # noqa: S311  # no secret
        held_out = len(train) // _HELD_OUT
        dev, train = tuple(train[:held_out]), train[held_out:]
    return SourceSplits(
        label=label,
        name=dataset.name,
        train=tuple(train),
        dev=() if settings.out_of_domain else tuple(dev),
        test=tuple(dataset.splits.get("test", ())),
        digest=digest_of(split_of(dataset, "train")),
        held_out=held_out,
        out_of_domain=settings.out_of_domain,
    )
