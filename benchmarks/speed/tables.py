"""results.json -> Markdown tables, by the names that they have in documents; KeyError for what is not measured."""

from collections.abc import Callable, Mapping
from typing import Any

from benchmarks.documents import table
from benchmarks.measuring import described

Results = Mapping[str, Any]
MEASURE = '`python -c "import numpy"`, one BLAS thread: **the measure**'
LABELS = "slotfill --format iob"  # the rows of slotfill without values: labels only, as the others give them
_RANGE = "lowest to highest"


def _spread(row: Mapping[str, float], pattern: str, *, scale: float = 1.0) -> tuple[str, str]:
    """Two cells: the median, and the range."""
    median, low, high = (format(scale * row[key], pattern) for key in ("median", "low", "high"))
    return median, f"{low} to {high}"


def _peak(row: Mapping[str, float]) -> str:
    return f"{row['peak'] / 2**20:.0f}"


def _ratio(one: Mapping[str, float], other: Mapping[str, float]) -> str:
    return f"{one['median'] / other['median']:.2f}"


def _ours(rows: Mapping[str, Any], name: str, who: str = "slotfill") -> Any:
    """The row of slotfill to compare with, of the same width, or of 128."""
    return rows[f"{who}, {name.partition(', ')[2] or 'hidden 128'}"]


def machine(results: Results) -> str:
    here = results["machine"]
    return f"{described(here)}. Seed {here['seed']}; {here['rounds']} rounds."


def one_shot(results: Results) -> str:
    rows = results["one-shot"]
    cells = ((name, *_spread(row, ".3f"), _ratio(row, rows[MEASURE]), _peak(row)) for name, row in rows.items())
    return table(("process", "CPU seconds", _RANGE, "x numpy", "peak MiB"), cells)


def rivals(results: Results) -> str:
    rows = []
    for name, row in results["scores"].items():
        different = f"{row['different']} of {row['tags']:,}" if "different" in row else ""
        size = results["sizes"][name.partition(",")[0]] / 1e6
        rows.append((name, f"{100 * row['f1']:.2f}", f"{row['training']:.0f}", different, f"{size:.0f}"))
    return table(("contestant", "slot F1", "training CPU seconds", "tags unlike slotfill's", "installed MB"), rows)


def warm(results: Results) -> str:
    rows = results["warm"]
    cells = ((name, *_spread(row, ".0f", scale=1e6), _ratio(row, _ours(rows, name))) for name, row in rows.items())
    return table(("contestant", "CPU microseconds a sentence", _RANGE, "x slotfill"), cells)


def bulk(results: Results) -> str:
    sentences, rows = results["bulk"]["sentences"], results["bulk"]["processes"]
    net = {name: row["median"] - row["start"] for name, row in rows.items()}
    cells = (
        (
            *(name, *_spread(row, ".2f"), f"{sentences / row['median']:,.0f}", f"{sentences / net[name]:,.0f}"),
            *(_ratio(row, _ours(rows, name)), f"{net[name] / _ours(net, name):.2f}"),
            *(_ratio(row, _ours(rows, name, LABELS)), _peak(row)),
        )
        for name, row in rows.items()
    )
    titles = ("process", "CPU seconds", _RANGE, "sentences a CPU-second", "net of the start", "x slotfill", "net")
    return table((*titles, "x labels only", "peak MiB"), cells)


def long_files(results: Results) -> str:
    cells = (
        (what, f"{row['lines']:,}", f"{row['median']:.1f}", f"{row['lines'] / row['median']:,.0f}", _peak(row))
        for what, row in results["long"].items()
    )
    return table(("what is tagged", "lines", "CPU seconds", "lines a CPU-second", "peak MiB"), cells)


TABLES: Mapping[str, Callable[[Results], str]] = {
    "machine": machine,
    "rivals": rivals,
    "one-shot": one_shot,
    "warm": warm,
    "bulk": bulk,
    "long": long_files,
}
