"""`slotfill bulk`: tag a data set of any size, part by part."""

import time
from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from slotfill.cli import console, options
from slotfill.cli.progress import Bar
from slotfill.thresholds import MIN_VALUE_CONFIDENCE

if TYPE_CHECKING:
    from slotfill.bulk.run import Outcome, Run

_NEWS = 10  # seconds between lines of a log


def bulk(
    source: Annotated[
        str,
        typer.Argument(
            metavar="SRC", help="A .jsonl, .csv, .txt or .parquet file, or a folder of them.", show_default=False
        ),
    ],
    target: Annotated[str, typer.Argument(metavar="DST", help="The folder of the parts.", show_default=False)],
    column: Annotated[str, typer.Option("--column", "-c", help="The column or key of the text.")] = "text",
    id_: Annotated[
        str | None, typer.Option("--id", help="The column or key to copy as each row's id.", show_default=False)
    ] = None,
    style: Annotated[Literal["jsonl", "parquet"], options.format_("How the parts are written.")] = "jsonl",
    engine: Annotated[
        Literal["local", "ray"],
        typer.Option("--engine", "-e", help="local: processes. ray: the cluster that RAY_ADDRESS names."),
    ] = "local",
    jobs: Annotated[
        int | None,
        typer.Option("--jobs", "-j", min=1, help="How many processes. Default: one for each CPU.", show_default=False),
    ] = None,
    model: options.Model = "travel",
    min_confidence: options.MinConfidence = 0.0,
    min_value_confidence: options.MinValueConfidence = MIN_VALUE_CONFIDENCE,
    now: options.Now = None,
    date_order: options.DateOrder = "mdy",
    part_rows: Annotated[
        int, typer.Option("--part-rows", min=1, max=1_000_000, help="Rows of the source in each part.")
    ] = 10_000,
    quiet: options.Quiet = False,
) -> None:
    """Tag a data set of any size, part by part, into the folder DST.

    No row is lost: one that cannot be tagged gets an `error`. After a kill, the same command goes on with the missing
    parts, and with the time of the first start unless --now is given.

        slotfill bulk queries.jsonl tagged --column query

        slotfill bulk s3://bucket/queries s3://bucket/tagged --format parquet --engine ray
    """
    from slotfill.bulk.rows import Columns
    from slotfill.bulk.run import Settings, alone, begin, finish, outcomes

    for argument, name in (("SRC", source), ("DST", target)):
        if not name:
            raise typer.BadParameter("the name is empty", param_hint=argument)
    settings = Settings(
        source,
        target,
        Columns(column, id_),
        model=model,
        style=style,
        clock=now,
        date_order=date_order,
        min_confidence=min_confidence,
        min_value_confidence=min_value_confidence,
        part_rows=part_rows,
    )
    with alone(target):
        run = begin(settings)
        if len(run.missing) < run.parts and run.missing and not quiet:
            console.notice(f"{target}: {run.parts - len(run.missing)} of {run.parts} parts are there: going on")
        tagged = outcomes(run, engine=engine, jobs=jobs, tell=console.notice)
        bad, problem = _follow(run, tagged, quiet=quiet)
        finish(settings)
    console.notice(f"{target}: {run.rows:,} rows in {run.parts:,} parts; {run.missing_rows:,} rows were tagged now")
    if bad:
        console.warn(f"{bad:,} of these rows could not be tagged and have an `error`, such as {problem}")


def _follow(run: "Run", outcomes: "Iterator[Outcome]", *, quiet: bool) -> tuple[int, str]:
    """Show the progress; return the number of rows with a problem, and the first problem."""
    done, bad, problem = 0, 0, ""
    total = run.missing_rows
    start = reported = time.monotonic()
    with Bar("tagging", total=total, quiet=quiet) as bar:
        for outcome in outcomes:
            done += outcome.rows
            bad += outcome.bad
            problem = problem or outcome.problem
            now = time.monotonic()
            speed = done / (now - start) if now > start else 0.0
            state = f"{done:,} of {total:,} rows" + (f", {speed:,.0f} rows/s" if speed else "")
            bar.advance(outcome.rows, detail=state)
            if not bar.live and now - reported >= _NEWS:
                reported = now
                left = timedelta(seconds=round((total - done) / speed)) if speed else "?"
                bar.say(f"{state}, {left} left")
    return bad, problem
