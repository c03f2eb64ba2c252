"""The scaling figures as a picture.

python picture.py RESULTS.json PICTURE.png
"""

import json
import sys
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from slotfill.plots import save


def main() -> None:
    scales: dict[str, Any] = json.loads(Path(sys.argv[1]).read_text())["scaling"]
    figure = Figure(figsize=(9, 6), layout="constrained")
    panels = figure.subplots(2, 2)
    kinds = (("single", "one at a time", "o"), ("bulk", "in bulk", "s"))
    for axes, part, key, title in (
        (panels[0, 0], "lengths", "tokens", "tokens in a sentence"),
        (panels[0, 1], "batches", "sentences", "sentences in a call"),
        (panels[1, 0], "widths", "hidden", "hidden units a direction"),
    ):
        rows = scales[part]
        for kind, label, marker in kinds:
            if kind in rows[0]:
                micro = [1e6 * row[kind]["median"] for row in rows]
                axes.plot([row[key] for row in rows], micro, marker=marker, markersize=4, label=label)
        axes.set_xlabel(title)
        axes.set_ylabel("CPU microseconds a sentence")
        axes.set_xscale("log")
        axes.set_xticks([row[key] for row in rows], [f"{row[key]}" for row in rows], fontsize=7)
        axes.minorticks_off()
        if part == "batches":
            axes.set_ylim(bottom=0)
        else:
            axes.set_yscale("log")
            axes.legend(fontsize=8)
    axes, rows = panels[1, 1], scales["vocabularies"]
    axes.plot([row["words"] for row in rows], [1e3 * row["median"] for row in rows], marker="o", markersize=4)
    axes.set_xscale("log")
    axes.set_xticks([row["words"] for row in rows], [f"{row['words'] // 1000}k" for row in rows], fontsize=7)
    axes.minorticks_off()
    axes.set_ylim(bottom=0)
    axes.set_xlabel("words in the vocabulary")
    axes.set_ylabel("one-shot, CPU milliseconds")
    for axes in panels.flat:
        axes.grid(visible=True, alpha=0.3)
    save(figure, Path(sys.argv[2]))


if __name__ == "__main__":
    main()
