"""The limit on numpy's threads, shared by all threads that tag (slotfill/runtime/threads.py).

A module of its own because the command line needs none of it.
"""

import os
from functools import cache
from threading import Lock
from typing import Any

# The limit applies to the whole process: of several threads that tag, the first sets it and the last restores it.
_lock = Lock()
_limits: list[Any] = []  # the limit in force, once for each thread that tags


def enter() -> None:
    """Set the limit, unless another thread has."""
    with _lock:
        _limits.append(_limits[0] if _limits else _blas().limit(limits=1))


def leave() -> None:
    """Restore what was before, unless another thread still tags."""
    with _lock:
        limit = _limits.pop()
        if not _limits:
            limit.restore_original_limits()


@cache
def _blas() -> Any:
    """The controller of the threads of numpy's linear algebra library."""
    flag = "KMP_DUPLICATE_LIB_OK"  # threadpoolctl sets it for its own import, and leaves it in the environment
    before = os.environ.get(flag)
    from threadpoolctl import ThreadpoolController

    if before is None:
        os.environ.pop(flag, None)
    return ThreadpoolController().select(user_api="blas")
