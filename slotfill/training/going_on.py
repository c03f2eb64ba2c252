"""To go on from a model: what it knows is taken over, what it learnt from is rehearsed, and new labels are added.

A network that only learns new sentences forgets old ones (McCloskey & Cohen 1989). So every epoch also takes a sample
of the old data, where they are at hand (Robins 1995: rehearsal), and old weights take small steps.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from slotfill.bundle import Bundle
from slotfill.config import Config, DataConfig, differences, name_of
from slotfill.data_checks import digest_of
from slotfill.errors import ConfigError, DataError, InputError
from slotfill.readers import Source, find, hub, label_of, read_data, split_of
from slotfill.readers.reports import Notes
from slotfill.recipe_tables import NameList
from slotfill.schema import Example
from slotfill.tagger import find_bundle
from slotfill.tags import OUTSIDE, spans_of
from slotfill.tokenizer import fold
from slotfill.training.data import PooledSplits, SourceSplits, pool
from slotfill.training.inheritance import are_old, inherited, joined
from slotfill.training.mixture import Mixture
from slotfill.training.vocabularies import added_to
from slotfill.vocabulary import Vocabularies

if TYPE_CHECKING:
    from slotfill.network import SlotTagger
    from slotfill.training.anchor import Anchor

NONE = "none"  # in place of data to rehearse: the old labels may go
EPOCHS = 10
RATE = 1e-2
OLD_SHARE = 0.025  # of this rate for old weights: see slotfill/training/anchor.py
EMA = 0.999
REPLAYED = 2000  # old sentences an epoch, or as many as there are
SEEN = 400  # new sentences an epoch, with repetitions; and as many copies with other values
MOST = 8  # repetitions


@dataclass(frozen=True)
class Start:
    """The model that a training goes on from; without `keeps`, only its layers and words, not its labels."""

    name: str
    bundle: Bundle
    keeps: bool = True

    @cached_property
    def digest(self) -> str:
        """What tells the weights and vocabularies of this model from any others: 64 hexadecimal digits."""
        digest = hashlib.sha256(str(self.keeps).encode())
        vocabularies = self.bundle.vocabularies
        for items in (vocabularies.words, vocabularies.characters, vocabularies.tags, vocabularies.intents):
            digest.update(repr(items.items).encode(errors="surrogatepass"))
        for name, array in sorted(self.bundle.weights.items()):
            digest.update(name.encode() + np.ascontiguousarray(array).tobytes())
        return digest.hexdigest()

    def sources(self) -> list[tuple[str, Mapping[str, Any]]]:
        """The data sets that the model learnt from: names, and what its card says of each."""
        names = [table.source for table in self.bundle.config.data]
        return list(zip(names, self.bundle.training.get("data", ()), strict=False))

    @property
    def slots(self) -> set[str]:
        """The slots of the model that stay."""
        return _slots(self.bundle.vocabularies) if self.keeps else set()

    def to_dict(self) -> dict[str, Any]:
        """What a bundle says of it."""
        return {"model": name_of(self.name), "digest": self.digest, "labels": "kept" if self.keeps else "not kept"}

    @property
    def config(self) -> Config:
        """The settings to go on with, before those of the user: the network's own, and gentler ones to learn with."""
        old = self.bundle.config
        if not self.keeps:
            return Config(old.model, gazetteers=old.gazetteers)
        training = old.training._replace(epochs=EPOCHS, learning_rate=RATE, vectors="", patience=EPOCHS, ema=EMA)
        return old._replace(training=training, data=())

    def hand_over(self, network: "SlotTagger", vocabularies: Vocabularies) -> None:
        """Give a new network the weights of this model."""
        old = self.bundle
        network.load(inherited(old.weights, old.vocabularies, network.arrays(), vocabularies, self.config.model))

    def anchor(self, network: "SlotTagger", vocabularies: Vocabularies) -> "Anchor | None":
        """What holds the network near to this model."""
        from slotfill.training.anchor import Anchor

        is_old = are_old(network.arrays(), self.bundle.vocabularies, vocabularies, self.config.model)
        return Anchor(network, is_old, share=OLD_SHARE) if self.keeps else None

    def check(self, config: Config) -> None:
        """ConfigError if a setting asks for another network than that of the model, or for word vectors again."""
        if config.training.vectors:
            raise ConfigError(
                f"training.vectors is {config.training.vectors!r}: a training that goes on from {self.name} has the "
                "word vectors of its model: leave the setting out, or train anew without --from"
            )
        old, new = self.config, config
        changed = [d for d in differences(old, new) if d[0].startswith("model.")]
        if changed:
            name, before, after = changed[0]
            raise ConfigError(
                f"{name} was {before!r} and is {after!r}: a training that goes on from {self.name} has its network: "
                "leave the setting out, or train anew without --from"
            )


def start_of(model: str | Path, *, keeps: bool = True) -> Start:
    """The model of this name or folder, to go on from; BundleError if there is none."""
    return Start(str(model), find_bundle(model), keeps)


# why old data are not rehearsed, and what to do
_TAKEN = "the new data have this name"
_UNASKED = "not fetched unasked"
_OTHERS = "no longer the sentences that the model learnt from"
_ELSEWHERE = " (--rehearse PATH names what is elsewhere)"
_REMEDIES = {
    _TAKEN: " (--rehearse PATH names others of this name)",
    _UNASKED: " (--rehearse hub:NAME fetches it)",
    _OTHERS: " (--rehearse PATH takes what is there now)",
}


class Rehearsal(NamedTuple):
    """The old data that are at hand, with the settings for each, and a reason for each that is not."""

    sources: tuple[Source, ...] = ()
    settings: tuple[DataConfig, ...] = ()
    missing: tuple[tuple[str, str], ...] = ()  # a name and why


def rehearsal_of(start: Start, data: Sequence[Source] | None, *, new: Sequence[Source] = ()) -> Rehearsal:
    """The old data: `data`, or if it is None, those that the model says it learnt from, as far as they are found.

    They are looked for by their names, and beside the model and the new data; what is found so must be what the model
    learnt from. Those of `new` are left out.
    Each has the settings with which the model learnt from it. Raises InputError and DataError for `data` that cannot
    be read.
    """
    if not start.keeps:
        return Rehearsal()
    known = {table.source: table for table in start.bundle.config.data}
    if data is not None:
        names = [name_of(label_of(source)) for source in data]
        settings = [known.get(name, DataConfig())._replace(source=name) for name in names]
        return Rehearsal(tuple(data), tuple(settings))
    taken = {name_of(label_of(source)) for source in new}
    folders = _folders_beside(start.name, *(label_of(source) for source in new))
    found: list[Source] = []
    settings, missing = [], []
    for name, entry in start.sources():
        source, problem = (None, _TAKEN) if name in taken else _sought(name, entry, folders)
        if source is None:
            missing.append((name, problem))
        else:
            found.append(source)
            settings.append(known[name])
    return Rehearsal(tuple(found), tuple(settings), tuple(missing))


def _folders_beside(*paths: str) -> list[Path]:
    """The folders that these files and folders are in, each once; names of what ships are none."""
    return list(dict.fromkeys(Path(path).parent for path in paths if Path(path).exists()))


def _sought(name: str, entry: Mapping[str, Any], folders: Sequence[Path]) -> tuple[str | None, str]:
    """The data set of this name that `entry` of a model's card describes, by name or in one of the folders.

    With None comes why there is none.
    """
    if name.startswith(hub.PREFIX):
        return None, _UNASKED
    problem: str | None = "not found"
    for source in (name, *(str(folder / name) for folder in folders)):
        try:
            find(source)
        except InputError:
            continue
        problem = _misfit(source, entry)
        if problem is None:
            return source, ""
    return None, problem or ""


def _misfit(source: str, entry: Mapping[str, Any]) -> str | None:
    """Why this data set is not the one that `entry` of a model's card describes, or None if it is."""
    try:
        train = split_of(read_data(source, on_note=lambda note: None), "train")
    except (InputError, DataError):
        return "not readable"
    digest = entry.get("digest")
    sizes = (entry.get("train"), entry.get("train", 0) + entry.get("dev", 0))  # the second if dev was held out
    if digest_of(train) != digest if digest else len(train) not in sizes:
        return _OTHERS
    return None


def pool_with(
    rehearsal: Rehearsal,
    new: Sequence[Source],
    config: Config,
    start: Start,
    *,
    on_error: str = "stop",
    on_note: Notes | None = None,
) -> tuple[PooledSplits, Config, list[str]]:
    """Read the new data and the old, and put them together; with the settings for all of them, and what is to be said.

    Nothing is held out for dev of the new data, nor of old ones that the model learnt whole. Raises what `pool` does.
    """
    config = config._replace(data=(*config.data, *rehearsal.settings))
    sources = (*new, *rehearsal.sources)
    without_dev = {name for name, entry in start.sources() if not entry.get("dev")}
    whole = {
        number
        for number, source in enumerate(sources)
        if (start.keeps if number < len(new) else name_of(label_of(source)) in without_dev)
    }
    splits = pool(sources, config, on_error=on_error, on_note=on_note, whole=whole)
    said = [_learnt(start, splits, config.gazetteers)]
    if start.keeps:
        splits, config, more = _prepared(splits, config, start, rehearsal)
        said += more
    return splits, config, said


def _prepared(
    splits: PooledSplits, config: Config, start: Start, rehearsal: Rehearsal
) -> tuple[PooledSplits, Config, list[str]]:
    """The splits of new and old data, the last of `splits.sources`, with a share of each; and what is to be said.

    An epoch has all new sentences, several times if they are few, and a sample of the old ones, in which each data set
    has the part that it had when the model learnt. Old sentences that mention a value of a new slot without its label
    would teach the opposite, and are left out.
    """
    count = len(rehearsal.sources)
    new, old = splits.sources[: len(splits.sources) - count], splits.sources[len(splits.sources) - count :]
    values = _new_values(new, start.bundle.vocabularies)
    kept = tuple(
        replace(one, train=tuple(e for e in one.train if not _mentions(e, values)), rehearsed=True) for one in old
    )
    data = (*_new_shares(new, config.data[: len(new)]), *_old_shares(kept, rehearsal.settings))
    sources = (*new, *kept)
    in_domain = [source for source in sources if not source.out_of_domain]
    config = config._replace(data=data)
    mixture = Mixture.of(
        [one.train for one in sources],
        config=data,
        tokenizer=splits.tokenizer.tokenizer,
        lists=[one.names for one in config.gazetteers],
    )
    train = tuple(chain.from_iterable(source.train for source in in_domain))
    said = _said(kept, data[len(new) :], rehearsal)
    if left_out := sum(len(one.train) for one in old) - sum(len(one.train) for one in kept):
        said.append(f"left out {left_out} old sentences that mention a value of a new slot without its label")
    return replace(splits, train=train, mixture=mixture, sources=sources), config, said


def _new_shares(new: Sequence[SourceSplits], data: Sequence[DataConfig]) -> list[DataConfig]:
    """So often that there are `SEEN` of them, and as many copies; a table of the user's recipe stays as it is."""
    times = float(min(MOST, max(1, SEEN // max(1, sum(len(one.train) for one in new)))))
    plain = [one == DataConfig(one.source) for one in data]
    return [
        one._replace(share=times, substituted=1.0) if is_plain else one
        for one, is_plain in zip(data, plain, strict=True)
    ]


def _old_shares(old: Sequence[SourceSplits], settings: Sequence[DataConfig]) -> list[DataConfig]:
    """Shares in the proportions of `settings`, so that there are `REPLAYED` sentences."""
    total = sum(len(one.train) * s.share * (1 + s.substituted) for one, s in zip(old, settings, strict=True))
    part = min(1.0, REPLAYED / max(total, 1))
    return [one._replace(share=max(0.01, one.share * part)) for one in settings]


def _new_values(new: Sequence[SourceSplits], known: Vocabularies) -> set[tuple[str, ...]]:
    """The folded texts of the slots that the model does not have."""
    return {
        tuple(fold(token.text) for token in example.tokens[span.start : span.end])
        for source in new
        for example in source.train
        for span in spans_of(example.tags)
        if f"B-{span.name}" not in known.tags
    }


def _mentions(example: Example, values: set[tuple[str, ...]]) -> bool:
    """Whether one of these values is in a sentence outside of its slots."""
    words = [fold(token.text) for token in example.tokens]
    outside = [tag == OUTSIDE for tag in example.tags]
    return any(
        all(outside[start : start + len(value)]) and tuple(words[start : start + len(value)]) == value
        for value in values
        for start in range(len(words) - len(value) + 1)
    )


def _said(old: Sequence[SourceSplits], data: Sequence[DataConfig], rehearsal: Rehearsal) -> list[str]:
    """What is rehearsed, and what is not."""
    said = []
    for one, settings in zip(old, data, strict=True):
        count = round(len(one.train) * settings.share * (1 + settings.substituted))
        size = len(one.train)
        of = f"{count:,} of {size:,} sentences" if count <= size else f"{size:,} sentences {count / size:g} times"
        said.append(f"rehearses {one.label}: {of} an epoch")
    for problem in dict.fromkeys(problem for _, problem in rehearsal.missing):
        names = ", ".join(name for name, its in rehearsal.missing if its == problem)
        said.append(f"not rehearsed: {names}: {problem}{_REMEDIES.get(problem, _ELSEWHERE)}")
    if not old:
        said.append("nothing is rehearsed: old weights take small steps, and yet more will be forgotten")
    return said


def _learnt(start: Start, splits: PooledSplits, lists: Sequence[NameList]) -> str:
    """What a training adds to the words, labels and lists of the model, and what it leaves out, in one line."""
    old = start.bundle.vocabularies
    model = start.config.model
    now = joined(old, added_to(old, splits.train, model, lists=()), labels=start.keeps)
    words = len(now.words) - len(old.words)
    parts = [f"{words} new word{'' if words == 1 else 's'}"]
    both = (("slot", _slots(old), _slots(now)), ("intent", {*old.intents.items}, {*now.intents.items}))
    for what, before, after in both:
        parts += [f"new {what}s: {', '.join(sorted(after - before))}"] if after - before else []
        parts += [f"without {len(before - after)} of its {what}s"] if before - after else []
    known = {one.name: one.digest for one in start.bundle.config.gazetteers}
    fresh = [one for one in lists if one.names and one.name not in known]
    other = [one for one in lists if one.names and known.get(one.name, one.digest) != one.digest]
    for what, some in (("new lists", fresh), ("lists that replace its own", other)):
        parts += [f"{what}: {', '.join(f'{one.name} ({one.size:,})' for one in some)}"] if some else []
    return f"goes on from {start.name}: {'; '.join(parts)}"


def _slots(vocabularies: Vocabularies) -> set[str]:
    return {tag[2:] for tag in vocabularies.tags.items if tag != OUTSIDE}
