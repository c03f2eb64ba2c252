"""NeMo's files for intents and slots: sentences with the number of their intent, and beside them the numbers of slots.

train.tsv        sentence<TAB>label, then a line for each sentence
train_slots.tsv  a number for each word of the sentence
dict.intents.csv, dict.slots.csv  what the numbers stand for, one a line
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from slotfill.errors import DataError
from slotfill.readers.alignment import shown
from slotfill.readers.lines import read_lines
from slotfill.readers.reports import Report
from slotfill.readers.tagged import TaggedSentence, examples_of
from slotfill.schema import Example

_HEAD = re.compile(r"sentence\s*\tlabel\s*\n.*\t\d+\s*(?:\n|$)")


def is_it(head: str) -> bool:
    """Whether a file begins as NeMo's sentences."""
    return _HEAD.match(head) is not None


def read(path: Path, *, report: Report) -> Iterator[Example]:
    """The examples of one file, with those beside it."""
    return examples_of(_sentences(path, report=report), report=report)


def _sentences(path: Path, *, report: Report) -> Iterator[TaggedSentence]:
    slots_path = path.with_name(f"{path.stem}_slots{path.suffix}")
    beside = [slots_path, path.with_name("dict.slots.csv"), path.with_name("dict.intents.csv")]
    for file in beside:
        if not file.is_file():
            report(DataError(f"no such file, but {path.name} is of NeMo, which has it beside", path=file))
            return
    slots, slot_names, intent_names = (read_lines(file, report=report) for file in beside)
    sentences = read_lines(path, report=report)[1:]
    if len(slots) != len(sentences):
        problem = f"expected {len(sentences):,} lines, as many sentences as {path.name} has; got {len(slots):,}"
        report(DataError(problem, path=slots_path))
        return
    for number, (sentence, tags) in enumerate(zip(sentences, slots, strict=True), start=2):
        text, _, label = (sentence or "").rpartition("\t")
        try:
            named = [_named(tag, slot_names, "slots") for tag in (tags or "").split()]
            intent = _named(label.strip(), intent_names, "intents")
        except ValueError as error:
            report(DataError(str(error), path=path, line=number))
        else:
            # NeMo's slots have no B-: a run of one name is one slot
            yield TaggedSentence(text, text.split(), _inside(named), intent, path, number)


def _named(number: str, names: Sequence[str | None], what: str) -> str:
    if not number.isdecimal() or len(number) > 9 or not int(number) < len(names):
        got = shown(number) if number else "nothing"
        raise ValueError(f"{got} is none of the numbers of dict.{what}.csv, 0 to {len(names) - 1}")
    return (names[int(number)] or "").strip()


def _inside(names: Sequence[str]) -> list[str]:
    return [name if name == "O" or name[:2] in ("B-", "I-") else f"I-{name}" for name in names]
