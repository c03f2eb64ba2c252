"""What `train` and `compare` share: settings and data from the options, with notices about them."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from slotfill.cli import console

if TYPE_CHECKING:
    from slotfill.config import Config
    from slotfill.readers import Source
    from slotfill.training.data import PooledSplits


NEXT_TO_NOTHING = 0.05  # an F1 below which a net has hardly learnt any slot
TOO_LITTLE = (
    "hardly any slot was learnt: train for longer (--set training.epochs=50) or on more sentences; "
    "with few of them, smaller batches help too (--set training.batch_size=8)"
)


def settings_of(config_file: Path | None, assignments: Sequence[str] | None) -> "Config":
    """The defaults, changed by --config and then by --set."""
    from slotfill.config import config_of, from_assignments

    return from_assignments(assignments or [], base=config_of(config_file))


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
                console.notice(f"{label_of(source)}: {tables}: all of it is used as it is")
    return sources, config


def splits_of(sources: "Sequence[Source]", config: "Config", *, quiet: bool = False) -> "PooledSplits":
    """The pooled splits; a notice says what was held out for dev."""
    from slotfill.training.data import pool

    splits = pool(sources, config)
    for source in splits.sources:
        if source.held_out and not quiet:
            sentences = source.held_out + len(source.train)
            console.notice(
                f"{source.label} has no dev split: held out {source.held_out} of {sentences} sentences of train"
            )
    return splits
