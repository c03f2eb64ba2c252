"""results.json -> Markdown tables, by the names that they have in documents."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from documents import table
from machine import described

Results = Mapping[str, Any]
MEBIBYTE, MEGABYTE = 2**20, 1e6
LABELS = "slotfill --format iob"  # the rows of slotfill without values: labels only, as the others give them


def machine(results: Results) -> str:
    here = results["machine"]
    versions = ", ".join(f"{name} {number}" for name, number in results["versions"].items())
    return f"{described(here)}. {versions}. Seed {here['seed']}; {here['rounds']} rounds."


def overview(results: Results) -> str:
    """All contestants side by side; those that run slotfill's network at hidden 128."""
    width = ", hidden 128"
    whom = {name.removesuffix(width): name for name in results["scores"] if name.endswith(width) or "," not in name}
    cold = {"slotfill": "tag", "torch": "typer, rich, torch"}
    bulk = results["bulk"]
    figures: Mapping[str, Callable[[str, str], str]] = {
        "slot F1": lambda _, row: f"{100 * results['scores'][row]['f1']:.1f}",
        "one sentence, cold, CPU seconds": lambda who, _: f"{results['one-shot'][cold.get(who, who)]['median']:.3f}",
        "one sentence, warm, CPU microseconds": lambda _, row: f"{1e6 * results['warm'][row]['median']:,.0f}",
        "sentences of a file a CPU-second": lambda _, row: (
            f"{bulk['sentences'] / bulk['processes'][row]['median']:,.0f}"
        ),
        "peak memory on it, MiB": lambda _, row: f"{bulk['processes'][row]['peak'] / MEBIBYTE:.0f}",
        "installed, MB": lambda who, _: (
            f"{results['sizes']['without pip' if who == 'slotfill' else who] / MEGABYTE:.0f}"
        ),
        "training, CPU seconds": lambda _, row: f"{results['scores'][row]['training']:.0f}",
    }
    rows = [(what, *(figure(who, row) for who, row in whom.items())) for what, figure in figures.items()]
    return table(("", *whom), rows)


def one_shot(results: Results) -> str:
    rows, base = results["one-shot"], results["one-shot"]["numpy"]["median"]
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
    return table(
        ("process", "CPU seconds", "lowest to highest", "x numpy", "peak MiB"),
        (
            (
                titles.get(name, f"`slotfill {name}`" if name.startswith(("tag", "--")) else name),
                f"{row['median']:.3f}",
                f"{row['low']:.3f} to {row['high']:.3f}",
                f"{row['median'] / base:.2f}",
                f"{row['peak'] / MEBIBYTE:.0f}",
            )
            for name, row in rows.items()
        ),
    )


def rivals(results: Results) -> str:
    sizes, rows = results["sizes"], []
    for name, row in results["scores"].items():
        who = name.partition(",")[0]
        size = sizes.get("without pip" if who == "slotfill" else who)
        different = f"{row['different']} of {row['tags']:,}" if "different" in row else ""
        rows.append(
            (
                name,
                f"{100 * row['f1']:.2f}",
                f"{row['training']:.0f}",
                different,
                f"{size / MEGABYTE:.0f}" if size else "",
            )
        )
    titles = ("contestant", "slot F1", "training CPU seconds", "tags unlike slotfill's", "installed MB")
    return table(titles, rows)


def warm(results: Results) -> str:
    rows = results["warm"]
    return table(
        ("contestant", "CPU microseconds a sentence", "lowest to highest", "x slotfill"),
        (
            (
                name,
                f"{1e6 * row['median']:.0f}",
                f"{1e6 * row['low']:.0f} to {1e6 * row['high']:.0f}",
                f"{row['median'] / _ours(rows, name)['median']:.2f}",
            )
            for name, row in rows.items()
        ),
    )


def bulk(results: Results) -> str:
    sentences, rows = results["bulk"]["sentences"], results["bulk"]["processes"]
    return table(
        ("process", "CPU seconds", "lowest to highest", "sentences a CPU-second", "net of the start", "x slotfill",
         "net", "x labels only", "peak MiB"),
        (
            (
                name,
                f"{row['median']:.2f}",
                f"{row['low']:.2f} to {row['high']:.2f}",
                f"{sentences / row['median']:,.0f}",
                f"{sentences / _net(row):,.0f}",
                f"{row['median'] / _ours(rows, name)['median']:.2f}",
                f"{_net(row) / _net(_ours(rows, name)):.2f}",
                f"{row['median'] / _ours(rows, name, LABELS)['median']:.2f}",
                f"{row['peak'] / MEBIBYTE:.0f}",
            )
            for name, row in rows.items()
        ),
    )  # fmt: skip


def limit(results: Results) -> str:
    rows = []
    for hidden, inside in results["bulk"]["inside"].items():
        process, labels = (results["bulk"]["processes"][f"{who}, hidden {hidden}"] for who in ("slotfill", LABELS))
        least, count = inside["limit"]["median"], inside["sentences"]
        costs = (
            ("the limit: these products at the rate of a large one", least),
            ("`Runtime.run`", inside["run"]["median"]),
            ("`Tagger.tag`", inside["tag"]["median"]),
            ("`slotfill tag --input --format iob`, net of the start", _net(labels)),
            ("the same, whole", labels["median"]),
            ("`slotfill tag --input`, net of the start", _net(process)),
            ("the same, whole", process["median"]),
        )
        rows += [(hidden, what, f"{1e6 * cost / count:.0f}", f"{cost / least:.2f}") for what, cost in costs]
    return table(("hidden", "what", "CPU microseconds a sentence", "x the limit"), rows, left=2)


def operations(results: Results) -> str:
    inside = results["bulk"]["inside"]
    counted = {hidden: row["operations"] for hidden, row in inside.items()}
    rows: list[Sequence[str]] = [
        (what, *(f"{count[what] / 1e9:.3f}" for count in counted.values()))
        for what in next(iter(counted.values()))
        if what != "all"
    ]
    rows.append(("all, 10^9 operations", *(f"{count['all'] / 1e9:.3f}" for count in counted.values())))
    for kind, what in (("square", "2048 x 2048 by 2048 x 2048"), ("thin", "256 x H by H x 4H, as in a step")):
        rates = (row["rates"][kind]["median"] / 1e9 for row in inside.values())
        rows.append((f"measured, 10^9 operations a CPU-second: {what}", *(f"{rate:.0f}" for rate in rates)))
    return table(("matrix products", *(f"hidden {hidden}" for hidden in inside)), rows)


def long_files(results: Results) -> str:
    return table(
        ("what is tagged", "lines", "CPU seconds", "lines a CPU-second", "peak MiB"),
        (
            (
                what,
                f"{row['lines']:,}",
                f"{row['median']:.1f}",
                f"{row['lines'] / row['median']:,.0f}",
                f"{row['peak'] / MEBIBYTE:.0f}",
            )
            for what, row in results["long"].items()
        ),
    )


def jobs(results: Results) -> str:
    rows = results["jobs"]
    if rows is None:
        return "This version has no `--jobs`."
    first = rows["1"]
    return table(
        ("jobs", "shortest wall seconds", "speed-up", "CPU seconds", "x one job", "largest process, MiB", "same bytes"),
        (
            (
                number,
                f"{row['wall']:.1f}",
                f"{first['wall'] / row['wall']:.2f}",
                f"{row['median']:.1f}",
                f"{row['median'] / first['median']:.2f}",
                f"{row['peak'] / MEBIBYTE:.0f}",
                "yes" if row["same"] else "**no**",
            )
            for number, row in rows.items()
        ),
        left=0,
    )


def scaling(results: Results) -> str:
    scales = results["scaling"]

    def micro(row: Mapping[str, Any], name: str, *, of: int = 1) -> str:
        return f"{1e6 * row[name]['median'] / of:,.1f}"

    lengths = table(
        ("tokens in a sentence", "one at a time, microseconds", "a token", "in bulk, microseconds", "a token"),
        (
            (str(n), micro(r, "single"), micro(r, "single", of=n), micro(r, "bulk"), micro(r, "bulk", of=n))
            for r in scales["lengths"]
            for n in [r["tokens"]]
        ),
        left=0,
    )
    batches = table(
        ("sentences in a call", "microseconds a sentence"),
        ((f"{row['sentences']:,}", micro(row, "bulk")) for row in scales["batches"]),
        left=0,
    )
    widths = table(
        ("hidden", "one at a time, microseconds", "in bulk, microseconds"),
        ((str(row["hidden"]), micro(row, "single"), micro(row, "bulk")) for row in scales["widths"]),
        left=0,
    )
    least = scales["vocabularies"][0]["median"]
    vocabularies = table(
        ("words in the vocabulary", "one-shot, CPU seconds", "x the smallest", "peak MiB"),
        (
            (
                f"{row['words']:,}",
                f"{row['median']:.3f}",
                f"{row['median'] / least:.2f}",
                f"{row['peak'] / MEBIBYTE:.0f}",
            )
            for row in scales["vocabularies"]
        ),
        left=0,
    )
    return "\n\n".join((lengths, batches, widths, vocabularies))


def imports(results: Results) -> str:
    found = results["profile"]
    rows = [(name, f"{1e3 * seconds:.1f}") for name, seconds in found["imports"].items()]
    return table(("imported", "milliseconds"), [*rows, ("all imports", f"{1e3 * found['imports in all']:.1f}")])


def functions(results: Results) -> str:
    return table(
        ("function", "calls", "share of the CPU, its own"),
        ((f"`{row['function']}`", f"{row['calls']:,}", f"{row['share']:.1%}") for row in results["profile"]["bulk"]),
    )


def targets(results: Results) -> str:
    """The targets of the design, each with what was measured."""
    rows: list[tuple[str, str, str, str]] = []

    def target(what: str, wanted: str, got: str, holds: bool) -> None:
        rows.append((what, wanted, got, "yes" if holds else "**no**"))

    cold = results["one-shot"]
    numpy, plain = cold["numpy"]["median"], cold["tag"]["median"]
    typed = {name: row for name, row in cold.items() if name.startswith("tag") and "<" not in name}
    slowest = max(typed, key=lambda name: typed[name]["median"])
    worst = typed[slowest]["median"]
    target("one-shot `tag TEXT`", "1.25 x import numpy", f"{plain / numpy:.2f} x", plain <= 1.25 * numpy)
    target(f"the slowest with options, `{slowest}`", "1.25 x", f"{worst / numpy:.2f} x", worst <= 1.25 * numpy)
    if torch := cold.get("typer, rich, torch"):
        share = torch["median"] / worst
        target("the same against typer, rich and torch", "1/12", f"1/{share:.1f}", share >= 12)
    if crfsuite := cold.get("crfsuite"):
        share = plain / crfsuite["median"]
        target("beyond: one-shot against python-crfsuite", "less than 1 x", f"{share:.2f} x", share < 1)
    for option in ("--help", "--version"):
        seconds = cold[option]["median"]
        target(f"`slotfill {option}`", "0.35 s CPU", f"{seconds:.2f} s", seconds <= 0.35)
    peak = max(row["peak"] for row in typed.values()) / MEBIBYTE
    target("peak memory of a one-shot", "40 MiB", f"{peak:.0f} MiB", peak <= 40)
    if "warm" in results:
        once = 1e3 * results["warm"]["slotfill, hidden 128"]["median"]
        target("warm, one sentence, hidden 128", "1 ms CPU", f"{once:.2f} ms", once < 1)
    if "bulk" in results:
        _bulk_targets(results["bulk"], target)
    if "long" in results and "bulk" in results:
        files = {name: row for name, row in results["bulk"]["processes"].items() if name.startswith("slotfill")}
        peak = max(row["peak"] for row in (*results["long"].values(), *files.values())) / MEBIBYTE
        target("peak memory of bulk, whatever the file and the width", "100 MiB", f"{peak:.0f} MiB", peak <= 100)
    size = results["sizes"]["without pip"] / MEGABYTE
    target("installed without extras", "130 MB", f"{size:.0f} MB", size <= 130)
    for name, row in results.get("scores", {}).items():
        if name.startswith("torch"):
            different = row["different"]
            target(f"the same labels as {name}", "0 different", f"{different} of {row['tags']:,}", not different)
    if several := results.get("jobs"):
        for number in ("2", "4"):
            gain = several["1"]["wall"] / several[number]["wall"]
            target(
                f"`--jobs {number}`",
                f"near linear: {0.8 * int(number):.1f} x",
                f"{gain:.2f} x",
                gain >= 0.8 * int(number),
            )
    return table(("what", "target", "measured", "holds"), rows)


def _bulk_targets(measured: Mapping[str, Any], target: Callable[[str, str, str, bool], None]) -> None:
    rows = measured["processes"]
    for hidden, inside in measured["inside"].items():
        width = f"hidden {hidden}"
        for who, what in ((LABELS, "labels only"), ("slotfill", "JSON with values")):
            ours = rows[f"{who}, {width}"]["median"]
            if torch := rows.get(f"torch, {width}"):
                gain = torch["median"] / ours
                target(f"bulk, whole process, {what}, against torch, {width}", "3.5 x", f"{gain:.2f} x", gain >= 3.5)
            ratio = ours / inside["limit"]["median"]
            target(f"bulk, {what}, against the arithmetic limit, {width}", "2.5 x", f"{ratio:.2f} x", ratio <= 2.5)
        if crfsuite := rows.get("crfsuite"):
            gain = crfsuite["median"] / rows[f"slotfill, {width}"]["median"]
            target(
                f"bulk, JSON with values, against python-crfsuite, {width}", "more than 1 x", f"{gain:.2f} x", gain > 1
            )


TABLES: Mapping[str, Callable[[Results], str]] = {
    "machine": machine,
    "overview": overview,
    "targets": targets,
    "rivals": rivals,
    "one-shot": one_shot,
    "warm": warm,
    "bulk": bulk,
    "limit": limit,
    "operations": operations,
    "long": long_files,
    "jobs": jobs,
    "scaling": scaling,
    "imports": imports,
    "functions": functions,
}


def _ours(rows: Mapping[str, Any], name: str, who: str = "slotfill") -> Any:
    """The row of slotfill to compare with, of the same width, or of 128."""
    return rows[f"{who}, {name.partition(', ')[2] or 'hidden 128'}"]


def _net(row: Mapping[str, Any]) -> float:
    net: float = row["median"] - row["start"]
    return net
