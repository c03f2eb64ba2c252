"""The optional compiled core: the loops of the runtime and of decoding in C (docs/decisions/0040-compiled-core.md).

    border.h          what arrays and numbers of arguments are checked by; arrays come by the buffer protocol
    module.c          the functions for sentences
    layout.c          those for weights and words
    floats.c          new arrays
    kernels.c         the loops, for several instruction sets
    vector.h, ...     what they consist of
    _core.pyi         what Python sees of it

numpy is the reference and the fallback: where the core was not built, or SLOTFILL_CORE is `no`, `in_use` is False and
`_core` None, and all results are the same to five digits. So it is where the core that lies here was built from other
sources, as after an update of an editable install; then a RuntimeWarning says what to do. With SLOTFILL_CORE `must`, it
is an InputError if the core is not in use.
"""

import os
import warnings

from slotfill.errors import InputError

INTERFACE = 4  # of module.c, which has it too: both go up when a function takes or gives something else
_AGAIN = "`pip install --editable .` in slotfill's folder builds it"

_wanted = os.environ.get("SLOTFILL_CORE")
try:
    if _wanted == "no":
        raise ImportError
    from slotfill.core import _core
except ImportError:
    _core = None  # type: ignore[assignment]  # whoever uses it asks `in_use` first


def _problem(found: object) -> str | None:
    """Why the core cannot be used; None if it can."""
    if found is None:
        return "it is not built, or not for this Python"
    number = getattr(found, "INTERFACE", 0)
    return None if number == INTERFACE else f"it was built from other sources (interface {number}, not {INTERFACE})"


if _said := _problem(_core):
    if _wanted == "must":
        raise InputError(f"SLOTFILL_CORE is `must`, and slotfill's compiled core is not in use: {_said}; {_AGAIN}")
    if _core is not None:
        _said = (
            f"slotfill's compiled core is left out, which is slower: {_said}; {_AGAIN}, SLOTFILL_CORE=no goes without"
        )
        warnings.warn(_said, RuntimeWarning, stacklevel=1)
        _core = None  # type: ignore[assignment]

in_use = _core is not None
MOST_TAGS = 65_535  # that the core can tell apart
