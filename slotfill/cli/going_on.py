"""`slotfill train --from`: what it takes over, what it rehearses, and what it has forgotten, said aloud."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import typer

from slotfill.cli import console
from slotfill.cli.recipes import splits_of

if TYPE_CHECKING:
    from slotfill.config import Config
    from slotfill.readers import Source
    from slotfill.training.data import PooledSplits
    from slotfill.training.going_on import Start
    from slotfill.training.pipeline import Trained


def start_of_options(model: str | None, rehearse: Sequence[str] | None) -> "Start | None":
    """The model of --from, or None; BadParameter for a --rehearse that cannot be."""
    if model is None:
        if rehearse:
            raise typer.BadParameter("it goes with --from, the model to go on from", param_hint="--rehearse")
        return None
    from slotfill.training.going_on import NONE, start_of

    keeps = NONE not in (rehearse or ())
    if not keeps and rehearse != [NONE]:
        raise typer.BadParameter(f"{NONE} is for no data at all: leave it out, or the others", param_hint="--rehearse")
    return start_of(model, keeps=keeps)


def check_settings(start: "Start | None", config: "Config", data: Sequence[str] | None) -> None:
    """BadParameter without new data, ConfigError for settings of another network."""
    if start is None:
        return
    start.check(config)
    if not data and not config.data:
        raise typer.BadParameter(f"name the sentences that {start.name} shall learn", param_hint="--data")


def splits_with_old(
    start: "Start | None",
    sources: "Sequence[Source]",
    config: "Config",
    rehearse: Sequence[str] | None,
    *,
    on_error: str,
    quiet: bool,
) -> "tuple[PooledSplits, Config]":
    """The splits of the new data with those to rehearse, and the settings for all; notices say what will be done."""
    if start is None:
        return splits_of(sources, config, on_error=on_error, quiet=quiet), config
    from slotfill.training.going_on import NONE, pool_with, rehearsal_of

    rehearse = None if rehearse == [NONE] else rehearse
    rehearsal = rehearsal_of(start, rehearse, new=sources)
    splits, config, said = pool_with(rehearsal, sources, config, start, on_error=on_error, on_note=console.note)
    for line in () if quiet else said:
        console.notice(line)
    return splits, config


def say_what_was_kept(start: "Start | None", trained: "Trained", splits: "PooledSplits") -> None:
    """The slot F1 on the dev splits of the old data, before and now."""
    from slotfill.evaluation import scores_of
    from slotfill.tagger import Tagger

    old = [source for source in splits.sources if source.rehearsed and source.dev]
    if start is None or not old:
        return
    before, now = Tagger.of(start.bundle), trained.tagger
    for source in old:
        was, is_now = (scores_of(tagger, source.dev).micro.f1 for tagger in (before, now))
        console.notice(f"{source.label}: dev slot F1 {was:.4f} before, {is_now:.4f} now")
