"""The files that all contestants read, from a data set in any format; the same ids and graph of a bundle; scores.

    python prepare.py data DATASET FOLDER     the texts, words and tags of its parts
    python prepare.py convert BUNDLE TARGET   TARGET.ids.json and TARGET.onnx
    python prepare.py score FOLDER PREDICTED  strict slot F1 of predicted tags on test
    python prepare.py agree FIRST SECOND      how many tags of two predictions differ, and of how many

`data` writes train.json, dev.json, test.json (words and tags), test.words.json, test.txt, bulk.txt (the texts of train
and test), one.txt, and two files that are hard on memory: made-up.txt, a new word on each line, and wide.txt, lines of
ten texts each.
"""

import json
import sys
from pathlib import Path
from random import Random
from string import ascii_lowercase

from slotfill.bundle import read
from slotfill.evaluation import score
from slotfill.readers import load, split_of


def data(source: str, folder: str) -> None:
    out, dataset = Path(folder), load(source)
    out.mkdir(parents=True, exist_ok=True)
    parts = {name: split_of(dataset, name) for name in ("train", "dev", "test")}
    for name, examples in parts.items():
        rows = [([token.text for token in e.tokens], e.tags) for e in examples]
        _write(out / f"{name}.json", json.dumps(rows))
        if name == "test":
            _write(out / "test.words.json", json.dumps([words for words, _ in rows]))
    texts = {name: [example.text for example in examples] for name, examples in parts.items()}
    every, rng = texts["train"] + texts["test"], Random(1)
    files = {
        "test": texts["test"],
        "one": texts["test"][:1],
        "bulk": every,
        "made-up": ["".join(rng.choices(ascii_lowercase, k=8)) for _ in range(100_000)],
        "wide": [" ".join(rng.sample(every, 10)) for _ in range(10_000)],
    }
    for name, lines in files.items():
        _write(out / f"{name}.txt", "".join(f"{line}\n" for line in lines))


def convert(bundle: str, target: str) -> None:
    vocabularies = read(Path(bundle)).vocabularies
    lists = {
        "words": vocabularies.words.items[2:],
        "characters": vocabularies.characters.items[2:],
        "tags": vocabularies.tags.items,
        "intents": vocabularies.intents.items,
    }
    _write(Path(f"{target}.ids.json"), json.dumps(lists))
    try:
        from with_onnxruntime import convert as to_onnx
    except ModuleNotFoundError as missing:  # said already, where it could not be installed
        print(f"{missing.name} is missing: no graph", file=sys.stderr)
    else:
        to_onnx(bundle, target)


def scored(folder: str, predicted: str) -> None:
    gold = [tags for _, tags in json.loads((Path(folder) / "test.json").read_text())]
    print(score(gold, json.loads(Path(predicted).read_text())).micro.f1)


def agree(first: str, second: str) -> None:
    ours, theirs = (json.loads(Path(path).read_text()) for path in (first, second))
    pairs = [pair for a, b in zip(ours, theirs, strict=True) for pair in zip(a, b, strict=True)]
    print(json.dumps([sum(a != b for a, b in pairs), len(pairs)]))


def _write(path: Path, text: str) -> None:
    fresh = path.with_suffix(".new")
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(path)


if __name__ == "__main__":
    {"data": data, "convert": convert, "score": scored, "agree": agree}[sys.argv[1]](*sys.argv[2:])
