"""Matrix products on one thread.

The matrices of a sentence are too small to split: with a thread per core, tagging takes four to six times the CPU time
and hardly less wall-clock time, or more on a busy machine.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from threading import Lock
from typing import Any


@contextmanager
def one_thread() -> Iterator[None]:
    """Limit numpy to one thread, and restore its setting afterwards.

    The command line needs no limit: it sets the environment variable before it imports numpy.
    """
    if os.environ.get("OPENBLAS_NUM_THREADS") == "1":
        yield
        return
    _enter()
    try:
        yield
    finally:
        _leave()


# The limit applies to the whole process: of several threads that tag, the first sets it and the last restores it.
_lock = Lock()
_limits: list[Any] = []  # the limit in force, once for each thread that tags


def _enter() -> None:
    with _lock:
        _limits.append(_limits[0] if _limits else _blas().limit(limits=1))


def _leave() -> None:
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
