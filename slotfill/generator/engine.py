"""Draws sentences from a grammar: pieces of text, each with its slot or none, and the intent."""

import re
from itertools import accumulate, pairwise
from random import Random
from typing import NamedTuple

from slotfill.errors import InputError
from slotfill.generator.grammar import Grammar
from slotfill.generator.syntax import ROLE, Choice, Fill, Template, Words
from slotfill.tokenizer import fold

_REDRAWS = 20  # of a city that the sentence has already; then it may come again


class Piece(NamedTuple):
    """A stretch of a sentence; `slot` is None outside slots."""

    text: str
    slot: str | None


class Sentence(NamedTuple):
    """Pieces that make the text when joined."""

    pieces: list[Piece]
    intent: str


class Sampler:
    """Draws from `grammar` with `rng`; city names only from the held-out ones, or only from the rest.

    The running sums of the weights are computed once, since `random.choices` would add them up at every draw.
    """

    def __init__(self, grammar: Grammar, rng: Random, *, unseen: bool) -> None:
        self._rng = rng
        intents = {rule.intent: (name, rule.weight) for name, rule in grammar.rules.items() if rule.intent}
        self._intents = list(intents), list(accumulate(weight for _, weight in intents.values()))
        self._rule_of = {intent: name for intent, (name, _) in intents.items()}
        self._rules = {n: (rule.alternatives, list(accumulate(rule.weights))) for n, rule in grammar.rules.items()}
        self._lexicons: dict[str, tuple[list[dict[str, str]], list[float]]] = {}
        for name, lexicon in grammar.lexicons.items():
            part = [
                (entry, weight)
                for entry, weight in zip(lexicon.entries, lexicon.weights, strict=True)
                if not lexicon.of_cities or (fold(entry["name"]) in grammar.held_out) == unseen
            ]
            if not part:
                raise InputError(f"the lexicon {name!r} has no city that is {'' if unseen else 'not '}held out")
            self._lexicons[name] = [entry for entry, _ in part], list(accumulate(weight for _, weight in part))
        self._of_cities = {name for name, lexicon in grammar.lexicons.items() if lexicon.of_cities}
        self._drawn: dict[str, dict[str, str]] = {}  # the entry last drawn from each lexicon, in this sentence
        self._cities: set[str] = set()  # the cities of this sentence: nobody flies from Rome to Rome

    def sentence(self) -> Sentence:
        """Draw one sentence."""
        self._drawn.clear()
        self._cities.clear()
        intents, weights = self._intents
        (intent,) = self._rng.choices(intents, cum_weights=weights)
        return Sentence(_tidy(self._expand_rule(self._rule_of[intent], "")), intent)

    def _expand_rule(self, name: str, role: str) -> list[Piece]:
        alternatives, weights = self._rules[name]
        (template,) = self._rng.choices(alternatives, cum_weights=weights)
        return self._expand(template, role)

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
        if name in self._of_cities:
            for _ in range(_REDRAWS):
                if fold(entry["name"]) not in self._cities:
                    break
                (entry,) = self._rng.choices(entries, cum_weights=weights)
            self._cities.add(fold(entry["name"]))
        self._drawn[name] = entry
        return [Piece(entry["name"], None)]


_SPACES = re.compile(r"\s+")
_BEFORE_SIGN = re.compile(r"\s+(?=[,.;:!?])")
_A = re.compile(r"(?i)\ba $")
_VOWEL = re.compile(r"(?i)[aeio](?!ne\b)|8|11")


def _tidy(pieces: list[Piece]) -> list[Piece]:
    """Join neighbours outside slots and set right the spaces that empty options leave behind."""
    tidy: list[Piece] = []
    for piece in pieces:
        if piece.slot is None and tidy and tidy[-1].slot is None:
            piece = Piece(tidy.pop().text + piece.text, None)
        tidy.append(piece)
    tidy = [piece if piece.slot else Piece(_BEFORE_SIGN.sub("", _SPACES.sub(" ", piece.text)), None) for piece in tidy]
    for number, (piece, follower) in enumerate(pairwise(tidy)):
        if piece.slot is None and _A.search(piece.text) and _VOWEL.match(follower.text):
            tidy[number] = Piece(piece.text.rstrip() + "n ", None)
    if tidy and tidy[0].slot is None:
        tidy[0] = Piece(tidy[0].text.lstrip(" ,"), None)
    if tidy and tidy[-1].slot is None:
        tidy[-1] = Piece(tidy[-1].text.rstrip(), None)
    return [piece for piece in tidy if piece.text]
