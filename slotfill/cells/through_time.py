"""Back-propagation through time for the LSTM with peepholes, which torch has no fused form of (Werbos 1990).

What autograd would do with `Cell.unroll`, without its bookkeeping at every step: the gradient of U is one matrix
product over all tokens instead of one a step, and the slopes of all gates are computed at once.

Shapes: T tokens, B sentences, H hidden units, G = 4H gate inputs in blocks i, f, g, o. Time comes first, so that a step
lies together in memory.
"""

from collections.abc import Callable
from typing import Any, cast

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable


def peephole_lstm(z_TBG: Tensor, U: Tensor, p: Tensor) -> Tensor:
    """The outputs h (T, B, H) of the equations in slotfill/cells/lstm.py, from z = W x + b, U (4H, H) and p (3, H)."""
    apply = cast(Callable[..., Tensor], _PeepholeLstm.apply)
    return apply(z_TBG, U, p)


class _PeepholeLstm(torch.autograd.Function):
    """The deltas, going back in time.

    With e_t = dL/dh_t as the layers above see it, and * element by element:

        dh_t = e_t + U^T δ_{t+1}                                            what all later steps add
        δo_t = dh_t * tanh(c_t) * o_t (1 - o_t)
        dc_t = dh_t * o_t (1 - tanh(c_t)^2) + p_o * δo_t
               + f_{t+1} * dc_{t+1} + p_i * δi_{t+1} + p_f * δf_{t+1}       along the memory, and through the peepholes
        δi_t = dc_t * g_t * i_t (1 - i_t)
        δf_t = dc_t * c_{t-1} * f_t (1 - f_t)
        δg_t = dc_t * i_t (1 - g_t^2)

    δ_t, the four of them side by side, is dL/dz_t, and the weights' gradients are sums over all tokens:

        dL/dU   = sum_t δ_t h_{t-1}^T
        dL/dp_i = sum_t δi_t * c_{t-1}     dL/dp_f = sum_t δf_t * c_{t-1}     dL/dp_o = sum_t δo_t * c_t
    """

    @staticmethod
    def forward(ctx: Any, z_TBG: Tensor, U: Tensor, p: Tensor) -> Tensor:
        T, B, G = z_TBG.shape
        gates = z_TBG.clone(memory_format=torch.contiguous_format)
        memory, squashed, output = (z_TBG.new_empty(T, B, G // 4) for _ in range(3))
        z, into_memory = gates.unbind(0), gates.view(T, B, 4, -1)[:, :, :2].unbind(0)  # the latter: i and f
        i, f, g, o = (block.unbind(0) for block in gates.chunk(4, dim=2))
        c, tanh_c, h = memory.unbind(0), squashed.unbind(0), output.unbind(0)
        for t in range(T):
            if t:
                z[t].addmm_(h[t - 1], U.T)
                into_memory[t].addcmul_(p[:2], c[t - 1].unsqueeze(1))
            into_memory[t].sigmoid_()
            g[t].tanh_()
            torch.mul(i[t], g[t], out=c[t])
            if t:
                c[t].addcmul_(f[t], c[t - 1])
            o[t].addcmul_(p[2], c[t]).sigmoid_()
            torch.tanh(c[t], out=tanh_c[t])
            torch.mul(o[t], tanh_c[t], out=h[t])
        ctx.save_for_backward(U, p, gates, memory, squashed, output)
        return output

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, errors: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        U, p, gates, c, tanh_c, h = ctx.saved_tensors
        T, B, H = h.shape
        slopes, slope_c = _slopes(gates, c, tanh_c)
        deltas = torch.empty_like(gates)
        blocks = deltas.view(T, B, 4, H)
        # step by step
        e, f, delta = errors.unbind(0), gates.chunk(4, 2)[1].unbind(0), deltas.unbind(0)
        slopes_ifg, slopes_o, slopes_c = (part.unbind(0) for part in (slopes[:, :, :3], slopes[:, :, 3], slope_c))
        delta_ifg, (delta_i, delta_f, _, delta_o) = blocks[:, :, :3].unbind(0), (b.unbind(0) for b in blocks.unbind(2))
        p_i, p_f, p_o = p.unbind(0)
        dc = torch.zeros_like(h[0])
        for t in reversed(range(T)):
            dh = e[t] if t == T - 1 else torch.addmm(e[t], delta[t + 1], U)
            torch.mul(dh, slopes_o[t], out=delta_o[t])
            dc.addcmul_(dh, slopes_c[t]).addcmul_(p_o, delta_o[t])
            torch.mul(dc.unsqueeze(1), slopes_ifg[t], out=delta_ifg[t])
            dc.mul_(f[t]).addcmul_(p_i, delta_i[t]).addcmul_(p_f, delta_f[t])  # what step t - 1 begins with
        dU = deltas[1:].flatten(0, 1).T @ h[:-1].flatten(0, 1)
        dp_if = (blocks[1:, :, :2] * c[:-1].unsqueeze(2)).sum((0, 1))
        dp_o = (blocks[:, :, 3:] * c.unsqueeze(2)).sum((0, 1))
        return deltas, dU, torch.cat([dp_if, dp_o])


def _slopes(gates_TBG: Tensor, c_TBH: Tensor, tanh_c_TBH: Tensor) -> tuple[Tensor, Tensor]:
    """The factors of δ, (T, B, 4, H): of dc_t for i, f and g, of dh_t for o; and that of dh_t in dc_t, (T, B, H)."""
    slopes_TBG = torch.empty_like(gates_TBG)
    i, f, g, o = gates_TBG.chunk(4, 2)
    of_i, of_f, of_g, of_o = slopes_TBG.chunk(4, 2)
    torch.addcmul(i, i, i, value=-1, out=of_i).mul_(g)
    of_f[0].zero_()  # the memory before the first token is 0
    torch.addcmul(f[1:], f[1:], f[1:], value=-1, out=of_f[1:]).mul_(c_TBH[:-1])
    torch.mul(g, g, out=of_g).neg_().add_(1).mul_(i)
    torch.addcmul(o, o, o, value=-1, out=of_o).mul_(tanh_c_TBH)
    return slopes_TBG.view(*i.shape[:2], 4, -1), (tanh_c_TBH * tanh_c_TBH).neg_().add_(1).mul_(o)
