"""Unroll cells over a sentence: in one direction or both, in one layer or stacked."""

from typing import cast

import torch
from torch import Tensor, nn

from slotfill.cells import Cell
from slotfill.cells.lstm import Lstm
from slotfill.config import ModelConfig


def make_cell(config: ModelConfig, *, inputs: int) -> Cell:
    """The cell that `model.cell` names."""
    return Lstm(inputs, config.hidden, forget_bias=config.forget_bias)


class SharedDropout(nn.Module):
    """Variational dropout (Gal & Ghahramani 2016): what is dropped is dropped for the whole sentence."""

    def __init__(self, rate: float) -> None:
        super().__init__()
        self.rate = rate

    def forward(self, x_BTE: Tensor) -> Tensor:
        """Drop features of (B, T, E) while training."""
        if not self.training or not self.rate:
            return x_BTE
        kept_B1E = torch.empty_like(x_BTE[:, :1]).bernoulli_(1 - self.rate)
        return x_BTE * kept_B1E / (1 - self.rate)


class Encoder(nn.Module):
    """Word features (B, T, E) -> states (B, T, S): S is H, or 2H where both directions look.

    All sentences of a batch have the same length, so that nothing is padded or masked. (Bidirectional:
    Schuster & Paliwal 1997. Stacked: Graves et al. 2013.)
    """

    def __init__(self, inputs: int, config: ModelConfig, *, dropout: float) -> None:
        super().__init__()
        directions = 2 if config.bidirectional else 1
        self.size = directions * config.hidden
        self.dropout = SharedDropout(dropout)
        self.depth, self.directions = config.layers, directions
        self.cells = nn.ModuleList(  # layer by layer: forward, then backward
            make_cell(config, inputs=inputs if layer == 0 else self.size)
            for layer in range(config.layers)
            for _ in range(directions)
        )

    def cell(self, layer: int, direction: int) -> Cell:
        """The cell of a layer (from 0) and direction (0 forward, 1 backward)."""
        return cast(Cell, self.cells[layer * self.directions + direction])

    def forward(self, x_BTE: Tensor) -> Tensor:
        """Run all layers."""
        for layer in range(self.depth):
            outputs = [self.cell(layer, 0)(x_BTE)]
            if self.directions == 2:
                outputs.append(self.cell(layer, 1)(x_BTE.flip(1)).flip(1))
            x_BTE = self.dropout(torch.cat(outputs, dim=2))
        return x_BTE
