"""Unroll cells over a sentence, in one direction or both, in one layer or several."""

from typing import cast

import torch
from torch import Tensor, nn

from slotfill.cells import Cell
from slotfill.cells.elman import Elman
from slotfill.cells.feedforward import Feedforward
from slotfill.cells.gru import Gru
from slotfill.cells.jordan import Jordan
from slotfill.cells.lstm import Lstm
from slotfill.config import DIRECT_WINDOW, ModelConfig
from slotfill.errors import ConfigError


def make_cell(config: ModelConfig, *, inputs: int, outputs: int) -> Cell:
    """The cell that `model.cell` names; only a Jordan net uses `outputs`, the size of its memory.

    ConfigError for peepholes without an LSTM.
    """
    if config.peepholes and config.cell != "lstm":
        raise ConfigError(f"model.peepholes belongs to the lstm, and model.cell is {config.cell}: leave one out")
    match config.cell:
        case "feedforward":
            return Feedforward(inputs, config.hidden)
        case "elman":
            return Elman(inputs, config.hidden)
        case "jordan":
            return Jordan(inputs, config.hidden, outputs=outputs)
        case "lstm":
            return Lstm(inputs, config.hidden, forget_bias=config.forget_bias, peepholes=config.peepholes)
        case "gru":
            return Gru(inputs, config.hidden)
    raise ValueError(config.cell)  # the configuration has checked the name


def windowed(x_BTE: Tensor, window: int) -> Tensor:
    """Each token's features with those of `window` neighbours on each side, (B, T, (2 window + 1) E).

    Beyond the ends of a sentence there are zeros. (Mesnil et al. 2013.)
    """
    tokens = x_BTE.shape[1]
    padded = nn.functional.pad(x_BTE, (0, 0, window, window))
    return torch.cat([padded[:, place : place + tokens] for place in range(2 * window + 1)], dim=2)


class Direct(nn.Module):
    """Scores of tags (B, T, K) straight from the features (B, T, E) of a token and its neighbours, past the encoder.

    A linear model, as a linear-chain CRF is one: it learns from few sentences what the cells need many for. (Direct
    connections: Bengio et al. 2003. Wide and deep: Cheng et al. 2016.)
    """

    def __init__(self, inputs: int, *, outputs: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(outputs, (2 * DIRECT_WINDOW + 1) * inputs))

    def forward(self, x_BTE: Tensor) -> Tensor:
        """What is added to the emissions."""
        return windowed(x_BTE, DIRECT_WINDOW) @ self.weight.T


class SharedDropout(nn.Module):
    """Variational dropout (Gal & Ghahramani 2016): a feature is dropped for the whole sentence."""

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
    """Word features (B, T, E) -> states (B, T, S): S is H, or 2H with both directions.

    All sentences of a batch have the same length, so nothing is padded or masked. (Bidirectional:
    Schuster & Paliwal 1997. Stacked: Graves et al. 2013.)
    """

    def __init__(self, inputs: int, config: ModelConfig, *, outputs: int, dropout: float) -> None:
        super().__init__()
        self.window = config.window
        inputs *= 2 * config.window + 1
        directions = 2 if config.bidirectional else 1
        self.size = directions * config.hidden
        self.dropout = SharedDropout(dropout)
        self.depth, self.directions = config.layers, directions
        self.cells = nn.ModuleList(  # layer by layer: forward, then backward
            make_cell(config, inputs=inputs if layer == 0 else self.size, outputs=outputs)
            for layer in range(config.layers)
            for _ in range(directions)
        )

    def cell(self, layer: int, direction: int) -> Cell:
        """The cell of a layer (from 0) and direction (0 forward, 1 backward)."""
        return cast(Cell, self.cells[layer * self.directions + direction])

    def forward(self, x_BTE: Tensor) -> Tensor:
        """Run all layers."""
        if self.window:
            x_BTE = windowed(x_BTE, self.window)
        for layer in range(self.depth):
            outputs = [self.cell(layer, 0)(x_BTE)]
            if self.directions == 2:
                outputs.append(self.cell(layer, 1)(x_BTE.flip(1)).flip(1))
            x_BTE = self.dropout(torch.cat(outputs, dim=2))
        return x_BTE
