"""The Elman net: memory of the hidden layer (Elman 1990, "Finding structure in time")."""

import torch
from torch import Tensor, nn

from slotfill.cells import zeros
from slotfill.cells.fused import FusedCell


class Elman(FusedCell):
    """The hidden layer sees itself one token ago; fused by torch for speed.

    With W (H, E), U (H, H), b (H,):

        h_t = tanh(W x_t + U h_{t-1} + b)

    d h_t / d h_{t-1} = diag(1 - h_t^2) U. Back-propagation through time multiplies k of these to reach
    k tokens back, so the gradient fades or explodes with k.
    """

    @staticmethod
    def module(inputs: int, hidden: int) -> nn.RNNBase:
        """Torch's Elman net."""
        return nn.RNN(inputs, hidden, batch_first=True)

    def initial(self, z_BTG: Tensor) -> Tensor:
        """h_0 = 0."""
        return zeros(z_BTG, self.hidden)

    def step(self, z_BG: Tensor, state: Tensor) -> tuple[Tensor, Tensor]:
        """The equation above; the state is h."""
        h_BH = torch.tanh(z_BG + state @ self.U.T)
        return h_BH, h_BH
