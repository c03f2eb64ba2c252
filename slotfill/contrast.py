"""Two explanations side by side: two sentences in one net, or one sentence in two nets.

Two sentences are aligned word by word, so that the gates and states of one net can be subtracted from each other. Units
of two nets have nothing to do with each other: they stand side by side, each net's in its own order.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import zip_longest
from typing import Any

import numpy as np

from slotfill.explaining import Explanation, explain, rounded
from slotfill.inside import Array, Group, Order, Strip, by_difference, shown
from slotfill.tagger import Tagger

Pair = tuple[int | None, int | None]  # a token of the first sentence and of the second; None where one has none

_DIFFERENCE = "difference: first - second"


def contrast(tagger: Tagger, first: str, second: str, **settings: Any) -> "Contrast":
    """Explain two sentences, with the settings of `explain`.

    >>> from slotfill import load
    >>> contrast(load(), "arrive Taipei", "leave Taipei").first.annotation.tags
    ('O', 'B-toloc.city_name')
    """
    # a sentence in another script may be answered by another model
    is_one_net = tagger.answering(first) is tagger.answering(second)
    one, other = (explain(tagger, text, **settings) for text in (first, second))
    return Contrast(one, other, (first, second), is_one_net=is_one_net)


@dataclass(frozen=True)
class Contrast:
    """Two explanations; `titles` tell them apart: the sentences, or the names of the models.

    >>> from slotfill import explain, load
    >>> tagger, texts = load(), ("arrive Taipei", "leave Taipei")
    >>> two = Contrast(*(explain(tagger, text) for text in texts), titles=texts)
    >>> two.pairs
    [(0, 0), (1, 1)]
    >>> [strip.title for strip in two.groups()[0].strips]
    ['arrive Taipei', 'leave Taipei', 'difference: first - second']
    """

    first: Explanation
    second: Explanation
    titles: tuple[str, str]
    is_one_net: bool = True  # two sentences in one net, not two nets

    @cached_property
    def pairs(self) -> list[Pair]:
        """The tokens that stand for each other, and those that stand alone, in their order."""
        return aligned(*([token.text.lower() for token in one.annotation.tokens] for one in (self.first, self.second)))

    @cached_property
    def differences(self) -> dict[str, dict[str, Array]]:
        """By cell and part: what is shown of the first less that of the second, for each pair without a None.

        Empty for two nets.
        """
        if not self.is_one_net:
            return {}
        both = [(a, b) for a, b in self.pairs if a is not None and b is not None]
        at = np.array(both, dtype=np.int64).reshape(-1, 2)
        found = {}
        for cell, parts in self.first.gates.items():
            one, other = shown(parts), shown(self.second.gates[cell])
            found[cell] = {name: one[name][at[:, 0]] - other[name][at[:, 1]] for name in one}
        return found

    @cached_property
    def orders(self) -> dict[str, dict[str, Order]]:
        """By cell, of one net: its units, those first whose state differs most between the sentences."""
        return {cell: by_difference(parts) for cell, parts in self.differences.items() if parts}

    def groups(self) -> list[Group]:
        """The cells as they are drawn, one below the other."""
        one, other = (
            {group.cell: group.strips[0] for group in explanation.groups(title=title)}
            for explanation, title in zip((self.first, self.second), self.titles, strict=True)
        )
        if self.is_one_net:
            return [Group(cell, self._strips(cell, one[cell], other[cell])) for cell in one]
        cells = [*one, *(cell for cell in other if cell not in one)]
        return [Group(cell, [net[cell] for net in (one, other) if cell in net]) for cell in cells]

    def _strips(self, cell: str, one: Strip, other: Strip) -> list[Strip]:
        orders = self.orders[cell]
        ranked = [Strip(s.title, s.tokens, s.parts, orders, s.names, is_ranked=True) for s in (one, other)]
        words = [
            one.tokens[a] if one.tokens[a] == other.tokens[b] else f"{one.tokens[a]}/{other.tokens[b]}"
            for a, b in self.pairs
            if a is not None and b is not None
        ]
        if words:
            parts = self.differences[cell]
            ranked.append(Strip(_DIFFERENCE, words, parts, orders, one.names, is_ranked=True, is_difference=True))
        return ranked

    def to_dict(self, *, gates: bool = True) -> dict[str, Any]:
        """The JSON: `first`, `second`, the `pairs` of tokens, and of one net the `difference` as it is drawn.

        The `units` of both are then in one order. Without `gates`, there is nothing of the cells.
        """
        explanations = {"first": self.first, "second": self.second}
        found: dict[str, Any] = {name: one.to_dict(gates=gates) for name, one in explanations.items()}
        found["pairs"] = self.pairs
        if self.is_one_net and gates:
            found["difference"] = {cell: rounded(parts) for cell, parts in self.differences.items()}
            for one in ("first", "second"):
                found[one]["units"] = _listed(self.orders)
        return found


def _listed(orders: Mapping[str, Mapping[str, Order]]) -> dict[str, dict[str, list[int]]]:
    return {cell: {key: order.tolist() for key, order in of_cell.items()} for cell, of_cell in orders.items()}


def aligned(first: Sequence[str], second: Sequence[str]) -> list[Pair]:
    """Which words of two sentences stand for each other, in order: the same ones, and those in their place.

    >>> aligned(["arrive", "Taipei", "today"], ["please", "leave", "Taipei"])
    [(0, 0), (None, 1), (1, 2), (2, None)]
    """
    from difflib import SequenceMatcher  # late: only two sentences need it

    pairs: list[Pair] = []
    for _, a, a_end, b, b_end in SequenceMatcher(None, first, second, autojunk=False).get_opcodes():
        pairs += zip_longest(range(a, a_end), range(b, b_end))
    return pairs
