"""What `train` and `compare` share: settings and data from the options, with notices about them."""

import shlex
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from slotfill.cli import console

if TYPE_CHECKING:
    from slotfill.config import Config
    from slotfill.readers import Source
    from slotfill.schema import Example
    from slotfill.training.data import PooledSplits


NEXT_TO_NOTHING = 0.05  # an F1 below which a net has hardly learnt any slot
TOO_LITTLE = (
    "hardly any slot was learnt: are the labels right (slotfill data check)? If training.epochs, batch_size or "
    "learning_rate are set, leave them out, so that they follow the size of the data; else more sentences are needed"
)


def settings_of(
    config_file: Path | None, assignments: Sequence[str] | None, *, base: "Config | None" = None
) -> "Config":
    """`base` or the defaults, changed by --config and then by --set."""
    from slotfill.config import from_assignments, from_toml

    config = base if config_file is None else from_toml(config_file, base=base)
    return from_assignments(assignments or [], base=config)


def data_of(data: list[str] | None, config: "Config", *, quiet: bool = False) -> "tuple[list[Source], Config]":
    """The data sets, by --data or else by the recipe; a notice names those that the recipe has no settings for."""
    from slotfill.config import name_of
    from slotfill.readers import label_of
    from slotfill.training.data import with_sources

    described = [settings.source for settings in config.data]
    sources, config = with_sources(data or None, config)
    if described and not quiet:
        for source, settings in zip(sources, config.data, strict=True):
            if settings.source not in map(name_of, described):
                tables = f"the recipe has [[data]] only for {', '.join(described)}"
                is_only = len(sources) == len(described) == 1
                used = "it is used in the same way" if is_only else "all of it is used as it is"
                console.notice(f"{label_of(source)}: {tables}: {used}")
    return sources, config


def splits_of(
    sources: "Sequence[Source]", config: "Config", *, on_error: str = "stop", quiet: bool = False
) -> "PooledSplits":
    """The pooled splits; a notice says what was held out for dev, or that there is no dev split."""
    from slotfill.training.data import pool

    splits = pool(sources, config, on_error=on_error, on_note=console.note)
    for source in splits.sources:
        if source.held_out and not quiet:
            sentences = source.held_out + len(source.train)
            console.notice(
                f"{source.label} has no dev split: held out {source.held_out} of {sentences} sentences of train"
            )
    if not splits.dev and not quiet:
        console.notice(_without_dev(splits, config))
    return splits


def _without_dev(splits: "PooledSplits", config: "Config") -> str:
    """What becomes of the sentences, and what tells how good the model is."""
    from slotfill.config import Config, DataConfig, differences

    count = len(splits.train)
    every = f"all {count:,} sentences are" if count > 1 else "the one sentence is"
    said = f"no dev split: {every} trained on, and the last epoch counts"
    folds = min(5, len({example.text.casefold() for example in splits.train}))
    if folds < 2:
        return said
    data = " ".join(f"--data {shlex.quote(source.label)}" for source in splits.sources)
    is_changed = any(one != DataConfig(one.source) for one in config.data)
    is_changed |= bool(differences(Config(), config._replace(data=())))
    settings = " (with the same --config and --set)" if is_changed else ""
    return f"{said}; `slotfill eval --folds {folds} {data}`{settings} tells how good that is"


def say_unlabelled(examples: "Iterable[Example]", names: Iterable[str], *, quiet: bool) -> None:
    """Say that only intents are learnt where no sentence has a slot; InputError if none has an intent either."""
    from slotfill.errors import InputError
    from slotfill.tags import OUTSIDE

    has_intents = False
    for example in examples:
        if set(example.tags) - {OUTSIDE}:
            return
        has_intents |= example.intent is not None
    if not has_intents:
        raise InputError(
            f"{', '.join(names)}: no sentence has a slot or an intent, so that there is nothing to learn: write labels "
            "as in a table for [two](people), or see docs/formats.md for where else they may be"
        )
    if not quiet:
        console.notice("no sentence has a slot: only intents are learnt")
