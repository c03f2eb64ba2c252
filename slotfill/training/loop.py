"""The epochs: AdamW, warm-up and cosine, clipped gradients, averaged weights, early stopping on dev.

`fit` yields a report after each epoch and never prints. All random numbers of an epoch come from the seed and the
epoch's number, so a training that was interrupted after any epoch can be resumed and ends with the same weights.
"""

import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy

import numpy as np
import torch
from torch import Tensor

from slotfill.config import Config, TrainingConfig
from slotfill.embeddings import GivenVectors
from slotfill.errors import ConfigError, InputError
from slotfill.evaluation import Scores, score, scores_of
from slotfill.network import SlotTagger
from slotfill.schema import Example
from slotfill.tagger import Tagger
from slotfill.training.anchor import Anchor
from slotfill.training.batches import Batch, EncodedSplit, word_counts
from slotfill.training.checkpoint import Checkpoint
from slotfill.training.history import EpochReport
from slotfill.training.mixture import Mixture
from slotfill.vocabulary import Vocabularies


def build(config: Config, vocabularies: Vocabularies, given: GivenVectors | None = None) -> SlotTagger:
    """A new network whose initial weights depend only on the seed."""
    torch.manual_seed(config.training.seed)
    return SlotTagger(config, vocabularies, given=given)


def dev_scores(
    network: SlotTagger, examples: Sequence[Example], *, config: Config, vocabularies: Vocabularies
) -> Scores:
    """Strict scores of a network that tags as a Tagger does: with the numpy runtime and constrained decoding."""
    if not examples:  # a tagger for none of them would cost a tenth of the time of a small training
        return score([], [])
    return scores_of(Tagger(config.model, vocabularies, network.arrays()), examples)


def fit(
    network: SlotTagger,
    train: Sequence[Example],
    dev: Sequence[Example],
    *,
    config: Config,
    vocabularies: Vocabularies,
    device: str = "cpu",
    mixture: Mixture | None = None,
    averaged: SlotTagger | None = None,
    checkpoint: Checkpoint | None = None,
    on_batch: Callable[[int], None] = lambda sentences: None,
    further: bool = True,
    anchor: Anchor | None = None,
) -> Iterator[EpochReport]:
    """Train until the epochs or the patience run out, and leave the best averaged weights in the network.

    The best epoch is the one with the highest slot F1 on dev, or the highest intent accuracy if dev has no slots. If
    dev has neither, the last epoch is the best. Patience does not count epochs before a slot is found. An epoch takes
    all of `train`, or the sentences of `mixture`.

    `averaged`, a copy of the network, receives the averaged weights of each epoch before its report. `checkpoint` is
    replaced after each epoch; the epochs of an existing one are reported but not run again. `on_batch` is called with
    the number of sentences of each step. Without `further`, no epoch is run: the best one of the checkpoint is left in
    the network. `anchor` holds back the weights of a model that the training goes on from; the last epoch then counts
    as the best, since dev has few new sentences or none. InputError if there is nothing to train on, or the checkpoint
    belongs to another training or cannot be written; ConfigError if the training diverges.
    """
    if not train:
        raise InputError("there is no sentence to train on")
    settings = config.training
    torch.set_num_threads(settings.threads)
    network.to(device)
    counts = word_counts(train, vocabularies)

    def encode(examples: Sequence[Example]) -> EncodedSplit:
        return EncodedSplit(
            examples, counts=counts, vocabularies=vocabularies, settings=settings, device=device, sets=network.sets
        )

    data = encode(train)
    run = _Run(network, deepcopy(network) if averaged is None else averaged.to(device), config=config, anchor=anchor)
    if checkpoint is not None and (saved := checkpoint.read()) is not None:
        run.restore(*saved)
        yield from run.history
    while further and len(run.history) < settings.epochs and not run.patience_is_used_up():
        epoch = len(run.history) + 1
        if mixture is not None:
            data = encode(mixture.epoch(epoch, seed=settings.seed))
        began, cpu_began = time.perf_counter(), time.process_time()
        loss = run.take_epoch(epoch, data, on_batch=on_batch)
        seconds = time.perf_counter() - began
        with np.errstate(over="ignore", invalid="ignore"):  # diverging weights are reported by the loss
            scores = dev_scores(run.averaged, dev, config=config, vocabularies=vocabularies)
        report = EpochReport(
            epoch=epoch,
            loss=loss,
            f1=scores.micro.f1,
            sentence_accuracy=scores.sentence_accuracy,
            intent_accuracy=scores.intent_accuracy,
            best=anchor is not None or _is_best(scores, run.history),
            sentences_per_second=len(data) / max(seconds, 1e-9),
            cpu_seconds=time.process_time() - cpu_began,
        )
        run.close_epoch(report)
        if checkpoint is not None:
            checkpoint.write(run.tensors(), run.history)
        yield report
    network.load_state_dict(run.best)


def _is_best(scores: Scores, history: Sequence[EpochReport]) -> bool:
    """Say whether an epoch is better on dev than the best one before it; always True if dev cannot tell."""
    before = [report for report in history if report.best]
    if scores.micro.support:
        best = max((report.f1 for report in before), default=0.0)
        return scores.micro.f1 > best or not best  # while nothing is found, later is better
    if scores.intent_accuracy is not None:
        return scores.intent_accuracy > max((report.intent_accuracy or 0.0 for report in before), default=-1.0)
    return True


def _diverged(what: str, settings: TrainingConfig) -> ConfigError:
    rate = f"{settings.learning_rate:g}"
    return ConfigError(f"{what}: the training diverges: lower training.learning_rate, which is {rate}")


def _optimizer(network: SlotTagger, settings: TrainingConfig) -> torch.optim.Optimizer:
    """AdamW, with weight decay for matrices but not for tables and biases."""
    tables = ("features.words.weight", "features.affixes.weight", "features.characters.weight", "crf.A")
    trained = {name: parameter for name, parameter in network.named_parameters() if parameter.requires_grad}
    decayed = [p for name, p in trained.items() if p.ndim > 1 and name not in tables]
    free = [p for name, p in trained.items() if p.ndim < 2 or name in tables]
    return torch.optim.AdamW(
        [{"params": decayed, "weight_decay": settings.weight_decay}, {"params": free, "weight_decay": 0.0}],
        lr=settings.learning_rate,
        betas=(0.9, 0.98),
        # one pass over memory for each weight; on a GPU it would keep the step count there, unlike the checkpoint
        fused=all(parameter.device.type == "cpu" for parameter in trained.values()),
    )


class _Run:
    """The state of a training, all of which a checkpoint must hold."""

    def __init__(
        self, network: SlotTagger, averaged: SlotTagger, *, config: Config, anchor: Anchor | None = None
    ) -> None:
        self.network = network
        self.settings = config.training
        self.averaged = averaged
        self.anchor = anchor
        self.best = deepcopy(network.state_dict())
        self.history: list[EpochReport] = []
        self.parameters: list[Tensor] = [p for p in network.parameters() if p.requires_grad]
        self.averages: list[Tensor] = [p for p in self.averaged.parameters() if p.requires_grad]
        self.optimizer = _optimizer(network, self.settings)
        self.steps = self.steps_taken = 0

    def take_epoch(self, epoch: int, data: EncodedSplit, *, on_batch: Callable[[int], None]) -> float:
        """Take all batches once, in an order that depends on seed and epoch, and return the mean loss of a sentence."""
        batches = data.batches(size=self.settings.batch_size, seed=(self.settings.seed, epoch))
        self.begin_epoch(epoch, steps=len(batches))
        torch.manual_seed(_torch_seed(self.settings.seed, epoch))
        self.network.train()
        losses = 0.0
        for numbers in batches:
            loss = self.take_step(data.batch(numbers))
            if not math.isfinite(loss):
                raise _diverged(f"the loss is {loss} in epoch {epoch}", self.settings)
            losses += loss * len(numbers)
            on_batch(len(numbers))
        if not all(average.isfinite().all() for average in self.averages):  # the last step may diverge, too
            raise _diverged(f"some weights are not finite after epoch {epoch}", self.settings)
        return losses / len(data)

    def begin_epoch(self, epoch: int, *, steps: int) -> None:
        """Set the schedule as if all epochs had as many steps as this one: a mixture may have a few more or fewer."""
        self.steps_taken = (epoch - 1) * steps
        self.steps = self.settings.epochs * steps
        self.warmup = max(1, round(self.steps * self.settings.warmup))

    def rate(self) -> float:
        """The next step's share of the peak learning rate: linear warm-up, then a cosine down to 0."""
        if self.steps_taken < self.warmup:
            return (self.steps_taken + 1) / self.warmup
        done = (self.steps_taken - self.warmup) / max(1, self.steps - self.warmup)
        return 0.5 + 0.5 * math.cos(math.pi * done)

    def take_step(self, batch: Batch) -> float:
        """Take one step, and return the loss of the batch before it."""
        for group in self.optimizer.param_groups:
            group["lr"] = self.settings.learning_rate * self.rate()
        emissions_BTK, intent_BI = self.network(batch.words, batch.forms, batch.characters, batch.matches, batch.known)
        loss = self.network.loss(emissions_BTK, intent_BI, batch.tags, batch.intents)
        self.optimizer.zero_grad()
        torch.autograd.backward(loss)
        torch.nn.utils.clip_grad_norm_(self.parameters, self.settings.clip)
        if self.anchor is None:
            self.optimizer.step()
        else:
            self.anchor.step(self.optimizer)
        self.steps_taken += 1
        # early on, the average must forget the random initial weights faster than its decay would
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

    def tensors(self) -> dict[str, Tensor]:
        """All weights and the state of the optimizer by name."""
        tensors: dict[str, Tensor] = {}
        for prefix, state in self._states().items():
            tensors |= {f"{prefix}.{name}": tensor for name, tensor in state.items()}
        for number, parameter in enumerate(self.parameters):
            tensors |= {f"optimizer.{number}.{k}": v for k, v in self.optimizer.state[parameter].items()}
        return tensors

    def restore(self, tensors: Mapping[str, Tensor], history: Sequence[EpochReport]) -> None:
        """Restore the state from which `tensors` and `history` were taken."""
        for prefix, state in self._states().items():
            for name, tensor in state.items():
                tensor.copy_(tensors[f"{prefix}.{name}"])
        for number, parameter in enumerate(self.parameters):
            for key in ("step", "exp_avg", "exp_avg_sq"):
                saved = tensors.get(f"optimizer.{number}.{key}")
                if saved is not None:  # a parameter that never had a gradient has no state
                    # torch keeps the step count on the CPU
                    self.optimizer.state[parameter][key] = saved if key == "step" else saved.to(parameter.device)
        self.history = list(history)

    def _states(self) -> dict[str, dict[str, Tensor]]:
        return {"network": self.network.state_dict(), "averaged": self.averaged.state_dict(), "best": self.best}


def _torch_seed(seed: int, epoch: int) -> int:
    """A seed for torch, different for every pair."""
    return int(np.random.SeedSequence((seed, epoch)).generate_state(1, np.uint64)[0] >> 1)
