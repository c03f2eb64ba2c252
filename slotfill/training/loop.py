"""Fit a network: AdamW, warm-up and cosine, clipped gradients, averaged weights, early stopping on dev.

`fit` yields a report after each epoch and never prints. All chance in an epoch comes from the seed and
the epoch's number, so that a run which was interrupted after any epoch goes on to the same weights.
"""

import hashlib
import json
import math
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor

from slotfill.batching import character_ids, equal_length_batches
from slotfill.config import Config, TrainingConfig
from slotfill.errors import ConfigError, InputError
from slotfill.evaluation import Scores, score
from slotfill.files import write_files
from slotfill.gazetteers import GazetteerMatcher
from slotfill.network import IGNORED, SlotTagger
from slotfill.schema import Example
from slotfill.tagger import Tagger
from slotfill.tokenizer import fold
from slotfill.training.augmentation import Mixture
from slotfill.vocabulary import UNKNOWN, Vocabularies


@dataclass(frozen=True, slots=True)
class EpochReport:
    """One epoch: its mean training loss and the averaged weights' strict scores on dev."""

    epoch: int  # from 1
    loss: float
    f1: float
    sentence_accuracy: float
    intent_accuracy: float | None
    best: bool  # the best on dev so far; True where there is nothing to choose by
    sentences_per_second: float
    cpu_seconds: float


def build(config: Config, vocabularies: Vocabularies) -> SlotTagger:
    """A fresh network whose first weights depend on the seed alone."""
    torch.manual_seed(config.training.seed)
    return SlotTagger(config, vocabularies)


def evaluate(network: SlotTagger, examples: Sequence[Example], *, config: Config, vocabularies: Vocabularies) -> Scores:
    """Strict scores of a network, tagging as the product does: by the numpy runtime and constrained decoding."""
    tagger = Tagger(config.model, vocabularies, network.arrays())
    found = tagger.annotate([e.text for e in examples], [e.tokens for e in examples])
    return score(
        [e.tags for e in examples],
        [a.tags for a in found],
        gold_intents=[e.intent for e in examples],
        predicted_intents=[a.intent.name if a.intent else None for a in found],
        confidences=[[slot.confidence for slot in a.slots] for a in found],
    )


def fit(
    network: SlotTagger,
    train: Sequence[Example],
    dev: Sequence[Example],
    *,
    config: Config,
    vocabularies: Vocabularies,
    device: str = "cpu",
    mixture: Mixture | None = None,
    checkpoint: Path | None = None,
    on_batch: Callable[[int], None] = lambda sentences: None,
) -> Iterator[EpochReport]:
    """Train until the epochs or the patience are used up; the network then has the best averaged weights.

    The best epoch is that of the highest slot F1 on dev, or of the highest intent accuracy where dev has no slots.
    Without either there is nothing to choose by: the last one is the best. An epoch takes all of `train`, or what a
    `mixture` of its sentences gives.

    Where the file `checkpoint` exists, its epochs are reported again and not run again; it is replaced
    after each epoch. `on_batch` is told how many sentences each step took. InputError if there is nothing to train
    on, or the checkpoint is of another training or cannot be written; ConfigError if the training diverges.
    """
    if not train:
        raise InputError("there is no sentence to train on")
    settings = config.training
    torch.set_num_threads(settings.threads)
    network.to(device)
    counts = Counter(fold(token.text) for example in train for token in example.tokens)
    encode = partial(_Encoded, counts=counts, vocabularies=vocabularies, settings=settings, device=device)
    data = encode(train)
    run = _Run(network, config=config)
    identity = fingerprint(config, vocabularies, train, dev, mixture)
    if checkpoint is not None and checkpoint.exists():
        run.load(checkpoint, identity=identity)
        yield from run.history
    while len(run.history) < settings.epochs and not run.patience_is_used_up():
        epoch = len(run.history) + 1
        if mixture is not None:
            data = encode(mixture.epoch(epoch, seed=settings.seed))
        batches = data.batches(size=settings.batch_size, seed=(settings.seed, epoch))
        run.begin_epoch(epoch, steps=len(batches))
        torch.manual_seed(_mixed(settings.seed, epoch))
        began, cpu_began = time.perf_counter(), time.process_time()
        network.train()
        losses = 0.0
        for numbers in batches:
            loss = run.take_step(data.batch(numbers))
            if not math.isfinite(loss):
                raise _diverged(f"the loss is {loss} in epoch {epoch}", settings)
            losses += loss * len(numbers)
            on_batch(len(numbers))
        if not all(average.isfinite().all() for average in run.averages):  # the last step may do it, too
            raise _diverged(f"some weights are no finite numbers after epoch {epoch}", settings)
        seconds = time.perf_counter() - began
        with np.errstate(over="ignore", invalid="ignore"):  # of weights on their way to infinity the loss will tell
            scores = evaluate(run.averaged, dev, config=config, vocabularies=vocabularies)
        report = EpochReport(
            epoch=epoch,
            loss=losses / len(data.lengths),
            f1=scores.micro.f1,
            sentence_accuracy=scores.sentence_accuracy,
            intent_accuracy=scores.intent_accuracy,
            best=_is_best(scores, run.history),
            sentences_per_second=len(data.lengths) / max(seconds, 1e-9),
            cpu_seconds=time.process_time() - cpu_began,
        )
        run.close_epoch(report)
        if checkpoint is not None:
            run.save(checkpoint, identity=identity)
        yield report
    network.load_state_dict(run.best)


def _is_best(scores: Scores, history: Sequence[EpochReport]) -> bool:
    """Say whether dev speaks better of an epoch than of the best before it; always, where dev can say nothing."""
    before = [report for report in history if report.best]
    if scores.micro.support:
        return scores.micro.f1 > max((report.f1 for report in before), default=-1.0)
    if scores.intent_accuracy is not None:
        return scores.intent_accuracy > max((report.intent_accuracy or 0.0 for report in before), default=-1.0)
    return True


def _diverged(what: str, settings: TrainingConfig) -> ConfigError:
    rate = f"{settings.learning_rate:g}"
    return ConfigError(f"{what}: the training diverges: lower training.learning_rate, which is {rate}")


class _Run:
    """All that changes while training: what a checkpoint must hold."""

    def __init__(self, network: SlotTagger, *, config: Config) -> None:
        self.network = network
        self.settings = config.training
        self.averaged = deepcopy(network)
        self.best = deepcopy(network.state_dict())
        self.history: list[EpochReport] = []
        self.parameters: list[Tensor] = [p for p in network.parameters() if p.requires_grad]
        self.averages: list[Tensor] = [p for p in self.averaged.parameters() if p.requires_grad]
        decayed: list[torch.nn.Parameter] = []
        free: list[torch.nn.Parameter] = []
        for name, parameter in network.named_parameters():
            if parameter.requires_grad:
                is_table = name in ("features.words.weight", "features.characters.weight", "crf.A")
                (free if is_table or parameter.ndim < 2 else decayed).append(parameter)
        self.optimizer = torch.optim.AdamW(
            [{"params": decayed, "weight_decay": self.settings.weight_decay}, {"params": free, "weight_decay": 0.0}],
            lr=self.settings.learning_rate,
            betas=(0.9, 0.98),
        )
        self.steps = self.steps_taken = 0

    def begin_epoch(self, epoch: int, *, steps: int) -> None:
        """Count as if all epochs had as many steps as this one: a mixture may give a few more or fewer each time."""
        self.steps_taken = (epoch - 1) * steps
        self.steps = self.settings.epochs * steps
        self.warmup = max(1, round(self.steps * self.settings.warmup))

    def rate(self) -> float:
        """The next step's share of the peak learning rate: a line up, then a cosine down to 0."""
        if self.steps_taken < self.warmup:
            return (self.steps_taken + 1) / self.warmup
        done = (self.steps_taken - self.warmup) / max(1, self.steps - self.warmup)
        return 0.5 + 0.5 * math.cos(math.pi * done)

    def take_step(self, batch: "_Batch") -> float:
        """One batch: the loss before the step."""
        for group in self.optimizer.param_groups:
            group["lr"] = self.settings.learning_rate * self.rate()
        emissions_BTK, intent_BI = self.network(batch.words, batch.forms, batch.characters, batch.matches)
        loss = self.network.loss(emissions_BTK, intent_BI, batch.tags, batch.intents)
        self.optimizer.zero_grad()
        torch.autograd.backward(loss)
        torch.nn.utils.clip_grad_norm_(self.parameters, self.settings.clip)
        self.optimizer.step()
        self.steps_taken += 1
        # early on, the average must forget the random start faster than its decay would
        decay = min(self.settings.ema, self.steps_taken / (10 + self.steps_taken))
        with torch.no_grad():
            torch._foreach_lerp_(self.averages, self.parameters, 1 - decay)
        return loss.item()

    def close_epoch(self, report: EpochReport) -> None:
        self.history.append(report)
        if report.best:
            self.best = deepcopy(self.averaged.state_dict())

    def patience_is_used_up(self) -> bool:
        since_best = next((back for back, report in enumerate(reversed(self.history)) if report.best), 0)
        return since_best >= self.settings.patience

    def save(self, path: Path, *, identity: str) -> None:
        """Write everything as one safetensors file, whole or not at all."""
        tensors: dict[str, Tensor] = {}
        for prefix, state in self._states().items():
            tensors |= {f"{prefix}.{name}": tensor for name, tensor in state.items()}
        for number, parameter in enumerate(self.parameters):
            tensors |= {f"optimizer.{number}.{k}": v for k, v in self.optimizer.state[parameter].items()}
        history = json.dumps([asdict(report) for report in self.history])
        metadata = {"identity": identity, "history": history}
        write_files({path: save({name: t.cpu().contiguous() for name, t in tensors.items()}, metadata)})

    def load(self, path: Path, *, identity: str) -> None:
        """Go back to where `save` was; InputError if the file is of another training."""
        try:
            with safe_open(path, framework="pt") as file:
                metadata = file.metadata() or {}
                tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118  # no mapping
        except (OSError, SafetensorError) as error:
            raise InputError(f"{path}: not a checkpoint: {error}: delete it and train anew") from None
        if metadata.get("identity") != identity:
            raise InputError(
                f"{path}: belongs to a training with other data, another configuration or another seed: "
                "resume with those, or begin anew with --overwrite"
            )
        for prefix, state in self._states().items():
            for name, tensor in state.items():
                tensor.copy_(tensors[f"{prefix}.{name}"])
        for number, parameter in enumerate(self.parameters):
            for key in ("step", "exp_avg", "exp_avg_sq"):
                saved = tensors.get(f"optimizer.{number}.{key}")
                if saved is not None:  # what never had a gradient has no state
                    # torch keeps the step count on the CPU whatever the device
                    self.optimizer.state[parameter][key] = saved if key == "step" else saved.to(parameter.device)
        self.history = [EpochReport(**entry) for entry in json.loads(metadata["history"])]

    def _states(self) -> dict[str, dict[str, Tensor]]:
        return {"network": self.network.state_dict(), "averaged": self.averaged.state_dict(), "best": self.best}


class _Batch(NamedTuple):
    """Sentences of one length, as SlotTagger takes them."""

    words: Tensor  # (B, T)
    forms: Tensor  # (B, T): rows of `characters`
    characters: Tensor  # (W, C)
    matches: Tensor  # (B, T, M)
    tags: Tensor  # (B, T)
    intents: Tensor  # (B,)


class _Encoded:
    """A training part as ids, cut into batches of equal length on the device."""

    def __init__(
        self,
        examples: Sequence[Example],
        *,
        counts: Mapping[str, int],
        vocabularies: Vocabularies,
        settings: TrainingConfig,
        device: str,
    ) -> None:
        forms = dict.fromkeys(fold(token.text) for example in examples for token in example.tokens)
        number_of = {form: number for number, form in enumerate(forms)}
        self.device = device
        self.lengths = [len(example.tokens) for example in examples]
        self.forms = [np.array([number_of[fold(t.text)] for t in e.tokens], dtype=np.int64) for e in examples]
        matcher = GazetteerMatcher(vocabularies.gazetteers)
        self.matches = [matcher.match([fold(t.text) for t in e.tokens]) for e in examples]
        self.tags = [np.array([vocabularies.tags.id(tag) for tag in e.tags], dtype=np.int64) for e in examples]
        self.intents = torch.tensor(
            [
                vocabularies.intents.id(e.intent)
                if e.intent is not None and e.intent in vocabularies.intents
                else IGNORED
                for e in examples
            ],
            device=device,
        )
        # per distinct word: its id, its characters, and how likely it plays the unknown word; a rare word (`counts` are
        # those of the whole training part) does so often, which trains the unknown vector on words that behave as
        # unseen ones will
        self.word_ids = torch.tensor([vocabularies.words.id(form) for form in forms], device=device)
        self.characters = torch.from_numpy(character_ids(list(forms), vocabularies.characters)).to(device)
        often = torch.tensor([counts.get(form, 0) for form in forms], dtype=torch.float32, device=device)
        # without dropout, a word of no training sentence is unknown in any case
        rare = settings.word_dropout / (settings.word_dropout + often).clamp_min(1e-9)
        self.drop_rate = rare + settings.word_dropout_base

    def batches(self, *, size: int, seed: tuple[int, int]) -> list[np.ndarray[tuple[int, ...], np.dtype[np.int64]]]:
        """Sentence numbers, batch by batch, in an order that the seed decides."""
        return equal_length_batches(self.lengths, size=size, rng=np.random.default_rng(seed))

    def batch(self, numbers: Iterable[int]) -> _Batch:
        """These sentences."""
        numbers = list(numbers)
        forms_BT = torch.from_numpy(np.stack([self.forms[n] for n in numbers])).to(self.device)
        tags_BT = torch.from_numpy(np.stack([self.tags[n] for n in numbers])).to(self.device)
        distinct_W, rows_BT = torch.unique(forms_BT, return_inverse=True)
        characters_WC = self.characters[distinct_W]
        longest = int((characters_WC != 0).any(0).sum())
        dropped_BT = torch.rand(forms_BT.shape, device=self.device) < self.drop_rate[forms_BT]
        words_BT = self.word_ids[forms_BT].masked_fill(dropped_BT, UNKNOWN)
        matches_BTM = torch.from_numpy(np.stack([self.matches[n] for n in numbers])).to(self.device)
        return _Batch(words_BT, rows_BT, characters_WC[:, :longest], matches_BTM, tags_BT, self.intents[numbers])


def _mixed(seed: int, epoch: int) -> int:
    """A seed for torch that differs for every pair."""
    return int(np.random.SeedSequence((seed, epoch)).generate_state(1, np.uint64)[0] >> 1)


def fingerprint(
    config: Config,
    vocabularies: Vocabularies,
    train: Sequence[Example],
    dev: Sequence[Example],
    mixture: Mixture | None,
) -> str:
    """A digest of all that decides the weights: configuration, seed and data."""
    digest = hashlib.sha256(json.dumps([config.to_dict(), vocabularies.words.items]).encode())
    digest.update(repr((vocabularies.gazetteers.names, vocabularies.gazetteers.entries.table())).encode())
    out_of_domain = mixture.out_of_domain if mixture is not None else []
    for part in (train, dev, out_of_domain) if out_of_domain else (train, dev):
        digest.update(b"part")
        for example in part:
            digest.update(repr((example.text, example.tokens, example.tags, example.intent)).encode())
    return digest.hexdigest()
