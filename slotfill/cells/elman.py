"""The Elman net: memory of the hidden layer (Elman 1990, "Finding structure in time")."""

from collections.abc import Mapping
from typing import cast

import torch
from torch import Tensor, nn

from slotfill.cells import Cell, zeros


class Elman(Cell):
    """The hidden layer sees what it was one token ago; fused by torch for speed.

    With W (H, E), U (H, H), b (H,):

        h_t = tanh(W x_t + U h_{t-1} + b)

    d h_t / d h_{t-1} = diag(1 - h_t^2) U: a product of these over k tokens is what back-propagation
    through time sends back, and it fades or explodes with k.
    """

    def __init__(self, inputs: int, hidden: int) -> None:
        super().__init__(inputs, hidden)
        self.fused = nn.RNN(inputs, hidden, batch_first=True)
        with torch.no_grad():
            self.b.zero_()
            # torch has a second bias, which only ever acts by its sum with the first
            second = cast(nn.Parameter, self.fused.bias_hh_l0)
            second.zero_()
            second.requires_grad_(False)

    @property
    def W(self) -> Tensor:
        """Input weights, (H, E)."""
        return cast(Tensor, self.fused.weight_ih_l0)

    @property
    def U(self) -> Tensor:
        """Recurrent weights, (H, H)."""
        return cast(Tensor, self.fused.weight_hh_l0)

    @property
    def b(self) -> Tensor:
        """Biases, (H,)."""
        return cast(Tensor, self.fused.bias_ih_l0)

    def project(self, x_BTE: Tensor) -> Tensor:
        """W x + b, (B, T, H)."""
        return nn.functional.linear(x_BTE, self.W, self.b)

    def initial(self, z_BTG: Tensor) -> Tensor:
        """h_0 = 0."""
        return zeros(z_BTG, self.hidden)

    def step(self, z_BG: Tensor, state: Tensor) -> tuple[Tensor, Tensor]:
        """The equation above; the state is h."""
        h_BH = torch.tanh(z_BG + state @ self.U.T)
        return h_BH, h_BH

    def forward(self, x_BTE: Tensor) -> Tensor:
        """The fused form, equal to `unroll`."""
        h_BTH: Tensor = self.fused(x_BTE)[0]
        return h_BTH

    def weights(self) -> Mapping[str, Tensor]:
        """W, U and b."""
        return {"W": self.W, "U": self.U, "b": self.b}
