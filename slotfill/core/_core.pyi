"""The functions of module.c, layout.c and floats.c.

Arrays are all that has a buffer; they have no gaps, and any with a wrong type or shape is a TypeError or ValueError.
"""

from collections.abc import Sequence
from typing import Any, TypeAlias

_Array: TypeAlias = Any  # of float32
_Ids: TypeAlias = Any  # of int64

INTERFACE: int
UNITS: int

def gather(rows: Sequence[_Array], matches: _Array, W: _Array, out: _Array, /) -> None: ...
def recur(
    cell: int,
    z: _Array,
    U: _Array | None,
    own: _Array | None,
    directions: int,
    out: _Array,
    state: _Array | None,
    /,
) -> None: ...
def lstm_step(
    z: _Array,
    ids: _Ids | None,
    u: _Array | None,
    products: _Ids | None,
    parents: _Ids | None,
    before: _Array | None,
    largest_before: _Array | None,
    c: _Array,
    h: _Array,
    largest: _Array | None,
    /,
) -> None: ...
def project(x: _Array, W: _Array, b: _Array, out: _Array, /) -> None: ...
def add_places(z: _Array, first: int, places: int, tags: int, out: _Array, /) -> None: ...
def largest(x: _Array, out: _Array, /) -> None: ...
def best_paths(
    emissions: _Array,
    starts: _Ids,
    free: _Ids,
    inside: _Ids,
    column: _Ids,
    continued: _Ids,
    start: _Array,
    steps: _Array,
    entering: _Array,
    bounds: _Array,
    path: _Ids,
    /,
) -> None: ...
def sums(
    emissions: _Array,
    starts: _Ids,
    free: _Ids,
    inside: _Ids,
    column: _Ids,
    continued: _Ids,
    start: _Array,
    steps: _Array,
    entering: _Array,
    transposed: _Array,
    temperature: float,
    path: _Ids | None,
    confidence: _Array | None,
    marginals: _Array | None,
    /,
) -> None: ...
def instructions(name: str | None = None, /) -> str: ...
def within(numbers: _Array, most: float, /) -> bool: ...
def lay(
    source: _Array,
    out: _Array,
    factor: float,
    A: int,
    B: int,
    C: int,
    a: int,
    b: int,
    c: int,
    x: int,
    y: int,
    z: int,
    first: int,
    /,
) -> None: ...
def lay_chain(
    learned: _Array | None,
    free: _Ids,
    inside: _Ids,
    column: _Ids,
    temperature: float,
    start: _Array,
    steps: _Array,
    entering: _Array,
    bounds: _Array,
    start_factors: _Array,
    step_factors: _Array,
    entering_factors: _Array,
    transposed: _Array,
    /,
) -> None: ...
def embed(
    table: _Array, number: int, affixes: _Array | None, rows: list[int], share: float, out: _Array, /
) -> bool: ...
def floats(*shape: int) -> _Array: ...
def convolve(ids: list[int], vectors: _Array, filters: _Array, bias: _Array, out: _Array, /) -> None: ...
