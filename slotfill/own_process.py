"""Settings of the whole process that make slotfill faster; not for a process that merely imports slotfill.

Only the command line and the processes it starts call these; docs/decisions/0019-speed-wall.md has the figures.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


def keep_freed_memory() -> None:
    """Make glibc reuse the memory of freed arrays, which saves 4 % of a bulk run. Does nothing elsewhere.

    glibc returns every large array to the system, and gets the next one page by page. Once a block of nearly 32 MiB
    has been freed, it keeps smaller ones.
    """
    bytes(33_000_000)  # zeros by calloc: never written to, so it takes no memory


@contextmanager
def rare_collections() -> Iterator[None]:
    """Collect garbage cycles rarely, which saves 6 % of a single sentence and 7 % of a bulk run.

    Imports, a model and annotations make many objects, almost none of them in a cycle.
    """
    before = gc.get_threshold()
    gc.set_threshold(100_000)
    try:
        yield
    finally:
        gc.set_threshold(*before)
