"""What holds a network near to the model that it goes on from: old weights take small steps, new ones large steps.

The rows of new words and labels have everything to learn, and all other weights next to nothing. (Rates of their own
for what was learnt before: Howard & Ruder 2018.)
"""

from collections.abc import Mapping
from copy import deepcopy

import numpy as np
import torch
from numpy.typing import NDArray

from slotfill.network import SlotTagger


class Anchor:
    """The old weights of a network, which take only a part of each step."""

    def __init__(self, network: SlotTagger, is_old: Mapping[str, NDArray[np.float32]], *, share: float) -> None:
        """`is_old` has 1 for each old weight, under the names of `SlotTagger.arrays`, and 0 for the others.

        `share` is the part of a step that an old weight takes.
        """
        marks = deepcopy(network)
        marks.load(is_old)
        self._held = [
            (parameter, mark.detach() * (1 - share))
            for parameter, mark in zip(network.parameters(), marks.parameters(), strict=True)
            if parameter.requires_grad
        ]

    @torch.no_grad()
    def step(self, optimizer: torch.optim.Optimizer) -> None:
        """Take a step of the optimizer, the old weights a part of it."""
        before = [parameter.clone() for parameter, _ in self._held]
        optimizer.step()
        for (parameter, held), was in zip(self._held, before, strict=True):
            parameter.lerp_(was, held.to(parameter.device))
