"""Recurrent cells: interchangeable equations behind one contract.

Shapes: B sentences, T tokens, E input features, H hidden units, G gate inputs of a cell.
"""

from abc import ABC, abstractmethod
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn


class Cell(nn.Module, ABC):
    """One direction of one recurrent layer.

    A cell is defined by `project` (all that depends on the input alone, for all time steps at once)
    and `step` (one time step). The state is opaque: what it holds is the cell's own affair.
    """

    def __init__(self, inputs: int, hidden: int) -> None:
        super().__init__()
        self.inputs = inputs
        self.hidden = hidden

    @abstractmethod
    def project(self, x_BTE: Tensor) -> Tensor:
        """The input's share of the gates, (B, T, G)."""

    @abstractmethod
    def initial(self, z_BTG: Tensor) -> Any:
        """The state before the first token, for as many sentences as `z_BTG` has."""

    @abstractmethod
    def step(self, z_BG: Tensor, state: Any) -> tuple[Tensor, Any]:
        """One time step: (projected input, state) -> (h of shape (B, H), state)."""

    @abstractmethod
    def arrays(self) -> dict[str, NDArray[np.float32]]:
        """The weights under the names of the equations, as the numpy runtime reads them."""

    def unroll(self, x_BTE: Tensor) -> Tensor:
        """Take the steps one by one from left to right: (B, T, H)."""
        z_BTG = self.project(x_BTE)
        state = self.initial(z_BTG)
        outputs = []
        for z_BG in z_BTG.unbind(1):
            h_BH, state = self.step(z_BG, state)
            outputs.append(h_BH)
        return torch.stack(outputs, 1)

    def forward(self, x_BTE: Tensor) -> Tensor:
        """The same as `unroll`; cells with a fused form override it for speed."""
        return self.unroll(x_BTE)
