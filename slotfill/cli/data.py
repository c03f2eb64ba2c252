"""`slotfill data`: list, get, check, describe, convert and generate data sets (more: reshaping.py, suspects.py)."""

import json
import sys
from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from slotfill.cli import completions, console, options
from slotfill.cli.commands import Command
from slotfill.errors import DataError, InputError
from slotfill.files import alone

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from rich.table import Table

    from slotfill.schema import Dataset, Example
    from slotfill.statistics import SplitStatistics, Statistics

_ENDINGS = ".jsonl, .conll, .markup, .csv, .yml (Rasa), .json or .spacy (spaCy)"  # of files that are written

app = typer.Typer(
    help="List, get, check, describe, split, merge, convert and generate data sets, and find errors in them.",
    no_args_is_help=True,
)


@app.command("list", cls=Command)
def list_() -> None:
    """List the data sets known by name: those that come with slotfill, and the folders in ./data.

    slotfill data list
    """
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    from slotfill.readers import known, load

    rows = Table("name", "sentences", box=SIMPLE_HEAD)
    for name in known():
        problems: list[DataError] = []
        try:
            size = sizes(load(name, report=problems.append))
        except (InputError, DataError) as error:
            size = str(error)
        rows.add_row(name, f"{size}; problems: {len(problems)}" if problems else size)
    console.print_table(rows)
    console.notice("Wherever a data set is asked for, a path or hub:NAME will do too: hub:tuetschek/atis is ATIS.")


@app.command(cls=Command)
def get(
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME", help="atis, snips or sgd.", show_default=False, autocompletion=completions.public_sets
        ),
    ],
    clone: Annotated[
        Path | None,
        typer.Option(
            "--from", metavar="FOLDER", help="Your clone of the public repository. Without it, atis comes from the hub."
        ),
    ] = None,
    target: Annotated[Path | None, options.output("The folder to write. Default: data/NAME.", metavar="FOLDER")] = None,
    overwrite: options.Overwrite = False,
) -> None:
    """Get a public data set and write it to ./data, where it is found by its name.

    From sgd only the single travel sentences are taken, with the slot names of ATIS.

        slotfill data get atis

        git clone https://github.com/MiuLab/SlotGated-SLU

        slotfill data get snips --from SlotGated-SLU
    """
    from slotfill.readers import public, save

    target = target or Path("data", name)
    check_free(target, overwrite=overwrite, data=() if clone is None else (clone, clone / "data" / name))
    with alone(target):
        left_out: list[DataError] = []
        dataset, origin = public.read(name, clone, report=left_out.append)
        if left_out:
            console.notice(f"left out, since their labels are not certain: {len(left_out)}; the first: {left_out[0]}")
        for file in save(dataset, target):
            console.notice(f"wrote {file}")
    console.notice(f"{name}: {sizes(dataset)}\nfrom {origin}\nlicence: {public.SOURCES[name].licence}")


@app.command(cls=Command)
def check(source: options.DataArgument, on_error: options.OnError = "stop") -> None:
    """Check a data set: one problem a line, as `file:line: what is wrong`; exit code 1 if there are any.

    Only the first problem of a sentence is shown. A note says how something was read, a warning is about something
    valid but odd. With --on-error skip or fix, it shows what would be left out or mended, and ends with exit code 0.

        slotfill data check ../atis
    """
    from slotfill.checking import check_data

    dataset, problems, warnings, notes = check_data(source, on_error=on_error)
    for note in notes:
        console.say(f"note: {note}")
    for problem in problems:
        console.say(str(problem))
    for oddity in warnings:
        console.say(f"warning: {oddity}")
    count = "no problem" if not problems else f"{len(problems)} problem{'s' * (len(problems) > 1)}"
    console.say(f"{dataset.name}: {count}; good sentences: {sizes(dataset)}")
    if problems and (on_error == "stop" or not dataset.splits):
        raise typer.Exit(1)


@app.command(cls=Command)
def stats(
    source: options.DataArgument,
    style: options.TableOrJson = "table",
    on_error: options.OnError = "stop",
) -> None:
    """Describe a data set: sizes, slots, intents, and how much of dev and test was not seen in train.

    slotfill data stats travel
    """
    from slotfill.readers import read_data
    from slotfill.statistics import describe

    statistics = describe(read_data(source, on_error=on_error, on_note=console.note))
    if style == "json":
        json.dump(asdict(statistics), sys.stdout, ensure_ascii=False, indent=2)
        sys.stdout.write("\n")
    else:
        _print_tables(statistics)


@app.command(cls=Command)
def convert(
    source: options.DataArgument,
    target: Annotated[
        Path,
        typer.Argument(
            metavar="TARGET",
            help=f"A file that ends in {_ENDINGS}, or a folder.",
        ),
    ],
    to: Annotated[
        str | None,
        typer.Option("--to", help="The format of the files in a folder, as in docs/formats.md. Default: jsonl."),
    ] = None,
    fields: Annotated[
        list[str] | None,
        typer.Option(
            "--field",
            metavar="NAME=COLUMN",
            help="Of a CSV or TSV file whose header does not say it: the column of the text, tokens, tags, intent, "
            "sentence (its number) or values; may be repeated.",
        ),
    ] = None,
    on_error: options.OnError = "stop",
    overwrite: options.Overwrite = False,
) -> None:
    """Write a data set in another format: a folder gets one file for each split, a file holds a single split.

    slotfill data convert ../atis data/atis --to conll

    slotfill data convert my.csv my.jsonl --field text=query --field tags=entities
    """
    from slotfill.readers import WRITTEN, losses, read_data, save
    from slotfill.readers.layout import written_format

    if to is not None and to not in WRITTEN:
        raise typer.BadParameter(f"{to!r} is not {', '.join(WRITTEN)}", param_hint="--to")
    format_ = written_format(target)
    is_file = format_ is not None and not target.is_dir()
    if is_file and format_ is not None and to is not None and to != format_.name:
        raise typer.BadParameter(f"{target} ends in another format", param_hint="--to")
    check_format(target, "TARGET")
    check_free(target, overwrite=overwrite, data=(source,))
    with alone(target):
        dataset = read_data(source, columns=_columns(fields or []), on_error=on_error, on_note=console.note)
        for loss in losses(dataset, format_.name if is_file and format_ is not None else to or "jsonl"):
            console.note(loss)
        for file in save(dataset, target, to=to or "jsonl"):
            console.notice(f"wrote {file}")


def _columns(assignments: list[str]) -> dict[str, str]:
    from slotfill.readers.tables import check_columns

    columns: dict[str, str] = {}
    for one in assignments:
        name, _, column = one.partition("=")
        if not column:
            raise typer.BadParameter(f"{one!r} is not NAME=COLUMN, as in text=query", param_hint="--field")
        if name in columns:
            raise typer.BadParameter(f"{name} is given twice", param_hint="--field")
        columns[name] = column
    try:
        check_columns(columns)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--field") from None
    return columns


@app.command(cls=Command)
def generate(
    count: Annotated[int, typer.Option("--count", "-n", min=1, help="How many sentences.")] = 1000,
    seed: Annotated[int, typer.Option("--seed", help="The same seed gives the same sentences.")] = 1,
    grammar: Annotated[
        Path | None,
        typer.Option("--grammar", metavar="DIR", help="Templates of your own (docs/templates.md). Default: travel."),
    ] = None,
    rough: Annotated[
        bool, typer.Option("--rough", help="With --grammar: with the slips and the casing of people who type English.")
    ] = False,
    unseen: Annotated[bool, typer.Option("--unseen", help="Use only the cities that are otherwise held out.")] = False,
    without: Annotated[
        list[str] | None, typer.Option("--without", help="Leave out the sentences of this data set; may be repeated.")
    ] = None,
    target: Annotated[
        Path | None,
        options.output("A file that ends in .jsonl, .conll or .markup. Default: print markup."),
    ] = None,
    overwrite: options.Overwrite = False,
) -> None:
    """Generate sentences with exact labels: travel requests, or from templates of your own.

    slotfill data generate --count 10 --seed 7

    slotfill data generate --grammar templates --count 500 --output data/mine/train.markup
    """
    from slotfill.readers import markup, save
    from slotfill.readers.layout import ALL, written_format
    from slotfill.schema import Dataset

    if grammar is None and rough:
        raise typer.BadParameter("travel requests are rough anyway: it goes with --grammar", param_hint="--rough")
    if grammar is not None and unseen:
        raise typer.BadParameter("a grammar of your own holds out no cities", param_hint="--unseen")
    if target is not None:
        if written_format(target) is None:
            raise typer.BadParameter(f"{target} does not end in .jsonl, .conll or .markup", param_hint="--output")
        check_free(target, overwrite=overwrite, data=without or ())
    with nullcontext() if target is None else alone(target):
        examples = _generated(grammar, count, seed=seed, unseen=unseen, rough=rough, without=without or [])
        if target is None:
            for line in markup.lines(examples):
                typer.echo(line)
        else:
            save(Dataset("generated", {ALL: tuple(examples)}), target)
            console.notice(f"wrote {target}")


def _generated(
    grammar: Path | None, count: int, *, seed: int, unseen: bool, rough: bool, without: list[str]
) -> "Iterable[Example]":
    from slotfill.readers import load

    texts = [example.text for source in without for split in load(source).splits.values() for example in split]
    if grammar is None:
        from slotfill.generator import generate

        return generate(count, seed=seed, unseen=unseen, without=texts)
    from slotfill.generator.templates import generate_own

    return generate_own(grammar, count, seed=seed, without=texts, rough=rough)


# The ends of names that are files of other programs, or that slotfill reads but does not write.
_FOREIGN = (".json", ".parquet", ".txt", ".xlsx", ".xml", ".yaml", ".yml", ".gz", ".zip", ".arrow", ".tar")


def check_format(target: Path, hint: str) -> None:
    """BadParameter for a file in a format that slotfill does not write."""
    from slotfill.readers.layout import written_format

    if written_format(target) is None and target.suffix.lower() in _FOREIGN and not target.is_dir():
        problem = f"{target}: slotfill writes files that end in {_ENDINGS}, or a folder"
        raise typer.BadParameter(problem, param_hint=hint)


def check_free(target: Path, *, overwrite: bool, data: "Iterable[str | Path]" = ()) -> None:
    """InputError if the file, or a data set in the folder, exists already, or is the data that are read."""
    from slotfill.cli.targets import check_target
    from slotfill.readers.layout import data_files, found_in

    check_target(target / "train.jsonl" if target.is_dir() else target, overwrite=True)
    for file in data_files(target):
        check_target(file, overwrite=True, data=data)
    if not target.is_dir():
        check_target(target, overwrite=True, data=data)
    if not overwrite and (found_in(target) if target.is_dir() else target.exists()):
        raise InputError(f"{target} holds a data set already: add --overwrite to replace it")


def sizes(dataset: "Dataset") -> str:
    """`train 80, dev 10`."""
    return ", ".join(f"{name} {len(examples)}" for name, examples in dataset.splits.items()) or "none"


def _print_tables(statistics: "Statistics") -> None:
    console.print_table(_sizes_table(statistics))
    console.print_table(_slots_table(statistics))
    if (new := _new_table(statistics)) is not None:
        console.print_table(new)
    splits = statistics.splits.values()
    intents = dict.fromkeys(intent for split in splits for intent in split.intents)
    if intents:
        rows = _table("intent", *statistics.splits)
        for intent in intents:
            rows.add_row(intent, *(str(split.intents.get(intent, "")) for split in splits))
        console.print_table(rows)
    _print_pictures(statistics)
    for oddity in statistics.oddities():
        console.warn(oddity)


def _print_pictures(statistics: "Statistics") -> None:
    from slotfill.cli.histograms import pictures

    encoding = (sys.stdout.encoding or "").lower()
    for line in pictures(statistics, ascii_only=not encoding.startswith("utf")):
        console.say(line)
    console.say()


def _table(*headings: str) -> "Table":
    """An empty table with figures in all columns but the first."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=0, title_justify="left", title_style="bold")
    table.add_column(headings[0], no_wrap=True)  # two names must not look the same, nor be broken
    for heading in headings[1:]:
        table.add_column(heading, justify="right", no_wrap=True)
    return table


_FIGURES: dict[str, "Callable[[SplitStatistics], str]"] = {
    "sentences": lambda split: f"{split.sentences:,}",
    "tokens": lambda split: f"{split.tokens:,}",
    "tokens in the shortest": lambda split: str(split.shortest),
    "in the median": lambda split: f"{split.median:g}",
    "in the mean": lambda split: f"{split.mean:.1f}",
    "in the longest": lambda split: str(split.longest),
    "sentences without a slot": lambda split: _percent(split.without_slot),
    "words that train lacks": lambda split: _percent(split.unknown_words),
}


def _sizes_table(statistics: "Statistics") -> "Table":
    rows = _table(statistics.name, *statistics.splits)
    for heading, figure in _FIGURES.items():
        rows.add_row(heading, *map(figure, statistics.splits.values()))
    return rows


def _slots_table(statistics: "Statistics") -> "Table":
    """A row a slot: mentions in each split, and values."""
    splits = statistics.splits
    rows = _table("slot", *splits, "values")
    rows.title = "mentions of each slot, and its different values where there are most"
    for name in dict.fromkeys(name for split in splits.values() for name in split.slots):
        slots = {split_name: split.slots[name] for split_name, split in splits.items() if name in split.slots}
        rows.add_row(
            name,
            *(str(slots[split].mentions) if split in slots else "" for split in splits),
            str(max(slot.values for slot in slots.values())),
        )
    return rows


def _new_table(statistics: "Statistics") -> "Table | None":
    """A row a slot: the share of mentions with a value that train lacks, in each other split."""
    compared = {name: split for name, split in statistics.splits.items() if split.unknown_words is not None}
    if not compared:
        return None
    rows = _table("slot", *compared)
    rows.title = "mentions with a value that train lacks"
    for name in dict.fromkeys(name for split in compared.values() for name in split.slots):
        shares = (split.slots[name].unseen_mentions if name in split.slots else None for split in compared.values())
        rows.add_row(name, *map(_percent, shares))
    return rows


def _percent(share: float | None) -> str:
    return "" if share is None else f"{share:.1%}"
