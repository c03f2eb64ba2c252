"""Data sets -> pooled splits: what a network learns from and is judged by."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from slotfill.config import Config, DataConfig, of_sources
from slotfill.errors import InputError
from slotfill.readers import Data, Source, label_of, read_data, sources_of, split_of
from slotfill.schema import Dataset, Example
from slotfill.training.mixture import Mixture

_HELD_OUT = 10  # one sentence of train in so many stands in for a missing dev split


@dataclass(frozen=True, slots=True)
class SourceSplits:
    """The splits of one data set, as a training uses them."""

    label: str  # what the data set was asked for by
    name: str
    train: tuple[Example, ...]
    dev: tuple[Example, ...]  # empty for out-of-domain data
    test: tuple[Example, ...]
    held_out: int  # sentences of train that stand in for a missing dev split
    out_of_domain: bool

    def to_dict(self) -> dict[str, Any]:
        """The name, and how many sentences each split has, as a bundle keeps it."""
        return {"source": self.name, "train": len(self.train), "dev": len(self.dev), "test": len(self.test)}


@dataclass(frozen=True, slots=True)
class PooledSplits:
    """The splits of all data sets together, without what is out-of-domain."""

    train: tuple[Example, ...]
    dev: tuple[Example, ...]
    test: tuple[Example, ...]
    mixture: Mixture | None  # what each epoch takes, out-of-domain data included; None: all of `train`
    sources: tuple[SourceSplits, ...]

    @property
    def sentences_an_epoch(self) -> int:
        """How many sentences an epoch learns from."""
        return len(self.train if self.mixture is None else self.mixture)


def with_sources(data: Data | None, config: Config) -> tuple[list[Source], Config]:
    """The data sets, those of the recipe `config` if `data` is None, or else `travel`; and the settings for each.

    ConfigError where several [[data]] of the recipe fit one data set.
    """
    sources = sources_of(data if data is not None else [part.source for part in config.data] or "travel")
    return sources, config._replace(data=of_sources([label_of(source) for source in sources], config.data))


def pool(sources: Sequence[Source], config: Config) -> PooledSplits:
    """Read the data sets and put their splits together, as `config.data` (see `with_sources`) says of each.

    A data set without a dev split gives a tenth of its train split for it, which the seed draws. One whose dev split is
    there and empty gives nothing: then the last epoch counts. Raises InputError and DataError as `read_data` does, and
    InputError if there is nothing to train on.
    """
    read = [
        _splits_of(label_of(source), read_data(source), settings, seed=config.training.seed)
        for source, settings in zip(sources, config.data, strict=True)
    ]
    if not any(source.train for source in read):
        raise InputError(f"{', '.join(source.label for source in read)}: too few sentences to train on")
    own = [source for source in read if not source.out_of_domain]
    return PooledSplits(
        train=tuple(example for source in own for example in source.train),
        dev=tuple(example for source in own for example in source.dev),
        test=tuple(example for source in own for example in source.test),
        mixture=Mixture.of([source.train for source in read], config=config.data),
        sources=tuple(read),
    )


def _splits_of(label: str, dataset: Dataset, settings: DataConfig, *, seed: int) -> SourceSplits:
    train, dev, held_out = list(split_of(dataset, "train")), dataset.splits.get("dev"), 0
    if dev is None:
        Random(seed).shuffle(train)  # noqa: S311  # no secret
        held_out = max(1, len(train) // _HELD_OUT)
        dev, train = tuple(train[:held_out]), train[held_out:]
    return SourceSplits(
        label=label,
        name=dataset.name,
        train=tuple(train),
        dev=() if settings.out_of_domain else tuple(dev),
        test=tuple(dataset.splits.get("test", ())),
        held_out=held_out,
        out_of_domain=settings.out_of_domain,
    )
