"""Sums, squashing functions and sequences in plain floats, and how numbers are read and written."""

import math
from collections.abc import Iterable, Sequence

from slotfill.errors import InputError

Vector = tuple[float, ...]
Matrix = tuple[Vector, ...]  # rows


def logistic(z: float) -> float:
    """1 / (1 + e^-z), from 0 (shut) to 1 (open), without overflow.

    >>> logistic(0), logistic(-1e308), logistic(1e308)
    (0.5, 0.0, 1.0)
    """
    if z >= 0:
        return 1 / (1 + math.exp(-z))
    e = math.exp(z)
    return e / (1 + e)


def softmax(scores: Sequence[float]) -> Vector:
    """Positive numbers with the sum 1, in proportion to e^score.

    >>> softmax([1e300, 1e300])
    (0.5, 0.5)
    """
    largest = max(scores)
    parts = [math.exp(score - largest) for score in scores]
    return tuple(part / sum(parts) for part in parts)


def dot(weights: Sequence[float], values: Sequence[float]) -> float:
    """The sum of products, from the left.

    >>> dot((1, 2), (3, 4))
    11.0
    """
    total = 0.0
    for weight, value in zip(weights, values, strict=True):
        total += weight * value
    return total


def check_finite(step: int, values: Iterable[tuple[str, float]]) -> None:
    """InputError if one of the named values of a step (from 1) is too large for a float."""
    for name, value in values:
        if not math.isfinite(value):
            raise InputError(
                f"step {step}: {name} is too large for a computer's number (above 1.8e308): "
                f"expected smaller inputs or weights"
            )


# --- read ------------------------------------------------------------------------------------------


def number(text: str, where: str) -> float:
    """A finite number; InputError that begins with `where` if it is none.

    >>> number(" -10 ", "forget.bias")
    -10.0
    """
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise InputError(f"{where}: expected a number such as 100 or -0.5, got {text.strip()[:40]!r}")
    return value


def row(text: str, where: str) -> Vector:
    """Numbers with commas or spaces between them.

    >>> row("3, 1 0", "step 1")
    (3.0, 1.0, 0.0)
    """
    return tuple(number(piece, where) for piece in text.replace(",", " ").split())


_WIDE = str.maketrans("，；－", ",;-")  # as a Chinese keyboard has them; `float` reads its digits by itself


def sequence(text: str, *, width: int) -> Matrix:
    """The inputs of each step: numbers with commas or spaces, steps with semicolons or line ends.

    InputError if a step has not `width` numbers, or if there is no step.

    >>> sequence("3,1,0; 4,1,0", width=3)
    ((3.0, 1.0, 0.0), (4.0, 1.0, 0.0))
    """
    pieces = [piece.strip() for piece in text.translate(_WIDE).replace("\n", ";").split(";")]
    steps = []
    for count, piece in enumerate((piece for piece in pieces if piece), start=1):
        values = row(piece, f"step {count}")
        if len(values) != width:
            names = ", ".join(f"x{n}" for n in range(1, width + 1))
            raise InputError(f"step {count}: expected {width} numbers ({names}), got {len(values)}: {piece[:60]!r}")
        steps.append(values)
    if not steps:
        example = "3,1,0; 4,1,0" if width == 3 else "1,1; 2,2"
        raise InputError(f'no inputs: expected numbers for each step, such as "{example}"')
    return tuple(steps)


# --- written ---------------------------------------------------------------------------------------


def short(value: float) -> str:
    """A number as one would write it on a board: two decimals at most.

    >>> short(7.0002), short(0.731), short(-0.001), short(123456789)
    ('7', '0.73', '0', '1.23e+08')
    """
    if abs(value) >= 1e6:
        return f"{value:.3g}"
    written = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if written == "-0" else written
