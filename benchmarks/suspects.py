"""How many label errors that were put into ATIS and SNIPS on purpose does `slotfill data suspects` find.

    python -m benchmarks.suspects ../shared/data [--write docs/experiments/suspects.md]

DATA holds `atis` and `snips`. Three in a hundred sentences of train get one error each, by the seed: a slot is left
out, one too many is put on an ordinary word, a slot gets another name or another end, or the sentence another intent.
"Found at 40" is how many of the 40 likeliest suspects are such sentences; the data has errors of its own among the
others, so that it is a lower bound of what a reader would call an error.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from typing import Annotated, NamedTuple

import typer

from benchmarks.documents import publish, table
from benchmarks.measuring import say
from slotfill.confident_learning import BOUNDS, EXTRA, INTENT, KINDS, MISSING, NAME
from slotfill.config import from_assignments
from slotfill.readers import read_data
from slotfill.schema import Dataset, Example
from slotfill.suspects import Suspects, find_suspects
from slotfill.tags import OUTSIDE, TokenSpan, spans_of, tags_of

_SETS = {"atis": "ATIS train", "snips": "SNIPS train"}
_AT = 40


class Planted(NamedTuple):
    """A data set with known errors."""

    dataset: Dataset
    kinds: dict[str, str]  # by the place of the sentence


class Found(NamedTuple):
    """What was found of the errors of one data set."""

    name: str
    sentences: int
    folds: int
    seed: int
    planted: Counter[str]  # by kind
    found: Counter[str]  # among all suspects
    suspects: int
    at_40: int
    at_planted: int  # among as many suspects as there are errors


def main(
    data: Path,
    sets: Annotated[list[str] | None, typer.Option("--only", help="atis or snips.")] = None,
    sentences: Annotated[int, typer.Option(help="Of train, drawn by the seed; ATIS has 4,478.")] = 4478,
    share: Annotated[float, typer.Option(help="Of the sentences get an error.")] = 0.03,
    folds: int = 5,
    seed: Annotated[list[int] | None, typer.Option(help="Of the errors; may be repeated.")] = None,
    settings: Annotated[list[str] | None, typer.Option("--set", help="Of the trainings.")] = None,
    write: Annotated[Path | None, typer.Option(help="Put the tables into this document.")] = None,
) -> None:
    config = from_assignments(settings or ["training.epochs=10"])
    found = []
    for name in sets or _SETS:
        for number in seed or [1]:
            planted = plant(read_data(data / name), share=share, most=sentences, seed=number)

            def told(fold: int, report: object, name: str = name) -> None:
                say(f"{name}, fold {fold}: {report}")

            result = find_suspects(planted.dataset, folds=folds, config=config, on_epoch=told)
            found.append(score(_SETS[name], planted, result, folds=folds, seed=number))
    publish("suspects", {"found": found_table, "kinds": kinds_table}, found, write)


def plant(dataset: Dataset, *, share: float, most: int, seed: int) -> Planted:
    """Put errors into a share of the sentences of train, at most `most` of which are kept."""
    rng = Random(seed)
    examples = list(dataset.splits["train"])
    rng.shuffle(examples)
    examples = examples[:most]
    names = [span.name for example in examples for span in spans_of(example.tags)]
    intents = [example.intent for example in examples if example.intent is not None]
    kinds: dict[str, str] = {}
    for number in sorted(rng.sample(range(len(examples)), round(share * len(examples)))):
        makers: dict[str, Callable[[Example], Example | None]] = {
            MISSING: lambda one: _missing(one, rng),
            EXTRA: lambda one: _extra(one, rng, names),
            NAME: lambda one: _other_name(one, rng, names),
            BOUNDS: lambda one: _other_bounds(one, rng),
            INTENT: lambda one: _other_intent(one, rng, intents),
        }
        for kind in rng.sample(KINDS, len(KINDS)):  # a sentence without slots cannot lose one
            wrong = makers[kind](examples[number])
            if wrong is not None:
                examples[number] = wrong
                kinds[f"all, sentence {number + 1}"] = kind
                break
    return Planted(Dataset(dataset.name, {"all": tuple(examples)}), kinds)


def _with(example: Example, spans: Sequence[TokenSpan]) -> Example:
    return example._replace(tags=tags_of(sorted(spans), length=len(example.tokens)))


def _missing(example: Example, rng: Random) -> Example | None:
    spans = spans_of(example.tags)
    if not spans:
        return None
    spans.remove(rng.choice(spans))
    return _with(example, spans)


def _extra(example: Example, rng: Random, names: Sequence[str]) -> Example | None:
    free = [number for number, tag in enumerate(example.tags) if tag == OUTSIDE]
    if not free:
        return None
    place = rng.choice(free)
    return _with(example, [*spans_of(example.tags), TokenSpan(place, place + 1, rng.choice(names))])


def _other_name(example: Example, rng: Random, names: Sequence[str]) -> Example | None:
    spans = spans_of(example.tags)
    if not spans:
        return None
    span = rng.choice(spans)
    spans.remove(span)
    name = rng.choice([name for name in names if name != span.name])
    return _with(example, [*spans, span._replace(name=name)])


def _other_bounds(example: Example, rng: Random) -> Example | None:
    """One token more or fewer on one side, where that leaves a slot and touches no other."""
    choices: list[tuple[TokenSpan, TokenSpan]] = []
    for span in spans_of(example.tags):
        for moved in (
            span._replace(start=span.start - 1),
            span._replace(start=span.start + 1),
            span._replace(end=span.end - 1),
            span._replace(end=span.end + 1),
        ):
            new = {*range(moved.start, moved.end)} - {*range(span.start, span.end)}
            is_free = all(0 <= n < len(example.tags) and example.tags[n] == OUTSIDE for n in new)
            if moved.start < moved.end and is_free:
                choices.append((span, moved))
    if not choices:
        return None
    span, moved = rng.choice(choices)
    return _with(example, [moved if one == span else one for one in spans_of(example.tags)])


def _other_intent(example: Example, rng: Random, intents: Sequence[str]) -> Example | None:
    others = [intent for intent in intents if intent != example.intent]
    return example._replace(intent=rng.choice(others)) if example.intent is not None and others else None


def score(name: str, planted: Planted, result: Suspects, *, folds: int, seed: int) -> Found:
    """Count what was found of the errors."""
    places = [suspect.place for suspect in result.found]
    hits = [place for place in places if place in planted.kinds]
    return Found(
        name,
        result.sentences,
        folds,
        seed,
        planted=Counter(planted.kinds.values()),
        found=Counter(planted.kinds[place] for place in hits),
        suspects=len(places),
        at_40=sum(place in planted.kinds for place in places[:_AT]),
        at_planted=sum(place in planted.kinds for place in places[: len(planted.kinds)]),
    )


def found_table(found: Sequence[Found]) -> str:
    """A row for each data set and seed."""
    titles = ("", "sentences", "seed", "errors put in", "suspects", f"found at {_AT}", "at as many", "found at all")
    return table(
        titles,
        [
            (
                one.name,
                f"{one.sentences:,}",
                str(one.seed),
                str(one.planted.total()),
                str(one.suspects),
                f"{one.at_40} of {min(_AT, one.suspects)}",
                f"{one.at_planted / one.planted.total():.0%}",
                f"{one.found.total() / one.planted.total():.0%}",
            )
            for one in found
        ],
    )


def kinds_table(found: Sequence[Found]) -> str:
    """How many errors of each kind were found, of all seeds together."""
    rows = []
    for name in dict.fromkeys(one.name for one in found):
        put = sum((one.planted for one in found if one.name == name), Counter[str]())
        got = sum((one.found for one in found if one.name == name), Counter[str]())
        rows.append((name, *(f"{got[kind]} of {put[kind]}" for kind in KINDS)))
    return table(("found at all", *KINDS), rows)


if __name__ == "__main__":
    typer.run(main)
