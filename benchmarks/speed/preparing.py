"""What must exist before anything is measured: the files that all read, the models, and their scores on test.

Models stay in the work folder, so that a later run only measures. Delete a model to train it anew.
"""

import json
import re
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

from benchmarks.measuring import ONE_THREAD, ROOT, CommandError, Process, output, run, say
from slotfill.bundle import read
from slotfill.errors import MissingExtraError
from slotfill.evaluation import score
from slotfill.files import write_files
from slotfill.onnx import export
from slotfill.readers import load, split_of

PYTHON = Path(sys.executable)
SLOTFILL = PYTHON.with_name("slotfill")
SHIPPED = ROOT / "models" / "travel"
WIDTHS = (128, 200)
SEED = 1
SAME_NETWORK = ("slotfill", "torch", "onnxruntime")
# The network that contestants.py builds in torch: words and characters, an LSTM, and the best tag of each token.
PLAIN = ("model.crf=false", "model.direct=false", "model.affixes=no", "model.gazetteers=no")
PACKAGES = {name: name for name in (*SAME_NETWORK, "spacy")} | {"crfsuite": "python-crfsuite"}


def ask(name: str, *arguments: str | Path) -> Process:
    """A command of contestants.py; slotfill runs with nothing set, all others with one thread."""
    code = "from benchmarks.speed.contestants import main; main()"
    threads = {} if name == "slotfill" else ONE_THREAD
    return Process([PYTHON, "-P", "-c", code, name, *arguments], environment={"PYTHONPATH": str(ROOT), **threads})


def tag_file(model: Path, source: Path, out: Path, *options: str) -> Process:
    """`slotfill tag` from a file into a file."""
    return Process([SLOTFILL, "tag", "--model", model, "--input", source, "--output", out, "--overwrite", *options])


@dataclass(frozen=True)
class Work:
    """The folder of a benchmark, and the data that all learn from."""

    data: Path
    folder: Path

    def file(self, name: str) -> Path:
        """A file that contestants read or write."""
        return self.folder / "data" / name

    def model(self, name: str | int) -> Path:
        """By the network's width or a name; an exported graph is next to its bundle."""
        return self.folder / "models" / (f"atis-{name}" if isinstance(name, int) else name)

    def contestants(self) -> dict[str, tuple[str, Path]]:
        """By the name of the row: the contestant and its model."""
        same = {f"{who}, hidden {hidden}": (who, self.model(hidden)) for hidden in WIDTHS for who in SAME_NETWORK}
        others = {name: (name, self.model("atis")) for name in ("crfsuite", "spacy")}
        return {**same, "slotfill, the model that ships": ("slotfill", SHIPPED), **others}

    def prepare(self) -> None:
        """Write the files, and train the models that are not there yet."""
        self._write_texts()
        self.model("").mkdir(exist_ok=True)
        for hidden in WIDTHS:
            if not self.model(hidden).exists():
                say(f"training: slotfill, hidden {hidden}")
                settings = [part for one in (f"model.hidden={hidden}", *PLAIN) for part in ("--set", one)]
                options = [*settings, "--seed", SEED, "--quiet"]
                command = [SLOTFILL, "train", "--data", self.data, "--output", self.model(hidden), *options]
                run(Process(command, environment=ONE_THREAD))
            try:
                export.write(read(self.model(hidden)), self.model(f"atis-{hidden}.onnx"), overwrite=True)
            except MissingExtraError as error:
                say(f"left out: onnxruntime: {error}")
        for name in ("crfsuite", "spacy"):
            if not (seconds := self.model(f"{name}.json")).exists():
                say(f"training: {name}")
                try:
                    trained = output(ask(name, "train", self.file("splits.json"), self.model("atis")))
                    write_files({seconds: trained.encode()})
                except CommandError as failure:
                    say(f"left out: {failure}")

    def _write_texts(self) -> None:
        """All splits, and texts one a line: those of test, the first of them, and those of train and test."""
        splits = {name: split_of(load(self.data), name) for name in ("train", "dev", "test")}
        rows = {name: [([token.text for token in e.tokens], e.tags) for e in own] for name, own in splits.items()}
        train, test = ([f"{example.text}\n" for example in splits[name]] for name in ("train", "test"))
        texts = {"test.txt": test, "one.txt": test[:1], "bulk.txt": train + test, "splits.json": [json.dumps(rows)]}
        write_files({self.file(name): "".join(lines).encode() for name, lines in texts.items()})

    def scores(self) -> dict[str, dict[str, Any]]:
        """For each contestant its training CPU seconds and its strict slot F1 on test.

        Those that run slotfill's network have its training, and the number of tags in which they differ from it.
        """
        gold = [tags for _, tags in json.loads(self.file("splits.json").read_text())["test"]]
        rows: dict[str, dict[str, Any]] = {}
        predicted: dict[str, list[list[str]]] = {}
        for row, (who, model) in self.contestants().items():
            if model == SHIPPED:
                continue
            try:
                found = predicted[row] = json.loads(output(ask(who, "predict", model, self.file("splits.json"))))
            except CommandError as failure:
                say(f"left out: {failure}")
                continue
            ours = who in SAME_NETWORK
            seconds = json.loads((model / "training.json" if ours else self.model(f"{who}.json")).read_text())
            seconds = seconds["cpu_seconds"] if ours else seconds
            rows[row] = {"f1": score(gold, found).micro.f1, "training": seconds}
            if who in SAME_NETWORK[1:]:
                same = predicted[row.replace(who, "slotfill")]
                pairs = [pair for a, b in zip(same, found, strict=True) for pair in zip(a, b, strict=True)]
                rows[row] |= {"different": sum(a != b for a, b in pairs), "tags": len(pairs)}
        return rows


def installed_bytes() -> dict[str, int]:
    """Of each contestant's package with all that it needs, without pip and setuptools."""
    return {name: size for name, package in PACKAGES.items() if (size := _installed(package, set()))}


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
