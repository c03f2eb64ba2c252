"""results.json -> Markdown tables, by the names that they have in documents; KeyError for what is not measured."""

from collections.abc import Callable, Mapping
from typing import Any

from benchmarks.documents import table
from benchmarks.measuring import described
from benchmarks.pictures import Panel

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


def _micro(row: Mapping[str, float], *, of: int = 1) -> str:
    return f"{1e6 * row['median'] / of:,.1f}"


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


def scaling(results: Results) -> str:
    """Four tables."""
    scales = results["scaling"]
    single, several = "one at a time, microseconds", "in bulk, microseconds"
    made: dict[tuple[str, ...], list[tuple[str, ...]]] = {
        ("tokens in a sentence", single, "a token", several, "a token"): [
            (str(n), *(_micro(row[kind], of=of) for kind in ("single", "bulk") for of in (1, n)))
            for row in scales["lengths"]
            for n in [row["tokens"]]
        ],
        ("sentences in a call", "microseconds a sentence"): [
            (f"{row['sentences']:,}", _micro(row["bulk"])) for row in scales["batches"]
        ],
        ("hidden", single, several): [
            (str(row["hidden"]), _micro(row["single"]), _micro(row["bulk"])) for row in scales["widths"]
        ],
        ("words in the vocabulary", "one-shot, CPU seconds", "x the smallest", "peak MiB"): [
            (f"{row['words']:,}", f"{row['median']:.3f}", _ratio(row, scales["vocabularies"][0]), _peak(row))
            for row in scales["vocabularies"]
        ],
    }
    return "\n\n".join(table(titles, rows, words=()) for titles, rows in made.items())


def panels(scales: Mapping[str, Any]) -> list[Panel]:
    """The same as pictures."""
    labels = {"single": "one at a time", "bulk": "in bulk"}
    found = []
    for what, key, title in (
        ("lengths", "tokens", "tokens in a sentence"),
        ("batches", "sentences", "sentences in a call"),
        ("widths", "hidden", "hidden units a direction"),
    ):
        rows = scales[what]
        lines = {labels[k]: [1e6 * row[k]["median"] for row in rows] for k in labels if k in rows[0]}
        at = [row[key] for row in rows]
        found.append(Panel(title, "CPU microseconds a sentence", at, lines, logarithmic=what != "batches"))
    rows = scales["vocabularies"]
    lines = {"": [1e3 * row["median"] for row in rows]}
    words = [row["words"] for row in rows]
    return [*found, Panel("words in the vocabulary", "one-shot, CPU milliseconds", words, lines)]


def targets(results: Results) -> str:
    """The targets of the design; a ratio to somebody who was left out is nan, and does not hold."""
    rows = []

    def target(what: str, measured: float, pattern: str, *, most: float = float("inf"), least: float = 0.0) -> None:
        bound = f"at least {pattern.format(least)}" if least else f"at most {pattern.format(most)}"
        rows.append((what, bound, pattern.format(measured), "yes" if least <= measured <= most else "**no**"))

    shots, missing = results["one-shot"], {"median": float("nan")}
    cold = {name: row["median"] for name, row in shots.items()}
    typed = [name for name in shots if name.startswith("tag") and "<" not in name]
    slowest = max(typed, key=cold.__getitem__)
    target("one-shot `tag TEXT`, against `import numpy`", cold["tag"] / cold["numpy"], "{:.2f} x", most=1.25)
    target(f"the slowest with options, `{slowest}`", cold[slowest] / cold["numpy"], "{:.2f} x", most=1.25)
    for option in ("--help", "--version"):
        target(f"`slotfill {option}`, CPU", cold[option], "{:.2f} s", most=0.35)
    for name, least in (("typer, rich, torch", 12.0), ("crfsuite", 1.0)):
        other = shots.get(name, missing)["median"]
        target(f"one-shot, times cheaper than {name}", other / cold[slowest], "{:.2f} x", least=least)
    target("peak memory of a one-shot", max(shots[name]["peak"] for name in typed) / 2**20, "{:.0f} MiB", most=40)
    once = 1e3 * results["warm"]["slotfill, hidden 128"]["median"]
    target("warm, one sentence, hidden 128, CPU", once, "{:.2f} ms", most=1)
    rows_of_bulk = results["bulk"]["processes"]
    for other, least in (("torch, hidden 128", 3.5), ("torch, hidden 200", 3.5), ("crfsuite", 1.0)):
        for who in (LABELS, "slotfill"):
            gain = rows_of_bulk.get(other, missing)["median"] / _ours(rows_of_bulk, other, who)["median"]
            target(f"a file, `{who}`, times cheaper than {other}", gain, "{:.2f} x", least=least)
    files = [row for name, row in rows_of_bulk.items() if name.startswith("slotfill")]
    peak = max(row["peak"] for row in (*results["long"].values(), *files)) / 2**20
    target("peak memory on a file, whatever the file and the width", peak, "{:.0f} MiB", most=100)
    target("installed without extras", results["sizes"]["slotfill"] / 1e6, "{:.0f} MB", most=130)
    for name, row in results["scores"].items():
        if name.startswith("torch"):
            target(f"labels that differ from those of {name}", row["different"], "{}", most=0)
    for number in (2, 4):
        gain = results["jobs"]["1"]["wall"] / results["jobs"][str(number)]["wall"]
        target(f"`--jobs {number}`, times faster", gain, "{:.2f} x", least=0.8 * number)
    return table(("what", "target", "measured", "holds"), rows)


TABLES: Mapping[str, Callable[[Results], str]] = {
    "machine": machine,
    "overview": overview,
    "targets": targets,
    "rivals": rivals,
    "one-shot": one_shot,
    "warm": warm,
    "bulk": bulk,
    "long": long_files,
    "jobs": jobs,
    "scaling": scaling,
}
