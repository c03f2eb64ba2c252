r"""A sentence a line: its words, a tab, its tags, and perhaps the intent, as in JointSLU's `.w-intent.iob`.

    BOS fly to oslo EOS\tO O O B-toloc.city_name atis_flight

BOS and EOS are no words: what stands in the place of EOS is the intent. The intent may also come after another tab.
"""

from collections.abc import Iterator
from pathlib import Path

from slotfill.errors import DataError
from slotfill.readers.alignment import shown, text_of
from slotfill.readers.lines import read_lines, whole_lines
from slotfill.readers.reports import Report
from slotfill.readers.schemes import is_spelt_tag
from slotfill.readers.seq_in_out import plain_intent
from slotfill.readers.tagged import TaggedSentence, examples_of
from slotfill.schema import Example

_EDGES = {"BOS": "EOS", "<s>": "</s>", "[CLS]": "[SEP]"}


def read(path: Path, *, report: Report) -> Iterator[Example]:
    """The examples of one file; blank lines are skipped, and it is noted that BOS and EOS are left out."""
    return examples_of(_sentences(path, report=report), report=report)


def is_it(head: str) -> bool:
    """Whether all lines near the beginning of a file have words and as many tags, and some more than one."""
    parted = [_parted(line) for line in whole_lines(head)]
    return bool(parted) and None not in parted and any(found is not None and len(found[0]) > 1 for found in parted)


def _sentences(path: Path, *, report: Report) -> Iterator[TaggedSentence]:
    for number, line in enumerate(read_lines(path, report=report), start=1):
        if line is None or not line.strip():
            continue
        parted = _parted(line)
        if parted is None:
            problem = f"expected words, a tab, as many tags, and perhaps the intent; got {shown(line)}"
            report(DataError(problem, path=path, line=number))
            continue
        words, tags, intent = parted
        if line.split()[0] in _EDGES:
            report.note(f"{path}: {line.split()[0]} and {_EDGES[line.split()[0]]} are no words, and are left out")
        yield TaggedSentence(text_of(words), words, tags, intent, path, number)


def _parted(line: str) -> tuple[list[str], list[str], str | None] | None:
    """The words, tags and intent of a line, or None if they are not that."""
    columns = line.split("\t")
    if len(columns) not in (2, 3):
        return None
    words, tags = columns[0].split(), columns[1].split()
    intent = columns[2].strip() if len(columns) > 2 else None
    if tags and not is_spelt_tag(tags[-1]):
        intent = tags.pop()
        is_last_word = len(tags) + 1 == len(words)  # the intent stands in the place of EOS
    else:
        is_last_word = False
    if words and words[0] in _EDGES and words[-1] == _EDGES[words[0]]:
        tags = tags[1:] if len(tags) > len(words) - 2 else tags
        tags = tags[: len(words) - 2]
        words = words[1:-1]
    elif is_last_word:
        return None
    if not words or len(words) != len(tags) or not all(map(is_spelt_tag, tags)):
        return None
    return words, tags, plain_intent(intent) if intent else None
