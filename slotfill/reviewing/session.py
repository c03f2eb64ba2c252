"""One sentence after another: the state of a review, whatever shows it and asks."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from slotfill.errors import InputError
from slotfill.readers.reports import Notes
from slotfill.reviewing import sentences as reading
from slotfill.reviewing.doubt import Doubt, Guesses, doubts
from slotfill.reviewing.draft import Draft
from slotfill.reviewing.order import Order, ranked
from slotfill.reviewing.output import Output
from slotfill.schema import Annotation, Example
from slotfill.structs import Struct
from slotfill.tagger import Tagger
from slotfill.tokenizer import fold


class Item(Struct):
    """One sentence to review: where it begins, what the model says, and how sure it is of that beginning."""

    first: Draft  # the labels of the file, or of the model
    other: Draft | None  # those of the model, if the file has others
    found: Annotation
    doubt: Doubt


class Names:
    """The slots and the intents that a person may choose: those of the model, of the file, and of what was written."""

    def __init__(self, slots: Iterable[str], intents: Iterable[str]) -> None:
        self.slots = sorted({*slots})
        self.intents = sorted({*intents})

    def add(self, draft: Draft) -> None:
        """Know the names in a draft from now on."""
        self.slots = sorted({*self.slots, *[slot.name for slot in draft.slots]})
        if draft.intent is not None:
            self.intents = sorted({*self.intents, draft.intent})


class Session:
    """The sentences that are left, in order, and the decisions about them.

    Every decision is on the disk when the method that takes it returns.
    """

    def __init__(self, items: Sequence[Item], output: Output, *, tagger: Tagger, names: "Names") -> None:
        """`items` are all sentences in order; those that `output` has are not asked again."""
        self.output = output
        self.names = names
        self._tagger = tagger
        self._items = {item.first.text: item for item in items}
        done = {example.text for example in output.before}
        left = [item for item in items if item.first.text not in done]
        skipped = output.skipped
        self._left = sorted(left, key=lambda item: item.first.text in skipped)  # what was put off comes last
        self.total = len(items)
        self.skipped = 0  # in this session
        self._history: list[tuple[Item, bool]] = []  # decided here, and whether it was written
        self.draft: Draft | None = None
        self._begin()

    @property
    def current(self) -> Item | None:
        """The sentence that is asked; None at the end."""
        return self._left[0] if self._left else None

    @property
    def done(self) -> int:
        """How many sentences of the file are decided."""
        return self.total - len(self._left) - self.skipped

    def guesses(self, item: Item) -> Guesses:
        """What the model thinks of the tokens of a sentence."""
        return Guesses(self._tagger, item.found)

    def accept(self, draft: Draft) -> None:
        """Write the current sentence with these labels, and go on."""
        item = self._left[0]
        if draft.text != item.first.text:
            raise InputError("these are the labels of another sentence than the one that is asked")
        self.output.add(draft.example)
        self.names.add(draft)
        self._left.pop(0)
        self._history.append((item, True))
        self._begin()

    def skip(self) -> None:
        """Put the current sentence off until the review is started again; then it comes last."""
        item = self._left[0]
        self.output.put_off(item.first.text)
        self._left.pop(0)
        self._history.append((item, False))
        self.skipped += 1
        self._begin()

    def undo(self) -> bool:
        """Take back the last decision, with the labels as they were decided; False if there is none.

        Sentences that were written before this session began can be taken back, too, from the end of the file on.
        """
        if self._history:
            item, is_written = self._history.pop()
        else:
            before = self.output.last
            if before is None or before.text not in self._items:
                return False
            item, is_written = self._items[before.text], True
        draft = item.first
        if is_written:
            written = self.output.last
            if written is not None and written.tokens == draft.tokens:
                draft = Draft.of(written)
            self.output.take_back()
        else:
            self.output.take_up()
            self.skipped -= 1
        self._left.insert(0, item)
        self._begin(draft)
        return True

    def _begin(self, draft: Draft | None = None) -> None:
        self.draft = draft or (self.current.first if self.current else None)

    def close(self) -> None:
        """Let another review write to the file."""
        self.output.close()


def begin(
    source: str,
    output: Path,
    *,
    tagger: Tagger,
    order: Order = "uncertain",
    split: str | None = None,
    on_error: str = "stop",
    on_note: Notes | None = None,
) -> Session:
    """The review of a file, or where it was left: what `output` has is decided.

    `split` names the part of a data set that has several. InputError or DataError as in `sentences.read` and `Output`.
    """
    given = reading.read(source, split=split, on_error=on_error, on_note=on_note)
    examples = reading.tokenized(given, tagger)
    if given.repeated and on_note is not None:
        on_note(f"sentences that are there several times, asked once: {given.repeated:,} left out")
    written = Output(output)
    try:
        written.check(examples)
        items = _items(tagger, given, examples)
        words = [[fold(token.text) for token in example.tokens] for example in examples]
        done = {example.text for example in written.before}
        left = [number for number, example in enumerate(examples) if example.text not in done]
        seen = [words[number] for number, example in enumerate(examples) if example.text in done]
        chosen = ranked(order, [items[n].doubt for n in left], [words[n] for n in left], seen=seen)
        known = [*[item.first for item in items], *map(Draft.of, written.before)]
        names = Names(
            [*tagger.slots, *[slot.name for draft in known for slot in draft.slots]],
            [*tagger.intents, *[draft.intent for draft in known if draft.intent is not None]],
        )
        decided = [item for item in items if item.first.text in done]
        return Session([*decided, *[items[left[n]] for n in chosen]], written, tagger=tagger, names=names)
    except BaseException:
        written.close()
        raise


def _items(tagger: Tagger, given: reading.Sentences, examples: Sequence[Example]) -> list[Item]:
    found = tagger.annotate([example.text for example in examples], [example.tokens for example in examples])
    pairs = [reading.drafts(given, example, one) for example, one in zip(examples, found, strict=True)]
    doubted = doubts(tagger, found, [(first.tags, first.intent) for first, _ in pairs])
    return [Item(first, other, one, doubt) for (first, other), one, doubt in zip(pairs, found, doubted, strict=True)]
