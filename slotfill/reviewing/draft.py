"""The labels of one sentence while a person mends them."""

from collections.abc import Sequence

from slotfill.schema import Example, GoldValues, Token
from slotfill.structs import Struct
from slotfill.tags import TokenSpan, spans_of, tags_of


class Draft(Struct):
    """A sentence with its slots, in order, and its intent; each change is another draft.

    >>> tokens = (Token("to", 0, 2), Token("Rome", 3, 7))
    >>> Draft("to Rome", tokens).named(1, 2, "city").tags
    ('O', 'B-city')
    """

    text: str
    tokens: tuple[Token, ...]
    slots: tuple[TokenSpan, ...] = ()
    intent: str | None = None
    values: GoldValues | None = None  # those of the data, kept as they are

    @classmethod
    def of(cls, example: Example) -> "Draft":
        """The labels of a sentence of a data set."""
        return cls(example.text, example.tokens, tuple(spans_of(example.tags)), example.intent, example.values)

    @property
    def tags(self) -> tuple[str, ...]:
        """One IOB2 tag for each token."""
        return tags_of(self.slots, length=len(self.tokens))

    @property
    def example(self) -> Example:
        """The sentence as training reads it."""
        return Example(self.text, self.tokens, self.tags, self.intent, self.values)

    def slot_at(self, token: int) -> TokenSpan | None:
        """The slot that a token is in."""
        return next((slot for slot in self.slots if slot.start <= token < slot.end), None)

    def within(self, start: int, end: int) -> tuple[TokenSpan, ...]:
        """The slots that have one of the tokens `start` to `end` (half-open)."""
        return tuple([slot for slot in self.slots if slot.start < end and start < slot.end])

    def named(self, start: int, end: int, name: str) -> "Draft":
        """With a slot on the tokens `start` to `end` (half-open), in place of those that it touches."""
        return self._with([*self._without(start, end), TokenSpan(start, end, name)])

    def without(self, start: int, end: int) -> "Draft":
        """Without the slots that have one of the tokens `start` to `end` (half-open)."""
        return self._with(self._without(start, end))

    def meaning(self, intent: str | None) -> "Draft":
        """With another intent."""
        return self.replace(intent=intent)

    def _without(self, start: int, end: int) -> list[TokenSpan]:
        gone = self.within(start, end)
        return [slot for slot in self.slots if slot not in gone]

    def _with(self, slots: Sequence[TokenSpan]) -> "Draft":
        return self.replace(slots=tuple(sorted(slots)))
