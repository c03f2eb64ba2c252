"""The gated recurrent unit: the LSTM's idea with two gates and no second state (Cho et al. 2014)."""

from collections.abc import Mapping

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from slotfill.cells import zeros
from slotfill.cells.fused import FusedCell


class Gru(FusedCell):
    """The GRU as torch has it: the reset gate acts after the matrix product; fused for speed.

    With W (3H, E), U (3H, H), b (3H,) in blocks r, z, n, and d (H,), and σ the logistic function:

        r_t = σ(W_r x_t + U_r h_{t-1} + b_r)                   reset gate
        z_t = σ(W_z x_t + U_z h_{t-1} + b_z)                   update gate: how much stays
        n_t = tanh(W_n x_t + b_n + r_t * (U_n h_{t-1} + d))    candidate
        h_t = (1 - z_t) * n_t + z_t * h_{t-1}
    """

    def __init__(self, inputs: int, hidden: int) -> None:
        super().__init__(inputs, hidden)
        self.biases()[1].requires_grad_(True)  # d, which the reset gate multiplies, is part of it

    @staticmethod
    def module(inputs: int, hidden: int) -> nn.RNNBase:
        """Torch's GRU."""
        return nn.GRU(inputs, hidden, batch_first=True)

    def initial(self, z_BTG: Tensor) -> Tensor:
        """h_0 = 0."""
        return zeros(z_BTG, self.hidden)

    def step(self, z_BG: Tensor, state: Tensor) -> tuple[Tensor, Tensor]:
        """The equations above; the state is h."""
        x_r, x_z, x_n = z_BG.chunk(3, dim=1)
        u_r, u_z, u_n = (state @ self.U.T).chunk(3, dim=1)
        r, z = torch.sigmoid(x_r + u_r), torch.sigmoid(x_z + u_z)
        n = torch.tanh(x_n + r * (u_n + self.d))
        h_BH = (1 - z) * n + z * state
        return h_BH, h_BH

    @property
    def b(self) -> Tensor:
        """Biases, (3H,); for r and z, torch adds its two."""
        H = self.hidden
        first, second = self.biases()
        return torch.cat([first[: 2 * H] + second[: 2 * H], first[2 * H :]])

    @property
    def d(self) -> Tensor:
        """The candidate's bias within the reset gate, (H,)."""
        return self.biases()[1][2 * self.hidden :]

    def load(self, arrays: Mapping[str, NDArray[np.float32]]) -> None:
        """Copy in weights that `arrays` returned; `b` is a sum, so it goes to torch's first bias."""
        super().load(arrays)
        first, second = self.biases()
        with torch.no_grad():
            first.copy_(torch.tensor(arrays["b"]))
            second[: 2 * self.hidden] = 0

    def weights(self) -> Mapping[str, Tensor]:
        """W, U, b and d."""
        return {**super().weights(), "d": self.d}
