"""What is seen inside a net: the gates and states of its cells over time, and how they are shown.

Every picture of them (terminal, plot, page) is the same: a row for each unit, a column for each token, one order of the
units and one scale for all that is compared. A memory c has no bounds, so tanh(c) is shown, which is what reaches h.

Shapes: T tokens, H hidden units or Y outputs of a Jordan net (U: either).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
Order = NDArray[np.int64]  # (U,)


class Part(NamedTuple):
    """What a gate or state is called, and where its scale begins and ends."""

    title: str
    low: float
    high: float = 1.0


PARTS: Mapping[str, Part] = {  # in the order in which they are shown
    "i": Part("input gate", 0),
    "f": Part("forget gate", 0),
    "o": Part("output gate", 0),
    "r": Part("reset gate", 0),
    "z": Part("update gate", 0),
    "g": Part("candidate", -1),
    "n": Part("candidate", -1),
    "c": Part("memory", -1),
    "h": Part("state", -1),
    "y": Part("output", 0),
}
LETTERS: Mapping[str, str] = {"c": "tanh(c)"}  # what is shown, where it is not the letter itself
WITHOUT_MEMORY = (
    "A feed-forward net has no memory: its h at a word depends on that word alone, and with a window on its neighbours."
)
_HIDDEN, _OUTPUTS = "h", "y"  # the keys of orders: of the hidden units, and of the outputs of a Jordan net


@dataclass(frozen=True, slots=True)
class Strip:
    """One cell over one sentence, or the difference of two, ready to be drawn."""

    title: str  # what it is one of: the sentence, the model, or `difference`
    tokens: Sequence[str]
    parts: Mapping[str, Array]  # (T, U) each, as shown, in the order of PARTS
    orders: Mapping[str, Order]  # of the units: by `h`, and of the outputs by `y`
    names: Sequence[str] = ()  # of the outputs: the tags
    is_ranked: bool = False  # whether the units that tell most come first
    is_difference: bool = False

    def order(self, part: str) -> Order:
        """The order of the units of one part."""
        return self.orders[_key(part)]

    def scale(self, part: str) -> tuple[float, float]:
        """The ends of the scale of one part; a difference may be as large as that scale is long."""
        low, high = PARTS[part].low, PARTS[part].high
        return (low - high, high - low) if self.is_difference else (low, high)

    def label(self, part: str, unit: int) -> str:
        """What a unit is called: its number, or the tag that it stands for."""
        return self.names[unit] if _key(part) == _OUTPUTS and self.names else str(unit)

    def few(self, part: str, count: int) -> list[int]:
        """The units to show where not all have room, in their order.

        Where they are not ranked, those whose state moves most from token to token.
        """
        order = self.order(part)
        if self.is_ranked or _key(part) == _OUTPUTS:
            return [*map(int, order[:count])]
        state_TU = self.parts[_state(self.parts)]
        most = {*np.argsort(-np.ptp(state_TU, axis=0), kind="stable")[:count].tolist()}
        return [unit for unit in order.tolist() if unit in most]


class Group(NamedTuple):
    """What is drawn of one cell, or of the same cell of two nets, one below the other."""

    cell: str  # `0.forward`
    strips: Sequence[Strip]


def title_of(cell: str) -> str:
    """`0.forward` -> `layer 1, forward`."""
    layer, direction = cell.split(".")
    return f"layer {int(layer) + 1}, {direction}"


def _key(part: str) -> str:
    return _OUTPUTS if part == _OUTPUTS else _HIDDEN


def _state(parts: Mapping[str, Array]) -> str:
    """The part that remembers: c of an LSTM, h of the others."""
    return "c" if "c" in parts else _HIDDEN


def shown(parts: Mapping[str, Array]) -> dict[str, Array]:
    """The values as they are shown: tanh(c) for c, all others as they are, in the order of PARTS.

    >>> import numpy as np
    >>> shown({"h": np.zeros((1, 2)), "c": np.array([[0.0, 20.0]])})["c"].tolist()
    [[0.0, 1.0]]
    """
    return {name: np.tanh(parts[name]) if name == "c" else parts[name] for name in PARTS if name in parts}


def by_peak(parts: Mapping[str, Array]) -> dict[str, Order]:
    """The units in the order of the tokens at which their state (c, or else h) is largest.

    This groups what each token writes. Outputs of a Jordan net stand in the order of their largest value.

    >>> import numpy as np
    >>> by_peak({"h": np.array([[0.1, -0.9], [0.5, 0.2]])})["h"].tolist()
    [1, 0]
    """
    state_TU = parts[_state(parts)]
    peak_U = np.abs(state_TU).argmax(0)
    orders: dict[str, Order] = {
        _HIDDEN: np.lexsort((np.take_along_axis(state_TU, peak_U[None], axis=0)[0], peak_U)),
    }
    if _OUTPUTS in parts:
        orders[_OUTPUTS] = np.argsort(-parts[_OUTPUTS].max(0), kind="stable")
    return orders


def by_difference(difference: Mapping[str, Array]) -> dict[str, Order]:
    """The units in the order of how much their state differs between two sentences, over all tokens, most first.

    >>> import numpy as np
    >>> by_difference({"h": np.array([[0.1, -0.9, 0.0]])})["h"].tolist()
    [1, 0, 2]
    """
    keys = [(_state(difference), _HIDDEN), (_OUTPUTS, _OUTPUTS)]
    return {
        key: np.argsort(-np.abs(difference[name]).sum(0), kind="stable") for name, key in keys if name in difference
    }
