"""The long short-term memory cell: gates that keep a memory which time does not wash out.

Hochreiter & Schmidhuber 1997; the forget gate is of Gers, Schmidhuber & Cummins 2000.
"""

from typing import cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from slotfill.cells import Cell

LstmState = tuple[Tensor, Tensor]  # h (B, H) and c (B, H)


class Lstm(Cell):
    """The LSTM, fused by torch for speed and written out for the eye.

    With W (4H, E), U (4H, H), b (4H,) in blocks i, f, g, o, and s the logistic function:

        i_t = s(W_i x_t + U_i h_{t-1} + b_i)        input gate: how much of the candidate comes in
        f_t = s(W_f x_t + U_f h_{t-1} + b_f)        forget gate: how much of the memory stays
        g_t = tanh(W_g x_t + U_g h_{t-1} + b_g)     candidate
        o_t = s(W_o x_t + U_o h_{t-1} + b_o)        output gate: how much of the memory is shown
        c_t = f_t * c_{t-1} + i_t * g_t
        h_t = o_t * tanh(c_t)

    Since c_t takes c_{t-1} by a factor and not through a squashing function, its gradient lives as
    long as the forget gate stays open; `forget_bias` is where b_f starts (above 0: open).
    """

    def __init__(self, inputs: int, hidden: int, *, forget_bias: float = 1.0) -> None:
        super().__init__(inputs, hidden)
        self.fused = nn.LSTM(inputs, hidden, batch_first=True)
        with torch.no_grad():
            self.b.zero_()
            self.b[hidden : 2 * hidden] = forget_bias
            # torch has a second bias, which only ever acts by its sum with the first
            second = cast(nn.Parameter, self.fused.bias_hh_l0)
            second.zero_()
            second.requires_grad_(False)

    @property
    def W(self) -> Tensor:
        """Input weights, (4H, E)."""
        return cast(Tensor, self.fused.weight_ih_l0)

    @property
    def U(self) -> Tensor:
        """Recurrent weights, (4H, H)."""
        return cast(Tensor, self.fused.weight_hh_l0)

    @property
    def b(self) -> Tensor:
        """Biases, (4H,)."""
        return cast(Tensor, self.fused.bias_ih_l0)

    def project(self, x_BTE: Tensor) -> Tensor:
        """W x + b, (B, T, 4H)."""
        return nn.functional.linear(x_BTE, self.W, self.b)

    def initial(self, z_BTG: Tensor) -> LstmState:
        """No memory yet."""
        zeros = z_BTG.new_zeros(z_BTG.shape[0], self.hidden)
        return zeros, zeros

    def step(self, z_BG: Tensor, state: LstmState) -> tuple[Tensor, LstmState]:
        """The equations above."""
        h_BH, c_BH = state
        i, f, g, o = (z_BG + h_BH @ self.U.T).chunk(4, dim=1)
        c_BH = torch.sigmoid(f) * c_BH + torch.sigmoid(i) * torch.tanh(g)
        h_BH = torch.sigmoid(o) * torch.tanh(c_BH)
        return h_BH, (h_BH, c_BH)

    def forward(self, x_BTE: Tensor) -> Tensor:
        """The fused form, equal to `unroll`."""
        h_BTH: Tensor = self.fused(x_BTE)[0]
        return h_BTH

    def arrays(self) -> dict[str, NDArray[np.float32]]:
        """W (4H, E), U (4H, H) and b (4H,)."""
        return {name: tensor.detach().cpu().numpy() for name, tensor in (("W", self.W), ("U", self.U), ("b", self.b))}
