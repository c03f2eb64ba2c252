"""Parallel files, as ATIS and SNIPS are usually passed round: `seq.in`, `seq.out` and perhaps `label`.

Line N of `seq.in` holds the tokens of sentence N, of `seq.out` its tags, of `label` its intent.
"""

from collections.abc import Iterator
from pathlib import Path

from slotfill.errors import DataError
from slotfill.readers.lines import Report, read_lines
from slotfill.readers.tagged import TaggedSentence, examples_of
from slotfill.schema import Example


def read(folder: Path, *, report: Report) -> Iterator[Example]:
    """The examples of a folder that holds the parallel files of one split."""
    return examples_of(_sentences(folder, report=report), report=report)


def _sentences(folder: Path, *, report: Report) -> Iterator[TaggedSentence]:
    words_path, tags_path, intents_path = folder / "seq.in", folder / "seq.out", folder / "label"
    for path in (words_path, tags_path):
        if not path.exists():
            report(DataError("no such file: expected seq.in and seq.out side by side", path=path))
            return
    paths = [words_path, tags_path, *([intents_path] if intents_path.exists() else [])]
    files = [read_lines(path, report=report) for path in paths]
    for path, lines in zip(paths, files, strict=True):
        if len(lines) != len(files[0]):
            problem = f"expected {len(files[0])} lines, as many as seq.in has; got {len(lines)}"
            report(DataError(problem, path=path))
            return  # which line belongs to which is anyone's guess
    for number, parallel in enumerate(zip(*files, strict=True), start=1):
        texts = [line for line in parallel if line is not None]
        if len(texts) < len(parallel):
            continue  # reported as not UTF-8
        for path, text in zip(paths, texts, strict=True):
            if not text.strip():
                report(DataError("empty line: expected a line for each sentence", path=path, line=number))
                break
        else:
            words, tags, *intents = texts
            intent = _plain(intents[0].strip()) if intents else None
            yield TaggedSentence(" ".join(words.split()), words.split(), tags.split(), intent, tags_path, number)


def _plain(intent: str) -> str:
    """`atis_flight#atis_airfare` -> `flight+airfare`, as the public hub copy of ATIS writes it; others stay."""
    parts = intent.split("#")
    if all(part.startswith("atis_") for part in parts):
        return "+".join(part.removeprefix("atis_") for part in parts)
    return intent
