"""The report of an epoch, and what a checkpoint tells about its training."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class EpochReport:
    """One epoch: its mean training loss, and the strict scores of the averaged weights on dev.

    >>> import slotfill
    >>> examples = [slotfill.parse_markup(f"to [{city}](city)") for city in ("Rome", "Oslo", "Lima")]
    >>> settings = {"model": {"hidden": 4}, "training": {"epochs": 2}}
    >>> trained = slotfill.train(examples, config=settings, on_epoch=lambda report: print(report.epoch))
    1
    2

    Scores are between 0 and 1.
    """

    epoch: int  # from 1
    loss: float
    f1: float
    sentence_accuracy: float
    intent_accuracy: float | None  # None if dev or the network has no intents
    best: bool  # the best on dev so far; always True if dev cannot tell
    sentences_per_second: float
    cpu_seconds: float


@dataclass(frozen=True, slots=True)
class Unfinished:
    """What a checkpoint tells about its training."""

    history: tuple[EpochReport, ...]
    epochs: int | None  # of the whole training
    sources: tuple[str, ...]  # names of the data sets

    @property
    def dev_f1(self) -> float | None:
        """The best so far; None where no epoch was scored: then all scores are 0, and each epoch is best."""
        if any(report.f1 or report.sentence_accuracy or not report.best for report in self.history):
            return max(report.f1 for report in self.history)
        return None


def history_of(metadata: Mapping[str, str]) -> list[EpochReport]:
    """The reports in the metadata of a checkpoint."""
    return [EpochReport(**entry) for entry in json.loads(metadata["history"])]


def unfinished(path: "Path") -> Unfinished | None:
    """Read what a checkpoint tells, without torch; None if the file is not one."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="np") as file:
            metadata = file.metadata() or {}
        config: dict[str, Any] = json.loads(metadata.get("config", "{}"))
        sources = tuple(str(data["source"]) for data in config.get("data", ()))
        return Unfinished(tuple(history_of(metadata)), config.get("training", {}).get("epochs"), sources)
    except (OSError, SafetensorError, ValueError, KeyError, TypeError):
        return None
