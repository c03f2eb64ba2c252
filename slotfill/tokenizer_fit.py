"""Which tokenizer makes the tokens that a data set has: a model tags its own tokens only if it makes those again."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from slotfill.schema import Example, Token
from slotfill.tokenizers import TOKENIZERS, tokenizer_named

_GOOD = 0.98  # the share of sentences at which the first tokenizer that reaches it is taken
_POOR = 0.9  # below it, tokens are rather what stands between spaces
_MOST = 5_000  # sentences are looked at


class Fit(NamedTuple):
    """How a tokenizer fits sentences: how many it makes other tokens of, and the first of those."""

    tokenizer: str
    sentences: int
    others: int
    example: Example | None = None

    @property
    def share(self) -> float:
        """The share of the sentences of which it makes the same tokens."""
        return 1 - self.others / self.sentences if self.sentences else 1.0

    def problem(self) -> str | None:
        """What is wrong, in one sentence; None if the tokenizer makes the same tokens everywhere."""
        if self.example is None:
            return None
        made = tokenizer_named(self.tokenizer)(self.example.text)
        return (
            f"of {self.others:,} of {self.sentences:,} sentences, the tokenizer `{self.tokenizer}` makes other tokens "
            f"than the data has: {_spelt(self.example.tokens)} in the data, {_spelt(made)} when it is tagged"
        )


def fit_of(tokenizer: str, examples: Sequence[Example]) -> Fit:
    """How a tokenizer fits these sentences.

    >>> fit_of("slotfill", [Example("to Rome", (Token("to", 0, 2), Token("Rome", 3, 7)), ("O", "O"))]).share
    1.0
    """
    tokenize = tokenizer_named(tokenizer)
    others = [example for example in examples if tokenize(example.text) != example.tokens]
    return Fit(tokenizer, len(examples), len(others), others[0] if others else None)


def best_fit(examples: Sequence[Example]) -> Fit:
    """The tokenizer that makes the tokens of these sentences, or else of most of them.

    White space is the last to be taken: the text of a data set without one is made of its tokens and spaces, so that
    white space would always fit, and a model would take `Oslo.` for a word that it does not know.

    >>> best_fit([Example("A-7", (Token("A", 0, 1), Token("-", 1, 2), Token("7", 2, 3)), ("O", "O", "O"))]).tokenizer
    'words'
    """
    some = examples[:: -(-len(examples) // _MOST)] if examples else examples
    fits: list[Fit] = []
    for name in TOKENIZERS:
        if name == "whitespace" and max(fit.share for fit in fits) >= _POOR:
            break
        fits.append(fit_of(name, some))
        if fits[-1].share >= _GOOD:
            break
    return fit_of(max(fits, key=lambda fit: fit.share).tokenizer, examples)


def _spelt(tokens: Iterable[Token]) -> str:
    text = " | ".join([token.text for token in tokens])
    return f'"{text if len(text) <= 60 else text[:59] + "…"}"'
