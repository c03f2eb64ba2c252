"""`slotfill compare`: every cell with the same data, budget and seeds."""

import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple

import typer

from slotfill.cli import completions, console, distance, options
from slotfill.cli.progress import Bar, duration
from slotfill.cli.recipes import NEXT_TO_NOTHING, TOO_LITTLE, data_of, settings_of, splits_of
from slotfill.cli.streams import writing
from slotfill.cli.targets import check_target
from slotfill.errors import ConfigError, InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from slotfill.comparing import Run, Summary
    from slotfill.config import Config
    from slotfill.training.data import PooledSplits


# The names of comparing.VARIANTS for the help, which must not import torch; a test holds them equal.
NETS = (
    *("feedforward", "feedforward-window", "elman", "elman-bi", "jordan", "jordan-bi", "jordan-window"),
    *("lstm", "lstm-bi", "lstm-peepholes-bi", "lstm-bi-2-layers", "gru", "gru-bi"),
)


class Format(StrEnum):
    """The formats of the table."""

    TABLE = "table"
    MARKDOWN = "markdown"
    JSON = "json"


_DISTANCE = "The distance experiment"


def compare(
    context: typer.Context,
    cells: Annotated[
        str | None,
        typer.Option(
            "--cells",
            metavar="NETS",
            help=f"Some of {', '.join(NETS)}. Default: all; with --distance one of each kind.",
            autocompletion=completions.nets,
        ),
    ] = None,
    data: options.DataOrRecipe = None,
    seeds: Annotated[
        str, typer.Option("--seeds", metavar="N,...", help="One or more seeds, separated by commas.")
    ] = "1",
    folder: Annotated[
        Path, options.output("The folder of the trained nets; those already there are used again.", metavar="FOLDER")
    ] = Path("models/compare"),
    config_file: options.ConfigFile = None,
    assignments: options.Assignments = None,
    style: Annotated[Format, typer.Option("--format", "-f", help="How to print the table.")] = Format.TABLE,
    report: Annotated[
        Path | None, typer.Option("--report", metavar="FILE", help="Write the table to this file too: .md or .json.")
    ] = None,
    gradients: Annotated[
        Path | None,
        typer.Option(
            "--gradients", metavar="FILE", help="Draw how the gradient fades with distance into this .png or .svg file."
        ),
    ] = None,
    at_distance: Annotated[
        bool,
        typer.Option(
            "--distance",
            rich_help_panel=_DISTANCE,
            help="How far back does a net remember? Put words between the verb and what it tells.",
        ),
    ] = False,
    distances: Annotated[
        str | None,
        typer.Option(
            "--distances",
            metavar="K,...",
            rich_help_panel=_DISTANCE,
            help="How many words; each net learns and is asked at each. Default: 0,5,20.",
        ),
    ] = None,
    up_to: Annotated[
        int | None,
        typer.Option(
            "--up-to",
            metavar="K",
            min=0,
            max=200,
            rich_help_panel=_DISTANCE,
            help="Learn once, from sentences with 0 to K words, and be asked at all distances.",
        ),
    ] = None,
    verb_last: Annotated[
        bool,
        typer.Option(
            "--verb-last", rich_help_panel=_DISTANCE, help="Put the verb at the end: see what both directions are for."
        ),
    ] = False,
    plot: Annotated[
        Path | None,
        typer.Option(
            "--plot",
            metavar="FILE",
            rich_help_panel=_DISTANCE,
            help="Draw the share of right slots over the distance into this .png or .svg file.",
        ),
    ] = None,
    overwrite: options.Overwrite = False,
) -> None:
    """Train every net of the teaching material and print one table.

    Slot F1 and sentence accuracy are strict, on the test split. Twins are pairs such as `arrive taipei` and
    `leave taipei`: the share of pairs with the right role on both sides, for cities seen in training and for others.
    A second table has twins with words between the verb and the city, and scores the date that follows, too.
    A line says which nets score less than the best by more than chance, by the paired bootstrap over sentences.
    After a kill, the same command goes on where it stopped.

        slotfill compare --data ../atis --seeds 1,2,3 --report table.md

        slotfill compare --data twins --cells feedforward,elman,lstm --set model.hidden=24

    With --distance the sentences are made on the spot, small nets learn from them, and the table shows the share of
    slots that each net has right, with other cities, over the distance between the verb and the city. The default takes
    a minute. Each net has the learning rate of two that is better on dev.

        slotfill compare --distance

        slotfill compare --distance --distances 0,1,2,5,10,20,30 --seeds 1,2,3 --plot distance.png

        slotfill compare --distance --cells lstm,lstm-bi --verb-last
    """
    from slotfill.training.pipeline import require_torch

    _check_options(context, at_distance=at_distance)
    _check_files(report, gradients, plot)
    for file in filter(None, (report, gradients, plot)):
        check_target(file, overwrite=overwrite, inputs=filter(None, (config_file,)), data=data or ())
    numbers = _seeds_of(seeds)
    base = _seeded(settings_of(config_file, assignments, base=distance.base() if at_distance else None), numbers)
    task = distance.task_of(distances, up_to=up_to, verb_last=verb_last) if at_distance else None
    require_torch("comparing")
    from slotfill import comparing

    names = _names_of(cells, default=distance.nets() if at_distance else NETS)
    comparing.check(names, base=base)
    result: distance.Outcome | _Table
    if task is not None:
        result = distance.measured(names, numbers, base, task)
    else:
        sources, base = data_of(data, base)
        splits = splits_of(sources, base)
        _check_tests(splits)
        result = _Table(comparing.summarize(_runs(names, numbers, base, splits, folder)))
    if style is Format.TABLE:
        result.print()
    else:
        sys.stdout.write(result.json() if style is Format.JSON else result.markdown())
    if report is not None:
        _write(report, result.json() if report.suffix == ".json" else result.markdown())
    if gradients is not None:
        _draw(comparing.reaches(names, seed=numbers[0], folder=folder, test=splits.test), gradients)
    if plot is not None and isinstance(result, distance.Outcome):
        result.draw(plot)


# What belongs to the one kind of comparison, and what to the other, by the names of parameters.
_OF_DISTANCE = ("distances", "up_to", "verb_last", "plot")
_NOT_OF_DISTANCE = {
    "data": "its sentences are made on the spot",
    "folder": "its nets are not kept",
    "gradients": "use it without",
}


def _check_options(context: typer.Context, *, at_distance: bool) -> None:
    """A usage error for an option of the other kind of comparison."""
    given = [
        parameter
        for parameter in context.command.params
        if (source := context.get_parameter_source(parameter.name or "")) and source.name == "COMMANDLINE"
    ]
    for parameter in given:
        name, flag = parameter.name or "", parameter.opts[0]
        if at_distance and name in _NOT_OF_DISTANCE:
            raise typer.BadParameter(f"does not go with --distance: {_NOT_OF_DISTANCE[name]}", param_hint=flag)
        if not at_distance and name in _OF_DISTANCE:
            raise typer.BadParameter("goes with --distance: add it", param_hint=flag)


def _check_files(report: Path | None, *plots: Path | None) -> None:
    if report is not None and report.suffix not in (".md", ".json"):
        raise typer.BadParameter(f"{report} ends neither in .md nor in .json", param_hint="--report")
    for plot in filter(None, plots):
        from slotfill.plots import check

        check(plot)


def _write(report: Path, text: str) -> None:
    with writing(str(report)) as write:
        write(text.encode(errors="backslashreplace"))  # of the names of data


def _names_of(cells: str | None, *, default: Sequence[str]) -> list[str]:
    """The nets of --cells, each once."""
    from slotfill.comparing import VARIANTS

    names = list(dict.fromkeys(default if cells is None else map(str.strip, cells.split(","))))
    for name in names:
        if name not in VARIANTS:
            near = get_close_matches(name.lower(), VARIANTS, n=1)
            guess = f"did you mean {near[0]}? " if near else ""
            raise InputError(f"--cells {name}: {guess}expected some of {', '.join(VARIANTS)}")
    return names


def _seeds_of(seeds: str) -> list[int]:
    """The seeds of --seeds, each once."""
    try:
        return list(dict.fromkeys(int(seed) for seed in seeds.split(",")))
    except ValueError:
        raise typer.BadParameter(f"{seeds!r} is not a list such as 1,2,3", param_hint="--seeds") from None


def _seeded(base: "Config", seeds: Sequence[int]) -> "Config":
    """`base` with the first seed, which decides what is held out; ConfigError if `base` sets a seed not among them."""
    from slotfill.config import TrainingConfig, from_assignments

    seed = base.training.seed
    if seed not in (TrainingConfig().seed, *seeds):
        raise ConfigError(f"`training.seed` is {seed}, but the seeds here are those of --seeds: add --seeds {seed}")
    return from_assignments([f"training.seed={seeds[0]}"], base=base)


def _check_tests(splits: "PooledSplits") -> None:
    """InputError for a data set without a test split; one without any splits was trained on."""
    for source in splits.sources:
        if not source.test and not source.out_of_domain:
            lacks = f"{source.label} has no test split"
            raise InputError(
                f"{lacks}: a comparison needs sentences that no net was trained on; of data in one piece, "
                "slotfill data split makes parts"
            )


def _runs(
    names: Sequence[str], seeds: Sequence[int], base: "Config", splits: "PooledSplits", folder: Path
) -> "list[Run]":
    """Train and measure every net, with a bar or a line for each."""
    from slotfill import comparing
    from slotfill.training.pipeline import fitted

    base = base._replace(training=fitted(base, splits).training)
    epochs, sentences = base.training.epochs, splits.sentences_an_epoch
    total = sentences * epochs * len(names) * len(seeds)
    runs = []
    with Bar(f"{console.counted(len(names), 'net')}, {console.counted(len(seeds), 'seed')}", total=total) as bar:
        pace = _Pace(bar, _size(names, seeds, base, sentences), total=total, epoch=sentences)
        for run in comparing.compare(
            names, seeds=seeds, base=base, splits=splits, folder=folder, on_batch=pace.advance
        ):
            runs.append(run)
            bar.say(
                f"{run.variant}, seed {run.seed}: F1 {run.f1:.4f}, twins {_share(run.twins_seen)}", detail=run.variant
            )
    if runs and all(run.f1 < NEXT_TO_NOTHING for run in runs):
        console.warn(TOO_LITTLE)
    return runs


def _size(names: Sequence[str], seeds: Sequence[int], base: "Config", sentences: int) -> str:
    """How much there is to do: `12 nets x 1 seed x 20 epochs of 20,000 sentences`."""
    factors = ((len(names), "net"), (len(seeds), "seed"), (base.training.epochs, "epoch"))
    return f"{' x '.join(console.counted(*factor) for factor in factors)} of {sentences:,} sentences"


class _Pace:
    """Moves the bar; says before the first training how much there is to do, and after an epoch for how long."""

    def __init__(self, bar: Bar, size: str, *, total: int, epoch: int) -> None:
        self.bar = bar
        self.size = size
        self.total = total  # sentences, as in `epoch`
        self.epoch = epoch
        self.trained = self.timed = 0
        self.done = 0
        self.seconds = 0.0
        self.last = 0.0

    def advance(self, sentences: int) -> None:
        """Take note of a batch, or of a net or of epochs that were skipped."""
        now = time.perf_counter()
        before, self.done = self.trained, self.done + sentences
        if sentences < self.epoch:  # more at once were not trained on now
            if not self.trained:
                self.bar.say(f"training {self.size}; for less, see --cells and --set training.epochs=N")
            else:  # the first batch also pays for what torch does once
                self.timed += sentences
                self.seconds += now - self.last
            self.trained += sentences
        self.last = now
        self.bar.advance(sentences)
        if before < self.epoch <= self.trained and self.timed:
            left = (self.total - self.done) * self.seconds / self.timed
            if left >= _WORTH_A_WORD:
                self.bar.say(f"at least {duration(left)} left, at the pace of the first net; Ctrl-C loses no epoch")


_WORTH_A_WORD = 30  # seconds


def _draw(curves: "Mapping[str, Sequence[float]]", path: Path) -> None:
    from slotfill.plots import decay_curves, save

    save(decay_curves(curves), path)
    console.notice(f"wrote {path}; the gradient's share of that for k = 1:")
    for name, values in curves.items():
        console.notice(f"{name:>20}  {'  '.join(f'{value:.1e}' for value in values)}")


_HEADINGS = (  # one word a line, so that the table fits 80 columns
    "net",
    "slot F1",
    "sentences right",
    "twins, seen",
    "twins, unseen",
    "parameters",
    "train CPU-s",
    "tagged per CPU-s",
)


def _cells(row: "Summary") -> tuple[str, ...]:
    def spread(mean: float, deviation: float) -> str:
        return f"{100 * mean:.1f} ± {100 * deviation:.1f}" if row.seeds > 1 else f"{100 * mean:.1f}"

    return (
        row.variant,
        spread(row.f1, row.f1_spread),
        spread(row.sentence_accuracy, row.sentence_accuracy_spread),
        _share(row.twins_seen),
        _share(row.twins_unseen),
        f"{row.parameters / 1000:,.0f} k",
        f"{row.training_cpu_seconds:.0f}",
        f"{row.sentences_per_cpu_second:,.0f}",
    )


_DISTANT = "Twins with words between verb and city: the share of pairs with the city right / with the date right"


def _distant_cells(rows: Sequence["Summary"]) -> list[tuple[str, ...]]:
    """The headings and lines of the table of twins at a distance; nothing for data without twins."""
    if not rows or not rows[0].distant:
        return []
    headings = ("net", *(f"{one.words} word{'s' * (one.words != 1)}" for one in rows[0].distant))
    return [
        headings,
        *((row.variant, *(f"{100 * one.city:.0f} / {_share(one.date)}" for one in row.distant)) for row in rows),
    ]


def _share(value: float | None) -> str:
    return "-" if value is None else f"{100 * value:.0f} %"


class _Table(NamedTuple):
    """The nets with the same data, in each format."""

    rows: Sequence["Summary"]

    def markdown(self) -> str:
        lines = [_HEADINGS, ("---", *["---:"] * (len(_HEADINGS) - 1)), *map(_cells, self.rows)]
        tests, distant = _tests(self.rows), _distant_cells(self.rows)
        table = "".join(f"| {' | '.join(line)} |\n" for line in lines) + (f"\n{tests}\n" if tests else "")
        if not distant:
            return table
        lines = [distant[0], ("---", *["---:"] * (len(distant[0]) - 1)), *distant[1:]]
        return f"{table}\n{_DISTANT}\n\n" + "".join(f"| {' | '.join(line)} |\n" for line in lines)

    def json(self) -> str:
        entries = [asdict(row) | {"to_best": row.to_best and row.to_best._asdict()} for row in self.rows]
        return json.dumps(entries, indent=2) + "\n"

    def print(self) -> None:
        from rich.box import SIMPLE_HEAD
        from rich.table import Table

        table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=0, show_edge=False)  # the box has a gap
        for heading in _HEADINGS:
            side: Literal["left", "right"] = "left" if heading == _HEADINGS[0] else "right"
            table.add_column(heading.replace(" ", "\n"), justify=side, no_wrap=True)
        for row in self.rows:
            table.add_row(*_cells(row))
        console.print_table(table)
        if tests := _tests(self.rows):
            console.stdout().print(f"\n{tests}")
        if distant := _distant_cells(self.rows):
            table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), show_edge=False)
            for number, heading in enumerate(distant[0]):
                table.add_column(heading, justify="right" if number else "left", no_wrap=True)
            for line in distant[1:]:
                table.add_row(*line)
            console.stdout().print(f"\n{_DISTANT}\n")
            console.print_table(table)


def _tests(rows: Sequence["Summary"]) -> str:
    """Which nets score less than the best by more than chance, in words; nothing for a single net."""
    from slotfill.significance import CUSTOMARY, written

    tested = [(row.variant, row.to_best.p) for row in rows if row.to_best is not None]
    best = max(rows, key=lambda row: row.f1)
    if tested and all(row.f1 == best.f1 for row in rows):
        return "All nets have the same slot F1"
    if not tested:
        return ""
    sure, unsure = [
        ", ".join(f"{name} (p {written(p)})" for name, p in tested if (p < CUSTOMARY) is is_sure)
        for is_sure in (True, False)
    ]
    parts = [
        f"{kind}: {names}" for kind, names in (("by more than chance", sure), ("perhaps by chance", unsure)) if names
    ]
    return f"Slot F1 below that of {best.variant}, {'; '.join(parts)} (paired bootstrap over sentences)"
