"""Parallel files, the usual form of ATIS and SNIPS: `seq.in`, `seq.out` and optionally `label`.

Line N of `seq.in` has the tokens of sentence N, line N of `seq.out` its tags, and line N of `label` its intent.
"""

from collections.abc import Iterator
from pathlib import Path

from slotfill.errors import DataError
from slotfill.readers.alignment import text_of
from slotfill.readers.lines import Report, read_lines
from slotfill.readers.tagged import TaggedSentence, examples_of
from slotfill.schema import Example

FILES = ("seq.in", "seq.out", "label")  # the last one is optional


def read(folder: Path, *, report: Report) -> Iterator[Example]:
    """The examples of a folder with the parallel files of one split."""
    return examples_of(_sentences(folder, report=report), report=report)


def _sentences(folder: Path, *, report: Report) -> Iterator[TaggedSentence]:
    paths = [folder / name for name in FILES]
    for path in paths[:2]:
        if not path.exists():
            report(DataError("no such file: expected seq.in and seq.out side by side", path=path))
            return
    paths = [path for path in paths if path.exists()]
    files = [read_lines(path, report=report) for path in paths]
    for path, lines in zip(paths, files, strict=True):
        if len(lines) != len(files[0]):
            problem = f"expected {len(files[0])} lines, as many as seq.in has; got {len(lines)}"
            report(DataError(problem, path=path))
            return  # nobody can say which lines belong together
    for number, parallel in enumerate(zip(*files, strict=True), start=1):
        lines_read = [line for line in parallel if line is not None]
        if len(lines_read) < len(parallel):
            continue  # reported as not UTF-8
        empty = next((path for path, line in zip(paths, lines_read, strict=True) if not line.strip()), None)
        if empty is not None:
            report(DataError("empty line: expected a line for each sentence", path=empty, line=number))
            continue
        yield _sentence(*lines_read, path=paths[1], number=number)


def _sentence(words: str, tags: str, label: str | None = None, *, path: Path, number: int) -> TaggedSentence:
    intent = None if label is None else _plain(label.strip())
    return TaggedSentence(text_of(words.split()), words.split(), tags.split(), intent, path, number)


def _plain(intent: str) -> str:
    """`atis_flight#atis_airfare` -> `flight+airfare`, as the public copy on the hub has it; others stay."""
    parts = intent.split("#")
    if all(part.startswith("atis_") for part in parts):
        return "+".join(part.removeprefix("atis_") for part in parts)
    return intent
