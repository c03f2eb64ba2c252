"""The gated recurrent unit: the LSTM's idea with two gates and no second state (Cho et al. 2014)."""

from collections.abc import Mapping
from typing import cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from slotfill.cells import Cell, zeros


class Gru(Cell):
    """The GRU as torch has it: the reset gate acts after the matrix product; fused for speed.

    With W (3H, E), U (3H, H), b (3H,) in blocks r, z, n, and d (H,), and s the logistic function:

        r_t = s(W_r x_t + U_r h_{t-1} + b_r)                   reset gate
        z_t = s(W_z x_t + U_z h_{t-1} + b_z)                   update gate: how much stays
        n_t = tanh(W_n x_t + b_n + r_t * (U_n h_{t-1} + d))    candidate
        h_t = (1 - z_t) * n_t + z_t * h_{t-1}
    """

    def __init__(self, inputs: int, hidden: int) -> None:
        super().__init__(inputs, hidden)
        self.fused = nn.GRU(inputs, hidden, batch_first=True)
        with torch.no_grad():
            cast(Tensor, self.fused.bias_ih_l0).zero_()
            cast(Tensor, self.fused.bias_hh_l0).zero_()

    def project(self, x_BTE: Tensor) -> Tensor:
        """W x + b, (B, T, 3H)."""
        weights = self.weights()
        return nn.functional.linear(x_BTE, weights["W"], weights["b"])

    def initial(self, z_BTG: Tensor) -> Tensor:
        """h_0 = 0."""
        return zeros(z_BTG, self.hidden)

    def step(self, z_BG: Tensor, state: Tensor) -> tuple[Tensor, Tensor]:
        """The equations above; the state is h."""
        weights = self.weights()
        x_r, x_z, x_n = z_BG.chunk(3, dim=1)
        u_r, u_z, u_n = (state @ weights["U"].T).chunk(3, dim=1)
        r, z = torch.sigmoid(x_r + u_r), torch.sigmoid(x_z + u_z)
        n = torch.tanh(x_n + r * (u_n + weights["d"]))
        h_BH = (1 - z) * n + z * state
        return h_BH, h_BH

    def forward(self, x_BTE: Tensor) -> Tensor:
        """The fused form, equal to `unroll`."""
        h_BTH: Tensor = self.fused(x_BTE)[0]
        return h_BTH

    def load(self, arrays: Mapping[str, NDArray[np.float32]]) -> None:
        """As in every cell, except that torch's two biases must add up to b."""
        super().load(arrays)  # W, U and d; b is a sum, and what is copied into a sum is lost
        first, second = cast(Tensor, self.fused.bias_ih_l0), cast(Tensor, self.fused.bias_hh_l0)
        with torch.no_grad():
            first.copy_(torch.from_numpy(arrays["b"]))
            second[: 2 * self.hidden] = 0

    def weights(self) -> Mapping[str, Tensor]:
        """W, U, b and d; torch's second bias acts on r and z by its sum with the first alone."""
        first, second = cast(Tensor, self.fused.bias_ih_l0), cast(Tensor, self.fused.bias_hh_l0)
        H = self.hidden
        return {
            "W": cast(Tensor, self.fused.weight_ih_l0),
            "U": cast(Tensor, self.fused.weight_hh_l0),
            "b": torch.cat([first[: 2 * H] + second[: 2 * H], first[2 * H :]]),
            "d": second[2 * H :],
        }
