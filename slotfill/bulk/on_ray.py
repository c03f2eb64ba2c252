"""The parts of a run on Ray Data, on this machine or on a cluster.

Ray Data passes parts around (which rows of which file), not rows. The actors read, tag and write by themselves, so
that no data goes through one machine, and no read task waits forever for a CPU that an actor holds.
"""

import os
import pickle
import re
import socket
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from slotfill.bulk.run import Outcome, Work
from slotfill.bulk.sources import Part
from slotfill.errors import InputError, MissingExtraError, SlotfillError

_PATIENCE = 10  # seconds for the cluster to answer
_MOST_BLOCKS = 2_000  # an actor takes a block at a time, and each costs Ray some memory


class _Actor:
    """One process of Ray, which loads the model once."""

    def __init__(self, pickled: bytes) -> None:
        self.work: Work = pickle.loads(pickled)  # noqa: S301  # ours; Ray's own way makes arrays read-only

    def __call__(self, batch: dict[str, Any]) -> dict[str, list[Any]]:
        (part,) = (Part(*values) for values in zip(*(batch[name].tolist() for name in Part._fields), strict=True))
        failure = ""
        try:
            outcome = self.work(part)
        except (SlotfillError, OSError) as error:  # reported in one line, not as a page of tracebacks
            outcome, failure = Outcome(part.number, 0, 0, ""), str(error)
        return {name: [value] for name, value in [*outcome._asdict().items(), ("failure", failure)]}


def spread_on_ray(
    work: Work, parts: Sequence[Part], *, jobs: int | None, tell: Callable[[str], object]
) -> Iterator[Outcome]:
    """`map(work, parts)` by at most `jobs` actors (None: one for each CPU), with each outcome as soon as it is there.

    The cluster is the one that RAY_ADDRESS names, or a temporary one on this machine. An actor or a machine that dies
    is replaced. MissingExtraError without ray, InputError if the cluster has no room.
    """
    try:
        import ray
        import ray.data
    except ImportError:
        raise MissingExtraError("--engine ray", extra="bulk") from None
    if not parts:
        return
    began = not ray.is_initialized()
    if began:
        _connect(ray, jobs)
    try:
        first, most = _room(ray, jobs, parts=len(parts))
        tell(f"Ray: {most} {'actors' if most > 1 else 'actor'} on {len(_nodes(ray))} machine(s)")
        if first < most:
            tell(f"Ray: now there is room for {first}; the others start as CPUs become free")
        _quieten(ray)
        items = [part._asdict() for part in parts]
        tagged = ray.data.from_items(items, override_num_blocks=min(len(items), _MOST_BLOCKS)).map_batches(
            _Actor,
            fn_constructor_args=(pickle.dumps(work),),
            batch_size=1,
            batch_format="numpy",
            compute=ray.data.ActorPoolStrategy(min_size=first, max_size=most),
            num_cpus=1,
        )
        for row in tagged.iter_rows():
            if failure := row.pop("failure"):
                raise InputError(failure)
            yield Outcome(**row)
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
    except (OSError, ValueError, RuntimeError) as error:
        raise InputError(f"no Ray cluster at RAY_ADDRESS={address}: {error}") from None


def _nodes(ray: Any) -> list[dict[str, Any]]:
    return [node for node in ray.nodes() if node["Alive"] and node["Resources"].get("CPU", 0) >= 1]


def _room(ray: Any, jobs: int | None, *, parts: int) -> tuple[int, int]:
    """How many actors to begin with, and how many at most: Ray would silently wait for one without a CPU."""
    cpus = sum(int(node["Resources"]["CPU"]) for node in _nodes(ray))
    if not cpus:
        raise InputError("Ray: no machine of the cluster has a whole CPU: expected at least one for an actor")
    free = int(ray.available_resources().get("CPU", 0))
    most = min(jobs or cpus, parts)
    return max(1, min(most, free)), most


def _quieten(ray: Any) -> None:
    """Turn off the bars and notices of Ray Data: the command has its own."""
    import logging

    context = ray.data.DataContext.get_current()
    context.enable_progress_bars = False
    context.print_on_execution_start = False
    logging.getLogger("ray.data").setLevel(logging.ERROR)
