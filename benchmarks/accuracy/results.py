"""What is kept of a plan, scored; nothing is trained here."""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from benchmarks.accuracy.mistakes import Mistake, classified
from benchmarks.accuracy.plan import RECIPES, SOURCES, Plan, Training
from benchmarks.accuracy.scoring import Figures, figures
from benchmarks.accuracy.training import Part, Result, kept, parts

ANALYSED = 1  # the seed whose mistakes are looked at, fixed beforehand
_KEYS = ("f1", "sentence_accuracy", "intent_accuracy")
_LAST = 5  # epochs whose mean is a dev score: steadier than the best one


class Run(NamedTuple):
    """One training, and what its predictions for test score."""

    result: Result
    scores: Figures


class Scored(NamedTuple):
    """Percent on a dev part."""

    f1: float
    slots: float
    intents: float


class Piece(NamedTuple):
    """One training without a part of the recipe."""

    short: Scored
    full: Scored
    cpu_seconds: float


class Results:
    """The kept results of a plan; what was not run is missing."""

    def __init__(self, plan: Plan, work: Path) -> None:
        self.plan, self.work = plan, work

    @cached_property
    def recipes(self) -> dict[str, list[Run]]:
        """Each recipe's runs."""
        return {name: self._scored(self.plan.recipe(name)) for name in RECIPES}

    @cached_property
    def crfsuite(self) -> dict[str, list[Run]]:
        """python-crfsuite's only run, by data set."""
        return {source: self._scored([self.plan.crfsuite(source)]) for source in SOURCES}

    @cached_property
    def curve(self) -> dict[int, tuple[list[Run], list[Run]]]:
        """By the number of training sentences: recipes/atis.toml and python-crfsuite."""
        rows = {}
        for pairs in self.plan.curve().values():
            ours = self._scored([own for own, _ in pairs])
            theirs = self._scored(list(dict.fromkeys(other for _, other in pairs)))
            if ours and theirs:
                rows[ours[0].result["sentences"]] = ours, theirs
        return rows

    @cached_property
    def ablation(self) -> dict[str, list[Piece]]:
        """By what was taken away: each fold and seed beside the whole recipe on the same fold with the same seed."""
        found = {
            piece: {(t.seed, t.fold): result for t in folds if (result := kept(t, self.work))}
            for piece, folds in self.plan.ablation().items()
        }
        full = found.get("", {})
        return {
            piece: [
                Piece(_on_dev(result), _on_dev(full[where]), float(result["cpu_seconds"]))
                for where, result in own.items()
                if where in full
            ]
            for piece, own in found.items()
        }

    @cached_property
    def mistakes(self) -> list[Mistake]:
        """Those of recipes/atis.toml on the ATIS test part, with the seed fixed beforehand; none if it was not run."""
        run = self.analysed
        train, _, test = self.parts("atis")
        return classified(train, test, run.result["test"]["tags"]) if run else []

    @cached_property
    def analysed(self) -> Run | None:
        """The run whose mistakes are looked at."""
        return next((run for run in self.recipes["atis"] if run.result["seed"] == ANALYSED), None)

    def parts(self, source: str) -> tuple[Part, Part, Part]:
        """Train, dev and test of a data set."""
        return parts(self.plan.crfsuite(source))

    def _scored(self, trainings: Sequence[Training]) -> list[Run]:
        runs = []
        for training in trainings:
            if result := kept(training, self.work):
                test, found = self._test(training.source.name), result["test"]
                runs.append(Run(result, figures(test, found["tags"], found["intents"])))
        return runs

    def _test(self, source: str) -> Part:
        return self._tests.setdefault(source, self.parts(source)[2])

    @cached_property
    def _tests(self) -> dict[str, Part]:
        return {}


def _on_dev(result: Result) -> Scored:
    """The means of the last epochs, in percent."""
    last = result["history"][-_LAST:]
    return Scored(*[100 * sum(epoch[key] for epoch in last) / len(last) for key in _KEYS])
