"""The long short-term memory cell: gates protect a memory, which lasts while the forget gate is open.

Hochreiter & Schmidhuber 1997; the forget gate: Gers, Schmidhuber & Cummins 2000; the peepholes:
Gers & Schmidhuber 2000.
"""

from collections.abc import Callable, Mapping

import torch
from torch import Tensor, nn

from slotfill.cells import zeros
from slotfill.cells.fused import FusedCell
from slotfill.cells.through_time import peephole_lstm

LstmState = tuple[Tensor, Tensor]  # h (B, H) and c (B, H)


class Lstm(FusedCell):
    """The LSTM, fused by torch for speed and written out to read.

    With W (4H, E), U (4H, H), b (4H,) in blocks i, f, g, o, and σ the logistic function:

        i_t = σ(W_i x_t + U_i h_{t-1} + b_i)        input gate: how much of the candidate comes in
        f_t = σ(W_f x_t + U_f h_{t-1} + b_f)        forget gate: how much of the memory stays
        g_t = tanh(W_g x_t + U_g h_{t-1} + b_g)     candidate
        o_t = σ(W_o x_t + U_o h_{t-1} + b_o)        output gate: how much of the memory is shown
        c_t = f_t * c_{t-1} + i_t * g_t
        h_t = o_t * tanh(c_t)

    With peepholes p (3, H), the gates see the memory as well: p_i * c_{t-1} and p_f * c_{t-1} are added inside
    i_t and f_t, and p_o * c_t inside o_t. Torch has no fused form of that; through_time.py has one.

    c_{t-1} reaches c_t through the factor f_t and not through a squashing function: along the memory, the product of
    the k forget gates is left of a gradient after k tokens. `forget_bias` is the initial b_f; σ(1) = 0.73.
    """

    squash: Callable[[Tensor], Tensor] = staticmethod(torch.tanh)  # of candidate and memory, in the written-out form

    def __init__(self, inputs: int, hidden: int, *, forget_bias: float = 1.0, peepholes: bool = False) -> None:
        super().__init__(inputs, hidden)
        with torch.no_grad():
            self.b[hidden : 2 * hidden] = forget_bias
        self.p = nn.Parameter(torch.zeros(3, hidden)) if peepholes else None

    @staticmethod
    def module(inputs: int, hidden: int) -> nn.RNNBase:
        """Torch's LSTM, which has no peepholes."""
        return nn.LSTM(inputs, hidden, batch_first=True)

    def initial(self, z_BTG: Tensor) -> LstmState:
        """h_0 = c_0 = 0."""
        return zeros(z_BTG, self.hidden), zeros(z_BTG, self.hidden)

    def step(self, z_BG: Tensor, state: LstmState) -> tuple[Tensor, LstmState]:
        """The equations above; the state is h and c."""
        h_BH, c_BH = state
        i, f, g, o = (z_BG + h_BH @ self.U.T).chunk(4, dim=1)
        if self.p is not None:
            i, f = i + self.p[0] * c_BH, f + self.p[1] * c_BH
        c_BH = torch.sigmoid(f) * c_BH + torch.sigmoid(i) * self.squash(g)
        if self.p is not None:
            o = o + self.p[2] * c_BH
        h_BH = torch.sigmoid(o) * self.squash(c_BH)
        return h_BH, (h_BH, c_BH)

    def forward(self, x_BTE: Tensor) -> Tensor:
        """Torch's fused form, or with peepholes our own (slotfill/cells/through_time.py); both equal `unroll`."""
        if self.p is None:
            return super().forward(x_BTE)
        return peephole_lstm(self.project(x_BTE.transpose(0, 1)), self.U, self.p).transpose(0, 1)

    def weights(self) -> Mapping[str, Tensor]:
        """W, U and b, and p if there are peepholes."""
        return super().weights() if self.p is None else {**super().weights(), "p": self.p}
