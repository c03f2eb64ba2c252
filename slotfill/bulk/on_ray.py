"""The parts of a run on Ray, on this machine or on a cluster.

Each part is a task, which is told what to read (which rows of which file), not the rows: it reads, tags and writes by
itself, so that no data goes through one machine. Tasks, not a pool of actors: when a machine is lost, Ray gives its
parts to those that are left, while an actor would wait for a CPU of its own, and the whole run with it.
"""

import os
import pickle
import re
import socket
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from slotfill.bulk.run import Outcome, Work
from slotfill.bulk.sources import Part
from slotfill.errors import InputError, MissingExtraError, SlotfillError

_PATIENCE = 10  # seconds for the cluster to answer
_TRIES = 10  # of a part whose process or machine dies: the part itself may be what kills it


@lru_cache(maxsize=1)
def _work_of(reference: Any) -> Work:
    """The work of a run, unpickled once in each process."""
    import ray

    work: Work = pickle.loads(ray.get(reference))  # noqa: S301  # ours; Ray's own way makes arrays read-only
    return work


def _tag(shared: list[Any], part: Part) -> tuple[Outcome, str]:
    """The outcome of a part, and what failed if there is none; `shared` is a list, for Ray would fetch a bare one."""
    try:
        return _work_of(shared[0])(part), ""
    except (SlotfillError, OSError) as error:  # reported in one line, not as a page of tracebacks
        return Outcome(part.number, 0, 0, ""), str(error)


def spread_on_ray(
    work: Work, parts: Sequence[Part], *, jobs: int | None, tell: Callable[[str], object]
) -> Iterator[Outcome]:
    """`map(work, parts)` by at most `jobs` tasks (None: one for each CPU), with each outcome as soon as it is there.

    The cluster is the one that RAY_ADDRESS names, or a temporary one on this machine. What a process or a machine that
    dies leaves undone is done by another. MissingExtraError without ray, InputError if the cluster has no room.
    """
    try:
        import ray
    except ImportError:
        raise MissingExtraError("--engine ray", extra="bulk") from None
    if not parts:
        return
    began = not ray.is_initialized()
    if began:
        _connect(ray, jobs)
    try:
        first, most = _room(ray, jobs, parts=len(parts))
        tell(f"Ray: {most} {'parts' if most > 1 else 'part'} at a time on {len(_nodes(ray))} machine(s)")
        if first < most:
            tell(f"Ray: now there is room for {first}; the others start as CPUs become free")
        tag = ray.remote(num_cpus=1, max_retries=_TRIES)(_tag)
        shared = [ray.put(pickle.dumps(work))]
        waiting, running = deque(parts), list[Any]()
        while waiting or running:
            while waiting and len(running) < most:
                running.append(tag.remote(shared, waiting.popleft()))
            done, running = ray.wait(running)
            for outcome, failure in ray.get(done):
                if failure:
                    raise InputError(failure)
                yield outcome
    except ray.exceptions.RayError as error:
        reason = str(error).strip().splitlines()[-1]
        raise InputError(f"Ray gave up, and its logs say why ({reason}): the same command goes on") from None
    finally:
        if began:
            ray.shutdown()


def _connect(ray: Any, jobs: int | None) -> None:
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # send no usage statistics
    address = os.environ.get("RAY_ADDRESS")
    quiet: dict[str, Any] = {"logging_level": "error", "log_to_driver": False}
    try:
        if address and (place := re.fullmatch(r"([^:/]+):(\d+)", address)):  # Ray itself tries for two minutes
            socket.create_connection((place[1], int(place[2])), timeout=_PATIENCE).close()
        if address:
            ray.init(address=address, **quiet)
        else:
            ray.init(address="local", num_cpus=jobs, include_dashboard=False, **quiet)
    except Exception as error:  # Ray raises just that when a start takes too long
        problem = f"no Ray cluster at RAY_ADDRESS={address}" if address else "Ray did not start on this machine"
        raise InputError(f"{problem}: {error}") from None


def _nodes(ray: Any) -> list[dict[str, Any]]:
    return [node for node in ray.nodes() if node["Alive"] and node["Resources"].get("CPU", 0) >= 1]


def _room(ray: Any, jobs: int | None, *, parts: int) -> tuple[int, int]:
    """How many parts at first, and how many at most: Ray would silently wait for a CPU that no machine has."""
    cpus = sum(int(node["Resources"]["CPU"]) for node in _nodes(ray))
    if not cpus:
        raise InputError("Ray: no machine of the cluster has a whole CPU: expected at least one for a part")
    free = int(ray.available_resources().get("CPU", 0))
    most = min(jobs or cpus, parts)
    return max(1, min(most, free)), most
