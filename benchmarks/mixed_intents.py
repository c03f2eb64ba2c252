"""Sentences with several intents, made of two each: as classes of their own, and as sets.

    python -m benchmarks.mixed_intents --data ../shared/data/snips
    python -m benchmarks.mixed_intents --data ../shared/data/atis

MixATIS and MixSNIPS (Qin et al. 2020) are made like this; they are not here. Two sentences of the same split are joined
by `and then`, and the intents by `#`. A third of all pairs of intents is held out: train never has them, test has both
kinds. Printed are the accuracy of the whole set, F1 of the single intents, and slot F1, of sentences with one intent,
with two that train has together, and with two that it never has. docs/experiments/intents.md has the options of a run
of two CPU-minutes.
"""

from collections.abc import Sequence
from itertools import combinations
from pathlib import Path
from random import Random
from typing import Annotated

import typer

from benchmarks.documents import table
from slotfill.config import from_assignments
from slotfill.evaluation import scores_of
from slotfill.intents import ONE, SIGNS
from slotfill.readers import read_data
from slotfill.schema import Dataset, Example, Token
from slotfill.training.pipeline import train

_GLUE = " and then "
_HELD_OUT = 3  # one pair in so many


def main(
    data: Annotated[Path, typer.Option()],
    sentences: Annotated[int, typer.Option(help="Of train with one intent; twice as many have two.")] = 3000,
    epochs: Annotated[int, typer.Option()] = 10,
    seed: Annotated[int, typer.Option()] = 1,
    kinds: Annotated[list[str] | None, typer.Option(help="one, # or both.")] = None,
    settings: Annotated[list[str] | None, typer.Option("--set")] = None,
) -> None:
    splits = {name: [e for e in some if _is_single(e)] for name, some in read_data(data).splits.items()}
    rng = Random(seed)
    known = sorted({e.intent for e in splits["train"] if e.intent} & {e.intent for e in splits["test"] if e.intent})
    pairs = [frozenset(pair) for pair in combinations(known, 2)]
    rng.shuffle(pairs)
    held_out, others = set(pairs[: len(pairs) // _HELD_OUT]), set(pairs[len(pairs) // _HELD_OUT :])
    small = len(splits["dev"])
    mixed = {
        "train": _single(splits["train"], sentences, rng) + _joined(splits["train"], 2 * sentences, others, rng),
        "dev": _single(splits["dev"], small, rng) + _joined(splits["dev"], small, others, rng),
    }
    tests = {
        "one intent": _single(splits["test"], 500, rng),
        "two, known together": _joined(splits["test"], 500, others, rng),
        "two, never together": _joined(splits["test"], 500, held_out, rng),
    }
    rows = []
    for kind in kinds or (ONE, SIGNS[0]):
        options = [f"training.epochs={epochs}", f"training.seed={seed}", *(settings or []), f'model.intents="{kind}"']
        trained = train(
            Dataset("mixed", {name: tuple(some) for name, some in mixed.items()}),
            config=from_assignments(options),
            on_epoch=lambda report: typer.echo(f"{report.epoch} {report.f1:.4f} {report.intent_accuracy}", err=True),
        )
        for name, examples in tests.items():
            scores = scores_of(trained.tagger, examples)
            single = "" if scores.intent_f1 is None else f"{scores.intent_f1:.4f}"
            is_set = "sets" if kind == SIGNS[0] else "classes"
            rows.append((is_set, name, f"{scores.intent_accuracy:.4f}", single, f"{scores.micro.f1:.4f}"))
    typer.echo(table(("intents are", "sentences with", "whole sets right", "F1 of intents", "slot F1"), rows))


def _is_single(example: Example) -> bool:
    return example.intent is not None and not any(sign in example.intent for sign in SIGNS)


def _single(examples: Sequence[Example], count: int, rng: Random) -> list[Example]:
    return rng.sample(list(examples), min(count, len(examples)))


def _joined(examples: Sequence[Example], count: int, pairs: set[frozenset[str]], rng: Random) -> list[Example]:
    """Two sentences each, whose intents are one of the pairs, each pair as often as the others."""
    by_intent: dict[str, list[Example]] = {}
    for example in examples:
        by_intent.setdefault(example.intent or "", []).append(example)
    usable = sorted(sorted(pair) for pair in pairs if all(intent in by_intent for intent in pair))
    joined = []
    for number in range(count):
        both = usable[number % len(usable)]
        rng.shuffle(both)
        joined.append(_join(*(rng.choice(by_intent[intent]) for intent in both)))
    return joined


def _join(one: Example, other: Example) -> Example:
    first = one.text.rstrip(" .?!")
    kept = sum(token.end <= len(first) for token in one.tokens)
    text = f"{first}{_GLUE}{other.text}"
    words = [Token("and", len(first) + 1, len(first) + 4), Token("then", len(first) + 5, len(first) + 9)]
    moved = [Token(t.text, t.start + len(first) + len(_GLUE), t.end + len(first) + len(_GLUE)) for t in other.tokens]
    tokens = (*one.tokens[:kept], *words, *moved)
    return Example(text, tokens, (*one.tags[:kept], "O", "O", *other.tags), f"{one.intent}{SIGNS[0]}{other.intent}")


if __name__ == "__main__":
    typer.run(main)
