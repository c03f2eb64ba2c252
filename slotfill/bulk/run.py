"""A run: the parts that are missing, and how each is tagged."""

import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

from slotfill import files
from slotfill.bulk import sources
from slotfill.bulk.records import WRITERS, Record, record
from slotfill.bulk.rows import Columns, Row
from slotfill.bulk.sources import Part
from slotfill.bulk.storage import base_name, join, storage_of
from slotfill.bundle import MANIFEST as BUNDLE_MANIFEST
from slotfill.bundle import is_bundle
from slotfill.errors import InputError, MissingExtraError
from slotfill.jobs import spread
from slotfill.locations import locate
from slotfill.locks import UNFINISHED
from slotfill.tagger import Tagger
from slotfill.thresholds import MIN_VALUE_CONFIDENCE

MANIFEST = "_bulk.json"  # readers of Parquet folders skip names that begin with an underscore
_VERSION = 1
_BATCH = 1_000  # rows that are tagged and written together
_BATCH_TEXT = 1_000_000  # and their characters


class Settings(NamedTuple):
    """Everything that the result depends on. `clock` None: the time at which the run first began."""

    source: str
    target: str
    columns: Columns
    model: str = "travel"
    style: str = "jsonl"
    clock: datetime | None = None
    date_order: str = "mdy"
    min_confidence: float = 0.0
    min_value_confidence: float = MIN_VALUE_CONFIDENCE
    part_rows: int = 10_000


class Outcome(NamedTuple):
    """The outcome of a part: `bad` of its rows have a problem; `problem` is the first."""

    part: int
    rows: int
    bad: int
    problem: str


class Work:
    """Part -> its file in the target; sent to other processes and machines as a whole."""

    def __init__(self, tagger: Tagger, settings: Settings, *, source_style: str) -> None:
        self.tagger = tagger
        self.settings = settings
        self.source_style = source_style

    def __call__(self, part: Part) -> Outcome:
        """Tag a part and write it; InputError if it cannot be read, OSError if it cannot be written."""
        settings = self.settings
        outcome = Outcome(part.number, part.rows, 0, "")

        def batches() -> Iterator[list[Record]]:
            nonlocal outcome
            for numbers, batch in _batches(part, sources.read(part, self.source_style, settings.columns)):
                for number, row in zip(numbers, batch, strict=True):
                    if row.problem is not None:
                        problem = outcome.problem or f"row {number}: {row.problem}"
                        outcome = outcome._replace(bad=outcome.bad + 1, problem=problem)
                yield self._records(numbers, batch)

        path = join(settings.target, part_name(part.number, settings.style))
        with storage_of(path).writing(path) as stream:
            WRITERS[settings.style](batches(), stream)
        return outcome

    def _records(self, numbers: range, batch: list[Row]) -> list[Record]:
        settings = self.settings
        good = [row for row in batch if row.problem is None and row.text is not None]
        annotations = iter(
            self.tagger.tag(
                [row.text for row in good if row.text is not None],
                tokens=[row.tokens for row in good] if any(row.tokens for row in good) else None,
                now=settings.clock,
                date_order=settings.date_order,
                min_confidence=settings.min_confidence,
                min_value_confidence=settings.min_value_confidence,
            )
        )
        return [
            record(number, row, next(annotations) if row.problem is None else None)
            for number, row in zip(numbers, batch, strict=True)
        ]


def _batches(part: Part, rows: Iterator[Row]) -> Iterator[tuple[range, list[Row]]]:
    """Rows with their numbers, in batches small enough to bound the memory."""
    first, batch, characters = part.first, [], 0
    for row in rows:
        batch.append(row)
        characters += len(row.text or "")
        if len(batch) == _BATCH or characters > _BATCH_TEXT:
            yield range(first, first + len(batch)), batch
            first, batch, characters = first + len(batch), [], 0
    if batch:
        yield range(first, first + len(batch)), batch


class Run(NamedTuple):
    """What is to be done: `missing` of the parts of `rows` rows in all, by `work`."""

    work: Work
    parts: int
    rows: int
    missing: list[Part]

    @property
    def missing_rows(self) -> int:
        """How many rows are not tagged yet."""
        return sum(part.rows for part in self.missing)


def alone(target: str) -> AbstractContextManager[None]:
    """Keep other runs of this machine out of a target; InputError at once if one is at work in it."""
    return nullcontext() if "://" in target else files.alone(join(target, MANIFEST))


def begin(settings: Settings) -> Run:
    """Look at the source and the target, and find what is to be done; the target folder is made.

    InputError if the source cannot be read, or the target holds something else or the parts of another run.
    """
    if settings.style == "parquet":
        _need_pyarrow()
    read, source_style = sources.files_of(settings.source)
    if source_style == "text" and settings.columns != Columns("text", None):
        raise InputError(f"{settings.source}: lines of text have no columns: leave out --column and --id")
    tagger = Tagger.load(settings.model)
    parts = list(sources.parts_of(read, source_style, settings.columns, size=settings.part_rows))
    settings, names = _agreed(settings, [list(file) for file in read])
    missing = [part for part in parts if part_name(part.number, settings.style) not in names]
    work = Work(tagger, settings, source_style=source_style)
    return Run(work, len(parts), sum(part.rows for part in parts), missing)


def outcomes(
    run: Run, *, engine: str = "local", jobs: int | None = None, tell: Callable[[str], object] = lambda _: None
) -> Iterator[Outcome]:
    """Tag the missing parts, and yield the outcome of each as soon as it is written.

    `engine` is `local` (processes of this machine) or `ray`, which reports to `tell`; `jobs` is the number of
    processes, or of parts at a time on Ray, by default one for each CPU.
    """
    if engine == "ray":
        from slotfill.bulk.on_ray import spread_on_ray

        return spread_on_ray(run.work, run.missing, jobs=jobs, tell=tell)
    jobs = min(jobs or _cpus(), max(1, len(run.missing)))
    if jobs == 1:
        return map(run.work, run.missing)
    # spawned, since a fork of a process with threads (a progress bar's, pyarrow's) may hang
    return spread(run.work, run.missing, jobs=jobs, start="spawn")


def _cpus() -> int:
    """The CPUs that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def finish(settings: Settings) -> None:
    """Remove what killed processes left behind. Call it once all parts are written, when no process writes any more."""
    try:
        storage_of(settings.target).tidy(settings.target)
    except OSError as error:
        raise InputError(f"{settings.target}: cannot be tidied: {error.strerror or error}") from None


def part_name(number: int, style: str) -> str:
    """The name of a part's file."""
    return f"part-{number:06d}.{style}"


def _agreed(settings: Settings, files: list[list[Any]]) -> tuple[Settings, set[str]]:
    """The settings with the clock of the run's beginning, and the names of the files in the target."""
    storage = storage_of(settings.target)
    where = join(settings.target, MANIFEST)
    names: set[str] = set()
    try:
        storage.make(settings.target)
        names = {base_name(file.path) for file in storage.files(settings.target)}
        if any(name.startswith("part-") for name in names) and MANIFEST in names:
            with storage.open(where) as stream:
                before = json.loads(stream.read())
            return _as_before(settings, files, before), names
        if any(name != MANIFEST and not name.startswith(UNFINISHED) for name in names):
            raise InputError(f"{settings.target}: is not the folder of a bulk run: give a new or an empty folder")
        settings = settings._replace(clock=settings.clock or datetime.now().replace(microsecond=0))
        with storage.writing(where) as stream:
            stream.write(json.dumps(_manifest(settings, files), indent=1).encode() + b"\n")
    except OSError as error:
        raise InputError(f"{settings.target}: cannot be written: {error.strerror or error}") from None
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError):
        raise InputError(f"{where}: not the manifest of a bulk run: give another folder") from None
    return settings, names


def _as_before(settings: Settings, files: list[list[Any]], before: Mapping[str, Any]) -> Settings:
    if settings.clock is None:
        settings = settings._replace(clock=datetime.fromisoformat(before["clock"]))
    now = _manifest(settings, files)
    for key, value in now.items():
        if before.get(key) != value:
            what = {"files": "the source's files (names, sizes, times)", "model": "the model"}.get(key, key)
            was = "" if key in ("files", "model") else f": {before.get(key)!r} then, {value!r} now"
            raise InputError(
                f"{settings.target}: {what} changed since this run began{was}: "
                "go on with what it began with, or give a new folder"
            )
    return settings


def _manifest(settings: Settings, files: list[list[Any]]) -> dict[str, Any]:
    """Everything that a part depends on, which must be the same when a run goes on."""
    return {
        "format": "slotfill-bulk",
        "version": _VERSION,
        "files": files,
        "column": settings.columns.text,
        "id": settings.columns.id,
        "slotfill": version("slotfill"),
        "model": _fingerprint(settings.model),
        "to": settings.style,
        "clock": settings.clock.isoformat() if settings.clock else None,
        "date order": settings.date_order,
        "minimum confidence": settings.min_confidence,
        "minimum confidence of a value": settings.min_value_confidence,
        "rows a part": settings.part_rows,
    }


def _fingerprint(model: str) -> Any:
    """The size and the checksum of each file of a model, and of the one for other scripts, from their manifests."""
    path = Path(locate("models", model, fits=is_bundle) or model)
    files = json.loads((path / BUNDLE_MANIFEST).read_bytes())["files"]
    elsewhere = json.loads((path / "config.json").read_bytes())["model"].get("elsewhere")
    other = locate("models", elsewhere, fits=is_bundle) if elsewhere else None
    return files | ({elsewhere: json.loads((Path(other) / BUNDLE_MANIFEST).read_bytes())["files"]} if other else {})


def _need_pyarrow() -> None:
    try:
        import pyarrow.parquet  # noqa: F401
    except ImportError:
        raise MissingExtraError("Parquet", extra="bulk") from None
