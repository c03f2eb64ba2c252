"""What has to be there before anything is measured: the files that all read, the models, and their scores on test.

Models stay in the work folder: a later run only measures. Delete a model to train it anew.
"""

import json
import re
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from random import Random
from string import ascii_lowercase
from typing import Any

from benchmarks.documents import write
from benchmarks.measuring import ONE_THREAD, ROOT, CommandError, Process, output, run, say
from slotfill.bundle import Bundle, read
from slotfill.bundle import write as write_bundle
from slotfill.config import from_assignments
from slotfill.evaluation import score
from slotfill.readers import load, split_of
from slotfill.tags import OUTSIDE
from slotfill.vocabulary import Vocabularies, Vocabulary

PYTHON = Path(sys.executable)
SLOTFILL = PYTHON.with_name("slotfill")
SHIPPED = ROOT / "models" / "travel"
WIDTHS = (128, 200)
SEED = 1
SAME_NETWORK = ("slotfill", "torch", "onnxruntime")
PEERS = {"torch": "torch", "onnxruntime": "onnxruntime", "crfsuite": "python-crfsuite", "spacy": "spacy"}  # packages


def ask(name: str, *arguments: str | Path, function: str = "main") -> Process:
    """A command of contestants.py; slotfill runs with nothing set, all others with one thread."""
    threads = {} if name == "slotfill" else ONE_THREAD
    words = [*([] if function == "main_typer" else [name]), *arguments]
    code = f"from benchmarks.speed.contestants import {function}; {function}()"
    return Process([PYTHON, "-P", "-c", code, *words], environment={"PYTHONPATH": str(ROOT), **threads})


def inside(task: str, *arguments: object) -> Any:
    """What inside.py measures in a process of its own."""
    command = [PYTHON, "-P", "-m", "benchmarks.speed.inside", task, *arguments]
    return json.loads(output(Process(command, environment={"PYTHONPATH": str(ROOT), **ONE_THREAD})))


def tag_file(model: Path, source: Path, out: Path, *options: str) -> Process:
    """`slotfill tag` from a file into a file."""
    return Process([SLOTFILL, "tag", "--model", model, "--input", source, "--output", out, *options])


@dataclass(frozen=True)
class Work:
    """The folder of a benchmark, and the data that all learn from."""

    data: Path
    folder: Path

    def file(self, name: str) -> Path:
        """A file that contestants read or write."""
        return self.folder / "data" / name

    def model(self, name: str | int) -> Path:
        """By the network's width or a name; beside the bundle stand ids and graph for torch and onnxruntime."""
        return self.folder / "models" / (f"atis-{name}" if isinstance(name, int) else name)

    def contestants(self) -> dict[str, tuple[str, Path]]:
        """By the name of the row: the contestant and its model."""
        same = {f"{who}, hidden {hidden}": (who, self.model(hidden)) for hidden in WIDTHS for who in SAME_NETWORK}
        ours = {"slotfill, the model that ships": ("slotfill", SHIPPED)}
        return same | ours | {name: (name, self.model("atis")) for name in ("crfsuite", "spacy")}

    def prepare(self) -> None:
        """Write the files, and train whoever has no model yet."""
        for folder in (self.file(""), self.model("")):
            folder.mkdir(parents=True, exist_ok=True)
        self._write_texts()
        for hidden in WIDTHS:
            if not self.model(hidden).exists():
                say(f"training: slotfill, hidden {hidden}")
                settings = ["--set", f"model.hidden={hidden}", "--seed", SEED, "--quiet"]
                command = [SLOTFILL, "train", "--data", self.data, "--output", self.model(hidden), *settings]
                run(Process(command, environment=ONE_THREAD))
        for name in ("crfsuite", "spacy"):
            if not (kept := self.model(f"{name}.json")).exists():
                say(f"training: {name}")
                try:
                    write(kept, output(ask(name, "train", self.file(""), self.model("atis"))))
                except CommandError as failure:
                    say(f"left out: {failure}")
        for bundle, target in [(SHIPPED, self.model("travel")), *((self.model(h), self.model(h)) for h in WIDTHS)]:
            _write_plainly(bundle, target)

    def _write_texts(self) -> None:
        """All splits, and texts: `bulk` (train and test), and two files that are hard on memory.

        `made-up` has a new word on each line, and `wide` lines of ten texts each.
        """
        dataset, texts = load(self.data), {}
        for split in ("train", "dev", "test"):
            examples = split_of(dataset, split)
            texts[split] = [example.text for example in examples]
            rows = [([token.text for token in e.tokens], e.tags) for e in examples]
            write(self.file(f"{split}.json"), json.dumps(rows))
            write(self.file(f"{split}.words.json"), json.dumps([words for words, _ in rows]))
        every, rng = texts["train"] + texts["test"], Random(SEED)
        files = {
            "test": texts["test"],
            "one": texts["test"][:1],
            "bulk": every,
            "made-up": ["".join(rng.choices(ascii_lowercase, k=8)) for _ in range(100_000)],
            "wide": [" ".join(rng.sample(every, 10)) for _ in range(10_000)],
        }
        for name, lines in files.items():
            write(self.file(f"{name}.txt"), "".join(f"{line}\n" for line in lines))

    def scores(self) -> dict[str, dict[str, Any]]:
        """For each contestant its training CPU seconds and its strict slot F1 on test.

        Those that run slotfill's network have its training, and the number of tags in which they differ from it.
        """
        gold = [tags for _, tags in json.loads(self.file("test.json").read_text())]
        rows: dict[str, dict[str, Any]] = {}
        predicted: dict[str, list[list[str]]] = {}
        for row, (who, model) in self.contestants().items():
            if model == SHIPPED:
                continue
            try:
                found = predicted[row] = json.loads(output(ask(who, "predict", model, self.file("test.words.json"))))
            except CommandError as failure:
                say(f"left out: {failure}")
                continue
            rows[row] = {"f1": score(gold, found).micro.f1, "training": self._training(who, model)}
            if who in SAME_NETWORK[1:]:
                ours = predicted[row.replace(who, "slotfill")]
                pairs = [pair for a, b in zip(ours, found, strict=True) for pair in zip(a, b, strict=True)]
                rows[row] |= {"different": sum(a != b for a, b in pairs), "tags": len(pairs)}
        return rows

    def _training(self, who: str, model: Path) -> float:
        if who in SAME_NETWORK:
            return float(json.loads((model / "training.json").read_text())["cpu_seconds"])
        return float(self.model(f"{who}.json").read_text())

    def random_bundle(self, *, hidden: int = 128, words: int = 0) -> Path:
        """A bundle of random weights that tags every token O, to measure what a width or a vocabulary costs.

        Labels and characters are those of the train split; words beyond its own are made of its characters.
        """
        from slotfill.training.loop import build

        path = self.model(f"random-{hidden}-{words}")
        if path.exists():
            return path
        config = from_assignments([f"model.hidden={hidden}", f"training.seed={SEED}"])
        known = Vocabularies.of(split_of(load(self.data), "train"))
        forms, letters, rng = dict.fromkeys(known.words.items[2:]), known.characters.items[2:], Random(SEED)
        while len(forms) < words:
            forms["".join(rng.choices(letters, k=rng.randint(4, 12)))] = None
        vocabulary = Vocabulary(list(forms)[: words or len(forms)])
        vocabularies = Vocabularies(vocabulary, known.characters, known.tags, known.intents)
        weights = build(config, vocabularies).arrays()
        # random tags would break IOB2 in every sentence, and mending them is dear; a trained network hardly ever does
        weights["emissions.b"][vocabularies.tags.id(OUTSIDE)] = 100
        write_bundle(Bundle(config, vocabularies, weights, {}, [], "Random weights.\n"), path)
        return path


def _write_plainly(bundle: Path, target: Path) -> None:
    """TARGET.ids.json and TARGET.onnx; torch reads the bundle itself at TARGET."""
    if bundle != target and not target.exists():
        target.symlink_to(bundle, target_is_directory=True)
    vocabularies = read(bundle).vocabularies
    words, characters = vocabularies.words.items[2:], vocabularies.characters.items[2:]
    write(
        target.with_name(f"{target.name}.ids.json"),
        json.dumps({"words": words, "characters": characters, "tags": vocabularies.tags.items}),
    )
    try:
        from benchmarks.speed.onnx_graph import write_graph

        write_graph(bundle, target.with_name(f"{target.name}.onnx"))
    except ModuleNotFoundError as missing:
        say(f"left out: no graph for onnxruntime without {missing.name}")


def installed_bytes() -> dict[str, int]:
    """Of each contestant's package with all that it needs, without pip and setuptools."""
    return {
        name: size
        for name, package in {"slotfill": "slotfill", **PEERS}.items()
        if (size := _installed(package, set()))
    }


def _installed(package: str, seen: set[str]) -> int:
    if package in {*seen, "pip", "setuptools"}:
        return 0
    seen.add(package)
    try:
        found = distribution(package)
    except PackageNotFoundError:  # left out, or of another platform
        return 0
    files = {Path(str(file.locate())).resolve() for file in found.files or ()}
    needs = [re.split(r"[^\w.-]", need)[0].lower() for need in found.requires or () if "extra ==" not in need]
    return sum(file.stat().st_size for file in files if file.is_file()) + sum(_installed(n, seen) for n in needs)
