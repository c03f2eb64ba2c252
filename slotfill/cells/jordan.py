"""The Jordan net: memory of the output layer (Jordan 1986; for slots: Mesnil et al. 2013)."""

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from slotfill.cells import Cell, fresh, zeros


class Jordan(Cell):
    """The hidden layer sees the output of one token ago.

    With W (H, E), U (H, Y), b (H,) and the output's own V (Y, H), b_y (Y,):

        h_t = tanh(W x_t + U y_{t-1} + b)
        y_t = softmax(V h_t + b_y)

    y_0 = 0. In the top layer, V h + b_y are the emissions of the network over the Y = K tags (with two
    directions, their sum), so y is its belief about the tags. In lower layers, V learns only from the
    steps that follow.
    """

    def __init__(self, inputs: int, hidden: int, *, outputs: int) -> None:
        super().__init__(inputs, hidden)
        self.W = fresh(hidden, inputs)
        self.U = fresh(hidden, outputs)
        self.b = nn.Parameter(torch.zeros(hidden))
        self.output = nn.Linear(hidden, outputs)  # V and b_y

    def project(self, x_BTE: Tensor) -> Tensor:
        """W x + b, (B, T, H)."""
        return nn.functional.linear(x_BTE, self.W, self.b)

    def initial(self, z_BTG: Tensor) -> Tensor:
        """y_0 = 0."""
        return zeros(z_BTG, self.U.shape[1])

    def step(self, z_BG: Tensor, state: Tensor) -> tuple[Tensor, Tensor]:
        """The equations above; the state is y."""
        h_BH = torch.tanh(z_BG + state @ self.U.T)
        return h_BH, torch.softmax(self.output(h_BH), dim=1)

    def weights(self) -> Mapping[str, Tensor]:
        """W, U, b, V, and b_y under the name `c`."""
        return {"W": self.W, "U": self.U, "b": self.b, "V": self.output.weight, "c": self.output.bias}
