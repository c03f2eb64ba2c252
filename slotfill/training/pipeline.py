"""The training pipeline: data -> pooled splits -> vocabularies -> network -> epochs -> a calibrated bundle.

`train` runs all of it, `Training` epoch by epoch. `slotfill train`, `slotfill compare` and the benchmarks are built on
them. Nothing here prints.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import nullcontext
from copy import deepcopy
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from slotfill.bundle import Bundle, write
from slotfill.config import Config, ModelConfig, config_of, from_dict
from slotfill.errors import InputError, MissingExtraError
from slotfill.evaluation import Scores
from slotfill.files import alone
from slotfill.folding import best_folding, entry_of
from slotfill.intents import fitting
from slotfill.readers import Data, sources_of
from slotfill.readers.reports import Notes
from slotfill.slot_kinds import check_names
from slotfill.tagger import Tagger
from slotfill.tags import OUTSIDE
from slotfill.training.calibration import WITHOUT_DEV, best_temperature
from slotfill.training.data import PooledSplits, pool, with_sources
from slotfill.training.going_on import NONE, Start, pool_with, rehearsal_of, start_of
from slotfill.training.history import EpochReport
from slotfill.training.inheritance import joined
from slotfill.training.sizing import BESIDE, FAMILIAR, FEW, sized
from slotfill.training.vectors import find_vectors, of_one_size, read_vectors
from slotfill.training.vocabularies import added_to, build_vocabularies, share_in_gazetteers
from slotfill.vocabulary import SPECIALS, Vocabularies, Vocabulary

if TYPE_CHECKING:
    from slotfill.embeddings import GivenVectors
    from slotfill.network import SlotTagger

DEVICES = ("auto", "cpu", "cuda")


@dataclass(frozen=True)
class Trained:
    """The result of a training: a model in memory, to tag with or to save.

    >>> import slotfill
    >>> examples = [slotfill.parse_markup(f"to [{city}](city)") for city in ("Rome", "Oslo", "Lima")]
    >>> trained = slotfill.train(examples, config={"model": {"hidden": 4}, "training": {"epochs": 2}})
    >>> trained.tagger.tag(["to Bern"])[0].text
    'to Bern'
    >>> trained.scores.sentences  # with so few, none is held out to be scored
    0
    """

    bundle: Bundle
    scores: Scores  # on dev; of no sentence if there is no dev split
    history: tuple[EpochReport, ...]

    @cached_property
    def tagger(self) -> Tagger:
        """The model, ready to tag."""
        return Tagger.of(self.bundle)

    def save(self, path: str | Path, *, overwrite: bool = False) -> None:
        """Write the model's folder, whole or not at all, for `slotfill.load`.

        `overwrite` replaces a model that is there, but never any other file or folder. BundleError if the folder cannot
        be written, or the path is taken.
        """
        write(self.bundle, Path(path), overwrite=overwrite)


def train(
    data: Data | None = None,
    *,
    config: Config | Mapping[str, Any] | str | Path | None = None,
    start: str | Path | None = None,
    rehearse: Data | None = None,
    device: str = "auto",
    checkpoint: str | Path | None = None,
    on_epoch: Callable[[EpochReport], None] | None = None,
    on_error: str = "stop",
    on_note: Notes | None = None,
) -> Trained:
    """Train a tagger as `slotfill train` does, and return the model of the best epoch on dev.

    >>> import slotfill
    >>> examples = [slotfill.parse_markup(f"to [{city}](city)") for city in ("Rome", "Oslo", "Lima")]
    >>> trained = slotfill.train(examples, config={"model": {"hidden": 4}, "training": {"epochs": 2}})
    >>> len(trained.history)
    2

    `data` is anything that `read_data` takes, or several of them, which are pooled; by default the data sets of
    `config`, or `travel`. Of 2,000 train sentences or more, a tenth is held out for each data set without a dev split;
    fewer are all trained on, and then the model is that of the last epoch. Epochs, batches and learning rate follow the
    size of the data where `config` does not set them. `config` is a Config, a dictionary of settings as in a
    TOML recipe, or the path of a recipe. `device` is `auto` (a GPU if there is one), `cpu` or `cuda`.

    `start` is the name or folder of a model to go on from: its words and labels stay, and those of `data` are added. So
    are the gazetteers of `config`, and one of the same name takes the place of the model's.
    `rehearse` are old data to learn again, lest they be forgotten: by default what the model learnt from, as far as it
    is found; with `none` only the layers and words of the model are taken over, and its labels may go.

    `checkpoint` is a file that is written after each epoch. If it exists, training resumes from it and ends with the
    same weights as without the interruption; delete it once the model is saved. `on_epoch` is called with the report of
    each epoch. `on_error` and `on_note` are those of `read_data`.

    Raises MissingExtraError without torch, ConfigError for wrong settings or a training that diverges, DataError for
    data with an error, and InputError for data that is missing, invalid or too little, for a device that is not
    available, and for the checkpoint of another training. Prints nothing.
    Sets torch's number of threads and its random state, as a training that repeats to the bit must.
    """
    device = device_of(device)
    begun = _start(start, rehearse, data)
    sources, settings = with_sources(data, config_of(config, base=None if begun is None else begun.config))
    if begun is None:
        splits = pool(sources, settings, on_error=on_error, on_note=on_note)
    else:
        begun.check(settings)
        old = rehearsal_of(begun, None if rehearse in (None, NONE) else sources_of(rehearse), new=sources)
        splits, settings, _ = pool_with(old, sources, settings, begun, on_error=on_error, on_note=on_note)
    training = Training(
        splits,
        config=settings,
        start=begun,
        device=device,
        checkpoint=None if checkpoint is None else Path(checkpoint),
    )
    for report in training:
        if on_epoch is not None:
            on_epoch(report)
    return training.finish()


def _start(start: str | Path | None, rehearse: Data | None, data: Data | None) -> Start | None:
    if start is None and rehearse is not None:
        raise InputError("rehearse goes with start, the model to go on from")
    if start is not None and data is None:
        raise InputError(f"data is missing: what shall {start} learn?")
    return None if start is None else start_of(start, keeps=rehearse != NONE)


class Training:
    """One training: iterate over its epochs, then `finish` it.

        sources, config = with_sources("my/data", Config())
        training = Training(pool(sources, config), config=config)
        for report in training:
            print(report.epoch, report.f1)
        trained = training.finish()

    Training starts with the first iteration.
    """

    def __init__(
        self,
        splits: PooledSplits,
        *,
        config: Config,
        device: str = "cpu",
        checkpoint: Path | None = None,
        on_batch: Callable[[int], None] = lambda sentences: None,
        further: bool = True,
        start: Start | None = None,
    ) -> None:
        """`checkpoint` as in `train`; `on_batch` is called with the number of sentences of each step.

        `start` is the model to go on from (slotfill/training/going_on.py).
        Without `further`, only the epochs of the checkpoint count, and `finish` returns the best of them.
        """
        self._further = further
        self._start = start
        self.splits = splits
        self.checkpoint = checkpoint
        self.history: list[EpochReport] = []
        config = fitted(config, splits)
        settings = config.training
        # the name of the file without its folder, which would not change the training
        self.config = config._replace(
            training=settings._replace(vectors=Path(settings.vectors).name),
        )
        fold = entry_of(self.config.model.folding)
        self._vectors = read_vectors(find_vectors(settings.vectors), fold=fold) if settings.vectors else None
        self._words = () if self._vectors is None else self._vectors.words[: settings.vector_words]
        self._beside = self._vectors is not None and len(splits.train) <= BESIDE
        if self._vectors is not None and self._beside:
            columns = self.config.model.word_size + self._vectors.table.shape[1]
            origin = f"{settings.vectors}, beside the columns that are learnt"
            self.config = from_dict({"model": {"word_size": columns}}, base=self.config, origin=origin)
        self.vocabularies = self._build_vocabularies(unseen=False)
        check_names(config.slots, {tag[2:] for tag in self.vocabularies.tags.items if tag != OUTSIDE})
        self._device = device_of(device)
        self._on_batch = on_batch
        self._epochs = self._run()
        self._averaged: SlotTagger | None = None  # the weights of the last epoch
        self._best: SlotTagger | None = None  # set when all epochs are done

    @cached_property
    def fingerprint(self) -> str:
        """A digest of everything that decides the weights."""
        from slotfill.training.checkpoint import fingerprint

        splits = self.splits
        start = None if self._start is None else self._start.digest
        parts = (splits.train, splits.dev, splits.mixture)
        return fingerprint(self.config, self.vocabularies, *parts, self._vectors, start)

    @property
    def words_with_vectors(self) -> tuple[int, int] | None:
        """How many of the different words of train have a given vector, and of how many; None without vectors."""
        if self._vectors is None:
            return None
        words = self._learnt_words().items[len(SPECIALS) :]
        return len(set(words).intersection(self._vectors.words)), len(words)

    @property
    def sentences(self) -> int:
        """The number of sentences of all epochs together; early stopping may use fewer."""
        return self.splits.sentences_an_epoch * self.config.training.epochs

    def __iter__(self) -> Iterator[EpochReport]:
        return self

    def __next__(self) -> EpochReport:
        report = next(self._epochs)
        self.history.append(report)
        return report

    def _build_vocabularies(self, *, unseen: bool) -> Vocabularies:
        """The words and labels of the data, beside those of the model that the training goes on from."""
        train, model, start = self.splits.train, self.config.model, self._start
        if start is None:
            return build_vocabularies(train, model, words=self._words, lists=self.config.gazetteers, unseen=unseen)
        old = start.bundle.vocabularies
        return joined(old, added_to(old, train, model, lists=self.config.gazetteers), labels=start.keeps)

    def _run(self) -> Iterator[EpochReport]:
        from slotfill.training import loop

        network = loop.build(self.config, self.vocabularies, self._given())
        if self._start is not None:
            self._start.hand_over(network, self.vocabularies)
        self._averaged = deepcopy(network)
        with nullcontext() if self.checkpoint is None else alone(self.checkpoint):
            yield from self._fit(network)
        self._best = network

    def _fit(self, network: "SlotTagger") -> Iterator[EpochReport]:
        from slotfill.training import loop
        from slotfill.training.checkpoint import Checkpoint

        yield from loop.fit(
            network,
            self.splits.train,
            self.splits.dev,
            config=self.config,
            vocabularies=self.vocabularies,
            device=self._device,
            mixture=self.splits.mixture,
            averaged=self._averaged,
            checkpoint=None if self.checkpoint is None else Checkpoint(self.checkpoint, self.fingerprint, self.config),
            on_batch=self._on_batch,
            further=self._further,
            anchor=None if self._start is None else self._start.anchor(network, self.vocabularies),
        )

    def _given(self) -> "GivenVectors | None":
        """The given vectors of all words that the vocabularies have."""
        if self._vectors is None:
            return None
        from slotfill.embeddings import GivenVectors

        rows = self._vectors.rows_of(self.vocabularies.words)
        learnt = len(self._learnt_words())
        return GivenVectors(of_one_size(rows) if self._beside else rows, learnt, beside=self._beside)

    def _learnt_words(self) -> Vocabulary:
        """The words of train alone."""
        return build_vocabularies(self.splits.train, ModelConfig(folding=self.config.model.folding)).words

    def network(self) -> "SlotTagger":
        """A copy of the averaged network whose scores the last report has, for no further training.

        While epochs of a checkpoint are reported, it is the network of the last of them. InputError before any epoch.
        """
        if self._averaged is None:
            raise InputError("no epoch has ended yet: take one before you ask for the network")
        return deepcopy(self._averaged).cpu().eval()

    def tagger(self) -> Tagger:
        """The tagger of `network`."""
        return Tagger(self.config.model, self.vocabularies, self.network().arrays(), self.config.slots)

    def finish(self) -> Trained:
        """Run the remaining epochs, calibrate the confidence on dev where there is one, and return the model.

        InputError if an epoch has failed.
        """
        from slotfill.training.bundling import to_bundle
        from slotfill.training.loop import dev_scores

        for _ in self:
            pass
        network, config, dev = self._best, self.config, self.splits.dev
        if network is None:
            raise InputError("this training has failed: start another one")
        if config.training.temperature:
            network.temperature.fill_(config.training.temperature)
        elif not dev and self._start is None:
            network.temperature.fill_(WITHOUT_DEV)
        elif dev:
            tagger = Tagger(config.model, self.vocabularies, network.arrays())
            network.temperature.fill_(best_temperature(tagger, dev))
        scores = dev_scores(network, dev, config=config, vocabularies=self.vocabularies)
        bundle = to_bundle(
            network,
            config=config,
            # dev is scored without the held-out cities, but the model for use knows them
            vocabularies=self._build_vocabularies(unseen=True),
            history=[asdict(report) for report in self.history],
            scores=scores,
            data=[source.to_dict() for source in self.splits.sources],
            fingerprint=self.fingerprint,
            start=None if self._start is None else self._start.to_dict(),
        )
        return Trained(bundle, scores, tuple(self.history))


def fitted(config: Config, splits: PooledSplits) -> Config:
    """The configuration with what the data decides: what is `auto` in it, and what is 0."""
    model = config.model
    intents = fitting(example.intent for example in splits.train) if model.intents == "auto" else model.intents
    folding = model.folding
    if folding == "auto":
        folding = best_folding(token.text for example in splits.train for token in example.tokens)
    lengths = [len(example.tokens) for example in splits.train]
    affixes = model.affixes
    if affixes == "auto":
        affixes = "yes" if len(lengths) <= FEW and not config.training.vectors else "no"
    gazetteers = model.gazetteers
    if gazetteers == "auto":
        gazetteers = "yes" if share_in_gazetteers(splits.train, fold=entry_of(folding)) >= FAMILIAR else "no"
    return config._replace(
        model=model._replace(
            tokenizer=splits.tokenizer.tokenizer,
            folding=folding,
            intents=intents,
            affixes=affixes,
            gazetteers=gazetteers,
        ),
        training=sized(config.training, lengths, sentences=splits.sentences_an_epoch),
    )


def device_of(device: str) -> str:
    """`cpu` or `cuda`, whichever `device` stands for.

    MissingExtraError without torch, InputError for a device that is unknown or not available.
    """
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
    """Raise MissingExtraError if torch is not installed."""
    try:
        import torch  # noqa: F401
    except ModuleNotFoundError:
        raise MissingExtraError(feature, extra="train") from None
