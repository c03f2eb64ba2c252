"""`slotfill train`: data in, a model folder out."""

import os
import shlex
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from slotfill.cli import console, options
from slotfill.cli.progress import Bar
from slotfill.errors import InputError, MissingExtraError

if TYPE_CHECKING:
    from slotfill.config import Config
    from slotfill.schema import Example
    from slotfill.training.augmentation import Mixture
    from slotfill.training.loop import EpochReport

_HELD_OUT = 10  # one sentence in so many plays dev where no data set has a dev part


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
    quiet: options.Quiet = False,
) -> None:
    """Train a tagger; the best epoch on dev becomes the model.

    The same seed gives the same weights on the same machine's CPU. After each epoch a checkpoint is
    written beside the model's folder; `--resume` goes on from it to the weights that an uninterrupted
    run gives.

        slotfill train

        slotfill train --data ../atis --output models/atis --seed 2 --set model.hidden=200
    """
    from slotfill import config as settings

    config = settings.from_toml(config_file) if config_file is not None else settings.Config()
    config = settings.from_assignments(assignments or [], base=config)
    if seed is not None:
        config = settings.from_assignments([f"training.seed={seed}"], base=config)
    sources, config = sources_of(data, config, quiet=quiet)
    if not out.name:
        raise typer.BadParameter(f"{out} has no name that a model could bear", param_hint="--output")
    checkpoint = out.with_name(f"{out.name}.checkpoint")
    is_done = _is_done(out, checkpoint, config, resume=resume, overwrite=overwrite)
    needs_torch("training")
    device = _device(device)
    material = gather(sources, config, quiet=quiet or is_done)
    if is_done:
        _check_data(out, config, material)
        if not quiet:
            console.notice(f"{out} is complete: nothing to resume")
        return
    if overwrite:  # only now, when nothing else can be wrong
        checkpoint.unlink(missing_ok=True)
    try:
        _train(config, material, out, checkpoint, device=device, quiet=quiet)
    except KeyboardInterrupt:
        if checkpoint.exists():
            console.notice("interrupted: the same command with --resume goes on from the last whole epoch")
        raise
    tested = [
        source
        for source, part, data_config in zip(sources, material.description, config.data, strict=True)
        if part["test"] and not data_config.out_of_domain
    ]
    if tested and not quiet:
        data_options = " ".join(f"--data {shlex.quote(source)}" for source in tested)
        console.notice(f"next: slotfill eval --model {shlex.quote(str(out))} {data_options}")


def sources_of(data: list[str] | None, config: "Config", *, quiet: bool = False) -> tuple[list[str], "Config"]:
    """Where the data sets are, by `--data` or else by the recipe, and the configuration with what it says of each."""
    from slotfill.config import name_of, of_sources

    described = [part.source for part in config.data]
    sources = data or described or ["travel"]
    config = config._replace(data=of_sources(sources, config.data))
    if described and not quiet:
        for source, part in zip(sources, config.data, strict=True):
            if part.source not in map(name_of, described):
                tables = f"the recipe has [[data]] for {', '.join(described)} alone"
                console.notice(f"{source}: {tables}: all of it is learnt from as it is")
    return sources, config


def _is_done(out: Path, checkpoint: Path, config: "Config", *, resume: bool, overwrite: bool) -> bool:
    """Look at what is there already: nothing is ever lost that was not asked to be.

    True if it is the whole model that was to be resumed, as far as its configuration tells.
    """
    from slotfill.bundle import is_bundle, read

    if resume and overwrite:
        raise typer.BadParameter("--resume keeps what --overwrite replaces: give one of them")
    if out.exists() and not is_bundle(out):
        raise InputError(f"{out} exists and is not a model: choose another --output")
    nearest = next(folder for folder in out.absolute().parents if folder.exists())
    if not (nearest.is_dir() and os.access(nearest, os.W_OK)):  # said now, not after the first epoch
        raise InputError(f"{out}: cannot be written: {nearest} is no folder that one may write to")
    if resume:
        if not is_bundle(out) or checkpoint.exists():
            return False
        if read(out).config != config:
            raise InputError(
                f"{out} is complete, with another configuration: choose another --output, or --overwrite it"
            )
        return True
    if overwrite:
        return False
    if checkpoint.exists():
        raise InputError(f"{checkpoint}: a training was interrupted: add --resume to go on, --overwrite to begin anew")
    if out.exists():
        raise InputError(f"{out} holds a model already: choose another --output, or add --overwrite")
    return False


def _check_data(out: Path, config: "Config", material: "Material") -> None:
    """InputError if a model that is complete has learnt from other data."""
    from slotfill.bundle import read
    from slotfill.training.augmentation import build_vocabularies
    from slotfill.training.loop import fingerprint

    vocabularies = build_vocabularies(material.train, config.model)
    identity = fingerprint(config, vocabularies, material.train, material.dev, material.mixture)
    if read(out).training.get("fingerprint") != identity:
        raise InputError(f"{out} is complete, with other data: choose another --output, or --overwrite it")


def needs_torch(feature: str) -> None:
    """Say at once, and not after minutes of reading data, that the extra is missing."""
    try:
        import torch  # noqa: F401
    except ModuleNotFoundError:
        raise MissingExtraError(feature, extra="train") from None


def _device(asked: str) -> str:
    import torch

    if asked not in ("auto", "cpu", "cuda"):
        raise typer.BadParameter(f"{asked!r} is not auto, cpu or cuda", param_hint="--device")
    if asked == "cuda" and not torch.cuda.is_available():
        raise InputError("--device cuda: torch sees no GPU here: use --device cpu")
    if asked == "auto":
        return "cuda" if torch.cuda.is_available() else "cpu"
    return asked


class Material(NamedTuple):
    """What a training learns from and is judged by."""

    train: tuple["Example", ...]  # without what is out_of_domain
    dev: tuple["Example", ...]
    mixture: "Mixture | None"  # what each epoch takes; None: all of `train`
    description: list[dict[str, Any]]  # each data set's name, and how large its parts are


def gather(sources: list[str], config: "Config", *, quiet: bool = False) -> Material:
    """All train parts and all dev parts (a tenth of train where there is none), as `config.data` says of each."""
    import random

    from slotfill.readers import load, split_of
    from slotfill.training.augmentation import Mixture

    train_parts: list[list[Example]] = []
    dev_part: list[Example] = []
    description = []
    for source, part in zip(sources, config.data, strict=True):
        dataset = load(source)
        train_here = list(split_of(dataset, "train"))
        dev_here = list(dataset.splits.get("dev", ()))
        if not dev_here:
            random.Random(config.training.seed).shuffle(train_here)  # noqa: S311  # no secret
            cut = max(1, len(train_here) // _HELD_OUT)
            dev_here, train_here = train_here[:cut], train_here[cut:]
            if not quiet:
                console.notice(f"{source} has no dev part: held out for it, sentences of train: {cut}")
        if part.out_of_domain:  # learnt from, but neither its words nor its labels are known
            dev_here = []
        train_parts.append(train_here)
        dev_part += dev_here
        test_here = len(dataset.splits.get("test", ()))
        description.append({"source": dataset.name, "train": len(train_here), "dev": len(dev_here), "test": test_here})
    if not any(train_parts):
        raise InputError(f"{', '.join(sources)}: too few sentences to train on")
    own = [
        e for examples, part in zip(train_parts, config.data, strict=True) if not part.out_of_domain for e in examples
    ]
    return Material(tuple(own), tuple(dev_part), Mixture.of(train_parts, config=config.data), description)


def _train(
    config: "Config",
    material: Material,
    out: Path,
    checkpoint: Path,
    *,
    device: str,
    quiet: bool,
) -> None:
    from slotfill.bundle import write
    from slotfill.tagger import Tagger
    from slotfill.training.augmentation import build_vocabularies
    from slotfill.training.bundling import to_bundle
    from slotfill.training.calibration import best_temperature
    from slotfill.training.loop import build, evaluate, fingerprint, fit

    train_part, dev_part, mixture, description = material
    vocabularies = build_vocabularies(train_part, config.model)
    network = build(config, vocabularies)
    history: list[EpochReport] = []
    epochs = config.training.epochs
    with Bar(f"epoch 1/{epochs}", total=epochs * len(mixture or train_part), quiet=quiet) as bar:
        for report in fit(
            network,
            train_part,
            dev_part,
            config=config,
            vocabularies=vocabularies,
            device=device,
            mixture=mixture,
            checkpoint=checkpoint,
            on_batch=bar.advance,
        ):
            history.append(report)
            coming = min(report.epoch + 1, epochs)
            bar.say(
                _line(report, epochs=epochs),
                description=f"epoch {coming}/{epochs}",
                detail=f"dev F1 {report.f1:.4f}, {report.sentences_per_second:,.0f} sentences/s",
            )
    tagger = Tagger(config.model, vocabularies, network.arrays())
    network.temperature.fill_(best_temperature(tagger, dev_part))
    scores = evaluate(network, dev_part, config=config, vocabularies=vocabularies)
    # the scores are without the held-out cities; whoever uses the model shall have them
    whole = build_vocabularies(train_part, config.model, unseen=True)
    bundle = to_bundle(
        network,
        config=config,
        vocabularies=whole,
        history=[asdict(report) for report in history],
        scores=scores,
        data=description,
        fingerprint=fingerprint(config, vocabularies, train_part, dev_part, mixture),
    )
    write(bundle, out, overwrite=True)  # whether it may was decided before the training
    checkpoint.unlink(missing_ok=True)
    if not quiet:
        _print_summary(bundle.training, out)


def _line(report: "EpochReport", *, epochs: int) -> str:
    intent = "" if report.intent_accuracy is None else f"  intent {report.intent_accuracy:.4f}"
    return (
        f"epoch {report.epoch:>3}/{epochs}  loss {report.loss:.4f}  dev F1 {report.f1:.4f}"
        f"  sentences {report.sentence_accuracy:.4f}{intent}  {report.sentences_per_second:,.0f} sentences/s"
        f"{'  *' if report.best else ''}"
    )


def _print_summary(training: Any, out: Path) -> None:
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
