"""What a process costs in CPU seconds, wall seconds and memory, and on which machine."""

import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

T = TypeVar("T")
ROOT = Path(__file__).parent.parent
ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


class CommandError(Exception):
    """A command failed; the message has the end of what it wrote to standard error."""


class Cost(NamedTuple):
    """Of one process and the children that it waited for."""

    cpu: float  # seconds, user and system
    wall: float  # seconds
    peak: float  # bytes; of several processes the largest


class Process(NamedTuple):
    """A command, and what it runs with."""

    command: Sequence[object]  # text or paths
    source: Path | None = None  # its standard input
    environment: Mapping[str, str] = {}  # besides PATH, HOME and LANG


def run(process: Process, *, target: Path | None = None) -> Cost:
    """Run it once; its standard output goes to `target`. Raises CommandError if it fails."""
    names = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "SLOTFILL_CORE")  # the last to measure without the core
    kept = {name: value for name, value in os.environ.items() if name in names}
    command = [str(word) for word in process.command]
    with tempfile.NamedTemporaryFile(suffix=".err") as errors:
        streams = [str(process.source or os.devnull), str(target or os.devnull), errors.name]
        launched = subprocess.run(
            [sys.executable, "-I", "-S", str(ROOT / "benchmarks" / "launch.py"), *streams, *command],
            env=kept | {"PYTHONNOUSERSITE": "1", **process.environment},
            capture_output=True,
            text=True,
            check=False,
            cwd="/",  # so that `slotfill` is the installed one, not the checkout
        )
        code, *figures = launched.stdout.split() or ["not started"]
        if code != "0":
            lines = (launched.stderr + Path(errors.name).read_text(errors="replace")).strip().splitlines()
            raise CommandError(f"{' '.join(command[:6])}: exit status {code}: {' / '.join(lines[-2:])}")
    return Cost(*map(float, figures))


def output(process: Process) -> str:
    """What one run of it writes to standard output."""
    with tempfile.NamedTemporaryFile(suffix=".out") as file:
        run(process, target=Path(file.name))
        return Path(file.name).read_text()


def in_turns(jobs: Mapping[str, Callable[[], T]], *, rounds: int) -> dict[str, list[T]]:
    """Each job once a round, so that noise hits all alike, after a round that does not count.

    A job that raises CommandError in the first round is reported and left out.
    """
    results: dict[str, list[T]] = {}
    for name, job in jobs.items():
        try:
            job()
            results[name] = []
        except CommandError as failure:
            say(f"left out: {name}: {failure}")
    for _ in range(rounds):
        for name, taken in results.items():
            taken.append(jobs[name]())
    return results


def cpu_seconds(job: Callable[[], object]) -> float:
    """What a call costs in this process."""
    began = time.process_time()
    job()
    return time.process_time() - began


def summary(costs: Sequence[Cost]) -> dict[str, float]:
    """Median and spread of the CPU seconds, the shortest wall time, the largest peak."""
    extremes = {"wall": min(cost.wall for cost in costs), "peak": max(cost.peak for cost in costs)}
    return spread([cost.cpu for cost in costs]) | extremes


def spread(values: Sequence[float]) -> dict[str, float]:
    """Median, smallest and largest."""
    return {"median": statistics.median(values), "low": min(values), "high": max(values)}


def machine(packages: Iterable[str]) -> dict[str, Any]:
    """The day, the processor, the system, and the versions of Python and of those packages that are installed."""
    cpus = Path("/proc/cpuinfo")
    lines = cpus.read_text().splitlines() if cpus.exists() else []
    about = {name.strip(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    flags = about.get("flags", "").split()
    versions = {"python": platform.python_version()}
    for name in packages:
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            continue
    return {
        "date": time.strftime("%Y-%m-%d"),
        "cores": os.cpu_count(),
        "processor": about.get("model name") or platform.processor() or platform.machine(),
        "vectors": "AVX-512" if "avx512f" in flags else "AVX2" if "avx2" in flags else platform.machine(),
        "system": f"{platform.system()} {platform.machine()}",
        "versions": versions,
    }


def described(here: Mapping[str, Any]) -> str:
    """A machine in one line."""
    versions = ", ".join(f"{name} {number}" for name, number in here["versions"].items())
    return "{date}: {cores} cores of {processor} ({vectors}), {system}. ".format(**here) + versions


def say(text: str) -> None:
    """Progress, on standard error: results go to standard output."""
    print(text, file=sys.stderr, flush=True)
