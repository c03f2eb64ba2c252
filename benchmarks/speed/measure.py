"""What a process costs in CPU seconds, wall seconds and memory.

Contestants take turns, so that noise hits all alike.
"""

import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
LAUNCHER = Path(__file__).with_name("launch.py")


class CommandError(Exception):
    """A command that did not end well, with what it said."""


@dataclass(frozen=True)
class Cost:
    """Of one process and the children that it waited for."""

    cpu: float  # seconds, user and system
    wall: float  # seconds
    peak: float  # bytes; of several processes the largest


@dataclass(frozen=True)
class Contestant:
    """A command, and what it runs with."""

    command: Sequence[object]  # text or paths
    source: Path | None = None  # its standard input
    environment: Mapping[str, str] | None = None  # besides PATH, HOME and LANG


ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


def run(contestant: Contestant, *, target: Path | None = None) -> Cost:
    """Run it once; CommandError tells the end of what it wrote to standard error."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR")}
    environment = kept | {"PYTHONNOUSERSITE": "1"} | dict(contestant.environment or {})
    command = [str(part) for part in contestant.command]
    with tempfile.NamedTemporaryFile(suffix=".err") as errors:
        streams = [str(contestant.source or os.devnull), str(target or os.devnull), errors.name]
        launched = subprocess.run(
            [sys.executable, "-I", "-S", str(LAUNCHER), *streams, *command],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            cwd="/",  # where no folder is found by chance: the wheel is measured, not the tree
        )
        if launched.returncode:
            raise CommandError(f"{' '.join(command)}: {launched.stderr.strip().splitlines()[-1]}")
        code, cpu, wall, peak = launched.stdout.split()
        if code != "0":
            said = Path(errors.name).read_text(errors="replace").strip().splitlines()
            raise CommandError(f"{' '.join(command)}: exit status {code}: {' / '.join(said[-3:])}")
    return Cost(float(cpu), float(wall), float(peak))


def answer(contestant: Contestant) -> str:
    """What one run of it writes to standard output."""
    with tempfile.NamedTemporaryFile(suffix=".out") as output:
        run(contestant, target=Path(output.name))
        return Path(output.name).read_text()


def in_turns(contestants: Mapping[str, Callable[[], T]], *, rounds: int) -> dict[str, list[T]]:
    """Each contestant once a round, after a round that does not count; who fails says so and drops out."""
    results: dict[str, list[T]] = {}
    for name, take in contestants.items():  # fills the caches of the file system
        try:
            take()
            results[name] = []
        except CommandError as failure:
            say(f"left out: {name}: {failure}")
    for _ in range(rounds):
        for name, taken in results.items():
            taken.append(contestants[name]())
    return results


def summary(costs: Sequence[Cost]) -> dict[str, float]:
    """Median and spread of the CPU seconds, the shortest wall time, the largest peak."""
    return spread([cost.cpu for cost in costs]) | {
        "wall": min(cost.wall for cost in costs),
        "peak": max(cost.peak for cost in costs),
    }


def spread(values: Sequence[float]) -> dict[str, float]:
    """Median, smallest and largest."""
    return {"median": statistics.median(values), "low": min(values), "high": max(values)}


def say(text: str) -> None:
    """Progress, beside the results."""
    print(text, file=sys.stderr, flush=True)
