"""How many sentences of SNIPS a person must correct until a net reaches 90 slot F1, by the order of the sentences.

    python -m benchmarks.corrections ../shared/data

The corrections are simulated: the labels of the data are the decisions. Every order begins with the same random
sentences; then the net of one round orders the rest, and the best of it are added for the next round, half as many as
there are. Between the last round below the goal and the first above it, the number of sentences is interpolated by its
logarithm. Sentences of one text count once. The net is a small one with word vectors of other texts (DATA/vectors): it
is the order that is compared. The first 100 sentences of dev choose the epoch, in all rounds the same; F1 is that of
the other ones and of test, and an order ends when both have reached the goal. What is done is kept in --work, so that a
run goes on where it stopped.
"""

import json
import math
import statistics
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random
from typing import Annotated, NamedTuple, cast

import typer

from benchmarks.documents import publish, table
from slotfill.config import Config, from_assignments
from slotfill.evaluation import scores_of
from slotfill.readers import read_data
from slotfill.reviewing.doubt import doubts
from slotfill.reviewing.order import Order, ranked
from slotfill.schema import Dataset, Example
from slotfill.tagger import Tagger
from slotfill.tokenizer import fold
from slotfill.training.pipeline import train

ORDERS = ("random", "uncertain", "varied")
_GROWTH = 1.5
_CHOOSING = 100  # sentences of dev
_BATCH = 16
_EPOCHS, _STEPS = 6, 500  # at least
_SETTINGS = (
    "model.hidden=100",
    "model.character_filters=30",
    "model.own_gazetteers=2",
    "model.crf=true",
    f"training.batch_size={_BATCH}",
    "training.ema=0.99",
)


class Round(NamedTuple):
    """The sentences that were corrected, and the slot F1 on dev and test after training on them."""

    sentences: int
    dev: float
    test: float

    def on(self, part: str) -> float:
        """The slot F1 on `dev` or `test`."""
        return self.dev if part == "dev" else self.test


def main(
    data: Annotated[Path, typer.Argument(help="The folder with snips and vectors.")],
    goal: Annotated[float, typer.Option(help="Slot F1 in percent.")] = 90.0,
    start: Annotated[int, typer.Option(help="Random sentences before the first round.")] = 400,
    seeds: Annotated[int, typer.Option()] = 2,
    work: Annotated[Path, typer.Option()] = Path("build/corrections"),
    write: Annotated[Path | None, typer.Option(help="A document whose tables are replaced.")] = None,
) -> None:
    splits = read_data(data / "snips").splits
    pool = [*{example.text: example for example in splits["train"]}.values()]
    config = from_assignments([*_SETTINGS, f'training.vectors="{data / "vectors" / "glove.100d.txt.gz"}"'])
    curves: dict[str, list[list[Round]]] = {}
    work.mkdir(parents=True, exist_ok=True)
    for seed in range(1, seeds + 1):
        for order in ORDERS:
            file = work / f"{order}-{seed}-{start}-{goal:g}.json"
            if not file.exists():
                seeded = config._replace(training=config.training._replace(seed=seed))
                rounds = curve(pool, splits, order, goal=goal / 100, start=start, config=seeded)
                file.write_text(json.dumps(rounds))
            curves.setdefault(order, []).append([Round(*one) for one in json.loads(file.read_text())])
    tables = {"orders": lambda found: orders_table(found, goal / 100), "rounds": rounds_table}
    publish("corrections", tables, curves, write)


def curve(
    pool: Sequence[Example],
    splits: Mapping[str, Sequence[Example]],
    order: str,
    *,
    goal: float,
    start: int,
    config: Config,
) -> list[Round]:
    """The rounds of one order until the goal is reached, or the pool is empty."""
    left = [*pool]
    Random(config.training.seed).shuffle(left)
    corrected, left = left[:start], left[start:]
    choosing, dev = splits["dev"][:_CHOOSING], splits["dev"][_CHOOSING:]
    rounds: list[Round] = []
    while True:
        began = time.process_time()
        epochs = max(_EPOCHS, math.ceil(_STEPS * _BATCH / len(corrected)))
        settings = config._replace(training=config.training._replace(epochs=epochs, patience=epochs))
        trained = train(Dataset("snips", {"train": (*corrected,), "dev": (*choosing,)}), config=settings)
        found = (scores_of(trained.tagger, part).micro.f1 for part in (dev, splits["test"]))
        rounds.append(Round(len(corrected), *found))
        spent = time.process_time() - began
        progress = f"{len(corrected)} sentences, dev {rounds[-1].dev:.4f}, {spent:.0f} CPU-seconds"
        typer.echo(f"{order}, seed {config.training.seed}: {progress}", err=True)
        if min(rounds[-1].dev, rounds[-1].test) >= goal or not left:
            return rounds
        chosen = ordered(left, order, trained.tagger, seen=corrected)
        more = math.ceil(len(corrected) * (_GROWTH - 1))
        corrected = corrected + [left[number] for number in chosen[:more]]
        left = [left[number] for number in sorted(chosen[more:])]


def ordered(left: Sequence[Example], order: str, tagger: Tagger, *, seen: Sequence[Example]) -> list[int]:
    """The numbers of the sentences in an order; they are in random order already."""
    if order == "random":
        return [*range(len(left))]
    found = tagger.annotate([one.text for one in left], [one.tokens for one in left])
    labels = [(one.tags, one.intent.name if one.intent else None) for one in found]
    words = [[fold(token.text) for token in one.tokens] for one in (*left, *seen)]
    doubted = doubts(tagger, found, labels)
    return ranked(cast(Order, order), doubted, words[: len(left)], seen=words[len(left) :])


def reached(rounds: Sequence[Round], goal: float, part: str) -> float | None:
    """How many sentences it takes, by interpolation; None if the goal is not reached."""
    for before, after in zip((None, *rounds), rounds, strict=False):
        if after.on(part) >= goal:
            if before is None:
                return float(after.sentences)
            share = (goal - before.on(part)) / (after.on(part) - before.on(part))
            return float(before.sentences * (after.sentences / before.sentences) ** share)
    return None


def orders_table(curves: dict[str, list[list[Round]]], goal: float) -> str:
    """How many sentences each order takes, and how many it saves against the random one of the same seed."""
    rows = []
    for part in ("dev", "test"):
        needed = {order: [reached(rounds, goal, part) for rounds in some] for order, some in curves.items()}
        for order, some in needed.items():
            known = [one for one in some if one is not None]
            saved = [1 - one / base for one, base in zip(some, needed["random"], strict=False) if one and base]
            mean = f"{statistics.mean(known):,.0f}" if len(known) == len(some) else "not reached"
            each = ", ".join("-" if one is None else f"{one:,.0f}" for one in some)
            gain = f"{statistics.mean(saved):.0%}" if saved and order != "random" else ""
            rows.append((part, order, mean, each, gain))
    return table(("part", "order", f"sentences for {goal:.0%}", "each seed", "saved"), rows, words=(0, 1))


def rounds_table(curves: dict[str, list[list[Round]]]) -> str:
    """Slot F1 on test in percent, by round: the mean of the seeds that came so far, the lowest and the highest."""
    sizes = sorted({one.sentences for some in curves.values() for rounds in some for one in rounds})
    rows = []
    for size in sizes:
        cells = [f"{size:,}"]
        for some in curves.values():
            found = [100 * one.test for rounds in some for one in rounds if one.sentences == size]
            cells.append(f"{statistics.mean(found):.1f} ({min(found):.1f}-{max(found):.1f})" if found else "")
        rows.append(tuple(cells))
    return table(("sentences", *curves), rows)


if __name__ == "__main__":
    typer.run(main)
