"""Results -> Markdown tables, by the names that they have in documents; KeyError where nothing was measured."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from statistics import mean, stdev

from benchmarks.accuracy.literature import OVERVIEW, RERUN, SYSTEMS, Published
from benchmarks.accuracy.mistakes import KINDS, OF_THE_DATA, Mistake, f1_without, named
from benchmarks.accuracy.results import ANALYSED, Results, Run
from benchmarks.accuracy.scoring import lenient_f1, one_of_several, strict_f1, token_accuracy, token_f1
from benchmarks.documents import table
from benchmarks.measuring import described
from benchmarks.pictures import Panel
from slotfill.slot_names import role_of, type_of
from slotfill.tags import spans_of

_TITLES = {
    "atis": "slotfill, recipes/atis.toml",
    "atis-all": "slotfill, recipes/atis.toml, dev learnt from as well",
    "atis-fast": "slotfill, recipes/atis-fast.toml",
    "default": "slotfill, default settings",
    "snips": "slotfill, recipes/snips.toml",
}
_CRFSUITE = "linear CRF, python-crfsuite"
_EXAMPLES = 3  # of each kind of mistake


def machine(results: Results) -> str:
    """Where and with what the recipes were trained."""
    runs = [run.result for own in results.recipes.values() for run in own]
    lines = Counter(described(run["machine"]) for run in runs)
    if not lines:
        raise KeyError("machine")
    several = " The code of slotfill changed between these runs." if len({run["code"] for run in runs}) > 1 else ""
    return "\n".join(f"{line}. Trainings: {count}, one thread each." for line, count in lines.items()) + several


def overview(results: Results) -> str:
    """The short table of the README: both data sets side by side."""
    rows = [
        ("slotfill, [atis.toml](recipes/atis.toml) and [snips.toml](recipes/snips.toml)", "atis", "snips"),
        ("slotfill, [atis-fast.toml](recipes/atis-fast.toml)", "atis-fast", ""),
    ]
    lines = []
    for title, *names in rows:
        both = [results.recipes[name] if name else [] for name in names]
        sizes = [_millions(runs) for runs in both if runs]
        costs = [_mean([run.result["cpu_seconds"] for run in runs]) for runs in both if runs]
        cells = [cell for runs in both for cell in _short(runs)]
        if costs:
            seeds = max(len(runs) for runs in both)
            lines.append((f"{title}, {_counted(seeds, 'seed')}", *cells, " / ".join(sizes), " / ".join(costs)))
    crf = [results.crfsuite[name] for name in ("atis", "snips")]
    if any(crf):
        costs = [_mean([run.result["cpu_seconds"] for run in runs]) for runs in crf if runs]
        lines.append((_CRFSUITE, *(cell for runs in crf for cell in _short(runs)), "", " / ".join(costs)))
    for system in SYSTEMS:
        if system.name in OVERVIEW and system.figure == RERUN:
            given = [_published(figures) for figures in (system.atis, system.snips)]
            lines.append(
                (f"{system.name}, rerun", *(cells[n] for cells in given for n in (0, 3)), system.parameters, "")
            )
    if not any(results.recipes.values()):
        raise KeyError("overview")
    titles = ("", "ATIS slot F1", "all right", "SNIPS slot F1", "all right", "parameters", "training, CPU-seconds")
    return table(titles, lines)


def _short(runs: Sequence[Run]) -> tuple[str, str]:
    if not runs:
        return "", ""
    return _spread([run.scores.f1 for run in runs]), _optional([run.scores.both for run in runs], digits=1)


def _systems(results: Results, source: str, recipes: Sequence[str]) -> str:
    """Ours, then python-crfsuite, then the literature."""
    lines = []
    for title, runs in [
        *((_TITLES[name], results.recipes[name]) for name in recipes),
        (_CRFSUITE, results.crfsuite[source]),
    ]:
        if runs:
            scores = [run.scores for run in runs]
            lines.append(
                (
                    title,
                    f"measured here, {_counted(len(runs), 'seed')}" if len(runs) > 1 else "measured here",
                    _spread([s.f1 for s in scores]),
                    _spread([s.slots for s in scores], digits=1),
                    _optional([s.intents for s in scores], digits=1),
                    _optional([s.both for s in scores], digits=1),
                    _millions(runs),
                    _mean([run.result["cpu_seconds"] for run in runs]),
                )
            )
    if not lines:
        raise KeyError(source)
    for system in SYSTEMS:
        figures = system.atis if source == "atis" else system.snips
        if figures:
            lines.append(
                (f"{system.name} ({system.paper})", system.figure, *_published(figures), system.parameters, "")
            )
    titles = ("system", "whose figures", "slot F1", "slots right", "intent right", "both right", "parameters")
    return table((*titles, "training, CPU-seconds"), lines, left=2)


def _published(figures: Published | None) -> tuple[str, str, str, str]:
    if figures is None:
        return "", "", "", ""
    intents, both = (f"{value:g}" if value else "" for value in (figures.intents, figures.both))
    return f"{figures.f1:g}", "", intents, both


def atis(results: Results) -> str:
    """All systems on the ATIS test part."""
    return _systems(results, "atis", ("atis", "atis-all", "atis-fast", "default"))


def snips(results: Results) -> str:
    """All systems on the SNIPS test part."""
    return _systems(results, "snips", ("snips",))


def curve(results: Results) -> str:
    """The learning curve in figures."""
    if not results.curve:
        raise KeyError("curve")
    rows = []
    for size, both in results.curve.items():
        ours, theirs = ([run.scores.f1 for run in runs] for runs in both)
        cells = (f"{size:,}", _spread(ours), _spread(theirs), f"{mean(ours) - mean(theirs):+.1f}")
        rows.append((*cells, str(len(ours))))
    return table(("training sentences", "slotfill", "python-crfsuite", "difference", "seeds"), rows, left=0)


def panel(results: Results) -> Panel:
    """The learning curve; bars are one standard deviation to each side."""
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
    if len(rows) < 2:
        raise KeyError("ablation")
    lines = []
    for piece, runs in rows.items():
        scores = [(run.short, run.full) for run in runs]
        if piece:
            cells = [_differs([short[at] - full[at] for short, full in scores]) for at in range(3)]
        else:
            cells = [f"{mean(full[at] for _, full in scores):.2f}" for at in range(3)]
        title = f"without {piece}" if piece else "recipes/atis.toml"
        lines.append((title, *cells, _mean([run.cpu_seconds for run in runs]), str(len(runs))))
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
    gold = results.parts("atis")[2]
    wanted = [example.tags for example in gold]
    columns = {}
    for title, name, key in (
        ("recipes/atis.toml", "atis", "tags"),
        ("default settings", "default", "tags"),
        ("default settings, each token's best tag", "default", "each token's best"),
    ):
        runs = [run.result for run in results.recipes[name]]
        if not runs:
            continue
        tags = [run["test"][key] for run in runs]
        scores = [strict_f1(wanted, own) for own in tags]
        column = {
            "strict IOB2, the epoch by dev, the mean of all seeds": mean(scores),
            "the same, seqeval's default mode (conlleval's)": mean(lenient_f1(wanted, own) for own in tags),
            "the same, the best seed": max(scores),
        }
        if key == "tags":
            best = [max(100 * epoch["test_f1_not_to_be_chosen_by"] for epoch in run["history"]) for run in runs]
            column["the epoch chosen on test, the mean of all seeds"] = mean(best)
            column["epoch and seed chosen on test"] = max(best)
        column["tokens: weighted F1, `O` counted"] = mean(token_f1(wanted, own) for own in tags)
        column["tokens: accuracy, which is micro F1 with `O` counted"] = mean(
            token_accuracy(wanted, own) for own in tags
        )
        if key == "tags":
            intents = [run["test"]["intents"] for run in runs]
            column["intents: all that the sentence has"] = mean(
                100 * mean(e.intent == i for e, i in zip(gold, own, strict=True)) for own in intents
            )
            column["intents: the first is one of them"] = mean(one_of_several(gold, own) for own in intents)
        columns[title] = column
    if not columns:
        raise KeyError("ways")
    rows = []
    for way in max(columns.values(), key=len):
        cells = [f"{column[way]:.2f}" if way in column else "" for column in columns.values()]
        rows.append((way, *cells))
    return table(("counted as", *columns), rows)


def mistakes(results: Results) -> str:
    """How many of each kind, and what slot F1 would be without the data's."""
    found, run = results.mistakes, results.analysed
    if run is None:
        raise KeyError("mistakes")
    kinds = Counter(mistake.kind for mistake in found)
    rows = []
    for kind, meaning in KINDS.items():
        own = [mistake for mistake in found if mistake.kind == kind]
        unknown = str(sum(mistake.unknown for mistake in own)) if own else ""
        rows.append((meaning, str(kinds[kind]), f"{kinds[kind] / len(found):.0%}", unknown, _examples(own)))
    sentences = len({mistake.sentence for mistake in found})
    data = sum(kinds[kind] for kind in OF_THE_DATA)
    _, _, test = results.parts("atis")
    ceiling = f1_without(found, test, run.result["test"]["tags"], kinds=OF_THE_DATA)
    return (
        f"Seed {ANALYSED}: {len(found)} wrong spans in {sentences} of {len(test)} sentences. The first two kinds "
        f"are the data's: {data} spans, {data / len(found):.0%}. Were they right, slot F1 would be {ceiling:.2f}, not "
        f"{run.scores.f1:.2f}.\n\n"
        + _words_left(("kind", "spans", "share", "with an unknown word", "examples: the words, gold > predicted"), rows)
    )


def _words_left(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table whose last column has words too."""
    head, rule, *lines = table(titles, rows).splitlines()
    return "\n".join([head, rule.removesuffix(" ---: |") + " --- |", *lines])


def _examples(own: Sequence[Mistake]) -> str:
    shown = dict.fromkeys(f"*{m.words}*, {named(m.gold, m)} > {named(m.predicted, m)}" for m in own)
    return "; ".join(list(shown)[:_EXAMPLES])


def doubtful(results: Results) -> str:
    """Every mistake that the rules call the data's, with what train has for the same words."""
    own = [mistake for mistake in results.mistakes if mistake.kind in OF_THE_DATA]
    if not own:
        raise KeyError("doubtful")
    counts = Counter(
        (m.words, named(m.gold, m), named(m.predicted, m), m.as_gold, m.as_predicted, m.otherwise) for m in own
    )
    rows = [(*map(str, about), str(count)) for about, count in counts.most_common()]
    titles = ("words, with their neighbours", "gold", "predicted", "in train as gold", "as predicted", "otherwise")
    return table((*titles, "spans"), rows, left=3)


def ground(results: Results) -> str:
    """How train and test label places where ground transport is asked for."""
    train, _, test = results.parts("atis")
    rows = []
    for title, asked in (("a place after `downtown`", False), ("a place in a sentence with that intent", True)):
        cells = []
        for part in (train, test):
            names = [
                span.name
                for e in part
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


def _spread(values: Sequence[float], *, digits: int = 2) -> str:
    """Mean and standard deviation; a single value stands alone."""
    spread = f" ± {stdev(values):.{digits}f}" if len(values) > 1 else ""
    return f"{mean(values):.{digits}f}{spread}"


def _optional(values: Sequence[float | None], *, digits: int) -> str:
    """The same, empty where nothing says it."""
    known = [value for value in values if value is not None]
    return _spread(known, digits=digits) if known else ""


def _mean(values: Sequence[float]) -> str:
    return f"{mean(values):,.0f}"


def _millions(runs: Sequence[Run]) -> str:
    sizes = {run.result["parameters"] for run in runs if "parameters" in run.result}
    return " or ".join(f"{size / 1e6:.2f} M" for size in sorted(sizes))


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'s' if number != 1 else ''}"
