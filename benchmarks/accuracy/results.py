"""What is kept of a plan, scored; nothing is trained here."""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from accuracy.mistakes import Mistake, classified
from accuracy.plan import RECIPES, SOURCES, Plan, Training
from accuracy.scoring import Figures, figures
from accuracy.training import Part, Result, kept, parts

ANALYSED = 1  # the seed whose mistakes are looked at, fixed beforehand
_LAST = 5  # epochs whose mean is a dev score: steadier than the best one


class Run(NamedTuple):
    """One training, and what its predictions for test score."""

    result: Result
    scores: Figures


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
    def ablation(self) -> dict[str, tuple[list[float], list[float], list[float]]]:
        """By what was taken away: slot F1 on dev, on rare words, and CPU-seconds on all of train, for each seed."""
        rows = {}
        for piece, (trainings, folds) in self.plan.ablation().items():
            whole = [result for training in trainings if (result := kept(training, self.work))]
            rare: dict[int, list[float]] = {}
            for training in folds:
                if result := kept(training, self.work):
                    rare.setdefault(training.seed, []).append(_on_dev(result))
            each = len(folds) // len(trainings)
            means = [sum(scores) / each for scores in rare.values() if len(scores) == each]
            if whole:
                rows[piece] = [_on_dev(r) for r in whole], means, [float(r["cpu_seconds"]) for r in whole]
        return rows

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


def _on_dev(result: Result) -> float:
    """Slot F1 in percent, the mean of the last epochs."""
    scores = [epoch["f1"] for epoch in result["history"][-_LAST:]]
    return float(100 * sum(scores) / len(scores))
