"""Tagged sentences in the scheme of their file -> Examples in IOB2."""

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from pathlib import Path

from slotfill.errors import DataError
from slotfill.readers.alignment import align, check_intent, check_word, is_slot_name, shown, text_of
from slotfill.readers.reports import Report
from slotfill.readers.schemes import spelling_of
from slotfill.schema import Example, GoldValues, Token
from slotfill.tags import LETTERS, OUTSIDE, TagError, scheme_of, to_iob2, to_iob2_somehow
from slotfill.tokenizer import tokenize


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
        return DataError(problem, path=self.path, line=self.line_of(position))

    def line_of(self, position: int) -> int | None:
        """The line of the token at `position` (from 0)."""
        return self.line + position if self.line is not None and self.one_token_a_line else self.line


def examples_of(sentences: Iterable[TaggedSentence], *, report: Report) -> Iterator[Example]:
    """The examples of one file; the first problem of each faulty sentence is reported.

    All sentences together tell how tags are spelt, and their scheme. If it is not a known one, there are no examples.
    """
    sentences = list(sentences)
    spelling = spelling_of({tag for sentence in sentences for tag in sentence.tags})
    for note in spelling.notes:
        report.note(f"{sentences[0].path}: {note}")
    if any(tag != read for tag, read in spelling.tags.items()):
        sentences = [replace(sentence, tags=spelling.read(sentence.tags)) for sentence in sentences]
    if report.fixes:
        sentences = [_mended(sentence, report=report) for sentence in sentences]
    odd = {tag for tag in {tag for sentence in sentences for tag in sentence.tags} if not is_tag(tag)}
    checked = [_checked(sentence, odd) for sentence in sentences]
    sound = [
        sentence for sentence, outcome in zip(sentences, checked, strict=True) if not isinstance(outcome, DataError)
    ]
    scheme = scheme_of(sentence.tags for sentence in sound)
    for sentence, outcome in zip(sentences, checked, strict=True):
        if isinstance(outcome, DataError):
            report(outcome)
        elif scheme is not None or report.fixes:
            tags = _in_iob2(sentence, scheme=scheme, report=report)
            if tags is not None:
                report.read(sentence.path, sentence.line)
                yield Example(sentence.text, outcome, tags, sentence.intent, sentence.values)
    if scheme is None and not report.fixes:
        report(_first_misfit(sound))


def is_tag(tag: str) -> bool:
    """Say whether this is `O`, or a letter of some scheme, a hyphen and a name."""
    return tag == OUTSIDE or (tag[:1] in set(LETTERS) and tag[1:2] == "-" and is_slot_name(tag[2:]))


def _in_iob2(sentence: TaggedSentence, *, scheme: str | None, report: Report) -> tuple[str, ...] | None:
    """The tags in IOB2, or None if they break their scheme, which is reported."""
    try:
        if scheme is not None:
            return to_iob2(sentence.tags, scheme=scheme)
    except TagError as error:
        if not report.fixes:
            report(sentence.error(str(error), position=error.position))
            return None
        line = sentence.line_of(error.position)
    else:
        line = sentence.line
    report.mended("tags that break their scheme: what continues no slot begins one", path=sentence.path, line=line)
    return to_iob2_somehow(sentence.tags)


def _checked(sentence: TaggedSentence, odd: AbstractSet[str]) -> tuple[Token, ...] | DataError:
    """The tokens of a sentence, or what is wrong with it; `odd` has what is no tag."""
    if len(sentence.words) != len(sentence.tags):
        tags, words = shown(" ".join(sentence.tags)), shown(" ".join(sentence.words))
        return sentence.error(
            f"expected a tag for each token; got {len(sentence.tags)} for {len(sentence.words)}: {tags} for {words}"
        )
    for position, tag in enumerate(sentence.tags) if odd else ():
        if tag in odd:
            problem = f"tag {position + 1} is {shown(tag)}: expected O, or B- or I- and the name of a slot"
            is_first = tag and sentence.one_token_a_line and sentence.line_of(position) == 1
            hint = "; if the first line names the columns, name them word and tag" if is_first else ""
            return sentence.error(f"{problem}{hint}", position=position)
    try:
        check_intent(sentence.intent)
        return align(sentence.text, sentence.words)
    except ValueError as error:
        return _misplaced(sentence) or sentence.error(str(error))


def _misplaced(sentence: TaggedSentence) -> DataError | None:
    """The first word that cannot be a token, with its line."""
    for position, word in enumerate(sentence.words):
        try:
            check_word(word, number=position + 1)
        except ValueError as error:
            return sentence.error(str(error), position=position)
    return None


def _mended(sentence: TaggedSentence, *, report: Report) -> TaggedSentence:
    """The sentence without empty tokens, with tokens cut at white space, and with a text that they fit."""
    if len(sentence.words) != len(sentence.tags):
        return sentence
    words: list[str] = []
    tags: list[str] = []
    for position, (word, tag) in enumerate(zip(sentence.words, sentence.tags, strict=True)):
        pieces = [piece for piece in word.split() if tokenize(piece)]
        if len(pieces) != 1 or pieces[0] != word:
            what = "tokens with white space cut there" if pieces else "tokens without anything visible left out"
            report.mended(what, path=sentence.path, line=sentence.line_of(position))
        words += pieces
        tags += _spread(tag, over=len(pieces))
    text = sentence.text
    try:
        align(text, words)
    except ValueError:
        if not words:
            return sentence
        if len(words) == len(sentence.words):
            what = "texts that do not fit their tokens: made of the tokens"
            report.mended(what, path=sentence.path, line=sentence.line)
        text = text_of(words)
    return replace(sentence, words=words, tags=tags, text=text)


def _spread(tag: str, *, over: int) -> list[str]:
    """The tags of the pieces of a token."""
    letter, name = tag[:1], tag[2:]
    if over < 2 or tag == OUTSIDE or letter not in LETTERS:
        return [tag] * over
    inside = "M" if letter in "MW" else "I"
    first = {"S": "B", "U": "B", "W": "B", "E": inside, "L": inside}.get(letter, letter)
    last = {"S": "E", "U": "L", "W": "E", "B": inside}.get(letter, letter)
    return [f"{each}-{name}" for each in (first, *[inside] * (over - 2), last)]


def _first_misfit(sentences: Iterable[TaggedSentence]) -> DataError:
    """The first tag that, together with those before it, fits no scheme."""
    kinds: dict[str, str] = {}
    for sentence in sentences:
        for position, tag in enumerate(sentence.tags):
            earlier = ", ".join(kinds.values())
            kinds.setdefault(tag[0], tag)
            if scheme_of([tuple(kinds.values())]) is None:
                problem = (
                    f"{tag} in a file with {earlier}: no scheme has them all (IOB2, IOB1, IOBES, BILOU, BMES, BMEWO)"
                )
                return sentence.error(str(TagError(problem, position=position)), position=position)
    raise AssertionError("called for sentences in a known scheme")
