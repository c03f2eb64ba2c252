"""Matrix products on one thread.

The matrices of a sentence are too small to split: with a thread per core, tagging takes four to six times the CPU time
and hardly less wall-clock time, or more on a busy machine.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def one_thread() -> Iterator[None]:
    """Limit numpy to one thread, and restore its setting afterwards.

    The command line needs no limit: it sets the environment variable before it imports numpy.
    """
    if os.environ.get("OPENBLAS_NUM_THREADS") == "1":
        yield
        return
    from slotfill.runtime.limits import enter, leave

    enter()
    try:
        yield
    finally:
        leave()
