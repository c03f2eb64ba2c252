"""The whole way: data -> pooled splits -> vocabularies -> network -> epochs -> a calibrated bundle.

`train` goes all of it. `Training` is the same, epoch by epoch, for who wants to look at each; `slotfill train`,
`slotfill compare` and the benchmarks are made of it. Nothing here prints.
"""

from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from slotfill.bundle import Bundle, write
from slotfill.config import Config, config_of
from slotfill.errors import InputError, MissingExtraError
from slotfill.evaluation import Scores
from slotfill.readers import Data
from slotfill.tagger import Tagger
from slotfill.training.calibration import best_temperature
from slotfill.training.data import PooledSplits, pool, with_sources
from slotfill.training.fingerprint import fingerprint
from slotfill.training.history import EpochReport
from slotfill.training.vocabularies import build_vocabularies

if TYPE_CHECKING:
    from slotfill.network import SlotTagger

DEVICES = ("auto", "cpu", "cuda")


@dataclass(frozen=True)
class Trained:
    """What a training gives: a model in memory, to tag with or to save.

    trained = slotfill.train("travel")
    print(trained.scores.micro.f1, trained.tagger.tag(["arrive Taipei"])[0].slots)
    trained.save("models/mine")
    """

    bundle: Bundle
    scores: Scores  # on dev
    history: tuple[EpochReport, ...]

    @cached_property
    def tagger(self) -> Tagger:
        """The model, ready to tag."""
        return Tagger(self.bundle.config.model, self.bundle.vocabularies, self.bundle.weights)

    def save(self, path: str | Path, *, overwrite: bool = False) -> None:
        """Write the model's folder, whole or not at all, for `slotfill.load`.

        BundleError if it cannot be written, or something is there already. Only another model is ever overwritten, and
        only with `overwrite`.
        """
        write(self.bundle, Path(path), overwrite=overwrite)


def train(
    data: Data | None = None,
    *,
    config: Config | Mapping[str, Any] | str | Path | None = None,
    device: str = "auto",
    checkpoint: str | Path | None = None,
    on_epoch: Callable[[EpochReport], None] | None = None,
) -> Trained:
    """Train a tagger as `slotfill train` does, and give it back in memory; the best epoch on dev is the model.

        trained = slotfill.train("my/data", config={"training": {"epochs": 5}, "model": {"hidden": 64}})
        trained.tagger.tag(["arrive Taipei on Friday"])

    `data` is anything that `read_data` takes, or several of them, which are pooled; None: those of `config`, or
    `travel`. A data set without a dev split gives a tenth of its train split for it. `config` is a Config, settings as
    they stand in a TOML file, or the path of one. `device` is `auto` (a GPU where there is one), `cpu` or `cuda`.

    `checkpoint` is a file to be written after each epoch. If it is there already, the training goes on from it, to the
    weights that it would have come to without the interruption; remove it when the model is saved. `on_epoch` is told
    of each epoch as it ends.

    Raises MissingExtraError without torch, ConfigError for settings that do not fit or with which the training
    diverges, DataError for data with an error, and InputError for data that is missing, not sound or too little, for a
    device that is not there, and for the checkpoint of another training. Prints nothing.
    """
    device = device_of(device)
    sources, settings = with_sources(data, config_of(config))
    training = Training(
        pool(sources, settings),
        config=settings,
        device=device,
        checkpoint=None if checkpoint is None else Path(checkpoint),
    )
    for report in training:
        if on_epoch is not None:
            on_epoch(report)
    return training.finish()


class Training:
    """One training: an iterator over its epochs, and then a model.

        sources, config = with_sources("my/data", Config())
        training = Training(pool(sources, config), config=config)
        for report in training:
            print(report.epoch, report.f1)
        trained = training.finish()

    Nothing is trained before the first epoch is asked for.
    """

    def __init__(
        self,
        splits: PooledSplits,
        *,
        config: Config,
        device: str = "cpu",
        checkpoint: Path | None = None,
        on_batch: Callable[[int], None] = lambda sentences: None,
    ) -> None:
        """`checkpoint` is as in `train`; `on_batch` is told how many sentences each step has taken."""
        self.splits = splits
        self.config = config
        self.checkpoint = checkpoint
        self.history: list[EpochReport] = []
        self.vocabularies = build_vocabularies(splits.train, config.model)
        self._device = device_of(device)
        self._on_batch = on_batch
        self._epochs = self._run()
        self._averaged: SlotTagger | None = None  # of the last epoch
        self._best: SlotTagger | None = None  # when all epochs are over

    @cached_property
    def fingerprint(self) -> str:
        """The digest of all that decides the weights."""
        splits = self.splits
        return fingerprint(self.config, self.vocabularies, splits.train, splits.dev, splits.mixture)

    @property
    def sentences(self) -> int:
        """How many sentences all epochs together learn from; patience may end the training before that."""
        return self.splits.sentences_an_epoch * self.config.training.epochs

    def __iter__(self) -> Iterator[EpochReport]:
        return self

    def __next__(self) -> EpochReport:
        report = next(self._epochs)
        self.history.append(report)
        return report

    def _run(self) -> Iterator[EpochReport]:
        from slotfill.training import loop
        from slotfill.training.checkpoint import Checkpoint

        network = loop.build(self.config, self.vocabularies)
        self._averaged = deepcopy(network)
        yield from loop.fit(
            network,
            self.splits.train,
            self.splits.dev,
            config=self.config,
            vocabularies=self.vocabularies,
            device=self._device,
            mixture=self.splits.mixture,
            averaged=self._averaged,
            checkpoint=None if self.checkpoint is None else Checkpoint(self.checkpoint, self.fingerprint),
            on_batch=self._on_batch,
        )
        self._best = network

    def tagger(self) -> Tagger:
        """The network as it was at the end of the last epoch reported, whose scores its report has.

        What epochs of a checkpoint report is of the past: then it is the network at the last of them.
        """
        if self._averaged is None:
            raise InputError("no epoch is over yet: there is no network to tag with")
        return Tagger(self.config.model, self.vocabularies, self._averaged.arrays())

    def finish(self) -> Trained:
        """Run the epochs that are left, calibrate the confidence on dev, and gather the model.

        InputError if an epoch has failed.
        """
        from slotfill.training.bundling import to_bundle
        from slotfill.training.loop import dev_scores

        for _ in self:
            pass
        network, config, dev = self._best, self.config, self.splits.dev
        if network is None:
            raise InputError("this training has failed: begin another one")
        network.temperature.fill_(best_temperature(Tagger(config.model, self.vocabularies, network.arrays()), dev))
        scores = dev_scores(network, dev, config=config, vocabularies=self.vocabularies)
        bundle = to_bundle(
            network,
            config=config,
            # the scores are without the cities that were held out; whoever uses the model shall have them
            vocabularies=build_vocabularies(self.splits.train, config.model, unseen=True),
            history=[asdict(report) for report in self.history],
            scores=scores,
            data=[source.to_dict() for source in self.splits.sources],
            fingerprint=self.fingerprint,
        )
        return Trained(bundle, scores, tuple(self.history))


def device_of(device: str) -> str:
    """`cpu` or `cuda`, as `auto` finds it; MissingExtraError without torch, InputError if it is not there."""
    require_torch("training")
    import torch

    if device not in DEVICES:
        raise InputError(f"device {device!r}: expected {', '.join(DEVICES)}")
    if device == "cuda" and not torch.cuda.is_available():
        raise InputError("device cuda: torch sees no GPU here: use cpu")
    if device == "auto":
        return "cuda" if torch.cuda.is_available() else "cpu"
    return device


def require_torch(feature: str) -> None:
    """MissingExtraError, which names the extra, if torch is not installed."""
    try:
        import torch  # noqa: F401
    except ModuleNotFoundError:
        raise MissingExtraError(feature, extra="train") from None
