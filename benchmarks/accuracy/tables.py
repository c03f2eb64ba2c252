"""Kept results -> scores -> Markdown tables by the names that they have in documents, and the learning curve."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from pathlib import Path
from statistics import mean, stdev
from typing import NamedTuple

from benchmarks.accuracy.literature import SYSTEMS
from benchmarks.accuracy.plan import RECIPES, SOURCES, Plan, Training
from benchmarks.accuracy.training import Result, kept
from benchmarks.documents import table
from benchmarks.measuring import described
from slotfill.evaluation import score
from slotfill.readers import load, split_of
from slotfill.schema import Example
from slotfill.tags import OUTSIDE, may_follow, spans_of

_TITLES = {
    "atis": "slotfill, recipes/atis.toml",
    "atis-all": "slotfill, recipes/atis.toml, dev learnt from as well",
    "atis-fast": "slotfill, recipes/atis-fast.toml",
    "default": "slotfill, default settings",
    "snips": "slotfill, recipes/snips.toml",
    "atis-vectors": "slotfill, recipes/atis.toml with GloVe's vectors",
    "snips-vectors": "slotfill, recipes/snips.toml with GloVe's vectors",
}
_KEYS = ("f1", "sentence_accuracy", "intent_accuracy")
_LAST = 5  # epochs whose mean is a dev score: steadier than the best one


class Figures(NamedTuple):
    """What a table shows of one run."""

    f1: float  # seqeval calls it `mode="strict", scheme=IOB2`
    slots: float  # sentences with every slot right
    intents: float | None  # None if the system predicts no intent
    both: float | None  # sentences with every slot and the intent right


class Run(NamedTuple):
    """One training, and the scores of its predictions for the test split."""

    result: Result
    scores: Figures


class Results(NamedTuple):
    """What is kept of a plan; what was not run is missing."""

    recipes: dict[str, list[Run]]
    crfsuite: dict[str, list[Run]]  # by data set
    curve: list[tuple[list[Run], list[Run]]]  # recipes/atis.toml and python-crfsuite, a pair for each share
    ablation: dict[str, dict[tuple[int, int | None], Result]]  # by what was taken away ("": nothing), seed and fold


def figures(gold: Sequence[Example], tags: Sequence[Sequence[str]], intents: Sequence[str | None] | None) -> Figures:
    """Of the predictions for a test split."""
    slots = [spans_of(e.tags) == spans_of(strict(own)) for e, own in zip(gold, tags, strict=True)]
    f1 = 100 * score([example.tags for example in gold], list(map(strict, tags))).micro.f1
    if intents is None:
        return Figures(f1, _percent(slots), None, None)
    right = [e.intent == intent for e, intent in zip(gold, intents, strict=True)]
    return Figures(f1, _percent(slots), _percent(right), _percent(list(map(min, slots, right))))


def strict(tags: Sequence[str]) -> list[str]:
    """The tags, with O in place of each that IOB2 does not allow there: it neither begins nor continues a slot."""
    kept = [OUTSIDE]
    for tag in tags:
        kept.append(tag if may_follow(kept[-1], tag) else OUTSIDE)
    return kept[1:]


def _percent(values: Sequence[bool]) -> float:
    return 100 * sum(values) / max(1, len(values))


def results_of(plan: Plan, work: Path) -> Results:
    """Score the kept results of a plan; nothing is trained here."""

    @cache
    def test_of(source: Path) -> Sequence[Example]:
        return split_of(load(source), "test")

    def runs(trainings: Sequence[Training]) -> list[Run]:
        found = [(training, kept(training, work)) for training in dict.fromkeys(trainings)]
        return [Run(r, figures(test_of(t.source), r["test"]["tags"], r["test"]["intents"])) for t, r in found if r]

    pairs = [tuple(runs(own) for own in zip(*pairs, strict=True)) for pairs in plan.curve()]
    return Results(
        recipes={name: runs(plan.recipe(name)) for name in RECIPES},
        crfsuite={source: runs([plan.crfsuite(source)]) for source in SOURCES},
        curve=[(ours, theirs) for ours, theirs in pairs if ours and theirs],
        ablation={
            piece: {(t.seed, t.fold): result for t in trainings if (result := kept(t, work))}
            for piece, trainings in plan.ablation().items()
        },
    )


def _on_dev(result: Result) -> tuple[float, ...]:
    """The means of the last epochs, in percent."""
    return tuple(100 * mean(epoch[key] for epoch in result["history"][-_LAST:]) for key in _KEYS)


def machine(results: Results) -> str:
    """Where and with what the recipes were trained."""
    runs = [run.result for own in results.recipes.values() for run in own]
    lines = Counter(described(run["machine"]) for run in runs)
    if not runs:
        raise KeyError("machine")
    several = " The code of slotfill changed between these runs." if len({run["code"] for run in runs}) > 1 else ""
    return "\n".join(f"{line}. Trainings: {count}, one thread each." for line, count in lines.items()) + several


def systems(source: str, results: Results) -> str:
    """All systems on the test split of a data set: ours, then python-crfsuite, then the literature."""
    lines: list[tuple[str, ...]] = []
    ours = {title: results.recipes[name] for name, title in _TITLES.items() if RECIPES[name][0] == source}
    for title, runs in (ours | {"linear CRF, python-crfsuite": results.crfsuite[source]}).items():
        if runs:
            cells = [_cell(runs, "f1"), *(_cell(runs, name, digits=1) for name in ("slots", "intents", "both"))]
            sizes = sorted({run.result.get("parameters", 0) / 1e6 for run in runs} - {0})
            cells.append(" or ".join(f"{size:.2f} M" for size in sizes))
            cells.append(f"{mean(run.result['cpu_seconds'] for run in runs):,.0f}")
            lines.append((title, f"measured here{_seeds(runs) if title in ours else ''}", *cells))
    for system in SYSTEMS if lines else ():
        if published := system.atis if source == "atis" else system.snips:
            f1, intents, both = published
            lines.append((system.name, system.figure, f1, "", intents, both, system.parameters, ""))
    titles = ("system", "whose figures", "slot F1", "slots right", "intent right", "both right", "parameters")
    return table((*titles, "training, CPU-seconds"), lines, words=(0, 1))


def curve(results: Results) -> str:
    """The learning curve in figures."""
    rows = []
    for ours, theirs in results.curve:
        difference = mean(run.scores.f1 for run in ours) - mean(run.scores.f1 for run in theirs)
        size = f"{ours[0].result['sentences']:,}"
        rows.append((size, _cell(ours, "f1"), _cell(theirs, "f1"), f"{difference:+.1f}", str(len(ours))))
    return table(("training sentences", "slotfill", "python-crfsuite", "difference", "seeds"), rows, words=())


def draw_curve(results: Results, path: Path) -> None:
    """The learning curve as a picture; bars are one standard deviation to each side."""
    from matplotlib.figure import Figure

    from slotfill.plots import save

    figure = Figure(figsize=(6, 3.8), layout="constrained")
    axes, sizes = figure.subplots(), [ours[0].result["sentences"] for ours, _ in results.curve]
    for number, label in enumerate(("slotfill, recipes/atis.toml", "python-crfsuite")):
        scores = [[run.scores.f1 for run in pair[number]] for pair in results.curve]
        spreads = [stdev(own) if len(own) > 1 else 0.0 for own in scores]
        axes.errorbar(sizes, list(map(mean, scores)), spreads, marker="o", capsize=3, label=label)
    axes.set(xlabel="training sentences", ylabel="slot F1 on the ATIS test split", xscale="log")
    axes.set_xticks(sizes, [f"{size:,}" for size in sizes], fontsize=7)
    axes.minorticks_off()
    axes.grid(visible=True, alpha=0.3)
    axes.legend(fontsize=8)
    save(figure, path)


def ablation(results: Results) -> str:
    """What each piece is worth; bold is more than two standard errors away from zero."""
    lines, whole = [], {at: _on_dev(result) for at, result in results.ablation[""].items()}
    for piece, kept_ones in results.ablation.items():
        if runs := {at: result for at, result in kept_ones.items() if at in whole}:
            differences = [[a - b for a, b in zip(_on_dev(runs[at]), whole[at], strict=True)] for at in runs]
            means = [f"{mean(scores):.2f}" for scores in zip(*whole.values(), strict=True)]
            cells = list(map(_differs, zip(*differences, strict=True))) if piece else means
            cpu_seconds = mean(result["cpu_seconds"] for result in runs.values())
            title = f"without {piece}" if piece else "recipes/atis.toml"
            lines.append((title, *cells, f"{cpu_seconds:,.0f}", str(len(runs))))
    return table(("", "slot F1", "slots right", "intent right", "CPU-seconds", "trainings"), lines)


def _differs(differences: Sequence[float]) -> str:
    """The mean and its standard error."""
    if len(differences) < 2:
        return f"{differences[0]:+.2f}"
    error = stdev(differences) / len(differences) ** 0.5
    bold = "**" if abs(mean(differences)) > 2 * error else ""
    return f"{bold}{mean(differences):+.2f}{bold} ± {error:.2f}"


def _seeds(runs: Sequence[Run]) -> str:
    return f", {len(runs)} seed{'s' if len(runs) > 1 else ''}"


def _cell(runs: Sequence[Run], name: str, *, digits: int = 2) -> str:
    """Mean and standard deviation of a score; of a single run only its value, and nothing where there is none."""
    values = [value for run in runs if (value := getattr(run.scores, name)) is not None]
    if not values:
        return ""
    return f"{mean(values):.{digits}f}" + (f" ± {stdev(values):.{digits}f}" if len(values) > 1 else "")


TABLES: Mapping[str, Callable[[Results], str]] = {
    "machine": machine,
    "atis": partial(systems, "atis"),
    "snips": partial(systems, "snips"),
    "curve": curve,
    "ablation": ablation,
}
