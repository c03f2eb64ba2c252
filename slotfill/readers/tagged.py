"""Tagged sentences in the scheme of their file -> Examples in IOB2."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from slotfill.errors import DataError
from slotfill.readers.alignment import align, check_intent, is_slot_name, shown
from slotfill.readers.lines import Report
from slotfill.schema import Example, Token
from slotfill.tags import OUTSIDE, TagError, scheme_of, to_iob2


@dataclass(frozen=True, slots=True)
class TaggedSentence:
    """A sentence as a tagged file gives it, and where: `line` is its first (None: the path says it all)."""

    text: str
    words: Sequence[str]
    tags: Sequence[str]
    intent: str | None
    path: Path | str
    line: int | None = None
    one_token_a_line: bool = False

    def error(self, problem: str, *, position: int = 0) -> DataError:
        """What is wrong with the tag at `position` (from 0), or with the sentence."""
        line = self.line + position if self.line is not None and self.one_token_a_line else self.line
        return DataError(problem, path=self.path, line=line)


def examples_of(rows: Iterable[TaggedSentence], *, report: Report) -> Iterator[Example]:
    """The examples of one file; the first problem of each faulty sentence is reported.

    The scheme is found from all the rows together. If it is none that we know, no example comes out.
    """
    rows = list(rows)
    checked = [_checked(row) for row in rows]
    sound = [row for row, outcome in zip(rows, checked, strict=True) if not isinstance(outcome, DataError)]
    scheme = scheme_of(row.tags for row in sound)
    for row, outcome in zip(rows, checked, strict=True):
        if isinstance(outcome, DataError):
            report(outcome)
        elif scheme is not None:
            try:
                yield Example(row.text, outcome, to_iob2(row.tags, scheme=scheme), row.intent)
            except TagError as error:
                report(row.error(str(error), position=error.position))
    if scheme is None:
        report(_first_stranger(sound))


def is_tag(tag: str) -> bool:
    """Say whether this is `O` or a letter of some scheme, a hyphen and a name."""
    return tag == OUTSIDE or (tag[:1] in set("BIESLU") and tag[1:2] == "-" and is_slot_name(tag[2:]))


def _checked(row: TaggedSentence) -> tuple[Token, ...] | DataError:
    """The tokens of a row, or what is wrong with it."""
    if len(row.words) != len(row.tags):
        tags, words = shown(" ".join(row.tags)), shown(" ".join(row.words))
        return row.error(f"expected a tag for each token; got {len(row.tags)} for {len(row.words)}: {tags} for {words}")
    for position, tag in enumerate(row.tags):
        if not is_tag(tag):
            problem = f"tag {position + 1} is {shown(tag)}: expected O, or B- or I- and the name of a slot"
            return row.error(problem, position=position)
    try:
        check_intent(row.intent)
        return align(row.text, row.words)
    except ValueError as error:
        return row.error(str(error))


def _first_stranger(rows: Iterable[TaggedSentence]) -> DataError:
    """The first tag that fits no scheme together with those before it."""
    kinds: dict[str, str] = {}
    for row in rows:
        for position, tag in enumerate(row.tags):
            others = ", ".join(kinds.values())
            kinds.setdefault(tag[0], tag)
            if scheme_of([tuple(kinds.values())]) is None:
                problem = f"{tag} in a file with {others}: no scheme has them all (IOB2, IOB1, IOBES, BILOU)"
                return row.error(str(TagError(problem, position=position)), position=position)
    raise AssertionError("called for rows in a known scheme")
