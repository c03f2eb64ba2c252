"""A trained network -> a bundle, and back."""

import platform
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import Any

from slotfill.bundle import Bundle
from slotfill.config import Config
from slotfill.evaluation import Scores
from slotfill.network import SlotTagger
from slotfill.training.model_card import model_card
from slotfill.vocabulary import Vocabularies


def to_bundle(
    network: SlotTagger,
    *,
    config: Config,
    vocabularies: Vocabularies,
    history: Sequence[Mapping[str, Any]],
    scores: Scores,
    data: Sequence[Mapping[str, Any]],
    fingerprint: str,
) -> Bundle:
    """Gather what a model folder holds.

    `history` has a report for each epoch (EpochReport as a dictionary), `scores` are those on dev, `data` has the name
    and the sizes of each data set, and `fingerprint` is that of slotfill.training.fingerprint.
    """
    training = {
        "data": list(data),
        "fingerprint": fingerprint,
        "seed": config.training.seed,
        "epochs": len(history),
        "best_epoch": max(report["epoch"] for report in history if report["best"]),
        "cpu_seconds": round(sum(report["cpu_seconds"] for report in history), 1),
        "parameters": sum(p.numel() for p in network.parameters() if p.requires_grad),
        "dev": scores.to_dict(),
        "versions": {
            "python": platform.python_version(),
            **{name: version(name) for name in ("slotfill", "torch", "numpy")},
        },
    }
    return Bundle(
        config=config,
        vocabularies=vocabularies,
        weights={name: array.copy() for name, array in network.arrays().items()},  # training may go on
        training=training,
        history=history,
        card=model_card(config, vocabularies, training),
    )


def from_bundle(bundle: Bundle) -> SlotTagger:
    """The network that a bundle was made of, in torch and ready to tag (not to train on)."""
    network = SlotTagger(bundle.config, bundle.vocabularies)
    network.load(bundle.weights)
    return network.eval()
