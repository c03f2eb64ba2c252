"""Spread work over processes, and return the results in order."""

import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import wait
from threading import Thread
from typing import Any, TypeVar

from slotfill.errors import InputError
from slotfill.own_process import keep_freed_memory

Batch = TypeVar("Batch", bound=Sequence[Any])
Result = TypeVar("Result")

_AHEAD = 2  # batches per process, queued or running: enough to keep it busy, and memory stays bounded


def spread(
    work: Callable[[Batch], Result], batches: Iterable[Batch], *, jobs: int, start: str | None = None
) -> Iterator[Result]:
    """`map(work, batches)` on `jobs` processes; `start` is multiprocessing's start method (None: the default).

    An empty batch says that the next one may take a while: all results so far are yielded first. Raises InputError if
    a process dies.
    """
    pending: deque[Future[Result]] = deque()
    context = multiprocessing.get_context(start)
    with ProcessPoolExecutor(jobs, mp_context=context, initializer=_begin, initargs=(work,)) as pool:
        try:
            for batch in batches:
                if batch:
                    pending.append(pool.submit(_call, batch))
                while pending and (not batch or len(pending) > _AHEAD * jobs or pending[0].done()):
                    yield pending.popleft().result()
            while pending:
                yield pending.popleft().result()
        except BrokenProcessPool:
            message = "a process ended in the middle of its work (out of memory?): try again with fewer --jobs"
            raise InputError(message) from None
        finally:
            # wait: a process that outlives this one keeps its output open, and the reader of a pipe would hang
            pool.shutdown(wait=True, cancel_futures=True)


# Set once in each process: pickling a network with every batch would take longer than the work.
_work: Callable[[Any], Any]


def _begin(work: Callable[[Any], Any]) -> None:
    global _work
    _work = work
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches every process: the parent ends the others
    keep_freed_memory()
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """Exit when the parent is gone: if it is killed, it cannot end its children, and they would wait for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def _call(batch: Any) -> Any:
    return _work(batch)
