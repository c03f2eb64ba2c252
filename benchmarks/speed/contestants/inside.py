"""What slotfill costs inside one process, without start and files; all figures as JSON.

    python inside.py bulk MODEL INPUT ROUNDS      arithmetic limit, Runtime.run, Tagger.tag
    python inside.py lengths MODEL INPUT ROUNDS   microseconds a sentence and a token against tokens in a sentence
    python inside.py batches MODEL INPUT ROUNDS   microseconds a sentence against sentences in a call
    python inside.py width MODEL INPUT ROUNDS     microseconds a sentence, singly and in bulk
    python inside.py profile MODEL INPUT          where the CPU of a bulk run goes, by function

Shapes: B sentences, H hidden units, K tags, I intents, G = 4H gate inputs, E input features.
"""

import json
import os
import statistics
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from time import process_time
from typing import Any

os.environ["OPENBLAS_NUM_THREADS"] = "1"

import numpy as np  # only now: it reads the number of threads when it is imported

import slotfill
from slotfill.batching import chunks
from slotfill.bundle import read
from slotfill.tokenizer import fold, tokenize

ROWS = 256  # of a thin product, as a time step has them


def bulk(model: str, source: str, rounds: int) -> dict[str, Any]:
    tagger, texts = slotfill.load(model), _lines(source)
    sentences = [[fold(token.text) for token in tokenize(text)] for text in texts]
    parts = [[sentences[n] for n in chunk] for chunk in chunks([len(sentence) for sentence in sentences])]
    hidden = read(Path(model)).config.model.hidden
    square, thin = _product(2048, 2048, 2048), _product(ROWS, hidden, 4 * hidden)

    def runtime() -> None:
        for part in parts:
            tagger.runtime.run(part)

    times = _in_turns({"square": square, "thin": thin, "run": runtime, "tag": lambda: tagger.tag(texts)}, rounds)
    rates = {
        "square": [2 * 2048**3 / seconds for seconds in times["square"]],
        "thin": [2 * ROWS * hidden * 4 * hidden * _REPEATS / seconds for seconds in times["thin"]],
    }
    counted = operations(model, [sentence for sentence in sentences if sentence])
    limits = [counted["all"] / rate for rate in rates["square"]]
    return {
        "sentences": len(texts),
        "tokens": sum(map(len, sentences)),
        "operations": counted,
        "rates": {name: _spread(values) for name, values in rates.items()},
        "limit": _spread(limits),
        "run": _spread(times["run"]),
        "tag": _spread(times["tag"]),
    }


def operations(model: str, sentences: Sequence[Sequence[str]]) -> dict[str, int]:
    """Floating-point operations (a multiplication and an addition are two) of the matrix products.

    Each distinct word is projected once, and its characters are read if it is unknown; each token has a recurrent
    product in each direction, the first one of a sentence too, as the equations say.
    """
    bundle = read(Path(model))
    shape, words, weights = bundle.config.model, bundle.vocabularies.words, bundle.weights
    assert (shape.cell, shape.layers, shape.window) == ("lstm", 1, 0)
    directions = 2 if shape.bidirectional else 1
    H, E = shape.hidden, shape.word_size + shape.character_filters
    K, S = len(bundle.vocabularies.tags), directions * H
    tokens = sum(map(len, sentences))
    distinct = {word for sentence in sentences for word in sentence}
    letters = sum(min(len(word), 32) for word in distinct if word not in words)
    counted = {
        "projections": 2 * len(distinct) * E * 4 * H * directions,
        "recurrence": 2 * tokens * H * 4 * H * directions,
        "emissions": 2 * tokens * S * K,
        "intents": 2 * len(sentences) * S * len(bundle.vocabularies.intents),
        "characters": 2 * letters * weights["features.filters"].size if shape.character_filters else 0,
    }
    return counted | {"all": sum(counted.values())}


def lengths(model: str, source: str, rounds: int) -> list[dict[str, Any]]:
    tagger, rows = slotfill.load(model), []
    words = " ".join(_lines(source)).split()
    for tokens in (5, 10, 20, 50, 100, 200, 500):
        texts = [" ".join(words[start : start + tokens]) for start in range(0, 64 * 37, 37)]
        costs = _in_turns({"single": _singly(tagger, texts), "bulk": partial(tagger.tag, texts)}, rounds)
        rows.append({"tokens": tokens} | {name: _spread(values, of=len(texts)) for name, values in costs.items()})
    return rows


def batches(model: str, source: str, rounds: int) -> list[dict[str, Any]]:
    tagger, texts, rows = slotfill.load(model), _lines(source)[:2048], []
    for size in (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048):
        some = texts[: max(256, size)]
        parts = [some[start : start + size] for start in range(0, len(some), size)]
        costs = _in_turns({"bulk": partial(_each, tagger, parts)}, rounds)
        rows.append({"sentences": size, "bulk": _spread(costs["bulk"], of=len(some))})
    return rows


def width(model: str, source: str, rounds: int) -> dict[str, Any]:
    tagger, texts = slotfill.load(model), _lines(source)[:1024]
    costs = _in_turns({"single": _singly(tagger, texts[:128]), "bulk": lambda: tagger.tag(texts)}, rounds)
    return {"single": _spread(costs["single"], of=128), "bulk": _spread(costs["bulk"], of=len(texts))}


def profile(model: str, source: str) -> list[dict[str, Any]]:
    """The functions with the largest CPU seconds of their own, as the command line runs them."""
    import cProfile
    import pstats

    from slotfill.cli import main  # `__main__` would end this process as well

    sys.argv = ["slotfill", "tag", "--model", model, "--input", source, "--output", os.devnull]
    profiler = cProfile.Profile(process_time)
    try:
        profiler.runcall(main)
    except SystemExit as end:
        assert not end.code, end.code  # noqa: PT017
    stats: Any = pstats.Stats(profiler)
    whole = stats.total_tt
    functions = sorted(stats.stats.items(), key=lambda item: -item[1][2])[:16]
    return [
        {"function": _called(*place), "calls": calls, "share": own / whole}
        for place, (_, calls, own, _, _) in functions
    ]


def _called(file: str, line: int, name: str) -> str:
    short = "/".join(Path(file).parts[-2:]) if line else ""
    return f"{name} ({short})" if short else name.strip("<>")


_REPEATS = 64


def _product(rows: int, inner: int, columns: int) -> Callable[[], None]:
    """A product of float32 matrices; a small one often enough to be timed."""
    rng = np.random.default_rng(1)
    a, b = (rng.standard_normal(size, dtype=np.float32) for size in ((rows, inner), (inner, columns)))
    out = np.empty((rows, columns), dtype=np.float32)

    def multiply() -> None:
        for _ in range(1 if rows >= 1024 else _REPEATS):
            np.matmul(a, b, out=out)

    return multiply


def _each(tagger: slotfill.Tagger, parts: Sequence[Sequence[str]]) -> None:
    for part in parts:
        tagger.tag(part)


def _singly(tagger: slotfill.Tagger, texts: Sequence[str]) -> Callable[[], None]:
    return partial(_each, tagger, [[text] for text in texts])


def _in_turns(jobs: dict[str, Callable[[], Any]], rounds: int) -> dict[str, list[float]]:
    """CPU seconds of each job, once a round after a round that does not count."""
    times: dict[str, list[float]] = {name: [] for name in jobs}
    for number in range(rounds + 1):
        for name, job in jobs.items():
            began = process_time()
            job()
            if number:
                times[name].append(process_time() - began)
    return times


def _spread(values: Sequence[float], *, of: int = 1) -> dict[str, float]:
    return {"median": statistics.median(values) / of, "low": min(values) / of, "high": max(values) / of}


def _lines(source: str) -> list[str]:
    return Path(source).read_text(encoding="utf-8").splitlines()


if __name__ == "__main__":
    task, model, source, *rounds = sys.argv[1:]
    jobs: dict[str, Callable[..., Any]] = {
        "bulk": bulk,
        "lengths": lengths,
        "batches": batches,
        "width": width,
        "profile": profile,
    }
    print(json.dumps(jobs[task](model, source, *map(int, rounds))))
