"""Arrays -> matplotlib figures (extra `plots`)."""

import logging
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from slotfill.errors import InputError, MissingExtraError
from slotfill.files import writing
from slotfill.fonts import fonts_for

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.image import AxesImage

Array = NDArray[np.float32]

_TALLEST = 2000  # rows of all maps together: about 50,000 pixels; older matplotlib stops at 65,536
_TITLES = {
    "i": "input gate",
    "f": "forget gate",
    "o": "output gate",
    "c": "cell state",
    "r": "reset gate",
    "z": "update gate",
    "n": "candidate",
}


def gate_maps(gates: Mapping[str, Mapping[str, Array]], *, tokens: Sequence[str]) -> "Figure":
    """A heat map for each gate of each cell: one row per token, one column per unit.

    Units are sorted by the token at which their state (a GRU's candidate) is largest, which groups what each token
    writes. Gates range from 0 (shut) to 1 (open), states and candidates from -1 to 1. Raises InputError if there are
    no gates or too many tokens, MissingExtraError without matplotlib. Characters that no font here has are boxes:
    slotfill/fonts.py names them.
    """
    new_figure = _figure_class()
    names = [name for name in _TITLES if any(name in cell for cell in gates.values())]
    if not names:
        raise InputError("this network's cell has no gates: nothing to plot")
    if len(tokens) * len(gates) > _TALLEST:
        raise InputError(f"a plot has room for {_TALLEST // len(gates)} tokens of this network, not for {len(tokens)}")
    height = 0.22 * len(tokens) + 0.7
    figure = new_figure(figsize=(3.0 * len(names), height * len(gates) + 0.3), layout="constrained")
    family = list(fonts_for(tokens).families)
    grid = figure.subplots(len(gates), len(names), squeeze=False)
    for row, (cell, arrays) in zip(grid, gates.items(), strict=True):
        order = _by_peak(arrays["c" if "c" in arrays else "n"])
        for axes, name in zip(row, names, strict=True):
            picture = _draw_map(axes, name, arrays[name][:, order])
            axes.set_title(f"{_TITLES[name]}{' (tanh)' if name == 'c' else ''}, {_direction(cell)}", fontsize=8)
            labels = tokens if name == names[0] else [""] * len(tokens)
            axes.set_yticks(range(len(tokens)), labels, fontsize=8, family=family)
            figure.colorbar(picture, ax=axes, fraction=0.05)
    return figure


def _draw_map(axes: "Axes", name: str, values_TH: Array) -> "AxesImage":
    is_state = name in "cn"
    axes.set_xticks([])
    return axes.imshow(
        np.tanh(values_TH) if name == "c" else values_TH,
        aspect="auto",
        interpolation="nearest",
        cmap="RdBu_r" if is_state else "viridis",
        vmin=-1 if is_state else 0,
        vmax=1,
    )


def decay_curves(curves: Mapping[str, Sequence[float]]) -> "Figure":
    """How the gradient of each net decays: values at the distances k = 1, 2, ..., on a logarithmic axis.

    Raises InputError without a net, MissingExtraError without matplotlib.
    """
    if not curves:
        raise InputError("none of these nets remembers anything: nothing to plot")
    figure = _figure_class()(figsize=(6, 3.6), layout="constrained")
    axes = figure.subplots()
    for (name, values), marker in zip(curves.items(), "osD^vPX*" * len(curves), strict=False):
        axes.plot(range(1, len(values) + 1), values, marker=marker, markersize=4, label=name)
    axes.set_yscale("log")
    lowest = min(min(values) for values in curves.values() if len(values))
    axes.set_ylim(bottom=max(lowest / 2, 1e-6))  # below a millionth there is nothing to see
    axes.set_xlabel("distance k in tokens")
    axes.set_ylabel("|| d h_T / d s_{T-k} ||, as a share of k = 1")
    axes.grid(visible=True, alpha=0.3)
    axes.legend(fontsize=8)
    return figure


def check(path: Path) -> None:
    """Raise the InputError or MissingExtraError of `save` before any work is done."""
    if path.suffix not in (".png", ".svg"):
        raise InputError(f"{path}: a plot is a .png or an .svg file")
    _figure_class()


def save(figure: "Figure", path: Path) -> None:
    """Write a figure as .png or .svg, by the suffix of the path. Raises InputError, MissingExtraError."""
    check(path)
    from matplotlib import rc_context

    # without date, version and random names, so that the same figure has the same bytes
    metadata = {"Date": None} if path.suffix == ".svg" else {"Software": None}
    with writing(path) as stream, rc_context({"svg.hashsalt": "slotfill"}), _no_complaints_of_fonts():
        figure.savefig(stream, format=path.suffix[1:], dpi=110, metadata=metadata)


@contextmanager
def _no_complaints_of_fonts() -> Iterator[None]:
    """What no font has is drawn as boxes, of which fonts.py tells; and a font may have no face of the usual weight."""
    log = logging.getLogger("matplotlib.font_manager")
    log.addFilter(_is_error)
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Glyph")
            yield
    finally:
        log.removeFilter(_is_error)


def _is_error(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.ERROR


def _by_peak(state_TH: Array) -> NDArray[np.int64]:
    peak_H = np.abs(state_TH).argmax(0)
    order: NDArray[np.int64] = np.lexsort((np.take_along_axis(state_TH, peak_H[None], axis=0)[0], peak_H))
    return order


def _direction(cell: str) -> str:
    layer, direction = cell.split(".")
    return f"layer {int(layer) + 1} {direction}"


def _figure_class() -> "type[Figure]":
    try:
        from matplotlib.figure import Figure
    except ModuleNotFoundError:
        raise MissingExtraError("plotting", extra="plots") from None
    return Figure
