"""What is kept of a plan, scored; nothing is trained here."""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from statistics import mean
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


class Piece(NamedTuple):
    """One training without a part of the recipe, and the whole recipe on the same fold: slots F1, slots, intents."""

    short: tuple[float, ...]
    full: tuple[float, ...]
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
        """The only run of python-crfsuite, by data set."""
        return {source: self._scored([self.plan.crfsuite(source)]) for source in SOURCES}

    @cached_property
    def curve(self) -> dict[int, tuple[list[Run], list[Run]]]:
        """By the number of training sentences: recipes/atis.toml and python-crfsuite."""
        rows = {}
        for pairs in self.plan.curve().values():
            ours, theirs = (self._scored(list(dict.fromkeys(own))) for own in zip(*pairs, strict=True))
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
    def analysed(self) -> Run | None:
        """The run of recipes/atis.toml whose mistakes are looked at."""
        return next((run for run in self.recipes["atis"] if run.result["seed"] == ANALYSED), None)

    @cached_property
    def mistakes(self) -> list[Mistake]:
        """Those of that run on the ATIS test split."""
        train, _, test = self.parts("atis")
        return classified(train, test, self.analysed.result["test"]["tags"]) if self.analysed else []

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


def _on_dev(result: Result) -> tuple[float, ...]:
    """The means of the last epochs, in percent."""
    return tuple(100 * mean(epoch[key] for epoch in result["history"][-_LAST:]) for key in _KEYS)
