"""The report of an epoch."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EpochReport:
    """One epoch: its mean training loss, and the strict scores of the averaged weights on dev.

        trained = slotfill.train("travel", on_epoch=lambda report: print(report.epoch, report.f1))

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
