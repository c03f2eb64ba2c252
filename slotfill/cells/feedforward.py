"""The feed-forward layer: each token by itself, without memory."""

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from slotfill.cells import Cell, fresh


class Feedforward(Cell):
    """A hidden layer that sees one token, or its window (Rumelhart, Hinton & Williams 1986).

    With W (H, E), b (H,):

        h_t = tanh(W x_t + b)

    h_t does not depend on x_{t-1}: `Taipei` is the same after `arrive` as after `leave`.
    """

    def __init__(self, inputs: int, hidden: int) -> None:
        super().__init__(inputs, hidden)
        self.W = fresh(hidden, inputs)
        self.b = nn.Parameter(torch.zeros(hidden))

    def project(self, x_BTE: Tensor) -> Tensor:
        """W x + b, (B, T, H)."""
        return nn.functional.linear(x_BTE, self.W, self.b)

    def initial(self, z_BTG: Tensor) -> None:
        """There is no state."""

    def step(self, z_BG: Tensor, state: None) -> tuple[Tensor, None]:
        """The equation above."""
        return torch.tanh(z_BG), None

    def forward(self, x_BTE: Tensor) -> Tensor:
        """All tokens at once, since none depends on another."""
        return torch.tanh(self.project(x_BTE))

    def weights(self) -> Mapping[str, Tensor]:
        """W and b."""
        return {"W": self.W, "b": self.b}
