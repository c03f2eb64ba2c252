"""What every contestant can do, and how it is asked to; this file imports little, since it is part of a cold start.

    one MODEL TEXT           label one text and print a JSON line
    bulk MODEL INPUT OUTPUT  label a file, one sentence a line, into JSON lines
    warm MODEL INPUT         label each line by itself; print the CPU seconds that each took, as JSON
    predict MODEL INPUT      label tokenized sentences (JSON lists of words); print their IOB2 tags as JSON
    train DATA MODEL         learn from what prepare.py wrote, and print the CPU seconds as JSON

All but slotfill split texts at white space, which is cheaper than slotfill's tokenizer and right for ATIS, and give no
confidence.
"""

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Protocol

Slots = list[dict[str, Any]]


class Tagger(Protocol):
    """A model that was read."""

    def slots(self, texts: Sequence[str]) -> Iterator[Slots]:
        """The slots of each text, in order."""

    def tags(self, sentences: Sequence[Sequence[str]]) -> list[list[str]]:
        """The IOB2 tags of tokenized sentences."""


class Contestant(Protocol):
    """A module of this folder."""

    def load(self, model: str) -> Tagger:
        """Read a model."""

    def train(self, data: str, model: str) -> float:
        """Learn a model; the CPU seconds."""


def main(contestant: Contestant) -> None:
    task, *arguments = sys.argv[1:]
    if task == "train":
        print(json.dumps(contestant.train(*arguments)))
        return
    model, source = arguments[:2]
    tagger = contestant.load(model)
    if task == "one":
        (slots,) = tagger.slots([source])
        print(json.dumps({"text": source, "slots": slots}))
        return
    with open(source, encoding="utf-8") as file:  # noqa: PTH123  # pathlib costs a cold start
        if task == "predict":
            print(json.dumps(tagger.tags(json.load(file))))
            return
        lines = file.read().split("\n")[:-1]
    if task == "warm":
        print(json.dumps(list(timed(tagger, lines))))
    else:
        with open(arguments[2], "w", encoding="utf-8") as file:  # noqa: PTH123
            for text, slots in zip(lines, tagger.slots(lines), strict=True):
                file.write(json.dumps({"text": text, "slots": slots}, ensure_ascii=False) + "\n")


def timed(tagger: Tagger, lines: Iterable[str]) -> Iterator[float]:
    from time import process_time

    for line in lines:
        began = process_time()
        list(tagger.slots([line]))
        yield process_time() - began


def slots_of(words: Sequence[str], tags: Sequence[str]) -> Slots:
    """IOB2 -> slots; an `I-` that continues nothing begins a slot of its own."""
    slots: Slots = []
    name = ""
    for word, tag in zip(words, tags, strict=True):
        if tag[:2] == "I-" and tag[2:] == name:
            slots[-1]["text"] += f" {word}"
        elif tag != "O":
            name = tag[2:]
            slots.append({"name": name, "text": word})
        else:
            name = ""
    return slots
