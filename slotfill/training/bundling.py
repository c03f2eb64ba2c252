"""A trained network -> a bundle with its model card, and back."""

import platform
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from textwrap import fill
from typing import Any

import numpy as np
from numpy.typing import NDArray

from slotfill.bundle import Bundle
from slotfill.config import Config, ModelConfig
from slotfill.evaluation import Scores
from slotfill.network import SlotTagger
from slotfill.vocabulary import SPECIALS, Vocabularies

_LARGE = 1_000_000  # numbers


def to_bundle(
    network: SlotTagger,
    *,
    config: Config,
    vocabularies: Vocabularies,
    history: Sequence[Mapping[str, Any]],
    scores: Scores,
    data: Sequence[Mapping[str, Any]],
    fingerprint: str,
    start: Mapping[str, Any] | None = None,
) -> Bundle:
    """Gather the contents of a model folder.

    `history` has a report for each epoch (EpochReport as a dictionary), `scores` are those on dev, `data` has the name
    and the sizes of each data set, and `fingerprint` is that of slotfill/training/checkpoint.py. `start` describes the
    model that the training went on from.
    """
    training = {
        "data": list(data),
        "fingerprint": fingerprint,
        **({"start": dict(start)} if start is not None else {}),
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
        weights=_stored(network),
        training=training,
        history=history,
        card=_model_card(config, vocabularies, training),
    )


def _stored(network: SlotTagger) -> dict[str, NDArray[Any]]:
    """The weights as a bundle has them: copies, since training may go on."""
    weights: dict[str, NDArray[Any]] = {name: array.copy() for name, array in network.arrays().items()}
    words = weights["features.words"]
    if network.features.has_given or words.size > _LARGE:  # then the table of words is most of the model
        weights["features.words"] = words.astype(np.float16)
    return weights


def from_bundle(bundle: Bundle) -> SlotTagger:
    """The torch network of a bundle, ready to tag (not to train further)."""
    network = SlotTagger(bundle.config, bundle.vocabularies)
    network.load(bundle.weights)
    return network.eval()


def _model_card(config: Config, vocabularies: Vocabularies, training: Mapping[str, Any]) -> str:
    """The README.md of a bundle: what the model is, what it learnt from, how good it is, and its limits."""
    model = config.model
    lists = ", ".join(f"`{one.name}` ({_counted(one.size, 'name')})" for one in config.gazetteers)
    kept = f"\n\nIt reads which tokens are in lists of names, which it keeps: {lists}." if lists else ""
    dev = training["dev"]
    words = _counted(len(vocabularies.words) - len(SPECIALS), "word")
    names = sorted({tag[2:] for tag in vocabularies.tags.items if tag != "O"})
    slots = _lines(f"Slots: {', '.join(f'`{name}`' for name in names)}.") if names else ""
    intent = "" if dev["intent_accuracy"] is None else f", intent accuracy {dev['intent_accuracy']:.3f}"
    rows = "\n".join(f"| `{d['source']}` | {d['train']:,} | {d['dev']:,} |" for d in training["data"])
    begun = f"\nIt goes on from `{training['start']['model']}`." if "start" in training else ""
    versions = ", ".join(f"{name} {number}" for name, number in training["versions"].items())
    scores = f"""On these dev splits (strict IOB2 spans): slot F1 {dev["f1"]:.3f}, sentence accuracy {
        dev["sentence_accuracy"]:.3f}{intent}.
The epoch was chosen on dev, and dev may resemble train closely: expect lower scores on other text."""
    basis = "as measured on the dev splits above"
    if not dev["sentences"]:
        scores = """All sentences were trained on, and none was held out: how good the model is was not measured.
`slotfill eval` scores it on others, and `slotfill eval --folds 5` its recipe on the same."""
        basis = "by the network alone: it was not measured"
    return f"""# A slotfill model

A {_net(model)} tagger ({_counted(model.layers, "layer")} of {model.hidden} units per direction, {
        training["parameters"]:,}
parameters) that labels tokens with {_counted(len(names), "kind")} of slots and
sentences with {_counted(len(vocabularies.intents), "intent")}. It knows {words} and reads others by their
characters.{kept}{slots}{_values(config)}

| data | train sentences | dev sentences |
| --- | --- | --- |
{rows}

{scores}

Trained with seed {training["seed"]} for {_counted(training["epochs"], "epoch")} (best: {training["best_epoch"]}) in
{training["cpu_seconds"]:.0f} CPU-seconds with {versions}.{begun}

The weights come from the data above and are bound to its licences. A model knows only the slots and the language of
its data, and finds slots in sentences of other kinds as well. A slot's confidence is the probability that it is right,
{basis}; on other text it is less reliable.
"""


def _values(config: Config) -> str:
    """Of what kind the slots are that have values."""
    if not config.slots:
        return ""
    kinds = []
    for one in config.slots:
        size = f" of {_counted(len(one.values), 'value')}" if one.kind == "list" else ""
        kinds.append(f"`{one.name}` ({one.kind}{size})")
    return _lines(f"These have values in a frame, by their kinds: {', '.join(kinds)}.")


def _lines(paragraph: str) -> str:
    return "\n\n" + fill(paragraph, width=120, break_long_words=False, break_on_hyphens=False)


def _net(model: ModelConfig) -> str:
    """The network in words: `bidirectional LSTM (with peepholes)`."""
    direction = "bidirectional" if model.bidirectional else "left-to-right"
    cell = {"lstm": "LSTM", "gru": "GRU", "elman": "Elman", "jordan": "Jordan"}.get(model.cell, model.cell)
    peepholes = " (with peepholes)" if model.peepholes else ""
    window = f" (each token with {model.window} neighbours on each side)" if model.window else ""
    return f"{direction} {cell}{peepholes}{window}"


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
