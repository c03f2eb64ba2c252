"""Which trainings each group of the benchmark needs.

Whatever decides the outcome of a training is part of its identity, under which its result is kept.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from benchmarks.measuring import ROOT
from slotfill.config import Config, from_assignments, from_toml, of_sources

RECIPES = {  # name -> the data that it learns from, and its settings; None: the defaults
    "atis": ("atis", ROOT / "recipes" / "atis.toml"),
    "atis-all": ("atis", ROOT / "recipes" / "atis.toml"),
    "atis-fast": ("atis", ROOT / "recipes" / "atis-fast.toml"),
    "default": ("atis", None),
    "snips": ("snips", ROOT / "recipes" / "snips.toml"),
    "atis-vectors": ("atis", ROOT / "recipes" / "atis.toml"),
    "snips-vectors": ("snips", ROOT / "recipes" / "snips.toml"),
}
VECTORS = ("atis-vectors", "snips-vectors")  # begin with word vectors learnt from other texts
LEARN_DEV = ("atis-all",)  # train on dev too, which leaves nothing to choose an epoch on: the last one counts
SOURCES = ("atis", "snips")
SHARES = (0.05, 0.1, 0.25, 0.5, 1.0)  # of ATIS's train split, for the learning curve
FOLDS = 3
CURVE_SEEDS = 3
ABLATION_SEEDS = 2  # each on every fold
GROUPS = (*RECIPES, "crfsuite", "curve", "ablation")

# What can be taken away from a recipe: the section of its settings, and their values without it.
PIECES: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "CRF": ("model", {"crf": False}),
    "gazetteers as features": ("model", {"gazetteers": "no"}),
    "copies with other values": ("data", {"substituted": 0.0}),
    "relabelled `nonstop`": ("data", {"relabelled": False}),
    "character network": ("model", {"character_filters": 0}),
    "second direction": ("model", {"bidirectional": False}),
    "averaged weights (EMA)": ("training", {"ema": 0.0}),
    "word dropout": ("training", {"word_dropout": 0.0, "word_dropout_base": 0.0}),
    "dropout": ("training", {"dropout_in": 0.0, "dropout_out": 0.0}),
    "learning of intents": ("training", {"intent_weight": 0.0}),
}


@dataclass(frozen=True)
class Training:
    """One run of one network, or of python-crfsuite."""

    name: str
    source: Path  # the data set's folder
    seed: int
    config: Config | None  # with the seed; None: python-crfsuite
    share: float = 1.0  # of the train split, drawn with the seed
    fold: int | None = None  # of the rare words, in place of train and dev; the test split is not looked at
    learns_dev: bool = False

    @property
    def identity(self) -> str:
        """A digest of settings and data."""
        settings = self.config.to_dict() if self.config else ["python-crfsuite", self.seed if self.share < 1 else 0]
        data = [self.share, self.fold, digest(self.source), *["with dev"] * self.learns_dev]
        return hashlib.sha256(json.dumps([settings, *data]).encode()).hexdigest()

    @property
    def file(self) -> str:
        """The name of the file with its result."""
        data = f"-{self.share:.0%}" if self.share < 1 else f"-rare{self.fold}" if self.fold is not None else ""
        words = "".join(letter if letter.isalnum() else "-" for letter in f"{self.name}{data}-seed{self.seed}")
        return f"{words}-{self.identity[:12]}.json"


@dataclass(frozen=True)
class Plan:
    """All trainings over a folder of data sets."""

    data: Path
    seeds: Sequence[int]

    def group(self, name: str) -> list[Training]:
        """The trainings of a group; the same one may be in several groups."""
        if name in RECIPES:
            return self.recipe(name)
        if name == "crfsuite":
            return [self.crfsuite(source) for source in SOURCES]
        if name == "curve":
            return [training for pairs in self.curve() for pair in pairs for training in pair]
        # every piece with one seed before the next seed: an interrupted benchmark has whole columns
        return sorted((training for folds in self.ablation().values() for training in folds), key=lambda t: t.seed)

    def recipe(self, name: str) -> list[Training]:
        """A recipe with each seed."""
        source, path = RECIPES[name]
        config = from_toml(path) if path else Config()
        config = config._replace(data=of_sources([source], config.data))
        if name in VECTORS:
            vectors = self.data / "vectors" / "glove.100d.txt.gz"
            config = from_assignments([f"training.vectors={vectors}"], base=config)
        seeded = {seed: from_assignments([f"training.seed={seed}"], base=config) for seed in self.seeds}
        folder, learns_dev = self.data / source, name in LEARN_DEV
        return [Training(name, folder, seed, own, learns_dev=learns_dev) for seed, own in seeded.items()]

    def crfsuite(self, source: str, *, share: float = 1.0, seed: int = 1) -> Training:
        """python-crfsuite, whose result is the same with every seed; the seed draws the share."""
        return Training(f"crfsuite-{source}", self.data / source, seed if share < 1 else 1, None, share)

    def curve(self) -> list[list[tuple[Training, Training]]]:
        """For each share of ATIS's train split: recipes/atis.toml and python-crfsuite, with each seed."""
        return [
            [
                (replace(training, share=share), self.crfsuite("atis", share=share, seed=training.seed))
                for training in self.recipe("atis")[:CURVE_SEEDS]
            ]
            for share in SHARES
        ]

    def ablation(self) -> dict[str, list[Training]]:
        """By what is taken away from recipes/atis.toml ("" is nothing): the trainings on each fold of rare words."""
        rows: dict[str, list[Training]] = {}
        for full in self.recipe("atis")[:ABLATION_SEEDS]:
            assert full.config
            for piece, config in {"": full.config, **without(full.config)}.items():
                name = f"atis without {piece}" if piece else "atis"
                folds = [replace(full, name=name, config=config, fold=fold) for fold in range(FOLDS)]
                rows.setdefault(piece, []).extend(folds)
        return rows


def without(config: Config) -> dict[str, Config]:
    """The configuration, of a single data set, without each of its pieces by itself."""
    (data,) = config.data
    found = {}
    for piece, (section, values) in PIECES.items():
        changed: Any = (data._replace(**values),) if section == "data" else getattr(config, section)._replace(**values)
        found[piece] = config._replace(**{section: changed})
    return {piece: other for piece, other in found.items() if other != config}


@cache
def digest(folder: Path, pattern: str = "*") -> str:
    """Of the names and contents of all files in a folder."""
    found = hashlib.sha256()
    for path in sorted(path for path in folder.rglob(pattern) if path.is_file()):
        found.update(str(path.relative_to(folder)).encode() + path.read_bytes())
    return found.hexdigest()
