"""`slotfill eval --folds`: cross-validation, for data without a test part."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any, NamedTuple

from slotfill.cli import console
from slotfill.cli.progress import Bar
from slotfill.cli.recipes import NEXT_TO_NOTHING, TOO_LITTLE, data_of, say_unlabelled, settings_of
from slotfill.cli.train import epoch_lines
from slotfill.tags import OUTSIDE

if TYPE_CHECKING:
    from rich.table import Table

    from slotfill.resolvers.own_slots import OwnSlots
    from slotfill.schema import Annotation, Example
    from slotfill.training.folds import Fold, Folds, FoldScore
    from slotfill.training.pipeline import Trained


class CrossValidated(NamedTuple):
    """Data sets, each with its name, and the annotations of all of them, each by the model of another fold."""

    named: "list[tuple[str, Sequence[Example]]]"
    annotations: "list[Annotation]"
    scores: "list[FoldScore]"
    histories: "list[Sequence[Mapping[str, Any]]]"  # of the trainings
    knows_intents: bool
    seed: int  # of the trainings
    own: "OwnSlots | None" = None  # kinds of slots that the models have values for

    def to_dict(self) -> dict[str, Any]:
        """The part of the JSON of `slotfill eval --folds`."""
        from slotfill.training.folds import spreads_of

        return {
            "count": len(self.scores),
            "spread": {name: spread._asdict() for name, spread in spreads_of(self.scores).items()},
            "scores": [score._asdict() for score in self.scores],
        }


def cross_validate(
    data: list[str] | None,
    *,
    count: int,
    config_file: Path | None,
    assignments: Sequence[str] | None,
    from_text: bool,
    on_error: str,
    quiet: bool,
    checkpoints: Path | None = None,
) -> CrossValidated:
    """Train and score one model for each fold, with a bar or a line for each epoch, as `slotfill train` does."""
    from slotfill.readers import label_of, read_all
    from slotfill.schema import Dataset
    from slotfill.tagger import own_slots
    from slotfill.training.folds import Folds
    from slotfill.training.pipeline import device_of

    device = device_of("auto")
    sources, config = data_of(data, settings_of(config_file, assignments), quiet=quiet)
    read = read_all(sources, on_error=on_error, on_note=console.note)
    datasets = [Dataset(label_of(source), dataset.splits) for source, dataset in zip(sources, read, strict=True)]
    for dataset in datasets:
        if "test" in dataset.splits and not quiet:
            console.notice(f"{dataset.name} has a test split, which is left alone: the folds are cut from train")
    progress = FoldsProgress(quiet=quiet, checkpoints=checkpoints)
    folds = Folds(
        datasets,
        config=config,
        count=count,
        seed=config.training.seed,
        device=device,
        checkpoints=checkpoints,
        on_batch=progress.advance,
    )
    say_unlabelled(folds.examples, [dataset.name for dataset in datasets], quiet=quiet)
    found = _run(folds, progress, seed=config.training.seed, from_text=from_text)
    return found._replace(own=own_slots(config.slots))


def _run(folds: "Folds", progress: "FoldsProgress", *, seed: int, from_text: bool) -> CrossValidated:
    from dataclasses import asdict

    from slotfill.evaluation import knows_intents, score_annotations, tagged
    from slotfill.training.folds import fold_score

    found: dict[int, tuple[Example, Annotation]] = {}
    scores: list[FoldScore] = []
    histories: list[Sequence[Mapping[str, Any]]] = []
    intents = False
    with progress:
        for fold in folds:
            trained = progress.train(fold, count=folds.count)
            held_out = [("", [folds.examples[number] for number in fold.held_out])]
            ((_, examples),), tagged_ones = tagged(trained.tagger, held_out, from_text=from_text)
            knows = knows_intents(trained.tagger)
            score = fold_score(fold, trained, score_annotations(examples, tagged_ones, knows_intents=knows))
            found.update(zip(fold.held_out, zip(examples, tagged_ones, strict=True), strict=True))
            scores.append(score)
            histories.append([asdict(report) for report in trained.history])
            intents = intents or knows
            size = console.counted(score.sentences, "sentence")
            progress.say(f"fold {fold.number}/{folds.count}: {size}, slot F1 {score.f1:.4f}")
    if all(score.f1 < NEXT_TO_NOTHING for score in scores) and any(set(one.tags) - {OUTSIDE} for one in folds.examples):
        console.warn(TOO_LITTLE)
    answers = [found[number] for number in range(len(found))]
    named: list[tuple[str, Sequence[Example]]] = []
    begun = 0
    for name, part in folds.sources:
        named.append((name, [example for example, _ in answers[begun : begun + len(part)]]))
        begun += len(part)
    annotations = [annotation for _, annotation in answers]
    return CrossValidated(named, annotations, scores, histories, intents, seed)


class FoldsProgress:
    """One bar over the trainings of all folds, whose length is known when the first one begins.

    Their checkpoints, if a folder is given for them, are deleted when all are done; after Ctrl-C a notice names them.
    """

    def __init__(self, *, quiet: bool, checkpoints: Path | None = None) -> None:
        self.quiet = quiet
        self.checkpoints = checkpoints
        self.bar: Bar | None = None
        self.taken = 0  # sentences of this fold
        self.epochs_run = 0  # of all folds; those of checkpoints are not run again

    def __enter__(self) -> "FoldsProgress":
        return self

    def __exit__(self, kind: type[BaseException] | None, *error: object) -> None:
        if self.bar is not None:
            self.bar.__exit__(kind, *error)
        if self.checkpoints is None or not self.checkpoints.is_dir():
            return
        if kind is None:
            for file in self.checkpoints.glob("fold-*.checkpoint"):
                file.unlink()
            with suppress(OSError):  # something else is in it
                self.checkpoints.rmdir()
        elif kind is KeyboardInterrupt:
            console.notice(f"interrupted; the same command goes on from the last whole epoch, in {self.checkpoints}")

    def advance(self, sentences: int) -> None:
        """Take note of a batch."""
        self.taken += sentences
        if self.bar is not None:
            self.bar.advance(sentences)

    def say(self, line: str) -> None:
        """Print a line above the bar."""
        if self.bar is not None:
            self.bar.say(line)

    def train(self, fold: "Fold", *, count: int) -> "Trained":
        """Train the model of a fold."""
        title = f"fold {fold.number}/{count}"
        if self.bar is None:
            self.bar = Bar(title, total=fold.training.sentences * count, quiet=self.quiet).__enter__()
        self.taken = taken = 0
        began = perf_counter()
        for line, detail in epoch_lines(fold.training):
            if line is None:
                self.bar.describe(title, detail=detail)
            else:
                self.bar.say(f"{title}  {line}", description=title, detail=detail)
            self.epochs_run += self.taken > taken
            if self.epochs_run == 2 and self.taken > taken:  # the first one also waits for torch
                epochs = fold.training.config.training.epochs
                said = about(perf_counter() - began, epochs=epochs, count=count - fold.number + 1)
                self.bar.say(said, description=title, detail=detail)
            began, taken = perf_counter(), self.taken
        trained = fold.training.finish()
        self.bar.advance(fold.training.sentences - self.taken)  # epochs that patience saved
        return trained


def spread_table(found: CrossValidated) -> "Table":
    """A row for each fold, and one for their mean and spread."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    from slotfill.training.folds import spreads_of

    rows = Table(box=SIMPLE_HEAD, title="by fold", title_justify="left", title_style="bold")
    for heading in ("fold", "sentences", "slot F1", "sentences right", "intents right", "epochs"):
        rows.add_column(heading, justify="right", no_wrap=True)
    for one in found.scores:
        intents = "-" if one.intent_accuracy is None else f"{one.intent_accuracy:.4f}"
        figures = (f"{one.f1:.4f}", f"{one.sentence_accuracy:.4f}", intents)
        rows.add_row(str(one.fold), str(one.sentences), *figures, str(one.epochs))
    rows.add_section()
    spreads = spreads_of(found.scores)
    for name, part in (("mean", 0), ("spread", 1)):
        said = [
            f"{spreads[key][part]:.4f}" if key in spreads else "-"
            for key in ("f1", "sentence_accuracy", "intent_accuracy")
        ]
        rows.add_row(name, "", *said, "")
    return rows


def about(seconds: float, *, epochs: int, count: int) -> str:
    """How long all trainings may take, if an epoch takes so many seconds.

    >>> about(7.5, epochs=20, count=5)
    'about 13 minutes for 5 trainings of 20 epochs, less where they stop early'
    """
    whole = seconds * epochs * count
    time = f"{whole / 60:.0f} minutes" if whole >= 90 else f"{max(2, whole):.0f} seconds"
    trainings = f"{count} trainings" if count > 1 else "a training"
    return f"about {time} for {trainings} of {epochs} epochs, less where they stop early"
