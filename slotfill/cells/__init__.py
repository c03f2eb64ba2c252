"""Recurrent cells: interchangeable equations behind one contract.

    feedforward.py   no memory
    elman.py         memory of the hidden layer
    jordan.py        memory of the output layer
    lstm.py          gated memory, with or without peepholes
    gru.py           gated memory with two gates
    fused.py         the base of the cells that torch can run fused
    through_time.py  back-propagation through time for the LSTM with peepholes

Shapes: B sentences, T tokens, E input features, H hidden units, G gate inputs of a cell, Y outputs.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn


class Cell(nn.Module, ABC):
    """One direction of one recurrent layer.

    A cell is defined by `project` (everything that depends on the input alone, for all time steps at once)
    and `step` (one time step). Only the cell itself knows what its state holds.
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
    def weights(self) -> Mapping[str, Tensor]:
        """The weights by their names in the equations, under which the numpy runtime reads them."""

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
        """The same as `unroll`, (B, T, H); cells with a fused form override it for speed."""
        return self.unroll(x_BTE)

    def load(self, arrays: Mapping[str, NDArray[np.float32]]) -> None:
        """Copy in weights that `arrays` returned."""
        with torch.no_grad():
            for name, tensor in self.weights().items():
                tensor.copy_(torch.tensor(arrays[name]))

    def arrays(self) -> dict[str, NDArray[np.float32]]:
        """`weights` as numpy arrays."""
        return {name: tensor.detach().cpu().numpy() for name, tensor in self.weights().items()}


def zeros(z_BTG: Tensor, size: int) -> Tensor:
    """The zero state, (B, size)."""
    return z_BTG.new_zeros(z_BTG.shape[0], size)


def fresh(rows: int, columns: int) -> nn.Parameter:
    """A random weight matrix (rows, columns) with the variance of Glorot & Bengio 2010."""
    return nn.Parameter(nn.init.xavier_uniform_(torch.empty(rows, columns)))
