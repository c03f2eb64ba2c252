"""What `slotfill tag` does, and the table of its options.

Typer takes longer to import than a sentence takes to tag. So slotfill/cli/fast/arguments.py reads the command line
where that is easy, and Typer (slotfill/cli/tag.py) where there is help to give or an error to explain. Both read this
table and call this function.
"""

import gc
import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from slotfill.cli.streams import STREAM, reading, writing

if TYPE_CHECKING:
    from slotfill.schema import Annotation
    from slotfill.tagger import Tagger


class Option(NamedTuple):
    """One option: its flags, type, default, and what its values are limited to."""

    flags: tuple[str, ...]
    kind: type[str] | type[float] | type[int]
    default: str | float | int | None
    help: str
    choices: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None


OPTIONS = {
    "model": Option(("--model", "-m"), str, "travel", "A model's name or folder."),
    "source": Option(("--input", "-i"), str, None, "Read this file, one sentence a line."),
    "target": Option(("--output", "-o"), str, None, "Write to this file instead of standard output."),
    "style": Option(
        ("--format", "-f"),
        str,
        "auto",
        "auto: a table on a terminal, JSON lines otherwise.",
        choices=("auto", "table", "json", "iob", "markup"),
    ),
    "min_confidence": Option(
        ("--min-confidence",), float, 0.0, "Leave out slots that are less sure.", low=0.0, high=1.0
    ),
    "now": Option(
        ("--now",), str, None, "The clock that `tomorrow` counts from, as 2026-11-20T09:00. Default: now, local time."
    ),
    "date_order": Option(
        ("--date-order",), str, "mdy", "How 11/2 is read: month or day first.", choices=("mdy", "dmy")
    ),
    "jobs": Option(("--jobs", "-j"), int, 1, "Tag with so many processes.", low=1, high=256),
}


def misuse(texts: Sequence[str], options: Mapping[str, Any]) -> tuple[str, str] | None:
    """An argument and what is wrong with it, where its type does not tell; None if nothing is."""
    if texts and options["source"] is not None:
        return "TEXT", "give sentences or --input, not both"
    for name in ("source", "target"):
        if options[name] == "":
            return OPTIONS[name].flags[0], "the name of the file is empty"
    if STREAM in texts and len(texts) > 1:
        return "TEXT", "`-` stands alone: it means standard input"
    if options["now"] is not None:
        from slotfill.clock import clock_of
        from slotfill.errors import InputError

        try:
            clock_of(options["now"])
        except InputError as error:
            return "--now", str(error)
    return None


def run(
    texts: Sequence[str],
    *,
    model: str,
    source: str | None,
    target: str | None,
    style: str,
    min_confidence: float,
    now: str | None,
    date_order: str,
    jobs: int,
) -> None:
    """Label sentences: one result for each line, in order, as soon as it can be had."""
    # A mistake in the output's name must not cost the time of loading a model, and so on: cheap checks first.
    with reading(texts, source, tell_waits=jobs > 1) as batches, writing(target) as write:
        gc.disable()  # while nothing but imports and the model comes into being, none of it garbage
        from slotfill.tagger import Tagger

        on_terminal = target in (None, STREAM) and sys.stdout.isatty()
        if style == "auto":
            style = "table" if on_terminal else "json"
        colour = on_terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
        clock = None
        if now is not None:
            from slotfill.clock import clock_of

            clock = clock_of(now)
        settings = {"min_confidence": min_confidence, "clock": clock, "date_order": date_order}
        work = _Work(Tagger.load(model), settings, style=style, colour=colour)
        gc.freeze()  # what is there now stays to the end: nobody need look through it again
        gc.set_threshold(100_000)  # a batch makes many objects and no cycle among them
        gc.enable()
        for result in _results(work, batches, jobs=jobs):
            write(result)


def _results(work: "_Work", batches: Iterable[list[str]], *, jobs: int) -> Iterator[bytes]:
    if jobs == 1:
        return map(work, batches)
    from slotfill.jobs import spread

    return spread(work, batches, jobs=jobs)


class _Work:
    """Lines -> results as they are written; goes to other processes as a whole."""

    def __init__(self, tagger: "Tagger", settings: Mapping[str, Any], **look: Any) -> None:
        self.tagger = tagger
        self.settings = settings  # of Tagger.tag
        self.look = look

    def __call__(self, lines: list[str]) -> bytes:
        from slotfill.cli.formats import render_all

        if self.look["style"] in ("iob", "markup"):  # which have no values: that saves a fifth of the time
            return render_all(self._without_frames(lines), **self.look).encode()
        return render_all(self.tagger.tag(lines, **self.settings), **self.look).encode()

    def _without_frames(self, lines: list[str]) -> list["Annotation"]:
        from slotfill.tagger import without_doubtful
        from slotfill.tokenizer import tokenize

        found = self.tagger.annotate(lines, [tokenize(line) for line in lines])
        least: float = self.settings["min_confidence"]
        return [without_doubtful(annotation, confidence=least) for annotation in found] if least else found
