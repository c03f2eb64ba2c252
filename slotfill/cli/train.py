"""`slotfill train`: data in, a model folder out."""

import os
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from slotfill.cli import console, options
from slotfill.cli.progress import Bar
from slotfill.cli.recipes import data_of, settings_of, splits_of
from slotfill.errors import InputError

if TYPE_CHECKING:
    from slotfill.config import Config
    from slotfill.training.data import PooledSplits
    from slotfill.training.history import EpochReport
    from slotfill.training.pipeline import Trained


def train(
    data: options.DataOrRecipe = None,
    out: Annotated[Path, options.output("The folder of the new model.")] = Path("models/mine"),
    config_file: options.ConfigFile = None,
    assignments: options.Assignments = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with an interrupted training.")] = False,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace the model, or the interrupted training, that is there.")
    ] = False,
    seed: Annotated[int | None, typer.Option("--seed", min=0, help="Short for --set training.seed=N.")] = None,
    device: Annotated[str, typer.Option("--device", help="auto (a GPU where there is one), cpu or cuda.")] = "auto",
    on_error: options.OnError = "stop",
    quiet: options.Quiet = False,
) -> None:
    """Train a tagger; the best epoch on dev becomes the model.

    The same seed gives the same weights on the same machine's CPU. After each epoch a checkpoint is
    written beside the model's folder; `--resume` goes on from it to the weights that an uninterrupted
    run gives.

        slotfill train

        slotfill train --data ../atis --output models/atis --seed 2 --set model.hidden=200
    """
    from slotfill.config import from_assignments
    from slotfill.training.pipeline import DEVICES, device_of

    config = settings_of(config_file, assignments)
    if seed is not None:
        config = from_assignments([f"training.seed={seed}"], base=config)
    sources, config = data_of(data, config, quiet=quiet)
    if not out.name:
        raise typer.BadParameter(f"{out} has no name for a model", param_hint="--output")
    if device not in DEVICES:
        raise typer.BadParameter(f"{device!r} is not {', '.join(DEVICES)}", param_hint="--device")
    checkpoint = out.with_name(f"{out.name}.checkpoint")
    is_done = _check_folder(out, checkpoint, config, resume=resume, overwrite=overwrite)
    device = device_of(device)
    splits = splits_of(sources, config, on_error=on_error, quiet=quiet or is_done)
    if is_done:
        _check_data(out, config, splits)
        if not quiet:
            console.notice(f"{out} is complete: nothing to resume")
        return
    if problem := splits.tokenizer.problem():
        console.notice(f"warning: {problem}; eval --from-text scores what tag gives")
    if overwrite:  # only now, after every check
        checkpoint.unlink(missing_ok=True)
    try:
        trained = _train(config, splits, checkpoint, device=device, quiet=quiet)
    except KeyboardInterrupt:
        if checkpoint.exists():
            console.notice("interrupted: the same command with --resume goes on from the last whole epoch")
        raise
    trained.save(out, overwrite=True)  # `_check_folder` allowed it
    checkpoint.unlink(missing_ok=True)
    if not quiet:
        _print_summary(trained.bundle.training, out)
        _suggest_next(out, splits)


def _check_folder(out: Path, checkpoint: Path, config: "Config", *, resume: bool, overwrite: bool) -> bool:
    """Say whether the training to resume is complete, as far as its configuration tells.

    InputError if something in the way may not be replaced.
    """
    from slotfill.bundle import is_bundle

    if resume and overwrite:
        raise typer.BadParameter("--resume keeps what --overwrite replaces: give one of them")
    if out.exists() and not is_bundle(out):
        raise InputError(f"{out} exists and is not a model: choose another --output")
    _check_writable(out)
    if resume:
        return _is_complete(out, checkpoint, config)
    if overwrite:
        return False
    if checkpoint.exists():
        raise InputError(f"{checkpoint}: a training was interrupted: add --resume to go on, --overwrite to begin anew")
    if out.exists():
        raise InputError(f"{out} holds a model already: choose another --output, or add --overwrite")
    return False


def _is_complete(out: Path, checkpoint: Path, config: "Config") -> bool:
    from slotfill.bundle import is_bundle, read

    if not is_bundle(out) or checkpoint.exists():
        return False
    known = read(out).config
    if config.model.tokenizer == "auto":
        config = config._replace(model=config.model._replace(tokenizer=known.model.tokenizer))
    if known != config:
        raise InputError(f"{out} is complete, with another configuration: choose another --output, or --overwrite it")
    return True


def _check_writable(out: Path) -> None:
    """InputError if `out` cannot be written: now, and not after the first epoch."""
    nearest = next(folder for folder in out.absolute().parents if folder.exists())
    if not (nearest.is_dir() and os.access(nearest, os.W_OK)):
        raise InputError(f"{out}: cannot be written: {nearest} is not a folder that you may write to")


def _check_data(out: Path, config: "Config", splits: "PooledSplits") -> None:
    """InputError if a complete model was trained on other data."""
    from slotfill.bundle import read
    from slotfill.training.pipeline import Training

    if read(out).training.get("fingerprint") != Training(splits, config=config).fingerprint:
        raise InputError(f"{out} is complete, with other data: choose another --output, or --overwrite it")


def _train(config: "Config", splits: "PooledSplits", checkpoint: Path, *, device: str, quiet: bool) -> "Trained":
    """Train, with a bar or with a line for each epoch."""
    from slotfill.training.pipeline import Training

    epochs = config.training.epochs
    total = epochs * splits.sentences_an_epoch
    with Bar(f"epoch 1/{epochs}", total=total, quiet=quiet) as bar:
        training = Training(splits, config=config, device=device, checkpoint=checkpoint, on_batch=bar.advance)
        for report in training:
            bar.say(
                _line(report, epochs=epochs),
                description=f"epoch {min(report.epoch + 1, epochs)}/{epochs}",
                detail=f"dev F1 {report.f1:.4f}, {report.sentences_per_second:,.0f} sentences/s",
            )
    return training.finish()


def _line(report: "EpochReport", *, epochs: int) -> str:
    intent = "" if report.intent_accuracy is None else f"  intent {report.intent_accuracy:.4f}"
    return (
        f"epoch {report.epoch:>3}/{epochs}  loss {report.loss:.4f}  dev F1 {report.f1:.4f}"
        f"  sentences {report.sentence_accuracy:.4f}{intent}  {report.sentences_per_second:,.0f} sentences/s"
        f"{'  *' if report.best else ''}"
    )


def _print_summary(training: Mapping[str, Any], out: Path) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    dev = training["dev"]
    rows = Table(box=SIMPLE_HEAD, show_header=False, title=str(out), title_justify="left", title_style="bold")
    rows.add_row("dev slot F1 (strict IOB2)", f"{dev['f1']:.4f}")
    rows.add_row("dev sentence accuracy", f"{dev['sentence_accuracy']:.4f}")
    if dev["intent_accuracy"] is not None:
        rows.add_row("dev intent accuracy", f"{dev['intent_accuracy']:.4f}")
    rows.add_row("best epoch", f"{training['best_epoch']} of {training['epochs']}")
    rows.add_row("parameters", f"{training['parameters']:,}")
    rows.add_row("CPU-seconds", f"{training['cpu_seconds']:.0f}")
    console.stderr().print(rows)


def _suggest_next(out: Path, splits: "PooledSplits") -> None:
    tested = [source.label for source in splits.sources if source.test and not source.out_of_domain]
    if tested:
        options = " ".join(f"--data {shlex.quote(label)}" for label in tested)
        console.notice(f"next: slotfill eval --model {shlex.quote(str(out))} {options}")
