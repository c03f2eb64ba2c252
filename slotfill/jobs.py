"""Spread work over processes, and return the results in order."""

import multiprocessing
import os
import pickle
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, contextmanager
from functools import partial
from multiprocessing.connection import wait
from pathlib import Path
from tempfile import TemporaryDirectory
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
    with (
        _handed_over(work, context.get_start_method()) as beginning,
        ProcessPoolExecutor(jobs, mp_context=context, initializer=beginning) as pool,
    ):
        try:
            for batch in batches:
                if batch:
                    pending.append(_submitted(pool, batch))
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


def _submitted(pool: ProcessPoolExecutor, batch: Any) -> "Future[Any]":
    try:
        return pool.submit(_call, batch)
    except OSError as error:  # a process died while another one was being started
        raise BrokenProcessPool(str(error)) from None


@contextmanager
def _handed_over(work: Callable[[Any], Any], method: str) -> Iterator[Callable[[], None]]:
    """What each process begins with; a new interpreter reads the work from a file.

    multiprocessing would send it through a pipe that stays open here: if the process died before it had read all, the
    write would never end.
    """
    if method == "fork":
        yield partial(_begin, work)
        return
    with ExitStack() as stack:
        try:
            path = Path(stack.enter_context(TemporaryDirectory(prefix="slotfill-")), "work.pickle")  # for nobody else
            with path.open("wb") as file:
                pickle.dump(work, file)
        except OSError as error:
            raise InputError(
                f"the folder for temporary files cannot be written to: {error.strerror or error}: "
                "make room, set TMPDIR to another one, or leave --jobs at 1"
            ) from None
        yield partial(_begin_from, path)


def _begin_from(path: Path) -> None:
    with path.open("rb") as file:
        _begin(pickle.load(file))  # noqa: S301  # our own, a moment ago


# Set once in each process: pickling a network with every batch would take longer than the work.
_work: Callable[[Any], Any]


def _begin(work: Callable[[Any], Any]) -> None:
    global _work
    _work = work
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches every process: the parent ends the others
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
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
