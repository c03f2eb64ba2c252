"""What a sentence costs slotfill in a process that lives, in CPU seconds; figures as JSON.

    lengths MODEL INPUT ROUNDS   against tokens in a sentence
    batches MODEL INPUT ROUNDS   against sentences in a call
    width MODEL INPUT ROUNDS     singly and in bulk

The environment must ask for one BLAS thread.
"""

import json
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import slotfill
from benchmarks.measuring import cpu_seconds, in_turns, spread

FEW = 128  # texts, for one at a time


def lengths(tagger: slotfill.Tagger, texts: Sequence[str], rounds: int) -> list[dict[str, Any]]:
    words, rows = " ".join(texts).split(), []
    for tokens in (5, 10, 20, 50, 100, 200, 500):
        cut = [" ".join(words[start : start + tokens]) for start in range(0, 64 * 37, 37)]
        rows.append({"tokens": tokens} | _both(tagger, cut, cut, rounds))
    return rows


def batches(tagger: slotfill.Tagger, texts: Sequence[str], rounds: int) -> list[dict[str, Any]]:
    rows = []
    for size in (2**n for n in range(12)):
        some = texts[: max(256, size)]
        times = in_turns({"bulk": partial(_seconds, tagger, some, size)}, rounds=rounds)
        rows.append({"sentences": size, "bulk": spread(times["bulk"], of=len(some))})
    return rows


def width(tagger: slotfill.Tagger, texts: Sequence[str], rounds: int) -> dict[str, Any]:
    return _both(tagger, texts[:FEW], texts[:1024], rounds)


def _both(tagger: slotfill.Tagger, few: Sequence[str], many: Sequence[str], rounds: int) -> dict[str, dict[str, float]]:
    jobs = {
        "single": partial(_seconds, tagger, few, 1),
        "bulk": partial(_seconds, tagger, many, len(many)),
    }
    times = in_turns(jobs, rounds=rounds)
    return {"single": spread(times["single"], of=len(few)), "bulk": spread(times["bulk"], of=len(many))}


def _seconds(tagger: slotfill.Tagger, texts: Sequence[str], size: int) -> float:
    """To tag texts, so many a call."""
    calls = [texts[start : start + size] for start in range(0, len(texts), size)]
    return cpu_seconds(lambda: [tagger.tag(call) for call in calls])


TASKS = {"lengths": lengths, "batches": batches, "width": width}

if __name__ == "__main__":
    task, model, source, rounds = sys.argv[1:]
    lines = Path(source).read_text(encoding="utf-8").splitlines()[:2048]
    print(json.dumps(TASKS[task](slotfill.load(model), lines, int(rounds))))
