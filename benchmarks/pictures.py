"""Figures as pictures: panels with lines over a logarithmic axis."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from matplotlib.figure import Figure

from slotfill.plots import save


class Panel(NamedTuple):
    """One panel: for each label a value at each of `at`, and perhaps its spread to each side."""

    x: str
    y: str
    at: Sequence[int]
    lines: Mapping[str, Sequence[float]]
    spreads: Mapping[str, Sequence[float]] = {}
    logarithmic: bool = False  # the values too


def draw(panels: Sequence[Panel], path: Path) -> None:
    """One panel, or rows of two."""
    rows = (len(panels) + 1) // 2
    figure = Figure(figsize=(9, 3 * rows) if rows > 1 else (6, 3.8), layout="constrained")
    for axes, panel in zip(figure.subplots(rows, min(len(panels), 2), squeeze=False).flat, panels, strict=False):
        for (label, values), marker in zip(panel.lines.items(), "os", strict=False):
            spread = panel.spreads.get(label)
            axes.errorbar(panel.at, values, spread, marker=marker, markersize=4, capsize=3, label=label)
        axes.set(xlabel=panel.x, ylabel=panel.y, xscale="log", yscale="log" if panel.logarithmic else "linear")
        axes.set_xticks(panel.at, [f"{n:,}" for n in panel.at], fontsize=7)
        axes.minorticks_off()
        axes.grid(visible=True, alpha=0.3)
        if not panel.logarithmic and not panel.spreads:
            axes.set_ylim(bottom=0)
        if len(panel.lines) > 1:
            axes.legend(fontsize=8)
    save(figure, path)
