"""The optional compiled core: the loops of the runtime and of decoding in C (docs/decisions/0040-compiled-core.md).

    module.c          the border: arguments are checked, arrays come by the buffer protocol
    kernels.c         the loops, for several instruction sets
    vector.h, ...     what they consist of
    _core.pyi         what Python sees of it

numpy is the reference and the fallback: where the core was not built, or SLOTFILL_CORE is `no`, `in_use` is False and
`_core` None, and all results are the same to five digits.
"""

import os

try:
    if os.environ.get("SLOTFILL_CORE") == "no":
        raise ImportError
    from slotfill.core import _core
except ImportError:
    _core = None  # type: ignore[assignment]  # whoever uses it asks `in_use` first

in_use = _core is not None
