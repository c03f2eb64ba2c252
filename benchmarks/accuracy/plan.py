"""Which trainings each part of the benchmark needs.

What decides the outcome of a training is in its identity, by which its result is kept and found again.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from benchmarks.measuring import ROOT
from slotfill.config import Config, DataConfig, from_assignments, from_toml, of_sources

RECIPES = {  # name -> the data that it learns from, and its settings, None being the default ones
    "atis": ("atis", ROOT / "recipes" / "atis.toml"),
    "atis-all": ("atis", ROOT / "recipes" / "atis.toml"),
    "atis-fast": ("atis", ROOT / "recipes" / "atis-fast.toml"),
    "default": ("atis", None),
    "snips": ("snips", ROOT / "recipes" / "snips.toml"),
}
LEARN_DEV = ("atis-all",)  # learn from dev too, where nothing is left to be chosen: the last epoch counts
SOURCES = ("atis", "snips")
SHARES = (0.05, 0.1, 0.25, 0.5, 1.0)  # of ATIS's train part, for the learning curve
FOLDS = 3  # as rare_words.py makes them
FEWER = 3  # seeds of the learning curve
FEWEST = 2  # of the ablation, each on every fold
PARTS = (*RECIPES, "crfsuite", "curve", "ablation")

# What can be taken away from a recipe, and the settings without it.
PIECES: Mapping[str, tuple[str, ...]] = {
    "CRF": ("model.crf=false",),
    "gazetteers as features": ("model.gazetteers=false",),
    "copies with other values": ("data.substituted=0.0",),
    "mended `nonstop` labels": ("data.relabelled=false",),
    "character network": ("model.character_filters=0",),
    "second direction": ("model.bidirectional=false",),
    "averaged weights (EMA)": ("training.ema=0.0",),
    "word dropout": ("training.word_dropout=0.0", "training.word_dropout_base=0.0"),
    "dropout": ("training.dropout_in=0.0", "training.dropout_out=0.0"),
    "learning of intents": ("training.intent_weight=0.0",),
}


class Training(NamedTuple):
    """One run of one net, or of python-crfsuite."""

    name: str
    source: Path  # the data set's folder
    seed: int
    config: Config | None  # with the seed; None: python-crfsuite
    share: float = 1.0  # of the train part, drawn with the seed
    fold: int | None = None  # of the rare words, in place of train and dev
    learns_dev: bool = False
    tested: bool = True  # whether the test part is looked at

    @property
    def identity(self) -> str:
        """A digest of settings and data."""
        settings = self.config.to_dict() if self.config else ["python-crfsuite", self.seed if self.share < 1 else 0]
        data = [self.share, self.fold, _digest(self.source), *["with dev"] * self.learns_dev]
        return hashlib.sha256(json.dumps([settings, *data]).encode()).hexdigest()

    @property
    def file(self) -> str:
        """The name of the file with its result."""
        part = f"-{self.share:.0%}" if self.share < 1 else f"-rare{self.fold}" if self.fold is not None else ""
        words = "".join(letter if letter.isalnum() else "-" for letter in f"{self.name}{part}-seed{self.seed}")
        return f"{words}-{self.identity[:12]}.json"


class Plan:
    """All trainings over a folder of data sets."""

    def __init__(self, data: Path, *, seeds: Sequence[int], assignments: Sequence[str] = ()) -> None:
        self.data, self.seeds, self.assignments = data, seeds, assignments

    def part(self, name: str) -> list[Training]:
        """The trainings of a part; the same one may stand in several parts."""
        if name in RECIPES:
            return self.recipe(name)
        if name == "crfsuite":
            return [self.crfsuite(source) for source in SOURCES]
        if name == "curve":
            return [training for trainings in self.curve().values() for both in trainings for training in both]
        # all pieces with one seed before the next one: a benchmark that is broken off has whole columns
        return sorted((training for folds in self.ablation().values() for training in folds), key=lambda t: t.seed)

    def recipe(self, name: str) -> list[Training]:
        """A recipe with each seed."""
        return [self._training(name, seed) for seed in self.seeds]

    def crfsuite(self, source: str, *, share: float = 1.0, seed: int = 1) -> Training:
        """python-crfsuite, which is the same with every seed; the seed draws the share."""
        return Training(f"crfsuite-{source}", self.data / source, seed if share < 1 else 1, None, share)

    def curve(self) -> dict[float, list[tuple[Training, Training]]]:
        """By the share of ATIS's train part: recipes/atis.toml and python-crfsuite, with each seed."""
        return {
            share: [
                (self._training("atis", seed)._replace(share=share), self.crfsuite("atis", share=share, seed=seed))
                for seed in self.seeds[:FEWER]
            ]
            for share in SHARES
        }

    def ablation(self) -> dict[str, list[Training]]:
        """By what is taken away from recipes/atis.toml (`` being nothing): the trainings on each fold of rare words."""
        rows: dict[str, list[Training]] = {}
        for seed in self.seeds[:FEWEST]:
            full = self._training("atis", seed)._replace(tested=False)
            short = {f"atis without {piece}": config for piece, config in without(_config(full)).items()}
            for name, config in {full.name: full.config, **short}.items():
                training = full._replace(name=name, config=config)
                piece = name.partition(" without ")[2]
                rows.setdefault(piece, []).extend(training._replace(fold=fold) for fold in range(FOLDS))
        return rows

    def _training(self, name: str, seed: int) -> Training:
        source, recipe = RECIPES[name]
        config = from_toml(recipe) if recipe else Config()
        config = from_assignments([*self.assignments, f"training.seed={seed}"], base=config)
        config = config._replace(data=of_sources([source], config.data))
        return Training(name, self.data / source, seed, config, learns_dev=name in LEARN_DEV)


def without(config: Config) -> dict[str, Config]:
    """The configuration without each of its parts by itself; any other setting goes back to its default."""
    found, known = {}, {"training.seed", "data.source"}
    for piece, assignments in PIECES.items():
        known.update(assignment.partition("=")[0] for assignment in assignments)
        found[piece] = _assigned(config, assignments)
    default = Config(data=(DataConfig(),))
    for name, value in _settings(config):
        if name not in known and value != (usual := dict(_settings(default))[name]):
            found[f"`{name} = {value}`, in its place {usual}"] = _assigned(config, [f"{name}={json.dumps(usual)}"])
    return {piece: changed for piece, changed in found.items() if changed != config}


def _assigned(config: Config, assignments: Sequence[str]) -> Config:
    """As `--set`, and for the only data set `data.key=value` as well."""
    for assignment in assignments:
        section, _, rest = assignment.partition(".")
        if section == "data":
            key, _, value = rest.partition("=")
            config = config._replace(data=(config.data[0]._replace(**{key: json.loads(value)}),))
        else:
            config = from_assignments([assignment], base=config)
    return config


def _settings(config: Config) -> Iterator[tuple[str, object]]:
    for section, values in (("model", config.model), ("training", config.training), ("data", config.data[0])):
        for key, value in values._asdict().items():
            yield f"{section}.{key}", value


def _config(training: Training) -> Config:
    assert training.config is not None
    return training.config


@cache
def _digest(source: Path) -> str:
    """Of all files of a data set."""
    digest = hashlib.sha256()
    for path in sorted(path for path in source.rglob("*") if path.is_file()):
        digest.update(str(path.relative_to(source)).encode() + path.read_bytes())
    return digest.hexdigest()
