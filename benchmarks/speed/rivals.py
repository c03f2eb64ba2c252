"""Everybody trained on the same data, once: models, ids, graphs, training time and strict slot F1 on test."""

import json
import shutil
from pathlib import Path
from typing import Any

from environments import Environments
from measure import ONE_THREAD, CommandError, Contestant, answer, run, say

CONTESTANTS = Path(__file__).with_name("contestants")
WIDTHS = (128, 200)
SEED = 1


def asked(python: Path, name: str, *arguments: str | Path, function: str = "run") -> Contestant:
    """A command of contestants/contestant.py, by one contestant; its modules are compiled as packages are.

    slotfill runs with nothing set.
    """
    code = f"from with_{name} import {function}; {function}()"
    threads = {} if name == "slotfill" else ONE_THREAD
    return Contestant([python, "-P", "-c", code, *arguments], environment={**threads, "PYTHONPATH": str(CONTESTANTS)})


class Rivals:
    """Who takes part, with the commands that make each of them work."""

    def __init__(self, environments: Environments, data: Path) -> None:
        self.environments = environments
        self.data = data
        self.files = environments.work / "data"
        self.models = environments.work / "models"
        self.lean, self.python = environments.lean / "bin/python", environments.peers / "bin/python"
        self.slotfill = environments.lean / "bin/slotfill"
        (self.shipped,) = (environments.lean / "lib").glob("python*/site-packages/slotfill/shipped/models/travel")

    def bundle(self, hidden: int) -> Path:
        """The model that slotfill trained."""
        return self.models / f"atis-{hidden}"

    def ask(self, name: str, *arguments: str | Path, function: str = "run") -> Contestant:
        """A command of contestants/contestant.py, by one contestant."""
        return asked(self.lean if name == "slotfill" else self.python, name, *arguments, function=function)

    def script(self, name: str, *arguments: str | Path, lean: bool = False) -> Contestant:
        """Another program of that folder."""
        python = self.lean if lean else self.python
        return Contestant([python, CONTESTANTS / f"{name}.py", *arguments], environment=ONE_THREAD)

    def make(self) -> None:
        """Write the files that all read, and train whoever has no model yet that this version can read."""
        self.models.mkdir(parents=True, exist_ok=True)
        run(self.script("prepare", "data", self.data, self.files))
        for hidden in WIDTHS:
            self._train_slotfill(self.bundle(hidden))
        for name, model in (("crfsuite", "atis.crfsuite"), ("spacy", "atis.spacy")):
            kept = self.models / f"{name}.json"
            if kept.exists() and (self.models / model).exists():
                continue
            say(f"training: {name}")
            try:
                kept.write_text(answer(self.ask(name, "train", self.files, self.models / "atis")))
            except CommandError as failure:
                say(f"left out: {failure}")
        for bundle in (self.shipped, *map(self.bundle, WIDTHS)):
            target = self.at_hand(bundle)
            if bundle == self.shipped:
                shutil.copytree(bundle, target, dirs_exist_ok=True)
            run(self.script("prepare", "convert", bundle, target))

    def at_hand(self, bundle: Path) -> Path:
        """The path under which the peers find a bundle, its ids and its graph."""
        return self.models / ("travel" if bundle == self.shipped else bundle.name)

    def _train_slotfill(self, bundle: Path) -> None:
        try:
            run(Contestant([self.slotfill, "tag", "--model", bundle, "a flight to boston"]))
        except CommandError:
            say(f"training: slotfill, {bundle.name}")
            hidden = bundle.name.rpartition("-")[2]
            settings = ["--set", f"model.hidden={hidden}", "--seed", str(SEED)]
            command = [self.environments.peers / "bin/slotfill", "train", "--data", self.data, "--out", bundle]
            run(Contestant([*command, "--overwrite", "--quiet", *settings], environment=ONE_THREAD))

    def scores(self) -> dict[str, dict[str, Any]]:
        """For each contestant its training CPU seconds and its strict slot F1 on test.

        Those that run slotfill's network have its training, and the number of tags in which they differ from it.
        """
        rows: dict[str, dict[str, Any]] = {}
        predicted = self.environments.work / "predicted"
        predicted.mkdir(exist_ok=True)
        for hidden in WIDTHS:
            bundle = self.bundle(hidden)
            seconds = json.loads((bundle / "training.json").read_text())["cpu_seconds"]
            for name in ("slotfill", "torch", "onnxruntime"):
                row = self._score(name, bundle, predicted / f"{name}-{hidden}.json", seconds)
                if row is None:
                    continue
                if name != "slotfill":
                    both = (predicted / f"{who}-{hidden}.json" for who in ("slotfill", name))
                    row["different"], row["tags"] = json.loads(answer(self.script("prepare", "agree", *both)))
                rows[f"{name}, hidden {hidden}"] = row
        for name in ("crfsuite", "spacy"):
            kept = self.models / f"{name}.json"
            seconds = json.loads(kept.read_text()) if kept.exists() else 0.0
            if row := self._score(name, self.models / "atis", predicted / f"{name}.json", seconds):
                rows[name] = row
        return rows

    def _score(self, name: str, model: Path, predicted: Path, seconds: float) -> dict[str, Any] | None:
        try:
            run(self.ask(name, "predict", model, self.files / "test.words.json"), target=predicted)
            f1 = float(answer(self.script("prepare", "score", self.files, predicted)))
        except CommandError as failure:
            say(f"left out: {failure}")
            return None
        return {"training": seconds, "f1": f1}
