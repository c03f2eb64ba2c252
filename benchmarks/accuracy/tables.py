"""Results -> Markdown tables, by the names that they have in documents; KeyError where nothing was measured."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from statistics import mean, stdev
from typing import TypeVar

from benchmarks.accuracy.literature import OVERVIEW, RERUN, SYSTEMS, Published
from benchmarks.accuracy.mistakes import KINDS, OF_THE_DATA, f1_without
from benchmarks.accuracy.results import ANALYSED, Results, Run
from benchmarks.accuracy.scoring import lenient_f1, one_of_several, strict_f1, token_accuracy, token_f1
from benchmarks.documents import table
from benchmarks.measuring import described
from benchmarks.pictures import Panel
from slotfill.slot_names import role_of, type_of
from slotfill.tags import spans_of

T = TypeVar("T")
_TITLES = {
    "atis": "slotfill, recipes/atis.toml",
    "atis-all": "slotfill, recipes/atis.toml, dev learnt from as well",
    "atis-fast": "slotfill, recipes/atis-fast.toml",
    "default": "slotfill, default settings",
    "snips": "slotfill, recipes/snips.toml",
}
_CRFSUITE = "linear CRF, python-crfsuite"
_EXAMPLES = 3  # of each kind of mistake


def _measured(what: T, name: str) -> T:
    """What was measured, if anything was."""
    if not what:
        raise KeyError(name)
    return what


def machine(results: Results) -> str:
    """Where and with what the recipes were trained."""
    runs = _measured([run.result for own in results.recipes.values() for run in own], "machine")
    lines = Counter(described(run["machine"]) for run in runs)
    several = " The code of slotfill changed between these runs." if len({run["code"] for run in runs}) > 1 else ""
    return "\n".join(f"{line}. Trainings: {count}, one thread each." for line, count in lines.items()) + several


def overview(results: Results) -> str:
    """The short table of docs/accuracy.md: both data sets side by side."""
    ours = results.recipes
    rows = [
        (
            "slotfill, [atis.toml](../recipes/atis.toml) and [snips.toml](../recipes/snips.toml)",
            ours["atis"],
            ours["snips"],
        ),
        ("slotfill, [atis-fast.toml](../recipes/atis-fast.toml)", ours["atis-fast"], []),
        (_CRFSUITE, results.crfsuite["atis"], results.crfsuite["snips"]),
    ]
    _measured(rows[0][1] or rows[0][2], "overview")
    lines = []
    for title, *both in rows:
        runs = [own for own in both if own]
        seeds = f", {_seeds(max(runs, key=len))}" if title != _CRFSUITE and runs else ""
        cells = [cell for own in both for cell in (_cell(own, "f1"), _cell(own, "both", digits=1))]
        sizes, costs = (" / ".join(filter(None, map(of, runs))) for of in (_millions, _seconds))
        lines += [(f"{title}{seeds}", *cells, sizes, costs)] if runs else []
    for system in SYSTEMS:
        if system.name in OVERVIEW and system.figure == RERUN:
            given = [_published(figures) for figures in (system.atis, system.snips)]
            cells = [cells[n] for cells in given for n in (0, 3)]
            lines.append((f"{system.name}, rerun", *cells, system.parameters, ""))
    titles = ("", "ATIS slot F1", "all right", "SNIPS slot F1", "all right", "parameters", "training, CPU-seconds")
    return table(titles, lines)


def _systems(results: Results, source: str, recipes: Sequence[str]) -> str:
    """Ours, then python-crfsuite, then the literature."""
    lines = []
    ours = {_TITLES[name]: results.recipes[name] for name in recipes}
    for title, runs in _measured({t: own for t, own in ours.items() if own}, source).items():
        lines.append((title, f"measured here, {_seeds(runs)}", *_cells(runs)))
    if runs := results.crfsuite[source]:
        lines.append((_CRFSUITE, "measured here", *_cells(runs)))
    for system in SYSTEMS:
        if figures := system.atis if source == "atis" else system.snips:
            title = f"{system.name} ({system.paper})"
            lines.append((title, system.figure, *_published(figures), system.parameters, ""))
    titles = ("system", "whose figures", "slot F1", "slots right", "intent right", "both right", "parameters")
    return table((*titles, "training, CPU-seconds"), lines, words=(0, 1))


def _cells(runs: Sequence[Run]) -> tuple[str, ...]:
    shares = (_cell(runs, name, digits=1) for name in ("slots", "intents", "both"))
    return _cell(runs, "f1"), *shares, _millions(runs), _seconds(runs)


def _published(figures: Published | None) -> tuple[str, str, str, str]:
    if figures is None:
        return "", "", "", ""
    intents, both = (f"{value:g}" if value else "" for value in (figures.intents, figures.both))
    return f"{figures.f1:g}", "", intents, both


def atis(results: Results) -> str:
    """All systems on the ATIS test split."""
    return _systems(results, "atis", ("atis", "atis-all", "atis-fast", "default"))


def snips(results: Results) -> str:
    """All systems on the SNIPS test split."""
    return _systems(results, "snips", ("snips",))


def curve(results: Results) -> str:
    """The learning curve in figures."""
    rows = []
    for size, (ours, theirs) in _measured(results.curve, "curve").items():
        difference = mean(run.scores.f1 for run in ours) - mean(run.scores.f1 for run in theirs)
        rows.append((f"{size:,}", _cell(ours, "f1"), _cell(theirs, "f1"), f"{difference:+.1f}", str(len(ours))))
    return table(("training sentences", "slotfill", "python-crfsuite", "difference", "seeds"), rows, words=())


def panel(results: Results) -> Panel:
    """The learning curve as a picture; bars are one standard deviation to each side."""
    lines: dict[str, list[float]] = {"slotfill, recipes/atis.toml": [], "python-crfsuite": []}
    spreads: dict[str, list[float]] = {label: [] for label in lines}
    for both in results.curve.values():
        for label, runs in zip(lines, both, strict=True):
            scores = [run.scores.f1 for run in runs]
            lines[label].append(mean(scores))
            spreads[label].append(stdev(scores) if len(scores) > 1 else 0.0)
    return Panel("training sentences", "slot F1 on the ATIS test split", list(results.curve), lines, spreads)


def ablation(results: Results) -> str:
    """What each part is worth; bold is what is more than two standard errors away from nothing."""
    rows = {piece: runs for piece, runs in results.ablation.items() if runs}
    _measured(len(rows) > 1, "ablation")
    lines = []
    for piece, runs in rows.items():
        if piece:
            cells = [_differs([run.short[at] - run.full[at] for run in runs]) for at in range(3)]
        else:
            cells = [f"{mean(run.full[at] for run in runs):.2f}" for at in range(3)]
        title = f"without {piece}" if piece else "recipes/atis.toml"
        lines.append((title, *cells, f"{mean(run.cpu_seconds for run in runs):,.0f}", str(len(runs))))
    return table(("", "slot F1", "slots right", "intent right", "CPU-seconds", "trainings"), lines)


def _differs(differences: Sequence[float]) -> str:
    """The mean and its standard error."""
    if len(differences) < 2:
        return f"{differences[0]:+.2f}"
    error = stdev(differences) / len(differences) ** 0.5
    bold = "**" if abs(mean(differences)) > 2 * error else ""
    return f"{bold}{mean(differences):+.2f}{bold} ± {error:.2f}"


def ways(results: Results) -> str:
    """The same predictions, counted in the ways that are in use."""
    columns = {
        "recipes/atis.toml": _ways(results, "atis", "tags"),
        "default settings": _ways(results, "default", "tags"),
        "default settings, each token's best tag": _ways(results, "default", "each token's best"),
    }
    columns = _measured({title: column for title, column in columns.items() if column}, "ways")
    names = max(columns.values(), key=len)
    rows = ((way, *(f"{c[way]:.2f}" if way in c else "" for c in columns.values())) for way in names)
    return table(("counted as", *columns), rows)


def _ways(results: Results, name: str, key: str) -> dict[str, float]:
    if not (runs := [run.result for run in results.recipes[name]]):
        return {}
    gold = results.parts("atis")[2]
    wanted, tags = [example.tags for example in gold], [run["test"][key] for run in runs]
    scores = [strict_f1(wanted, own) for own in tags]
    column = {
        "strict IOB2, the epoch by dev, the mean of all seeds": mean(scores),
        "the same, seqeval's default mode (conlleval's)": mean(lenient_f1(wanted, own) for own in tags),
        "the same, the best seed": max(scores),
    }
    on_test = [max(100 * epoch["test_f1_not_to_be_chosen_by"] for epoch in run["history"]) for run in runs]
    if key == "tags":
        column["the epoch chosen on test, the mean of all seeds"] = mean(on_test)
        column["epoch and seed chosen on test"] = max(on_test)
    column["tokens: weighted F1, `O` counted"] = mean(token_f1(wanted, own) for own in tags)
    column["tokens: accuracy, which is micro F1 with `O` counted"] = mean(token_accuracy(wanted, own) for own in tags)
    if key == "tags":
        column["intents: all that the sentence has"] = mean(run.scores.intents or 0 for run in results.recipes[name])
        column["intents: the first is one of them"] = mean(one_of_several(gold, r["test"]["intents"]) for r in runs)
    return column


def mistakes(results: Results) -> str:
    """How many of each kind, and what slot F1 would be without the data's."""
    found, run = results.mistakes, results.analysed
    if run is None:
        raise KeyError("mistakes")
    rows = []
    for kind, meaning in KINDS.items():
        own = [mistake for mistake in found if mistake.kind == kind]
        shown = dict.fromkeys(f"*{m.words}*, {' > '.join(m.labels)}" for m in own)
        unknown = str(sum(mistake.unknown for mistake in own)) if own else ""
        examples = "; ".join(list(shown)[:_EXAMPLES])
        rows.append((meaning, str(len(own)), f"{len(own) / len(found):.0%}", unknown, examples))
    sentences = len({mistake.sentence for mistake in found})
    data = sum(mistake.kind in OF_THE_DATA for mistake in found)
    test = results.parts("atis")[2]
    ceiling = f1_without(found, test, run.result["test"]["tags"], kinds=OF_THE_DATA)
    titles = ("kind", "spans", "share", "with an unknown word", "examples: the words, gold > predicted")
    return (
        f"Seed {ANALYSED}: {len(found)} wrong spans in {sentences} of {len(test)} sentences. The first two kinds "
        f"are the data's: {data} spans, {data / len(found):.0%}. Were they right, slot F1 would be {ceiling:.2f}, not "
        f"{run.scores.f1:.2f}.\n\n" + table(titles, rows, words=(0, 4))
    )


def doubtful(results: Results) -> str:
    """Every mistake that the rules call the data's, with what train has for the same words."""
    own = _measured([mistake for mistake in results.mistakes if mistake.kind in OF_THE_DATA], "doubtful")
    counts = Counter((m.words, *m.labels, str(m.as_gold), str(m.as_predicted), str(m.otherwise)) for m in own)
    titles = ("words, with their neighbours", "gold", "predicted", "in train as gold", "as predicted", "otherwise")
    return table((*titles, "spans"), ((*about, str(count)) for about, count in counts.most_common()), words=(0, 1, 2))


def ground(results: Results) -> str:
    """How train and test label places where ground transport is asked for."""
    train, _, test = results.parts("atis")
    rows = []
    for title, asked in (("a place after `downtown`", False), ("a place in a sentence with that intent", True)):
        cells = []
        for split in (train, test):
            names = [
                span.name
                for e in split
                for span in spans_of(e.tags)
                if type_of(span.name) in ("city_name", "airport_name")
                and (e.intent == "ground_service" if asked else e.tokens[span.start - 1].text == "downtown")
            ]
            with_role = sum(bool(role_of(name)) for name in names)
            cells += [str(with_role), str(len(names) - with_role)]
        rows.append((title, *cells))
    return table(("", "train, with a role", "without", "test, with a role", "without"), rows)


TABLES: Mapping[str, Callable[[Results], str]] = {
    "machine": machine,
    "overview": overview,
    "atis": atis,
    "snips": snips,
    "curve": curve,
    "ablation": ablation,
    "ways": ways,
    "mistakes": mistakes,
    "doubtful": doubtful,
    "ground": ground,
}


def _cell(runs: Sequence[Run], name: str, *, digits: int = 2) -> str:
    """Mean and standard deviation of one score; a single value stands alone, and nothing where nothing says it."""
    values = [value for run in runs if (value := getattr(run.scores, name)) is not None]
    if not values:
        return ""
    return f"{mean(values):.{digits}f}" + (f" ± {stdev(values):.{digits}f}" if len(values) > 1 else "")


def _seeds(runs: Sequence[Run]) -> str:
    return f"{len(runs)} seed{'s' if len(runs) > 1 else ''}"


def _seconds(runs: Sequence[Run]) -> str:
    return f"{mean(run.result['cpu_seconds'] for run in runs):,.0f}"


def _millions(runs: Sequence[Run]) -> str:
    sizes = {run.result["parameters"] for run in runs if "parameters" in run.result}
    return " or ".join(f"{size / 1e6:.2f} M" for size in sorted(sizes))
