"""A short description of a model, for `slotfill models list` and GET /models."""

from typing import NamedTuple

from slotfill.bundle import Bundle
from slotfill.tags import OUTSIDE


class ModelSummary(NamedTuple):
    """One model; `dev_f1` is None if it had no dev split."""

    name: str
    net: str  # `bilstm 1 x 100`: cell, layers, hidden units
    slots: tuple[str, ...]
    intents: tuple[str, ...]
    dev_f1: float | None
    sources: tuple[str, ...]  # the data sets that it was trained on


def summarize(name: str, bundle: Bundle) -> ModelSummary:
    """Describe the bundle of the model `name`."""
    net, training = bundle.config.model, bundle.training
    dev = training.get("dev", {})
    return ModelSummary(
        name=name,
        net=f"{'bi' if net.bidirectional else ''}{net.cell} {net.layers} x {net.hidden}",
        slots=tuple(sorted({tag[2:] for tag in bundle.vocabularies.tags.items if tag != OUTSIDE})),
        intents=tuple(bundle.vocabularies.intents.items),
        dev_f1=dev.get("f1") if dev.get("sentences", 1) else None,
        sources=tuple(data["source"] for data in training.get("data", ())),
    )
