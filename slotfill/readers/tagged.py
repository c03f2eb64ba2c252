"""Tagged sentences in the scheme of their file -> Examples in IOB2."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from slotfill.errors import DataError
from slotfill.readers.alignment import align, check_intent, is_slot_name, shown
from slotfill.readers.reports import Report
from slotfill.schema import Example, GoldValues, Token
from slotfill.tags import OUTSIDE, TagError, scheme_of, to_iob2


@dataclass(frozen=True, slots=True)
class TaggedSentence:
    """A sentence of a tagged file, and its place: `line` is its first line (None: `path` says it all)."""

    text: str
    words: Sequence[str]
    tags: Sequence[str]
    intent: str | None
    path: Path | str
    line: int | None = None
    one_token_a_line: bool = False
    values: GoldValues | None = None

    def error(self, problem: str, *, position: int = 0) -> DataError:
        """A problem with the sentence, or with the tag at `position` (from 0)."""
        line = self.line + position if self.line is not None and self.one_token_a_line else self.line
        return DataError(problem, path=self.path, line=line)


def examples_of(sentences: Iterable[TaggedSentence], *, report: Report) -> Iterator[Example]:
    """The examples of one file; the first problem of each faulty sentence is reported.

    All sentences together tell the scheme. If it is not a known one, there are no examples.
    """
    sentences = list(sentences)
    checked = [_checked(sentence) for sentence in sentences]
    sound = [
        sentence for sentence, outcome in zip(sentences, checked, strict=True) if not isinstance(outcome, DataError)
    ]
    scheme = scheme_of(sentence.tags for sentence in sound)
    for sentence, outcome in zip(sentences, checked, strict=True):
        if isinstance(outcome, DataError):
            report(outcome)
        elif scheme is not None:
            try:
                tags = to_iob2(sentence.tags, scheme=scheme)
                yield Example(sentence.text, outcome, tags, sentence.intent, sentence.values)
            except TagError as error:
                report(sentence.error(str(error), position=error.position))
    if scheme is None:
        report(_first_misfit(sound))


def is_tag(tag: str) -> bool:
    """Say whether this is `O`, or a letter of some scheme, a hyphen and a name."""
    return tag == OUTSIDE or (tag[:1] in set("BIESLU") and tag[1:2] == "-" and is_slot_name(tag[2:]))


def _checked(sentence: TaggedSentence) -> tuple[Token, ...] | DataError:
    """The tokens of a sentence, or what is wrong with it."""
    if len(sentence.words) != len(sentence.tags):
        tags, words = shown(" ".join(sentence.tags)), shown(" ".join(sentence.words))
        return sentence.error(
            f"expected a tag for each token; got {len(sentence.tags)} for {len(sentence.words)}: {tags} for {words}"
        )
    for position, tag in enumerate(sentence.tags):
        if not is_tag(tag):
            problem = f"tag {position + 1} is {shown(tag)}: expected O, or B- or I- and the name of a slot"
            return sentence.error(problem, position=position)
    try:
        check_intent(sentence.intent)
        return align(sentence.text, sentence.words)
    except ValueError as error:
        return sentence.error(str(error))


def _first_misfit(sentences: Iterable[TaggedSentence]) -> DataError:
    """The first tag that, together with those before it, fits no scheme."""
    kinds: dict[str, str] = {}
    for sentence in sentences:
        for position, tag in enumerate(sentence.tags):
            earlier = ", ".join(kinds.values())
            kinds.setdefault(tag[0], tag)
            if scheme_of([tuple(kinds.values())]) is None:
                problem = f"{tag} in a file with {earlier}: no scheme has them all (IOB2, IOB1, IOBES, BILOU)"
                return sentence.error(str(TagError(problem, position=position)), position=position)
    raise AssertionError("called for sentences in a known scheme")
