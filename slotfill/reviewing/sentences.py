"""The sentences of a file, each once, with the labels that stand there, or those of the model where there are none."""

from collections.abc import Sequence
from pathlib import Path

from slotfill.errors import InputError
from slotfill.locations import locate
from slotfill.readers import load, split_of, text
from slotfill.readers.formats import RECOGNISED, format_of, head_of, unknown
from slotfill.readers.layout import is_data
from slotfill.readers.reports import Notes, Report
from slotfill.reviewing.draft import Draft
from slotfill.schema import Annotation, Example
from slotfill.structs import Struct
from slotfill.tagger import Tagger
from slotfill.tags import OUTSIDE
from slotfill.tokenizers import tokenizer_named

_ODD = 0.2  # the share of characters that are not text, beyond which a file is none


class Sentences(Struct):
    """What is to be reviewed. Slots and intents are those of the file, if any of its sentences has some."""

    examples: tuple[Example, ...]
    has_slots: bool
    has_intents: bool
    repeated: int  # sentences that were left out, since their text came before

    @classmethod
    def of(cls, examples: Sequence[Example]) -> "Sentences":
        """The sentences without those whose text came before."""
        once = {example.text: example for example in reversed(examples)}
        kept = tuple(once[text] for text in dict.fromkeys(example.text for example in examples))
        return cls(
            kept,
            has_slots=any(tag != OUTSIDE for example in kept for tag in example.tags),
            has_intents=any(example.intent is not None for example in kept),
            repeated=len(examples) - len(kept),
        )


def read(source: str, *, split: str | None = None, on_error: str = "stop", on_note: Notes | None = None) -> Sentences:
    """The sentences of a data set in any format, or of a text with one a line.

    InputError if there is no such file or no sentence in it, or if it has several parts and none is named; DataError
    for the first fault in it.
    """
    report = Report(on_error)
    if (path := plain_text(source)) is not None:
        examples: Sequence[Example] = [*text.read(path, report=report)]
    else:
        dataset = load(source, report=report)
        if split is None and len(dataset.splits) > 1:
            parts = ", ".join(dataset.splits)
            raise InputError(f"{source} has the parts {parts}: name one, as in --split {next(iter(dataset.splits))}")
        examples = split_of(dataset, split or next(iter(dataset.splits)))
    report.pass_on(on_note)
    if not examples:
        raise InputError(f"{source}: there is no sentence in it")
    return Sentences.of(examples)


def plain_text(source: str) -> Path | None:
    """The path of a file that is text with a sentence a line, not data; InputError for one that is neither."""
    found = locate("data", source, fits=is_data)
    if found is None or not Path(found).is_file():
        return None  # `load` says what is wrong
    path = Path(found)
    format_ = format_of(path)
    if format_ is not None:
        return path if format_.name == "text" else None
    head = head_of(path)
    odd = sum(character in "\0\ufffd" for character in head)
    if odd > _ODD * len(head) or any(one.is_it(head) for one in RECOGNISED):
        raise unknown(path)
    return path


def tokenized(sentences: Sentences, tagger: Tagger) -> tuple[Example, ...]:
    """The sentences with the model's tokens, if those of the file carry no slots; without those that have none then."""
    if sentences.has_slots:
        return sentences.examples
    retokenized = [
        (example, tokenizer_named(tagger.answering(example.text).tokenizer)(example.text))
        for example in sentences.examples
    ]
    return tuple(
        Example(example.text, tokens, (OUTSIDE,) * len(tokens), example.intent, example.values)
        for example, tokens in retokenized
        if tokens
    )


def drafts(sentences: Sentences, example: Example, found: Annotation) -> tuple[Draft, Draft | None]:
    """The labels to begin with, and those of the model if they are others.

    A file with slots and no intents is to have none.
    """
    is_asked = sentences.has_intents or not sentences.has_slots
    intent = found.intent.name if found.intent is not None and is_asked else None
    model = Draft.of(Example(example.text, example.tokens, found.tags, intent, example.values))
    first = Draft.of(example)
    if not sentences.has_slots:
        first = first.replace(slots=model.slots)
    if not sentences.has_intents:
        first = first.meaning(model.intent)
    return first, None if first == model else model
