"""Arrays without numpy, whose import takes most of the time of a single sentence (docs/decisions/0041-no-numpy.md).

A raw array is a `memoryview` in C order: its `format` is `f` for float32, `H` for the bits of a float16, `q` for int64.
It has a shape as numpy's arrays have, but no axis of length 0. The compiled core and numpy read it where it lies.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from slotfill import core
from slotfill.core import _core

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


Raw: TypeAlias = Any  # a memoryview: type checkers know neither its shape nor that it may hold floats


class Weights(Mapping[str, "NDArray[np.float32]"]):
    """Named arrays of float32 or float16: raw ones (`raw`), which become numpy's when they are asked for.

    >>> weights = Weights({"b": floats(2, 3)})
    >>> weights.raw["b"].shape, weights["b"].tolist()
    ((2, 3), [[0.0, 0.0, 0.0], [0.0, 0.0, 0.0]])
    """

    def __init__(self, raw: Mapping[str, Raw]) -> None:
        self.raw = raw

    @classmethod
    def of(cls, arrays: "Mapping[str, NDArray[np.float32]]") -> "Weights":
        """From numpy's arrays; what is none of float32 or float16 has another format."""
        return arrays if isinstance(arrays, Weights) else cls({name: _raw(array) for name, array in arrays.items()})

    def __getitem__(self, name: str) -> "NDArray[np.float32]":
        import numpy as np

        array = np.asarray(self.raw[name])
        return array.view(np.float16) if array.dtype == np.uint16 else array

    def __iter__(self) -> Iterator[str]:
        return iter(self.raw)

    def __len__(self) -> int:
        return len(self.raw)

    def __contains__(self, name: object) -> bool:
        return name in self.raw

    def __reduce__(self) -> tuple[Any, ...]:
        return _unpickled, ({name: (view.tobytes(), view.format, view.shape) for name, view in self.raw.items()},)


def _unpickled(contents: Mapping[str, tuple[bytes, str, tuple[int, ...]]]) -> Weights:
    return Weights(
        {name: shaped(memoryview(data), format_, shape) for name, (data, format_, shape) in contents.items()}
    )


def _raw(array: "NDArray[np.float32]") -> Raw:
    import numpy as np

    rows: Any = np.ascontiguousarray(array).reshape(array.shape)
    return memoryview(rows.view(np.uint16) if rows.dtype == np.float16 else rows)


def shaped(numbers: Raw, format_: str, shape: Iterable[int]) -> Raw:
    """The same bytes as an array of this format and shape; TypeError or ValueError if they have another size."""
    return numbers.cast("B").cast(format_, [*shape])


def flat(numbers: Raw) -> Raw:
    """The numbers of an array of float32 in one row."""
    return numbers.cast("B").cast("f")


def floats(*shape: int) -> Raw:
    """A new array of zeros."""
    if core.in_use:
        return _core.floats(*shape)
    size = 4
    for length in shape:
        size *= length
    numbers = memoryview(bytearray(size))
    return numbers.cast("f", shape) if size else numbers.cast("f")


def integers(numbers: Iterable[int]) -> Raw:
    """A new array, (count,), of int64."""
    listed = [*numbers]
    array = memoryview(bytearray(8 * len(listed))).cast("q")
    for place, number in enumerate(listed):
        array[place] = number
    return array


def are_within(numbers: Raw, most: float) -> bool:
    """Whether all numbers are between -most and most; NaN is not."""
    if core.in_use:
        return _core.within(numbers, most)
    import numpy as np

    array = np.asarray(numbers)
    array = array.view(np.float16) if array.dtype == np.uint16 else array
    return -most < float(array.min()) <= float(array.max()) < most  # as floats: most may be no float16
