"""`slotfill data suspects`: which sentences are likely labelled wrongly."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from slotfill.cli import completions, console, options
from slotfill.cli.streams import STREAM, writing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from slotfill.confident_learning import Doubt, Judgement
    from slotfill.config import Config
    from slotfill.suspects import Given, Suspect, Suspects

_ESCAPED = "backslashreplace"  # bytes of a file's name that are no characters: JSON's escapes for them
_LITTLE = 0.3  # of the sentences: models that agree with less of the data have not learnt it
_METHOD = "by confident learning (Northcutt, Jiang & Chuang 2021)"


def suspects(
    source: options.DataArgument,
    split: Annotated[
        str | None,
        typer.Option(
            "--split",
            metavar="SPLIT",
            help="Judge this split. Default: train, or all of data in one piece.",
            autocompletion=completions.splits,
        ),
    ] = None,
    folds: Annotated[
        int | None,
        typer.Option(
            "--folds", min=2, metavar="K", help="Train K models, each to judge what it has not seen. Default: 5."
        ),
    ] = None,
    model: Annotated[
        str | None,
        typer.Option(
            "--model",
            "-m",
            metavar="NAME",
            help="Train none: let this model judge, which must not have seen the sentences.",
            autocompletion=completions.models,
        ),
    ] = None,
    most: Annotated[int, typer.Option("--most", min=1, metavar="N", help="Give the N likeliest errors.")] = 40,
    output: Annotated[
        Path | None, options.output("Write the sentences to this .jsonl file, to be corrected there.")
    ] = None,
    style: options.TableOrJson = "table",
    config_file: options.ConfigFile = None,
    assignments: options.Assignments = None,
    checkpoint: options.Checkpoint = None,
    on_error: options.OnError = "stop",
    overwrite: options.Overwrite = False,
    quiet: options.Quiet = False,
) -> None:
    """Find sentences that are likely labelled wrongly, the likeliest first, each as `file:line`.

    Models that have not seen a sentence label it; where they are sure of another slot or intent than the data has, it
    is suspect. Of train, each of K models judges what the others learn from; of another split, a model of train judges
    all. The settings of the trainings are those of `slotfill train`.

        slotfill data suspects ../atis --set training.epochs=10

        slotfill data suspects my.jsonl --most 100 --output doubtful.jsonl

        slotfill data suspects ../atis --split test --model models/mine
    """
    from slotfill.cli.recipes import settings_of
    from slotfill.cli.targets import check_target
    from slotfill.suspects import judged_by_model, ranked, read_given

    _check_split(split)
    if model is not None and (config_file or assignments or checkpoint or folds is not None):
        problem = "it judges as it is: leave out --folds, --config, --set and --checkpoint, which are for trainings"
        raise typer.BadParameter(problem, param_hint="--model")
    if output is not None:
        _check_output(output)
        check_target(output, overwrite=overwrite, inputs=filter(None, (config_file,)), data=[source])
    given = read_given(source, split=split, on_error=on_error, on_note=console.note)
    if split is not None and given.split != split:
        console.note(f"{source} has no parts: all of it is judged")
    if model is not None:
        judgements = judged_by_model(given, model)
    else:
        config = settings_of(config_file, assignments)
        judgements = _judged_by_folds(given, config, count=folds, checkpoints=checkpoint, quiet=quiet)
    result = ranked(given, judgements)
    _say_how_sure(result)
    shown = result.found[:most]
    if output is not None:
        _write(output, shown)
        console.notice(f"wrote {output}: {console.counted(len(shown), 'sentence')}, the likeliest error first")
    if style == "json":
        json.dump(_as_dict(result, shown), sys.stdout, ensure_ascii=False, indent=2)
        sys.stdout.write("\n")
    else:
        _print(result, shown)


def _check_split(split: str | None) -> None:
    from slotfill.readers.layout import SPLITS

    if split is not None and split not in SPLITS.values():
        known = ", ".join(dict.fromkeys(SPLITS.values()))
        raise typer.BadParameter(f"{split!r} is not one of {known}", param_hint="--split")


def _check_output(output: Path) -> None:
    if str(output) == STREAM:
        raise typer.BadParameter("standard output has the table, or JSON with --format json", param_hint="--output")
    if output.suffix != ".jsonl":
        raise typer.BadParameter(f"{output} does not end in .jsonl", param_hint="--output")


def _judged_by_folds(
    given: "Given", config: "Config", *, count: int | None, checkpoints: Path | None, quiet: bool
) -> "list[Judgement]":
    """Train the models, with a bar or a line for each epoch."""
    from slotfill.cli.folds import FoldsProgress
    from slotfill.suspects import folds_of, judged_by_folds
    from slotfill.training.pipeline import device_of

    progress = FoldsProgress(quiet=quiet, checkpoints=checkpoints)
    cut = folds_of(
        given,
        config=config,
        count=count or 5,
        device=device_of("auto"),
        checkpoints=checkpoints,
        on_batch=progress.advance,
    )
    if count is not None and cut.count != count:
        problem = f"{given.split} is judged by one model of train: leave out --folds"
        raise typer.BadParameter(problem, param_hint="--folds")
    with progress:
        return judged_by_folds(cut, lambda fold: progress.train(fold, count=cut.count))


def _say_how_sure(result: "Suspects") -> None:
    """Warn where the models have learnt too little to judge."""
    if result.unknown:
        some = ", ".join(f"{name} ({times})" for name, times in sorted(result.unknown.items())[:6])
        more = f" and {len(result.unknown) - 6} more" if len(result.unknown) > 6 else ""
        console.notice(f"note: not judged, since a model that has not seen them does not know them: {some}{more}")
    if result.agreement < _LITTLE:
        console.warn(
            f"the models agree with only {result.agreement:.0%} of the sentences: too little was learnt to judge. "
            "If training.epochs, batch_size or learning_rate are set, leave them out, so that they follow the size of "
            "the data; else train for longer (--set training.epochs=N), or on more sentences"
        )


def _as_dict(result: "Suspects", shown: "Sequence[Suspect]") -> dict[str, object]:
    return {
        "data": result.name,
        "split": result.split,
        "sentences": result.sentences,
        "agreement": result.agreement,
        "suspects": len(result.found),
        "method": "confident learning (Northcutt, Jiang & Chuang 2021)",
        "shown": [suspect.to_dict() for suspect in shown],
    }


def _write(path: Path, shown: "Sequence[Suspect]") -> None:
    with writing(str(path)) as write:
        write("".join(f"{json.dumps(one.to_dict(), ensure_ascii=False)}\n" for one in shown).encode(errors=_ESCAPED))


def _print(result: "Suspects", shown: "Sequence[Suspect]") -> None:
    """Of each sentence its place, what is doubted, and markup: `-` as the data has it, `+` as the models do."""
    out = console.stdout()
    for suspect in shown:
        out.print(suspect.place, style="bold", soft_wrap=True)
        for line in told(suspect):
            out.print(line, soft_wrap=True)
        out.print()
    where = f"{result.name} ({result.split})"
    if not result.found:
        out.print(f"no suspect among {console.counted(result.sentences, 'sentence')} of {where}", soft_wrap=True)
    else:
        count = console.counted(len(result.found), "suspect")
        first = "" if len(shown) == len(result.found) else f"; the {len(shown):,} likeliest: --most N gives more"
        out.print(f"{count} among {console.counted(result.sentences, 'sentence')} of {where}{first}", soft_wrap=True)
        out.print("- as the data has it, + as models do that have not seen it", style="dim", soft_wrap=True)
    out.print(f"the models agree with {result.agreement:.1%} of the sentences", style="dim")
    out.print(_METHOD, style="dim")


def told(suspect: "Suspect") -> "Iterator[str]":
    """The lines about a sentence."""
    from slotfill.against import as_markup

    for doubt in suspect.doubts:
        yield f"  {doubt.disagreement.kind}: {_sides(doubt, suspect)}"
    is_about_intent = any(isinstance(doubt.disagreement.data.label, str) for doubt in suspect.doubts)
    for sign, example in (("-", suspect.example), ("+", suspect.proposed)):
        yield f"  {sign} {as_markup(example, intent=example.intent if is_about_intent else None)}"


def _sides(doubt: "Doubt", suspect: "Suspect") -> str:
    from slotfill.suspects import label_dicts

    said = []
    for side in (doubt.disagreement.data, doubt.disagreement.model):
        label = label_dicts(side.label, suspect.example)
        if not isinstance(label, str):
            label = ", ".join(f'"{one["text"]}" {one["label"]}' for one in label) or "no slot"
        said.append(f"{label} {side.confidence:.2f}")
    return " | ".join(said)
