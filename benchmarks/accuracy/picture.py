"""The learning curve as a picture."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import mean, stdev

from matplotlib.figure import Figure

from accuracy.results import Run
from slotfill.plots import save


def draw(curve: Mapping[int, tuple[Sequence[Run], Sequence[Run]]], path: Path) -> None:
    """Slot F1 against the number of training sentences, for both; bars are one standard deviation to each side."""
    figure = Figure(figsize=(6, 3.8), layout="constrained")
    axes = figure.subplots()
    for who, label, marker in ((0, "slotfill, recipes/atis.toml", "o"), (1, "python-crfsuite", "s")):
        rows = [[run.scores.f1 for run in both[who]] for both in curve.values()]
        spreads = [stdev(values) if len(values) > 1 else 0.0 for values in rows]
        axes.errorbar(
            list(curve), [mean(values) for values in rows], spreads, marker=marker, markersize=4, capsize=3, label=label
        )
    axes.set_xscale("log")
    axes.set_xticks(list(curve), [f"{size:,}" for size in curve], fontsize=8)
    axes.minorticks_off()
    axes.set_xlabel("training sentences")
    axes.set_ylabel("slot F1 on the ATIS test part")
    axes.grid(visible=True, alpha=0.3)
    axes.legend(fontsize=8)
    save(figure, path)
