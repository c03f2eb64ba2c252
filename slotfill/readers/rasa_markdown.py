"""Rasa's training data in Markdown, as versions 0 and 1 have it: headings name intents, bullets are sentences.

    ## intent:flight
    - fly to [Oslo](city)

Of a file, intents are read; synonyms and lookup tables tell values (synonyms.py); regexes are not read.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from slotfill.errors import DataError
from slotfill.readers.alignment import shown
from slotfill.readers.lines import read_lines
from slotfill.readers.rasa import Block, Line, examples_of_blocks
from slotfill.readers.reports import Report
from slotfill.schema import Example

_KINDS = "intent|synonym|lookup|regex"
_HEADING = re.compile(rf"##\s*(?P<kind>{_KINDS})\s*:\s*(?P<name>\S.*)", re.IGNORECASE)
_IN_HEAD = re.compile(rf"^##\s*(?:{_KINDS})\s*:\s*\S", re.IGNORECASE | re.MULTILINE)
_STORY = re.compile(r"^##.*\n+\*\s*\w+", re.MULTILINE)  # a story: a heading, then `* intent`
_BULLET = re.compile(r"\s*[-*+]\s+(?P<text>\S.*)")


def is_it(head: str) -> bool:
    """Whether a file begins as Rasa's Markdown with sentences, or as a list of them without a heading."""
    return _IN_HEAD.search(head) is not None or _is_list(head)


def _is_list(head: str) -> bool:
    """Whether all lines are bullets or headings, and at least two bullets, one of them with a slot."""
    lines = [line for line in head.split("\n") if line.strip()]
    bullets = [line for line in lines if _BULLET.fullmatch(line)]
    return (
        len(bullets) > 1
        and any("](" in line or "]{" in line for line in bullets)
        and all(line.startswith("#") for line in lines if not _BULLET.fullmatch(line))
    )


def is_story(head: str) -> bool:
    """Whether a file begins as Rasa's stories in Markdown."""
    return not is_it(head) and _STORY.search(head) is not None


def read(path: Path, *, report: Report) -> Iterator[Example]:
    """The examples of one file."""
    yield from examples_of_blocks(blocks(path, report=report), path=path, report=report)


def blocks(path: Path, *, report: Report) -> Iterator[Block]:
    """The headings with their bullets; a line that is neither is reported."""
    block = Block("intent", "", [], 0)  # what stands before the first heading has no intent
    is_comment = False
    for number, line in enumerate(read_lines(path, report=report), start=1):
        text = (line or "").strip()
        is_comment = is_comment or text.startswith("<!--")
        if is_comment or not text:
            is_comment = is_comment and "-->" not in text
        elif heading := _HEADING.fullmatch(text):
            yield from [block] if block.lines or block.name else []
            block = Block(heading["kind"].lower(), heading["name"].strip(), [], number)
        elif bullet := _BULLET.fullmatch(text):
            block.lines.append(Line(bullet["text"], number))
        elif block.kind == "lookup":
            block.lines.append(Line(text, number))  # the name of a file
        elif not text.startswith("#"):
            expected = "`- ` and a sentence, or a heading such as `## intent:greet`"
            report(DataError(f"expected {expected}; got {shown(text)}", path=path, line=number))
    yield from [block] if block.lines or block.name else []
