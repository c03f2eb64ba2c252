"""`slotfill train`: data in, a model folder out."""

import os
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from slotfill.cli import completions, console, options
from slotfill.cli.going_on import check_settings, say_what_was_kept, splits_with_old, start_of_options
from slotfill.cli.progress import Bar
from slotfill.cli.recipes import NEXT_TO_NOTHING, TOO_LITTLE, data_of, say_unlabelled, settings_of
from slotfill.cli.targets import check_target
from slotfill.errors import InputError
from slotfill.files import alone

if TYPE_CHECKING:
    from collections.abc import Iterator

    from slotfill.config import Config
    from slotfill.training.data import PooledSplits
    from slotfill.training.going_on import Start
    from slotfill.training.history import EpochReport
    from slotfill.training.pipeline import Trained, Training


def train(
    data: options.DataOrRecipe = None,
    out: Annotated[Path, options.output("The folder of the new model.", metavar="FOLDER")] = Path("models/mine"),
    config_file: options.ConfigFile = None,
    assignments: options.Assignments = None,
    model: Annotated[
        str | None,
        typer.Option(
            "--from", metavar="MODEL", help="Go on from this model: name or folder.", autocompletion=completions.models
        ),
    ] = None,
    rehearse: Annotated[
        list[str] | None,
        typer.Option(
            "--rehearse",
            metavar="DATA",
            help="With --from: old data to learn again, lest they be forgotten; may be repeated. "
            "Default: what the model learnt from, where it is found. none: the old labels may go.",
            autocompletion=completions.data_sets,
        ),
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with an interrupted training.")] = False,
    finish: Annotated[
        bool,
        typer.Option("--finish", help="Make a model of the best epoch of an interrupted training."),
    ] = False,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace the model, or the interrupted training, that is there.")
    ] = False,
    seed: Annotated[int | None, typer.Option("--seed", min=0, help="Short for --set training.seed=N.")] = None,
    device: Annotated[
        str, typer.Option("--device", metavar="NAME", help="auto (a GPU where there is one), cpu or cuda.")
    ] = "auto",
    watch: Annotated[
        list[str] | None,
        typer.Option(
            "--watch",
            metavar="TEXT",
            help="Tag this text after each epoch, and measure how far back the net learns; may be repeated. "
            "Without a text: `arrive Taipei on November 2nd` and its twin.",
        ),
    ] = None,
    on_error: options.OnError = "stop",
    quiet: options.Quiet = False,
) -> None:
    """Train a tagger; the best epoch on dev becomes the model, or the last one where there is no dev split.

    The same seed gives the same weights on the same machine's CPU. After each epoch a checkpoint is
    written beside the model's folder; `--resume` goes on from it to the weights that an uninterrupted
    run gives. `--finish` makes a model of the best epoch so far; `--resume` may still go on after it.

    With `--from`, a model learns more: its words, labels and lists stay, those of --data and --config are added, and
    its last epoch counts.

        slotfill train

        slotfill train --data ../atis --output models/atis --set training.epochs=5

        slotfill train --from travel --data seats.markup --output models/seats

        slotfill train --data twins --config recipes/tiny.toml --watch
    """
    from slotfill.config import from_assignments
    from slotfill.training.pipeline import DEVICES, device_of

    start = start_of_options(model, rehearse)
    config = settings_of(config_file, assignments, base=None if start is None else start.config)
    check_settings(start, config, data)
    if seed is not None:
        config = from_assignments([f"training.seed={seed}"], base=config)
    sources, config = data_of(data, config, quiet=quiet)
    if not out.name:
        raise typer.BadParameter(f"{out} has no name for a model", param_hint="--output")
    if device not in DEVICES:
        raise typer.BadParameter(f"{device!r} is not {', '.join(DEVICES)}", param_hint="--device")
    checkpoint = out.with_name(f"{out.name}.checkpoint")
    if resume + overwrite + finish > 1:
        raise typer.BadParameter("--resume and --finish keep what --overwrite replaces: give one of the three")
    if config_file is not None:
        check_target(out, overwrite=True, inputs=(config_file,))
    with alone(out):
        is_done = _check_folder(
            out, checkpoint, config, resume=resume, overwrite=overwrite, finish=finish, goes_on=start is not None
        )
        device = device_of(device)
        splits, config = splits_with_old(start, sources, config, rehearse, on_error=on_error, quiet=quiet or is_done)
        if start is None:  # one to go on from has labels of its own, and may learn what has none
            say_unlabelled(splits.train, [source.label for source in splits.sources], quiet=quiet or is_done)
        _say_unread(config, splits, start, quiet=quiet)
        _say_sets(config, splits, quiet=quiet or is_done)
        if is_done:
            _check_data(out, config, splits, start)
            _take_kinds(out, config, quiet=quiet)
            return
        if problem := splits.tokenizer.problem():
            console.notice(
                f"warning: {problem}; eval --from-text scores what tag gives, tag --tokens keeps tokens that are given"
            )
        if overwrite:  # only now, after every check
            checkpoint.unlink(missing_ok=True)
        try:
            trained = _train(
                config, splits, checkpoint, device=device, quiet=quiet, further=not finish, start=start, watch=watch
            )
        except KeyboardInterrupt:
            if checkpoint.exists():
                _say_how_to_go_on()
            raise
        trained.save(out, overwrite=True)  # `_check_folder` allowed it
        if not finish:
            checkpoint.unlink(missing_ok=True)
        if not quiet:
            _print_summary(trained, splits, out)
            say_what_was_kept(start, trained, splits)
            _suggest_next(out, splits)


def _say_how_to_go_on() -> None:
    command = [word for word in sys.argv[1:] if word not in ("--resume", "--finish", "--overwrite", "--force")]
    typed = f"slotfill {shlex.join(command)}"
    console.notice(f"interrupted; to go on from the last whole epoch:\n  {typed} --resume")
    console.notice(f"to make a model of the best epoch so far:\n  {typed} --finish")


def _check_folder(
    out: Path, checkpoint: Path, config: "Config", *, resume: bool, overwrite: bool, finish: bool, goes_on: bool
) -> bool:
    """Say whether the training to resume is complete, as far as its configuration tells.

    InputError if something in the way may not be replaced.
    """
    from slotfill.bundle import is_bundle

    if out.exists() and not is_bundle(out):
        raise InputError(f"{out} exists and is not a model: choose another --output")
    _check_writable(out)
    if finish and not checkpoint.exists():
        raise InputError(f"{checkpoint}: no interrupted training is there: leave out --finish to train")
    if finish:
        return False
    if resume:
        return _is_complete(out, checkpoint, config, goes_on=goes_on)
    if overwrite:
        return False
    if checkpoint.exists():
        choices = "add --resume to go on, --finish to make a model of its best epoch, or --overwrite to begin anew"
        raise InputError(f"{checkpoint}: a training was interrupted: {choices}")
    if out.exists():
        raise InputError(f"{out} holds a model already: choose another --output, or add --overwrite")
    return False


def _is_complete(out: Path, checkpoint: Path, config: "Config", *, goes_on: bool) -> bool:
    from slotfill.bundle import is_bundle, read
    from slotfill.config import differences, told

    if not is_bundle(out) or checkpoint.exists():
        return False
    known = read(out).config
    if goes_on:  # the shares of data sets follow from their sizes, which `_check_data` compares
        config = config._replace(data=known.data)
    autos = ("tokenizer", "folding", "intents", "affixes", "gazetteers")
    model = {key: getattr(known.model, key) for key in autos if getattr(config.model, key) == "auto"}
    paces = ("epochs", "batch_size", "learning_rate", "patience")
    training = {key: getattr(known.training, key) for key in paces if not getattr(config.training, key)}
    config = config._replace(model=config.model._replace(**model), training=config.training._replace(**training))
    if different := differences(known, config):
        problem = f"{out} is complete, with another configuration: {told(different)}"
        raise InputError(f"{problem}; or choose another --output, or --overwrite it")
    return True


def _check_writable(out: Path) -> None:
    """InputError if `out` cannot be written: now, and not after the first epoch."""
    nearest = next(folder for folder in out.absolute().parents if folder.exists())
    if not (nearest.is_dir() and os.access(nearest, os.W_OK)):
        raise InputError(f"{out}: cannot be written: {nearest} is not a folder that you may write to")


def _check_data(out: Path, config: "Config", splits: "PooledSplits", start: "Start | None") -> None:
    """InputError if a complete model was trained on other data."""
    from slotfill.bundle import read
    from slotfill.training.pipeline import Training

    if read(out).training.get("fingerprint") != Training(splits, config=config, start=start).fingerprint:
        raise InputError(f"{out} is complete, with other data: choose another --output, or --overwrite it")


def _take_kinds(out: Path, config: "Config", *, quiet: bool) -> None:
    """Give a complete model the [slots] of the recipe, which decide no weights."""
    from slotfill.bundle import read, write

    bundle = read(out)
    is_new = bundle.config.slots != config.slots
    if is_new:
        write(bundle._replace(config=bundle.config._replace(slots=config.slots)), out, overwrite=True)
    if not quiet:
        done = "it now has the kinds of slots that [slots] gives" if is_new else "nothing to resume"
        console.notice(f"{out} is complete: {done}")


def _say_unread(config: "Config", splits: "PooledSplits", start: "Start | None", *, quiet: bool) -> None:
    """Say which slots of the data have no value by the kinds of the recipe; ConfigError for a kind of no slot.

    A model to go on from has slots, too, whose sentences need not be at hand.
    """
    if not config.slots:
        return
    from slotfill.resolvers.unread import unread_of
    from slotfill.slot_kinds import check_names
    from slotfill.tags import spans_of

    examples = (*splits.train, *splits.dev)
    names = {name for example in examples for _, _, name in spans_of(example.tags)}
    check_names(config.slots, names if start is None else names | start.slots)
    for unread in () if quiet else unread_of(examples, config.slots):
        console.notice(str(unread))


def _say_sets(config: "Config", splits: "PooledSplits", *, quiet: bool) -> None:
    """Say that intents are learnt as sets, and how they are not, unless the recipe decides it."""
    from slotfill.intents import ONE, fitting, parts_of

    intents = [example.intent for example in splits.train]
    if config.model.intents == "auto" and not quiet and fitting(intents) != ONE:
        example = next(name for name in intents if name is not None and len(parts_of(name)) > 1)
        console.notice(
            f"intents such as {example} are learnt as sets of {' and '.join(parts_of(example))}: any may be together "
            "(--set model.intents=one: only whole names are learnt)"
        )


def _say_lists(config: "Config", splits: "PooledSplits", start: "Start | None", *, quiet: bool) -> None:
    """Say how many slots are in each list of the recipe: a tagger can only learn to trust one that has some.

    Not of lists that a model to go on from has: it has learnt what they are for.
    """
    known = set() if start is None else {one.name for one in start.bundle.config.gazetteers}
    lists = [one for one in config.gazetteers if one.names and one.name not in known]
    if quiet or not lists:
        return
    from slotfill.training.vocabularies import slots_in

    for one in lists:
        found, slots = slots_in(one.names, splits.train, model=config.model)
        said = f"list {one.name}: {console.counted(one.size, 'name')}; {found:,} of {slots:,} slots of train are in it"
        if found:
            console.notice(said)
        else:
            console.warn(f"{said}: the tagger cannot learn what it is for: train on sentences with names of the list")


def _train(
    config: "Config",
    splits: "PooledSplits",
    checkpoint: Path,
    *,
    device: str,
    quiet: bool,
    further: bool,
    start: "Start | None",
    watch: list[str] | None,
) -> "Trained":
    """Train, with a bar or with a line for each epoch, which fits 80 columns; `*` marks the best so far."""
    from slotfill.cli.watching import Watch
    from slotfill.training.pipeline import Training, fitted

    settings, config = config, fitted(config, splits)
    epochs = config.training.epochs
    total = epochs * splits.sentences_an_epoch
    _say_pace(settings, config, splits, quiet=quiet)
    _say_lists(config, splits, start, quiet=quiet)
    with Bar(f"epoch 1/{epochs}", total=total, quiet=quiet) as bar:
        training = Training(
            splits,
            config=config,
            device=device,
            checkpoint=checkpoint,
            on_batch=bar.advance,
            further=further,
            start=start,
        )
        if (known := training.words_with_vectors) is not None:
            bar.say(_about_vectors(config.training.vectors, *known))
        watching = Watch(bar, watch) if watch and not quiet else None
        for line, detail in epoch_lines(training):
            description = f"epoch {min(len(training.history) + 1, epochs)}/{epochs}"
            if line is None:
                bar.describe(description, detail=detail)
            else:
                bar.say(line, description=description, detail=detail)
            if watching is not None:
                watching.epoch(training, is_said=line is not None)
        if watching is not None:
            watching.close()
    return training.finish()


_FEW_KNOWN = 0.3  # of the words of train: word vectors that have so few are hardly those that were meant


def _about_vectors(file: str, known: int, words: int) -> str:
    """How many words of train have a vector in the file.

    >>> _about_vectors("glove.txt", 0, 45)
    'warning: glove.txt has vectors for only 0 of the 45 words of train: are they of its language, and all there?'
    """
    name = Path(file).name
    if known < _FEW_KNOWN * words:
        few = f"has vectors for only {known:,} of the {words:,} words of train"
        return f"warning: {name} {few}: are they of its language, and all there?"
    return f"{name} has vectors for {known:,} of the {words:,} words of train"


_MOST_LINES = 25  # of epochs; with few sentences there are many


def _say_pace(config: "Config", fitted: "Config", splits: "PooledSplits", *, quiet: bool) -> None:
    """Say which settings follow the size of the data, and what they are."""
    chosen = {
        name: value
        for name, value in fitted.training._asdict().items()
        if name in ("epochs", "batch_size", "learning_rate") and not getattr(config.training, name)
    }
    sentences = console.counted(len(splits.train), "sentence")
    if chosen and not quiet:
        settings = ", ".join(f"{name} {value:g}" for name, value in chosen.items())
        console.notice(f"for {sentences}: {settings} (--set training.NAME=... for others)")
    if config.model.affixes == "auto" and fitted.model.affixes == "yes" and not quiet:
        affixes = "words are also read by their affixes (--set model.affixes=no: they are not)"
        console.notice(f"for {sentences}: {affixes}")
    if config.model.gazetteers == "auto" and fitted.model.gazetteers == "yes" and not quiet:
        from slotfill.folding import entry_of
        from slotfill.training.vocabularies import share_in_gazetteers

        share = share_in_gazetteers(splits.train, fold=entry_of(fitted.model.folding))
        console.notice(
            f"{share:.0%} of the slots are in slotfill's lists of cities, airports and airlines: it reads which words "
            "are in them (--set model.gazetteers=no: it does not)"
        )


def epoch_lines(training: "Training") -> "Iterator[tuple[str | None, str]]":
    """Train, and say of each epoch how it went: in a line, or in None where there are too many; and in few words."""
    epochs = training.config.training.epochs
    every = -(-epochs // _MOST_LINES)
    for report in training:
        score = f"dev F1 {report.f1:.4f}" if training.splits.dev else f"loss {report.loss:.3f}"
        is_said = report.epoch % every == 0 or report.epoch in (1, epochs)
        line = _epoch_line(report, epochs=epochs, scored=bool(training.splits.dev)) if is_said else None
        yield line, f"{score}, {report.sentences_per_second:,.0f}/s"


def _epoch_line(report: "EpochReport", *, epochs: int, scored: bool) -> str:
    """An epoch in one line, with scores if there is a dev split; `*` marks the best so far."""
    line = f"epoch {report.epoch:>3}/{epochs}  loss {report.loss:.3f}"
    if not scored:
        return line
    intent = "" if report.intent_accuracy is None else f"  intent {report.intent_accuracy:.4f}"
    scores = f"dev F1 {report.f1:.4f}  sentences {report.sentence_accuracy:.4f}{intent}"
    return f"{line}  {scores}{'  *' if report.best else ''}"


def _print_summary(trained: "Trained", splits: "PooledSplits", out: Path) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    from slotfill.evaluation import scores_of

    training, scores, split = trained.bundle.training, trained.scores, "dev"
    if not splits.dev:  # how well it knows what it was taught tells at least whether it learnt anything
        scores, split = scores_of(trained.tagger, splits.train[:_ENOUGH]), "train"
    rows = Table(box=SIMPLE_HEAD, show_header=False, title=str(out), title_justify="left", title_style="bold")
    if scores.per_slot:
        rows.add_row(f"{split} slot F1 (strict IOB2)", f"{scores.micro.f1:.4f}")
        rows.add_row(f"{split} sentence accuracy", f"{scores.sentence_accuracy:.4f}")
    if scores.intent_accuracy is not None:
        rows.add_row(f"{split} intent accuracy", f"{scores.intent_accuracy:.4f}")
    if splits.dev:
        rows.add_row("best epoch", f"{training['best_epoch']} of {training['epochs']}")
    else:
        rows.add_row("epochs", f"{training['epochs']}")
    rows.add_row("parameters", f"{training['parameters']:,}")
    rows.add_row("CPU-seconds", f"{training['cpu_seconds']:.0f}")
    console.stderr().print(rows)
    if scores.micro.f1 < NEXT_TO_NOTHING and scores.per_slot:
        console.warn(TOO_LITTLE)


_ENOUGH = 500  # sentences of train to score


def _suggest_next(out: Path, splits: "PooledSplits") -> None:
    tested = [source.label for source in splits.sources if source.test and not source.out_of_domain]
    if tested:
        options = " ".join(f"--data {shlex.quote(label)}" for label in tested)
        console.notice(f"next: slotfill eval --model {shlex.quote(str(out))} {options}")
