"""`slotfill eval`: strict scores of a model on a data set."""

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from slotfill.cli import completions, console, options
from slotfill.cli.streams import STREAM, writing
from slotfill.cli.targets import check_target
from slotfill.errors import InputError
from slotfill.tags import OUTSIDE
from slotfill.thresholds import MIN_VALUE_CONFIDENCE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rich.table import Table

    from slotfill.evaluation import Scores
    from slotfill.report import Source, Wrong
    from slotfill.schema import Annotation as Prediction
    from slotfill.schema import Example
    from slotfill.tagger import Tagger
    from slotfill.value_scores import ValueScores

_CONFUSIONS = 10  # shown in the table


def evaluate(
    model: options.Model = "travel",
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
    style: options.TableOrJson = "table",
    from_text: Annotated[
        bool,
        typer.Option("--from-text", help="Score what tag gives: the model makes the tokens of each text."),
    ] = False,
    min_value_confidence: options.MinValueConfidence = MIN_VALUE_CONFIDENCE,
    now: options.DataNow = None,
    date_order: options.DateOrder = "mdy",
    on_error: options.OnError = "stop",
    errors: Annotated[
        Path | None,
        typer.Option("--errors", metavar="FILE", help="Write every wrong sentence, gold and predicted, to this file."),
    ] = None,
    report: Annotated[
        Path | None,
        typer.Option(
            "--report", metavar="FILE", help="Write scores and wrong sentences to this .html file, to look through."
        ),
    ] = None,
    overwrite: options.Overwrite = False,
) -> None:
    """Score a model: a slot counts only if its name and its exact span are right (strict IOB2).

    The values of frames are judged by those in the data, or by the frames of the gold slots.

        slotfill eval

        slotfill eval --model models/mine --data ../atis --errors wrong.txt
    """
    from slotfill.readers.layout import SPLITS
    from slotfill.report import wrong_ones

    if split not in SPLITS.values():
        raise typer.BadParameter(f"{split!r} is not train, dev, test, hostile, wild or wild-dev", param_hint="--split")
    _check_files(errors, report)
    for file in filter(None, (errors, report)):
        check_target(file, overwrite=overwrite, data=data or ["travel"])
    settings = ValueSettings(clock=now, date_order=date_order, min_value_confidence=min_value_confidence)
    scored = score_model(
        model, data or ["travel"], split=split, from_text=from_text, settings=settings, on_error=on_error
    )
    wrong = list(wrong_ones(scored.examples, scored.annotations)) if errors or report else []
    if errors is not None:
        _write(errors, "\n".join(map(_pair, wrong)))
        console.notice(f"{errors}: {_counted(wrong, scored)}")
    if report is not None:
        _write(report, _page(scored, wrong, model=model, settings=settings))
        console.notice(f"{report}: scores and {_counted(wrong, scored)}")
    if style == "json":
        json.dump(scored.scores.to_dict(), sys.stdout, indent=2)
        sys.stdout.write("\n")
    else:
        _print_table(scored.scores, title=f"{model} on {scored.source}")


def _check_files(errors: Path | None, report: Path | None) -> None:
    if errors is not None and str(errors) == STREAM:
        raise typer.BadParameter("standard output is for the scores: name a file", param_hint="--errors")
    if report is not None and report.suffix != ".html":
        raise typer.BadParameter(f"{report} does not end in .html", param_hint="--report")
    if report is not None and errors is not None and report.resolve() == errors.resolve():
        raise typer.BadParameter(f"{report} is the file of --errors already", param_hint="--report")


class ValueSettings(NamedTuple):
    """How the values of frames are judged."""

    clock: datetime | None
    date_order: str
    min_value_confidence: float


class Scored(NamedTuple):
    """The scores of a model, and the sentences that were scored."""

    scores: "Scores"
    examples: "list[Example]"
    annotations: "list[Prediction]"
    sources: "list[Source]"

    @property
    def source(self) -> str:
        """The data sets, each with its split."""
        return ", ".join(f"{source.name} ({source.split})" for source in self.sources)


def score_model(
    model: str,
    sources: list[str],
    *,
    split: str,
    from_text: bool,
    settings: ValueSettings,
    on_error: str = "stop",
) -> Scored:
    """Score a model on a split of pooled data sets; one without splits is scored whole, and `sources` say so."""
    from slotfill.evaluation import knows_intents, learnt, score_sources, tagged
    from slotfill.readers import read_all, split_of
    from slotfill.report import Source
    from slotfill.tagger import Tagger, find_bundle
    from slotfill.tokenizer_fit import fit_of

    tagger = Tagger.load(model)
    datasets = read_all(sources, on_error=on_error, on_note=console.note)
    given = [(source, split_of(dataset, split)) for source, dataset in zip(sources, datasets, strict=True)]
    for oddity in learnt(given, training=find_bundle(model).training):
        console.warn(oddity)
    named, annotations = tagged(
        tagger,
        given,
        from_text=from_text,
    )
    examples = [example for _, some in named for example in some]
    _check_shared(model, tagger, named)
    fit = fit_of(tagger.tokenizer, examples)
    if not from_text and (problem := fit.problem()):
        console.notice(f"warning: {problem}; eval --from-text scores what tag gives")
    scores = score_sources(named, annotations, knows_intents=knows_intents(tagger), **settings._asdict())
    scored = [
        Source(source, split if split in dataset.splits else "all of it", len(some))
        for (source, some), dataset in zip(named, datasets, strict=True)
    ]
    return Scored(scores, examples, annotations, scored)


def _counted(wrong: "list[Wrong]", scored: Scored) -> str:
    """How many sentences have an error; those with the intent alone wrong count as right in the scores."""
    intents = sum(not one.slots for one in wrong)
    alone = f", {intents} with the intent alone wrong" if intents else ""
    return f"{len(wrong)} of {len(scored.examples)} sentences{alone}"


def _page(scored: Scored, wrong: "list[Wrong]", *, model: str, settings: ValueSettings) -> str:
    from importlib.metadata import version

    from slotfill.bundle import is_bundle, weights_digest
    from slotfill.locations import locate
    from slotfill.report import About, page
    from slotfill.tagger import find_bundle
    from slotfill.value_scores import CLOCK

    about = About(
        model=model,
        weights=weights_digest(locate("models", model, fits=is_bundle) or model),
        seed=find_bundle(model).training.get("seed"),
        sources=scored.sources,
        version=version("slotfill"),
        made=datetime.now().astimezone(),
        clock=settings.clock or CLOCK,
        date_order=settings.date_order,
    )
    return page(scored.scores, wrong, about)


def _check_shared(model: str, tagger: "Tagger", named: "Sequence[tuple[str, Sequence[Example]]]") -> None:
    """InputError if the model knows no slot of any data set, and a warning if it knows none of one of them."""
    known = {tag[2:] for tag in tagger.vocabularies.tags.items if tag != OUTSIDE}
    strange = []
    for source, examples in named:
        slots = {tag[2:] for example in examples for tag in example.tags if tag != OUTSIDE}
        if slots and not slots & known:
            strange.append(f"{source} has {_some(slots)}")
    if not strange:
        return
    problem = f"{model} knows none of the slots of the data: {'; '.join(strange)}; the model has {_some(known)}"
    if len(strange) == len(named):
        raise InputError(f"{problem}: score a model that was trained on such data, or rename the slots")
    console.warn(problem)


def _some(names: "Iterable[str]") -> str:
    """The first names in the order of the alphabet, and how many more there are."""
    names = sorted(names)
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return ", ".join(names[:3]) + more


def _pair(wrong: "Wrong") -> str:
    """Two lines of markup: `-` as it should be, `+` as it was tagged."""
    from slotfill.markup import render
    from slotfill.tags import char_span, spans_of

    def line(sentence: "Example | Prediction", intent: str | None) -> str:
        tokens = sentence.tokens
        spans = [(*char_span(tokens, s.start, s.end), s.name) for s in spans_of(sentence.tags)]
        return render(sentence.text, spans, intent=intent if wrong.judges_intent else None)

    intent = wrong.annotation.intent
    return (
        f"- {line(wrong.example, wrong.example.intent)}\n+ {line(wrong.annotation, intent.name if intent else None)}\n"
    )


def _write(path: Path, text: str) -> None:
    with writing(str(path)) as write:
        write(text.encode())


def _print_table(scores: "Scores", *, title: str) -> None:
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
    out.print("scored as strict IOB2 spans", style="dim")
    if scores.values:
        out.print()
        _print_values(scores.values, error=scores.value_calibration_error)
    if scores.confusions:
        out.print()
        out.print(_confusions_table(scores))


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
    rows = _table("by how sure values must be (sentences: with a wrong one)")
    for heading in ("sure", "right", "wrong", "coverage", "risk", "sentences"):
        rows.add_column(heading, justify="right", no_wrap=True)
    for at in values.thresholds:
        shares = (f"{share:.4f}" for share in (at.coverage, at.risk, at.sentences_wrong))
        rows.add_row(f"{at.threshold:.2f}", str(at.right), str(at.wrong), *shares)
    out.print()
    out.print(rows)


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
