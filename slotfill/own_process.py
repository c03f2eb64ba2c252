"""What makes a process of slotfill's own faster, and must not be done to a process that imports slotfill.

Only the command line and the processes that it starts call these; docs/decisions/0019-speed-wall.md has the figures.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


def keep_freed_memory() -> None:
    """Make glibc keep freed arrays for the next ones: 4 % of a bulk run. Elsewhere nothing happens.

    It would return every large array to the system and fetch the next one anew, page by page. Once a block of nearly
    32 MiB has been freed, smaller ones stay.
    """
    import numpy as np

    np.empty(33_000_000, dtype=np.uint8)  # nothing is written to it: it takes address space, not memory


@contextmanager
def rare_collections() -> Iterator[None]:
    """Look for garbage cycles rarely: 6 % of a single sentence, 7 % of a bulk run.

    Imports, a model and annotations are many objects, and hardly one of them is in a cycle.
    """
    before = gc.get_threshold()
    gc.set_threshold(100_000)
    try:
        yield
    finally:
        gc.set_threshold(*before)
