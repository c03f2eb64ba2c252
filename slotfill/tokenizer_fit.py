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
        theirs, ours = _first_difference(self.example.tokens, tokenizer_named(self.tokenizer)(self.example.text))
        return (
            f"in {self.others:,} of {self.sentences:,} sentences, the tokenizer `{self.tokenizer}` makes other tokens "
            f'than the data has, as in "{_shortened(self.example.text)}": the data has {theirs}, tagging gives {ours}'
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


def _first_difference(left: Sequence[Token], right: Sequence[Token]) -> tuple[str, str]:
    """Where two lists of tokens of one text first differ, up to where they next have an edge in common."""
    same = next((n for n, (a, b) in enumerate(zip(left, right, strict=False)) if a != b), min(len(left), len(right)))
    edges = {token.end for token in left[same:]} & {token.end for token in right[same:]}
    end = min(edges, default=max([token.end for token in (*left[same:], *right[same:])]))
    first, second = (_spelt([token for token in tokens[same:] if token.end <= end]) for tokens in (left, right))
    return first, second


def _spelt(tokens: Iterable[Token]) -> str:
    return f'"{_shortened(" | ".join([token.text for token in tokens]))}"'


def _shortened(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "…"
