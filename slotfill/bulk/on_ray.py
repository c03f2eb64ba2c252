"""The parts of a run on Ray Data, on this machine or on a cluster.

What Ray Data passes around are parts, not rows: which rows of which file. The actors read, tag and write by themselves,
so that no data goes through one machine, and there is no read task that could wait for ever for a CPU that an actor has.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from slotfill.bulk.run import Outcome, Work
from slotfill.bulk.sources import Part
from slotfill.errors import InputError, MissingExtraError

_MOST_BLOCKS = 2_000  # a block is what an actor takes at once, and each costs Ray some memory


class _Actor:
    """One process of Ray, with the model loaded once."""

    def __init__(self, work: Any) -> None:
        import ray

        self.work: Work = ray.get(work)

    def __call__(self, batch: dict[str, Any]) -> dict[str, list[Any]]:
        parts = [Part(*values) for values in zip(*(batch[name].tolist() for name in Part._fields), strict=True)]
        outcomes = [self.work(part) for part in parts]
        return {name: [getattr(outcome, name) for outcome in outcomes] for name in Outcome._fields}


def spread_on_ray(
    work: Work, parts: Sequence[Part], *, jobs: int | None, tell: Callable[[str], None]
) -> Iterator[Outcome]:
    """`map(work, parts)` by at most `jobs` actors (None: one a CPU), each outcome as soon as it is there.

    The cluster is the one that RAY_ADDRESS names, or one of our own on this machine for as long as it takes. An actor
    or a machine that dies is replaced. MissingExtraError without ray, InputError if the cluster has no room.
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
            fn_constructor_args=(ray.put(work),),
            batch_size=1,
            batch_format="numpy",
            compute=ray.data.ActorPoolStrategy(min_size=first, max_size=most),
            num_cpus=1,
        )
        for row in tagged.iter_rows():
            yield Outcome(**row)
    except ray.exceptions.RayError as error:
        raise InputError(f"Ray gave up: {_reason(error)}; what is written stays, and the same command goes on") from None
    finally:
        if began:
            ray.shutdown()


def _connect(ray: Any, jobs: int | None) -> None:
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # nothing is told to anybody
    address = os.environ.get("RAY_ADDRESS")
    try:
        if address:
            ray.init(address=address, logging_level="error")
        else:
            ray.init(address="local", num_cpus=jobs, include_dashboard=False, logging_level="error")
    except (ConnectionError, ValueError, RuntimeError) as error:
        raise InputError(f"no Ray cluster at RAY_ADDRESS={address}: {error}") from None


def _nodes(ray: Any) -> list[dict[str, Any]]:
    return [node for node in ray.nodes() if node["Alive"] and node["Resources"].get("CPU", 0) >= 1]


def _room(ray: Any, jobs: int | None, *, parts: int) -> tuple[int, int]:
    """How many actors to begin with, and how many at most; an actor that finds no CPU would be waited for in silence."""
    cpus = sum(int(node["Resources"]["CPU"]) for node in _nodes(ray))
    if not cpus:
        raise InputError("Ray: no machine of the cluster has a whole CPU: expected at least one for an actor")
    free = int(ray.available_resources().get("CPU", 0))
    most = min(jobs or cpus, parts)
    return max(1, min(most, free)), most


def _quieten(ray: Any) -> None:
    """Ray Data's own bars and notices: the command has its own."""
    import logging

    context = ray.data.DataContext.get_current()
    context.enable_progress_bars = False
    context.print_on_execution_start = False
    logging.getLogger("ray.data").setLevel(logging.ERROR)


def _reason(error: Exception) -> str:
    """The innermost error in one line."""
    cause: BaseException = error
    while inner := getattr(cause, "cause", None) or cause.__cause__:
        cause = inner
    return (str(cause).strip() or type(cause).__name__).splitlines()[-1]
