"""What looking up a place costs, in CPU time: `python -m benchmarks.places`. Remakes a table of docs/values.md.

Importing and the first look-up are taken in fresh processes, the rest in this one.
"""

import random
import statistics
from pathlib import Path
from subprocess import check_output
from sys import executable

from benchmarks.measuring import cpu_seconds
from slotfill.resolvers import places

FIRST = """
import time, pathlib, typing, slotfill.tokenizer
start = time.process_time()
from slotfill.resolvers.places import resolve
resolve([("city_name", "Taipei")])
print(1e3 * (time.process_time() - start))
"""


def cost(names: list[str]) -> float:
    """Milliseconds a name."""
    return 1e3 * cpu_seconds(lambda: [places.resolve([("city_name", name)]) for name in names]) / len(names)


if __name__ == "__main__":
    first = statistics.median(float(check_output([executable, "-c", FIRST])) for _ in range(15))
    lines = Path(places.__file__).with_name("places.txt").read_text(encoding="utf-8").split("\n")
    names = [line.split("\t")[0] for line in lines if line.count("\t") == 1 and line[0] != "="]
    known = [name for line in lines if line and "\t" not in line and line.islower() for name in line.split()]
    rng = random.Random(1)
    print(f"import and first look-up   {first:8.3f} ms")
    print(f"another name               {cost(rng.sample(names, 1500)):8.3f} ms")
    print(f"a slip                     {cost([n[:4] + 'x' + n[4:] for n in rng.sample(known, 500)]):8.3f} ms")
