"""The linear-chain conditional random field, which scores whole tag sequences instead of single tags.

Lafferty, McCallum & Pereira 2001; on a BiLSTM: Huang, Xu & Yu 2015. slotfill/decoding/ finds the best path.

Shapes: B sentences, T tokens, K tags.
"""

from collections.abc import Sequence
from typing import cast

import torch
from torch import Tensor, nn

from slotfill.decoding.transitions import allowed_transitions

_LEAST = 1e-30  # of a sum of exponentials, so that its logarithm stays finite


class Crf(nn.Module):
    """Scores A (K + 1, K): A[k, l] is for tag l after tag k, the last row for tag l at the start.

    With y_0 the start, the score of a sequence is the sum over t of emission(t, y_t) + A[y_{t-1}, y_t]. Its
    probability is exp(score), divided by the sum of exp(score) over all sequences that IOB2 allows.
    """

    def __init__(self, tags: Sequence[str]) -> None:
        super().__init__()
        self.A = nn.Parameter(torch.zeros(len(tags) + 1, len(tags)))
        self.register_buffer("allowed", torch.from_numpy(allowed_transitions(tags)), persistent=False)

    def score(self, emissions_BTK: Tensor, tags_BT: Tensor) -> Tensor:
        """The score of one valid sequence for each sentence, (B,)."""
        before_BT = torch.cat([torch.full_like(tags_BT[:, :1], len(self.A) - 1), tags_BT[:, :-1]], dim=1)
        score_BT = emissions_BTK.gather(2, tags_BT.unsqueeze(2)).squeeze(2) + self.A[before_BT, tags_BT]
        return score_BT.sum(1)

    def partition(self, emissions_BTK: Tensor) -> Tensor:
        """The logarithm of the sum over all valid sequences, (B,), by the forward algorithm.

        A step is one matrix product of exponentials, each row scaled by its largest. That is many times faster than a
        sum over (B, K, K), and exact except for sequences e^69 times less likely than the best.
        """
        allowed = cast(Tensor, self.allowed)
        factors_KK = self.A[:-1].exp() * allowed[:-1]
        forward_BK = emissions_BTK[:, 0] + self.A[-1].masked_fill(~allowed[-1], -1e4)
        for emission_BK in emissions_BTK[:, 1:].unbind(1):
            largest_B1 = forward_BK.detach().amax(1, keepdim=True)
            sums_BK = (forward_BK - largest_B1).exp() @ factors_KK
            forward_BK = sums_BK.clamp_min(_LEAST).log() + largest_B1 + emission_BK
        return forward_BK.logsumexp(1)

    def loss(self, emissions_BTK: Tensor, tags_BT: Tensor) -> Tensor:
        """Mean negative log-likelihood per token."""
        return (self.partition(emissions_BTK) - self.score(emissions_BTK, tags_BT)).mean() / tags_BT.shape[1]
