"""The weights of a network that begins as another one, with more words and labels.

Rows are copied by name. What is new begins so that the network tags exactly as before: a new word as the unknown word,
a new tag as `O` and a new intent as the mean of all, but less likely, and what a new gazetteer tells with weight 0.

Shapes: K tags, I intents, R rows, P places in a window, E features of a place.
"""

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from slotfill.config import DIRECT_WINDOW, ModelConfig
from slotfill.intents import SIGNS
from slotfill.tags import OUTSIDE
from slotfill.vocabulary import SPECIALS, UNKNOWN, LabelSet, Vocabularies, Vocabulary

Array = NDArray[np.float32]
_LESS_LIKELY = 5.0  # by so much is the score of a new label lower: one chance in 150


def joined(old: Vocabularies, new: Vocabularies, *, labels: bool) -> Vocabularies:
    """All words and characters of `old` under their ids, then those that `new` adds; the gazetteers are those of `new`.

    The tags and intents are those of both, or without `labels` those of `new`. Both have the same folding.
    """
    return Vocabularies(
        words=_extended(old.words, new.words),
        characters=_extended(old.characters, new.characters),
        tags=LabelSet((*old.tags.items, *new.tags.items)) if labels else new.tags,
        intents=LabelSet((*old.intents.items, *new.intents.items)) if labels else new.intents,
        gazetteers=new.gazetteers,
        fold=old.fold,
    )


def _extended(old: Vocabulary, new: Vocabulary) -> Vocabulary:
    known = old.items[len(SPECIALS) :]
    more = [item for item in new.items[len(SPECIALS) :] if item not in old]
    return Vocabulary([*known, *more], key=old.key)


def inherited(
    arrays: Mapping[str, Array], old: Vocabularies, fresh: Mapping[str, Array], new: Vocabularies, model: ModelConfig
) -> dict[str, Array]:
    """The first weights of a network with the vocabularies `new` from `arrays`, the weights of one with `old`.

    `fresh` are the random weights of the new network; they stay only where the old one has nothing of the kind.
    """
    tags_K, intents_I = rows_in(old.tags, new.tags), rows_in(old.intents, new.intents)
    outside_K = np.where(tags_K < 0, old.tags.id(OUTSIDE), tags_K)
    sets = model.intents in SIGNS
    more = _columns_added(old, new)
    rules: dict[str, Callable[[Array], Array]] = {
        "features.words": lambda a: _with_rows(a, len(new.words)),
        "features.characters": lambda a: _with_rows(a, len(new.characters)),
        "emissions.W": lambda a: a[outside_K],
        "emissions.b": lambda a: _lowered(a[outside_K], tags_K),
        "encoder.0.forward.W": lambda a: _widened(a, 2 * model.window + 1, more),
        "encoder.0.backward.W": lambda a: _widened(a, 2 * model.window + 1, more),
        "direct.W": lambda a: _widened(a[outside_K], 2 * DIRECT_WINDOW + 1, more),
        "crf.A": lambda a: a[np.append(outside_K, len(a) - 1)][:, outside_K],  # the last row is the start
        "intent.W": lambda a: _of_intents(a, intents_I, sets=sets),
        "intent.b": lambda a: _lowered(_of_intents(a, intents_I, sets=sets), intents_I),
    }
    if model.cell == "jordan":  # its cells score the tags, and see them
        rules |= {"V": rules["emissions.W"], "c": rules["emissions.b"]}
        rules["U"] = lambda a: np.where(tags_K >= 0, a[:, outside_K], 0)
    weights = dict(fresh)
    for name in fresh.keys() & arrays.keys():
        rule = rules.get(name) or rules.get(_key(name))
        array = arrays[name] if rule is None else rule(arrays[name])
        weights[name] = array.astype(np.float32)
    return weights


def are_old(arrays: Mapping[str, Array], old: Vocabularies, new: Vocabularies, model: ModelConfig) -> dict[str, Array]:
    """For each weight in `arrays` of a network with the vocabularies `new` 1 if it is from one with `old`, else 0."""
    tags_K, intents_I = rows_in(old.tags, new.tags) >= 0, rows_in(old.intents, new.intents) >= 0
    columns_PE, columns_QE = (
        _old_columns(arrays, name, places, _columns_added(old, new))
        for name, places in (("encoder.0.forward.W", 2 * model.window + 1), ("direct.W", 2 * DIRECT_WINDOW + 1))
    )
    parts: dict[str, NDArray[np.bool_]] = {
        "features.words": np.arange(len(new.words))[:, None] < len(old.words),
        "features.characters": np.arange(len(new.characters))[:, None] < len(old.characters),
        "emissions.W": tags_K[:, None],
        "emissions.b": tags_K,
        "encoder.0.forward.W": columns_PE,
        "encoder.0.backward.W": columns_PE,
        "direct.W": tags_K[:, None] & columns_QE,
        "crf.A": np.append(tags_K, True)[:, None] & tags_K,
        "intent.W": intents_I[:, None],
        "intent.b": intents_I,
    }
    if model.cell == "jordan":
        parts |= {"V": tags_K[:, None], "c": tags_K, "U": tags_K}
    return {
        name: np.ones_like(array) * parts.get(name, parts.get(_key(name), np.True_)) for name, array in arrays.items()
    }


def _columns_added(old: Vocabularies, new: Vocabularies) -> int:
    """How many features a token has more: two for each new gazetteer, after all others."""
    return 2 * (len(new.gazetteers.names) - len(old.gazetteers.names))


def _widened(a: Array, places: int, more: int) -> Array:
    """Weights (R, P E) with `more` columns of zeros after those of each place."""
    blocks_RPE = a.reshape(len(a), places, -1)
    return np.pad(blocks_RPE, ((0, 0), (0, 0), (0, more))).reshape(len(a), -1)


def _old_columns(arrays: Mapping[str, Array], name: str, places: int, more: int) -> NDArray[np.bool_]:
    """Which columns of a weight (R, P E) are of features that the old network had; (P E,), or (0,) without it."""
    if name not in arrays:
        return np.zeros(0, dtype=np.bool_)
    size = arrays[name].shape[1] // places
    return np.tile(np.arange(size) < size - more, places)


def _key(name: str) -> str:
    """The name of a weight without its layer: `U` for `encoder.0.forward.U`."""
    return name.rpartition(".")[2] if name.startswith("encoder.") else name


def rows_in(old: LabelSet, new: LabelSet) -> NDArray[np.int64]:
    """For each label of `new` its id in `old`, or -1."""
    return np.array([old.id(label) if label in old else -1 for label in new.items], dtype=np.int64)


def _with_rows(table: Array, size: int) -> Array:
    """A table with more rows, each that of the unknown string."""
    return np.concatenate([table, np.repeat(table[UNKNOWN : UNKNOWN + 1], size - len(table), axis=0)])


def _lowered(bias: Array, rows: NDArray[np.int64]) -> Array:
    return np.where(rows < 0, bias - _LESS_LIKELY, bias)


def _of_intents(a: Array, rows_I: NDArray[np.int64], *, sets: bool) -> Array:
    """Rows or biases of intents. A new one has the mean, which is never the largest; where they are sets, 0: none."""
    new = np.zeros_like(a[:1]) if sets else a.mean(axis=0, keepdims=True)
    return np.concatenate([a, new])[rows_I]  # -1 is the last
