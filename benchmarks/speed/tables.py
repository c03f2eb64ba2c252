"""results.json -> Markdown tables, by the names that they have in documents; KeyError for what is not measured."""

from collections.abc import Callable, Mapping
from typing import Any

from benchmarks.documents import table
from benchmarks.measuring import described

Results = Mapping[str, Any]
LABELS = "slotfill --format iob"  # the rows of slotfill without values: labels only, as the others give them
_SPREAD = "lowest to highest"


def _spread(row: Mapping[str, float], pattern: str, *, scale: float = 1.0) -> tuple[str, str]:
    """Two cells: the median, and the range."""
    median, low, high = (format(scale * row[key], pattern) for key in ("median", "low", "high"))
    return median, f"{low} to {high}"


def _peak(row: Mapping[str, float]) -> str:
    return f"{row['peak'] / 2**20:.0f}"


def _ratio(one: Mapping[str, float], other: Mapping[str, float]) -> str:
    return f"{one['median'] / other['median']:.2f}"


def _net(row: Mapping[str, float]) -> float:
    return row["median"] - row["start"]


def _megabytes(results: Results, who: str) -> str:
    return f"{results['sizes'][who] / 1e6:.0f}"


def _ours(rows: Mapping[str, Any], name: str, who: str = "slotfill") -> Any:
    """The row of slotfill to compare with, of the same width, or of 128."""
    return rows[f"{who}, {name.partition(', ')[2] or 'hidden 128'}"]


def machine(results: Results) -> str:
    here = results["machine"]
    return f"{described(here)}. Seed {here['seed']}; {here['rounds']} rounds."


def overview(results: Results) -> str:
    """All contestants side by side; those that run slotfill's network at hidden 128."""
    width = ", hidden 128"
    whom = {name.removesuffix(width): name for name in results["scores"] if name.endswith(width) or "," not in name}
    cold, bulk = results["one-shot"], results["bulk"]["processes"]
    name_of = {"slotfill": "tag", "torch": "typer, rich, torch"}
    columns = {
        who: (
            f"{100 * results['scores'][row]['f1']:.1f}",
            f"{cold[name_of.get(who, who)]['median']:.3f}",
            f"{1e6 * results['warm'][row]['median']:,.0f}",
            f"{results['bulk']['sentences'] / bulk[row]['median']:,.0f}",
            _peak(bulk[row]),
            _megabytes(results, who),
            f"{results['scores'][row]['training']:.0f}",
        )
        for who, row in whom.items()
    }
    titles = (
        *("slot F1", "one sentence, cold, CPU seconds", "one sentence, warm, CPU microseconds"),
        *("sentences of a file a CPU-second", "peak memory on it, MiB", "installed, MB", "training, CPU seconds"),
    )
    return table(("", *columns), zip(titles, *columns.values(), strict=True))


def one_shot(results: Results) -> str:
    rows = results["one-shot"]
    titles = {
        "python": '`python -c "pass"`',
        "numpy": '`python -c "import numpy"`, one BLAS thread: **the measure**',
        "numpy, all threads": "the same, as many BLAS threads as numpy likes",
        "tag": '`slotfill tag "..."`',
        "typer, rich, torch": "torch, behind typer and rich",
        "torch": "torch alone",
        "crfsuite": "python-crfsuite",
        "spacy": "spaCy",
    }
    named = {n: titles.get(n, f"`slotfill {n}`" if n.startswith(("tag", "--")) else n) for n in rows}
    cells = ((named[n], *_spread(row, ".3f"), _ratio(row, rows["numpy"]), _peak(row)) for n, row in rows.items())
    return table(("process", "CPU seconds", _SPREAD, "x numpy", "peak MiB"), cells)


def rivals(results: Results) -> str:
    rows = []
    for name, row in results["scores"].items():
        different = f"{row['different']} of {row['tags']:,}" if "different" in row else ""
        size = _megabytes(results, name.partition(",")[0])
        rows.append((name, f"{100 * row['f1']:.2f}", f"{row['training']:.0f}", different, size))
    titles = ("contestant", "slot F1", "training CPU seconds", "tags unlike slotfill's", "installed MB")
    return table(titles, rows)


def warm(results: Results) -> str:
    rows = results["warm"]
    cells = ((name, *_spread(row, ".0f", scale=1e6), _ratio(row, _ours(rows, name))) for name, row in rows.items())
    return table(("contestant", "CPU microseconds a sentence", _SPREAD, "x slotfill"), cells)


def bulk(results: Results) -> str:
    sentences, rows = results["bulk"]["sentences"], results["bulk"]["processes"]
    titles = ("process", "CPU seconds", _SPREAD, "sentences a CPU-second", "net of the start", "x slotfill")
    cells = (
        (
            *(name, *_spread(row, ".2f"), f"{sentences / row['median']:,.0f}", f"{sentences / _net(row):,.0f}"),
            *(_ratio(row, _ours(rows, name)), f"{_net(row) / _net(_ours(rows, name)):.2f}"),
            *(_ratio(row, _ours(rows, name, LABELS)), _peak(row)),
        )
        for name, row in rows.items()
    )
    return table((*titles, "net", "x labels only", "peak MiB"), cells)


def long_files(results: Results) -> str:
    cells = (
        (what, f"{row['lines']:,}", f"{row['median']:.1f}", f"{row['lines'] / row['median']:,.0f}", _peak(row))
        for what, row in results["long"].items()
    )
    return table(("what is tagged", "lines", "CPU seconds", "lines a CPU-second", "peak MiB"), cells)


def jobs(results: Results) -> str:
    rows = results["jobs"]
    first = rows["1"]
    titles = ("jobs", "shortest wall seconds", "speed-up", "CPU seconds", "x one job", "largest process, MiB")
    cells = (
        (
            *(number, f"{row['wall']:.1f}", f"{first['wall'] / row['wall']:.2f}", f"{row['median']:.1f}"),
            *(_ratio(row, first), _peak(row), "yes" if row["same"] else "**no**"),
        )
        for number, row in rows.items()
    )
    return table((*titles, "same bytes"), cells, words=())


TABLES: Mapping[str, Callable[[Results], str]] = {
    "machine": machine,
    "overview": overview,
    "rivals": rivals,
    "one-shot": one_shot,
    "warm": warm,
    "bulk": bulk,
    "long": long_files,
    "jobs": jobs,
}
