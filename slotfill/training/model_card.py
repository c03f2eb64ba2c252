"""The model card: the README.md of a bundle."""

from collections.abc import Mapping
from typing import Any

from slotfill.config import Config
from slotfill.vocabulary import SPECIALS, Vocabularies


def model_card(config: Config, vocabularies: Vocabularies, training: Mapping[str, Any]) -> str:
    """The model card: what it is, what it learnt from, how good it is, where its limits are."""
    model, dev = config.model, training["dev"]
    direction = "bidirectional" if model.bidirectional else "left-to-right"
    net = {"lstm": "LSTM", "gru": "GRU", "elman": "Elman", "jordan": "Jordan"}.get(model.cell, model.cell)
    net += " (with peepholes)" if model.peepholes else ""
    net += f" (each token with {model.window} neighbours to each side)" if model.window else ""
    layers = _several(model.layers, "layer")
    words = _several(len(vocabularies.words) - len(SPECIALS), "word")
    kinds = len({tag[2:] for tag in vocabularies.tags.items if tag != "O"})
    intent = "" if dev["intent_accuracy"] is None else f", intent accuracy {dev['intent_accuracy']:.3f}"
    rows = "\n".join(f"| `{d['source']}` | {d['train']:,} | {d['dev']:,} |" for d in training["data"])
    versions = ", ".join(f"{name} {number}" for name, number in training["versions"].items())
    return f"""# A slotfill model

A {direction} {net} tagger ({layers} of {model.hidden} units a direction, {training["parameters"]:,}
parameters) that labels tokens with {_several(kinds, "kind")} of slots and
sentences with {_several(len(vocabularies.intents), "intent")}. It knows {words}; others it reads by their
characters.

| data | train sentences | dev sentences |
| --- | --- | --- |
{rows}

On these dev splits (strict IOB2 spans): slot F1 {dev["f1"]:.3f}, sentence accuracy {dev["sentence_accuracy"]:.3f}{
        intent
    }.
The epoch was chosen on dev, and dev may be of the same making as train: other text scores lower.

Trained with seed {training["seed"]} for {_several(training["epochs"], "epoch")} (best: {training["best_epoch"]}) in
{training["cpu_seconds"]:.0f} CPU-seconds with {versions}.

The weights come from the data above and are bound to its licences. A model knows the slots and the language of
its data and nothing else: it gives slots for sentences of other kinds as well. A slot's confidence is the probability
that it is right, as far as the dev splits above tell; on other text it says less.
"""


def _several(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
