"""Draw sentences from a grammar: pieces of text, each with a slot or without, and the intent."""

import re
from collections.abc import Callable
from functools import partial
from itertools import accumulate, pairwise
from random import Random
from typing import NamedTuple

from slotfill.errors import InputError
from slotfill.generator.grammar import Grammar
from slotfill.generator.syntax import ROLE, Choice, Fill, Template, Words
from slotfill.tokenizer import fold

_REDRAWS = 20  # of a name that the sentence already has, before it may be repeated


class Piece(NamedTuple):
    """A piece of a sentence; `slot` is None outside slots."""

    text: str
    slot: str | None


class Sentence(NamedTuple):
    """Pieces whose texts, joined, are the sentence."""

    pieces: list[Piece]
    intent: str


class Sampler:
    """Draws from `grammar` with `rng`; city names are all held out (`unseen`) or all not.

    The cumulative weights are computed once, not by `random.choices` at every draw.
    """

    def __init__(self, grammar: Grammar, rng: Random, *, unseen: bool) -> None:
        self._rng = rng
        intents = {rule.intent: (name, rule.weight) for name, rule in grammar.rules.items() if rule.intent}
        self._intents = list(intents), list(accumulate(weight for _, weight in intents.values()))
        self._rule_of = {intent: name for intent, (name, _) in intents.items()}
        self._rules = {n: (rule.alternatives, list(accumulate(rule.weights))) for n, rule in grammar.rules.items()}
        self._lexicons = {name: _entries_of(grammar, name, unseen=unseen) for name in grammar.lexicons}
        self._distinct = {name for name, lexicon in grammar.lexicons.items() if lexicon.distinct}
        self._whole = ""  # the rule of the whole sentence
        self.alternative = 0  # that of the rule of the last sentence's intent
        self._drawn: dict[str, dict[str, str]] = {}  # the entry last drawn from each lexicon for this sentence
        self._names: set[str] = set()  # of this sentence, from distinct lexicons
        self._write_articles = _with_articles if grammar.is_own else _with_an

    def sentence(self) -> Sentence:
        """Draw one sentence."""
        self._drawn.clear()
        self._names.clear()
        intents, weights = self._intents
        (intent,) = self._rng.choices(intents, cum_weights=weights)
        self._whole = self._rule_of[intent]
        return Sentence(_tidy(self._expand_rule(self._whole, ""), self._write_articles), intent)

    def _expand_rule(self, name: str, role: str) -> list[Piece]:
        alternatives, weights = self._rules[name]
        (number,) = self._rng.choices(range(len(alternatives)), cum_weights=weights)
        if name == self._whole:
            self.alternative = number
        return self._expand(alternatives[number], role)

    def _expand(self, template: Template, role: str) -> list[Piece]:
        pieces: list[Piece] = []
        for part in template:
            if isinstance(part, Words):
                pieces.append(Piece(part.text, None))
            elif isinstance(part, Choice):
                pieces += self._expand(self._rng.choice(part.options), role)
            elif isinstance(part, Fill):
                text = "".join(piece.text for piece in self._expand(part.content, ""))
                pieces.append(Piece(_SPACES.sub(" ", text).strip(), part.slot.replace(ROLE, role)))
            elif part.column:
                if part.name not in self._drawn:
                    self._draw(part.name, "")
                pieces.append(Piece(self._drawn[part.name][part.column], None))
            else:
                pieces += self._draw(part.name, role if part.role == ROLE else part.role)
        return pieces

    def _draw(self, name: str, role: str) -> list[Piece]:
        """Expand a rule, or draw an entry of a lexicon."""
        if name in self._rules:
            return self._expand_rule(name, role)
        entries, weights = self._lexicons[name]
        (entry,) = self._rng.choices(entries, cum_weights=weights)
        if name in self._distinct:
            for _ in range(_REDRAWS):
                if fold(entry["name"]) not in self._names:
                    break
                (entry,) = self._rng.choices(entries, cum_weights=weights)
            self._names.add(fold(entry["name"]))
        self._drawn[name] = entry
        return [Piece(entry["name"], None)]


def _entries_of(grammar: Grammar, name: str, *, unseen: bool) -> tuple[list[dict[str, str]], list[float]]:
    """The entries of a lexicon that may be drawn, and their cumulative weights."""
    lexicon = grammar.lexicons[name]
    entries, weights = [], []
    for entry, weight in zip(lexicon.entries, lexicon.weights, strict=True):
        if not lexicon.of_cities or (fold(entry["name"]) in grammar.held_out) == unseen:
            entries.append(entry)
            weights.append(weight)
    if not entries:
        raise InputError(f"the lexicon {name!r} has no city that is {'' if unseen else 'not '}held out")
    return entries, list(accumulate(weights))


_SPACES = re.compile(r"\s+")
_BEFORE_PUNCTUATION = re.compile(r"\s+(?=[,.;:!?])")
_IS_ONE_WORD = re.compile(r"[A-Za-z0-9]{2}")
_A = re.compile(r"(?i)\ba $")
_A_OR_AN = re.compile(r"\b([aA])\(n\)")
_VOWEL = re.compile(r"(?i)[aeio](?!ne\b)|8|11")


def _tidy(pieces: list[Piece], write_articles: Callable[[list[Piece]], None]) -> list[Piece]:
    """Join neighbours outside slots, remove the spaces that empty options leave, and write `a` or `an`."""
    tidy = [piece if piece.slot else Piece(_tidy_text(piece.text), None) for piece in _joined(pieces)]
    write_articles(tidy)
    if tidy and tidy[0].slot is None:
        tidy[0] = Piece(tidy[0].text.lstrip(" ,"), None)
    if tidy and tidy[-1].slot is None:
        tidy[-1] = Piece(tidy[-1].text.rstrip(), None)
    return _parted([piece for piece in tidy if piece.text])


def _parted(pieces: list[Piece]) -> list[Piece]:
    """Put a space between two slots that would make one word: Chinese has `[下周五][三点]`, but `[11/2] [9:30]`."""
    parted = pieces[:1]
    for piece, follower in pairwise(pieces):
        if piece.slot and follower.slot and _IS_ONE_WORD.fullmatch(piece.text[-1] + follower.text[0]):
            parted.append(Piece(" ", None))
        parted.append(follower)
    return parted


def _with_an(pieces: list[Piece]) -> None:
    """Make `a` `an` before a slot with a vowel."""
    for number, (piece, follower) in enumerate(pairwise(pieces)):
        if piece.slot is None and _A.search(piece.text) and _VOWEL.match(follower.text):
            pieces[number] = Piece(piece.text.rstrip() + "n ", None)


def _with_articles(pieces: list[Piece]) -> None:
    """Write `a` or `an` for `a(n)`, by what follows it."""
    for number, (text, slot) in enumerate(pieces):
        if slot is None and "(n)" in text:
            whole = text + "".join(piece.text for piece in pieces[number + 1 : number + 2])
            written = _A_OR_AN.sub(partial(_article, whole=whole), text)
            pieces[number] = Piece(written, None)


def _article(found: re.Match[str], *, whole: str) -> str:
    follows = whole[found.end() :].lstrip()
    return found[1] + "n" * (_VOWEL.match(follows) is not None)


def _joined(pieces: list[Piece]) -> list[Piece]:
    joined: list[Piece] = []
    for piece in pieces:
        if piece.slot is None and joined and joined[-1].slot is None:
            joined[-1] = Piece(joined[-1].text + piece.text, None)
        else:
            joined.append(piece)
    return joined


def _tidy_text(text: str) -> str:
    return _BEFORE_PUNCTUATION.sub("", _SPACES.sub(" ", text))
