"""The LSTM's time steps in numpy (equations: slotfill/cells/lstm.py)."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from slotfill.batching import Packing

Array = NDArray[np.float32]


class LstmRuntime:
    """One direction of one layer.

    The rows of W, U and b are reordered to i, f, o, g and scaled once, by -1 for the gates and by -2
    for the candidate, so that a single `exp` serves all four: s(x) = 1 / (1 + exp(-x)) and
    tanh(x) = 2 s(2x) - 1.
    """

    def __init__(self, weights: Mapping[str, Array]) -> None:
        self.hidden = weights["U"].shape[1]
        self.W, self.U, self.b = (self._prepared(weights[name]) for name in "WUb")

    def _prepared(self, rows: Array) -> Array:
        i, f, g, o = np.split(rows, 4)
        # transposed for `x @ W`: (E, 4H), (H, 4H), (4H,)
        return np.ascontiguousarray(np.concatenate([-i, -f, -o, -2 * g]).T, dtype=np.float32)

    def project(self, x_NE: Array) -> Array:
        """The input's share of the gates, (N, 4H)."""
        return x_NE @ self.W + self.b

    def run(self, z_NG: Array, packing: Packing, *, backward: bool) -> Array:
        """Projected inputs in packed order -> h, (N, H); `z_NG` is used up."""
        H = self.hidden
        h_NH = np.empty((len(z_NG), H), dtype=np.float32)
        sentences = packing.steps[0][1]
        h = np.zeros((sentences, H), dtype=np.float32)
        c = np.zeros((sentences, H), dtype=np.float32)
        # Rows of sentences that have ended (forward) or not yet begun (backward) are never touched, so
        # that in both directions a sentence starts from zeros and sees nothing but itself.
        with np.errstate(over="ignore"):  # exp may reach infinity: the gate is then exactly 0
            for start, end in reversed(packing.steps) if backward else packing.steps:
                live = end - start
                z = z_NG[start:end]
                z += h[:live] @ self.U
                np.exp(z, out=z)
                z += 1
                np.reciprocal(z, out=z)
                candidate = z[:, 3 * H :]
                candidate *= 2
                candidate -= 1
                memory = c[:live]
                memory *= z[:, H : 2 * H]
                candidate *= z[:, :H]
                memory += candidate
                shown = np.exp(-2 * memory)
                shown += 1
                np.divide(2, shown, out=shown)
                shown -= 1
                shown *= z[:, 2 * H : 3 * H]
                h[:live] = shown
                h_NH[start:end] = shown
        return h_NH
