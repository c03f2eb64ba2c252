"""The report of an epoch."""

from dataclasses import dataclass


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
