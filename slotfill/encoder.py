"""Unroll cells over a sentence: in one direction or both, in one layer or stacked."""

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
        self.layers = nn.ModuleList(
            nn.ModuleList(make_cell(config, inputs=inputs if layer == 0 else self.size) for _ in range(directions))
            for layer in range(config.layers)
        )

    def forward(self, x_BTE: Tensor) -> Tensor:
        """Run all layers."""
        for cells in self.layers:
            outputs = [
                cell(x_BTE) if direction == 0 else cell(x_BTE.flip(1)).flip(1)
                for direction, cell in enumerate(cells)  # type: ignore[arg-type]  # a ModuleList is iterable
            ]
            x_BTE = self.dropout(torch.cat(outputs, dim=2))
        return x_BTE
