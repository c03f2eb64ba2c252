"""Products of matrices on one thread.

The matrices of a sentence are too small to share: with a thread for each core, tagging takes four to six times the CPU
time and hardly less by the clock, or more where the cores have other work.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from threading import Lock
from typing import Any


@contextmanager
def one_thread() -> Iterator[None]:
    """Keep numpy to one thread, and then give back what was before.

    The command line needs no keeping: there the environment says so before numpy is imported.
    """
    if os.environ.get("OPENBLAS_NUM_THREADS") == "1":
        yield
        return
    _enter()
    try:
        yield
    finally:
        _leave()


# Numpy's threads are the process's. Of several threads that tag at a time, the last one to leave gives back what the
# first one found.
_lock = Lock()
_limits: list[Any] = []  # the one that is in force, as often as it was entered


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
    """What sets the threads of the library that numpy has its products from."""
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController().select(user_api="blas")
