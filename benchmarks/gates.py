"""How far the twins `arrive Taipei ...` and `leave Taipei ...` lie apart in each gate, token by token.

    python -m benchmarks.gates

Counts, for the model that ships, the units whose value differs by more than one half: docs/how-it-works.md.
"""

import numpy as np

import slotfill
from slotfill.explaining import explain

REST = "Taipei on November 2nd"

if __name__ == "__main__":
    tagger = slotfill.load()
    arrive, leave = (explain(tagger, f"{verb} {REST}").gates for verb in ("arrive", "leave"))
    print(f"{'':>14}  {'  '.join(f'{token:>8}' for token in f'verb {REST}'.split())}")
    for cell, gates in arrive.items():
        for name, values in gates.items():
            apart = (np.abs(values - leave[cell][name]) > 0.5).sum(1)
            print(f"{cell} {name:>3}  {'  '.join(f'{count:>8}' for count in apart)}")
