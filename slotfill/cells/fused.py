"""The base of the cells that torch can run fused: its module holds their weights and runs them fast."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import cast

import torch
from torch import Tensor, nn

from slotfill.cells import Cell


class FusedCell(Cell):
    """A cell with W (G, E), U (G, H) and b (G,) over one of torch's recurrent modules."""

    def __init__(self, inputs: int, hidden: int) -> None:
        super().__init__(inputs, hidden)
        self.fused = self.module(inputs, hidden)
        first, second = self.biases()
        with torch.no_grad():
            first.zero_()
            second.zero_()
        second.requires_grad_(False)

    def biases(self) -> tuple[nn.Parameter, nn.Parameter]:
        """Torch has two biases and adds them; here the second is 0 and stays 0."""
        return cast(nn.Parameter, self.fused.bias_ih_l0), cast(nn.Parameter, self.fused.bias_hh_l0)

    @staticmethod
    @abstractmethod
    def module(inputs: int, hidden: int) -> nn.RNNBase:
        """Torch's module of one layer and one direction, batch first."""

    @property
    def W(self) -> Tensor:
        """Input weights, (G, E)."""
        return cast(Tensor, self.fused.weight_ih_l0)

    @property
    def U(self) -> Tensor:
        """Recurrent weights, (G, H)."""
        return cast(Tensor, self.fused.weight_hh_l0)

    @property
    def b(self) -> Tensor:
        """Biases, (G,)."""
        return self.biases()[0]

    def project(self, x_BTE: Tensor) -> Tensor:
        """W x + b, (B, T, G)."""
        return nn.functional.linear(x_BTE, self.W, self.b)

    def forward(self, x_BTE: Tensor) -> Tensor:
        """The fused form, equal to `unroll`."""
        h_BTH: Tensor = self.fused(x_BTE)[0]
        return h_BTH

    def weights(self) -> Mapping[str, Tensor]:
        """W, U and b."""
        return {"W": self.W, "U": self.U, "b": self.b}
