"""The vocabularies of a network: the words and tags of its training split, and the gazetteers that it reads."""

from collections.abc import Iterable, Sequence

from slotfill.config import ModelConfig
from slotfill.gazetteers import build_gazetteers
from slotfill.schema import Example
from slotfill.slot_names import type_of
from slotfill.tags import spans_of
from slotfill.tokenizer import fold
from slotfill.training.lexicons import SINGLE_TYPES, shipped_values
from slotfill.vocabulary import NO_GAZETTEERS, Vocabularies


def build_vocabularies(train: Sequence[Example], model: ModelConfig, *, unseen: bool = False) -> Vocabularies:
    """The vocabularies of a network of this configuration; `unseen` is that of `shipped_gazetteers`."""
    gazetteers = shipped_gazetteers(unseen=unseen) if model.gazetteers else {}
    if model.own_gazetteers:
        own = own_gazetteers(train, least=model.own_gazetteers)
        gazetteers |= {f"own {name}": values for name, values in own.items()}
    return Vocabularies.of(train, gazetteers=build_gazetteers(gazetteers) if gazetteers else NO_GAZETTEERS)


def shipped_gazetteers(*, unseen: bool = False) -> dict[str, tuple[str, ...]]:
    """The names that slotfill ships, by slot type.

    The cities that the generator holds out are missing, so that dev has names that no gazetteer knows. With `unseen`
    they are there: a model that is to be used should know every name.
    """
    return {name: tuple(sorted({text for (text,) in shipped_values((name,), unseen=unseen)})) for name in SINGLE_TYPES}


def own_gazetteers(examples: Iterable[Example], *, least: int) -> dict[str, tuple[str, ...]]:
    """By slot type, the folded values that at least `least` different sentences have.

    With `least` at two or more, a sentence learns of its values only what other sentences know. A gazetteer of all
    values would match every value of the training split and few in new text, and a network would learn to trust it
    blindly.
    """
    seen: dict[str, dict[str, set[str]]] = {}
    for example in examples:
        for span in spans_of(example.tags):
            value = " ".join(fold(token.text) for token in example.tokens[span.start : span.end])
            seen.setdefault(type_of(span.name), {}).setdefault(value, set()).add(example.text)
    return {
        name: tuple(sorted(value for value, texts in values.items() if len(texts) >= least))
        for name, values in sorted(seen.items())
    }
