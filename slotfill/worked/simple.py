"""An Elman and a Jordan net of two units, worked by hand (Elman 1990; Jordan 1986)."""

import math
from collections.abc import Iterable, Iterator
from typing import Any, Literal

from slotfill.errors import InputError
from slotfill.structs import Struct
from slotfill.worked.numbers import Matrix, Vector, check_finite, dot, row, short, softmax

SIZE = 2  # inputs, units and outputs
WEIGHTS = ("W", "U", "b", "V", "b_y")


class SimpleStep(Struct):
    """What one step computes; `memory` is what it reads: h_{t-1} in an Elman net, y_{t-1} in a Jordan net."""

    x: Vector
    memory: Vector
    z: Vector
    h: Vector
    y: Vector


class SimpleNet(Struct):
    """A net with one hidden layer and a memory m of it (Elman) or of the output (Jordan).

        z_t = W x_t + U m_t + b        m_t = h_{t-1} (Elman) or y_{t-1} (Jordan)
        h_t = z_t, or tanh(z_t)
        y_t = V h_t + b_y, or its softmax

    W (H, E), U (H, H) in an Elman net and (H, Y) in a Jordan net, b (H,), V (Y, H), b_y (Y,); m_1 = 0.
    """

    kind: Literal["elman", "jordan"]
    W: Matrix
    U: Matrix
    b: Vector
    V: Matrix
    b_y: Vector
    tanh: bool = False

    def steps(self, inputs: Iterable[Vector]) -> Iterator[SimpleStep]:
        """One step for each of the inputs. InputError if a number becomes too large.

        >>> [step.y for step in LEE_ELMAN.steps(LEE_SIMPLE)]
        [(4.0, 4.0), (12.0, 12.0), (32.0, 32.0)]
        """
        memory = tuple(0.0 for _ in self.U[0])
        for count, x in enumerate(inputs, start=1):
            z = tuple(dot(w, x) + dot(u, memory) + bias for w, u, bias in zip(self.W, self.U, self.b, strict=True))
            check_finite(count, (("z", value) for value in z))
            h = tuple(map(math.tanh, z)) if self.tanh else z
            y = tuple(dot(v, h) + bias for v, bias in zip(self.V, self.b_y, strict=True))
            check_finite(count, (("y", value) for value in y))
            y = softmax(y) if self.tanh else y
            yield SimpleStep(x, memory, z, h, y)
            memory = h if self.kind == "elman" else y

    def with_setting(self, name: str, text: str) -> "SimpleNet":
        """A copy with other weights; one number fills all places. InputError if the name or the shape is wrong.

        >>> LEE_ELMAN.with_setting("U", "1 0; 0 1").U
        ((1.0, 0.0), (0.0, 1.0))
        """
        if name not in WEIGHTS:
            hint = ", or --kind lstm" if "." in name else ""
            raise InputError(
                f"--set {name}: there are no such weights: expected {', '.join(WEIGHTS)}, such as U=0{hint}"
            )
        old: Any = getattr(self, name)
        is_matrix = isinstance(old[0], tuple)
        shape = (len(old), len(old[0])) if is_matrix else (1, len(old))
        rows = [row(piece, f"--set {name}") for piece in text.split(";")]
        if [len(values) for values in rows] == [1]:
            rows = [rows[0] * shape[1]] * shape[0]
        if [len(values) for values in rows] != [shape[1]] * shape[0]:
            expected = '"1 0; 0 1" (two rows of two)' if is_matrix else '"1 0" (two numbers)'
            raise InputError(f"--set {name}: expected {expected} or one number for all, got {text[:60]!r}")
        return self.replace(**{name: tuple(rows) if is_matrix else rows[0]})

    def parameters(self) -> tuple[int, int]:
        """How many weights and biases are before the hidden layer, and how many in the output layer.

        >>> LEE_ELMAN.parameters()
        (10, 6)
        """
        hidden, outputs = len(self.W), len(self.V)
        return simple_parameters(len(self.W[0]), hidden, len(self.U[0])), outputs * (hidden + 1)

    def to_dict(self) -> dict[str, Any]:
        """The weights, for JSON."""
        return {name: getattr(self, name) for name in WEIGHTS}


def simple_parameters(inputs: int, units: int, memory: int | None = None) -> int:
    """Weights and biases of a layer that reads `memory` numbers (None: its own units, as in an Elman net).

    >>> simple_parameters(3, 1), simple_parameters(50, 100, 127)
    (5, 17800)
    """
    return units * (inputs + (units if memory is None else memory) + 1)


# --- the example of the lectures -------------------------------------------------------------------
# Hung-yi Lee, "Machine Learning", the first lecture on recurrent networks: all weights are 1, no bias, no squashing.

_ONES: Matrix = ((1.0, 1.0), (1.0, 1.0))
LEE_ELMAN = SimpleNet("elman", W=_ONES, U=_ONES, b=(0.0, 0.0), V=_ONES, b_y=(0.0, 0.0))
LEE_JORDAN = LEE_ELMAN.replace(kind="jordan")
LEE_SIMPLE: Matrix = ((1, 1), (1, 1), (2, 2))


def happened(step: SimpleStep, kind: Literal["elman", "jordan"]) -> str:
    """What a step did, in words.

    >>> happened([*LEE_ELMAN.steps(LEE_SIMPLE)][1], "elman")
    'reads 2 2, leaves 6 6'
    """
    left = step.h if kind == "elman" else step.y
    return f"reads {_written(step.memory)}, leaves {_written(left)}"


def _written(values: Vector) -> str:
    return " ".join(map(short, values))
