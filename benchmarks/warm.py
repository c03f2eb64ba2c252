"""What one warm sentence costs beside the network and the decoding: a table of docs/performance.md.

    python -m benchmarks.warm ../shared/data/atis [--model travel] [--rounds 9] [--write docs/performance.md]

Each sentence of the test split goes by itself through `Tagger.tag`, with its frame, in a process with one BLAS thread:
as it is, and then with the answers of the network, of the best path and of its confidence from memory, so that only
what is around them is left. Then the larger parts of that by themselves. In each round a figure is the median of all
sentences, in CPU microseconds (user and system); the table has the median of the rounds, the lowest and the highest.
"""

import argparse
import os
import statistics
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import process_time_ns
from typing import Any
from unittest.mock import patch

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from benchmarks.documents import publish, table
from benchmarks.measuring import described, machine, spread
from slotfill.clock import clock_of
from slotfill.decoding.chain import Chain
from slotfill.json_lines import json_line
from slotfill.readers import load as read
from slotfill.runtime.forward import Runtime
from slotfill.runtime.one import OneSentence
from slotfill.tagger import Tagger, resolve
from slotfill.thresholds import MIN_VALUE_CONFIDENCE
from slotfill.tokenizer import tokenize

NOW = clock_of("2026-11-20T09:00")
SETTINGS: dict[str, Any] = {
    "now": NOW,
    "date_order": "mdy",
    "min_confidence": 0.0,
    "min_value_confidence": MIN_VALUE_CONFIDENCE,
}
# The network, the best path, and its confidence; the first is all three, where there is a compiled core.
INNER = ((OneSentence, "tag"), (Runtime, "run"), (Chain, "decode"), (Chain, "confidence"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="a data set with a test split, such as ATIS")
    parser.add_argument("--model", default="travel")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--write", type=Path, help="the document to fill with the tables")
    arguments = parser.parse_args()
    tagger = Tagger.load(arguments.model)
    texts = list(dict.fromkeys(example.text for example in read(arguments.data).splits["test"]))
    found = dict(zip(texts, tagger.tag(texts, now=NOW), strict=True))
    bare = {text: tagger.annotate([text]) for text in texts}
    parts: dict[str, Callable[[str], object]] = {
        "tokens": tokenize,
        "frame and values": lambda text: resolve(bare[text], **SETTINGS),
        "JSON line (not part of the sentence)": lambda text: json_line(found[text]),
    }
    rounds: list[dict[str, float]] = []
    for _ in range(arguments.rounds + 1):  # the first does not count
        figures = {"a sentence": _median(lambda text: tagger.tag([text], now=NOW), texts)}
        with _remembered(tagger, texts):
            around = _median(lambda text: tagger.tag([text], now=NOW), texts)
        figures["of it around the network and the decoding"] = around
        rounds.append(figures | {name: _median(part, texts) for name, part in parts.items()})
    results = {
        "machine": machine(("slotfill", "numpy")) | {"rounds": arguments.rounds, "sentences": len(texts)},
        "parts": {name: spread([figures[name] for figures in rounds[1:]]) for name in rounds[0]},
    }
    publish("warm", {"machine": _machine, "parts": _parts}, results, arguments.write)


def _median(job: Callable[[str], object], texts: Sequence[str]) -> float:
    """Of all texts, in CPU microseconds."""
    taken = []
    for text in texts:
        began = process_time_ns()
        job(text)
        taken.append(process_time_ns() - began)
    return statistics.median(taken) / 1000


@contextmanager
def _remembered(tagger: Tagger, texts: Sequence[str]) -> Iterator[None]:
    """The network and the decoding give again what they gave for each text, at the cost of a call."""
    answers: list[tuple[Any, ...]] = []
    for text in texts:
        words = [tagger.vocabularies.fold(token.text) for token in tokenize(text)]
        if tagger.one is not None:
            answers.append((tagger.one.tag(words),))
            continue
        scores = tagger.runtime.run([words])
        path = tagger.chain.decode(scores[0], scores[2])
        answers.append((scores, path, tagger.chain.confidence(scores[0], scores[2], path)))
    following = iter(answers)
    here: tuple[Any, ...] = ()

    def run(*_: Any) -> Any:
        nonlocal here
        here = next(following)
        return here[0]

    given = (run, run, lambda *_: here[1], lambda *_: here[2])
    patches = [patch.object(owner, name, answer) for (owner, name), answer in zip(INNER, given, strict=True)]
    for one in patches:
        one.start()
    yield
    for one in patches:
        one.stop()


def _machine(results: dict[str, Any]) -> str:
    here = results["machine"]
    return f"{described(here)}. {here['sentences']} sentences; {here['rounds']} rounds."


def _parts(results: dict[str, Any]) -> str:
    rows = [
        [name, f"{cost['median']:.0f}", f"{cost['low']:.0f}-{cost['high']:.0f}"]
        for name, cost in results["parts"].items()
    ]
    return table(["one warm sentence", "CPU us", "lowest-highest"], rows, words=(0,))


if __name__ == "__main__":
    main()
