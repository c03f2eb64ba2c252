"""`slotfill eval`: strict scores of a model on a data set."""

import json
import sys
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from slotfill.cli import completions, console, options
from slotfill.cli.streams import STREAM
from slotfill.cli.targets import check_target
from slotfill.cli.which import say_which
from slotfill.errors import InputError
from slotfill.files import write_files
from slotfill.tags import OUTSIDE
from slotfill.thresholds import MIN_VALUE_CONFIDENCE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.table import Table

    from slotfill.against import Against
    from slotfill.cli.folds import CrossValidated
    from slotfill.evaluation import Scores
    from slotfill.report import Source, Wrong
    from slotfill.resolvers.own_slots import OwnSlots
    from slotfill.schema import Annotation as Prediction
    from slotfill.schema import Example
    from slotfill.significance import Interval
    from slotfill.tagger import Tagger
    from slotfill.value_scores import ValueScores

_CONFUSIONS = 10  # shown in the table
_DEFAULT = "travel"  # the model


class Format(StrEnum):
    """The formats of the scores."""

    TABLE = "table"
    JSON = "json"
    SEQEVAL = "seqeval"


def evaluate(
    model: options.Model = _DEFAULT,
    data: options.Data = None,
    split: Annotated[
        str,
        typer.Option(
            "--split",
            metavar="SPLIT",
            help="train, dev, test, hostile, wild or wild-dev.",
            autocompletion=completions.splits,
        ),
    ] = "test",
    style: Annotated[
        Format, options.format_("A table for people, JSON, or the report that seqeval itself prints.")
    ] = Format.TABLE,
    from_text: Annotated[
        bool,
        typer.Option("--from-text", help="Score what tag gives: the model makes the tokens of each text."),
    ] = False,
    against: Annotated[
        str | None,
        typer.Option(
            "--against",
            metavar="MODEL",
            help="Compare with this model, sentence by sentence: what improved, what broke, and whether by chance.",
            autocompletion=completions.models,
        ),
    ] = None,
    min_value_confidence: options.MinValueConfidence = MIN_VALUE_CONFIDENCE,
    now: options.DataNow = None,
    date_order: options.DateOrder = "mdy",
    on_error: options.OnError = "stop",
    errors: Annotated[
        Path | None,
        typer.Option(
            "--errors",
            metavar="FILE",
            help="Write every wrong sentence, gold and predicted, to this file; with --against, every changed one.",
        ),
    ] = None,
    report: Annotated[
        Path | None,
        typer.Option(
            "--report", metavar="FILE", help="Write scores and wrong sentences to this .html file, to look through."
        ),
    ] = None,
    overwrite: options.Overwrite = False,
    folds: Annotated[
        int | None,
        typer.Option(
            "--folds",
            min=2,
            metavar="K",
            help="For data without a test part: cut train into K folds, and score each by a model of the others.",
        ),
    ] = None,
    config_file: options.ConfigFile = None,
    assignments: options.Assignments = None,
    checkpoint: options.Checkpoint = None,
    quiet: options.Quiet = False,
) -> None:
    """Score a model: a slot counts only if its name and its exact span are right (strict IOB2).

    The values of frames are judged by those in the data, or by the frames of the gold slots. `--folds` scores a recipe
    instead of a model: the settings of its trainings are those of `slotfill train`.

        slotfill eval

        slotfill eval --model models/mine --data ../atis --errors wrong.txt

        slotfill eval --model models/new --against models/old --data ../atis

        slotfill eval --folds 5 --data my.markup --set training.epochs=30
    """
    from slotfill.report import wrong_ones

    trains = bool(config_file or assignments or checkpoint)
    _check_usage(model, split=split, style=style, against=against, folds=folds, trains=trains)
    _check_files(errors, report)
    for file in filter(None, (errors, report)):
        check_target(file, overwrite=overwrite, inputs=filter(None, (config_file,)), data=data or ["travel"])
    settings = ValueSettings(clock=now, date_order=date_order, min_value_confidence=min_value_confidence)
    if style is Format.SEQEVAL:
        _require_seqeval()
    if against is not None:
        from slotfill.tagger import find_bundle

        say_which([against])
        find_bundle(against)  # before any work: it may not be there
    other = None
    if folds is None:
        given = read_given(data or ["travel"], split=split, on_error=on_error)
        scored = score_model(model, given, from_text=from_text, settings=settings)
        if against is not None:
            other = _compare(scored, model, against, given, from_text=from_text)
    else:
        from slotfill.cli.folds import cross_validate

        found = cross_validate(
            data,
            count=folds,
            config_file=config_file,
            assignments=assignments,
            from_text=from_text,
            on_error=on_error,
            quiet=quiet,
            checkpoints=checkpoint,
        )
        scored = _score_folds(found, settings=settings)
    name = model if folds is None else f"{folds} folds"
    wrong = list(wrong_ones(scored.examples, scored.annotations)) if errors or report else []
    texts, told = {}, []
    if errors is not None:
        texts[errors], count = _errors(scored, wrong, other)
        told.append(f"{errors}: {count}")
    if report is not None:
        texts[report] = _page(scored, wrong, model=name, settings=settings, against=other)
        told.append(f"{report}: scores and {_counted(wrong, scored)}")
    if texts:
        write_files({path: text.encode(errors="replace") for path, text in texts.items()})
    for line in told:
        console.notice(line)
    if style is not Format.SEQEVAL and all(tag == OUTSIDE for example in scored.examples for tag in example.tags):
        about = "slot F1 says nothing, and a sentence is right where none is found"
        console.note(f"{scored.source}: no sentence has a slot: {about}")
    _print(scored, other, style=style, name=name)


def _print(scored: "Scored", against: "Against | None", *, style: Format, name: str) -> None:
    """The result, on standard output."""
    if style is Format.JSON:
        parts = {"against": against, "folds": scored.folds}
        more = {key: part.to_dict() for key, part in parts.items() if part is not None}
        json.dump({**scored.scores.to_dict(), **more}, sys.stdout, indent=2)
        sys.stdout.write("\n")
    elif style is Format.SEQEVAL:
        sys.stdout.write(_seqeval(scored))
    elif against is not None:
        from slotfill.cli.against import print_against

        print_against(against, model=name, source=scored.source, sentences=scored.scores.sentences)
    else:
        _print_table(scored.scores, title=f"{name} on {scored.source}")
        if scored.folds is not None:
            from slotfill.cli.folds import spread_table

            console.stdout().print()
            console.print_table(spread_table(scored.folds))


def _check_usage(
    model: str, *, split: str, style: Format, against: str | None, folds: int | None, trains: bool
) -> None:
    from slotfill.readers.layout import SPLITS

    if split not in SPLITS.values():
        raise typer.BadParameter(f"{split!r} is not train, dev, test, hostile, wild or wild-dev", param_hint="--split")
    if style is Format.SEQEVAL and against is not None:
        raise typer.BadParameter("seqeval reports on one model: leave out --against", param_hint="--format")
    if folds is None and trains:
        raise typer.BadParameter(
            "they are for the trainings of --folds: a model has its own", param_hint="--config, --set, --checkpoint"
        )
    if folds is None:
        return
    if model != _DEFAULT or against is not None:
        raise typer.BadParameter("it trains models of its own: leave out --model and --against", param_hint="--folds")
    if split != "test":
        raise typer.BadParameter("folds are cut from the train split: leave out --split", param_hint="--folds")


def _require_seqeval() -> None:
    """InputError, before any work, where seqeval is not installed."""
    from importlib.util import find_spec

    if find_spec("seqeval") is None:
        raise InputError("--format seqeval needs seqeval: run `pip install seqeval` (the extra train has it too)")


def _seqeval(scored: "Scored") -> str:
    """The classification report of seqeval in its strict mode; InputError if there is no slot to report on."""
    import warnings

    from seqeval.metrics import classification_report
    from seqeval.scheme import IOB2

    gold, found = ([list(one.tags) for one in side] for side in (scored.examples, scored.annotations))
    if all(tag == OUTSIDE for tags in (*gold, *found) for tag in tags):
        raise InputError(f"{scored.source}: neither data nor model has a slot here: seqeval has nothing to report")
    with warnings.catch_warnings():  # of a slot that is never found: its figures are 0, as ours are
        warnings.simplefilter("ignore")
        report = classification_report(gold, found, mode="strict", scheme=IOB2, digits=4)
    return f"{str(report).rstrip()}\n"


def _compare(scored: "Scored", model: str, against: str, given: "Given", *, from_text: bool) -> "Against":
    """Compare with another model; notices say where the two know other slots."""
    from slotfill.against import Answers, compare
    from slotfill.evaluation import some_of

    other = answers_of(against, given, from_text=from_text, said=scored.problem)
    in_data = {tag[2:] for example in scored.examples for tag in example.tags if tag != OUTSIDE}
    sides = (model, scored.slots), (against, other.slots)
    for (name, known), (second, others) in (sides, sides[::-1]):
        if lacking := in_data & others - known:
            console.notice(f"note: {name} does not know {some_of(lacking)} of the data, as {second} does")
    return compare(
        Answers(scored.examples, scored.annotations),
        Answers(other.examples, other.annotations),
        name=against,
        knows_intents=scored.knows_intents and other.knows_intents,
    )


def _errors(scored: "Scored", wrong: "list[Wrong]", against: "Against | None") -> tuple[str, str]:
    """What `--errors` writes, and how many sentences that is."""
    if against is None:
        return "\n".join(map(_pair, wrong)), _counted(wrong, scored)
    from slotfill.cli.against import changed_text, counted

    return changed_text(against), counted(against)


def _check_files(errors: Path | None, report: Path | None) -> None:
    if errors is not None and str(errors) == STREAM:
        raise typer.BadParameter("standard output is for the scores: name a file", param_hint="--errors")
    if report is not None and report.suffix != ".html":
        raise typer.BadParameter(f"{report} does not end in .html", param_hint="--report")
    for path in filter(None, (errors, report)):  # before any work
        if not path.parent.is_dir():
            raise InputError(f"{path}: cannot be written: No such file or directory")
    if report is not None and errors is not None and report.resolve() == errors.resolve():
        raise typer.BadParameter(f"{report} is the file of --errors already", param_hint="--report")


class ValueSettings(NamedTuple):
    """How the values of frames are judged."""

    clock: datetime | None
    date_order: str
    min_value_confidence: float


class Given(NamedTuple):
    """Data sets, each with its name."""

    named: "list[tuple[str, Sequence[Example]]]"
    sources: "list[Source]"


class Answered(NamedTuple):
    """What a model makes of data sets; the examples have the tokens of the annotations."""

    named: "list[tuple[str, Sequence[Example]]]"
    annotations: "list[Prediction]"
    knows_intents: bool
    slots: frozenset[str]  # that the model knows
    problem: str | None  # with the tokens, if the model would make others
    own: "OwnSlots | None"  # kinds of slots that the model has values for

    @property
    def examples(self) -> "list[Example]":
        """The sentences of all data sets."""
        return [example for _, some in self.named for example in some]


class Scored(NamedTuple):
    """The scores of a model, and the sentences that were scored."""

    scores: "Scores"
    examples: "list[Example]"
    annotations: "list[Prediction]"
    sources: "list[Source]"
    knows_intents: bool
    slots: frozenset[str] = frozenset()  # that the model knows
    problem: str | None = None  # with the tokens, of which a warning told
    folds: "CrossValidated | None" = None

    @property
    def source(self) -> str:
        """The data sets, each with its split."""
        return ", ".join(f"{source.name} ({source.split})" for source in self.sources)


def read_given(sources: list[str], *, split: str, on_error: str = "stop") -> Given:
    """Read a split of data sets; one without splits is taken whole, and `sources` say so."""
    from slotfill.readers import read_all, split_of
    from slotfill.report import Source

    datasets = read_all(sources, on_error=on_error, on_note=console.note)
    named: list[tuple[str, Sequence[Example]]] = [
        (source, split_of(dataset, split)) for source, dataset in zip(sources, datasets, strict=True)
    ]
    said = [
        Source(source, split if split in dataset.splits else "all of it", len(some))
        for (source, some), dataset in zip(named, datasets, strict=True)
    ]
    return Given(named, said)


def answers_of(model: str, given: Given, *, from_text: bool, said: str | None = None) -> Answered:
    """Tag data sets; warnings say where scores of this model say little. InputError if it shares no slot with them.

    `said` is the problem with the tokens that a warning told already.
    """
    from slotfill.evaluation import knows_intents, oddities, tagged
    from slotfill.tagger import Tagger, find_bundle

    tagger = Tagger.load(model)
    for oddity in oddities(tagger, given.named, training=find_bundle(model).training, name=model):
        console.warn(oddity)
    named, annotations = tagged(tagger, given.named, from_text=from_text)
    examples = [example for _, some in named for example in some]
    answering = [tagger.answering(example.text) for example in examples]
    handed_on = sum(one is not tagger for one in answering)
    if handed_on:
        other = find_bundle(model).config.model.elsewhere
        console.notice(
            f"note: {model} hands {handed_on:,} of {len(examples):,} sentences to {other}, whose answers are scored"
        )
    problem = None if from_text else _problem_of(examples, answering)
    if problem and problem != said:
        console.notice(
            f"warning: {problem}; eval --from-text scores what tag gives, tag --tokens keeps tokens that are given"
        )
    return Answered(named, annotations, knows_intents(tagger), frozenset(tagger.slots), problem, tagger.own)


def _problem_of(examples: "Sequence[Example]", answering: "Sequence[Tagger]") -> str | None:
    """What is wrong with the tokens of the sentences: the first tokenizer of those that answer that makes others."""
    from slotfill.tokenizer_fit import fit_of

    pairs = list(zip(examples, answering, strict=True))
    for tokenizer in dict.fromkeys(one.tokenizer for one in answering):
        fit = fit_of(tokenizer, [example for example, one in pairs if one.tokenizer == tokenizer])
        if problem := fit.problem():
            return problem
    return None


def score_model(model: str, given: Given, *, from_text: bool, settings: ValueSettings) -> Scored:
    """Score a model on pooled data sets."""
    from slotfill.evaluation import score_sources

    one = answers_of(model, given, from_text=from_text)
    settings_, intents = settings._asdict(), one.knows_intents
    scores = score_sources(one.named, one.annotations, knows_intents=intents, own=one.own, **settings_)
    return Scored(scores, one.examples, one.annotations, given.sources, one.knows_intents, one.slots, one.problem)


def _score_folds(found: "CrossValidated", *, settings: ValueSettings) -> Scored:
    """Score the answers of the models of all folds, pooled."""
    from slotfill.evaluation import score_sources
    from slotfill.report import Source

    settings_, intents = settings._asdict(), found.knows_intents
    scores = score_sources(found.named, found.annotations, knows_intents=intents, own=found.own, **settings_)
    examples = [example for _, some in found.named for example in some]
    sources = [Source(name, f"{len(found.scores)} folds", len(some)) for name, some in found.named]
    return Scored(scores, examples, found.annotations, sources, found.knows_intents, folds=found)


def _counted(wrong: "list[Wrong]", scored: Scored) -> str:
    """How many sentences have an error; those with the intent alone wrong count as right in the scores."""
    intents = sum(not one.slots for one in wrong)
    alone = f", {intents} with the intent alone wrong" if intents else ""
    return f"{len(wrong)} of {len(scored.examples)} sentences{alone}"


def _page(
    scored: Scored, wrong: "list[Wrong]", *, model: str, settings: ValueSettings, against: "Against | None"
) -> str:
    from importlib.metadata import version

    from slotfill.bundle import is_bundle, weights_digest
    from slotfill.locations import locate
    from slotfill.report import About, page
    from slotfill.tagger import find_bundle
    from slotfill.value_scores import CLOCK

    if scored.folds is None:
        bundle = find_bundle(model)
        weights = weights_digest(locate("models", model, fits=is_bundle) or model)
        seed, histories = bundle.training.get("seed"), [bundle.history]
    else:
        weights, seed, histories = "", scored.folds.seed, scored.folds.histories
    about = About(
        model=model,
        weights=weights,
        seed=seed,
        sources=scored.sources,
        version=version("slotfill"),
        made=datetime.now().astimezone(),
        clock=settings.clock or CLOCK,
        date_order=settings.date_order,
    )
    return page(scored.scores, wrong, about, histories=histories, against=against)


def _pair(wrong: "Wrong") -> str:
    """Two lines of markup: `-` as it should be, `+` as it was tagged."""
    from slotfill.against import as_markup

    found = wrong.annotation.intent.name if wrong.annotation.intent else None
    should, tagged = [
        as_markup(sentence, intent=intent if wrong.judges_intent else None)
        for sentence, intent in ((wrong.example, wrong.example.intent), (wrong.annotation, found))
    ]
    return f"- {should}\n+ {tagged}\n"


def _print_table(scores: "Scores", *, title: str) -> None:
    from slotfill.significance import FEW

    out = console.stdout()
    out.print(_slots_table(scores, title=title))
    intent = (
        "not both model and data have intents" if scores.intent_accuracy is None else f"{scores.intent_accuracy:.4f}"
    )
    out.print(f"sentences          {scores.sentences}")
    out.print(f"sentences right    {scores.sentence_accuracy:.4f}   every slot right, whatever the intent")
    out.print(f"intent accuracy    {intent}")
    if scores.intent_f1 is not None:
        out.print(f"intent F1          {scores.intent_f1:.4f}   of the single intents of sets such as a#b")
    if scores.frames.per_part:
        out.print(f"frame F1           {scores.frames.micro.f1:.4f}   whole places, dates and times of the roles")
        out.print(f"frame accuracy     {scores.frames.accuracy:.4f}   all of them right")
    out.print(f"calibration error  {scores.calibration_error:.4f}   between how sure and how often right slots are")
    for source, error in scores.calibration_by_source.items():
        out.print(f"                   {error:.4f}   of {source}", markup=False, highlight=False)
    if scores.intervals:
        slots, sentences = [_ends(scores.intervals[name]) for name in ("f1", "sentence_accuracy")]
        out.print(f"95 % intervals     slot F1 {slots}, sentences right {sentences}")
        if scores.sentences < FEW:
            out.print(f"                   of fewer than {FEW} sentences they are too narrow", style="dim")
    out.print("scored as strict IOB2 spans", style="dim")
    if scores.values:
        out.print()
        _print_values(scores.values, error=scores.value_calibration_error)
    if scores.confusions:
        out.print()
        out.print(_confusions_table(scores))


def _ends(interval: "Interval") -> str:
    return f"{interval.low:.4f} to {interval.high:.4f}"


def _table(title: str) -> "Table":
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    return Table(box=SIMPLE_HEAD, title=title, title_justify="left", title_style="bold")


def _slots_table(scores: "Scores", *, title: str) -> "Table":
    rows = _table(title)
    rows.add_column("slot", overflow="fold")
    for heading in ("precision", "recall", "F1", "support"):
        rows.add_column(heading, justify="right", no_wrap=True)
    ranked = sorted(scores.per_slot.items(), key=lambda entry: (-entry[1].support, entry[0]))
    for name, s in [*ranked, ("all (micro)", scores.micro), ("all (macro)", scores.macro)]:
        if name == "all (micro)":
            rows.add_section()
        rows.add_row(name, f"{s.precision:.4f}", f"{s.recall:.4f}", f"{s.f1:.4f}", str(s.support))
    return rows


def _print_values(values: "ValueScores", *, error: float | None) -> None:
    """What is right, silently wrong and null of the frames' values, now and at other thresholds."""
    out = console.stdout()
    now = values.now
    out.print(f"values             {now.right} right, {now.wrong} silently wrong, {now.null} null")
    out.print(f"value coverage     {now.coverage:.4f}   given, of the {now.tellable} that can be told")
    out.print(f"value risk         {now.risk:.4f}   silently wrong, of those that are given")
    out.print(f"sentences misled   {now.sentences_wrong:.4f}   with any value that is silently wrong")
    if error is not None:
        out.print(f"calibration error  {error:.4f}   between how sure and how often right values are")
    of_hand = f"the values of {values.by_hand} sentences are in the data, those of {{}} come from gold slots"
    out.print(of_hand.format(values.sentences - values.by_hand), style="dim")
    out.print()
    out.print(_parts_table(values))
    rows = _table("by how sure values must be (sentences: with a wrong one)")
    for heading in ("sure", "right", "wrong", "coverage", "risk", "sentences"):
        rows.add_column(heading, justify="right", no_wrap=True)
    for at in values.thresholds:
        shares = (f"{share:.4f}" for share in (at.coverage, at.risk, at.sentences_wrong))
        rows.add_row(f"{at.threshold:.2f}", str(at.right), str(at.wrong), *shares)
    out.print()
    out.print(rows)


def _parts_table(values: "ValueScores") -> "Table":
    rows = _table("by part of the frame")
    rows.add_column("part", overflow="fold")
    for heading in ("right", "wrong", "null", "coverage", "risk"):
        rows.add_column(heading, justify="right", no_wrap=True)
    for part, one in values.per_part.items():
        rows.add_row(part, str(one.right), str(one.wrong), str(one.null), f"{one.coverage:.4f}", f"{one.risk:.4f}")
    return rows


def _confusions_table(scores: "Scores") -> "Table":
    rows = _table("most frequent errors")
    rows.add_column("count", justify="right", no_wrap=True)
    rows.add_column("should be", overflow="fold")
    rows.add_column("tagged as", overflow="fold")
    for confusion in scores.confusions[:_CONFUSIONS]:
        same = confusion.gold == confusion.predicted
        predicted = "the same, with another span" if same else confusion.predicted or "-"
        rows.add_row(str(confusion.count), confusion.gold or "-", predicted)
    return rows
