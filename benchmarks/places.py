"""What looking up a place costs, in CPU time: `python benchmarks/places.py`.

Importing and the first look-up are taken in fresh processes, the rest in this one.
"""

import random
import statistics
import subprocess
import sys
import time
from pathlib import Path

from slotfill.resolvers import places

FRESH = 15  # processes
FIRST = """
import time, pathlib, typing, slotfill.tokenizer
start = time.process_time()
from slotfill.resolvers.places import resolve
resolve([("city_name", "Taipei")])
print(1e3 * (time.process_time() - start))
"""


def main() -> None:
    runs = [subprocess.run([sys.executable, "-c", FIRST], capture_output=True, check=True) for _ in range(FRESH)]
    print(f"import and first look-up   {statistics.median(float(run.stdout) for run in runs):8.3f} ms")
    lines = Path(places.__file__).with_name("places.txt").read_text(encoding="utf-8").split("\n")
    names = [line.split("\t")[0] for line in lines if line.count("\t") == 1 and line[0] != "="]
    known = [name for line in lines if line and "\t" not in line and line.islower() for name in line.split()]
    rng = random.Random(1)
    print(f"another name               {1e3 * cost(rng.sample(names, 1500)):8.3f} ms")
    slips = [name[:4] + "x" + name[4:] for name in rng.sample(known, 500)]
    print(f"a slip                     {1e3 * cost(slips):8.3f} ms")


def cost(names: list[str]) -> float:
    """Seconds a name, on average."""
    start = time.process_time()
    for name in names:
        places.resolve([("city_name", name)])
    return (time.process_time() - start) / len(names)


if __name__ == "__main__":
    main()
