"""The functions of module.c; arrays have no gaps, and any with a wrong type or shape is a TypeError or ValueError."""

import numpy as np
from numpy.typing import NDArray

_Array = NDArray[np.float32]
_Ids = NDArray[np.int64]

INTERFACE: int
UNITS: int

def gather(rows: list[_Array], matches: _Array, W: _Array, out: _Array, /) -> None: ...
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
def lstm_step(z: _Array, u: _Array | None, c: _Array, h: _Array, /) -> None: ...
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
