"""How far the twins `arrive Taipei ...` and `leave Taipei ...` lie apart inside the net, token by token.

    python -m benchmarks.gates [MODEL]

Counts the units whose value, as `slotfill explain --against` shows it (c as tanh(c)), differs by more than one half.
Below, the mean of |c| itself in the first sentence: docs/how-it-works.md.
"""

import sys

import numpy as np

import slotfill
from slotfill.contrast import Contrast
from slotfill.explaining import explain

REST = "Taipei on November 2nd"

if __name__ == "__main__":
    tagger = slotfill.load(*sys.argv[1:])
    texts = (f"arrive {REST}", f"leave {REST}")
    first, second = (explain(tagger, text) for text in texts)
    print(f"{'':>14}  {'  '.join(f'{token:>8}' for token in f'verb {REST}'.split())}")
    for cell, parts in Contrast(first, second, texts).differences.items():
        for part, values in parts.items():
            apart = (np.abs(values) > 0.5).sum(1)
            print(f"{cell} {part:>3}  {'  '.join(f'{count:>8}' for count in apart)}   of {values.shape[1]}")
    for cell, gates in first.gates.items():
        if "c" in gates:
            print(f"{cell} |c|  {'  '.join(f'{mean:>8.1f}' for mean in np.abs(gates['c']).mean(1))}")
