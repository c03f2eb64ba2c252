"""`slotfill bulk`: tag a data set of any size, part by part."""

import os
import time
from collections.abc import Iterator
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from slotfill.cli import console
from slotfill.cli.progress import Bar
from slotfill.cli.tag import clock_of

if TYPE_CHECKING:
    from slotfill.bulk.run import Outcome, Run

_NEWS = 10  # seconds between the lines of a log


class Engine(StrEnum):
    """Who does the work."""

    LOCAL = "local"
    RAY = "ray"


class Format(StrEnum):
    """How the parts are written."""

    JSONL = "jsonl"
    PARQUET = "parquet"


class DateOrder(StrEnum):
    """How 11/2 is read."""

    MDY = "mdy"
    DMY = "dmy"


def bulk(
    source: Annotated[
        str,
        typer.Argument(
            metavar="SRC", help="A .jsonl, .csv, .txt or .parquet file, or a folder of them.", show_default=False
        ),
    ],
    target: Annotated[str, typer.Argument(metavar="DST", help="The folder of the parts.", show_default=False)],
    column: Annotated[str, typer.Option("--column", "-c", help="The column or key that has the text.")] = "text",
    id_: Annotated[
        str | None, typer.Option("--id", help="The column or key to copy as each row's id.", show_default=False)
    ] = None,
    style: Annotated[Format, typer.Option("--format", "-f", help="How the parts are written.")] = Format.JSONL,
    engine: Annotated[
        Engine, typer.Option("--engine", "-e", help="local: processes. ray: the cluster that RAY_ADDRESS names.")
    ] = Engine.LOCAL,
    jobs: Annotated[
        int | None,
        typer.Option("--jobs", "-j", min=1, help="Tag with so many processes. Default: one a CPU.", show_default=False),
    ] = None,
    model: Annotated[str, typer.Option("--model", "-m", help="A model's name or folder.")] = "travel",
    min_confidence: Annotated[
        float, typer.Option("--min-confidence", min=0.0, max=1.0, help="Leave out slots that are less sure.")
    ] = 0.0,
    now: Annotated[
        str | None,
        typer.Option("--now", help="The clock that `tomorrow` counts from. Default: when the run first began."),
    ] = None,
    date_order: Annotated[
        DateOrder, typer.Option("--date-order", help="How 11/2 is read: month or day first.")
    ] = DateOrder.MDY,
    part_rows: Annotated[
        int, typer.Option("--part-rows", min=1, max=1_000_000, help="Rows of the source in each part.")
    ] = 10_000,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress.")] = False,
) -> None:
    """Tag a data set of any size: the source in parts, each written whole into the folder DST.

    No row is lost: one that cannot be tagged has an `error`. A run that was killed is started again with the same
    command, and tags only what is missing.

        slotfill bulk queries.jsonl tagged --column query

        slotfill bulk s3://bucket/queries s3://bucket/tagged --format parquet --engine ray
    """
    from slotfill.bulk.rows import Columns
    from slotfill.bulk.run import Settings, begin, finish

    clock = None if now is None else clock_of(now)
    if now is not None and clock is None:
        raise typer.BadParameter(f"{now!r} is no date and time such as 2026-11-20T09:00", param_hint="--now")
    for argument, name in (("SRC", source), ("DST", target)):
        if not name:
            raise typer.BadParameter("the name is empty", param_hint=argument)
    settings = Settings(
        source,
        target,
        Columns(column, id_),
        model=model,
        style=style.value,
        clock=clock,
        date_order=date_order.value,
        min_confidence=min_confidence,
        part_rows=part_rows,
    )
    run = begin(settings)
    if len(run.missing) < run.parts and run.missing and not quiet:
        console.notice(f"{target}: {run.parts - len(run.missing)} of {run.parts} parts are there: going on")
    bad, problem = _follow(run, _outcomes(run, engine, jobs), quiet=quiet)
    finish(settings)
    console.notice(f"{target}: {run.rows:,} rows in {run.parts:,} parts; {run.missing_rows:,} rows were tagged now")
    if bad:
        console.warn(f"{bad:,} of these rows could not be tagged and have an `error`, such as {problem}")


def _outcomes(run: "Run", engine: Engine, jobs: int | None) -> "Iterator[Outcome]":
    if engine is Engine.RAY:
        from slotfill.bulk.on_ray import spread_on_ray

        return spread_on_ray(run.work, run.missing, jobs=jobs, tell=console.notice)
    jobs = min(jobs or _cpus(), max(1, len(run.missing)))
    if jobs == 1:
        return map(run.work, run.missing)
    from slotfill.jobs import spread

    # started fresh: a fork of a process with threads (the progress bar's, pyarrow's) may hang
    return spread(run.work, run.missing, jobs=jobs, start="spawn")


def _cpus() -> int:
    """The CPUs that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _follow(run: "Run", outcomes: "Iterator[Outcome]", *, quiet: bool) -> tuple[int, str]:
    """Show how the work goes on; how many rows have a problem, and one of the problems."""
    done, bad, problem = 0, 0, ""
    total = run.missing_rows
    start = news = time.monotonic()
    with Bar("tagging", total=total, quiet=quiet) as bar:
        for outcome in outcomes:
            done += outcome.rows
            bad += outcome.bad
            problem = problem or outcome.problem
            now = time.monotonic()
            speed = done / (now - start) if now > start else 0.0
            state = f"{done:,} of {total:,} rows" + (f", {speed:,.0f} rows/s" if speed else "")
            bar.advance(outcome.rows, detail=state)
            if not bar.live and now - news >= _NEWS:
                news = now
                left = timedelta(seconds=round((total - done) / speed)) if speed else "?"
                bar.say(f"{state}, {left} left")
    return bad, problem
