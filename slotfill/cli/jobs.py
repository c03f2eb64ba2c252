"""Work spread over processes, its results in order."""

import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

from slotfill.errors import InputError

Work = Callable[[list[str]], bytes]

_AHEAD = 2  # batches for each process that wait or are worked on: enough to keep it busy, and memory stays bounded


def spread(work: Work, batches: Iterable[list[str]], *, jobs: int) -> Iterator[bytes]:
    """`map(work, batches)` on `jobs` processes.

    An empty batch says that the next may be long in coming: all results so far are given before it is waited for.
    InputError if a process dies.
    """
    pending: deque[Future[bytes]] = deque()
    with ProcessPoolExecutor(jobs, initializer=_begin, initargs=(work,)) as pool:
        try:
            for batch in batches:
                if batch:
                    pending.append(pool.submit(_go_on, batch))
                while pending and (not batch or len(pending) > _AHEAD * jobs or pending[0].done()):
                    yield pending.popleft().result()
            while pending:
                yield pending.popleft().result()
        except BrokenProcessPool:
            message = "a process ended in the middle of its work (out of memory?): try again with fewer --jobs"
            raise InputError(message) from None
        finally:
            # wait: a process that outlives us would hold on to our output, and its reader would wait for ever
            pool.shutdown(wait=True, cancel_futures=True)


# Each process has its own; set once, since pickling a network with every batch would take longer than the work.
_work: Work


def _begin(work: Work) -> None:
    global _work
    _work = work
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches every process: the first one ends the others


def _go_on(batch: list[str]) -> bytes:
    return _work(batch)
