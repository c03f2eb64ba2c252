"""The limit on numpy's threads, shared by all threads that tag (slotfill/runtime/threads.py).

A module of its own because the command line needs none of it.
"""

import os
from functools import cache
from threading import Lock
from typing import Any

# The limit applies to the whole process: of several threads that tag, the first sets it and the last restores it.
_lock = Lock()
_inside = 0  # threads that tag
_before: list[tuple[Any, int]] = []  # each library, and how many threads it had


def enter() -> None:
    """Set the limit, unless another thread has."""
    global _before, _inside
    with _lock:
        if not _inside:  # by the libraries' own functions: `limit` of threadpoolctl takes four times as long
            _before = [(library, library.get_num_threads()) for library in _blas()]
            for library, _ in _before:
                library.set_num_threads(1)
        _inside += 1


def leave() -> None:
    """Restore what was before, unless another thread still tags."""
    global _inside
    with _lock:
        _inside -= 1
        if not _inside:
            for library, threads in _before:
                library.set_num_threads(threads)


@cache
def _blas() -> list[Any]:
    """The controllers of the threads of numpy's linear algebra libraries."""
    flag = "KMP_DUPLICATE_LIB_OK"  # threadpoolctl sets it for its own import, and leaves it in the environment
    before = os.environ.get(flag)
    from threadpoolctl import ThreadpoolController

    if before is None:
        os.environ.pop(flag, None)
    return list(ThreadpoolController().select(user_api="blas").lib_controllers)
