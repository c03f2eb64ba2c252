"""Hostile calls of the compiled core: `python -m tests.border ROUNDS [SEED]`.

Each round makes a right call of one of its functions, of some size, and then makes arguments wrong: other shapes and
types, gaps, addresses that are not aligned, read-only and overlapping arrays, numbers that no index may be. The core
may refuse it or do something; it must not read or write elsewhere. Built with sanitizers (CONTRIBUTING.md), it says so
if it does; without them, only what crashes is seen. How the calls ended is printed.
"""

import random
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import numpy as np
from numpy.typing import NDArray

from slotfill.core import _core
from slotfill.decoding.compiled import compiled_chain

Call = tuple[Callable[..., Any], list[Any]]

GATES = (1, 1, 3, 4)
POISON = (np.nan, np.inf, -np.inf, 3e38, 1e-45)
NUMBERS = (
    0,
    1,
    -1,
    3,
    17,
    2**31,
    2**32,
    2**62,
    2**63 - 1,
    -(2**63),
    2**64,
    -(2**70),
    True,
    None,
    1.5,
    "3",
    b"x",
    np.nan,
)
TYPES = (np.float64, np.float16, np.int32, np.int8, np.uint64, np.complex64, ">f4", ">i8", np.bool_, object)
REFUSED = (TypeError, ValueError, BufferError, OverflowError, MemoryError)


class Border:
    """Calls by one seed."""

    def __init__(self, seed: int) -> None:
        self.pick = random.Random(seed)
        self.numbers = np.random.default_rng(seed)

    def floats(self, *shape: int) -> NDArray[np.float32]:
        """Ordinary numbers, now and then one that is none."""
        found = self.numbers.normal(size=shape).astype(np.float32)
        if found.size and self.pick.random() < 0.2:
            found.flat[self.pick.randrange(found.size)] = self.pick.choice(POISON)
        return found

    def right(self) -> Call:
        """A call that the core must take."""
        few, many = (self.pick.choice(sizes) for sizes in ((0, 1, 3, 7), (0, 1, 5, 16, 33)))
        calls: dict[str, Callable[[], list[Any]]] = {
            "gather": lambda: [
                [self.floats(many) for _ in range(few)],
                *(self.floats(few, 4), self.floats(4, many), self.floats(few, many)),
            ],
            "lstm_step": lambda: self.step(few, many),
            "project": lambda: [
                *(self.floats(few, many), self.floats(many, 48), self.floats(48)),
                self.floats(few, self.pick.randint(0, 48)),
            ],
            "add_places": lambda: [self.floats(few, 3 + 5 * (many + 1)), 3, 5, many + 1, self.floats(few, many + 2)],
            "largest": lambda: [self.floats(few + 1, many), self.floats(1, many)],
            "recur": self.recurrence,
            "within": lambda: [self.floats(few, many), 1e6],
            "lay": lambda: [
                *(self.floats(3 * few * many), self.floats(3 * few * many), -2.0),
                *(few, 3, many, 3 * many, many, 1, 3 * many, 1, 3, 0),
            ],
            "embed": lambda: [self.floats(few + 1, 5), few, self.floats(4, 5), [0, 3], 0.5, self.floats(5)],
            "convolve": lambda: [
                *([few, 0, 1], self.floats(few + 2, 4), self.floats(12, 32), self.floats(32)),
                self.floats(self.pick.randint(17, 32)),
            ],
            "floats": lambda: [few, many, 3],
            "lay_chain": self.laying,
            "best_paths": lambda: self.chain("best_paths"),
            "sums": lambda: self.chain("sums"),
        }
        name = self.pick.choice([*calls])
        return getattr(_core, name), calls[name]()

    def step(self, few: int, many: int) -> list[Any]:
        """Arguments of a step in which sentences share what they have in common."""
        rows = self.numbers.integers(0, 3, (3, few))
        inputs = [self.floats(3, 4 * many), rows[0], self.floats(3, 4 * many), rows[1], rows[2]]
        return [*inputs, self.floats(3, many), self.floats(3, many), *[self.floats(few, many) for _ in range(3)]]

    def laying(self) -> list[Any]:
        """Arguments of the steps of a chain, laid out anew."""
        tags = ["B-a", "B-b", "I-a", "I-b", "O"]
        chain = compiled_chain(tags, None, temperature=1.0)
        assert chain is not None
        places = [np.array(place) for place in chain._places[:3]]
        outputs = [*chain._scores, chain._bounds, *chain._factors, chain._transposed]
        learned = self.pick.choice((None, self.floats(len(tags) + 1, len(tags))))
        return [learned, *places, 1.5, *map(np.array, outputs)]

    def recurrence(self) -> list[Any]:
        """Arguments of a layer of any cell."""
        cell, D, H = self.pick.randrange(4), self.pick.choice((1, 2)), self.pick.choice((1, 15, 16, 17, 33))
        N, P, G = self.pick.choice((0, 1, 5)), -(-H // 16) * 16, GATES[cell]
        U = self.floats(D, P // 16, H, G, 16) if cell else None
        own = self.floats(D, 1 if cell == 2 else 3, P) if cell > 1 else None
        z, state = self.floats(N, D * G * P + self.pick.choice((0, 7))), self.pick.choice((None, self.floats(D, 3, P)))
        return [cell, z, U, own, D, self.floats(N, D * H), state]

    def chain(self, name: str) -> list[Any]:
        """Arguments of the best path or of the sums, for some sentences and any number of slots."""
        slots = "abcdefghijklmnopqrst"[: self.pick.choice((1, 2, 5, 20))]
        tags = sorted([f"{kind}-{slot}" for slot in slots for kind in "BI"] + ["O"])
        chain = compiled_chain(tags, None, temperature=1.0)
        assert chain is not None
        ends = np.cumsum([self.pick.randint(1, 9) for _ in range(self.pick.choice((1, 2, 4)))])
        N, starts = int(ends[-1]), np.array([0, *ends[:-1]], dtype=np.int64)
        first = [self.floats(N, len(tags)), starts, *map(np.array, chain._places)]
        path = self.numbers.integers(0, len(tags), N)
        if name == "best_paths":
            return [*first, *map(np.array, (*chain._scores, chain._bounds)), path]
        temperature = self.pick.choice((1.0, 2.5, 0.0, -1.0, np.nan, np.inf))
        return [
            *first,
            *map(np.array, (*chain._factors, chain._transposed)),
            temperature,
            path,
            self.floats(3, N),
            self.floats(N, len(tags)),
        ]

    def wrong(self, argument: Any) -> Any:
        """Something else in the place of an argument."""
        if isinstance(argument, list):
            return self.pick.choice(
                [argument * 2, argument[:-1], tuple(argument), [None], [*argument, np.zeros(3)], {}, [-1, 2**40]]
            )
        if not isinstance(argument, np.ndarray):
            return self.pick.choice([*NUMBERS, self.floats(2, 2)])
        return self.pick.choice((
            lambda one: one[:-1],
            lambda one: np.concatenate([one, one]),
            np.asfortranarray,
            lambda one: one[..., ::-1],
            lambda one: one[::2],
            lambda one: one.astype(self.pick.choice(TYPES)),
            lambda one: one[..., None],
            np.ravel,
            lambda one: np.frombuffer(one.tobytes(), dtype=one.dtype).reshape(one.shape),  # read-only
            lambda one: np.frombuffer(b"\0" + one.tobytes(), np.uint8)[1:].view(one.dtype).reshape(one.shape),
            lambda one: np.zeros((0,) * one.ndim, dtype=one.dtype),
            lambda one: np.zeros((0, *[2**40] * (one.ndim - 1)), dtype=one.dtype),
            lambda one: np.broadcast_to(one.flat[0], [2**20] * one.ndim),
            lambda one: one.tobytes(),
            lambda one: bytearray(one.tobytes()),
            lambda one: np.swapaxes(one, 0, -1).copy(),
            self.wild,
            self.wild,
            lambda _: None,
        ))(argument)  # fmt: skip

    def wild(self, array: NDArray[Any]) -> NDArray[Any]:
        """One of its numbers is far away."""
        changed = array.copy()
        far = (-1, -2, 6, 2**31, 2**40, 2**63 - 1, -(2**63)) if array.dtype == np.int64 else POISON
        changed.flat[self.pick.randrange(array.size)] = self.pick.choice(far)
        return changed

    def call(self) -> tuple[str, str]:
        """One call, and how it ended."""
        function, arguments = self.right()
        for _ in range(self.pick.choice((0, 1, 1, 1, 2, 3))):
            at = self.pick.randrange(len(arguments))
            with suppress(*REFUSED, IndexError):  # numpy cannot make everything
                arguments[at] = self.wrong(arguments[at])
        if self.pick.random() < 0.05:
            arguments[self.pick.randrange(len(arguments))] = self.pick.choice(arguments)  # two that are the same memory
        if self.pick.random() < 0.05:
            arguments = self.pick.choice((arguments[:-1], [*arguments, None]))
        try:
            function(*arguments)
        except REFUSED as error:
            return function.__name__, type(error).__name__
        return function.__name__, "taken"


def main(rounds: int, seed: int = 1) -> None:
    """Call, and print how often each function ended how."""
    border = Border(seed)
    with np.errstate(all="ignore"):
        ends = Counter(border.call() for _ in range(rounds))
    for (name, end), count in sorted(ends.items()):
        print(f"{name:12}{end:14}{count:8,}")  # noqa: T201  # a script


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
