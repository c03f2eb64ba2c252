"""What a sentence costs in a small batch, read one by one by the compiled core or all together by numpy's products.

    python -m benchmarks.few [--rounds 5]

CPU microseconds of `Tagger.annotate` (labels and confidence, no values) with the model that ships, for sentences of the
dev split of data/travel. Both ways take turns; medians, with the lowest and the highest.
"""

import argparse
import os
import time
from collections.abc import Sequence
from itertools import islice
from statistics import median

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from benchmarks.documents import table
from slotfill import load
from slotfill import tagger as whole
from slotfill.readers import load as read
from slotfill.runtime import forward
from slotfill.runtime.one import FEW
from slotfill.tagger import Tagger

SENTENCES = 192
SIZES = (2, 4, 8, 16, 32, 64)


def cost(tagger: Tagger, texts: Sequence[str], size: int, *, together: bool) -> float:
    """CPU microseconds a sentence in batches of `size`."""
    whole.FEW = forward.FEW = 0 if together else size  # type: ignore[attr-defined]
    try:
        began = time.process_time()
        for start in range(0, len(texts), size):
            tagger.annotate(texts[start : start + size])
        return 1e6 * (time.process_time() - began) / len(texts)
    finally:
        whole.FEW = forward.FEW = FEW  # type: ignore[attr-defined]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    tagger = load()
    texts = list(islice(dict.fromkeys(example.text for example in read("travel").splits["dev"]), SENTENCES))
    tagger.annotate(texts)
    rows = []
    for size in SIZES:
        found: dict[bool, list[float]] = {True: [], False: []}
        for _ in range(rounds):
            for together, costs in found.items():
                costs.append(cost(tagger, texts, size, together=together))
        cells = [
            cell
            for costs in found.values()
            for cell in (f"{median(costs):.0f}", f"{min(costs):.0f} to {max(costs):.0f}")
        ]
        rows.append([str(size), *cells, f"{median(found[True]) / median(found[False]):.1f}"])
    headings = ("sentences a batch", "together", "lowest to highest", "one by one", "lowest to highest", "ratio")
    print(table(headings, rows, words=()))


if __name__ == "__main__":
    main()
