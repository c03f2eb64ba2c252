"""`slotfill data`: list, get, check, describe, convert and generate data sets."""

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from slotfill.cli import console
from slotfill.errors import DataError, InputError

if TYPE_CHECKING:
    from slotfill.schema import Dataset
    from slotfill.statistics import Statistics

app = typer.Typer(help="List, get, check, describe, convert and generate data sets.", no_args_is_help=True)

_Source = Annotated[str, typer.Argument(help="A data set: name, file, folder or hub:NAME.", show_default=False)]


class Format(StrEnum):
    """The shapes that statistics come in."""

    TABLE = "table"
    JSON = "json"


class FileFormat(StrEnum):
    """The formats that a data set can be written in."""

    JSONL = "jsonl"
    CONLL = "conll"
    MARKUP = "markup"


@app.command("list")
def list_() -> None:
    """List the data sets that are known by name: those that come with slotfill, and the folders in ./data."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    from slotfill.readers import known, load

    rows = Table("name", "sentences", box=SIMPLE_HEAD)
    for name in known():
        problems: list[DataError] = []
        try:
            size = _sizes(load(name, report=problems.append))
        except InputError as error:
            size = str(error)
        rows.add_row(name, f"{size}; problems: {len(problems)}" if problems else size)
    console.stdout().print(rows)
    console.notice("Wherever a data set is asked for, a path or hub:NAME will do too: hub:tuetschek/atis is ATIS.")


@app.command()
def get(
    name: Annotated[str, typer.Argument(help="atis, snips or sgd.", show_default=False)],
    clone: Annotated[
        Path | None,
        typer.Option("--from", help="Your clone of the public repository. Without it, atis comes from the hub."),
    ] = None,
    target: Annotated[Path | None, typer.Option("--out", help="The folder to write. Default: data/NAME.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace what is there.")] = False,
) -> None:
    """Get a public data set, into ./data where it is found by its name.

    Of sgd come the single travel sentences, with the slot names of ATIS.

    slotfill data get atis

    git clone https://github.com/google-research-datasets/dstc8-schema-guided-dialogue

    slotfill data get sgd --from dstc8-schema-guided-dialogue
    """
    from slotfill.readers import public, save
    from slotfill.readers.layout import found_in

    target = target or Path("data", name)
    if not force and target.is_dir() and found_in(target):
        raise InputError(f"{target} holds a data set already: add --force to replace it")
    left_out: list[DataError] = []
    dataset, origin = public.read(name, clone, report=left_out.append)
    if left_out:
        console.notice(f"left out, since they cannot be labelled for sure: {len(left_out)}; the first: {left_out[0]}")
    for file in save(dataset, target):
        console.notice(f"wrote {file}")
    console.notice(f"{name}: {_sizes(dataset)}\nfrom {origin}\nlicence: {public.SOURCES[name].licence}")


@app.command()
def check(source: _Source) -> None:
    """Check a data set: each problem on a line, `file:line: what is wrong`; exit code 1 if there are any.

    Of a faulty sentence the first problem is named. Warnings tell what is legal but odd.

        slotfill data check ../atis
    """
    from slotfill.readers import load
    from slotfill.statistics import describe

    problems: list[DataError] = []
    dataset = load(source, report=problems.append)
    for problem in problems:
        typer.echo(str(problem))
    for oddity in _oddities(describe(dataset)):
        typer.echo(f"warning: {oddity}")
    count = "no problem" if not problems else f"{len(problems)} problem{'s' * (len(problems) > 1)}"
    typer.echo(f"{dataset.name}: {count}; good sentences: {_sizes(dataset)}")
    if problems:
        raise typer.Exit(1)


@app.command()
def stats(
    source: _Source,
    style: Annotated[Format, typer.Option("--format", "-f", help="How to print them.")] = Format.TABLE,
) -> None:
    """Describe a data set: sizes, slots, intents, and how much of dev and test was not seen in train."""
    from slotfill.readers import load
    from slotfill.statistics import describe

    statistics = describe(load(source))
    if style is Format.JSON:
        json.dump(asdict(statistics), sys.stdout, ensure_ascii=False, indent=2)
        sys.stdout.write("\n")
    else:
        _print_tables(statistics)


@app.command()
def convert(
    source: _Source,
    target: Annotated[Path, typer.Argument(help="A file that ends in .jsonl, .conll or .markup, or a folder.")],
    to: Annotated[FileFormat | None, typer.Option("--to", help="The format in a folder. Default: jsonl.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace what is there.")] = False,
) -> None:
    """Write a data set in another format: a folder gets a file a split, a file takes a single split.

    slotfill data convert ../atis data/atis --to conll

    slotfill data convert my.jsonl my.markup
    """
    from slotfill.readers import load, save
    from slotfill.readers.layout import format_of, found_in

    is_file = format_of(target) is not None and not target.is_dir()
    if is_file and to is not None and to != format_of(target):
        raise typer.BadParameter(f"{target} ends in another format", param_hint="--to")
    if not force and (target.exists() if is_file else target.is_dir() and found_in(target)):
        raise InputError(f"{target} holds a data set already: add --force to replace it")
    dataset = load(source)
    for file in save(dataset, target, to=to or FileFormat.JSONL):
        console.notice(f"wrote {file}")


@app.command()
def generate(
    count: Annotated[int, typer.Option("--count", "-n", min=1, help="How many sentences.")] = 1000,
    seed: Annotated[int, typer.Option("--seed", help="The same seed gives the same sentences.")] = 1,
    unseen: Annotated[
        bool, typer.Option("--unseen", help="Only cities that are held out of sentences without this option.")
    ] = False,
    target: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="A file that ends in .jsonl, .conll or .markup. Default: print markup."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace what is there.")] = False,
) -> None:
    """Write travel requests from the grammar, labelled exactly.

    slotfill data generate --count 10 --seed 7

    slotfill data generate --count 5000 --output data/mine/train.markup
    """
    from slotfill.generator import generate as generated
    from slotfill.readers import markup, save
    from slotfill.readers.layout import ALL, format_of
    from slotfill.schema import Dataset

    if target is not None and format_of(target) is None:
        raise typer.BadParameter(f"{target} does not end in .jsonl, .conll or .markup", param_hint="--output")
    if target is not None and target.exists() and not force:
        raise InputError(f"{target} exists already: add --force to replace it")
    examples = generated(count, seed=seed, unseen=unseen)
    if target is None:
        for line in markup.lines(examples):
            typer.echo(line)
    else:
        save(Dataset("generated", {ALL: tuple(examples)}), target)
        console.notice(f"wrote {target}")


def _sizes(dataset: "Dataset") -> str:
    return ", ".join(f"{name} {len(examples)}" for name, examples in dataset.splits.items()) or "none"


def _oddities(statistics: "Statistics") -> Iterator[str]:
    """What a data set may do, but seldom means to."""
    for overlap in statistics.overlaps:
        yield f"{overlap.sentences} sentences of {overlap.second} stand in {overlap.first} too"
    for name, split in statistics.splits.items():
        for kind, labels in (("tags", split.new_tags), ("intents", split.new_intents)):
            if labels:
                yield f"{kind} of {name} that train does not have: {', '.join(labels)}"


def _print_tables(statistics: "Statistics") -> None:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    def table(*headings: str) -> Table:
        rows = Table(headings[0], box=SIMPLE_HEAD, pad_edge=False)
        for heading in headings[1:]:
            rows.add_column(heading, justify="right")
        return rows

    out = console.stdout()
    splits = statistics.splits
    rows = table(statistics.name, *splits)
    for heading, texts in {
        "sentences": [f"{split.sentences:,}" for split in splits.values()],
        "tokens": [f"{split.tokens:,}" for split in splits.values()],
        "tokens in the shortest sentence": [str(split.shortest) for split in splits.values()],
        "in the median": [f"{split.median:g}" for split in splits.values()],
        "in the mean": [f"{split.mean:.1f}" for split in splits.values()],
        "in the longest": [str(split.longest) for split in splits.values()],
        "sentences without a slot": [_percent(split.without_slot) for split in splits.values()],
        "words that train does not have": [_percent(split.unknown_words) for split in splits.values()],
    }.items():
        rows.add_row(heading, *texts)
    out.print(rows)

    compared = [name for name, split in splits.items() if split.unknown_words is not None]
    rows = table("slot", *splits, "values", *(f"new in\n{name}" for name in compared))
    for name in dict.fromkeys(name for split in splits.values() for name in split.slots):
        slots = {split_name: split.slots.get(name) for split_name, split in splits.items()}
        mentions = [str(slot.mentions) if slot else "" for slot in slots.values()]
        values = max(slot.values for slot in slots.values() if slot)
        news = [_percent(slot.unseen_mentions) if (slot := slots[split_name]) else "" for split_name in compared]
        rows.add_row(name, *mentions, str(values), *news)
    out.print(rows)

    intents = dict.fromkeys(intent for split in splits.values() for intent in split.intents)
    if intents:
        rows = table("intent", *splits)
        for intent in intents:
            rows.add_row(intent, *(str(split.intents.get(intent, "")) for split in splits.values()))
        out.print(rows)
    for oddity in _oddities(statistics):
        console.warn(oddity)


def _percent(share: float | None) -> str:
    return "" if share is None else f"{share:.1%}"
